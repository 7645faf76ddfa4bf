/* SPDX-License-Identifier: MIT */
/* What stands of blockers in a look: those that are open, the most urgent first, with the time that is left. */
#include "blocker/blocker.h"

#include "kit/look.h"

/* One that is open, and its clock that runs now. */
struct urgent {
	struct blocker b;
	const char *key;
	gboolean timed;
	int64_t left_s; /* below 0: overdue; of what has no clock, the most */
};

/* Somebody takes it, then there is a plan, then it is solved: the first of these that is still owed. */
static struct urgent read_urgent(struct turn *t, const struct blocker *b)
{
	struct urgent u = { .b = *b, .key = turn_keep(t, g_strdup_printf("%" G_GINT64_FORMAT, b->id)), .left_s = G_MAXINT64 };
	for (enum response_target target = RESPONSE_FIRST; target < RESPONSE_TARGETS && !u.timed; target++) {
		struct response_view view;
		u.timed = response_look(t, u.key, target, &view) && view.state.due_ms != RESPONSE_NEVER &&
			  view.state.status != RESPONSE_MET && view.state.status != RESPONSE_MISSED && view.state.status != RESPONSE_CANCELLED;
		if (u.timed)
			u.left_s = view.state.remaining_s;
	}
	return u;
}

static gint by_urgency(gconstpointer a, gconstpointer b)
{
	const struct urgent *one = a, *other = b;
	if (one->left_s != other->left_s)
		return one->left_s < other->left_s ? -1 : 1;
	return one->b.id < other->b.id ? -1 : 1;
}

static gboolean is_own(const struct person *reader, const struct blocker *b)
{
	return b->owner == reader || b->by == reader || (!b->owner && *b->role && roster_has_role(reader, b->role));
}

static GArray *read_open(struct turn *t, const struct look *look)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct urgent));
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	struct db_rows *rows = turn_query(t, &SQL_BLOCKER_OPEN, ARG_TEXT(look->team->config->name));
	while (db_next(rows))
		g_array_append_vals(ids, &(gint64){ db_int(rows, 0) }, 1);
	turn_end(t, rows);
	for (guint i = 0; i < ids->len; i++) {
		struct blocker b;
		g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, g_array_index(ids, gint64, i));
		if (!blocker_read(t, key, &b) || !(look->leads || is_own(look->reader, &b)))
			continue;
		struct urgent u = read_urgent(t, &b);
		g_array_append_val(all, u);
	}
	g_array_sort(all, by_urgency);
	return all;
}

static const char *line_of(struct turn *t, const struct urgent *u, enum language language)
{
	const char *left = u->timed ? response_left_text(t, u->left_s, language) : turn_text_in(t, language, "blocker.look_planned");
	const char *owner = u->b.owner ? u->b.owner->name : turn_text_in(t, language, "blocker.nobody");
	return turn_text_in(t, language, u->left_s < 0 ? "blocker.look_late" : "blocker.look_line", TEXT_ARG("number", u->b.id),
		TEXT_ARG("text", look_words(t, u->b.text)), TEXT_ARG("owner", owner), TEXT_ARG("left", left));
}

/* What the reader can do about it: take what nobody has, answer for what is theirs, remind its owner. */
static void add_buttons(struct turn *t, struct look *look, const struct urgent *u)
{
	enum language language = look->language;
	if (strcmp(u->b.state, BLOCKER_OPEN) == 0)
		look_button(look, "blocker.take", u->key, turn_text_in(t, language, "blocker.button_take"), MESSAGE_PRIMARY);
	else if (u->b.owner == look->reader && !*u->b.plan)
		look_button(look, "blocker.plan", u->key, turn_text_in(t, language, "blocker.button_plan"), MESSAGE_PRIMARY);
	if (u->b.owner == look->reader)
		look_button(look, "blocker.done", u->key, turn_text_in(t, language, "blocker.button_done"), MESSAGE_PLAIN);
	else if (look->leads && u->b.owner)
		look_button(look, "blocker.remind", u->key, turn_text_in(t, language, "blocker.button_remind"), MESSAGE_PLAIN);
}

void blocker_look(struct turn *t, struct look *look)
{
	g_autoptr(GArray) all = read_open(t, look);
	look_section(look, LOOK_WAITING, turn_text_in(t, look->language, look->leads ? "blocker.look" : "blocker.look_own"));
	for (guint i = 0; i < all->len; i++) {
		const struct urgent *u = &g_array_index(all, struct urgent, i);
		look_line(look, line_of(t, u, look->language));
		add_buttons(t, look, u);
	}
}

/* ---- reminding its owner ---- */

static struct message *reminder(struct turn *t, const struct urgent *u)
{
	enum language language = turn_language_of(t, u->b.owner, u->b.team);
	struct message *m = message_new();
	message_say(m, turn_text_in(t, language, "blocker.reminded", TEXT_ARG("name", t->person->name)));
	message_say(m, line_of(t, u, language));
	message_button(m, "blocker.plan", u->key, turn_text_in(t, language, "blocker.button_plan"), MESSAGE_PRIMARY);
	message_button(m, "blocker.done", u->key, turn_text_in(t, language, "blocker.button_done"), MESSAGE_PLAIN);
	return m;
}

void blocker_remind_pressed(struct turn *t, const struct event *event)
{
	struct blocker b;
	if (!blocker_read_open(t, event->value, &b))
		return;
	if (!turn_is_manager(t, b.team) || !b.owner) {
		turn_whisper(t, turn_text(t, "blocker.remind_managers_only"));
		return;
	}
	struct urgent u = read_urgent(t, &b);
	turn_remind(t, b.team->config->workspace_name, b.owner, "blocker", G_MAXINT64, reminder(t, &u));
	turn_whisper(t, turn_text(t, "blocker.remind_sent", TEXT_ARG("name", b.owner->name)));
}
