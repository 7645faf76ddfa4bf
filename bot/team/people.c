/* SPDX-License-Identifier: MIT */
#include "team/people.h"

#include "base/zone.h"

struct account {
	struct person *person;
	char *workspace, *account;
	char *handle; /* NULL: unknown */
};

struct roster {
	struct db *db;
	const struct config *config;
	GHashTable *people;   /* id → struct person, owned */
	GHashTable *accounts; /* "workspace\naccount" → struct account, owned */
	GPtrArray *teams;     /* struct team, owned, ends with NULL */
	GHashTable *channels; /* "workspace\nchannel" → struct team */
	gint64 next_person;
	GString *key; /* scratch for look-ups, so that they allocate nothing */
};

static void person_free(gpointer data)
{
	struct person *person = data;
	g_free(person->name);
	g_free(person->email);
	g_free(person->zone_name);
	g_free(person->language);
	g_slist_free(person->accounts);
	g_free(person);
}

static void account_free(gpointer data)
{
	struct account *account = data;
	g_free(account->workspace);
	g_free(account->account);
	g_free(account->handle);
	g_free(account);
}

static void team_free(gpointer data)
{
	struct team *team = data;
	if (!team)
		return;
	g_free(team->channel);
	g_hash_table_unref(team->members);
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

static void set_facts(struct person *person, const struct person_facts *facts)
{
	/* What the directory does not tell this time is kept from before. */
	const struct {
		char **to;
		const char *from;
	} texts[] = {
		{ &person->name, facts->name },
		{ &person->email, facts->email },
		{ &person->zone_name, facts->zone },
		{ &person->language, facts->language },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		if (texts[i].from && *texts[i].from) {
			g_free(*texts[i].to);
			*texts[i].to = g_strdup(texts[i].from);
		}
	}
	person->zone = zone_find(person->zone_name);
	person->bot = facts->bot;
	person->deactivated = facts->deactivated;
}

static void add_account(struct roster *roster, const char *workspace, const char *account, const char *handle,
	struct person *person)
{
	struct account *a = g_new0(struct account, 1);
	*a = (struct account){ person, g_strdup(workspace), g_strdup(account), g_strdup(handle) };
	g_hash_table_insert(roster->accounts, g_strdup(pair_key(roster, workspace, account)), a);
	person->accounts = g_slist_prepend(person->accounts, a);
}

static struct person *make_person(struct roster *roster, gint64 id)
{
	struct person *person = g_new0(struct person, 1);
	person->id = id;
	g_hash_table_insert(roster->people, &person->id, person);
	return person;
}

static gboolean load_people(struct roster *roster, GError **error)
{
	g_autoptr(db_rows) rows = db_query(roster->db, &SQL_PEOPLE_ALL_PEOPLE);
	while (db_next(rows)) {
		gint64 id = db_int(rows, 0);
		struct person *person = g_hash_table_lookup(roster->people, &id);
		if (!person) {
			person = make_person(roster, id);
			set_facts(person, &(struct person_facts){ .name = db_text(rows, 1), .email = db_text(rows, 2),
				.zone = db_text(rows, 3), .language = db_text(rows, 4), .bot = db_int(rows, 5) != 0,
				.deactivated = db_int(rows, 6) != 0 });
			roster->next_person = MAX(roster->next_person, id + 1);
		}
		add_account(roster, db_text(rows, 7), db_text(rows, 8), db_text(rows, 9), person);
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
			g_hash_table_add(team->members, person);
	}
	return db_end(members, error);
}

static void make_tables(struct roster *roster)
{
	roster->people = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, person_free);
	roster->accounts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, account_free);
	roster->channels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	roster->teams = g_ptr_array_new_with_free_func(team_free);
	roster->next_person = 1;
}

static void free_tables(struct roster *roster)
{
	g_hash_table_unref(roster->channels);
	g_hash_table_unref(roster->accounts);
	g_ptr_array_unref(roster->teams);
	g_hash_table_unref(roster->people);
}

gboolean roster_configure(struct roster *roster, const struct config *config, GError **error)
{
	struct roster fresh = { .db = roster->db, .config = config, .key = roster->key };
	make_tables(&fresh);
	gboolean done = load_people(&fresh, error) && load_teams(&fresh, error);
	if (done) {
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

static gboolean same_words(const char *a, const char *b)
{
	if (!a || !b)
		return FALSE;
	g_autofree char *fold_a = g_utf8_casefold(a, -1);
	g_autofree char *fold_b = g_utf8_casefold(b, -1);
	return strcmp(fold_a, fold_b) == 0;
}

static const struct person *find_by_token(const struct roster *roster, const char *workspace, const char *words)
{
	g_autofree char *account = g_strndup(words + 2, strcspn(words + 2, "|>"));
	return roster_person(roster, workspace, account);
}

/* How well an account fits a name: by its handle before all else, and those who are still there first. 0: not at all. */
static int rank_of(const struct account *account, const char *name)
{
	const struct person *person = account->person;
	int rank = same_words(account->handle, name)					       ? 3
		   : same_words(person->name, name) || same_words(person->email, name) ? 1
										       : 0;
	return rank && !person->deactivated ? rank + 1 : rank;
}

const struct person *roster_find(const struct roster *roster, const char *workspace, const char *words)
{
	if (g_str_has_prefix(words, "<@"))
		return find_by_token(roster, workspace, words);
	const char *name = words + (words[0] == '@');
	const struct person *found = roster_person(roster, workspace, name);
	if (found || !*name)
		return found;
	int best = 0;
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, roster->accounts);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct account *a = value;
		int rank = strcmp(a->workspace, workspace) == 0 ? rank_of(a, name) : 0;
		if (rank > best) {
			best = rank;
			found = a->person;
		} else if (rank && rank == best && found != a->person) {
			found = NULL; /* several, unless a better one comes */
		}
	}
	return found;
}

static const struct account *account_in(const char *workspace, const struct person *person)
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
	const struct account *account = account_in(workspace, person);
	return account ? account->account : NULL;
}

const struct person *roster_learn(struct roster *roster, const char *workspace, const struct person_facts *facts,
	int64_t now_ms, GError **error)
{
	struct account *account = find_account(roster, workspace, facts->account);
	struct person *person = account ? account->person : make_person(roster, roster->next_person++);
	set_facts(person, facts);
	if (!person->name)
		person->name = g_strdup(facts->handle && *facts->handle ? facts->handle : facts->account);
	if (account) {
		if (facts->handle) {
			g_free(account->handle);
			account->handle = g_strdup(facts->handle);
		}
		if (!db_exec(roster->db, &SQL_PEOPLE_SAVE_PERSON, error, ARG_INT(person->id), ARG_TEXT(person->name),
			    ARG_TEXT(person->email), ARG_TEXT(person->zone_name), ARG_TEXT(person->language),
			    ARG_INT(person->bot), ARG_INT(person->deactivated), ARG_INT(now_ms)) ||
			!db_exec(roster->db, &SQL_PEOPLE_SAVE_ACCOUNT, error, ARG_TEXT(workspace), ARG_TEXT(facts->account),
				ARG_TEXT(account->handle)))
			return NULL;
		return person;
	}
	add_account(roster, workspace, facts->account, facts->handle, person);
	if (!db_exec(roster->db, &SQL_PEOPLE_ADD_PERSON, error, ARG_INT(person->id), ARG_TEXT(person->name),
		    ARG_TEXT(person->email), ARG_TEXT(person->zone_name), ARG_TEXT(person->language), ARG_INT(person->bot),
		    ARG_INT(person->deactivated), ARG_INT(now_ms)) ||
		!db_exec(roster->db, &SQL_PEOPLE_ADD_ACCOUNT, error, ARG_TEXT(workspace), ARG_TEXT(facts->account),
			ARG_INT(person->id), ARG_TEXT(facts->handle)))
		return NULL;
	return person;
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

gboolean roster_is_member(const struct team *team, const struct person *person)
{
	return person && g_hash_table_contains(team->members, person);
}

/* Where a platform has no handles the name that the directory shows must do; elsewhere anybody may take any name. */
static const char *called(const struct account *account)
{
	return account->handle ? account->handle : account->person->name;
}

static gboolean is_manager_account(const struct account *account, char **managers)
{
	for (char **m = managers; m && *m; m++) {
		const char *handle = **m == '@' ? *m + 1 : NULL;
		if (handle ? same_words(called(account), handle) || strcmp(account->account, handle) == 0
			   : strcmp(account->account, *m) == 0 || same_words(account->person->email, *m))
			return TRUE;
	}
	return FALSE;
}

gboolean roster_is_manager(const struct team *team, const struct person *person)
{
	const struct account *account = account_in(team->config->workspace_name, person);
	return account && is_manager_account(account, team->config->managers);
}

gboolean roster_add_member(struct roster *roster, const struct team *team, const struct person *person, GError **error)
{
	if (!g_hash_table_add(team->members, (gpointer)person))
		return TRUE;
	return db_exec(roster->db, &SQL_PEOPLE_ADD_MEMBER, error, ARG_TEXT(team->config->name), ARG_INT(person->id));
}

gboolean roster_drop_member(struct roster *roster, const struct team *team, const struct person *person, GError **error)
{
	if (!g_hash_table_remove(team->members, person))
		return TRUE;
	return db_exec(roster->db, &SQL_PEOPLE_DROP_MEMBER, error, ARG_TEXT(team->config->name), ARG_INT(person->id));
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
	return TRUE;
}

GTimeZone *roster_zone(const struct roster *roster, const struct person *person, const struct team *team)
{
	if (person && person->zone)
		return person->zone;
	return team ? team->zone : zone_find(roster->config->default_zone);
}
