/* SPDX-License-Identifier: MIT */
#include "net/lws_private.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/log.h"

#define CLOSE_WAIT_MS	    1500
#define TCP_USER_TIMEOUT_MS 30000
#define MAX_PING_BYTES	    125
/* Messages written in one turn, so that a long line leaves the loop its other duties. */
#define WRITES_AT_ONCE 64
/* What a message's buffer may keep for the next one. */
#define BUFFER_KEPT (64 * 1024)

/* A message in line. libwebsockets puts the frame's head in front of the bytes, and masks them in place. */
struct outgoing {
	guint64 token;
	gsize length, done;
	gboolean binary;
	unsigned char room[]; /* LWS_PRE, then the bytes */
};

struct ws {
	struct lws_loop *loop;
	struct lws *wsi; /* NULL before the upgrade's connection and after the end */
	struct ws_limits limits;
	const struct ws_events *events;
	gpointer data;
	void (*detached)(gpointer owner);
	gpointer owner;
	enum ws_state state;

	GQueue outgoing; /* struct outgoing */
	gsize waiting_bytes;
	gboolean in_kernel_queue; /* the head is handed over, but a part of it waits inside libwebsockets */
	gboolean asked;		  /* for a WRITEABLE callback */
	GList flush;		  /* in the loop's line of those that have something to write */
	gboolean has_ping;
	gsize ping_length;
	unsigned char ping[LWS_PRE + MAX_PING_BYTES];

	GString *incoming;
	gsize incoming_bytes; /* of this message, those thrown away too */
	gboolean fragmented;  /* it came in more than one frame */
	gint64 last_frame_us;

	unsigned close_code; /* ours, in CLOSING */
	char *close_reason;
	gboolean close_handed_over; /* libwebsockets sends it and awaits the peer's */
	guint close_timer;
	unsigned end_code; /* what `closed` is told */
	char *end_text;
	int refusal;
	GHashTable *refusal_headers; /* name → value; NULL: none */
	guint later;

	unsigned depth; /* callbacks under way */
	gboolean freed;
};

static void ws_destroy(struct ws *ws)
{
	g_queue_clear_full(&ws->outgoing, g_free);
	g_string_free(ws->incoming, TRUE);
	g_free(ws->close_reason);
	g_free(ws->end_text);
	g_clear_pointer(&ws->refusal_headers, g_hash_table_unref);
	g_free(ws);
}

static void enter(struct ws *ws)
{
	ws->depth++;
}

/* FALSE: the ws was freed meanwhile. */
static gboolean leave(struct ws *ws)
{
	gboolean freed = ws->freed;
	if (--ws->depth == 0 && freed)
		ws_destroy(ws);
	return !freed;
}

/* Calls one event, if the owner wants it; safe against ws_free inside, as long as the caller is between enter and leave. */
#define EMIT(ws, event, ...)                                                                                 \
	do {                                                                                                 \
		if (!(ws)->freed && (ws)->events->event)                                                     \
			(ws)->events->event((ws), ##__VA_ARGS__, (ws)->data);                                \
	} while (0)

struct ws *ws_new(struct lws_loop *loop, const struct ws_limits *limits, const struct ws_events *events,
	gpointer data, void (*detached)(gpointer owner), gpointer owner)
{
	struct ws *ws = g_new0(struct ws, 1);
	ws->loop = loop;
	ws->flush.data = ws;
	ws->limits = *limits;
	ws->events = events;
	ws->data = data;
	ws->detached = detached;
	ws->owner = owner;
	ws->incoming = g_string_new(NULL);
	return ws;
}

/* --- the end --- */

static struct lws *give_up_wsi(struct ws *ws)
{
	struct lws *wsi = g_steal_pointer(&ws->wsi);
	lws_loop_flush_not(ws->loop, &ws->flush);
	g_clear_handle_id(&ws->close_timer, g_source_remove);
	if (ws->detached)
		ws->detached(g_steal_pointer(&ws->owner));
	ws->detached = NULL;
	return wsi;
}

/* All that still waits is lost: say so, in order. */
static void fail_outgoing(struct ws *ws)
{
	struct outgoing *message;
	while ((message = g_queue_pop_head(&ws->outgoing))) {
		if (message->token)
			EMIT(ws, sent, message->token, FALSE);
		g_free(message);
	}
	ws->waiting_bytes = 0;
}

static void tell_closed(struct ws *ws)
{
	enter(ws);
	fail_outgoing(ws);
	EMIT(ws, closed, ws->end_code, ws->end_text);
	leave(ws);
}

static void mark_ended(struct ws *ws, unsigned code, const char *text)
{
	ws->state = WS_CLOSED;
	ws->end_code = code;
	g_free(ws->end_text);
	ws->end_text = g_utf8_make_valid(text, -1);
	give_up_wsi(ws);
}

void ws_end(struct ws *ws, unsigned code, const char *text)
{
	if (ws->state == WS_CLOSED)
		return;
	mark_ended(ws, code, text);
	tell_closed(ws);
}

static gboolean later(gpointer data)
{
	struct ws *ws = data;
	ws->later = 0;
	tell_closed(ws);
	return G_SOURCE_REMOVE;
}

void ws_end_later(struct ws *ws, unsigned code, const char *text)
{
	if (ws->state == WS_CLOSED)
		return;
	mark_ended(ws, code, text);
	ws->later = lws_loop_later(later, ws);
}

static void cut(struct ws *ws)
{
	struct lws *wsi = give_up_wsi(ws);
	if (wsi)
		lws_loop_kill(ws->loop, wsi);
}

static void drop(struct ws *ws, const char *why)
{
	if (ws->state == WS_CLOSED)
		return;
	cut(ws);
	ws_end_later(ws, WS_CODE_ABNORMAL, why);
}

void ws_drop(struct ws *ws)
{
	drop(ws, "dropped");
}

void ws_free(struct ws *ws)
{
	if (!ws || ws->freed)
		return;
	ws->freed = TRUE;
	cut(ws);
	ws->state = WS_CLOSED;
	g_clear_handle_id(&ws->later, g_source_remove);
	if (ws->depth == 0)
		ws_destroy(ws);
}

/* --- sending --- */

static void ask_to_write(struct ws *ws)
{
	if (ws->asked || !ws->wsi)
		return;
	ws->asked = TRUE;
	lws_callback_on_writable(ws->wsi);
}

/* In the loop's next turn; libwebsockets is asked only when the kernel has no room, and for the close frame. */
static void write_soon(struct ws *ws)
{
	if (ws->wsi && !ws->asked)
		lws_loop_flush_soon(ws->loop, &ws->flush);
}

static gboolean send_message(
	struct ws *ws, const char *bytes, gsize length, gboolean binary, guint64 token)
{
	if (ws->state != WS_OPEN || length > ws->limits.max_send_bytes ||
		ws->waiting_bytes + length > ws->limits.max_waiting_bytes)
		return FALSE;
	struct outgoing *message = g_malloc(sizeof *message + LWS_PRE + length);
	message->token = token;
	message->length = length;
	message->done = 0;
	message->binary = binary;
	if (length > 0) /* an empty message may have no address */
		memcpy(message->room + LWS_PRE, bytes, length);
	g_queue_push_tail(&ws->outgoing, message);
	ws->waiting_bytes += length;
	write_soon(ws);
	return TRUE;
}

gboolean ws_send_text(struct ws *ws, const char *text, gsize length, guint64 token)
{
	return send_message(ws, text, length, FALSE, token);
}

gboolean ws_send_binary(struct ws *ws, const char *bytes, gsize length, guint64 token)
{
	return send_message(ws, bytes, length, TRUE, token);
}

gboolean ws_ping(struct ws *ws, const char *payload, gsize length)
{
	if (ws->state != WS_OPEN || length > MAX_PING_BYTES)
		return FALSE;
	memcpy(ws->ping + LWS_PRE, payload, length);
	ws->ping_length = length;
	ws->has_ping = TRUE;
	write_soon(ws);
	return TRUE;
}

static void message_is_out(struct ws *ws)
{
	struct outgoing *message = g_queue_pop_head(&ws->outgoing);
	guint64 token = message->token;
	ws->waiting_bytes -= message->length;
	g_free(message);
	if (token)
		EMIT(ws, sent, token, TRUE);
	if (ws->outgoing.length == 0)
		EMIT(ws, drained);
}

static int flags_of(const struct outgoing *message, gsize piece)
{
	int flags = message->done	? LWS_WRITE_CONTINUATION
		    : message->binary ? LWS_WRITE_BINARY
				      : LWS_WRITE_TEXT;
	return message->done + piece < message->length ? flags | LWS_WRITE_NO_FIN : flags;
}

/* One frame: the whole message, unless it is to be split. */
static int write_message(struct ws *ws, struct lws *wsi)
{
	struct outgoing *message = g_queue_peek_head(&ws->outgoing);
	gsize left = message->length - message->done;
	gsize piece = ws->limits.fragment_bytes ? MIN(left, ws->limits.fragment_bytes) : left;
	enum lws_write_protocol flags = (enum lws_write_protocol)flags_of(message, piece);
	if (lws_write(wsi, message->room + LWS_PRE + message->done, piece, flags) < 0)
		return -1;
	message->done += piece;
	if (message->done < message->length)
		return 0;
	/* What the kernel did not take is in libwebsockets' own buffer; the next WRITEABLE comes when that is empty. */
	if (lws_partial_buffered(wsi))
		ws->in_kernel_queue = TRUE;
	else
		message_is_out(ws);
	return 0;
}

static int write_close(struct ws *ws, struct lws *wsi)
{
	gsize length = ws->close_reason ? strlen(ws->close_reason) : 0;
	ws->close_handed_over = TRUE;
	lws_close_reason(
		wsi, (enum lws_close_status)ws->close_code, (unsigned char *)ws->close_reason, length);
	return -1;
}

static int write_ping(struct ws *ws, struct lws *wsi)
{
	ws->has_ping = FALSE;
	return lws_write(wsi, ws->ping + LWS_PRE, ws->ping_length, LWS_WRITE_PING) < 0 ? -1 : 0;
}

static void life_sign(struct ws *ws)
{
	ws->last_frame_us = g_get_monotonic_time();
	EMIT(ws, alive);
}

/* Something of ours still waits for its turn to be written. */
static gboolean has_more(const struct ws *ws)
{
	if (!ws->wsi || ws->close_handed_over)
		return FALSE;
	return ws->has_ping || ws->outgoing.length > 0 || ws->state == WS_CLOSING;
}

static int write_next(struct ws *ws, struct lws *wsi)
{
	if (ws->has_ping)
		return write_ping(ws, wsi);
	if (ws->outgoing.length > 0)
		return write_message(ws, wsi);
	return ws->state == WS_CLOSING ? write_close(ws, wsi) : 0;
}

/* Lets the kernel collect what follows into full packets, or send what it has. */
static void cork(struct lws *wsi, int on)
{
	setsockopt(lws_get_socket_fd(wsi), IPPROTO_TCP, TCP_CORK, &on, sizeof on);
}

/*
 * libwebsockets wants one lws_write for each WRITEABLE because what the kernel does not take is kept in its own buffer.
 * As long as the kernel takes everything there is no such rest, and many small messages (the acknowledgements of a
 * batch) go out in one turn of the loop and one packet, not in one each.
 */
static int write_many(struct ws *ws, struct lws *wsi)
{
	gboolean many = ws->outgoing.length > 1;
	int verdict = 0;
	if (many)
		cork(wsi, TRUE);
	for (int i = 0; verdict == 0 && has_more(ws) && !lws_partial_buffered(wsi) && i < WRITES_AT_ONCE; i++)
		verdict = write_next(ws, wsi);
	if (many && ws->wsi)
		cork(wsi, FALSE);
	return verdict;
}

static int on_writeable(struct ws *ws, struct lws *wsi)
{
	gboolean asked = ws->asked, flushed = ws->in_kernel_queue;
	ws->asked = FALSE;
	ws->in_kernel_queue = FALSE;
	if (flushed)
		message_is_out(ws);
	else if (!asked)
		/* Nobody tells of the peer's pings; but when libwebsockets has answered one, it comes here unasked. */
		life_sign(ws);
	if (!has_more(ws))
		return 0;
	int verdict = write_many(ws, wsi);
	if (verdict == 0 && has_more(ws))
		ask_to_write(ws);
	return verdict;
}

/*
 * Outside libwebsockets' own WRITEABLE, where a write is as good as inside while nothing waits in its buffer: a rest that
 * the kernel does not take is kept there all the same.
 */
void ws_flush(struct ws *ws)
{
	struct lws *wsi = ws->wsi;
	if (ws->state != WS_OPEN || ws->end_code || ws->asked)
		return;
	lws_loop_enter(ws->loop);
	enter(ws);
	gboolean broken = !lws_partial_buffered(wsi) && write_many(ws, wsi) < 0;
	if (broken)
		drop(ws, "connection lost");
	else if (has_more(ws) || (ws->wsi && lws_partial_buffered(ws->wsi)))
		ask_to_write(ws);
	struct lws_loop *loop = ws->loop;
	leave(ws);
	lws_loop_leave(loop);
}

/* --- receiving --- */

static void take_piece(struct ws *ws, const char *bytes, gsize length, gboolean first)
{
	if (first) {
		g_string_truncate(ws->incoming, 0);
		ws->incoming_bytes = 0;
		ws->fragmented = FALSE;
	}
	ws->incoming_bytes += length;
	if (ws->incoming_bytes <= ws->limits.max_message_bytes)
		g_string_append_len(ws->incoming, bytes, (gssize)length);
}

static void forget_message(struct ws *ws)
{
	if (ws->incoming->allocated_len <= BUFFER_KEPT)
		return;
	g_string_free(ws->incoming, TRUE);
	ws->incoming = g_string_new(NULL);
}

/* A whole message is here. */
static void tell_message(struct ws *ws, gboolean binary)
{
	if (ws->state == WS_CLOSING) /* nothing could be answered any more */
		return;
	if (binary && !ws->events->binary)
		log_warning("binary message ignored", "bytes", (int64_t)ws->incoming_bytes);
	else if (ws->incoming_bytes > ws->limits.max_message_bytes)
		EMIT(ws, oversized, ws->incoming_bytes);
	else if (binary)
		EMIT(ws, binary, ws->incoming->str, ws->incoming->len);
	else
		EMIT(ws, message, ws->incoming->str, ws->incoming->len);
}

static void on_receive(struct ws *ws, struct lws *wsi, const char *bytes, gsize length)
{
	life_sign(ws);
	if (!ws->wsi)
		return;
	take_piece(ws, bytes, length, lws_is_first_fragment(wsi));
	if (!lws_is_final_fragment(wsi)) {
		/* The end of a frame, and yet not of the message. */
		ws->fragmented = ws->fragmented || lws_remaining_packet_payload(wsi) == 0;
		return;
	}
	tell_message(ws, lws_frame_is_binary(wsi) != 0);
	forget_message(ws);
}

gboolean ws_was_fragmented(const struct ws *ws)
{
	return ws->fragmented;
}

void ws_pause(struct ws *ws, gboolean paused)
{
	if (ws->wsi && ws->state == WS_OPEN)
		lws_rx_flow_control(ws->wsi, !paused);
}

/* --- opening and closing --- */

static void watch_half_open(struct lws *wsi)
{
	int fd = lws_get_socket_fd(wsi), on = 1, limit_ms = TCP_USER_TIMEOUT_MS;
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit_ms, sizeof limit_ms);
}

void ws_attach(struct ws *ws, struct lws *wsi)
{
	ws->wsi = wsi;
}

static void on_open(struct ws *ws, struct lws *wsi)
{
	ws->state = WS_OPEN;
	ws->last_frame_us = g_get_monotonic_time();
	watch_half_open(wsi);
	lws_loop_speed_up();
	EMIT(ws, opened);
}

/* The peer's close frame: two bytes of code, then its reason. libwebsockets answers it. */
static void on_peer_close(struct ws *ws, const unsigned char *bytes, gsize length)
{
	ws->end_code = length >= 2 ? (unsigned)(bytes[0] << 8 | bytes[1]) : WS_CODE_NONE;
	g_free(ws->end_text);
	ws->end_text =
		length > 2 ? g_strndup((const char *)bytes + 2, length - 2) : g_strdup("closed by peer");
}

static void on_closed(struct ws *ws)
{
	if (ws->end_code) {
		g_autofree char *text = g_steal_pointer(&ws->end_text);
		ws_end(ws, ws->end_code, text);
	} else if (ws->state == WS_CLOSING) {
		ws_end(ws, ws->close_code, "closed by us");
	} else {
		ws_end(ws, WS_CODE_ABNORMAL, "connection lost");
	}
}

static gboolean close_is_overdue(gpointer data)
{
	struct ws *ws = data;
	ws->close_timer = 0;
	drop(ws, "no answer to our close frame");
	return G_SOURCE_REMOVE;
}

void ws_close(struct ws *ws, unsigned code, const char *reason)
{
	if (ws->state == WS_DIALING)
		ws_drop(ws);
	if (ws->state != WS_OPEN)
		return;
	ws->state = WS_CLOSING;
	ws->close_code = code;
	ws->close_reason = g_strndup(reason ? reason : "", MAX_PING_BYTES - 2);
	ws->close_timer = g_timeout_add(CLOSE_WAIT_MS, close_is_overdue, ws);
	lws_rx_flow_control(ws->wsi, 1); /* the answer is waited for also by who was paused */
	ask_to_write(ws);
}

static int handle(struct ws *ws, struct lws *wsi, enum lws_callback_reasons reason, void *in, size_t length)
{
	switch ((int)reason) {
	case LWS_CALLBACK_ESTABLISHED:
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		on_open(ws, wsi);
		break;
	case LWS_CALLBACK_RECEIVE:
	case LWS_CALLBACK_CLIENT_RECEIVE:
		on_receive(ws, wsi, in, length);
		break;
	case LWS_CALLBACK_RECEIVE_PONG:
	case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
		life_sign(ws);
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return on_writeable(ws, wsi);
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		on_peer_close(ws, in, length);
		break;
	case LWS_CALLBACK_CLOSED:
	case LWS_CALLBACK_CLIENT_CLOSED:
	case LWS_CALLBACK_WSI_DESTROY:
		on_closed(ws);
		break;
	}
	return 0;
}

int ws_handle(struct ws *ws, struct lws *wsi, enum lws_callback_reasons reason, void *in, size_t length)
{
	struct lws_loop *loop = ws->loop;
	lws_loop_enter(loop);
	enter(ws);
	int verdict = handle(ws, wsi, reason, in, length);
	gboolean alive = ws->wsi != NULL;
	gboolean kept = leave(ws);
	lws_loop_leave(loop);
	return kept && alive ? verdict : -1;
}

void ws_note_refusal(struct ws *ws, int status, GHashTable *take_headers)
{
	g_clear_pointer(&ws->refusal_headers, g_hash_table_unref);
	ws->refusal = status;
	ws->refusal_headers = take_headers;
}

/* --- looking --- */

int ws_refusal_status(const struct ws *ws)
{
	return ws->refusal;
}

const char *ws_refusal_header(const struct ws *ws, const char *name)
{
	return ws->refusal_headers ? g_hash_table_lookup(ws->refusal_headers, name) : NULL;
}

enum ws_state ws_get_state(const struct ws *ws)
{
	return ws->state;
}

gsize ws_waiting_bytes(const struct ws *ws)
{
	return ws->waiting_bytes;
}

/* The kernel knows of every byte, those of pings too, that libwebsockets keeps to itself. */
int64_t ws_silent_ms(const struct ws *ws)
{
	if (!ws->last_frame_us)
		return -1;
	int64_t silent_ms = (g_get_monotonic_time() - ws->last_frame_us) / 1000;
	struct tcp_info info;
	socklen_t size = sizeof info;
	if (ws->wsi && getsockopt(lws_get_socket_fd(ws->wsi), IPPROTO_TCP, TCP_INFO, &info, &size) == 0)
		silent_ms = MIN(silent_ms, (int64_t)info.tcpi_last_data_recv);
	return silent_ms;
}

void ws_set_events(struct ws *ws, const struct ws_events *events, gpointer data)
{
	ws->events = events;
	ws->data = data;
}
