/* SPDX-License-Identifier: MIT */
/*
 * Modals and Home tabs: what an app opened for a person, stacked at most three high. A view lives until it is closed
 * or its person's stack is cleared; outside this module and across any wait it is named by its id.
 *
 * Changes are told to the page here, for no event goes to the bot. Thread: the loop.
 */
#pragma once

#include "sandbox/parts.h"

struct view {
	char *id, *hash, *external_id;
	char *root_id, *previous_id; /* previous_id: NULL: the lowest of its stack */
	struct member *member;
	cJSON *body;   /* as the app gave it, with Slack's defaults and ids of blocks and actions filled in */
	cJSON *values; /* state.values: block_id → action_id → what was put in */
};

enum { VIEWS_HIGH = 3 };

/* body: checked by blocks_check_view; borrowed. Each answers the view, which its member owns. */
struct view *views_open(struct sandbox *sb, struct member *member, const cJSON *body);
struct view *views_push(struct sandbox *sb, struct member *member, const cJSON *body);
struct view *views_publish(struct sandbox *sb, struct member *member, const cJSON *body);
void views_update(struct sandbox *sb, struct view *view, const cJSON *body);
/* Closes this view and those above it; all: the whole stack. The view is gone afterwards. */
void views_close(struct sandbox *sb, struct view *view, gboolean all);

/* NULL: closed, or never there. */
struct view *views_find(const struct room *room, const char *id);
struct view *views_find_external(const struct room *room, const char *external_id);

/* What was put into an input or chosen; value: one entry of state.values, borrowed. */
void views_put_value(struct view *view, const char *block_id, const char *action_id, const cJSON *element, const cJSON *value);
/* Takes in values as the page sends them: {block: {action: {…}}}. */
void views_put_values(struct view *view, const cJSON *values);
/* For each input that may not stay as it is, what Slack's client says: {block_id: text}; empty: all is well. */
cJSON *views_problems(const struct view *view);
