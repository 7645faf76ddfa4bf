/* SPDX-License-Identifier: MIT */
/* People talk: say, edit, delete, react, come and go. */
#include "sandbox/acts.h"
#include "sandbox/feishu/news.h"
#include "sandbox/feishu/tongue.h"
#include "sandbox/files.h"
#include "sandbox/happen.h"
#include "sandbox/speech.h"
#include "sandbox/wire.h"

static char *text_of(const struct act *act, const char *text)
{
	return json_bool_or(act->args, "raw", FALSE) ? g_strdup(text) : speech_from_typed(act->room, text);
}

static gboolean must_be_in(const struct act *act, GError **error)
{
	if (act->channel->archived)
		return act_refuse(error, "the channel is archived");
	return room_is_in(act->channel, act->who) || act_refuse(error, "'%s' is not in that channel", act->who->name);
}

static gboolean say(struct act *act, GError **error)
{
	const char *typed = act_text(act, "text", error);
	if (!typed || !must_be_in(act, error))
		return FALSE;
	const char *thread_ts = json_text_or(act->args, "thread_ts", NULL);
	const struct message *parent = room_message(act->channel, thread_ts);
	if (thread_ts && !parent)
		return act_refuse(error, "there is no message '%s' to reply to", thread_ts);
	g_autofree char *text = text_of(act, typed);
	gboolean broadcast = thread_ts && json_bool_or(act->args, "broadcast", FALSE);
	const struct message *m = room_say(act->room, act->channel,
		&(struct saying){ .author = act->who, .text = text, .by_client = !act->who->is_bot,
			.quotes = thread_ts && json_bool_or(act->args, "quotes", FALSE),
			.thread_ts = parent && parent->thread_ts ? parent->thread_ts : thread_ts,
			.broadcast = broadcast, .subtype = broadcast ? "thread_broadcast" : NULL });
	json_put_text(act->reply, "ts", m->ts);
	happen_said(act->sb, act->channel, m);
	return TRUE;
}

static gboolean upload(struct act *act, GError **error)
{
	const char *name = act_text(act, "name", error), *base64 = name ? act_text(act, "base64", error) : NULL;
	if (!base64 || !must_be_in(act, error))
		return FALSE;
	gsize length = 0;
	guchar *data = g_base64_decode(base64, &length);
	struct file *file = files_announce(act->sb->files, act->who, name, length, json_text_or(act->args, "mimetype", NULL));
	if (!file) {
		g_free(data);
		return act_refuse(error, "there is no more room for files");
	}
	files_bring(file, g_bytes_new_take(data, length));
	file->completed = TRUE;
	g_autofree char *text = text_of(act, json_text_or(act->args, "text", ""));
	const struct message *m = files_share(act->sb->files, act->who, act->channel, (const char *[]){ file->id, NULL }, text,
		json_text_or(act->args, "thread_ts", NULL), NULL);
	json_put_text(act->reply, "ts", m->ts);
	json_put_text(act->reply, "file", file->id);
	return TRUE;
}

static gboolean is_own(const struct act *act, GError **error)
{
	if (act->message->subtype == g_intern_static_string("tombstone"))
		return act_refuse(error, "that message was deleted");
	return act->message->author == act->who || act_refuse(error, "that message is not by '%s'", act->who->name);
}

static gboolean edit(struct act *act, GError **error)
{
	const char *typed = act_text(act, "text", error);
	if (!typed || !is_own(act, error))
		return FALSE;
	struct message *m = act->message;
	cJSON *previous = wire_message(act->room, m, WIRE_METADATA | WIRE_COUNTS);
	g_free(m->text);
	m->text = text_of(act, typed);
	g_free(m->edited_ts);
	m->edited_ts = room_next_ts(act->room);
	m->edited_by = act->who;
	happen_changed(act->sb, act->channel, m, previous);
	return TRUE;
}

static gboolean delete(struct act *act, GError **error)
{
	/* What only this person sees is taken away without a word to anybody. */
	gboolean dismissed = act->message->ephemeral_to == act->who;
	if (!dismissed && !is_own(act, error))
		return FALSE;
	g_autofree char *ts = g_strdup(act->message->ts), *thread_ts = g_strdup(act->message->thread_ts);
	cJSON *previous = dismissed ? NULL : wire_message(act->room, act->message, 0);
	room_remove(act->channel, act->message);
	happen_deleted(act->sb, act->channel, ts, thread_ts, previous);
	return TRUE;
}

static gboolean react(struct act *act, GError **error)
{
	const char *name = act_text(act, "name", error);
	if (!name || !must_be_in(act, error))
		return FALSE;
	if (act->message->ephemeral_to)
		return act_refuse(error, "nobody can react to a message that one person sees");
	gboolean on = json_bool_or(act->args, "on", TRUE);
	const char *known = tongue_reaction_name(name);
	name = known ? known : name; /* Feishu's DONE is Slack's white_check_mark */
	if (!room_react(act->message, act->who, name, on))
		return act_refuse(error, on ? "'%s' already reacted so" : "'%s' has not reacted so", act->who->name);
	happen_reacted(act->sb, act->channel, act->message, act->who, name, on);
	return TRUE;
}

static gboolean is_among(GPtrArray *members, const struct member *who)
{
	return members && g_ptr_array_find(members, who, NULL);
}

/* "Got it", below a message that Feishu buzzed this person about. The app is not told. */
static gboolean ack_urgent(struct act *act, GError **error)
{
	struct message *m = act->message;
	if (!is_among(m->urgent_to, act->who))
		return act_refuse(error, "'%s' was not buzzed about that message", act->who->name);
	if (is_among(m->urgent_seen, act->who))
		return act_refuse(error, "'%s' said so already", act->who->name);
	if (!m->urgent_seen)
		m->urgent_seen = g_ptr_array_new();
	g_ptr_array_add(m->urgent_seen, act->who);
	happen_shown(act->sb, act->channel, m);
	return TRUE;
}

static gboolean join(struct act *act, GError **error)
{
	if (act->channel->kind == CHANNEL_IM)
		return act_refuse(error, "nobody can join direct messages");
	if (!room_join(act->channel, act->who))
		return act_refuse(error, "'%s' is already there", act->who->name);
	happen_joined(act->sb, act->channel, act->who, NULL);
	return TRUE;
}

static gboolean leave(struct act *act, GError **error)
{
	if (act->channel->kind == CHANNEL_IM)
		return act_refuse(error, "nobody can leave direct messages");
	if (!room_leave(act->channel, act->who))
		return act_refuse(error, "'%s' is not in that channel", act->who->name);
	happen_left(act->sb, act->channel, act->who);
	return TRUE;
}

static gboolean invite(struct act *act, GError **error)
{
	const char *name = act_text(act, "user", error);
	struct member *guest = room_member_named(act->room, name);
	if (!name || !must_be_in(act, error))
		return FALSE;
	if (!guest || !room_join(act->channel, guest))
		return act_refuse(error, guest ? "'%s' is already there" : "there is no member '%s'", name);
	happen_joined(act->sb, act->channel, guest, act->who);
	return TRUE;
}

static gboolean archive(struct act *act, GError **error)
{
	gboolean on = json_bool_or(act->args, "on", TRUE);
	if (act->channel->kind == CHANNEL_IM)
		return act_refuse(error, "direct messages are not archived");
	if (act->channel->archived == on)
		return act_refuse(error, on ? "the channel is archived already" : "the channel is not archived");
	act->channel->archived = on;
	happen_archived(act->sb, act->channel, act->who);
	return TRUE;
}

static gboolean open_dm(struct act *act, GError **error)
{
	(void)error;
	gboolean fresh;
	const struct channel *im = room_open_im(act->room, act->who, &fresh);
	if (fresh)
		happen_channel(act->sb, im);
	news_entered(act->sb->tenant, act->who, im);
	json_put_text(act->reply, "channel", im->id);
	return TRUE;
}

const struct act_row acts_talk[] = {
	{ "say", say, ACT_WHO | ACT_CHANNEL },
	{ "upload", upload, ACT_WHO | ACT_CHANNEL },
	{ "edit", edit, ACT_WHO | ACT_CHANNEL | ACT_MESSAGE },
	{ "delete", delete, ACT_WHO | ACT_CHANNEL | ACT_MESSAGE },
	{ "react", react, ACT_WHO | ACT_CHANNEL | ACT_MESSAGE },
	{ "ack_urgent", ack_urgent, ACT_WHO | ACT_CHANNEL | ACT_MESSAGE },
	{ "join", join, ACT_WHO | ACT_CHANNEL },
	{ "leave", leave, ACT_WHO | ACT_CHANNEL },
	{ "invite", invite, ACT_WHO | ACT_CHANNEL },
	{ "archive", archive, ACT_WHO | ACT_CHANNEL },
	{ "open_dm", open_dm, ACT_WHO },
	{ 0 },
};
