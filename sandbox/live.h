/* SPDX-License-Identifier: MIT */
/*
 * What the page sees as it happens: a feed of deltas to each open page and to the observer of a test, and the log of
 * calls and frames behind the page's drawer (the last 200). Nothing is built for nobody. Thread: the loop.
 */
#pragma once

#include "net/ws.h"
#include "sandbox/parts.h"

struct live;

struct live *live_new(struct sandbox *sb, gboolean log);
void live_free(struct live *live);
void live_observe(struct live *live, sandbox_observe_fn *observe, gpointer data);

/* A page came: it gets the whole state first. Takes ws. */
void live_welcome(struct live *live, struct ws *take_ws);
/* TRUE when somebody would see a delta: build one then. */
gboolean live_is_watched(const struct live *live);
/* {"type":…}; taken. */
void live_push(struct live *live, cJSON *take_delta);
/* The delta {"type":type,key:value}; value: taken. */
void live_push_value(struct live *live, const char *type, const char *key, cJSON *take_value);
/* All of the workspace changed: the pages get a new hello. */
void live_push_state(struct live *live);

enum log_dir { LOG_IN, LOG_OUT, LOG_NOTE };

/* TRUE when entries are kept: do not build details otherwise. */
gboolean live_logs(const struct live *live);
/* kind: "http", "frame" or "note". status: 0: none. detail: taken; NULL: none; a long one is cut. */
void live_log(struct live *live, enum log_dir dir, const char *kind, const char *title, int status, cJSON *take_detail);
void live_note(struct live *live, const char *text);
/* The last 200 entries, oldest first. The caller's. */
cJSON *live_entries(const struct live *live);
