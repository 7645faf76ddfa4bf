/* SPDX-License-Identifier: MIT */
/*
 * Duty 值班: who has a role's duty when. Everybody sees the rotas; managers set their order; whoever shares one swaps turns with a
 * colleague, takes days over or gives them away, which both hear. Who is on duty hears when their turn begins. The rotas
 * themselves are kit/duty.h.
 *
 *	duty.c		what wakes it, and which rota somebody's words mean
 *	show.c		the rotas as people see them
 *	change.c	order, swap, cover, back, reset
 *	ring.c		the word at the beginning of a turn
 *
 * Thread: the clerk.
 */
#pragma once

#include "core/ritual.h"
#include "kit/duty.h"
#include "kit/ring.h"

extern const struct ritual ritual_duty;

/* What somebody says: of which rota, and what follows the word. All borrowed. */
struct duty_request {
	const struct team *team;
	const char *role;	  /* NULL: none was named */
	const struct duty *duty;  /* the role's rota; without a role the team's only one; NULL: there is none */
	const char *rest;
};

/* ---- show.c ---- */
/* "Mon 2 March to Sun 8 March". Kept for the turn. */
const char *duty_days(struct turn *t, const char *first, const char *last, enum language language);
/* "Ana → Bo → Cai". Kept for the turn. */
const char *duty_names(struct turn *t, const struct duty *duty);
/* All rotas of a team; NULL: it has none. */
struct message *duty_message(struct turn *t, const struct team *team);
/* The rotas in which somebody has a turn who has left. */
guint duty_held(struct turn *t, const struct person *gone, enum language language, struct message *m);

/* ---- change.c ---- */
void duty_say_order(struct turn *t, const struct duty_request *r);
void duty_say_reset(struct turn *t, const struct duty_request *r);
void duty_say_swap(struct turn *t, const struct duty_request *r);
void duty_say_cover(struct turn *t, const struct duty_request *r);
void duty_say_back(struct turn *t, const struct duty_request *r);

/* ---- ring.c ---- */
void duty_rings(struct turn *t, const struct team *team, struct ring_list *list);
/* Plans the next word about each rota. */
void duty_plan(struct turn *t);
/* Whoever covers hears when the first day begins, if that is still to come. */
void duty_plan_cover(struct turn *t, const struct duty *duty, gint64 cover, const char *first);
void duty_begin_due(struct turn *t, const struct event *event);
void duty_cover_due(struct turn *t, const struct event *event);
