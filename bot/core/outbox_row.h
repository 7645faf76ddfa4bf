/* SPDX-License-Identifier: MIT */
/*
 * One thing to be done on a platform: what the clerk hands to the loop, and the loop's sender to an adapter.
 * It owns its memory whole, for it crosses threads. The report of it comes back by its id, as EVENT_SENT or
 * EVENT_FAILED.
 */
#pragma once

#include "core/message.h"

enum outbox_kind {
	OUTBOX_POST,	/* content: card, files; channel or person; thread optional. Reports message and channel */
	OUTBOX_REPLACE, /* content: card; channel, message: what it replaces */
	OUTBOX_DELETE,	/* channel, message */
	OUTBOX_REACT,	/* channel, message, word: emoji name */
	OUTBOX_UNREACT,
	OUTBOX_PRIVATE, /* content: card that only `person` sees, in channel (and thread); token when there is one */
	/*
	 * content: form; token: the trigger; channel and person: whom to tell when it does not open; word: the press that asked for
	 * it, "RITUAL.WORD VALUE", to be offered again, or NULL.
	 */
	OUTBOX_FORM,
	OUTBOX_HOME,	/* content: card; person */
	OUTBOX_ASK_PERSON,  /* person: answered by EVENT_PEOPLE (without channel) */
	OUTBOX_ASK_MEMBERS, /* channel: answered by EVENT_PEOPLE (with channel) */
	OUTBOX_ASK_CHANNEL, /* word: the channel's name without #: answered by EVENT_CHANNEL */
	/*
	 * channel, message: the newest id already known, or NULL; word: its time, or since when, UTC milliseconds as
	 * digits. What came after it, and shortly before it, enters as EVENT_SAID. channel NULL: of all direct messages but those
	 * that content, an array, names.
	 */
	OUTBOX_ASK_HISTORY,
	/*
	 * person: called urgently to the message in channel, as loudly as the platform can; where it cannot, and where
	 * message is NULL (it was never sent), content: a card, goes to the person alone.
	 */
	OUTBOX_URGE,
	OUTBOX_ASK_MESSAGE, /* channel, message; word: "RITUAL.WORD": answered by EVENT_FOUND with that word, when a person wrote it */
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
	GPtrArray *files;    /* struct message_file: those that content names by number; NULL: none */
	guint weight;	     /* what it costs to keep in memory: 1, and 1 for each OUTBOX_FILE_UNIT of its files begun */
	int64_t created_ms;  /* UTC */
	int64_t deadline_ms; /* UTC; worthless after it, dropped; 0: never */
	int attempts;	     /* tries that ended in a temporary failure */
	gboolean in_doubt;   /* an earlier try may have succeeded: look before repeating */
	gboolean plain;	     /* the card was refused: send its fallback text alone */
};

enum { OUTBOX_FILE_UNIT = 16 * 1024 };

struct outbox_row *outbox_row_new(gint64 id, enum outbox_kind kind, const char *workspace);
void outbox_row_free(struct outbox_row *row);
typedef struct outbox_row outbox_row_auto; /* only so that g_autoptr can name it */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(outbox_row_auto, outbox_row_free)
/* The message becomes the row's content, and its files the row's. */
void outbox_row_say(struct outbox_row *row, const struct message *message);
/* Takes a reference to the files, NULL: none, and weighs them. */
void outbox_row_carry(struct outbox_row *row, GPtrArray *files);
/* What a row with these files weighs. */
guint outbox_weight(const GPtrArray *files);
/* "post", "replace", …: for logs and the table. */
const char *outbox_kind_name(enum outbox_kind kind);
