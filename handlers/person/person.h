/* SPDX-License-Identifier: MIT */
/*
 * People 人员: what the register says of somebody, shown and changed by command. A person may say what is their own (zone,
 * language, birthday), whoever leads them everything; each change is kept with who made it.
 *
 *	person.c    the commands
 *	fields.c    the fields: their words, what may be written, how they are shown
 *	leaving.c   what somebody who has left leaves behind
 *	sync.c      the nightly look at the directory
 *	zone.c      a profile that tells another time zone
 */
#pragma once

#include "core/ritual.h"

extern const struct ritual ritual_person;

/* ---- person.c ---- */
struct person_field;
/* The event's person says what a field of somebody is, as they may: answered in private. */
void person_change(struct turn *t, const struct person *person, const struct person_field *field, const char *text);

/* ---- leaving.c ---- */
/* The directory tells of somebody, who may be gone. */
void person_told_left(struct turn *t, const struct person *person);

/* ---- sync.c ---- */
void person_start(struct turn *t);
void person_sync_due(struct turn *t, const struct event *event);

/* ---- zone.c ---- */
/* An account's profile tells a zone. */
void person_told_zone(struct turn *t, const struct person *person, const struct event_person *told);
void person_zone_pressed(struct turn *t, const struct event *event);
void person_zone_command(struct turn *t, const struct event *event, const char *rest);

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
	/* What may have been meant by words that it cannot be, to be freed; NULL: nothing is known. */
	char *(*guess)(const char *text);
	/* How it is shown; NULL: as it is kept. */
	const char *(*show)(struct turn *t, const char *kept);
	/* What counts where the register tells nothing, "" for nothing; NULL: nothing does. */
	const char *(*counts)(struct turn *t, const struct person *person);
};

/* The fields in the order in which they are shown; ends with an entry without words. */
extern const struct person_field person_fields[];
/* The field that a word names; NULL: none. */
const struct person_field *person_field_called(const char *word);
