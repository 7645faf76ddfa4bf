/* SPDX-License-Identifier: MIT */
/*
 * The workspace: people, channels and what was said in them. Only facts: nothing here knows a socket, and nothing
 * tells anybody. Whoever changes the room tells it through happen.h.
 *
 * Everything is found by key: people by id, name and e-mail, channels by id and name, messages by (channel, ts).
 * Pointers to members and channels hold for the room's life (a deactivated person stays), to a message until it is
 * removed or forgotten (kept_messages).
 *
 * Thread: the loop.
 */
#pragma once

#include "base/clock.h"
#include "base/json.h"

enum channel_kind { CHANNEL_PUBLIC, CHANNEL_PRIVATE, CHANNEL_IM };

struct member {
	char *id, *name, *real_name, *display_name, *zone, *locale, *email, *color;
	char *status_emoji, *status_text; /* or NULL */
	int64_t status_expires_s;	  /* 0: never */
	gboolean is_bot, deleted;
	gboolean faceless; /* has never put up a picture */
	int64_t updated_s;
	struct channel *im; /* the direct messages with our bot; NULL until opened */
	struct view *home;  /* what the app published; NULL: nothing */
	GPtrArray *views;   /* the stack of modals, the top one last */
};

struct channel {
	char *id, *name, *topic, *purpose;
	enum channel_kind kind;
	struct member *user; /* of an im: the person */
	struct member *creator;
	gboolean archived;
	int64_t created_s;
	GPtrArray *members;	/* struct member *, in the order of joining */
	GHashTable *member_set; /* the same, to ask */
	GPtrArray *messages;	/* struct message *, by ts; replies and ephemeral ones too */
	GHashTable *by_ts;
	char *last_join_ts;
};

struct reaction {
	char *name;
	GPtrArray *users; /* struct member * */
};

struct message {
	char *ts;
	char *thread_ts;     /* of a reply: its parent's; NULL: not a reply */
	const char *subtype; /* interned; NULL: plain */
	struct member *author;
	char *text;	  /* Slack's form: entities, <@U…> */
	cJSON *blocks;	  /* arrays; NULL: none. A person's own message has none here: they are made of the text */
	cJSON *attachments;
	cJSON *files;	  /* file objects as the Web API gives them */
	cJSON *metadata;
	cJSON *card;	  /* as Feishu's app sent it; NULL: none */
	cJSON *post;	  /* the same of a post: {"title","content"} */
	char *client_msg_id;
	char *username;	  /* a post under another name */
	char *edited_ts;
	struct member *edited_by;
	struct member *ephemeral_to; /* seen by this person only; no part of history */
	gboolean broadcast;	     /* a reply that the channel shows too */
	gboolean quotes;	     /* a reply that stands in no thread: it quotes what it answers, as Feishu has it */
	gboolean pinned;
	guint edits;		     /* by Feishu's app */
	GPtrArray *urgent_to;	     /* struct member *: buzzed about it; NULL: nobody */
	GPtrArray *urgent_seen;	     /* those of them who said that they have seen it; NULL: nobody */
	GPtrArray *reactions;	     /* struct reaction *; NULL: none */
	guint reply_count;
	GPtrArray *reply_users;
	char *latest_reply;
};

struct command {
	char *name, *description, *usage_hint; /* name with the slash */
};

struct room {
	struct clock *clock;
	char *team_id, *team_name, *domain, *zone;
	char *app_id, *bot_id, *app_name;
	struct member *bot;
	const char *url;     /* of the server, ends with a slash; NULL: none, and nobody has a picture */
	GHashTable *scopes;  /* granted to the bot token; texts, owned */
	char *scopes_text;   /* the same, joined by commas */
	GPtrArray *members;  /* struct member *, owned */
	GPtrArray *channels; /* struct channel *, owned */
	GPtrArray *commands; /* struct command *, owned */
	GHashTable *member_by_id, *member_by_name, *member_by_email;
	GHashTable *channel_by_id, *channel_by_name;
	GHashTable *shared_names; /* display and real names that a typed @ may mean; name → member */
	guint longest_name;	  /* bytes of the longest of them */
	guint kept_messages;
	/* What all outer bodies of events begin and end with, see wire_outer. */
	char *outer_head, *outer_tail;
	int64_t last_us; /* of the last ts given out */
	guint64 next_id;
};

/* Company: the file's object. NULL with an error that names the path. */
struct room *room_new(const cJSON *company, struct clock *clock, GError **error);
void room_free(struct room *room);

/* Where the member's face is; NULL: nowhere. Caller frees. */
char *room_face_url(const struct room *room, const struct member *member);

/* A fresh ts from the clock's wall hand, unique in the workspace. Caller frees. */
char *room_next_ts(struct room *room);
/* Microseconds of a ts; -1 when it is none. */
int64_t room_ts_us(const char *ts);
/* A fresh id: prefix, then digits and capitals. Caller frees. */
char *room_next_id(struct room *room, const char *prefix);

/* A random UUID (version 4), quicker than GLib's. Caller frees. */
char *room_uuid(void);

struct member *room_member(const struct room *room, const char *id);
/* By id, or by name with or without @. */
struct member *room_member_named(const struct room *room, const char *name);
struct member *room_member_of_email(const struct room *room, const char *email);
struct channel *room_channel(const struct room *room, const char *id);
/* By id, or by name with or without #. */
struct channel *room_channel_named(const struct room *room, const char *name);

/* id, real_name, display_name, email, locale: NULL makes one. NULL with an error when name or id is taken. */
struct member *room_add_member(struct room *room, const cJSON *description, GError **error);
struct channel *room_add_channel(struct room *room, const cJSON *description, GError **error);
/* An empty channel with this id, kept by the room; company.c and room_open_im fill it. */
struct channel *room_make_channel(struct room *room, const char *id);
/* The person's direct messages with the bot; opened on first use (`fresh`, may be NULL, tells). */
struct channel *room_open_im(struct room *room, struct member *member, gboolean *fresh);
/* FALSE when nothing changed. */
gboolean room_join(struct channel *channel, struct member *member);
gboolean room_leave(struct channel *channel, struct member *member);
gboolean room_is_in(const struct channel *channel, const struct member *member);

/* What a new message needs; a zeroed field is absent. Texts are copied, trees are taken. */
struct saying {
	struct member *author;
	const char *text, *thread_ts, *subtype, *username;
	cJSON *blocks, *attachments, *files, *metadata, *card, *post;
	struct member *ephemeral_to;
	gboolean broadcast, quotes;
	gboolean by_client; /* a person's own client sent it: it gets a client_msg_id */
};

/* Adds a message and counts it at its parent. The channel owns it. */
struct message *room_say(struct room *room, struct channel *channel, const struct saying *saying);
/* NULL: no such message. */
struct message *room_message(const struct channel *channel, const char *ts);
/* The index of the first message whose ts is >= ts (or > ts when after). */
guint room_message_index(const struct channel *channel, const char *ts, gboolean after);
/* Takes it out; a parent that still has replies stays as a tombstone. */
void room_remove(struct channel *channel, struct message *message);
/* FALSE when nothing changed. */
gboolean room_react(struct message *message, struct member *who, const char *name, gboolean on);

/* Loads the company: room_new's helpers, see company.c. */
gboolean company_fill(struct room *room, const cJSON *company, GError **error);
/* The built-in company. Caller frees. */
cJSON *company_example(void);
/* A modal or a home, see views.h; here because members own theirs. */
void view_free(struct view *view);
