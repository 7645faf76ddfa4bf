/* SPDX-License-Identifier: MIT */
#include "quiet/quiet.h"

#include "core/nudge.h"
#include "quiet_texts.h"

/* ---- quiet hours ---- */

static const char *time_text(struct turn *t, int minute)
{
	return turn_keep(t, g_strdup_printf("%02d:%02d", minute / 60, minute % 60));
}

static void show_hours(struct turn *t)
{
	const struct config_quiet *rules = &roster_config(t->roster)->quiet;
	gboolean own;
	struct quiet_hours hours = nudge_hours(t, t->person, &own);
	struct message *m = message_new();
	message_say(m, hours.from_minute == hours.to_minute
			       ? turn_text(t, "quiet.no_hours")
			       : turn_text(t, "quiet.hours", TEXT_ARG("from", time_text(t, hours.from_minute)),
					 TEXT_ARG("to", time_text(t, hours.to_minute))));
	message_say(m, turn_text(t, "quiet.rules", TEXT_ARG("count", rules->messages), TEXT_ARG("digest", time_text(t, rules->digest_minute))));
	message_context(m, turn_text(t, "quiet.how"));
	turn_private(t, m);
}

/* hours: NULL: the usual ones. */
static void set_hours(struct turn *t, const struct quiet_hours *hours, const char *answer)
{
	if (turn_ok(t))
		quiet_set_hours(t->db, t->person->id, hours, &t->error);
	turn_whisper(t, answer);
}

static gboolean is_among(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (g_ascii_strcasecmp(word, *words) == 0)
			return TRUE;
	return FALSE;
}

static void quiet_command(struct turn *t, const struct event *event, const char *rest)
{
	static const char *const off[] = { "off", "none", "关闭", "关", "不要", NULL };
	static const char *const usual[] = { "default", "on", "默认", "恢复", "开启", NULL };
	struct quiet_hours hours = { 0, 0 };
	(void)event;
	if (!*rest)
		show_hours(t);
	else if (is_among(rest, off))
		set_hours(t, &hours, turn_text(t, "quiet.set_off"));
	else if (is_among(rest, usual))
		set_hours(t, NULL, turn_text(t, "quiet.set_default"));
	else if (quiet_hours_parse(rest, &hours))
		set_hours(t, &hours, turn_text(t, "quiet.set", TEXT_ARG("from", time_text(t, hours.from_minute)),
					     TEXT_ARG("to", time_text(t, hours.to_minute))));
	else
		turn_whisper(t, turn_text(t, "quiet.wrong", TEXT_ARG("words", rest)));
}

/* ---- muting ---- */

/* What the person can mute, by the names that turn_nudge knows; and what of it is muted. */
struct choice {
	GPtrArray *names; /* borrowed and owned texts alike: kept for the turn */
	GPtrArray *muted;
};

static void choice_release(struct choice *c)
{
	g_ptr_array_unref(c->names);
	g_clear_pointer(&c->muted, g_ptr_array_unref);
}

typedef struct choice choice_auto; /* for g_auto */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(choice_auto, choice_release)

static gboolean has(const GPtrArray *texts, const char *text)
{
	return texts && g_ptr_array_find_with_equal_func((GPtrArray *)texts, text, g_str_equal, NULL);
}

static void add(struct turn *t, struct choice *c, const char *name)
{
	if (!has(c->names, name))
		g_ptr_array_add(c->names, (gpointer)turn_keep(t, g_strdup(name)));
}

static void add_all(struct turn *t, struct choice *c, const GPtrArray *names)
{
	for (guint i = 0; names && i < names->len; i++)
		add(t, c, names->pdata[i]);
}

/* The rounds of the person's own teams. */
static void add_rounds(struct turn *t, struct choice *c)
{
	for (const struct team *const *team = roster_teams(t->roster); *team; team++)
		for (struct config_round **round = (*team)->config->rounds; round && *round; round++)
			if (roster_is_member(*team, t->person) || roster_is_manager(*team, t->person))
				add(t, c, (*round)->name);
}

/* The rituals' topics, the teams' own rounds, and whatever else the person has heard of or muted. */
static struct choice choice_of(struct turn *t)
{
	struct choice c = { .names = g_ptr_array_new() };
	g_autoptr(GPtrArray) heard = turn_ok(t) ? quiet_topics(t->db, t->person->id, &t->error) : NULL;
	c.muted = turn_ok(t) ? quiet_muted(t->db, t->person->id, &t->error) : NULL;
	for (const struct ritual *const *r = t->rituals; *r; r++)
		for (const struct topic *topic = (*r)->topics; topic && topic->name; topic++)
			add(t, &c, topic->name);
	add_rounds(t, &c);
	add_all(t, &c, c.muted);
	add_all(t, &c, heard);
	return c;
}

static void show_topics(struct turn *t)
{
	g_auto(choice_auto) c = choice_of(t);
	struct message *m = message_new();
	message_title(m, turn_text(t, "quiet.mute_title"));
	for (guint i = 0; i < c.names->len; i++) {
		const char *title = nudge_title(t, turn_language(t), c.names->pdata[i]);
		message_item(m, has(c.muted, c.names->pdata[i]) ? turn_text(t, "quiet.mute_on", TEXT_ARG("topic", title))
								: turn_text(t, "quiet.mute_off", TEXT_ARG("topic", title)));
	}
	if (c.names->len == 0)
		message_say(m, turn_text(t, "quiet.mute_none"));
	message_context(m, turn_text(t, "quiet.mute_how"));
	turn_private(t, m);
}

/* A ritual's topic, by any of its words, or another by its name; NULL: none. */
static const char *topic_meant(struct turn *t, const char *words)
{
	const char *topic = nudge_topic(t, words);
	g_auto(choice_auto) c = choice_of(t);
	for (guint i = 0; !topic && i < c.names->len; i++)
		if (g_ascii_strcasecmp(c.names->pdata[i], words) == 0)
			topic = c.names->pdata[i];
	return topic;
}

/* A table of what is answered: by what is wanted, and whether it changed anything. */
static void set_muted(struct turn *t, const char *topic, gboolean mute)
{
	static const char *const answers[2][2] = { { "quiet.unmuted_already", "quiet.unmuted" }, { "quiet.muted_already", "quiet.muted" } };
	gboolean changed = FALSE;
	if (turn_ok(t))
		quiet_mute(t->db, t->person->id, topic, mute, t->now_ms, &changed, &t->error);
	if (mute)
		turn_unnudge(t, t->person, topic);
	turn_whisper(t, turn_text(t, answers[mute][changed], TEXT_ARG("topic", nudge_title(t, turn_language(t), topic))));
}

static void mute_or_unmute(struct turn *t, const char *rest, gboolean mute)
{
	const char *words = turn_literal(t, rest), *topic = *words ? topic_meant(t, words) : NULL;
	if (!*words)
		show_topics(t);
	else if (topic)
		set_muted(t, topic, mute);
	else
		turn_whisper(t, turn_text(t, "quiet.mute_unknown", TEXT_ARG("words", words)));
}

static void mute_command(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	mute_or_unmute(t, rest, TRUE);
}

static void unmute_command(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	mute_or_unmute(t, rest, FALSE);
}

/* ---- the ritual ---- */

static void start(struct turn *t)
{
	turn_schedule_once(t, "forget", "", t->now_ms);
}

static const struct command commands[] = {
	{ .words = (const char *const[]){ "quiet", "勿扰", "免打扰", "安静", NULL }, .help = "quiet.help", .run = quiet_command },
	{ .words = (const char *const[]){ "mute", "静音", NULL }, .help = "quiet.help_mute", .run = mute_command },
	{ .words = (const char *const[]){ "unmute", "取消静音", NULL }, .help = "quiet.help_unmute", .run = unmute_command },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_DUE, .word = "wake", .run = quiet_wake_due },
	{ .kind = EVENT_DUE, .word = "digest", .run = quiet_digest_due },
	{ .kind = EVENT_DUE, .word = "open", .run = quiet_open_due },
	{ .kind = EVENT_PRESSED, .word = "show", .run = quiet_show_pressed },
	{ .kind = EVENT_DUE, .word = "forget", .run = quiet_forget_due },
	{ 0 },
};

const struct ritual ritual_quiet = {
	.name = QUIET_RITUAL,
	.title = "quiet.help_title",
	.triggers = triggers,
	.commands = commands,
	.texts = &texts_quiet,
	.start = start,
};
