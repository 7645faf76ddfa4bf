/* SPDX-License-Identifier: MIT */
#include "net_test.h"

#include <dlfcn.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <netdb.h>
#include <unistd.h>

static gboolean tick(gpointer data)
{
	*(gboolean *)data = TRUE;
	return G_SOURCE_CONTINUE;
}

void turn_once(void)
{
	gboolean ticked = FALSE;
	guint id = g_timeout_add(20, tick, &ticked);
	g_main_context_iteration(NULL, TRUE);
	g_source_remove(id);
}

void run_until(const unsigned *counter, unsigned want)
{
	RUN_WHILE(*counter < want);
}

unsigned busy_turns_in(unsigned ms)
{
	gboolean over = FALSE;
	unsigned turns = 0;
	guint id = g_timeout_add(ms, tick, &over);
	while (!over)
		turns += g_main_context_iteration(NULL, TRUE) ? 1 : 0;
	g_source_remove(id);
	return turns;
}

struct lws_loop *test_loop(void)
{
	g_autoptr(GError) error = NULL;
	struct lws_loop *loop = lws_loop_new(&error);
	if (!loop)
		fail_msg("%s", error->message);
	return loop;
}

/* --- names --- */

static GMutex gate_mutex;
static GCond gate_moved;
static gboolean gate_closed;
static unsigned gate_waiting;

static void set_gate(gboolean closed)
{
	g_mutex_lock(&gate_mutex);
	gate_closed = closed;
	g_cond_broadcast(&gate_moved);
	g_mutex_unlock(&gate_mutex);
}

void names_hold(void)
{
	set_gate(TRUE);
}

/* Also waits until all who were held have gone on. */
void names_release(void)
{
	set_gate(FALSE);
	RUN_WHILE(names_held() > 0);
}

unsigned names_held(void)
{
	g_mutex_lock(&gate_mutex);
	unsigned waiting = gate_waiting;
	g_mutex_unlock(&gate_mutex);
	return waiting;
}

static void wait_at_gate(void)
{
	g_mutex_lock(&gate_mutex);
	gate_waiting++;
	while (gate_closed)
		g_cond_wait(&gate_moved, &gate_mutex);
	gate_waiting--;
	g_mutex_unlock(&gate_mutex);
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **out)
{
	if (g_strcmp0(name, SLOW_NAME) == 0) {
		wait_at_gate();
		return EAI_AGAIN;
	}
	int (*original)(const char *, const char *, const struct addrinfo *, struct addrinfo **) =
		(int (*)(const char *, const char *, const struct addrinfo *, struct addrinfo **))dlsym(
			RTLD_NEXT, "getaddrinfo");
	return original(name, service, hints, out);
}

/* --- certificates --- */

static char *directory;
static GPtrArray *names;

static void make_certificates(void)
{
	directory = g_dir_make_tmp("belltower-net-XXXXXX", NULL);
	names = g_ptr_array_new_with_free_func(g_free);
	char *argv[] = { "sh", SOURCE_ROOT "/tests/support/test-ca.sh", directory, NULL };
	int status = 0;
	g_autofree char *words = NULL;
	g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, &words, &status, NULL);
	if (status != 0)
		fail_msg("test-ca.sh: %s", words ? words : "cannot be run");
}

const char *certificate(const char *file)
{
	if (!directory)
		make_certificates();
	g_ptr_array_add(names, g_build_filename(directory, file, NULL));
	return names->pdata[names->len - 1];
}

void certificates_remove(void)
{
	if (!directory)
		return;
	g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
	const char *name;
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(directory, name, NULL);
		g_unlink(path);
	}
	g_rmdir(directory);
	g_clear_pointer(&directory, g_free);
	g_clear_pointer(&names, g_ptr_array_unref);
}

/* --- the raw peer --- */

struct raw_peer {
	GSocketService *service;
	guint16 port;
	unsigned accepted;
	raw_script_fn *script;
	gpointer data;
	GPtrArray *connections; /* struct raw_connection */
};

struct raw_connection {
	struct raw_peer *peer;
	GSocketConnection *stream;
	unsigned number;
	GString *bytes;
	GSource *readable;
};

static void raw_close(struct raw_connection *c)
{
	if (c->readable) {
		g_source_destroy(c->readable);
		g_clear_pointer(&c->readable, g_source_unref);
	}
	g_io_stream_close(G_IO_STREAM(c->stream), NULL, NULL);
}

static void raw_connection_free(gpointer connection)
{
	struct raw_connection *c = connection;
	raw_close(c);
	g_object_unref(c->stream);
	g_string_free(c->bytes, TRUE);
	g_free(c);
}

static gboolean raw_follow(struct raw_connection *c)
{
	struct raw_step step = c->peer->script(c->number, c->bytes->str, c->bytes->len, c->peer->data);
	if (step.answer)
		g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(c->stream)), step.answer,
			strlen(step.answer), NULL, NULL, NULL);
	if (step.close)
		raw_close(c);
	return !step.close;
}

static gboolean raw_readable(GSocket *socket, GIOCondition condition, gpointer data)
{
	(void)condition;
	struct raw_connection *c = data;
	char bytes[4096];
	gssize n = g_socket_receive(socket, bytes, sizeof bytes, NULL, NULL);
	if (n <= 0) {
		raw_close(c);
		return G_SOURCE_REMOVE;
	}
	g_string_append_len(c->bytes, bytes, n);
	return raw_follow(c) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean raw_incoming(
	GSocketService *service, GSocketConnection *stream, GObject *source, gpointer peer)
{
	(void)service;
	(void)source;
	struct raw_connection *c = g_new0(struct raw_connection, 1);
	c->peer = peer;
	c->stream = g_object_ref(stream);
	c->number = c->peer->accepted++;
	c->bytes = g_string_new(NULL);
	g_ptr_array_add(c->peer->connections, c);
	if (!raw_follow(c))
		return TRUE;
	c->readable = g_socket_create_source(g_socket_connection_get_socket(stream), G_IO_IN, NULL);
	g_source_set_callback(c->readable, G_SOURCE_FUNC(raw_readable), c, NULL);
	g_source_attach(c->readable, NULL);
	return TRUE;
}

struct raw_peer *raw_peer_new(raw_script_fn *script, gpointer data)
{
	struct raw_peer *p = g_new0(struct raw_peer, 1);
	p->script = script;
	p->data = data;
	p->connections = g_ptr_array_new_with_free_func(raw_connection_free);
	p->service = g_socket_service_new();
	g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
	g_autoptr(GSocketAddress) address = g_inet_socket_address_new(loopback, 0);
	g_autoptr(GSocketAddress) bound = NULL;
	g_socket_listener_add_address(G_SOCKET_LISTENER(p->service), address, G_SOCKET_TYPE_STREAM,
		G_SOCKET_PROTOCOL_TCP, NULL, &bound, NULL);
	p->port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
	g_signal_connect(p->service, "incoming", G_CALLBACK(raw_incoming), p);
	return p;
}

void raw_peer_free(struct raw_peer *p)
{
	g_socket_service_stop(p->service);
	g_socket_listener_close(G_SOCKET_LISTENER(p->service));
	g_object_unref(p->service);
	g_ptr_array_free(p->connections, TRUE);
	g_free(p);
}

guint16 raw_peer_port(const struct raw_peer *p)
{
	return p->port;
}

unsigned raw_peer_accepted(const struct raw_peer *p)
{
	return p->accepted;
}
