/* SPDX-License-Identifier: MIT */
#include "net/http_client.h"

#include <curl/curl.h>
#include <signal.h>

#include "net/http_sockets.h"
#include "net/proxy.h"

#define CA_DIRECTORY	       "/etc/ssl/certs"
#define DEFAULT_CONNECT_MS     5000
#define DEFAULT_TIMEOUT_MS     20000
#define DEFAULT_RESPONSE_BYTES (4 * 1024 * 1024)
#define DEFAULT_MAX_ACTIVE     16
/* Slots kept with their buffers for the next requests, and the largest buffer worth keeping. */
#define SLOTS_KEPT  64
#define BUFFER_KEPT (256 * 1024)

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

struct http_client {
	CURLM *multi;
	struct http_sockets *sockets;
	GHashTable *pending; /* id → struct slot: those in line and those with libcurl */
	GQueue line;	     /* struct slot, by its link: more than max_active */
	unsigned active, max_active;
	GPtrArray *spare; /* struct slot */
	gboolean delivering, freed; /* freed while delivering: gone when that is over */
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
	http_sockets_open_for(c->sockets, e);
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

static gboolean went_over_kept(const struct slot *s)
{
	long connections = 0;
	curl_easy_getinfo(s->easy, CURLINFO_NUM_CONNECTS, &connections);
	return connections == 0 && s->began;
}

/* What `done` gets; the slot is there for http_header. */
struct answer {
	struct http_response response;
	const struct slot *slot;
};

static void finish(struct slot *s, CURLcode code)
{
	struct http_client *c = s->client;
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
			.reused = went_over_kept(s),
		},
	};
	s->done(&a.response, s->data);
	if (c->freed)
		slot_free(s);
	else
		slot_release(s);
}

/* Takes one at a time: a `done` may cancel others, or free the client. */
static void deliver(gpointer client)
{
	int left;
	CURLMsg *message;
	struct http_client *c = client;
	c->delivering = TRUE;
	while (!c->freed && (message = curl_multi_info_read(c->multi, &left))) {
		struct slot *s = NULL;
		if (message->msg != CURLMSG_DONE)
			continue;
		CURLcode code = message->data.result;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &s);
		finish(s, code);
	}
	c->delivering = FALSE;
	if (c->freed)
		g_free(c);
}

const char *http_header(const struct http_response *response, const char *name)
{
	const struct answer *a = (const struct answer *)response;
	struct curl_header *header;
	if (curl_easy_header(a->slot->easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
		return NULL;
	return header->value;
}

/* --- life cycle --- */

/* "": none is set, and libcurl need not look through the environment for each request; NULL: it shall. */
static const char *proxy_of_environment(void)
{
	struct proxy_words words = proxy_words_from_environment();
	return words.http_proxy || words.https_proxy ? NULL : "";
}

struct http_client *http_client_new(const struct http_options *o)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
	/* With CURLOPT_NOSIGNAL a write to a closed TLS connection would end the process. */
	signal(SIGPIPE, SIG_IGN);
	struct http_client *c = g_new0(struct http_client, 1);
	c->ca_file = g_strdup(o->ca_file);
	c->proxy = g_strdup(o->proxy ? o->proxy : proxy_of_environment());
	c->user_agent = g_strdup(o->user_agent ? o->user_agent : "belltower/" BELLTOWER_VERSION);
	c->pending = g_hash_table_new(g_int64_hash, g_int64_equal);
	c->max_active = o->max_active ? o->max_active : DEFAULT_MAX_ACTIVE;
	c->spare = g_ptr_array_new_with_free_func(slot_free);
	c->multi = curl_multi_init();
	g_assert(c->multi);
	c->sockets = http_sockets_new(c->multi, deliver, c);
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
	http_sockets_stop(c->sockets);
	drop_pending(c);
	g_ptr_array_free(c->spare, TRUE);
	curl_multi_cleanup(c->multi);
	http_sockets_free(c->sockets);
	g_hash_table_destroy(c->pending);
	g_free(c->ca_file);
	g_free(c->proxy);
	g_free(c->user_agent);
	c->freed = TRUE;
	if (!c->delivering)
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
