/* SPDX-License-Identifier: MIT */
/* The life of a promise: where it stands, and each thing that happened to it, with its time and reason. */
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
	GTimeZone *zone;
	enum language language;
	GArray *lines;	/* struct line */
	int64_t due_ms; /* as the line before has it */
};

/* ---- words ---- */

/* What the code writes down as a reason, in words for people; the rest is in somebody's own words. */
static const struct {
	const char *word, *key;
} reasons[] = {
	{ "button", "sla.why_button" },
	{ "words", "sla.why_words" },
	{ "plan", "sla.why_plan" },
	{ "answer", "sla.why_answer" },
	{ "feedback", "sla.why_feedback" },
	{ "done", "sla.why_solved" },
	{ "solved", "sla.why_solved" },
	{ "none", "sla.why_none" },
	{ "reopen", "sla.why_reopen" },
	{ "merge", "sla.why_merge" },
	{ "withdrawn", "sla.why_withdrawn" },
	{ "moved", "sla.why_moved" },
	{ "next step", "sla.why_next_step" },
	{ "asked anew", "sla.why_asked_anew" },
	{ "away", "response.away" },
	{ "nobody", "response.nobody" },
	{ "late", "sla.why_late" },
	{ "covered", "sla.why_covered" },
};

/* " (by button)"; "" when there is none. */
static const char *reason_text(const struct life *life, const char *why)
{
	for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
		if (strcmp(reasons[i].word, why) == 0)
			why = turn_text_in(life->t, life->language, reasons[i].key);
	return *why ? turn_text_in(life->t, life->language, "sla.because", TEXT_ARG("why", why)) : "";
}

static const char *whom_text(const struct life *life, const char *name)
{
	for (enum response_whom whom = 0; whom < RESPONSE_WHOM_COUNT; whom++)
		if (strcmp(response_whom_name(whom), name) == 0)
			return response_whom_text(life->t, whom, life->language);
	return name;
}

static const char *name_of(const struct life *life, int64_t person)
{
	const struct person *p = person ? roster_person_by_id(life->t->roster, person) : NULL;
	return p ? p->name : turn_text_in(life->t, life->language, "sla.time");
}

/* "12;15": the names. */
static const char *names_of(const struct life *life, const char *people)
{
	GString *names = g_string_new(NULL);
	const char *comma = turn_text_in(life->t, life->language, "response.comma");
	g_auto(GStrv) ids = g_strsplit(people, ";", -1);
	for (char **id = ids; *id && **id; id++)
		g_string_append_printf(names, "%s%s", names->len ? comma : "", name_of(life, g_ascii_strtoll(*id, NULL, 10)));
	return turn_keep(life->t, g_string_free(names, FALSE));
}

/* ---- lines ---- */

static void add(struct life *life, int64_t at_ms, const char *text)
{
	const char *time = response_time_text(life->t, life->zone, at_ms, life->language);
	struct line line = { at_ms, life->lines->len,
		turn_text_in(life->t, life->language, "sla.line", TEXT_ARG("time", time), TEXT_ARG("what", text)) };
	g_array_append_val(life->lines, line);
}

static void add_deed(const struct response *r, const struct response_deed *deed, gpointer data)
{
	static const struct {
		const char *kind, *key;
	} words[] = {
		{ "start", "sla.began" },
		{ "pause", "sla.did_pause" },
		{ "resume", "sla.did_resume" },
		{ "stop", "sla.did_stop" },
		{ "reopen", "sla.did_reopen" },
		{ "cancel", "sla.did_cancel" },
		{ "retarget", "sla.did_retarget" },
		{ "recalendar", "sla.did_recalendar" },
		{ "terms", "sla.did_terms" },
		{ "give", "sla.did_give" },
		{ "own", "sla.did_own" }, /* given to oneself */
	};
	struct life *life = data;
	struct turn *t = life->t;
	struct response_state state;
	const char *who = name_of(life, deed->person), *kind = deed->kind;
	if (strcmp(kind, "give") == 0 && strcmp(who, deed->why) == 0)
		kind = "own";
	response_clock_state(r->clock, deed->at_ms, &state);
	const char *due = state.due_ms == life->due_ms || state.due_ms == RESPONSE_NEVER
				  ? ""
				  : turn_text_in(t, life->language, "sla.then_due",
					    TEXT_ARG("due", response_time_text(t, life->zone, state.due_ms, life->language)));
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(words[i].kind, kind) == 0)
			add(life, deed->at_ms,
				turn_text_in(t, life->language, words[i].key, TEXT_ARG("who", who),
					TEXT_ARG("name", deed->why), TEXT_ARG("why", reason_text(life, deed->why)), TEXT_ARG("due", due)));
	life->due_ms = state.due_ms;
}

static void add_rings(struct life *life, const struct response *r)
{
	struct turn *t = life->t;
	guint cycles;
	response_clock_cycles(r->clock, &cycles);
	for (guint cycle = 0; cycle <= cycles; cycle++) {
		struct db_rows *rows = turn_query(t, &SQL_RESPONSE_RANG, ARG_INT(r->id), ARG_INT(cycle));
		while (db_next(rows)) {
			gboolean warning = strcmp(db_text(rows, 0), "warning") == 0, heard = !*db_text(rows, 7);
			const char *key = heard ? warning ? "sla.warned" : "sla.rang" : "sla.passed_over";
			add(life, db_int(rows, 4),
				turn_text_in(t, life->language, key, TEXT_ARG("whom", whom_text(life, db_text(rows, 5))),
					TEXT_ARG("names", names_of(life, db_text(rows, 6))), TEXT_ARG("why", reason_text(life, db_text(rows, 7)))));
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

/* ---- where it stands ---- */

/* Paused and closed hours are two things: the one is somebody's doing. */
static const char *clock_key(const struct response *r, const struct response_state *state)
{
	if (r->ended_ms != RESPONSE_NEVER)
		return "sla.clock_ended";
	if (response_clock_is_paused(r->clock))
		return "sla.clock_paused";
	return state->ticking ? "sla.clock_runs" : "sla.clock_closed";
}

static const char *target_text(const struct life *life, const struct response *r)
{
	struct turn *t = life->t;
	if (r->terms->span < 0)
		return turn_text_in(t, life->language, "sla.days", TEXT_ARG("count", -r->terms->span));
	return sla_span_text(t, r->terms->span, life->language);
}

static void add_state(const struct life *life, const struct response *r, struct message *m)
{
	static const char *const statuses[] = {
		[RESPONSE_RUNNING] = "sla.running",
		[RESPONSE_PAUSED] = "sla.paused",
		[RESPONSE_BREACHED] = "sla.breached",
		[RESPONSE_MET] = "sla.met",
		[RESPONSE_MISSED] = "sla.missed",
		[RESPONSE_CANCELLED] = "sla.cancelled",
	};
	struct turn *t = life->t;
	enum language language = life->language;
	struct response_state state;
	response_clock_state(r->clock, MAX(t->now_ms, r->last_ms), &state);
	message_fact(m, turn_text_in(t, language, "sla.state"), turn_text_in(t, language, statuses[state.status]));
	message_fact(m, turn_text_in(t, language, "sla.target"), target_text(life, r));
	message_fact(m, turn_text_in(t, language, "sla.due"), response_time_text(t, life->zone, state.due_ms, language));
	message_fact(m, turn_text_in(t, language, "sla.used"),
		turn_text_in(t, language, "sla.used_left", TEXT_ARG("used", sla_span_text(t, state.elapsed_s, language)),
			TEXT_ARG("left", response_left_text(t, state.remaining_s, language))));
	message_fact(m, turn_text_in(t, language, "sla.hours"),
		turn_text_in(t, language, clock_key(r, &state), TEXT_ARG("calendar", calendar_name(r->terms->calendar))));
	if (*r->terms->policy)
		message_fact(m, turn_text_in(t, language, "sla.policy"), r->terms->policy);
	if (r->next_ms != RESPONSE_NEVER)
		message_fact(m, turn_text_in(t, language, "sla.next"), response_time_text(t, life->zone, r->next_ms, language));
}

/* ---- the whole ---- */

static gboolean is_for(const struct turn *t, const struct team *team)
{
	return team && (roster_is_member(team, t->person) || turn_is_manager(t, team));
}

/* Plays it twice, for what it is called comes before what happened to it. */
static void tell_one(struct life *life, struct message *m, struct response_book *book, const struct response *r, GError **error)
{
	struct turn *t = life->t;
	message_say(m, turn_text(t, "sla.life", TEXT_ARG("number", r->id), TEXT_ARG("target", sla_target_text(t, r->target, life->language))));
	add_state(life, r, m);
	g_autoptr(response_auto) told = response_book_tell(book, r->id, add_deed, life, error);
	add_rings(life, r);
	g_array_sort(life->lines, by_time);
	for (guint i = 0; i < life->lines->len; i++)
		message_item(m, g_array_index(life->lines, struct line, i).text);
}

struct message *sla_explain(struct turn *t, const GArray *ids)
{
	GError *error = NULL;
	struct message *m = NULL;
	g_autoptr(response_book_auto) book = response_book_new(t->db);
	for (guint i = 0; i < ids->len && !error; i++) {
		g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(struct line));
		g_autoptr(response_auto) r = response_book_read(book, g_array_index(ids, gint64, i), &error);
		const struct team *team = r ? roster_team(t->roster, r->team) : NULL;
		if (!is_for(t, team))
			continue;
		struct life life = { t, roster_zone(t->roster, t->person, team), turn_language(t), lines, RESPONSE_NEVER };
		if (!m)
			message_title(m = message_new(), sla_title(t, r->ritual, r->subject, life.language));
		tell_one(&life, m, book, r, &error);
	}
	if (error)
		turn_fail(t, error);
	return m;
}
