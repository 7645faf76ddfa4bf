/* SPDX-License-Identifier: MIT */
/*
 * Who we are, and where to dial (protocols/slack.md, 2.1).
 *
 * A link's question "where?" is answered by two calls at once: auth.test, until it has told who we are, and
 * apps.connections.open; the link dials when both have come. So no frame arrives before we can tell our own
 * messages from others', and a start costs one round trip, not two.
 */
#include "platform/slack/slack_room.h"

#include "base/log.h"
#include "platform/skew.h"

enum {
	ASK_LIMIT_MS = 10000,
	/* Tier 3 on the method's page, Tier 1 in the SDKs: a burst within the one, a steady rate within the
	   other. */
	OPEN_BURST = 30,
	OPEN_EVERY_MS = 60000,
	BUG_WAIT_MS = 60000,
	WARM_MS = 50000, /* libcurl keeps an idle connection for 118 s */
};

/* For slack_answer: a request that only reads. */
static const struct outbox_row a_read = { .kind = OUTBOX_ASK_PERSON };

static void place_dial(struct slack_place *place)
{
	if (!place->url || !place->adapter->known)
		return;
	g_autofree char *url = g_steal_pointer(&place->url);
	link_address(place->link, url);
}

static void place_forget(struct slack_place *place)
{
	slack_call_cancel(place->adapter->caller, &place->call);
	g_clear_pointer(&place->url, g_free);
}

void slack_refuse(struct adapter *a, const char *reason)
{
	gboolean news = !a->refused;
	g_autofree G_GNUC_UNUSED char *before = a->refused; /* reason may be it */
	a->refused = g_strdup(reason);
	a->known = FALSE;
	slack_call_cancel(a->caller, &a->auth_call);
	timer_disarm(a->warm);
	for (unsigned i = 0; i < a->place_count; i++)
		link_shut(a->places[i].link, reason);
	if (!news)
		return;
	log_error("credentials refused, looking again every 15 minutes", "workspace", a->workspace->name,
		"why", reason);
	a->host->refused(a->host->data, reason);
}

/* The links that asked are told: not now. */
static void no_address(
	struct adapter *a, const struct slack_called *called, const char *method, struct slack_place *only)
{
	g_auto(slack_answer_auto) answer = { 0 };
	slack_answer(&a_read, &called->reply, FALSE, &answer);
	g_autofree char *why = g_strdup_printf(
		"%s: %s", method, answer.reason ? answer.reason : "answered without an address");
	if (answer.outcome.result == SEND_STOPPED) {
		slack_refuse(a, why);
		return;
	}
	enum link_cause cause = answer.class == SLACK_FORBIDDEN ? LINK_SHUT : LINK_LOST;
	int64_t after = answer.class == SLACK_BUG	      ? BUG_WAIT_MS
			: answer.outcome.result == SEND_LATER ? answer.outcome.after_ms
							      : -1;
	if (cause == LINK_SHUT || answer.class == SLACK_BUG)
		log_error("cannot connect", "workspace", a->workspace->name, "why", why);
	for (unsigned i = 0; i < a->place_count; i++) {
		struct slack_place *place = &a->places[i];
		if (only && place != only)
			continue;
		place_forget(place);
		link_no_address(place->link, cause, after, why);
	}
}

/* --- auth.test --- */

static void watch_skew(struct adapter *a, const struct slack_called *called)
{
	int64_t skew_s;
	if (skew_of(http_header(called->http, "Date"), clock_now_ms(a->clock), &skew_s) && ABS(skew_s) > SKEW_LIMIT_S &&
		!clock_is_frozen(a->clock))
		log_warning("this machine's clock differs from Slack's", "workspace", a->workspace->name, "by_s", skew_s);
}

static void take_identity(struct adapter *a, const cJSON *body)
{
	g_free(a->user_id);
	g_free(a->bot_id);
	a->user_id = g_strdup(json_text_or(body, "user_id", NULL));
	a->bot_id = g_strdup(json_text_or(body, "bot_id", NULL));
	const char *app = json_text_or(body, "app_id", NULL);
	if (app) {
		g_free(a->app_id);
		a->app_id = g_strdup(app);
	}
	a->self = (struct slack_self){ .workspace = a->workspace->name,
		.user_id = a->user_id,
		.bot_id = a->bot_id,
		.app_id = a->app_id };
	a->known = TRUE;
}

static void authenticated(const struct slack_called *called, gpointer data)
{
	struct adapter *a = data;
	a->auth_call = 0;
	if (!slack_called_ok(called) || !json_text_or(called->reply.body, "user_id", NULL)) {
		no_address(a, called, "auth.test", NULL);
		return;
	}
	take_identity(a, called->reply.body);
	watch_skew(a, called);
	timer_arm_in(a->warm, WARM_MS);
	for (unsigned i = 0; i < a->place_count; i++)
		place_dial(&a->places[i]);
}

static void authenticate(struct adapter *a)
{
	if (a->known || a->auth_call)
		return;
	a->auth_call = slack_call(a->caller,
		&(struct slack_call){
			.method = "auth.test", .token = a->workspace->bot_token, .timeout_ms = ASK_LIMIT_MS },
		authenticated, a);
}

/* A form's trigger lives 3 s: the way to Slack stays open for it (pains, 19). It also finds a token revoked.
 */
static void warmed(const struct slack_called *called, gpointer data)
{
	struct adapter *a = data;
	a->auth_call = 0;
	g_auto(slack_answer_auto) answer = { 0 };
	slack_answer(&a_read, &called->reply, FALSE, &answer);
	if (answer.outcome.result == SEND_STOPPED)
		slack_refuse(a, answer.reason);
}

void slack_try_token(struct adapter *a)
{
	if (a->auth_call)
		return;
	a->auth_call = slack_call(a->caller,
		&(struct slack_call){ .method = "auth.test", .token = a->workspace->bot_token }, warmed, a);
}

void slack_keep_warm(gpointer data)
{
	struct adapter *a = data;
	if (!slack_caller_is_warm(a->caller, WARM_MS))
		slack_try_token(a);
	timer_arm_in(a->warm, WARM_MS);
}

/* --- apps.connections.open --- */

/* An address is a secret that must not go in the clear where the API itself does not. */
static gboolean is_address(const struct adapter *a, const char *url)
{
	if (!url)
		return FALSE;
	return g_str_has_prefix(url, "wss://") ||
	       (g_str_has_prefix(url, "ws://") && g_str_has_prefix(a->workspace->api_url, "http://"));
}

static void opened(const struct slack_called *called, gpointer data)
{
	struct slack_place *place = data;
	place->call = 0;
	const char *url = json_text_or(called->reply.body, "url", NULL);
	if (!slack_called_ok(called) || !is_address(place->adapter, url)) {
		no_address(place->adapter, called, "apps.connections.open", place);
		return;
	}
	place->url = g_strdup(url);
	place_dial(place);
}

/* How long until the next call may go, in milliseconds; 0: now, and it is counted. */
static int64_t open_pause_ms(struct adapter *a)
{
	int64_t now = clock_mono_ms(a->clock);
	double grown = a->open_budget + (double)(now - a->open_counted_ms) / OPEN_EVERY_MS;
	a->open_budget = MIN(grown, (double)OPEN_BURST);
	a->open_counted_ms = now;
	if (!a->workspace->rate_limits)
		return 0;
	if (a->open_budget < 1)
		return (int64_t)((1 - a->open_budget) * OPEN_EVERY_MS) + 1;
	a->open_budget -= 1;
	return 0;
}

void slack_place_ask(struct link *link, gpointer data)
{
	struct slack_place *place = data;
	struct adapter *a = place->adapter;
	int64_t pause = open_pause_ms(a);
	if (pause > 0) {
		link_no_address(link, LINK_LOST, pause, "asked for an address too often");
		return;
	}
	authenticate(a);
	place->call = slack_call(a->caller,
		&(struct slack_call){ .method = "apps.connections.open",
			.token = a->workspace->app_token,
			.timeout_ms = ASK_LIMIT_MS },
		opened, place);
}

void slack_place_unask(struct link *link, gpointer data)
{
	(void)link;
	place_forget(data);
}

void slack_open_start(struct adapter *a)
{
	a->open_budget = OPEN_BURST;
	a->open_counted_ms = clock_mono_ms(a->clock);
}
