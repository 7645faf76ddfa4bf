/* SPDX-License-Identifier: MIT */
/*
 * check --online: what an operator would otherwise find out one failed standup at a time. Steps in a row;
 * each adds findings, the last are the channels (inspection.h).
 */
#include "platform/inspection.h"
#include "platform/slack/slack_room.h"

struct check {
	struct inspection inspection; /* first */
	struct adapter *a;
	GStrv granted;	/* scopes; NULL: nobody told */
	unsigned needs; /* enum need */
};

/* What a configuration may need besides the rest. */
enum need { NEED_PUBLIC = 1, NEED_PRIVATE = 2, NEED_EMAIL = 4 };

/* protocols/slack.md, 15. */
static const struct {
	const char *name, *why;
	unsigned need; /* only then; 0: always */
} scopes[] = {
	{ "chat:write", "to post, replace and delete messages", 0 },
	{ "commands", "for /standup", 0 },
	{ "app_mentions:read", "to hear words said to the bot", 0 },
	{ "channels:history", "to read standups in public channels and their threads", NEED_PUBLIC },
	{ "channels:read", "to know the members of public channels", NEED_PUBLIC },
	{ "groups:history", "to read standups in private channels and their threads", NEED_PRIVATE },
	{ "groups:read", "to know the members of private channels", NEED_PRIVATE },
	{ "im:history", "to read standups in direct messages", 0 },
	{ "im:read", "to know its direct messages", 0 },
	{ "im:write", "to open direct messages", 0 },
	{ "reactions:write", "to answer with a reaction", 0 },
	{ "users:read", "to know people's names and time zones", 0 },
	{ "files:write", "to send pictures and documents", 0 },
	{ "files:read", "to see that they have arrived", 0 },
	{ "users:read.email", "to find managers by e-mail address", NEED_EMAIL },
};

#define find(c, ...) inspection_find(&(c)->inspection, __VA_ARGS__)

static void find_scopes(struct check *c)
{
	gboolean all = TRUE;
	for (guint i = 0; c->granted && i < G_N_ELEMENTS(scopes); i++) {
		if (g_strv_contains((const char *const *)c->granted, scopes[i].name) ||
			(scopes[i].need && !(c->needs & scopes[i].need)))
			continue;
		all = FALSE;
		find(c,
			"problem: scope '%s' is missing, %s; add it under OAuth & Permissions and install "
			"the app again",
			scopes[i].name, scopes[i].why);
	}
	if (c->granted && all)
		find(c, "ok: all scopes are granted");
}

static void finish(struct inspection *i)
{
	struct check *c = (struct check *)i;
	find_scopes(c);
	slack_adapter_free(c->a);
	inspection_end(i);
	g_strfreev(c->granted);
	g_free(c);
}

/* TRUE: {"ok":true}; else a finding says what failed and what to do. */
static gboolean is_good(
	struct check *c, const struct slack_called *called, const char *what, const char *remedy)
{
	if (slack_called_ok(called))
		return TRUE;
	static const struct outbox_row a_read = { .kind = OUTBOX_ASK_PERSON };
	g_auto(slack_answer_auto) answer = { 0 };
	slack_answer(&a_read, &called->reply, FALSE, &answer);
	find(c, "problem: %s: %s; %s", what, answer.reason,
		called->reply.transport == HTTP_OK ? remedy : "check the network, ca_file and proxy");
	return FALSE;
}

/* --- channels --- */

static const char *channel_remedy(const struct slack_called *called)
{
	enum slack_class class = slack_error_class(json_text_or(called->reply.body, "error", NULL));
	if (class == SLACK_DESTINATION)
		return "a wrong id, or a private channel that the bot was not invited to";
	if (class == SLACK_FORBIDDEN)
		return "give the app what it needs and install it again";
	return "whether the bot is in it is not known";
}

static void channel_told(const struct slack_called *called, gpointer data)
{
	struct check *c = data;
	const char *name = inspection_took(&c->inspection);
	const cJSON *private = json_at(called->reply.body, "channel.is_private");
	c->needs |= cJSON_IsTrue(private) ? NEED_PRIVATE : cJSON_IsFalse(private) ? NEED_PUBLIC : NEED_PUBLIC | NEED_PRIVATE;
	if (is_good(c, called, name, channel_remedy(called))) {
		const cJSON *channel = json_object(called->reply.body, "channel");
		if (json_bool_or(channel, "is_archived", FALSE))
			find(c, "problem: channel '%s' is archived; name another one", name);
		else if (!json_bool_or(channel, "is_member", FALSE))
			find(c, "problem: the bot is not in channel '%s'; invite it there", name);
		else
			find(c, "ok: the bot is in channel '%s' (#%s)", name,
				json_text_or(channel, "name", "?"));
	}
	inspection_next(&c->inspection);
}

static void ask_channel(struct inspection *i)
{
	struct check *c = (struct check *)i;
	g_autofree char *body = slack_form("channel", i->channel, NULL);
	slack_call(c->a->caller,
		&(struct slack_call){
			.method = "conversations.info", .token = c->a->workspace->bot_token, .body = body },
		channel_told, c);
}

static void may_be_of_either_kind(struct inspection *i)
{
	((struct check *)i)->needs |= NEED_PUBLIC | NEED_PRIVATE;
}

static void send_errand(struct inspection *i, struct outbox_row *row)
{
	slack_send(((struct check *)i)->a, row);
}

static const struct inspection_kind kind = {
	.send = send_errand,
	.ask = ask_channel,
	.not_found = may_be_of_either_kind,
	.finish = finish,
	.place = "channel",
	.nobody = "that the bot can see; check the name, or invite the bot",
};

/* --- tokens --- */

static void opened(const struct slack_called *called, gpointer data)
{
	struct check *c = data;
	if (is_good(c, called, "app_token (apps.connections.open)",
		    "make an app-level token with connections:write under Basic Information, and switch "
		    "Socket Mode on"))
		find(c, "ok: app_token opens connections");
	inspection_next(&c->inspection);
}

static GStrv scopes_of(const struct slack_called *called)
{
	const char *header = http_header(called->http, "x-oauth-scopes");
	return header ? g_strsplit_set(header, ", ", -1) : NULL;
}

static void authenticated(const struct slack_called *called, gpointer data)
{
	struct check *c = data;
	const cJSON *body = called->reply.body;
	if (is_good(c, called, "bot_token (auth.test)",
		    "copy the Bot User OAuth Token from OAuth & Permissions")) {
		find(c, "ok: bot_token belongs to '%s' in workspace '%s'",
			json_text_or(body, "user", json_text_or(body, "user_id", "?")),
			json_text_or(body, "team", json_text_or(body, "team_id", "?")));
		c->granted = scopes_of(called);
		inspection_clock(&c->inspection, http_header(called->http, "Date"), "Slack");
	} else {
		c->inspection.channels = NULL; /* they would all be refused for the same reason */
	}
	slack_call(c->a->caller,
		&(struct slack_call){
			.method = "apps.connections.open", .token = c->a->workspace->app_token },
		opened, c);
}

void slack_check(
	const struct adapter_setup *setup, void (*done)(gpointer data, GPtrArray *findings), gpointer data)
{
	struct check *c = g_new0(struct check, 1);
	inspection_begin(&c->inspection, &kind, setup, done, data);
	c->a = slack_adapter_new(&c->inspection.setup);
	c->needs = setup->emails ? NEED_EMAIL : 0;
	slack_call(c->a->caller,
		&(struct slack_call){ .method = "auth.test", .token = setup->workspace->bot_token },
		authenticated, c);
}
