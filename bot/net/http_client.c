/* SPDX-License-Identifier: MIT */
#include "net/http_client.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#define CA_DIRECTORY	       "/etc/ssl/certs"
#define DEFAULT_CONNECT_MS     5000
#define DEFAULT_TIMEOUT_MS     20000
#define DEFAULT_RESPONSE_BYTES (4 * 1024 * 1024)
#define DEFAULT_MAX_ACTIVE     16
/* Slots kept with their buffers for the next requests, and the largest buffer worth keeping. */
#define SLOTS_KEPT  64
#define BUFFER_KEPT (256 * 1024)

/*
 * A socket of libcurl's in the main context. libcurl forgets a kept connection's socket after each answer and asks for
 * it again with the next request; the watch stays, with nothing wanted, until the socket is closed. The events are
 * changed in place: GLib's own g_source_modify_unix_fd would wake the loop by a write for each change.
 */
struct watch {
	GPollFD poll;
	gboolean polled;	/* is in the main context */
	gboolean is_connection; /* opened by open_socket: close_socket will tell when it goes */
};

/* One request under way, or a spare one: an easy handle with everything set that does not change. */
struct slot {
	struct http_client *client;
	CURL *easy;
	guint64 id;
	GList link; /* in client->line while in_line */
	gboolean in_line;
	http_done_fn *done;
	gpointer data;
	struct curl_slist *headers;
	GString *request_body, *body;
	gsize max_response_bytes;
	gboolean too_large;
	gboolean head_is_whole; /* the answer's headers came to their end */
	gboolean began;		/* libcurl was about to write the request, at least once */
	long bytes_before;	/* what had been written (to a proxy) before that */
	char error[CURL_ERROR_SIZE];
};

/* The one source of a client in the main context: all its sockets, and libcurl's timeout. */
struct client_source {
	GSource source; /* first: GLib allocates the whole */
	struct http_client *client;
};

struct http_client {
	CURLM *multi;
	GSource *source;
	GPtrArray *watches;   /* struct watch by descriptor; NULL: none */
	gint64 timeout_at_us; /* when libcurl wants to be called; -1: not */
	GHashTable *pending;  /* id → struct slot: those in line and those with libcurl */
	GQueue line;	      /* struct slot, by its link: more than max_active */
	unsigned active, max_active;
	GPtrArray *spare; /* struct slot */
	guint64 last_id;
	char *ca_file, *proxy, *user_agent;
};

static const char *const outcome_names[] = {
	[HTTP_OK] = "ok",
	[HTTP_NOT_SENT] = "not sent",
	[HTTP_IN_DOUBT] = "in doubt",
};

const char *http_outcome_name(enum http_outcome outcome)
{
	return outcome_names[outcome];
}

/* --- sockets --- */

static struct watch *watch_of(struct http_client *c, curl_socket_t fd)
{
	if ((guint)fd >= c->watches->len)
		g_ptr_array_set_size(c->watches, fd + 8);
	struct watch **place = (struct watch **)&c->watches->pdata[fd];
	if (!*place) {
		*place = g_new0(struct watch, 1);
		(*place)->poll.fd = fd;
	}
	return *place;
}

static void watch_want(struct http_client *c, struct watch *w, GIOCondition wanted)
{
	w->poll.events = (gushort)wanted;
	if (w->polled)
		return;
	w->poll.revents = 0;
	w->polled = TRUE;
	g_source_add_poll(c->source, &w->poll);
}

static void watch_stop(struct http_client *c, struct watch *w)
{
	if (w->polled && !g_source_is_destroyed(c->source))
		g_source_remove_poll(c->source, &w->poll);
	w->polled = FALSE;
	w->poll.revents = 0;
}

static curl_socket_t open_socket(void *client, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void)purpose;
	int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
	if (fd >= 0)
		watch_of(client, fd)->is_connection = TRUE;
	return fd;
}

static int close_socket(void *client, curl_socket_t fd)
{
	struct http_client *c = client;
	if ((guint)fd < c->watches->len && c->watches->pdata[fd]) {
		watch_stop(c, c->watches->pdata[fd]);
		g_clear_pointer(&c->watches->pdata[fd], g_free);
	}
	return close(fd);
}

/* libcurl says what it waits for on a socket. */
static int socket_changed(CURL *easy, curl_socket_t fd, int what, void *client, void *unused)
{
	(void)easy;
	(void)unused;
	static const GIOCondition wanted[] = {
		[CURL_POLL_NONE] = 0,
		[CURL_POLL_IN] = G_IO_IN,
		[CURL_POLL_OUT] = G_IO_OUT,
		[CURL_POLL_INOUT] = G_IO_IN | G_IO_OUT,
	};
	struct watch *w = watch_of(client, fd);
	if (what != CURL_POLL_REMOVE)
		watch_want(client, w, wanted[what]);
	else if (w->is_connection)
		w->poll.events = 0;
	else
		watch_stop(client, w);
	return 0;
}

static int timer_changed(CURLM *multi, long timeout_ms, void *client)
{
	(void)multi;
	struct http_client *c = client;
	c->timeout_at_us = timeout_ms < 0 ? -1 : g_get_monotonic_time() + (gint64)timeout_ms * 1000;
	return 0;
}

/* --- what libcurl calls during a request --- */

static size_t body_came(char *bytes, size_t size, size_t count, void *data)
{
	struct slot *s = data;
	size_t length = size * count;
	if (s->body->len + length > s->max_response_bytes) {
		s->too_large = TRUE;
		return 0;
	}
	g_string_append_len(s->body, bytes, (gssize)length);
	return length;
}

/* libcurl takes headers that break off for an answer without a body. */
static size_t header_came(char *line, size_t size, size_t count, void *data)
{
	(void)size;
	((struct slot *)data)->head_is_whole = count > 0 && (line[0] == '\r' || line[0] == '\n');
	return count;
}

static long written_bytes(const struct slot *s)
{
	long bytes = 0;
	curl_easy_getinfo(s->easy, CURLINFO_REQUEST_SIZE, &bytes);
	return bytes;
}

/*
 * Called when a connection is there, before the request is written to it. libcurl writes a request again by itself
 * when a kept connection dies without an answer, a POST as well; the server may have acted on the first, so it is let
 * only when nothing of the first was written.
 */
static int about_to_write(void *data, char *peer, char *local, int peer_port, int local_port)
{
	(void)peer;
	(void)local;
	(void)peer_port;
	(void)local_port;
	struct slot *s = data;
	long bytes = written_bytes(s);
	if (s->began && bytes > s->bytes_before)
		return CURL_PREREQFUNC_ABORT;
	s->began = TRUE;
	s->bytes_before = bytes;
	return CURL_PREREQFUNC_OK;
}

/* --- slots --- */

static void slot_set_fixed_options(struct slot *s)
{
	struct http_client *c = s->client;
	CURL *e = s->easy;
	curl_easy_setopt(e, CURLOPT_PRIVATE, s);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, s->error);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_NOPROGRESS, 1L);
	/* A name that is still being resolved is left to its thread; without this the loop would wait for it. */
	curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(e, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(e, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(e, CURLOPT_USERAGENT, c->user_agent);
	curl_easy_setopt(e, CURLOPT_CAPATH, c->ca_file ? NULL : CA_DIRECTORY);
	curl_easy_setopt(e, CURLOPT_CAINFO, c->ca_file);
	if (c->proxy)
		curl_easy_setopt(e, CURLOPT_PROXY, c->proxy);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, body_came);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, s);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, header_came);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, s);
	curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, about_to_write);
	curl_easy_setopt(e, CURLOPT_PREREQDATA, s);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, c);
	curl_easy_setopt(e, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
	curl_easy_setopt(e, CURLOPT_CLOSESOCKETDATA, c);
}

static struct slot *slot_new(struct http_client *c)
{
	struct slot *s = g_new0(struct slot, 1);
	s->client = c;
	s->easy = curl_easy_init();
	g_assert(s->easy);
	s->request_body = g_string_new(NULL);
	s->body = g_string_new(NULL);
	slot_set_fixed_options(s);
	return s;
}

static void slot_free(gpointer slot)
{
	struct slot *s = slot;
	curl_easy_cleanup(s->easy);
	curl_slist_free_all(s->headers);
	g_string_free(s->request_body, TRUE);
	g_string_free(s->body, TRUE);
	g_free(s);
}

static struct slot *slot_take(struct http_client *c)
{
	return c->spare->len ? g_ptr_array_steal_index_fast(c->spare, c->spare->len - 1) : slot_new(c);
}

static void slot_release(struct slot *s)
{
	struct http_client *c = s->client;
	gsize largest = MAX(s->body->allocated_len, s->request_body->allocated_len);
	if (c->spare->len >= SLOTS_KEPT || largest > BUFFER_KEPT)
		slot_free(s);
	else
		g_ptr_array_add(c->spare, s);
}

static gboolean headers_are(const struct curl_slist *have, const char *const *want)
{
	for (; have && want && *want; have = have->next, want++) {
		if (strcmp(have->data, *want) != 0)
			return FALSE;
	}
	/* The list ends with our own "Expect:", which takes libcurl's "Expect: 100-continue" away. */
	return have && !have->next && (!want || !*want);
}

static void slot_set_headers(struct slot *s, const char *const *headers)
{
	if (headers_are(s->headers, headers))
		return;
	curl_slist_free_all(s->headers);
	s->headers = NULL;
	for (; headers && *headers; headers++)
		s->headers = curl_slist_append(s->headers, *headers);
	s->headers = curl_slist_append(s->headers, "Expect:");
	curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, s->headers);
}

static void slot_set_body(struct slot *s, const char *method, const char *body, gsize length)
{
	g_string_truncate(s->request_body, 0);
	g_string_append_len(s->request_body, body ? body : "", (gssize)length);
	const char *usual = body ? "POST" : "GET";
	if (body || g_strcmp0(method, "POST") == 0) {
		curl_easy_setopt(s->easy, CURLOPT_POST, 1L);
		curl_easy_setopt(s->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
		curl_easy_setopt(s->easy, CURLOPT_POSTFIELDS, s->request_body->str);
		usual = "POST";
	} else {
		curl_easy_setopt(s->easy, CURLOPT_HTTPGET, 1L);
	}
	gboolean head = g_strcmp0(method, "HEAD") == 0;
	if (head)
		curl_easy_setopt(s->easy, CURLOPT_NOBODY, 1L);
	gboolean custom = method && !head && strcmp(method, usual) != 0;
	curl_easy_setopt(s->easy, CURLOPT_CUSTOMREQUEST, custom ? method : NULL);
}

static void slot_prepare(struct slot *s, const struct http_request *r)
{
	curl_easy_setopt(s->easy, CURLOPT_URL, r->url);
	slot_set_body(s, r->method, r->body, r->body_length);
	slot_set_headers(s, r->headers);
	curl_easy_setopt(s->easy, CURLOPT_CONNECTTIMEOUT_MS,
		(long)(r->connect_timeout_ms ? r->connect_timeout_ms : DEFAULT_CONNECT_MS));
	curl_easy_setopt(
		s->easy, CURLOPT_TIMEOUT_MS, (long)(r->timeout_ms ? r->timeout_ms : DEFAULT_TIMEOUT_MS));
	s->max_response_bytes = r->max_response_bytes ? r->max_response_bytes : DEFAULT_RESPONSE_BYTES;
	g_string_truncate(s->body, 0);
	s->too_large = FALSE;
	s->head_is_whole = FALSE;
	s->began = FALSE;
	s->bytes_before = 0;
	s->error[0] = '\0';
}

/* --- the line --- */

static void start(struct slot *s)
{
	s->client->active++;
	curl_multi_add_handle(s->client->multi, s->easy);
}

static void start_next(struct http_client *c)
{
	GList *link = c->active < c->max_active ? g_queue_pop_head_link(&c->line) : NULL;
	if (!link)
		return;
	struct slot *s = link->data;
	s->in_line = FALSE;
	start(s);
}

/* Wherever it is; the slot is then nobody's. */
static void stop(struct slot *s)
{
	struct http_client *c = s->client;
	g_hash_table_remove(c->pending, &s->id);
	if (s->in_line) {
		g_queue_unlink(&c->line, &s->link);
		s->in_line = FALSE;
		return;
	}
	curl_multi_remove_handle(c->multi, s->easy);
	c->active--;
	start_next(c);
}

/* --- answers --- */

static enum http_outcome outcome_of(const struct slot *s, CURLcode code)
{
	if (code == CURLE_OK && s->head_is_whole)
		return HTTP_OK;
	return s->began && written_bytes(s) > s->bytes_before ? HTTP_IN_DOUBT : HTTP_NOT_SENT;
}

static char *error_of(const struct slot *s, CURLcode code)
{
	if (code == CURLE_OK)
		return s->head_is_whole ? NULL : g_strdup("answer broke off in its headers");
	if (s->too_large)
		return g_strdup_printf("answer longer than %" G_GSIZE_FORMAT " bytes", s->max_response_bytes);
	if (code == CURLE_ABORTED_BY_CALLBACK)
		return g_strdup("connection closed by the server without an answer");
	return g_strdup(s->error[0] ? s->error : curl_easy_strerror(code));
}

static int64_t time_of(const struct slot *s, CURLINFO info)
{
	curl_off_t us = 0;
	curl_easy_getinfo(s->easy, info, &us);
	return us;
}

static void read_timing(const struct slot *s, struct http_timing *t)
{
	long connections = 0;
	curl_easy_getinfo(s->easy, CURLINFO_NUM_CONNECTS, &connections);
	t->reused = connections == 0 && s->began;
	t->resolved_us = time_of(s, CURLINFO_NAMELOOKUP_TIME_T);
	t->connected_us = time_of(s, CURLINFO_CONNECT_TIME_T);
	t->tls_us = time_of(s, CURLINFO_APPCONNECT_TIME_T);
	t->first_byte_us = time_of(s, CURLINFO_STARTTRANSFER_TIME_T);
	t->total_us = time_of(s, CURLINFO_TOTAL_TIME_T);
}

/* What `done` gets; the slot is there for http_header. */
struct answer {
	struct http_response response;
	const struct slot *slot;
};

static void finish(struct slot *s, CURLcode code)
{
	struct http_client *c = s->client;
	g_autoptr(GSource) source = g_source_ref(c->source);
	stop(s);
	long status = 0;
	curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status);
	g_autofree char *error = error_of(s, code);
	struct answer a = {
		.slot = s,
		.response = {
			.id = s->id,
			.outcome = outcome_of(s, code),
			.status = (int)status,
			.body = s->body->str,
			.body_length = s->body->len,
			.error = error,
		},
	};
	read_timing(s, &a.response.timing);
	s->done(&a.response, s->data);
	if (g_source_is_destroyed(source))
		slot_free(s);
	else
		slot_release(s);
}

/* Takes one at a time: a `done` may cancel others, or free the client. */
static void deliver(struct http_client *c)
{
	int left;
	CURLMsg *message;
	g_autoptr(GSource) source = g_source_ref(c->source);
	while (!g_source_is_destroyed(source) && (message = curl_multi_info_read(c->multi, &left))) {
		struct slot *s = NULL;
		if (message->msg != CURLMSG_DONE)
			continue;
		CURLcode code = message->data.result;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &s);
		finish(s, code);
	}
}

const char *http_header(const struct http_response *response, const char *name)
{
	const struct answer *a = (const struct answer *)response;
	struct curl_header *header;
	if (curl_easy_header(a->slot->easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
		return NULL;
	return header->value;
}

/* --- the source --- */

static gboolean is_due(const struct http_client *c, GSource *source)
{
	return c->timeout_at_us >= 0 && c->timeout_at_us <= g_source_get_time(source);
}

static gboolean prepare(GSource *source, gint *timeout_ms)
{
	const struct http_client *c = ((struct client_source *)source)->client;
	*timeout_ms = -1;
	if (c->timeout_at_us < 0)
		return FALSE;
	gint64 left_us = c->timeout_at_us - g_source_get_time(source);
	*timeout_ms = (gint)CLAMP((left_us + 999) / 1000, 0, G_MAXINT);
	return left_us <= 0;
}

static gboolean check(GSource *source)
{
	const struct http_client *c = ((struct client_source *)source)->client;
	for (guint fd = 0; fd < c->watches->len; fd++) {
		const struct watch *w = c->watches->pdata[fd];
		if (w && w->polled && w->poll.revents)
			return TRUE;
	}
	return is_due(c, source);
}

static void service_watch(struct http_client *c, struct watch *w)
{
	GIOCondition got = w->poll.revents;
	w->poll.revents = 0;
	if (!w->poll.events) {
		/* A kept connection broke; libcurl will find out when it wants to use it. */
		watch_stop(c, w);
		return;
	}
	int running, mask = 0;
	if (got & (G_IO_IN | G_IO_HUP))
		mask |= CURL_CSELECT_IN;
	if (got & G_IO_OUT)
		mask |= CURL_CSELECT_OUT;
	if (got & G_IO_ERR)
		mask |= CURL_CSELECT_ERR;
	curl_multi_socket_action(c->multi, w->poll.fd, mask, &running);
}

static gboolean dispatch(GSource *source, GSourceFunc unused, gpointer data)
{
	(void)unused;
	(void)data;
	struct http_client *c = ((struct client_source *)source)->client;
	int running;
	if (is_due(c, source)) {
		c->timeout_at_us = -1;
		curl_multi_socket_action(c->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
	for (guint fd = 0; fd < c->watches->len; fd++) {
		struct watch *w = c->watches->pdata[fd];
		if (w && w->polled && w->poll.revents)
			service_watch(c, w);
	}
	deliver(c);
	return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = { .prepare = prepare, .check = check, .dispatch = dispatch };

/* --- life cycle --- */

struct http_client *http_client_new(const struct http_options *o)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
	/* With CURLOPT_NOSIGNAL a write to a closed TLS connection would end the process. */
	signal(SIGPIPE, SIG_IGN);
	struct http_client *c = g_new0(struct http_client, 1);
	c->ca_file = g_strdup(o->ca_file);
	c->proxy = g_strdup(o->proxy);
	c->user_agent = g_strdup(o->user_agent ? o->user_agent : "belltower/" BELLTOWER_VERSION);
	c->watches = g_ptr_array_new_with_free_func(g_free);
	c->pending = g_hash_table_new(g_int64_hash, g_int64_equal);
	c->max_active = o->max_active ? o->max_active : DEFAULT_MAX_ACTIVE;
	c->timeout_at_us = -1;
	c->spare = g_ptr_array_new_with_free_func(slot_free);
	c->source = g_source_new(&source_funcs, sizeof(struct client_source));
	((struct client_source *)c->source)->client = c;
	g_source_set_static_name(c->source, "http client");
	/* Otherwise GLib takes all sockets out of its poll set and back for each dispatch, with two wake-ups. */
	g_source_set_can_recurse(c->source, TRUE);
	g_source_attach(c->source, NULL);
	c->multi = curl_multi_init();
	g_assert(c->multi);
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, socket_changed);
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, timer_changed);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
	curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, (long)c->max_active);
	return c;
}

static void drop_pending(struct http_client *c)
{
	GHashTableIter iter;
	gpointer slot;
	g_hash_table_iter_init(&iter, c->pending);
	while (g_hash_table_iter_next(&iter, NULL, &slot)) {
		struct slot *s = slot;
		g_hash_table_iter_remove(&iter);
		if (!s->in_line)
			curl_multi_remove_handle(c->multi, s->easy);
		slot_free(s);
	}
}

void http_client_free(struct http_client *c)
{
	if (!c)
		return;
	g_source_destroy(c->source);
	drop_pending(c);
	g_ptr_array_free(c->spare, TRUE);
	curl_multi_cleanup(c->multi);
	g_ptr_array_free(c->watches, TRUE);
	g_hash_table_destroy(c->pending);
	g_source_unref(c->source);
	g_free(c->ca_file);
	g_free(c->proxy);
	g_free(c->user_agent);
	g_free(c);
	curl_global_cleanup();
}

guint64 http_send(struct http_client *c, const struct http_request *r, http_done_fn *done, gpointer data)
{
	struct slot *s = slot_take(c);
	slot_prepare(s, r);
	s->id = ++c->last_id;
	s->done = done;
	s->data = data;
	g_hash_table_insert(c->pending, &s->id, s);
	s->in_line = TRUE;
	s->link.data = s;
	g_queue_push_tail_link(&c->line, &s->link);
	start_next(c);
	return s->id;
}

void http_cancel(struct http_client *c, guint64 id)
{
	struct slot *s = g_hash_table_lookup(c->pending, &id);
	if (!s)
		return;
	stop(s);
	slot_release(s);
}

unsigned http_pending(const struct http_client *c)
{
	return g_hash_table_size(c->pending);
}
