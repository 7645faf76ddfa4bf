/* SPDX-License-Identifier: MIT */
#include "kit/response_clock.h"

#include "base/zone.h"

static const int64_t horizon_ms = (int64_t)CALENDAR_HORIZON_DAYS * 24 * 3600 * 1000;

/* From from_ms on this calendar holds, until the next one does. */
struct reign {
	int64_t from_ms;
	const struct calendar *calendar;
};

/* Time in which the clock stood: a pause, or closed before it was resumed. The last may be open: to_ms INT64_MAX. */
struct stand {
	int64_t from_ms, to_ms;
};

struct response_clock {
	GArray *reigns;	   /* struct reign, in time order, never empty */
	GArray *stands;	   /* struct stand, in time order, without overlap */
	GArray *cycles;	   /* struct response_cycle */
	int64_t start_ms;  /* of this cycle */
	int64_t target_ms; /* of this cycle */
	int target_days;   /* above 0: target_ms was made of it, and the clock runs at all hours */
	enum response_reopen reopen;
	int64_t stopped_ms, cancelled_ms; /* RESPONSE_NEVER while it has not */
	int64_t changed_ms; /* when a changed target or calendar last put the due instant into the past, or RESPONSE_NEVER */
};

static const struct reign *reign_at(const struct response_clock *c, guint index)
{
	return &g_array_index(c->reigns, struct reign, index);
}

static const struct calendar *calendar_at(const struct response_clock *c, int64_t at_ms)
{
	guint i = c->reigns->len - 1;
	while (i > 0 && reign_at(c, i)->from_ms > at_ms)
		i--;
	return reign_at(c, i)->calendar;
}

static void set_days(struct response_clock *c)
{
	GTimeZone *zone = calendar_zone(calendar_at(c, c->start_ms));
	c->target_ms = zone_days_later(zone, c->start_ms, c->target_days) - c->start_ms;
}

struct response_clock *response_clock_new(const struct response_promise *promise)
{
	struct response_clock *c = g_new0(struct response_clock, 1);
	c->reigns = g_array_new(FALSE, FALSE, sizeof(struct reign));
	c->stands = g_array_new(FALSE, FALSE, sizeof(struct stand));
	c->cycles = g_array_new(FALSE, FALSE, sizeof(struct response_cycle));
	g_array_append_vals(c->reigns, &(struct reign){ INT64_MIN, promise->calendar }, 1);
	c->start_ms = promise->start_ms;
	c->target_ms = promise->target_s * 1000;
	c->target_days = promise->target_days;
	c->reopen = promise->reopen;
	c->stopped_ms = c->cancelled_ms = c->changed_ms = RESPONSE_NEVER;
	if (c->target_days > 0)
		set_days(c);
	return c;
}

void response_clock_free(struct response_clock *c)
{
	if (!c)
		return;
	g_array_free(c->reigns, TRUE);
	g_array_free(c->stands, TRUE);
	g_array_free(c->cycles, TRUE);
	g_free(c);
}

/* ---- running time ---- */

/* The next working time at or after from_ms, cut at the end of its calendar's reign. */
static gboolean next_working(const struct response_clock *c, int64_t from_ms, struct calendar_span *out)
{
	if (c->target_days > 0) {
		*out = (struct calendar_span){ from_ms, INT64_MAX };
		return TRUE;
	}
	for (guint i = 0; i < c->reigns->len; i++) {
		int64_t until = i + 1 < c->reigns->len ? reign_at(c, i + 1)->from_ms : INT64_MAX;
		int64_t from = MAX(from_ms, reign_at(c, i)->from_ms);
		if (from < until && calendar_next(reign_at(c, i)->calendar, from, out) && out->open_ms < until) {
			out->close_ms = MIN(out->close_ms, until);
			return TRUE;
		}
	}
	return FALSE;
}

/* The next time at or after from_ms in which the clock runs: working time without the stands. */
static gboolean next_running(const struct response_clock *c, int64_t from_ms, struct calendar_span *out)
{
	guint i = 0;
	while (next_working(c, from_ms, out)) {
		const struct stand *stand = NULL;
		for (; i < c->stands->len; i++) {
			stand = &g_array_index(c->stands, struct stand, i);
			if (stand->to_ms > out->open_ms)
				break;
		}
		if (i == c->stands->len)
			return TRUE;
		if (stand->from_ms > out->open_ms) {
			out->close_ms = MIN(out->close_ms, stand->from_ms);
			return TRUE;
		}
		if (stand->to_ms == INT64_MAX)
			return FALSE;
		from_ms = stand->to_ms;
	}
	return FALSE;
}

/* The earliest instant at which the running time has reached that much; RESPONSE_NEVER when it does not. */
static int64_t reach(const struct response_clock *c, int64_t running_ms)
{
	int64_t at = c->start_ms, rest = running_ms;
	struct calendar_span span;
	while (rest > 0) {
		if (!next_running(c, at, &span) || span.open_ms - c->start_ms > horizon_ms)
			return RESPONSE_NEVER;
		int64_t end = MIN(span.close_ms, c->start_ms + horizon_ms + 1);
		at = MIN(end, span.open_ms + rest);
		rest -= at - span.open_ms;
	}
	return at - c->start_ms > horizon_ms ? RESPONSE_NEVER : at;
}

/* The running time from the start to an instant. */
static int64_t elapsed(const struct response_clock *c, int64_t until_ms)
{
	int64_t at = c->start_ms, sum = 0;
	struct calendar_span span;
	while (at < until_ms && next_running(c, at, &span) && span.open_ms < until_ms) {
		at = MIN(span.close_ms, until_ms);
		sum += at - span.open_ms;
	}
	return sum;
}

static gboolean is_paused(const struct response_clock *c)
{
	return c->stands->len > 0 && g_array_index(c->stands, struct stand, c->stands->len - 1).to_ms == INT64_MAX;
}

static gboolean is_stopped(const struct response_clock *c)
{
	return c->stopped_ms != RESPONSE_NEVER;
}

static int64_t due(const struct response_clock *c)
{
	return reach(c, c->target_ms);
}

/* ---- what happens ---- */

static void stand_from(struct response_clock *c, int64_t at_ms)
{
	g_array_append_vals(c->stands, &(struct stand){ at_ms, INT64_MAX }, 1);
}

static void run_from(struct response_clock *c, int64_t at_ms)
{
	if (is_paused(c))
		g_array_index(c->stands, struct stand, c->stands->len - 1).to_ms = at_ms;
}

static void take_pause(struct response_clock *c, const struct response_event *event)
{
	if (!is_stopped(c) && !is_paused(c))
		stand_from(c, event->at_ms);
}

static void take_resume(struct response_clock *c, const struct response_event *event)
{
	if (!is_stopped(c))
		run_from(c, event->at_ms);
}

static void take_stop(struct response_clock *c, const struct response_event *event)
{
	if (!is_stopped(c))
		c->stopped_ms = event->at_ms;
}

/* Begins anew at that instant; a pause that is still open goes on. */
static void begin(struct response_clock *c, int64_t at_ms, gboolean paused)
{
	g_array_set_size(c->stands, 0);
	c->start_ms = at_ms;
	c->changed_ms = RESPONSE_NEVER;
	if (paused)
		stand_from(c, at_ms);
}

static void keep_cycle(struct response_clock *c)
{
	struct response_state state;
	response_clock_state(c, c->stopped_ms, &state);
	struct response_cycle cycle = { c->start_ms, state.due_ms, c->stopped_ms, state.status, state.elapsed_s };
	g_array_append_val(c->cycles, cycle);
}

static void take_reopen(struct response_clock *c, const struct response_event *event)
{
	if (!is_stopped(c) || c->reopen == RESPONSE_REOPEN_ONCE)
		return;
	if (c->reopen == RESPONSE_REOPEN_RESTART) {
		keep_cycle(c);
		begin(c, event->at_ms, FALSE);
		if (c->target_days > 0)
			set_days(c);
	} else {
		/* Stopped while paused: the pause reaches to here. */
		if (!is_paused(c))
			stand_from(c, c->stopped_ms);
		run_from(c, event->at_ms);
	}
	c->stopped_ms = RESPONSE_NEVER;
}

static void take_cancel(struct response_clock *c, const struct response_event *event)
{
	if (!is_stopped(c))
		c->cancelled_ms = event->at_ms;
}

/* A breach that a change has made is dated at the change, never earlier. */
static void date_breach(struct response_clock *c, int64_t at_ms, int64_t due_before_ms)
{
	int64_t now_due = due(c);
	gboolean was_past = due_before_ms != RESPONSE_NEVER && due_before_ms < at_ms;
	if (!was_past && now_due != RESPONSE_NEVER && now_due < at_ms)
		c->changed_ms = at_ms;
}

static void take_retarget(struct response_clock *c, const struct response_event *event)
{
	if (is_stopped(c))
		return;
	int64_t before = due(c);
	c->target_ms = event->target_s * 1000;
	c->target_days = 0;
	if (event->afresh)
		begin(c, event->at_ms, is_paused(c));
	date_breach(c, event->at_ms, before);
}

static void take_recalendar(struct response_clock *c, const struct response_event *event)
{
	if (is_stopped(c))
		return;
	int64_t before = due(c);
	if (!event->onward)
		g_array_set_size(c->reigns, 0);
	struct reign reign = { event->onward ? event->at_ms : INT64_MIN, event->calendar };
	g_array_append_val(c->reigns, reign);
	if (c->target_days > 0)
		set_days(c);
	date_breach(c, event->at_ms, before);
}

void response_clock_take(struct response_clock *c, const struct response_event *event)
{
	static void (*const takers[])(struct response_clock *, const struct response_event *) = {
		[RESPONSE_PAUSE] = take_pause,
		[RESPONSE_RESUME] = take_resume,
		[RESPONSE_STOP] = take_stop,
		[RESPONSE_REOPEN] = take_reopen,
		[RESPONSE_CANCEL] = take_cancel,
		[RESPONSE_RETARGET] = take_retarget,
		[RESPONSE_RECALENDAR] = take_recalendar,
	};
	if (c->cancelled_ms == RESPONSE_NEVER)
		takers[event->kind](c, event);
}

/* ---- where it stands ---- */

/* When the case ended; INT64_MAX while it is open. */
static int64_t ended(const struct response_clock *c)
{
	if (c->cancelled_ms != RESPONSE_NEVER)
		return c->cancelled_ms;
	return is_stopped(c) ? c->stopped_ms : INT64_MAX;
}

static enum response_status status(const struct response_clock *c, gboolean breached)
{
	if (c->cancelled_ms != RESPONSE_NEVER)
		return RESPONSE_CANCELLED;
	if (is_stopped(c))
		return breached ? RESPONSE_MISSED : RESPONSE_MET;
	if (breached)
		return RESPONSE_BREACHED;
	return is_paused(c) ? RESPONSE_PAUSED : RESPONSE_RUNNING;
}

void response_clock_state(const struct response_clock *c, int64_t now_ms, struct response_state *out)
{
	int64_t end = MIN(now_ms, ended(c)), due_ms = due(c), elapsed_ms = elapsed(c, end);
	gboolean breached = due_ms != RESPONSE_NEVER && end > due_ms;
	*out = (struct response_state){
		.status = status(c, breached),
		.due_ms = due_ms,
		.breached = breached,
		.breached_at_ms = breached ? MAX(due_ms, c->changed_ms) : RESPONSE_NEVER,
		.elapsed_s = elapsed_ms / 1000,
		.remaining_s = c->target_ms / 1000 - elapsed_ms / 1000,
	};
	struct calendar_span span;
	out->ticking = ended(c) == INT64_MAX && next_running(c, now_ms, &span) && span.open_ms == now_ms;
}

gboolean response_clock_is_paused(const struct response_clock *c)
{
	return ended(c) == INT64_MAX && is_paused(c);
}

/* Unknown is no instant, and what comes at or after the end does not come. */
static int64_t unless_ended(const struct response_clock *c, int64_t at_ms)
{
	return at_ms != RESPONSE_NEVER && at_ms < ended(c) ? at_ms : RESPONSE_NEVER;
}

int64_t response_clock_warning(const struct response_clock *c, int percent)
{
	int64_t target_s = c->target_ms / 1000;
	int64_t share_s = target_s / 100 * percent + target_s % 100 * percent / 100;
	return unless_ended(c, reach(c, share_s * 1000));
}

int64_t response_clock_step(const struct response_clock *c, const struct response_step *step)
{
	int64_t after_ms = step->after_s * 1000;
	if (!step->wall)
		return unless_ended(c, reach(c, after_ms + (step->from_due ? c->target_ms : 0)));
	int64_t from = step->from_due ? due(c) : c->start_ms;
	return unless_ended(c, from == RESPONSE_NEVER ? RESPONSE_NEVER : from + after_ms);
}

const struct response_cycle *response_clock_cycles(const struct response_clock *c, guint *count)
{
	*count = c->cycles->len;
	return (const struct response_cycle *)(gconstpointer)c->cycles->data;
}

const char *response_status_name(enum response_status status)
{
	static const char *const names[] = {
		[RESPONSE_RUNNING] = "running",
		[RESPONSE_PAUSED] = "paused",
		[RESPONSE_BREACHED] = "breached",
		[RESPONSE_MET] = "met",
		[RESPONSE_MISSED] = "missed",
		[RESPONSE_CANCELLED] = "cancelled",
	};
	return names[status];
}
