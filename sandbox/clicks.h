/* SPDX-License-Identifier: MIT */
/*
 * The short-lived keys that a person's click hands to the app: a trigger_id, for 3 s and one use (protocol 5.1), and a
 * response_url, for 30 minutes and five (5.6). Both are bounded: the oldest are forgotten first. Thread: the loop.
 */
#pragma once

#include "sandbox/parts.h"

struct clicks;

struct clicks *clicks_new(struct clock *clock, const char *url);
void clicks_free(struct clicks *clicks);
void clicks_forget(struct clicks *clicks);

/* Caller frees. */
char *clicks_make_trigger(struct clicks *clicks, struct member *member);
/* NULL with Slack's error: expired_trigger_id, exchanged_trigger_id, invalid_trigger_id. */
struct member *clicks_use_trigger(struct clicks *clicks, const char *trigger_id, const char **error);

/* Where a response_url leads: its person, its channel, and the message that was clicked. */
struct click_target {
	struct member *member;
	struct channel *channel;
	char *ts; /* NULL: a command, no message */
};

/* A whole URL. ts: copied; NULL: none. Caller frees. */
char *clicks_make_response_url(struct clicks *clicks, struct member *member, struct channel *channel, const char *ts);
/* Uses one use of the URL's last part. NULL with the text of the refusal. Borrowed until the next call. */
const struct click_target *clicks_use_response_url(struct clicks *clicks, const char *key, const char **error);
