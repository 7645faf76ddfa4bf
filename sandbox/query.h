/* SPDX-License-Identifier: MIT */
/* Bodies and queries in application/x-www-form-urlencoded and multipart/form-data. Pure. */
#pragma once

#include "base/json.h"

/* An object of texts; of a name that comes twice the last counts. Bytes that are no UTF-8 are dropped with their pair. */
cJSON *query_parse(const char *text, gsize length);

/* All values of a name, in their order; none: an empty array. Caller frees. */
GStrv query_values(const char *query, const char *name);

/* The bytes of the first part that has a filename, or of the first part; NULL when there is none. */
GBytes *query_multipart_file(const char *content_type, const char *body, gsize length);
/* The bytes of the part with this name; NULL when there is none. */
GBytes *query_multipart_part(const char *content_type, const char *body, gsize length, const char *name);
