/* SPDX-License-Identifier: MIT */
/*
 * Watches one file by its name: written, replaced by another of that name, touched, or come back. What an editor, `mv` or
 * `cp` does in several steps may be told several times; the file is complete at the last.
 *
 * Thread: the one that runs the default main context. The callback may free the watch.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

struct watch;

typedef void watch_fn(gpointer data);

/* path: of a file in a folder that exists; the file need not. NULL with a G_FILE_ERROR when it cannot be watched. */
struct watch *watch_new(const char *path, watch_fn *changed, gpointer data, GError **error);
void watch_free(struct watch *watch);
