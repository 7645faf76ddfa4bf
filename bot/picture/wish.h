/* SPDX-License-Identifier: MIT */
/*
 * What to draw, as it comes in: one line of JSON (bot/kit/picture.h), in which people have "bytes": the length of their
 * face; then the faces' bytes, in the people's order. Everything in it may be a stranger's and has its limit.
 *
 * Lifetime: the program's.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

enum {
	WISH_PEOPLE = 60,
	WISH_STARS = 12, /* who is beyond is a guest */
	WISH_LINE_BYTES = 64 * 1024,
	WISH_FACE_BYTES = 512 * 1024,
	WISH_BYTES = 16 * 1024 * 1024,
};

enum wish_kind { WISH_CAKE, WISH_PARTY, WISH_WALL, WISH_KINDS };

struct wish_person {
	char *name, *caption; /* UTF-8, "" for none */
	GBytes *face;	      /* of an image; NULL: none */
};

struct wish {
	enum wish_kind kind;
	gboolean dark;
	char *language; /* "zh-CN" */
	char *headline;
	struct wish_person people[WISH_PEOPLE]; /* the stars first */
	guint count, stars;
	guint more; /* whom there was no room for */
};

/* NULL with the error. */
struct wish *wish_read(const char *bytes, gsize length, GError **error);
void wish_free(struct wish *wish);
typedef struct wish wish_auto;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(wish_auto, wish_free)
