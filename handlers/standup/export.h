/* SPDX-License-Identifier: MIT */
/*
 * The standups as records, for `belltower export`: one cJSON object for each answer that stands, in the order of
 * days, teams and times, with the members workspace, team, channel, person, person_name, date, format, the format's
 * three fields, none, late, edited, source, posted_at. See the man page for their meaning.
 *
 * Thread: any, with a reader of its own.
 */
#pragma once

#include "kit/record.h"

extern const struct record_source standup_records;
