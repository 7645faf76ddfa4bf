/* SPDX-License-Identifier: MIT */
#include "net/http_sockets.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS_AT_ONCE = 64 };

/* A socket of libcurl's; both are EPOLLIN, EPOLLOUT or both, 0: nothing. */
struct watch {
	guint32 wanted;		/* what libcurl waits for */
	guint32 set;		/* what it is in the set with */
	gboolean is_connection; /* opened by open_socket: close_socket will tell when it goes */
};

struct http_sockets {
	CURLM *multi;
	GSource *source;
	GPollFD poll;	      /* the set itself */
	GArray *watches;      /* struct watch by descriptor */
	gint64 timeout_at_us; /* when libcurl wants to be called; -1: not */
	void (*served)(gpointer data);
	gpointer data;
};

struct sockets_source {
	GSource source; /* first: GLib allocates the whole */
	struct http_sockets *sockets;
};

/* --- the set --- */

static struct watch *watch_of(struct http_sockets *s, int fd)
{
	if ((guint)fd >= s->watches->len)
		g_array_set_size(s->watches, (guint)fd + 8);
	return &g_array_index(s->watches, struct watch, fd);
}

static void put_in_set(struct http_sockets *s, int fd, guint32 wanted)
{
	struct watch *w = watch_of(s, fd);
	if (w->set == wanted)
		return;
	struct epoll_event event = { .events = wanted, .data.fd = fd };
	int how = !wanted ? EPOLL_CTL_DEL : w->set ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
	/* A descriptor that was closed unseen has left the set by itself. */
	if (epoll_ctl(s->poll.fd, how, fd, &event) != 0 && errno == ENOENT && wanted)
		epoll_ctl(s->poll.fd, EPOLL_CTL_ADD, fd, &event);
	w->set = wanted;
}

/* libcurl says what it waits for on a socket. */
static int socket_changed(CURL *easy, curl_socket_t fd, int what, void *sockets, void *unused)
{
	(void)easy;
	(void)unused;
	static const guint32 events[] = {
		[CURL_POLL_NONE] = 0,
		[CURL_POLL_IN] = EPOLLIN,
		[CURL_POLL_OUT] = EPOLLOUT,
		[CURL_POLL_INOUT] = EPOLLIN | EPOLLOUT,
		[CURL_POLL_REMOVE] = 0,
	};
	struct watch *w = watch_of(sockets, fd);
	w->wanted = events[what];
	/* A connection that may be kept goes on being listened to, until it has something to say. */
	gboolean keep = w->is_connection && !w->wanted;
	put_in_set(sockets, fd, keep ? w->set & EPOLLIN : w->wanted);
	return 0;
}

static int timer_changed(CURLM *multi, long timeout_ms, void *sockets)
{
	(void)multi;
	struct http_sockets *s = sockets;
	s->timeout_at_us = timeout_ms < 0 ? -1 : g_get_monotonic_time() + (gint64)timeout_ms * 1000;
	return 0;
}

static curl_socket_t open_socket(void *sockets, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void)purpose;
	int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
	if (fd >= 0)
		*watch_of(sockets, fd) = (struct watch){ .is_connection = TRUE };
	return fd;
}

static int close_socket(void *sockets, curl_socket_t fd)
{
	/* Closing it takes it out of the set. */
	*watch_of(sockets, fd) = (struct watch){ 0 };
	return close(fd);
}

void http_sockets_open_for(struct http_sockets *s, CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, s);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, s);
}

/* --- the source --- */

static gboolean is_due(const struct http_sockets *s, GSource *source)
{
	return s->timeout_at_us >= 0 && s->timeout_at_us <= g_source_get_time(source);
}

static gboolean prepare(GSource *source, gint *timeout_ms)
{
	const struct http_sockets *s = ((struct sockets_source *)source)->sockets;
	*timeout_ms = -1;
	if (s->timeout_at_us < 0)
		return FALSE;
	gint64 left_us = s->timeout_at_us - g_source_get_time(source);
	*timeout_ms = (gint)CLAMP((left_us + 999) / 1000, 0, G_MAXINT);
	return left_us <= 0;
}

static gboolean check(GSource *source)
{
	const struct http_sockets *s = ((struct sockets_source *)source)->sockets;
	return (s->poll.revents & G_IO_IN) || is_due(s, source);
}

static void serve_one(struct http_sockets *s, const struct epoll_event *event)
{
	int fd = event->data.fd, running, mask = 0;
	if (!watch_of(s, fd)->wanted) {
		/* A kept connection broke; libcurl will find out when it wants to use it. */
		put_in_set(s, fd, 0);
		return;
	}
	if (event->events & (EPOLLIN | EPOLLHUP))
		mask |= CURL_CSELECT_IN;
	if (event->events & EPOLLOUT)
		mask |= CURL_CSELECT_OUT;
	if (event->events & EPOLLERR)
		mask |= CURL_CSELECT_ERR;
	curl_multi_socket_action(s->multi, fd, mask, &running);
}

static void serve_ready(struct http_sockets *s)
{
	struct epoll_event ready[EVENTS_AT_ONCE];
	int count = epoll_wait(s->poll.fd, ready, EVENTS_AT_ONCE, 0);
	for (int i = 0; i < count; i++)
		serve_one(s, &ready[i]);
}

static gboolean dispatch(GSource *source, GSourceFunc unused, gpointer data)
{
	(void)unused;
	(void)data;
	struct http_sockets *s = ((struct sockets_source *)source)->sockets;
	int running;
	if (is_due(s, source)) {
		s->timeout_at_us = -1;
		curl_multi_socket_action(s->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
	if (s->poll.revents & G_IO_IN)
		serve_ready(s);
	s->served(s->data);
	return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = { .prepare = prepare, .check = check, .dispatch = dispatch };

static GSource *source_new(struct http_sockets *s)
{
	GSource *source = g_source_new(&source_funcs, sizeof(struct sockets_source));
	((struct sockets_source *)source)->sockets = s;
	g_source_set_static_name(source, "http sockets");
	/* Otherwise GLib takes the set out of its poll and back for each dispatch, with two wake-ups. */
	g_source_set_can_recurse(source, TRUE);
	g_source_add_poll(source, &s->poll);
	g_source_attach(source, NULL);
	return source;
}

/* --- life cycle --- */

struct http_sockets *http_sockets_new(CURLM *multi, void (*served)(gpointer data), gpointer data)
{
	struct http_sockets *s = g_new0(struct http_sockets, 1);
	s->multi = multi;
	s->served = served;
	s->data = data;
	s->watches = g_array_new(FALSE, TRUE, sizeof(struct watch));
	s->timeout_at_us = -1;
	s->poll = (GPollFD){ .fd = epoll_create1(EPOLL_CLOEXEC), .events = G_IO_IN };
	if (s->poll.fd < 0)
		g_error("cannot make an epoll set: %s", g_strerror(errno));
	s->source = source_new(s);
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, socket_changed);
	curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, s);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, timer_changed);
	curl_multi_setopt(multi, CURLMOPT_TIMERDATA, s);
	return s;
}

void http_sockets_stop(struct http_sockets *s)
{
	g_source_destroy(s->source);
}

void http_sockets_free(struct http_sockets *s)
{
	g_source_destroy(s->source);
	g_source_unref(s->source);
	close(s->poll.fd);
	g_array_free(s->watches, TRUE);
	g_free(s);
}
