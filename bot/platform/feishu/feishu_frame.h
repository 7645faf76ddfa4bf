/* SPDX-License-Identifier: MIT */
/*
 * Frames of Feishu's long connection (protocols/feishu.md 2.3 to 2.6): one binary WebSocket message is one frame of
 * frame.proto. Control frames are pings and pongs, data frames carry an event or a card's callback, which is answered
 * on the same connection by the same frame with another payload.
 *
 *	g_autoptr(feishu_frame_auto) frame = feishu_frame_decode(data, length);
 *	if (frame && feishu_frame_kind(frame) == FEISHU_FRAME_EVENT)
 *		… read its payload (feishu_fragments.h, feishu_in.h), keep the frame, and once the clerk has committed:
 *	g_autoptr(GBytes) reply = feishu_frame_reply(frame, TRUE, NULL, took_ms);
 *
 * A frame owns its memory. What is not known of it (headers, fields of a later version) is kept and goes back with the
 * reply: the platform finds by it which of its servers waits.
 *
 * Pure. Thread: any.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

enum feishu_frame_kind {
	FEISHU_FRAME_PING,
	FEISHU_FRAME_PONG,  /* its payload may change the settings */
	FEISHU_FRAME_EVENT, /* an event, or a card's callback */
	FEISHU_FRAME_CARD,  /* a callback by its older name (2.10) */
	FEISHU_FRAME_OTHER, /* of no use: ignore it */
};

struct feishu_frame;

/* NULL: not a frame. The caller frees. */
struct feishu_frame *feishu_frame_decode(const guint8 *data, gsize length);
void feishu_frame_free(struct feishu_frame *frame);
typedef struct feishu_frame feishu_frame_auto;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(feishu_frame_auto, feishu_frame_free)

enum feishu_frame_kind feishu_frame_kind(const struct feishu_frame *frame);
/* The first header of that key; NULL: none. Borrowed; not checked to be UTF-8. */
const char *feishu_frame_header(const struct feishu_frame *frame, const char *key);
/* A header that holds a number; fallback when it is absent or no decimal number. */
int feishu_frame_number(const struct feishu_frame *frame, const char *key, int fallback);
/* Borrowed; "" and 0 when there is none. */
const char *feishu_frame_payload(const struct feishu_frame *frame, gsize *length);
/* Lets go of the payload: what is kept for the reply need not hold it. */
void feishu_frame_drop_payload(struct feishu_frame *frame);

/* The frame as bytes; the caller unrefs. */
GBytes *feishu_frame_encode(const struct feishu_frame *frame);
/* A ping with the connection's service_id. */
GBytes *feishu_frame_ping(int32_t service);
/*
 * The answer to a data frame. kept: stored, else the platform shall push it again. data: the callback response as JSON
 * (feishu_out.h), "{}" for a callback with nothing to say; NULL: an event's bare answer. took_ms: how long we had it.
 */
GBytes *feishu_frame_reply(const struct feishu_frame *frame, gboolean kept, const char *data, int64_t took_ms);

/* What the platform wishes of a client (2.1), within bounds. */
struct feishu_settings {
	int reconnect_count; /* attempts; negative: for ever */
	int reconnect_interval_s, reconnect_nonce_s, ping_interval_s;
};

/* Where it says nothing. */
extern const struct feishu_settings feishu_settings_default;
/* Takes what a ClientConfig object holds, be it a pong's payload or a part of the endpoint's answer; no JSON: nothing. */
void feishu_settings_read(struct feishu_settings *settings, const char *json, gsize length);
