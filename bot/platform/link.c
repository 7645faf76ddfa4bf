/* SPDX-License-Identifier: MIT */
#include "platform/link.h"

#include "base/log.h"
#include "base/random.h"
#include "base/timer.h"
#include "net/backoff.h"
#include "net/ws_client.h"

enum {
	LINE_LIMIT = 3,
	PING_MS = 15000,
	SILENCE_LIMIT_MS = 40000,
	LINGER_MS = 30000,
	PROBE_MS = 15 * 60 * 1000,
	RETRY_AFTER_LEAST_MS = 1000, /* "Retry-After: 0" shall not make us spin */
	CLOSE_NORMAL = 1000,
};

/* NEW: no greeting yet; OLD: told to go, still read; CLOSING: our close frame is out. */
enum line_phase { LINE_NEW, LINE_GREETED, LINE_OLD, LINE_CLOSING };

struct line {
	struct link *link;
	guint number;
	enum line_phase phase;
	struct ws *ws;
	int64_t heard_ms, heard_wall_ms; /* of the last frame */
	struct timer *pulse;		 /* pings, and ends the line that answers nothing */
	struct timer *linger;		 /* an old line's time */
};

struct link {
	struct link_options options;
	char *name, *ca_file, *proxy;
	const struct link_ops *ops;
	gpointer data;
	enum link_state state;
	struct timer *limit;
	struct line *lines[LINE_LIMIT]; /* oldest first, NULL after the last */
	struct line *newest;		/* what the state speaks of; NULL: WAITING, ASKING */
	guint last_number;
	unsigned attempt;
	gboolean covered, paused, asking;
	char *trouble;
};

#define TO(state) (1u << LINK_##state)

static void wait_is_over(struct link *l);
static void step_is_late(struct link *l);
static void live_is_steady(struct link *l);

static const struct {
	const char *name;
	unsigned next;
	int32_t limit_ms; /* 0: given by the mover, or none */
	void (*late)(struct link *l);
	enum log_level level;
} states[] = {
	[LINK_WAITING] = { "waiting", TO(WAITING) | TO(ASKING) | TO(STOPPED), 0, wait_is_over,
		LOG_LEVEL_INFO },
	[LINK_ASKING] = { "asking", TO(DIALING) | TO(WAITING) | TO(STOPPED), 10000, step_is_late,
		LOG_LEVEL_DEBUG },
	[LINK_DIALING] = { "dialing", TO(GREETING) | TO(WAITING) | TO(STOPPED), 10000, step_is_late,
		LOG_LEVEL_DEBUG },
	[LINK_GREETING] = { "greeting", TO(LIVE) | TO(WAITING) | TO(STOPPED), 15000, step_is_late,
		LOG_LEVEL_DEBUG },
	[LINK_LIVE] = { "live", TO(ASKING) | TO(WAITING) | TO(STOPPED), 60000, live_is_steady,
		LOG_LEVEL_INFO },
	[LINK_STOPPED] = { "stopped", 0, 0, NULL, LOG_LEVEL_INFO },
};
G_STATIC_ASSERT(G_N_ELEMENTS(states) == LINK_STATE_COUNT);

/* What a cause means for the line it struck, and for the time until the next try. */
static const struct {
	gboolean keep; /* the line goes on beside its successor */
	enum { AT_ONCE, BACK_OFF, PROBE } pace;
	enum backoff_kind kind;
} causes[] = {
	[LINK_LOST] = { FALSE, BACK_OFF, BACKOFF_NETWORK },
	[LINK_REFRESH] = { TRUE, AT_ONCE, BACKOFF_NETWORK },
	[LINK_REPLACE] = { TRUE, BACK_OFF, BACKOFF_NETWORK },
	[LINK_CROWDED] = { FALSE, BACK_OFF, BACKOFF_CROWDED },
	[LINK_SHUT] = { FALSE, PROBE, BACKOFF_NETWORK },
};
G_STATIC_ASSERT(G_N_ELEMENTS(causes) == LINK_CAUSE_COUNT);

/* The one writer of the state: checks the move, logs it, and sets the limit, so that nothing hangs. */
static void link_enter(struct link *l, enum link_state state, const char *why)
{
	g_assert(states[l->state].next & (1u << state));
	log_write(states[state].level, "link moved",
		(const struct log_field[]){ log_field_text("link", l->name),
			log_field_text("from", states[l->state].name),
			log_field_text("to", states[state].name), log_field_text("why", why),
			{ NULL, NULL, 0 } });
	l->state = state;
	if (states[state].limit_ms)
		timer_arm_in(l->limit, states[state].limit_ms);
	else
		timer_disarm(l->limit);
}

static void limit_fired(gpointer data)
{
	struct link *l = data;
	if (states[l->state].late)
		states[l->state].late(l);
}

/* --- lines --- */

static unsigned line_count(const struct link *l)
{
	unsigned n = 0;
	while (n < LINE_LIMIT && l->lines[n])
		n++;
	return n;
}

static struct line *line_find(const struct link *l, guint number)
{
	for (unsigned i = 0; i < line_count(l); i++)
		if (l->lines[i]->number == number)
			return l->lines[i];
	return NULL;
}

static gboolean line_covers(const struct line *line)
{
	return line->phase == LINE_GREETED || line->phase == LINE_OLD;
}

/* Takes the line out of the link and closes its descriptor. */
static void line_free(struct line *line)
{
	struct link *l = line->link;
	unsigned n = line_count(l), i = 0;
	while (l->lines[i] != line)
		i++;
	memmove(&l->lines[i], &l->lines[i + 1], (n - i - 1) * sizeof *l->lines);
	l->lines[n - 1] = NULL;
	if (l->newest == line)
		l->newest = NULL;
	ws_free(line->ws);
	timer_free(line->pulse);
	timer_free(line->linger);
	g_free(line);
}

static void cover_check(struct link *l, int64_t heard_ms)
{
	gboolean covered = FALSE;
	for (unsigned i = 0; i < line_count(l); i++)
		covered |= line_covers(l->lines[i]);
	if (covered == l->covered)
		return;
	l->covered = covered;
	l->ops->covered(l, covered, heard_ms, l->data);
}

/* Says goodbye; the peer's silence costs 1.5 s at most. A line that was never open just goes. */
static void line_close(struct line *line, const char *why)
{
	struct link *l = line->link;
	int64_t heard_ms = line->heard_wall_ms;
	timer_disarm(line->pulse);
	timer_disarm(line->linger);
	if (l->newest == line)
		l->newest = NULL;
	if (ws_get_state(line->ws) == WS_OPEN) {
		line->phase = LINE_CLOSING;
		ws_close(line->ws, CLOSE_NORMAL, why);
	} else {
		line_free(line);
	}
	cover_check(l, heard_ms);
}

/* Any frame is life. */
static void line_heard(struct line *line)
{
	line->heard_ms = clock_mono_ms(line->link->options.clock);
	line->heard_wall_ms = clock_now_ms(line->link->options.clock);
}

/* The pulse of those who have none of their own. */
static int64_t usual_pulse(struct line *line, int64_t silent_ms)
{
	if (line->link->paused)
		return PING_MS;
	if (silent_ms >= SILENCE_LIMIT_MS)
		return -1;
	ws_ping(line->ws, "belltower", strlen("belltower"));
	return MIN(PING_MS, SILENCE_LIMIT_MS - silent_ms);
}

static void line_pulse(gpointer data)
{
	struct line *line = data;
	struct link *l = line->link;
	/* While we do not listen silence means nothing. */
	int64_t silent = l->paused ? 0 : clock_mono_ms(l->options.clock) - line->heard_ms;
	int64_t next = l->ops->pulse ? l->ops->pulse(l, line->number, silent, l->data)
				     : usual_pulse(line, silent);
	if (next >= 0) {
		timer_arm_in(line->pulse, next);
		return;
	}
	log_warning("link silent, closing its descriptor", "link", l->name, "line", line->number, "silent_ms",
		silent);
	ws_drop(line->ws); /* `closed` follows */
}

/* An old line leaves when its time is over, but not before its successor is there. */
static void line_linger(gpointer data)
{
	struct line *line = data;
	if (line->link->state == LINK_LIVE)
		line_close(line, "replaced");
}

static void line_retire(struct line *line)
{
	line->phase = LINE_OLD;
	if (line->link->newest == line)
		line->link->newest = NULL;
	timer_arm_in(line->linger, LINGER_MS);
}

/* --- starting over --- */

static void link_ask(struct link *l, const char *why)
{
	link_enter(l, LINK_ASKING, why);
	l->asking = TRUE;
	l->ops->ask(l, l->data);
}

static void link_wait(struct link *l, int64_t delay_ms, const char *why)
{
	g_free(l->trouble);
	l->trouble = g_strdup(why);
	link_enter(l, LINK_WAITING, why);
	timer_arm_in(l->limit, delay_ms);
	log_info("link tries again", "link", l->name, "in_ms", delay_ms, "attempt", l->attempt, "why", why);
}

static int64_t back_off_ms(struct link *l, enum backoff_kind kind)
{
	unsigned attempt = l->attempt++;
	if (kind == BACKOFF_NETWORK && l->ops->delay)
		return l->ops->delay(l, attempt, l->data);
	return backoff_delay_ms(kind, attempt, random_unit());
}

static void link_again(struct link *l, enum link_cause cause, int64_t after_ms, const char *why)
{
	if (causes[cause].pace == AT_ONCE && l->state == LINK_LIVE) {
		link_ask(l, why);
		return;
	}
	int64_t delay = causes[cause].pace == PROBE ? PROBE_MS : back_off_ms(l, causes[cause].kind);
	link_wait(l, after_ms >= 0 ? MAX(after_ms, RETRY_AFTER_LEAST_MS) : delay, why);
}

static void link_unask(struct link *l)
{
	if (!l->asking)
		return;
	l->asking = FALSE;
	l->ops->unask(l, l->data);
}

static void wait_is_over(struct link *l)
{
	link_ask(l, "the wait is over");
}

static void step_is_late(struct link *l)
{
	g_autofree char *why = g_strdup_printf(
		"%s took longer than %d s", states[l->state].name, states[l->state].limit_ms / 1000);
	link_unask(l);
	if (l->newest)
		line_free(l->newest);
	link_again(l, LINK_LOST, -1, why);
}

static void live_is_steady(struct link *l)
{
	l->attempt = 0;
}

/* --- what the socket says --- */

static void ws_opened(struct ws *ws, gpointer data)
{
	(void)ws;
	struct line *line = data;
	struct link *l = line->link;
	line_heard(line);
	if (line != l->newest || l->state != LINK_DIALING)
		return;
	link_enter(l, LINK_GREETING, "open");
	if (l->ops->opened)
		l->ops->opened(l, line->number, l->data);
}

static void ws_alive(struct ws *ws, gpointer data)
{
	(void)ws;
	line_heard(data);
}

static void ws_message(struct ws *ws, const char *text, gsize length, gpointer data)
{
	(void)ws;
	struct line *line = data;
	if (line->phase != LINE_CLOSING)
		line->link->ops->message(line->link, line->number, text, length, line->link->data);
}

static void ws_binary(struct ws *ws, const char *bytes, gsize length, gpointer data)
{
	(void)ws;
	struct line *line = data;
	if (line->phase != LINE_CLOSING)
		line->link->ops->binary(line->link, line->number, bytes, length, line->link->data);
}

static void ws_oversized(struct ws *ws, gsize bytes, gpointer data)
{
	(void)ws;
	struct line *line = data;
	log_warning("message too long, ignoring it", "link", line->link->name, "bytes", bytes);
}

static void ws_sent(struct ws *ws, guint64 token, gboolean written, gpointer data)
{
	(void)ws;
	struct line *line = data;
	if (line->link->ops->sent)
		line->link->ops->sent(line->link, line->number, token, written, line->link->data);
}

static void ws_closed(struct ws *ws, unsigned code, const char *text, gpointer data)
{
	struct line *line = data;
	struct link *l = line->link;
	gboolean newest = line == l->newest;
	int64_t heard_ms = line->heard_wall_ms, after_ms = -1;
	enum link_cause cause = LINK_LOST;
	if (newest && l->state != LINK_STOPPED && ws_refusal_status(ws) && l->ops->refused)
		cause = l->ops->refused(l, ws, &after_ms, l->data);
	g_autofree char *why = g_strdup_printf("closed with code %u: %s", code, text ? text : "");
	log_debug("line closed", "link", l->name, "line", line->number, "why", why);
	line_free(line);
	cover_check(l, heard_ms);
	if (newest && l->state != LINK_STOPPED)
		link_again(l, cause, after_ms, why);
	if (l->state == LINK_STOPPED && line_count(l) == 0)
		l->ops->stopped(l, l->data);
}

#define LINE_EVENTS                                                                                          \
	.opened = ws_opened, .message = ws_message, .alive = ws_alive, .oversized = ws_oversized,            \
	.sent = ws_sent, .closed = ws_closed

static const struct ws_events line_events = { LINE_EVENTS };
static const struct ws_events binary_line_events = { LINE_EVENTS, .binary = ws_binary };

/* --- what the platform says --- */

/* Room for one more: the oldest line goes, whatever it still had to say. */
static void make_room(struct link *l)
{
	if (line_count(l) < LINE_LIMIT)
		return;
	int64_t heard_ms = l->lines[0]->heard_wall_ms;
	log_warning(
		"link has too many lines, dropping the oldest", "link", l->name, "line", l->lines[0]->number);
	line_free(l->lines[0]);
	cover_check(l, heard_ms);
}

void link_address(struct link *l, const char *url)
{
	if (l->state != LINK_ASKING)
		return;
	l->asking = FALSE;
	make_room(l);
	struct line *line = g_new0(struct line, 1);
	line->link = l;
	line->number = ++l->last_number;
	line->pulse = timer_new(NULL, l->options.clock, line_pulse, line);
	line->linger = timer_new(NULL, l->options.clock, line_linger, line);
	l->lines[line_count(l)] = line;
	l->newest = line;
	link_enter(l, LINK_DIALING, "address");
	line->ws = ws_client_dial(l->options.lws,
		&(struct ws_options){ .url = url,
			.ca_file = l->ca_file,
			.proxy = l->proxy,
			.max_send_bytes = l->options.max_send_bytes,
			.refusal_headers = l->options.refusal_headers },
		l->ops->binary ? &binary_line_events : &line_events, line);
	if (l->paused)
		ws_pause(line->ws, TRUE);
}

void link_no_address(struct link *l, enum link_cause cause, int64_t after_ms, const char *why)
{
	if (l->state != LINK_ASKING)
		return;
	l->asking = FALSE;
	link_again(l, cause, after_ms, why);
}

/* The successor is there: old lines whose time is over need not stay. */
static void close_expired(struct link *l)
{
	for (unsigned i = line_count(l); i-- > 0;)
		if (l->lines[i]->phase == LINE_OLD && !timer_is_armed(l->lines[i]->linger))
			line_close(l->lines[i], "replaced");
}

void link_greeted(struct link *l, guint number)
{
	struct line *line = line_find(l, number);
	if (!line || line != l->newest || l->state != LINK_GREETING)
		return;
	line->phase = LINE_GREETED;
	line_heard(line);
	timer_arm_in(line->pulse, l->ops->pulse ? 0 : PING_MS);
	link_enter(l, LINK_LIVE, "greeted");
	cover_check(l, line->heard_wall_ms);
	close_expired(l);
}

void link_leave(struct link *l, guint number, enum link_cause cause, const char *why)
{
	struct line *line = line_find(l, number);
	if (!line || line != l->newest || l->state == LINK_STOPPED)
		return;
	if (causes[cause].keep && line->phase == LINE_GREETED)
		line_retire(line);
	else
		line_close(line, why);
	link_again(l, cause, -1, why);
}

static void close_all(struct link *l, const char *why)
{
	for (unsigned i = line_count(l); i-- > 0;)
		if (l->lines[i]->phase != LINE_CLOSING)
			line_close(l->lines[i], why);
}

void link_shut(struct link *l, const char *why)
{
	if (l->state == LINK_STOPPED)
		return;
	link_unask(l);
	close_all(l, why);
	link_again(l, LINK_SHUT, -1, why);
}

gboolean link_send(struct link *l, guint number, const char *text, gsize length, guint64 token)
{
	struct line *line = line_find(l, number);
	return line && line->phase != LINE_CLOSING && ws_send_text(line->ws, text, length, token);
}

gboolean link_send_binary(struct link *l, guint number, const char *bytes, gsize length, guint64 token)
{
	struct line *line = line_find(l, number);
	return line && line->phase != LINE_CLOSING && ws_send_binary(line->ws, bytes, length, token);
}

void link_pause(struct link *l, gboolean paused)
{
	if (l->paused == paused)
		return;
	l->paused = paused;
	for (unsigned i = 0; i < line_count(l); i++) {
		line_heard(l->lines[i]); /* the silence was ours */
		ws_pause(l->lines[i]->ws, paused);
	}
}

/* --- life --- */

struct link *link_new(const struct link_options *options, const struct link_ops *ops, gpointer data)
{
	struct link *l = g_new0(struct link, 1);
	l->options = *options;
	l->name = g_strdup(options->name);
	l->ca_file = g_strdup(options->ca_file);
	l->proxy = g_strdup(options->proxy);
	l->ops = ops;
	l->data = data;
	l->limit = timer_new(NULL, options->clock, limit_fired, l);
	return l;
}

void link_free(struct link *l)
{
	if (!l)
		return;
	while (line_count(l))
		line_free(l->lines[0]);
	timer_free(l->limit);
	g_free(l->name);
	g_free(l->ca_file);
	g_free(l->proxy);
	g_free(l->trouble);
	g_free(l);
}

void link_start(struct link *l)
{
	if (l->state == LINK_WAITING)
		link_ask(l, "start");
}

void link_stop(struct link *l)
{
	if (l->state == LINK_STOPPED)
		return;
	link_unask(l);
	link_enter(l, LINK_STOPPED, "asked to stop");
	close_all(l, "going away");
	if (line_count(l) == 0)
		l->ops->stopped(l, l->data);
}

/* --- what is told --- */

enum link_state link_get_state(const struct link *l)
{
	return l->state;
}

const char *link_state_name(enum link_state state)
{
	return states[state].name;
}

unsigned link_sockets(const struct link *l)
{
	return line_count(l);
}

gboolean link_is_covered(const struct link *l)
{
	return l->covered;
}

int64_t link_silent_ms(const struct link *l)
{
	int64_t now = clock_mono_ms(l->options.clock), least = -1;
	for (unsigned i = 0; i < line_count(l); i++) {
		int64_t silent = now - l->lines[i]->heard_ms;
		if (line_covers(l->lines[i]) && (least < 0 || silent < least))
			least = silent;
	}
	return least;
}

void link_status(const struct link *l, cJSON *into)
{
	int64_t silent = link_silent_ms(l);
	json_put_text(into, "state", states[l->state].name);
	json_put_int(into, "lines", line_count(l));
	json_put_int(into, "attempts", l->attempt);
	if (silent >= 0)
		json_put_int(into, "silent_s", silent / 1000);
	json_put_text(into, "trouble", l->trouble);
}
