/* SPDX-License-Identifier: MIT */
#include "sandbox/feishu/tenant.h"

#include "sandbox/feishu/callbacks.h"
#include "sandbox/feishu/courier.h"
#include "sandbox/feishu/ident.h"
#include "sandbox/feishu/lines.h"
#include "sandbox/feishu/meter.h"
#include "sandbox/feishu/openapi.h"
#include "sandbox/feishu/tongue.h"
#include "sandbox/live.h"
#include "sandbox/post.h"
#include "sandbox/trouble.h"

/* What the rituals ask for, protocols/feishu.md 11; a company file may grant less. */
static const char *const default_scopes[] = { "im:message:send_as_bot", "im:message.p2p_msg:readonly",
	"im:message.group_at_msg:readonly", "im:message.group_msg", "im:message:readonly", "im:message.reactions:read",
	"im:message.reactions:write_only", "im:message.urgent", "im:message.pins:write_only", "im:resource", "im:chat:readonly",
	"im:chat.members:read", "im:chat.members:bot_access", "contact:contact.base:readonly", "contact:user.base:readonly",
	"contact:user.department:readonly", "contact:user.employee:readonly", "contact:user.email:readonly", "contact:user.id:readonly",
	"contact:department.base:readonly", "contact:department.organize:readonly" };

/* ---- settings ---- */

static const struct tenant_settings defaults = {
	.reconnect_count = -1, .reconnect_interval_s = 120, .reconnect_nonce_s = 30, .ping_interval_s = 120,
	.fragment_bytes = 60000, .edit_events = TRUE, .quota = 10000,
};

enum setting_kind { SETTING_INT, SETTING_BYTES, SETTING_LONG, SETTING_FLAG };

#define SETTING(kind, name) { #name, SETTING_##kind, G_STRUCT_OFFSET(struct tenant_settings, name) }
static const struct setting {
	const char *name;
	enum setting_kind kind;
	glong offset;
} table[] = {
	SETTING(INT, reconnect_count), SETTING(INT, reconnect_interval_s), SETTING(INT, reconnect_nonce_s),
	SETTING(INT, ping_interval_s), SETTING(BYTES, fragment_bytes), SETTING(FLAG, fragment_reverse),
	SETTING(FLAG, fragment_repeat), SETTING(INT, endpoint_code), SETTING(FLAG, edit_events), SETTING(LONG, quota),
};

static const struct setting *find_setting(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
		if (g_str_equal(table[i].name, name))
			return &table[i];
	}
	return NULL;
}

static void write_setting(struct tenant_settings *settings, const struct setting *setting, const cJSON *item)
{
	gpointer place = G_STRUCT_MEMBER_P(settings, setting->offset);
	switch (setting->kind) {
	case SETTING_INT:
		*(int *)place = item->valueint;
		break;
	case SETTING_BYTES:
		*(gsize *)place = (gsize)MAX(item->valueint, 1);
		break;
	case SETTING_LONG:
		*(int64_t *)place = (int64_t)item->valuedouble;
		break;
	case SETTING_FLAG:
		*(gboolean *)place = cJSON_IsTrue(item);
		break;
	}
}

static gboolean fits(const struct setting *setting, const cJSON *item)
{
	return setting->kind == SETTING_FLAG ? cJSON_IsBool(item) : cJSON_IsNumber(item);
}

static gboolean is_other_key(const char *key)
{
	return g_str_equal(key, "do") || g_str_equal(key, "used");
}

gboolean tenant_set(struct tenant *tenant, const cJSON *wanted, GError **error)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, wanted)
	{
		const struct setting *setting = find_setting(item->string);
		if (is_other_key(item->string) || (setting && fits(setting, item)))
			continue;
		g_set_error(error, SANDBOX_ERROR, SANDBOX_ERROR_ACT, setting ? "that is no value for '%s'" : "there is no setting '%s'",
			item->string);
		return FALSE;
	}
	cJSON_ArrayForEach(item, wanted)
	{
		const struct setting *setting = find_setting(item->string);
		if (setting)
			write_setting(&tenant->settings, setting, item);
	}
	if (cJSON_IsNumber(json_at(wanted, "used")))
		meter_set_used(tenant->meter, json_int_or(wanted, "used", 0));
	return TRUE;
}

static void put_setting(cJSON *object, const struct tenant_settings *settings, const struct setting *setting)
{
	gconstpointer place = G_STRUCT_MEMBER_P(settings, setting->offset);
	switch (setting->kind) {
	case SETTING_INT:
		json_put_int(object, setting->name, *(const int *)place);
		break;
	case SETTING_BYTES:
		json_put_int(object, setting->name, (int64_t)*(const gsize *)place);
		break;
	case SETTING_LONG:
		json_put_int(object, setting->name, *(const int64_t *)place);
		break;
	case SETTING_FLAG:
		json_put_bool(object, setting->name, *(const gboolean *)place);
		break;
	}
}

cJSON *tenant_client_config(const struct tenant *tenant)
{
	cJSON *config = cJSON_CreateObject();
	json_put_int(config, "ReconnectCount", tenant->settings.reconnect_count);
	json_put_int(config, "ReconnectInterval", tenant->settings.reconnect_interval_s);
	json_put_int(config, "ReconnectNonce", tenant->settings.reconnect_nonce_s);
	json_put_int(config, "PingInterval", tenant->settings.ping_interval_s);
	return config;
}

cJSON *tenant_describe(const struct tenant *tenant)
{
	cJSON *object = cJSON_CreateObject();
	g_autofree char *bot = ident_open_id(tenant->sb->room->bot);
	json_put_text(object, "app_id", tenant->app_id);
	json_put_text(object, "bot_open_id", bot);
	json_put_text(object, "tenant_key", tenant->key);
	json_put_bool(object, "used", tenant->used);
	json_put_int(object, "connections", lines_count(tenant->lines));
	json_put_int(object, "pending", courier_pending(tenant->courier));
	cJSON *settings = json_put_object(object, "settings");
	for (guint i = 0; i < G_N_ELEMENTS(table); i++)
		put_setting(settings, &tenant->settings, &table[i]);
	cJSON_AddItemToObject(object, "quota", meter_describe(tenant->meter));
	cJSON_AddItemToObject(object, "menu", cJSON_Duplicate(tenant->menu, TRUE));
	cJSON_AddItemToObject(object, "reactions", tongue_reactions());
	return object;
}

/* ---- the company ---- */

static void read_scopes(struct tenant *tenant, const cJSON *scopes)
{
	const cJSON *scope;
	g_hash_table_remove_all(tenant->scopes);
	cJSON_ArrayForEach(scope, scopes)
	{
		if (cJSON_IsString(scope))
			g_hash_table_add(tenant->scopes, g_strdup(scope->valuestring));
	}
	for (guint i = 0; !scopes && i < G_N_ELEMENTS(default_scopes); i++)
		g_hash_table_add(tenant->scopes, g_strdup(default_scopes[i]));
}

/* Without one in the company file: an entry for each command, its key the command without the slash. */
static cJSON *menu_of_commands(const struct room *room)
{
	cJSON *menu = cJSON_CreateArray();
	for (guint i = 0; i < room->commands->len; i++) {
		const struct command *command = g_ptr_array_index(room->commands, i);
		cJSON *entry = json_push_object(menu);
		json_put_text(entry, "key", command->name + 1);
		json_put_text(entry, "name", command->description);
	}
	return menu;
}

static void read_company(struct tenant *tenant)
{
	const cJSON *company = tenant->sb->company, *menu = json_array(company, "feishu.menu");
	const struct room *room = tenant->sb->room;
	g_free(tenant->key);
	g_autofree char *team = g_ascii_strdown(room->team_id, -1);
	tenant->key = g_strconcat("tenant_", team, NULL);
	if (!tenant->app_id)
		tenant->app_id = g_strdup(json_text_or(company, "feishu.app_id", "cli_0000000000000001"));
	read_scopes(tenant, json_array(company, "feishu.scopes"));
	cJSON_Delete(tenant->menu);
	tenant->menu = menu ? cJSON_Duplicate(menu, TRUE) : menu_of_commands(room);
}

/* ---- life ---- */

struct tenant *tenant_new(struct sandbox *sb, gboolean no_rate_limits)
{
	struct tenant *tenant = g_new0(struct tenant, 1);
	tenant->sb = sb;
	tenant->settings = defaults;
	if (no_rate_limits)
		tenant->settings.quota = 0;
	tenant->scopes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	read_company(tenant);
	tenant->lines = lines_new(tenant);
	tenant->courier = courier_new(tenant);
	tenant->openapi = openapi_new(tenant);
	tenant->meter = meter_new(tenant, no_rate_limits);
	tenant->callbacks = callbacks_new(tenant);
	return tenant;
}

void tenant_free(struct tenant *tenant)
{
	if (!tenant)
		return;
	courier_free(tenant->courier);
	lines_free(tenant->lines);
	openapi_free(tenant->openapi);
	meter_free(tenant->meter);
	callbacks_free(tenant->callbacks);
	g_hash_table_unref(tenant->scopes);
	cJSON_Delete(tenant->menu);
	g_free(tenant->app_id);
	g_free(tenant->key);
	g_free(tenant);
}

void tenant_forget(struct tenant *tenant)
{
	courier_forget(tenant->courier);
	openapi_forget(tenant->openapi);
	meter_forget(tenant->meter);
	callbacks_forget(tenant->callbacks);
	read_company(tenant);
}

gboolean tenant_may(const struct tenant *tenant, const char *scope)
{
	return g_hash_table_contains(tenant->scopes, scope);
}

gboolean tenant_is_quiet(const struct tenant *tenant)
{
	return courier_pending(tenant->courier) == 0;
}

/* ---- who may come in ---- */

/* From now on the app is one of Feishu's; what waits for one of Slack's that never came waits in vain. */
static void note_use(struct tenant *tenant, const char *app_id)
{
	if (!tenant->used && !tenant->sb->slack_used)
		post_forget(tenant->sb->post);
	tenant->used = TRUE;
	if (g_strcmp0(tenant->app_id, app_id) != 0) {
		g_free(tenant->app_id);
		tenant->app_id = g_strdup(app_id);
	}
}

int tenant_admit(struct tenant *tenant, const char *app_id, const char *app_secret)
{
	if (!app_id || !g_str_has_prefix(app_id, "cli_") || strspn(app_id + 4, "0123456789abcdefghijklmnopqrstuvwxyz_") != strlen(app_id + 4))
		return 10003;
	if (!app_secret || !g_str_has_prefix(app_secret, "sandbox"))
		return 10014;
	note_use(tenant, app_id);
	return 0;
}

/* ---- the endpoint request ---- */

static void answer_endpoint(struct sandbox *sb, struct http_call *http, int code, cJSON *take_data)
{
	static const char *const headers[] = { "Content-Type: application/json; charset=utf-8", NULL };
	static const struct {
		int code;
		const char *msg;
	} messages[] = { { 0, "success" }, { 1, "system busy" }, { 403, "forbidden" }, { 514, "authentication failed" },
		{ 1000040343, "internal error" }, { 1000040345, "system busy" }, { 1000040350, "exceed connection limit" },
		{ 1000040351, "Incorrect domain name" } };
	g_autoptr(cJSON) answer = cJSON_CreateObject();
	const char *msg = "client error";
	for (guint i = 0; i < G_N_ELEMENTS(messages); i++)
		msg = messages[i].code == code ? messages[i].msg : msg;
	json_put_int(answer, "code", code);
	json_put_text(answer, "msg", msg);
	/* The official SDK for Node looks into data before it reads the code. */
	cJSON_AddItemToObject(answer, "data", take_data ? take_data : cJSON_CreateObject());
	g_autofree char *text = json_print(answer);
	gboolean lost = faults_take(sb->faults, FAULT_DROP_AFTER, "ws.endpoint");
	live_log(sb->live, LOG_IN, "http", "ws.endpoint", lost ? 0 : 200, NULL);
	if (lost)
		http_drop(http);
	else
		http_reply(http, 200, headers, text, strlen(text));
}

static int check_endpoint(struct tenant *tenant, const cJSON *body)
{
	if (faults_take(tenant->sb->faults, FAULT_RATE_LIMIT, "ws.endpoint"))
		return 1;
	if (tenant->settings.endpoint_code)
		return tenant->settings.endpoint_code;
	if (tenant_admit(tenant, json_text_or(body, "AppID", NULL), json_text_or(body, "AppSecret", NULL)) != 0)
		return 514;
	return lines_count(tenant->lines) >= LINES_MOST ? 1000040350 : 0;
}

static void serve_endpoint(struct tenant *tenant, struct http_call *http)
{
	gsize length;
	const char *text = http_call_body(http, &length);
	g_autoptr(cJSON) body = json_parse(text, length, NULL);
	int code = check_endpoint(tenant, body);
	cJSON *data = NULL;
	if (code == 0) {
		g_autofree char *url = lines_ticket(tenant->lines, tenant->app_id);
		data = cJSON_CreateObject();
		json_put_text(data, "URL", url);
		cJSON_AddItemToObject(data, "ClientConfig", tenant_client_config(tenant));
	}
	answer_endpoint(tenant->sb, http, code, data);
}

void tenant_serve_endpoint(struct sandbox *sb, struct http_call *http)
{
	if (trouble_met(sb, http, "ws.endpoint"))
		return;
	if (faults_take(sb->faults, FAULT_REFUSE_CONNECTIONS, NULL)) {
		static const char *const headers[] = { "Content-Type: text/plain", NULL };
		http_reply(http, 503, headers, "upstream\n", strlen("upstream\n"));
		return;
	}
	if (g_str_equal(http_call_path(http), "/callback/ws/endpoint") && g_str_equal(http_call_method(http), "POST"))
		serve_endpoint(sb->tenant, http);
	else
		http_reply(http, 404, NULL, "", 0);
}
