/* SPDX-License-Identifier: MIT */
/*
 * Uploaded files, in memory (protocol section 9): announced, brought, completed, scanned, shared. What an app completes is
 * scanned a moment later, as on the real platform: before that its kind is not told and no block may show it. All files together are bounded. Thread: the loop.
 */
#pragma once

#include "net/http_server.h"
#include "sandbox/parts.h"

enum { FILES_MOST_BYTES = 256 * 1024 * 1024 };

struct file {
	char *id, *name, *title, *mimetype;
	struct member *owner;
	gsize length;  /* as announced */
	GBytes *bytes; /* NULL until they came */
	gboolean completed, scanned;
	int64_t created_s;
	cJSON *shares; /* as in files.info: {"public":{"C…":[{"ts":…}]}} */
};

struct file_room;

struct file_room *file_room_new(struct sandbox *sb);
void file_room_free(struct file_room *files);
/* Forgets all. */
void file_room_forget(struct file_room *files);

/* NULL when there is no more room. mimetype: NULL: by the name's ending. */
struct file *files_announce(struct file_room *files, struct member *owner, const char *name, gsize length,
	const char *mimetype);
struct file *files_find(const struct file_room *files, const char *id);
/* Takes bytes. FALSE when they are not as many as announced. */
gboolean files_bring(struct file *file, GBytes *take_bytes);
/* Says the message that shows these files (ids), now; the channel's message. */
struct message *files_share(struct file_room *files, struct member *who, struct channel *channel, const char *const *ids,
	const char *text, const char *thread_ts, cJSON *take_blocks);
/* NULL when each picture of these blocks is a scanned file; else Slack's error, with a text for each that is not. */
const char *files_check_shown(const struct file_room *files, const cJSON *blocks, GPtrArray *messages);
/* Scans them a moment later, and shares them when a channel is given. */
void files_scan_soon(struct file_room *files, struct channel *channel, const char *const *ids, const char *text,
	const char *thread_ts, cJSON *take_blocks);
/* TRUE while something is still to be shared. */
gboolean files_are_pending(const struct file_room *files);

/* The file object of the Web API. The caller's. */
cJSON *files_wire(const struct file_room *files, const struct file *file);

/* POST /upload/F…: raw bytes, or the first file of multipart/form-data. */
void files_serve_upload(struct sandbox *sb, struct http_call *http);
/* GET /files/F…[/name] */
void files_serve(struct sandbox *sb, struct http_call *http);
