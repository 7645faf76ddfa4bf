/* SPDX-License-Identifier: MIT */
/* What became of promises in a time: each cycle of each is a fact, played from its history. */
#include "sla/sla.h"

#include "kit/response.h"
#include "kit/response_book.h"
#include "response_sql.h"

static const struct ritual *ritual_of(const struct turn *t, const char *name)
{
	for (const struct ritual *const *r = t->rituals; *r; r++)
		if (strcmp((*r)->name, name) == 0)
			return *r;
	return NULL;
}

const struct ritual *sla_ritual(const struct turn *t, const char *applies)
{
	for (const struct ritual *const *r = t->rituals; *r; r++)
		if ((*r)->promises && strcmp((*r)->promises->applies, applies) == 0)
			return *r;
	return NULL;
}

const char *sla_title(struct turn *t, const char *ritual, const char *subject, enum language language)
{
	const struct ritual *r = ritual_of(t, ritual);
	const char *title = r && r->promises ? r->promises->title(t, subject, language) : NULL;
	return title ? title : turn_keep(t, g_strdup_printf("%s %s", ritual, subject));
}

/* TRUE when the words mean the promise's policy or what it applies to. */
static gboolean is_of(const struct turn *t, const struct response *r, const char *policy)
{
	const struct ritual *ritual = ritual_of(t, r->ritual);
	const char *applies = ritual && ritual->promises ? ritual->promises->applies : "";
	return !policy || strcmp(policy, r->terms->policy) == 0 || strcmp(policy, applies) == 0;
}

static void add(struct turn *t, GArray *out, const struct response *r, struct sla_fact fact, int64_t remaining_s)
{
	const struct ritual *ritual = ritual_of(t, r->ritual);
	struct sla_row row = {
		.fact = fact,
		.number = r->id,
		.owner = r->owner,
		.remaining_s = remaining_s,
		.ritual = turn_keep(t, g_strdup(r->ritual)),
		.subject = turn_keep(t, g_strdup(r->subject)),
		.applies = ritual && ritual->promises ? ritual->promises->applies : "",
		.group = *r->terms->policy ? turn_keep(t, g_strdup(r->terms->policy))
					   : ritual && ritual->title ? turn_text(t, ritual->title) : turn_keep(t, g_strdup(r->ritual)),
	};
	g_array_append_val(out, row);
}

/* A cycle counts in the time in which it ended; what is open counts now. */
static void add_cycles(struct turn *t, GArray *out, const struct response *r, int64_t from_ms, gboolean warned)
{
	guint count;
	struct response_state state;
	const struct response_cycle *cycles = response_clock_cycles(r->clock, &count);
	for (guint i = 0; i < count; i++)
		if (cycles[i].stopped_ms >= from_ms)
			add(t, out, r, (struct sla_fact){ r->target, cycles[i].status, FALSE, cycles[i].elapsed_s }, 0);
	response_clock_state(r->clock, MAX(t->now_ms, r->last_ms), &state);
	if (r->ended_ms == RESPONSE_NEVER || r->ended_ms >= from_ms)
		add(t, out, r, (struct sla_fact){ r->target, state.status, warned, state.elapsed_s }, state.remaining_s);
}

GArray *sla_rows(struct turn *t, const struct sla_question *q)
{
	GError *error = NULL;
	GArray *out = g_array_new(FALSE, TRUE, sizeof(struct sla_row));
	g_autoptr(response_book_auto) book = response_book_new(t->db);
	struct db_rows *rows = q->owner ? turn_query(t, &SQL_RESPONSE_OF_OWNER, ARG_INT(q->owner->id), ARG_INT(q->from_ms))
					: turn_query(t, &SQL_RESPONSE_OF_TEAM, ARG_TEXT(q->team->config->name), ARG_INT(q->from_ms));
	while (!error && db_next(rows)) {
		g_autoptr(response_auto) r = response_book_read(book, db_int(rows, 0), &error);
		if (r && is_of(t, r, q->policy))
			add_cycles(t, out, r, q->from_ms, db_int(rows, 1) > 0);
	}
	turn_end(t, rows);
	if (error)
		turn_fail(t, error);
	return out;
}

void sla_figures_where(const GArray *rows, gboolean (*is_meant)(const struct sla_row *row, gconstpointer data), gconstpointer data,
	struct sla_figures *out)
{
	g_autoptr(GArray) facts = g_array_new(FALSE, FALSE, sizeof(struct sla_fact));
	for (guint i = 0; i < rows->len; i++) {
		const struct sla_row *row = &g_array_index(rows, struct sla_row, i);
		if (is_meant(row, data))
			g_array_append_val(facts, row->fact);
	}
	sla_figures_of(facts, out);
}
