/* SPDX-License-Identifier: MIT */
/*
 * Duty 值班: to whom a role goes. Where a team has a rota for it (team/rota.h), to whoever is on duty; else to one of those who hold
 * the role, by turns. Who is away is passed over: their stand-in comes first, then the next one.
 *
 * A rota is the configuration's, or what a manager has said by command, which counts until it is taken back; covers are rows in
 * any case. Turns are rows too, so that a restart makes nobody's turn come twice: it is always the one's who had it longest
 * ago, and who was on holiday owes nothing.
 *
 *	struct duty_choice choice = duty_choose(t, team, "operations", asker);
 *	if (choice.person)
 *		duty_note_turn(t, team, "operations", choice.person, "17");
 *
 * Roles are known under several words (team/roles.h); what is stored has the first of them.
 *
 * Thread: the clerk, within a turn. What is handed out is kept for the turn.
 */
#pragma once

#include "core/turn.h"
#include "team/rota.h"

/* A role's rota in a team. */
struct duty {
	const struct team *team;
	const char *role; /* as the configuration, or whoever made the rota, writes it */
	const char *by;	  /* the manager whose word counts; "": the configuration's */
	struct rota rota;
};

/* All rotas of a team, struct duty, in the configuration's order; the caller unrefs. */
GPtrArray *duty_all(struct turn *t, const struct team *team);
/* NULL: the role has no rota there. */
const struct duty *duty_of(struct turn *t, const struct team *team, const char *role);
/* What marks the role in what is stored. */
const char *duty_key(struct turn *t, const char *role);
const struct person *duty_person(struct turn *t, gint64 person);

/* ---- who it is ---- */

struct duty_choice {
	const struct person *person; /* NULL: nobody who is there */
	const struct person *instead_of; /* who is away; NULL: it is the person's own turn */
};

/* Whose turn it is now. except: whoever asks, who is passed over while there is another; NULL: nobody. */
struct duty_choice duty_choose(struct turn *t, const struct team *team, const char *role, const struct person *except);
/*
 * Whose it is when it is addressed to a person, NULL: to none, of whom their stand-in has it while they are away, or else to a role,
 * "": to none. Of whom nobody stands in has it all the same.
 */
struct duty_choice duty_address(
	struct turn *t, const struct team *team, const struct person *person, const char *role, const struct person *except);
/* It was the person's turn: subject is what the turn's ritual calls it. */
void duty_note_turn(struct turn *t, const struct team *team, const char *role, const struct person *person, const char *subject);
/*
 * Struct person, the caller unrefs. now: who has the duty, or whoever is there in their place; else, and where there is no rota, all
 * who share it.
 */
GPtrArray *duty_people(struct turn *t, const struct team *team, const char *role, gboolean now);
/* Whether it is one of those who share the role. */
gboolean duty_is_shared_by(struct turn *t, const struct team *team, const char *role, const struct person *person);
/* The role that a word names in that team, as it is written there: one that somebody holds or that has a rota; NULL: none. */
const char *duty_role_named(struct turn *t, const struct team *team, const char *word);
/* The first role that neutral text names after an "@"; NULL: none. */
const char *duty_role_in(struct turn *t, const struct team *team, const char *text);

/* ---- what is said about rotas ---- */

/* These people in this order, the first of them from now on. turn: ROTA_WEEK or ROTA_DAY. */
void duty_set_order(struct turn *t, const struct team *team, const char *role, enum rota_turn turn, const GPtrArray *people);
/* The configuration's again; a rota that it does not have is no more. */
void duty_reset(struct turn *t, const struct team *team, const char *role);
/* The cover's number; 0 when the turn has failed. */
gint64 duty_cover(struct turn *t, const struct duty *duty, const struct person *person, const char *first, const char *last);

/* A cover as it is stored. */
struct duty_covered {
	gint64 id;
	const struct team *team; /* NULL: there is no such team any more */
	const char *role;
	const struct person *person, *said_by;
	char first[ZONE_DAY_SIZE], last[ZONE_DAY_SIZE];
	gboolean ended;
};
/* FALSE: there is none of that number. */
gboolean duty_read_cover(struct turn *t, gint64 id, struct duty_covered *out);
void duty_end_cover(struct turn *t, gint64 id);
