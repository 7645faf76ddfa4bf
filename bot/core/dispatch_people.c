/* SPDX-License-Identifier: MIT */
#include "core/dispatch_private.h"

#include "base/clock.h"
#include "base/log.h"
#include "core_sql.h"

/* Somebody waits for it: after that their words count under the account's own name. */
#define ASK_PERSON_MS SECONDS(8)

gboolean dispatch_concerns_us(struct dispatch *d, const struct event *event)
{
	return event->addressed || event->call || event->place.kind == PLACE_DIRECT || event->kind == EVENT_COMMANDED ||
	       event->kind == EVENT_PRESSED || event->kind == EVENT_SUBMITTED ||
	       event->kind == EVENT_OPENED_HOME ||
	       roster_team_at(d->s.roster, event->place.workspace, event->place.channel) != NULL ||
	       roster_quick_team(d->s.roster, event->place.workspace, event->place.channel, NULL) != NULL;
}

/* deadline_ms: UTC; 0: none. */
gboolean dispatch_ask_person(struct dispatch *d, const char *workspace, const char *account, int64_t now_ms,
	int64_t deadline_ms, GError **error)
{
	struct outbox_row *row = outbox_make(d->s.outbox, OUTBOX_ASK_PERSON, workspace, now_ms, error);
	if (!row)
		return FALSE;
	row->person = g_strdup(account);
	row->deadline_ms = deadline_ms;
	return outbox_put(d->s.outbox, row, NULL, error);
}

/* Keeps the event for what it waits for: an account, or PLACING. */
static gboolean park(
	struct dispatch *d, const struct event *event, const char *reason, int64_t now_ms, GError **error)
{
	gint64 id = sequence_next(&d->parked, d->s.db, error);
	if (!id)
		return FALSE;
	g_autoptr(cJSON) tree = event_to_json(event);
	g_autofree char *text = json_print(tree);
	return db_exec(d->s.db, &SQL_CORE_PARK, error, ARG_INT(id), ARG_TEXT(event->place.workspace),
		ARG_TEXT(reason), ARG_INT(now_ms), ARG_TEXT(text));
}

gboolean dispatch_is_waited_for(
	struct dispatch *d, const char *workspace, const char *account, gboolean *out, GError **error)
{
	struct db_rows *rows = db_query(d->s.db, &SQL_CORE_IS_PARKED, ARG_TEXT(workspace), ARG_TEXT(account));
	*out = db_next(rows);
	return db_end(rows, error);
}

/* Keeps the event until the directory has told who its person is, and asks once. */
static gboolean park_stranger(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	gboolean asked;
	return dispatch_is_waited_for(d, event->place.workspace, event->person, &asked, error) && park(d, event, event->person, now_ms, error) &&
	       (asked || dispatch_ask_person(d, event->place.workspace, event->person, now_ms,
				 now_ms + ASK_PERSON_MS, error));
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
 * At a start the platform is asked for the teams' channels and members. Until it has told, somebody may seem
 * to be in no team, and a channel nobody's: TRUE in *out when that is so and an answer is still to come.
 */
static gboolean waits_for_place(struct dispatch *d, const struct event *event, const struct person *person,
	gboolean *out, GError **error)
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

gboolean dispatch_is_elsewhere(struct dispatch *d, const struct event *event)
{
	/* All else is of time, delivery or people, or is not heard there. */
	gboolean may_be = event->kind == EVENT_REACTED || event->kind == EVENT_UNREACTED || event->kind == EVENT_EDITED ||
			  event->kind == EVENT_DELETED;
	return may_be && !dispatch_concerns_us(d, event);
}

gboolean dispatch_is_overheard(struct dispatch *d, const struct event *event)
{
	return event->kind == EVENT_SAID && event->place.kind == PLACE_CHANNEL && !event->addressed && !event->call &&
	       !roster_team_at(d->s.roster, event->place.workspace, event->place.channel);
}

/* A ritual listens where no team meets, too. */
static gboolean is_heard_anywhere(const struct dispatch *d, const struct event *event)
{
	for (const struct ritual *const *r = d->s.rituals; *r; r++)
		for (const struct trigger *trigger = (*r)->triggers; trigger && trigger->run; trigger++)
			if (trigger->anywhere && trigger->kind == event->kind)
				return TRUE;
	return FALSE;
}

/* What became of a message can matter without word of who wrote it: the ritual that kept it knows. */
static gboolean may_be_anonymous(const struct event *event)
{
	return event->kind == EVENT_EDITED || event->kind == EVENT_DELETED;
}

gboolean dispatch_of_person(
	struct dispatch *d, const struct event *event, int64_t now_ms, GArray **problems, GError **error)
{
	const struct place *place = &event->place;
	gboolean ours = dispatch_concerns_us(d, event), waits;
	gboolean heard = ours || is_heard_anywhere(d, event);
	if (!event->person)
		return !heard || !may_be_anonymous(event) ||
		       dispatch_to_rituals(d, event, now_ms, problems, error);
	const struct person *person =
		heard ? roster_person(d->s.roster, place->workspace, event->person) : NULL;
	if (ours && !person)
		return park_stranger(d, event, now_ms, error);
	ours = ours || person; /* a stranger elsewhere is nobody to us */
	if (person && person->bot)
		return TRUE;
	if (!waits_for_place(d, event, person, &waits, error))
		return FALSE;
	if (waits || !ours)
		return !waits || park(d, event, PLACING, now_ms, error);
	const struct team *team = roster_team_at(d->s.roster, place->workspace, place->channel);
	if (team && event->kind == EVENT_SAID && !roster_add_member(d->s.roster, team, person, error))
		return FALSE;
	return dispatch_to_rituals(d, event, now_ms, problems, error);
}

static gboolean handle_parked(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	gboolean gone;
	if (event->kind == EVENT_JOINED)
		return dispatch_membership(d, event, now_ms, error);
	dispatch_hear(d, event); /* only now the channel may be known as a team's */
	return dispatch_is_gone(d, event, &gone, error) && (gone || dispatch_of_person(d, event, now_ms, NULL, error));
}

/* The events that waited for this account, or for PLACING, in their order. */
gboolean dispatch_unpark(
	struct dispatch *d, const char *workspace, const char *account, int64_t now_ms, GError **error)
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
		if (!handle_parked(d, events->pdata[i], now_ms, error))
			return FALSE;
	}
	return TRUE;
}

gboolean dispatch_learn(struct dispatch *d, const char *workspace, const struct event_person *told,
	const char *channel, int64_t now_ms, GError **error)
{
	const struct person_facts facts = { .account = told->account,
		.name = told->name,
		.handle = told->handle,
		.email = told->email,
		.zone = told->zone,
		.language = told->language,
		.bot = told->bot,
		.deactivated = told->deactivated };
	const struct person *person = roster_learn(d->s.roster, workspace, &facts, now_ms, error);
	if (!person)
		return FALSE;
	for (const struct team *const *t = roster_teams(d->s.roster); told->deactivated && *t; t++) {
		if (strcmp((*t)->config->workspace_name, workspace) == 0 && !roster_drop_member(d->s.roster, *t, person, error))
			return FALSE;
	}
	/* Looked up anew: to learn who somebody is may have read the whole roster again. */
	const struct team *team = roster_team_at(d->s.roster, workspace, channel);
	if (team && !told->bot && !told->deactivated && !roster_add_member(d->s.roster, team, person, error))
		return FALSE;
	return dispatch_unpark(d, workspace, told->account, now_ms, error);
}

/* Who left the channel while we were away leaves the team; only when the list is the whole truth. */
static gboolean drop_absent(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	const char *workspace = event->place.workspace;
	const struct team *team = roster_team_at(d->s.roster, workspace, event->place.channel);
	if (!team || !event->people || g_strcmp0(event->value, EVENT_PEOPLE_ALL) != 0)
		return TRUE;
	g_autoptr(GHashTable) present = g_hash_table_new(g_direct_hash, g_direct_equal);
	for (guint i = 0; i < event->people->len; i++) {
		const struct event_person *told = &g_array_index(event->people, struct event_person, i);
		g_hash_table_add(present, (gpointer)roster_person(d->s.roster, workspace, told->account));
	}
	g_autoptr(GList) members = g_hash_table_get_keys(team->present);
	for (const GList *l = members; l; l = l->next) {
		/* Perhaps they have left more than the channel: the directory knows. */
		if (!g_hash_table_contains(present, l->data) &&
			(!roster_drop_member(d->s.roster, team, l->data, error) ||
				!dispatch_ask_person(d, workspace, roster_account(workspace, l->data), now_ms, 0, error)))
			return FALSE;
	}
	return TRUE;
}

gboolean dispatch_people(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	const char *workspace = event->place.workspace;
	for (guint i = 0; event->people && i < event->people->len; i++) {
		const struct event_person *told = &g_array_index(event->people, struct event_person, i);
		/* Looked up for each: an event that waited may have failed, and the roster was read anew. */
		const struct team *team = roster_team_at(d->s.roster, workspace, event->place.channel);
		/* A directory tells of the whole company; only who is in a team, or has written to us, is
		 * kept. */
		gboolean known = roster_person(d->s.roster, workspace, told->account) != NULL;
		gboolean asked = known || team || !event->receipt;
		if (told->account && asked && !dispatch_learn(d, workspace, told, event->place.channel, now_ms, error))
			return FALSE;
	}
	if (!drop_absent(d, event, now_ms, error))
		return FALSE;
	gboolean taken = FALSE;
	return dispatch_wake(d, event, now_ms, NULL, &taken, error);
}

/* Without a deadline: a team that was not asked about while nothing was connected would stay unknown. */
static gboolean ask_members(struct dispatch *d, const struct team *team, int64_t now_ms, GError **error)
{
	struct outbox_row *row = outbox_make(d->s.outbox, OUTBOX_ASK_MEMBERS, team->config->workspace_name, now_ms, error);
	if (!row)
		return FALSE;
	row->channel = g_strdup(team->channel);
	return outbox_put(d->s.outbox, row, NULL, error);
}

static gboolean ask_channel(struct dispatch *d, const char *workspace, const char *name, int64_t now_ms, GError **error)
{
	struct outbox_row *row = outbox_make(d->s.outbox, OUTBOX_ASK_CHANNEL, workspace, now_ms, error);
	if (!row)
		return FALSE;
	row->word = g_strdup(name);
	return outbox_put(d->s.outbox, row, NULL, error);
}

/* Whether the question of an earlier start is still on its way. subject: a channel's id or name. */
static gboolean is_asked(struct dispatch *d, enum outbox_kind kind, const char *workspace, const char *subject, gboolean *out,
	GError **error)
{
	struct db_rows *rows = db_query(d->s.db, &SQL_CORE_ASKED, ARG_INT(kind), ARG_TEXT(workspace), ARG_TEXT(subject));
	*out = db_next(rows);
	return db_end(rows, error);
}

static gboolean ask_channel_once(struct dispatch *d, const char *workspace, const char *name, int64_t now_ms, GError **error)
{
	gboolean asked;
	return is_asked(d, OUTBOX_ASK_CHANNEL, workspace, name, &asked, error) && (asked || ask_channel(d, workspace, name, now_ms, error));
}

gboolean dispatch_ask_members(struct dispatch *d, const struct team *team, int64_t now_ms, GError **error)
{
	const char *workspace = team->config->workspace_name;
	gboolean asked;
	if (!team->channel)
		return ask_channel_once(d, workspace, team->config->channel + 1, now_ms, error);
	return is_asked(d, OUTBOX_ASK_MEMBERS, workspace, team->channel, &asked, error) && (asked || ask_members(d, team, now_ms, error));
}

gboolean dispatch_ask_quick(struct dispatch *d, const char *workspace, int64_t now_ms, GError **error)
{
	g_autoptr(GPtrArray) names = roster_quick_unknown(d->s.roster, workspace);
	for (guint i = 0; i < names->len; i++)
		if (!ask_channel_once(d, workspace, names->pdata[i], now_ms, error))
			return FALSE;
	return TRUE;
}

/* The bot was let into a channel: perhaps one that a name could not be resolved to. */
static gboolean ask_unresolved(struct dispatch *d, const char *workspace, int64_t now_ms, GError **error)
{
	for (const struct team *const *t = roster_teams(d->s.roster); *t; t++) {
		if (!(*t)->channel && strcmp((*t)->config->workspace_name, workspace) == 0 &&
			!dispatch_ask_members(d, *t, now_ms, error))
			return FALSE;
	}
	return dispatch_ask_quick(d, workspace, now_ms, error);
}

/* From now on what is said in a team's channel is ours: also before anything has been heard there. */
gboolean dispatch_begin_to_hear(struct dispatch *d, const struct team *team, int64_t now_ms, GError **error)
{
	return !team->channel ||
	       db_exec(d->s.db, &SQL_CORE_BEGIN_TO_HEAR, error, ARG_TEXT(team->config->workspace_name),
		       ARG_TEXT(team->channel), ARG_INT(now_ms));
}

gboolean dispatch_channel(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	if (!event->place.channel) {
		log_error("no channel of this name: create it or invite the bot", "workspace",
			event->place.workspace, "channel", event->text);
		return TRUE;
	}
	if (!roster_set_channel(
		    d->s.roster, event->place.workspace, event->text, event->place.channel, error))
		return FALSE;
	const struct team *team = roster_team_at(d->s.roster, event->place.workspace, event->place.channel);
	return !team ||
	       (dispatch_begin_to_hear(d, team, now_ms, error) && ask_members(d, team, now_ms, error));
}

/* A list costs more than a person: the channel's is asked for when the bot itself comes in, and to mend what we believed. */
static gboolean admit(struct dispatch *d, const struct team *team, const struct person *person, int64_t now_ms,
	GError **error)
{
	if (!person || person->deactivated)
		return ask_members(d, team, now_ms, error);
	return person->bot || roster_add_member(d->s.roster, team, person, error);
}

gboolean dispatch_membership(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	const struct team *team = roster_team_at(d->s.roster, event->place.workspace, event->place.channel);
	if (!team && event->kind == EVENT_JOINED && !event->person)
		return ask_unresolved(d, event->place.workspace, now_ms, error);
	if (!team)
		return TRUE;
	const struct person *person =
		event->person ? roster_person(d->s.roster, event->place.workspace, event->person) : NULL;
	if (event->kind == EVENT_JOINED && event->person && !person)
		return park_stranger(d, event, now_ms, error);
	if (event->kind == EVENT_JOINED && !admit(d, team, person, now_ms, error))
		return FALSE;
	if (event->kind == EVENT_LEFT && person && !roster_drop_member(d->s.roster, team, person, error))
		return FALSE;
	if (event->kind == EVENT_LEFT && !event->person)
		log_error("the bot was removed from a team's channel: invite it again", "workspace", event->place.workspace,
			"team", team->config->name);
	gboolean taken = FALSE;
	return dispatch_wake(d, event, now_ms, NULL, &taken, error);
}
