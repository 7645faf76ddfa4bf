/* SPDX-License-Identifier: MIT */
/* Events API payloads (protocols/slack.md 3), and the messages and people of the Web API, which look the
 * same. */
#include "platform/slack/slack_in_parts.h"
#include "platform/slack/slack_text.h"

enum { FILES_MOST = 20 };

#define SLACKBOT "USLACKBOT" /* its is_bot is false */

static const cJSON *inner(const struct reading *r)
{
	return json_object(r->payload, "event");
}

/*
 * A redelivery is the same payload. The time stands first, in a message's key too, because keys that begin with what
 * grows share the pages of the store (see db.h), while event ids come in no order.
 */
static void key_by_id(struct reading *r, struct event *event)
{
	const char *id = slack_in_text(r->payload, "event_id"), *time = slack_in_text(inner(r), "event_ts");
	slack_in_key(event, 'e', id && time ? time : id, id && time ? id : NULL, NULL);
}

/* The event goes into the frame with its event_id as a key, and a time: its own, the inner ts, the outer
 * seconds. */
static void found(struct reading *r, struct event *event)
{
	int64_t outer_ms = json_int_or(r->payload, "event_time", r->now_ms / 1000) * 1000;
	if (event->at_ms == 0)
		event->at_ms = slack_in_ts_ms(json_text_or(inner(r), "event_ts", NULL), outer_ms);
	key_by_id(r, event);
	r->frame->event = event;
}

static gboolean is_us(const struct slack_self *self, const char *person)
{
	return person && g_strcmp0(person, self->user_id) == 0;
}

/* NULL when no program is known to have written it. */
static const char *why_program(const struct slack_self *self, const cJSON *message)
{
	const char *user = slack_in_text(message, "user");
	if (slack_in_text(message, "bot_id"))
		return "message of a bot";
	if (is_us(self, user))
		return "our own message";
	return g_strcmp0(user, SLACKBOT) == 0 ? "message of Slackbot" : NULL;
}

/* NULL when a person wrote it. */
static const char *why_nobody(const struct slack_self *self, const cJSON *message)
{
	const char *why = why_program(self, message);
	return why || slack_in_text(message, "user") ? why : "message without a user";
}

/* The thread, text and message id that all three kinds of message events have. */
static struct event *message_event(const struct slack_self *self, enum event_kind kind, const cJSON *message,
	const char *channel, const char *ts)
{
	struct event *event = slack_in_event(self, kind, slack_in_text(message, "user"), channel);
	const char *thread = slack_in_text(message, "thread_ts");
	event->message = g_strdup(ts);
	*(kind == EVENT_SAID ? &event->keys[0] : &event->subject) = slack_in_make_key('m', ts, channel, NULL);
	if (thread && strcmp(thread, ts) != 0)
		event->place.thread = g_strdup(thread);
	return event;
}

static void take_text(const struct slack_self *self, struct event *event, const char *text)
{
	event->text = slack_text_neutral(text);
	event_find_mention(event, self->user_id);
}

/* What a message can show of Slack's own: whatever lies elsewhere is not brought. */
static gboolean is_picture(const cJSON *file)
{
	static const char *const shown[] = { "image/png", "image/jpeg", "image/gif", NULL };
	return !json_bool_or(file, "is_external", FALSE) && g_strv_contains(shown, json_text_or(file, "mimetype", ""));
}

static void take_files(struct event *event, const cJSON *files)
{
	const cJSON *file;
	cJSON_ArrayForEach (file, files) {
		const char *id = slack_in_text(file, "id");
		if (id && (!event->files || event->files->len < FILES_MOST))
			event_add_file(event, id, slack_in_text(file, "name"), json_int_or(file, "size", 0), is_picture(file));
	}
}

static struct event *said(
	const struct slack_self *self, const cJSON *message, const char *channel, const char **why)
{
	const char *ts = slack_in_text(message, "ts");
	*why = why_nobody(self, message);
	if (!*why && (!channel || !ts))
		*why = "message without channel or ts";
	if (*why)
		return NULL;
	struct event *event = message_event(self, EVENT_SAID, message, channel, ts);
	event->at_ms = slack_in_ts_ms(ts, 0);
	take_text(self, event, json_text_or(message, "text", ""));
	take_files(event, json_array(message, "files"));
	const char *client_id = slack_in_text(message, "client_msg_id");
	slack_in_key(event, 'c', client_id ? channel : NULL, client_id, NULL);
	return event;
}

static void direct_by_type(const struct reading *r, struct event *event)
{
	if (g_strcmp0(json_text_or(inner(r), "channel_type", NULL), "im") == 0)
		event->place.kind = PLACE_DIRECT;
}

static void read_said(struct reading *r)
{
	struct event *event = said(r->self, inner(r), slack_in_text(inner(r), "channel"), &r->frame->ignored);
	if (!event)
		return;
	direct_by_type(r, event);
	found(r, event);
}

/* A deletion, or what Slack makes of one when the message has replies: it leaves a tombstone. The author may be unknown. */
static void read_gone(struct reading *r, const cJSON *previous, const char *ts)
{
	const char *channel = slack_in_text(inner(r), "channel");
	const char *why = why_program(r->self, previous);
	if (!ts)
		ts = slack_in_text(previous, "ts");
	if (why || !channel || !ts) {
		r->frame->ignored = why ? why : "deletion without channel or ts";
		return;
	}
	struct event *event = message_event(r->self, EVENT_DELETED, previous, channel, ts);
	direct_by_type(r, event);
	slack_in_key(event, 'd', channel, ts, NULL);
	found(r, event);
}

static void read_deleted(struct reading *r)
{
	read_gone(r, json_object(inner(r), "previous_message"), slack_in_text(inner(r), "deleted_ts"));
}

/* Unfurled links, bots' updates and reply counts come as changes too; a person's edit has `edited` and
 * another text. */
static const char *why_no_edit(const struct slack_self *self, const cJSON *message, const cJSON *previous)
{
	if (slack_in_text(message, "bot_id"))
		return "changed by a bot";
	if (!slack_in_text(message, "edited.ts") || is_us(self, slack_in_text(message, "edited.user")))
		return "not a person's edit";
	if (g_strcmp0(json_text_or(message, "text", ""), json_text_or(previous, "text", NULL)) == 0)
		return "text did not change";
	return NULL;
}

static void read_changed(struct reading *r)
{
	const cJSON *message = json_object(inner(r), "message"),
		    *previous = json_object(inner(r), "previous_message");
	const char *channel = slack_in_text(inner(r), "channel"), *ts = slack_in_text(message, "ts");
	if (!ts)
		ts = slack_in_text(previous, "ts");
	if (g_strcmp0(json_text_or(message, "subtype", NULL), "tombstone") == 0) {
		read_gone(r, previous, ts);
		return;
	}
	const cJSON *author = slack_in_text(message, "user") ? message : previous;
	const char *why = why_no_edit(r->self, message, previous);
	if (!why)
		why = why_program(r->self, author); /* the author may be absent (3.2): whoever knows the message knows them */
	if (why || !channel || !ts) {
		r->frame->ignored = why ? why : "change without channel or ts";
		return;
	}
	struct event *event = message_event(r->self, EVENT_EDITED, message, channel, ts);
	if (author != message)
		event->person = g_strdup(slack_in_text(author, "user"));
	direct_by_type(r, event);
	take_text(r->self, event, json_text_or(message, "text", ""));
	slack_in_key(event, 'x', channel, ts, slack_in_text(message, "edited.ts"));
	found(r, event);
}

static void read_message(struct reading *r)
{
	static const struct reader subtypes[] = {
		{ "", read_said },
		{ "file_share", read_said },
		{ "me_message", read_said },
		{ "thread_broadcast", read_said },
		{ "message_changed", read_changed },
		{ "message_deleted", read_deleted },
	};
	if (!slack_in_dispatch(subtypes, G_N_ELEMENTS(subtypes), json_text_or(inner(r), "subtype", ""), r))
		r->frame->ignored = "message subtype of no use";
}

static void read_reaction(struct reading *r, enum event_kind kind)
{
	const cJSON *event = inner(r);
	const char *person = slack_in_text(event, "user"), *name = slack_in_text(event, "reaction");
	const char *channel = slack_in_text(event, "item.channel"), *ts = slack_in_text(event, "item.ts");
	if (g_strcmp0(json_text_or(event, "item.type", NULL), "message") != 0 || !channel || !ts)
		r->frame->ignored = "reaction on something else than a message";
	else if (!person || !name)
		r->frame->ignored = "reaction without person or name";
	else if (is_us(r->self, person))
		r->frame->ignored = "our own reaction";
	if (r->frame->ignored)
		return;
	struct event *reaction = slack_in_event(r->self, kind, person, channel);
	const char *tone = strstr(name, "::");
	reaction->word = tone ? g_strndup(name, (gsize)(tone - name)) : g_strdup(name);
	reaction->message = g_strdup(ts);
	found(r, reaction);
}

static void read_reaction_added(struct reading *r)
{
	read_reaction(r, EVENT_REACTED);
}

static void read_reaction_removed(struct reading *r)
{
	read_reaction(r, EVENT_UNREACTED);
}

static void read_home_opened(struct reading *r)
{
	const char *person = slack_in_text(inner(r), "user");
	if (g_strcmp0(json_text_or(inner(r), "tab", NULL), "home") != 0 || !person)
		r->frame->ignored = "not the Home tab";
	else
		found(r, slack_in_event(
				 r->self, EVENT_OPENED_HOME, person, slack_in_text(inner(r), "channel")));
}

static void read_member(struct reading *r, enum event_kind kind)
{
	const char *person = slack_in_text(inner(r), "user"), *channel = slack_in_text(inner(r), "channel");
	if (!person || !channel)
		r->frame->ignored = "membership without person or channel";
	else
		found(r, slack_in_event(r->self, kind, is_us(r->self, person) ? NULL : person, channel));
}

static void read_member_joined(struct reading *r)
{
	read_member(r, EVENT_JOINED);
}

static void read_member_left(struct reading *r)
{
	read_member(r, EVENT_LEFT);
}

static void read_channel_left(struct reading *r)
{
	const char *channel = slack_in_text(inner(r), "channel");
	if (!channel)
		r->frame->ignored = "leaving without a channel";
	else
		found(r, slack_in_event(r->self, EVENT_LEFT, NULL, channel));
}

static void read_user(struct reading *r)
{
	struct event *event = slack_in_event(r->self, EVENT_PEOPLE, NULL, NULL);
	if (slack_in_person(json_object(inner(r), "user"), event_add_person(event))) {
		found(r, event);
		return;
	}
	event_free(event);
	r->frame->ignored = "user without an id, or Slackbot";
}

static void read_uninstalled(struct reading *r)
{
	r->frame->credentials_gone = TRUE;
	r->frame->ignored = "the app was uninstalled";
}

static void read_tokens_revoked(struct reading *r)
{
	const cJSON *account;
	cJSON_ArrayForEach (account, json_array(inner(r), "tokens.bot")) {
		if (cJSON_IsString(account) && is_us(r->self, account->valuestring))
			r->frame->credentials_gone = TRUE;
	}
	r->frame->ignored =
		r->frame->credentials_gone ? "our token was revoked" : "tokens of others were revoked";
}

static void read_rate_limited(struct reading *r)
{
	r->frame->rate_limited = TRUE;
	r->frame->ignored = "Slack drops events: more than 30,000 in an hour";
}

void slack_in_events_api(struct reading *r)
{
	static const struct reader types[] = {
		{ "message", read_message },
		{ "app_mention", read_said },
		{ "reaction_added", read_reaction_added },
		{ "reaction_removed", read_reaction_removed },
		{ "app_home_opened", read_home_opened },
		{ "member_joined_channel", read_member_joined },
		{ "member_left_channel", read_member_left },
		{ "channel_left", read_channel_left },
		{ "group_left", read_channel_left },
		{ "team_join", read_user },
		{ "user_change", read_user },
		{ "app_uninstalled", read_uninstalled },
		{ "tokens_revoked", read_tokens_revoked },
		{ "app_rate_limited", read_rate_limited },
	};
	const char *type = slack_in_text(r->payload, "event.type");
	if (!type)
		type = json_text_or(r->payload, "type", ""); /* app_rate_limited has no inner event */
	if (!slack_in_dispatch(types, G_N_ELEMENTS(types), type, r))
		r->frame->ignored = "event type of no use";
}

/* A ts sorts as text while its integer part has ten digits. */
static gboolean is_newer(const char *ts, const char *than)
{
	return ts && strcmp(ts, than) > 0;
}

static void put_late(GPtrArray *out, struct event *take)
{
	if (!take)
		return;
	take->late_copy = TRUE;
	g_ptr_array_add(out, take);
}

/* The same edit as message_changed would have told: with its key. */
static struct event *edited(const struct slack_self *self, const cJSON *message, const char *channel)
{
	const char *ts = slack_in_text(message, "ts"), *when = slack_in_text(message, "edited.ts");
	struct event *event = message_event(self, EVENT_EDITED, message, channel, ts);
	event->at_ms = slack_in_ts_ms(when, 0);
	take_text(self, event, json_text_or(message, "text", ""));
	slack_in_key(event, 'x', channel, ts, when);
	return event;
}

static struct event *deleted(const struct slack_self *self, const cJSON *message, const char *channel)
{
	const char *ts = slack_in_text(message, "ts");
	struct event *event = message_event(self, EVENT_DELETED, message, channel, ts);
	g_clear_pointer(&event->person, g_free); /* a tombstone's author is not the message's */
	slack_in_key(event, 'd', channel, ts, NULL);
	return event;
}

/* Subtypes whose words are a person's own. */
static gboolean is_talk(const cJSON *message)
{
	static const char *const uses[] = { "", "file_share", "me_message", "thread_broadcast", NULL };
	return g_strv_contains(uses, json_text_or(message, "subtype", ""));
}

struct event *slack_in_found(const struct slack_self *self, const cJSON *message, const char *channel)
{
	const char *why;
	struct event *event = is_talk(message) ? said(self, message, channel, &why) : NULL;
	if (!event)
		return NULL;
	event->kind = EVENT_FOUND;
	event->link = g_strdup(slack_in_text(message, "permalink"));
	for (guint i = 0; i < EVENT_KEYS; i++)
		g_clear_pointer(&event->keys[i], g_free); /* it was heard long ago */
	return event;
}

void slack_in_history(const struct slack_self *self, const cJSON *message, const char *channel, const char *since,
	GPtrArray *out)
{
	const char *ts = slack_in_text(message, "ts"), *why;
	if (ts && strcmp(json_text_or(message, "subtype", ""), "tombstone") == 0)
		put_late(out, deleted(self, message, channel));
	if (!ts || !is_talk(message) || why_nobody(self, message))
		return;
	if (is_newer(slack_in_text(message, "edited.ts"), since) && !is_us(self, slack_in_text(message, "edited.user")))
		put_late(out, edited(self, message, channel));
	if (is_newer(ts, since))
		put_late(out, said(self, message, channel, &why));
}

gboolean slack_in_is_ours(const struct slack_self *self, const cJSON *message)
{
	const char *bot = slack_in_text(message, "bot_id"), *app = slack_in_text(message, "app_id");
	return (bot && g_strcmp0(bot, self->bot_id) == 0) || (app && g_strcmp0(app, self->app_id) == 0) ||
	       is_us(self, slack_in_text(message, "user"));
}

gint64 slack_in_row(const struct slack_self *self, const cJSON *message)
{
	const char *key = slack_in_text(message, "metadata.event_payload.k");
	gint64 row;
	if (!key || g_strcmp0(json_text_or(message, "metadata.event_type", NULL), "belltower") != 0 ||
		!slack_in_is_ours(self, message))
		return 0;
	return g_ascii_string_to_signed(key, 10, 1, G_MAXINT64, &row, NULL) ? row : 0;
}

/* "ooo" is not in "wooohoo", but Chinese words stand in the middle of others. */
static gboolean has_word(const char *text, const char *word)
{
	for (const char *at = text; (at = strstr(at, word)); at++) {
		gboolean begins = at == text || !g_ascii_isalnum(at[-1]) || !g_ascii_isalnum(*word);
		if (begins && !g_ascii_isalnum(at[strlen(word)]))
			return TRUE;
	}
	return FALSE;
}

static gboolean has_words(const char *text, const char *const *words)
{
	g_autofree char *folded = g_utf8_casefold(text, -1);
	for (; *words; words++)
		if (has_word(folded, *words))
			return TRUE;
	return FALSE;
}

/*
 * Slack offers "Vacationing" with a palm tree and "Out sick" with a thermometer; people write their own. A status like "In a
 * meeting", "Commuting" or "Working remotely" is no absence.
 */
static enum event_absence absence_of(const char *emoji, const char *text)
{
	static const char *const emojis[] = { ":palm_tree:", ":beach_with_umbrella:", ":desert_island:", ":face_with_thermometer:",
		":hospital:", NULL };
	static const char *const words[] = { "vacationing", "on vacation", "on holiday", "out of office", "ooo", "out sick", "sick leave",
		"sick day", "on leave", "annual leave", "parental leave", "休假", "请假", "年假", "病假", "产假", NULL };
	gboolean absent = (emoji && g_strv_contains(emojis, emoji)) || (text && has_words(text, words));
	return absent ? EVENT_ABSENT : EVENT_PRESENT;
}

static void read_status(const cJSON *user, struct event_person *out)
{
	const char *emoji = json_text_or(user, "profile.status_emoji", NULL), *text = json_text_or(user, "profile.status_text", NULL);
	if (!emoji && !text)
		return;
	out->absence = absence_of(emoji, text);
	if (out->absence == EVENT_ABSENT)
		out->absent_until_ms = json_int_or(user, "profile.status_expiration", 0) * 1000;
}

gboolean slack_in_person(const cJSON *user, struct event_person *out)
{
	const char *id = slack_in_text(user, "id");
	if (!id || strcmp(id, SLACKBOT) == 0)
		return FALSE;
	const char *const names[] = { slack_in_text(user, "profile.display_name"),
		slack_in_text(user, "profile.real_name"), slack_in_text(user, "real_name"),
		slack_in_text(user, "name"), id };
	guint shown = 0;
	while (!names[shown])
		shown++;
	out->account = g_strdup(id);
	out->name = g_strdup(names[shown]);
	out->handle = g_strdup(slack_in_text(user, "name"));
	out->email = g_strdup(slack_in_text(user, "profile.email"));
	out->zone = g_strdup(slack_in_text(user, "tz"));
	out->language = g_strdup(slack_in_text(user, "locale"));
	out->face = g_strdup(slack_in_text(user, "profile.image_192"));
	out->bot = json_bool_or(user, "is_bot", FALSE) || json_bool_or(user, "is_workflow_bot", FALSE);
	out->deactivated = json_bool_or(user, "deleted", FALSE);
	read_status(user, out);
	return TRUE;
}
