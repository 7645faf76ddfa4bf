/* SPDX-License-Identifier: MIT */
/*
 * A link: one place in a workspace's set of connections that is always to be filled. It asks the platform for
 * an address, dials, waits for the greeting, watches for silence, and starts over; shared by all platforms.
 *
 *	WAITING → ASKING → DIALING → GREETING → LIVE      any of them → WAITING, or STOPPED for good
 *	                                         └→ ASKING: a planned refresh, the successor comes first
 *
 * The state is that of the newest connection. Each connection is a *line* with a number; an older line that
 * was asked to go stays open, is read and can be acknowledged on, until it closes by itself, or 30 s have
 * passed and its successor is greeted. There are never more than three lines. Numbers tell them apart: what
 * comes late from a line that is gone, or is said about one, is ignored. Nobody but link_enter changes the
 * state, and nobody else reconnects.
 *
 * Every step has a time limit (protocols/slack.md, 2.11): 10 s for the address, 10 s for the dialling, 15 s
 * for the greeting. From the greeting on: a ping every 15 s; no frame at all for 40 s closes the descriptor;
 * unless the platform has a pulse of its own. The back-off starts over only after a connection has been live
 * for 60 s. All by base/clock, so that tests move the time.
 *
 * Thread: the loop. link_free must not be called from inside an operation.
 */
#pragma once

#include "base/clock.h"
#include "base/json.h"
#include "net/lws_loop.h"
#include "net/ws.h"

struct link;

enum link_state {
	LINK_WAITING,
	LINK_ASKING,
	LINK_DIALING,
	LINK_GREETING,
	LINK_LIVE,
	LINK_STOPPED,
	LINK_STATE_COUNT
};

/* Why a connection is to be made anew, which decides how soon, and whether the old line stays meanwhile. */
enum link_cause {
	LINK_LOST,    /* it broke, or could not be made: back off */
	LINK_REFRESH, /* the platform asks for a planned change: successor at once, and first */
	LINK_REPLACE, /* the platform asks for a change and does not say why: successor first, but with
			 back-off */
	LINK_CROWDED, /* too many connections: close, 60 s at least */
	LINK_SHUT,    /* switched off, or the credentials are refused: close, look again every 15 minutes */
	LINK_CAUSE_COUNT
};

/* What the platform does. `line` is a line's number, never 0. */
struct link_ops {
	/* Get an address: answer with link_address or link_no_address, at once or later. */
	void (*ask)(struct link *link, gpointer data);
	/* Forget the question: its time is over, or the link stops. */
	void (*unask)(struct link *link, gpointer data);
	/* The line is open; say what the platform wants to hear first. Optional. */
	void (*opened)(struct link *link, guint line, gpointer data);
	/* A text message came. Borrowed until return; UTF-8 is not checked. */
	void (*message)(struct link *link, guint line, const char *text, gsize length, gpointer data);
	/* The same for a binary message. Optional: they are ignored. */
	void (*binary)(struct link *link, guint line, const char *bytes, gsize length, gpointer data);
	/*
	 * A pulse of the platform's own in place of the one above; first called at the greeting. silent_ms: since the
	 * last frame, 0 while reading is paused. Returns the milliseconds until the next call; negative: the peer is
	 * dead. Optional.
	 */
	int64_t (*pulse)(struct link *link, guint line, int64_t silent_ms, gpointer data);
	/*
	 * The server refused the upgrade (ws_refusal_status, ws_refusal_header). Returns what that means; *after_ms, -1
	 * at first: the platform's word on when to ask again. Not to call this link. Optional: LINK_LOST.
	 */
	enum link_cause (*refused)(struct link *link, const struct ws *ws, int64_t *after_ms, gpointer data);
	/*
	 * How long to wait after a loss. attempt: 0 for the first. Optional: net/backoff.h.
	 */
	int64_t (*delay)(struct link *link, unsigned attempt, gpointer data);
	/* What was sent with a token: TRUE: handed to the kernel; FALSE: lost with the line. Optional. */
	void (*sent)(struct link *link, guint line, guint64 token, gboolean written, gpointer data);
	/*
	 * TRUE: a greeted line is there; FALSE: none is left. heard_ms: UTC milliseconds of the last frame
	 * (when FALSE), which may be long ago when a line went silent.
	 */
	void (*covered)(struct link *link, gboolean covered, int64_t heard_ms, gpointer data);
	/* All lines are closed after link_stop. */
	void (*stopped)(struct link *link, gpointer data);
};

struct link_options {
	const char *name;	     /* for the log; copied, as the rest */
	const char *ca_file, *proxy; /* as in ws_client.h */
	gsize max_send_bytes;	     /* the same */
	const char *const *refusal_headers; /* the same; outlive the link */
	struct clock *clock;
	struct lws_loop *lws;
};

/* A link that waits; ops: borrowed until freed. */
struct link *link_new(const struct link_options *options, const struct link_ops *ops, gpointer data);
/* Closes all descriptors at once; no operation is called any more. */
void link_free(struct link *link);
/* Asks for the first address at once. */
void link_start(struct link *link);
/* Closes all lines in an orderly way (what waits is written, 1.5 s at most); `stopped` follows, maybe at
 * once. */
void link_stop(struct link *link);

/* The answer to `ask`: dial this. Nothing happens when the question has been forgotten. */
void link_address(struct link *link, const char *url);
/* Or: there is none. cause: LOST or SHUT; after_ms: the platform's word on when to ask again, -1: none. */
void link_no_address(struct link *link, enum link_cause cause, int64_t after_ms, const char *why);
/* The platform greeted on this line. */
void link_greeted(struct link *link, guint line);
/* The platform asked for this line's end. Legal at any time, before the greeting and from an old line too. */
void link_leave(struct link *link, guint line, enum link_cause cause, const char *why);

/* FALSE: the line is gone, or its queue is full. token: see ws.h. */
gboolean link_send(struct link *link, guint line, const char *text, gsize length, guint64 token);
gboolean link_send_binary(struct link *link, guint line, const char *bytes, gsize length, guint64 token);
/* The credentials are refused: closes all lines, and looks again in 15 minutes. In any state. */
void link_shut(struct link *link, const char *why);
/* Stops reading from all lines, or goes on. */
void link_pause(struct link *link, gboolean paused);

enum link_state link_get_state(const struct link *link);
/* "waiting", "asking", … */
const char *link_state_name(enum link_state state);
/* Descriptors held, whatever their state. */
unsigned link_sockets(const struct link *link);
/* A greeted line is there. */
gboolean link_is_covered(const struct link *link);
/* Milliseconds since the last frame on any greeted line; -1: there is none. */
int64_t link_silent_ms(const struct link *link);
/* Adds state, lines, seconds of silence, attempts and the last trouble. */
void link_status(const struct link *link, cJSON *into);
