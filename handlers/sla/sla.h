/* SPDX-License-Identifier: MIT */
/*
 * SLA 时效: how fast the team answers, and why a clock stands as it does. It only reads: the promises are the other rituals'
 * (kit/response.h). Members see their team's figures; who was how fast, and which answers were the slowest, only its managers see.
 *
 * The managers are measured too (manager.c): what was promised of them, and whose standups they have answered; they are told
 * first, in private, once a week. Every night the promises are looked through (check.c).
 */
#pragma once

#include "core/ritual.h"
#include "kit/ring.h"
#include "sla/figures.h"

extern const struct ritual ritual_sla;

/* What is asked for. */
struct sla_question {
	const struct team *team;
	const struct person *owner; /* their promises in all teams; NULL: the team's */
	const char *policy;	    /* its name, or what it applies to; NULL: all */
	gboolean manager;	    /* how a manager answers (manager.c) */
	int64_t from_ms;	    /* what ended since then, and what is open now */
	gboolean month;		    /* how the time is called */
};

/* One cycle of a promise. Texts live as long as the turn. */
struct sla_row {
	struct sla_fact fact;
	gint64 number, owner;
	int64_t remaining_s;
	const char *group;   /* the policy's name, or what the ritual is called */
	const char *applies; /* "blocker", … */
	const char *ritual, *subject;
};

/* struct sla_row, caller unrefs (facts.c). */
GArray *sla_rows(struct turn *t, const struct sla_question *q);
/* Figures of the rows that are meant. */
void sla_figures_where(const GArray *rows, gboolean (*is_meant)(const struct sla_row *row, gconstpointer data), gconstpointer data,
	struct sla_figures *out);

/* The report (report.c). */
struct message *sla_report(struct turn *t, const struct sla_question *q);
gboolean sla_is_open(const struct sla_row *row);
/* A line of one promise; span: how long it took, or how long it has. */
void sla_add_line(struct turn *t, struct message *m, const struct sla_row *row, const char *span, enum language language);
/* "2 h 5 min", "2 h", "5 min"; "–" when below 0. Kept for the turn, as the next one. */
const char *sla_span_text(struct turn *t, int64_t seconds, enum language language);
/* "75 %", or "–" when there is nothing to have a share of. */
const char *sla_share_text(struct turn *t, guint part, guint whole);
/* The local midnight seven or thirty days ago: on a Monday that of the Monday before. */
int64_t sla_since(const struct turn *t, const struct team *team, gboolean month);

/* The lives of promises on one subject (explain.c), gint64; NULL: there are none, or they are not the person's business. */
struct message *sla_explain(struct turn *t, const GArray *ids);
/* What a promise is about, in its ritual's words. Kept for the turn. */
const char *sla_title(struct turn *t, const char *ritual, const char *subject, enum language language);
/* The ritual whose promises are of that kind ("blocker", …); NULL: none. */
const struct ritual *sla_ritual(const struct turn *t, const char *applies);
/* "first answer", "plan", "solution". */
const char *sla_target_text(struct turn *t, enum response_target target, enum language language);

/* ---- the manager measured (manager.c) ---- */
/* NULL: the person leads no team, or there is nothing to tell. */
struct message *sla_manager_report(struct turn *t, const struct person *manager, gboolean month, enum language language);
void sla_plan_managers(struct turn *t);
void sla_managers_due(struct turn *t, const struct event *event);
void sla_rings(struct turn *t, const struct team *team, struct ring_list *list);

/* ---- the nightly look (check.c) ---- */
void sla_plan_check(struct turn *t);
void sla_check_due(struct turn *t, const struct event *event);
