/* SPDX-License-Identifier: MIT */
#include "sandbox/feishu/packet.h"
#include "sandbox/load/platform.h"

enum { MEMBERS_PAGE = 100 };

#define APP	 "cli_00000000000010ad"
#define TENANT	 "tenant_load"
#define SERVICE	 33554678
#define SETTINGS "{\"ReconnectCount\":-1,\"ReconnectInterval\":120,\"ReconnectNonce\":30,\"PingInterval\":120}"
#define WELL	 "{\"code\":0,\"msg\":\"success\",\"data\":"

/* A message's id is 32 digits of base 16; the last half of a standup's is its number. Those of the bot begin otherwise. */
#define MESSAGE_ID "om_%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x"
enum { NUMBER_AT = 3 + 16 };

/* ---- frames ---- */

/* As captured samples have it, with every field. */
static const char event[] =
	"{\"schema\":\"2.0\",\"header\":{\"event_id\":\"%s\",\"token\":\"\",\"create_time\":\"%" G_GINT64_FORMAT "\","
	"\"event_type\":\"im.message.receive_v1\",\"tenant_key\":\"" TENANT "\",\"app_id\":\"" APP "\"},\"event\":{\"message\":{"
	"\"chat_id\":\"oc_%032u\",\"chat_type\":\"group\",\"content\":\"{\\\"text\\\":\\\"%s\\\"}\",\"create_time\":\"%" G_GINT64_FORMAT "\","
	"\"message_id\":\"" MESSAGE_ID "\",\"message_type\":\"text\",\"update_time\":\"%" G_GINT64_FORMAT "\"},\"sender\":{\"sender_id\":{"
	"\"open_id\":\"ou_%032u\",\"union_id\":\"on_%032u\",\"user_id\":\"person%u\"},\"sender_type\":\"user\",\"tenant_key\":\"" TENANT "\"}}}";

static void write_frame(const struct packet_parts *parts, GString *out)
{
	g_autoptr(GBytes) bytes = packet_write(parts);
	gsize length;
	const char *data = g_bytes_get_data(bytes, &length);
	g_string_append_len(out, data, (gssize)length);
}

static void write_event(const struct load_company *c, int64_t n, GString *out)
{
	guint person = load_person(c, n);
	int64_t time_ms = load_time_ms(c, n);
	guint64 id = load_scattered(c, n);
	g_autofree char *text = load_text(n, "\\\\n");
	g_autofree char *event_id = g_strdup_printf("%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x", ~id, id);
	g_autofree char *transport_id = g_strdup_printf("5f0c9a30-0000-4000-8000-%012" G_GINT64_MODIFIER "d", n);
	g_autofree char *timestamp = g_strdup_printf("%" G_GINT64_FORMAT, time_ms);
	g_autofree char *payload = g_strdup_printf(event, event_id, time_ms, load_team(c, person), text, time_ms, id, (guint64)n,
		time_ms, person, person, person);
	const struct packet_header headers[] = { { "type", "event" }, { "message_id", transport_id }, { "sum", "1" }, { "seq", "0" },
		{ "trace_id", event_id }, { "timestamp", timestamp }, { "instance_id", "load-frontier-1" } };
	write_frame(&(struct packet_parts){ .seq_id = (guint64)n + 1, .log_id = id, .service = SERVICE, .method = PACKET_DATA,
			    .headers = headers, .header_count = G_N_ELEMENTS(headers), .payload = payload, .length = strlen(payload),
			    .log_id_new = event_id },
		out);
}

static void write_pong(GString *out)
{
	static const struct packet_header headers[] = { { "type", "pong" } };
	write_frame(&(struct packet_parts){ .service = SERVICE, .method = PACKET_CONTROL, .headers = headers,
			    .header_count = G_N_ELEMENTS(headers), .payload = SETTINGS, .length = strlen(SETTINGS) },
		out);
}

/* A response that refuses is none: the platform would push again. */
static int64_t find_acknowledged(const struct packet *packet)
{
	static const char good[] = "\"code\":200";
	gsize length;
	const char *payload = packet_payload(packet, &length), *id = packet_header(packet, "message_id");
	const char *number = id ? strstr(id, "-8000-") : NULL;
	return number && memmem(payload, length, good, strlen(good)) ? g_ascii_strtoll(number + strlen("-8000-"), NULL, 10) : -1;
}

static int64_t hear(const char *bytes, gsize length, GString *reply)
{
	struct packet *packet = packet_read(bytes, length);
	int64_t standup = -1;
	if (packet && packet_method(packet) == PACKET_DATA)
		standup = find_acknowledged(packet);
	else if (packet && g_strcmp0(packet_header(packet, "type"), "ping") == 0)
		write_pong(reply);
	packet_free(packet);
	return standup;
}

/* ---- the open API ---- */

/* The number behind a prefix: "oc_0…03". */
static guint id_in(const char *text, const char *prefix)
{
	const char *at = strstr(text, prefix);
	return at ? (guint)g_ascii_strtoull(at + strlen(prefix), NULL, 10) : 0;
}

static void endpoint(const struct load_company *c, const struct server_request *request, GString *out)
{
	(void)request;
	g_string_append_printf(out,
		WELL "{\"URL\":\"ws://%s/ws/v2?fpid=493&aid=552564&device_id=%" G_GINT64_FORMAT
		     "&access_key=load&service_id=%d&ticket=load\",\"ClientConfig\":" SETTINGS "}}",
		c->authority, INT64_C(7000000000000000000) + c->calls, SERVICE);
}

static void token(const struct load_company *c, const struct server_request *request, GString *out)
{
	(void)request;
	g_string_append_printf(out, "{\"code\":0,\"msg\":\"ok\",\"tenant_access_token\":\"t-load%" G_GINT64_FORMAT "\",\"expire\":7200}",
		c->calls);
}

static void bot_info(const struct load_company *c, const struct server_request *request, GString *out)
{
	(void)c;
	(void)request;
	g_string_append(out,
		"{\"code\":0,\"msg\":\"ok\",\"bot\":{\"activate_status\":2,\"app_name\":\"Belltower\","
		"\"avatar_url\":\"https://example.com/bot.png\",\"ip_white_list\":[],\"open_id\":\"ou_loadbot\"}}");
}

static void reaction(const struct load_company *c, const struct server_request *request, GString *out)
{
	(void)request;
	g_string_append_printf(out,
		WELL "{\"reaction_id\":\"ZCaBT%" G_GINT64_FORMAT "\",\"operator\":{\"operator_id\":\"" APP "\",\"operator_type\":\"app\"},"
		     "\"action_time\":\"%" G_GINT64_FORMAT "\",\"reaction_type\":{\"emoji_type\":\"DONE\"}}}",
		c->calls, c->start_ms);
}

static void message(const struct load_company *c, const struct server_request *request, GString *out)
{
	g_string_append_printf(out,
		WELL "{\"message_id\":\"" MESSAGE_ID "\",\"msg_type\":\"interactive\",\"create_time\":\"%" G_GINT64_FORMAT "\","
		     "\"update_time\":\"%" G_GINT64_FORMAT "\",\"deleted\":false,\"updated\":false,\"chat_id\":\"oc_%032u\",\"sender\":{"
		     "\"id\":\"" APP "\",\"id_type\":\"app_id\",\"sender_type\":\"app\",\"tenant_key\":\"" TENANT "\"},"
		     "\"body\":{\"content\":\"{\\\"title\\\":\\\"站会\\\",\\\"elements\\\":[]}\"}}}",
		G_MAXUINT64, (guint64)c->calls, c->start_ms, c->start_ms, id_in(request->body, "oc_"));
}

static void well(const struct load_company *c, const struct server_request *request, GString *out)
{
	(void)c;
	(void)request;
	g_string_append(out, WELL "{}}");
}

static void no_items(const struct load_company *c, const struct server_request *request, GString *out)
{
	(void)c;
	(void)request;
	g_string_append(out, WELL "{\"items\":[],\"has_more\":false}}");
}

static void members(const struct load_company *c, const struct server_request *request, GString *out)
{
	guint team = id_in(request->path, "oc_") % c->teams, count = (c->people - team + c->teams - 1) / c->teams;
	guint from = id_in(request->query, "page_token=P"), to = MIN(from + MEMBERS_PAGE, count);
	g_string_append(out, WELL "{\"items\":[");
	for (guint i = from; i < to; i++) {
		guint person = team + i * c->teams;
		g_string_append_printf(out,
			"%s{\"member_id_type\":\"open_id\",\"member_id\":\"ou_%032u\",\"name\":\"Person %u\",\"tenant_key\":\"" TENANT "\"}",
			i > from ? "," : "", person, person);
	}
	g_string_append_printf(out, "],\"page_token\":\"P%u\",\"has_more\":%s,\"member_total\":%u}}", to, to < count ? "true" : "false",
		count);
}

static void append_user(GString *out, guint person)
{
	g_string_append_printf(out,
		"{\"open_id\":\"ou_%032u\",\"union_id\":\"on_%032u\",\"user_id\":\"person%u\",\"name\":\"Person %u\",\"en_name\":\"\","
		"\"nickname\":\"\",\"email\":\"person%u@example.com\",\"job_title\":\"销售代表\",\"mobile\":\"\",\"gender\":0,"
		"\"avatar\":{\"avatar_72\":\"https://example.com/72.png\",\"avatar_240\":\"https://example.com/240.png\","
		"\"avatar_640\":\"https://example.com/640.png\",\"avatar_origin\":\"https://example.com/o.png\"},"
		"\"status\":{\"is_frozen\":false,\"is_resigned\":false,\"is_activated\":true,\"is_exited\":false,\"is_unjoin\":false},"
		"\"department_ids\":[\"od-load\"],\"city\":\"上海\",\"country\":\"CN\",\"join_time\":1704067200,\"employee_type\":1,"
		"\"is_tenant_manager\":false}",
		person, person, person, person, person);
}

static void user(const struct load_company *c, const struct server_request *request, GString *out)
{
	(void)c;
	g_string_append(out, WELL "{\"user\":");
	append_user(out, id_in(request->path, "ou_"));
	g_string_append(out, "}}");
}

static void users(const struct load_company *c, const struct server_request *request, GString *out)
{
	static const char key[] = "user_ids=";
	const char *first = strstr(request->query, key);
	(void)c;
	g_string_append(out, WELL "{\"items\":[");
	for (const char *at = first; at; at = strstr(at + 1, key)) {
		g_string_append(out, at > first ? "," : "");
		append_user(out, id_in(at, "ou_"));
	}
	g_string_append(out, "]}}");
}

/* Of several that fit the first one counts; the last one fits always. */
static const struct {
	const char *verb, *begin, *end;
	enum load_call call;
	void (*answer)(const struct load_company *c, const struct server_request *request, GString *out);
} routes[] = {
	{ "POST", "/open-apis/im/v1/messages/", "/reactions", LOAD_CALL_REACT, reaction },
	{ "PATCH", "/open-apis/im/v1/messages/", "", LOAD_CALL_UPDATE, well },
	{ "POST", "/open-apis/im/v1/messages/", "/reply", LOAD_CALL_POST, message },
	{ "POST", "/open-apis/im/v1/messages", "", LOAD_CALL_POST, message },
	{ "POST", "/callback/ws/endpoint", "", LOAD_CALL_OTHER, endpoint },
	{ "POST", "/open-apis/auth/v3/tenant_access_token/internal", "", LOAD_CALL_OTHER, token },
	{ "GET", "/open-apis/bot/v3/info", "", LOAD_CALL_OTHER, bot_info },
	{ "GET", "/open-apis/im/v1/messages", "", LOAD_CALL_OTHER, no_items },
	{ "GET", "/open-apis/im/v1/chats/", "/members", LOAD_CALL_OTHER, members },
	{ "GET", "/open-apis/im/v1/chats", "", LOAD_CALL_OTHER, no_items },
	{ "GET", "/open-apis/contact/v3/users/batch", "", LOAD_CALL_OTHER, users },
	{ "GET", "/open-apis/contact/v3/users/", "", LOAD_CALL_OTHER, user },
	{ "", "", "", LOAD_CALL_OTHER, well },
};

static gboolean fits(const struct server_request *request, gsize route)
{
	return (!*routes[route].verb || strcmp(request->verb, routes[route].verb) == 0) &&
	       g_str_has_prefix(request->path, routes[route].begin) && g_str_has_suffix(request->path, routes[route].end);
}

static int64_t find_reacted(const char *path)
{
	const char *id = strstr(path, "om_");
	return id && strlen(id) > NUMBER_AT ? (int64_t)g_ascii_strtoull(id + NUMBER_AT, NULL, 16) : -1;
}

static enum load_call answer(struct load_company *c, const struct server_request *request, GString *out, int64_t *standup)
{
	gsize route = 0;
	while (!fits(request, route))
		route++;
	routes[route].answer(c, request, out);
	if (routes[route].call == LOAD_CALL_REACT)
		*standup = find_reacted(request->path);
	return routes[route].call;
}

const struct load_platform load_feishu = {
	.name = "feishu",
	.path = "",
	.headers = "X-Tt-Logid: 20260101090000LOAD\r\n",
	.kind = SERVER_BINARY,
	.event = write_event,
	.hear = hear,
	.answer = answer,
};
