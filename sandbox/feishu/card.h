/* SPDX-License-Identifier: MIT */
/*
 * Cards (protocols/feishu.md 9): what the platform refuses, what a client shows of them in a list, and their components.
 * A message keeps its card as the app sent it. Thread: the loop.
 */
#pragma once

#include "sandbox/feishu/tenant.h"

enum { CARD_MOST_BYTES = 30 * 1024 };

/* 0, or the sub-code of 230099 with a reason, the caller's to free. */
int card_check(const struct tenant *tenant, const cJSON *card, char **why);
/* Slack's form of what stands for the card where it cannot be shown: summary, else title. Caller frees. */
char *card_summary(const struct room *room, const cJSON *card);
/* All see the same card: always in 2.0, else by config.update_multi. */
gboolean card_is_shared(const cJSON *card);
/* A card of schema 2.0 would become one of 1.0. */
gboolean card_goes_back(const cJSON *before, const cJSON *after);
/* Gives a message another card, and tells the page. text: copied. */
void card_replace(struct tenant *tenant, struct channel *channel, struct message *m, cJSON *take_card, const char *text);

/* The elements at the card's root; NULL: none. Borrowed. */
const cJSON *card_elements(const cJSON *card);
/* The component of any depth that has this value under key ("name", "element_id"). NULL: none. Borrowed. */
const cJSON *card_find(const cJSON *elements, const char *key, const char *value);
/* The same by its path in the card, "body.elements.2.columns.0.elements.0", or by the text on a button. */
const cJSON *card_find_path(const cJSON *card, const char *path);
const cJSON *card_find_text(const cJSON *elements, const char *text);
/* The form around a component; NULL: it stands in none. */
const cJSON *card_form_of(const cJSON *card, const cJSON *component);
