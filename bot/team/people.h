/* SPDX-License-Identifier: MIT */
/*
 * The roster: who is there, in which teams, in which zone and language. Read from the store at start, kept in memory
 * for the rituals, written through on each change.
 *
 * A person is a human being with an account on each platform where we met them: the register (register.h) says which
 * accounts are one. Zone, language, teams, manager and roles are the register's word where it has one, else the platform's
 * or the team's. A team is what the configuration says, with its channel resolved to the platform's id; its members are
 * those of that channel, but for people of whom the register tells their teams.
 *
 * Everything handed out is borrowed and holds until the next call that changes the roster. A change belongs to the
 * transaction that is open; when that is rolled back, call roster_reload.
 *
 * Thread: the clerk.
 */
#pragma once

#include "store/db.h"
#include "team/config.h"
#include "team/hours.h"
#include "team/register.h"
#include "people_sql.h"

struct person {
	gint64 id;
	char *name;
	char *email; /* NULL: unknown */
	char *zone_name, *language; /* NULL: unknown */
	GTimeZone *zone;	    /* NULL: unknown */
	struct hours *hours;	    /* a working week of their own; NULL: the team's */
	gboolean bot, deactivated;  /* deactivated: on every platform */
	const struct register_entry *entry; /* what the register tells; NULL: nothing */
	GSList *accounts; /* the roster's own */
};

struct team {
	const struct config_team *config;
	char *channel; /* the platform's id; NULL until the platform has told it */
	GTimeZone *zone;
	GHashTable *members; /* struct person: a set */
	/* The roster's own: those of its channel; something else is told of its people. */
	GHashTable *present;
	gboolean news;
};

/*
 * What a directory says of an account; NULL: it does not tell. All borrowed. Of the zones that it tells only the first counts:
 * whoever moves is asked, and the register has the answer.
 */
struct person_facts {
	const char *account, *name, *handle, *email, *zone, *language;
	gboolean bot, deactivated;
};

struct roster;

/* config: borrowed until the next roster_configure or the end. */
struct roster *roster_new(struct db *db, const struct config *config, GError **error);
void roster_free(struct roster *roster);
/* Reads all again from the store, as after a rollback. On failure all is as it was. */
gboolean roster_reload(struct roster *roster, GError **error);
/* The same with a new configuration's teams. */
gboolean roster_configure(struct roster *roster, const struct config *config, GError **error);
const struct config *roster_config(const struct roster *roster);

/* NULL: not known yet. Two accounts of one human being give the same person, and so do the numbers of both. */
const struct person *roster_person(const struct roster *roster, const char *workspace, const char *account);
const struct person *roster_person_by_id(const struct roster *roster, gint64 id);
/* "ana", "@ana", "Ana Lima", an e-mail address or <@ACCOUNT>: who is meant in that workspace; NULL: nobody, or several.
 * A handle counts more than a name, and who is still there more than who has left. */
const struct person *roster_find(const struct roster *roster, const char *workspace, const char *words);
/* The person's account there; NULL: none. */
const char *roster_account(const char *workspace, const struct person *person);
/* Adds or renews a person; returns it, NULL on failure. */
const struct person *roster_learn(struct roster *roster, const char *workspace, const struct person_facts *facts,
	int64_t now_ms, GError **error);

/* In the configuration's order, ends with NULL. */
const struct team *const *roster_teams(const struct roster *roster);
const struct team *roster_team(const struct roster *roster, const char *name);
const struct team *roster_team_at(const struct roster *roster, const char *workspace, const char *channel);
/*
 * The team for which a channel is one of quick response: of those that name it the person's first, else the first. NULL: it is
 * none. person: may be NULL.
 */
const struct team *roster_quick_team(const struct roster *roster, const char *workspace, const char *channel, const struct person *person);
/* Its names ("name" of "#name") whose ids are not known yet, in a workspace; borrowed, caller unrefs the list. */
GPtrArray *roster_quick_unknown(const struct roster *roster, const char *workspace);
/* The first team (in the configuration's order) after `after` that the person is a member or a manager of. */
const struct team *roster_next_team_of(const struct roster *roster, const char *workspace, const struct person *person,
	const struct team *after);
/* The person's first team in whichever workspace: whose language, zone and calendar count where none is named. NULL: none. */
const struct team *roster_first_team_of(const struct roster *roster, const struct person *person);
/* Sorts a GPtrArray of struct person by name. */
gint roster_by_name(gconstpointer a, gconstpointer b);
gboolean roster_is_member(const struct team *team, const struct person *person);
gboolean roster_is_manager(const struct team *team, const struct person *person);
/* Whether nobody reads the team's channel, as far as is known, but its members, its managers and whoever is above these. */
gboolean roster_is_among_itself(const struct roster *roster, const struct team *team);
/* All of the team's managers who can be reached in its workspace, struct person by their numbers. Caller unrefs. */
GPtrArray *roster_managers(const struct roster *roster, const struct team *team);
/* The first of them that the configuration names; NULL: none is there. */
const struct person *roster_team_manager(const struct roster *roster, const struct team *team);
/* All whom the workspaces name as operators and who can be reached there, each once, by their numbers. Caller unrefs. */
GPtrArray *roster_operators(const struct roster *roster);

gboolean roster_add_member(struct roster *roster, const struct team *team, const struct person *person, GError **error);
gboolean roster_drop_member(struct roster *roster, const struct team *team, const struct person *person, GError **error);
/* The channel of every team of that workspace that is configured as "#name" (without the #); one of quick response, too. */
gboolean roster_set_channel(struct roster *roster, const char *workspace, const char *name, const char *channel,
	GError **error);

/* ---- what the register tells ---- */

/* All entries, struct register_entry by name. An entry without accounts that we have met has no person. */
const GPtrArray *roster_register(const struct roster *roster);
const struct person *roster_person_of(const struct roster *roster, const struct register_entry *entry);
/* Whether the person is there to be asked, told and counted: no bot, and not gone. */
gboolean roster_is_active(const struct person *person);
gboolean roster_has_role(const struct person *person, const char *role);
/*
 * Who holds a role (roles.h) and can be reached in that workspace, struct person by their numbers: those of the team when it has
 * any, else, or without a team, all. Being away is the caller's to look at. Caller unrefs.
 */
GPtrArray *roster_holders(const struct roster *roster, const char *workspace, const char *role, const struct team *team);
/* The first role that a text calls, "@运营 please look": one that somebody holds, or one of `more` words (NULL ends them). NULL: none; caller frees. */
char *roster_role_called(const struct roster *roster, const char *text, const char *const *more);
/*
 * Whom a neutral text addresses, each once and in its order: who is mentioned, and who holds a role that stands after an @,
 * "@运营 please look". Who has left is not among them; being away is the caller's to look at. Caller unrefs.
 */
GPtrArray *roster_addressed(
	const struct roster *roster, const char *workspace, const struct team *team, const char *text);
/* The role that somebody holds and a text names: the first after an @, else the first in plain words ("需要法务看一下"). NULL: none; caller frees. */
char *roster_role_in(const struct roster *roster, const char *text);
/*
 * Whom the person reports to: the register's word, and the manager's manager when that one has left; without one, the first
 * manager of the person's first team. NULL: nobody. The manager's manager is the manager of the manager.
 */
const struct person *roster_manager(const struct roster *roster, const struct person *person);
/* Those who report to the person by the register's word and are still there; by the register's names. Caller unrefs. */
GPtrArray *roster_reports(const struct roster *roster, const struct person *person);
/* A workspace in which the person can be told something; NULL: none. */
const char *roster_workspace_of(const struct roster *roster, const struct person *person);
/*
 * Notes a field of the person's entry, which is made when there is none; told_by: the person who says so, 0: nobody of
 * the roster. Pointers stay good, but for the texts of that entry and person. The value is checked by register_check.
 */
gboolean roster_note(struct roster *roster, const struct person *person, enum register_field field, const char *value,
	gint64 told_by, int64_t now_ms, GError **error);
/* The same for how celebrations are shown: unasked, public, private, none. */
gboolean roster_note_shown(struct roster *roster, const struct person *person, const char *shown, gint64 told_by,
	int64_t now_ms, GError **error);

/*
 * A team of whose people the register tells something else than when it was last asked, one after the other; NULL: none.
 * So whoever plans by zones and members plans anew.
 */
const struct team *roster_take_news(struct roster *roster);
/* All of them have news: the register was renewed by somebody else. */
void roster_renew(struct roster *roster);

/* The zone that counts for the person's day: their own, else the team's, else the default. */
GTimeZone *roster_zone(const struct roster *roster, const struct person *person, const struct team *team);
