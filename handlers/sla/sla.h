/* SPDX-License-Identifier: MIT */
/*
 * SLA 时效: how fast the team answers, and why a clock stands as it does. It only reads: the promises are the other rituals'
 * (kit/response.h). Members see their team's figures, managers also whose answers were the slowest.
 */
#pragma once

#include "core/ritual.h"
#include "sla/figures.h"

extern const struct ritual ritual_sla;

/* The report of a team from one instant to another (report.c). owner: of whose promises only; NULL: all. */
struct message *sla_report(struct turn *t, const struct team *team, const struct person *owner, int64_t from_ms, int64_t to_ms,
	gboolean week);
/* The life of a promise (explain.c); NULL: there is none of that number, or it is not the person's business. */
struct message *sla_explain(struct turn *t, gint64 id);
/* "first answer", "plan", "solution". */
const char *sla_target_text(struct turn *t, enum response_target target, enum language language);
