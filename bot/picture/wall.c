/* SPDX-License-Identifier: MIT */
/* The wall: the best in their order, framed like medals, and everybody who belongs to them; each with name and caption. */
#include "picture/drawing.h"

static const guint32 medals[] = { 0xFFC53D, 0xBFC7D2, 0xD39A6A };

void wall_draw(const struct drawing *d)
{
	const struct layout *l = &d->layout;
	const struct face_frame guest = { d->palette->ring, 0.07 };
	for (guint i = 0; i < l->count; i++) {
		struct face_frame medal = { colour_of(medals[MIN(i, G_N_ELEMENTS(medals) - 1)]), 0.08 };
		if (i < l->stars)
			brush_glow(d->cr, l->spots[i].x, l->spots[i].y, l->spots[i].r * 1.5, medal.ring, 0.45);
		drawing_face(d, i, i < l->stars ? &medal : &guest);
		drawing_name(d, i);
	}
}
