/* SPDX-License-Identifier: MIT */
/*
 * Block Kit's elements as people use them: what each holds, under which key it reports it, what it begins with
 * (protocol 5.2, 5.3). Pure.
 */
#pragma once

#include "base/json.h"

/*
 * An entry of state.values: {"type":…, key: value}. value: an object that may have the key (as the page sends it, or
 * NULL for nothing). NULL for an element that holds nothing, such as a button. The caller's.
 */
cJSON *elements_value(const cJSON *element, const cJSON *value);
/* What it begins with: initial_value, initial_option, …; the caller's. */
cJSON *elements_initial_value(const cJSON *element);
/*
 * The entry of `actions` in block_actions, without block_id and action_ts. press: as the act has it: value, selected,
 * or the key itself. The caller's.
 */
cJSON *elements_action(const cJSON *element, const cJSON *press);
/* What Slack's client says to a value it does not let through; NULL: fine. Caller frees. */
char *elements_problem(const cJSON *element, const cJSON *entry, gboolean optional);
