/* SPDX-License-Identifier: MIT */
/*
 * The weekly report of deals 客户跟进健康度报表: deals and money by stage, how long they have stood there, what moved, was won and
 * lost, how many went on. To the team's channel; to its managers privately, with what has stalled; to each rep privately, of
 * their own alone. It only reads: deals are the other rituals' (kit/deal.h).
 *
 *	report.c     what is said of them
 *	health.c     when, to whom, and the command
 *	export.h     deals as records
 */
#pragma once

#include "core/ritual.h"
#include "kit/deal_figures.h"

extern const struct ritual ritual_health;

/* Of whom a report tells, and since when. */
struct health_view {
	const struct team *team;
	const struct person *owner; /* whose deals alone; NULL: all */
	gboolean names_stalled;	    /* also which ones have stalled: for managers and for their owner */
	gboolean in_channel;	    /* its readers decide whether sums are told */
	enum language language;
	int64_t from_ms;
};

/* NULL: there is nothing to tell, no open deal and none that anything became of. */
struct message *health_report(struct turn *t, const struct health_view *view);
