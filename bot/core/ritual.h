/* SPDX-License-Identifier: MIT */
/*
 * What a ritual is: a constant table of what wakes it and which words it obeys, its tables in the store, its texts.
 * Adding one is a folder under handlers/ and a line in handlers/registry.c.
 */
#pragma once

#include "core/turn.h"

struct trigger {
	enum event_kind kind;
	/*
	 * PRESSED, SUBMITTED, DUE, FOUND, REQUESTED: the part after the dot of "RITUAL.WORD"; FAILED: that of a form which did not open
	 * (value: its context); EVENT_REACTED: the emoji. NULL: any.
	 */
	const char *word;
	gboolean anywhere; /* of people of the teams, also where no team meets: a reaction, or what became of a message */
	gboolean overhears; /* SAID: also what people say to each other in a channel of quick response */
	gboolean yields;    /* SAID: only what no other trigger of any ritual wants */
	/* Whether the event concerns this ritual; NULL: always. SAID goes to the first that says yes, all else to each. */
	gboolean (*when)(struct turn *t, const struct event *event);
	void (*run)(struct turn *t, const struct event *event);
	/* SAID: it waits for answers, so a single word is asked of it before it counts as a command misspelt. */
	gboolean takes_a_word;
	/* PRESSED, SUBMITTED: also what names another ritual, which sees it first; `when` says which, and `word` is its whole name. */
	gboolean of_others;
	/* EDITED: when `when` says yes the message is this ritual's, and nobody else takes its new text for news. */
	gboolean owns;
};

struct command {
	const char *const *words; /* in all languages, the first is the one shown; ends with NULL */
	const char *help;	  /* text key of its line in the help; NULL: not listed */
	gboolean takes_text;	  /* free text may follow, of many lines; else one short line at most */
	gboolean is_plain_word;	  /* people begin what they tell with it too: a blank or colon must follow it, and no second line */
	gboolean alone;		  /* nothing may follow: sentences begin with its word */
	gboolean only_tells;	  /* it answers a question and changes nothing: words in mid-sentence may mean it */
	/* rest: what follows the word, trimmed, never NULL. */
	void (*run)(struct turn *t, const struct event *event, const char *rest);
	const struct command *subs; /* words that may follow, tried first; ends with an entry without words */
};

/* What unasked private messages are about, as turn_nudge names it, and as people do who mute it. */
struct topic {
	const char *name;
	const char *title;	  /* text key: what it is called; all languages' are understood */
	const char *const *words; /* more words for it, ends with NULL; NULL: none */
};

struct ring_list;     /* kit/ring.h */
struct look;	      /* kit/look.h */
struct response_kind; /* kit/response.h */

struct ritual {
	const char *name;
	const char *title;		/* text key: what the help calls it; NULL only without commands */
	const struct trigger *triggers; /* ends with an entry without run */
	const struct command *commands; /* ends with an entry without words; NULL: none */
	const struct topic *topics;	/* ends with an entry without name; NULL: none */
	const struct sql_owner *sql;	/* NULL: no tables */
	const struct text_table *texts;
	const struct response_kind *promises; /* of answers; NULL: it promises none */
	/* Once at start and after each change of the configuration, as a turn of its own: plan what is to come. */
	void (*start)(struct turn *t);
	/* Adds what rings of a team it has, for whoever shows or changes their times; NULL: none. */
	void (*rings)(struct turn *t, const struct team *team, struct ring_list *list);
	/* Adds what it has for somebody's look at a team; NULL: nothing. */
	void (*look)(struct turn *t, struct look *look);
	/* Adds what it asks somebody in their standup's prompt of that team; NULL: nothing. */
	void (*ask)(struct turn *t, const struct team *team, const struct person *person, enum language language, struct message *m);
	/* Adds what of it somebody had who has left, for whoever is to hand it on: so many items. NULL: nothing. */
	guint (*held)(struct turn *t, const struct person *gone, enum language language, struct message *m);
	/* Adds what stands below it in the bot's home; NULL: nothing. */
	void (*home)(struct turn *t, struct message *m);
};
