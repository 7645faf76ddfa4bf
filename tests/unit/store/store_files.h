/* SPDX-License-Identifier: MIT */
/* A folder of its own for each test, and what is asked of files in it. */
#pragma once

#include "store/db.h"

struct files {
	char *folder;
	char *db; /* FOLDER/belltower.db */
};

int files_make(void **state);	/* cmocka setup: *state is a struct files * */
int files_remove(void **state); /* and teardown: removes the folder with all files in it */
char *files_path(const struct files *files, const char *name);
void files_write(const char *path, const char *text);
/* Everything in the file; NULL when there is none. */
GBytes *files_bytes(const char *path);
/* Copies the database and its log as they lie there, as after a power cut, to FOLDER/name. */
char *files_crash_copy(const struct files *files, const char *name);

/* The error must be there, with this code and these words; frees it. */
void expect_error(GError **error, enum db_error code, const char *words);
/* Opens or fails the test. */
struct db *open_good(const char *path, enum db_mode mode);
