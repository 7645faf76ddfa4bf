/* SPDX-License-Identifier: MIT */
/*
 * Plain files, read whole and bounded. Nothing else is opened: a pipe or a device that a configuration names could
 * keep the reader waiting for ever. Any thread; blocks for the disk.
 */
#pragma once

#include <glib.h>
#include <sys/stat.h>

#include "base/banned.h"

/* Opens a plain file for reading; -1 with the reason ("cannot be read: …"), which the caller frees. */
int plain_file_open(const char *path, struct stat *status, char **reason);
/*
 * The file's bytes and a NUL behind them, caller frees; NULL with the reason when it cannot be read or is larger than
 * limit_bytes. is_open: everybody on the machine may read it.
 */
char *plain_file_read(const char *path, gsize limit_bytes, gsize *length, gboolean *is_open, char **reason);
