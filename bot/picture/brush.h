/* SPDX-License-Identifier: MIT */
/*
 * What all pictures are painted with: colours, the paper, shadows, candles, confetti. Thread: the program's only one.
 */
#pragma once

#include <cairo.h>

#include "picture/layout.h"

struct colour {
	double r, g, b;
};

/* 0xRRGGBB. */
static inline struct colour colour_of(guint32 hex)
{
	return (struct colour){ (hex >> 16 & 255) / 255.0, (hex >> 8 & 255) / 255.0, (hex & 255) / 255.0 };
}

struct palette {
	struct colour paper_above, paper_below, glow;
	struct colour ink, quiet; /* of words on the paper */
	struct colour ring;	  /* around a face */
	struct colour icing, plate;
	struct colour tiers[6];
	struct colour lettered, letters; /* the cake's layer with the names */
};

const struct palette *palette_of(gboolean dark);
struct colour colour_mix(struct colour a, struct colour b, double part_of_b);

void brush_colour(cairo_t *cr, struct colour colour, double alpha);
void brush_disc(cairo_t *cr, double x, double y, double r);
/* A soft round shade or light: alpha in the middle, nothing at r. */
void brush_glow(cairo_t *cr, double x, double y, double r, struct colour colour, double alpha);
void brush_round_box(cairo_t *cr, const struct box *box, double r);
/* The background with its light and its confetti, the same for the same seed. */
void brush_paper(cairo_t *cr, const struct palette *palette, guint32 seed);
/* A candle that stands at x, y. hue: which of its colours. */
void brush_candle(cairo_t *cr, double x, double y, double height, guint hue);
/* A party hat on a face. */
void brush_hat(cairo_t *cr, const struct spot *face, guint hue);
/* Little flags on a string, along the upper edge. */
void brush_garland(cairo_t *cr, double y);
/* The colours of candles, hats, flags and confetti. */
struct colour brush_bright(guint hue);
