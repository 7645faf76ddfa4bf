/* SPDX-License-Identifier: MIT */
/* The wall: those in front in gold, all alike, for some of them may be equals; and everybody who belongs to them; each with name and caption. */
#include "picture/drawing.h"

void wall_draw(const struct drawing *d)
{
	const struct layout *l = &d->layout;
	const struct face_frame guest = { d->palette->ring, 0.07 }, star = { colour_of(0xFFC53D), 0.08 };
	for (guint i = 0; i < l->count; i++) {
		if (i < l->stars)
			brush_glow(d->cr, l->spots[i].x, l->spots[i].y, l->spots[i].r * 1.5, star.ring, 0.45);
		drawing_face(d, i, i < l->stars ? &star : &guest);
		drawing_name(d, i);
	}
}
