/* SPDX-License-Identifier: MIT */
/*
 * The figures of a team's deals, or of one rep's: what stands in each stage and how long, what became of deals within a time,
 * how many that left a stage went on. Pure, but that stages and limits are the configuration's.
 */
#pragma once

#include "kit/deal.h"

/* Whether a deal went on is asked of so many days: in a week too few leave a stage. */
enum { DEAL_CONVERSION_DAYS = 90 };

/* Of an open stage. */
struct deal_stage_figures {
	const struct config_stage *stage;
	guint deals, stalled;
	GArray *sums;		       /* struct money, one for each currency, in the order they were met; never 0 */
	int median_days, oldest_days;  /* that its deals have stood in it; -1: there is none */
	guint left, went_on;	       /* of those that have left it: how many for a later stage that is not lost */
};

struct deal_figures {
	GArray *stages; /* struct deal_stage_figures, in the order of the configuration */
	guint opened, moved, won, lost; /* each deal once, by what became of it last; moved: into another open stage */
	GArray *won_sums, *lost_sums;
	guint open, stalled;
};

/* What to count. */
struct deal_span {
	gint64 owner;	 /* whose deals; 0: all */
	int64_t from_ms; /* what became of deals counts from then on, before now */
	int64_t now_ms;
};

/*
 * deals: struct deal, the team's open ones. moves: struct deal_move of the team, of the last DEAL_CONVERSION_DAYS at least, in their
 * order. out: the caller's to release.
 */
void deal_figures_of(const struct config *config, const GPtrArray *deals, const GPtrArray *moves, const struct deal_span *span,
	struct deal_figures *out);
/* As if no deal had an amount. */
void deal_figures_drop_sums(struct deal_figures *figures);
void deal_figures_release(struct deal_figures *figures);
typedef struct deal_figures deal_figures_auto;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(deal_figures_auto, deal_figures_release)

/* "¥120,000 + $5,000"; "" for none. Caller frees. */
char *deal_sums_text(const GArray *sums);
