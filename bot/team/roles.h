/* SPDX-License-Identifier: MIT */
/*
 * Roles: free words of the register, joined by ";". Those that every team has are known under several names, so that
 * `@运营` reaches whoever the list calls "operations". Any thread.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

/* The roles that rituals look for. */
#define ROLE_HR	 "hr"
#define ROLE_CEO "ceo"

/* TRUE when both words mean the same role. */
gboolean role_is(const char *one, const char *other);
/* TRUE when the register's list of roles has it. */
gboolean role_is_among(const char *roles, const char *role);
/* Its names in all languages, NULL-terminated, borrowed; NULL: a word of the team's own, known under no other. */
const char *const *role_names(const char *role);
