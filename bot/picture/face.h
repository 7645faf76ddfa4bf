/* SPDX-License-Identifier: MIT */
/*
 * The face of a person: read from an image that a stranger has made, or initials. The only user of gdk-pixbuf, which
 * runs only in a confined process (confine.h).
 */
#pragma once

#include "picture/letters.h"
#include "picture/wish.h"

/* A square of at most FACE_PIXELS; NULL: it is no image that we take (PNG, JPEG, WebP), or a broken or too large one. */
cairo_surface_t *face_read(GBytes *image);

enum { FACE_PIXELS = 320, FACE_SIDE_MOST = 4096 };

struct face_frame {
	struct colour ring;
	double width; /* of the ring, of the radius */
};

/* face: NULL: initials of the name. */
void face_draw(const struct letters *letters, const struct spot *spot, const char *name, cairo_surface_t *face,
	const struct face_frame *frame);
/* "+7" in the place of a face. */
void face_draw_more(const struct letters *letters, const struct spot *spot, guint more, const struct face_frame *frame);
