/* SPDX-License-Identifier: MIT */
/*
 * The sandbox in this process, on a clock that stands, and an app that talks to it over real sockets: one HTTP client,
 * any number of Socket Mode connections. Everything waits for its answer, at most 20 s of real time.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "net/http_client.h"
#include "net/ws_client.h"
#include "sandbox/sandbox.h"

/* 2026-03-02 09:00 in Shanghai, a Monday. */
#define DESK_NOW_MS INT64_C(1772413200000)

struct desk_link {
	struct desk *desk;
	struct ws *ws;
	GQueue frames; /* cJSON *, not yet taken */
	gboolean open, closed;
	unsigned close_code;
	unsigned pings;
};

struct desk {
	struct lws_loop *loop;
	struct clock *clock;
	struct sandbox *sandbox;
	struct http_client *http;
	char *ca_file;
	GPtrArray *links;  /* struct desk_link * */
	GPtrArray *trash;  /* cJSON *, what was given out */
	GPtrArray *texts;
	GPtrArray *deltas; /* cJSON *, what the observer saw */
	GPtrArray *owned;  /* what desk_own was given */
	char *token;	   /* of desk_feishu.h */
};

/* What came back over HTTP. */
struct desk_answer {
	enum http_outcome outcome;
	int status;
	char *body, *retry_after, *scopes;
	cJSON *json; /* NULL: not JSON */
};

/* options: loop and clock are filled in; NULL: the built-in company, no limits of rate. */
struct desk *desk_new(const struct sandbox_options *options);
/* The same, and the app trusts this authority (PEM). */
struct desk *desk_new_trusting(const struct sandbox_options *options, const char *ca_file);
void desk_free(struct desk *desk);

/* Freed with the desk: a tree, which is given back; anything, before the sandbox. */
const cJSON *desk_keep(struct desk *desk, cJSON *take_tree);
void desk_own(struct desk *desk, gpointer take, GDestroyNotify free_it);
/* Turns the loop once, waiting for a moment. */
void desk_turn(void);
/* Turns the loop until *done. */
void desk_wait(const gboolean *done);
/* Turns the loop for a moment, as long as there is something to do. */
void desk_settle(struct desk *desk);
/* Moves both hands of the clock, then settles. */
void desk_advance(struct desk *desk, int64_t ms);

/* A Web API call with the bot's token and a form body; must be HTTP 200. Borrowed from the desk. */
const cJSON *desk_call(struct desk *desk, const char *method, const char *form);
/* The same, and it must be ok. */
const cJSON *desk_ok(struct desk *desk, const char *method, const char *form);
/* … and it must fail with this error. */
void desk_fails(struct desk *desk, const char *method, const char *form, const char *error);
/* Any request: path below the sandbox's URL; headers end with NULL. Release with desk_answer_free. */
struct desk_answer *desk_request(struct desk *desk, const char *verb, const char *path, const char *const *headers,
	const char *body, gsize length);
void desk_answer_free(struct desk_answer *answer);

/* A form body of names and values in turn, NULL at the end; ' in values stands for ". Borrowed from the desk. */
const char *desk_form(struct desk *desk, const char *name, ...) G_GNUC_NULL_TERMINATED;

/* A fresh connection, hello taken. Borrowed from the desk. */
struct desk_link *desk_connect(struct desk *desk);
/* Dials without waiting for hello. */
struct desk_link *desk_dial(struct desk *desk, const char *url);
/* The next frame; waits for it. Borrowed from the desk. */
const cJSON *desk_frame(struct desk_link *link);
/* The next frame, whose payload's event (or payload) must be of this type. */
const cJSON *desk_event(struct desk_link *link, const char *type);
/* No frame is there, after all is settled. */
void desk_nothing(struct desk_link *link);
/* payload: JSON text or NULL. */
void desk_ack(struct desk_link *link, const cJSON *frame, const char *payload);

/* An act that must succeed; its answer. JSON with ' for ". Borrowed from the desk. */
const cJSON *desk_act(struct desk *desk, const char *act);
/* An act that must fail with these words in its sentence. */
void desk_act_fails(struct desk *desk, const char *act, const char *words);
/* The last delta of this type; NULL: none. Borrowed. */
const cJSON *desk_delta(struct desk *desk, const char *type);
