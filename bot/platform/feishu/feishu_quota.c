/* SPDX-License-Identifier: MIT */
/*
 * The month's calls (protocols/feishu.md 6.3): a tenant of the free edition has so many for all its own apps together, and
 * we can only count ours. The count, and what the operator has been told, is an adapter's note: the core keeps it and
 * gives it back at the next start.
 */
#include "platform/feishu/feishu_room.h"

#include "base/log.h"

enum {
	WARN_PERCENT = 80,
	SCARCE_PERCENT = 90,
	LAST_PERCENT = 97,
	KEEP_MS = 10000,		/* at most so much of the count is lost in a crash */
	PROBE_MS = 3600 * 1000,		/* the tenant may have bought more, or another app's calls were given back */
	MONTH_OFFSET_S = 8 * 3600,	/* the page names no zone: the first of a month begins at the platform's home */
	TURN_MARGIN_MS = 1000,
	RESTART_MS = 600 * 1000, /* a start so soon after the last one is one of a row */
	RESTARTS = 5,		 /* in a row; then it looks like a crash loop */
	CALM_MS = 60 * 1000,
};

/* How much is left. */
enum supply { PLENTY, SCARCE, LAST, SPENT };

/* What goes first is what people miss least. Top to bottom: who gets the last calls. */
static const enum feishu_course courses[][SPENT + 1] = {
	[FEISHU_RANK_FREE] =	 { FEISHU_GO, FEISHU_GO,     FEISHU_GO,	  FEISHU_GO },
	[FEISHU_RANK_ALARM] =	 { FEISHU_GO, FEISHU_GO,     FEISHU_GO,	  FEISHU_WAIT },
	[FEISHU_RANK_ANSWER] =	 { FEISHU_GO, FEISHU_GO,     FEISHU_GO,	  FEISHU_ANSWER },
	[FEISHU_RANK_WORD] =	 { FEISHU_GO, FEISHU_GO,     FEISHU_GO,	  FEISHU_FAIL },
	[FEISHU_RANK_QUESTION] = { FEISHU_GO, FEISHU_GO,     FEISHU_GO,	  FEISHU_FAIL },
	[FEISHU_RANK_PAST] =	 { FEISHU_GO, FEISHU_GO,     FEISHU_GO,	  FEISHU_FAIL },
	[FEISHU_RANK_BOARD] =	 { FEISHU_GO, FEISHU_GATHER, FEISHU_WAIT, FEISHU_WAIT },
	[FEISHU_RANK_NOD] =	 { FEISHU_GO, FEISHU_DROP,   FEISHU_DROP, FEISHU_DROP },
};

struct feishu_quota {
	const struct config_workspace *workspace;
	struct clock *clock;
	const struct host *host;
	struct timer *keep;
	int month; /* months since the year 0 */
	gint64 calls;
	gboolean recalled; /* the count of an earlier life is in it */
	gboolean warned, spent;
	int64_t tried_ms; /* monotonic: when the platform was last asked whether there is nothing left */
	gboolean started;
	int64_t calm_ms; /* monotonic: no questions until then */
};

/* ---- the month ---- */

static GDateTime *at_home(const struct feishu_quota *q)
{
	return g_date_time_new_from_unix_utc(clock_now_ms(q->clock) / 1000 + MONTH_OFFSET_S);
}

static int month_now(const struct feishu_quota *q)
{
	g_autoptr(GDateTime) now = at_home(q);
	return now ? g_date_time_get_year(now) * 12 + g_date_time_get_month(now) - 1 : 0;
}

static int64_t until_turn_ms(const struct feishu_quota *q)
{
	int next = q->month + 1;
	g_autoptr(GDateTime) turn = g_date_time_new_utc(next / 12, next % 12 + 1, 1, 0, 0, 0);
	int64_t turn_ms = turn ? (g_date_time_to_unix(turn) - MONTH_OFFSET_S) * INT64_C(1000) : G_MAXINT64;
	return MAX(turn_ms - clock_now_ms(q->clock), 0);
}

static void turn_page(struct feishu_quota *q)
{
	int month = month_now(q);
	if (month == q->month)
		return;
	if (q->spent)
		log_info("a new month: calls are allowed again", "workspace", q->workspace->name);
	q->month = month;
	q->calls = 0;
	q->warned = q->spent = FALSE;
}

static int percent(const struct feishu_quota *q)
{
	return q->workspace->monthly_calls ? (int)(q->calls * 100 / q->workspace->monthly_calls) : 0;
}

static enum supply supply(struct feishu_quota *q)
{
	turn_page(q);
	int used = percent(q);
	return q->spent ? SPENT : used >= LAST_PERCENT ? LAST : used >= SCARCE_PERCENT ? SCARCE : PLENTY;
}

/* ---- keeping it ---- */

static void take_note(const struct feishu_quota *q, const char *name, char *take_text)
{
	struct event *note = event_new(EVENT_NOTED, q->workspace->name);
	note->word = g_strdup(name);
	note->value = take_text;
	note->patient = TRUE;
	q->host->event(q->host->data, note);
}

void feishu_quota_keep(struct feishu_quota *q)
{
	timer_disarm(q->keep);
	if (q->recalled) /* else it would overwrite what we do not know yet */
		take_note(q, FEISHU_CALLS_NOTE,
			g_strdup_printf("%04d-%02d %" G_GINT64_FORMAT "%s", q->month / 12, q->month % 12 + 1, q->calls,
				q->spent ? " spent" : q->warned ? " warned" : ""));
}

static void keep_fired(gpointer data)
{
	feishu_quota_keep(data);
}

static void keep_soon(struct feishu_quota *q)
{
	if (!timer_is_armed(q->keep))
		timer_arm_in(q->keep, KEEP_MS);
}

static void warn(struct feishu_quota *q)
{
	if (q->warned || percent(q) < WARN_PERCENT)
		return;
	q->warned = TRUE;
	log_error("most of the month's calls are used up; from nine tenths on boards change every ten minutes and "
		    "reactions are left out",
		"workspace", q->workspace->name, "calls", q->calls, "of", q->workspace->monthly_calls);
}

static void tell_spent(const struct feishu_quota *q)
{
	log_error("the tenant's calls of this month are used up: until the first of the next only the answers to buttons "
		  "and forms go out, in what acknowledges them; urgent calls and boards wait, all else is left out",
		"workspace", q->workspace->name, "our_calls", q->calls, "of", q->workspace->monthly_calls);
}

void feishu_quota_recall(struct feishu_quota *q, const char *note)
{
	int year = 0, month = 0;
	gint64 calls = 0;
	char told[8] = "";
	if (q->recalled)
		return;
	turn_page(q);
	q->recalled = TRUE;
	gboolean refused = q->spent, knew = FALSE;
	if (note && sscanf(note, "%4d-%2d %" G_GINT64_FORMAT " %7s", &year, &month, &calls, told) >= 3 &&
		year * 12 + month - 1 == q->month && calls > 0) {
		knew = strcmp(told, "spent") == 0;
		q->calls += calls;
		q->spent |= knew;
		q->warned |= *told != '\0';
		q->tried_ms = clock_mono_ms(q->clock);
	}
	if (refused && !knew)
		tell_spent(q);
	warn(q);
	if (q->calls)
		keep_soon(q);
}

/* Each start asks who is in the teams' chats and what was said there: every two seconds that were a month's calls in an hour. */
void feishu_quota_started(struct feishu_quota *q, const char *note)
{
	gint64 before_ms = 0, now_ms = clock_now_ms(q->clock);
	int row = 0;
	if (q->started || !q->workspace->rate_limits)
		return;
	q->started = TRUE;
	if (note)
		sscanf(note, "%" G_GINT64_FORMAT " %d", &before_ms, &row);
	row = now_ms - before_ms < RESTART_MS && now_ms >= before_ms ? CLAMP(row, 0, RESTARTS) + 1 : 1;
	take_note(q, FEISHU_START_NOTE, g_strdup_printf("%" G_GINT64_FORMAT " %d", now_ms, row));
	if (row <= RESTARTS)
		return;
	q->calm_ms = clock_mono_ms(q->clock) + CALM_MS;
	log_warning("started again and again: for a minute nothing is asked that costs calls of the month's", "workspace",
		q->workspace->name);
}

/* ---- life ---- */

struct feishu_quota *feishu_quota_new(
	const struct config_workspace *workspace, struct clock *clock, const struct host *host)
{
	struct feishu_quota *q = g_new0(struct feishu_quota, 1);
	q->workspace = workspace;
	q->clock = clock;
	q->host = host;
	q->keep = timer_new(NULL, clock, keep_fired, q);
	q->month = month_now(q);
	return q;
}

void feishu_quota_free(struct feishu_quota *q)
{
	if (!q)
		return;
	timer_free(q->keep);
	g_free(q);
}

/* ---- what happens to it ---- */

void feishu_quota_spend(gpointer quota)
{
	struct feishu_quota *q = quota;
	turn_page(q);
	q->calls++;
	warn(q);
	keep_soon(q);
}

void feishu_quota_refused(struct feishu_quota *q)
{
	turn_page(q);
	q->tried_ms = clock_mono_ms(q->clock);
	if (q->spent)
		return;
	q->spent = q->warned = TRUE;
	if (q->recalled) /* an earlier life may have told */
		tell_spent(q);
	feishu_quota_keep(q);
}

void feishu_quota_granted(struct feishu_quota *q)
{
	if (!q->spent)
		return;
	q->spent = FALSE;
	log_info("the platform takes calls again", "workspace", q->workspace->name);
	feishu_quota_keep(q);
}

gboolean feishu_quota_is_spent(struct feishu_quota *q)
{
	return supply(q) == SPENT;
}

/* One of those whom it would serve asks for all. */
static gboolean may_try(struct feishu_quota *q, enum feishu_rank rank)
{
	int64_t now_ms = clock_mono_ms(q->clock);
	gboolean due = now_ms - q->tried_ms >= PROBE_MS;
	if (!due || rank < FEISHU_RANK_ALARM || rank > FEISHU_RANK_WORD)
		return FALSE;
	q->tried_ms = now_ms;
	return TRUE;
}

enum feishu_course feishu_quota_course(struct feishu_quota *q, enum feishu_rank rank, int64_t *wait_ms)
{
	enum supply left = supply(q);
	int64_t calm_ms = q->calm_ms - clock_mono_ms(q->clock);
	*wait_ms = calm_ms;
	if (left != SPENT && calm_ms > 0 && (rank == FEISHU_RANK_QUESTION || rank == FEISHU_RANK_PAST))
		return rank == FEISHU_RANK_PAST ? FEISHU_FAIL : FEISHU_WAIT; /* the past would pile up, a row for each start */
	*wait_ms = MIN(until_turn_ms(q) + TURN_MARGIN_MS, PROBE_MS);
	return left == SPENT && may_try(q, rank) ? FEISHU_GO : courses[rank][left];
}

void feishu_quota_status(const struct feishu_quota *q, cJSON *into)
{
	json_put_int(into, "calls", q->calls);
	json_put_int(into, "allowed", q->workspace->monthly_calls);
	json_put_bool(into, "exhausted", q->spent);
}
