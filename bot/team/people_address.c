/* SPDX-License-Identifier: MIT */
#include "team/people_private.h"

#include "team/roles.h"

/* Every word by which a role that somebody holds may be called; the roles' words are borrowed from it. */
static GHashTable *called_roles(const struct roster *roster)
{
	GHashTable *words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < roster->entries->len; i++) {
		const struct register_entry *entry = roster->entries->pdata[i];
		g_auto(GStrv) roles = g_strsplit(entry->fields[REGISTER_ROLES], ";", -1);
		for (char **role = roles; *role; role++) {
			const char *const *names = role_names(g_strstrip(*role));
			for (; names && *names; names++)
				g_hash_table_add(words, g_strdup(*names));
			if (**role)
				g_hash_table_add(words, g_strdup(*role));
		}
	}
	return words;
}

/* "@data" is not meant by "@database"; Chinese goes on without a blank. */
static gboolean ends_there(const char *word, const char *after)
{
	return !g_ascii_isalnum(word[strlen(word) - 1]) || !g_ascii_isalnum(*after);
}

/* The longest of the words that the text begins with; NULL: none. */
static const char *longest_word(GHashTable *words, const char *text)
{
	const char *best = NULL;
	GHashTableIter iter;
	gpointer word;
	g_hash_table_iter_init(&iter, words);
	while (g_hash_table_iter_next(&iter, &word, NULL)) {
		gsize length = strlen(word);
		if ((!best || length > strlen(best)) && g_ascii_strncasecmp(text, word, length) == 0 && ends_there(word, text + length))
			best = word;
	}
	return best;
}

static void add_once(GPtrArray *people, const struct person *person)
{
	if (roster_is_active(person) && !g_ptr_array_find(people, person, NULL))
		g_ptr_array_add(people, (gpointer)person);
}

static void add_holders(GPtrArray *people, const struct roster *roster, const char *workspace, const char *role,
	const struct team *team)
{
	g_autoptr(GPtrArray) holders = roster_holders(roster, workspace, role, team);
	for (guint i = 0; i < holders->len; i++)
		add_once(people, holders->pdata[i]);
}

/* What comes after a sign that calls somebody, "@" or the wide "＠"; NULL: there is none at `at`, or within an address. */
static const char *after_sign(const char *text, const char *at)
{
	if (at > text && g_ascii_isalnum(at[-1]))
		return NULL;
	return *at == '@' ? at + 1 : g_str_has_prefix(at, "＠") ? at + strlen("＠") : NULL;
}

char *roster_role_called(const struct roster *roster, const char *text, const char *const *more)
{
	const char *role = NULL;
	g_autoptr(GHashTable) words = called_roles(roster);
	for (; *more; more++)
		g_hash_table_add(words, g_strdup(*more));
	for (const char *c = text; *c && !role; c = g_utf8_next_char(c)) {
		const char *name = after_sign(text, c);
		role = name ? longest_word(words, name) : NULL;
	}
	return g_strdup(role);
}

GPtrArray *roster_addressed(const struct roster *roster, const char *workspace, const struct team *team, const char *text)
{
	GPtrArray *people = g_ptr_array_new();
	g_autoptr(GHashTable) words = NULL;
	for (const char *c = text; *c; c = g_utf8_next_char(c)) {
		const char *name = after_sign(text, c);
		if (g_str_has_prefix(c, "<@")) {
			g_autofree char *account = g_strndup(c + 2, strcspn(c + 2, "|>"));
			add_once(people, roster_person(roster, workspace, account));
			c += 1;
		} else if (name) {
			words = words ? words : called_roles(roster);
			const char *role = longest_word(words, name);
			if (role)
				add_holders(people, roster, workspace, role, team);
		}
	}
	return people;
}

/* Where a word may begin: a Latin one not in the midst of another. */
static gboolean begins_there(const char *text, const char *at)
{
	return at == text || !g_ascii_isalnum(*at) || !g_ascii_isalnum(at[-1]);
}

char *roster_role_in(const struct roster *roster, const char *text)
{
	const char *role = NULL, *called = NULL;
	g_autoptr(GHashTable) words = called_roles(roster);
	for (const char *c = text; *c && !called; c = g_utf8_next_char(c)) {
		const char *name = after_sign(text, c);
		called = name ? longest_word(words, name) : NULL;
		role = role || !begins_there(text, c) ? role : longest_word(words, c);
	}
	return g_strdup(called ? called : role);
}
