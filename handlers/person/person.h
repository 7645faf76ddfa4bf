/* SPDX-License-Identifier: MIT */
/*
 * People 人员: what the register says of somebody, shown and changed by command. A person may say what is their own (zone,
 * language, birthday), whoever leads them everything; each change is kept with who made it.
 *
 *	person.c    the commands
 *	fields.c    the fields: their words, what may be written, how they are shown
 *	leaving.c   what somebody who has left leaves behind
 *	sync.c      the nightly look at the directory
 */
#pragma once

#include "core/ritual.h"

extern const struct ritual ritual_person;

/* ---- leaving.c ---- */
void person_news(struct turn *t, const struct event *event);

/* ---- sync.c ---- */
void person_start(struct turn *t);
void person_sync_due(struct turn *t, const struct event *event);

/* ---- fields.c ---- */

struct person_field {
	enum register_field field;
	const char *const *words; /* as people write them, in all languages; ends with NULL */
	const char *label;	  /* text keys: its name, and what may be written */
	const char *wrong;
	gboolean own;	 /* the person may say it; else only who leads them */
	gboolean secret; /* shown to the person and who leads them alone */
	/* What is kept of what was written, from the turn; NULL: it cannot be. NULL: the text as it is. */
	const char *(*read)(struct turn *t, const char *text);
	/* How it is shown; NULL: as it is kept. */
	const char *(*show)(struct turn *t, const char *kept);
};

/* The fields in the order in which they are shown; ends with an entry without words. */
extern const struct person_field person_fields[];
/* The field that a word names; NULL: none. */
const struct person_field *person_field_called(const char *word);
