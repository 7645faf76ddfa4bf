/* SPDX-License-Identifier: MIT */
/* All other events (protocols/feishu.md 3.4), and the people they tell of. */
#include "platform/feishu/feishu_emoji.h"
#include "platform/feishu/feishu_in_parts.h"
#include "platform/feishu/feishu_text.h"

/* ---- reactions, recalls and edits: what they lack is looked up ---- */

static void read_reaction(struct reading *r, enum event_kind kind)
{
	const char *person = feishu_in_text(r->event, "user_id.open_id");
	const char *message = feishu_in_text(r->event, "message_id"), *type = feishu_in_text(r->event, "reaction_type.emoji_type");
	if (g_strcmp0(json_text_or(r->event, "operator_type", NULL), "app") == 0)
		r->delivery->ignored = "reaction of a bot";
	else if (!person || !message || !type)
		r->delivery->ignored = "reaction without person, message or emoji";
	if (r->delivery->ignored)
		return;
	struct event *event = feishu_in_add(r, kind, person, NULL);
	event->place.kind = PLACE_CHANNEL;
	event->message = g_strdup(message);
	event->word = feishu_emoji_name(type);
	event->at_ms = feishu_in_time_ms(json_text_or(r->event, "action_time", NULL), r->at_ms);
	feishu_in_key(event, 'e', r->event_id, NULL, NULL, NULL);
	r->delivery->lacks = TRUE;
}

static void read_reacted(struct reading *r)
{
	read_reaction(r, EVENT_REACTED);
}

static void read_unreacted(struct reading *r)
{
	read_reaction(r, EVENT_UNREACTED);
}

static void read_recalled(struct reading *r)
{
	const char *message = feishu_in_text(r->event, "message_id"), *chat = feishu_in_text(r->event, "chat_id");
	if (!message || !chat) {
		r->delivery->ignored = "recall without message or chat";
		return;
	}
	struct event *event = feishu_in_add(r, EVENT_DELETED, NULL, chat);
	event->message = g_strdup(message);
	event->subject = g_strconcat("m:", message, NULL);
	event->at_ms = feishu_in_time_ms(json_text_or(r->event, "recall_time", NULL), r->at_ms);
	feishu_in_key(event, 'd', message, NULL, NULL, NULL);
	r->delivery->lacks = TRUE;
}

/*
 * Neither documented nor in any SDK: github.com/deepcoldy/botmux and ITcathyh/dutydeck live on event.message.message_id, and report that
 * what it says now cannot be relied on; nor does it tell who wrote it, for somebody else may have changed it. So it is read anew.
 */
static void read_edited(struct reading *r)
{
	const char *message = feishu_in_text(r->event, "message.message_id"), *chat = feishu_in_text(r->event, "message.chat_id");
	if (!message) {
		r->delivery->ignored = "edit without a message";
		return;
	}
	struct event *event = feishu_in_add(r, EVENT_EDITED, NULL, chat);
	event->message = g_strdup(message);
	feishu_in_key(event, 'e', r->event_id, NULL, NULL, NULL);
	r->delivery->lacks = TRUE;
}

/* ---- chats ---- */

static void read_bot(struct reading *r, enum event_kind kind)
{
	const char *chat = feishu_in_text(r->event, "chat_id");
	if (!chat) {
		r->delivery->ignored = "membership without a chat";
		return;
	}
	feishu_in_key(feishu_in_add(r, kind, NULL, chat), 'e', r->event_id, NULL, NULL, NULL);
}

static void read_bot_added(struct reading *r)
{
	read_bot(r, EVENT_JOINED);
}

/* Also when the chat was dissolved. */
static void read_bot_removed(struct reading *r)
{
	read_bot(r, EVENT_LEFT);
}

static void read_users(struct reading *r, enum event_kind kind)
{
	const char *chat = feishu_in_text(r->event, "chat_id");
	const cJSON *user;
	cJSON_ArrayForEach (user, json_array(r->event, "users")) {
		const char *person = feishu_in_text(user, "user_id.open_id");
		if (person && chat)
			feishu_in_key(feishu_in_add(r, kind, person, chat), 'e', r->event_id, person, NULL, NULL);
	}
}

static void read_users_added(struct reading *r)
{
	read_users(r, EVENT_JOINED);
}

/* Also when an invitation was taken back. */
static void read_users_removed(struct reading *r)
{
	read_users(r, EVENT_LEFT);
}

/* ---- the bot's own chat ---- */

/* It comes each time somebody opens the chat: the first time is told from those when there is a message already. */
static void read_entered(struct reading *r)
{
	const char *person = feishu_in_text(r->event, "operator_id.open_id"), *chat = feishu_in_text(r->event, "chat_id");
	gboolean again = feishu_in_text(r->event, "last_message_id") != NULL;
	if (!person || !chat) {
		r->delivery->ignored = "visit without person or chat";
		return;
	}
	struct event *event = feishu_in_add(r, EVENT_OPENED_HOME, person, chat);
	event->place.kind = PLACE_DIRECT;
	event->value = again ? g_strdup(EVENT_HOME_AGAIN) : NULL;
	feishu_in_key(event, again ? 'e' : 'h', again ? r->event_id : chat, NULL, NULL, NULL);
}

/* The older event of the same: the chat was made. */
static void read_chat_made(struct reading *r)
{
	const char *person = feishu_in_text(r->event, "user.open_id"), *chat = feishu_in_text(r->event, "chat_id");
	if (!person || !chat)
		return;
	struct event *event = feishu_in_add(r, EVENT_OPENED_HOME, person, chat);
	event->place.kind = PLACE_DIRECT;
	feishu_in_key(event, 'h', chat, NULL, NULL, NULL);
}

/* The entry "standup_show" of the bot's menu is the command "standup show". */
static void read_menu(struct reading *r)
{
	const char *person = feishu_in_text(r->event, "operator.operator_id.open_id");
	const char *key = feishu_in_text(r->event, "event_key");
	if (!person || !key) {
		r->delivery->ignored = "menu without person or key";
		return;
	}
	g_autofree char *words = g_strstrip(g_strdelimit(g_strdup(key), "_./:", ' '));
	gsize first = strcspn(words, " ");
	if (first == 0) {
		r->delivery->ignored = "menu key without a word";
		return;
	}
	struct event *event = feishu_in_add(r, EVENT_COMMANDED, person, NULL);
	int64_t at_s = json_int_or(r->event, "timestamp", 0);
	event->word = g_strndup(words, first);
	event->text = feishu_text_neutral(words + first + (words[first] == ' '));
	event->at_ms = at_s > 0 && at_s < G_MAXINT32 * INT64_C(4) ? at_s * 1000 : r->at_ms;
	event->place.token = g_strdup("{\"menu\":true}"); /* a form can be opened */
	feishu_in_key(event, 'e', r->event_id, NULL, NULL, NULL);
}

/* ---- people ---- */

gboolean feishu_in_person(const cJSON *user, struct event_person *out)
{
	static const char *const gone[] = { "status.is_resigned", "status.is_exited", "status.is_frozen" };
	const char *id = feishu_in_text(user, "open_id");
	if (!id)
		return FALSE;
	const char *const names[] = { feishu_in_text(user, "name"), feishu_in_text(user, "nickname"),
		feishu_in_text(user, "en_name") };
	const char *email = feishu_in_text(user, "email");
	out->account = g_strdup(id);
	for (gsize i = 0; i < G_N_ELEMENTS(names) && !out->name; i++)
		out->name = g_strdup(names[i]);
	out->email = g_strdup(email ? email : feishu_in_text(user, "enterprise_email"));
	out->face = g_strdup(feishu_in_text(user, "avatar.avatar_240"));
	for (gsize i = 0; i < G_N_ELEMENTS(gone); i++)
		out->deactivated = out->deactivated || json_bool_or(user, gone[i], FALSE);
	return TRUE;
}

gboolean feishu_in_member(const cJSON *member, struct event_person *out)
{
	const char *id = feishu_in_text(member, "member_id");
	if (!id)
		return FALSE;
	out->account = g_strdup(id);
	out->name = g_strdup(feishu_in_text(member, "name"));
	return TRUE;
}

static struct event_person *add_person(struct reading *r)
{
	struct event *event = feishu_in_add(r, EVENT_PEOPLE, NULL, NULL);
	feishu_in_key(event, 'e', r->event_id, NULL, NULL, NULL);
	return event_add_person(event);
}

static void read_user(struct reading *r)
{
	const cJSON *user = json_object(r->event, "object");
	if (feishu_in_text(user, "open_id"))
		feishu_in_person(user, add_person(r));
}

static void read_user_deleted(struct reading *r)
{
	const char *id = feishu_in_text(r->event, "object.open_id");
	if (!id)
		id = feishu_in_text(r->event, "old_object.open_id");
	if (!id)
		return;
	struct event_person *person = add_person(r);
	person->account = g_strdup(id);
	person->name = g_strdup(feishu_in_text(r->event, "object.name"));
	person->deactivated = TRUE;
}

reader_fn *feishu_in_reader(const char *type)
{
	static const struct {
		const char *type;
		reader_fn *read;
	} types[] = {
		{ "im.message.receive_v1", feishu_in_message },
		{ "card.action.trigger", feishu_in_card },
		{ "im.message.reaction.created_v1", read_reacted },
		{ "im.message.reaction.deleted_v1", read_unreacted },
		{ "im.message.recalled_v1", read_recalled },
		{ "im.message.updated_v1", read_edited },
		{ "im.chat.member.bot.added_v1", read_bot_added },
		{ "im.chat.member.bot.deleted_v1", read_bot_removed },
		{ "im.chat.disbanded_v1", read_bot_removed },
		{ "im.chat.member.user.added_v1", read_users_added },
		{ "im.chat.member.user.deleted_v1", read_users_removed },
		{ "im.chat.member.user.withdrawn_v1", read_users_removed },
		{ "im.chat.access_event.bot_p2p_chat_entered_v1", read_entered },
		{ "p2p_chat_create", read_chat_made },
		{ "application.bot.menu_v6", read_menu },
		{ "contact.user.created_v3", read_user },
		{ "contact.user.updated_v3", read_user },
		{ "contact.user.deleted_v3", read_user_deleted },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (strcmp(types[i].type, type) == 0)
			return types[i].read;
	return NULL;
}
