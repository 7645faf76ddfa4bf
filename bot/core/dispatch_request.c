/* SPDX-License-Identifier: MIT */
/*
 * A request of another program. With a key of its own for it, the sender may ask again until it hears the answer: what was
 * done is kept with its key in the transaction that did it, and told again. What was refused has changed nothing and is
 * looked at anew, for its reason may be gone: a person who was not known yet, a stage that the team has now.
 */
#include "core/dispatch_private.h"

#include "base/clock.h"
#include "core_sql.h"

/* Longer than any queue of a sender's retries; docs/api.md tells it. */
#define ANSWERS_MS DAYS(7)

void dispatch_forget_answer(struct dispatch *d)
{
	g_clear_pointer(&d->facts, g_array_unref);
	g_clear_pointer(&d->answer.facts, g_free);
}

void dispatch_take_answer(struct dispatch *d, struct request_answer *out)
{
	*out = d->answer;
	d->answer = (struct request_answer){ 0 };
}

static void answer(struct dispatch *d, enum request_fate fate, const char *facts)
{
	g_free(d->answer.facts);
	d->answer = (struct request_answer){ fate, g_strdup(facts) };
}

/* *known: it was answered before, and is again. */
static gboolean answer_again(struct dispatch *d, const struct event *event, int64_t now_ms, gboolean *known, GError **error)
{
	*known = FALSE;
	if (!event->message)
		return TRUE;
	struct db_rows *rows = db_query(d->s.db, &SQL_CORE_ANSWERED, ARG_TEXT(event->value), ARG_TEXT(event->message),
		ARG_INT(now_ms - ANSWERS_MS));
	*known = db_next(rows);
	if (*known && g_strcmp0(db_text(rows, 0), event->text) == 0)
		answer(d, REQUEST_REPEATED, db_text(rows, 1));
	else if (*known)
		answer(d, REQUEST_KEY_USED, NULL);
	return db_end(rows, error);
}

static gboolean keep_answer(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	return !event->message ||
	       (db_exec(d->s.db, &SQL_CORE_FORGET_ANSWERS, error, ARG_INT(now_ms - ANSWERS_MS)) &&
		       db_exec(d->s.db, &SQL_CORE_KEEP_ANSWER, error, ARG_TEXT(event->value), ARG_TEXT(event->message),
			       ARG_TEXT(event->text), ARG_TEXT(d->answer.facts), ARG_INT(now_ms)));
}

static char *print_facts(const GArray *facts)
{
	g_autoptr(cJSON) object = cJSON_CreateObject();
	for (guint i = 0; i < facts->len; i++) {
		const struct event_input *fact = &g_array_index(facts, struct event_input, i);
		json_put_text(object, fact->name, fact->value);
	}
	return json_print(object);
}

/* The ritual has had its turn. */
static gboolean conclude(struct dispatch *d, const struct event *event, int64_t now_ms, gboolean refused, GError **error)
{
	if (refused || d->facts->len == 0) {
		answer(d, refused ? REQUEST_REFUSED : REQUEST_FAILED, NULL);
		return TRUE;
	}
	g_autofree char *facts = print_facts(d->facts);
	answer(d, REQUEST_DONE, facts);
	return keep_answer(d, event, now_ms, error);
}

gboolean dispatch_request(
	struct dispatch *d, const struct event *event, int64_t now_ms, GArray **problems, GError **error)
{
	gboolean known, taken = FALSE;
	if (!answer_again(d, event, now_ms, &known, error))
		return FALSE;
	if (known)
		return TRUE;
	d->facts = event_inputs_new();
	gboolean done = dispatch_wake(d, event, now_ms, problems, &taken, error) &&
			conclude(d, event, now_ms, problems && *problems, error);
	g_clear_pointer(&d->facts, g_array_unref);
	return done;
}
