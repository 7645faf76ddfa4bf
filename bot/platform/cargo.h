/* SPDX-License-Identifier: MIT */
/*
 * What becomes of a row's files on the way to its platform: which of them the row needs there, what key the platform has
 * given each, what was lost, and what has followed the message. How they are brought and shared is the adapter's own.
 *
 * Lifetime: an errand's. Thread: the loop.
 */
#pragma once

#include "core/outbox_row.h"

struct cargo_item {
	const struct message_file *file; /* the row's; NULL: no part of the content names it */
	const cJSON *part;		 /* of the content: picture or file */
	gboolean picture;		 /* shown by the message; else a document, which follows it */
	gboolean wish;			 /* the file says what to draw: painter.h */
	const struct message_file *kept; /* what `file` is or was: it names a picture that somebody has sent; NULL: none */
	gboolean lost;			 /* cannot be sent */
	gboolean settled;		 /* a document: has followed, or its loss was said */
	char *key;			 /* the platform's, owned; NULL: not brought (yet) */
	struct message_file drawn;	 /* what `file` is once the wish was drawn, or the kept one was read */
};

struct cargo {
	const struct outbox_row *row;
	cJSON *content;
	struct cargo_item *items;
	guint count, at;	/* at: the one at hand */
	char *channel, *stands; /* where the message stands; NULL: not yet */
};

/* NULL: the row, which outlives it, carries none. All functions take NULL for a row without files. */
struct cargo *cargo_new(const struct outbox_row *row);
void cargo_free(struct cargo *cargo);

struct cargo_item *cargo_at_hand(struct cargo *cargo);
/* From the one at hand on, to the first that is to be brought; FALSE: there is none. */
gboolean cargo_next_to_bring(struct cargo *cargo);
/* … to the first document that neither has followed the message nor is said to be lost. */
gboolean cargo_next_to_share(struct cargo *cargo);
/* Documents of the row follow its message, or would have. */
gboolean cargo_follows(const struct cargo *cargo);
/* Keys for message_put_keys, NULL for what was lost; as many as the row has files. The caller unrefs. */
GPtrArray *cargo_keys(const struct cargo *cargo);
/* The message stands; what was lost before was said in it. Begins with the first file again. */
void cargo_stand(struct cargo *cargo, const char *channel, const char *message);
/* The wish at hand was drawn, or the kept one was read, and is a picture like any other; NULL: it could not be, and the message does without. */
void cargo_draw(struct cargo *cargo, GBytes *picture);
/* The one at hand cannot be sent: the log says why. */
void cargo_lose(struct cargo *cargo, const char *reason);
