/* SPDX-License-Identifier: MIT */
/* What wakes the duty, the words it obeys, and which rota they mean. */
#include "duty/duty.h"

#include "duty_texts.h"

/* ---- which rota ---- */

static const struct duty *only_rota(struct turn *t, const struct team *team)
{
	g_autoptr(GPtrArray) all = duty_all(t, team);
	return all->len == 1 ? all->pdata[0] : NULL;
}

/* "运营", "@operations": moves over it when somebody holds it or it has a rota. */
static const char *take_role(struct turn *t, const struct team *team, const char **rest)
{
	const char *after = *rest, *word = turn_next_word(t, &after);
	const char *role = *word && *word != '<' ? duty_role_named(t, team, word + (*word == '@')) : NULL;
	*rest = role ? after : *rest;
	return role;
}

/* ---- the command ---- */

static void show(struct turn *t, const struct duty_request *r)
{
	struct message *m = duty_message(t, r->team);
	if (m)
		turn_private(t, m);
	else
		turn_whisper(t, turn_text(t, "duty.none", TEXT_ARG("team", r->team->config->name)));
}

static const struct action {
	const char *const *words;
	void (*run)(struct turn *t, const struct duty_request *r);
} actions[] = {
	{ (const char *const[]){ "show", "查看", "看", NULL }, show },
	{ (const char *const[]){ "order", "顺序", "排班", NULL }, duty_say_order },
	{ (const char *const[]){ "swap", "换班", NULL }, duty_say_swap },
	{ (const char *const[]){ "cover", "代班", "顶班", NULL }, duty_say_cover },
	{ (const char *const[]){ "back", "撤回", NULL }, duty_say_back },
	{ (const char *const[]){ "reset", "恢复", NULL }, duty_say_reset },
};

static const struct action *take_action(struct turn *t, const char **rest)
{
	const char *after = *rest, *said = turn_next_word(t, &after);
	for (size_t i = 0; i < G_N_ELEMENTS(actions); i++)
		for (const char *const *word = actions[i].words; *word; word++)
			if (g_ascii_strcasecmp(said, *word) == 0) {
				*rest = after;
				return &actions[i];
			}
	return NULL;
}

/* The role may stand before or after what is to be done with it. */
static void duty_command(struct turn *t, const struct event *event, const char *rest)
{
	struct duty_request r = { .team = t->team };
	(void)event;
	if (!t->team) {
		turn_whisper(t, turn_text(t, "duty.no_team"));
		return;
	}
	r.role = take_role(t, r.team, &rest);
	const struct action *action = take_action(t, &rest);
	r.role = r.role ? r.role : take_role(t, r.team, &rest);
	r.duty = r.role ? duty_of(t, r.team, r.role) : only_rota(t, r.team);
	r.rest = rest;
	if (action)
		action->run(t, &r);
	else if (!*rest)
		show(t, &r);
	else
		turn_whisper(t, turn_text(t, "duty.how"));
}

/* ---- what wakes it ---- */

static const struct command commands[] = {
	{ .words = (const char *const[]){ "duty", "值班", NULL }, .help = "duty.help", .takes_text = TRUE, .run = duty_command },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_DUE, .word = "begin", .run = duty_begin_due },
	{ .kind = EVENT_DUE, .word = "cover", .run = duty_cover_due },
	{ 0 },
};

static const struct topic topics[] = {
	{ .name = "duty", .title = "duty.topic" },
	{ 0 },
};

const struct ritual ritual_duty = {
	.name = "duty",
	.title = "duty.help_title",
	.triggers = triggers,
	.commands = commands,
	.topics = topics,
	.texts = &texts_duty,
	.start = duty_plan,
	.rings = duty_rings,
	.held = duty_held,
};
