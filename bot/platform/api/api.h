/* SPDX-License-Identifier: MIT */
/*
 * The HTTP API: other programs write, as people do in the chat. It lives where adapters live and goes the same way: a
 * request becomes an event (EVENT_REQUESTED), the clerk commits what a ritual makes of it, and only then is it answered. A
 * sender that hears nothing asks again, with the same Idempotency-Key. docs/api.md tells senders the rest.
 *
 *	api.c          listening, who may, and the answers
 *	api_sender.h   tokens and rates
 *	api_body.h     from JSON to inputs
 *	api_routes.h   what can be written
 *
 * TLS is the business of a proxy before it. Thread: the loop.
 */
#pragma once

#include "base/clock.h"
#include "core/platform.h"
#include "net/lws_loop.h"

struct api;

struct api_setup {
	struct clock *clock;
	struct lws_loop *lws;
	/* Takes the event. */
	void (*put)(gpointer data, struct event *take);
	gpointer data;
};

/* setup: copied. It does not listen yet. */
struct api *api_new(const struct api_setup *setup);
/* Drops what is not answered. */
void api_free(struct api *api);

/*
 * From now on this configuration counts, borrowed until the next call or the end. FALSE when it asks for an address that
 * cannot be had; then it does not listen, or still where it did.
 */
gboolean api_configure(struct api *api, const struct config *config, GError **error);
/* Nothing more is taken in (TRUE: the inbox is full, or the program stops); who asks is told to come again. */
void api_pause(struct api *api, gboolean paused);
/* The store fails: as above, and its health says so. */
void api_failing(struct api *api, gboolean failing);
/* What became of a request. */
void api_verdict(struct api *api, const struct verdict *verdict);
