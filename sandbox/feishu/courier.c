/* SPDX-License-Identifier: MIT */
#include "sandbox/feishu/courier.h"

#include "base/random.h"
#include "base/timer.h"
#include "sandbox/feishu/lines.h"
#include "sandbox/live.h"

/*
 * One waiting line for each length of wait, so that each is sorted by itself: in by the tail, due at the head. QUEUE_HELD is
 * what lets the next event pass, QUEUE_REPLY the wait for a reply, those after it the waits before each push again, in order.
 */
enum queue { QUEUE_HELD, QUEUE_REPLY, QUEUE_FIRST, QUEUE_SECOND, QUEUE_THIRD, QUEUE_FOURTH, QUEUE_COUNT };
enum { REPEATS = QUEUE_COUNT - QUEUE_FIRST };

static const int64_t queue_ms[QUEUE_COUNT] = {
	[QUEUE_HELD] = SECONDS(1), [QUEUE_REPLY] = SECONDS(3), [QUEUE_FIRST] = SECONDS(15), [QUEUE_SECOND] = MINUTES(5), [QUEUE_THIRD] = HOURS(1),
	[QUEUE_FOURTH] = HOURS(6)
};

struct parcel {
	char *message_id; /* of the transport, fresh for each push */
	char *event_id, *type;
	char *payload;
	gboolean callback;
	guint64 line; /* where it went */
	guint attempt;
	int64_t due_ms;
	enum queue queue;
	GList link; /* in its queue */
	reply_fn *decided;
	gpointer data;
	GDestroyNotify free_data;
};

struct courier {
	struct tenant *tenant;
	GHashTable *parcels; /* message_id → struct parcel *, owned; all that are under way */
	GQueue queues[QUEUE_COUNT];
	struct timer *timer;
	guint64 last_seq;
};

static void parcel_free(gpointer data)
{
	struct parcel *parcel = data;
	if (parcel->free_data)
		parcel->free_data(parcel->data);
	g_free(parcel->message_id);
	g_free(parcel->event_id);
	g_free(parcel->type);
	g_free(parcel->payload);
	g_free(parcel);
}

/* ---- the queues ---- */

static void leave_queue(struct courier *courier, struct parcel *parcel)
{
	g_queue_unlink(&courier->queues[parcel->queue], &parcel->link);
}

static void join_queue(struct courier *courier, struct parcel *parcel, enum queue queue)
{
	parcel->queue = queue;
	parcel->due_ms = clock_mono_ms(courier->tenant->sb->clock) + queue_ms[queue];
	g_queue_push_tail_link(&courier->queues[queue], &parcel->link);
	if (!timer_is_armed(courier->timer) || queue_ms[queue] < timer_remaining_ms(courier->timer))
		timer_arm_in(courier->timer, queue_ms[queue]);
}

static struct parcel *head(const struct courier *courier, enum queue queue)
{
	return g_queue_peek_head((GQueue *)&courier->queues[queue]);
}

/* ---- frames ---- */

static guint64 random_id(void)
{
	guint64 id;
	random_bytes(&id, sizeof id);
	return id >> 1;
}

static GBytes *make_frame(struct courier *courier, const struct parcel *parcel, gsize sum, gsize seq, const char *piece,
	gsize length)
{
	char sum_text[24], seq_text[24], time_text[24];
	g_snprintf(sum_text, sizeof sum_text, "%" G_GSIZE_FORMAT, sum);
	g_snprintf(seq_text, sizeof seq_text, "%" G_GSIZE_FORMAT, seq);
	g_snprintf(time_text, sizeof time_text, "%" G_GINT64_FORMAT, clock_now_ms(courier->tenant->sb->clock));
	const struct packet_header headers[] = { { "type", "event" }, { "message_id", parcel->message_id },
		{ "sum", sum_text }, { "seq", seq_text }, { "trace_id", parcel->event_id }, { "timestamp", time_text },
		{ "instance_id", "sandbox-frontier-1" } };
	return packet_write(&(struct packet_parts){ .seq_id = ++courier->last_seq, .log_id = random_id(),
		.service = lines_service(courier->tenant->lines), .method = PACKET_DATA, .headers = headers,
		.header_count = G_N_ELEMENTS(headers), .payload = piece, .length = length, .log_id_new = parcel->event_id });
}

static void add_fragments(struct courier *courier, const struct parcel *parcel, GPtrArray *frames)
{
	const struct tenant_settings *settings = &courier->tenant->settings;
	gsize total = strlen(parcel->payload), most = MAX(settings->fragment_bytes, 1);
	gsize sum = MAX((total + most - 1) / most, 1);
	for (gsize i = 0; i < sum; i++) {
		gsize seq = settings->fragment_reverse ? sum - 1 - i : i, from = seq * most;
		for (int n = settings->fragment_repeat && sum > 1 ? 2 : 1; n > 0; n--)
			g_ptr_array_add(frames,
				make_frame(courier, parcel, sum, seq, parcel->payload + from, MIN(most, total - from)));
	}
}

static void log_parcel(struct courier *courier, const struct parcel *parcel, guint frames, const char *note)
{
	struct live *live = courier->tenant->sb->live;
	if (!live_logs(live))
		return;
	g_autofree char *count = frames > 1 ? g_strdup_printf(" · %u frames", frames) : g_strdup("");
	g_autofree char *title = g_strconcat(parcel->type, *note ? " · " : "", note, count, NULL);
	live_log(live, LOG_OUT, "frame", title, 0, json_parse(parcel->payload, strlen(parcel->payload), NULL));
}

static gboolean send_once(struct courier *courier, struct parcel *parcel, const char *note)
{
	g_autoptr(GPtrArray) frames = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	add_fragments(courier, parcel, frames);
	parcel->line = lines_send(courier->tenant->lines, frames);
	if (parcel->line)
		log_parcel(courier, parcel, frames->len, note);
	return parcel->line != 0;
}

/* The same event over another connection or the same, as another message of the transport, whose reply nobody awaits. */
static void send_twin(struct courier *courier, const struct parcel *parcel)
{
	g_autofree char *message_id = room_uuid();
	struct parcel twin = *parcel;
	twin.message_id = message_id;
	send_once(courier, &twin, "duplicate");
}

static gboolean send_parcel(struct courier *courier, struct parcel *parcel)
{
	g_autofree char *note = parcel->attempt ? g_strdup_printf("push %u", parcel->attempt + 1) : g_strdup("");
	if (!send_once(courier, parcel, note))
		return FALSE;
	if (!parcel->callback && faults_take(courier->tenant->sb->faults, FAULT_DUPLICATE_EVENTS, NULL))
		send_twin(courier, parcel);
	return TRUE;
}

/* ---- fates ---- */

/* Gone before the word is given, for whoever hears it may ask again. */
static void decide(struct courier *courier, struct parcel *parcel, enum reply_fate fate, const cJSON *response)
{
	g_hash_table_steal(courier->parcels, parcel->message_id);
	if (parcel->decided)
		parcel->decided(courier->tenant, fate, response, parcel->data);
	parcel_free(parcel);
}

static void renew_message_id(struct courier *courier, struct parcel *parcel)
{
	g_hash_table_steal(courier->parcels, parcel->message_id);
	g_free(parcel->message_id);
	parcel->message_id = room_uuid();
	g_hash_table_insert(courier->parcels, parcel->message_id, parcel);
}

/* The parcel is in no queue now. */
static void fail(struct courier *courier, struct parcel *parcel, enum reply_fate fate)
{
	if (parcel->callback || parcel->attempt >= REPEATS) {
		if (!parcel->callback)
			live_note(courier->tenant->sb->live, "an event was given up after its last push");
		decide(courier, parcel, fate, NULL);
		return;
	}
	parcel->attempt++;
	renew_message_id(courier, parcel);
	join_queue(courier, parcel, QUEUE_FIRST + (parcel->attempt - 1));
}

static void try_parcel(struct courier *courier, struct parcel *parcel)
{
	if (send_parcel(courier, parcel))
		join_queue(courier, parcel, QUEUE_REPLY);
	else
		fail(courier, parcel, REPLY_NO_LINE);
}

/* With FAULT_SWAP_EVENTS an event waits until another went before it. */
static void post_parcel(struct courier *courier, struct parcel *parcel)
{
	struct parcel *held = head(courier, QUEUE_HELD);
	if (!held && !parcel->callback && faults_take(courier->tenant->sb->faults, FAULT_SWAP_EVENTS, NULL)) {
		join_queue(courier, parcel, QUEUE_HELD);
		return;
	}
	try_parcel(courier, parcel);
	if (held) {
		leave_queue(courier, held);
		try_parcel(courier, held);
	}
}

static void serve_queue(struct courier *courier, enum queue queue, int64_t now_ms)
{
	struct parcel *parcel;
	/* What joins a queue while it is served waits for the next turn of the loop. */
	for (guint n = courier->queues[queue].length; n > 0 && (parcel = head(courier, queue)) && parcel->due_ms <= now_ms; n--) {
		leave_queue(courier, parcel);
		if (queue == QUEUE_REPLY)
			fail(courier, parcel, REPLY_LATE);
		else
			try_parcel(courier, parcel);
	}
}

static void serve(gpointer data)
{
	struct courier *courier = data;
	int64_t now_ms = clock_mono_ms(courier->tenant->sb->clock), next_ms = G_MAXINT64;
	for (enum queue queue = 0; queue < QUEUE_COUNT; queue++)
		serve_queue(courier, queue, now_ms);
	for (enum queue queue = 0; queue < QUEUE_COUNT; queue++) {
		const struct parcel *parcel = head(courier, queue);
		next_ms = parcel ? MIN(next_ms, parcel->due_ms) : next_ms;
	}
	if (next_ms < G_MAXINT64)
		timer_arm_in(courier->timer, next_ms - clock_mono_ms(courier->tenant->sb->clock));
}

/* ---- life ---- */

struct courier *courier_new(struct tenant *tenant)
{
	struct courier *courier = g_new0(struct courier, 1);
	courier->tenant = tenant;
	courier->parcels = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, parcel_free);
	courier->timer = timer_new(NULL, tenant->sb->clock, serve, courier);
	for (enum queue queue = 0; queue < QUEUE_COUNT; queue++)
		g_queue_init(&courier->queues[queue]);
	return courier;
}

void courier_free(struct courier *courier)
{
	if (!courier)
		return;
	g_hash_table_unref(courier->parcels);
	timer_free(courier->timer);
	g_free(courier);
}

void courier_forget(struct courier *courier)
{
	for (enum queue queue = 0; queue < QUEUE_COUNT; queue++)
		g_queue_init(&courier->queues[queue]);
	g_hash_table_remove_all(courier->parcels);
}

guint courier_pending(const struct courier *courier)
{
	return g_hash_table_size(courier->parcels);
}

/* ---- pushing ---- */

/* create_time is in ms, of a card callback in µs (3.1). */
static char *envelope(const struct tenant *tenant, const char *type, const char *event_id, gboolean callback, cJSON *take_event)
{
	g_autofree char *event = json_print(take_event);
	cJSON_Delete(take_event);
	return g_strdup_printf("{\"schema\":\"2.0\",\"header\":{\"event_id\":\"%s\",\"token\":\"\",\"create_time\":\"%" G_GINT64_FORMAT
			       "\",\"event_type\":\"%s\",\"tenant_key\":\"%s\",\"app_id\":\"%s\"},\"event\":%s}",
		event_id, clock_now_ms(tenant->sb->clock) * (callback ? 1000 : 1), type, tenant->key, tenant->app_id, event);
}

static struct parcel *new_parcel(struct courier *courier, const char *type, cJSON *take_event, gboolean callback)
{
	struct parcel *parcel = g_new0(struct parcel, 1);
	parcel->link.data = parcel;
	parcel->message_id = room_uuid();
	parcel->event_id = room_uuid();
	parcel->type = g_strdup(type);
	parcel->callback = callback;
	parcel->payload = envelope(courier->tenant, type, parcel->event_id, callback, take_event);
	g_hash_table_insert(courier->parcels, parcel->message_id, parcel);
	return parcel;
}

void courier_push(struct courier *courier, const char *type, cJSON *take_event)
{
	post_parcel(courier, new_parcel(courier, type, take_event, FALSE));
}

void courier_ask(struct courier *courier, const char *type, cJSON *take_event, reply_fn *decided, gpointer take_data,
	GDestroyNotify free_data)
{
	struct parcel *parcel = new_parcel(courier, type, take_event, TRUE);
	parcel->decided = decided;
	parcel->data = take_data;
	parcel->free_data = free_data;
	post_parcel(courier, parcel);
}

gboolean courier_send_raw(struct courier *courier, GBytes *bytes)
{
	g_autoptr(GPtrArray) frames = g_ptr_array_new();
	g_ptr_array_add(frames, bytes);
	return lines_send(courier->tenant->lines, frames) != 0;
}

/* ---- replies ---- */

/* The JSON that the base64 text of "data" holds; NULL: none. */
static cJSON *response_of(const cJSON *reply)
{
	const char *data = json_text_or(reply, "data", NULL);
	if (!data || !*data)
		return NULL;
	gsize length;
	g_autofree guchar *text = g_base64_decode(data, &length);
	return text && g_utf8_validate((const char *)text, (gssize)length, NULL) ? json_parse((const char *)text, length, NULL) : NULL;
}

static void log_reply(struct courier *courier, const struct parcel *parcel, int64_t code, const cJSON *response, gboolean lost)
{
	struct live *live = courier->tenant->sb->live;
	if (!live_logs(live))
		return;
	g_autofree char *title = g_strconcat("reply to ", parcel->type, lost ? ", lost" : NULL, NULL);
	cJSON *detail = cJSON_CreateObject();
	json_put_text(detail, "event_id", parcel->event_id);
	if (response)
		cJSON_AddItemToObject(detail, "response", cJSON_Duplicate(response, TRUE));
	live_log(live, LOG_IN, "frame", title, (int)code, detail);
}

/* The platform finds the awaited message by these headers, so they must come back as they went. */
static gboolean is_reply_to(const struct courier *courier, const struct packet *packet, const struct parcel *parcel, guint64 line)
{
	const char *instance = packet_header(packet, "instance_id");
	return parcel->queue == QUEUE_REPLY && parcel->line == line && instance && g_str_equal(instance, "sandbox-frontier-1") &&
	       packet_service(packet) == lines_service(courier->tenant->lines);
}

void courier_receive(struct courier *courier, guint64 line, const struct packet *packet)
{
	const char *message_id = packet_header(packet, "message_id");
	struct parcel *parcel = message_id ? g_hash_table_lookup(courier->parcels, message_id) : NULL;
	if (!parcel || !is_reply_to(courier, packet, parcel, line)) {
		live_note(courier->tenant->sb->live, "a reply to nothing that is awaited: late, repeated or changed");
		return;
	}
	gsize length;
	const char *text = packet_payload(packet, &length);
	g_autoptr(cJSON) reply = json_parse(text, length, NULL);
	g_autoptr(cJSON) response = response_of(reply);
	int64_t code = json_int_or(reply, "code", 0);
	gboolean lost = faults_take(courier->tenant->sb->faults, FAULT_LOSE_ACKS, NULL);
	log_reply(courier, parcel, code, response, lost);
	if (lost)
		return;
	leave_queue(courier, parcel);
	if (code == 200)
		decide(courier, parcel, REPLY_TAKEN, response);
	else
		fail(courier, parcel, REPLY_FAILED);
}
