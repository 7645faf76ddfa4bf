/* SPDX-License-Identifier: MIT */
#include "core/turn.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/zone.h"
#include "core/quiet.h"

/* A job that rings no later than this after its hour is on time. */
#define PUNCTUAL_MS MINUTES(10)

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
