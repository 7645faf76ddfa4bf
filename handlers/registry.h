/* SPDX-License-Identifier: MIT */
/* All rituals, in the order in which they are asked whether words are theirs. A new one is a folder and a line. */
#pragma once

#include "core/ritual.h"

/* Ends with NULL. */
extern const struct ritual *const registry[];

/* The tables of all parts, in the order in which they depend on each other, for db_migrate. */
const struct sql_owner *const *registry_schema(gsize *count);
/* The texts of all parts; texts_free them. */
struct texts *registry_texts(void);
