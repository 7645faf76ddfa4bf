/* SPDX-License-Identifier: MIT */
/*
 * The clerk with its own thread, a store on a disk that may fail, and the loop. Time stands still; what is
 * waited for is always the clerk's next word, and alarm(2) ends a test that waits in vain. What the clerk says is
 * written down in words. The rituals are the rehearsals, the people those of house.h.
 */
#pragma once

#include "core/clerk.h"
#include "tests/support/fault_vfs.h"
#include "tests/unit/store/store_files.h"

struct office {
	struct files *files;
	struct fault_vfs *disk;
	struct db *db;
	struct clock *clock;
	struct config *config;
	struct texts *texts;
	struct clerk *clerk;
	GString *verdicts; /* "5 kept, 6 not kept, …" */
	GString *rows;	   /* "post C1, …" */
	GPtrArray *handed; /* struct outbox_row */
	GString *news;	   /* "failing, works, configured, …" */
	char *notes;	   /* the last ones, JSON; NULL: none were told */
	const struct config *old;
	int64_t due_ms;
	guint drained, verdict_count;
	gboolean checks_reader; /* each verdict's event must be readable by others already */
	char *problem;
};

int office_make(void **state); /* cmocka setup: *state is a struct office *, its clerk hired and not started */
int office_free(void **state); /* and teardown */

/* A clerk over the store as it is; and its end, with all that the loop had still to do. */
void office_hire(struct office *office);
void office_dismiss(struct office *office);
/* Starts the clerk; Ana and Bo are in the team, and all questions of the start are put. */
void office_open(struct office *office);
/* The same, and then the next clerk is hired and not started: what is put now is one batch. */
void office_open_and_close(struct office *office);

/* Gives the clerk an event with this receipt, and a key made of it. */
void office_put(struct office *office, struct event *take, gint64 receipt);
/* U1 says it in C1. */
void office_say(struct office *office, gint64 receipt, const char *text);

#define OFFICE_UNTIL(condition)                                                                              \
	while (!(condition))                                                                                 \
	g_main_context_iteration(NULL, TRUE)
void office_wait_idle(struct office *office);

/* Forgets what the clerk has said, but for the rows in `handed`. */
void office_forget(struct office *office);
/* The notes that another reader of the database sees. */
int64_t office_notes(struct office *office);
