/* SPDX-License-Identifier: MIT */
/*
 * The body of a request of the API: from JSON to the inputs of an event, by a table of fields. Pure, and fuzzed.
 *
 * It looks at the shape alone: which fields there are, their types and lengths. What a value means (which stages a team
 * has, who somebody is) is the ritual's to say. A problem names its field and what to write instead; all are told at once.
 * Unknown fields are problems too: a sender that misspells "amount" should not find out at the end of the quarter.
 */
#pragma once

#include "core/event.h"

enum api_type {
	API_TEXT,   /* text of any lines */
	API_NAME,   /* a line that names something: without blanks at its ends */
	API_AMOUNT, /* decimal text, or a whole number: a fraction would pass through a double */
	API_DAY,    /* "2026-03-31" */
};

struct api_field {
	const char *name;
	enum api_type type;
	gboolean required;
	glong most; /* characters; 0: its type has its own */
};

/* What can be written. */
struct api_resource {
	const char *path; /* "/api/v1/deals" */
	const char *word; /* of the event */
	const struct api_field *fields; /* ends with a field without name */
};

/* Adds an input for each field that is there to the event. FALSE with problems (struct event_input: field and what is wrong). */
gboolean api_read(const struct api_resource *resource, const cJSON *body, struct event *into, GArray *problems);
