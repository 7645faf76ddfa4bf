/* SPDX-License-Identifier: MIT */
#include "core/dispatch_private.h"

/* One whom the register puts into a team of that workspace, and whom nobody has met there yet. */
static gboolean ask_stranger(struct dispatch *d, const struct register_entry *entry, const struct config_team *team,
	int64_t now_ms, GError **error)
{
	gboolean feishu = strcmp(team->workspace->platform, "feishu") == 0;
	const char *account = entry->fields[feishu ? REGISTER_FEISHU_ID : REGISTER_SLACK_ID];
	return !*account || roster_person(d->s.roster, team->workspace_name, account) ||
	       dispatch_ask_person(d, team->workspace_name, account, now_ms, 0, error);
}

static gboolean ask_strangers_of(struct dispatch *d, const struct team *team, int64_t now_ms, GError **error)
{
	const GPtrArray *entries = roster_register(d->s.roster);
	for (guint i = 0; i < entries->len; i++) {
		const struct register_entry *entry = entries->pdata[i];
		if (register_list_has(entry->fields[REGISTER_TEAMS], team->config->name) &&
			!ask_stranger(d, entry, team->config, now_ms, error))
			return FALSE;
	}
	return TRUE;
}

gboolean dispatch_register_renewed(struct dispatch *d, int64_t now_ms, GError **error)
{
	roster_renew(d->s.roster);
	for (const struct team *const *team = roster_teams(d->s.roster); *team; team++)
		if (!ask_strangers_of(d, *team, now_ms, error))
			return FALSE;
	return TRUE;
}

gboolean dispatch_tell_news(struct dispatch *d, int64_t now_ms, GError **error)
{
	gboolean done = TRUE;
	for (const struct team *team; done && (team = roster_take_news(d->s.roster));) {
		struct event *event = event_new(EVENT_PEOPLE, team->config->workspace_name);
		event->at_ms = now_ms;
		event->place.channel = g_strdup(team->channel);
		done = !team->channel || dispatch_wake(d, event, now_ms, NULL, &(gboolean){ FALSE }, error);
		event_free(event);
	}
	return done;
}
