/* SPDX-License-Identifier: MIT */
/*
 * The chat in which the year happens: who is there and when, and what the bot has put into it, which is written down. Below the
 * sender it stands where an adapter stands; it does at once what it is asked, and answers unless the program is to die just then.
 *
 * Thread: the loop.
 */
#pragma once

#include <stdio.h>

#include "core/platform.h"

#define WORLD_WORKSPACE "acme"

/* What has become of the first message that is lost when the program dies. */
enum world_death { WORLD_UNSENT, WORLD_UNREPORTED };

struct world {
	const struct clock *clock;
	const cJSON *people; /* [{"account", "name", "handle", "zone", "channel", "from_ms", "until_ms"}…] */
	const cJSON *said;   /* [{"channel", "message", "person", "text", "public"}…], that the bot may ask about; NULL: nothing */
	FILE *log;	     /* a line of JSON for each message that people see */
	struct host host;    /* event and outcome are called */
	GHashTable *standing; /* gint64 row → message id, of all that was ever posted */
	guint messages;
	int lives; /* so many more things are done until the program dies; -1: it lives on */
	enum world_death death;
	gboolean dead;
};

extern const struct platform world_platform;

/* The world as the platform's adapter. */
struct adapter *world_adapter(struct world *world);
