/* SPDX-License-Identifier: MIT */
/*
 * Test vectors of the response clock: files of the schema belltower-sla-vectors/1 (tests/data/README.md), played and
 * compared field by field. Any thread.
 */
#pragma once

#include <glib.h>

#include "base/json.h"

#include "base/banned.h"

#define RESPONSE_VECTORS_ERROR response_vectors_error_quark()
GQuark response_vectors_error_quark(void);
enum response_vectors_error { RESPONSE_VECTORS_ERROR_FORMAT };

/*
 * Plays every vector of the file's tree. Adds a sentence to `failures` (of char *, which it frees) for each field that is
 * not as expected: "S01: due_at is 2026-…, expected 2026-…". Returns the number of vectors, or -1 with the error when
 * the file is not of the schema: then nothing was added.
 */
int response_vectors_play(const cJSON *root, GPtrArray *failures, GError **error);
