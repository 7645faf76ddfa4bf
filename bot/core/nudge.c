/* SPDX-License-Identifier: MIT */
#include "core/nudge.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/zone.h"
#include "core/message_text.h"
#include "quiet_sql.h"
#include "team/away.h"

enum { KEPT_DAYS = 30 };

/* An unasked message being weighed. */
struct nudge {
	const struct person *person;
	const struct team *team; /* roster_first_team_of */
	const char *topic;
	int64_t id; /* its row; 0: none yet */
	int64_t until_ms;
	enum quiet_rank rank;
	gboolean reminder;
};

/* ---- what it is about ---- */

static const struct topic *topic_of(const struct turn *t, const char *name)
{
	for (const struct ritual *const *r = t->rituals; *r; r++)
		for (const struct topic *topic = (*r)->topics; topic && topic->name; topic++)
			if (strcmp(topic->name, name) == 0)
				return topic;
	return NULL;
}

const char *nudge_title(struct turn *t, enum language language, const char *topic)
{
	const struct topic *known = topic_of(t, topic);
	return known ? turn_text_in(t, language, known->title) : topic;
}

static gboolean is_same(const char *a, const char *b)
{
	g_autofree char *one = g_utf8_casefold(a, -1), *other = g_utf8_casefold(b, -1);
	return strcmp(one, other) == 0;
}

static gboolean is_called(struct turn *t, const struct topic *topic, const char *words)
{
	if (is_same(topic->name, words))
		return TRUE;
	for (int language = 0; language < LANGUAGE_COUNT; language++)
		if (is_same(turn_text_in(t, (enum language)language, topic->title), words))
			return TRUE;
	for (const char *const *word = topic->words; word && *word; word++)
		if (is_same(*word, words))
			return TRUE;
	return FALSE;
}

const char *nudge_topic(struct turn *t, const char *words)
{
	for (const struct ritual *const *r = t->rituals; *r; r++)
		for (const struct topic *topic = (*r)->topics; topic && topic->name; topic++)
			if (is_called(t, topic, words))
				return topic->name;
	return NULL;
}

/* ---- weighing ---- */

static const struct config_quiet *rules(const struct turn *t)
{
	return &roster_config(t->roster)->quiet;
}

struct quiet_hours nudge_hours(struct turn *t, const struct person *person, gboolean *own)
{
	struct quiet_hours hours = { rules(t)->from_minute, rules(t)->to_minute };
	*own = FALSE;
	if (turn_ok(t))
		quiet_read_hours(t->db, person->id, &hours, own, &t->error);
	return hours;
}

static struct quiet_case case_of(struct turn *t, const struct nudge *n)
{
	struct quiet_case c = { .now_ms = t->now_ms,
		.until_ms = n->until_ms,
		.zone = roster_zone(t->roster, n->person, n->team),
		.hours = { rules(t)->from_minute, rules(t)->to_minute },
		.budget = rules(t)->messages,
		.digest_minute = rules(t)->digest_minute,
		.calendar = n->team ? n->team->config->calendar : NULL,
		.own = n->person->hours,
		.rank = n->rank };
	const char *today = turn_day(t, n->person, n->team, t->now_ms);
	struct db_rows *rows =
		turn_query(t, &SQL_QUIET_STANDING, ARG_INT(n->person->id), ARG_TEXT(today), ARG_TEXT(n->topic), ARG_INT(n->id));
	if (db_next(rows)) {
		if (!db_is_null(rows, 0))
			c.hours = (struct quiet_hours){ (int)db_int(rows, 0), (int)db_int(rows, 1) };
		c.muted = db_int(rows, 2) > 0;
		c.sent = db_int(rows, 3);
		c.reminded = n->reminder && db_int(rows, 4) > 0;
	}
	turn_end(t, rows);
	struct zone_time local;
	zone_local(c.zone, t->now_ms, &local);
	if (turn_ok(t))
		away_is(t->db, n->person->id, today, local.hour * 60 + local.minute, &c.away, &t->error);
	return c;
}

/* A job for the person at the earlier of two times; most fates need none. */
static void plan(struct turn *t, const struct person *person, enum quiet_fate fate, int64_t due_ms)
{
	static const char *const words[QUIET_FATE_COUNT] = { [QUIET_WAITS] = "wake", [QUIET_DIGEST] = "digest" };
	g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, person->id);
	if (words[fate] && turn_ok(t))
		schedule_put(t->schedule, QUIET_RITUAL, words[fate], key, due_ms, TRUE, &t->error);
}

static gboolean is_kept(enum quiet_fate fate)
{
	return fate == QUIET_SENT || fate == QUIET_WAITS || fate == QUIET_DIGEST;
}

static void log_dropped(const struct nudge *n, enum quiet_fate fate)
{
	log_info("an unasked message is not sent", "topic", n->topic, "person", n->person->id, "why", quiet_fate_name(fate));
}

/* ---- a new one ---- */

/* Puts the message into the outbox, to go or to wait there; its number, 0 on failure. */
static gint64 put(struct turn *t, const struct nudge *n, const char *workspace, struct message *m, gboolean goes)
{
	enum language language = turn_language_of(t, n->person, n->team);
	struct outbox_row *row = turn_ok(t) ? outbox_make(t->outbox, OUTBOX_POST, workspace, t->now_ms, &t->error) : NULL;
	if (!row)
		return 0;
	gint64 id = row->id;
	row->person = g_strdup(roster_account(workspace, n->person));
	row->deadline_ms = n->until_ms == G_MAXINT64 ? 0 : n->until_ms;
	if (n->rank != QUIET_URGENT) /* what cannot be stopped does not say how */
		message_context(m, turn_text_in(t, language, "core.nudge_stop", TEXT_ARG("topic", nudge_title(t, language, n->topic))));
	outbox_row_say(row, m);
	if (goes)
		outbox_put(t->outbox, row, message_own_name(m), &t->error);
	else
		outbox_hold(t->outbox, row, message_own_name(m), &t->error);
	return id;
}

static enum quiet_fate weigh_new(struct turn *t, const struct nudge *n, const char *workspace, struct message *m)
{
	struct quiet_case c = case_of(t, n);
	int64_t due_ms = t->now_ms;
	gint64 row = 0;
	enum quiet_fate fate = quiet_weigh(&c, &due_ms);
	if (is_kept(fate))
		row = put(t, n, workspace, m, fate == QUIET_SENT);
	else
		log_dropped(n, fate);
	turn_exec(t, &SQL_QUIET_NOTE, ARG_INT(t->now_ms), ARG_INT(n->person->id), ARG_TEXT(turn_day(t, n->person, n->team, due_ms)),
		ARG_TEXT(n->topic), ARG_INT(n->reminder), ARG_INT(n->until_ms), ARG_TEXT(quiet_fate_name(fate)),
		row ? ARG_INT(row) : ARG_NULL, ARG_INT(n->rank));
	plan(t, n->person, fate, due_ms);
	return fate;
}

/* Takes the message. */
static enum quiet_fate nudge(struct turn *t, const char *workspace, struct nudge *n, struct message *take)
{
	enum quiet_fate fate = QUIET_NOBODY;
	n->team = roster_first_team_of(t->roster, n->person);
	if (turn_ok(t) && roster_account(workspace, n->person) && !n->person->deactivated && !n->person->bot)
		fate = weigh_new(t, n, workspace, take);
	message_free(take);
	return fate;
}

enum quiet_fate turn_nudge(struct turn *t, const char *workspace, const struct person *person, const char *topic, int64_t until_ms,
	struct message *take)
{
	return nudge(t, workspace, &(struct nudge){ .person = person, .topic = topic, .until_ms = until_ms, .rank = QUIET_CALL }, take);
}

enum quiet_fate turn_hint(struct turn *t, const char *workspace, const struct person *person, const char *topic, int64_t until_ms,
	struct message *take)
{
	return nudge(t, workspace, &(struct nudge){ .person = person, .topic = topic, .until_ms = until_ms, .rank = QUIET_HINT }, take);
}

enum quiet_fate turn_remind(struct turn *t, const char *workspace, const struct person *person, const char *topic, int64_t until_ms,
	struct message *take)
{
	return nudge(t, workspace,
		&(struct nudge){ .person = person, .topic = topic, .until_ms = until_ms, .rank = QUIET_CALL, .reminder = TRUE }, take);
}

void turn_insist(struct turn *t, const char *workspace, const struct person *person, const char *topic, struct message *take)
{
	nudge(t, workspace, &(struct nudge){ .person = person, .topic = topic, .until_ms = G_MAXINT64, .rank = QUIET_URGENT }, take);
}

/* ---- what has waited ---- */

struct waiting {
	int64_t id;
	gint64 outbox;
	char *topic;
	gboolean reminder;
	int64_t until_ms;
	enum quiet_rank rank;
};

static void waiting_release(gpointer data)
{
	g_free(((struct waiting *)data)->topic);
}

static GArray *waiting_new(void)
{
	GArray *list = g_array_new(FALSE, TRUE, sizeof(struct waiting));
	g_array_set_clear_func(list, waiting_release);
	return list;
}

static GArray *read_waiting(struct turn *t, const struct person *person, const char *day, enum quiet_fate fate, guint most)
{
	GArray *list = waiting_new();
	struct db_rows *rows = turn_query(t, &SQL_QUIET_WAITING, ARG_INT(person->id), ARG_TEXT(day), ARG_TEXT(quiet_fate_name(fate)),
		ARG_INT(most));
	while (db_next(rows)) {
		struct waiting w = { db_int(rows, 0), db_int(rows, 1), g_strdup(db_text(rows, 2)), db_int(rows, 3) != 0, db_int(rows, 4),
			(enum quiet_rank)db_int(rows, 5) };
		g_array_append_val(list, w);
	}
	turn_end(t, rows);
	return list;
}

/* Ends its row in the outbox unsent; what it was, NULL: it is gone. The caller frees it. */
static struct outbox_row *take_back(struct turn *t, gint64 id)
{
	struct outbox_row *row = NULL;
	if (turn_ok(t))
		outbox_failed(t->outbox, id, FALSE, t->now_ms, &row, &t->error);
	return row;
}

static void change(struct turn *t, int64_t id, enum quiet_fate fate, const char *day)
{
	turn_exec(t, &SQL_QUIET_CHANGE, ARG_INT(id), ARG_TEXT(quiet_fate_name(fate)), ARG_TEXT(day));
}

static void weigh_again(struct turn *t, const struct nudge *n, gint64 outbox)
{
	struct quiet_case c = case_of(t, n);
	int64_t due_ms = t->now_ms;
	enum quiet_fate fate = quiet_weigh(&c, &due_ms);
	if (fate == QUIET_SENT && turn_ok(t))
		outbox_let_go(t->outbox, outbox, &t->error);
	if (!is_kept(fate)) {
		outbox_row_free(take_back(t, outbox));
		log_dropped(n, fate);
	}
	change(t, n->id, fate, turn_day(t, n->person, n->team, due_ms));
	plan(t, n->person, fate, due_ms);
}

void nudge_release(struct turn *t, const struct person *person)
{
	const struct team *team = roster_first_team_of(t->roster, person);
	g_autoptr(GArray) list =
		read_waiting(t, person, turn_day(t, person, team, t->now_ms), QUIET_WAITS, G_MAXINT);
	for (guint i = 0; i < list->len; i++) {
		const struct waiting *w = &g_array_index(list, struct waiting, i);
		weigh_again(t,
			&(struct nudge){ .person = person,
				.team = team,
				.topic = w->topic,
				.id = w->id,
				.until_ms = w->until_ms,
				.rank = w->rank,
				.reminder = w->reminder },
			w->outbox);
	}
}

void turn_unnudge(struct turn *t, const struct person *person, const char *topic)
{
	g_autoptr(GArray) list = waiting_new();
	struct db_rows *rows = turn_query(t, &SQL_QUIET_WAITING_ABOUT, ARG_INT(person->id), ARG_TEXT(topic));
	while (db_next(rows)) {
		struct waiting w = { .id = db_int(rows, 0), .outbox = db_int(rows, 1) };
		g_array_append_val(list, w);
	}
	turn_end(t, rows);
	for (guint i = 0; i < list->len; i++) {
		const struct waiting *w = &g_array_index(list, struct waiting, i);
		outbox_row_free(take_back(t, w->outbox));
		change(t, w->id, QUIET_SETTLED, turn_day(t, person, roster_first_team_of(t->roster, person), t->now_ms));
	}
}

/* ---- what became of them ---- */

/* An older version's word may be none of ours: QUIET_FATE_COUNT. */
static enum quiet_fate read_fate(const char *name)
{
	enum quiet_fate fate = 0;
	while (fate < QUIET_FATE_COUNT && strcmp(quiet_fate_name(fate), name) != 0)
		fate++;
	return fate;
}

GArray *nudge_today(struct turn *t, const struct person *person)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct nudge_fate));
	const char *today = turn_day(t, person, roster_first_team_of(t->roster, person), t->now_ms);
	struct db_rows *rows = turn_query(t, &SQL_QUIET_OF_DAY, ARG_INT(person->id), ARG_TEXT(today));
	while (db_next(rows)) {
		struct nudge_fate one = { turn_keep(t, g_strdup(db_text(rows, 0))), read_fate(db_text(rows, 1)), db_int(rows, 2),
			db_int(rows, 3) };
		g_array_append_val(all, one);
	}
	turn_end(t, rows);
	return all;
}

/* ---- the digest ---- */

static void line_free(gpointer data)
{
	struct nudge_line *line = data;
	g_free(line->workspace);
	g_free(line->content);
	g_free(line);
}

static struct nudge_line *line_of(const struct turn *t, struct outbox_row *row, int64_t number)
{
	g_autoptr(cJSON) content = json_parse(row->content, strlen(row->content), NULL);
	struct nudge_line *line = g_new0(struct nudge_line, 1);
	line->number = message_fits_line(content, t->roster, row->workspace) ? 0 : number;
	line->workspace = g_steal_pointer(&row->workspace);
	line->content = g_steal_pointer(&row->content);
	return line;
}

static void list_one(struct turn *t, const struct waiting *w, const char *today, GPtrArray *lines)
{
	g_autoptr(outbox_row_auto) row = NULL;
	struct nudge_line *line = NULL;
	if (turn_ok(t) && w->until_ms >= t->now_ms)
		outbox_look(t->outbox, w->outbox, &row, &t->error);
	if (row)
		g_ptr_array_add(lines, line = line_of(t, row, w->id));
	if (!line || !line->number)
		outbox_row_free(take_back(t, w->outbox));
	if (line)
		turn_exec(t, &SQL_QUIET_LIST, ARG_INT(w->id), ARG_TEXT(today), line->number ? ARG_INT(w->outbox) : ARG_NULL);
	else
		change(t, w->id, QUIET_LATE, today);
}

/* Whether the person can be spoken to now; FALSE: the digest is planned for when they can. */
static gboolean is_reachable(struct turn *t, const struct person *person, const struct quiet_case *c)
{
	int64_t due_ms = c->away ? quiet_digest_ms(c) : quiet_free_ms(c, c->now_ms);
	if (due_ms > c->now_ms)
		plan(t, person, QUIET_DIGEST, due_ms);
	return due_ms <= c->now_ms;
}

GPtrArray *nudge_take_digest(struct turn *t, const struct person *person, guint most)
{
	struct nudge n = { .person = person, .team = roster_first_team_of(t->roster, person), .topic = "", .until_ms = G_MAXINT64 };
	struct quiet_case c = case_of(t, &n);
	if (!is_reachable(t, person, &c))
		return NULL;
	const char *today = turn_day(t, person, n.team, t->now_ms);
	g_autoptr(GArray) list = read_waiting(t, person, today, QUIET_DIGEST, most);
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(line_free);
	for (guint i = 0; i < list->len; i++)
		list_one(t, &g_array_index(list, struct waiting, i), today, lines);
	if (list->len == most)
		plan(t, person, QUIET_DIGEST, quiet_digest_ms(&c));
	return lines->len ? g_steal_pointer(&lines) : NULL;
}

gboolean nudge_open(struct turn *t, const struct person *person, int64_t number)
{
	int64_t until_ms = 0;
	gint64 outbox = 0;
	struct db_rows *rows = turn_query(t, &SQL_QUIET_LISTED, ARG_INT(number), ARG_INT(person->id));
	if (db_next(rows)) {
		outbox = db_int(rows, 0);
		until_ms = db_int(rows, 1);
	}
	turn_end(t, rows);
	gboolean opens = outbox && until_ms >= t->now_ms && turn_ok(t);
	if (opens)
		outbox_let_go(t->outbox, outbox, &t->error);
	else if (outbox)
		outbox_row_free(take_back(t, outbox));
	if (outbox)
		turn_exec(t, &SQL_QUIET_OPENED, ARG_INT(number));
	return opens;
}

void nudge_forget(struct turn *t)
{
	int64_t before_ms = t->now_ms - DAYS(KEPT_DAYS);
	g_autoptr(GArray) old = g_array_new(FALSE, FALSE, sizeof(gint64));
	struct db_rows *rows = turn_query(t, &SQL_QUIET_OLD_LISTED, ARG_INT(before_ms));
	while (db_next(rows)) {
		gint64 outbox = db_int(rows, 0);
		g_array_append_val(old, outbox);
	}
	turn_end(t, rows);
	for (guint i = 0; i < old->len; i++)
		outbox_row_free(take_back(t, g_array_index(old, gint64, i)));
	turn_exec(t, &SQL_QUIET_FORGET, ARG_INT(before_ms));
}
