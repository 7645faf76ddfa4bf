/* SPDX-License-Identifier: MIT */
/* What response.c, response_ring.c and response_renew.c share. */
#pragma once

#include "kit/response.h"
#include "kit/response_book.h"

/* A promise with its kind and team, for one turn. */
struct response_case {
	struct turn *t;
	const struct response_kind *kind;
	struct response *r;
	const struct team *team; /* NULL: the configuration has it no more */
};

/* The terms that count now for such a promise of the team; NULL: nothing is promised. */
struct response_terms *response_terms_of(const struct turn *t, const struct team *team, const char *applies, enum response_target target);
/* The number of those terms in the store, where they are put when they are new; 0 on failure. */
gint64 response_keep_terms(struct turn *t, const struct response_terms *terms);

/* NULL: there is none, or the turn has failed. */
struct response *response_read(struct turn *t, struct response_book *book, gint64 id);
/* The first column of all rows, gint64; ends the rows. */
GArray *response_numbers(struct turn *t, struct db_rows *take);

/* Adds to the history, and to the clock when the event is one of its. terms: 0 when none are meant. */
void response_note(const struct response_case *c, const char *what, const struct response_event *event, const struct person *by,
	const char *why, gint64 terms);
/* Writes down where the promise stands, and plans its next ring. */
void response_settle(const struct response_case *c);

/* The next instant at which something shall ring, or RESPONSE_NEVER. */
int64_t response_next_ring(const struct response_case *c);
/* Rings all that is due now. */
void response_ring_due(const struct response_case *c);
/* Rings the next step of the ladder now, because somebody wants it. FALSE: nobody heard. */
gboolean response_ring_next(const struct response_case *c, const struct person *by);

/* A job's key that is no promise's number: open promises take other terms, some in each turn. */
gboolean response_is_renewal(const char *key);
/* key: where the turn before has ended; NULL: from the beginning. */
void response_renew(struct turn *t, const struct response_kind *kind, const char *key);
