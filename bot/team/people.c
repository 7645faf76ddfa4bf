/* SPDX-License-Identifier: MIT */
#include "team/people_private.h"

#include "base/zone.h"

static void person_free(gpointer data)
{
	struct person *person = data;
	g_free(person->name);
	g_free(person->email);
	g_free(person->zone_name);
	g_free(person->language);
	g_free(person->hours);
	g_slist_free(person->accounts);
	g_free(person);
}

static void account_free(gpointer data)
{
	struct account *account = data;
	g_free(account->workspace);
	g_free(account->account);
	g_free(account->handle);
	g_free(account->name);
	g_free(account->email);
	g_free(account->zone);
	g_free(account->language);
	g_free(account);
}

static void team_free(gpointer data)
{
	struct team *team = data;
	if (!team)
		return;
	g_free(team->channel);
	g_hash_table_unref(team->members);
	g_hash_table_unref(team->present);
	g_free(team);
}

static const char *pair_key(const struct roster *roster, const char *first, const char *second)
{
	GString *key = roster->key;
	g_string_assign(key, first);
	g_string_append_c(key, '\n');
	g_string_append(key, second);
	return key->str;
}

static void set_facts(struct account *account, const struct person_facts *facts)
{
	/* What the directory does not tell this time is kept from before. */
	const struct {
		char **to;
		const char *from;
	} texts[] = {
		{ &account->name, facts->name },
		{ &account->email, facts->email },
		{ &account->language, facts->language },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		if (texts[i].from && *texts[i].from) {
			g_free(*texts[i].to);
			*texts[i].to = g_strdup(texts[i].from);
		}
	}
	/* The first zone stays: a profile that says another asks its owner (handlers/person). */
	if (!zone_find(account->zone) && facts->zone && *facts->zone) {
		g_free(account->zone);
		account->zone = g_strdup(facts->zone);
	}
	if (facts->handle) {
		g_free(account->handle);
		account->handle = g_strdup(facts->handle);
	}
	if (!account->name)
		account->name = g_strdup(facts->handle && *facts->handle ? facts->handle : facts->account);
	account->bot = facts->bot;
	account->deactivated = facts->deactivated;
}

static void take_text(char **to, const char *first, const char *second)
{
	if (*to && !(first && *first))
		return;
	g_free(*to);
	*to = g_strdup(first && *first ? first : second);
}

/* NULL: none. */
static struct hours *read_hours(const char *words)
{
	struct hours hours;
	return *words && hours_parse(words, &hours) ? g_memdup2(&hours, sizeof hours) : NULL;
}

void roster_compose(struct person *person)
{
	const struct register_entry *entry = person->entry;
	g_clear_pointer(&person->name, g_free);
	g_clear_pointer(&person->email, g_free);
	g_clear_pointer(&person->zone_name, g_free);
	g_clear_pointer(&person->language, g_free);
	g_clear_pointer(&person->hours, g_free);
	person->bot = FALSE;
	person->deactivated = TRUE;
	for (const GSList *l = person->accounts; l; l = l->next) {
		const struct account *account = l->data;
		take_text(&person->name, NULL, account->name);
		take_text(&person->email, NULL, account->email);
		take_text(&person->zone_name, NULL, account->zone);
		take_text(&person->language, NULL, account->language);
		person->bot = person->bot || account->bot;
		person->deactivated = person->deactivated && account->deactivated;
	}
	if (entry) {
		take_text(&person->zone_name, entry->fields[REGISTER_ZONE], NULL);
		take_text(&person->language, entry->fields[REGISTER_LANGUAGE], NULL);
		person->hours = read_hours(entry->fields[REGISTER_HOURS]);
	}
	person->zone = zone_find(person->zone_name);
}

/* Gives the account to the person that the register says it is, or to a new one. */
static void find_its_person(struct roster *roster, struct account *account)
{
	struct register_entry *entry = roster_entry_of(roster, account);
	struct person *person = entry ? g_hash_table_lookup(roster->joined, entry) : NULL;
	if (!person) {
		person = g_new0(struct person, 1);
		person->id = account->row;
		person->entry = entry;
		g_ptr_array_add(roster->persons, person);
		if (entry)
			g_hash_table_insert(roster->joined, entry, person);
	}
	account->person = person;
	person->accounts = g_slist_append(person->accounts, account);
	g_hash_table_insert(roster->people, &account->row, person);
	roster_compose(person);
}

static struct account *add_account(struct roster *roster, const char *workspace, gint64 row, const struct person_facts *facts)
{
	struct account *account = g_new0(struct account, 1);
	account->workspace = g_strdup(workspace);
	account->account = g_strdup(facts->account);
	account->row = row;
	set_facts(account, facts);
	g_hash_table_insert(roster->accounts, g_strdup(pair_key(roster, workspace, facts->account)), account);
	find_its_person(roster, account);
	roster->next_person = MAX(roster->next_person, row + 1);
	return account;
}

static gboolean load_people(struct roster *roster, GError **error)
{
	g_autoptr(db_rows) rows = db_query(roster->db, &SQL_PEOPLE_ALL_PEOPLE);
	while (db_next(rows)) {
		const struct person_facts facts = { .name = db_text(rows, 1), .email = db_text(rows, 2),
			.zone = db_text(rows, 3), .language = db_text(rows, 4), .bot = db_int(rows, 5) != 0,
			.deactivated = db_int(rows, 6) != 0, .account = db_text(rows, 8), .handle = db_text(rows, 9) };
		add_account(roster, db_text(rows, 7), db_int(rows, 0), &facts);
	}
	return db_end(rows, error);
}

static struct team *find_team(const struct roster *roster, const char *name)
{
	for (guint i = 0; i + 1 < roster->teams->len; i++) {
		struct team *team = roster->teams->pdata[i];
		if (strcmp(team->config->name, name) == 0)
			return team;
	}
	return NULL;
}

static void index_channel(struct roster *roster, struct team *team, const char *channel)
{
	if (team->channel) {
		const char *old = pair_key(roster, team->config->workspace_name, team->channel);
		if (g_hash_table_lookup(roster->channels, old) == team)
			g_hash_table_remove(roster->channels, old);
	}
	g_free(team->channel);
	team->channel = g_strdup(channel);
	g_hash_table_insert(roster->channels, g_strdup(pair_key(roster, team->config->workspace_name, channel)), team);
}

static gboolean load_teams(struct roster *roster, GError **error)
{
	for (struct config_team **t = roster->config->teams; *t; t++) {
		struct team *team = g_new0(struct team, 1);
		team->config = *t;
		team->zone = zone_find((*t)->zone);
		team->members = g_hash_table_new(g_direct_hash, g_direct_equal);
		team->present = g_hash_table_new(g_direct_hash, g_direct_equal);
		g_ptr_array_add(roster->teams, team);
		if ((*t)->channel[0] != '#')
			index_channel(roster, team, (*t)->channel);
	}
	g_ptr_array_add(roster->teams, NULL);

	g_autoptr(db_rows) channels = db_query(roster->db, &SQL_PEOPLE_ALL_CHANNELS);
	while (db_next(channels)) {
		struct team *team = find_team(roster, db_text(channels, 0));
		if (team && strcmp(team->config->channel, db_text(channels, 1)) == 0)
			index_channel(roster, team, db_text(channels, 2));
	}
	if (!db_end(channels, error))
		return FALSE;

	g_autoptr(db_rows) members = db_query(roster->db, &SQL_PEOPLE_ALL_MEMBERS);
	while (db_next(members)) {
		gint64 id = db_int(members, 1);
		struct team *team = find_team(roster, db_text(members, 0));
		struct person *person = g_hash_table_lookup(roster->people, &id);
		if (team && person)
			g_hash_table_add(team->present, person);
	}
	for (guint i = 0; i < roster->persons->len; i++)
		roster_settle(roster, roster->persons->pdata[i]);
	return db_end(members, error);
}

static void make_tables(struct roster *roster)
{
	roster->persons = g_ptr_array_new_with_free_func(person_free);
	roster->people = g_hash_table_new(g_int64_hash, g_int64_equal);
	roster->accounts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, account_free);
	roster->channels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	roster->teams = g_ptr_array_new_with_free_func(team_free);
	roster->quick = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	roster->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	roster->joined = g_hash_table_new(g_direct_hash, g_direct_equal);
	roster->next_person = 1;
}

static void free_tables(struct roster *roster)
{
	g_hash_table_unref(roster->joined);
	g_hash_table_unref(roster->keys);
	g_clear_pointer(&roster->entries, g_ptr_array_unref);
	g_hash_table_unref(roster->quick);
	g_hash_table_unref(roster->channels);
	g_ptr_array_unref(roster->teams);
	g_hash_table_unref(roster->people);
	g_hash_table_unref(roster->accounts);
	g_ptr_array_unref(roster->persons);
}

/* A rollback of one event's turn must not swallow what another one of the batch has changed. */
static void keep_news(struct roster *fresh, const struct roster *old)
{
	for (guint i = 0; i + 1 < old->teams->len; i++) {
		const struct team *before = old->teams->pdata[i];
		struct team *team = find_team(fresh, before->config->name);
		if (team)
			team->news = before->news;
	}
}

gboolean roster_configure(struct roster *roster, const struct config *config, GError **error)
{
	struct roster fresh = { .db = roster->db, .config = config, .key = roster->key };
	make_tables(&fresh);
	gboolean done = roster_load_register(&fresh, error) && load_people(&fresh, error) && load_teams(&fresh, error) &&
			roster_load_quick(&fresh, error);
	if (done) {
		keep_news(&fresh, roster);
		struct roster old = *roster;
		*roster = fresh;
		fresh = old;
	}
	free_tables(&fresh);
	return done;
}

gboolean roster_reload(struct roster *roster, GError **error)
{
	return roster_configure(roster, roster->config, error);
}

struct roster *roster_new(struct db *db, const struct config *config, GError **error)
{
	struct roster *roster = g_new0(struct roster, 1);
	roster->db = db;
	roster->key = g_string_new(NULL);
	make_tables(roster);
	if (!roster_configure(roster, config, error))
		g_clear_pointer(&roster, roster_free);
	return roster;
}

void roster_free(struct roster *roster)
{
	if (!roster)
		return;
	free_tables(roster);
	g_string_free(roster->key, TRUE);
	g_free(roster);
}

const struct config *roster_config(const struct roster *roster)
{
	return roster->config;
}

static struct account *find_account(const struct roster *roster, const char *workspace, const char *account)
{
	return account ? g_hash_table_lookup(roster->accounts, pair_key(roster, workspace, account)) : NULL;
}

const struct person *roster_person(const struct roster *roster, const char *workspace, const char *account)
{
	const struct account *found = find_account(roster, workspace, account);
	return found ? found->person : NULL;
}

const struct person *roster_person_by_id(const struct roster *roster, gint64 id)
{
	return g_hash_table_lookup(roster->people, &id);
}

const struct account *roster_account_in(const char *workspace, const struct person *person)
{
	for (const GSList *l = person ? person->accounts : NULL; l; l = l->next) {
		const struct account *account = l->data;
		if (strcmp(account->workspace, workspace) == 0)
			return account;
	}
	return NULL;
}

const char *roster_account(const char *workspace, const struct person *person)
{
	const struct account *account = roster_account_in(workspace, person);
	return account ? account->account : NULL;
}

static gboolean add_rows(struct roster *roster, const struct account *a, int64_t now_ms, GError **error)
{
	return db_exec(roster->db, &SQL_PEOPLE_ADD_PERSON, error, ARG_INT(a->row), ARG_TEXT(a->name), ARG_TEXT(a->email),
		       ARG_TEXT(a->zone), ARG_TEXT(a->language), ARG_INT(a->bot), ARG_INT(a->deactivated), ARG_INT(now_ms)) &&
	       db_exec(roster->db, &SQL_PEOPLE_ADD_ACCOUNT, error, ARG_TEXT(a->workspace), ARG_TEXT(a->account), ARG_INT(a->row),
		       ARG_TEXT(a->handle));
}

static gboolean save_rows(struct roster *roster, const struct account *a, int64_t now_ms, GError **error)
{
	return db_exec(roster->db, &SQL_PEOPLE_SAVE_PERSON, error, ARG_INT(a->row), ARG_TEXT(a->name), ARG_TEXT(a->email),
		       ARG_TEXT(a->zone), ARG_TEXT(a->language), ARG_INT(a->bot), ARG_INT(a->deactivated), ARG_INT(now_ms)) &&
	       db_exec(roster->db, &SQL_PEOPLE_SAVE_ACCOUNT, error, ARG_TEXT(a->workspace), ARG_TEXT(a->account),
		       ARG_TEXT(a->handle));
}

const struct person *roster_learn(struct roster *roster, const char *workspace, const struct person_facts *facts,
	int64_t now_ms, GError **error)
{
	struct account *account = find_account(roster, workspace, facts->account);
	gboolean known = account != NULL;
	if (known) {
		set_facts(account, facts);
		roster_compose(account->person);
	} else {
		account = add_account(roster, workspace, roster->next_person, facts);
	}
	roster_settle(roster, account->person);
	if (!known && account->person->entry)
		roster_tell_news(roster, account->person); /* in a team by the register, not by a channel */
	if (!(known ? save_rows : add_rows)(roster, account, now_ms, error))
		return NULL;
	/* A new e-mail address may say that it is somebody else whom we know. */
	if (roster_entry_of(roster, account) == account->person->entry)
		return account->person;
	return roster_reload(roster, error) ? roster_person(roster, workspace, facts->account) : NULL;
}

const struct team *const *roster_teams(const struct roster *roster)
{
	return (const struct team *const *)roster->teams->pdata;
}

const struct team *roster_team(const struct roster *roster, const char *name)
{
	return find_team(roster, name);
}

const struct team *roster_team_at(const struct roster *roster, const char *workspace, const char *channel)
{
	return channel ? g_hash_table_lookup(roster->channels, pair_key(roster, workspace, channel)) : NULL;
}

const struct team *roster_next_team_of(const struct roster *roster, const char *workspace, const struct person *person,
	const struct team *after)
{
	gboolean passed = after == NULL;
	for (const struct team *const *t = roster_teams(roster); *t; t++) {
		if (passed && strcmp((*t)->config->workspace_name, workspace) == 0 &&
			(roster_is_member(*t, person) || roster_is_manager(*t, person)))
			return *t;
		passed = passed || *t == after;
	}
	return NULL;
}

const struct team *roster_first_team_of(const struct roster *roster, const struct person *person)
{
	for (const struct team *const *team = roster_teams(roster); *team; team++)
		if (roster_is_member(*team, person) || roster_is_manager(*team, person))
			return *team;
	return NULL;
}

gint roster_by_name(gconstpointer a, gconstpointer b)
{
	const struct person *x = *(const struct person *const *)a, *y = *(const struct person *const *)b;
	int order = g_utf8_collate(x->name, y->name);
	return order ? order : (x->id > y->id) - (x->id < y->id);
}

gboolean roster_is_member(const struct team *team, const struct person *person)
{
	return person && g_hash_table_contains(team->members, person);
}

gboolean roster_is_manager(const struct team *team, const struct person *person)
{
	const struct account *account = roster_account_in(team->config->workspace_name, person);
	for (char **manager = team->config->managers; account && manager && *manager; manager++)
		if (roster_is_named_account(account, *manager))
			return TRUE;
	return FALSE;
}

static gboolean belongs(const struct team *team, const struct person *person)
{
	const struct account *account = roster_account_in(team->config->workspace_name, person);
	const char *teams = person->entry ? person->entry->fields[REGISTER_TEAMS] : "";
	if (!account || account->deactivated || account->bot)
		return FALSE;
	return *teams ? register_list_has(teams, team->config->name) : g_hash_table_contains(team->present, person);
}

static void settle_in(const struct team *team, struct person *person)
{
	if (belongs(team, person))
		g_hash_table_add(team->members, person);
	else
		g_hash_table_remove(team->members, person);
}

void roster_settle(struct roster *roster, struct person *person)
{
	for (guint i = 0; i + 1 < roster->teams->len; i++)
		settle_in(roster->teams->pdata[i], person);
}

const struct team *roster_take_news(struct roster *roster)
{
	for (guint i = 0; i + 1 < roster->teams->len; i++) {
		struct team *team = roster->teams->pdata[i];
		if (team->news) {
			team->news = FALSE;
			return team;
		}
	}
	return NULL;
}

void roster_renew(struct roster *roster)
{
	for (guint i = 0; i + 1 < roster->teams->len; i++)
		((struct team *)roster->teams->pdata[i])->news = TRUE;
}

gboolean roster_add_member(struct roster *roster, const struct team *team, const struct person *person, GError **error)
{
	if (!g_hash_table_add(team->present, (gpointer)person))
		return TRUE;
	settle_in(team, (gpointer)person);
	return db_exec(roster->db, &SQL_PEOPLE_ADD_MEMBER, error, ARG_TEXT(team->config->name), ARG_INT(person->id));
}

gboolean roster_drop_member(struct roster *roster, const struct team *team, const struct person *person, GError **error)
{
	const struct account *account = roster_account_in(team->config->workspace_name, person);
	if (!g_hash_table_remove(team->present, person))
		return TRUE;
	settle_in(team, (gpointer)person);
	/* The row may have been written under the number of either account. */
	return db_exec(roster->db, &SQL_PEOPLE_DROP_MEMBER, error, ARG_TEXT(team->config->name), ARG_INT(person->id)) &&
	       (!account || account->row == person->id ||
		       db_exec(roster->db, &SQL_PEOPLE_DROP_MEMBER, error, ARG_TEXT(team->config->name), ARG_INT(account->row)));
}

gboolean roster_set_channel(struct roster *roster, const char *workspace, const char *name, const char *channel,
	GError **error)
{
	for (guint i = 0; i + 1 < roster->teams->len; i++) {
		struct team *team = roster->teams->pdata[i];
		if (strcmp(team->config->workspace_name, workspace) != 0 || team->config->channel[0] != '#' ||
			strcmp(team->config->channel + 1, name) != 0)
			continue;
		index_channel(roster, team, channel);
		if (!db_exec(roster->db, &SQL_PEOPLE_SAVE_CHANNEL, error, ARG_TEXT(team->config->name),
			    ARG_TEXT(team->config->channel), ARG_TEXT(channel)))
			return FALSE;
	}
	return roster_set_quick(roster, workspace, name, channel, error);
}

GTimeZone *roster_zone(const struct roster *roster, const struct person *person, const struct team *team)
{
	if (person && person->zone)
		return person->zone;
	return team ? team->zone : zone_find(roster->config->default_zone);
}
