/* SPDX-License-Identifier: MIT */
/*
 * The table of the configuration's keys: the one place that says which keys there are, where each value goes, what is
 * allowed, and what it is for. Read by config.c, and by config_print.c for the schema and the man page.
 *
 * A new key is one line here and one field in config.h.
 */
#pragma once

#include "team/config.h"

#include "base/banned.h"

enum config_type {
	CONFIG_TEXT,	 /* char * */
	CONFIG_CHOICE,	 /* char *, one of `choices` */
	CONFIG_LETTER,	 /* char, one of `choices`, each of one letter */
	CONFIG_FLAG,	 /* gboolean */
	CONFIG_INTEGER,	 /* int, `least` … `most` */
	CONFIG_ZONE,	 /* char *, that zone_find knows */
	CONFIG_LANGUAGE, /* enum language */
	CONFIG_SPAN,	 /* int64_t, as base/span.h has it */
	CONFIG_MINUTE,	 /* int, minutes after midnight, written "HH:MM"; with `most`, of so many days later, "+1 HH:MM" */
	CONFIG_RULE,	 /* struct recurrence *, owned: days and a time in words */
	CONFIG_WORDS,	 /* struct config_words: a text, or one for each language */
	CONFIG_CALENDAR, /* struct calendar *, owned: one of the program's by name, or a file */
	CONFIG_FILE,	 /* char *, absolute path of a file that is there */
	CONFIG_STORE,	 /* char *, absolute path of a file that will be made */
	CONFIG_DAYS,	 /* unsigned, bits from Monday; a word or a list of days */
	CONFIG_TEXTS,	 /* char **, NULL-terminated; at most `most` */
	CONFIG_SECTION,	 /* a struct inside */
	CONFIG_SECTIONS, /* struct **, NULL-terminated; 1 … `most` */
	CONFIG_TYPE_COUNT
};

struct config_key {
	const char *name;
	enum config_type type;
	size_t offset;	/* of the field in the section's struct */
	const char *only; /* the key is for sections of this choice alone, see config_section.choice; NULL: for all */
	gboolean required;
	gboolean secret; /* may come as NAME_file; its value never stands in a message */
	const char *fallback; /* the value when absent, as it would be written; NULL: see config_section.begin */
	gboolean filled;      /* a section that is absent has the values of its absent keys */
	const char *const *choices;
	int least, most;
	/* NULL, or what is wrong with the (or one) value: "must be …"; caller frees. shown: the value, safe to print. */
	char *(*check)(const char *value, const char *shown);
	const char *pattern; /* the check as a regular expression, for the schema, where it can be one */
	const struct config_section *section;
	const char *absent; /* for people: what an absent key means, when `fallback` does not say it */
	const char *help;   /* one or more sentences */
	const char *example; /* as it is written in YAML */
};

struct config_section {
	const char *noun; /* "workspace", for messages */
	const char *help;
	const struct config_key *keys;
	size_t count;
	size_t size; /* of its struct */
	size_t choice; /* the number of the key, a CONFIG_CHOICE before all keys that have `only`, by which sections differ */
	void (*begin)(const struct config *config, void *item); /* values of absent keys that depend on others */
};

extern const struct config_section config_top;

/* The words that mean several days of the week: workdays, daily; one is written as in calendar_weekdays. */
extern const char *const config_days_words[3];

/* JSON Schema (2020-12) of the file, for editors; ends with a newline. Caller frees. */
char *config_schema(void);
/* The man page's section about the file, in roff. Caller frees. */
char *config_manual(void);
