/* SPDX-License-Identifier: MIT */
/*
 * Pushes events and card callbacks over the long connections (protocols/feishu.md 2.5 to 2.7): in frames, cut when the
 * payload is long, and waits three seconds for the reply. An event without a good one comes again after 15 s, 5 min, 1 h
 * and 6 h, then never; a callback is pushed once, and whoever pressed learns its fate.
 *
 * All waiting goes by the clock's monotonic hand. A push costs the same however many are under way. Thread: the loop.
 */
#pragma once

#include "sandbox/feishu/packet.h"
#include "sandbox/feishu/tenant.h"

enum reply_fate {
	REPLY_TAKEN,	/* code 200 */
	REPLY_FAILED,	/* another code, or no JSON */
	REPLY_LATE,	/* none within 3 s */
	REPLY_NO_LINE,	/* no connection to send it on */
};

/* response: what the reply's data says, borrowed; NULL: it had none, or none that is JSON. */
typedef void reply_fn(struct tenant *tenant, enum reply_fate fate, const cJSON *response, gpointer data);

struct courier *courier_new(struct tenant *tenant);
void courier_free(struct courier *courier);
/* Forgets all that is under way. */
void courier_forget(struct courier *courier);

/* event: the inner object, taken. */
void courier_push(struct courier *courier, const char *type, cJSON *take_event);
/* The same for a callback; decided: called once, unless the courier is freed or forgets before. */
void courier_ask(struct courier *courier, const char *type, cJSON *take_event, reply_fn *decided, gpointer take_data,
	GDestroyNotify free_data);
/* Sends bytes as they are over one connection. FALSE when there is none. */
gboolean courier_send_raw(struct courier *courier, GBytes *bytes);
/* A data frame that came from connection `line`. */
void courier_receive(struct courier *courier, guint64 line, const struct packet *packet);
/* How many wait for a reply or for their next push. */
guint courier_pending(const struct courier *courier);
