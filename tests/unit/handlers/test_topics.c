/* SPDX-License-Identifier: MIT */
/* Whatever a ritual tells people unasked can be muted by a name that people know: read from the sources, compared with the tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "handlers/registry.h"

static gboolean is_declared(const char *name)
{
	for (const struct ritual *const *r = registry; *r; r++)
		for (const struct topic *topic = (*r)->topics; topic && topic->name; topic++)
			if (strcmp(topic->name, name) == 0)
				return TRUE;
	return FALSE;
}

/* Topics written out in one file: turn_nudge(t, workspace, person, "TOPIC", …), its like, and .topic = "TOPIC". How many there are. */
static guint check_text(const char *path, const char *text)
{
	guint count = 0;
	g_autoptr(GRegex) regex = g_regex_new("(?:turn_(?:nudge|hint|remind|insist)\\((?:[^\";]*),|\\.topic =)\\s*\"([^\"]+)\"", G_REGEX_OPTIMIZE, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	for (g_regex_match(regex, text, 0, &match); g_match_info_matches(match); g_match_info_next(match, NULL), count++) {
		g_autofree char *topic = g_match_info_fetch(match, 1);
		if (!is_declared(topic))
			fail_msg("%s: no ritual declares the topic '%s'; put it into its `topics`", path, topic);
	}
	return count;
}

static guint check_folder(const char *folder)
{
	guint count = 0;
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	assert_non_null(dir);
	for (const char *name; (name = g_dir_read_name(dir));) {
		g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;
		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			count += check_folder(path);
		else if (g_str_has_suffix(name, ".c") && g_file_get_contents(path, &text, NULL, NULL))
			count += check_text(path, text);
	}
	return count;
}

/* What may tell somebody directly: each answers what they have just said or pressed, but for the digest, which says itself how to stop it. */
static const char *const answers[] = { "/quiet/digest.c", "/today/today.c", "/standup/standing.c", "/celebration/calendar.c", NULL };

static gboolean is_answer(const char *path)
{
	for (const char *const *one = answers; *one; one++)
		if (g_str_has_suffix(path, *one))
			return TRUE;
	return FALSE;
}

static guint count_direct(const char *folder)
{
	guint count = 0;
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	assert_non_null(dir);
	for (const char *name; (name = g_dir_read_name(dir));) {
		g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;
		if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
			count += count_direct(path);
		} else if (g_str_has_suffix(name, ".c") && g_file_get_contents(path, &text, NULL, NULL) && strstr(text, "turn_tell(")) {
			if (!is_answer(path))
				fail_msg("%s tells somebody what they have not asked for: turn_nudge or turn_hint say how to stop it", path);
			count++;
		}
	}
	return count;
}

static void what_nobody_asked_for_says_how_to_stop_it(void **state)
{
	(void)state;
	assert_int_equal(count_direct(SOURCE_ROOT "/handlers") + count_direct(SOURCE_ROOT "/bot/kit"), g_strv_length((char **)answers));
}

static void each_topic_is_declared(void **state)
{
	(void)state;
	assert_true(check_folder(SOURCE_ROOT "/handlers") + check_folder(SOURCE_ROOT "/bot/kit") >= 3);
}

/* A name that two share would mute the wrong one. */
static void each_has_a_name_of_its_own_for_people(void **state)
{
	(void)state;
	struct texts *texts = registry_texts();
	g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (const struct ritual *const *r = registry; *r; r++)
		for (const struct topic *topic = (*r)->topics; topic && topic->name; topic++) {
			if (!texts_has(texts, topic->title))
				fail_msg("the topic '%s' has no title '%s'", topic->name, topic->title);
			char *title = texts_format(texts, LANGUAGE_ZH_CN, topic->title);
			if (!g_hash_table_add(names, title))
				fail_msg("two topics are called '%s'", title);
		}
	texts_free(texts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_topic_is_declared),
		cmocka_unit_test(what_nobody_asked_for_says_how_to_stop_it),
		cmocka_unit_test(each_has_a_name_of_its_own_for_people),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
