/* SPDX-License-Identifier: MIT */
#include "core/turn.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/zone.h"
#include "core/quiet.h"
#include "team/away.h"
#include "team/roles.h"

/* A job that rings no later than this after its hour is on time. */
#define PUNCTUAL_MS MINUTES(10)

enum { TOKEN_LIMIT_BYTES = 3000 };

gboolean turn_ok(const struct turn *t)
{
	return t->error == NULL;
}

void turn_fail(struct turn *t, GError *take)
{
	if (t->error)
		g_error_free(take);
	else
		t->error = take;
}

void turn_put_finding(struct turn *t, gpointer take, GDestroyNotify free)
{
	if (t->finding->data)
		t->finding->free(t->finding->data);
	*t->finding = (struct finding){ take, free };
}

gpointer turn_take_finding(struct turn *t)
{
	return g_steal_pointer(&t->finding->data);
}

void turn_exec_args(struct turn *t, const struct sql *sql, const struct db_arg *args, gsize count)
{
	if (turn_ok(t))
		db_exec_args(t->db, sql, args, count, &t->error);
}

int64_t turn_changes(const struct turn *t)
{
	return turn_ok(t) ? db_changes(t->db) : 0;
}

void turn_end_take(struct turn *t, struct db_rows *take)
{
	g_autoptr(GError) error = NULL;
	if (!db_end_take(take, &error))
		turn_fail(t, g_steal_pointer(&error));
}

const char *turn_keep(struct turn *t, char *take)
{
	g_ptr_array_add(t->scratch, take);
	return take;
}

gboolean turn_is_direct(const struct turn *t)
{
	return t->event->place.kind == PLACE_DIRECT;
}

enum language turn_team_language(const struct turn *t, const struct team *team)
{
	return team ? team->config->language : roster_config(t->roster)->default_language;
}

enum language turn_language_of(const struct turn *t, const struct person *person, const struct team *team)
{
	return language_choose(person ? person->language : NULL, NULL, turn_team_language(t, team));
}

enum language turn_language(const struct turn *t)
{
	return turn_language_of(t, t->person, t->team);
}

static const struct calendar *calendar_of(const struct team *team)
{
	return team ? team->config->calendar : NULL;
}

gboolean turn_is_off(const struct turn *t, const struct person *person, const char *day, int minute)
{
	struct calendar_window windows[HOURS_WINDOWS_MOST];
	const struct team *team = person->hours ? roster_first_team_of(t->roster, person) : NULL;
	int64_t at_ms, open_ms;
	if (!person->hours || (minute >= 0 && hours_is_open(person->hours, calendar_of(team), day, minute)))
		return FALSE;
	if (hours_on(person->hours, calendar_of(team), day, windows) == 0)
		return TRUE;
	/* At night, when the team is closed, nobody is told apart. */
	return minute >= 0 && team && zone_instant(roster_zone(t->roster, person, team), day, minute, &at_ms) &&
	       turn_is_working_time(t, team, at_ms, &open_ms);
}

int turn_fit_minute(const struct turn *t, const struct person *person, const char *day, int minute)
{
	return person->hours ? hours_fit(person->hours, calendar_of(roster_first_team_of(t->roster, person)), day, minute) : minute;
}

gboolean turn_is_away(struct turn *t, const struct person *person, const char *day, int minute)
{
	gboolean is_away = turn_is_off(t, person, day, minute);
	if (!is_away && turn_ok(t))
		away_is(t->db, person->id, day, minute, &is_away, &t->error);
	return is_away;
}

GHashTable *turn_away_that_morning(struct turn *t, const char *day)
{
	GHashTable *people = turn_ok(t) ? away_that_morning(t->db, day, &t->error) : NULL;
	return people ? people : g_hash_table_new(g_int64_hash, g_int64_equal);
}

const char *turn_day(struct turn *t, const struct person *person, const struct team *team, int64_t at_ms)
{
	char day[ZONE_DAY_SIZE];
	zone_day(roster_zone(t->roster, person, team), at_ms, day);
	return turn_keep(t, g_strdup(day));
}

const char *turn_about(struct turn *t)
{
	const struct event *ev = t->event;
	/* A press and a reaction stand on the card itself, words stand in its thread. */
	gboolean on_it = ev->kind == EVENT_PRESSED || ev->kind == EVENT_REACTED || ev->kind == EVENT_UNREACTED;
	const char *message = on_it ? ev->message : ev->place.thread;
	g_autoptr(GError) error = NULL;
	if (!t->about_read && message && ev->place.channel &&
		!outbox_name_at(t->outbox, ev->place.workspace, ev->place.channel, message, &t->about, &error))
		turn_fail(t, g_steal_pointer(&error));
	t->about_read = TRUE;
	return t->about;
}

gboolean turn_is_manager(const struct turn *t, const struct team *team)
{
	return team && roster_is_manager(team, t->person);
}

enum { STAND_IN_LIMIT = 8 }; /* stand-ins of stand-ins; they may lead in a circle */

const struct person *turn_stand_in(struct turn *t, const struct person *person, const char *day, int minute)
{
	int64_t at = person->id;
	for (int i = 0; turn_ok(t) && i < STAND_IN_LIMIT; i++) {
		const struct person *next = away_stand_in(t->db, at, day, minute, &at, &t->error) ? roster_person_by_id(t->roster, at) : NULL;
		if (!next || next == person)
			return NULL;
		if (roster_is_active(next) && !turn_is_away(t, next, day, minute))
			return next;
	}
	return NULL;
}

const struct person *turn_reach(struct turn *t, const struct person *person, const struct team *team)
{
	struct zone_time local;
	zone_local(roster_zone(t->roster, person, team), t->now_ms, &local);
	const char *day = turn_day(t, person, team, t->now_ms);
	int minute = local.hour * 60 + local.minute;
	return turn_is_away(t, person, day, minute) ? turn_stand_in(t, person, day, minute) : person;
}

void turn_register(struct turn *t, const struct person *person, enum register_field field, const char *value)
{
	if (turn_ok(t))
		roster_note(t->roster, person, field, value, t->person ? t->person->id : 0, t->now_ms, &t->error);
}

gboolean turn_leads(const struct turn *t, const struct person *person)
{
	const char *workspace = t->event->place.workspace;
	if (roster_manager(t->roster, person) == t->person || roster_has_role(t->person, ROLE_HR))
		return TRUE;
	for (const struct team *team = NULL; (team = roster_next_team_of(t->roster, workspace, person, team));)
		if (turn_is_manager(t, team))
			return TRUE;
	return FALSE;
}

const char *turn_next_word(struct turn *t, const char **rest)
{
	const char *start = *rest + strspn(*rest, " \t\n");
	/* The name in a mention may have blanks. */
	const char *mention = g_str_has_prefix(start, "<@") ? strchr(start, '>') : NULL;
	size_t length = mention ? (size_t)(mention + 1 - start) : strcspn(start, " \t\n");
	*rest = start + length + strspn(start + length, " \t\n");
	return turn_keep(t, g_strndup(start, length));
}

const struct person *turn_next_person(struct turn *t, const char **rest)
{
	const char *after = *rest, *word = turn_next_word(t, &after);
	gboolean names = *word == '@' || g_str_has_prefix(word, "<@");
	const struct person *found = names ? roster_find(t->roster, t->event->place.workspace, word) : NULL;
	*rest = found ? after : *rest;
	return found ? found : t->person;
}

void turn_join(struct turn *t, const struct team *team)
{
	if (turn_ok(t) && t->person)
		roster_add_member(t->roster, team, t->person, &t->error);
}

/* A call to many, or what only the platform knows how to write (a date): its label then. */
static void append_call(GString *out, const char *name, const char *label)
{
	gboolean to_all = strcmp(name, "here") == 0 || strcmp(name, "channel") == 0 || strcmp(name, "everyone") == 0;
	if (to_all || !label)
		g_string_append_printf(out, "@%s", name);
	else
		g_string_append(out, label);
}

/* One token between < and >: what a reader shall see. */
static void append_token(GString *out, const struct turn *t, const char *workspace, const char *token, gsize length)
{
	g_autofree char *inside = g_strndup(token, length);
	char *label = strchr(inside, '|');
	if (label)
		*label++ = '\0';
	if (inside[0] == '@') {
		const struct person *person = workspace ? roster_person(t->roster, workspace, inside + 1) : NULL;
		const char *name = person ? person->name : label && *label ? label : inside + 1;
		g_string_append_printf(out, "@%s", name);
	} else if (inside[0] == '#') {
		g_string_append_printf(out, "#%s", label && *label ? label : inside + 1);
	} else if (inside[0] == '!') {
		append_call(out, inside + 1, label && *label ? label : NULL);
	} else if (label && *label && strcmp(label, inside) != 0 && !g_str_has_suffix(inside, label)) {
		g_string_append_printf(out, "%s (%s)", label, inside);
	} else {
		g_string_append(out, label && *label ? label : inside);
	}
}

/* Where the token that begins after a < ends; NULL when it is none: people write "<2 weeks" too. */
static const char *token_end(const char *at)
{
	gboolean begins = strchr("@#!", at[0]) || g_str_has_prefix(at, "http://") || g_str_has_prefix(at, "https://") ||
			  g_str_has_prefix(at, "mailto:") || g_str_has_prefix(at, "tel:");
	if (!*at || !begins)
		return NULL;
	gsize length = 0;
	while (length <= TOKEN_LIMIT_BYTES && at[length] && at[length] != '>' && at[length] != '\n')
		length++;
	return at[length] == '>' && length <= TOKEN_LIMIT_BYTES ? at + length : NULL;
}

const char *turn_readable(struct turn *t, const char *workspace, const char *text)
{
	workspace = workspace ? workspace : t->event->place.workspace;
	if (!text || !strchr(text, '<'))
		return text;
	GString *out = g_string_sized_new(strlen(text));
	for (const char *p = text; *p;) {
		const char *end = *p == '<' ? token_end(p + 1) : NULL;
		if (end) {
			append_token(out, t, workspace, p + 1, (gsize)(end - p - 1));
			p = end + 1;
		} else {
			g_string_append_c(out, *p++);
		}
	}
	return turn_keep(t, g_string_free(out, FALSE));
}

const char *turn_literal(struct turn *t, const char *text)
{
	static const char *const entities[][2] = { { "&lt;", "<" }, { "&gt;", ">" }, { "&amp;", "&" } };
	if (!strchr(text, '&'))
		return text;
	GString *out = g_string_new(text);
	for (size_t i = 0; i < G_N_ELEMENTS(entities); i++)
		g_string_replace(out, entities[i][0], entities[i][1], 0);
	return turn_keep(t, g_string_free(out, FALSE));
}

/* ---- days ---- */

static const char *month_text(struct turn *t, const char *day, enum language language)
{
	static const char *const months[] = { "core.month1", "core.month2", "core.month3", "core.month4", "core.month5", "core.month6",
		"core.month7", "core.month8", "core.month9", "core.month10", "core.month11", "core.month12" };
	guint month = (guint)CLAMP(g_ascii_strtoull(day + strlen("2026-"), NULL, 10), 1, 12);
	return turn_text_in(t, language, months[month - 1]);
}

static int64_t day_of_month(const char *day)
{
	return (int64_t)g_ascii_strtoull(day + strlen("2026-03-"), NULL, 10);
}

const char *turn_date_text(struct turn *t, const char *day, enum language language)
{
	return turn_text_in(t, language, "core.date", TEXT_ARG("month", month_text(t, day, language)), TEXT_ARG("day", day_of_month(day)));
}

const char *turn_day_text(struct turn *t, const char *day, enum language language)
{
	static const char *const weekdays[] = { "core.monday", "core.tuesday", "core.wednesday", "core.thursday", "core.friday",
		"core.saturday", "core.sunday" };
	return turn_text_in(t, language, "core.day", TEXT_ARG("month", month_text(t, day, language)), TEXT_ARG("day", day_of_month(day)),
		TEXT_ARG("weekday", turn_text_in(t, language, weekdays[zone_weekday(day) - 1])));
}

/* ---- what it leaves ---- */

/* One whom the post calls urgently: by the platform's means, or by words of their own. */
static void call_person(struct turn *t, const struct outbox_row *post, const struct message *m, const char *account,
	enum language fallback)
{
	struct outbox_row *row =
		turn_ok(t) ? outbox_make(t->outbox, OUTBOX_URGE, post->workspace, t->now_ms, &t->error) : NULL;
	if (!row)
		return;
	const struct person *person = roster_person(t->roster, post->workspace, account);
	enum language language = language_choose(person ? person->language : NULL, NULL, fallback);
	g_autoptr(message_auto) words = message_call_for(m, account, turn_text_in(t, language, "core.urgent"));
	row->person = g_strdup(account);
	outbox_row_say(row, words);
	outbox_put_after(t->outbox, post->id, row, &t->error);
}

/* Gives the post its content. */
static void say(struct turn *t, const struct team *team, struct outbox_row *post, struct message *m)
{
	const cJSON *account, *urged = message_urged(m);
	enum language language = turn_team_language(t, team);
	cJSON_ArrayForEach (account, urged) {
		call_person(t, post, m, account->valuestring, language);
	}
	if (urged)
		message_call(m, turn_text_in(t, language, "core.urgent"));
	outbox_row_say(post, m);
}

static struct outbox_row *make_row(struct turn *t, enum outbox_kind kind, struct message *content)
{
	if (!turn_ok(t))
		return NULL;
	struct outbox_row *row = outbox_make(t->outbox, kind, t->event->place.workspace, t->now_ms, &t->error);
	if (row && content && kind == OUTBOX_POST)
		say(t, t->team, row, content);
	else if (row && content)
		outbox_row_say(row, content);
	return row;
}

static void put(struct turn *t, struct outbox_row *row, const char *name)
{
	if (row)
		outbox_put(t->outbox, row, name, &t->error);
}

void turn_reply(struct turn *t, struct message *take)
{
	struct outbox_row *row = make_row(t, OUTBOX_POST, take);
	if (row) {
		row->channel = g_strdup(t->event->place.channel);
		row->thread = g_strdup(t->event->place.thread);
		if (!row->channel)
			row->person = g_strdup(t->event->person);
	}
	put(t, row, NULL);
	message_free(take);
}

void turn_private(struct turn *t, struct message *take)
{
	const struct event *ev = t->event;
	/* In a direct message everything is private, and a lasting message is better than one that vanishes. */
	if ((turn_is_direct(t) && ev->kind != EVENT_COMMANDED) || !ev->place.channel) {
		turn_reply(t, take);
		return;
	}
	struct outbox_row *row = make_row(t, OUTBOX_PRIVATE, take);
	if (row) {
		row->channel = g_strdup(ev->place.channel);
		row->thread = g_strdup(ev->place.thread);
		row->person = g_strdup(ev->person);
		row->token = g_strdup(ev->place.token);
		row->deadline_ms = t->now_ms + MINUTES(25); /* later nobody knows what it answers */
	}
	put(t, row, NULL);
	message_free(take);
}

void turn_tell(struct turn *t, const char *workspace, const struct person *person, struct message *take)
{
	const char *account = roster_account(workspace, person);
	struct outbox_row *row =
		turn_ok(t) && account ? outbox_make(t->outbox, OUTBOX_POST, workspace, t->now_ms, &t->error) : NULL;
	if (row) {
		row->person = g_strdup(account);
		outbox_row_say(row, take);
	}
	put(t, row, message_own_name(take));
	message_free(take);
}

static struct message *plain_message(const char *text)
{
	struct message *m = message_new();
	message_say(m, text);
	return m;
}

void turn_say(struct turn *t, const char *text)
{
	turn_reply(t, plain_message(text));
}

void turn_whisper(struct turn *t, const char *text)
{
	turn_private(t, plain_message(text));
}

void turn_show(struct turn *t, const struct team *team, const char *name, struct message *take)
{
	g_autofree char *content = message_to_json(take);
	g_autoptr(GPtrArray) files = message_files(take);
	if (turn_ok(t) && team->channel)
		outbox_show(t->outbox, name, team->config->workspace_name, team->channel, content, files, t->now_ms, &t->error);
	message_free(take);
}

gboolean turn_stands(struct turn *t, const char *name)
{
	g_autofree char *channel = NULL, *message = NULL;
	return turn_ok(t) && outbox_find(t->outbox, name, &channel, &message, &t->error) && message;
}

void turn_renew(struct turn *t, const char *name, struct message *take)
{
	g_autofree char *channel = NULL, *message = NULL, *content = message_to_json(take);
	g_autoptr(GPtrArray) files = message_files(take);
	if (turn_ok(t) && outbox_find(t->outbox, name, &channel, &message, &t->error) && message)
		outbox_show(t->outbox, name, t->event->place.workspace, channel, content, files, t->now_ms, &t->error);
	message_free(take);
}

void turn_withdraw(struct turn *t, const char *name)
{
	if (turn_ok(t))
		outbox_withdraw(t->outbox, name, t->event->place.workspace, t->now_ms, &t->error);
}

/* Without a calendar a team works from Monday to Friday, by day. */
static int64_t plain_open_ms(const struct quiet_hours *night, GTimeZone *zone, int64_t at_ms)
{
	char day[ZONE_DAY_SIZE];
	int64_t open_ms = at_ms;
	do {
		at_ms = open_ms;
		zone_day(zone, at_ms, day);
		if (zone_weekday(day) <= 5) {
			quiet_hours_hold(night, zone, at_ms, &open_ms);
		} else {
			zone_day_shift(day, 1, day);
			zone_instant(zone, day, 0, &open_ms);
		}
	} while (open_ms > at_ms);
	return open_ms;
}

gboolean turn_is_working_time(const struct turn *t, const struct team *team, int64_t at_ms, int64_t *open_ms)
{
	const struct config_quiet *quiet = &roster_config(t->roster)->quiet;
	const struct quiet_hours night = { quiet->from_minute, quiet->to_minute };
	struct calendar_span span;
	if (!team->config->calendar) {
		*open_ms = plain_open_ms(&night, team->zone, at_ms);
		return *open_ms == at_ms;
	}
	if (!calendar_next(team->config->calendar, at_ms, &span) || span.open_ms <= at_ms)
		return TRUE;
	*open_ms = span.open_ms;
	return FALSE;
}

/* When a post may go: now, or *open_ms. */
static gboolean goes_now(const struct turn *t, const struct team *team, int64_t *open_ms)
{
	gboolean late = t->event->kind == EVENT_DUE && t->now_ms - t->event->at_ms > PUNCTUAL_MS;
	return !late || turn_is_working_time(t, team, t->now_ms, open_ms);
}

/* Takes the row. */
static void hold_until(struct turn *t, struct outbox_row *row, const char *name, int64_t open_ms)
{
	g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, row->id);
	log_info("a late post waits for the team's working time", "ritual", t->ritual, "name", name, "row", row->id);
	if (outbox_hold(t->outbox, row, name, &t->error))
		schedule_put(t->schedule, QUIET_RITUAL, "open", key, open_ms, FALSE, &t->error);
}

void turn_post_until(struct turn *t, const struct team *team, const char *name, int64_t until_ms, struct message *take)
{
	int64_t open_ms = t->now_ms;
	gboolean now = goes_now(t, team, &open_ms);
	struct outbox_row *row = NULL;
	if (open_ms > until_ms)
		log_info("a late post is not sent: it would be worthless by the team's working time", "ritual", t->ritual, "name", name);
	else if (turn_ok(t) && team->channel)
		row = outbox_make(t->outbox, OUTBOX_POST, team->config->workspace_name, t->now_ms, &t->error);
	if (row) {
		row->channel = g_strdup(team->channel);
		row->deadline_ms = until_ms == G_MAXINT64 ? 0 : until_ms;
		say(t, team, row, take);
	}
	if (now)
		put(t, row, name);
	else if (row)
		hold_until(t, row, name, open_ms);
	message_free(take);
}

void turn_post(struct turn *t, const struct team *team, const char *name, struct message *take)
{
	turn_post_until(t, team, name, G_MAXINT64, take);
}

void turn_post_under(struct turn *t, const struct team *team, const char *name, struct message *take)
{
	g_autofree char *channel = NULL, *message = NULL;
	struct outbox_row *row = NULL;
	if (turn_ok(t) && outbox_find(t->outbox, name, &channel, &message, &t->error) && (channel || team->channel))
		row = outbox_make(t->outbox, OUTBOX_POST, team->config->workspace_name, t->now_ms, &t->error);
	if (row) {
		row->channel = g_strdup(channel ? channel : team->channel);
		row->thread = g_steal_pointer(&message);
		say(t, team, row, take);
	}
	put(t, row, message_own_name(take));
	message_free(take);
}

void turn_name_thread(struct turn *t, const char *name)
{
	const struct place *place = &t->event->place;
	const char *message = place->thread ? place->thread : t->event->message;
	if (turn_ok(t) && place->channel && message)
		outbox_name_message(t->outbox, name, place->workspace, place->channel, message, t->now_ms, &t->error);
}

static void react(struct turn *t, enum outbox_kind kind, const char *emoji)
{
	if (!t->event->message || !t->event->place.channel)
		return;
	struct outbox_row *row = make_row(t, kind, NULL);
	if (row) {
		row->channel = g_strdup(t->event->place.channel);
		row->message = g_strdup(t->event->message);
		row->word = g_strdup(emoji);
		row->deadline_ms = t->now_ms + DAYS(1);
	}
	put(t, row, NULL);
}

void turn_react(struct turn *t, const char *emoji)
{
	react(t, OUTBOX_REACT, emoji);
}

void turn_unreact(struct turn *t, const char *emoji)
{
	react(t, OUTBOX_UNREACT, emoji);
}

void turn_form(struct turn *t, struct message *take)
{
	struct outbox_row *row = make_row(t, OUTBOX_FORM, take);
	if (row) {
		row->person = g_strdup(t->event->person);
		row->channel = g_strdup(t->event->place.channel);
		row->token = g_strdup(t->event->place.token);
		if (t->event->kind == EVENT_PRESSED)
			row->word = g_strdup_printf("%s %s", t->event->word, t->event->value ? t->event->value : "");
	}
	put(t, row, NULL);
	message_free(take);
}

void turn_problem(struct turn *t, const char *input, const char *text)
{
	if (!t->problems)
		t->problems = event_inputs_new();
	event_inputs_add(t->problems, input, text);
}

void turn_answer(struct turn *t, const char *name, const char *value)
{
	event_inputs_add(t->facts, name, value);
}

void turn_home(struct turn *t, const char *name, struct message *take)
{
	struct outbox_row *row = make_row(t, OUTBOX_HOME, take);
	if (row)
		row->person = g_strdup(t->event->person);
	put(t, row, name);
	message_free(take);
}

void turn_ask_person(struct turn *t, const char *workspace, const char *account)
{
	if (!turn_ok(t))
		return;
	struct outbox_row *row = outbox_make(t->outbox, OUTBOX_ASK_PERSON, workspace, t->now_ms, &t->error);
	if (row)
		row->person = g_strdup(account);
	put(t, row, NULL);
}

void turn_ask_message(struct turn *t, const char *word)
{
	struct outbox_row *row = make_row(t, OUTBOX_ASK_MESSAGE, NULL);
	if (row) {
		row->channel = g_strdup(t->event->place.channel);
		row->message = g_strdup(t->event->message);
		row->word = g_strdup_printf("%s.%s", t->ritual, word);
	}
	put(t, row, NULL);
}

void turn_ask_members(struct turn *t, const struct team *team)
{
	if (!turn_ok(t) || !team->channel)
		return;
	struct outbox_row *row = outbox_make(t->outbox, OUTBOX_ASK_MEMBERS, team->config->workspace_name, t->now_ms, &t->error);
	if (row)
		row->channel = g_strdup(team->channel);
	put(t, row, NULL);
}

void turn_schedule(struct turn *t, const char *word, const char *key, int64_t due_ms)
{
	if (turn_ok(t))
		schedule_put(t->schedule, t->ritual, word, key, due_ms, FALSE, &t->error);
}

void turn_schedule_once(struct turn *t, const char *word, const char *key, int64_t due_ms)
{
	if (turn_ok(t))
		schedule_put(t->schedule, t->ritual, word, key, due_ms, TRUE, &t->error);
}

gboolean turn_is_scheduled(const struct turn *t, const char *word, const char *key)
{
	return schedule_stands(t->schedule, t->ritual, word, key);
}

void turn_cancel(struct turn *t, const char *word, const char *key)
{
	if (turn_ok(t))
		schedule_cancel(t->schedule, t->ritual, word, key, &t->error);
}
