/* SPDX-License-Identifier: MIT */
/*
 * The desk's app as one of Feishu: the same sandbox, its REST and its long connections. Texts of JSON have ' for ".
 * Everything waits for its answer, at most 20 s of real time.
 */
#pragma once

#include "desk.h"

#define DESK_APP    "cli_0000000000000001"
#define DESK_SECRET "sandbox-secret"

struct desk_line {
	struct desk *desk;
	struct ws *ws;
	GQueue packets; /* struct packet *, not yet taken */
	struct packet *last; /* the one that desk_line_event gave, for the reply */
	gboolean open, closed;
	int refusal; /* HTTP status */
	char *refusal_code;
	gint32 service;
};

/* A token, fetched at first need and kept; NULL fetches a new one. Borrowed until the next. */
const char *desk_token(struct desk *desk);
void desk_new_token(struct desk *desk);

/* A REST call with the token; path below /open-apis/; body: JSON, or NULL. The answer with "status" in it. Borrowed. */
const cJSON *desk_open(struct desk *desk, const char *verb, const char *path, const char *body);
/* The same, and it must have code 0; what stands under "data". */
const cJSON *desk_open_ok(struct desk *desk, const char *verb, const char *path, const char *body);
/* … and it must fail with this code; the whole answer. */
const cJSON *desk_open_fails(struct desk *desk, const char *verb, const char *path, const char *body, int code);
/* im.message.create of this type to a chat: content as JSON. data. */
const cJSON *desk_send(struct desk *desk, const char *chat_id, const char *type, const char *content);
/* A body of create or reply. Borrowed from the desk. */
const char *desk_send_body(struct desk *desk, const char *receive_id, const char *type, const char *content, const char *uuid);

/* The endpoint's whole answer. */
const cJSON *desk_endpoint(struct desk *desk, const char *app_id, const char *secret);
/* A fresh long connection, open. Released with the desk. */
struct desk_line *desk_line_connect(struct desk *desk);
/* Dials, and waits until it is open or refused. */
struct desk_line *desk_line_dial(struct desk *desk, const char *url);
/* The next frame, whatever it is: waits for it. Borrowed until the next. */
const struct packet *desk_line_packet(struct desk_line *line);
/* The next frame must hold a whole event of this type; its JSON. Borrowed. */
const cJSON *desk_line_event(struct desk_line *line, const char *type);
/* The reply to the last packet: data as JSON, or NULL. */
void desk_line_reply(struct desk_line *line, int code, const char *data);
/* Any bytes. */
void desk_line_send(struct desk_line *line, GBytes *bytes);
/* No frame is there, after all is settled. */
void desk_line_nothing(struct desk_line *line);
