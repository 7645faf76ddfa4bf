/* SPDX-License-Identifier: MIT */
/* Tokens, the bot itself, and what it may do. */
#include "sandbox/feishu/ident.h"
#include "sandbox/feishu/openapi.h"

static int token(struct open_call *call)
{
	int code = tenant_admit(call->tenant, json_text_or(call->body, "app_id", NULL), json_text_or(call->body, "app_secret", NULL));
	if (code)
		return code;
	int expire_s;
	json_put_text(call->data, "tenant_access_token", openapi_token(call->tenant->openapi, &expire_s));
	json_put_int(call->data, "expire", expire_s);
	return 0;
}

static int bot_info(struct open_call *call)
{
	cJSON *bot = json_put_object(call->data, "bot");
	g_autofree char *open_id = ident_open_id(call->room->bot);
	json_put_int(bot, "activate_status", 2);
	json_put_text(bot, "app_name", call->room->app_name);
	json_put_text(bot, "avatar_url", "https://example.com/bot.png");
	json_put_array(bot, "ip_white_list");
	json_put_text(bot, "open_id", open_id);
	return 0;
}

static int scopes(struct open_call *call)
{
	cJSON *list = json_put_array(call->data, "scopes");
	GHashTableIter iter;
	gpointer scope;
	g_hash_table_iter_init(&iter, call->tenant->scopes);
	while (g_hash_table_iter_next(&iter, &scope, NULL)) {
		cJSON *object = json_push_object(list);
		json_put_text(object, "scope_name", scope);
		json_put_int(object, "grant_status", 1);
	}
	return 0;
}

const struct open_method open_basic_methods[] = {
	{ "auth.tenantAccessToken.internal", "POST", "auth/v3/tenant_access_token/internal", token,
		OPEN_NO_TOKEN | OPEN_UNCOUNTED | OPEN_TOP, { 0 } },
	{ "application.scope.list", "GET", "application/v6/scopes", scopes, 0, { 0 } },
	{ "bot.info", "GET", "bot/v3/info", bot_info, OPEN_TOP, { 0 } },
	{ 0 },
};
