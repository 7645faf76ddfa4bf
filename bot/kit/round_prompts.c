/* SPDX-License-Identifier: MIT */
/* Which prompt somebody's words answer. */
#include "kit/round.h"

#include "base/clock.h"
#include "base/zone.h"

/* How long words that stand in no thread may be meant for a prompt. */
#define ANSWER_WITHIN_MS HOURS(24)

/* TOPIC/ask/ID/DAY/PERSON, or remind; an id may have a slash. */
static gboolean read_name(struct turn *t, const char *name, struct round_prompt *out)
{
	const char *word = strchr(name, '/'), *id = word ? strchr(word + 1, '/') : NULL, *last = strrchr(name, '/');
	gboolean prompt = id && (g_str_has_prefix(word, "/" ROUND_ASK "/") || g_str_has_prefix(word, "/" ROUND_REMIND "/"));
	if (!prompt || last - id <= ZONE_DAY_SIZE)
		return FALSE;
	const char *day = last - (ZONE_DAY_SIZE - 1);
	*out = (struct round_prompt){
		turn_keep(t, g_strndup(name, (gsize)(word - name))),
		turn_keep(t, g_strndup(id + 1, (gsize)(day - 1 - (id + 1)))),
		turn_keep(t, g_strndup(day, ZONE_DAY_SIZE - 1)),
	};
	return TRUE;
}

static gboolean find_latest(struct turn *t, struct round_prompt *out)
{
	int64_t said_ms = t->event->at_ms > 0 ? t->event->at_ms : t->now_ms;
	struct db_rows *rows = turn_query(t, &SQL_ROUND_LATEST, ARG_INT(t->person->id), ARG_INT(said_ms - ANSWER_WITHIN_MS), ARG_INT(said_ms));
	gboolean found = db_next(rows);
	if (found)
		*out = (struct round_prompt){
			turn_keep(t, g_strdup(db_text(rows, 0))),
			turn_keep(t, g_strdup(db_text(rows, 1))),
			turn_keep(t, g_strdup(db_text(rows, 2))),
		};
	turn_end(t, rows);
	return found;
}

gboolean round_find_prompt(struct turn *t, struct round_prompt *out)
{
	if (!t->person || !turn_is_direct(t))
		return FALSE;
	const char *about = t->event->place.thread ? turn_about(t) : NULL;
	return about ? read_name(t, about, out) : find_latest(t, out);
}

void round_answered(struct turn *t, const struct round *r, const char *day, const struct person *person)
{
	turn_exec(t, &SQL_ROUND_ANSWERED, ARG_INT(person->id), ARG_TEXT(r->kind->name), ARG_TEXT(r->id), ARG_TEXT(day));
	turn_unnudge(t, person, r->topic);
}
