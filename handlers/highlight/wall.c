/* SPDX-License-Identifier: MIT */
/* Looking back: the week's three, the month's wall, the last seven days. Who was not in front is in no order. */
#include "highlight/parts.h"

#include "base/zone.h"
#include "highlight/top.h"
#include "kit/picture.h"
#include "team/config_keys.h"

/* No post comes after that of `day`, until and with `last`. */
static gboolean is_last_until(struct turn *t, const struct team *team, const char *day, const char *last)
{
	char next[ZONE_DAY_SIZE];
	for (zone_day_shift(day, 1, next); strcmp(next, last) <= 0; zone_day_shift(next, 1, next))
		if (highlight_is_shared_on(t, team, next))
			return FALSE;
	return TRUE;
}

/* ---- the week ---- */

/* Looking back further a post after a long holiday would be old news. */
enum { WEEK_REACH_DAYS = 13 };

static gboolean closes_week(struct turn *t, const struct team *team, const char *day)
{
	char last[ZONE_DAY_SIZE];
	int weekday = zone_weekday(day), closing = 0;
	for (int i = 0; calendar_weekdays[i]; i++)
		if (strcmp(calendar_weekdays[i], team->config->highlight_week) == 0)
			closing = i + 1;
	if (weekday > closing)
		return FALSE;
	zone_day_shift(day, closing - weekday, last);
	return is_last_until(t, team, day, last);
}

static GArray *read_voices(struct turn *t, struct db_rows *rows)
{
	GArray *voices = g_array_new(FALSE, FALSE, sizeof(struct top_voice));
	while (db_next(rows))
		g_array_append_vals(voices, &(struct top_voice){ db_int(rows, 0), db_int(rows, 1), db_int(rows, 2) }, 1);
	turn_end(t, rows);
	return voices;
}

static GArray *top_of(struct turn *t, struct db_rows *take_rows)
{
	g_autoptr(GArray) voices = read_voices(t, take_rows);
	return top_choose((const struct top_voice *)voices->data, voices->len);
}

void highlight_look_back(struct turn *t, const struct team *team, const char *day, int64_t at_ms)
{
	char since[ZONE_DAY_SIZE];
	const char *name = team->config->name;
	if (!closes_week(t, team, day))
		return;
	zone_day_shift(day, -WEEK_REACH_DAYS, since);
	/* Today's have had no time to be applauded: they are of next week. */
	turn_exec(t, &SQL_HIGHLIGHT_LOOK_BACK, ARG_TEXT(name), ARG_TEXT(day), ARG_TEXT((const char *)since));
	g_autoptr(GArray) top = top_of(t, turn_query(t, &SQL_HIGHLIGHT_VOICES_OF_WEEK, ARG_TEXT(name), ARG_TEXT(day)));
	for (guint i = 0; i < top->len; i++) {
		const struct top_place *place = &g_array_index(top, struct top_place, i);
		turn_exec(t, &SQL_HIGHLIGHT_STANDS_IN_FRONT, ARG_INT(place->highlight), ARG_INT(place->voices));
	}
	highlight_note(t, team, NULL, "week", day, at_ms, top->len > 0 ? RING_RUNG : RING_QUIET);
}

gboolean highlight_put_week(struct turn *t, struct message *m, const struct team *team, const char *day, enum language language)
{
	gboolean any = FALSE;
	struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_IN_FRONT, ARG_TEXT(team->config->name), ARG_TEXT(day));
	for (; db_next(rows); any = TRUE) {
		struct highlight h = highlight_read(rows);
		if (!any) {
			message_divider(m);
			message_title(m, turn_text_in(t, language, "highlight.week_top"));
		}
		highlight_put(t, m, team, &h, "🌟 ", language);
	}
	turn_end(t, rows);
	return any;
}

/* ---- walls ---- */

struct wall {
	const struct team *team;
	struct message *m;
	enum language language;
	glong room;
	guint count, left_out;
};

static void put_row(struct turn *t, struct wall *w, struct db_rows *rows)
{
	struct highlight h = highlight_read(rows);
	w->count++;
	w->room -= highlight_length(&h);
	if (w->room <= 0) {
		w->left_out++;
		return;
	}
	g_autofree char *day = g_strdup_printf("%s · ", h.day + strlen("2026-"));
	highlight_put(t, w->m, w->team, &h, day, w->language);
}

static void put_rows(struct turn *t, struct wall *w, struct db_rows *take_rows)
{
	while (db_next(take_rows))
		put_row(t, w, take_rows);
	turn_end_take(t, take_rows);
	if (w->left_out > 0)
		message_context(w->m, turn_text_in(t, w->language, "highlight.more", TEXT_ARG("count", w->left_out)));
}

static void answer(struct turn *t, struct wall *w, const char *none)
{
	if (w->count > 0) {
		turn_private(t, w->m);
		return;
	}
	message_free(w->m);
	turn_whisper(t, turn_text(t, none, TEXT_ARG("team", w->team->config->name)));
}

void highlight_wall(struct turn *t, const struct event *event, const char *rest)
{
	const struct team *team = highlight_team(t);
	char since[ZONE_DAY_SIZE];
	(void)event;
	(void)rest;
	if (!team) {
		turn_whisper(t, turn_text(t, "highlight.no_team"));
		return;
	}
	zone_day_shift(turn_day(t, NULL, team, t->now_ms), -6, since);
	struct wall w = { team, message_new(), turn_language(t), HIGHLIGHT_POST_LIMIT, 0, 0 };
	message_title(w.m, turn_text(t, "highlight.week_title", TEXT_ARG("team", team->config->name)));
	put_rows(t, &w, turn_query(t, &SQL_HIGHLIGHT_SINCE, ARG_TEXT(team->config->name), ARG_TEXT((const char *)since)));
	answer(t, &w, "highlight.week_none");
}

/* ---- the month ---- */

enum { CAPTION_LIMIT = 24 }; /* characters */

/* A wall that is later than that is nobody's any more. */
enum { MONTH_REACH_DAYS = 14 };

static const char *first_of_month(struct turn *t, const char *day)
{
	return turn_keep(t, g_strdup_printf("%.8s01", day));
}

static void last_of_month(const char *day, char out[static ZONE_DAY_SIZE])
{
	char next[ZONE_DAY_SIZE];
	g_strlcpy(out, day, ZONE_DAY_SIZE);
	for (zone_day_shift(day, 1, next); strncmp(next, day, 7) == 0; zone_day_shift(next, 1, next))
		g_strlcpy(out, next, ZONE_DAY_SIZE);
}

static void put_top(struct turn *t, struct wall *w, const GArray *top)
{
	for (guint i = 0; i < top->len; i++) {
		const struct top_place *place = &g_array_index(top, struct top_place, i);
		struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_ONE, ARG_INT(place->highlight));
		if (db_next(rows)) {
			struct highlight h = highlight_read(rows);
			highlight_put(t, w->m, w->team, &h, "🌟 ", w->language);
			w->room -= highlight_length(&h);
		}
		turn_end(t, rows);
	}
	if (top->len > 0)
		message_divider(w->m);
}

/* A few words for under a name. */
static const char *caption_of(struct turn *t, const struct team *team, const char *text)
{
	const char *words = highlight_words(t, team, text);
	if (g_utf8_strlen(words, -1) <= CAPTION_LIMIT)
		return words;
	g_autofree char *begin = g_utf8_substring(words, 0, CAPTION_LIMIT - 1);
	return turn_keep(t, g_strconcat(begin, "…", NULL));
}

static void add_face(struct turn *t, struct picture *p, const struct team *team, gint64 id, const char *caption,
	void (*add)(struct picture *p, const char *name, const char *account, const char *caption))
{
	const struct person *person = roster_person_by_id(t->roster, id);
	if (person && !person->deactivated)
		add(p, person->name, roster_account(team->config->workspace_name, person), caption);
}

/* Those in front large, and all others whose highlights the month has seen around them, in no order. */
static void put_faces(struct turn *t, struct wall *w, const GArray *top, const char *first, const char *last)
{
	const char *title = turn_text_in(t, w->language, "highlight.month_title", TEXT_ARG("team", w->team->config->name),
		TEXT_ARG("month", turn_keep(t, g_strndup(first, 7))));
	struct picture *p = picture_new(PICTURE_WALL, PICTURE_LIGHT, w->language, title);
	g_autoptr(GHashTable) shown = g_hash_table_new(g_int64_hash, g_int64_equal);
	g_autoptr(GArray) ids = g_array_sized_new(FALSE, FALSE, sizeof(gint64), top->len + 1);
	for (guint i = 0; i < top->len; i++) {
		struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_ONE, ARG_INT(g_array_index(top, struct top_place, i).highlight));
		struct highlight h = db_next(rows) ? highlight_read(rows) : (struct highlight){ 0 };
		g_array_append_val(ids, h.whose);
		if (h.id && g_hash_table_add(shown, &g_array_index(ids, gint64, ids->len - 1)))
			add_face(t, p, w->team, h.whose, caption_of(t, w->team, h.text), picture_star);
		turn_end(t, rows);
	}
	struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_HONOURED_IN_MONTH, ARG_TEXT(w->team->config->name), ARG_TEXT(first), ARG_TEXT(last));
	while (db_next(rows)) {
		gint64 id = db_int(rows, 0);
		if (!g_hash_table_contains(shown, &id))
			add_face(t, p, w->team, id, NULL, picture_guest);
	}
	turn_end(t, rows);
	picture_put(p, w->m, title, "");
}

/* The wall of the month that the day is in. */
static struct wall month_of(struct turn *t, const struct team *team, const char *day, enum language language)
{
	const char *name = team->config->name, *first = first_of_month(t, day);
	char last[ZONE_DAY_SIZE];
	last_of_month(day, last);
	struct wall w = { team, message_new(), language, HIGHLIGHT_POST_LIMIT, 0, 0 };
	message_title(w.m, turn_text_in(t, language, "highlight.month_title", TEXT_ARG("team", name),
				   TEXT_ARG("month", turn_keep(t, g_strndup(day, 7)))));
	g_autoptr(GArray) top = top_of(t, turn_query(t, &SQL_HIGHLIGHT_VOICES_OF_MONTH, ARG_TEXT(name), ARG_TEXT(first), ARG_TEXT((const char *)last)));
	if (top->len > 0)
		put_faces(t, &w, top, first, last);
	put_top(t, &w, top);
	put_rows(t, &w, turn_query(t, &SQL_HIGHLIGHT_OF_MONTH, ARG_TEXT(name), ARG_TEXT(first), ARG_TEXT((const char *)last)));
	return w;
}

/* Posts the wall of the day's month; FALSE: there is nothing on it. */
static gboolean post_wall(struct turn *t, const struct team *team, const char *day)
{
	struct wall w = month_of(t, team, day, turn_team_language(t, team));
	g_autofree char *name = g_strdup_printf("highlight/month/%s/%.7s", team->config->name, day);
	gboolean any = w.count > 0;
	if (any)
		turn_post(t, team, name, w.m);
	else
		message_free(w.m);
	return any;
}

/* The last post of the month before had its time while the program was off: its wall comes with this one. */
static void make_up_wall(struct turn *t, const struct team *team, const char *day, int64_t at_ms)
{
	char last[ZONE_DAY_SIZE];
	zone_day_shift(first_of_month(t, day), -1, last);
	for (int i = 0; i < MONTH_REACH_DAYS && !highlight_is_shared_on(t, team, last); i++)
		zone_day_shift(last, -1, last);
	gboolean near = zone_days_between(last, day) <= MONTH_REACH_DAYS;
	if (near && !ring_is_noted(t, &(struct ring){ "highlight", team, NULL, "month" }, last) && post_wall(t, team, last))
		highlight_note(t, team, NULL, "month", last, at_ms, RING_RUNG);
}

void highlight_post_month(struct turn *t, const struct team *team, const char *day, int64_t at_ms)
{
	char last[ZONE_DAY_SIZE];
	last_of_month(day, last);
	make_up_wall(t, team, day, at_ms);
	if (is_last_until(t, team, day, last))
		highlight_note(t, team, NULL, "month", day, at_ms, post_wall(t, team, day) ? RING_RUNG : RING_QUIET);
}

void highlight_wall_of_month(struct turn *t, const struct event *event, const char *rest)
{
	const struct team *team = highlight_team(t);
	(void)event;
	(void)rest;
	if (!team) {
		turn_whisper(t, turn_text(t, "highlight.no_team"));
		return;
	}
	struct wall w = month_of(t, team, turn_day(t, NULL, team, t->now_ms), turn_language(t));
	answer(t, &w, "highlight.month_none");
}
