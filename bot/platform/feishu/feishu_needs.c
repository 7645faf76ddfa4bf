/* SPDX-License-Identifier: MIT */
#include "platform/feishu/feishu_needs.h"

const struct feishu_need feishu_needs[] = {
	{ "im:message:send_as_bot", { "im:message" }, "to send, replace and recall messages", FEISHU_ALWAYS },
	{ "im:message.p2p_msg:readonly", { NULL }, "to read standups in direct messages", FEISHU_ALWAYS },
	{ "im:message.group_at_msg:readonly", { "im:message.group_msg" }, "to hear words said to the bot in a group", FEISHU_ALWAYS },
	{ "im:message.group_msg", { "im:message.group_msg:readonly" }, "to read standups in groups, and what was missed there",
		FEISHU_ALWAYS },
	{ "im:message:readonly", { "im:message" }, "to look messages up, and to hear of recalled ones", FEISHU_ALWAYS },
	{ "im:message.reactions:read", { "im:message:readonly" }, "to see reactions", FEISHU_ALWAYS },
	{ "im:message.reactions:write_only", { NULL }, "to answer with a reaction", FEISHU_ALWAYS },
	{ "im:chat:readonly", { "im:chat:read", "im:chat" }, "to find groups by name", FEISHU_ALWAYS },
	{ "im:chat.members:read", { "im:chat:readonly", "im:chat" }, "to know the members of groups", FEISHU_ALWAYS },
	{ "im:chat.members:bot_access", { "im:chat:readonly", "im:chat" }, "to hear that the bot was added or removed",
		FEISHU_ALWAYS },
	{ "contact:contact.base:readonly", { NULL }, "to look people up", FEISHU_ALWAYS },
	{ "contact:user.base:readonly", { NULL }, "to know people's names", FEISHU_ALWAYS },
	{ "contact:user.employee:readonly", { NULL }, "to notice who has left the company", FEISHU_FOR_MORE },
	{ "contact:user.email:readonly", { NULL }, "to find managers by e-mail address", FEISHU_FOR_EMAILS },
	{ "im:message.urgent", { NULL }, "to make an escalation urgent", FEISHU_FOR_MORE },
	{ "im:resource", { NULL }, "to show pictures", FEISHU_FOR_MORE },
};
const gsize feishu_need_count = G_N_ELEMENTS(feishu_needs);

const struct feishu_news feishu_news[] = {
	{ "im.message.receive_v1", "standups, and words to the bot" },
	{ "im.message.updated_v1", "a standup that was changed" },
	{ "im.message.recalled_v1", "a standup taken back" },
	{ "im.message.reaction.created_v1", "reactions" },
	{ "im.message.reaction.deleted_v1", "reactions taken off" },
	{ "im.chat.member.bot.added_v1", "the bot comes into a group" },
	{ "im.chat.member.bot.deleted_v1", "the bot is removed from a group" },
	{ "im.chat.member.user.added_v1", "who joins the team" },
	{ "im.chat.member.user.deleted_v1", "who leaves it" },
	{ "im.chat.member.user.withdrawn_v1", "an invitation taken back" },
	{ "im.chat.disbanded_v1", "a group dissolved" },
	{ "im.chat.access_event.bot_p2p_chat_entered_v1", "somebody's visit to the bot: the first is greeted, later ones put the day's look right" },
	{ "application.bot.menu_v6", "the bot's menu" },
	{ "contact.user.updated_v3", "names and addresses that change" },
	{ "contact.user.deleted_v3", "people who leave the company" },
	{ "card.action.trigger", "buttons and forms" },
};
const gsize feishu_news_count = G_N_ELEMENTS(feishu_news);

gboolean feishu_need_is_met(const struct feishu_need *need, GHashTable *granted)
{
	gboolean met = g_hash_table_contains(granted, need->scope);
	for (gsize i = 0; i < G_N_ELEMENTS(need->instead) && need->instead[i]; i++)
		met = met || g_hash_table_contains(granted, need->instead[i]);
	return met;
}
