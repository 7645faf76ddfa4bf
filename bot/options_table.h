/* SPDX-License-Identifier: MIT */
/*
 * The table of commands and options: read by options.c (the parser) and by options_help.c (--help and the man page).
 * A new option is one line in options_table.c and one field in options.h.
 */
#pragma once

#include "options.h"

#include "base/banned.h"

#define OPTIONS_DEFAULT_HERE   "belltower.yaml"
#define OPTIONS_DEFAULT_THERE  "/etc/belltower/belltower.yaml"
#define OPTIONS_DEFAULT_LISTEN "127.0.0.1:8787"

enum option_kind {
	KIND_FLAG,    /* gboolean; takes no value */
	KIND_TEXT,    /* char * */
	KIND_DAY,     /* char *, YYYY-MM-DD */
	KIND_MONTH,   /* char *, YYYY-MM */
	KIND_ADDRESS, /* char *, ADDRESS:PORT */
	KIND_PLATFORM, /* char *, "slack" or "feishu" */
	KIND_COUNT,   /* unsigned, 1 to OPTIONS_MOST */
	KIND_TEXTS,   /* char **, may stand several times */
	KIND_LEVEL,   /* enum log_level */
	KIND_LISTING, /* int, enum listing_format */
	KIND_EXPORT,  /* int, enum export_format */
	KIND_STANDUP, /* int, 'A' or 'B' */
	KIND_ICS,     /* nothing: the only value there is */
	KIND_SPAN,    /* int64_t, seconds, or below 0 days */
};

#define OPTIONS_MOST	  1000000
#define OPTIONS_MOST_DAYS 366

#define FOR(command) (1u << OPTIONS_##command)
enum { FOR_ALL = (1u << OPTIONS_COUNT) - 1 };

struct option {
	const char *name;
	char letter; /* 0: none */
	const char *value; /* what its value is called; NULL: takes none */
	enum option_kind kind;
	size_t offset;
	unsigned commands;
	const char *help;
};

struct command {
	const char *name; /* one word, or two: "sla due" */
	const char *argument;		/* "TARGET", or NULL: takes none */
	const char *const *arguments;	/* the words it may be; NULL: any */
	size_t argument_offset;		/* char *; many: char ** */
	gboolean many;			/* takes one of them or more */
	const char *tail;		/* what stands behind "--": "PROGRAM [ARGUMENT]..."; NULL: more words */
	size_t tail_offset;		/* char ** */
	const char *summary;
	const char *help;
	const char *example;
};

extern const struct option options_table[];
extern const size_t options_table_count;
extern const struct command options_commands[OPTIONS_COUNT];

/* The help of all commands, and of one. */
void options_help(FILE *file);
void options_help_command(FILE *file, enum options_command which);
