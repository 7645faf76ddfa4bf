/* SPDX-License-Identifier: MIT */
#include "core/sender.h"

#include "base/log.h"
#include "base/random.h"
#include "base/timer.h"
#include "core/outbox.h"
#include "net/backoff.h"

enum {
	IN_FLIGHT_LIMIT = 32, /* more than the connections there are: the next request is ready when one is free */
	LANES_KEPT = 256,     /* below that many nobody looks for idle ones */
};

struct budget {
	double tokens;
	int64_t filled_ms; /* monotonic */
	int64_t kept_ms;   /* monotonic; until it is as good as new */
	gboolean used;
};

/* Rows of one kind share it. */
struct bucket {
	char *name;
	struct budget budget;
	int64_t blocked_ms; /* monotonic; the platform said to wait until then */
	gboolean probing;   /* and since then one goes alone, until an answer is another */
	guint in_flight;
	GQueue waiting; /* struct lane */
};

struct lane {
	char *key;
	GQueue rows;		      /* struct outbox_row, the head is next or in flight */
	gboolean in_flight;
	struct bucket *bucket; /* of what is in flight */
	struct budget budget;	      /* of messages in the channel */
	int64_t not_before_ms;	      /* monotonic */
	GSequenceIter *delayed;	      /* where it stands in sender->delayed; NULL: nowhere */
};

struct sender {
	struct sender_setup setup;
	struct timer *timer;
	GHashTable *lanes;	/* key → struct lane, owned */
	GHashTable *buckets;	/* name → struct bucket, owned */
	GHashTable *flying;	/* row id → struct lane */
	GHashTable *replacing;	/* "channel message" → the GList of the newest replacement in its lane */
	GQueue ready;		/* lanes whose head may try */
	GSequence *delayed;	/* lanes by not_before_ms */
	guint rows, sweep_at;
	gboolean stopped, pumping;
};

static void pump(struct sender *s);
static void timer_fired(gpointer data);

static void lane_free(gpointer data)
{
	struct lane *lane = data;
	g_queue_clear_full(&lane->rows, (GDestroyNotify)outbox_row_free);
	g_free(lane->key);
	g_free(lane);
}

static void bucket_free(gpointer data)
{
	struct bucket *bucket = data;
	g_queue_clear(&bucket->waiting);
	g_free(bucket->name);
	g_free(bucket);
}

struct sender *sender_new(const struct sender_setup *setup)
{
	struct sender *s = g_new0(struct sender, 1);
	s->setup = *setup;
	s->timer = timer_new(NULL, setup->clock, timer_fired, s);
	s->lanes = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, lane_free);
	s->buckets = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, bucket_free);
	s->flying = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	s->replacing = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	s->delayed = g_sequence_new(NULL);
	s->sweep_at = LANES_KEPT;
	g_queue_init(&s->ready);
	return s;
}

void sender_free(struct sender *s)
{
	if (!s)
		return;
	timer_free(s->timer);
	g_queue_clear(&s->ready);
	g_sequence_free(s->delayed);
	g_hash_table_unref(s->flying);
	g_hash_table_unref(s->replacing);
	g_hash_table_unref(s->buckets);
	g_hash_table_unref(s->lanes);
	g_free(s);
}

/* ---- budgets ---- */

static gboolean is_unlimited(const struct send_limit *limit)
{
	return limit->per_minute <= 0;
}

static void refill(struct budget *budget, const struct send_limit *limit, int64_t now_ms)
{
	if (!budget->used)
		budget->tokens = limit->burst;
	else
		budget->tokens += (double)(now_ms - budget->filled_ms) * limit->per_minute / 60000.0;
	budget->tokens = MIN(budget->tokens, limit->burst);
	budget->filled_ms = now_ms;
	budget->used = TRUE;
}

/* Milliseconds until the budget has one token; 0: it has. */
static int64_t budget_wait_ms(struct budget *budget, const struct send_limit *limit, int64_t now_ms)
{
	if (is_unlimited(limit))
		return 0;
	refill(budget, limit, now_ms);
	if (budget->tokens >= 1)
		return 0;
	return (int64_t)((1 - budget->tokens) * 60000.0 / limit->per_minute) + 1;
}

static struct bucket *find_bucket(struct sender *s, const char *name)
{
	struct bucket *bucket = g_hash_table_lookup(s->buckets, name);
	if (!bucket) {
		bucket = g_new0(struct bucket, 1);
		bucket->name = g_strdup(name);
		g_queue_init(&bucket->waiting);
		g_hash_table_insert(s->buckets, bucket->name, bucket);
	}
	return bucket;
}

/* ---- lanes ---- */

/* What happens to one message has a budget of its own here. */
static gboolean is_limited_by_message(const struct sender *s, const struct outbox_row *row)
{
	struct send_limit limit = s->setup.platform->channel_limit(s->setup.adapter, row);
	return !is_unlimited(&limit);
}

static char *lane_key(const struct sender *s, const struct outbox_row *row)
{
	switch (row->kind) {
	case OUTBOX_REPLACE:
	case OUTBOX_DELETE:
		if (is_limited_by_message(s, row))
			return g_strdup_printf("m%s %s", row->channel, row->message);
		G_GNUC_FALLTHROUGH;
	case OUTBOX_POST:
	case OUTBOX_PRIVATE:
		return row->channel ? g_strdup_printf("c%s", row->channel) : g_strdup_printf("p%s", row->person);
	case OUTBOX_REACT:
	case OUTBOX_UNREACT:
		return g_strdup_printf("r%s %s", row->channel, row->message);
	case OUTBOX_HOME:
		return g_strdup_printf("h%s", row->person);
	case OUTBOX_URGE:
		return g_strdup_printf("p%s", row->person);
	case OUTBOX_FORM:
	case OUTBOX_ASK_PERSON:
	case OUTBOX_ASK_MEMBERS:
	case OUTBOX_ASK_CHANNEL:
	case OUTBOX_ASK_HISTORY:
	case OUTBOX_ASK_MESSAGE:
	case OUTBOX_KIND_COUNT:
		break;
	}
	return g_strdup_printf("#%" G_GINT64_FORMAT, row->id);
}

static gint by_time(gconstpointer a, gconstpointer b, gpointer unused)
{
	(void)unused;
	const struct lane *x = a, *y = b;
	return (x->not_before_ms > y->not_before_ms) - (x->not_before_ms < y->not_before_ms);
}

static void delay(struct sender *s, struct lane *lane, int64_t until_ms)
{
	lane->not_before_ms = until_ms;
	lane->delayed = g_sequence_insert_sorted(s->delayed, lane, by_time, NULL);
}

/* A channel's budget outlives its rows; a spent reaction's lane need not. */
static gboolean is_forgettable(const struct sender *s, const struct lane *lane)
{
	const struct budget *budget = &lane->budget;
	int64_t until_ms = MAX(budget->filled_ms + MINUTES(1), budget->kept_ms);
	return lane->rows.length == 0 && !(budget->used && clock_mono_ms(s->setup.clock) < until_ms);
}

static void forget_empty_lane(struct sender *s, struct lane *lane)
{
	if (is_forgettable(s, lane))
		g_hash_table_remove(s->lanes, lane->key);
}

static gboolean is_idle_lane(gpointer key, gpointer lane, gpointer s)
{
	(void)key;
	return is_forgettable(s, lane);
}

/* Each time their number has doubled, so that all the looking costs no more than the lanes did. */
static void forget_idle_lanes(struct sender *s)
{
	if (g_hash_table_size(s->lanes) < s->sweep_at)
		return;
	g_hash_table_foreach_remove(s->lanes, is_idle_lane, s);
	s->sweep_at = MAX(2 * g_hash_table_size(s->lanes), LANES_KEPT);
}

/* ---- replacements ---- */

static char *standing_key(const struct outbox_row *row)
{
	return g_strdup_printf("%s %s", row->channel, row->message);
}

/* Takes the head off its lane. */
static struct outbox_row *pop_head(struct sender *s, struct lane *lane)
{
	const struct outbox_row *row = g_queue_peek_head(&lane->rows);
	if (row->kind == OUTBOX_REPLACE) {
		g_autofree char *key = standing_key(row);
		if (g_hash_table_lookup(s->replacing, key) == lane->rows.head)
			g_hash_table_remove(s->replacing, key);
	}
	return g_queue_pop_head(&lane->rows);
}

/* ---- reports ---- */

/*
 * Done twice is done once, and no other row waits for it: should the report be lost in a crash, the row is sent again
 * and nobody sees a difference. So its end need not have a commit of its own.
 */
static gboolean is_patient(enum outbox_kind kind)
{
	return kind == OUTBOX_REACT || kind == OUTBOX_UNREACT || kind == OUTBOX_REPLACE || kind == OUTBOX_HOME;
}

static void report(struct sender *s, struct outbox_row *row, enum event_kind kind, const char *word, const struct outcome *outcome)
{
	struct event *event = event_new(kind, s->setup.workspace);
	event->row = row->id;
	event->patient = kind == EVENT_SENT && is_patient(row->kind);
	event->at_ms = clock_now_ms(s->setup.clock);
	event->word = g_strdup(word);
	event->value = g_strdup(outbox_kind_name(row->kind));
	event->person = g_strdup(row->person);
	event->message = g_strdup(outcome->message);
	event->place.channel = g_strdup(outcome->channel ? outcome->channel : row->channel);
	event->text = g_strdup(outcome->reason);
	if (kind == EVENT_FAILED)
		log_warning("not sent", "workspace", s->setup.workspace, "row", row->id, "kind", outbox_kind_name(row->kind),
			"reason", outcome->reason);
	s->rows--;
	outbox_row_free(row);
	s->setup.report(s->setup.data, event);
}

static void report_failed(struct sender *s, struct outbox_row *row, const char *word, const char *reason)
{
	report(s, row, EVENT_FAILED, word, &(struct outcome){ .reason = reason });
}

/* ---- going ---- */

static gboolean drop_late_head(struct sender *s, struct lane *lane)
{
	const struct outbox_row *row = g_queue_peek_head(&lane->rows);
	if (!row || !row->deadline_ms || clock_now_ms(s->setup.clock) <= row->deadline_ms)
		return FALSE;
	report_failed(s, pop_head(s, lane), OUTBOX_GONE, "too late to be of use");
	return TRUE;
}

static void send_head(struct sender *s, struct lane *lane, struct bucket *bucket)
{
	struct outbox_row *row = g_queue_peek_head(&lane->rows);
	gint64 *id = g_new(gint64, 1);
	*id = row->id;
	lane->in_flight = TRUE;
	lane->bucket = bucket;
	bucket->in_flight++;
	g_hash_table_insert(s->flying, id, lane);
	s->setup.platform->send(s->setup.adapter, row);
}

static gboolean has_place(const struct outbox_row *row)
{
	return row->kind == OUTBOX_POST || row->kind == OUTBOX_PRIVATE || row->kind == OUTBOX_REPLACE ||
	       row->kind == OUTBOX_DELETE || row->kind == OUTBOX_URGE;
}

static void spend(struct budget *budget, const struct send_limit *limit, int64_t now_ms)
{
	if (is_unlimited(limit))
		return;
	budget->tokens -= 1;
	budget->kept_ms = now_ms + (int64_t)((limit->burst - budget->tokens) * 60000.0 / limit->per_minute);
}

/* However many it would let through: they would all be refused. */
static gboolean waits_for_a_probe(const struct bucket *bucket)
{
	return bucket->probing && bucket->in_flight > 0;
}

/* The lane's head goes, or the lane is put where it waits. */
static void try_lane(struct sender *s, struct lane *lane)
{
	while (drop_late_head(s, lane))
		;
	const struct outbox_row *row = g_queue_peek_head(&lane->rows);
	if (!row) {
		forget_empty_lane(s, lane);
		return;
	}
	int64_t now_ms = clock_mono_ms(s->setup.clock);
	if (lane->not_before_ms > now_ms) {
		delay(s, lane, lane->not_before_ms);
		return;
	}
	struct send_limit channel = { 0 };
	if (has_place(row)) {
		channel = s->setup.platform->channel_limit(s->setup.adapter, row);
		int64_t wait_ms = budget_wait_ms(&lane->budget, &channel, now_ms);
		if (wait_ms) {
			delay(s, lane, now_ms + wait_ms);
			return;
		}
	}
	struct send_limit limit = s->setup.platform->limit(s->setup.adapter, row);
	struct bucket *bucket = find_bucket(s, limit.bucket);
	if (bucket->blocked_ms > now_ms || waits_for_a_probe(bucket) || budget_wait_ms(&bucket->budget, &limit, now_ms)) {
		g_queue_push_tail(&bucket->waiting, lane);
		return;
	}
	spend(&bucket->budget, &limit, now_ms);
	spend(&lane->budget, &channel, now_ms);
	send_head(s, lane, bucket);
}

/* When the first lane of a bucket may try again; -1: none waits. */
static int64_t bucket_next_ms(struct sender *s, struct bucket *bucket, int64_t now_ms)
{
	const struct lane *lane = g_queue_peek_head(&bucket->waiting);
	if (!lane || waits_for_a_probe(bucket))
		return -1;
	const struct outbox_row *row = g_queue_peek_head((GQueue *)&lane->rows);
	struct send_limit limit = row ? s->setup.platform->limit(s->setup.adapter, row) : (struct send_limit){ 0 };
	int64_t wait_ms = budget_wait_ms(&bucket->budget, &limit, now_ms);
	return MAX(bucket->blocked_ms, now_ms + wait_ms);
}

/* Lanes whose time has come move to ready. */
static void wake_lanes(struct sender *s, int64_t now_ms)
{
	for (;;) {
		GSequenceIter *first = g_sequence_get_begin_iter(s->delayed);
		struct lane *lane = g_sequence_iter_is_end(first) ? NULL : g_sequence_get(first);
		if (!lane || lane->not_before_ms > now_ms)
			break;
		g_sequence_remove(first);
		lane->delayed = NULL;
		g_queue_push_tail(&s->ready, lane);
	}
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, s->buckets);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct bucket *bucket = value;
		int64_t next_ms = bucket_next_ms(s, bucket, now_ms);
		if (next_ms < 0 || next_ms > now_ms)
			continue;
		/* As many as the budget has room for; the others keep their place in the line. */
		guint room = bucket->probing ? 1 : (guint)MAX(bucket->budget.used ? bucket->budget.tokens : 1e6, 1);
		for (guint i = 0; i < room && !g_queue_is_empty(&bucket->waiting); i++)
			g_queue_push_tail(&s->ready, g_queue_pop_head(&bucket->waiting));
	}
}

int64_t sender_next_ms(const struct sender *sender)
{
	struct sender *s = (struct sender *)sender;
	if (s->stopped)
		return -1;
	int64_t now_ms = clock_mono_ms(s->setup.clock), next_ms = G_MAXINT64;
	GSequenceIter *first = g_sequence_get_begin_iter(s->delayed);
	if (!g_sequence_iter_is_end(first))
		next_ms = ((const struct lane *)g_sequence_get(first))->not_before_ms;
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, s->buckets);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		int64_t bucket_ms = bucket_next_ms(s, value, now_ms);
		if (bucket_ms >= 0)
			next_ms = MIN(next_ms, bucket_ms);
	}
	return next_ms == G_MAXINT64 ? -1 : MAX(next_ms - now_ms, 0);
}

static void pump(struct sender *s)
{
	if (s->pumping || s->stopped)
		return;
	s->pumping = TRUE;
	wake_lanes(s, clock_mono_ms(s->setup.clock));
	while (!s->stopped && g_hash_table_size(s->flying) < IN_FLIGHT_LIMIT && !g_queue_is_empty(&s->ready))
		try_lane(s, g_queue_pop_head(&s->ready));
	s->pumping = FALSE;
	int64_t next_ms = sender_next_ms(s);
	if (next_ms < 0)
		timer_disarm(s->timer);
	else
		timer_arm_in(s->timer, next_ms);
}

static void timer_fired(gpointer data)
{
	pump(data);
}

/* ---- coming in ---- */

/* A replacement that waits for the same message is not worth sending any more. */
static void supersede(struct sender *s, struct lane *lane, const char *key)
{
	GList *link = g_hash_table_lookup(s->replacing, key);
	if (!link || (lane->in_flight && link == lane->rows.head))
		return;
	struct outbox_row *older = link->data;
	g_queue_delete_link(&lane->rows, link);
	report(s, older, EVENT_SENT, NULL, &(struct outcome){ .message = older->message });
}

static struct lane *lane_named(struct sender *s, char *take_key)
{
	g_autofree char *key = take_key;
	struct lane *lane = g_hash_table_lookup(s->lanes, key);
	if (lane)
		return lane;
	forget_idle_lanes(s);
	lane = g_new0(struct lane, 1);
	lane->key = g_steal_pointer(&key);
	g_queue_init(&lane->rows);
	g_hash_table_insert(s->lanes, lane->key, lane);
	return lane;
}

void sender_put(struct sender *s, struct outbox_row *take)
{
	struct lane *lane = lane_named(s, lane_key(s, take));
	gboolean was_idle = g_queue_is_empty(&lane->rows);
	if (take->kind == OUTBOX_FORM && s->setup.platform->form_life_ms)
		take->deadline_ms = take->created_ms + s->setup.platform->form_life_ms;
	s->rows++;
	g_queue_push_tail(&lane->rows, take);
	if (take->kind == OUTBOX_REPLACE) {
		char *key = standing_key(take);
		supersede(s, lane, key);
		g_hash_table_replace(s->replacing, key, lane->rows.tail);
	}
	/* Otherwise it is in flight or waits somewhere already. */
	if (was_idle)
		g_queue_push_tail(&s->ready, lane);
	pump(s);
}

/* How long to wait for another try; whoever waits for the row hears at its deadline that there will be none. */
static int64_t pause_ms(const struct sender *s, const struct outbox_row *row, const struct outcome *outcome)
{
	int64_t wait_ms = outcome->after_ms >= 0
		? outcome->after_ms
		: backoff_delay_ms(BACKOFF_NETWORK, (unsigned)row->attempts, random_unit());
	if (!row->deadline_ms || outcome->method_wide)
		return wait_ms;
	return CLAMP(row->deadline_ms + 1 - clock_now_ms(s->setup.clock), 0, wait_ms);
}

static void try_later(struct sender *s, struct lane *lane, struct outbox_row *row, const struct outcome *outcome)
{
	int64_t wait_ms = pause_ms(s, row, outcome);
	int64_t until_ms = clock_mono_ms(s->setup.clock) + wait_ms;
	row->attempts++;
	if (outcome->method_wide) {
		struct send_limit limit = s->setup.platform->limit(s->setup.adapter, row);
		struct bucket *bucket = find_bucket(s, limit.bucket);
		bucket->blocked_ms = MAX(bucket->blocked_ms, until_ms);
	} else {
		lane->not_before_ms = until_ms;
	}
	log_info("sending is put off", "workspace", s->setup.workspace, "row", row->id, "kind", outbox_kind_name(row->kind),
		"wait_ms", wait_ms, "attempts", row->attempts, "reason", outcome->reason);
}

/* The head waits in a lane of its own, so that the others need not wait for it. */
static void step_aside(struct sender *s, struct lane *lane, const struct outcome *outcome)
{
	const struct outbox_row *head = g_queue_peek_head(&lane->rows);
	/* Before the head is off: a lane without rows may be forgotten. */
	struct lane *own = lane_named(s, g_strdup_printf("#%" G_GINT64_FORMAT, head->id));
	struct outbox_row *row = pop_head(s, lane);
	g_queue_push_tail(&own->rows, row);
	try_later(s, own, row, outcome);
	if (own != lane) /* else its lane is put back anyway */
		g_queue_push_tail(&s->ready, own);
}

/* Ends or keeps the head by its outcome. */
static void judge(struct sender *s, struct lane *lane, struct outbox_row *row, const struct outcome *outcome)
{
	switch (outcome->result) {
	case SEND_DONE:
		report(s, pop_head(s, lane), EVENT_SENT, NULL, outcome);
		return;
	case SEND_LATER:
		if (outcome->aside && row->kind != OUTBOX_REPLACE) /* a newer one must find it */
			step_aside(s, lane, outcome);
		else
			try_later(s, lane, row, outcome);
		return;
	case SEND_IN_DOUBT:
		row->in_doubt = TRUE;
		try_later(s, lane, row, outcome);
		return;
	case SEND_REFUSED:
		if (!row->plain) {
			log_warning("the card was refused, sending its text alone", "row", row->id, "reason", outcome->reason);
			row->plain = TRUE;
			return;
		}
		break;
	case SEND_GONE:
		report_failed(s, pop_head(s, lane), OUTBOX_GONE, outcome->reason);
		return;
	case SEND_STOPPED:
		s->stopped = TRUE;
		return;
	case SEND_FAILED:
		break;
	}
	report_failed(s, pop_head(s, lane), OUTBOX_FAILED, outcome->reason);
}

void sender_outcome(struct sender *s, gint64 id, const struct outcome *outcome)
{
	struct lane *lane = g_hash_table_lookup(s->flying, &id);
	if (!lane)
		return;
	g_hash_table_remove(s->flying, &id);
	lane->in_flight = FALSE;
	lane->bucket->in_flight--;
	lane->bucket->probing = outcome->method_wide;
	judge(s, lane, g_queue_peek_head(&lane->rows), outcome);
	if (g_queue_is_empty(&lane->rows))
		forget_empty_lane(s, lane);
	else
		g_queue_push_tail(&s->ready, lane);
	pump(s);
}

void sender_resume(struct sender *s)
{
	s->stopped = FALSE;
	pump(s);
}

void sender_empty(struct sender *s, void (*give)(gpointer data, struct outbox_row *take), gpointer data)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new();
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, s->lanes);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct lane *lane = value;
		guint first = rows->len;
		for (struct outbox_row *row; (row = g_queue_pop_head(&lane->rows));)
			g_ptr_array_add(rows, row);
		if (lane->in_flight)
			((struct outbox_row *)rows->pdata[first])->in_doubt = TRUE;
	}
	g_queue_clear(&s->ready);
	g_sequence_remove_range(g_sequence_get_begin_iter(s->delayed), g_sequence_get_end_iter(s->delayed));
	g_hash_table_remove_all(s->flying);
	g_hash_table_remove_all(s->replacing);
	g_hash_table_remove_all(s->buckets);
	g_hash_table_remove_all(s->lanes);
	timer_disarm(s->timer);
	s->rows = 0;
	for (guint i = 0; i < rows->len; i++)
		give(data, rows->pdata[i]);
}

guint sender_waiting(const struct sender *s)
{
	return s->rows;
}

guint sender_active(const struct sender *s)
{
	return g_hash_table_size(s->flying) + (s->stopped ? 0 : s->ready.length);
}

guint sender_lanes(const struct sender *s)
{
	return g_hash_table_size(s->lanes);
}
