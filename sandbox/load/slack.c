/* SPDX-License-Identifier: MIT */
#include "sandbox/load/platform.h"

#define DAY_S 86400

static int64_t start_s(const struct load_company *c)
{
	return c->start_ms / 1000;
}

static int64_t ts_seconds(const struct load_company *c, int64_t n)
{
	return start_s(c) + (c->days ? n / c->people * DAY_S : n / 1000000);
}

static int64_t ts_micros(const struct load_company *c, int64_t n)
{
	return c->days ? n % c->people : n % 1000000;
}

/* ---- envelopes ---- */

/* As captured samples have it, with every field. */
static const char envelope[] =
	"{\"envelope_id\":\"7e8f0a1b-0000-4000-8000-%012" G_GINT64_MODIFIER "d\",\"payload\":{\"token\":\"verification-token\","
	"\"team_id\":\"T0LOAD000\",\"context_team_id\":\"T0LOAD000\",\"context_enterprise_id\":null,\"api_app_id\":\"A0LOAD000\","
	"\"event\":{\"type\":\"message\",\"user\":\"U%08u\",\"ts\":\"%" G_GINT64_FORMAT ".%06d\","
	"\"client_msg_id\":\"%08x-0000-4000-8000-%012" G_GINT64_MODIFIER "x\",\"text\":\"%s\",\"team\":\"T0LOAD000\","
	"\"blocks\":[{\"type\":\"rich_text\",\"block_id\":\"cQ5A\",\"elements\":[{\"type\":\"rich_text_section\",\"elements\":["
	"{\"type\":\"text\",\"text\":\"%s\"}]}]}],\"channel\":\"C%08u\",\"event_ts\":\"%" G_GINT64_FORMAT ".%06d\","
	"\"channel_type\":\"channel\"},\"type\":\"event_callback\",\"event_id\":\"Ev%016" G_GINT64_MODIFIER "X\","
	"\"event_time\":%" G_GINT64_FORMAT ",\"authorizations\":[{\"enterprise_id\":null,\"team_id\":\"T0LOAD000\","
	"\"user_id\":\"U0LOADBOT\",\"is_bot\":true,\"is_enterprise_install\":false}],\"is_ext_shared_channel\":false,"
	"\"event_context\":\"4-eyJldCI6Im1lc3NhZ2UiLCJ0aWQiOiJUMEJFTEwwMDAiLCJhaWQiOiJBMEJFTEwwMDAiLCJjaWQiOiJDMEJFTEwwMDAifQ\"},"
	"\"type\":\"events_api\",\"accepts_response_payload\":false,\"retry_attempt\":0,\"retry_reason\":\"\"}";

static void write_event(const struct load_company *c, int64_t n, GString *out)
{
	guint person = load_person(c, n);
	int64_t seconds = ts_seconds(c, n);
	int micros = (int)ts_micros(c, n);
	g_autofree char *text = load_text(n, "\\n");
	guint64 id = load_scattered(c, n);
	g_string_append_printf(out, envelope, n, person, seconds, micros, (guint)(id >> 32), id & 0xffffffffffff, text, text,
		load_team(c, person), seconds, micros, id, seconds);
}

static int64_t hear(const char *bytes, gsize length, GString *reply)
{
	static const char key[] = "\"envelope_id\"";
	(void)reply;
	const char *at = memmem(bytes, length, key, strlen(key));
	const char *id = at ? strstr(at, "-8000-") : NULL;
	return id ? g_ascii_strtoll(id + strlen("-8000-"), NULL, 10) : -1;
}

static int64_t find_reacted(const struct load_company *c, const char *body, gsize length)
{
	static const char key[] = "timestamp";
	const char *at = memmem(body, length, key, strlen(key));
	at = at ? strpbrk(at, "0123456789") : NULL;
	if (!at)
		return -1;
	char *dot;
	int64_t seconds = g_ascii_strtoll(at, &dot, 10) - start_s(c);
	int64_t micros = *dot == '.' ? g_ascii_strtoll(dot + 1, NULL, 10) : 0;
	return c->days ? seconds / DAY_S * c->people + micros : seconds * 1000000 + micros;
}

/* ---- people ---- */

static void append_user(GString *out, guint n)
{
	g_string_append_printf(out,
		"{\"id\":\"U%08u\",\"team_id\":\"T0LOAD000\",\"name\":\"person%u\",\"deleted\":false,\"color\":\"9f69e7\","
		"\"real_name\":\"Person %u\",\"tz\":\"Asia/Shanghai\",\"tz_label\":\"China Standard Time\",\"tz_offset\":28800,"
		"\"profile\":{\"title\":\"\",\"phone\":\"\",\"skype\":\"\",\"real_name\":\"Person %u\",\"real_name_normalized\":"
		"\"Person %u\",\"display_name\":\"person%u\",\"display_name_normalized\":\"person%u\",\"status_text\":\"\","
		"\"status_emoji\":\"\",\"avatar_hash\":\"ge3b51ca72de\",\"email\":\"person%u@example.com\",\"team\":\"T0LOAD000\"},"
		"\"is_admin\":false,\"is_owner\":false,\"is_primary_owner\":false,\"is_restricted\":false,"
		"\"is_ultra_restricted\":false,\"is_bot\":false,\"is_app_user\":false,\"updated\":1502138686,\"locale\":\"zh-CN\"}",
		n, n, n, n, n, n, n, n);
}

static void users_list(const struct load_company *c, const char *body, GString *out)
{
	(void)body;
	g_string_append(out, "{\"ok\":true,\"members\":[");
	for (guint n = 0; n < c->people; n++) {
		g_string_append(out, n ? "," : "");
		append_user(out, n);
	}
	g_string_append(out, "],\"cache_ts\":1498777272,\"response_metadata\":{\"next_cursor\":\"\"}}");
}

/* The number behind a letter: "…channel=C00000003…". */
static guint id_in(const char *body, char letter)
{
	for (const char *at = strchr(body, letter); at; at = strchr(at + 1, letter)) {
		if (g_ascii_isdigit(at[1]) && g_ascii_isdigit(at[8]))
			return (guint)g_ascii_strtoull(at + 1, NULL, 10);
	}
	return 0;
}

static void users_info(const struct load_company *c, const char *body, GString *out)
{
	(void)c;
	g_string_append(out, "{\"ok\":true,\"user\":");
	append_user(out, id_in(body, 'U'));
	g_string_append_c(out, '}');
}

static void members(const struct load_company *c, const char *body, GString *out)
{
	guint channel = id_in(body, 'C');
	g_string_append(out, "{\"ok\":true,\"members\":[");
	for (guint n = channel % c->teams; n < c->people; n += c->teams)
		g_string_append_printf(out, "%s\"U%08u\"", n >= c->teams ? "," : "", n);
	g_string_append(out, "],\"response_metadata\":{\"next_cursor\":\"\"}}");
}

/* ---- the rest ---- */

static void auth_test(const struct load_company *c, const char *body, GString *out)
{
	(void)c;
	(void)body;
	g_string_append(out,
		"{\"ok\":true,\"url\":\"https://load.slack.com/\",\"team\":\"Load\",\"user\":\"belltower\",\"team_id\":\"T0LOAD000\","
		"\"user_id\":\"U0LOADBOT\",\"bot_id\":\"B0LOADBOT\",\"is_enterprise_install\":false}");
}

static void open_connection(const struct load_company *c, const char *body, GString *out)
{
	(void)body;
	g_string_append_printf(out, "{\"ok\":true,\"url\":\"ws:\\/\\/%s\\/link\\/?ticket=%" G_GINT64_FORMAT "\"}", c->authority, c->calls);
}

static void history(const struct load_company *c, const char *body, GString *out)
{
	(void)c;
	(void)body;
	g_string_append(out, "{\"ok\":true,\"messages\":[],\"has_more\":false,\"pin_count\":0}");
}

/* Messages of the bot stand long before the first standup. */
static void message(const struct load_company *c, const char *body, GString *out)
{
	g_string_append_printf(out, "{\"ok\":true,\"channel\":\"C%08u\",\"ts\":\"%" G_GINT64_FORMAT ".%06d\"}", id_in(body, 'C'),
		start_s(c) - 1000000 + c->calls / 1000000, (int)(c->calls % 1000000));
}

static void well(const struct load_company *c, const char *body, GString *out)
{
	(void)c;
	(void)body;
	g_string_append(out, "{\"ok\":true}");
}

/* The last one is for all others. */
static const struct {
	const char *name;
	enum load_call call;
	void (*answer)(const struct load_company *c, const char *body, GString *out);
} methods[] = {
	{ "reactions.add", LOAD_CALL_REACT, well },
	{ "chat.postMessage", LOAD_CALL_POST, message },
	{ "chat.update", LOAD_CALL_UPDATE, message },
	{ "auth.test", LOAD_CALL_OTHER, auth_test },
	{ "apps.connections.open", LOAD_CALL_OTHER, open_connection },
	{ "users.list", LOAD_CALL_OTHER, users_list },
	{ "users.info", LOAD_CALL_OTHER, users_info },
	{ "conversations.members", LOAD_CALL_OTHER, members },
	{ "conversations.history", LOAD_CALL_OTHER, history },
	{ "conversations.replies", LOAD_CALL_OTHER, history },
	{ "", LOAD_CALL_OTHER, well },
};

static enum load_call answer(struct load_company *c, const struct server_request *request, GString *out, int64_t *standup)
{
	const char *slash = strrchr(request->path, '/'), *method = slash ? slash + 1 : "";
	gsize i = 0;
	while (i + 1 < G_N_ELEMENTS(methods) && strcmp(methods[i].name, method) != 0)
		i++;
	methods[i].answer(c, request->body, out);
	if (methods[i].call == LOAD_CALL_REACT)
		*standup = find_reacted(c, request->body, request->body_length);
	return methods[i].call;
}

const struct load_platform load_slack = {
	.name = "slack",
	.path = "/api/",
	.headers = "x-oauth-scopes: chat:write,reactions:write,users:read\r\n",
	.kind = SERVER_TEXT,
	.hello = "{\"type\":\"hello\",\"num_connections\":1,\"debug_info\":{\"host\":\"applink-load\",\"build_number\":10,"
		 "\"approximate_connection_time\":18060},\"connection_info\":{\"app_id\":\"A0LOAD000\"}}",
	.goodbye = "{\"type\":\"disconnect\",\"reason\":\"refresh_requested\",\"debug_info\":{\"host\":\"applink-load\"}}",
	.event = write_event,
	.hear = hear,
	.answer = answer,
};
