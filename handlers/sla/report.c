/* SPDX-License-Identifier: MIT */
/* The report: by policy and target, as figures and bars; what is overdue or at risk; for those who lead the team also by person, and the slowest. */
#include "sla/sla.h"

#include "base/zone.h"
#include "kit/response.h"
#include "sla_texts.h"

enum { SLOWEST = 5, RISKS_MOST = 10, PEOPLE_MOST = 30 };

/* ---- words ---- */

const char *sla_target_text(struct turn *t, enum response_target target, enum language language)
{
	static const char *const keys[] = {
		[RESPONSE_FIRST] = "sla.first",
		[RESPONSE_PLAN] = "sla.plan",
		[RESPONSE_SOLUTION] = "sla.solution",
	};
	return turn_text_in(t, language, keys[target]);
}

const char *sla_span_text(struct turn *t, int64_t seconds, enum language language)
{
	if (seconds < 0)
		return "–";
	int64_t minutes = (seconds + 30) / 60;
	const char *key = minutes < 60 ? "sla.span_minutes" : minutes % 60 ? "sla.span" : "sla.span_hours";
	return turn_text_in(t, language, key, TEXT_ARG("hours", minutes / 60), TEXT_ARG("minutes", minutes % 60));
}

const char *sla_share_text(struct turn *t, guint part, guint whole)
{
	return whole == 0 ? "–" : turn_keep(t, g_strdup_printf("%u %%", part * 100 / whole));
}

int64_t sla_since(const struct turn *t, const struct team *team, gboolean month)
{
	char day[ZONE_DAY_SIZE];
	int64_t from_ms = t->now_ms;
	zone_day(team->zone, t->now_ms, day);
	zone_day_shift(day, month ? -30 : -7, day);
	zone_instant(team->zone, day, 0, &from_ms);
	return from_ms;
}

static const char *figures_text(struct turn *t, const struct sla_figures *f, enum language language)
{
	if (f->met + f->missed == 0)
		return turn_text_in(t, language, "sla.only_open", TEXT_ARG("open", f->open), TEXT_ARG("risk", f->at_risk),
			TEXT_ARG("breached", f->breached));
	return turn_text_in(t, language, "sla.figures", TEXT_ARG("share", sla_share_text(t, f->met, f->met + f->missed)),
		TEXT_ARG("met", f->met), TEXT_ARG("ended", f->met + f->missed), TEXT_ARG("median", sla_span_text(t, f->median_s, language)),
		TEXT_ARG("p90", sla_span_text(t, f->p90_s, language)), TEXT_ARG("open", f->open), TEXT_ARG("risk", f->at_risk),
		TEXT_ARG("breached", f->breached));
}

/* ---- by policy and target ---- */

struct group {
	const char *name;
	enum response_target target;
	struct sla_figures figures;
};

static gboolean is_in_group(const struct sla_row *row, gconstpointer data)
{
	const struct group *g = data;
	return row->fact.target == g->target && strcmp(row->group, g->name) == 0;
}

/* In the order in which they are first met. */
static GArray *groups_of(const GArray *rows)
{
	GArray *groups = g_array_new(FALSE, TRUE, sizeof(struct group));
	for (guint i = 0; i < rows->len; i++) {
		const struct sla_row *row = &g_array_index(rows, struct sla_row, i);
		gboolean known = FALSE;
		for (guint k = 0; k < groups->len && !known; k++)
			known = is_in_group(row, &g_array_index(groups, struct group, k));
		struct group group = { row->group, row->fact.target, { 0 } };
		if (known)
			continue;
		sla_figures_where(rows, is_in_group, &group, &group.figures);
		g_array_append_val(groups, group);
	}
	return groups;
}

static void add_groups(struct turn *t, struct message *m, const GArray *groups, enum language language)
{
	gboolean charted = FALSE;
	for (guint i = 0; i < groups->len; i++) {
		const struct group *g = &g_array_index(groups, struct group, i);
		message_fact(m,
			turn_text_in(t, language, "sla.group", TEXT_ARG("name", g->name), TEXT_ARG("target", sla_target_text(t, g->target, language))),
			figures_text(t, &g->figures, language));
	}
	for (guint i = 0; i < groups->len; i++) {
		const struct group *g = &g_array_index(groups, struct group, i);
		g_autofree char *share = g_strdup_printf("%d", g->figures.attainment);
		if (g->figures.attainment < 0)
			continue;
		if (!charted)
			message_chart(m, turn_text_in(t, language, "sla.chart"), "%", NULL);
		charted = TRUE;
		message_bar(m,
			turn_text_in(t, language, "sla.group", TEXT_ARG("name", g->name), TEXT_ARG("target", sla_target_text(t, g->target, language))),
			share);
	}
}

/* ---- by person ---- */

static gboolean is_of_owner(const struct sla_row *row, gconstpointer data)
{
	const struct person *owner = data;
	return row->owner == owner->id;
}

static GPtrArray *owners_of(struct turn *t, const GArray *rows)
{
	GPtrArray *owners = g_ptr_array_new();
	for (guint i = 0; i < rows->len; i++) {
		gint64 id = g_array_index(rows, struct sla_row, i).owner;
		const struct person *owner = id ? roster_person_by_id(t->roster, id) : NULL;
		if (owner && !g_ptr_array_find(owners, owner, NULL))
			g_ptr_array_add(owners, (gpointer)owner);
	}
	g_ptr_array_sort(owners, roster_by_name);
	return owners;
}

static void add_people(struct turn *t, struct message *m, const GArray *rows, enum language language)
{
	g_autoptr(GPtrArray) owners = owners_of(t, rows);
	if (owners->len > 0)
		message_say(m, turn_text_in(t, language, "sla.by_person"));
	for (guint i = 0; i < MIN(owners->len, PEOPLE_MOST); i++) {
		struct sla_figures f;
		const struct person *owner = owners->pdata[i];
		sla_figures_where(rows, is_of_owner, owner, &f);
		message_item(m, turn_text_in(t, language, "sla.person_line", TEXT_ARG("name", owner->name),
				       TEXT_ARG("what", figures_text(t, &f, language))));
	}
}

/* ---- one by one ---- */

void sla_add_line(struct turn *t, struct message *m, const struct sla_row *row, const char *span, enum language language)
{
	const struct person *owner = row->owner ? roster_person_by_id(t->roster, row->owner) : NULL;
	message_item(m, turn_text_in(t, language, "sla.one", TEXT_ARG("number", row->number),
			       TEXT_ARG("target", sla_target_text(t, row->fact.target, language)), TEXT_ARG("span", span),
			       TEXT_ARG("title", sla_title(t, row->ritual, row->subject, language)), TEXT_ARG("owner", owner ? owner->name : "–")));
}

gboolean sla_is_open(const struct sla_row *row)
{
	return row->fact.status == RESPONSE_RUNNING || row->fact.status == RESPONSE_PAUSED || row->fact.status == RESPONSE_BREACHED;
}

static gboolean is_at_risk(const struct sla_row *row)
{
	return row->fact.status == RESPONSE_BREACHED || (sla_is_open(row) && row->fact.warned);
}

static int most_urgent_first(gconstpointer a, gconstpointer b)
{
	const struct sla_row *one = a, *other = b;
	if (one->remaining_s != other->remaining_s)
		return one->remaining_s < other->remaining_s ? -1 : 1;
	return one->number < other->number ? -1 : 1;
}

/* all: of everybody; else the person's own and nobody's. */
static void add_risks(struct turn *t, struct message *m, const GArray *rows, gboolean all, enum language language)
{
	g_autoptr(GArray) risks = g_array_new(FALSE, FALSE, sizeof(struct sla_row));
	for (guint i = 0; i < rows->len; i++) {
		const struct sla_row *row = &g_array_index(rows, struct sla_row, i);
		if (is_at_risk(row) && (all || !row->owner || row->owner == t->person->id))
			g_array_append_vals(risks, row, 1);
	}
	g_array_sort(risks, most_urgent_first);
	if (risks->len > 0)
		message_say(m, turn_text_in(t, language, "sla.risks"));
	for (guint i = 0; i < MIN(risks->len, RISKS_MOST); i++) {
		const struct sla_row *row = &g_array_index(risks, struct sla_row, i);
		sla_add_line(t, m, row, response_left_text(t, row->remaining_s, language), language);
	}
	if (risks->len > RISKS_MOST)
		message_item(m, turn_text_in(t, language, "sla.more", TEXT_ARG("count", risks->len - RISKS_MOST)));
}

static gboolean has_ended(const struct sla_row *row)
{
	return row->fact.status == RESPONSE_MET || row->fact.status == RESPONSE_MISSED;
}

static int slowest_first(gconstpointer a, gconstpointer b)
{
	const struct sla_row *one = a, *other = b;
	if (one->fact.elapsed_s != other->fact.elapsed_s)
		return one->fact.elapsed_s < other->fact.elapsed_s ? 1 : -1;
	return one->number > other->number ? 1 : -1;
}

static void add_slowest(struct turn *t, struct message *m, const GArray *rows, enum language language)
{
	g_autoptr(GArray) ended = g_array_new(FALSE, FALSE, sizeof(struct sla_row));
	for (guint i = 0; i < rows->len; i++)
		if (has_ended(&g_array_index(rows, struct sla_row, i)))
			g_array_append_val(ended, g_array_index(rows, struct sla_row, i));
	g_array_sort(ended, slowest_first);
	if (ended->len > 0)
		message_say(m, turn_text_in(t, language, "sla.slowest"));
	for (guint i = 0; i < MIN(ended->len, SLOWEST); i++) {
		const struct sla_row *row = &g_array_index(ended, struct sla_row, i);
		sla_add_line(t, m, row, sla_span_text(t, row->fact.elapsed_s, language), language);
	}
}

struct message *sla_report(struct turn *t, const struct sla_question *q)
{
	enum language language = turn_language(t);
	g_autoptr(GArray) rows = sla_rows(t, q), groups = groups_of(rows);
	struct message *m = message_new();
	message_title(m, turn_text_in(t, language, q->month ? "sla.month_title" : "sla.week_title",
			      TEXT_ARG("who", q->owner ? q->owner->name : q->team->config->name)));
	add_groups(t, m, groups, language);
	if (rows->len == 0)
		message_say(m, turn_text_in(t, language, "sla.nothing"));
	gboolean leads = turn_is_manager(t, q->team);
	add_risks(t, m, rows, q->owner || leads, language);
	if (!q->owner && leads)
		add_people(t, m, rows, language);
	if (q->owner || leads)
		add_slowest(t, m, rows, language);
	message_context(m, turn_text_in(t, language, "sla.how_counted"));
	return m;
}
