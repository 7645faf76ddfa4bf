/* SPDX-License-Identifier: MIT */
/* "Did you mean …?": the known word nearest to one that was mistyped. Any thread. */
#pragma once

#include <glib.h>

#include "base/banned.h"

/*
 * The candidate with the fewest edits (a letter put in, left out, changed, or swapped with its neighbour; capitals do
 * not count), the first of several; NULL when none is near: more than a third of the longer word's letters, at least one.
 * candidates: NULL-terminated; word: UTF-8, of which more than 64 characters are near to nothing.
 */
const char *nearest_word(const char *word, const char *const *candidates);
