/* SPDX-License-Identifier: MIT */
/* Any bytes as a configuration: a whole tree, or problems that can be printed; never both. */
#include "tests/fuzz/fuzz.h"

#include "base/zone.h"
#include "team/config.h"

static void check_problem(const char *line)
{
	g_assert_true(g_str_has_prefix(line, "/nowhere/b.yaml:"));
	g_assert_true(g_utf8_validate(line, -1, NULL));
	g_assert_null(strpbrk(line, "\r\n"));
}

static void check_tree(const struct config *config)
{
	g_assert_true(g_path_is_absolute(config->database));
	g_assert_nonnull(config->workspaces[0]);
	g_assert_nonnull(config->teams[0]);
	for (size_t i = 0; config->workspaces[i]; i++) {
		const struct config_workspace *workspace = config->workspaces[i];
		g_assert_true(config_workspace(config, workspace->name) == workspace);
		if (g_str_equal(workspace->platform, "feishu")) {
			g_assert_false(g_str_has_suffix(workspace->base_url, "/"));
			g_assert_true(g_str_has_prefix(workspace->app_id, "cli_"));
			g_assert_nonnull(workspace->app_secret);
			continue;
		}
		g_assert_true(g_str_has_suffix(workspace->api_url, "/"));
		g_assert_true(g_str_has_prefix(workspace->bot_token, "xoxb-"));
		g_assert_true(g_str_has_prefix(workspace->app_token, "xapp-"));
	}
	for (size_t i = 0; config->teams[i]; i++) {
		const struct config_team *team = config->teams[i];
		g_assert_true(config_team(config, team->name) == team);
		g_assert_true(config_team_at(config, team->workspace->name, team->channel) == team);
		g_assert_nonnull(zone_find(team->zone));
		g_assert_true(team->standup.days > 0 && team->standup.days <= CONFIG_EVERY_DAY);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct config *config = config_parse("/nowhere/b.yaml", (const char *)data, size, problems);
	g_assert_cmpint(config == NULL, ==, problems->len > 0);
	for (guint i = 0; i < problems->len; i++)
		check_problem(problems->pdata[i]);
	if (config)
		check_tree(config);
	config_free(config);
	return 0;
}
