/* SPDX-License-Identifier: MIT */
/*
 * The register (花名册): what no platform tells of people: who leads whom, roles, birthdays, first days at work. The team's
 * own list, brought in as a file (register_file.h) and kept in the store. An entry and a platform's account are the same
 * human being when the e-mail address, the Slack id or the Feishu id says so.
 *
 * Thread: whoever holds the database.
 */
#pragma once

#include "store/db.h"

#include "base/banned.h"

/* All texts, "" when not told. The file's columns come first, in its order. */
enum register_field {
	REGISTER_NAME,
	REGISTER_EMAIL,
	REGISTER_SLACK_ID,
	REGISTER_FEISHU_ID,
	REGISTER_ZONE,	   /* IANA name */
	REGISTER_LANGUAGE, /* zh-CN or en */
	REGISTER_TEAMS,	   /* of the configuration, joined by ";" */
	REGISTER_MANAGER,  /* an e-mail address or a name of the register */
	REGISTER_ROLES,	   /* free words, joined by ";" */
	REGISTER_BIRTHDAY, /* as yearly_parse reads it */
	REGISTER_HIRED,	   /* YYYY-MM-DD */
	REGISTER_COLUMNS,
	REGISTER_HOURS = REGISTER_COLUMNS, /* a working week of their own, as hours_parse reads it */
	REGISTER_FIELDS
};

struct register_entry {
	int64_t id; /* 0: not in the store yet */
	char *fields[REGISTER_FIELDS];
	char *shown; /* how the celebrations are to be shown: unasked, public, private, none; "" when not in the store */
};

/* "name", "email", …: as the header of the file and the history call it. */
const char *register_field_name(enum register_field field);

void register_entry_free(struct register_entry *entry);
/* The entries of the store by name, struct register_entry owned by the array; NULL with the error. */
GPtrArray *register_read(struct db *db, GError **error);
/* Who of `entries` an entry is: by e-mail address, else by an id, else by the name; NULL: somebody new. */
struct register_entry *register_match(const GPtrArray *entries, const struct register_entry *entry);
/* TRUE when some field differs. A field that the new one leaves empty is kept, so it makes no difference. */
gboolean register_differs(const struct register_entry *old, const struct register_entry *new);

/* An entry of that name alone. */
struct register_entry *register_entry_new(const char *name);
void register_entry_set(struct register_entry *entry, enum register_field field, const char *value);
/* Whether a list joined by ";" has the word. */
gboolean register_list_has(const char *list, const char *word);

/*
 * Changes, all in the caller's transaction and each kept with who made it and when (told_by: a person's number; 0: the
 * operator's list, or nobody of the roster).
 */
/* Adds the entry and gives it its id. */
gboolean register_add(struct db *db, struct register_entry *entry, GError **error);
/* One field, by its name in the store: `*text` is its value in the entry, renewed as the store is. */
gboolean register_note(struct db *db, const struct register_entry *entry, const char *field, char **text, const char *value,
	int64_t told_by, int64_t now_ms, GError **error);
/* Adds the entry, or renews `old` with what it tells. */
gboolean register_save(struct db *db, struct register_entry *old, struct register_entry *new, int64_t now_ms, GError **error);
