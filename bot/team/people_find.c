/* SPDX-License-Identifier: MIT */
#include "team/people_private.h"

gboolean roster_same_words(const char *a, const char *b)
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
	const struct register_entry *entry = account->person->entry;
	gboolean named = roster_same_words(account->name, name) || roster_same_words(account->email, name) ||
			 (entry && roster_same_words(entry->fields[REGISTER_NAME], name));
	int rank = roster_same_words(account->handle, name) ? 3 : named ? 1 : 0;
	return rank && !account->deactivated ? rank + 1 : rank;
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

/* Where a platform has no handles the name that the directory shows must do; elsewhere anybody may take any name. */
static const char *called(const struct account *account)
{
	return account->handle ? account->handle : account->name;
}

gboolean roster_is_named_account(const struct account *account, const char *manager)
{
	const char *handle = *manager == '@' ? manager + 1 : NULL;
	return handle ? roster_same_words(called(account), handle) || strcmp(account->account, handle) == 0
		      : strcmp(account->account, manager) == 0 || roster_same_words(account->email, manager);
}
