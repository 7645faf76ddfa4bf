/* SPDX-License-Identifier: MIT */
#include "sandbox/load/server.h"

#include <errno.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"

enum { TURN_EVENTS = 256, READ_BYTES = 256 * 1024, HEAD_LIMIT = 32 * 1024, FRAME_LIMIT = 0xffff };
enum { FRAME_TEXT = SERVER_TEXT, FRAME_BINARY = SERVER_BINARY, FRAME_CLOSE = 8, FRAME_PING = 9, FRAME_PONG = 10 };

struct server_conn {
	struct server *server;
	int fd;
	gboolean is_socket, told_closed, cut, dirty, stuck;
	GByteArray *in, *out;
};

struct server {
	GSocket *listening;
	int epoll_fd;
	const struct server_events *events;
	gpointer data;
	GPtrArray *dirty; /* connections with something to write */
	GPtrArray *conns; /* owned */
};

static void conn_free(gpointer data)
{
	struct server_conn *c = data;
	close(c->fd);
	g_byte_array_unref(c->in);
	g_byte_array_unref(c->out);
	g_free(c);
}

static GSocket *start_listening(const char *address, guint16 port, GError **error)
{
	g_autoptr(GSocketAddress) at = g_inet_socket_address_new_from_string(address, port);
	if (!at) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "'%s' is no numeric address", address);
		return NULL;
	}
	g_autoptr(GSocket) socket =
		g_socket_new(g_socket_address_get_family(at), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
	if (!socket || !g_socket_bind(socket, at, TRUE, error) || !g_socket_listen(socket, error))
		return NULL;
	g_socket_set_blocking(socket, FALSE);
	return g_steal_pointer(&socket);
}

struct server *server_new(const char *address, guint16 port, const struct server_events *events, gpointer data, GError **error)
{
	GSocket *listening = start_listening(address, port, error);
	if (!listening) {
		g_prefix_error(error, "cannot listen on %s:%u: ", address, port);
		return NULL;
	}
	struct server *s = g_new0(struct server, 1);
	s->events = events;
	s->data = data;
	s->dirty = g_ptr_array_new();
	s->conns = g_ptr_array_new_with_free_func(conn_free);
	s->listening = listening;
	s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = { .events = EPOLLIN };
	epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, g_socket_get_fd(listening), &event);
	return s;
}

void server_free(struct server *s)
{
	if (!s)
		return;
	g_ptr_array_unref(s->dirty);
	g_ptr_array_unref(s->conns);
	g_object_unref(s->listening);
	close(s->epoll_fd);
	g_free(s);
}

char *server_authority(const struct server *s)
{
	g_autoptr(GSocketAddress) at = g_socket_get_local_address(s->listening, NULL);
	return g_socket_connectable_to_string(G_SOCKET_CONNECTABLE(at));
}

/* ---- out ---- */

static void append(struct server_conn *c, const void *bytes, gsize length)
{
	if (c->cut)
		return;
	g_byte_array_append(c->out, bytes, (guint)length);
	if (!c->dirty)
		g_ptr_array_add(c->server->dirty, c);
	c->dirty = TRUE;
}

static void frame(struct server_conn *c, guint8 opcode, const void *bytes, gsize length)
{
	guint8 head[4] = { (guint8)(0x80 | opcode), (guint8)length };
	gsize size = 2;
	if (length > 125) {
		head[1] = 126;
		head[2] = (guint8)(length >> 8);
		head[3] = (guint8)length;
		size = 4;
	}
	g_assert(length <= FRAME_LIMIT);
	append(c, head, size);
	append(c, bytes, length);
}

void server_send(struct server_conn *c, enum server_kind kind, const char *bytes, gsize length)
{
	frame(c, (guint8)kind, bytes, length);
}

void server_ping(struct server_conn *c)
{
	static const char payload[] = "Ping from load";
	frame(c, FRAME_PING, payload, strlen(payload));
}

void server_reply(struct server_conn *c, const char *more_headers, const char *body, gsize length)
{
	char head[512];
	int size = g_snprintf(head, sizeof head,
		"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n%sContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
		more_headers, length);
	append(c, head, (gsize)size);
	append(c, body, length);
}

static void tell_closed(struct server_conn *c)
{
	if (c->is_socket && !c->told_closed) {
		c->told_closed = TRUE;
		c->server->events->closed(c, c->server->data);
	}
}

void server_cut(struct server_conn *c)
{
	c->cut = TRUE;
	tell_closed(c);
	epoll_ctl(c->server->epoll_fd, EPOLL_CTL_DEL, c->fd, NULL);
	shutdown(c->fd, SHUT_RDWR);
}

static void watch_writes(struct server_conn *c, gboolean stuck)
{
	struct epoll_event event = { .events = stuck ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.ptr = c };
	if (c->stuck == stuck)
		return;
	c->stuck = stuck;
	epoll_ctl(c->server->epoll_fd, EPOLL_CTL_MOD, c->fd, &event);
}

static void flush(struct server_conn *c)
{
	c->dirty = FALSE;
	if (c->cut || c->out->len == 0)
		return;
	ssize_t written = send(c->fd, c->out->data, c->out->len, MSG_NOSIGNAL);
	if (written < 0 && errno != EAGAIN) {
		server_cut(c);
		return;
	}
	if (written > 0)
		g_byte_array_remove_range(c->out, 0, (guint)written);
	watch_writes(c, c->out->len > 0);
}

/* ---- in ---- */

/* The value of a header, up to the end of its line; NULL: it is not there. name: with ": ". */
static const char *find_header(const char *headers, const char *name)
{
	for (const char *line = headers; line; line = strstr(line, "\r\n")) {
		if (*line == '\r')
			line += 2;
		if (g_ascii_strncasecmp(line, name, strlen(name)) == 0)
			return line + strlen(name);
	}
	return NULL;
}

static void welcome(struct server_conn *c, const char *key)
{
	g_autofree char *text = g_strdup_printf("%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", (int)strcspn(key, "\r"), key);
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
	guint8 digest[20];
	gsize size = sizeof digest;
	g_checksum_update(sum, (guchar *)text, -1);
	g_checksum_get_digest(sum, digest, &size);
	g_autofree char *accept = g_base64_encode(digest, size);
	g_autofree char *head = g_strdup_printf("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
						"Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
		accept);
	append(c, head, strlen(head));
	c->is_socket = TRUE;
	c->server->events->opened(c, c->server->data);
}

/* "VERB PATH?QUERY HTTP/1.1", cut into its parts. */
static gboolean read_line(char *line, struct server_request *out)
{
	char *path = strchr(line, ' '), *end = path ? strchr(path + 1, ' ') : NULL;
	if (!end)
		return FALSE;
	*path++ = *end = '\0';
	char *query = strchr(path, '?');
	if (query)
		*query++ = '\0';
	*out = (struct server_request){ .verb = line, .path = path, .query = query ? query : "" };
	return TRUE;
}

static gboolean handle(struct server_conn *c, char *head, char *body, gsize body_length)
{
	char *headers = strstr(head, "\r\n"), kept = body[body_length];
	struct server_request request;
	*headers = body[body_length] = '\0';
	if (!read_line(head, &request))
		return FALSE;
	const char *key = find_header(headers + 2, "sec-websocket-key: ");
	request.body = body;
	request.body_length = body_length;
	if (key)
		welcome(c, key);
	else
		c->server->events->request(c, &request, c->server->data);
	body[body_length] = kept;
	return TRUE;
}

/* One request from the front of the buffer; what it took, 0: not all there yet, -1: nonsense. */
static gssize take_request(struct server_conn *c, char *bytes, gsize length)
{
	char *body = memmem(bytes, length, "\r\n\r\n", 4);
	if (!body)
		return length > HEAD_LIMIT ? -1 : 0;
	body += 4;
	char kept = *body;
	*body = '\0';
	const char *length_text = find_header(strstr(bytes, "\r\n"), "content-length: ");
	gsize body_length = length_text ? (gsize)g_ascii_strtoull(length_text, NULL, 10) : 0;
	*body = kept;
	if ((gsize)(bytes + length - body) < body_length)
		return 0;
	return handle(c, bytes, body, body_length) ? body + body_length - bytes : -1;
}

static void take_payload(struct server_conn *c, guint8 opcode, char *bytes, gsize length)
{
	char kept = bytes[length];
	bytes[length] = '\0';
	if (opcode == FRAME_TEXT || opcode == FRAME_BINARY)
		c->server->events->message(c, bytes, length, c->server->data);
	else if (opcode == FRAME_PING)
		frame(c, FRAME_PONG, bytes, length);
	else if (opcode == FRAME_CLOSE)
		tell_closed(c); /* and no answer: Slack often gives none (protocols/slack.md 2.7) */
	bytes[length] = kept;
}

static gssize take_frame(struct server_conn *c, guint8 *bytes, gsize length)
{
	if (length < 6)
		return 0;
	gsize head = 2, size = bytes[1] & 0x7f;
	if (size == 126) {
		size = (gsize)bytes[2] << 8 | bytes[3];
		head = 4;
	}
	if (!(bytes[0] & 0x80) || !(bytes[1] & 0x80) || (bytes[1] & 0x7f) == 127)
		return -1;
	if (length < head + 4 + size)
		return 0;
	const guint8 *mask = bytes + head;
	guint8 *payload = bytes + head + 4;
	for (gsize i = 0; i < size; i++)
		payload[i] ^= mask[i % 4];
	take_payload(c, bytes[0] & 0x0f, (char *)payload, size);
	return (gssize)(head + 4 + size);
}

static void take_all(struct server_conn *c)
{
	gsize done = 0;
	gssize taken;
	/* One byte of room behind the last, where a NUL may stand for a while. */
	g_byte_array_append(c->in, (const guint8 *)"", 1);
	gsize length = c->in->len - 1;
	do {
		guint8 *at = c->in->data + done;
		taken = c->is_socket ? take_frame(c, at, length - done)
				     : take_request(c, (char *)at, length - done);
		done += (gsize)MAX(taken, 0);
	} while (taken > 0 && done < length && !c->cut);
	g_byte_array_set_size(c->in, (guint)length);
	g_byte_array_remove_range(c->in, 0, (guint)done);
	if (taken < 0) {
		log_warning("what came is not understood, the connection ends", "bytes", c->in->len);
		server_cut(c);
	}
}

static void read_conn(struct server_conn *c)
{
	guint old = c->in->len;
	g_byte_array_set_size(c->in, old + READ_BYTES);
	ssize_t got = recv(c->fd, c->in->data + old, READ_BYTES, 0);
	g_byte_array_set_size(c->in, old + (guint)MAX(got, 0));
	if (got > 0)
		take_all(c);
	else if (got == 0 || errno != EAGAIN)
		server_cut(c);
}

static void welcome_conns(struct server *s)
{
	int fd, on = 1;
	while ((fd = accept4(g_socket_get_fd(s->listening), NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		struct server_conn *c = g_new0(struct server_conn, 1);
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		c->server = s;
		c->fd = fd;
		c->in = g_byte_array_new();
		c->out = g_byte_array_new();
		g_ptr_array_add(s->conns, c);
		epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, fd, &event);
	}
}

/* A flush may cut, and that may have more to say: by index, to the end. */
static void flush_all(struct server *s)
{
	for (guint i = 0; i < s->dirty->len; i++)
		flush(s->dirty->pdata[i]);
	g_ptr_array_set_size(s->dirty, 0);
}

void server_turn(struct server *s, int64_t wait_us)
{
	flush_all(s); /* what was said outside a turn */
	struct epoll_event ready[TURN_EVENTS];
	struct timespec wait = { .tv_sec = wait_us / 1000000, .tv_nsec = wait_us % 1000000 * 1000 };
	int count = epoll_pwait2(s->epoll_fd, ready, TURN_EVENTS, &wait, NULL);
	for (int i = 0; i < count; i++) {
		struct server_conn *c = ready[i].data.ptr;
		if (!c)
			welcome_conns(s);
		else if (!c->cut && ready[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
			read_conn(c);
		if (c && !c->cut && ready[i].events & EPOLLOUT)
			flush(c);
	}
	flush_all(s);
	for (guint i = s->conns->len; i-- > 0;) {
		if (((const struct server_conn *)s->conns->pdata[i])->cut)
			g_ptr_array_remove_index_fast(s->conns, i);
	}
}
