/* SPDX-License-Identifier: MIT */
/*
 * The answers to own rounds as records, for `belltower export rounds`: one cJSON object for each answer that stands, in the
 * order of days and rounds, with the members workspace, team, round, date, person, person_name, question, kind, answer,
 * late, edited, posted_at. Of an anonymous round there is no person and no time, and only what may be shown (checkin.h).
 *
 * Thread: any, with a reader of its own.
 */
#pragma once

#include "kit/record.h"

extern const struct record_source checkin_records;
