/* SPDX-License-Identifier: MIT */
/*
 * Rituals for tests alone. What is said to `rehearsal` beginning with "note" is kept as a note, reacted to
 *and shown on a board; what begins otherwise tells how to fail once all of that is done:
 *
 *	fail …     latches an error of its own
 *	refused    violates a constraint of its table
 *	doubt      fails while it is asked whether words are its own
 *
 * A form's text, a due job's key and a button's value are taken in the same way. `second` hears reactions
 *too.
 */
#pragma once

#include "core/ritual.h"
#include "rehearsal_sql.h"

extern const struct ritual *const rehearsals[];
/* The tables of people, core and rehearsal. */
const struct sql_owner *const *rehearsal_schema(gsize *count);
