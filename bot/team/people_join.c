/* SPDX-License-Identifier: MIT */
#include "team/people_private.h"

#include "team/roles.h"

enum { CHAIN_LIMIT = 16 }; /* managers above managers; a list may lead in a circle */

/* ---- who is who ---- */

/* What tells who somebody is, the surest first. */
static const struct {
	enum register_field field;
	const char *platform; /* whose ids these are; NULL: an e-mail address, the same everywhere */
} marks[] = {
	{ REGISTER_SLACK_ID, "slack" },
	{ REGISTER_FEISHU_ID, "feishu" },
	{ REGISTER_EMAIL, NULL },
};

static char *mark_key(enum register_field field, const char *text)
{
	g_autofree char *folded = g_utf8_casefold(text, -1);
	return g_strdup_printf("%d %s", field, folded);
}

static void index_entry(struct roster *roster, struct register_entry *entry)
{
	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
		if (*entry->fields[marks[i].field])
			g_hash_table_insert(roster->keys, mark_key(marks[i].field, entry->fields[marks[i].field]), entry);
}

gboolean roster_load_register(struct roster *roster, GError **error)
{
	roster->entries = register_read(roster->db, error);
	for (guint i = 0; roster->entries && i < roster->entries->len; i++)
		index_entry(roster, roster->entries->pdata[i]);
	return roster->entries != NULL;
}

static const char *platform_of(const struct roster *roster, const struct account *account)
{
	const struct config_workspace *workspace = config_workspace(roster->config, account->workspace);
	return workspace ? workspace->platform : NULL;
}

struct register_entry *roster_entry_of(const struct roster *roster, const struct account *account)
{
	struct register_entry *entry = NULL;
	if (account->bot)
		return NULL;
	for (size_t i = 0; !entry && i < G_N_ELEMENTS(marks); i++) {
		const char *text = marks[i].platform ? account->account : account->email;
		if (!text || (marks[i].platform && g_strcmp0(marks[i].platform, platform_of(roster, account)) != 0))
			continue;
		g_autofree char *key = mark_key(marks[i].field, text);
		entry = g_hash_table_lookup(roster->keys, key);
	}
	return entry;
}

const GPtrArray *roster_register(const struct roster *roster)
{
	return roster->entries;
}

const struct person *roster_person_of(const struct roster *roster, const struct register_entry *entry)
{
	return g_hash_table_lookup(roster->joined, entry);
}

/* ---- roles and managers ---- */

gboolean roster_is_active(const struct person *person)
{
	return person && !person->bot && !person->deactivated;
}

gboolean roster_has_role(const struct person *person, const char *role)
{
	return person && person->entry && role_is_among(person->entry->fields[REGISTER_ROLES], role);
}

static gboolean is_there(const char *workspace, const struct person *person)
{
	const struct account *account = roster_account_in(workspace, person);
	return account && !account->deactivated && !account->bot;
}

static void collect_holders(const struct roster *roster, const char *workspace, const char *role, const struct team *team,
	GPtrArray *out)
{
	for (guint i = 0; i < roster->persons->len; i++) {
		struct person *person = roster->persons->pdata[i];
		gboolean near = !team || roster_is_member(team, person) || roster_is_manager(team, person);
		if (roster_has_role(person, role) && near && is_there(workspace, person))
			g_ptr_array_add(out, person);
	}
}

GPtrArray *roster_holders(const struct roster *roster, const char *workspace, const char *role, const struct team *team)
{
	GPtrArray *holders = g_ptr_array_new();
	collect_holders(roster, workspace, role, team, holders);
	if (holders->len == 0 && team)
		collect_holders(roster, workspace, role, NULL, holders);
	return holders;
}

GPtrArray *roster_managers(const struct roster *roster, const struct team *team)
{
	GPtrArray *managers = g_ptr_array_new();
	for (guint i = 0; i < roster->persons->len; i++) {
		struct person *person = roster->persons->pdata[i];
		if (roster_is_manager(team, person) && is_there(team->config->workspace_name, person))
			g_ptr_array_add(managers, person);
	}
	return managers;
}

static gboolean is_operator(const struct roster *roster, const struct person *person)
{
	for (struct config_workspace **w = roster->config->workspaces; *w; w++) {
		const struct account *account = is_there((*w)->name, person) ? roster_account_in((*w)->name, person) : NULL;
		for (char **operator = (*w)->operators; account && *operator; operator++)
			if (roster_is_named_account(account, *operator))
				return TRUE;
	}
	return FALSE;
}

GPtrArray *roster_operators(const struct roster *roster)
{
	GPtrArray *operators = g_ptr_array_new();
	for (guint i = 0; i < roster->persons->len; i++)
		if (is_operator(roster, roster->persons->pdata[i]))
			g_ptr_array_add(operators, roster->persons->pdata[i]);
	return operators;
}

const char *roster_workspace_of(const struct roster *roster, const struct person *person)
{
	for (struct config_workspace **w = roster->config->workspaces; person && *w; w++)
		if (is_there((*w)->name, person))
			return (*w)->name;
	return NULL;
}

/* Whom a word of the register's column means: an address, a name, or an id. */
static const struct register_entry *entry_called(const struct roster *roster, const char *word)
{
	static const enum register_field fields[] = { REGISTER_EMAIL, REGISTER_NAME, REGISTER_SLACK_ID, REGISTER_FEISHU_ID };
	for (size_t f = 0; *word && f < G_N_ELEMENTS(fields); f++) {
		for (guint i = 0; i < roster->entries->len; i++) {
			const struct register_entry *entry = roster->entries->pdata[i];
			if (roster_same_words(entry->fields[fields[f]], word))
				return entry;
		}
	}
	return NULL;
}

/* Up the register's line to the first who is still there; TRUE in *told when it says anything at all. */
static const struct person *manager_of_register(const struct roster *roster, const struct person *person, gboolean *told)
{
	const struct register_entry *entry = person->entry;
	*told = FALSE;
	for (int i = 0; entry && i < CHAIN_LIMIT; i++) {
		entry = entry_called(roster, entry->fields[REGISTER_MANAGER]);
		const struct person *manager = entry ? roster_person_of(roster, entry) : NULL;
		*told = *told || entry != NULL;
		if (manager != person && roster_is_active(manager))
			return manager;
	}
	return NULL;
}

const struct person *roster_team_manager(const struct roster *roster, const struct team *team)
{
	for (char **manager = team->config->managers; manager && *manager; manager++) {
		GHashTableIter iter;
		gpointer value;
		g_hash_table_iter_init(&iter, roster->accounts);
		while (g_hash_table_iter_next(&iter, NULL, &value)) {
			const struct account *account = value;
			if (strcmp(account->workspace, team->config->workspace_name) == 0 && !account->deactivated &&
				roster_is_named_account(account, *manager))
				return account->person;
		}
	}
	return NULL;
}

const struct person *roster_manager(const struct roster *roster, const struct person *person)
{
	gboolean told;
	const struct person *manager = person ? manager_of_register(roster, person, &told) : NULL;
	if (!person || told)
		return manager;
	for (const struct team *const *team = roster_teams(roster); *team && !manager; team++)
		if (roster_is_member(*team, person) && !roster_is_manager(*team, person))
			manager = roster_team_manager(roster, *team);
	return manager;
}

/* Nobody is asked more often than there are people: two may have named each other. */
static gboolean is_above(const struct roster *roster, const struct team *team, const struct person *person)
{
	g_autoptr(GPtrArray) chain = roster_managers(roster, team);
	for (guint i = 0; i < chain->len; i++) {
		const struct person *next = roster_manager(roster, chain->pdata[i]);
		if (chain->pdata[i] == person)
			return TRUE;
		if (next && !g_ptr_array_find(chain, next, NULL))
			g_ptr_array_add(chain, (gpointer)next);
	}
	return FALSE;
}

gboolean roster_is_among_itself(const struct roster *roster, const struct team *team)
{
	GHashTableIter iter;
	gpointer person;
	g_hash_table_iter_init(&iter, team->present);
	while (g_hash_table_iter_next(&iter, &person, NULL))
		if (roster_is_active(person) && !roster_is_member(team, person) && !is_above(roster, team, person))
			return FALSE;
	return TRUE;
}

GPtrArray *roster_reports(const struct roster *roster, const struct person *person)
{
	GPtrArray *reports = g_ptr_array_new();
	for (guint i = 0; person->entry && i < roster->entries->len; i++) {
		const struct register_entry *entry = roster->entries->pdata[i];
		const struct person *one = roster_person_of(roster, entry);
		if (one != person && roster_is_active(one) && entry_called(roster, entry->fields[REGISTER_MANAGER]) == person->entry)
			g_ptr_array_add(reports, (gpointer)one);
	}
	return reports;
}

/* ---- changes ---- */

/* A new entry for somebody whom the register did not know. */
static struct register_entry *make_entry(struct roster *roster, struct person *person, GError **error)
{
	struct register_entry *entry = register_entry_new(person->name);
	for (const GSList *l = person->accounts; l; l = l->next) {
		const struct account *account = l->data;
		for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
			if (marks[i].platform && g_strcmp0(marks[i].platform, platform_of(roster, account)) == 0)
				register_entry_set(entry, marks[i].field, account->account);
			else if (!marks[i].platform && account->email)
				register_entry_set(entry, marks[i].field, account->email);
		}
	}
	if (!register_add(roster->db, entry, error)) {
		register_entry_free(entry);
		return NULL;
	}
	g_ptr_array_add(roster->entries, entry);
	index_entry(roster, entry);
	g_hash_table_insert(roster->joined, entry, person);
	person->entry = entry;
	return entry;
}

/* The roster's own; others see them as constants. */
static struct register_entry *own_entry(struct roster *roster, struct person *person, GError **error)
{
	return person->entry ? (struct register_entry *)person->entry : make_entry(roster, person, error);
}

void roster_tell_news(struct roster *roster, const struct person *person)
{
	for (guint i = 0; i + 1 < roster->teams->len; i++) {
		struct team *team = roster->teams->pdata[i];
		team->news = team->news || roster_is_member(team, person);
	}
}

gboolean roster_note(struct roster *roster, const struct person *person, enum register_field field, const char *value,
	gint64 told_by, int64_t now_ms, GError **error)
{
	struct person *own = g_hash_table_lookup(roster->people, &person->id);
	struct register_entry *entry = own_entry(roster, own, error);
	if (!entry || !register_note(roster->db, entry, register_field_name(field), &entry->fields[field], value, told_by, now_ms, error))
		return FALSE;
	roster_tell_news(roster, own);
	roster_compose(own);
	roster_settle(roster, own);
	roster_tell_news(roster, own); /* in other teams than before, perhaps */
	return TRUE;
}

gboolean roster_note_shown(struct roster *roster, const struct person *person, const char *shown, gint64 told_by,
	int64_t now_ms, GError **error)
{
	struct register_entry *entry = own_entry(roster, g_hash_table_lookup(roster->people, &person->id), error);
	return entry && register_note(roster->db, entry, "shown", &entry->shown, shown, told_by, now_ms, error);
}
