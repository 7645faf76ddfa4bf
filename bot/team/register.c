/* SPDX-License-Identifier: MIT */
#include "team/register.h"

#include "register_sql.h"

static const char *const names[] = {
	[REGISTER_NAME] = "name",
	[REGISTER_EMAIL] = "email",
	[REGISTER_SLACK_ID] = "slack_id",
	[REGISTER_FEISHU_ID] = "feishu_id",
	[REGISTER_ZONE] = "zone",
	[REGISTER_LANGUAGE] = "language",
	[REGISTER_TEAMS] = "teams",
	[REGISTER_MANAGER] = "manager",
	[REGISTER_ROLES] = "roles",
	[REGISTER_BIRTHDAY] = "birthday",
	[REGISTER_HIRED] = "hired",
	[REGISTER_HOURS] = "hours",
};
G_STATIC_ASSERT(G_N_ELEMENTS(names) == REGISTER_FIELDS);

const char *register_field_name(enum register_field field)
{
	return names[field];
}

void register_entry_free(struct register_entry *entry)
{
	for (int i = 0; entry && i < REGISTER_FIELDS; i++)
		g_free(entry->fields[i]);
	if (entry)
		g_free(entry->shown);
	g_free(entry);
}

static void free_entry(gpointer entry)
{
	register_entry_free(entry);
}

GPtrArray *register_read(struct db *db, GError **error)
{
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(free_entry);
	g_autoptr(db_rows) rows = db_query(db, &SQL_REGISTER_ALL);
	while (db_next(rows)) {
		struct register_entry *entry = g_new0(struct register_entry, 1);
		entry->id = db_int(rows, 0);
		for (int i = 0; i < REGISTER_FIELDS; i++)
			entry->fields[i] = g_strdup(db_text(rows, i + 1));
		entry->shown = g_strdup(db_text(rows, REGISTER_FIELDS + 1));
		g_ptr_array_add(entries, entry);
	}
	return db_end(rows, error) ? g_steal_pointer(&entries) : NULL;
}

static gboolean same(const struct register_entry *a, const struct register_entry *b, enum register_field field)
{
	if (!*a->fields[field] || !*b->fields[field])
		return FALSE;
	g_autofree char *fold_a = g_utf8_casefold(a->fields[field], -1), *fold_b = g_utf8_casefold(b->fields[field], -1);
	return strcmp(fold_a, fold_b) == 0;
}

struct register_entry *register_match(const GPtrArray *entries, const struct register_entry *entry)
{
	/* What tells people apart, the surest first. Two of one name are one only when nothing surer is told of either. */
	static const enum register_field keys[] = { REGISTER_EMAIL, REGISTER_SLACK_ID, REGISTER_FEISHU_ID, REGISTER_NAME };
	for (size_t k = 0; k < G_N_ELEMENTS(keys); k++) {
		for (guint i = 0; i < entries->len; i++) {
			struct register_entry *other = entries->pdata[i];
			gboolean strangers = keys[k] == REGISTER_NAME && *other->fields[REGISTER_EMAIL] && *entry->fields[REGISTER_EMAIL];
			if (!strangers && same(other, entry, keys[k]))
				return other;
		}
	}
	return NULL;
}

gboolean register_differs(const struct register_entry *old, const struct register_entry *new)
{
	for (int i = 0; i < REGISTER_FIELDS; i++)
		if (*new->fields[i] && strcmp(old->fields[i], new->fields[i]) != 0)
			return TRUE;
	return FALSE;
}

struct register_entry *register_entry_new(const char *name)
{
	struct register_entry *entry = g_new0(struct register_entry, 1);
	for (int i = 0; i < REGISTER_FIELDS; i++)
		entry->fields[i] = g_strdup(i == REGISTER_NAME ? name : "");
	entry->shown = g_strdup("");
	return entry;
}

void register_entry_set(struct register_entry *entry, enum register_field field, const char *value)
{
	g_free(entry->fields[field]);
	entry->fields[field] = g_strdup(value);
}

gboolean register_list_has(const char *list, const char *word)
{
	g_auto(GStrv) words = g_strsplit(list, ";", -1);
	for (char **one = words; *one; one++)
		if (strcmp(g_strstrip(*one), word) == 0)
			return TRUE;
	return FALSE;
}

gboolean register_add(struct db *db, struct register_entry *entry, GError **error)
{
	struct db_arg args[REGISTER_FIELDS];
	for (int i = 0; i < REGISTER_FIELDS; i++)
		args[i] = ARG_TEXT(entry->fields[i]);
	if (!db_exec_args(db, &SQL_REGISTER_ADD, args, REGISTER_FIELDS, error))
		return FALSE;
	entry->id = db_last_id(db);
	g_free(entry->shown);
	entry->shown = g_strdup("unasked");
	return TRUE;
}

static gboolean keep_change(struct db *db, int64_t entry, const char *field, const char *before, const char *after,
	int64_t told_by, int64_t now_ms, GError **error)
{
	return db_exec(db, &SQL_REGISTER_KEEP_CHANGE, error, ARG_INT(entry), ARG_TEXT(field), ARG_TEXT(before), ARG_TEXT(after),
		told_by ? ARG_INT(told_by) : ARG_NULL, ARG_INT(now_ms));
}

static gboolean save_row(struct db *db, const struct register_entry *entry, GError **error)
{
	struct db_arg args[REGISTER_FIELDS + 2] = { ARG_INT(entry->id) };
	for (int i = 0; i < REGISTER_FIELDS; i++)
		args[i + 1] = ARG_TEXT(entry->fields[i]);
	args[REGISTER_FIELDS + 1] = ARG_TEXT(entry->shown);
	return db_exec_args(db, &SQL_REGISTER_SAVE, args, REGISTER_FIELDS + 2, error);
}

gboolean register_note(struct db *db, const struct register_entry *entry, const char *field, char **text, const char *value,
	int64_t told_by, int64_t now_ms, GError **error)
{
	if (strcmp(*text, value) == 0)
		return TRUE;
	g_autofree char *before = *text;
	*text = g_strdup(value);
	return keep_change(db, entry->id, field, before, value, told_by, now_ms, error) && save_row(db, entry, error);
}

gboolean register_save(struct db *db, struct register_entry *old, struct register_entry *new, int64_t now_ms, GError **error)
{
	if (!old)
		return register_add(db, new, error) &&
		       keep_change(db, new->id, names[REGISTER_NAME], "", new->fields[REGISTER_NAME], 0, now_ms, error);
	for (int i = 0; i < REGISTER_FIELDS; i++)
		if (*new->fields[i] && !register_note(db, old, names[i], &old->fields[i], new->fields[i], 0, now_ms, error))
			return FALSE;
	return TRUE;
}
