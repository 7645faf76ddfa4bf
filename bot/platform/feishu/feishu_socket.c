/* SPDX-License-Identifier: MIT */
/* The socket's side: frames up, response frames down (protocols/feishu.md 2.3 to 2.7). */
#include "platform/feishu/feishu_room.h"

#include "base/log.h"

enum {
	RECEIPT_LIMIT = 50000, /* the inbox pauses us long before */
	SEND_BYTES = 256 * 1024,
	PULSE_MS = 15000,     /* how often to look whether the machine slept */
	ANSWER_MS = 30000,    /* for any frame after a ping */
	SLEPT_MS = 30000,     /* the wall ran ahead of us by so much */
	LOOKUP_MS = 2000,     /* the platform waits for 3 s */
	LOOKUP_LIMIT = 1000,  /* under way */
	GAP_MS = 15000,	      /* a shorter one is pushed again by itself */
	LONG_GAP_MS = 300000, /* a longer one is always looked into; others, for the quota's sake, not often: */
	GAP_REST_MS = 2 * 3600 * 1000,
	QUIET_MS = 600000,
	PRESS_MS = 1500, /* for the words that follow from a press; the platform waits for 3 s in all */
};

/* A frame that waits for the verdicts on its events. */
struct held {
	struct feishu_place *place;
	guint line;
	struct feishu_frame *frame;
	struct feishu_delivery delivery; /* without its events */
	gboolean callback, kept;
	GArray *problems; /* NULL: none */
	gint64 came_us;
	unsigned pending; /* events without a verdict, and one while it waits for words */
	char *chat, *person; /* of a callback: where, and who looks at a turning wheel */
	struct timer *patience; /* armed: it waits for words */
};

/* A frame whose event lacks something that only its message can tell. */
struct lookup {
	struct adapter *adapter;
	struct held *held;
	guint64 call;
};

/* A receipt's number is the table's key. */
struct receipt {
	gint64 number;
	struct held *held;
};

static void held_free(struct held *h)
{
	feishu_frame_free(h->frame);
	feishu_delivery_release(&h->delivery);
	g_clear_pointer(&h->problems, g_array_unref);
	timer_free(h->patience);
	g_free(h->chat);
	g_free(h->person);
	g_free(h);
}

static void held_drop(struct held *h)
{
	if (--h->pending == 0)
		held_free(h);
}

static void receipt_free(gpointer data)
{
	struct receipt *receipt = data;
	if (receipt->held)
		held_drop(receipt->held);
	g_free(receipt);
}

static void lookup_free(gpointer data)
{
	struct lookup *l = data;
	feishu_call_cancel(l->adapter->caller, &l->call);
	if (l->held)
		held_free(l->held);
	g_free(l);
}

/* --- response frames --- */

/* The token is the time when the frame came: `sent` has no other memory. */
static void respond(struct adapter *a, const struct held *h, const char *data)
{
	int64_t took_ms = (clock_cpu_us() - h->came_us) / 1000;
	g_autoptr(GBytes) reply = feishu_frame_reply(h->frame, h->kept, h->kept ? data : NULL, took_ms);
	gsize length;
	const char *bytes = g_bytes_get_data(reply, &length);
	if (link_send_binary(h->place->link, h->line, bytes, length, (guint64)h->came_us))
		return;
	a->latency.lost++;
	log_debug("response has no connection any more, ignoring it", "workspace", a->workspace->name);
}

/* words: as a row's content; NULL: none. */
static void respond_with_card(struct adapter *a, const struct held *h, const char *words)
{
	g_autofree char *data = h->callback ? feishu_out_callback(&h->delivery, h->problems, words) : NULL;
	respond(a, h, data);
}

/* --- a press that waits for words --- */

static void stop_waiting(struct held *h, const char *words)
{
	struct adapter *a = h->place->adapter;
	respond_with_card(a, h, words);
	g_ptr_array_remove_fast(a->presses, h);
}

static void no_words_came(gpointer data)
{
	stop_waiting(data, NULL);
}

/* When nothing else can be said any more, the answer to a press waits a moment for what follows from it. */
static gboolean waits_for_words(struct adapter *a, const struct held *h)
{
	return h->callback && h->kept && !h->problems && h->chat && feishu_quota_is_spent(a->quota);
}

static void wait_for_words(struct adapter *a, struct held *h)
{
	h->pending++;
	h->patience = timer_new(NULL, a->clock, no_words_came, h);
	timer_arm_in(h->patience, PRESS_MS);
	g_ptr_array_add(a->presses, h);
}

gboolean feishu_answer_press(struct adapter *a, const struct outbox_row *row)
{
	for (guint i = 0; i < a->presses->len; i++) {
		struct held *h = a->presses->pdata[i];
		if (g_strcmp0(h->chat, row->channel) == 0 && (!row->person || g_strcmp0(h->person, row->person) == 0)) {
			stop_waiting(h, row->content);
			return TRUE;
		}
	}
	return FALSE;
}

static void on_sent(struct link *link, guint line, guint64 token, gboolean written, gpointer data)
{
	(void)link;
	struct adapter *a = ((struct feishu_place *)data)->adapter;
	if (token == 0)
		return;
	if (!written) {
		a->latency.lost++;
		log_warning("response lost with its connection, the platform will push again", "line", line);
		return;
	}
	a->reply_ms = clock_now_ms(a->clock);
	latency_note(&a->latency, (gint64)token);
}

void feishu_acknowledge(struct adapter *a, const struct verdict *verdict)
{
	const struct receipt *receipt = g_hash_table_lookup(a->receipts, &verdict->receipt);
	if (!receipt)
		return;
	struct held *h = receipt->held;
	h->kept &= verdict->kept;
	if (verdict->problems && !h->problems)
		h->problems = g_array_ref(verdict->problems);
	if (h->pending == 1 && waits_for_words(a, h))
		wait_for_words(a, h);
	else if (h->pending == 1)
		respond_with_card(a, h, NULL);
	g_hash_table_remove(a->receipts, &verdict->receipt);
}

/* --- events --- */

static void pass_on(struct adapter *a, struct held *h, struct event *take)
{
	struct receipt *receipt = g_new(struct receipt, 1);
	*receipt = (struct receipt){ ++a->last_receipt, h };
	g_hash_table_insert(a->receipts, &receipt->number, receipt);
	take->receipt = receipt->number;
	feishu_learn(a, take);
	a->host->event(a->host->data, take);
}

/* All events of a frame; it is answered when the last of them has its verdict. */
static void pass_all_on(struct adapter *a, struct held *take_held)
{
	g_autoptr(GPtrArray) events = g_steal_pointer(&take_held->delivery.events);
	take_held->pending = events->len;
	for (guint i = 0; i < events->len; i++)
		pass_on(a, take_held, g_steal_pointer(&events->pdata[i]));
}

static void drop_held(struct adapter *a, struct held *take_held, gboolean kept)
{
	take_held->kept = kept;
	respond(a, take_held, NULL);
	held_free(take_held);
}

static const struct event *lacking_event(const struct held *h)
{
	return h->delivery.events->pdata[0];
}

/* An answer that is final tells that there is nothing to learn; after another the platform shall push again. */
static gboolean is_final(struct adapter *a, const struct feishu_called *called)
{
	g_auto(feishu_answer_auto) answer = { 0 };
	feishu_read(a, called, &answer);
	if (feishu_first_time(a, "lookup"))
		log_warning("cannot look a message up", "workspace", a->workspace->name, "why", answer.reason);
	return answer.outcome.result != SEND_LATER && answer.outcome.result != SEND_STOPPED;
}

static void looked_up(const struct feishu_called *called, gpointer data)
{
	struct lookup *l = data;
	struct adapter *a = l->adapter;
	struct held *h = g_steal_pointer(&l->held);
	l->call = 0;
	g_ptr_array_remove_fast(a->lookups, l);
	if (!feishu_called_ok(called)) {
		drop_held(a, h, is_final(a, called));
		return;
	}
	const cJSON *item = cJSON_GetArrayItem(json_array(called->reply.body, "data.items"), 0);
	feishu_seen_item(a->seen, item);
	if (item && feishu_in_complete(&a->self, h->delivery.events->pdata[0], item))
		pass_all_on(a, h);
	else
		drop_held(a, h, TRUE);
}

static void look_up(struct adapter *a, struct held *take_held)
{
	g_auto(feishu_request_auto) request = { 0 };
	if (a->lookups->len >= LOOKUP_LIMIT) {
		drop_held(a, take_held, FALSE);
		return;
	}
	if (!feishu_out_message(lacking_event(take_held)->message, &request)) {
		drop_held(a, take_held, TRUE);
		return;
	}
	struct lookup *l = g_new0(struct lookup, 1);
	*l = (struct lookup){ .adapter = a, .held = take_held };
	g_ptr_array_add(a->lookups, l);
	l->call = feishu_call(a->caller, &request, LOOKUP_MS, looked_up, l);
}

/*
 * Reactions, and recalls if it is known: whose message, and where? Mostly it has passed here a short while ago. The words of an
 * edit have not.
 */
static void complete(struct adapter *a, struct held *take_held)
{
	const struct event *event = lacking_event(take_held);
	g_autoptr(cJSON) item = event->kind == EVENT_EDITED ? NULL : feishu_seen_find(a->seen, event->message);
	/* What was recalled may be gone from there, too, and without its author it is known all the same. */
	if (!item && event->kind == EVENT_DELETED)
		pass_all_on(a, take_held);
	else if (!item)
		look_up(a, take_held);
	else if (feishu_in_complete(&a->self, take_held->delivery.events->pdata[0], item))
		pass_all_on(a, take_held);
	else
		drop_held(a, take_held, TRUE);
}

static void take_nothing(struct adapter *a, struct held *take_held)
{
	const struct feishu_delivery *delivery = &take_held->delivery;
	if (feishu_first_time(a, delivery->ignored))
		log_info("event of no use, acknowledged", "workspace", a->workspace->name, "type", delivery->type, "why",
			delivery->ignored);
	respond_with_card(a, take_held, NULL);
	held_free(take_held);
}

static void take_event(struct feishu_place *place, guint line, struct feishu_frame *take_frame, GBytes *payload)
{
	struct adapter *a = place->adapter;
	struct held *h = g_new0(struct held, 1);
	gsize length;
	const char *text = g_bytes_get_data(payload, &length);
	*h = (struct held){ .place = place, .line = line, .frame = take_frame, .kept = TRUE, .came_us = clock_cpu_us() };
	a->event_ms = clock_now_ms(a->clock);
	feishu_in(&a->self, text, length, a->event_ms, &h->delivery);
	h->callback = h->delivery.callback || feishu_frame_kind(take_frame) == FEISHU_FRAME_CARD;
	feishu_frame_drop_payload(take_frame);
	if (!a->heard && h->delivery.events->len > 0) {
		a->heard = TRUE;
		feishu_note(a, FEISHU_HEARD_NOTE, g_strdup(h->delivery.type));
	}
	if (h->callback && h->delivery.events->len > 0) {
		const struct event *event = h->delivery.events->pdata[0];
		h->chat = g_strdup(event->place.channel);
		h->person = g_strdup(event->person);
	}
	if (h->delivery.events->len == 0) {
		take_nothing(a, h);
	} else if (g_hash_table_size(a->receipts) >= RECEIPT_LIMIT) {
		if (feishu_first_time(a, "receipts"))
			log_error("too many events wait for their verdict, leaving some to be pushed again",
				"workspace", a->workspace->name);
		held_free(h);
	} else if (h->delivery.lacks) {
		complete(a, h);
	} else {
		pass_all_on(a, h);
	}
}

/* --- frames --- */

static void expire_fragments(gpointer data)
{
	struct adapter *a = data;
	int64_t now_ms = clock_mono_ms(a->clock);
	guint dropped = feishu_fragments_expire(a->fragments, now_ms);
	if (dropped)
		log_warning("events whose fragments did not all come, leaving them to be pushed again", "workspace",
			a->workspace->name, "events", dropped);
	int64_t due_ms = feishu_fragments_due_ms(a->fragments);
	if (due_ms >= 0)
		timer_arm_in(a->expiry, MAX(due_ms - now_ms, 0));
}

static void take_data(struct feishu_place *place, guint line, struct feishu_frame *take_frame)
{
	struct adapter *a = place->adapter;
	g_autoptr(feishu_frame_auto) frame = take_frame;
	g_autoptr(GBytes) whole = NULL;
	switch (feishu_fragments_put(a->fragments, frame, clock_mono_ms(a->clock), &whole)) {
	case FEISHU_WHOLE:
		take_event(place, line, g_steal_pointer(&frame), whole);
		break;
	case FEISHU_PART:
		break;
	case FEISHU_STRAY:
		if (feishu_first_time(a, "stray"))
			log_warning("fragment that fits nowhere, ignoring it", "workspace", a->workspace->name);
		break;
	}
	if (!timer_is_armed(a->expiry))
		expire_fragments(a);
}

static void take_pong(struct adapter *a, const struct feishu_frame *frame)
{
	gsize length;
	const char *payload = feishu_frame_payload(frame, &length);
	if (length > 0)
		feishu_settings_read(&a->settings, payload, length);
}

static void take_frame(struct feishu_place *place, guint line, struct feishu_frame *take)
{
	g_autoptr(feishu_frame_auto) frame = take;
	switch (feishu_frame_kind(frame)) {
	case FEISHU_FRAME_PONG:
		take_pong(place->adapter, frame);
		break;
	case FEISHU_FRAME_EVENT:
	case FEISHU_FRAME_CARD:
		take_data(place, line, g_steal_pointer(&frame));
		break;
	case FEISHU_FRAME_PING:
	case FEISHU_FRAME_OTHER:
		break;
	}
}

static void on_binary(struct link *link, guint line, const char *bytes, gsize length, gpointer data)
{
	(void)link;
	struct feishu_place *place = data;
	struct adapter *a = place->adapter;
	struct feishu_frame *frame = feishu_frame_decode((const guint8 *)bytes, length);
	place->answered = TRUE;
	a->frame_ms = clock_now_ms(a->clock);
	if (frame)
		take_frame(place, line, frame);
	else if (feishu_first_time(a, "garbage"))
		log_warning("frame not understood, ignoring it", "workspace", a->workspace->name, "bytes", length);
}

static void on_message(struct link *link, guint line, const char *text, gsize length, gpointer data)
{
	(void)link;
	(void)line;
	(void)text;
	struct adapter *a = ((struct feishu_place *)data)->adapter;
	if (feishu_first_time(a, "text"))
		log_warning("text message on the long connection, ignoring it", "workspace", a->workspace->name, "bytes",
			length);
}

/* --- staying alive --- */

static void on_opened(struct link *link, guint line, gpointer data)
{
	struct feishu_place *place = data;
	struct adapter *a = place->adapter;
	log_info("long connection", "workspace", a->workspace->name, "device", place->device);
	place->pinged_line = 0;
	place->fell_silent = FALSE;
	link_greeted(link, line);
}

static void ping(struct feishu_place *place, guint line, int64_t now_ms)
{
	g_autoptr(GBytes) frame = feishu_frame_ping(place->service);
	gsize length;
	const char *bytes = g_bytes_get_data(frame, &length);
	link_send_binary(place->link, line, bytes, length, 0);
	place->pinged_line = line;
	place->pinged_ms = now_ms;
	place->answered = FALSE;
}

/* After a sleep the peer may have forgotten us, while our clock for intervals stood still. */
static gboolean has_slept(struct feishu_place *place, int64_t now_ms)
{
	int64_t drift_ms = clock_now_ms(place->adapter->clock) - now_ms;
	gboolean slept = drift_ms - place->drift_ms > SLEPT_MS;
	place->drift_ms = drift_ms;
	return slept;
}

/* 2.4: a ping at once and then as often as the server wishes; each wants an answer, of any kind. */
static int64_t on_pulse(struct link *link, guint line, int64_t silent_ms, gpointer data)
{
	(void)link;
	struct feishu_place *place = data;
	int64_t now_ms = clock_mono_ms(place->adapter->clock);
	int64_t every_ms = place->adapter->settings.ping_interval_s * INT64_C(1000);
	gboolean first = place->pinged_line != line, slept = has_slept(place, now_ms);
	place->answered |= now_ms - silent_ms > place->pinged_ms;
	if (!first && !place->answered && now_ms - place->pinged_ms >= ANSWER_MS) {
		place->fell_silent = TRUE;
		return -1;
	}
	if (first || now_ms - place->pinged_ms >= every_ms || (slept && place->answered))
		ping(place, line, now_ms);
	int64_t next_ms = MIN(PULSE_MS, place->pinged_ms + every_ms - now_ms);
	if (!place->answered)
		next_ms = MIN(next_ms, place->pinged_ms + ANSWER_MS - now_ms);
	return MAX(next_ms, 1);
}

/* --- covered or not --- */

static void tell_gap(struct adapter *a)
{
	int64_t now_ms = clock_now_ms(a->clock), mono_ms = clock_mono_ms(a->clock);
	int64_t away_ms = a->lost_ms ? now_ms - a->lost_ms : G_MAXINT64;
	if (away_ms < GAP_MS || (away_ms < LONG_GAP_MS && mono_ms - a->gap_ms < GAP_REST_MS))
		return;
	a->gap_ms = mono_ms;
	struct event *gap = event_new(EVENT_GAP, a->workspace->name);
	gap->at_ms = a->lost_ms;
	gap->until_ms = now_ms;
	a->host->event(a->host->data, gap);
}

/* Connected, and yet nothing comes: it is nearly always the console (pains, 11). */
static void hint(gpointer data)
{
	const struct adapter *a = data;
	if (!a->heard)
		log_warning("connected, but no event has come yet; in the developer console: events and callbacks must "
			    "both be set to the long connection, each event added, and a version published since; and no "
			    "other process may use the app",
			"workspace", a->workspace->name);
}

/* Another process may only be on its way out, as after a reload: so not before we are live. */
static void watch_strangers(struct adapter *a)
{
	if (!feishu_be_alone(a) && feishu_first_time(a, "stranger"))
		log_warning("another process on this machine uses this app and takes a share of its events: one app for "
			    "each environment",
			"workspace", a->workspace->name, "app", a->workspace->app_id);
}

static void on_covered(struct link *link, gboolean covered, int64_t heard_ms, gpointer data)
{
	(void)link;
	struct feishu_place *place = data;
	struct adapter *a = place->adapter;
	gboolean any = FALSE;
	for (unsigned i = 0; i < a->place_count; i++)
		any |= link_is_covered(a->places[i].link);
	a->drops += !covered;
	if (any == a->covered)
		return;
	a->covered = any;
	if (any)
		g_clear_pointer(&a->refused, g_free);
	else /* a connection that was closed was heard until then; frames are rare here */
		a->lost_ms = place->fell_silent ? heard_ms : clock_now_ms(a->clock);
	a->host->live(a->host->data, any);
	if (any)
		tell_gap(a);
	if (any)
		watch_strangers(a);
	if (any && !a->heard && !timer_is_armed(a->quiet))
		timer_arm_in(a->quiet, QUIET_MS);
}

static void on_stopped(struct link *link, gpointer data)
{
	(void)link;
	struct adapter *a = ((struct feishu_place *)data)->adapter;
	if (--a->stopping == 0)
		timer_arm_in(a->gone, 0); /* whoever hears it may free the adapter: not from inside a link */
}

static void all_gone(gpointer data)
{
	struct adapter *a = data;
	a->stopped(a->stopped_data);
}

static const struct link_ops ops = {
	.ask = feishu_place_ask,
	.unask = feishu_place_unask,
	.opened = on_opened,
	.message = on_message,
	.binary = on_binary,
	.pulse = on_pulse,
	.refused = feishu_place_refused,
	.delay = feishu_place_delay,
	.sent = on_sent,
	.covered = on_covered,
	.stopped = on_stopped,
};

/* --- life --- */

static void place_init(struct adapter *a, unsigned i, struct lws_loop *lws)
{
	g_autofree char *name =
		i ? g_strdup_printf("%s/%u", a->workspace->name, i + 1) : g_strdup(a->workspace->name);
	a->places[i].adapter = a;
	a->places[i].link = link_new(&(struct link_options){ .name = name,
					     .ca_file = a->workspace->ca_file,
					     .proxy = a->workspace->proxy,
					     .max_send_bytes = SEND_BYTES,
					     .refusal_headers = feishu_refusal_headers,
					     .clock = a->clock,
					     .lws = lws },
		&ops, &a->places[i]);
}

void feishu_socket_start(struct adapter *a, struct lws_loop *lws)
{
	a->receipts = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, receipt_free);
	a->presses = g_ptr_array_new_with_free_func((GDestroyNotify)held_drop);
	a->lookups = g_ptr_array_new_with_free_func(lookup_free);
	a->fragments = feishu_fragments_new();
	a->expiry = timer_new(NULL, a->clock, expire_fragments, a);
	a->quiet = timer_new(NULL, a->clock, hint, a);
	a->gone = timer_new(NULL, a->clock, all_gone, a);
	feishu_be_alone(a);
	a->place_count = (unsigned)CLAMP(a->workspace->connections, 1, FEISHU_PLACES);
	for (unsigned i = 0; i < a->place_count; i++)
		place_init(a, i, lws);
	for (unsigned i = 0; i < a->place_count; i++)
		link_start(a->places[i].link);
}

void feishu_socket_stop(struct adapter *a)
{
	a->stopping = a->place_count;
	feishu_call_cancel(a->caller, &a->info_call);
	feishu_alone_release(a);
	for (unsigned i = 0; i < a->place_count; i++)
		link_stop(a->places[i].link);
}

void feishu_socket_release(struct adapter *a)
{
	for (unsigned i = 0; i < a->place_count; i++) {
		link_free(a->places[i].link);
		g_free(a->places[i].url);
		g_free(a->places[i].device);
	}
	feishu_alone_release(a);
	timer_free(a->expiry);
	timer_free(a->quiet);
	timer_free(a->gone);
	feishu_fragments_free(a->fragments);
	g_clear_pointer(&a->lookups, g_ptr_array_unref);
	g_clear_pointer(&a->presses, g_ptr_array_unref);
	g_clear_pointer(&a->receipts, g_hash_table_unref);
}

void feishu_pause(struct adapter *a, gboolean paused)
{
	for (unsigned i = 0; i < a->place_count; i++)
		link_pause(a->places[i].link, paused);
}

static void put_age(cJSON *into, const char *name, int64_t at_ms, int64_t now_ms)
{
	if (at_ms)
		json_put_int(into, name, MAX(now_ms - at_ms, 0) / 1000);
}

/* Three clocks: what looks alive may have heard nothing but pongs for hours (pains, 1). */
void feishu_socket_status(const struct adapter *a, cJSON *into)
{
	int64_t now_ms = clock_now_ms(a->clock);
	unsigned sockets = 0;
	json_put_bool(into, "live", a->covered);
	cJSON *links = json_put_array(into, "links");
	for (unsigned i = 0; i < a->place_count; i++) {
		cJSON *link = json_push_object(links);
		sockets += link_sockets(a->places[i].link);
		link_status(a->places[i].link, link);
		json_put_text(link, "device", a->places[i].device);
	}
	json_put_int(into, "connections", sockets);
	json_put_bool(into, "alone", a->alone >= 0);
	json_put_int(into, "drops", (int64_t)a->drops);
	put_age(into, "last_frame_s", a->frame_ms, now_ms);
	put_age(into, "last_event_s", a->event_ms, now_ms);
	put_age(into, "last_response_s", a->reply_ms, now_ms);
	json_put_int(into, "waiting", g_hash_table_size(a->receipts));
	latency_status(&a->latency, json_put_object(into, "acknowledged"));
}
