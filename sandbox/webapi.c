/* SPDX-License-Identifier: MIT */
#include "sandbox/webapi.h"

#include "base/zone.h"
#include "sandbox/limits.h"
#include "sandbox/live.h"
#include "sandbox/query.h"
#include "sandbox/scopes.h"
#include "sandbox/trouble.h"

static const struct api_method *const tables[] = { api_basic_methods, api_chat_methods, api_conversation_methods,
	api_people_methods, api_reaction_methods, api_view_methods, api_file_methods };

static const struct {
	const char *prefix, *slug;
} token_kinds[] = { [TOKEN_BOT] = { "xoxb-sandbox", "xoxb-" }, [TOKEN_APP] = { "xapp-sandbox", "xapp-" } };

struct webapi {
	GHashTable *methods; /* name → struct api_method * */
	char *date;	     /* the header, of that second */
	int64_t date_s;
};

struct webapi *webapi_new(void)
{
	struct webapi *api = g_new0(struct webapi, 1);
	api->methods = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint t = 0; t < G_N_ELEMENTS(tables); t++) {
		for (const struct api_method *m = tables[t]; m->name; m++)
			g_hash_table_insert(api->methods, (gpointer)m->name, (gpointer)m);
	}
	return api;
}

void webapi_free(struct webapi *api)
{
	if (!api)
		return;
	g_hash_table_unref(api->methods);
	g_free(api->date);
	g_free(api);
}

/* ---- the request ---- */

static gboolean is_type(const char *content_type, const char *wanted)
{
	return content_type && g_ascii_strncasecmp(content_type, wanted, strlen(wanted)) == 0;
}

static void read_json(struct api_call *call, const char *body, gsize length, const char **error)
{
	cJSON *tree = json_parse(body, length, NULL);
	if (!cJSON_IsObject(tree))
		*error = tree ? "json_not_object" : "invalid_json";
	if (!*error && call->method->json) {
		cJSON_Delete(call->args);
		call->args = g_steal_pointer(&tree);
	}
	cJSON_Delete(tree);
}

/* Query arguments first, then the body's over them. Section 6: what content types do. */
static void read_args(struct api_call *call, const struct http_call *http, const char **error)
{
	gsize length;
	const char *type = http_call_header(http, "content-type"), *body = http_call_body(http, &length);
	const char *query = http_call_query(http);
	call->args = query_parse(query, strlen(query));
	if (length == 0)
		return;
	gboolean charset = type && strstr(type, "charset");
	if (is_type(type, "application/json")) {
		if (!charset)
			call_warn(call, "missing_charset");
		read_json(call, body, length, error);
	} else if (is_type(type, "application/x-www-form-urlencoded")) {
		if (charset)
			call_warn(call, "superfluous_charset");
		cJSON_Delete(call->args);
		call->args = query_parse(body, length);
	} else {
		*error = type ? "invalid_post_type" : "missing_post_type";
	}
}

static const char *check_token(struct api_call *call, const struct http_call *http)
{
	const char *bearer = http_call_header(http, "authorization");
	const char *token = bearer && g_ascii_strncasecmp(bearer, "Bearer ", 7) == 0 ? bearer + 7 : NULL;
	enum api_token wanted = call->method->token;
	if (wanted == TOKEN_NONE)
		return NULL;
	if (!token && wanted != TOKEN_APP && *http_call_query(http) == '\0')
		token = call_text(call, "token");
	if (!token)
		return "not_authed";
	for (enum api_token kind = TOKEN_BOT; kind <= TOKEN_APP; kind++) {
		if (g_str_has_prefix(token, token_kinds[kind].prefix))
			return wanted == kind || wanted == TOKEN_ANY ? NULL : "not_allowed_token_type";
	}
	return "invalid_auth";
}

static const char *check_scope(struct api_call *call)
{
	static const enum channel_kind kinds[] = { CHANNEL_PUBLIC, CHANNEL_PRIVATE, CHANNEL_IM };
	const struct api_method *m = call->method;
	if (m->scope && !scopes_has(call->room, m->scope))
		return call_needs_scope(call, m->scope);
	for (guint i = 0; m->right && i < G_N_ELEMENTS(kinds); i++) {
		if (scopes_has(call->room, scopes_for_channel(kinds[i], m->right)))
			return NULL;
	}
	return m->right ? call_needs_scope(call, scopes_for_channel(CHANNEL_PUBLIC, m->right)) : NULL;
}

static const char *check_arguments(struct api_call *call)
{
	const struct api_method *m = call->method;
	for (guint i = 0; i < G_N_ELEMENTS(m->needs) && m->needs[i]; i++) {
		if (call_has(call, m->needs[i]) && (!call_text_given(call, m->needs[i]) || call_text(call, m->needs[i])))
			continue;
		if (m->missing)
			return m->missing;
		call_say(call, "[ERROR] missing required field: %s", m->needs[i]);
		return "invalid_arguments";
	}
	return NULL;
}

static const char *perform(struct api_call *call, const struct http_call *http)
{
	const char *error = NULL;
	read_args(call, http, &error);
	if (!error)
		error = check_token(call, http);
	if (!error)
		error = limits_check(call->sb->limits, call->method, &call->retry_after_s);
	if (!error)
		error = check_scope(call);
	if (!error)
		error = check_arguments(call);
	if (!error && call->method->token == TOKEN_APP && !g_str_equal(http_call_method(http), "POST"))
		error = "insecure_request";
	return error ? error : call->method->run(call);
}

/* ---- the answer ---- */

static void put_texts(cJSON *object, const char *key, const GPtrArray *texts)
{
	if (!texts)
		return;
	cJSON *array = json_put_array(object, key);
	for (guint i = 0; i < texts->len; i++)
		json_push_text(array, g_ptr_array_index(texts, i));
}

static void put_response_metadata(struct api_call *call, cJSON *answer)
{
	if (!call->messages && !call->warnings && !call->next_cursor)
		return;
	cJSON *metadata = json_put_object(answer, "response_metadata");
	json_put_text(metadata, "next_cursor", call->next_cursor);
	put_texts(metadata, "messages", call->messages);
	put_texts(metadata, "warnings", call->warnings);
}

static cJSON *compose(struct api_call *call, const char *error)
{
	cJSON *answer = cJSON_CreateObject();
	json_put_bool(answer, "ok", !error);
	json_put_text(answer, "error", error);
	if (!error) {
		cJSON *item;
		while ((item = cJSON_DetachItemFromArray(call->reply, 0)))
			cJSON_AddItemToObject(answer, item->string, item);
	}
	if (call->needed) {
		json_put_text(answer, "needed", call->needed);
		json_put_text(answer, "provided", call->room->scopes_text);
	}
	if (call->warnings) {
		g_autofree char *joined = NULL;
		g_ptr_array_add(call->warnings, NULL);
		joined = g_strjoinv(",", (char **)call->warnings->pdata);
		g_ptr_array_set_size(call->warnings, (gint)call->warnings->len - 1);
		json_put_text(answer, "warning", joined);
	}
	put_response_metadata(call, answer);
	return answer;
}

/* Slack's JSON escapes slashes; a slash stands only inside texts. */
static GString *print_escaped(const cJSON *answer)
{
	g_autofree char *text = json_print(answer);
	GString *out = g_string_sized_new(strlen(text) + 64);
	for (const char *from = text; *from;) {
		gsize plain = strcspn(from, "/");
		g_string_append_len(out, from, (gssize)plain);
		from += plain;
		if (*from) {
			g_string_append(out, "\\/");
			from++;
		}
	}
	return out;
}

/* RFC 9110, 5.6.7, whatever the process's locale. */
static const char *date_header(struct webapi *api, int64_t now_s)
{
	static const char days[][4] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct zone_time t;
	if (api->date && api->date_s == now_s)
		return api->date;
	zone_local(zone_find("UTC"), now_s * 1000, &t);
	g_free(api->date);
	api->date_s = now_s;
	api->date = g_strdup_printf("Date: %s, %02d %s %04d %02d:%02d:%02d GMT", days[t.weekday - 1], t.day,
		months[t.month - 1], t.year, t.hour, t.minute, t.second);
	return api->date;
}

static void send_answer(struct api_call *call, struct http_call *http, int status, const cJSON *answer)
{
	g_autoptr(GString) body = print_escaped(answer);
	g_autofree char *granted = g_strconcat("x-oauth-scopes: ", call->room->scopes_text, NULL);
	g_autofree char *accepted =
		g_strconcat("x-accepted-oauth-scopes: ", call->method && call->method->scope ? call->method->scope : "", NULL);
	g_autofree char *id = g_strdup_printf("x-slack-req-id: %08x%08x", g_random_int(), g_random_int());
	g_autofree char *retry = g_strdup_printf("Retry-After: %d", call->retry_after_s);
	const char *date = date_header(call->sb->webapi, clock_now_ms(call->sb->clock) / 1000);
	const char *headers[8] = { "Content-Type: application/json; charset=utf-8", date, granted, accepted, id };
	if (status == 429)
		headers[5] = retry;
	http_reply(http, status, headers, body->str, body->len);
}

static void hide_secret(cJSON *object, const char *key)
{
	if (cJSON_HasObjectItem(object, key))
		cJSON_ReplaceItemInObjectCaseSensitive(object, key, cJSON_CreateString("…"));
}

static void log_call(struct api_call *call, const char *name, int status, const cJSON *answer)
{
	if (!live_logs(call->sb->live))
		return;
	cJSON *detail = cJSON_CreateObject();
	if (call->args)
		cJSON_AddItemToObject(detail, "request", cJSON_Duplicate(call->args, TRUE));
	if (answer)
		cJSON_AddItemToObject(detail, "response", cJSON_Duplicate(answer, TRUE));
	hide_secret(json_object(detail, "request"), "token");
	hide_secret(json_object(detail, "response"), "url");
	live_log(call->sb->live, LOG_IN, "http", name, status, detail);
}

static void call_release(struct api_call *call)
{
	cJSON_Delete(call->args);
	cJSON_Delete(call->reply);
	g_clear_pointer(&call->messages, g_ptr_array_unref);
	g_clear_pointer(&call->warnings, g_ptr_array_unref);
	g_clear_pointer(&call->parsed, g_ptr_array_unref);
	g_free(call->needed);
	g_free(call->next_cursor);
}

static void run_method(struct sandbox *sb, struct http_call *http, const char *name)
{
	const struct api_method *method = g_hash_table_lookup(sb->webapi->methods, name);
	struct api_call call = { .sb = sb, .room = sb->room, .method = method };
	call.reply = cJSON_CreateObject();
	call.parsed = g_ptr_array_new_with_free_func((GDestroyNotify)cJSON_Delete);
	const char *error = method ? NULL : "unknown_method";
	if (faults_take(sb->faults, FAULT_RATE_LIMIT, name)) {
		error = "ratelimited";
		call.retry_after_s = faults_wait_s(sb->faults);
	}
	if (!error && faults_take(sb->faults, FAULT_API_ERROR, name))
		error = faults_api_error(sb->faults);
	if (!error)
		error = perform(&call, http);
	int status = g_strcmp0(error, "ratelimited") == 0 ? 429 : 200;
	g_autoptr(cJSON) answer = compose(&call, error);
	gboolean lost = faults_take(sb->faults, FAULT_DROP_AFTER, name);
	log_call(&call, name, lost ? 0 : status, answer);
	if (lost)
		http_drop(http);
	else
		send_answer(&call, http, status, answer);
	call_release(&call);
}

void webapi_serve(struct sandbox *sb, struct http_call *http)
{
	const char *name = http_call_path(http) + strlen("/api/");
	sb->slack_used = TRUE;
	if (!trouble_met(sb, http, name))
		run_method(sb, http, name);
}
