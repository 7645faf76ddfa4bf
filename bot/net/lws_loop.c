/* SPDX-License-Identifier: MIT */
#include "net/lws_private.h"

#include <gio/gio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"

#define CA_DIRECTORY "/etc/ssl/certs"
/* Real time, in libwebsockets' own hands; the callers' limits are shorter. */
#define TIMEOUT_SECONDS 60
/* With more descriptors allowed than this, libwebsockets searches a table this long instead of allocating 16 bytes each. */
#define MAX_CONNECTIONS	    2048
#define MAX_HEADER_BYTES    8192
#define MAX_TEARDOWN_ROUNDS 1000

struct client_host {
	char *key;
	struct lws_vhost *vhost;
	SSL_CTX *tls;
};

struct lws_loop {
	struct lws_context *context; /* NULL again when libwebsockets has freed it */
	GMainLoop *main_loop;
	GSource *forced;
	GQueue unflushed; /* struct ws, by their links */
	GPtrArray *client_hosts; /* struct client_host */
	unsigned depth;		 /* callbacks of libwebsockets under way */
};

const lws_retry_bo_t lws_loop_no_retry = { .secs_since_valid_ping = 0, .secs_since_valid_hangup = 0 };

/* --- the forced source --- */

/*
 * What the loop has to do without any socket's word. Messages to write: for these libwebsockets would be told to watch
 * the socket for room, which costs two wake-ups and two turns of the loop although there nearly always is room. And:
 * libwebsockets' GLib library serves what it has already read (a resumed connection, the first message behind an
 * upgrade) from an idle source, which never runs while anything else is ready. This source does it in its turn.
 */
struct forced_source {
	GSource source; /* first: GLib allocates the whole */
	struct lws_loop *loop;
};

static gboolean forced_is_ready(GSource *source)
{
	struct lws_loop *loop = ((struct forced_source *)source)->loop;
	return loop->unflushed.length > 0 || (loop->context && lws_service_adjust_timeout(loop->context, 1, 0) == 0);
}

/* Those only that are in line now: a flush may put others there. */
void lws_loop_flush(struct lws_loop *loop)
{
	for (guint n = loop->unflushed.length; n > 0 && loop->unflushed.length > 0; n--) {
		GList *link = g_queue_pop_head_link(&loop->unflushed);
		ws_flush(link->data);
	}
}

static gboolean forced_prepare(GSource *source, gint *timeout_ms)
{
	*timeout_ms = -1;
	return forced_is_ready(source);
}

static gboolean forced_dispatch(GSource *source, GSourceFunc unused, gpointer data)
{
	(void)unused;
	(void)data;
	struct lws_loop *loop = ((struct forced_source *)source)->loop;
	lws_loop_flush(loop);
	if (loop->context && lws_service_adjust_timeout(loop->context, 1, 0) == 0)
		_lws_plat_service_forced_tsi(loop->context, 0);
	return G_SOURCE_CONTINUE;
}

static GSourceFuncs forced_funcs = {
	.prepare = forced_prepare, .check = forced_is_ready, .dispatch = forced_dispatch
};

static GSource *forced_new(struct lws_loop *loop)
{
	GSource *source = g_source_new(&forced_funcs, sizeof(struct forced_source));
	((struct forced_source *)source)->loop = loop;
	g_source_set_static_name(source, "lws forced");
	g_source_attach(source, NULL);
	return source;
}

/* --- life cycle --- */

static void emit_log(int level, const char *line)
{
	g_autofree char *text = g_strchomp(g_strdup(line));
	if (level & LLL_ERR)
		log_warning("libwebsockets", "text", text);
	else
		log_debug("libwebsockets", "text", text);
}

static void client_host_free(gpointer host)
{
	struct client_host *h = host;
	g_free(h->key);
	SSL_CTX_free(h->tls);
	g_free(h);
}

static struct lws_context *create_context(struct lws_loop *loop)
{
	void *loops[] = { loop->main_loop };
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.options = LWS_SERVER_OPTION_GLIB | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
			   LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
		.foreign_loops = loops,
		.pcontext = &loop->context,
		.pt_serv_buf_size = LWS_LOOP_CHUNK_BYTES,
		.max_http_header_data2 = MAX_HEADER_BYTES,
		.timeout_secs = TIMEOUT_SECONDS,
		.fd_limit_per_thread = sysconf(_SC_OPEN_MAX) > MAX_CONNECTIONS ? MAX_CONNECTIONS : 0,
	};
	return lws_create_context(&info);
}

struct lws_loop *lws_loop_new(GError **error)
{
	lws_set_log_level(LLL_ERR | LLL_WARN, emit_log);
	struct lws_loop *loop = g_new0(struct lws_loop, 1);
	loop->client_hosts = g_ptr_array_new_with_free_func(client_host_free);
	loop->main_loop = g_main_loop_new(NULL, FALSE);
	loop->context = create_context(loop);
	if (!loop->context) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
			"cannot start libwebsockets: is libwebsockets-evlib-glib installed?");
		lws_loop_free(loop);
		return NULL;
	}
	loop->forced = forced_new(loop);
	return loop;
}

static void run_dry(struct lws_loop *loop)
{
	for (int round = 0;
		round < MAX_TEARDOWN_ROUNDS && loop->context && g_main_context_iteration(NULL, FALSE);
		round++)
		;
}

void lws_loop_free(struct lws_loop *loop)
{
	if (!loop)
		return;
	if (loop->forced) {
		g_source_destroy(loop->forced);
		g_source_unref(loop->forced);
	}
	if (loop->context) {
		lws_context_destroy(loop->context);
		run_dry(loop);
	}
	if (loop->context)
		lws_context_destroy(loop->context);
	g_ptr_array_free(loop->client_hosts, TRUE);
	g_main_loop_unref(loop->main_loop);
	g_free(loop);
}

struct lws_context *lws_loop_context(struct lws_loop *loop)
{
	return loop->context;
}

void lws_loop_enter(struct lws_loop *loop)
{
	loop->depth++;
}

void lws_loop_leave(struct lws_loop *loop)
{
	loop->depth--;
}

void lws_loop_kill(struct lws_loop *loop, struct lws *wsi)
{
	if (loop->depth == 0) {
		/* This reason alone skips the flushing of buffers and the waiting for the peer. */
		lws_close_free_wsi(wsi, LWS_CLOSE_STATUS_NOSTATUS_CONTEXT_DESTROY, "kill");
		return;
	}
	/* libwebsockets sees the hang-up in the next turn, and frees the wsi then. */
	shutdown(lws_get_socket_fd(wsi), SHUT_RDWR);
}

static gboolean is_in_line(const struct lws_loop *loop, const GList *link)
{
	return link->prev || link->next || loop->unflushed.head == link;
}

void lws_loop_flush_soon(struct lws_loop *loop, GList *link)
{
	if (!is_in_line(loop, link))
		g_queue_push_tail_link(&loop->unflushed, link);
}

void lws_loop_flush_not(struct lws_loop *loop, GList *link)
{
	if (is_in_line(loop, link))
		g_queue_unlink(&loop->unflushed, link);
}

void lws_loop_speed_up(void)
{
	GSource *source = g_main_current_source();
	if (source)
		g_source_set_can_recurse(source, TRUE);
}

gboolean lws_loop_is_stray(enum lws_callback_reasons reason)
{
	static const enum lws_callback_reasons strays[] = {
		LWS_CALLBACK_ESTABLISHED,
		LWS_CALLBACK_CLIENT_ESTABLISHED,
		LWS_CALLBACK_RECEIVE,
		LWS_CALLBACK_CLIENT_RECEIVE,
		LWS_CALLBACK_SERVER_WRITEABLE,
		LWS_CALLBACK_CLIENT_WRITEABLE,
		LWS_CALLBACK_HTTP,
		LWS_CALLBACK_HTTP_BODY,
		LWS_CALLBACK_HTTP_BODY_COMPLETION,
		LWS_CALLBACK_HTTP_WRITEABLE,
	};
	for (gsize i = 0; i < G_N_ELEMENTS(strays); i++) {
		if (strays[i] == reason)
			return TRUE;
	}
	return FALSE;
}

guint lws_loop_later(GSourceFunc fn, gpointer data)
{
	return g_idle_add_full(G_PRIORITY_DEFAULT, fn, data, NULL);
}

/* --- dialling --- */

static gboolean load_authorities(SSL_CTX *tls, const char *ca_file, GError **error)
{
	ERR_clear_error();
	int loaded =
		ca_file ? SSL_CTX_load_verify_file(tls, ca_file) : SSL_CTX_load_verify_dir(tls, CA_DIRECTORY);
	if (loaded == 1)
		return TRUE;
	const char *why = ERR_reason_error_string(ERR_peek_last_error());
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot read authorities from '%s': %s",
		ca_file ? ca_file : CA_DIRECTORY, why ? why : "unknown error");
	return FALSE;
}

/* Made here and not by libwebsockets, whose own would also trust a directory relative to the current one. */
static SSL_CTX *client_tls(const char *ca_file, GError **error)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
	g_assert(tls);
	SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
	SSL_CTX_set_mode(tls, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
	if (load_authorities(tls, ca_file, error))
		return tls;
	SSL_CTX_free(tls);
	return NULL;
}

static struct lws_vhost *create_client_vhost(
	struct lws_loop *loop, const struct lws_protocols *protocols, const struct client_host *h)
{
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS,
		.vhost_name = h->key,
		.protocols = protocols,
		.provided_client_ssl_ctx = h->tls,
		.retry_and_idle_policy = &lws_loop_no_retry,
		/* No proxy yet; without this libwebsockets would take the environment's http_proxy by itself. */
		.http_proxy_address = ":0",
		.connect_timeout_secs = TIMEOUT_SECONDS,
		.ka_time = 20,
		.ka_interval = 5,
		.ka_probes = 4,
	};
	return lws_create_vhost(loop->context, &info);
}

struct lws_vhost *lws_loop_client_vhost(struct lws_loop *loop, const struct lws_protocols *protocols,
	gboolean tls, const char *ca_file, const char *proxy, GError **error)
{
	g_autofree char *key = g_strdup_printf(
		"%s %s %s", tls ? "wss" : "ws", tls && ca_file ? ca_file : "-", proxy ? proxy : "-");
	for (guint i = 0; i < loop->client_hosts->len; i++) {
		struct client_host *h = loop->client_hosts->pdata[i];
		if (strcmp(h->key, key) == 0)
			return h->vhost;
	}
	struct client_host *h = g_new0(struct client_host, 1);
	h->key = g_steal_pointer(&key);
	h->tls = client_tls(tls ? ca_file : NULL, error);
	h->vhost = h->tls ? create_client_vhost(loop, protocols, h) : NULL;
	if (!h->vhost) {
		if (h->tls)
			g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot prepare a connection");
		client_host_free(h);
		return NULL;
	}
	g_ptr_array_add(loop->client_hosts, h);
	return h->vhost;
}
