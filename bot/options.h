/* SPDX-License-Identifier: MIT */
/*
 * The command line: one table of commands and options makes the parser, every --help and the man page.
 *
 *	struct options options;
 *	int code = options_parse(argc, argv, &options, stdout, stderr);
 *	if (code != OPTIONS_GO)
 *		return code;
 *
 * Main thread, at start.
 */
#pragma once

#include <glib.h>
#include <stdio.h>

#include "base/log.h"

#include "base/banned.h"

enum options_command {
	OPTIONS_RUN,
	OPTIONS_CHECK,
	OPTIONS_DEMO,
	OPTIONS_SANDBOX,
	OPTIONS_LOAD,
	OPTIONS_EXPORT,
	OPTIONS_EXPORT_CALENDAR,
	OPTIONS_PARSE,
	OPTIONS_BACKUP,
	OPTIONS_PEOPLE_IMPORT,
	OPTIONS_PEOPLE_EXPORT,
	OPTIONS_DEALS_IMPORT,
	OPTIONS_ANNIVERSARIES,
	OPTIONS_REHEARSE,
	OPTIONS_CALENDAR_SHOW,
	OPTIONS_SLA_DUE,
	OPTIONS_SLA_REPLAY,
	OPTIONS_SLA_VECTORS,
	OPTIONS_SLA_WHATIF,
	OPTIONS_VERSION,
	OPTIONS_COUNT
};

#define OPTIONS_NO_SPAN INT64_MIN

enum listing_format { LISTING_TEXT, LISTING_JSON };
enum export_format { EXPORT_JSON, EXPORT_CSV, EXPORT_XLSX };

/* Exit codes of the program; the unit file and the man page know them too. */
enum exit_code { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_REFUSED = 3 };

struct options {
	enum options_command command;
	enum log_level log_level; /* LOG_LEVEL_INFO unless said otherwise */
	char *config;		  /* -c, else ./belltower.yaml when it is there, else /etc/belltower/belltower.yaml */
	gboolean online;	  /* check */
	char *listen;		  /* demo, sandbox, load: ADDRESS:PORT */
	char *database;		  /* demo: a file to keep, or NULL: one that is gone afterwards */
	char *company;		  /* demo, sandbox: file, or NULL: the built-in company */
	char *tls_cert, *tls_key; /* sandbox: PEM files, both or none */
	gboolean no_rate_limits;  /* sandbox */
	gboolean small_pages;	  /* sandbox */
	char *platform;		  /* load: "slack" or "feishu" */
	unsigned people, teams;	  /* load */
	unsigned outstanding;	  /* load */
	unsigned settle_ms;	  /* load */
	gboolean daily;		  /* load */
	char *bot_log;		  /* load: a file, or NULL: the bot's output is dropped */
	char **steps, **bot;	  /* load: NULL-terminated, never NULL */
	char *subject;		  /* export: "standups", "rounds" or "sla"; parse: "standup" */
	int format;		  /* export, anniversaries: enum export_format; parse: 'A', 'B', or 0 when not said */
	char *team;		  /* export, rehearse: only this team, or NULL */
	unsigned days;		  /* rehearse */
	int listing;		  /* rehearse: enum listing_format */
	char *from, *to;	  /* export, anniversaries: YYYY-MM-DD, both days included, or NULL */
	char *output;		  /* export, people export: file, or NULL: standard output */
	char **mentions;	  /* parse: NULL-terminated, never NULL */
	char *target;		  /* backup: the file to write */
	char *with;		  /* sla whatif: the other configuration */
	char *file;		  /* sla vectors: the file to play; people import, deals import: the list */
	gboolean dry_run;	  /* people import, deals import */
	char *source;		  /* deals import: where the list comes from */
	char *month;		  /* calendar show: YYYY-MM */
	char *calendar;		  /* calendar show, sla due: a shipped calendar's name, or a file */
	char *start;		  /* sla due: an instant, or a local time of the calendar */
	int64_t span;		  /* sla due: the target in seconds, or below 0 in calendar days; OPTIONS_NO_SPAN: not said */
	char **pauses;		  /* sla due: FROM..TO; NULL-terminated, never NULL */
};

enum { OPTIONS_GO = -1 };
/*
 * Reads the command line (argv[0] is the program) into `options`, which the caller releases whatever the outcome.
 * Returns OPTIONS_GO, or the exit code: EXIT_OK after help was printed to `out`, EXIT_USAGE after a mistake was told on `err`.
 */
int options_parse(int argc, char *const *argv, struct options *options, FILE *out, FILE *err);
void options_release(struct options *options);

/* The man page's parts that come from the table, in roff: SYNOPSIS, COMMANDS, OPTIONS. Caller frees. */
char *options_manual(void);
