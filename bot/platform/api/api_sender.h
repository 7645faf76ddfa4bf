/* SPDX-License-Identifier: MIT */
/*
 * Who may write by the API: by which token, and how fast. Of a token only its digest is compared, and with all digests in
 * full each time, so that the time a refusal takes tells nothing of any token. Thread: the loop.
 */
#pragma once

#include "team/config.h"

struct api_senders;

/* config: borrowed as long as they live. */
struct api_senders *api_senders_new(const struct config_api *config);
void api_senders_free(struct api_senders *senders);

/* Whose token the Authorization header shows ("Bearer TOKEN"; NULL: there is none); -1: nobody's. */
int api_senders_find(const struct api_senders *senders, const char *authorization);
const struct config_sender *api_sender(const struct api_senders *senders, int index);
/* Counts a request. 0: it may go on; else the seconds until the next one may. now_ms: of the monotonic hand. */
int api_senders_wait_s(struct api_senders *senders, int index, int64_t now_ms);
