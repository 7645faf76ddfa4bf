/* SPDX-License-Identifier: MIT */
/*
 * A body of multipart/form-data (RFC 7578), for an upload.
 *
 *	struct multipart *m = multipart_new();
 *	multipart_text(m, "image_type", "message");
 *	multipart_file(m, "image", "deals.png", bytes);
 *	g_autofree char *type = NULL;
 *	gsize length;
 *	g_autofree char *body = multipart_finish(m, &length, &type);
 *
 * Pure: the boundary is a checksum of what is sent, which stands in no file of this world. Any thread.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

struct multipart;

struct multipart *multipart_new(void);
void multipart_text(struct multipart *m, const char *name, const char *value);
/* filename: as people call it; what would end it early is escaped. */
void multipart_file(struct multipart *m, const char *name, const char *filename, GBytes *bytes);
/* The body, and *content_type: the header's value with its boundary; the caller frees both. Frees m. */
char *multipart_finish(struct multipart *m, gsize *length, char **content_type);
