/* SPDX-License-Identifier: MIT */
/*
 * Words in any script: as large as their box allows, from right to left where the script runs so, with emoji in colour.
 * The only user of pango.
 */
#pragma once

#include "picture/brush.h"

struct letters {
	cairo_t *cr;
	const char *language; /* decides the shapes of Chinese characters */
};

struct letters_style {
	struct colour colour;
	double size;	 /* in pixels, at most */
	gboolean bold;
	gboolean shaded; /* with a soft shadow below */
	gboolean alone;	 /* a sign or two in a disc: in its very middle, whatever its script leaves above and below */
};

/* One line in the middle of the box, smaller or shortened when it is too long. */
void letters_draw(const struct letters *letters, const struct box *box, const char *text, const struct letters_style *style);
