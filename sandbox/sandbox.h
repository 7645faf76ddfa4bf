/* SPDX-License-Identifier: MIT */
/*
 * The sandbox: a chat server on your desk that speaks Slack's own protocol, and Feishu's, over a workspace in memory.
 *
 * A bot talks to it as to Slack: the Web API under /api/, Socket Mode under /link/, uploads under /upload/,
 * response_urls under /response/; or as to Feishu, see feishu/tenant.h. People use its page (GET /), tests use acts:
 * "ana says … in #sales". Both see what the bot did. Any token that begins with xoxb-sandbox or xapp-sandbox is welcome.
 *
 *	struct sandbox *sb = sandbox_new(&(struct sandbox_options){ .loop = loop, .clock = clock }, &error);
 *	config.api_url = sandbox_url(sb) + "api/"
 *	reply = sandbox_act(sb, act);		{"do":"say","as":"ana","channel":"#sales","text":"hello"}
 *
 * What the platform promises it keeps, by the clock's monotonic hand: acknowledgements within 3 s, repeats at once,
 * after 1 and after 5 minutes, triggers that live 3 s, rate limits by tier, Block Kit's limits. What the platform
 * does on bad days is switched on by the act "faults".
 *
 * Thread: the loop, which alone moves the clock. Lifetime: made after the lws_loop and the clock, freed before them.
 */
#pragma once

#include "base/clock.h"
#include "base/json.h"
#include "net/lws_loop.h"

struct sandbox;

#define SANDBOX_ERROR sandbox_error_quark()
GQuark sandbox_error_quark(void);
enum sandbox_error { SANDBOX_ERROR_COMPANY, SANDBOX_ERROR_ACT };

struct sandbox_options {
	struct lws_loop *loop;	/* borrowed */
	struct clock *clock;	/* borrowed; the bot's own in `belltower demo` */
	const char *address;	/* NULL: 127.0.0.1 */
	guint16 port;		/* 0: the kernel chooses, see sandbox_port */
	const char *cert_file;	/* PEM; NULL: http and ws, no TLS */
	const char *key_file;	/* PEM */
	const cJSON *company;	/* borrowed until return; NULL: the built-in company */
	gboolean no_rate_limits;
	gboolean no_log;	/* nothing is kept for the page's drawer */
	guint kept_messages;	/* in each channel; older ones are forgotten. 0: all are kept */
	guint page_messages;	/* the most messages of one page of history, as Slack's 15 for some apps; 0: no such limit */
};

/* NULL with an error: company not understood, address in use, certificate not readable. */
struct sandbox *sandbox_new(const struct sandbox_options *options, GError **error);
/* Drops all connections. NULL is nothing. */
void sandbox_free(struct sandbox *sb);

/* "http://127.0.0.1:8787/", with the slash at the end. */
const char *sandbox_url(const struct sandbox *sb);
guint16 sandbox_port(const struct sandbox *sb);
/* The room of "slack" or "feishu" is at that address, and the page's switch leads there. Said of none: both are here. */
void sandbox_point(struct sandbox *sb, const char *platform, const char *url);

/*
 * One act of a person, of time or of bad luck, as in docs/sandbox.md. act: borrowed. The answer is the caller's:
 * {"ok":true,…} or {"ok":false,"error":"plain sentence"}.
 */
cJSON *sandbox_act(struct sandbox *sb, const cJSON *act);
/* The whole workspace as the page sees it. The caller's. */
cJSON *sandbox_state(const struct sandbox *sb);
/* TRUE when nothing is undelivered, unacknowledged or unanswered. */
gboolean sandbox_is_quiet(const struct sandbox *sb);

/* delta: what the page's feed gets too, borrowed until return. Must not act on the sandbox from inside. */
typedef void sandbox_observe_fn(const cJSON *delta, gpointer data);
/* One observer; NULL ends it. */
void sandbox_observe(struct sandbox *sb, sandbox_observe_fn *observe, gpointer data);
