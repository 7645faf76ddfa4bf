/* SPDX-License-Identifier: MIT */
/*
 * Promises as records, for `belltower export sla`: one cJSON object for each, in their order, with the members number, team,
 * about, subject, target, policy, promised, owner, owner_name, role, start, due, status, breached_at, ended_at, working_s.
 *
 * Thread: any, with a reader of its own.
 */
#pragma once

#include "kit/record.h"

/* choice: `from` and `to` are days of the start, by UTC. FALSE on failure of the store. */
gboolean sla_export(struct db *db, const struct record_choice *choice, record_each_fn *each, gpointer data, GError **error);
