/* SPDX-License-Identifier: MIT */
#include "load_wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TURN_EVENTS = 256, READ_BYTES = 256 * 1024, HEAD_LIMIT = 32 * 1024 };
enum { FRAME_TEXT = 1, FRAME_CLOSE = 8, FRAME_PING = 9, FRAME_PONG = 10 };

struct wire_conn {
	struct wire *wire;
	int fd;
	gboolean is_socket, told_closed, cut, dirty, stuck;
	GByteArray *in, *out;
};

struct wire {
	int listen_fd, epoll_fd;
	const struct wire_events *events;
	gpointer data;
	GPtrArray *dirty; /* connections with something to write */
	GPtrArray *conns; /* owned */
};

static void conn_free(gpointer data)
{
	struct wire_conn *c = data;
	close(c->fd);
	g_byte_array_unref(c->in);
	g_byte_array_unref(c->out);
	g_free(c);
}

struct wire *wire_new(guint16 port, const struct wire_events *events, gpointer data)
{
	struct wire *w = g_new0(struct wire, 1);
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
	};
	int on = 1;
	w->events = events;
	w->data = data;
	w->dirty = g_ptr_array_new();
	w->conns = g_ptr_array_new_with_free_func(conn_free);
	w->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	w->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	setsockopt(w->listen_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(w->listen_fd, (struct sockaddr *)&address, sizeof address) != 0 ||
		listen(w->listen_fd, 256) != 0) {
		wire_free(w);
		return NULL;
	}
	struct epoll_event event = { .events = EPOLLIN };
	epoll_ctl(w->epoll_fd, EPOLL_CTL_ADD, w->listen_fd, &event);
	return w;
}

void wire_free(struct wire *w)
{
	if (!w)
		return;
	g_ptr_array_unref(w->dirty);
	g_ptr_array_unref(w->conns);
	close(w->listen_fd);
	close(w->epoll_fd);
	g_free(w);
}

guint16 wire_port(const struct wire *w)
{
	struct sockaddr_in address;
	socklen_t size = sizeof address;
	getsockname(w->listen_fd, (struct sockaddr *)&address, &size);
	return ntohs(address.sin_port);
}

/* ---- out ---- */

static void append(struct wire_conn *c, const void *bytes, gsize length)
{
	if (c->cut)
		return;
	g_byte_array_append(c->out, bytes, (guint)length);
	if (!c->dirty)
		g_ptr_array_add(c->wire->dirty, c);
	c->dirty = TRUE;
}

static void frame(struct wire_conn *c, guint8 kind, const void *bytes, gsize length)
{
	guint8 head[4] = { (guint8)(0x80 | kind), (guint8)length };
	gsize size = 2;
	if (length > 125) {
		head[1] = 126;
		head[2] = (guint8)(length >> 8);
		head[3] = (guint8)length;
		size = 4;
	}
	g_assert(length <= 0xffff);
	append(c, head, size);
	append(c, bytes, length);
}

void wire_send(struct wire_conn *c, const char *text, gsize length)
{
	frame(c, FRAME_TEXT, text, length);
}

void wire_ping(struct wire_conn *c)
{
	static const char payload[] = "Ping from applink-load";
	frame(c, FRAME_PING, payload, strlen(payload));
}

void wire_reply(struct wire_conn *c, const char *more_headers, const char *body, gsize length)
{
	char head[512];
	int size = g_snprintf(head, sizeof head,
		"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n%sContent-Length: "
		"%" G_GSIZE_FORMAT "\r\n\r\n",
		more_headers ? more_headers : "", length);
	append(c, head, (gsize)size);
	append(c, body, length);
}

static void tell_closed(struct wire_conn *c)
{
	if (c->is_socket && !c->told_closed) {
		c->told_closed = TRUE;
		c->wire->events->closed(c, c->wire->data);
	}
}

void wire_cut(struct wire_conn *c)
{
	c->cut = TRUE;
	tell_closed(c);
	epoll_ctl(c->wire->epoll_fd, EPOLL_CTL_DEL, c->fd, NULL);
	shutdown(c->fd, SHUT_RDWR);
}

static void watch_writes(struct wire_conn *c, gboolean stuck)
{
	struct epoll_event event = { .events = stuck ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.ptr = c };
	if (c->stuck == stuck)
		return;
	c->stuck = stuck;
	epoll_ctl(c->wire->epoll_fd, EPOLL_CTL_MOD, c->fd, &event);
}

static void flush(struct wire_conn *c)
{
	c->dirty = FALSE;
	if (c->cut || c->out->len == 0)
		return;
	ssize_t written = send(c->fd, c->out->data, c->out->len, MSG_NOSIGNAL);
	if (written < 0 && errno != EAGAIN) {
		wire_cut(c);
		return;
	}
	if (written > 0)
		g_byte_array_remove_range(c->out, 0, (guint)written);
	watch_writes(c, c->out->len > 0);
}

/* ---- in ---- */

static char *find_header(char *headers, const char *name)
{
	for (char *line = headers; line; line = strstr(line, "\r\n")) {
		if (*line == '\r')
			line += 2;
		if (g_ascii_strncasecmp(line, name, strlen(name)) == 0)
			return line + strlen(name);
	}
	return NULL;
}

static void welcome(struct wire_conn *c, const char *key)
{
	char *end = strstr(key, "\r\n");
	g_autofree char *text = g_strdup_printf("%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
		(int)((end ? end : key + strlen(key)) - key), key);
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
	guint8 digest[20];
	gsize size = sizeof digest;
	g_checksum_update(sum, (guchar *)text, -1);
	g_checksum_get_digest(sum, digest, &size);
	g_autofree char *accept = g_base64_encode(digest, size);
	g_autofree char *head = g_strdup_printf("HTTP/1.1 101 Switching Protocols\r\nUpgrade: "
						"websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
						"%s\r\n\r\n",
		accept);
	append(c, head, strlen(head));
	c->is_socket = TRUE;
	c->wire->events->opened(c, c->wire->data);
}

/* One request from the front of the buffer; what it took, 0: not all there yet, -1: nonsense. */
static gssize take_request(struct wire_conn *c, char *bytes, gsize length)
{
	char *head_end = memmem(bytes, length, "\r\n\r\n", 4);
	if (!head_end)
		return length > HEAD_LIMIT ? -1 : 0;
	char *path = memchr(bytes, ' ', (gsize)(head_end - bytes));
	char *line_end = strstr(bytes, "\r\n");
	if (!path || path > line_end)
		return -1;
	head_end[2] = '\0';
	const char *length_text = find_header(line_end, "content-length: ");
	gsize body_length = length_text ? (gsize)g_ascii_strtoull(length_text, NULL, 10) : 0;
	char *body = head_end + 4;
	if ((gsize)(bytes + length - body) < body_length) {
		head_end[2] = '\r';
		return 0;
	}
	const char *key = find_header(line_end, "sec-websocket-key: ");
	char kept = body[body_length];
	*line_end = body[body_length] = '\0';
	struct wire_request request = { path + 1, line_end + 2, body, body_length };
	if (key)
		welcome(c, key);
	else
		c->wire->events->request(c, &request, c->wire->data);
	body[body_length] = kept;
	return body + body_length - bytes;
}

static void take_payload(struct wire_conn *c, guint8 kind, char *bytes, gsize length)
{
	char kept = bytes[length];
	bytes[length] = '\0';
	if (kind == FRAME_TEXT)
		c->wire->events->text(c, bytes, length, c->wire->data);
	else if (kind == FRAME_PING)
		frame(c, FRAME_PONG, bytes, length);
	else if (kind == FRAME_CLOSE)
		tell_closed(c); /* and no answer: Slack often gives none (protocol page, 2.7) */
	bytes[length] = kept;
}

static gssize take_frame(struct wire_conn *c, guint8 *bytes, gsize length)
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

static void take_all(struct wire_conn *c)
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
		g_printerr("load: this is not understood, the connection ends: %.60s\n",
			(const char *)c->in->data);
		wire_cut(c);
	}
}

static void read_conn(struct wire_conn *c)
{
	guint old = c->in->len;
	g_byte_array_set_size(c->in, old + READ_BYTES);
	ssize_t got = recv(c->fd, c->in->data + old, READ_BYTES, 0);
	g_byte_array_set_size(c->in, old + (guint)MAX(got, 0));
	if (got > 0)
		take_all(c);
	else if (got == 0 || errno != EAGAIN)
		wire_cut(c);
}

static void welcome_conns(struct wire *w)
{
	int fd, on = 1;
	while ((fd = accept4(w->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		struct wire_conn *c = g_new0(struct wire_conn, 1);
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		c->wire = w;
		c->fd = fd;
		c->in = g_byte_array_new();
		c->out = g_byte_array_new();
		g_ptr_array_add(w->conns, c);
		epoll_ctl(w->epoll_fd, EPOLL_CTL_ADD, fd, &event);
	}
}

/* A flush may cut, and that may have more to say: by index, to the end. */
static void flush_all(struct wire *w)
{
	for (guint i = 0; i < w->dirty->len; i++)
		flush(w->dirty->pdata[i]);
	g_ptr_array_set_size(w->dirty, 0);
}

void wire_turn(struct wire *w, int64_t wait_us)
{
	flush_all(w); /* what was said outside a turn */
	struct epoll_event ready[TURN_EVENTS];
	struct timespec wait = { .tv_sec = wait_us / 1000000, .tv_nsec = wait_us % 1000000 * 1000 };
	int count = epoll_pwait2(w->epoll_fd, ready, TURN_EVENTS, wait_us < 0 ? NULL : &wait, NULL);
	for (int i = 0; i < count; i++) {
		struct wire_conn *c = ready[i].data.ptr;
		if (!c)
			welcome_conns(w);
		else if (!c->cut && ready[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
			read_conn(c);
		if (c && !c->cut && ready[i].events & EPOLLOUT)
			flush(c);
	}
	flush_all(w);
	for (guint i = w->conns->len; i-- > 0;) {
		if (((const struct wire_conn *)w->conns->pdata[i])->cut)
			g_ptr_array_remove_index_fast(w->conns, i);
	}
}
