/* SPDX-License-Identifier: MIT */
/*
 * What benches of a whole daemon share: a life of it (tests/year/life.h) in a folder of its own, in BENCH_FOLDER or the temporary
 * folder, and what it takes: time and memory. Everything but the sockets is real.
 *
 * Thread: the main one.
 */
#pragma once

#include <time.h>

#include "tests/year/life.h"

#include "base/banned.h"

/* The one zone of all of them. */
#define BENCH_ZONE "Asia/Shanghai"

struct bench {
	char *folder;
	cJSON *people;
	FILE *log;
	struct life life;
};

/* An empty folder. */
void bench_init(struct bench *b);
/* A file of that name in it. */
void bench_write(const struct bench *b, const char *name, const char *text);
/*
 * The life, not begun yet. config: all but the database and the workspace; its teams' channels are C0000000, C0000001, …, over
 * which so many people (accounts U0000000, …) are spread.
 */
void bench_settle(struct bench *b, const char *config, guint people, guint teams, int64_t now_ms);
/* As it is written in the folder now; caller frees. */
struct config *bench_config(const struct bench *b);
void bench_release(struct bench *b);

/* The number in argv[index], or the usual one. */
guint bench_number(int argc, char **argv, int index, guint usual);
int64_t bench_instant(const char *day, int hour, int minute);
/* From job to job until that instant. */
void bench_pass_until(struct bench *b, int64_t until_ms);

/* What something takes: time, and of the CPU, which tells more on a machine that has other things to do. */
struct bench_watch {
	int64_t start_us;
	clock_t cpu;
};
void bench_head(void);
struct bench_watch bench_start(void);
/* A row of the table: what it took since then, and the resident memory. each: what is told is one of so many. */
G_GNUC_PRINTF(3, 4) void bench_row(const struct bench_watch *since, guint each, const char *what, ...);
/* Begins the life, as a row. */
void bench_begin(struct bench *b, const char *what);
