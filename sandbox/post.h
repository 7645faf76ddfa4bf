/* SPDX-License-Identifier: MIT */
/*
 * The post office of Socket Mode (protocol 2.4 to 2.6, 2.10): wraps payloads in envelopes, waits three seconds for
 * each acknowledgement, and delivers an unacknowledged event again: at once, after one minute, after five, then no
 * more. Commands and interaction are not repeated; whoever sent one learns its fate.
 *
 * All waiting goes by the clock's monotonic hand. An envelope costs the same however many are under way.
 * Thread: the loop.
 */
#pragma once

#include "sandbox/parts.h"

enum envelope_kind { ENVELOPE_EVENT, ENVELOPE_SLASH, ENVELOPE_INTERACTIVE };

enum fate {
	FATE_ACKNOWLEDGED,
	FATE_TIMED_OUT,	 /* no acknowledgement within 3 s */
	FATE_NO_ONE,	 /* no connection to send it on */
};

/* answer: the acknowledgement's payload, borrowed; NULL: none. */
typedef void fate_fn(struct sandbox *sb, enum fate fate, const cJSON *answer, gpointer data);

struct post_office;

struct post_office *post_office_new(struct sandbox *sb);
void post_office_free(struct post_office *post);

/* The outer body of an event, JSON text; taken. type: for the log. */
void post_event(struct post_office *post, const char *type, char *take_outer);
/* A command or an interactive payload; taken. decided: called once, unless the post office is freed before. */
void post_ask(struct post_office *post, enum envelope_kind kind, cJSON *take_payload, fate_fn *decided, gpointer take_data,
	GDestroyNotify free_data);
/* Text that came from a connection. */
void post_receive(struct post_office *post, const char *text, gsize length);
/* Nothing is waiting for an acknowledgement or for its next try. */
gboolean post_is_quiet(const struct post_office *post);
/* Forgets all that is under way. */
void post_forget(struct post_office *post);
