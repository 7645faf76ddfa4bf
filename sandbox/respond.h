/* SPDX-License-Identifier: MIT */
/* What an app says back to a click or a command: by a response_url, or in the acknowledgement. Thread: the loop. */
#pragma once

#include "net/http_server.h"
#include "sandbox/clicks.h"

/* A request to /response/…: protocol section 5.6. */
void respond_serve(struct sandbox *sb, struct http_call *http);
/* The payload of a command's acknowledgement. NULL, or Slack's error code. */
const char *respond_say(struct sandbox *sb, const struct click_target *target, const cJSON *payload);
