/* SPDX-License-Identifier: MIT */
/*
 * A card cut into pieces, the smallest things that are shortened on their own: a paragraph, a fact, an item, a cell, a
 * button. Too much text is shared out: the longest pieces are shortened first, so that of sixty people's lines each keeps
 * something. Private to feishu_card; any thread.
 */
#pragma once

#include "base/json.h"

enum piece_kind {
	PIECE_TITLE,   /* of the card: the first part, when it is a title */
	PIECE_TEXT,    /* markdown, an element of its own */
	PIECE_PLAIN,   /* plain text, the same */
	PIECE_LINE,    /* markdown, in one element with those before it of its part */
	PIECE_FACT,    /* markdown; short ones stand in two columns */
	PIECE_CELL,    /* of a table: plain text */
	PIECE_CONTEXT, /* plain text, small */
	PIECE_DIVIDER,
	PIECE_PICTURE,
	PIECE_CHART, /* text: its title */
	PIECE_BUTTON,
};

struct pen;

struct piece {
	enum piece_kind kind;
	const cJSON *part, *node; /* borrowed from the card; node: the part, or the fact, item, row, cell or button of it */
	int row, column;	  /* PIECE_CELL */
	void (*write)(struct pen *pen, const struct piece *piece); /* NULL: nothing to write */
	char *text;						   /* NULL: it shows nothing */
	gsize bytes;						   /* of the text, in a request */
};

enum {
	PIECE_LEAST = 90,	    /* bytes; less of a text says nothing */
	PIECE_TITLE_MAX = 150,	    /* code points */
	PIECE_BUTTON_TEXT_MAX = 95, /* of 100 */
	PIECE_CHARTS_MAX = 5,	    /* as the chart's page advises; further ones become lines */
	PIECE_CHART_BYTES = 8000,   /* of all charts' specifications; texts and buttons keep the rest */
	PIECE_CHART_LABEL_MAX = 40, /* code points */
	PIECE_TABLES_MAX = 3,	    /* 5 pass, 6 fail; some saw failures from 4 (9.1): further ones become lines */
	PIECE_COLUMNS_MAX = 50,
	PIECE_BUTTONS_MAX = 30,
	PIECE_BUTTON_BYTES = 12000, /* of all buttons: texts keep the rest */
	PIECE_VALUE_MAX = 2000,	    /* code points of a button's value: carried whole or not at all */
};

/* The card's pieces, each whole; the caller unrefs. plain: all is plain text, buttons and pictures are left out. */
GArray *feishu_pieces(const cJSON *card, gboolean plain);
struct piece *feishu_piece_at(const GArray *pieces, guint i);
/* Writes a piece again in that many bytes. */
void feishu_piece_fit(struct piece *piece, gsize limit_bytes);
/* Shortens the longest until all have no more than `budget` bytes together; FALSE: that was not enough. */
gboolean feishu_pieces_share(GArray *pieces, gsize budget);
/*
 * Empties the last pieces that show something, texts before buttons, until the rest has `budget` bytes at most and there are
 * `count` at most. "… +N" stands for them; *dropped is N, and counts on from call to call.
 */
void feishu_pieces_drop(GArray *pieces, gsize budget, guint count, guint *dropped);
/* How many show something, and their bytes. */
guint feishu_pieces_shown(const GArray *pieces, gsize *bytes);
