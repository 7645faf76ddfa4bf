/* SPDX-License-Identifier: MIT */
/*
 * Deals as records, for `belltower export deals`: one cJSON object for each, open or closed, by number, with the members
 * number, team, customer, amount, currency, owner, owner_name, stage, entered_at, days, stalled, next_day, next_step, source,
 * external, opened_at, closed_at. amount is decimal text, absent when it is not known; days: since it entered its stage.
 *
 * Thread: any, with a reader of its own.
 */
#pragma once

#include "kit/record.h"

/* choice: `from` and `to` are days of the deal's opening, by UTC. FALSE on failure of the store. */
gboolean health_export(struct db *db, const struct record_choice *choice, int64_t now_ms, record_each_fn *each, gpointer data, GError **error);
