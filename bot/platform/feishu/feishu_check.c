/* SPDX-License-Identifier: MIT */
/*
 * check --online: what an operator would otherwise find out one failed standup at a time. Steps in a row; each adds
 * findings, "ok: …" or "problem: …; what to do".
 *
 * Calls for tokens, addresses and contacts are free; those about the bot and its chats are counted in the month's quota, and made
 * only in a tenant without one.
 */
#include "platform/feishu/feishu_room.h"

#define FEISHU_URL "https://open.feishu.cn"
#define LARK_URL   "https://open.larksuite.com"

#define SECRET_REMEDY "copy App ID and App Secret from the app's page in the developer console"

struct check {
	struct adapter *a;
	struct host host;
	GPtrArray *findings;
	void (*done)(gpointer data, GPtrArray *findings);
	gpointer data;
	const char *const *channels; /* those still to be looked at */
	char *channel;		     /* the id of the first of them */
	struct outbox_row *row;	     /* asks for it by its name */
	struct config_workspace elsewhere; /* the same app on the other side */
	struct feishu_caller *other;
};

/* protocols/feishu.md, 11. */
static const struct {
	const char *name, *why;
} scopes[] = {
	{ "im:message:send_as_bot", "to send, replace and recall messages" },
	{ "im:message.p2p_msg:readonly", "to read standups in direct messages" },
	{ "im:message.group_at_msg:readonly", "to hear words said to the bot" },
	{ "im:message.group_msg", "to read standups in groups, and what was missed there" },
	{ "im:message:readonly", "to look messages up" },
	{ "im:message.reactions:read", "to see reactions" },
	{ "im:message.reactions:write_only", "to answer with a reaction" },
	{ "im:chat:readonly", "to find groups by name" },
	{ "im:chat.members:read", "to know the members of groups" },
	{ "contact:contact.base:readonly", "to look people up" },
	{ "contact:user.base:readonly", "to know people's names" },
	{ "contact:user.email:readonly", "to find managers by e-mail address" },
};

G_GNUC_PRINTF(2, 3) static void find(struct check *c, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_ptr_array_add(c->findings, g_strdup_vprintf(format, args));
	va_end(args);
}

static void finish(struct check *c)
{
	c->done(c->data, c->findings);
	feishu_caller_free(c->other);
	feishu_adapter_free(c->a);
	outbox_row_free(c->row);
	g_free(c->channel);
	g_free(c);
}

/* TRUE: code 0; else a finding says what failed and what to do. */
static gboolean is_good(struct check *c, const struct feishu_called *called, const char *what, const char *remedy)
{
	if (feishu_called_ok(called))
		return TRUE;
	g_auto(feishu_answer_auto) answer = { 0 };
	feishu_read(c->a, called, &answer);
	find(c, "problem: %s: %s; %s", what, answer.reason,
		called->reply.transport == HTTP_OK ? remedy : "check the network, base_url, ca_file and proxy");
	return FALSE;
}

/* --- channels --- */

static void next_channel(struct check *c);

static void channel_told(const struct feishu_called *called, gpointer data)
{
	struct check *c = data;
	const char *name = *c->channels++;
	if (is_good(c, called, name, "a wrong id, or the bot is not in this group: add it there")) {
		const cJSON *chat = json_object(called->reply.body, "data");
		if (g_strcmp0(json_text_or(chat, "chat_status", "normal"), "normal") != 0)
			find(c, "problem: group '%s' is dissolved; name another one", name);
		else
			find(c, "ok: the bot is in group '%s' (%s)", name, json_text_or(chat, "name", "?"));
	}
	next_channel(c);
}

static void ask_channel(struct check *c)
{
	static const struct feishu_method method = { .name = "im.chats.get", .verb = "GET", .counted = TRUE };
	g_autofree char *id = g_uri_escape_string(c->channel, NULL, FALSE);
	g_auto(feishu_request_auto) request = { .method = &method,
		.path = g_strconcat("/open-apis/im/v1/chats/", id, NULL) };
	feishu_call(c->a->caller, &request, 0, channel_told, c);
}

/* "#name" is asked for by an errand, as the daemon does. */
static void name_told(gpointer data, struct event *take)
{
	struct check *c = data;
	if (take->kind == EVENT_CHANNEL) {
		g_free(c->channel);
		c->channel = g_strdup(take->place.channel);
	}
	event_free(take);
}

static void after_name(gpointer data)
{
	next_channel(data);
}

static void name_answered(gpointer data, gint64 row, const struct outcome *outcome)
{
	(void)row;
	struct check *c = data;
	if (outcome->result == SEND_DONE && c->channel) {
		ask_channel(c);
		return;
	}
	if (outcome->result == SEND_DONE)
		find(c, "problem: there is no group '%s' that the bot is in; check the name, or add the bot there",
			*c->channels);
	else
		find(c, "problem: cannot look for group '%s': %s", *c->channels, outcome->reason);
	c->channels++;
	g_idle_add_once(after_name, c); /* the errand is not over before we return */
}

static void next_channel(struct check *c)
{
	g_clear_pointer(&c->channel, g_free);
	if (!c->channels || !*c->channels) {
		finish(c);
		return;
	}
	if (**c->channels != '#') {
		c->channel = g_strdup(*c->channels);
		ask_channel(c);
		return;
	}
	outbox_row_free(c->row);
	c->row = outbox_row_new(1, OUTBOX_ASK_CHANNEL, c->a->workspace->name);
	c->row->word = g_strdup(*c->channels + 1);
	feishu_send(c->a, c->row);
}

static void check_channels(struct check *c)
{
	if (c->a->workspace->monthly_calls == 0) {
		next_channel(c);
		return;
	}
	if (c->channels && *c->channels)
		find(c,
			"ok: not asked whether the bot is in the teams' groups, for that is counted in the month's %d "
			"calls; the daemon asks at its start and says so in its log",
			c->a->workspace->monthly_calls);
	finish(c);
}

/* --- permissions --- */

static void list_scopes(struct check *c)
{
	GString *names = g_string_new(NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(scopes); i++)
		g_string_append_printf(names, "%s%s (%s)", i ? ", " : "", scopes[i].name, scopes[i].why);
	find(c, "ok: permissions that the rituals need, to compare with the console: %s", names->str);
	g_string_free(names, TRUE);
}

static void contacts_told(const struct feishu_called *called, gpointer data)
{
	struct check *c = data;
	const cJSON *user = cJSON_GetArrayItem(json_array(called->reply.body, "data.items"), 0);
	if (is_good(c, called, "contacts",
		    "grant contact:contact.base:readonly, set the contact range, and publish a version")) {
		if (user && !json_text_or(user, "name", NULL))
			find(c, "problem: people come without names; grant contact:user.base:readonly and publish a "
				"version");
		else
			find(c, "ok: people of the contact range can be looked up");
	}
	list_scopes(c);
	check_channels(c);
}

static void ask_contacts(struct check *c)
{
	static const struct feishu_method method = { .name = "contact.users", .verb = "GET" };
	g_auto(feishu_request_auto) request = { .method = &method,
		.path = g_strdup("/open-apis/contact/v3/users/"
				 "find_by_department?department_id=0&user_id_type=open_id&page_size=10") };
	feishu_call(c->a->caller, &request, 0, contacts_told, c);
}

/* --- the app --- */

static void tell_of_lark(struct check *c)
{
	if (g_str_equal(c->a->workspace->base_url, LARK_URL))
		find(c, "ok: Lark: its long connection is used by others since 2026, and not yet promised in its "
			"documentation; if the console offers no long connection for events and callbacks, this tenant "
			"has none");
}

static void endpoint_told(const struct feishu_called *called, gpointer data)
{
	struct check *c = data;
	if (feishu_endpoint_class(&called->reply) == FEISHU_ENDPOINT_OK) {
		find(c, "ok: a long connection may be opened");
	} else {
		g_autofree char *trouble = feishu_endpoint_trouble(&called->reply);
		find(c, "problem: %s", trouble);
	}
	tell_of_lark(c);
	ask_contacts(c);
}

/* Without opening it, for a second client would take a share of the running daemon's events. */
static void ask_endpoint(struct check *c)
{
	const struct config_workspace *w = c->a->workspace;
	g_auto(feishu_request_auto) request = { 0 };
	feishu_out_endpoint(w->app_id, w->app_secret, &request);
	feishu_call(c->a->caller, &request, 0, endpoint_told, c);
}

static void other_side_told(const struct feishu_called *called, gpointer data)
{
	struct check *c = data;
	if (feishu_called_ok(called))
		find(c, "problem: the app belongs to the other side; write base_url: %s", c->elsewhere.base_url);
	finish(c);
}

static void ask_token(struct feishu_caller *caller, const struct config_workspace *w, feishu_called_fn *done, gpointer data)
{
	g_auto(feishu_request_auto) request = { 0 };
	feishu_out_token(w->app_id, w->app_secret, &request);
	feishu_call(caller, &request, 0, done, data);
}

/* A Lark app on Feishu's side, or the reverse, looks like a wrong secret (pains, 8). */
static void try_other_side(struct check *c)
{
	const struct config_workspace *w = c->a->workspace;
	gboolean feishu = g_str_equal(w->base_url, FEISHU_URL);
	if (!feishu && !g_str_equal(w->base_url, LARK_URL)) {
		finish(c);
		return;
	}
	c->elsewhere = *w;
	c->elsewhere.base_url = (char *)(feishu ? LARK_URL : FEISHU_URL);
	c->other = feishu_caller_new(&c->elsewhere, c->a->clock, NULL, NULL);
	ask_token(c->other, &c->elsewhere, other_side_told, c);
}

static void token_told(const struct feishu_called *called, gpointer data)
{
	struct check *c = data;
	if (is_good(c, called, "app_id and app_secret", SECRET_REMEDY)) {
		find(c, "ok: app_id and app_secret are accepted");
		ask_endpoint(c);
	} else if (called->reply.transport == HTTP_OK) {
		try_other_side(c);
	} else {
		finish(c);
	}
}

static void nobody_cares(gpointer data, gboolean live)
{
	(void)data;
	(void)live;
}

static void refused_too(gpointer data, const char *reason)
{
	(void)data;
	(void)reason;
}

void feishu_check(const struct adapter_setup *setup, void (*done)(gpointer data, GPtrArray *findings), gpointer data)
{
	struct check *c = g_new0(struct check, 1);
	c->host = (struct host){ c, name_told, name_answered, nobody_cares, refused_too };
	struct adapter_setup mine = *setup;
	mine.host = &c->host;
	c->a = feishu_adapter_new(&mine);
	c->findings = g_ptr_array_new_with_free_func(g_free);
	c->channels = setup->channels;
	c->done = done;
	c->data = data;
	ask_token(c->a->caller, setup->workspace, token_told, c);
}
