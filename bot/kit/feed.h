/* SPDX-License-Identifier: MIT */
/*
 * A calendar to take home: an .ics file (RFC 5545) of days and of times, for a message or an export. An event keeps its uid
 * from one file to the next, so that a calendar that has read it before knows it again.
 *
 *	struct feed *feed = feed_new("Belltower", now_ms);
 *	feed_day(feed, "birthday/12/2026-03-15", "2026-03-15", "🎂 Ana", NULL);
 *	feed_time(feed, "standup/sales/2026-03-02", at_ms, 15, "Standup", "sales");
 *	g_autoptr(GBytes) bytes = feed_end(feed);
 *
 * Any thread; one owner at a time.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

struct feed;

/* title: of the calendar; now_ms: when it is made, UTC. */
struct feed *feed_new(const char *title, int64_t now_ms);
/* A whole day, YYYY-MM-DD. All texts UTF-8, of any length; description: NULL for none. */
void feed_day(struct feed *feed, const char *uid, const char *day, const char *summary, const char *description);
/* From at_ms, UTC, for so many minutes. */
void feed_time(struct feed *feed, const char *uid, int64_t at_ms, int minutes, const char *summary, const char *description);
/* How many events it has. */
guint feed_count(const struct feed *feed);
/* The file; takes the feed. */
GBytes *feed_end(struct feed *take);
void feed_free(struct feed *feed);
