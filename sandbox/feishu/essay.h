/* SPDX-License-Identifier: MIT */
/*
 * A message as an app brings it to create, reply and update (protocols/feishu.md 7.1, 9): msg_type and content read and
 * checked in one place.
 */
#pragma once

#include "sandbox/feishu/openapi.h"

struct essay {
	char *text;  /* Slack's form; never NULL once read */
	cJSON *card; /* of interactive */
	cJSON *post; /* of post, without its language */
	struct file *file; /* of image and file; borrowed */
};

/* 0, or the platform's code. Release in both cases. */
int essay_read(struct essay *essay, struct open_call *call, const char *msg_type, const char *content);
/* A card by itself, as object; taken. Its text is what the chat list would show. 0, or the code (230099, 230025). */
int essay_read_card(struct essay *essay, struct open_call *call, cJSON *take_card);
void essay_release(struct essay *essay);
