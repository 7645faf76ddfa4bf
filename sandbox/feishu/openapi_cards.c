/* SPDX-License-Identifier: MIT */
/* Cards beyond messages: those that one person sees, and updates by a callback's token. */
#include "sandbox/feishu/callbacks.h"
#include "sandbox/feishu/card.h"
#include "sandbox/feishu/essay.h"
#include "sandbox/feishu/ident.h"
#include "sandbox/feishu/meter.h"
#include "sandbox/happen.h"

static int find_reader(struct open_call *call, struct member **reader)
{
	call->channel = ident_chat(call->room, json_text_or(call->body, "chat_id", NULL));
	*reader = ident_member(call->room, "open_id", json_text_or(call->body, "open_id", NULL));
	if (!*reader)
		*reader = ident_member(call->room, "user_id", json_text_or(call->body, "user_id", NULL));
	if (!call->channel || call->channel->kind == CHANNEL_IM)
		return open_fail(call, 10002, "invalid chat_id");
	if (!room_is_in(call->channel, call->room->bot))
		return 230002;
	if (!*reader || !room_is_in(call->channel, *reader))
		return open_fail(call, 10002, "invalid open_id");
	g_autofree char *key = g_strconcat("ephemeral/", call->channel->id, NULL);
	return meter_take(call->tenant->meter, key, 40, SECONDS(1)) ? 230020 : 0;
}

static int send_ephemeral(struct open_call *call)
{
	struct member *reader;
	int code = find_reader(call, &reader);
	const cJSON *card = json_object(call->body, "card");
	if (code)
		return code;
	if (!card || g_strcmp0(json_text_or(call->body, "msg_type", NULL), "interactive") != 0)
		return open_fail(call, 10002, "msg_type is interactive, and there is a card");
	struct essay essay = { 0 };
	code = essay_read_card(&essay, call, cJSON_Duplicate(card, TRUE));
	if (code == 0) {
		const struct message *m = room_say(call->room, call->channel,
			&(struct saying){ .author = call->room->bot, .text = essay.text, .card = g_steal_pointer(&essay.card),
				.ephemeral_to = reader });
		g_autofree char *id = ident_message_id(call->channel, m->ts);
		json_put_text(call->data, "message_id", id);
		happen_said(call->sb, call->channel, m);
	}
	essay_release(&essay);
	return code;
}

static int delete_ephemeral(struct open_call *call)
{
	int code = 0;
	call->params[0] = g_strdup(json_text_or(call->body, "message_id", ""));
	struct message *m = open_message(call, 0, &code);
	if (code)
		return code;
	if (!m->ephemeral_to)
		return open_fail(call, 10002, "not an ephemeral message");
	g_autofree char *ts = g_strdup(m->ts);
	room_remove(call->channel, m);
	happen_deleted(call->sb, call->channel, ts, NULL, NULL);
	return 0;
}

static int update_by_token(struct open_call *call)
{
	const char *token = json_text_or(call->body, "token", "");
	const cJSON *card = json_object(call->body, "card");
	struct message *m = NULL;
	if (!card)
		return open_fail(call, 10002, "there is no card");
	int code = callbacks_use_token(call->tenant->callbacks, token, &call->channel, &m);
	struct essay essay = { 0 };
	if (code == 0)
		code = essay_read_card(&essay, call, cJSON_Duplicate(card, TRUE)) ? 200310 : 0;
	if (code == 0 && card_goes_back(m->card, essay.card))
		code = 200310;
	if (code == 0)
		card_replace(call->tenant, call->channel, m, g_steal_pointer(&essay.card), essay.text);
	essay_release(&essay);
	return code;
}

const struct open_method open_card_methods[] = {
	{ "ephemeral.send", "POST", "ephemeral/v1/send", send_ephemeral, 0, { "im:message:send_as_bot", "im:message" } },
	{ "ephemeral.delete", "POST", "ephemeral/v1/delete", delete_ephemeral, 0, { "im:message:send_as_bot", "im:message" } },
	{ "card.update", "POST", "interactive/v1/card/update", update_by_token, 0, { 0 } },
	{ 0 },
};
