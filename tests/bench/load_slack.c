/* SPDX-License-Identifier: MIT */
#include "load_slack.h"

#include <string.h>

#define DAY_S 86400

static int64_t ts_seconds(const struct load_company *c, int64_t n)
{
	return c->start_s + (c->days ? n / c->people * DAY_S : n / 1000000);
}

static int64_t ts_micros(const struct load_company *c, int64_t n)
{
	return c->days ? n % c->people : n % 1000000;
}

/* ---- envelopes ---- */

/* Splitmix64: Slack's ids come in no order, and what keeps them must cope. */
static guint64 scattered(const struct load_company *c, int64_t n)
{
	guint64 z = ((guint64)c->start_s << 32) + (guint64)n * 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* As captured samples have it, with every field. */
static const char envelope[] =
	"{\"envelope_id\":\"7e8f0a1b-0000-4000-8000-%012" G_GINT64_MODIFIER
	"d\",\"payload\":{\"token\":\"verification-token\","
	"\"team_id\":\"T0LOAD000\",\"context_team_id\":\"T0LOAD000\",\"context_enterprise_id\":null,\"api_"
	"app_id\":\"A0LOAD000\","
	"\"event\":{\"type\":\"message\",\"user\":\"U%08u\",\"ts\":\"%" G_GINT64_FORMAT ".%06d\","
	"\"client_msg_id\":\"%08x-0000-4000-8000-%012" G_GINT64_MODIFIER
	"x\",\"text\":\"%s\",\"team\":\"T0LOAD000\","
	"\"blocks\":[{\"type\":\"rich_text\",\"block_id\":\"cQ5A\",\"elements\":[{\"type\":\"rich_text_"
	"section\",\"elements\":["
	"{\"type\":\"text\",\"text\":\"%s\"}]}]}],\"channel\":\"C%08u\",\"event_ts\":\"%" G_GINT64_FORMAT
	".%06d\","
	"\"channel_type\":\"channel\"},\"type\":\"event_callback\",\"event_id\":\"Ev%016" G_GINT64_MODIFIER
	"X\","
	"\"event_time\":%" G_GINT64_FORMAT
	",\"authorizations\":[{\"enterprise_id\":null,\"team_id\":\"T0LOAD000\","
	"\"user_id\":\"U0LOADBOT\",\"is_bot\":true,\"is_enterprise_install\":false}],\"is_ext_shared_"
	"channel\":false,"
	"\"event_context\":\"4-"
	"eyJldCI6Im1lc3NhZ2UiLCJ0aWQiOiJUMEJFTEwwMDAiLCJhaWQiOiJBMEJFTEwwMDAiLCJjaWQiOiJDMEJFTEwwMDAifQ\"},"
	"\"type\":\"events_api\",\"accepts_response_payload\":false,\"retry_attempt\":0,\"retry_reason\":"
	"\"\"}";

void load_slack_envelope(const struct load_company *c, int64_t n, GString *out)
{
	guint person = (guint)(n % c->people);
	int64_t seconds = ts_seconds(c, n);
	int micros = (int)ts_micros(c, n);
	g_autofree char *text = g_strdup_printf("昨天：成单%d单，回访8个客户\\n今天：触达%"
						"d个新线索，跟进3个报价\\n风险：某客户预算不足，需要经理支持",
		(int)(n % 7), (int)(n % 23));
	guint64 id = scattered(c, n);
	g_string_printf(out, envelope, n, person, seconds, micros, (guint)(id >> 32), id & 0xffffffffffff,
		text, text, person % c->teams, seconds, micros, id, seconds);
}

int64_t load_slack_acknowledged(const char *text, gsize length)
{
	static const char key[] = "\"envelope_id\"";
	const char *at = memmem(text, length, key, strlen(key));
	const char *id = at ? strstr(at, "-8000-") : NULL;
	return id ? g_ascii_strtoll(id + strlen("-8000-"), NULL, 10) : -1;
}

int64_t load_slack_reacted(const struct load_company *c, const char *body, gsize length)
{
	static const char key[] = "timestamp";
	const char *at = memmem(body, length, key, strlen(key));
	at = at ? strpbrk(at, "0123456789") : NULL;
	if (!at)
		return -1;
	char *dot;
	int64_t seconds = g_ascii_strtoll(at, &dot, 10) - c->start_s;
	int64_t micros = *dot == '.' ? g_ascii_strtoll(dot + 1, NULL, 10) : 0;
	return c->days ? seconds / DAY_S * c->people + micros : seconds * 1000000 + micros;
}

/* ---- people ---- */

static void append_user(GString *out, guint n)
{
	g_string_append_printf(out,
		"{\"id\":\"U%08u\",\"team_id\":\"T0LOAD000\",\"name\":\"person%u\",\"deleted\":false,"
		"\"color\":\"9f69e7\","
		"\"real_name\":\"Person %u\",\"tz\":\"Asia/Shanghai\",\"tz_label\":\"China Standard "
		"Time\",\"tz_offset\":28800,"
		"\"profile\":{\"title\":\"\",\"phone\":\"\",\"skype\":\"\",\"real_name\":\"Person "
		"%u\",\"real_name_normalized\":"
		"\"Person "
		"%u\",\"display_name\":\"person%u\",\"display_name_normalized\":\"person%u\",\"status_text\":"
		"\"\","
		"\"status_emoji\":\"\",\"avatar_hash\":\"ge3b51ca72de\",\"email\":\"person%u@example.com\","
		"\"team\":\"T0LOAD000\"},"
		"\"is_admin\":false,\"is_owner\":false,\"is_primary_owner\":false,\"is_restricted\":false,"
		"\"is_ultra_restricted\":false,\"is_bot\":false,\"is_app_user\":false,\"updated\":1502138686,"
		"\"locale\":\"zh-CN\"}",
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
		"{\"ok\":true,\"url\":\"https://load.slack.com/"
		"\",\"team\":\"Load\",\"user\":\"belltower\",\"team_id\":\"T0LOAD000\","
		"\"user_id\":\"U0LOADBOT\",\"bot_id\":\"B0LOADBOT\",\"is_enterprise_install\":false}");
}

static void history(const struct load_company *c, const char *body, GString *out)
{
	(void)c;
	(void)body;
	g_string_append(out, "{\"ok\":true,\"messages\":[],\"has_more\":false,\"pin_count\":0}");
}

static const struct {
	const char *name;
	void (*answer)(const struct load_company *c, const char *body, GString *out);
} methods[] = {
	{ "auth.test", auth_test },
	{ "users.list", users_list },
	{ "users.info", users_info },
	{ "conversations.members", members },
	{ "conversations.history", history },
	{ "conversations.replies", history },
};

void load_slack_answer(const struct load_company *c, const char *method, const char *body, guint16 port,
	int64_t posted, GString *out)
{
	g_string_truncate(out, 0);
	for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
		if (strcmp(methods[i].name, method) == 0) {
			methods[i].answer(c, body, out);
			return;
		}
	}
	if (strcmp(method, "apps.connections.open") == 0)
		g_string_printf(out,
			"{\"ok\":true,\"url\":\"ws:\\/\\/127.0.0.1:%u\\/link\\/?ticket=%" G_GINT64_FORMAT
			"\"}",
			port, g_get_monotonic_time());
	else if (g_str_has_prefix(method, "chat."))
		g_string_printf(out,
			"{\"ok\":true,\"channel\":\"C%08u\",\"ts\":\"%" G_GINT64_FORMAT ".%06d\"}",
			id_in(body, 'C'), c->start_s - 1000000 + posted / 1000000, (int)(posted % 1000000));
	else
		g_string_append(out, "{\"ok\":true}");
}
