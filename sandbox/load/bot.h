/* SPDX-License-Identifier: MIT */
/*
 * The bot under measure: a process, and what the kernel says of it (proc(5)). Children of it count as nothing: a bot that
 * needs them would have to be asked otherwise.
 */
#pragma once

#include <glib.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/banned.h"

struct load_memory {
	/* private: pages of its own that it has written; those of the program and its libraries belong to their files. */
	int64_t resident_kb, private_kb, peak_kb;
};

/* argv ends with NULL. url: LOAD_URL of its environment. log: a file for its output; NULL: none. 0 with an error. */
pid_t load_bot_start(char *const *argv, const char *url, const char *log, GError **error);
/* SIGTERM, then after 10 s SIGKILL; returns the exit status or -signal. */
int load_bot_stop(pid_t pid);
gboolean load_bot_is_gone(pid_t pid);
/* Seconds on all CPUs since its start. */
double load_bot_cpu_s(pid_t pid);
struct load_memory load_bot_memory(pid_t pid);
/* From here on peak_kb starts anew. */
void load_bot_forget_peak(pid_t pid);
