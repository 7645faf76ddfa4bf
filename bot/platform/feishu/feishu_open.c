/* SPDX-License-Identifier: MIT */
/*
 * Who we are, and where to dial (protocols/feishu.md 2.1, 2.2, 2.8).
 *
 * A link's question "where?" is answered by two calls at once: the endpoint's, and bot/v3/info until it has told who
 * we are; the link dials when both have come. So no frame arrives before we can tell whether it means us.
 */
#include "platform/feishu/feishu_room.h"

#include "base/log.h"
#include "base/random.h"

enum {
	ASK_LIMIT_MS = 10000,
	CROWDED_MS = 300000,
	SLOWLY_MS = 60000,
	GIVEN_UP_MS = 600000, /* reconnect_count is over: slowly, but a daemon must heal */
};

#define SECRET_ADVICE "check app_id and app_secret against the app's page in the developer console"
#define RIGHT_ADVICE                                                                                                   \
	"the app may not connect: it must be a self-built app, with the bot ability, and a published version"
#define CROWD_ADVICE                                                                                                   \
	"more than 50 connections of this app: another process uses it, and takes a share of its events; one app for "   \
	"each environment"

/* What the operator can do about the endpoint's codes. */
static const struct {
	int64_t code;
	const char *advice;
} codes[] = {
	{ 1000040345, "the platform says that it is busy; this has been seen to last for minutes" },
	{ 1000040350, CROWD_ADVICE },
	{ 1000040351,
		"the app is of the other side: base_url is https://open.feishu.cn for Feishu and "
		"https://open.larksuite.com for Lark" },
	{ 403, RIGHT_ADVICE },
	{ 514, SECRET_ADVICE },
	{ 1000040344, SECRET_ADVICE },
	{ 10003, SECRET_ADVICE },
	{ 10014, SECRET_ADVICE },
	{ 10015, SECRET_ADVICE },
};

/* When to ask again; -1: as after any loss. */
static const struct {
	gboolean tell;
	int64_t after_ms;
} verdicts[] = {
	[FEISHU_ENDPOINT_OK] = { FALSE, -1 }, /* without an address that may be dialled */
	[FEISHU_ENDPOINT_RETRY] = { FALSE, -1 },
	[FEISHU_ENDPOINT_SLOWLY] = { TRUE, SLOWLY_MS },
	[FEISHU_ENDPOINT_CROWDED] = { TRUE, CROWDED_MS },
	[FEISHU_ENDPOINT_NEVER] = { TRUE, -1 },
};

char *feishu_endpoint_trouble(const struct feishu_reply *reply)
{
	const char *said = json_text_or(reply->body, "msg", NULL), *advice = NULL;
	int64_t code = json_int_or(reply->body, "code", 0);
	if (reply->transport != HTTP_OK)
		return g_strdup_printf("endpoint: %s", reply->transport_error);
	if (!reply->body)
		return g_strdup_printf("endpoint: answer of HTTP status %d is not the platform's", reply->status);
	if (code == 0)
		return g_strdup("endpoint: no address in the answer, or one that may not be dialled");
	for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
		if (codes[i].code == code)
			advice = codes[i].advice;
	return g_strdup_printf("endpoint: code %" G_GINT64_FORMAT " (%s)%s%s", code, said && *said ? said : "no message",
		advice ? ": " : "", advice ? advice : "");
}

/* --- refusal --- */

void feishu_refuse(struct adapter *a, const char *reason, const struct feishu_place *except)
{
	gboolean news = !a->refused;
	g_autofree G_GNUC_UNUSED char *before = a->refused; /* reason may be it */
	a->refused = g_strdup(reason);
	feishu_call_cancel(a->caller, &a->info_call);
	for (unsigned i = 0; i < a->place_count; i++)
		if (&a->places[i] != except)
			link_shut(a->places[i].link, reason);
	if (!news)
		return;
	log_error("credentials refused, looking again every 15 minutes", "workspace", a->workspace->name, "why", reason);
	a->host->refused(a->host->data, reason);
}

/* --- the address --- */

static void place_forget(struct feishu_place *place)
{
	feishu_call_cancel(place->adapter->caller, &place->call);
	g_clear_pointer(&place->url, g_free);
}

static void place_dial(struct feishu_place *place)
{
	if (!place->url || !place->adapter->known)
		return;
	g_autofree char *url = g_steal_pointer(&place->url);
	link_address(place->link, url);
}

/* An address is a secret that must not go in the clear where the API itself does not. */
static gboolean is_address(const struct adapter *a, const char *url)
{
	if (!url)
		return FALSE;
	return g_str_has_prefix(url, "wss://") ||
	       (g_str_has_prefix(url, "ws://") && g_str_has_prefix(a->workspace->base_url, "http://"));
}

/* What the address says of the connection: its name in the platform's logs, and the number that pings carry. */
static void read_address(struct feishu_place *place, const char *url)
{
	g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_ENCODED, NULL);
	const char *query = uri ? g_uri_get_query(uri) : NULL;
	g_autoptr(GHashTable) fields =
		g_uri_parse_params(query ? query : "", -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
	const char *service = fields ? g_hash_table_lookup(fields, "service_id") : NULL;
	gint64 number = 0;
	if (service)
		g_ascii_string_to_signed(service, 10, G_MININT32, G_MAXINT32, &number, NULL);
	place->service = (int32_t)number;
	g_free(place->device);
	place->device = g_strdup(fields ? g_hash_table_lookup(fields, "device_id") : NULL);
}

static void endpoint_failed(struct feishu_place *place, const struct feishu_called *called)
{
	struct adapter *a = place->adapter;
	enum feishu_endpoint class = feishu_endpoint_class(&called->reply);
	g_autofree char *why = feishu_endpoint_trouble(&called->reply);
	if (class == FEISHU_ENDPOINT_NEVER) {
		feishu_refuse(a, why, NULL);
		return;
	}
	if (verdicts[class].tell)
		log_error("cannot connect", "workspace", a->workspace->name, "why", why);
	place_forget(place);
	link_no_address(place->link, LINK_LOST, verdicts[class].after_ms, why);
}

static void endpoint_answered(const struct feishu_called *called, gpointer data)
{
	struct feishu_place *place = data;
	const char *url = json_text_or(called->reply.body, "data.URL", NULL);
	place->call = 0;
	if (!feishu_called_ok(called) || !is_address(place->adapter, url)) {
		endpoint_failed(place, called);
		return;
	}
	const cJSON *wishes = json_object(called->reply.body, "data.ClientConfig");
	g_autofree char *text = wishes ? json_print(wishes) : NULL;
	if (text)
		feishu_settings_read(&place->adapter->settings, text, strlen(text));
	read_address(place, url);
	place->url = g_strdup(url);
	place_dial(place);
}

static void ask_endpoint(struct feishu_place *place)
{
	struct adapter *a = place->adapter;
	g_auto(feishu_request_auto) request = { 0 };
	feishu_out_endpoint(a->workspace->app_id, a->workspace->app_secret, &request);
	place->call = feishu_call(a->caller, &request, ASK_LIMIT_MS, endpoint_answered, place);
}

/* --- who we are --- */

static void dial_all(struct adapter *a)
{
	a->known = TRUE;
	for (unsigned i = 0; i < a->place_count; i++)
		place_dial(&a->places[i]);
}

static void know_self(struct adapter *a, const char *open_id)
{
	char *id = g_strdup(open_id);
	g_free(a->open_id);
	a->self.open_id = a->open_id = id;
}

static void no_identity(struct adapter *a, const struct feishu_called *called)
{
	g_auto(feishu_answer_auto) answer = { 0 };
	feishu_read(a, called, &answer);
	g_autofree char *why =
		g_strdup_printf("bot/v3/info: %s", answer.reason ? answer.reason : "no open_id in the answer");
	if (answer.outcome.result == SEND_STOPPED) {
		feishu_refuse(a, why, NULL);
		return;
	}
	if (answer.outcome.result != SEND_LATER && a->open_id) { /* from an earlier life, when the month's calls are used up */
		dial_all(a);
		return;
	}
	if (answer.outcome.result != SEND_LATER) {
		/* Better deaf to mentions than to everything; asked again at the next connection. */
		log_error("cannot tell who the bot is: mentions of it are not recognised", "workspace",
			a->workspace->name, "why", why);
		dial_all(a);
		return;
	}
	for (unsigned i = 0; i < a->place_count; i++) {
		place_forget(&a->places[i]);
		link_no_address(a->places[i].link, LINK_LOST, answer.outcome.after_ms, why);
	}
}

static void identified(const struct feishu_called *called, gpointer data)
{
	struct adapter *a = data;
	const char *id = json_text_or(called->reply.body, "bot.open_id", NULL);
	a->info_call = 0;
	if (!feishu_called_ok(called) || !id || !*id) {
		no_identity(a, called);
		return;
	}
	gboolean news = g_strcmp0(a->open_id, id) != 0;
	know_self(a, id);
	if (news)
		feishu_note(a, FEISHU_SELF_NOTE, g_strconcat(a->workspace->app_id, " ", a->open_id, NULL));
	int64_t status = json_int_or(called->reply.body, "bot.activate_status", 2);
	if (status != 2)
		log_warning("the bot is not enabled in this tenant", "workspace", a->workspace->name, "status", status);
	dial_all(a);
}

void feishu_recall_self(struct adapter *a, const char *note)
{
	gsize length = strlen(a->workspace->app_id);
	if (a->open_id || !note || strncmp(note, a->workspace->app_id, length) != 0 || note[length] != ' ' || !note[length + 1])
		return;
	know_self(a, note + length + 1);
	if (a->info_call) { /* it waits for a token still */
		feishu_call_cancel(a->caller, &a->info_call);
		dial_all(a);
	}
}

/* Unless an earlier life has told: the quota counts it (6.3). */
static void identify(struct adapter *a)
{
	if (a->open_id || a->info_call)
		return;
	g_auto(feishu_request_auto) request = { 0 };
	feishu_out_bot(&request);
	a->known = FALSE;
	a->info_call = feishu_call(a->caller, &request, ASK_LIMIT_MS, identified, a);
}

/* --- what the link asks --- */

void feishu_place_ask(struct link *link, gpointer data)
{
	(void)link;
	struct feishu_place *place = data;
	identify(place->adapter);
	ask_endpoint(place);
}

void feishu_place_unask(struct link *link, gpointer data)
{
	(void)link;
	place_forget(data);
}

const char *const feishu_refusal_headers[] = { "handshake-status", "handshake-autherrcode", "handshake-msg", NULL };

enum link_cause feishu_place_refused(struct link *link, const struct ws *ws, int64_t *after_ms, gpointer data)
{
	(void)link;
	struct feishu_place *place = data;
	const char *status = ws_refusal_header(ws, "handshake-status");
	const char *code = ws_refusal_header(ws, "handshake-autherrcode");
	log_warning("upgrade refused", "workspace", place->adapter->workspace->name, "http", ws_refusal_status(ws),
		"status", status, "code", code, "message", ws_refusal_header(ws, "handshake-msg"));
	switch (feishu_handshake_class(status, code)) {
	case FEISHU_ENDPOINT_NEVER:
		feishu_refuse(place->adapter, RIGHT_ADVICE, place);
		return LINK_SHUT;
	case FEISHU_ENDPOINT_CROWDED:
		log_error("cannot connect", "workspace", place->adapter->workspace->name, "why", CROWD_ADVICE);
		*after_ms = CROWDED_MS;
		return LINK_LOST;
	case FEISHU_ENDPOINT_OK:
	case FEISHU_ENDPOINT_RETRY:
	case FEISHU_ENDPOINT_SLOWLY:
		break;
	}
	return LINK_LOST;
}

/* 2.8: by chance within the nonce first, then a ladder inside the interval that the server wishes. */
int64_t feishu_delay_ms(const struct feishu_settings *settings, unsigned attempt, double unit)
{
	static const int ladder_s[] = { 5, 10, 20, 40, 80 };
	if (settings->reconnect_count >= 0 && attempt >= (unsigned)settings->reconnect_count)
		return GIVEN_UP_MS;
	if (attempt == 0)
		return (int64_t)(unit * settings->reconnect_nonce_s * 1000);
	int wait_s = settings->reconnect_interval_s;
	if (attempt <= G_N_ELEMENTS(ladder_s))
		wait_s = MIN(wait_s, ladder_s[attempt - 1]);
	return wait_s * INT64_C(1000);
}

int64_t feishu_place_delay(struct link *link, unsigned attempt, gpointer data)
{
	(void)link;
	const struct feishu_place *place = data;
	return feishu_delay_ms(&place->adapter->settings, attempt, random_unit());
}
