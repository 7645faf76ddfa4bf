/* SPDX-License-Identifier: MIT */
#include "team/config_reader.h"

#include <gio/gio.h>

#include "base/nearest.h"
#include "team/config_value.h"

static const yaml_node_t *item_of(const struct config_reader *r, const char *list, size_t index)
{
	return yaml_item(r->file, yaml_member(r->file, r->file->root, list), index);
}

struct yaml_place config_place_in(const struct config_reader *r, const yaml_node_t *item, const char *key)
{
	const yaml_node_t *node = yaml_member(r->file, item, key);
	return yaml_place(node ? node : item);
}

static gboolean is_same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

/* Which platform's own host this is; NULL: none's. */
static const char *platform_itself(const char *url)
{
	static const char *const hosts[] = { "slack.com", "slack-gov.com", "feishu.cn", "larksuite.com" };
	g_autoptr(GUri) uri = url ? g_uri_parse(url, G_URI_FLAGS_NONE, NULL) : NULL;
	g_autofree char *host = uri ? g_ascii_strdown(g_uri_get_host(uri), -1) : NULL;
	for (size_t i = 0; host && i < G_N_ELEMENTS(hosts); i++) {
		g_autofree char *below = g_strconcat(".", hosts[i], NULL);
		if (strcmp(host, hosts[i]) == 0 || g_str_has_suffix(host, below))
			return hosts[i];
	}
	return NULL;
}

static void check_workspace_pair(struct config_reader *r, const struct config_workspace *one,
	const struct config_workspace *two, const yaml_node_t *item)
{
	if (is_same(one->name, two->name))
		config_tell(r, config_place_in(r, item, "name"),
			"another workspace is called '%s' already; each name once", two->name);
	if (is_same(one->bot_token, two->bot_token))
		config_tell(r, config_place_in(r, item, "bot_token"),
			"'bot_token' is that of workspace '%s' too; each workspace has its own",
			one->name ? one->name : "?");
	if (is_same(one->app_token, two->app_token))
		config_tell(r, config_place_in(r, item, "app_token"),
			"'app_token' is that of workspace '%s' too; each needs an app of its own, "
			"for Slack gives an event to only one of an app's connections",
			one->name ? one->name : "?");
	if (is_same(one->app_id, two->app_id))
		config_tell(r, config_place_in(r, item, "app_id"),
			"'app_id' is that of workspace '%s' too; each needs an app of its own, for Feishu "
			"gives an event to only one of an app's connections",
			one->name ? one->name : "?");
}

static void finish_workspace(struct config_workspace *workspace)
{
	if (workspace->api_url && !g_str_has_suffix(workspace->api_url, "/")) {
		char *whole = g_strconcat(workspace->api_url, "/", NULL);
		g_free(workspace->api_url);
		workspace->api_url = whole;
	}
	while (workspace->base_url && g_str_has_suffix(workspace->base_url, "/"))
		workspace->base_url[strlen(workspace->base_url) - 1] = '\0';
}

/* How each platform writes ids, by their beginnings. */
static const struct ids {
	const char *platform, *channels[3], *channel, *people[3], *person;
	gboolean spaces; /* in a channel's name */
} ids[] = {
	{ "slack", { "C", "G" }, "C0123456789", { "U", "W" }, "U0123456789", FALSE },
	{ "feishu", { "oc_" }, "oc_0123456789abcdef", { "ou_" }, "ou_0123456789abcdef", TRUE },
};

static gboolean begins_so(const char *id, const char *const *beginnings)
{
	for (; *beginnings; beginnings++)
		if (g_str_has_prefix(id, *beginnings))
			return TRUE;
	return FALSE;
}

/* NULL: an unknown platform, which is told elsewhere. */
static const struct ids *ids_on(const char *platform)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ids); i++)
		if (is_same(ids[i].platform, platform))
			return &ids[i];
	return NULL;
}

static void check_people(struct config_reader *r, char **people, const char *platform, const char *key, const yaml_node_t *item)
{
	const struct ids *on = ids_on(platform);
	for (char **person = people; on && person && *person; person++) {
		g_autofree char *shown = config_value_show(*person);
		if (!strchr(*person, '@') && !begins_so(*person, on->people))
			config_tell(r, config_place_in(r, item, key), "'%s' must hold ids of people on %s (%s), and %s is none", key,
				on->platform, on->person, shown);
	}
}

static void check_limits(
	struct config_reader *r, const struct config_workspace *workspace, const yaml_node_t *item)
{
	const char *itself = platform_itself(workspace->api_url ? workspace->api_url : workspace->base_url);
	if (itself && !workspace->rate_limits)
		config_tell(r, config_place_in(r, item, "rate_limits"),
			"'rate_limits' must stay on for %s: off is for a sandbox", itself);
}

static void check_workspaces(struct config_reader *r)
{
	struct config_workspace **list = r->config->workspaces;
	for (size_t i = 0; list && list[i]; i++) {
		const yaml_node_t *item = item_of(r, "workspaces", i);
		finish_workspace(list[i]);
		check_limits(r, list[i], item);
		check_people(r, list[i]->operators, list[i]->platform, "operators", item);
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

/* The ids of another platform's workspace do not belong here. */
static void check_team_ids(struct config_reader *r, const struct config_team *team, const yaml_node_t *item)
{
	const struct ids *on = ids_on(team->workspace->platform);
	if (!on)
		return;
	if (team->channel && (team->channel[0] == '#' ? !on->spaces && strpbrk(team->channel, " ,@")
						      : !begins_so(team->channel, on->channels))) {
		g_autofree char *shown = config_value_show(team->channel);
		config_tell(r, config_place_in(r, item, "channel"),
			"'channel' must be a channel's id on %s (%s) or its name in quotes (\"#sales\"), not %s",
			on->platform, on->channel, shown);
	}
	check_people(r, team->managers, team->workspace->platform, "managers", item);
}

static void check_team_pair(struct config_reader *r, const struct config_team *one,
	const struct config_team *two, const yaml_node_t *item)
{
	if (is_same(one->name, two->name))
		config_tell(r, config_place_in(r, item, "name"),
			"another team is called '%s' already; each name once", two->name);
	if (is_same(one->workspace_name, two->workspace_name) && is_same(one->channel, two->channel))
		config_tell(r, config_place_in(r, item, "channel"),
			"the channel '%s' is that of team '%s' already; one team for each channel",
			two->channel, one->name ? one->name : "?");
}

/* The days are said once, with the prompt or by themselves. */
static void finish_prompt(struct config_reader *r, struct config_team *team, const yaml_node_t *item)
{
	struct config_standup *s = &team->standup;
	const yaml_node_t *section = yaml_member(r->file, item, "standup");
	s->prompt_minute = s->prompt ? recurrence_minute(s->prompt) : -1;
	if (s->prompt && !recurrence_is_time(s->prompt) && yaml_member(r->file, section, "days"))
		config_tell(r, config_place_in(r, section, "days"), "'days' are said by 'prompt' already; write them there alone");
}

/* The day's times come in their order: asked, reminded, closed. */
static void check_times(struct config_reader *r, const struct config_team *team, const yaml_node_t *item)
{
	const struct config_standup *s = &team->standup;
	const yaml_node_t *section = yaml_member(r->file, item, "standup");
	if (!section || section->type != YAML_MAPPING_NODE)
		return;
	if (s->remind_minute >= 0 && s->prompt_minute < 0)
		config_tell(r, config_place_in(r, section, "remind"), "'remind' needs 'prompt': only who was asked is reminded");
	else if (s->remind_minute >= 0 && s->remind_minute <= s->prompt_minute)
		config_tell(r, config_place_in(r, section, "remind"), "'remind' must be later than 'prompt'");
	if (s->deadline_minute >= 0 && s->prompt_minute >= s->deadline_minute)
		config_tell(r, config_place_in(r, section, "prompt"), "'prompt' must be earlier than 'deadline'");
	if (s->deadline_minute >= 0 && s->remind_minute >= s->deadline_minute)
		config_tell(r, config_place_in(r, section, "remind"), "'remind' must be earlier than 'deadline'");
}

/* What is asked in quiet hours comes at their end, and then it may be worthless. */
static void check_prompt(struct config_reader *r, const struct config_team *team, const yaml_node_t *item)
{
	int from = r->config->quiet.from_minute, to = r->config->quiet.to_minute, minute = team->standup.prompt_minute;
	gboolean quiet = from <= to ? from <= minute && minute < to : from <= minute || minute < to;
	if (minute >= 0 && quiet)
		config_warn(r, config_place_in(r, item, "standup"),
			"team '%s' is prompted at %02d:%02d, which lies in the quiet hours: it comes at %02d:%02d, and not at all "
			"when that is more than an hour later; change 'prompt' or 'quiet'",
			team->name ? team->name : "?", minute / 60, minute % 60, to / 60, to % 60);
}

static void check_teams(struct config_reader *r)
{
	struct config_team **list = r->config->teams;
	for (size_t i = 0; list && list[i]; i++) {
		const yaml_node_t *item = item_of(r, "teams", i);
		list[i]->workspace = config_workspace(r->config, list[i]->workspace_name);
		if (list[i]->workspace_name && !list[i]->workspace)
			tell_unknown_workspace(r, list[i]->workspace_name, config_place_in(r, item, "workspace"));
		else if (list[i]->workspace)
			check_team_ids(r, list[i], item);
		finish_prompt(r, list[i], item);
		check_times(r, list[i], item);
		config_check_rounds(r, list[i], yaml_member(r->file, item, "rounds"));
		config_check_meetings(r, list[i], yaml_member(r->file, item, "meetings"));
		config_check_windows(r, list[i], yaml_member(r->file, item, "windows"));
		config_check_duty(r, list[i], item);
		if (!list[i]->standup.enabled && !list[i]->highlights && !list[i]->rounds &&
			!list[i]->celebrations.enabled && !list[i]->meetings && !list[i]->windows && !list[i]->rotas && !list[i]->quick_response)
			config_warn(r, yaml_place(item), "team '%s' has no ritual, so the bot does nothing there; write standup: { format: A }",
				list[i]->name ? list[i]->name : "?");
		check_prompt(r, list[i], item);
		for (size_t j = 0; j < i && r->problems->len <= CONFIG_PROBLEM_LIMIT; j++)
			check_team_pair(r, list[j], list[i], item);
	}
}

static void check_named_teams(struct config_reader *r, char **teams, const yaml_node_t *item)
{
	for (char **name = teams; *name; name++) {
		g_autofree char *shown = config_value_show(*name);
		if (r->config->teams && !config_team(r->config, *name))
			config_tell(r, config_place_in(r, item, "teams"), "there is no team %s; 'teams' of the file names all there are", shown);
	}
}

static void check_policies(struct config_reader *r)
{
	struct config_policy **list = r->config->policies;
	for (size_t i = 0; list && list[i]; i++) {
		const yaml_node_t *item = item_of(r, "policies", i);
		check_named_teams(r, list[i]->teams, item);
		if (list[i]->first_response == CONFIG_NO_SPAN && list[i]->plan == CONFIG_NO_SPAN && list[i]->resolution == CONFIG_NO_SPAN)
			config_warn(r, yaml_place(item), "policy '%s' promises nothing; write first_response: 30m",
				list[i]->name ? list[i]->name : "?");
		for (size_t j = 0; j < i; j++)
			if (is_same(list[j]->name, list[i]->name))
				config_tell(r, config_place_in(r, item, "name"), "another policy is called '%s' already; each name once",
					list[i]->name);
	}
}

/* ---- the API ---- */

static gboolean is_this_machines(const char *listen)
{
	g_autoptr(GNetworkAddress) parsed = G_NETWORK_ADDRESS(g_network_address_parse(listen, 0, NULL));
	g_autoptr(GInetAddress) address = g_inet_address_new_from_string(g_network_address_get_hostname(parsed));
	return g_inet_address_get_is_loopback(address);
}

static void check_listen(struct config_reader *r, const struct config_api *api, const yaml_node_t *section)
{
	struct yaml_place place = config_place_in(r, section, "listen");
	if (!api->listen || is_this_machines(api->listen))
		return;
	if (api->exposed)
		config_warn(r, place, "the API listens on '%s' without TLS: tokens cross the network in the clear", api->listen);
	else
		config_tell(r, place,
			"'listen' is an address that other machines reach, and tokens would cross the network in the clear; write "
			"127.0.0.1:8642 and put a proxy with TLS before it, or exposed: on");
}

static void check_sender_pair(struct config_reader *r, const struct config_sender *one, const struct config_sender *two,
	const yaml_node_t *item)
{
	if (is_same(one->name, two->name))
		config_tell(r, config_place_in(r, item, "name"), "another sender is called '%s' already; each name once", two->name);
	if (is_same(one->token, two->token))
		config_tell(r, config_place_in(r, item, "token"), "'token' is that of sender '%s' too; each has its own",
			one->name ? one->name : "?");
}

static void check_api(struct config_reader *r)
{
	const yaml_node_t *section = yaml_member(r->file, r->file->root, "api");
	struct config_sender **list = r->config->api.senders;
	if (section)
		check_listen(r, &r->config->api, section);
	for (size_t i = 0; list && list[i]; i++) {
		const yaml_node_t *item = yaml_item(r->file, yaml_member(r->file, section, "senders"), i);
		check_named_teams(r, list[i]->teams, item);
		if (is_same(list[i]->name, "chat"))
			config_tell(r, config_place_in(r, item, "name"), "'chat' stands for people; call the sender otherwise");
		for (size_t j = 0; j < i; j++)
			check_sender_pair(r, list[j], list[i], item);
	}
}

void config_check(struct config_reader *r)
{
	check_workspaces(r);
	check_teams(r);
	check_policies(r);
	config_check_deals(r);
	check_api(r);
}
