/* SPDX-License-Identifier: MIT */
/* What the files of feishu_in share; nobody else includes this. */
#pragma once

#include "platform/feishu/feishu_in.h"

/* One payload while it is read. A reader adds events, or sets delivery->ignored and why. */
struct reading {
	const struct feishu_self *self;
	int64_t at_ms;	      /* of the envelope, else now */
	const char *event_id; /* NULL: not told */
	const cJSON *event;   /* the envelope's event object; of the old callback all of it */
	struct feishu_delivery *delivery;
};

typedef void reader_fn(struct reading *r);

reader_fn feishu_in_message, feishu_in_card;
/* The reader of an event's type; NULL: of no use to us. */
reader_fn *feishu_in_reader(const char *type);

/* The text at path; NULL when absent, of another type or empty. */
const char *feishu_in_text(const cJSON *root, const char *path);
gboolean feishu_in_is_direct(const struct feishu_self *self, const char *chat);
/* Adds an event of this person in this chat (either may be NULL), at the envelope's time. */
struct event *feishu_in_add(struct reading *r, enum event_kind kind, const char *person, const char *chat);
/* Puts the key "PREFIX:a:b:c:d" into the next free place; not when `a` is NULL; the first NULL of the others ends it. */
void feishu_in_key(struct event *event, char prefix, const char *a, const char *b, const char *c, const char *d);
