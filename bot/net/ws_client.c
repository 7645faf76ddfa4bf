/* SPDX-License-Identifier: MIT */
#include "net/ws_client.h"

#include <gio/gio.h>
#include <openssl/x509_vfy.h>

#include "net/lws_private.h"
#include "net/proxy.h"

#define DEFAULT_MESSAGE_BYTES (1024 * 1024)
#define DEFAULT_SEND_BYTES    20000
#define DEFAULT_WAITING_BYTES (4 * 1024 * 1024)
/* libwebsockets writes the request line through a buffer of 2048 bytes. */
#define MAX_PATH_BYTES 1900
/* It compares the certificate with at most 127 bytes of name. */
#define MAX_HOST_BYTES 127
/* While there is another address to try, in real time. */
#define ADDRESS_LIMIT_MS 3000

/* A connection on its way, and later its hold on libwebsockets; lives until the ws ends. */
struct dial {
	struct lws_loop *loop;
	struct ws *ws;
	struct lws *wsi; /* of the present attempt; its opaque pointer is this dial */
	char *host, *path, *ca_file;
	int port;
	gboolean tls;
	char *proxy_host, *proxy_user; /* NULL: no proxy */
	int proxy_port;
	GCancellable *cancel; /* of the name's resolution */
	GList *addresses;     /* GInetAddress: those still to try */
	guint timer;	      /* for the present address, or for the next turn */
	gboolean connected;   /* TCP stands */
	char *certificate_error;
	char **refusal_headers; /* NULL: none wanted */
};

static int client_callback(
	struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length);

/* rx_buffer_size: the largest piece of a message in one callback; tx_packet_size: what one send() is offered. */
static const struct lws_protocols protocols[] = {
	{ .name = "belltower-client",
		.callback = client_callback,
		.rx_buffer_size = 16384,
		.tx_packet_size = 262144 },
	{ .name = NULL },
};

static void forget_wsi(struct dial *d)
{
	if (d->wsi)
		lws_set_opaque_user_data(d->wsi, NULL);
	d->wsi = NULL;
	ws_attach(d->ws, NULL);
}

/* The ws has ended; whatever still runs for it finds nobody. */
static void dial_free(gpointer dial)
{
	struct dial *d = dial;
	if (d->wsi)
		lws_set_opaque_user_data(d->wsi, NULL);
	g_clear_handle_id(&d->timer, g_source_remove);
	g_cancellable_cancel(d->cancel);
	g_object_unref(d->cancel);
	g_resolver_free_addresses(d->addresses);
	g_free(d->host);
	g_free(d->path);
	g_free(d->ca_file);
	g_free(d->proxy_host);
	g_free(d->proxy_user);
	g_free(d->certificate_error);
	g_strfreev(d->refusal_headers);
	g_free(d);
}

/* --- what to dial --- */

static gboolean url_error(GError **error, const char *why)
{
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "cannot dial: %s", why);
	return FALSE;
}

static gboolean parse_url(struct dial *d, const char *url, GError **error)
{
	g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_ENCODED, NULL);
	if (!uri)
		return url_error(error, "not a URL");
	d->tls = g_str_equal(g_uri_get_scheme(uri), "wss");
	if (!d->tls && !g_str_equal(g_uri_get_scheme(uri), "ws"))
		return url_error(error, "neither ws:// nor wss://");
	const char *host = g_uri_get_host(uri), *path = g_uri_get_path(uri), *query = g_uri_get_query(uri);
	if (!host || !*host || strlen(host) > MAX_HOST_BYTES)
		return url_error(error, "no host name, or one too long");
	d->host = g_strdup(host);
	d->port = g_uri_get_port(uri) > 0 ? g_uri_get_port(uri) : d->tls ? 443 : 80;
	d->path = g_strconcat(*path ? path : "/", query ? "?" : "", query ? query : "", NULL);
	return strlen(d->path) <= MAX_PATH_BYTES || url_error(error, "path too long");
}

static gboolean parse_proxy(struct dial *d, const char *configured, GError **error)
{
	struct proxy_words words = proxy_words_from_environment();
	const char *proxy = proxy_pick(configured, &words, d->tls, d->host);
	if (!proxy)
		return TRUE;
	g_autofree char *url = strstr(proxy, "://") ? g_strdup(proxy) : g_strconcat("http://", proxy, NULL);
	g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
	if (!uri || !g_str_equal(g_uri_get_scheme(uri), "http") || !g_uri_get_host(uri) ||
		!*g_uri_get_host(uri))
		return url_error(error, "the proxy is not http://host:port");
	d->proxy_host = g_strdup(g_uri_get_host(uri));
	d->proxy_port = g_uri_get_port(uri) > 0 ? g_uri_get_port(uri) : 1080;
	d->proxy_user = g_strdup(g_uri_get_userinfo(uri));
	return TRUE;
}

/* --- one attempt --- */

static void dial_next(struct dial *d, const char *why);

static gboolean address_is_overdue(gpointer data)
{
	struct dial *d = data;
	d->timer = 0;
	struct lws *wsi = d->wsi;
	forget_wsi(d);
	lws_loop_kill(d->loop, wsi);
	dial_next(d, "no answer from the address");
	return G_SOURCE_REMOVE;
}

/* The proxy's address is the virtual host's, and read while lws_client_connect_via_info runs. */
static void set_proxy(const struct dial *d, struct lws_vhost *vhost, const char *address)
{
	const char *open = strchr(address, ':') ? "[" : "", *close = *open ? "]" : "";
	g_autofree char *text = g_strdup_printf("%s%s%s%s%s:%d", d->proxy_user ? d->proxy_user : "",
		d->proxy_user ? "@" : "", open, address, close, d->proxy_port);
	lws_set_proxy(vhost, text);
}

static char *proxy_name(const struct dial *d)
{
	return d->proxy_host ? g_strdup_printf("%s@%s:%d", d->proxy_user, d->proxy_host, d->proxy_port)
			     : NULL;
}

/* FALSE: the attempt failed at once. */
static gboolean connect_to(struct dial *d, struct lws_vhost *vhost, const char *address)
{
	gboolean usual = d->port == (d->tls ? 443 : 80);
	g_autofree char *host = usual ? g_strdup(d->host) : g_strdup_printf("%s:%d", d->host, d->port);
	struct lws_client_connect_info info = {
		.context = lws_loop_context(d->loop),
		.vhost = vhost,
		.address = d->proxy_host ? d->host : address,
		.port = d->port,
		.path = d->path,
		/* Also the name that TLS asks for and compares with the certificate. */
		.host = host,
		.ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT | (d->tls ? LCCSCF_USE_SSL : 0),
		.local_protocol_name = protocols[0].name,
		.ietf_version_or_minus_one = -1,
		.retry_and_idle_policy = &lws_loop_no_retry,
		.opaque_user_data = d,
	};
	struct lws *wsi = lws_client_connect_via_info(&info);
	if (!wsi)
		return FALSE;
	d->wsi = wsi;
	ws_attach(d->ws, wsi);
	return TRUE;
}

static gboolean try_address(struct dial *d, GInetAddress *address)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *name = proxy_name(d), *numeric = g_inet_address_to_string(address);
	struct lws_vhost *vhost = lws_loop_client_vhost(d->loop, protocols, d->tls, d->ca_file, name, &error);
	if (!vhost) {
		ws_end(d->ws, WS_CODE_ABNORMAL, error->message);
		return TRUE;
	}
	if (d->proxy_host)
		set_proxy(d, vhost, numeric);
	if (!connect_to(d, vhost, numeric))
		return FALSE;
	if (d->addresses)
		d->timer = g_timeout_add(ADDRESS_LIMIT_MS, address_is_overdue, d);
	return TRUE;
}

/* Tries the addresses in turn; the dial may be gone afterwards. */
static void dial_next(struct dial *d, const char *why)
{
	g_clear_handle_id(&d->timer, g_source_remove);
	while (d->addresses) {
		g_autoptr(GInetAddress) address = d->addresses->data;
		d->addresses = g_list_delete_link(d->addresses, d->addresses);
		if (try_address(d, address))
			return;
		why = "cannot connect";
	}
	ws_end(d->ws, WS_CODE_ABNORMAL, why);
}

static gboolean dial_next_later(gpointer data)
{
	struct dial *d = data;
	d->timer = 0;
	dial_next(d, "cannot connect");
	return G_SOURCE_REMOVE;
}

/* --- name resolution --- */

static void resolved(GObject *resolver, GAsyncResult *result, gpointer data)
{
	g_autoptr(GError) error = NULL;
	GList *addresses = g_resolver_lookup_by_name_finish(G_RESOLVER(resolver), result, &error);
	/* Cancelled: the dial is gone. */
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	struct dial *d = data;
	d->addresses = addresses;
	g_autofree char *why = g_strdup_printf("cannot resolve '%s': %s",
		d->proxy_host ? d->proxy_host : d->host, error ? error->message : "no address");
	dial_next(d, why);
}

static void resolve(struct dial *d)
{
	g_autoptr(GResolver) resolver = g_resolver_get_default();
	g_resolver_lookup_by_name_async(
		resolver, d->proxy_host ? d->proxy_host : d->host, d->cancel, resolved, d);
}

/* --- callbacks --- */

void ws_client_note_certificate(struct lws *wsi, void *store)
{
	struct dial *d = lws_get_opaque_user_data(wsi);
	int code = X509_STORE_CTX_get_error(store);
	if (!d || code == X509_V_OK || d->certificate_error)
		return;
	d->certificate_error =
		g_strdup_printf("certificate not accepted: %s", X509_verify_cert_error_string(code));
}

static char *describe_failure(const struct dial *d, struct lws *wsi, const char *in, size_t length)
{
	if (d->certificate_error)
		return g_strdup(d->certificate_error);
	unsigned status = lws_http_client_http_response(wsi);
	if (status && status != 101)
		return g_strdup_printf("upgrade refused with HTTP status %u", status);
	g_autofree char *text = g_strndup(in ? in : "unknown", in ? length : 7);
	return g_strdup_printf("cannot connect: %s", text);
}

/* NULL: the answer has no such header, or one that is too long to be of use. Caller frees. */
static char *refusal_header(struct lws *wsi, const char *name)
{
	g_autofree char *key = g_strconcat(name, ":", NULL);
	int length = lws_hdr_custom_length(wsi, key, (int)strlen(key));
	if (length <= 0)
		return NULL;
	g_autofree char *value = g_malloc((gsize)length + 1);
	if (lws_hdr_custom_copy(wsi, value, length + 1, key, (int)strlen(key)) < 0)
		return NULL;
	return g_utf8_make_valid(value, -1);
}

/* The status of an upgrade that was answered otherwise, and the headers wanted of it. */
static void note_refusal(const struct dial *d, struct lws *wsi)
{
	unsigned status = lws_http_client_http_response(wsi);
	if (!status || status == 101)
		return;
	GHashTable *headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (char **name = d->refusal_headers; name && *name; name++) {
		char *value = refusal_header(wsi, *name);
		if (value)
			g_hash_table_insert(headers, g_strdup(*name), value);
	}
	ws_note_refusal(d->ws, (int)status, headers);
}

/* libwebsockets frees this wsi itself. */
static void on_failure(struct dial *d, struct lws *wsi, const char *in, size_t length)
{
	g_autofree char *why = describe_failure(d, wsi, in, length);
	note_refusal(d, wsi);
	forget_wsi(d);
	g_clear_handle_id(&d->timer, g_source_remove);
	if (d->connected || !d->addresses)
		ws_end(d->ws, WS_CODE_ABNORMAL, why);
	else
		d->timer = lws_loop_later(dial_next_later, d);
}

static int serve(struct dial *d, struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
	size_t length)
{
	switch ((int)reason) {
	case LWS_CALLBACK_WSI_CREATE:
		d->connected = TRUE;
		g_clear_handle_id(&d->timer, g_source_remove);
		return 0;
	case LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION:
		ws_client_note_certificate(wsi, user);
		return 0;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		on_failure(d, wsi, in, length);
		return 0;
	default:
		/* d->wsi is not yet known while lws_client_connect_via_info runs: it reports by its result. */
		return d->wsi ? ws_handle(d->ws, wsi, reason, in, length) : 0;
	}
}

static int client_callback(
	struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	struct dial *d = wsi ? lws_get_opaque_user_data(wsi) : NULL;
	if (!d)
		return lws_loop_is_stray(reason) ? -1 : 0;
	struct lws_loop *loop = d->loop;
	lws_loop_enter(loop);
	int verdict = serve(d, wsi, reason, user, in, length);
	lws_loop_leave(loop);
	return verdict;
}

/* --- dialling --- */

static struct ws *ws_for(
	struct dial *d, const struct ws_options *o, const struct ws_events *events, gpointer data)
{
	struct ws_limits limits = {
		.max_message_bytes = o->max_message_bytes ? o->max_message_bytes : DEFAULT_MESSAGE_BYTES,
		.max_send_bytes = o->max_send_bytes ? o->max_send_bytes : DEFAULT_SEND_BYTES,
		.max_waiting_bytes = o->max_waiting_bytes ? o->max_waiting_bytes : DEFAULT_WAITING_BYTES,
	};
	return ws_new(d->loop, &limits, events, data, dial_free, d);
}

struct ws *ws_client_dial(
	struct lws_loop *loop, const struct ws_options *o, const struct ws_events *events, gpointer data)
{
	struct dial *d = g_new0(struct dial, 1);
	d->loop = loop;
	d->cancel = g_cancellable_new();
	d->ca_file = g_strdup(o->ca_file);
	d->refusal_headers = g_strdupv((char **)o->refusal_headers);
	struct ws *ws = d->ws = ws_for(d, o, events, data);
	g_autoptr(GError) error = NULL;
	if (parse_url(d, o->url, &error) && parse_proxy(d, o->proxy, &error))
		resolve(d);
	else
		ws_end_later(ws, WS_CODE_ABNORMAL, error->message);
	return ws;
}
