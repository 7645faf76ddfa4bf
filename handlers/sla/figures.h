/* SPDX-License-Identifier: MIT */
/* Figures of many promises: shares, medians. Pure. */
#pragma once

#include "kit/response_terms.h"

#include "base/banned.h"

/* One promise of the period, as it stands. */
struct sla_fact {
	enum response_target target;
	enum response_status status;
	gboolean warned;   /* a warning has rung for it */
	int64_t elapsed_s; /* of those that ended: working time until the answer */
};

struct sla_figures {
	guint met, missed, open, at_risk, breached; /* at risk: open and warned; breached: open and overdue */
	int attainment;				    /* per cent of those that ended; -1: none has */
	int64_t median_s, p90_s;		    /* of the answers; -1: there is none */
};

/* Of the facts (struct sla_fact); cancelled ones do not count. */
void sla_figures_of(const GArray *facts, struct sla_figures *out);
