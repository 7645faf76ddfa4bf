/* SPDX-License-Identifier: MIT */
#include "sla/sla.h"

#include "response_sql.h"
#include "sla_texts.h"

enum { SLOWEST = 5 };

static const enum response_status statuses[] = { RESPONSE_RUNNING, RESPONSE_PAUSED, RESPONSE_BREACHED, RESPONSE_MET, RESPONSE_MISSED,
	RESPONSE_CANCELLED };

/* An open promise whose due instant has passed since it was written down is overdue now. */
static enum response_status status_of(const char *name, gboolean has_due, int64_t due_ms, int64_t now_ms)
{
	enum response_status status = RESPONSE_CANCELLED;
	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++)
		if (strcmp(response_status_name(statuses[i]), name) == 0)
			status = statuses[i];
	return status == RESPONSE_RUNNING && has_due && now_ms > due_ms ? RESPONSE_BREACHED : status;
}

static GArray *read_facts(struct turn *t, const struct team *team, const struct person *owner, int64_t from_ms, int64_t to_ms)
{
	GArray *facts = g_array_new(FALSE, TRUE, sizeof(struct sla_fact));
	struct db_rows *rows =
		turn_query(t, &SQL_RESPONSE_OF_TEAM, ARG_TEXT(team->config->name), ARG_INT(from_ms), ARG_INT(to_ms));
	while (db_next(rows)) {
		struct sla_fact fact = {
			.status = status_of(db_text(rows, 1), !db_is_null(rows, 2), db_int(rows, 2), t->now_ms),
			.elapsed_s = db_int(rows, 3),
			.warned = db_int(rows, 5) > 0,
		};
		if ((!owner || db_int(rows, 4) == owner->id) && response_target_read(db_text(rows, 0), &fact.target))
			g_array_append_val(facts, fact);
	}
	turn_end(t, rows);
	return facts;
}

const char *sla_target_text(struct turn *t, enum response_target target, enum language language)
{
	static const char *const keys[] = {
		[RESPONSE_FIRST] = "sla.first",
		[RESPONSE_PLAN] = "sla.plan",
		[RESPONSE_SOLUTION] = "sla.solution",
	};
	return turn_text_in(t, language, keys[target]);
}

static const char *span_of(struct turn *t, int64_t seconds, enum language language)
{
	if (seconds < 0)
		return "–";
	int64_t minutes = (seconds + 30) / 60;
	return turn_text_in(t, language, "sla.span", TEXT_ARG("hours", minutes / 60), TEXT_ARG("minutes", minutes % 60));
}

static void add_target(struct turn *t, struct message *m, const struct sla_figures *f, const char *name, enum language language)
{
	const char *share = f->attainment < 0 ? "–" : turn_keep(t, g_strdup_printf("%d %%", f->attainment));
	message_fact(m, name,
		turn_text_in(t, language, "sla.figures", TEXT_ARG("share", share), TEXT_ARG("met", f->met),
			TEXT_ARG("ended", f->met + f->missed), TEXT_ARG("median", span_of(t, f->median_s, language)),
			TEXT_ARG("p90", span_of(t, f->p90_s, language)), TEXT_ARG("open", f->open), TEXT_ARG("risk", f->at_risk),
			TEXT_ARG("breached", f->breached)));
}

static void add_slowest(struct turn *t, struct message *m, const struct team *team, int64_t from_ms, int64_t to_ms, enum language language)
{
	gboolean any = FALSE;
	struct db_rows *rows = turn_query(t, &SQL_RESPONSE_SLOWEST, ARG_TEXT(team->config->name), ARG_INT(from_ms), ARG_INT(to_ms),
		ARG_INT(SLOWEST));
	while (db_next(rows)) {
		enum response_target target = RESPONSE_FIRST;
		const struct person *owner = db_is_null(rows, 3) ? NULL : roster_person_by_id(t->roster, db_int(rows, 3));
		if (!any)
			message_say(m, turn_text_in(t, language, "sla.slowest"));
		any = TRUE;
		response_target_read(db_text(rows, 1), &target);
		message_item(m, turn_text_in(t, language, "sla.slow_line", TEXT_ARG("number", db_int(rows, 0)),
				       TEXT_ARG("target", sla_target_text(t, target, language)),
				       TEXT_ARG("span", span_of(t, db_int(rows, 2), language)), TEXT_ARG("owner", owner ? owner->name : "–")));
	}
	turn_end(t, rows);
}

struct message *sla_report(struct turn *t, const struct team *team, const struct person *owner, int64_t from_ms, int64_t to_ms,
	gboolean week)
{
	enum language language = turn_language(t);
	g_autoptr(GArray) facts = read_facts(t, team, owner, from_ms, to_ms);
	struct message *m = message_new();
	struct sla_figures all[RESPONSE_TARGETS];
	gboolean charted = FALSE;
	message_title(m, turn_text_in(t, language, week ? "sla.week_title" : "sla.month_title",
			      TEXT_ARG("who", owner ? owner->name : team->config->name)));
	for (enum response_target target = 0; target < RESPONSE_TARGETS; target++) {
		sla_figures_of(facts, target, &all[target]);
		if (all[target].met + all[target].missed + all[target].open > 0)
			add_target(t, m, &all[target], sla_target_text(t, target, language), language);
	}
	for (enum response_target target = 0; target < RESPONSE_TARGETS; target++) {
		if (all[target].attainment < 0)
			continue;
		if (!charted)
			message_chart(m, turn_text_in(t, language, "sla.chart"), "%", NULL);
		charted = TRUE;
		g_autofree char *share = g_strdup_printf("%d", all[target].attainment);
		message_bar(m, sla_target_text(t, target, language), share);
	}
	if (facts->len == 0)
		message_say(m, turn_text_in(t, language, "sla.nothing"));
	else if (!owner && turn_is_manager(t, team))
		add_slowest(t, m, team, from_ms, to_ms, language);
	message_context(m, turn_text_in(t, language, "sla.how_counted"));
	return m;
}
