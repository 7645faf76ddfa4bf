/* SPDX-License-Identifier: MIT */
#include "kit/stall.h"

#include "stall_sql.h"

const int stall_look_days[STALL_LOOKS] = { 7, 14 };

static const char *const endings[] = { [STALL_MOVED] = "moved", [STALL_SILENCED] = "silenced", [STALL_RENEWED] = "renewed" };
static const char *const answers[STALL_ANSWERS] = { [STALL_APPROVE] = "approve", [STALL_ADVISE] = "advise", [STALL_MEET] = "meet" };
static const char *const outcomes[STALL_OUTCOMES] = {
	[STALL_WON] = "won",
	[STALL_LOST] = "lost",
	[STALL_FORWARD] = "forward",
	[STALL_BACK] = "back",
	[STALL_STOOD] = "stood",
};

/* The number of the name; 0 for one that the table's CHECK would have refused. */
static guint index_of(const char *const *names, guint count, const char *name)
{
	for (guint i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return 0;
}

/* ---- reading ---- */

void stall_free(struct stall *stall)
{
	if (!stall)
		return;
	g_free(stall->stage);
	g_free(stall->blocks);
	g_free(stall->tried);
	g_free(stall->wants);
	g_free(stall->words);
	g_free(stall);
}

static void free_stall(gpointer stall)
{
	stall_free(stall);
}

static gboolean read_plan(struct db *db, struct stall *stall, GError **error)
{
	g_autoptr(db_rows) rows = db_query(db, &SQL_STALL_PLAN, ARG_INT(stall->id));
	if (db_next(rows)) {
		stall->planned_ms = db_int(rows, 0);
		stall->planner = db_int(rows, 1);
		stall->blocks = g_strdup(db_text(rows, 2));
		stall->tried = g_strdup(db_text(rows, 3));
		stall->wants = g_strdup(db_text(rows, 4));
	}
	return db_end(rows, error);
}

static gboolean read_answer(struct db *db, struct stall *stall, GError **error)
{
	g_autoptr(db_rows) rows = db_query(db, &SQL_STALL_ANSWER, ARG_INT(stall->id));
	if (db_next(rows)) {
		stall->answered_ms = db_int(rows, 0);
		stall->answerer = db_int(rows, 1);
		stall->answer = (enum stall_answer)index_of(answers, STALL_ANSWERS, db_text(rows, 2));
		stall->words = g_strdup(db_text(rows, 3));
	}
	return db_end(rows, error);
}

struct stall *stall_read(struct db *db, gint64 id, GError **error)
{
	g_autoptr(stall_auto) stall = NULL;
	g_autoptr(db_rows) rows = db_query(db, &SQL_STALL_ONE, ARG_INT(id));
	if (db_next(rows)) {
		stall = g_new0(struct stall, 1);
		stall->id = db_int(rows, 0);
		stall->deal = db_int(rows, 1);
		stall->stage = g_strdup(db_text(rows, 2));
		stall->entered_ms = db_int(rows, 3);
		stall->begun_ms = db_int(rows, 4);
		stall->asked_ms = db_int(rows, 5);
		stall->times = (int)db_int(rows, 6);
		stall->ended_ms = db_int(rows, 7);
	}
	if (!db_end(rows, error) || !stall || !read_plan(db, stall, error) || !read_answer(db, stall, error))
		return NULL;
	return g_steal_pointer(&stall);
}

struct stall *stall_of(struct db *db, gint64 deal, GError **error)
{
	g_autoptr(db_rows) rows = db_query(db, &SQL_STALL_OPEN_OF, ARG_INT(deal));
	gint64 id = db_next(rows) ? db_int(rows, 0) : 0;
	return db_end(rows, error) && id ? stall_read(db, id, error) : NULL;
}

GPtrArray *stall_history(struct db *db, gint64 deal, GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(free_stall);
	g_autoptr(db_rows) rows = db_query(db, &SQL_STALL_OF_DEAL, ARG_INT(deal));
	while (db_next(rows)) {
		struct stall *stall = stall_read(db, db_int(rows, 0), error);
		if (!stall)
			return NULL;
		g_ptr_array_add(list, stall);
	}
	return db_end(rows, error) ? g_steal_pointer(&list) : NULL;
}

/* ---- writing ---- */

gboolean stall_begin(struct db *db, const struct deal *deal, int64_t now_ms, gint64 *id, GError **error)
{
	if (!db_exec(db, &SQL_STALL_BEGIN, error, ARG_INT(deal->id), ARG_TEXT(deal->stage), ARG_INT(deal->entered_ms), ARG_INT(now_ms)))
		return FALSE;
	*id = db_last_id(db);
	return TRUE;
}

gboolean stall_ask_again(struct db *db, gint64 id, int64_t now_ms, GError **error)
{
	return db_exec(db, &SQL_STALL_ASK_AGAIN, error, ARG_INT(id), ARG_INT(now_ms));
}

gboolean stall_end(struct db *db, gint64 id, enum stall_ending ending, int64_t now_ms, GError **error)
{
	return db_exec(db, &SQL_STALL_FINISH, error, ARG_INT(id), ARG_INT(now_ms), ARG_TEXT(endings[ending]));
}

gboolean stall_keep_plan(struct db *db, gint64 id, gint64 person, const struct stall_plan *plan, int64_t now_ms, GError **error)
{
	return db_exec(db, &SQL_STALL_ADD_PLAN, error, ARG_INT(id), ARG_INT(now_ms), ARG_INT(person), ARG_TEXT(plan->blocks),
		ARG_TEXT(plan->tried), ARG_TEXT(plan->wants));
}

gboolean stall_keep_answer(
	struct db *db, gint64 id, gint64 person, enum stall_answer answer, const char *words, int64_t now_ms, GError **error)
{
	return db_exec(db, &SQL_STALL_ADD_ANSWER, error, ARG_INT(id), ARG_INT(now_ms), ARG_INT(person), ARG_TEXT(answers[answer]),
		ARG_TEXT(words));
}

/* ---- what a plan was worth ---- */

/* Its place among the stages; -1: the configuration has it no more. */
static int rank(const struct config *config, const char *stage)
{
	for (int i = 0; config->deals.stages[i]; i++)
		if (strcmp(config->deals.stages[i]->name, stage) == 0)
			return i;
	return -1;
}

static enum stall_outcome outcome_of(const struct config *config, const struct stall *stall, const struct deal *deal)
{
	const struct config_stage *stage = config_stage(config, deal->stage);
	if (deal->entered_ms == stall->entered_ms && strcmp(deal->stage, stall->stage) == 0)
		return STALL_STOOD;
	if (stage && strcmp(stage->end, "won") == 0)
		return STALL_WON;
	if (stage && strcmp(stage->end, "lost") == 0)
		return STALL_LOST;
	int before = rank(config, stall->stage), after = rank(config, deal->stage);
	return after == before ? STALL_STOOD : after < before ? STALL_BACK : STALL_FORWARD;
}

gboolean stall_note_outcome(
	struct db *db, const struct config *config, const struct stall *stall, int days, int64_t now_ms, GError **error)
{
	g_autoptr(deal_auto) deal = deal_read(db, stall->deal, error);
	return deal && db_exec(db, &SQL_STALL_LOOK, error, ARG_INT(stall->id), ARG_INT(days), ARG_INT(now_ms),
			       ARG_TEXT(outcomes[outcome_of(config, stall, deal)]));
}

static void count_outcome(struct stall_worth *worth, int days, const char *outcome, guint count)
{
	for (int i = 0; i < STALL_LOOKS; i++)
		if (stall_look_days[i] == days)
			worth->outcomes[i][index_of(outcomes, STALL_OUTCOMES, outcome)] += count;
}

gboolean stall_measure(struct db *db, const char *team, int64_t from_ms, int64_t to_ms, struct stall_worth *out, GError **error)
{
	struct stall_worth worth = { 0 };
	g_autoptr(db_rows) plans = db_query(db, &SQL_STALL_PLANS_OF, ARG_TEXT(team), ARG_INT(from_ms), ARG_INT(to_ms));
	if (db_next(plans)) {
		worth.plans = (guint)db_int(plans, 0);
		worth.answered = (guint)db_int(plans, 1);
	}
	if (!db_end(plans, error))
		return FALSE;
	g_autoptr(db_rows) looks = db_query(db, &SQL_STALL_OUTCOMES_OF, ARG_TEXT(team), ARG_INT(from_ms), ARG_INT(to_ms));
	while (db_next(looks))
		count_outcome(&worth, (int)db_int(looks, 0), db_text(looks, 1), (guint)db_int(looks, 2));
	if (!db_end(looks, error))
		return FALSE;
	*out = worth;
	return TRUE;
}
