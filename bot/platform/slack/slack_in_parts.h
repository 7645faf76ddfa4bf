/* SPDX-License-Identifier: MIT */
/* What the files of slack_in share; nobody else includes this. */
#pragma once

#include "platform/slack/slack_in.h"

/* One envelope while it is read. A reader sets frame->event, or frame->ignored and why. */
struct reading {
	const struct slack_self *self;
	int64_t now_ms;
	const cJSON *payload;
	struct slack_frame *frame;
};

typedef void reader_fn(struct reading *r);

/* A reader by name; the tables of types. */
struct reader {
	const char *name;
	reader_fn *read;
};

/* Runs the reader of that name; FALSE: there is none. */
gboolean slack_in_dispatch(const struct reader *readers, gsize count, const char *name, struct reading *r);

reader_fn slack_in_events_api, slack_in_slash, slack_in_interactive;

/* The text at path; NULL when absent, of another type or empty. */
const char *slack_in_text(const cJSON *root, const char *path);
/* An event of this person in this channel; channel NULL: nowhere but with the person. */
struct event *slack_in_event(
	const struct slack_self *self, enum event_kind kind, const char *person, const char *channel);
/* The key "PREFIX:a:b:c"; NULL b and c end it. */
char *slack_in_make_key(char prefix, const char *a, const char *b, const char *c);
/* Puts the same into the next free place; not when `a` is NULL. */
void slack_in_key(struct event *event, char prefix, const char *a, const char *b, const char *c);
