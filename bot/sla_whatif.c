/* SPDX-License-Identifier: MIT */
/* `belltower sla whatif`: which open promises another configuration would move, before it counts. */
#include "base/clock.h"
#include "base/zone.h"
#include "core/ritual.h"
#include "kit/response.h"
#include "kit/response_book.h"
#include "program.h"
#include "registry.h"
#include "response_sql.h"

struct trial {
	struct roster *roster; /* under the other configuration */
	int64_t now_ms;
	guint open, moved;
};

static const struct response_kind *kind_of(const char *ritual)
{
	for (const struct ritual *const *r = registry; *r; r++)
		if (strcmp((*r)->name, ritual) == 0)
			return (*r)->promises;
	return NULL;
}

/* NULL: the promise keeps its terms, for the other configuration promises nothing of its kind. */
static struct response_terms *terms_under(const struct trial *trial, const struct response *r)
{
	const struct response_kind *kind = kind_of(r->ritual);
	const struct team *team = roster_team(trial->roster, r->team);
	if (!kind || !team)
		return NULL;
	return response_terms_now(roster_config(trial->roster), team->config, team->zone, kind->applies, r->target);
}

static char *due_text(const struct response *r, const struct response_state *state)
{
	if (state->due_ms == RESPONSE_NEVER)
		return g_strdup(state->status == RESPONSE_PAUSED ? "not known while it is paused" : "never");
	g_autofree char *local = zone_rfc3339_local(calendar_zone(r->terms->calendar), state->due_ms);
	return g_strconcat(local, state->breached ? ", overdue" : "", NULL);
}

static void print_move(const struct response *r, const struct response_state *before, const struct response_state *after)
{
	g_autofree char *was = due_text(r, before), *would_be = due_text(r, after);
	g_print("%" G_GINT64_FORMAT " (%s %s, %s): due %s; would be %s\n", r->id, r->ritual, r->subject, response_target_name(r->target), was,
		would_be);
}

/* As the bot does at its start (kit/response.c), but on a clock that nobody keeps. */
static void try_one(struct trial *trial, const struct response *r)
{
	struct response_state before, after;
	struct response_event events[2];
	int64_t at_ms = MAX(trial->now_ms, r->last_ms);
	g_autoptr(response_terms_auto) terms = terms_under(trial, r);
	guint count = terms ? response_terms_change(r->terms, terms, events) : 0;
	trial->open++;
	response_clock_state(r->clock, at_ms, &before);
	for (guint i = 0; i < count; i++) {
		events[i].at_ms = at_ms;
		response_clock_take(r->clock, &events[i]);
	}
	response_clock_state(r->clock, at_ms, &after);
	if (before.due_ms == after.due_ms && before.remaining_s == after.remaining_s)
		return;
	trial->moved++;
	print_move(r, &before, &after);
}

static gboolean try_all(struct trial *trial, struct db *db, GError **error)
{
	g_autoptr(response_book_auto) book = response_book_new(db);
	g_autoptr(db_rows) rows = db_query(db, &SQL_RESPONSE_ALL_OPEN);
	while (db_next(rows)) {
		g_autoptr(response_auto) r = response_book_read(book, db_int(rows, 0), error);
		if (!r)
			return FALSE;
		try_one(trial, r);
	}
	return db_end(rows, error);
}

static int try_config(const struct config *config, const struct config *other)
{
	g_autoptr(GError) error = NULL;
	struct clock *clock = clock_new();
	struct trial trial = { .now_ms = clock_now_ms(clock) };
	struct db *db = program_reader(config, &error);
	trial.roster = db ? roster_new(db, other, &error) : NULL;
	gboolean done = trial.roster && try_all(&trial, db, &error);
	roster_free(trial.roster);
	db_close(db);
	clock_free(clock);
	if (!done)
		return program_failed(error);
	g_print("%u of %u open promises would move\n", trial.moved, trial.open);
	return EXIT_OK;
}

int program_sla_whatif(const struct options *options)
{
	struct config *config = program_config_keyless(options->config), *other = program_config_keyless(options->with);
	int code = config && other ? try_config(config, other) : EXIT_USAGE;
	config_free(other);
	config_free(config);
	return code;
}
