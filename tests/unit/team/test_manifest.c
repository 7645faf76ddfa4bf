/* SPDX-License-Identifier: MIT */
/* The Slack app's manifest: the limits of Slack's manifest reference, and what the bot cannot do without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "team/yaml.h"

struct manifest {
	char *text;
	struct yaml_file *file;
};

static int manifest_open(void **state)
{
	struct manifest *m = g_new0(struct manifest, 1);
	struct yaml_place place;
	char *reason = NULL;
	gsize length = 0;
	*state = m;
	if (!g_file_get_contents(SOURCE_ROOT "/config/slack-app-manifest.yaml", &m->text, &length, NULL))
		return -1;
	m->file = yaml_file_parse(m->text, length, &place, &reason);
	if (reason)
		print_error("%zu:%zu: %s\n", place.line, place.column, reason);
	g_free(reason);
	return m->file ? 0 : -1;
}

static int manifest_close(void **state)
{
	struct manifest *m = *state;
	yaml_file_free(m->file);
	g_free(m->text);
	g_free(m);
	return 0;
}

/* The node at a path of keys and numbers with dots between them. */
static const yaml_node_t *at(const struct manifest *m, const char *path)
{
	const yaml_node_t *node = m->file->root;
	g_auto(GStrv) steps = g_strsplit(path, ".", -1);
	for (char **step = steps; *step && node; step++) {
		guint64 index;
		if (node->type != YAML_SEQUENCE_NODE)
			node = yaml_member(m->file, node, *step);
		else if (g_ascii_string_to_unsigned(*step, 10, 0, yaml_count(node) - 1, &index, NULL))
			node = yaml_item(m->file, node, index);
		else
			node = NULL;
	}
	return node;
}

static const char *text_at(const struct manifest *m, const char *path)
{
	const yaml_node_t *node = at(m, path);
	if (!node || !yaml_scalar(node))
		fail_msg("'%s' is missing", path);
	return yaml_scalar(node);
}

static void says_what_the_bot_needs(void **state)
{
	static const struct {
		const char *path, *value;
	} cases[] = {
		{ "settings.socket_mode_enabled", "true" },
		{ "settings.token_rotation_enabled", "false" },
		{ "settings.org_deploy_enabled", "false" },
		{ "settings.interactivity.is_enabled", "true" },
		{ "features.app_home.home_tab_enabled", "true" },
		{ "features.app_home.messages_tab_enabled", "true" },
		{ "features.app_home.messages_tab_read_only_enabled", "false" },
		{ "features.bot_user.always_online", "true" },
		{ "features.slash_commands.0.command", "/standup" },
		{ "features.slash_commands.0.should_escape", "true" },
		{ "features.slash_commands.1.command", "/today" },
		{ "features.slash_commands.1.should_escape", "true" },
		{ "features.slash_commands.2.command", "/belltower" },
		{ "features.slash_commands.2.should_escape", "true" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_string_equal(text_at(*state, cases[i].path), cases[i].value);
	assert_null(at(*state, "features.slash_commands.3"));
	assert_null(at(*state, "features.slash_commands.0.url")); /* Socket Mode has none */
	assert_null(at(*state, "settings.event_subscriptions.request_url"));
}

static void keeps_within_limits(void **state)
{
	static const struct {
		const char *path;
		glong least, most;
	} cases[] = {
		{ "display_information.long_description", 174, 4000 },
		{ "features.bot_user.display_name", 1, 80 },
		{ "features.slash_commands.0.command", 2, 32 },
		{ "features.slash_commands.0.description", 1, 2000 },
		{ "features.slash_commands.0.usage_hint", 1, 1000 },
		{ "features.slash_commands.1.usage_hint", 1, 1000 },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		glong length = g_utf8_strlen(text_at(*state, cases[i].path), -1);
		assert_in_range(length, cases[i].least, cases[i].most);
	}
}

static void has_exactly(const struct manifest *m, const char *path, const char *const *names)
{
	const yaml_node_t *list = at(m, path);
	assert_non_null(list);
	for (size_t i = 0; i < yaml_count(list); i++) {
		const char *name = yaml_scalar(yaml_item(m->file, list, i));
		if (!g_strv_contains(names, name))
			fail_msg("'%s' has '%s', which nothing needs", path, name);
	}
	assert_int_equal(yaml_count(list), g_strv_length((char **)names));
}

/* Section 15 of the protocol page: for each feature the bot has, its scopes and events; no others. */
static void asks_for_what_it_uses(void **state)
{
	static const char *const scopes[] = { "commands", "app_mentions:read", "chat:write", "channels:history",
		"channels:read", "groups:history", "groups:read", "im:history", "im:read", "im:write",
		"reactions:read", "reactions:write", "users:read", "users:read.email", "files:read",
		"files:write", NULL };
	static const char *const events[] = { "app_mention", "message.channels", "message.groups",
		"message.im", "reaction_added", "reaction_removed", "app_home_opened", "team_join",
		"user_change", "member_joined_channel", "member_left_channel", "channel_archive",
		"channel_deleted", "channel_id_changed", "channel_left", "channel_rename",
		"channel_unarchive", "group_archive", "group_left", "group_rename", "app_uninstalled",
		"tokens_revoked", NULL };
	has_exactly(*state, "oauth_config.scopes.bot", scopes);
	has_exactly(*state, "settings.event_subscriptions.bot_events", events);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_the_bot_needs),
		cmocka_unit_test(keeps_within_limits),
		cmocka_unit_test(asks_for_what_it_uses),
	};
	return cmocka_run_group_tests(tests, manifest_open, manifest_close);
}
