/* SPDX-License-Identifier: MIT */
/*
 * How far this machine's clock is from a platform's, by the Date of an answer. Deadlines and local days are told by ours, so a
 * wrong one makes people late who are not. Thread: any.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

enum { SKEW_LIMIT_S = 5 };

/* date: "Sun, 23 Nov 2025 13:56:00 GMT" (RFC 9110, 5.6.7), NULL: none. FALSE: not one. skew_s: ours minus theirs. */
gboolean skew_of(const char *date, int64_t now_ms, int64_t *skew_s);
