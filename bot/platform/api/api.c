/* SPDX-License-Identifier: MIT */
#include "platform/api/api.h"

#include <gio/gio.h>

#include "base/log.h"
#include "net/http_server.h"
#include "platform/api/api_routes.h"
#include "platform/api/api_sender.h"

#define HEALTH_PATH "/api/v1/health"
/* What a record needs many times over; the server itself refuses what is longer. */
#define BODY_BYTES ((gsize)64 * 1024)
enum { KEY_LENGTH = 200, COME_AGAIN_S = 5 };

struct api {
	struct api_setup setup;
	const struct config *config;
	char *listen; /* where the server does; NULL: nowhere */
	struct http_server *server;
	struct api_senders *senders;
	GHashTable *waiting; /* receipt (gint64 *) → struct http_call */
	gint64 last_receipt;
	gboolean paused, failing;
};

/* ---- answers ---- */

/* The ways a request can end but for its success, in words for programs and for people. */
enum ending { NO_HTTP, NOT_FOUND, WRONG_METHOD, NO_SENDER, TOO_MANY, TOO_LARGE, TOO_SLOW, WRONG_TYPE, NO_JSON, INVALID, FORBIDDEN, WRONG_KEY, KEY_USED, BUSY, FAILED };

static const struct {
	int status;
	const char *code, *message;
} endings[] = {
	[NO_HTTP] = { 400, "no_http", "where the body ends cannot be told; send Content-Length, or chunks, and not both" },
	[NOT_FOUND] = { 404, "not_found", NULL },
	[WRONG_METHOD] = { 405, "wrong_method", "this path takes the methods that the header Allow names" },
	[NO_SENDER] = { 401, "no_sender", "no sender has this token; write Authorization: Bearer TOKEN" },
	[TOO_MANY] = { 429, "too_many", "too many requests for this sender; ask again after as many seconds as Retry-After says" },
	[TOO_LARGE] = { 413, "too_large", "the body is longer than 64 KiB; send one record with each request" },
	[TOO_SLOW] = { 408, "too_slow", "the body took longer than a minute; nothing was done, send it again" },
	[WRONG_TYPE] = { 415, "wrong_type", "the body must be JSON; write Content-Type: application/json" },
	[NO_JSON] = { 400, "no_json", NULL },
	[INVALID] = { 422, "invalid", "some fields cannot be taken; nothing was changed" },
	[FORBIDDEN] = { 403, "forbidden", "this sender may not write to that team" },
	[WRONG_KEY] = { 400, "wrong_key", "Idempotency-Key must be 1 to 200 visible ASCII characters" },
	[KEY_USED] = { 422, "key_used", "this Idempotency-Key stands for another request" },
	[BUSY] = { 503, "busy", "nothing can be taken in just now; ask again after as many seconds as Retry-After says" },
	[FAILED] = { 500, "failed", "this request cannot be handled; nothing was changed, and the log says why" },
};

static void reply(struct http_call *call, int status, const char *header, const char *body)
{
	const char *const headers[] = { "Content-Type: application/json", "Cache-Control: no-store", header, NULL };
	http_reply(call, status, headers, body, strlen(body));
}

/* message: NULL: the usual one. problems: struct event_input; NULL: none. header: one more line; NULL: none. */
static void end_call(struct http_call *call, enum ending ending, const char *message, const GArray *problems, const char *header)
{
	g_autoptr(cJSON) root = cJSON_CreateObject();
	cJSON *error = json_put_object(root, "error"), *list = problems ? json_put_array(error, "problems") : NULL;
	json_put_text(error, "code", endings[ending].code);
	json_put_text(error, "message", message ? message : endings[ending].message);
	for (guint i = 0; problems && i < problems->len; i++) {
		const struct event_input *problem = &g_array_index(problems, struct event_input, i);
		cJSON *item = json_push_object(list);
		json_put_text(item, "field", problem->name);
		json_put_text(item, "message", problem->value);
	}
	g_autofree char *body = json_print(root);
	reply(call, endings[ending].status, header, body);
}

static void end_with_wait(struct http_call *call, enum ending ending, int seconds)
{
	g_autofree char *header = g_strdup_printf("Retry-After: %d", seconds);
	end_call(call, ending, NULL, NULL, header);
}

/* ---- what is asked ---- */

/* One request that is being looked at, from the top down: each step ends the call or leaves it to the next. */
struct asked {
	struct api *api;
	struct http_call *call;
	const struct api_resource *resource;
	const struct config_sender *sender;
	struct event *event;
};

static void tell_paths(struct http_call *call)
{
	g_autofree char *paths = api_paths();
	g_autofree char *message = g_strdup_printf("there is nothing at this path; there are: %s, " HEALTH_PATH, paths);
	end_call(call, NOT_FOUND, message, NULL, NULL);
}

/* What a path takes: the first is what it is for. */
static const char *const posted[] = { "POST", "OPTIONS", NULL }, *const looked_at[] = { "GET", "HEAD", "OPTIONS", NULL };

/* FALSE: the call is ended, for it asked only what there is, or something else. */
static gboolean has_method(struct http_call *call, const char *const *allowed)
{
	const char *method = http_call_method(call);
	gboolean fits = g_strv_contains(allowed, method), asks = strcmp(method, "OPTIONS") == 0;
	if (fits && !asks)
		return TRUE;
	g_autofree char *all = g_strjoinv(", ", (char **)allowed);
	g_autofree char *header = g_strconcat("Allow: ", all, NULL);
	if (asks)
		http_reply(call, 204, (const char *const[]){ header, NULL }, NULL, 0);
	else
		end_call(call, WRONG_METHOD, NULL, NULL, header);
	return FALSE;
}

static gboolean may_ask(struct asked *a)
{
	struct api *api = a->api;
	int index = api_senders_find(api->senders, http_call_header(a->call, "Authorization"));
	if (index < 0) {
		end_call(a->call, NO_SENDER, NULL, NULL, "WWW-Authenticate: Bearer realm=\"belltower\"");
		return FALSE;
	}
	int wait_s = api_senders_wait_s(api->senders, index, clock_mono_ms(api->setup.clock));
	if (wait_s > 0)
		end_with_wait(a->call, TOO_MANY, wait_s);
	a->sender = api_sender(api->senders, index);
	return wait_s == 0;
}

static gboolean is_json(const struct asked *a)
{
	const char *type = http_call_header(a->call, "Content-Type");
	g_autofree char *name = g_strndup(type ? type : "", type ? strcspn(type, "; ") : 0);
	if (g_ascii_strcasecmp(name, "application/json") == 0)
		return TRUE;
	end_call(a->call, WRONG_TYPE, NULL, NULL, NULL);
	return FALSE;
}

static gboolean is_visible(const char *key)
{
	gsize length = strlen(key);
	for (const char *p = key; *p; p++)
		if (!g_ascii_isgraph(*p))
			return FALSE;
	return length > 0 && length <= KEY_LENGTH;
}

static gboolean read_key(struct asked *a)
{
	const char *key = http_call_header(a->call, "Idempotency-Key");
	gsize length;
	const char *body = http_call_body(a->call, &length);
	if (!key)
		return TRUE;
	if (!is_visible(key)) {
		end_call(a->call, WRONG_KEY, NULL, NULL, NULL);
		return FALSE;
	}
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	g_checksum_update(sum, (const guchar *)a->resource->path, -1);
	g_checksum_update(sum, (const guchar *)body, (gssize)length);
	a->event->message = g_strdup(key);
	a->event->text = g_strdup(g_checksum_get_string(sum));
	g_checksum_free(sum);
	return TRUE;
}

static gboolean read_body(struct asked *a)
{
	gsize length;
	const char *text = http_call_body(a->call, &length);
	g_autoptr(GError) error = NULL;
	g_autoptr(cJSON) body = json_parse(text, length, &error);
	if (!body) {
		end_call(a->call, NO_JSON, error->message, NULL, NULL);
		return FALSE;
	}
	g_autoptr(GArray) problems = event_inputs_new();
	if (!api_read(a->resource, body, a->event, problems))
		end_call(a->call, INVALID, NULL, problems, NULL);
	return problems->len == 0;
}

/* The one team that the sender may write to; NULL: there are more. */
static const char *only_team(const struct asked *a)
{
	struct config_team **teams = a->api->config->teams;
	char **named = a->sender->teams;
	if (*named)
		return named[1] ? NULL : named[0];
	return teams[1] ? NULL : teams[0]->name;
}

static gboolean end_for_team(const struct asked *a, enum ending ending, const char *what)
{
	g_autoptr(GArray) problems = event_inputs_new();
	event_inputs_add(problems, "team", what);
	end_call(a->call, ending, NULL, problems, NULL);
	return FALSE;
}

static gboolean read_team(struct asked *a)
{
	const char *team = event_input_value(a->event, "team");
	if (!team && !(team = only_team(a)))
		return end_for_team(a, INVALID, "is missing: this sender may write to more than one");
	if (!config_sender_may(a->sender, team))
		return end_for_team(a, FORBIDDEN, "is none of this sender's teams");
	if (!config_team(a->api->config, team))
		return end_for_team(a, INVALID, "there is no team of that name");
	if (!event_input_value(a->event, "team"))
		event_add_input(a->event, "team", team);
	return TRUE;
}

static gboolean can_take(const struct asked *a)
{
	if (!a->api->paused && !a->api->failing)
		return TRUE;
	end_with_wait(a->call, BUSY, COME_AGAIN_S);
	return FALSE;
}

static void give_to_clerk(struct asked *a)
{
	struct api *api = a->api;
	gint64 *receipt = g_new(gint64, 1);
	a->event->receipt = *receipt = ++api->last_receipt;
	a->event->at_ms = clock_now_ms(api->setup.clock);
	http_call_set_data(a->call, receipt);
	g_hash_table_insert(api->waiting, receipt, a->call);
	api->setup.put(api->setup.data, g_steal_pointer(&a->event));
}

static void tell_health(const struct asked *a)
{
	gboolean well = !a->api->paused && !a->api->failing;
	if (has_method(a->call, looked_at))
		reply(a->call, well ? 200 : 503, NULL, well ? "{\"status\":\"ok\"}" : "{\"status\":\"busy\"}");
}

static void requested(struct http_call *call, gpointer data)
{
	struct asked a = { data, call, api_route(http_call_path(call)), NULL, NULL };
	if (!a.resource) {
		if (strcmp(http_call_path(call), HEALTH_PATH) == 0)
			tell_health(&a);
		else
			tell_paths(call);
		return;
	}
	if (!has_method(call, posted) || !may_ask(&a) || !is_json(&a) || !can_take(&a))
		return;
	a.event = event_new(EVENT_REQUESTED, NULL);
	a.event->word = g_strdup(a.resource->word);
	a.event->value = g_strdup(a.sender->name);
	if (read_key(&a) && read_body(&a) && read_team(&a))
		give_to_clerk(&a);
	event_free(a.event);
}

static void gone(struct http_call *call, gpointer data)
{
	struct api *api = data;
	g_hash_table_remove(api->waiting, http_call_data(call));
}

static void refused(struct http_call *call, int status, gpointer data)
{
	(void)data;
	enum ending ending = status == endings[TOO_LARGE].status ? TOO_LARGE : status == endings[TOO_SLOW].status ? TOO_SLOW : NO_HTTP;
	end_call(call, ending, NULL, NULL, NULL);
}

static const struct http_server_events events = { .request = requested, .refused = refused, .gone = gone };

/* ---- what became of it ---- */

static void tell_done(struct http_call *call, const struct verdict *verdict)
{
	gboolean again = verdict->answer.fate == REQUEST_REPEATED;
	reply(call, 200, again ? "Idempotent-Replayed: true" : NULL, verdict->answer.facts);
}

static void tell(struct http_call *call, const struct verdict *verdict)
{
	if (!verdict->kept) {
		end_with_wait(call, BUSY, COME_AGAIN_S);
		return;
	}
	switch (verdict->answer.fate) {
	case REQUEST_DONE:
	case REQUEST_REPEATED:
		tell_done(call, verdict);
		break;
	case REQUEST_REFUSED:
		end_call(call, INVALID, NULL, verdict->problems, NULL);
		break;
	case REQUEST_KEY_USED:
		end_call(call, KEY_USED, NULL, NULL, NULL);
		break;
	case REQUEST_FAILED:
		end_call(call, FAILED, NULL, NULL, NULL);
		break;
	}
}

void api_verdict(struct api *api, const struct verdict *verdict)
{
	struct http_call *call = g_hash_table_lookup(api->waiting, &verdict->receipt);
	if (!call)
		return; /* who asked has left */
	g_hash_table_remove(api->waiting, &verdict->receipt);
	tell(call, verdict);
}

void api_pause(struct api *api, gboolean paused)
{
	api->paused = paused;
}

void api_failing(struct api *api, gboolean failing)
{
	api->failing = failing;
}

/* ---- life ---- */

struct api *api_new(const struct api_setup *setup)
{
	struct api *api = g_new0(struct api, 1);
	api->setup = *setup;
	api->waiting = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	return api;
}

static void stop_listening(struct api *api)
{
	g_hash_table_remove_all(api->waiting);
	http_server_free(g_steal_pointer(&api->server));
	g_clear_pointer(&api->listen, g_free);
}

void api_free(struct api *api)
{
	if (!api)
		return;
	stop_listening(api);
	api_senders_free(api->senders);
	g_hash_table_unref(api->waiting);
	g_free(api);
}

static gboolean start_listening(struct api *api, const char *listen, GError **error)
{
	g_autoptr(GNetworkAddress) address = G_NETWORK_ADDRESS(g_network_address_parse(listen, 0, NULL));
	const struct http_server_options options = { .address = g_network_address_get_hostname(address),
		.port = g_network_address_get_port(address), .max_body_bytes = BODY_BYTES };
	struct http_server *server = http_server_new(api->setup.lws, &options, &events, api, error);
	if (!server)
		return FALSE;
	stop_listening(api);
	api->server = server;
	api->listen = g_strdup(listen);
	log_info("the API listens", "address", listen);
	return TRUE;
}

gboolean api_configure(struct api *api, const struct config *config, GError **error)
{
	const char *listen = config->api.listen;
	api->config = config;
	api_senders_free(api->senders);
	api->senders = api_senders_new(&config->api);
	if (!listen)
		stop_listening(api);
	return g_strcmp0(listen, api->listen) == 0 || start_listening(api, listen, error);
}
