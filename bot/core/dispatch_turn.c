/* SPDX-License-Identifier: MIT */
#include "core/dispatch_private.h"

#include "base/log.h"
#include "core/command.h"
#include "core_sql.h"

static void open_turn(
	struct dispatch *d, struct turn *t, const struct event *event, const char *ritual, int64_t now_ms)
{
	const struct place *place = &event->place;
	*t = (struct turn){
		.now_ms = now_ms,
		.event = event,
		.ritual = ritual,
		.db = d->s.db,
		.roster = d->s.roster,
		.outbox = d->s.outbox,
		.schedule = d->s.schedule,
		.texts = d->s.texts,
		.rituals = d->s.rituals,
		.scratch = d->scratch,
		.finding = &d->finding,
		.facts = d->facts,
	};
	if (!place->workspace)
		return;
	t->person = event->person ? roster_person(d->s.roster, place->workspace, event->person) : NULL;
	t->team = roster_team_at(d->s.roster, place->workspace, place->channel);
	if (!t->team && t->person)
		t->team = roster_next_team_of(d->s.roster, place->workspace, t->person, NULL);
}

static void release_turn(struct turn *t)
{
	g_clear_pointer(&t->about, g_free);
	g_clear_pointer(&t->problems, g_array_unref);
	g_clear_error(&t->error);
	g_ptr_array_set_size(t->scratch, 0);
}

gboolean dispatch_bury(struct dispatch *d, const struct event *event, const char *ritual, const GError *why,
	int64_t now_ms, GError **error)
{
	gint64 id = sequence_next(&d->letters, d->s.db, error);
	if (!id)
		return FALSE;
	g_autoptr(cJSON) tree = event_to_json(event);
	g_autofree char *text = json_print(tree);
	log_error("a ritual failed, its event is kept in the table dead_letter", "ritual", ritual, "event",
		event_kind_name(event->kind), "letter", id, "error", why->message);
	return db_exec(d->s.db, &SQL_CORE_BURY, error, ARG_INT(id), ARG_INT(now_ms), ARG_TEXT(ritual),
		ARG_TEXT(text), ARG_TEXT(why->message));
}

/* To the person whose event failed; whoever just looked at a page has lost nothing. */
static gboolean apologise(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	if (!event->person || event->kind == EVENT_OPENED_HOME)
		return TRUE;
	struct turn t;
	open_turn(d, &t, event, "core", now_ms);
	turn_whisper(&t, turn_text(&t, "core.failed"));
	GError *failed = g_steal_pointer(&t.error);
	release_turn(&t);
	if (failed)
		g_propagate_error(error, failed);
	return failed == NULL;
}

gboolean dispatch_is_store_failure(const GError *error)
{
	return error->domain == DB_ERROR && error->code != DB_ERROR_CONSTRAINT &&
	       error->code != DB_ERROR_OTHER;
}

void dispatch_forget_numbers(struct dispatch *d)
{
	sequence_forget(&d->letters);
	sequence_forget(&d->parked);
}

/* Everything since the savepoint, in the store and in memory, but for what was heard. */
gboolean dispatch_undo_to(struct dispatch *d, guint mark, GError **error)
{
	if (!db_undo(d->s.db, error) || !roster_reload(d->s.roster, error))
		return FALSE;
	outbox_undo_to(d->s.outbox, mark);
	schedule_rolled_back(d->s.schedule);
	dispatch_forget_numbers(d);
	if (d->facts)
		g_array_set_size(d->facts, 0);
	return TRUE;
}

gboolean dispatch_turn(struct dispatch *d, const struct event *event, const char *ritual,
	dispatch_turn_fn *run, gconstpointer data, int64_t now_ms, GArray **problems, GError **error)
{
	if (!d->quick && !db_savepoint(d->s.db, error))
		return FALSE;
	guint mark = outbox_mark(d->s.outbox);
	struct turn t;
	open_turn(d, &t, event, ritual, now_ms);
	run(&t, event, data);
	g_autoptr(GError) failed = g_steal_pointer(&t.error);
	if (!failed && t.problems && problems && !*problems)
		*problems = g_steal_pointer(&t.problems);
	release_turn(&t);
	if (!failed)
		return d->quick || db_release(d->s.db, error);
	/* A failure of the store takes the batch with it; any other is the ritual's own. */
	if (d->quick || dispatch_is_store_failure(failed)) {
		g_propagate_error(error, g_steal_pointer(&failed));
		return FALSE;
	}
	return dispatch_undo_to(d, mark, error) && dispatch_bury(d, event, ritual, failed, now_ms, error) &&
	       apologise(d, event, now_ms, error);
}

static void run_trigger(struct turn *t, const struct event *event, gconstpointer trigger)
{
	((const struct trigger *)trigger)->run(t, event);
}

static void run_command(struct turn *t, const struct event *event, gconstpointer data)
{
	const struct command_match *match = data;
	match->command->run(t, event, match->rest);
}

static void run_unknown(struct turn *t, const struct event *event, gconstpointer nearest)
{
	(void)event;
	if (nearest)
		turn_whisper(t, turn_text(t, "core.unknown_near", TEXT_ARG("word", (const char *)nearest)));
	else
		turn_whisper(t, turn_text(t, "core.unknown"));
}

/* ---- which ritual ---- */

/* "standup.remind" concerns the ritual "standup"; *word: what follows the dot. */
static gboolean names_ritual(const char *name, const struct ritual *ritual, const char **word)
{
	gsize length = strlen(ritual->name);
	if (!name || strncmp(name, ritual->name, length) != 0 || name[length] != '.')
		return FALSE;
	*word = name + length + 1;
	return TRUE;
}

static gboolean fits(const struct trigger *trigger, const struct ritual *ritual, const struct event *event)
{
	const char *word = event->word;
	if (trigger->kind != event->kind)
		return FALSE;
	gboolean named = event->kind == EVENT_PRESSED || event->kind == EVENT_SUBMITTED ||
			 event->kind == EVENT_FAILED || event->kind == EVENT_DUE || event->kind == EVENT_FOUND ||
			 event->kind == EVENT_REQUESTED;
	if (named && !trigger->of_others && !names_ritual(event->word, ritual, &word))
		return FALSE;
	return !trigger->word || g_strcmp0(trigger->word, word) == 0;
}

/* A press or a form that no ritual has made concerns nobody. */
static gboolean is_anybodys(const struct dispatch *d, const struct event *event)
{
	const char *word;
	for (const struct ritual *const *r = d->s.rituals; *r; r++)
		if (names_ritual(event->word, *r, &word))
			return TRUE;
	return FALSE;
}

/* Asked outside the savepoint, so `when` only looks. FALSE when it could not. */
static gboolean wants(struct dispatch *d, const struct trigger *trigger, const struct ritual *ritual,
	const struct event *event, int64_t now_ms, gboolean *yes, GError **error)
{
	*yes = fits(trigger, ritual, event) && (trigger->anywhere || !dispatch_is_elsewhere(d, event)) &&
	       (trigger->overhears || !dispatch_is_overheard(d, event)) && (!trigger->of_others || is_anybodys(d, event));
	if (!*yes || !trigger->when)
		return TRUE;
	struct turn t;
	open_turn(d, &t, event, ritual->name, now_ms);
	*yes = trigger->when(&t, event);
	g_autoptr(GError) failed = g_steal_pointer(&t.error);
	release_turn(&t);
	if (!failed)
		return TRUE;
	*yes = FALSE;
	if (!dispatch_is_store_failure(failed))
		return dispatch_bury(d, event, ritual->name, failed, now_ms, error);
	g_propagate_error(error, g_steal_pointer(&failed));
	return FALSE;
}

static void forget_finding(struct dispatch *d)
{
	if (d->finding.data)
		d->finding.free(g_steal_pointer(&d->finding.data));
}

/* Its first trigger that fits runs: of those that yield, or of the others. */
static gboolean wake_first(struct dispatch *d, const struct ritual *ritual, const struct event *event, gboolean yielding,
	int64_t now_ms, GArray **problems, gboolean *taken, GError **error)
{
	for (const struct trigger *trigger = ritual->triggers; trigger && trigger->run; trigger++) {
		gboolean yes = trigger->yields == yielding;
		if (yes && !wants(d, trigger, ritual, event, now_ms, &yes, error))
			return FALSE;
		if (!yes)
			continue;
		*taken = TRUE;
		return dispatch_turn(d, event, ritual->name, run_trigger, trigger, now_ms, problems, error);
	}
	return TRUE;
}

static gboolean wake(struct dispatch *d, const struct ritual *ritual, const struct event *event, gboolean yielding, int64_t now_ms,
	GArray **problems, gboolean *taken, GError **error)
{
	gboolean done = wake_first(d, ritual, event, yielding, now_ms, problems, taken, error);
	forget_finding(d);
	return done;
}

static gboolean wake_all(struct dispatch *d, const struct event *event, gboolean yielding, int64_t now_ms, GArray **problems,
	gboolean *taken, GError **error)
{
	for (const struct ritual *const *r = d->s.rituals; *r; r++) {
		if (!wake(d, *r, event, yielding, now_ms, problems, taken, error))
			return FALSE;
		/* Words are for one listener; a reaction or a departure may concern many. */
		if (*taken && event->kind == EVENT_SAID)
			return TRUE;
	}
	return TRUE;
}

/* What was edited is first of all the business of whoever keeps it. */
static gboolean wake_owner(struct dispatch *d, const struct event *event, int64_t now_ms, gboolean *taken, GError **error)
{
	for (const struct ritual *const *r = d->s.rituals; *r; r++) {
		for (const struct trigger *trigger = (*r)->triggers; trigger && trigger->run; trigger++) {
			if (!trigger->owns || trigger->kind != event->kind)
				continue;
			if (!wants(d, trigger, *r, event, now_ms, taken, error))
				return FALSE;
			if (*taken)
				return dispatch_turn(d, event, (*r)->name, run_trigger, trigger, now_ms, NULL, error);
		}
	}
	return TRUE;
}

gboolean dispatch_wake(struct dispatch *d, const struct event *event, int64_t now_ms, GArray **problems,
	gboolean *taken, GError **error)
{
	if (event->kind == EVENT_EDITED && !wake_owner(d, event, now_ms, taken, error))
		return FALSE;
	if (*taken)
		return TRUE;
	if (!wake_all(d, event, FALSE, now_ms, problems, taken, error))
		return FALSE;
	return *taken || event->kind != EVENT_SAID || wake_all(d, event, TRUE, now_ms, problems, taken, error);
}

/* A word that some ritual waits for is no slip of a command. */
static gboolean is_awaited(struct dispatch *d, const struct event *event, int64_t now_ms, gboolean *yes, GError **error)
{
	*yes = FALSE;
	for (const struct ritual *const *r = d->s.rituals; *r && !*yes; r++) {
		for (const struct trigger *trigger = (*r)->triggers; trigger && trigger->run && !*yes; trigger++)
			if (trigger->takes_a_word && !wants(d, trigger, *r, event, now_ms, yes, error))
				return FALSE;
		forget_finding(d);
	}
	return TRUE;
}

static gboolean handle_command(
	struct dispatch *d, const struct event *event, const char *text, int64_t now_ms, GError **error)
{
	struct command_match match;
	if (command_find(d->s.rituals, text, &match))
		return dispatch_turn(d, event, match.ritual->name, run_command, &match, now_ms, NULL, error);
	return dispatch_turn(
		d, event, "core", run_unknown, command_nearest(d->s.rituals, text), now_ms, NULL, error);
}

static gboolean is_one_word(const char *text)
{
	return *text && !strpbrk(text, " \t\n:;|");
}

static void run_called(struct turn *t, const struct event *event, gconstpointer nearest)
{
	(void)event;
	turn_whisper(t, nearest ? turn_text(t, "core.called_near", TEXT_ARG("word", (const char *)nearest))
				: turn_text(t, "core.called"));
}

/* The bot was named in a sentence that was for nobody: how to speak with it, but not each time somebody names it. */
static gboolean hint_how_to_call(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	g_autofree char *key = g_strdup_printf("called %s", event->person);
	gboolean first;
	if (!dispatch_first_time(d, event->place.workspace, key, now_ms, &first, error))
		return FALSE;
	const char *nearest = is_one_word(event->call) ? command_nearest(d->s.rituals, event->call) : NULL;
	return !first || dispatch_turn(d, event, "core", run_called, nearest, now_ms, NULL, error);
}

/* *done: it was a command. */
static gboolean handle_call(struct dispatch *d, const struct event *event, int64_t now_ms, gboolean *done, GError **error)
{
	struct command_match match;
	*done = event->call && command_find_in_talk(d->s.rituals, event->call, &match);
	return !*done || dispatch_turn(d, event, match.ritual->name, run_command, &match, now_ms, NULL, error);
}

static gboolean handle_said(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	gboolean to_bot = event->addressed || event->place.kind == PLACE_DIRECT;
	const char *text = event->text ? event->text : "";
	if (to_bot && *text == '/') /* where no commands with a slash are, people write them all the same */
		text++;
	if (event->addressed && !*text)
		text = "help"; /* called by name, and nothing said */
	struct command_match match;
	gboolean slip = to_bot && is_one_word(text) && command_nearest(d->s.rituals, text), awaited;
	if (to_bot && command_find(d->s.rituals, text, &match))
		return handle_command(d, event, text, now_ms, error);
	if (slip && !is_awaited(d, event, now_ms, &awaited, error))
		return FALSE;
	if (slip && !awaited)
		return handle_command(d, event, text, now_ms, error);
	/* A list of parts may be an answer that names the bot: rituals see it first. */
	gboolean taken = FALSE, list = command_is_list(text);
	return (list || handle_call(d, event, now_ms, &taken, error)) &&
	       (taken || dispatch_wake(d, event, now_ms, NULL, &taken, error)) &&
	       (taken || !list || handle_call(d, event, now_ms, &taken, error)) &&
	       (taken || !to_bot || !*text || handle_command(d, event, text, now_ms, error)) && /* a sticker asks nothing */
	       (taken || to_bot || !event->call || hint_how_to_call(d, event, now_ms, error));
}

static gboolean handle_slash(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	const char *text = event->text ? event->text : "";
	/* /belltower is the house itself: its words are commands; /standup is one. */
	if (g_strcmp0(event->word, "belltower") == 0)
		return handle_command(d, event, *text ? text : "help", now_ms, error);
	g_autofree char *whole = g_strdup_printf("%s %s", event->word ? event->word : "", text);
	return handle_command(d, event, whole, now_ms, error);
}

gboolean dispatch_to_rituals(
	struct dispatch *d, const struct event *event, int64_t now_ms, GArray **problems, GError **error)
{
	if (event->kind == EVENT_SAID)
		return handle_said(d, event, now_ms, error);
	if (event->kind == EVENT_COMMANDED)
		return handle_slash(d, event, now_ms, error);
	gboolean taken = FALSE;
	return dispatch_wake(d, event, now_ms, problems, &taken, error);
}
