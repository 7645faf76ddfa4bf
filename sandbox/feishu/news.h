/* SPDX-License-Identifier: MIT */
/*
 * What happened in the room, as events for Feishu's app (protocols/feishu.md 3): what its scopes and its membership let
 * it see. happen.c calls these beside Slack's; each does nothing until an app came. Thread: the loop.
 */
#pragma once

#include "sandbox/feishu/tenant.h"

void news_said(struct tenant *tenant, const struct channel *channel, const struct message *m);
void news_edited(struct tenant *tenant, const struct channel *channel, const struct message *m);
/* by: the author, as the room knew it before. */
void news_recalled(struct tenant *tenant, const struct channel *channel, const char *ts, const struct member *by);
void news_reacted(struct tenant *tenant, const struct channel *channel, const struct message *m, const struct member *who,
	const char *name, gboolean on);
/* by: who added or removed them; NULL: they themselves. */
void news_joined(struct tenant *tenant, const struct channel *channel, const struct member *who, const struct member *by);
void news_left(struct tenant *tenant, const struct channel *channel, const struct member *who, const struct member *by);
void news_disbanded(struct tenant *tenant, const struct channel *channel, const struct member *by);
void news_member(struct tenant *tenant, const struct member *member, gboolean joined);
/* The person opened the bot's chat. */
void news_entered(struct tenant *tenant, const struct member *who, const struct channel *im);
/* A person chose an entry of the bot's menu. */
void news_menu(struct tenant *tenant, const struct member *who, const char *event_key);
