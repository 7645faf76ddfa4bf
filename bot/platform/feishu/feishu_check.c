/* SPDX-License-Identifier: MIT */
/*
 * check --online: what an operator would otherwise find out one failed standup at a time. Steps in a row; each adds
 * findings, the last are the groups (inspection.h).
 *
 * Calls for tokens, addresses and contacts are free. Which permissions are granted is asked by one call, for it tells of all of
 * them (open.feishu.cn, application-v6/scope/list); whether it is counted in the month's quota is not documented, so we say
 * that it is. Calls about the bot and its chats are counted, and made only in a tenant without a quota.
 */
#include "platform/feishu/feishu_needs.h"
#include "platform/feishu/feishu_room.h"
#include "platform/inspection.h"

#define FEISHU_URL "https://open.feishu.cn"
#define LARK_URL   "https://open.larksuite.com"

#define SECRET_REMEDY "copy App ID and App Secret from the app's page in the developer console"

struct check {
	struct inspection inspection; /* first */
	struct adapter *a;
	gboolean emails;		   /* a manager is named by one */
	struct config_workspace elsewhere; /* the same app on the other side */
	struct feishu_caller *other;
};

#define find(c, ...) inspection_find(&(c)->inspection, __VA_ARGS__)

static void finish(struct inspection *i)
{
	struct check *c = (struct check *)i;
	feishu_caller_free(c->other);
	feishu_adapter_free(c->a);
	inspection_end(i);
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

static void channel_told(const struct feishu_called *called, gpointer data)
{
	struct check *c = data;
	const char *name = inspection_took(&c->inspection);
	if (is_good(c, called, name, "a wrong id, or the bot is not in this group: add it there")) {
		const cJSON *chat = json_object(called->reply.body, "data");
		if (g_strcmp0(json_text_or(chat, "chat_status", "normal"), "normal") != 0)
			find(c, "problem: group '%s' is dissolved; name another one", name);
		else
			find(c, "ok: the bot is in group '%s' (%s)", name, json_text_or(chat, "name", "?"));
	}
	inspection_next(&c->inspection);
}

static void ask_channel(struct inspection *i)
{
	static const struct feishu_method method = { .name = "im.chats.get", .verb = "GET", .counted = TRUE };
	g_autofree char *id = g_uri_escape_string(i->channel, NULL, FALSE);
	g_auto(feishu_request_auto) request = { .method = &method,
		.path = g_strconcat("/open-apis/im/v1/chats/", id, NULL) };
	struct check *c = (struct check *)i;
	feishu_call(c->a->caller, &request, 0, channel_told, c);
}

static void send_errand(struct inspection *i, struct outbox_row *row)
{
	feishu_send(((struct check *)i)->a, row);
}

static const struct inspection_kind kind = {
	.send = send_errand,
	.ask = ask_channel,
	.finish = finish,
	.place = "group",
	.nobody = "that the bot is in; check the name, or add the bot there",
};

static void check_channels(struct check *c)
{
	if (c->a->workspace->monthly_calls == 0) {
		inspection_next(&c->inspection);
		return;
	}
	if (c->inspection.channels && *c->inspection.channels)
		find(c,
			"ok: not asked whether the bot is in the teams' groups, for that is counted in the month's %d "
			"calls; the daemon asks at its start and says so in its log",
			c->a->workspace->monthly_calls);
	finish(&c->inspection);
}

/* --- permissions --- */

static gboolean concerns(const struct check *c, const struct feishu_need *need)
{
	return need->when != FEISHU_FOR_EMAILS || c->emails;
}

/* What no call tells: the console must be looked at. */
static void list_news(struct check *c)
{
	GString *names = g_string_new(NULL);
	for (gsize i = 0; i < feishu_news_count; i++)
		g_string_append_printf(names, "%s%s (%s)", i ? ", " : "", feishu_news[i].event, feishu_news[i].why);
	find(c, "ok: not asked, for it cannot be: whether these are added under events (the last one under callbacks), both by "
		"long connection, and published: %s", names->str);
	g_string_free(names, TRUE);
}

static void list_scopes(struct check *c)
{
	GString *names = g_string_new(NULL);
	for (gsize i = 0; i < feishu_need_count; i++)
		if (concerns(c, &feishu_needs[i]))
			g_string_append_printf(names, "%s%s (%s)", names->len ? ", " : "", feishu_needs[i].scope, feishu_needs[i].why);
	find(c, "ok: permissions that the rituals need, to compare with the console: %s", names->str);
	g_string_free(names, TRUE);
}

static GHashTable *granted_scopes(const cJSON *body)
{
	enum { GRANTED = 1 };
	GHashTable *granted = g_hash_table_new(g_str_hash, g_str_equal);
	const cJSON *scope;
	cJSON_ArrayForEach (scope, json_array(body, "data.scopes")) {
		const char *name = json_text_or(scope, "scope_name", NULL);
		if (name && json_int_or(scope, "grant_status", 0) == GRANTED)
			g_hash_table_add(granted, (gpointer)name);
	}
	return granted;
}

static void compare_scopes(struct check *c, GHashTable *granted)
{
	gboolean all = TRUE;
	for (gsize i = 0; i < feishu_need_count; i++) {
		const struct feishu_need *need = &feishu_needs[i];
		if (!concerns(c, need) || feishu_need_is_met(need, granted))
			continue;
		all = FALSE;
		if (need->when == FEISHU_FOR_MORE)
			find(c, "ok: without the permission %s (%s)", need->scope, need->why);
		else
			find(c, "problem: permission %s is not granted (%s); add it and publish a version", need->scope, need->why);
	}
	if (all)
		find(c, "ok: all permissions that the rituals need are granted");
}

static void scopes_told(const struct feishu_called *called, gpointer data)
{
	struct check *c = data;
	if (is_good(c, called, "permissions", "look at them in the console")) {
		g_autoptr(GHashTable) granted = granted_scopes(called->reply.body);
		compare_scopes(c, granted);
	} else {
		list_scopes(c);
	}
	if (c->a->workspace->monthly_calls)
		find(c, "ok: this may have cost one of the month's %d calls", c->a->workspace->monthly_calls);
	list_news(c);
	check_channels(c);
}

static void ask_scopes(struct check *c)
{
	static const struct feishu_method method = { .name = "application.scopes", .verb = "GET", .counted = TRUE };
	g_auto(feishu_request_auto) request = { .method = &method, .path = g_strdup("/open-apis/application/v6/scopes") };
	feishu_call(c->a->caller, &request, 0, scopes_told, c);
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
	ask_scopes(c);
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

/* protocols/feishu.md 2.9, 13: what is not promised there. */
static void tell_of_lark(struct check *c)
{
	if (!g_str_has_prefix(c->a->workspace->base_url, LARK_URL))
		return;
	find(c, "ok: Lark: its documentation does not promise the long connection yet, although it is in use there since 2026; if the "
		"console offers none for events and callbacks, this tenant cannot be served");
	if (c->a->workspace->monthly_calls)
		find(c, "ok: Lark: how many calls a month its free edition allows is not documented; monthly_calls says %d, which is "
			"Feishu's figure: write what your plan allows",
			c->a->workspace->monthly_calls);
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
	finish(&c->inspection);
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
		finish(&c->inspection);
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
		inspection_clock(&c->inspection, http_header(called->http, "Date"), "Feishu");
		ask_endpoint(c);
	} else if (called->reply.transport == HTTP_OK) {
		try_other_side(c);
	} else {
		finish(&c->inspection);
	}
}

void feishu_check(const struct adapter_setup *setup, void (*done)(gpointer data, GPtrArray *findings), gpointer data)
{
	struct check *c = g_new0(struct check, 1);
	inspection_begin(&c->inspection, &kind, setup, done, data);
	c->a = feishu_adapter_new(&c->inspection.setup);
	c->emails = setup->emails;
	tell_of_lark(c);
	ask_token(c->a->caller, setup->workspace, token_told, c);
}
