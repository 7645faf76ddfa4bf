/* SPDX-License-Identifier: MIT */
/*
 * A disk that fails on command, for tests of what must survive it: a layer around SQLite's own file system
 *(VFS) that counts what changes the disk (writes, syncs, truncations) and makes one of them, or all from
 *there on, fail; or makes each sync take longer.
 *
 *	struct fault_vfs *disk = fault_vfs_install();      before the first db_open
 *	fault_vfs_fail(disk, n, FAULT_FULL, FALSE);        the n-th from now on fails, counted from 1
 *	…
 *	fault_vfs_heal(disk);
 *	fault_vfs_remove(disk);                            after the last db_close
 *
 * Beside bot/store/sqlite.c the only user of sqlite3.h. Any thread; one layer at a time.
 */
#pragma once

#include <glib.h>

struct fault_vfs;

enum fault {
	FAULT_IO,   /* nothing is written, "I/O error" */
	FAULT_FULL, /* nothing is written, "disk full" */
	FAULT_TORN, /* the first half is written, then "I/O error" */
};

/* Makes itself the default for every database opened from now on. */
struct fault_vfs *fault_vfs_install(void);
void fault_vfs_remove(struct fault_vfs *disk);

/* The n-th change from now on (n >= 1) fails; with `once` only that one, else all that follow too. Restarts
 * the count. */
void fault_vfs_fail(struct fault_vfs *disk, int n, enum fault fault, gboolean once);
/* Nothing fails any more. Restarts the count. */
void fault_vfs_heal(struct fault_vfs *disk);
/* Changes asked for since the count was restarted, failed ones included; and how many of them failed. */
int fault_vfs_changes(struct fault_vfs *disk);
int fault_vfs_failures(struct fault_vfs *disk);
/* Each sync takes that much longer; 0 again for none. */
void fault_vfs_delay_sync(struct fault_vfs *disk, int delay_us);
