/* SPDX-License-Identifier: MIT */
/*
 * Typed reads and writes of JSON over cJSON: a path and a type checked in one call.
 *
 * A path names object members joined by dots, and array items by number: "event.user", "actions.0.value".
 * Readers with an `error` require the value; readers with a fallback take absent, null and wrongly typed as absent,
 * for unknown peers send anything. What is read is borrowed from the tree.
 *
 * Numbers are doubles: never read an id or a money amount with json_int.
 */
#pragma once

#include <cjson/cJSON.h>
#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

#define JSON_ERROR json_error_quark()
GQuark json_error_quark(void);
enum json_error { JSON_ERROR_SYNTAX, JSON_ERROR_MISSING, JSON_ERROR_TYPE };

/* Parses exactly `length` bytes of UTF-8 into a tree the caller frees; nesting beyond 1000 is a syntax error. */
cJSON *json_parse(const char *text, gsize length, GError **error);
/* Compact text; caller frees with g_free. */
char *json_print(const cJSON *root);

/* The node at path, whatever its type; NULL when absent. */
cJSON *json_at(const cJSON *root, const char *path);

gboolean json_text(const cJSON *root, const char *path, const char **out, GError **error);
const char *json_text_or(const cJSON *root, const char *path, const char *fallback);
int64_t json_int_or(const cJSON *root, const char *path, int64_t fallback);
gboolean json_bool_or(const cJSON *root, const char *path, gboolean fallback);
/* The array or object at path; NULL when absent or of another type. */
cJSON *json_array(const cJSON *root, const char *path);
cJSON *json_object(const cJSON *root, const char *path);

/* Adds to an object; a NULL text adds nothing. */
void json_put_text(cJSON *object, const char *key, const char *text);
void json_put_int(cJSON *object, const char *key, int64_t number);
void json_put_bool(cJSON *object, const char *key, gboolean value);
/* Adds and returns a new child. */
cJSON *json_put_object(cJSON *object, const char *key);
cJSON *json_put_array(cJSON *object, const char *key);
/* Appends and returns a new object. */
cJSON *json_push_object(cJSON *array);
void json_push_text(cJSON *array, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)
