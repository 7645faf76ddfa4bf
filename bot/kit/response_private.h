/* SPDX-License-Identifier: MIT */
/* What response.c and response_ring.c share. */
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

/* Writes down where the promise stands, and plans its next ring. */
void response_settle(const struct response_case *c);

/* The next instant at which something shall ring, or RESPONSE_NEVER. */
int64_t response_next_ring(const struct response_case *c);
/* Rings all that is due now. */
void response_ring_due(const struct response_case *c);
/* Rings the next step of the ladder now, because somebody wants it. FALSE: nobody heard. */
gboolean response_ring_next(const struct response_case *c, const struct person *by);
