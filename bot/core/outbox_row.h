/* SPDX-License-Identifier: MIT */
/*
 * One thing to be done on a platform: what the clerk hands to the loop, and the loop's sender to an adapter.
 * It owns its memory whole, for it crosses threads. The report of it comes back by its id, as EVENT_SENT or
 * EVENT_FAILED.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

enum outbox_kind {
	OUTBOX_POST,	/* content: card; channel or person; thread optional. Reports message and channel */
	OUTBOX_REPLACE, /* content: card; channel, message: what it replaces */
	OUTBOX_DELETE,	/* channel, message */
	OUTBOX_REACT,	/* channel, message, word: emoji name */
	OUTBOX_UNREACT,
	OUTBOX_PRIVATE, /* content: card that only `person` sees, in channel (and thread); token when there is one */
	OUTBOX_FORM,	/* content: form; token: the trigger; channel and person: whom to tell when it does not open */
	OUTBOX_HOME,	/* content: card; person */
	OUTBOX_ASK_PERSON,  /* person: answered by EVENT_PEOPLE (without channel) */
	OUTBOX_ASK_MEMBERS, /* channel: answered by EVENT_PEOPLE (with channel) */
	OUTBOX_ASK_CHANNEL, /* word: the channel's name without #: answered by EVENT_CHANNEL */
	/*
	 * channel, message: the newest id already known, or NULL; word: its time, or since when, UTC milliseconds as
	 * digits. What came after it, and shortly before it, enters as EVENT_SAID.
	 */
	OUTBOX_ASK_HISTORY,
	OUTBOX_KIND_COUNT
};

struct outbox_row {
	gint64 id;
	enum outbox_kind kind;
	char *workspace;
	char *channel; /* NULL: a direct message to person, the adapter finds the channel */
	char *thread;
	char *person;
	char *message;
	char *word;
	char *token;
	char *content;	     /* JSON of message.h; NULL: none */
	int64_t created_ms;  /* UTC */
	int64_t deadline_ms; /* UTC; worthless after it, dropped; 0: never */
	int attempts;	     /* tries that ended in a temporary failure */
	gboolean in_doubt;   /* an earlier try may have succeeded: look before repeating */
	gboolean plain;	     /* the card was refused: send its fallback text alone */
};

struct outbox_row *outbox_row_new(gint64 id, enum outbox_kind kind, const char *workspace);
void outbox_row_free(struct outbox_row *row);
typedef struct outbox_row outbox_row_auto; /* only so that g_autoptr can name it */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(outbox_row_auto, outbox_row_free)
/* "post", "replace", …: for logs and the table. */
const char *outbox_kind_name(enum outbox_kind kind);
