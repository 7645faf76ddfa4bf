/* SPDX-License-Identifier: MIT */
/*
 * What the rooms of the roster share; nobody outside this folder includes it.
 *
 *	people.c	reading, learning, teams and their members
 *	people_address.c	whom a text addresses
 *	people_find.c	who is meant by a name
 *	people_quick.c	channels of quick response
 *	people_join.c	the register: which accounts are one human being, who leads whom, who holds a role
 *
 * Each account has a row of its own in the table of people, with what its platform tells. A person is one such row, or
 * several that the register says are one human being; then the oldest row's number is the person's, and the others lead
 * to it. So nothing is lost when the register changes its mind.
 */
#pragma once

#include "team/people.h"

struct account {
	struct person *person;
	char *workspace, *account;
	char *handle; /* NULL: unknown */
	gint64 row;
	char *name, *email, *zone, *language; /* as the platform tells, the zone as it told first; NULL: unknown */
	gboolean bot, deactivated;
};

struct roster {
	struct db *db;
	const struct config *config;
	GPtrArray *persons;   /* struct person, owned */
	GHashTable *people;   /* row → struct person; the keys are the accounts' */
	GHashTable *accounts; /* "workspace\naccount" → struct account, owned */
	GPtrArray *teams;     /* struct team, owned, ends with NULL */
	GHashTable *channels; /* "workspace\nchannel" → struct team */
	GHashTable *quick;    /* "workspace\nchannel", an id or "#name" that is known by now → its id, owned */
	GPtrArray *entries;   /* struct register_entry, owned */
	GHashTable *keys;     /* what tells of an entry who it is → struct register_entry */
	GHashTable *joined;   /* struct register_entry → struct person */
	gint64 next_person;
	GString *key; /* scratch for look-ups, so that they allocate nothing */
};

/* ---- people.c ---- */
const struct account *roster_account_in(const char *workspace, const struct person *person);
/* What counts of the person, from the register and the accounts. */
void roster_compose(struct person *person);
/* Whether the person is a member of each team. */
void roster_settle(struct roster *roster, struct person *person);

/* ---- people_quick.c ---- */
gboolean roster_load_quick(struct roster *roster, GError **error);
/* A channel's id has become known. */
gboolean roster_set_quick(struct roster *roster, const char *workspace, const char *name, const char *channel, GError **error);

/* ---- people_find.c ---- */
gboolean roster_same_words(const char *a, const char *b);
gboolean roster_is_named_account(const struct account *account, const char *manager);

/* ---- people_join.c ---- */
gboolean roster_load_register(struct roster *roster, GError **error);
/* The teams have news that the person is in. */
void roster_tell_news(struct roster *roster, const struct person *person);
/* The entry of the register that the account is; NULL: none. */
struct register_entry *roster_entry_of(const struct roster *roster, const struct account *account);
