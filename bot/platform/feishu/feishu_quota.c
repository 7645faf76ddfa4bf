/* SPDX-License-Identifier: MIT */
/*
 * The month's calls (protocols/feishu.md 6.3): a tenant of the free edition has 10,000, for all its own apps together.
 * We can only count ours. The count is an adapter's note: the core keeps it and gives it back at the next start.
 */
#include "platform/feishu/feishu_room.h"

#include "base/log.h"

enum {
	WARN_PERCENT = 80,
	SCARCE_PERCENT = 90,
	KEEP_MS = 10000,		/* at most so much of the count is lost in a crash */
	MONTH_OFFSET_S = 8 * 3600,	/* the first of a month begins at the platform's home */
};

struct feishu_quota {
	const struct config_workspace *workspace;
	struct clock *clock;
	const struct host *host;
	struct timer *keep;
	int month; /* months since the year 0 */
	gint64 calls;
	gboolean recalled; /* the count of an earlier life is in it */
	gboolean warned, exhausted;
};

static int month_now(const struct feishu_quota *q)
{
	g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(clock_now_ms(q->clock) / 1000 + MONTH_OFFSET_S);
	return now ? g_date_time_get_year(now) * 12 + g_date_time_get_month(now) - 1 : 0;
}

static void turn_page(struct feishu_quota *q)
{
	int month = month_now(q);
	if (month == q->month)
		return;
	q->month = month;
	q->calls = 0;
	q->warned = q->exhausted = FALSE;
}

static int percent(const struct feishu_quota *q)
{
	return q->workspace->monthly_calls ? (int)(q->calls * 100 / q->workspace->monthly_calls) : 0;
}

static void warn(struct feishu_quota *q)
{
	if (q->warned || percent(q) < WARN_PERCENT)
		return;
	q->warned = TRUE;
	log_warning("most of the month's calls are used up; from nine tenths on boards change every ten minutes and "
		    "reactions are left out",
		"workspace", q->workspace->name, "calls", q->calls, "of", q->workspace->monthly_calls);
}

void feishu_quota_keep(struct feishu_quota *q)
{
	timer_disarm(q->keep);
	if (!q->recalled) /* it would overwrite what we do not know yet */
		return;
	struct event *note = event_new(EVENT_NOTED, q->workspace->name);
	note->word = g_strdup(FEISHU_CALLS_NOTE);
	note->patient = TRUE;
	note->value = g_strdup_printf("%04d-%02d %" G_GINT64_FORMAT, q->month / 12, q->month % 12 + 1, q->calls);
	q->host->event(q->host->data, note);
}

static void keep_fired(gpointer data)
{
	feishu_quota_keep(data);
}

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

void feishu_quota_spend(gpointer quota)
{
	struct feishu_quota *q = quota;
	turn_page(q);
	q->calls++;
	warn(q);
	if (!timer_is_armed(q->keep))
		timer_arm_in(q->keep, KEEP_MS);
}

void feishu_quota_exhausted(struct feishu_quota *q)
{
	turn_page(q);
	if (q->exhausted)
		return;
	q->exhausted = TRUE;
	log_error("the tenant's calls of this month are used up: until the first of the next nothing can be sent but "
		  "the answers to buttons and forms",
		"workspace", q->workspace->name, "our_calls", q->calls);
}

gboolean feishu_quota_is_scarce(struct feishu_quota *q)
{
	turn_page(q);
	return q->exhausted || percent(q) >= SCARCE_PERCENT;
}

void feishu_quota_recall(struct feishu_quota *q, const char *note)
{
	int year = 0, month = 0;
	gint64 calls = 0;
	if (q->recalled)
		return;
	turn_page(q);
	q->recalled = TRUE;
	if (note && sscanf(note, "%4d-%2d %" G_GINT64_FORMAT, &year, &month, &calls) == 3 &&
		year * 12 + month - 1 == q->month && calls > 0)
		q->calls += calls;
	warn(q);
	if (q->calls && !timer_is_armed(q->keep))
		timer_arm_in(q->keep, KEEP_MS);
}

void feishu_quota_status(const struct feishu_quota *q, cJSON *into)
{
	json_put_int(into, "calls", q->calls);
	json_put_int(into, "allowed", q->workspace->monthly_calls);
	json_put_bool(into, "exhausted", q->exhausted);
}
