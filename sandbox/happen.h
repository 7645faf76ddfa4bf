/* SPDX-License-Identifier: MIT */
/*
 * What happened in the room, told to those who may know: the page (all of it), and the bot (what its scopes and its
 * membership let it see, as events of protocol section 3). Whoever changes the room calls one of these afterwards.
 * Thread: the loop.
 */
#pragma once

#include "sandbox/parts.h"

/* A new message, ephemeral ones too (those are no event). Parents' counters are told to the page as well. */
void happen_said(struct sandbox *sb, struct channel *channel, const struct message *m);
/* previous: how wire_message showed it before; taken. */
void happen_changed(struct sandbox *sb, struct channel *channel, const struct message *m, cJSON *take_previous);
/* Something about a message that only people see: for the page alone. */
void happen_shown(struct sandbox *sb, struct channel *channel, const struct message *m);
/* ts: of the removed message; it may stay as a tombstone. thread_ts: of its thread, or NULL. */
void happen_deleted(struct sandbox *sb, struct channel *channel, const char *ts, const char *thread_ts,
	cJSON *take_previous);
void happen_reacted(struct sandbox *sb, struct channel *channel, const struct message *m, const struct member *who,
	const char *name, gboolean on);
/* inviter: NULL: by themselves. */
void happen_joined(struct sandbox *sb, struct channel *channel, struct member *who, const struct member *inviter);
void happen_left(struct sandbox *sb, struct channel *channel, struct member *who);
void happen_archived(struct sandbox *sb, struct channel *channel, const struct member *who);
/* A person is new (joined) or changed. */
void happen_member(struct sandbox *sb, const struct member *member, gboolean joined);
/* A direct message channel appeared: for the page alone. */
void happen_channel(struct sandbox *sb, const struct channel *channel);
/* tab: "home" or "messages". */
void happen_home_opened(struct sandbox *sb, struct member *who, const char *tab);
