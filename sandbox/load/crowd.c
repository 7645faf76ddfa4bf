/* SPDX-License-Identifier: MIT */
#include "sandbox/load/crowd.h"

enum { AHEAD_LIMIT = 65536 };

/* Times are monotonic microseconds, 0: not yet. */
struct standup {
	int64_t due_us, sent_us, acked_us, reacted_us;
	const struct server_conn *conn; /* where it went last */
};

struct crowd {
	const struct load_company *company;
	const struct load_platform *platform;
	struct server_conn *conn; /* NULL: none */
	GArray *standups;	  /* struct standup: those of the step that have gone; the first has the number `first` */
	int64_t first, wanted, acked, reacted, done;
	gboolean chained; /* whenever one is done the next one goes */
	GQueue waiting;	  /* numbers + 1 that have no connection */
	GString *ahead;	  /* messages made ahead, one behind the other */
	GArray *ends;	  /* gsize: where each of them ends */
	GString *message; /* another one */
};

struct crowd *crowd_new(const struct load_company *company, const struct load_platform *platform)
{
	struct crowd *c = g_new0(struct crowd, 1);
	c->company = company;
	c->platform = platform;
	c->standups = g_array_new(FALSE, TRUE, sizeof(struct standup));
	c->ahead = g_string_new(NULL);
	c->ends = g_array_new(FALSE, FALSE, sizeof(gsize));
	c->message = g_string_new(NULL);
	return c;
}

void crowd_free(struct crowd *c)
{
	if (!c)
		return;
	g_array_unref(c->standups);
	g_queue_clear(&c->waiting);
	g_string_free(c->ahead, TRUE);
	g_array_unref(c->ends);
	g_string_free(c->message, TRUE);
	g_free(c);
}

void crowd_begin(struct crowd *c, int64_t count)
{
	c->first += c->standups->len;
	c->wanted = count;
	c->acked = c->reacted = c->done = 0;
	c->chained = FALSE;
	g_array_set_size(c->standups, 0);
	g_queue_clear(&c->waiting);
	g_string_truncate(c->ahead, 0);
	g_array_set_size(c->ends, 0);
	for (int64_t i = 0; i < MIN(count, AHEAD_LIMIT); i++) {
		c->platform->event(c->company, c->first + i, c->ahead);
		g_array_append_val(c->ends, c->ahead->len);
	}
}

/* ---- on their way ---- */

static struct standup *standup_at(struct crowd *c, int64_t number)
{
	int64_t index = number - c->first;
	return index >= 0 && index < c->standups->len ? &g_array_index(c->standups, struct standup, index) : NULL;
}

static const char *find_message(struct crowd *c, int64_t number, gsize *length)
{
	int64_t index = number - c->first;
	if (index < c->ends->len) {
		gsize from = index ? g_array_index(c->ends, gsize, index - 1) : 0;
		*length = g_array_index(c->ends, gsize, index) - from;
		return c->ahead->str + from;
	}
	g_string_truncate(c->message, 0);
	c->platform->event(c->company, number, c->message);
	*length = c->message->len;
	return c->message->str;
}

static void deliver(struct crowd *c, int64_t number)
{
	gsize length;
	if (!c->conn) {
		g_queue_push_tail(&c->waiting, GSIZE_TO_POINTER(number + 1));
		return;
	}
	const char *message = find_message(c, number, &length);
	struct standup *s = standup_at(c, number);
	s->sent_us = g_get_monotonic_time();
	s->conn = c->conn;
	server_send(c->conn, c->platform->kind, message, length);
}

void crowd_send(struct crowd *c)
{
	struct standup standup = { .due_us = g_get_monotonic_time() };
	g_array_append_val(c->standups, standup);
	deliver(c, c->first + c->standups->len - 1);
}

void crowd_start(struct crowd *c, guint outstanding)
{
	c->chained = TRUE;
	for (guint i = 0; i < outstanding && i < c->wanted; i++)
		crowd_send(c);
}

void crowd_use(struct crowd *c, struct server_conn *conn)
{
	gpointer number;
	c->conn = conn;
	while (conn && (number = g_queue_pop_head(&c->waiting)))
		deliver(c, (int64_t)GPOINTER_TO_SIZE(number) - 1);
}

void crowd_lose(struct crowd *c, const struct server_conn *conn)
{
	for (guint i = 0; i < c->standups->len; i++) {
		const struct standup *s = &g_array_index(c->standups, struct standup, i);
		if (s->conn == conn && !s->acked_us)
			deliver(c, c->first + i);
	}
}

static void finish_if_done(struct crowd *c, const struct standup *s)
{
	if (!s->acked_us || !s->reacted_us)
		return;
	c->done++;
	if (c->chained && c->standups->len < c->wanted)
		crowd_send(c);
}

void crowd_acknowledged(struct crowd *c, int64_t number)
{
	struct standup *s = standup_at(c, number);
	if (!s || s->acked_us)
		return;
	s->acked_us = g_get_monotonic_time();
	c->acked++;
	finish_if_done(c, s);
}

void crowd_reacted(struct crowd *c, int64_t number)
{
	struct standup *s = standup_at(c, number);
	if (!s || s->reacted_us)
		return;
	s->reacted_us = g_get_monotonic_time();
	c->reacted++;
	finish_if_done(c, s);
}

/* ---- what there is to tell ---- */

int64_t crowd_done(const struct crowd *c)
{
	return c->done;
}

gboolean crowd_is_done(const struct crowd *c)
{
	return c->done == c->wanted;
}

char *crowd_state(const struct crowd *c)
{
	return g_strdup_printf("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " done, %" G_GINT64_FORMAT " acknowledged", c->done,
		c->wanted, c->acked);
}

static gint by_size(gconstpointer a, gconstpointer b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void put_times(cJSON *line, const char *name, GArray *times)
{
	const struct {
		const char *name;
		gsize index;
	} figures[] = {
		{ "p50", times->len / 2 },
		{ "p99", (gsize)times->len * 99 / 100 },
		{ "max", times->len - 1 },
	};
	g_array_sort(times, by_size);
	for (gsize i = 0; i < G_N_ELEMENTS(figures); i++) {
		g_autofree char *key = g_strdup_printf("%s_%s_us", name, figures[i].name);
		json_put_int(line, key, g_array_index(times, int64_t, figures[i].index));
	}
}

/* Waiting is what is longer than the send itself takes. */
static void put_waits(const struct crowd *c, cJSON *line)
{
	int64_t waited = 0, longest_ms = 0;
	for (guint i = 0; i < c->standups->len; i++) {
		const struct standup *s = &g_array_index(c->standups, struct standup, i);
		int64_t wait_ms = (s->sent_us - s->due_us) / 1000;
		waited += wait_ms > 0;
		longest_ms = MAX(longest_ms, wait_ms);
	}
	json_put_int(line, "waited", waited);
	json_put_int(line, "longest_wait_ms", longest_ms);
}

void crowd_report(const struct crowd *c, cJSON *line)
{
	g_autoptr(GArray) acks = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_autoptr(GArray) answers = g_array_new(FALSE, FALSE, sizeof(int64_t));
	json_put_int(line, "acknowledged", c->acked);
	json_put_int(line, "answered", c->reacted);
	for (guint i = 0; i < c->standups->len; i++) {
		const struct standup *s = &g_array_index(c->standups, struct standup, i);
		int64_t ack_us = s->acked_us - s->sent_us, answer_us = MAX(s->acked_us, s->reacted_us) - s->sent_us;
		g_array_append_val(acks, ack_us);
		g_array_append_val(answers, answer_us);
	}
	put_times(line, "ack", acks);
	put_times(line, "answer", answers);
	put_waits(c, line);
}
