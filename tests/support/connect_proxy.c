/* SPDX-License-Identifier: MIT */
#include "connect_proxy.h"

#include <gio/gio.h>
#include <string.h>

struct connect_proxy {
	GSocketService *service;
	GCancellable *stop;
	guint16 port;
	char *authorization;
	unsigned tunnels;
	char *last_target;
};

/* One client, with the connection to its target once it has said CONNECT. */
struct tunnel {
	struct connect_proxy *proxy;
	GSocketConnection *client, *target;
	char head[2048];
	gsize length;
	int pumps;
};

static void tunnel_free(struct tunnel *t)
{
	g_clear_object(&t->client);
	g_clear_object(&t->target);
	g_free(t);
}

static void pump_is_over(GObject *stream, GAsyncResult *result, gpointer data)
{
	struct tunnel *t = data;
	g_output_stream_splice_finish(G_OUTPUT_STREAM(stream), result, NULL);
	/* Either way over: the whole is. */
	g_socket_close(g_socket_connection_get_socket(t->client), NULL);
	g_socket_close(g_socket_connection_get_socket(t->target), NULL);
	if (--t->pumps == 0)
		tunnel_free(t);
}

static void pump(struct tunnel *t, GSocketConnection *from, GSocketConnection *to)
{
	t->pumps++;
	g_output_stream_splice_async(g_io_stream_get_output_stream(G_IO_STREAM(to)),
		g_io_stream_get_input_stream(G_IO_STREAM(from)), G_OUTPUT_STREAM_SPLICE_NONE,
		G_PRIORITY_DEFAULT, t->proxy->stop, pump_is_over, t);
}

static void say(struct tunnel *t, const char *answer)
{
	g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(t->client)), answer,
		strlen(answer), NULL, NULL, NULL);
}

static void connected(GObject *client, GAsyncResult *result, gpointer data)
{
	struct tunnel *t = data;
	t->target = g_socket_client_connect_finish(G_SOCKET_CLIENT(client), result, NULL);
	if (!t->target) {
		say(t, "HTTP/1.1 502 Bad Gateway\r\n\r\n");
		tunnel_free(t);
		return;
	}
	t->proxy->tunnels++;
	say(t, "HTTP/1.1 200 Connection established\r\n\r\n");
	pump(t, t->client, t->target);
	pump(t, t->target, t->client);
}

static void connect_target(struct tunnel *t)
{
	g_auto(GStrv) words = g_strsplit(t->head, " ", 3);
	struct connect_proxy *p = t->proxy;
	if (p->authorization && !strstr(t->head, p->authorization)) {
		say(t, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic "
		       "realm=\"t\"\r\n"
		       "Content-Length: 0\r\n\r\n");
		tunnel_free(t);
		return;
	}
	if (g_strcmp0(words[0], "CONNECT") != 0) {
		say(t, "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n");
		tunnel_free(t);
		return;
	}
	g_free(p->last_target);
	p->last_target = g_strdup(words[1]);
	g_autoptr(GSocketClient) client = g_socket_client_new();
	g_socket_client_connect_to_host_async(client, words[1], 0, p->stop, connected, t);
}

static void read_head(struct tunnel *t);

static void head_came(GObject *stream, GAsyncResult *result, gpointer data)
{
	struct tunnel *t = data;
	gssize n = g_input_stream_read_finish(G_INPUT_STREAM(stream), result, NULL);
	if (n <= 0) {
		tunnel_free(t);
		return;
	}
	t->length += (gsize)n;
	if (strstr(t->head, "\r\n\r\n"))
		connect_target(t);
	else
		read_head(t);
}

static void read_head(struct tunnel *t)
{
	g_input_stream_read_async(g_io_stream_get_input_stream(G_IO_STREAM(t->client)), t->head + t->length,
		sizeof t->head - 1 - t->length, G_PRIORITY_DEFAULT, t->proxy->stop, head_came, t);
}

static gboolean incoming(GSocketService *service, GSocketConnection *client, GObject *source, gpointer proxy)
{
	(void)service;
	(void)source;
	struct tunnel *t = g_new0(struct tunnel, 1);
	t->proxy = proxy;
	t->client = g_object_ref(client);
	read_head(t);
	return TRUE;
}

struct connect_proxy *connect_proxy_new(const char *user_and_password)
{
	struct connect_proxy *p = g_new0(struct connect_proxy, 1);
	p->service = g_socket_service_new();
	p->stop = g_cancellable_new();
	g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
	g_autoptr(GSocketAddress) address = g_inet_socket_address_new(loopback, 0);
	g_autoptr(GSocketAddress) bound = NULL;
	g_socket_listener_add_address(G_SOCKET_LISTENER(p->service), address, G_SOCKET_TYPE_STREAM,
		G_SOCKET_PROTOCOL_TCP, NULL, &bound, NULL);
	p->port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
	if (user_and_password) {
		g_autofree char *code =
			g_base64_encode((const guchar *)user_and_password, strlen(user_and_password));
		p->authorization = g_strconcat(" ", code, "\r\n", NULL);
	}
	g_signal_connect(p->service, "incoming", G_CALLBACK(incoming), p);
	return p;
}

void connect_proxy_free(struct connect_proxy *p)
{
	g_socket_service_stop(p->service);
	g_socket_listener_close(G_SOCKET_LISTENER(p->service));
	g_cancellable_cancel(p->stop);
	/* Tunnels end in the loop. */
	for (int i = 0; i < 100 && g_main_context_iteration(NULL, FALSE); i++)
		;
	g_object_unref(p->service);
	g_object_unref(p->stop);
	g_free(p->authorization);
	g_free(p->last_target);
	g_free(p);
}

guint16 connect_proxy_port(const struct connect_proxy *p)
{
	return p->port;
}

unsigned connect_proxy_tunnels(const struct connect_proxy *p)
{
	return p->tunnels;
}

const char *connect_proxy_last_target(const struct connect_proxy *p)
{
	return p->last_target ? p->last_target : "";
}
