/* SPDX-License-Identifier: MIT */
#include "sandbox/sandbox.h"

#include <gio/gio.h>

#include "base/timer.h"
#include "sandbox/acts.h"
#include "sandbox/avatar.h"
#include "sandbox/clicks.h"
#include "sandbox/feishu/lines.h"
#include "sandbox/feishu/tenant.h"
#include "sandbox/files.h"
#include "sandbox/later.h"
#include "sandbox/limits.h"
#include "sandbox/live.h"
#include "sandbox/post.h"
#include "sandbox/respond.h"
#include "sandbox/socket.h"
#include "sandbox/state.h"
#include "sandbox/trouble.h"
#include "sandbox/webapi.h"

enum { MAX_BODY = 32 * 1024 * 1024 };

GResource *belltower_page_data_get_resource(void);
GResource *belltower_chart_data_get_resource(void);

/* ---- routes ---- */

static const char *const json_headers[] = { "Content-Type: application/json; charset=utf-8", NULL };

static void reply_text(struct http_call *call, int status, const char *text)
{
	static const char *const headers[] = { "Content-Type: text/plain; charset=utf-8", NULL };
	http_reply(call, status, headers, text, strlen(text));
}

static void reply_json(struct http_call *call, const cJSON *tree)
{
	g_autofree char *text = json_print(tree);
	http_reply(call, 200, json_headers, text, strlen(text));
}

/* Another site's page must not act here: a browser says where a request comes from. */
static gboolean is_foreign(const struct http_call *call)
{
	const char *origin = http_call_header(call, "origin"), *host = http_call_header(call, "host");
	const char *from = origin ? strstr(origin, "://") : NULL;
	return origin && (!from || !host || !g_str_equal(from + 3, host));
}

static void serve_state(struct sandbox *sb, struct http_call *call)
{
	g_autoptr(cJSON) state = state_describe(sb);
	reply_json(call, state);
}

static void serve_act(struct sandbox *sb, struct http_call *call)
{
	gsize length;
	const char *body = http_call_body(call, &length);
	g_autoptr(cJSON) act = json_parse(body, length, NULL);
	if (is_foreign(call)) {
		reply_text(call, 403, "acts come from the sandbox's own page\n");
	} else if (!cJSON_IsObject(act)) {
		reply_text(call, 400, "an act is a JSON object\n");
	} else {
		g_autoptr(cJSON) reply = acts_perform(sb, act, call);
		if (reply)
			reply_json(call, reply);
	}
}

static const char *content_type_of(const char *path)
{
	static const struct {
		const char *suffix, *header;
	} types[] = {
		{ ".html", "Content-Type: text/html; charset=utf-8" }, { ".js", "Content-Type: text/javascript; charset=utf-8" },
		{ ".css", "Content-Type: text/css; charset=utf-8" }, { ".svg", "Content-Type: image/svg+xml" },
		{ ".json", "Content-Type: application/json; charset=utf-8" },
	};
	for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
		if (g_str_has_suffix(path, types[i].suffix))
			return types[i].header;
	}
	return "Content-Type: application/octet-stream";
}

static GBytes *find_page(const char *name)
{
	GBytes *bytes = g_resource_lookup_data(belltower_page_data_get_resource(), name, 0, NULL);
	return bytes ? bytes : g_resource_lookup_data(belltower_chart_data_get_resource(), name, 0, NULL);
}

static void serve_page(struct sandbox *sb, struct http_call *call)
{
	(void)sb;
	const char *path = http_call_path(call);
	g_autofree char *name = g_strconcat("/belltower", g_str_equal(path, "/") ? "/page/index.html" : path, NULL);
	g_autoptr(GBytes) bytes = find_page(name);
	if (!bytes) {
		reply_text(call, 404, "there is no such page\n");
		return;
	}
	const char *headers[] = { content_type_of(name), "Cache-Control: no-cache", NULL };
	gsize length;
	const char *data = g_bytes_get_data(bytes, &length);
	http_reply(call, 200, headers, data, length);
}

static void serve_face(struct sandbox *sb, struct http_call *call)
{
	g_autofree char *id = g_path_get_basename(http_call_path(call));
	const struct member *member = room_member(sb->room, id);
	if (!member || member->faceless) {
		reply_text(call, 404, "nobody's face\n");
		return;
	}
	static const char *const headers[] = { "Content-Type: image/png", "Cache-Control: no-cache", NULL };
	g_autoptr(GBytes) face = avatar_draw(member->id);
	gsize length;
	const char *data = g_bytes_get_data(face, &length);
	http_reply(call, 200, headers, data, length);
}

static const struct {
	const char *prefix; /* ends with a slash: all below it; else this path alone */
	serve_fn *serve;
	gboolean platform; /* meets bad luck */
} routes[] = {
	{ "/api/", webapi_serve, TRUE },
	{ "/response/", respond_serve, TRUE },
	{ "/upload/", files_serve_upload, TRUE },
	{ "/files/", files_serve, FALSE },
	{ "/faces/", serve_face, FALSE },
	{ "/callback/", tenant_serve_endpoint, TRUE },
	{ "/open-apis/", tenant_serve_api, TRUE },
	{ "/sandbox/state", serve_state, FALSE },
	{ "/sandbox/act", serve_act, FALSE },
	{ "/page/", serve_page, FALSE },
	{ "/", serve_page, FALSE },
};

static gboolean matches(const char *path, const char *route)
{
	gboolean below = g_str_has_suffix(route, "/") && route[1];
	return below ? g_str_has_prefix(path, route) : g_str_equal(path, route);
}

static void came(struct http_call *call, gpointer data)
{
	struct sandbox *sb = data;
	for (guint i = 0; i < G_N_ELEMENTS(routes); i++) {
		if (!matches(http_call_path(call), routes[i].prefix))
			continue;
		if (routes[i].platform)
			trouble_serve(sb->trouble, call, routes[i].serve);
		else
			routes[i].serve(sb, call);
		return;
	}
	reply_text(call, 404, "there is nothing here\n");
}

static void gone(struct http_call *call, gpointer data)
{
	struct sandbox *sb = data;
	if (!trouble_gone(sb->trouble, call))
		later_gone(call);
}

static gboolean is_link(const struct http_call *call)
{
	return g_str_has_prefix(http_call_path(call), "/link");
}

static gboolean is_line(const struct http_call *call)
{
	return g_str_equal(http_call_path(call), "/ws/v2");
}

static int upgrade(const struct http_call *call, gpointer data)
{
	struct sandbox *sb = data;
	if (g_str_equal(http_call_path(call), "/sandbox/live"))
		return is_foreign(call) ? 403 : 0;
	if (!is_link(call) && !is_line(call))
		return 404;
	if (faults_take(sb->faults, FAULT_REFUSE_CONNECTIONS, NULL))
		return 503;
	if (is_line(call))
		return lines_admit(sb->tenant->lines, call);
	return socket_hub_admit(sb->sockets, http_call_query(call)) ? 0 : 403;
}

static void connected(struct ws *ws, const struct http_call *call, gpointer data)
{
	struct sandbox *sb = data;
	if (is_link(call))
		socket_hub_welcome(sb->sockets, ws, http_call_query(call));
	else if (is_line(call))
		lines_welcome(sb->tenant->lines, ws, call);
	else
		live_welcome(sb->live, ws);
}

static const struct http_server_events server_events = {
	.request = came, .gone = gone, .upgrade = upgrade, .connected = connected
};

/* ---- life ---- */

static char *url_of(const struct sandbox_options *o, guint16 port)
{
	const char *address = o->address ? o->address : "127.0.0.1";
	gboolean v6 = strchr(address, ':') != NULL;
	return g_strdup_printf("%s://%s%s%s:%u/", o->cert_file ? "https" : "http", v6 ? "[" : "", address, v6 ? "]" : "", port);
}

static gboolean listen_on(struct sandbox *sb, const struct sandbox_options *o, GError **error)
{
	struct http_server_options server = { .address = o->address, .port = o->port, .cert_file = o->cert_file,
		.key_file = o->key_file, .max_body_bytes = MAX_BODY };
	sb->server = http_server_new(o->loop, &server, &server_events, sb, error);
	if (!sb->server)
		return FALSE;
	sb->url = url_of(o, http_server_port(sb->server));
	return TRUE;
}

static void faults_spent(gpointer data)
{
	state_apply_faults(data);
}

static void tell_clock(gpointer data)
{
	state_push_clock(data);
}

/* By whomever: an act, the other room, a test. */
static void clock_moved(gpointer data)
{
	const struct sandbox *sb = data;
	timer_arm_in(sb->clock_teller, 0);
}

struct sandbox *sandbox_new(const struct sandbox_options *o, GError **error)
{
	struct sandbox *sb = g_new0(struct sandbox, 1);
	sb->clock = o->clock;
	sb->loop = o->loop;
	sb->kept_messages = o->kept_messages;
	sb->page_messages = o->page_messages;
	sb->company = o->company ? cJSON_Duplicate(o->company, TRUE) : company_example();
	sb->room = room_new(sb->company, o->clock, error);
	if (!sb->room) {
		sandbox_free(sb);
		return NULL;
	}
	sb->room->kept_messages = o->kept_messages;
	sb->faults = faults_new(faults_spent, sb);
	sb->trouble = trouble_new(sb);
	sb->live = live_new(sb, !o->no_log);
	sb->sockets = socket_hub_new(sb);
	sb->post = post_office_new(sb);
	sb->webapi = webapi_new();
	sb->limits = limits_new(o->clock, o->no_rate_limits);
	sb->tenant = tenant_new(sb, o->no_rate_limits);
	if (!listen_on(sb, o, error)) {
		sandbox_free(sb);
		return NULL;
	}
	sb->room->url = sb->url;
	sb->clicks = clicks_new(o->clock, sb->url);
	sb->files = file_room_new(sb);
	sb->clock_teller = timer_new(NULL, sb->clock, tell_clock, sb);
	clock_subscribe(sb->clock, clock_moved, sb);
	return sb;
}

void sandbox_free(struct sandbox *sb)
{
	if (!sb)
		return;
	clock_unsubscribe(sb->clock, clock_moved, sb);
	timer_free(sb->clock_teller);
	tenant_free(sb->tenant);
	post_office_free(sb->post); /* requests that wait for a fate are dropped while there is a server */
	socket_hub_free(sb->sockets);
	live_free(sb->live);
	http_server_free(sb->server);
	clicks_free(sb->clicks);
	file_room_free(sb->files);
	limits_free(sb->limits);
	webapi_free(sb->webapi);
	trouble_free(sb->trouble);
	faults_free(sb->faults);
	room_free(sb->room);
	cJSON_Delete(sb->company);
	cJSON_Delete(sb->rooms);
	g_free(sb->url);
	g_free(sb);
}

const char *sandbox_url(const struct sandbox *sb)
{
	return sb->url;
}

void sandbox_point(struct sandbox *sb, const char *platform, const char *url)
{
	if (!sb->rooms)
		sb->rooms = cJSON_CreateObject();
	json_put_text(sb->rooms, platform, url);
}

guint16 sandbox_port(const struct sandbox *sb)
{
	return http_server_port(sb->server);
}

cJSON *sandbox_act(struct sandbox *sb, const cJSON *act)
{
	return acts_perform(sb, act, NULL);
}

cJSON *sandbox_state(const struct sandbox *sb)
{
	return state_describe(sb);
}

gboolean sandbox_is_quiet(const struct sandbox *sb)
{
	return post_is_quiet(sb->post) && tenant_is_quiet(sb->tenant) && !files_are_pending(sb->files) && trouble_waiting(sb->trouble) == 0;
}

void sandbox_observe(struct sandbox *sb, sandbox_observe_fn *observe, gpointer data)
{
	live_observe(sb->live, observe, data);
}
