/* SPDX-License-Identifier: MIT */
/*
 * The highlights as records, for `belltower export`: one cJSON object for each that may be shown, in the order of days, teams
 * and times, with the members workspace, team, date (of its post; "" while it waits), person and person_name (who shared it),
 * whose and whose_name (whose it is), origin ("said", "star"), red_packet, text, picture, link, applause (colleagues),
 * week_top, said_at. See the man page for their meaning.
 *
 * Thread: any, with a reader of its own.
 */
#pragma once

#include "kit/record.h"

extern const struct record_source highlight_records;
