/* SPDX-License-Identifier: MIT */
/*
 * How the workspace looks from outside: the objects of Slack's protocol (sections 3, 4, 5, 8), and the page's own.
 * Pure: reads the room, makes trees that the caller owns.
 */
#pragma once

#include "sandbox/views.h"

/* ---- as Slack says it ---- */

enum wire_message_part {
	WIRE_METADATA = 1 << 0, /* whole metadata; else its event_type only */
	WIRE_COUNTS = 1 << 1,	/* reactions and thread counters, as history has them */
};

cJSON *wire_user(const struct room *room, const struct member *member, gboolean email, gboolean locale);
cJSON *wire_channel(const struct room *room, const struct channel *channel);
cJSON *wire_message(const struct room *room, const struct message *m, unsigned parts);
cJSON *wire_reactions(const struct message *m);
/* For bots.info, and bot_profile in messages. */
cJSON *wire_bot(const struct room *room);
/* A view as the Web API and payloads show it, with state. */
cJSON *wire_view(const struct room *room, const struct view *view);

/* Inner events. */
cJSON *wire_event_message(const struct room *room, const struct channel *channel, const struct message *m);
cJSON *wire_event_changed(const struct room *room, const struct channel *channel, cJSON *take_message, cJSON *take_previous,
	const char *event_ts);
cJSON *wire_event_deleted(const struct channel *channel, const char *ts, cJSON *take_previous, const char *event_ts);
/* The same message as an app_mention. */
cJSON *wire_event_mention(const struct room *room, const struct channel *channel, const struct message *m);

/*
 * The outer body of an event, as JSON text: most of it is the same for all, and events come by the ten thousand. inner:
 * taken; it gets its event_ts when it has none. Caller frees.
 */
char *wire_outer(struct room *room, cJSON *take_inner, const char *channel_id);

/* Slash command and interactive payloads: what all of one kind have in common. */
cJSON *wire_slash(const struct room *room, const struct channel *channel, const struct member *who);
cJSON *wire_interactive(const struct room *room, const char *type, const struct member *who);
/* {"id","name"} */
cJSON *wire_place(const struct channel *channel);

/* channel_type of events: "channel", "group", "im". */
const char *wire_channel_type(const struct channel *channel);
/* 1767225600.000100 → https://domain.example/archives/C…/p1767225600000100. Caller frees. */
char *wire_permalink(const struct room *room, const struct channel *channel, const struct message *m);

/* ---- as the page says it (docs/sandbox.md) ---- */

cJSON *page_member(const struct member *member);
cJSON *page_channel(const struct channel *channel);
cJSON *page_message(const struct message *m);
