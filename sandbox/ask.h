/* SPDX-License-Identifier: MIT */
/*
 * What people ask of the app: commands, clicks, forms. Each goes to the bot as one payload (protocol sections 4 and 5),
 * and its acknowledgement decides what the person sees. Thread: the loop.
 */
#pragma once

#include "sandbox/later.h"
#include "sandbox/views.h"

/* text: as typed. later: taken, finished when the bot has answered or the time is over; may be NULL. */
void ask_command(struct sandbox *sb, struct member *who, struct channel *channel, const char *command, const char *text,
	struct later *take_later);
/* action: one entry of `actions` without block_id and action_ts; taken. */
void ask_press_message(struct sandbox *sb, struct member *who, struct channel *channel, const struct message *m,
	const char *block_id, cJSON *take_action, struct later *take_later);
void ask_press_view(struct sandbox *sb, struct member *who, const struct view *view, const char *block_id,
	cJSON *take_action, struct later *take_later);
void ask_submit(struct sandbox *sb, struct member *who, struct view *view, struct later *take_later);
/* all: the whole stack is closed. Sent only when the view wants to know; no answer is awaited. */
void ask_closed(struct sandbox *sb, struct member *who, const struct view *view, gboolean all);
/* A shortcut of the whole workspace, or (m) of a message. */
void ask_shortcut(struct sandbox *sb, struct member *who, const char *callback_id, struct channel *channel,
	const struct message *m, struct later *take_later);
/* Options for what was typed into an external select; they come as the delta {"type":"options"}. */
void ask_options(struct sandbox *sb, struct member *who, const struct view *view, struct channel *channel,
	const struct message *m, const char *block_id, const char *action_id, const char *typed, struct later *take_later);
