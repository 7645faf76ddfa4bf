/* SPDX-License-Identifier: MIT */
/*
 * What Slack sends, read: a Socket Mode frame becomes a greeting, a farewell, or an envelope with at most one
 *event.
 *
 * Pure: bytes in, values out, no clock, no socket; the fuzzer's door. The envelope's id comes out first and
 *whatever else is wrong, for what cannot be understood must still be acknowledged, or Slack delivers it again
 *for ever (protocols/slack.md 2.4). Only what is not JSON is garbage, and even there an id that can be seen
 *is taken.
 *
 *	g_auto(slack_frame_auto) frame = { 0 };
 *	slack_in(&self, text, length, now_ms, &frame);
 *	if (frame.kind == SLACK_ENVELOPE && !frame.event) acknowledge at once; frame.ignored says why
 *
 * An event's keys: "e:" event id; "m:TS:CHANNEL" a message, the same for `message` and `app_mention` and for
 *a copy from the history; "c:CHANNEL:CLIENT_MSG_ID"; "x:CHANNEL:TS:EDITED" an edit; "d:CHANNEL:TS" a
 *deletion; "t:" trigger_id; "a:PERSON:ACTION_TS:ACTION" a press; "v:VIEW:HASH" a form. A place's token is
 *JSON: {"trigger":…, "url":…}, each absent when there was none; slack_out reads it.
 *
 * Thread: any.
 */
#pragma once

#include "core/event.h"

/* Who we are in the workspace, from auth.test. Borrowed texts; NULL: not known (yet). */
struct slack_self {
	const char *workspace; /* name in the configuration, goes into each event's place */
	const char *user_id, *bot_id, *app_id;
};

enum slack_frame_kind {
	SLACK_GARBAGE,	  /* nothing to acknowledge; ignored says why */
	SLACK_HELLO,	  /* app_id, num_connections, connection_s */
	SLACK_DISCONNECT, /* disconnect */
	SLACK_ENVELOPE,	  /* envelope_id, accepts_payload; event or ignored */
};

/* Protocol 2.7. */
enum slack_disconnect {
	SLACK_DISCONNECT_OTHER,	   /* unknown or missing: as refresh, but with back-off */
	SLACK_DISCONNECT_WARNING,  /* this connection ends in about 10 s */
	SLACK_DISCONNECT_REFRESH,  /* planned */
	SLACK_DISCONNECT_DISABLED, /* Socket Mode was switched off */
	SLACK_DISCONNECT_CROWDED,  /* more than 10 connections of this app */
};

struct slack_frame {
	enum slack_frame_kind kind;
	char *envelope_id;
	gboolean accepts_payload; /* whether the acknowledgement may carry a payload (a form's problems) */
	int retry_attempt;	  /* 0: first delivery */
	char *app_id;		  /* hello: ours, or another's token was given; NULL: not told */
	int num_connections;	  /* hello: of this app, this one included; 0: not told */
	int connection_s;	  /* hello: about how long this connection will live; 0: not told */
	enum slack_disconnect disconnect;
	struct event *event; /* owned, receipt 0; NULL: acknowledge and ignore */
	const char *ignored; /* static, for the debug log: why there is no event; NULL when there is one */
	gboolean credentials_gone; /* the app was uninstalled or our bot's token revoked */
	gboolean rate_limited;	   /* app_rate_limited: Slack drops events of this hour */
};

/*
 * Reads one whole text frame. now_ms: UTC, for what Slack sends without a time (commands, forms). Writes all
 * of *out; the caller releases it. out->event is the caller's to steal.
 */
void slack_in(const struct slack_self *self, const char *text, gsize length, int64_t now_ms,
	struct slack_frame *out);
void slack_frame_release(struct slack_frame *frame);
typedef struct slack_frame slack_frame_auto;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(slack_frame_auto, slack_frame_release)

/* A message that was asked about (reactions.get), as EVENT_FOUND; the caller frees. NULL: no person's. */
struct event *slack_in_found(const struct slack_self *self, const cJSON *message, const char *channel);

/*
 * What a message of conversations.history or .replies tells that is newer than `since` (a ts): that it was said, before
 * that, that it was edited, or that it was deleted and has left a tombstone. Appends struct event with late_copy, owned
 * by the list; nothing when they are not a person's words.
 */
void slack_in_history(const struct slack_self *self, const cJSON *message, const char *channel, const char *since,
	GPtrArray *out);
/* Whether we wrote that message. */
gboolean slack_in_is_ours(const struct slack_self *self, const cJSON *message);
/* The outbox row that our own message (of a history read with include_all_metadata) was sent for; 0: none of
 * ours. */
gint64 slack_in_row(const struct slack_self *self, const cJSON *message);
/* A user object (users.info, users.list, team_join, user_change). Fills a zeroed person; FALSE: it has no id,
 * or is Slackbot. */
gboolean slack_in_person(const cJSON *user, struct event_person *out);

/* "1767225600.000100" as UTC milliseconds; fallback when it is no timestamp. */
int64_t slack_in_ts_ms(const char *ts, int64_t fallback);
