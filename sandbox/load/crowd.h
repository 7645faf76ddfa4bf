/* SPDX-License-Identifier: MIT */
/*
 * The standups of one step: made ahead, on their way, done.
 *
 * A standup is done when it has been acknowledged and has its reaction. What a connection took with it unacknowledged is
 * delivered again over the next one; what finds no connection waits for one.
 *
 * Thread: one.
 */
#pragma once

#include "base/json.h"

#include "sandbox/load/platform.h"

struct crowd;

/* company, platform: borrowed. */
struct crowd *crowd_new(const struct load_company *company, const struct load_platform *platform);
void crowd_free(struct crowd *crowd);

/* A step of so many begins, and forgets the one before; their messages are made now, or the first 65,536 of them. */
void crowd_begin(struct crowd *crowd, int64_t count);
/* `outstanding` of them go at once, and another whenever one is done, until all have gone. */
void crowd_start(struct crowd *crowd, guint outstanding);
/* The next one goes. */
void crowd_send(struct crowd *crowd);

/* Where to deliver from now on; NULL: nowhere. */
void crowd_use(struct crowd *crowd, struct server_conn *conn);
/* This connection is gone. */
void crowd_lose(struct crowd *crowd, const struct server_conn *conn);
/* Numbers of no standup of this step are nothing. */
void crowd_acknowledged(struct crowd *crowd, int64_t number);
void crowd_reacted(struct crowd *crowd, int64_t number);

int64_t crowd_done(const struct crowd *crowd);
gboolean crowd_is_done(const struct crowd *crowd);
/* "10 of 12 done, 11 acknowledged". Caller frees. */
char *crowd_state(const struct crowd *crowd);
/* Puts how many there were and how long they took into a line. */
void crowd_report(const struct crowd *crowd, cJSON *line);
