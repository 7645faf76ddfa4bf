/* SPDX-License-Identifier: MIT */
/* The socket's side: frames up, acknowledgements down (protocols/slack.md, 2.2 to 2.10). */
#include "platform/slack/slack_room.h"

#include "base/log.h"

enum {
	RECEIPT_LIMIT = 50000, /* the inbox pauses us long before */
	CROWDED_PATIENCE = 3,
};

/* Where an envelope came from, until the clerk has kept it. */
struct slack_receipt {
	gint64 number; /* the table's key */
	struct link *link;
	guint line;
	gboolean accepts_payload;
	gint64 came_us;
	char *envelope_id;
};

static void receipt_free(gpointer data)
{
	struct slack_receipt *receipt = data;
	g_free(receipt->envelope_id);
	g_free(receipt);
}

/* TRUE the first time: what Slack says often is logged once. what: static. */
static gboolean first_time(struct adapter *a, const char *what)
{
	return g_hash_table_add(a->told, (gpointer)what);
}

/* --- acknowledgements --- */

/* The token of the frame is the time when the envelope came: `sent` has no other memory. */
static void give_back(struct adapter *a, struct link *link, guint line, const char *envelope_id,
	const GArray *problems, gint64 came_us)
{
	g_autofree char *text = slack_out_acknowledgement(envelope_id, problems);
	if (link_send(link, line, text, strlen(text), (guint64)came_us))
		return;
	a->latency.lost++;
	log_debug("acknowledgement has no connection any more, ignoring it", "workspace", a->workspace->name);
}

static void on_sent(struct link *link, guint line, guint64 token, gboolean written, gpointer data)
{
	(void)link;
	struct latency *latency = &((struct slack_place *)data)->adapter->latency;
	if (!written) {
		latency->lost++;
		log_warning(
			"acknowledgement lost with its connection, Slack will deliver again", "line", line);
		return;
	}
	latency_note(latency, (gint64)token);
}

void slack_acknowledge(struct adapter *a, const struct verdict *verdict)
{
	struct slack_receipt *receipt = g_hash_table_lookup(a->receipts, &verdict->receipt);
	if (!receipt)
		return;
	if (verdict->kept)
		give_back(a, receipt->link, receipt->line, receipt->envelope_id,
			receipt->accepts_payload ? verdict->problems : NULL, receipt->came_us);
	g_hash_table_remove(a->receipts, &verdict->receipt);
}

/* --- frames --- */

static unsigned our_sockets(const struct adapter *a)
{
	unsigned n = 0;
	for (unsigned i = 0; i < a->place_count; i++)
		n += link_sockets(a->places[i].link);
	return n;
}

static void watch_strangers(struct adapter *a, int connections)
{
	int ours = (int)our_sockets(a);
	if (connections > ours && connections != a->app_connections)
		log_warning("another process uses this app and takes a share of its events: one app for each "
			    "environment",
			"workspace", a->workspace->name, "connections", connections, "ours", ours);
	a->app_connections = connections;
}

static void take_garbage(struct slack_place *place, guint line, struct slack_frame *frame)
{
	struct adapter *a = place->adapter;
	if (first_time(a, frame->ignored ? frame->ignored : "garbage"))
		log_warning("frame not understood, ignoring it", "workspace", a->workspace->name, "why",
			frame->ignored);
	if (frame->envelope_id)
		give_back(a, place->link, line, frame->envelope_id, NULL, clock_cpu_us());
}

static void take_hello(struct slack_place *place, guint line, struct slack_frame *frame)
{
	struct adapter *a = place->adapter;
	if (!a->app_id)
		a->self.app_id = a->app_id = g_strdup(frame->app_id);
	else if (frame->app_id && !g_str_equal(a->app_id, frame->app_id) && first_time(a, "app"))
		log_error("app_token and bot_token belong to different apps", "workspace", a->workspace->name,
			"app_token_of", frame->app_id, "bot_token_of", a->app_id);
	watch_strangers(a, frame->num_connections);
	link_greeted(place->link, line);
}

static const struct {
	enum link_cause cause;
	const char *name;
} farewells[] = {
	[SLACK_DISCONNECT_OTHER] = { LINK_REPLACE, "disconnect" },
	[SLACK_DISCONNECT_WARNING] = { LINK_REFRESH, "warning" },
	[SLACK_DISCONNECT_REFRESH] = { LINK_REFRESH, "refresh_requested" },
	[SLACK_DISCONNECT_DISABLED] = { LINK_SHUT, "link_disabled" },
	[SLACK_DISCONNECT_CROWDED] = { LINK_CROWDED, "too_many_websockets" },
};

static void take_disconnect(struct slack_place *place, guint line, struct slack_frame *frame)
{
	struct adapter *a = place->adapter;
	if (frame->disconnect == SLACK_DISCONNECT_DISABLED)
		log_error("Socket Mode is switched off in the app's settings, looking again every 15 minutes",
			"workspace", a->workspace->name);
	if (frame->disconnect == SLACK_DISCONNECT_CROWDED && ++a->crowded % CROWDED_PATIENCE == 0)
		log_error("too many connections of this app: another process uses it", "workspace",
			a->workspace->name, "times", a->crowded, "ours", our_sockets(a));
	link_leave(place->link, line, farewells[frame->disconnect].cause, farewells[frame->disconnect].name);
}

/* What holds no event is acknowledged whatever it is, or it comes for ever (pains, 17). */
static void take_nothing(struct slack_place *place, guint line, struct slack_frame *frame)
{
	struct adapter *a = place->adapter;
	if (frame->envelope_id)
		give_back(a, place->link, line, frame->envelope_id, NULL, clock_cpu_us());
	if (frame->credentials_gone) {
		/* Such an event may be late, and of an installation that has been made anew: the token tells. */
		log_warning("told that the app is not installed any more, trying its token", "workspace",
			a->workspace->name, "why", frame->ignored);
		slack_try_token(a);
		return;
	}
	if (frame->rate_limited)
		log_warning(
			"Slack drops events: more than 30,000 in an hour", "workspace", a->workspace->name);
	else if (first_time(a, frame->ignored ? frame->ignored : "nothing"))
		log_info("envelope without an event, acknowledged", "workspace", a->workspace->name, "why",
			frame->ignored);
}

static void take_envelope(struct slack_place *place, guint line, struct slack_frame *frame)
{
	struct adapter *a = place->adapter;
	if (!frame->event) {
		take_nothing(place, line, frame);
		return;
	}
	if (g_hash_table_size(a->receipts) >= RECEIPT_LIMIT) {
		if (first_time(a, "receipts"))
			log_error(
				"too many events wait for their verdict, leaving some to be delivered again",
				"workspace", a->workspace->name);
		return;
	}
	struct event *event = g_steal_pointer(&frame->event);
	slack_directory_learn(a, event);
	if (frame->envelope_id) {
		struct slack_receipt *receipt = g_new(struct slack_receipt, 1);
		*receipt = (struct slack_receipt){ ++a->last_receipt, place->link, line,
			frame->accepts_payload, clock_cpu_us(), g_steal_pointer(&frame->envelope_id) };
		g_hash_table_insert(a->receipts, &receipt->number, receipt);
		event->receipt = receipt->number;
	}
	a->host->event(a->host->data, event);
}

static void (*const takers[])(struct slack_place *, guint, struct slack_frame *) = {
	[SLACK_GARBAGE] = take_garbage,
	[SLACK_HELLO] = take_hello,
	[SLACK_DISCONNECT] = take_disconnect,
	[SLACK_ENVELOPE] = take_envelope,
};

static void on_message(struct link *link, guint line, const char *text, gsize length, gpointer data)
{
	(void)link;
	struct slack_place *place = data;
	g_auto(slack_frame_auto) frame = { 0 };
	slack_in(&place->adapter->self, text, length, clock_now_ms(place->adapter->clock), &frame);
	takers[frame.kind](place, line, &frame);
}

/* --- covered or not --- */

static void tell_gap(struct adapter *a, int64_t lost_ms)
{
	struct event *gap = event_new(EVENT_GAP, a->workspace->name);
	gap->at_ms = lost_ms;
	gap->until_ms = clock_now_ms(a->clock);
	gap->value = g_strdup(EVENT_GAP_DIRECTS);
	for (unsigned i = 0; i < a->place_count; i++)
		a->places[i].lost_ms = 0;
	a->host->event(a->host->data, gap);
}

/*
 * One of several that was lost is a gap too, though another was there all the time: what went down with it comes again three
 * times, and may each time choose one that is about to be lost.
 */
static void on_covered(struct link *link, gboolean covered, int64_t heard_ms, gpointer data)
{
	(void)link;
	struct slack_place *place = data;
	struct adapter *a = place->adapter;
	gboolean any = FALSE;
	for (unsigned i = 0; i < a->place_count; i++)
		any |= link_is_covered(a->places[i].link);
	if (!covered)
		place->lost_ms = heard_ms;
	if (any == a->covered) {
		if (covered && place->lost_ms)
			tell_gap(a, place->lost_ms);
		return;
	}
	a->covered = any;
	if (any)
		g_clear_pointer(&a->refused, g_free);
	a->host->live(a->host->data, any);
	if (any)
		tell_gap(a, a->lost_ms);
	else
		a->lost_ms = heard_ms;
}

static void on_stopped(struct link *link, gpointer data)
{
	(void)link;
	struct adapter *a = ((struct slack_place *)data)->adapter;
	if (--a->stopping == 0)
		timer_arm_in(a->gone, 0); /* whoever hears it may free the adapter: not from inside a link */
}

static void all_gone(gpointer data)
{
	struct adapter *a = data;
	a->stopped(a->stopped_data);
}

static const struct link_ops ops = {
	.ask = slack_place_ask,
	.unask = slack_place_unask,
	.message = on_message,
	.sent = on_sent,
	.covered = on_covered,
	.stopped = on_stopped,
};

/* --- life --- */

void slack_socket_start(struct adapter *a, struct lws_loop *lws)
{
	slack_open_start(a);
	a->receipts = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, receipt_free);
	a->warm = timer_new(NULL, a->clock, slack_keep_warm, a);
	a->gone = timer_new(NULL, a->clock, all_gone, a);
	a->place_count = (unsigned)CLAMP(a->workspace->connections, 1, SLACK_PLACES);
	for (unsigned i = 0; i < a->place_count; i++) {
		g_autofree char *name = i ? g_strdup_printf("%s/%u", a->workspace->name, i + 1)
					  : g_strdup(a->workspace->name);
		a->places[i].adapter = a;
		a->places[i].link = link_new(&(struct link_options){ .name = name,
						     .ca_file = a->workspace->ca_file,
						     .proxy = a->workspace->proxy,
						     .clock = a->clock,
						     .lws = lws },
			&ops, &a->places[i]);
	}
	for (unsigned i = 0; i < a->place_count; i++)
		link_start(a->places[i].link);
}

void slack_socket_stop(struct adapter *a)
{
	a->stopping = a->place_count;
	timer_disarm(a->warm);
	slack_call_cancel(a->caller, &a->auth_call);
	for (unsigned i = 0; i < a->place_count; i++)
		link_stop(a->places[i].link);
}

void slack_socket_release(struct adapter *a)
{
	for (unsigned i = 0; i < a->place_count; i++)
		link_free(a->places[i].link);
	for (unsigned i = 0; i < a->place_count; i++)
		g_free(a->places[i].url);
	timer_free(a->warm);
	timer_free(a->gone);
	g_clear_pointer(&a->receipts, g_hash_table_unref);
}

void slack_pause(struct adapter *a, gboolean paused)
{
	for (unsigned i = 0; i < a->place_count; i++)
		link_pause(a->places[i].link, paused);
}

void slack_socket_status(const struct adapter *a, cJSON *into)
{
	int64_t silent = -1;
	json_put_bool(into, "live", a->covered);
	json_put_int(into, "connections", our_sockets(a));
	json_put_int(into, "connections_of_app", a->app_connections);
	cJSON *links = json_put_array(into, "links");
	for (unsigned i = 0; i < a->place_count; i++) {
		int64_t its = link_silent_ms(a->places[i].link);
		silent = silent < 0 ? its : its < 0 ? silent : MIN(silent, its);
		link_status(a->places[i].link, json_push_object(links));
	}
	if (silent >= 0)
		json_put_int(into, "silent_s", silent / 1000);
	json_put_int(into, "waiting", g_hash_table_size(a->receipts));
	latency_status(&a->latency, json_put_object(into, "acknowledged"));
}
