/* SPDX-License-Identifier: MIT */
/*
 * A life of the daemon without its sockets: the clerk with its thread and its database, dispatch, the rituals, the sender, and
 * the world (world.h) where the platform would be. Its clock stands still until it is moved; whatever is due then, and all
 * that comes of it, has happened when life_settle returns. It may end at any instant, in good order or not.
 *
 * Thread: the loop, the default main context.
 */
#pragma once

#include "core/clerk.h"
#include "core/sender.h"
#include "tests/support/fault_vfs.h"
#include "world.h"

struct life {
	struct config *config;
	struct texts *texts;
	struct clock *clock;
	struct fault_vfs *disk;
	struct world world;
	struct db *db;
	struct clerk *clerk;
	struct sender *sender;
	int64_t due_ms;	   /* when the next job is */
	gboolean kept;	   /* the last event that was put has been acknowledged */
	gboolean heard;	   /* of a batch since something was given to the clerk */
	gboolean failing;  /* the disk */
	guint ends;
};

/* All but the life itself. Takes the configuration; people, log: see world.h, borrowed. */
void life_init(struct life *life, struct config *take, int64_t now_ms, const cJSON *people, FILE *log);
void life_release(struct life *life);

/* Opens the database and settles. */
void life_begin(struct life *life);
/* clean: in good order. Else the disk is gone first, so that nothing more is written, not even the log into the database. */
void life_end(struct life *life, gboolean clean);
/* It died of what the world or the disk did to it; life_end is still to be called. */
gboolean life_is_dead(const struct life *life);
/* Waits until nothing is left to do at this instant, or until it is dead. */
void life_settle(struct life *life);
/* Takes the event, and settles. */
void life_put(struct life *life, struct event *take);
/* Moves the clock ahead, rings what is due, and settles. */
void life_advance_to(struct life *life, int64_t now_ms);

/* Ends the program, with the reason, when it is not done. */
void life_check(gboolean done, const char *what, const GError *error);
/* The configuration of that file, or the program's end. */
struct config *life_read_config(const char *path);
