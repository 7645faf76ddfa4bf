/* SPDX-License-Identifier: MIT */
/* What is open: one's own, a team's, and, for those who lead several teams, all of theirs. */
#include "customer/customer.h"

#include "customer_sql.h"
#include "customer_texts.h"
#include "kit/look.h"

const char *customer_left_text(struct turn *t, const struct enquiry *e, enum language language)
{
	struct response_view view;
	gboolean open = strcmp(e->state, CUSTOMER_OPEN) == 0;
	if (*e->waits_for)
		return turn_text_in(t, language, "customer.state_waits");
	if (!response_look(t, e->key, open ? RESPONSE_FIRST : RESPONSE_SOLUTION, &view))
		return turn_text_in(t, language, "customer.unmeasured");
	return response_left_text(t, view.state.remaining_s, language);
}

static GPtrArray *take_keys(struct turn *t, struct db_rows *take)
{
	GPtrArray *keys = g_ptr_array_new();
	while (db_next(take))
		g_ptr_array_add(keys, (gpointer)turn_keep(t, g_strdup(db_text(take, 0))));
	turn_end_take(t, take);
	return keys;
}

static GPtrArray *read_keys(struct turn *t, const struct team *team)
{
	return take_keys(t, turn_query(t, &SQL_CUSTOMER_OF_TEAM, ARG_TEXT(team->config->name)));
}

guint customer_held(struct turn *t, const struct person *gone, enum language language, struct message *m)
{
	g_autoptr(GPtrArray) keys = take_keys(t, turn_query(t, &SQL_CUSTOMER_OF_OWNER, ARG_INT(gone->id)));
	for (guint i = 0; i < keys->len; i++) {
		const char *title = customer_promises.title(t, keys->pdata[i], language);
		message_item(m, title ? title : keys->pdata[i]);
	}
	return keys->len;
}

static gboolean is_mine(const struct turn *t, const struct enquiry *e)
{
	return e->owner == t->person || e->by == t->person || (!e->owner && *e->role && roster_has_role(t->person, e->role));
}

static const char *line_of(struct turn *t, const struct enquiry *e, const char *text, enum language language)
{
	return turn_text_in(t, language, "customer.line", TEXT_ARG("number", e->id), TEXT_ARG("customer", customer_called(t, e, language)),
		TEXT_ARG("text", text), TEXT_ARG("owner", e->owner ? e->owner->name : *e->role ? e->role : turn_text_in(t, language, "customer.nobody")),
		TEXT_ARG("left", customer_left_text(t, e, language)));
}

static guint add_team(struct turn *t, struct message *m, const struct team *team, gboolean mine)
{
	guint count = 0;
	g_autoptr(GPtrArray) keys = read_keys(t, team);
	for (guint i = 0; i < keys->len; i++) {
		struct enquiry e;
		if (!customer_read(t, keys->pdata[i], &e) || (mine && !is_mine(t, &e)))
			continue;
		count++;
		message_item(m, line_of(t, &e, e.text, turn_language(t)));
	}
	return count;
}

void customer_look(struct turn *t, struct look *look)
{
	g_autoptr(GPtrArray) keys = read_keys(t, look->team);
	look_section(look, LOOK_WAITING, turn_text_in(t, look->language, look->leads ? "customer.look" : "customer.look_own"));
	for (guint i = 0; i < keys->len; i++) {
		struct enquiry e;
		if (!customer_read(t, keys->pdata[i], &e) || !(look->leads || is_mine(t, &e)))
			continue;
		gboolean open = strcmp(e.state, CUSTOMER_OPEN) == 0;
		look_line(look, line_of(t, &e, look_words(t, e.text), look->language));
		if (customer_may_answer(t, &e))
			look_button(look, open ? "customer.answered" : "customer.solved", e.key,
				turn_text_in(t, look->language, open ? "customer.button_answered" : "customer.button_solved"), MESSAGE_PRIMARY);
	}
}

/* Takes the message; one without a line says so. */
static void answer(struct turn *t, struct message *take, guint count)
{
	if (count > 0) {
		turn_private(t, take);
		return;
	}
	message_free(take);
	turn_whisper(t, turn_text(t, "customer.none_open"));
}

static void list_one(struct turn *t, gboolean mine)
{
	const struct team *team = t->team;
	if (!team || (!roster_is_member(team, t->person) && !turn_is_manager(t, team))) {
		turn_whisper(t, turn_text(t, "customer.no_team"));
		return;
	}
	struct message *m = message_new();
	message_title(m, turn_text(t, mine ? "customer.mine_title" : "customer.team_title", TEXT_ARG("team", team->config->name)));
	answer(t, m, add_team(t, m, team, mine));
}

static void list_team(struct turn *t)
{
	list_one(t, FALSE);
}

static void list_mine(struct turn *t)
{
	list_one(t, TRUE);
}

static void list_all(struct turn *t)
{
	guint count = 0;
	gboolean leads = FALSE;
	struct message *m = message_new();
	message_title(m, turn_text(t, "customer.all_title"));
	for (const struct team *const *team = roster_teams(t->roster); *team; team++)
		if (turn_is_manager(t, *team)) {
			leads = TRUE;
			message_say(m, (*team)->config->name);
			count += add_team(t, m, *team, FALSE);
		}
	if (leads) {
		answer(t, m, count);
		return;
	}
	message_free(m);
	turn_whisper(t, turn_text(t, "customer.all_is_for_managers"));
}

/* No commands of their own, for "all" and "mine" stand in sentences too. */
static const struct {
	const char *words[2];
	void (*run)(struct turn *t);
} lists[] = {
	{ { "", "" }, list_team },
	{ { "team", "团队" }, list_team },
	{ { "mine", "我的" }, list_mine },
	{ { "all", "全部" }, list_all },
};

void customer_list(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		for (size_t k = 0; k < G_N_ELEMENTS(lists[i].words); k++)
			if (g_ascii_strcasecmp(lists[i].words[k], rest) == 0) {
				lists[i].run(t);
				return;
			}
	turn_whisper(t, turn_text(t, "customer.help_list"));
}
