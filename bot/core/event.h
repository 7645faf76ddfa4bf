/* SPDX-License-Identifier: MIT */
/*
 * An event: what a person did, or what time or delivery did. The one kind of thing that enters a ritual.
 *
 * Life cycle: an adapter (on the loop) or the clerk makes it; it owns its memory whole, so it may cross threads; the
 * clerk frees it after its batch. It is plain data without a pointer to anything shared, and can be written as JSON
 * and read back (event_to_json), for the dead-letter and the waiting tables.
 *
 * Neutral text. `text` is UTF-8 with inline tokens: <@ACCOUNT|name> or <@ACCOUNT> a mention, <#CHANNEL|name> a channel, <!here>
 * <!channel> <!everyone> a call to all, <URL|label> or <URL> a link; a literal < > & stands as &lt; &gt; &amp;.
 * An adapter whose platform writes these otherwise translates.
 */
#pragma once

#include "base/json.h"

enum event_kind {
	EVENT_SAID,	     /* a person wrote a message: text, message, place; addressed when it calls the bot */
	EVENT_EDITED,	     /* the same message has a new text now */
	EVENT_DELETED,	     /* the message is gone */
	EVENT_REACTED,	     /* word: the emoji's name without colons or skin tone; message: what it is on */
	EVENT_UNREACTED,
	EVENT_PRESSED,	     /* a button: word: the button's action, value: its value; message: the card; NULL: the home page */
	EVENT_SUBMITTED,     /* a form: word: the form's name, value: its context, inputs */
	EVENT_COMMANDED,     /* a slash command: word: the command without its slash, text: the rest (may be "") */
	EVENT_JOINED,	     /* person joined place.channel; person NULL: the bot itself was added */
	EVENT_LEFT,	     /* person left place.channel; person NULL: the bot itself was removed */
	EVENT_OPENED_HOME,   /* person opened the bot's home; value EVENT_HOME_AGAIN: it is a conversation, and they were there before */
	EVENT_PEOPLE,	     /* people: facts from the directory; place.channel: they are the channel's members (else NULL),
				and value EVENT_PEOPLE_ALL: all of them */
	EVENT_CHANNEL,	     /* text: a channel's name, place.channel: its id; place.channel NULL: there is none of that name */
	EVENT_DUE,	     /* word and value: a job's word and key; row: its id; at_ms: when it was due */
	EVENT_SENT,	     /* row: outbox row; message: its id on the platform, place.channel: where it stands */
	EVENT_FAILED,	     /* row: outbox row; text: the reason; word: its class, see outbox.h */
	EVENT_GAP,	     /* the connection was away from at_ms until until_ms; informs only, what was missed follows as said; value
				EVENT_GAP_DIRECTS: the platform can be asked for direct messages, too, that nobody has named */
	EVENT_STANDS,	     /* read after a gap: text: the ids, one a line, of all that stands in place.channel outside its
				threads, from at_ms until until_ms */
	EVENT_FOUND,	     /* a message that was asked about: person, text, message, place, link; word: "RITUAL.WORD" of who
				asked; value EVENT_FOUND_PUBLIC: whoever works here may read it there (else NULL) */
	EVENT_TROUBLE,	     /* somebody who runs the program must act: word: what it is about, text: the log's line; place.workspace:
				where, or any */
	EVENT_NOTED,	     /* an adapter's own note: word: its name, value: what it says; comes back at the next start */
	EVENT_REQUESTED,     /* another program asks for a change: word: "RITUAL.WORD", value: the sender's name, inputs; message: its own
				key for the request, text: a digest of all that it asks; both NULL: it has no key. No workspace */
	EVENT_KIND_COUNT
};

enum place_kind { PLACE_CHANNEL, PLACE_DIRECT };

struct place {
	char *workspace; /* name in the configuration */
	enum place_kind kind;
	char *channel; /* the platform's id */
	char *thread;  /* id of the message that opened the thread; NULL: not in one */
	char *token;   /* opaque, for the adapter alone: a form's trigger, an answer address; NULL: none */
};

struct event_input {
	char *name;  /* the input's name given by the ritual */
	char *value; /* plain text, not neutral text; "" when left empty */
};

/* What a status tells of being away: on holiday, ill; not what is busy or elsewhere. */
enum event_absence { EVENT_ABSENCE_UNTOLD, EVENT_PRESENT, EVENT_ABSENT };

/* What a directory says of an account. */
struct event_person {
	char *account;
	char *name;	/* to show */
	char *handle;	/* without @; NULL when the platform has none */
	char *email;	/* NULL: unknown */
	char *zone;	/* IANA; NULL: unknown */
	char *language; /* "zh-CN", "en-US", …; NULL: unknown */
	char *face;	/* URL of an image; NULL: none. The adapter's own: pictures are drawn with it */
	gboolean bot, deactivated;
	enum event_absence absence; /* by the status that the person has set */
	int64_t absent_until_ms;    /* UTC; 0: it does not tell */
};

/* The value of an EVENT_OPENED_HOME that is no first visit: what stands there is still there. */
#define EVENT_HOME_AGAIN "again"
#define EVENT_GAP_DIRECTS "directs"

/* The value of an EVENT_FOUND whose place is open to everybody. */
#define EVENT_FOUND_PUBLIC "public"

/* What became of a request. */
enum request_fate {
	REQUEST_FAILED,	  /* our fault; nothing has changed */
	REQUEST_DONE,
	REQUEST_REPEATED, /* was done before under the same key: the same facts */
	REQUEST_REFUSED,  /* the problems say why; nothing has changed, and the key is free */
	REQUEST_KEY_USED, /* its key stands for another request */
};

struct request_answer {
	enum request_fate fate;
	char *facts; /* a JSON object of texts; NULL unless done */
};

/* What hangs on a message. */
struct event_file {
	char *key;	    /* opaque, for message_kept_picture */
	char *name;	    /* NULL: not told */
	int64_t size_bytes; /* 0: not told */
	gboolean picture;   /* of a kind that a message can show */
};

/* The value of an EVENT_PEOPLE that names every member of its channel. */
#define EVENT_PEOPLE_ALL "all"

#define EVENT_KEYS 3

struct event {
	enum event_kind kind;
	gint64 receipt;		/* the adapter's number for the acknowledgement; 0: none is due */
	char *keys[EVENT_KEYS]; /* seen any of these before, in the same place and workspace: nothing more happens; NULL: none */
	char *subject;		/* EDITED, DELETED: keys[0] of the message when it was said; NULL: not known */
	int64_t at_ms;		/* when it happened, UTC; by the platform's word where it tells */
	int64_t until_ms;	/* EVENT_GAP */
	struct place place;
	char *person;	    /* account id on the platform; NULL: nobody */
	char *message;	    /* the platform's id of the message it is about */
	char *text;
	char *word;
	char *value;
	char *link;	    /* FOUND: an address that leads people to the message, or at least to its channel; NULL: none */
	char *call;	    /* SAID: its words after a mention of the bot inside the text, or before one at its end; NULL: none */
	gboolean addressed; /* the message mentions the bot at its start; text comes without that mention */
	gboolean late_copy; /* read from history after a gap */
	gboolean patient;   /* nothing waits for it: it may share the next event's commit; not written as JSON */
	gint64 row;
	GArray *inputs;	/* struct event_input; NULL: none */
	GArray *people; /* struct event_person; NULL: none */
	GArray *files;	/* struct event_file: SAID, FOUND; NULL: none */
};

struct event *event_new(enum event_kind kind, const char *workspace);
void event_free(struct event *event);

/* The kind's name as logs and JSON have it: "said", "edited", … */
const char *event_kind_name(enum event_kind kind);

/* A list of struct event_input that frees its contents; texts are copied, NULL is taken as "". */
GArray *event_inputs_new(void);
void event_inputs_add(GArray *inputs, const char *name, const char *value);
void event_add_input(struct event *event, const char *name, const char *value);
/* The input's value; NULL when there is no such input. */
const char *event_input_value(const struct event *event, const char *name);
/* Copies all that is said of a person; `to` is overwritten, and owned by the caller as `from` is. */
void event_person_copy(const struct event_person *from, struct event_person *to);
/* Frees one that was allocated by itself; for a GHashTable too. */
void event_person_free(gpointer person);
/* Appends a zeroed person to fill in; the pointer holds until the next call. */
struct event_person *event_add_person(struct event *event);

/* Copies key and name. */
void event_add_file(struct event *event, const char *key, const char *name, int64_t size_bytes, gboolean picture);

/*
 * Looks for mentions of the bot's account in the text (NULL: none is ours): takes one at the start away, with the blanks,
 * commas and colons after it, and sets `addressed`; of one further on sets `call`. Before it the text stands as it was
 * written, whole and neutral.
 */
void event_find_mention(struct event *event, const char *account);

/* The whole event but for its receipt; the caller frees. */
cJSON *event_to_json(const struct event *event);
/* NULL when the tree is not an event. */
struct event *event_from_json(const cJSON *root, GError **error);
