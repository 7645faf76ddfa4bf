/* SPDX-License-Identifier: MIT */
#include "core/dispatch.h"

#include "base/clock.h"
#include "base/log.h"
#include "core/command.h"
#include "core_sql.h"

/* Slack's last scheduled redelivery comes within a day with "delayed events"; two hours on top. */
#define SEEN_MS	 HOURS(26)
#define HEARD_MS DAYS(7) /* after a gap: teams' channels, and others heard in the week before it */
/* Somebody waits for it: after that their words count under the account's own name. */
#define ASK_PERSON_MS SECONDS(8)
#define LOST_FORM_MS  MINUTES(5) /* after that nobody remembers what they pressed */
/* What is old is looked for when so many events were kept, or so many batches passed. */
enum { SEEN_PER_FORGETTING = 1000, SETTLES_PER_FORGETTING = 50 };

/* What the events wait for that may yet turn out to be a team's; no account is called so. */
#define PLACING "#"

struct dispatch {
	struct dispatch_setup s;
	struct sequence seen, letters, parked;
	GHashTable *heard; /* "workspace\nchannel" → newest message id of this transaction */
	guint settles, seen_since; /* the last forgetting */
	GPtrArray *scratch;
};

struct dispatch *dispatch_new(const struct dispatch_setup *setup)
{
	struct dispatch *d = g_new0(struct dispatch, 1);
	d->s = *setup;
	d->seen.name = "seen";
	d->letters.name = "dead_letter";
	d->parked.name = "waiting";
	d->heard = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	d->scratch = g_ptr_array_new_with_free_func(g_free);
	return d;
}

void dispatch_free(struct dispatch *d)
{
	if (!d)
		return;
	g_hash_table_unref(d->heard);
	g_ptr_array_unref(d->scratch);
	g_free(d);
}

/* ---- turns ---- */

static void open_turn(struct dispatch *d, struct turn *t, const struct event *event, const char *ritual, int64_t now_ms)
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

static gboolean bury(struct dispatch *d, const struct event *event, const char *ritual, const GError *why, int64_t now_ms,
	GError **error)
{
	gint64 id = sequence_next(&d->letters, d->s.db, error);
	if (!id)
		return FALSE;
	g_autoptr(cJSON) tree = event_to_json(event);
	g_autofree char *text = json_print(tree);
	log_error("a ritual failed, its event is kept in the table dead_letter", "ritual", ritual, "event",
		event_kind_name(event->kind), "letter", id, "error", why->message);
	return db_exec(d->s.db, &SQL_CORE_BURY, error, ARG_INT(id), ARG_INT(now_ms), ARG_TEXT(ritual), ARG_TEXT(text),
		ARG_TEXT(why->message));
}

/* The one plain sentence to the person whose event failed; whoever just looked at a page has lost nothing. */
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
	return error->domain == DB_ERROR && error->code != DB_ERROR_CONSTRAINT && error->code != DB_ERROR_OTHER;
}

static void forget_numbers(struct dispatch *d)
{
	sequence_forget(&d->seen);
	sequence_forget(&d->letters);
	sequence_forget(&d->parked);
}

/* Everything since the savepoint, in the store and in memory, but for what was heard. */
static gboolean undo_to(struct dispatch *d, guint mark, GError **error)
{
	if (!db_undo(d->s.db, error) || !roster_reload(d->s.roster, error))
		return FALSE;
	outbox_undo_to(d->s.outbox, mark);
	schedule_rolled_back(d->s.schedule);
	forget_numbers(d);
	return TRUE;
}

typedef void turn_fn(struct turn *t, const struct event *event, gconstpointer data);

static gboolean run_turn(struct dispatch *d, const struct event *event, const char *ritual, turn_fn *run, gconstpointer data,
	int64_t now_ms, GArray **problems, GError **error)
{
	if (!db_savepoint(d->s.db, error))
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
		return db_release(d->s.db, error);
	/* A failure of the store takes the batch with it; any other is the ritual's own. */
	if (dispatch_is_store_failure(failed)) {
		g_propagate_error(error, g_steal_pointer(&failed));
		return FALSE;
	}
	return undo_to(d, mark, error) && bury(d, event, ritual, failed, now_ms, error) && apologise(d, event, now_ms, error);
}

static void run_trigger(struct turn *t, const struct event *event, gconstpointer trigger)
{
	((const struct trigger *)trigger)->run(t, event);
}

static void run_start(struct turn *t, const struct event *event, gconstpointer ritual)
{
	(void)event;
	((const struct ritual *)ritual)->start(t);
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
	gboolean named = event->kind == EVENT_PRESSED || event->kind == EVENT_SUBMITTED || event->kind == EVENT_FAILED ||
			 event->kind == EVENT_DUE;
	if (named && !names_ritual(event->word, ritual, &word))
		return FALSE;
	return !trigger->word || g_strcmp0(trigger->word, word) == 0;
}

/* Asked outside the savepoint, so `when` only looks. FALSE when it could not. */
static gboolean wants(struct dispatch *d, const struct trigger *trigger, const struct ritual *ritual, const struct event *event,
	int64_t now_ms, gboolean *yes, GError **error)
{
	*yes = fits(trigger, ritual, event);
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
		return bury(d, event, ritual->name, failed, now_ms, error);
	g_propagate_error(error, g_steal_pointer(&failed));
	return FALSE;
}

/* Its first trigger that fits runs. */
static gboolean wake(struct dispatch *d, const struct ritual *ritual, const struct event *event, int64_t now_ms,
	GArray **problems, gboolean *taken, GError **error)
{
	for (const struct trigger *trigger = ritual->triggers; trigger && trigger->run; trigger++) {
		gboolean yes;
		if (!wants(d, trigger, ritual, event, now_ms, &yes, error))
			return FALSE;
		if (!yes)
			continue;
		*taken = TRUE;
		return run_turn(d, event, ritual->name, run_trigger, trigger, now_ms, problems, error);
	}
	return TRUE;
}

static gboolean wake_rituals(struct dispatch *d, const struct event *event, int64_t now_ms, GArray **problems, gboolean *taken,
	GError **error)
{
	for (const struct ritual *const *r = d->s.rituals; *r; r++) {
		if (!wake(d, *r, event, now_ms, problems, taken, error))
			return FALSE;
		/* Words are for one listener; a reaction or a departure may concern many. */
		if (*taken && event->kind == EVENT_SAID)
			return TRUE;
	}
	return TRUE;
}

static gboolean handle_command(struct dispatch *d, const struct event *event, const char *text, int64_t now_ms, GError **error)
{
	struct command_match match;
	if (command_find(d->s.rituals, text, &match))
		return run_turn(d, event, match.ritual->name, run_command, &match, now_ms, NULL, error);
	return run_turn(d, event, "core", run_unknown, command_nearest(d->s.rituals, text), now_ms, NULL, error);
}

static gboolean is_one_word(const char *text)
{
	return *text && !strpbrk(text, " \t\n:;|");
}

static gboolean handle_said(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	gboolean to_bot = event->addressed || event->place.kind == PLACE_DIRECT;
	const char *text = event->text ? event->text : "";
	if (event->addressed && !*text)
		text = "help"; /* called by name, and nothing said */
	struct command_match match;
	if (to_bot && command_find(d->s.rituals, text, &match))
		return handle_command(d, event, text, now_ms, error);
	if (to_bot && is_one_word(text) && command_nearest(d->s.rituals, text))
		return handle_command(d, event, text, now_ms, error);
	gboolean taken = FALSE;
	if (!wake_rituals(d, event, now_ms, NULL, &taken, error))
		return FALSE;
	return taken || !to_bot || handle_command(d, event, text, now_ms, error);
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

static gboolean handle_for_rituals(struct dispatch *d, const struct event *event, int64_t now_ms, GArray **problems,
	GError **error)
{
	if (event->kind == EVENT_SAID)
		return handle_said(d, event, now_ms, error);
	if (event->kind == EVENT_COMMANDED)
		return handle_slash(d, event, now_ms, error);
	gboolean taken = FALSE;
	return wake_rituals(d, event, now_ms, problems, &taken, error);
}

/* ---- people ---- */

static gboolean concerns_us(struct dispatch *d, const struct event *event)
{
	return event->addressed || event->place.kind == PLACE_DIRECT || event->kind == EVENT_COMMANDED ||
	       event->kind == EVENT_PRESSED || event->kind == EVENT_SUBMITTED || event->kind == EVENT_OPENED_HOME ||
	       roster_team_at(d->s.roster, event->place.workspace, event->place.channel) != NULL;
}

/* deadline_ms: UTC; 0: none. */
static gboolean ask_person(struct dispatch *d, const char *workspace, const char *account, int64_t now_ms, int64_t deadline_ms,
	GError **error)
{
	struct outbox_row *row = outbox_make(d->s.outbox, OUTBOX_ASK_PERSON, workspace, now_ms, error);
	if (!row)
		return FALSE;
	row->person = g_strdup(account);
	row->deadline_ms = deadline_ms;
	return outbox_put(d->s.outbox, row, NULL, error);
}

/* Keeps the event for what it waits for: an account, or PLACING. */
static gboolean park(struct dispatch *d, const struct event *event, const char *reason, int64_t now_ms, GError **error)
{
	gint64 id = sequence_next(&d->parked, d->s.db, error);
	if (!id)
		return FALSE;
	g_autoptr(cJSON) tree = event_to_json(event);
	g_autofree char *text = json_print(tree);
	return db_exec(d->s.db, &SQL_CORE_PARK, error, ARG_INT(id), ARG_TEXT(event->place.workspace), ARG_TEXT(reason),
		ARG_INT(now_ms), ARG_TEXT(text));
}

/* Keeps the event until the directory has told who its person is, and asks once. */
static gboolean park_stranger(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	struct db_rows *rows =
		db_query(d->s.db, &SQL_CORE_IS_PARKED, ARG_TEXT(event->place.workspace), ARG_TEXT(event->person));
	gboolean asked = db_next(rows);
	return db_end(rows, error) && park(d, event, event->person, now_ms, error) &&
	       (asked || ask_person(d, event->place.workspace, event->person, now_ms, now_ms + ASK_PERSON_MS, error));
}

/* A team's channel is configured by name, and the platform has not told its id yet: this one may be it. */
static gboolean may_be_named(struct dispatch *d, const struct place *place)
{
	for (const struct team *const *t = roster_teams(d->s.roster); *t && place->channel; t++) {
		if (!(*t)->channel && strcmp((*t)->config->workspace_name, place->workspace) == 0)
			return TRUE;
	}
	return FALSE;
}

/*
 * At a start the platform is asked for the teams' channels and members. Until it has told, somebody may seem to be in
 * no team, and a channel nobody's: TRUE in *out when that is so and an answer is still to come.
 */
static gboolean waits_for_place(struct dispatch *d, const struct event *event, const struct person *person, gboolean *out,
	GError **error)
{
	const struct place *place = &event->place;
	*out = FALSE;
	gboolean open = person ? !roster_team_at(d->s.roster, place->workspace, place->channel) &&
				 !roster_next_team_of(d->s.roster, place->workspace, person, NULL)
			       : may_be_named(d, place);
	if (!open)
		return TRUE;
	struct db_rows *rows = db_query(d->s.db, &SQL_CORE_IS_UNDER_WAY, ARG_TEXT(place->workspace),
		ARG_INT(OUTBOX_ASK_CHANNEL), ARG_INT(OUTBOX_ASK_MEMBERS));
	*out = db_next(rows);
	return db_end(rows, error);
}

/* What became of a message can matter without word of who wrote it: the ritual that kept it knows. */
static gboolean may_be_anonymous(const struct event *event)
{
	return event->kind == EVENT_EDITED || event->kind == EVENT_DELETED;
}

static gboolean handle_of_person(struct dispatch *d, const struct event *event, int64_t now_ms, GArray **problems, GError **error)
{
	const struct place *place = &event->place;
	gboolean ours = concerns_us(d, event), waits;
	if (!event->person)
		return !ours || !may_be_anonymous(event) || handle_for_rituals(d, event, now_ms, problems, error);
	const struct person *person = ours ? roster_person(d->s.roster, place->workspace, event->person) : NULL;
	if (ours && !person)
		return park_stranger(d, event, now_ms, error);
	if (person && person->bot)
		return TRUE;
	if (!waits_for_place(d, event, person, &waits, error))
		return FALSE;
	if (waits || !ours)
		return !waits || park(d, event, PLACING, now_ms, error);
	const struct team *team = roster_team_at(d->s.roster, place->workspace, place->channel);
	if (team && event->kind == EVENT_SAID && !roster_add_member(d->s.roster, team, person, error))
		return FALSE;
	return handle_for_rituals(d, event, now_ms, problems, error);
}

static void hear(struct dispatch *d, const struct event *event)
{
	if (event->kind != EVENT_SAID || !event->message || !event->place.channel || !concerns_us(d, event))
		return;
	g_autofree char *key = g_strdup_printf("%s\n%s", event->place.workspace, event->place.channel);
	const char *known = g_hash_table_lookup(d->heard, key);
	if (!known || strcmp(known, event->message) < 0)
		g_hash_table_insert(d->heard, g_steal_pointer(&key), g_strdup(event->message));
}

/* The events that waited for this account, or for PLACING, in their order. */
static gboolean unpark(struct dispatch *d, const char *workspace, const char *account, int64_t now_ms, GError **error)
{
	g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
	struct db_rows *rows = db_query(d->s.db, &SQL_CORE_PARKED, ARG_TEXT(workspace), ARG_TEXT(account));
	while (db_next(rows)) {
		const char *text = db_text(rows, 1);
		g_autoptr(cJSON) tree = json_parse(text, strlen(text), NULL);
		struct event *event = tree ? event_from_json(tree, NULL) : NULL;
		if (event)
			g_ptr_array_add(events, event);
		else
			log_error("an event that waited cannot be read, dropping it", "row", db_int(rows, 0));
	}
	if (!db_end(rows, error))
		return FALSE;
	if (events->len == 0)
		return TRUE;
	if (!db_exec(d->s.db, &SQL_CORE_UNPARK, error, ARG_TEXT(workspace), ARG_TEXT(account)))
		return FALSE;
	for (guint i = 0; i < events->len; i++) {
		hear(d, events->pdata[i]); /* only now the channel may be known as a team's */
		if (!handle_of_person(d, events->pdata[i], now_ms, NULL, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean learn(struct dispatch *d, const char *workspace, const struct event_person *told, const struct team *team,
	int64_t now_ms, GError **error)
{
	const struct person_facts facts = { .account = told->account, .name = told->name, .handle = told->handle,
		.email = told->email, .zone = told->zone, .language = told->language, .bot = told->bot,
		.deactivated = told->deactivated };
	const struct person *person = roster_learn(d->s.roster, workspace, &facts, now_ms, error);
	if (!person)
		return FALSE;
	for (const struct team *const *t = roster_teams(d->s.roster); person->deactivated && *t; t++) {
		if (!roster_drop_member(d->s.roster, *t, person, error))
			return FALSE;
	}
	if (team && !person->bot && !person->deactivated && !roster_add_member(d->s.roster, team, person, error))
		return FALSE;
	return unpark(d, workspace, told->account, now_ms, error);
}

static gboolean handle_people(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	const char *workspace = event->place.workspace;
	for (guint i = 0; event->people && i < event->people->len; i++) {
		const struct event_person *told = &g_array_index(event->people, struct event_person, i);
		/* Looked up for each: an event that waited may have failed, and the roster was read anew. */
		const struct team *team = roster_team_at(d->s.roster, workspace, event->place.channel);
		/* A directory tells of the whole company; only who is in a team, or has written to us, is kept. */
		gboolean known = roster_person(d->s.roster, workspace, told->account) != NULL;
		gboolean asked = known || team || !event->receipt;
		if (told->account && asked && !learn(d, workspace, told, team, now_ms, error))
			return FALSE;
	}
	gboolean taken = FALSE;
	return wake_rituals(d, event, now_ms, NULL, &taken, error);
}

/* Without a deadline: a team that was not asked about while nothing was connected would stay unknown. */
static gboolean ask_members(struct dispatch *d, const struct team *team, int64_t now_ms, GError **error)
{
	gboolean named = team->channel == NULL;
	struct outbox_row *row = outbox_make(d->s.outbox, named ? OUTBOX_ASK_CHANNEL : OUTBOX_ASK_MEMBERS,
		team->config->workspace_name, now_ms, error);
	if (!row)
		return FALSE;
	row->channel = g_strdup(team->channel);
	row->word = named ? g_strdup(team->config->channel + 1) : NULL;
	return outbox_put(d->s.outbox, row, NULL, error);
}

/* The same, unless the question of an earlier start is still on its way. */
static gboolean ask_members_once(struct dispatch *d, const struct team *team, int64_t now_ms, GError **error)
{
	const char *subject = team->channel ? team->channel : team->config->channel + 1;
	struct db_rows *rows = db_query(d->s.db, &SQL_CORE_ASKED,
		ARG_INT(team->channel ? OUTBOX_ASK_MEMBERS : OUTBOX_ASK_CHANNEL), ARG_TEXT(team->config->workspace_name),
		ARG_TEXT(subject));
	gboolean asked = db_next(rows);
	return db_end(rows, error) && (asked || ask_members(d, team, now_ms, error));
}

/* The bot was let into a channel: perhaps one that a team's name could not be resolved to. */
static gboolean ask_unresolved(struct dispatch *d, const char *workspace, int64_t now_ms, GError **error)
{
	for (const struct team *const *t = roster_teams(d->s.roster); *t; t++) {
		if (!(*t)->channel && strcmp((*t)->config->workspace_name, workspace) == 0 &&
			!ask_members_once(d, *t, now_ms, error))
			return FALSE;
	}
	return TRUE;
}

/* From now on what is said in a team's channel is ours: also before anything has been heard there. */
static gboolean begin_to_hear(struct dispatch *d, const struct team *team, int64_t now_ms, GError **error)
{
	return !team->channel || db_exec(d->s.db, &SQL_CORE_BEGIN_TO_HEAR, error, ARG_TEXT(team->config->workspace_name),
					 ARG_TEXT(team->channel), ARG_INT(now_ms));
}

static gboolean handle_channel(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	if (!event->place.channel) {
		log_error("no channel of this name: create it or invite the bot", "workspace", event->place.workspace,
			"channel", event->text);
		return TRUE;
	}
	if (!roster_set_channel(d->s.roster, event->place.workspace, event->text, event->place.channel, error))
		return FALSE;
	const struct team *team = roster_team_at(d->s.roster, event->place.workspace, event->place.channel);
	return !team || (begin_to_hear(d, team, now_ms, error) && ask_members(d, team, now_ms, error));
}

static gboolean handle_membership(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	const struct team *team = roster_team_at(d->s.roster, event->place.workspace, event->place.channel);
	if (!team && event->kind == EVENT_JOINED && !event->person)
		return ask_unresolved(d, event->place.workspace, now_ms, error);
	if (!team)
		return TRUE;
	const struct person *person =
		event->person ? roster_person(d->s.roster, event->place.workspace, event->person) : NULL;
	if (event->kind == EVENT_LEFT && person && !roster_drop_member(d->s.roster, team, person, error))
		return FALSE;
	/* Whoever joins, the bot itself too: the channel's list tells it with all facts. */
	if (event->kind == EVENT_JOINED && !ask_members(d, team, now_ms, error))
		return FALSE;
	if (event->kind == EVENT_LEFT && !event->person)
		log_warning("the bot was removed from a team's channel: invite it again", "team", team->config->name);
	gboolean taken = FALSE;
	return wake_rituals(d, event, now_ms, NULL, &taken, error);
}

/* ---- a gap ---- */

/* A channel of which the past is to be read: since when, or since which message. */
struct past {
	char *channel, *message;
	int64_t since_ms;
};

static void past_free(gpointer data)
{
	struct past *past = data;
	g_free(past->channel);
	g_free(past->message);
	g_free(past);
}

/* pasts: channel → struct past. */
static gboolean note_pasts(struct db_rows *take, GHashTable *pasts, GError **error)
{
	struct db_rows *rows = take;
	while (db_next(rows)) {
		struct past *past = g_new0(struct past, 1);
		*past = (struct past){ g_strdup(db_text(rows, 0)), g_strdup(db_text(rows, 1)), db_int(rows, 2) };
		g_hash_table_replace(pasts, past->channel, past);
	}
	return db_end(rows, error);
}

static gboolean ask_history(struct dispatch *d, const char *workspace, const struct past *past, int64_t now_ms, GError **error)
{
	struct outbox_row *row = outbox_make(d->s.outbox, OUTBOX_ASK_HISTORY, workspace, now_ms, error);
	if (!row)
		return FALSE;
	row->channel = g_strdup(past->channel);
	if (*past->message)
		row->message = g_strdup(past->message);
	else
		row->word = g_strdup_printf("%" G_GINT64_FORMAT, past->since_ms);
	return outbox_put(d->s.outbox, row, NULL, error);
}

/* A team's channel however long it was quiet: a gap on the first morning after the holidays is one like any other. */
static gboolean find_pasts(struct dispatch *d, const char *workspace, int64_t since_ms, GHashTable *pasts, GError **error)
{
	for (const struct team *const *t = roster_teams(d->s.roster); *t; t++) {
		if (!(*t)->channel || strcmp((*t)->config->workspace_name, workspace) != 0)
			continue;
		if (!note_pasts(db_query(d->s.db, &SQL_CORE_HEARD_IN, ARG_TEXT(workspace), ARG_TEXT((*t)->channel)), pasts, error))
			return FALSE;
	}
	return note_pasts(db_query(d->s.db, &SQL_CORE_HEARD_SINCE, ARG_TEXT(workspace), ARG_INT(since_ms)), pasts, error);
}

static gboolean handle_gap(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	const char *workspace = event->place.workspace;
	int64_t began_ms = event->at_ms > 0 ? event->at_ms : now_ms;
	g_autoptr(GHashTable) pasts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, past_free);
	if (!find_pasts(d, workspace, began_ms - HEARD_MS, pasts, error))
		return FALSE;
	log_info("reading what was missed", "workspace", workspace, "away_ms", event->at_ms > 0 ? event->until_ms - event->at_ms : 0,
		"channels", g_hash_table_size(pasts));
	GHashTableIter iter;
	gpointer past;
	g_hash_table_iter_init(&iter, pasts);
	while (g_hash_table_iter_next(&iter, NULL, &past)) {
		if (!ask_history(d, workspace, past, now_ms, error))
			return FALSE;
	}
	return TRUE;
}

/* ---- the event ---- */

/* The number under which an event that none of whose keys was seen before is on record now; 0: it has been seen, or
 * has no keys (*fresh tells). */
static gboolean see(struct dispatch *d, const struct event *event, int64_t now_ms, gboolean *fresh, gint64 *seen, GError **error)
{
	*fresh = TRUE;
	*seen = 0;
	if (!event->keys[0] && !event->keys[1] && !event->keys[2])
		return TRUE;
	gint64 id = sequence_next(&d->seen, d->s.db, error);
	if (!id || !db_exec(d->s.db, &SQL_CORE_SEE, error, ARG_INT(id), ARG_INT(now_ms), ARG_TEXT(event->place.workspace),
			   ARG_TEXT(event->keys[0]), ARG_TEXT(event->keys[1]), ARG_TEXT(event->keys[2])))
		return FALSE;
	*fresh = db_changes(d->s.db) > 0;
	*seen = *fresh ? id : 0;
	d->seen_since += *fresh ? 1 : 0;
	return TRUE;
}

static gboolean is_about(const struct event *report, enum outbox_kind kind)
{
	return g_strcmp0(report->value, outbox_kind_name(kind)) == 0;
}

static gboolean end_reported(struct dispatch *d, const struct event *event, int64_t now_ms, struct outbox_row **lost,
	GError **error)
{
	if (event->kind == EVENT_SENT)
		return outbox_sent(d->s.outbox, event->row, event->place.channel, event->message, now_ms, error);
	return outbox_failed(d->s.outbox, event->row, g_strcmp0(event->word, OUTBOX_GONE) == 0, now_ms, lost, error);
}

/* A form that did not open: somebody waits for it, so its ritual is told whose and which it was. */
static gboolean tell_lost_form(struct dispatch *d, const struct outbox_row *row, int64_t now_ms, GError **error)
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
	gboolean taken = FALSE, done = wake_rituals(d, event, now_ms, NULL, &taken, error);
	event_free(event);
	return done;
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
		return unpark(d, workspace, PLACING, now_ms, error);
	const char *asked = lost && lost->kind == OUTBOX_ASK_PERSON ? lost->person : NULL;
	if (!asked || roster_person(d->s.roster, workspace, asked))
		return TRUE;
	/*
	 * Nobody has told who it is: whatever waited for it is handled with the account's own name. When it was only
	 * too late, it is asked once more, with all the time in the world.
	 */
	return learn(d, workspace, &(struct event_person){ .account = (char *)asked }, NULL, now_ms, error) &&
	       (g_strcmp0(event->word, OUTBOX_GONE) != 0 || ask_person(d, workspace, asked, now_ms, 0, error));
}

static gboolean handle_due(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	/* Ended first and outside the turn: a job whose ritual fails must not ring for ever. */
	gboolean was_due, taken = FALSE;
	if (!schedule_finish(d->s.schedule, event->row, event->at_ms, &was_due, error))
		return FALSE;
	return !was_due || wake_rituals(d, event, now_ms, NULL, &taken, error);
}

static gboolean handle(struct dispatch *d, const struct event *event, int64_t now_ms, GArray **problems, GError **error)
{
	switch (event->kind) {
	case EVENT_SENT:
	case EVENT_FAILED:
		return handle_report(d, event, now_ms, error);
	case EVENT_DUE:
		return handle_due(d, event, now_ms, error);
	case EVENT_PEOPLE:
		return handle_people(d, event, now_ms, error);
	case EVENT_CHANNEL:
		return handle_channel(d, event, now_ms, error);
	case EVENT_JOINED:
	case EVENT_LEFT:
		return handle_membership(d, event, now_ms, error);
	case EVENT_GAP:
		return handle_gap(d, event, now_ms, error);
	case EVENT_SAID:
	case EVENT_EDITED:
	case EVENT_DELETED:
	case EVENT_REACTED:
	case EVENT_UNREACTED:
	case EVENT_PRESSED:
	case EVENT_SUBMITTED:
	case EVENT_COMMANDED:
	case EVENT_OPENED_HOME:
		return handle_of_person(d, event, now_ms, problems, error);
	case EVENT_KIND_COUNT:
		break;
	}
	g_return_val_if_reached(TRUE);
}

gboolean dispatch_event(struct dispatch *d, const struct event *event, int64_t now_ms, GArray **problems, GError **error)
{
	gboolean fresh;
	gint64 seen;
	if (!see(d, event, now_ms, &fresh, &seen, error))
		return FALSE;
	if (!fresh)
		return TRUE;
	hear(d, event);
	if (!handle(d, event, now_ms, problems, error))
		return FALSE;
	/* A form that stays open comes again as the same view: its next submission is not a repetition. */
	return !(problems && *problems && seen) || db_exec(d->s.db, &SQL_CORE_UNSEE, error, ARG_INT(seen));
}

gboolean dispatch_alone(struct dispatch *d, const struct event *event, int64_t now_ms, GArray **problems, GError **error)
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
	return undo_to(d, mark, error) && bury(d, event, "core", failed, now_ms, error);
}

gboolean dispatch_start(struct dispatch *d, int64_t now_ms, GError **error)
{
	for (const struct team *const *team = roster_teams(d->s.roster); *team; team++) {
		if (!begin_to_hear(d, *team, now_ms, error) || !ask_members_once(d, *team, now_ms, error))
			return FALSE;
	}
	struct event *event = event_new(EVENT_DUE, NULL);
	gboolean done = TRUE;
	for (const struct ritual *const *r = d->s.rituals; done && *r; r++) {
		if ((*r)->start)
			done = run_turn(d, event, (*r)->name, run_start, *r, now_ms, NULL, error);
	}
	event_free(event);
	return done;
}

gboolean dispatch_settle(struct dispatch *d, int64_t now_ms, GError **error)
{
	GHashTableIter iter;
	gpointer key, message;
	g_hash_table_iter_init(&iter, d->heard);
	while (g_hash_table_iter_next(&iter, &key, &message)) {
		const char *channel = strchr(key, '\n') + 1;
		if (!db_exec(d->s.db, &SQL_CORE_HEAR, error, ARG_TEXT_LEN(key, channel - 1 - (const char *)key),
			    ARG_TEXT(channel), ARG_TEXT(message), ARG_INT(now_ms)))
			return FALSE;
	}
	g_hash_table_remove_all(d->heard);
	if (++d->settles < SETTLES_PER_FORGETTING && d->seen_since < SEEN_PER_FORGETTING)
		return TRUE;
	/* More than came since: the table shrinks whatever the load. */
	guint most = SEEN_PER_FORGETTING + 2 * d->seen_since;
	d->settles = d->seen_since = 0;
	return db_exec(d->s.db, &SQL_CORE_FORGET_SEEN, error, ARG_INT(now_ms - SEEN_MS), ARG_INT(most));
}

void dispatch_rolled_back(struct dispatch *d)
{
	g_hash_table_remove_all(d->heard);
	forget_numbers(d);
}
