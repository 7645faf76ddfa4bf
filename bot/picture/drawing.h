/* SPDX-License-Identifier: MIT */
/*
 * From a wish to a PNG. The pictures themselves are in cake.c, party.c and wall.c, a function each.
 */
#pragma once

#include "picture/face.h"
#include "picture/layout.h"

/* A picture at work. */
struct drawing {
	const struct wish *wish;
	const struct palette *palette;
	struct letters letters;
	cairo_t *cr; /* the letters' too */
	struct layout layout;
	cairo_surface_t *faces[WISH_PEOPLE]; /* NULL: initials */
};

enum { DRAWING_BYTES = 1000000 };

/* with_faces: FALSE: everybody by initials. At most DRAWING_BYTES: what is larger is drawn again smaller. */
GBytes *drawing_make(const struct wish *wish, gboolean with_faces);

/* All take the paper with its layout made and what everybody has in common drawn. */
void cake_draw(const struct drawing *d);
void party_draw(const struct drawing *d);
void wall_draw(const struct drawing *d);

/* ---- for them ---- */
/* The face in its place; `i` of the layout, the last one may be "+7". */
void drawing_face(const struct drawing *d, guint i, const struct face_frame *frame);
void drawing_name(const struct drawing *d, guint i);
/* The stars' names in one line; the caller frees. */
char *drawing_stars(const struct drawing *d);
