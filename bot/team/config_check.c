/* SPDX-License-Identifier: MIT */
#include "team/config_reader.h"

#include "base/nearest.h"
#include "team/config_value.h"

static const yaml_node_t *item_of(const struct config_reader *r, const char *list, size_t index)
{
	return yaml_item(r->file, yaml_member(r->file, r->file->root, list), index);
}

static struct yaml_place place_in(const struct config_reader *r, const yaml_node_t *item, const char *key)
{
	const yaml_node_t *node = yaml_member(r->file, item, key);
	return yaml_place(node ? node : item);
}

static gboolean is_same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

static gboolean is_slack_itself(const char *api_url)
{
	g_autoptr(GUri) uri = api_url ? g_uri_parse(api_url, G_URI_FLAGS_NONE, NULL) : NULL;
	g_autofree char *host = uri ? g_ascii_strdown(g_uri_get_host(uri), -1) : NULL;
	static const char *const hosts[] = { "slack.com", "slack-gov.com" };
	for (size_t i = 0; host && i < G_N_ELEMENTS(hosts); i++) {
		g_autofree char *below = g_strconcat(".", hosts[i], NULL);
		if (strcmp(host, hosts[i]) == 0 || g_str_has_suffix(host, below))
			return TRUE;
	}
	return FALSE;
}

static void check_workspace_pair(struct config_reader *r, const struct config_workspace *one,
	const struct config_workspace *two, const yaml_node_t *item)
{
	if (is_same(one->name, two->name))
		config_tell(r, place_in(r, item, "name"),
			"another workspace is called '%s' already; each name once", two->name);
	if (is_same(one->bot_token, two->bot_token))
		config_tell(r, place_in(r, item, "bot_token"),
			"'bot_token' is that of workspace '%s' too; each workspace has its own",
			one->name ? one->name : "?");
	if (is_same(one->app_token, two->app_token))
		config_tell(r, place_in(r, item, "app_token"),
			"'app_token' is that of workspace '%s' too; each needs an app of its own, "
			"for Slack gives an event to only one of an app's connections",
			one->name ? one->name : "?");
}

static void finish_workspace(struct config_workspace *workspace)
{
	if (workspace->api_url && !g_str_has_suffix(workspace->api_url, "/")) {
		char *whole = g_strconcat(workspace->api_url, "/", NULL);
		g_free(workspace->api_url);
		workspace->api_url = whole;
	}
}

static void check_workspaces(struct config_reader *r)
{
	struct config_workspace **list = r->config->workspaces;
	for (size_t i = 0; list && list[i]; i++) {
		const yaml_node_t *item = item_of(r, "workspaces", i);
		finish_workspace(list[i]);
		if (!list[i]->rate_limits && is_slack_itself(list[i]->api_url))
			config_tell(r, place_in(r, item, "rate_limits"),
				"'rate_limits' must stay on for slack.com: off is for a sandbox");
		for (size_t j = 0; j < i; j++)
			check_workspace_pair(r, list[j], list[i], item);
	}
}

static void tell_unknown_workspace(struct config_reader *r, const char *name, struct yaml_place place)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (size_t i = 0; r->config->workspaces && r->config->workspaces[i]; i++)
		if (r->config->workspaces[i]->name)
			g_ptr_array_add(names, r->config->workspaces[i]->name);
	g_ptr_array_add(names, NULL);
	const char *guess = nearest_word(name, (const char *const *)names->pdata);
	g_autofree char *shown = config_value_show(name), *all = g_strjoinv(", ", (char **)names->pdata);
	if (guess)
		config_tell(r, place, "there is no workspace %s; did you mean '%s'?", shown, guess);
	else if (*all)
		config_tell(r, place, "there is no workspace %s; there is: %s", shown, all);
	else
		config_tell(r, place, "there is no workspace %s; 'workspaces' names none", shown);
}

static void check_team_pair(struct config_reader *r, const struct config_team *one,
	const struct config_team *two, const yaml_node_t *item)
{
	if (is_same(one->name, two->name))
		config_tell(r, place_in(r, item, "name"),
			"another team is called '%s' already; each name once", two->name);
	if (is_same(one->workspace_name, two->workspace_name) && is_same(one->channel, two->channel))
		config_tell(r, place_in(r, item, "channel"),
			"the channel '%s' is that of team '%s' already; one team for each channel",
			two->channel, one->name ? one->name : "?");
}

static void check_teams(struct config_reader *r)
{
	struct config_team **list = r->config->teams;
	for (size_t i = 0; list && list[i]; i++) {
		const yaml_node_t *item = item_of(r, "teams", i);
		list[i]->workspace = config_workspace(r->config, list[i]->workspace_name);
		if (list[i]->workspace_name && !list[i]->workspace)
			tell_unknown_workspace(r, list[i]->workspace_name, place_in(r, item, "workspace"));
		for (size_t j = 0; j < i && r->problems->len <= CONFIG_PROBLEM_LIMIT; j++)
			check_team_pair(r, list[j], list[i], item);
	}
}

void config_check(struct config_reader *r)
{
	check_workspaces(r);
	check_teams(r);
}
