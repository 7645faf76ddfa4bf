/* SPDX-License-Identifier: MIT */
/*
 * What the player's parts share. A transcript is a list of steps: what people do, and what the bot does then.
 *
 *	play.c      reads the file and goes through it
 *	house.c     the chat server, the bot before it, and the clock
 *	acts.c      what people do
 *	crm.c       what the company's CRM does
 *	deeds.c     what the bot did, and whether it was expected
 *	slack.c, feishu.c   what is done differently on each platform
 *
 * Thread: the loop.
 */
#pragma once

#include "app.h"
#include "base/clock.h"
#include "base/json.h"
#include "sandbox/sandbox.h"

enum deed_kind {
	DEED_REACTION,
	DEED_POST,
	DEED_CHANGE,    /* of a message of its own */
	DEED_FORM,      /* a form opens */
	DEED_COMPLAINT, /* about what stands in the form */
	DEED_CLOSED,    /* the form was taken */
	DEED_HOME,
	DEED_GONE, /* it takes a message of its own away */
};

/* One thing the bot did, as people see it. Texts may be NULL. */
struct deed {
	enum deed_kind kind;
	char *channel, *ts;
	char *thread; /* ts of the thread's first message */
	char *person; /* id of the one who sees it: alone, as the other side of a direct message, or in a form or home */
	gboolean alone;
	char *text; /* plain, never NULL */
};

struct step {
	int number;
	char *head;    /* without the text after the colon */
	GString *text; /* lines of an act, or what must be found */
	gboolean expects;
};

struct play;

/* How a platform does what differs. */
struct manner {
	const char *name;
	const char *workspace; /* keys of the configuration; %s: the sandbox's address */
	const char *manager;   /* grace, as the configuration names her */
	enum deed_kind home;   /* what the bot's home is: a page, or a message to the person */
	/* A message, form or page as it is read. Caller frees. */
	char *(*text)(const cJSON *shown);
	/* What the bot did with a message; before: its text until now, or NULL. */
	enum deed_kind (*kind)(struct play *p, const cJSON *delta, const char *before);
	/* Deltas that are no messages. */
	void (*see)(struct play *p, const cJSON *delta);
	/* What is added to an act upon the message of that card. FALSE: there is no such button. */
	gboolean (*press)(const cJSON *message, const char *label, cJSON *request);
	gboolean (*has_field)(const cJSON *form, const char *field);
	void (*submit)(const cJSON *form, const cJSON *filled, cJSON *request);
	/* Gives the command: where the message in which it was given has a place, label names it. */
	void (*run)(struct play *p, const char *who, const char *command, const char *label);
	const char *open_home; /* the act */
};

extern const struct manner manner_slack, manner_feishu;

struct play {
	const char *file;
	const struct manner *manner;
	GPtrArray *steps; /* struct step */
	GHashTable *options;
	struct clock *clock;
	struct lws_loop *lws;
	struct sandbox *sandbox;
	struct app *app;
	char *folder;
	guint16 api_port; /* 0: the bot has no API */
	GQueue deeds;	     /* struct deed, not expected yet */
	GHashTable *shown;   /* "channel ts" → text of the bot's message */
	GHashTable *cards;   /* "channel ts" → the bot's message, cJSON */
	GHashTable *reacted; /* "channel ts name": the bot's reactions */
	GHashTable *labels;  /* LABEL → "channel ts" */
	cJSON *form;	     /* the one that is open, as the platform shows it; NULL: none */
	cJSON *filled;	     /* field → text */
	const struct step *step;
};

/* Ends the program with the line at hand. */
void play_fail(const struct play *p, const char *format, ...) G_GNUC_NORETURN G_GNUC_PRINTF(2, 3);

/* ---- house.c ---- */
void house_open(struct play *p);
void house_close(struct play *p);
/* Runs the loop until nothing is under way. */
void house_settle(struct play *p);
void house_wait(struct play *p, int64_t ms);
/* The operator imports a list of people while the bot runs. */
void house_import(struct play *p, const char *list);
void house_set_clock(struct play *p, int64_t at_ms);

/* ---- crm.c ---- */
/* The API's part of the configuration. Caller frees. */
char *crm_config(struct play *p);
/* Sends JSON to "deals" or "enquiries", which must be taken. */
void crm_push(struct play *p, const char *to, const char *body);

/* ---- acts.c ---- */
/* What a person does, as the line has it, or the clock; changes head. */
void acts_play(struct play *p, char *head);
/* {"do":what,"as":who} */
cJSON *acts_new(const char *what, const char *who);
/* It must succeed; then what it set off is waited for. The caller frees the answer. */
cJSON *acts_do(struct play *p, cJSON *take);
/* Writes in a channel. label: what to call the message, or NULL. */
void acts_say(struct play *p, const char *who, const char *channel, const char *thread, const char *text, const char *label);
/* A channel's ("channels") or person's ("members") id by its name. The caller frees. */
char *acts_find_id(struct play *p, const char *list, const char *name);
/* Where a label stands. The caller frees both. */
void acts_place(struct play *p, const char *label, char **channel, char **ts);
void acts_name(struct play *p, const char *label, const char *channel, const char *ts);
/* Takes " as LABEL" off the end of a head; NULL: there is none. */
char *acts_take_label(char *head);

/* ---- deeds.c ---- */
/* The sandbox's observer. */
void deeds_see(const cJSON *delta, gpointer play);
/* A deed that is no message. */
void deeds_add(struct play *p, enum deed_kind kind, const char *person, char *take_text);
/* Another form is open, or none. */
void deeds_set_form(struct play *p, const cJSON *form);
void deeds_expect(struct play *p, char *head);
void deeds_expect_no_more(const struct play *p);
