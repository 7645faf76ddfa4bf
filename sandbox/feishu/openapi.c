/* SPDX-License-Identifier: MIT */
#include "sandbox/feishu/openapi.h"

#include "sandbox/feishu/ident.h"
#include "sandbox/feishu/meter.h"
#include "sandbox/live.h"
#include "sandbox/query.h"
#include "sandbox/trouble.h"

enum { TOKEN_MS = 7200 * 1000, TOKEN_RENEW_MS = 1800 * 1000, UUID_MS = 3600 * 1000, MOST_UUIDS = 20000 };

static const struct open_method *const tables[] = { open_basic_methods, open_message_methods, open_reaction_methods,
	open_chat_methods, open_people_methods, open_file_methods, open_card_methods };

struct token {
	char *text;
	int64_t made_ms;
};

struct sent {
	char *uuid, *message_id;
	int64_t at_ms;
};

struct openapi {
	struct tenant *tenant;
	GQueue tokens;	   /* struct token *, the newest first */
	GHashTable *sent;  /* uuid → struct sent *, owned */
	GQueue sent_order; /* the same, the oldest first */
};

/* ---- life ---- */

static void token_free(gpointer data)
{
	struct token *token = data;
	g_free(token->text);
	g_free(token);
}

static void sent_free(gpointer data)
{
	struct sent *sent = data;
	g_free(sent->uuid);
	g_free(sent->message_id);
	g_free(sent);
}

struct openapi *openapi_new(struct tenant *tenant)
{
	struct openapi *openapi = g_new0(struct openapi, 1);
	openapi->tenant = tenant;
	g_queue_init(&openapi->tokens);
	g_queue_init(&openapi->sent_order);
	openapi->sent = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, sent_free);
	return openapi;
}

void openapi_forget(struct openapi *openapi)
{
	g_queue_clear(&openapi->sent_order);
	g_hash_table_remove_all(openapi->sent);
}

void openapi_free(struct openapi *openapi)
{
	if (!openapi)
		return;
	openapi_forget(openapi);
	g_hash_table_unref(openapi->sent);
	g_queue_clear_full(&openapi->tokens, token_free);
	g_free(openapi);
}

/* ---- tokens (6.1) ---- */

static int64_t token_left_ms(const struct openapi *openapi, const struct token *token)
{
	return token->made_ms + TOKEN_MS - clock_mono_ms(openapi->tenant->sb->clock);
}

const char *openapi_token(struct openapi *openapi, int *expire_s)
{
	struct token *token = g_queue_peek_head(&openapi->tokens);
	if (!token || token_left_ms(openapi, token) < TOKEN_RENEW_MS) {
		g_autofree char *uuid = room_uuid();
		token = g_new0(struct token, 1);
		token->text = g_strconcat("t-", uuid, NULL);
		token->made_ms = clock_mono_ms(openapi->tenant->sb->clock);
		g_queue_push_head(&openapi->tokens, token);
	}
	*expire_s = (int)(token_left_ms(openapi, token) / 1000);
	return token->text;
}

static gboolean is_token(struct openapi *openapi, const char *text)
{
	struct token *oldest;
	while ((oldest = g_queue_peek_tail(&openapi->tokens)) && token_left_ms(openapi, oldest) <= 0)
		token_free(g_queue_pop_tail(&openapi->tokens));
	for (const GList *link = openapi->tokens.head; link; link = link->next) {
		if (g_str_equal(((const struct token *)link->data)->text, text))
			return TRUE;
	}
	return FALSE;
}

static int check_token(struct open_call *call)
{
	struct openapi *openapi = call->tenant->openapi;
	const char *header = http_call_header(call->http, "authorization");
	if (call->method->flags & OPEN_NO_TOKEN)
		return 0;
	if (!header || !*header)
		return 99991661;
	const char *token = g_str_has_prefix(header, "Bearer ") ? header + strlen("Bearer ") : header;
	if (!g_str_has_prefix(token, "t-") && !g_str_has_prefix(token, "u-"))
		return 99991671;
	if (faults_take(call->sb->faults, FAULT_EXPIRED_TOKEN, call->method->name))
		g_queue_clear_full(&openapi->tokens, token_free);
	return is_token(openapi, token) ? 0 : 99991663;
}

/* ---- uuids (6.4) ---- */

static gboolean is_stale(const struct openapi *openapi, const struct sent *sent)
{
	return clock_mono_ms(openapi->tenant->sb->clock) - sent->at_ms > UUID_MS;
}

const char *openapi_sent(struct openapi *openapi, const char *uuid)
{
	struct sent *oldest;
	while ((oldest = g_queue_peek_head(&openapi->sent_order)) &&
		(is_stale(openapi, oldest) || openapi->sent_order.length > MOST_UUIDS)) {
		g_queue_pop_head(&openapi->sent_order);
		g_hash_table_remove(openapi->sent, oldest->uuid);
	}
	const struct sent *sent = uuid ? g_hash_table_lookup(openapi->sent, uuid) : NULL;
	return sent ? sent->message_id : NULL;
}

void openapi_note_sent(struct openapi *openapi, const char *uuid, const char *message_id)
{
	if (!uuid || !*uuid)
		return;
	struct sent *sent = g_new0(struct sent, 1);
	sent->uuid = g_strdup(uuid);
	sent->message_id = g_strdup(message_id);
	sent->at_ms = clock_mono_ms(openapi->tenant->sb->clock);
	g_hash_table_insert(openapi->sent, sent->uuid, sent);
	g_queue_push_tail(&openapi->sent_order, sent);
}

/* ---- errors (8) ---- */

static const struct {
	int code, status;
	const char *msg;
} errors[] = {
	{ 10003, 400, "invalid param" },
	{ 10014, 200, "app secret invalid" },
	{ 10002, 400, "invalid parameter" },
	{ 99991400, 429, "request trigger frequency limit" },
	{ 99991403, 429, "This month's API call quota has been exceeded" },
	{ 99991661, 400, "Missing access token for authorization. Please make a request with token attached." },
	{ 99991663, 400, "Invalid access token for authorization. Please make a request with token attached." },
	{ 99991671, 400, "Invalid access token, it must start with \"t-\" or \"u-\"." },
	{ 99991672, 400, "Access denied. One of the following scopes is required" },
	{ 99992351, 400, "not a valid {open_id}" },
	{ 99992402, 400, "field validation failed" },
	{ 230001, 400, "Your request contains an invalid request parameter" },
	{ 230002, 400, "The bot can not be outside the group." },
	{ 230011, 400, "The message was recalled." },
	{ 230012, 400, "The user is not the sender of the message." },
	{ 230013, 400, "Bot has NO availability to this user." },
	{ 230017, 400, "The bot is NOT the owner of the resource." },
	{ 230020, 400, "This operation triggers the frequency limit" },
	{ 230022, 400, "The content of the message contains sensitive information." },
	{ 230025, 400, "The length of the message content reaches its limit." },
	{ 230026, 400, "No permission to recall this message." },
	{ 230029, 400, "The user has resigned." },
	{ 230031, 400, "Message has expired when updating message, ext=Message can only be updated within 14 days" },
	{ 230034, 400, "The receive_id is invalid" },
	{ 230054, 400, "This message type is not supported." },
	{ 230055, 400, "The file type does not match the message type." },
	{ 230071, 400, "The operator is not the sender of the message." },
	{ 230072, 400, "The message has reached the number of times it can be edited." },
	{ 230099, 400, "Failed to create card content" },
	{ 230110, 400, "The message was deleted." },
	{ 231001, 400, "reaction type is invalid." },
	{ 231003, 400, "The message is not found, may be recalled or deleted." },
	{ 231007, 400, "The operator has no permission to delete the reaction." },
	{ 232009, 400, "Your request specifies a chat which has already been dissolved." },
	{ 232011, 400, "Operator can NOT be out of the chat." },
	{ 234001, 400, "Invalid request param." },
	{ 234006, 400, "The file size exceed the max value." },
	{ 234010, 400, "File's size can't be 0." },
	{ 234011, 400, "Can't recognize the image format." },
	{ 234039, 400, "Image resolution exceeds the limit." },
	{ 300020, 400, "card token is invalid" },
	{ 300030, 400, "card token is expired" },
	{ 300040, 400, "card token was used up" },
	{ 200310, 400, "card is invalid" },
	{ 41012, 400, "user id invalid error" },
	{ 41050, 400, "no user authority error" },
};

static guint find_error(int code)
{
	guint i = 0;
	while (i < G_N_ELEMENTS(errors) && errors[i].code != code)
		i++;
	return i;
}

static int status_of(int code)
{
	guint i = find_error(code);
	return code == 0 ? 200 : i < G_N_ELEMENTS(errors) ? errors[i].status : 400;
}

int open_fail(struct open_call *call, int code, const char *ext)
{
	g_free(call->ext);
	call->ext = g_strdup(ext);
	return code;
}

int open_bad_field(struct open_call *call, const char *field, const char *what)
{
	cJSON_Delete(call->error);
	call->error = cJSON_CreateObject();
	cJSON *violation = json_push_object(json_put_array(call->error, "field_violations"));
	json_put_text(violation, "field", field);
	json_put_text(violation, "description", what);
	return 99992402;
}

/* ---- arguments ---- */

const char *open_arg(const struct open_call *call, const char *name, const char *fallback)
{
	const char *text = json_text_or(call->args, name, fallback);
	return text && *text ? text : fallback;
}

/* An id that looks like one of ours, where nothing is any more, is of a message that was taken back. */
struct message *open_message(struct open_call *call, guint n, int *code)
{
	g_autofree char *ts = NULL;
	if (!ident_place(call->room, call->params[n], &call->channel, &ts)) {
		*code = open_fail(call, 230001, "invalid message_id");
		return NULL;
	}
	struct message *m = room_message(call->channel, ts);
	if (!m || m->subtype == g_intern_static_string("tombstone")) {
		*code = 230011;
		return NULL;
	}
	return m;
}

struct member *open_member(const struct open_call *call, const char *type_arg, const char *id)
{
	return ident_member(call->room, open_arg(call, type_arg, "open_id"), id);
}

int open_page(struct open_call *call, guint total, guint fallback, guint most, guint *from, guint *to)
{
	guint64 size = fallback, start = 0;
	const char *size_text = open_arg(call, "page_size", NULL), *token = open_arg(call, "page_token", NULL);
	if (size_text && !g_ascii_string_to_unsigned(size_text, 10, 1, most, &size, NULL))
		return open_bad_field(call, "page_size", "the page size is out of its range");
	if (token && !g_ascii_string_to_unsigned(token, 16, 0, G_MAXINT, &start, NULL))
		return open_bad_field(call, "page_token", "invalid page_token");
	*from = MIN((guint)start, total);
	*to = MIN(*from + (guint)size, total);
	json_put_bool(call->data, "has_more", *to < total);
	g_autofree char *next = g_strdup_printf("%x", *to);
	if (*to < total)
		json_put_text(call->data, "page_token", next);
	return 0;
}

/* ---- which method ---- */

/* Does the path fit the pattern? What stands for :id is copied into params. */
static gboolean fits(const char *pattern, const char *path, char *params[2])
{
	guint n = 0;
	while (*pattern && *path) {
		if (*pattern == ':' && n < 2) {
			gsize length = strcspn(path, "/");
			params[n++] = g_strndup(path, length);
			path += length;
			pattern += strcspn(pattern, "/");
		} else if (*pattern == *path) {
			pattern++;
			path++;
		} else {
			break;
		}
	}
	if (*pattern == '\0' && *path == '\0')
		return TRUE;
	for (guint i = 0; i < 2; i++)
		g_clear_pointer(&params[i], g_free);
	return FALSE;
}

/* Words before patterns: a table names users/batch before users/:id. */
static const struct open_method *find_method(const char *verb, const char *path, char *params[2])
{
	for (guint t = 0; t < G_N_ELEMENTS(tables); t++) {
		for (const struct open_method *m = tables[t]; m->name; m++) {
			if (g_str_equal(m->verb, verb) && fits(m->path, path, params))
				return m;
		}
	}
	return NULL;
}

/* ---- one call ---- */

static int check_scope(struct open_call *call)
{
	const struct open_method *m = call->method;
	gboolean needed = FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(m->scopes) && m->scopes[i]; i++) {
		if (tenant_may(call->tenant, m->scopes[i]))
			return 0;
		needed = TRUE;
	}
	if (!needed)
		return 0;
	call->error = cJSON_CreateObject();
	cJSON *violations = json_put_array(call->error, "permission_violations");
	for (guint i = 0; i < G_N_ELEMENTS(m->scopes) && m->scopes[i]; i++) {
		cJSON *violation = json_push_object(violations);
		json_put_text(violation, "type", "action_privilege_required");
		json_put_text(violation, "subject", m->scopes[i]);
	}
	return 99991672;
}

/* 1000 a minute and 50 a second for each method. */
static int check_rate(struct open_call *call)
{
	g_autofree char *by_second = g_strconcat("s/", call->method->name, NULL);
	g_autofree char *by_minute = g_strconcat("m/", call->method->name, NULL);
	if (faults_take(call->sb->faults, FAULT_RATE_LIMIT, call->method->name))
		call->reset_s = faults_wait_s(call->sb->faults);
	else
		call->reset_s = meter_take(call->tenant->meter, by_second, 50, SECONDS(1));
	if (!call->reset_s)
		call->reset_s = meter_take(call->tenant->meter, by_minute, 1000, MINUTES(1));
	return call->reset_s ? 99991400 : 0;
}

static int check_quota(struct open_call *call)
{
	if (call->method->flags & OPEN_UNCOUNTED)
		return 0;
	return meter_count(call->tenant->meter, call->method->name) ? 0 : 99991403;
}

static int check_fault(struct open_call *call)
{
	if (!faults_take(call->sb->faults, FAULT_API_ERROR, call->method->name))
		return 0;
	int code = (int)g_ascii_strtoll(faults_api_error(call->sb->faults), NULL, 10);
	return code ? code : 99992402;
}

static int read_body(struct open_call *call)
{
	gsize length;
	const char *text = http_call_body(call->http, &length);
	if (call->method->flags & OPEN_FORM)
		return 0;
	call->body = length ? json_parse(text, length, NULL) : cJSON_CreateObject();
	return cJSON_IsObject(call->body) ? 0 : open_bad_field(call, "body", "the body is not a JSON object");
}

static int perform(struct open_call *call)
{
	static int (*const checks[])(struct open_call *call) = { check_rate, check_fault, check_token, check_scope, check_quota,
		read_body };
	for (guint i = 0; i < G_N_ELEMENTS(checks); i++) {
		int code = checks[i](call);
		if (code)
			return code;
	}
	return call->method->run(call);
}

/* ---- the answer ---- */

static char *message_of(const struct open_call *call, int code)
{
	guint i = find_error(code);
	const char *msg = code == 0 ? (call->method->flags & OPEN_TOP ? "ok" : "success") :
			  i < G_N_ELEMENTS(errors) ? errors[i].msg : "error";
	return call->ext ? g_strdup_printf("%s, ext=%s", msg, call->ext) : g_strdup(msg);
}

static void put_trouble(struct open_call *call, cJSON *answer, int code, const char *log_id)
{
	cJSON *error = call->error ? g_steal_pointer(&call->error) : cJSON_CreateObject();
	g_autofree char *advice = g_strdup_printf(
		"排查建议查看(Troubleshooting suggestions): https://open.feishu.cn/search?from=openapi&log_id=%s&code=%d", log_id, code);
	json_put_text(error, "log_id", log_id);
	json_put_text(error, "troubleshooter", advice);
	cJSON_AddItemToObject(answer, "error", error);
}

static cJSON *compose(struct open_call *call, int code, const char *log_id)
{
	cJSON *answer = cJSON_CreateObject(), *item;
	g_autofree char *msg = message_of(call, code);
	json_put_int(answer, "code", code);
	json_put_text(answer, "msg", msg);
	if (code)
		put_trouble(call, answer, code, log_id);
	else if (call->method->flags & OPEN_TOP)
		while ((item = cJSON_DetachItemFromArray(call->data, 0)))
			cJSON_AddItemToObject(answer, item->string, item);
	else
		cJSON_AddItemToObject(answer, "data", g_steal_pointer(&call->data));
	return answer;
}

static void send_answer(struct open_call *call, int status, const cJSON *answer, const char *log_id)
{
	g_autofree char *text = json_print(answer);
	g_autofree char *log_header = g_strconcat("X-Tt-Logid: ", log_id, NULL);
	g_autofree char *reset = g_strdup_printf("x-ogw-ratelimit-reset: %d", call->reset_s);
	const char *headers[5] = { "Content-Type: application/json; charset=utf-8", log_header };
	if (call->reset_s) {
		headers[2] = "x-ogw-ratelimit-limit: 1000";
		headers[3] = reset;
	}
	http_reply(call->http, status, headers, text, strlen(text));
}

static void send_bytes(const struct open_call *call)
{
	g_autofree char *type = g_strconcat("Content-Type: ", call->bytes_type, NULL);
	gsize length;
	const char *data = g_bytes_get_data(call->bytes, &length);
	http_reply(call->http, 200, (const char *[]){ type, NULL }, data, length);
}

static void hide_secret(cJSON *object, const char *key)
{
	if (cJSON_HasObjectItem(object, key))
		cJSON_ReplaceItemInObjectCaseSensitive(object, key, cJSON_CreateString("…"));
}

static void log_call(const struct open_call *call, int status, const cJSON *answer)
{
	if (!live_logs(call->sb->live))
		return;
	cJSON *detail = cJSON_CreateObject();
	g_autofree char *title = g_strdup_printf("%s %s", call->method->verb, call->method->name);
	json_put_text(detail, "path", http_call_path(call->http));
	if (call->args && call->args->child)
		cJSON_AddItemToObject(detail, "query", cJSON_Duplicate(call->args, TRUE));
	if (call->body && call->body->child)
		cJSON_AddItemToObject(detail, "request", cJSON_Duplicate(call->body, TRUE));
	cJSON_AddItemToObject(detail, "response", cJSON_Duplicate(answer, TRUE));
	hide_secret(json_object(detail, "request"), "app_secret");
	hide_secret(json_object(detail, "response"), "tenant_access_token");
	live_log(call->sb->live, LOG_IN, "http", title, status, detail);
}

static void answer_call(struct open_call *call)
{
	int code = perform(call), status = status_of(code);
	g_autofree char *uuid = room_uuid();
	g_autoptr(cJSON) answer = compose(call, code, uuid);
	gboolean lost = faults_take(call->sb->faults, FAULT_DROP_AFTER, call->method->name);
	log_call(call, lost ? 0 : status, answer);
	if (lost)
		http_drop(call->http);
	else if (call->bytes)
		send_bytes(call);
	else
		send_answer(call, status, answer, uuid);
}

static void call_release(struct open_call *call)
{
	cJSON_Delete(call->args);
	cJSON_Delete(call->body);
	cJSON_Delete(call->data);
	cJSON_Delete(call->error);
	g_clear_pointer(&call->bytes, g_bytes_unref);
	g_free(call->ext);
	g_free(call->params[0]);
	g_free(call->params[1]);
}

static void refuse_unknown(struct sandbox *sb, struct http_call *http)
{
	static const char *const plain[] = { "Content-Type: text/plain; charset=utf-8", NULL };
	live_log(sb->live, LOG_IN, "http", http_call_path(http), 404, NULL);
	http_reply(http, 404, plain, "404 page not found", strlen("404 page not found"));
}

void tenant_serve_api(struct sandbox *sb, struct http_call *http)
{
	struct open_call call = { .sb = sb, .tenant = sb->tenant, .room = sb->room, .http = http };
	const char *path = http_call_path(http) + strlen("/open-apis/"), *query = http_call_query(http);
	call.method = find_method(http_call_method(http), path, call.params);
	if (!call.method) {
		refuse_unknown(sb, http);
	} else if (!trouble_met(sb, http, call.method->name)) {
		call.args = query_parse(query, strlen(query));
		call.data = cJSON_CreateObject();
		answer_call(&call);
	}
	call_release(&call);
}
