/* SPDX-License-Identifier: MIT */
/* A store with the core's tables for a test, and short ways to act in it and to look into it. */
#pragma once

#include "store/db.h"

/* Opens and migrates (":memory:" or a file), or fails the test. */
struct db *core_store_open(const char *path);
/* Fails the test with the error's text. */
void core_check(gboolean done, const GError *error);
void core_begin(struct db *db);
void core_commit(struct db *db);
/* The integer that a query gives; kept prepared under its address. */
int64_t core_number(struct db *db, const struct sql *query);
#define CORE_NUMBER(db, query)                                                                               \
	({                                                                                                   \
		static const struct sql core_query = { .name = "test", .text = query };                      \
		core_number((db), &core_query);                                                              \
	})
