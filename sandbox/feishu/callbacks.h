/* SPDX-License-Identifier: MIT */
/*
 * Presses on cards (protocols/feishu.md 5): a person uses a component, the app is asked and has three seconds, its answer
 * is a toast, another card, both or nothing; what goes wrong the person is told with the client's own number. Each press
 * makes a token, good for half an hour and two updates. Thread: the loop.
 */
#pragma once

#include "sandbox/acts.h"
#include "sandbox/feishu/tenant.h"

struct callbacks;

struct callbacks *callbacks_new(struct tenant *tenant);
void callbacks_free(struct callbacks *callbacks);
void callbacks_forget(struct callbacks *callbacks);

/* The acts "press" and "submit" on a message with a card: act->who, ->channel and ->message are set. */
gboolean callbacks_press(struct act *act, GError **error);
gboolean callbacks_submit(struct act *act, GError **error);

/* Uses a token once: 0 and its message, or the code. */
int callbacks_use_token(struct callbacks *callbacks, const char *token, struct channel **channel, struct message **message);
