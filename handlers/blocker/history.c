/* SPDX-License-Identifier: MIT */
/* What happened to a blocker: who did what when, and who heard of it when nobody did. Rows that nobody ever changes. */
#include "blocker/blocker.h"

#include "blocker_sql.h"
#include "blocker_texts.h"

enum { LINES_MOST = 60 };

/* By what is stored; of, when and whom are told in the text. */
static const struct {
	const char *kind, *text;
} kinds[] = {
	[BLOCKER_WAS_OPENED] = { "open", "blocker.was_opened" },
	[BLOCKER_WAS_TAKEN] = { "take", "blocker.was_taken" },
	[BLOCKER_WAS_PLANNED] = { "plan", "blocker.was_planned" },
	[BLOCKER_WAS_GIVEN] = { "give", "blocker.was_given" },
	[BLOCKER_WAS_SOLVED] = { "done", "blocker.was_solved" },
	[BLOCKER_WAS_NONE] = { "none", "blocker.was_none" },
	[BLOCKER_WAS_REOPENED] = { "reopen", "blocker.was_reopened" },
	[BLOCKER_WAS_ESCALATED] = { "escalate", "blocker.was_sent_up" },
	[BLOCKER_WAS_PARKED] = { "park", "blocker.was_parked" },
	[BLOCKER_WAS_RESUMED] = { "resume", "blocker.was_resumed" },
	[BLOCKER_WAS_DROPPED] = { "drop", "blocker.was_dropped" },
	[BLOCKER_WAS_MERGED] = { "merge", "blocker.was_merged" },
	[BLOCKER_TOOK_IN] = { "absorb", "blocker.took_in" },
};

void blocker_note(struct turn *t, gint64 id, enum blocker_event what, const struct person *other, const char *detail)
{
	turn_exec(t, &SQL_BLOCKER_NOTE, ARG_INT(id), ARG_INT(t->now_ms), ARG_TEXT(kinds[what].kind), t->person ? ARG_INT(t->person->id) : ARG_NULL,
		other ? ARG_INT(other->id) : ARG_NULL, ARG_TEXT(detail));
}

/* ---- showing ---- */

static const char *name_in(struct turn *t, struct db_rows *row, int column)
{
	const struct person *person = db_is_null(row, column) ? NULL : roster_person_by_id(t->roster, db_int(row, column));
	return person ? person->name : turn_text(t, "blocker.nobody");
}

static const char *event_text(struct turn *t, const struct blocker *b, struct db_rows *row)
{
	const char *kind = db_text(row, 1), *when = response_time_text(t, b->team->zone, db_int(row, 0), turn_language(t));
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return turn_text(t, kinds[i].text, TEXT_ARG("when", when), TEXT_ARG("name", name_in(t, row, 2)),
				TEXT_ARG("other", name_in(t, row, 3)), TEXT_ARG("detail", turn_keep(t, g_strdup(db_text(row, 4)))));
	return when;
}

/* "Mia, Bo": of numbers with ";" between. */
static const char *names_text(struct turn *t, const char *ids)
{
	GString *names = g_string_new(NULL);
	g_auto(GStrv) list = g_strsplit(ids, ";", -1);
	for (char **id = list; *id; id++) {
		const struct person *person = roster_person_by_id(t->roster, g_ascii_strtoll(*id, NULL, 10));
		if (person)
			g_string_append_printf(names, "%s%s", names->len ? ", " : "", person->name);
	}
	return turn_keep(t, g_string_free(names, FALSE));
}

static const char *ring_text(struct turn *t, const struct blocker *b, struct db_rows *row)
{
	const char *when = response_time_text(t, b->team->zone, db_int(row, 0), turn_language(t));
	return turn_text(t, strcmp(db_text(row, 1), "warning") == 0 ? "blocker.was_warned" : "blocker.was_escalated", TEXT_ARG("when", when),
		TEXT_ARG("names", names_text(t, db_text(row, 2))));
}

/* Both lists are in time's order; so is the whole. What rings and is answered in one moment rang first. */
static void add_lines(struct turn *t, struct message *m, const struct blocker *b)
{
	guint count = 0;
	struct db_rows *events = turn_query(t, &SQL_BLOCKER_HISTORY, ARG_INT(b->id));
	g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, b->id);
	struct db_rows *rings = turn_query(t, &SQL_BLOCKER_RINGS, ARG_TEXT(key));
	gboolean more_events = db_next(events), more_rings = db_next(rings);
	for (; (more_events || more_rings) && count < LINES_MOST; count++) {
		if (more_events && (!more_rings || db_int(events, 0) < db_int(rings, 0))) {
			message_item(m, event_text(t, b, events));
			more_events = db_next(events);
		} else {
			message_item(m, ring_text(t, b, rings));
			more_rings = db_next(rings);
		}
	}
	turn_end(t, events);
	turn_end(t, rings);
}

void blocker_show_history(struct turn *t, const char *key)
{
	struct blocker b;
	if (!blocker_read(t, key, &b) || !blocker_may_see(t, &b)) {
		turn_whisper(t, turn_text(t, "blocker.gone"));
		return;
	}
	struct message *m = message_new();
	message_title(m, turn_text(t, "blocker.short", TEXT_ARG("number", b.id), TEXT_ARG("text", b.text)));
	add_lines(t, m, &b);
	turn_private(t, m);
}
