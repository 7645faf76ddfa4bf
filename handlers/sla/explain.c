/* SPDX-License-Identifier: MIT */
#include "sla/sla.h"

#include "kit/response.h"
#include "kit/response_book.h"
#include "response_sql.h"
#include "sla_texts.h"

struct line {
	int64_t at_ms;
	guint order; /* of one instant: as they were written */
	const char *text;
};

struct life {
	struct turn *t;
	const struct response *r;
	GTimeZone *zone;
	enum language language;
	GArray *lines; /* struct line */
};

static void add(struct life *life, int64_t at_ms, const char *text)
{
	const char *time = response_time_text(life->t, life->zone, at_ms, life->language);
	struct line line = { at_ms, life->lines->len,
		turn_text_in(life->t, life->language, "sla.line", TEXT_ARG("time", time), TEXT_ARG("what", text)) };
	g_array_append_val(life->lines, line);
}

static const char *name_of(const struct life *life, int64_t person)
{
	const struct person *p = person ? roster_person_by_id(life->t->roster, person) : NULL;
	return p ? p->name : turn_text_in(life->t, life->language, "sla.time");
}

static void add_history(struct life *life)
{
	static const struct {
		const char *kind, *key;
	} words[] = {
		{ "pause", "sla.did_pause" },
		{ "resume", "sla.did_resume" },
		{ "stop", "sla.did_stop" },
		{ "reopen", "sla.did_reopen" },
		{ "cancel", "sla.did_cancel" },
		{ "retarget", "sla.did_retarget" },
		{ "recalendar", "sla.did_recalendar" },
		{ "terms", "sla.did_terms" },
		{ "give", "sla.did_give" },
	};
	struct turn *t = life->t;
	struct db_rows *rows = turn_query(t, &SQL_RESPONSE_HISTORY, ARG_INT(life->r->id));
	while (db_next(rows))
		for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
			if (strcmp(words[i].kind, db_text(rows, 1)) == 0)
				add(life, db_int(rows, 0), turn_text_in(t, life->language, words[i].key, TEXT_ARG("who", name_of(life, db_int(rows, 2))),
								   TEXT_ARG("why", db_text(rows, 3))));
	turn_end(t, rows);
}

/* "12;15": the names. */
static const char *names_of(const struct life *life, const char *people)
{
	GString *names = g_string_new(NULL);
	g_auto(GStrv) ids = g_strsplit(people, ";", -1);
	for (char **id = ids; *id && **id; id++)
		g_string_append_printf(names, "%s%s", names->len ? ", " : "", name_of(life, g_ascii_strtoll(*id, NULL, 10)));
	return turn_keep(life->t, g_string_free(names, FALSE));
}

static void add_rings(struct life *life)
{
	struct turn *t = life->t;
	guint cycles;
	response_clock_cycles(life->r->clock, &cycles);
	for (guint cycle = 0; cycle <= cycles; cycle++) {
		struct db_rows *rows = turn_query(t, &SQL_RESPONSE_RANG, ARG_INT(life->r->id), ARG_INT(cycle));
		while (db_next(rows)) {
			gboolean warning = strcmp(db_text(rows, 0), "warning") == 0, heard = !*db_text(rows, 7);
			const char *key = heard ? warning ? "sla.warned" : "sla.rang" : "sla.passed_over";
			add(life, db_int(rows, 4),
				turn_text_in(t, life->language, key, TEXT_ARG("whom", db_text(rows, 5)),
					TEXT_ARG("names", names_of(life, db_text(rows, 6))), TEXT_ARG("why", db_text(rows, 7))));
		}
		turn_end(t, rows);
	}
}

static int by_time(gconstpointer a, gconstpointer b)
{
	const struct line *one = a, *other = b;
	if (one->at_ms != other->at_ms)
		return one->at_ms < other->at_ms ? -1 : 1;
	return one->order < other->order ? -1 : 1;
}

static void add_state(const struct life *life, struct message *m)
{
	struct response_state state;
	struct turn *t = life->t;
	response_clock_state(life->r->clock, MAX(t->now_ms, life->r->last_ms), &state);
	message_fact(m, turn_text_in(t, life->language, "sla.state"), response_status_name(state.status));
	message_fact(m, turn_text_in(t, life->language, "sla.due"), response_time_text(t, life->zone, state.due_ms, life->language));
	message_fact(m, turn_text_in(t, life->language, "sla.left"), response_left_text(t, state.remaining_s, life->language));
	message_fact(m, turn_text_in(t, life->language, "sla.hours"),
		turn_text_in(t, life->language, state.ticking ? "sla.ticking" : "sla.still", TEXT_ARG("calendar", calendar_name(life->r->terms->calendar))));
	if (*life->r->terms->policy)
		message_fact(m, turn_text_in(t, life->language, "sla.policy"), life->r->terms->policy);
}

static struct message *tell(struct turn *t, const struct response *r, const struct team *team)
{
	g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(struct line));
	struct life life = { t, r, roster_zone(t->roster, t->person, team), turn_language(t), lines };
	struct message *m = message_new();
	message_title(m, turn_text(t, "sla.life", TEXT_ARG("number", r->id), TEXT_ARG("ritual", r->ritual), TEXT_ARG("subject", r->subject),
			      TEXT_ARG("target", sla_target_text(t, r->target, life.language))));
	add_state(&life, m);
	add(&life, r->start_ms, turn_text(t, "sla.began"));
	add_history(&life);
	add_rings(&life);
	g_array_sort(lines, by_time);
	for (guint i = 0; i < lines->len; i++)
		message_item(m, g_array_index(lines, struct line, i).text);
	return m;
}

struct message *sla_explain(struct turn *t, gint64 id)
{
	GError *error = NULL;
	g_autoptr(response_book_auto) book = response_book_new(t->db);
	g_autoptr(response_auto) r = response_book_read(book, id, &error);
	if (error)
		turn_fail(t, error);
	const struct team *team = r ? roster_team(t->roster, r->team) : NULL;
	gboolean may = team && (roster_is_member(team, t->person) || turn_is_manager(t, team));
	return may ? tell(t, r, team) : NULL;
}
