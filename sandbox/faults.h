/* SPDX-License-Identifier: MIT */
/*
 * Bad luck on either platform, switched on by the act "faults": each kind is a flag; "methods" narrows those of the API,
 * "times" counts occasions and switches all off after the last. "wait_s" and "delay_ms" are numbers. Thread: the loop.
 */
#pragma once

#include "base/json.h"

enum fault {
	FAULT_RATE_LIMIT,	  /* an API call is answered 429, and told to wait for wait_s */
	FAULT_SERVER_ERROR,	  /* … 500 and a page of HTML */
	FAULT_DROP_BEFORE,	  /* … not handled, the connection closed */
	FAULT_DROP_AFTER,	  /* … handled, then closed without an answer */
	FAULT_DROP_GREETING,	  /* a connection is closed as soon as it stands, before its first frame */
	FAULT_DROP_EVENT,	  /* … closed in place of an event */
	FAULT_DROP_ACK,		  /* … closed when an acknowledgement comes, which is not heard */
	FAULT_LOSE_ACKS,	  /* an acknowledgement is not heard */
	FAULT_DUPLICATE_EVENTS,	  /* an event comes twice, in two envelopes */
	FAULT_SWAP_EVENTS,	  /* an event comes after the next one */
	FAULT_LOSE_FRAGMENT,	  /* of an event that Feishu sends in fragments one does not come */
	FAULT_GARBAGE,		  /* noise comes before an event */
	FAULT_SILENCE,		  /* sockets stay open, nothing is read or answered */
	FAULT_REFUSE_CONNECTIONS, /* an upgrade to WebSocket is refused */
	FAULT_EXPIRED_TOKEN,	  /* a call to Feishu finds that all tokens given out are expired */
	FAULT_NO_SCANS,		  /* a completed upload waits to be scanned: it is neither shown nor shared */
	FAULT_API_ERROR,	  /* a Web API call fails with the error that faults_api_error tells */
	FAULT_COUNT,
};

struct faults;

/* spent(data): the last occasion was counted, all is well again. */
struct faults *faults_new(void (*spent)(gpointer data), gpointer data);
void faults_free(struct faults *faults);
/* Is it on? Uses up no occasion. method: of the Web API; NULL: not asked by one. */
gboolean faults_on(const struct faults *faults, enum fault fault, const char *method);
/* Is it on, and then counts the occasion. */
gboolean faults_take(struct faults *faults, enum fault fault, const char *method);
/* The error code of FAULT_API_ERROR, Slack's or Feishu's; borrowed until the next faults_set. */
const char *faults_api_error(const struct faults *faults);
/* The seconds that a call refused by FAULT_RATE_LIMIT is told to wait. */
int faults_wait_s(const struct faults *faults);
/* How much later each call is served; by the sandbox's clock. */
int64_t faults_delay_ms(const struct faults *faults);
/* A few bytes of anything, for FAULT_GARBAGE. The caller's. */
GBytes *faults_noise(void);
/* Any subset of the contract's FAULTS. FALSE with a plain sentence for what is not one. */
gboolean faults_set(struct faults *faults, const cJSON *wanted, GError **error);
/* The contract's FAULTS, whole. The caller's. */
cJSON *faults_describe(const struct faults *faults);
