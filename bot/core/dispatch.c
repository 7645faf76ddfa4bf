/* SPDX-License-Identifier: MIT */
#include "core/dispatch_private.h"

#include "base/clock.h"
#include "core_sql.h"

#define LOST_FORM_MS MINUTES(5) /* after that nobody remembers what they pressed */

struct dispatch *dispatch_new(const struct dispatch_setup *setup)
{
	struct dispatch *d = g_new0(struct dispatch, 1);
	d->s = *setup;
	d->letters.name = "dead_letter";
	d->parked.name = "waiting";
	d->looked_to = g_strdup("");
	d->heard = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, dispatch_heard_free);
	d->written = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	d->scratch = g_ptr_array_new_with_free_func(g_free);
	return d;
}

void dispatch_free(struct dispatch *d)
{
	if (!d)
		return;
	g_hash_table_unref(d->heard);
	g_hash_table_unref(d->written);
	dispatch_forget_answer(d);
	g_free(d->looked_to);
	g_ptr_array_unref(d->scratch);
	g_free(d);
}

static gboolean is_about(const struct event *report, enum outbox_kind kind)
{
	return g_strcmp0(report->value, outbox_kind_name(kind)) == 0;
}

static gboolean end_reported(struct dispatch *d, const struct event *event, int64_t now_ms,
	struct outbox_row **lost, GError **error)
{
	if (event->kind == EVENT_SENT)
		return outbox_sent(
			d->s.outbox, event->row, event->place.channel, event->message, now_ms, error);
	return outbox_failed(
		d->s.outbox, event->row, g_strcmp0(event->word, OUTBOX_GONE) == 0, now_ms, lost, error);
}

/* Whoever pressed may press again, with a trigger that is fresh. */
static void say_form_lost(struct turn *t, const struct event *event, gconstpointer row)
{
	(void)event;
	const char *press = ((const struct outbox_row *)row)->word;
	g_auto(GStrv) parts = press ? g_strsplit(press, " ", 2) : NULL;
	struct message *m = message_new();
	message_say(m, turn_text(t, "core.form_lost"));
	if (parts)
		message_button(m, parts[0], parts[1], turn_text(t, "core.form_again"), MESSAGE_PRIMARY);
	turn_private(t, m);
}

/* A form that did not open: somebody waits for it. Its ritual may know another way; else it is offered again. */
static gboolean tell_lost_form(
	struct dispatch *d, const struct outbox_row *row, int64_t now_ms, GError **error)
{
	g_autoptr(cJSON) form = row->content ? json_parse(row->content, strlen(row->content), NULL) : NULL;
	if (!form || !row->person || now_ms - row->created_ms > LOST_FORM_MS)
		return TRUE;
	struct event *event = event_new(EVENT_FAILED, row->workspace);
	event->at_ms = now_ms;
	event->person = g_strdup(row->person);
	event->place.channel = g_strdup(row->channel);
	event->place.token = g_strdup(row->token);
	event->word = g_strdup(json_text_or(form, "form", NULL));
	event->value = g_strdup(json_text_or(form, "context", NULL));
	gboolean taken = FALSE, done = dispatch_wake(d, event, now_ms, NULL, &taken, error);
	if (done && !taken)
		done = dispatch_turn(d, event, "core", say_form_lost, row, now_ms, NULL, error);
	event_free(event);
	return done;
}

/*
 * Nobody has told who it is: whatever waits for it is handled with the account's own name. When the answer was only too late,
 * it is asked for once more, with all the time in the world.
 */
static gboolean give_its_name(struct dispatch *d, const struct event *event, const char *asked, int64_t now_ms, GError **error)
{
	const char *workspace = event->place.workspace;
	return dispatch_learn(d, workspace, &(struct event_person){ .account = (char *)asked }, NULL, now_ms,
		       error) &&
	       (g_strcmp0(event->word, OUTBOX_GONE) != 0 ||
		       dispatch_ask_person(d, workspace, asked, now_ms, 0, error));
}

static gboolean handle_report(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	const char *workspace = event->place.workspace;
	g_autoptr(outbox_row_auto) lost = NULL;
	if (!end_reported(d, event, now_ms, &lost, error))
		return FALSE;
	if (lost && lost->kind == OUTBOX_FORM)
		return tell_lost_form(d, lost, now_ms, error);
	/* What the platform told came before its report; who still waits for another answer is kept again. */
	if (is_about(event, OUTBOX_ASK_CHANNEL) || is_about(event, OUTBOX_ASK_MEMBERS))
		return dispatch_unpark(d, workspace, PLACING, now_ms, error);
	const char *asked = lost && lost->kind == OUTBOX_ASK_PERSON ? lost->person : NULL;
	if (!asked || roster_person(d->s.roster, workspace, asked))
		return TRUE;
	gboolean waits;
	if (!dispatch_is_waited_for(d, workspace, asked, &waits, error))
		return FALSE;
	return !waits || give_its_name(d, event, asked, now_ms, error);
}

static gboolean handle_due(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	/* Ended first and outside the turn: a job whose ritual fails must not ring for ever. */
	gboolean was_due, taken = FALSE;
	if (!schedule_finish(d->s.schedule, event->row, event->at_ms, &was_due, error))
		return FALSE;
	return !was_due || dispatch_wake(d, event, now_ms, NULL, &taken, error);
}

/* Platforms promise no order: what became of a message may come before it. */
static gboolean handle_change(
	struct dispatch *d, const struct event *event, int64_t now_ms, GArray **problems, GError **error)
{
	gboolean skip = FALSE;
	if (event->kind == EVENT_EDITED && !dispatch_is_edit_of_nothing(d, event, &skip, error))
		return FALSE;
	if (event->kind == EVENT_DELETED && event->subject && !dispatch_bar(d, event, now_ms, error))
		return FALSE;
	return skip || dispatch_of_person(d, event, now_ms, problems, error);
}

static gboolean handle(
	struct dispatch *d, const struct event *event, int64_t now_ms, GArray **problems, GError **error)
{
	switch (event->kind) {
	case EVENT_SENT:
	case EVENT_FAILED:
		return handle_report(d, event, now_ms, error);
	case EVENT_DUE:
		return handle_due(d, event, now_ms, error);
	case EVENT_PEOPLE:
		return dispatch_people(d, event, now_ms, error);
	case EVENT_CHANNEL:
		return dispatch_channel(d, event, now_ms, error);
	case EVENT_JOINED:
	case EVENT_LEFT:
		return dispatch_membership(d, event, now_ms, error);
	case EVENT_STANDS:
	case EVENT_FOUND:
	case EVENT_TROUBLE:
		return dispatch_wake(d, event, now_ms, NULL, &(gboolean){ FALSE }, error);
	case EVENT_NOTED:
		return db_exec(d->s.db, &SQL_CORE_NOTE, error, ARG_TEXT(event->place.workspace), ARG_TEXT(event->word),
			ARG_TEXT(event->value));
	case EVENT_REQUESTED:
		return dispatch_request(d, event, now_ms, problems, error);
	case EVENT_GAP:
		return dispatch_gap(d, event, now_ms, error);
	case EVENT_EDITED:
	case EVENT_DELETED:
		return handle_change(d, event, now_ms, problems, error);
	case EVENT_SAID:
	case EVENT_REACTED:
	case EVENT_UNREACTED:
	case EVENT_PRESSED:
	case EVENT_SUBMITTED:
	case EVENT_COMMANDED:
	case EVENT_OPENED_HOME:
		return dispatch_of_person(d, event, now_ms, problems, error);
	case EVENT_KIND_COUNT:
		break;
	}
	g_return_val_if_reached(TRUE);
}

gboolean dispatch_event(
	struct dispatch *d, const struct event *event, int64_t now_ms, GArray **problems, GError **error)
{
	gboolean fresh;
	if (!dispatch_see(d, event, now_ms, &fresh, error))
		return FALSE;
	if (!fresh)
		return TRUE;
	dispatch_hear(d, event);
	if (!handle(d, event, now_ms, problems, error))
		return FALSE;
	/* A form that stays open comes again as the same view: its next submission is not a repetition. */
	return !(problems && *problems) || dispatch_unsee(d, event, error);
}

gboolean dispatch_quickly(
	struct dispatch *d, const struct event *event, int64_t now_ms, GArray **problems, GError **error)
{
	d->quick = TRUE;
	gboolean done = dispatch_event(d, event, now_ms, problems, error);
	d->quick = FALSE;
	return done;
}

gboolean dispatch_alone(
	struct dispatch *d, const struct event *event, int64_t now_ms, GArray **problems, GError **error)
{
	if (!db_savepoint(d->s.db, error))
		return FALSE;
	guint mark = outbox_mark(d->s.outbox);
	g_autoptr(GError) failed = NULL;
	if (dispatch_event(d, event, now_ms, problems, &failed))
		return db_release(d->s.db, error);
	if (dispatch_is_store_failure(failed)) {
		g_propagate_error(error, g_steal_pointer(&failed));
		return FALSE;
	}
	return dispatch_undo_to(d, mark, error) && dispatch_bury(d, event, "core", failed, now_ms, error);
}

static void run_start(struct turn *t, const struct event *event, gconstpointer ritual)
{
	(void)event;
	((const struct ritual *)ritual)->start(t);
}

gboolean dispatch_start(struct dispatch *d, int64_t now_ms, GError **error)
{
	for (const struct team *const *team = roster_teams(d->s.roster); *team; team++) {
		if (!dispatch_begin_to_hear(d, *team, now_ms, error) ||
			!dispatch_ask_members(d, *team, now_ms, error) ||
			!dispatch_ask_quick(d, (*team)->config->workspace_name, now_ms, error))
			return FALSE;
	}
	struct event *event = event_new(EVENT_DUE, NULL);
	gboolean done = TRUE;
	for (const struct ritual *const *r = d->s.rituals; done && *r; r++) {
		if ((*r)->start)
			done = dispatch_turn(d, event, (*r)->name, run_start, *r, now_ms, NULL, error);
	}
	event_free(event);
	return done;
}

gboolean dispatch_settle(struct dispatch *d, int64_t now_ms, GError **error)
{
	return dispatch_tell_news(d, now_ms, error) && dispatch_settle_heard(d, now_ms, error) && dispatch_forget_seen(d, now_ms, error);
}

void dispatch_rolled_back(struct dispatch *d)
{
	dispatch_forget_answer(d);
	dispatch_forget_heard(d);
	dispatch_forget_numbers(d);
}
