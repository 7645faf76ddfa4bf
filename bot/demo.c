/* SPDX-License-Identifier: MIT */
/* `belltower sandbox`: a chat server on your desk. `belltower demo`: the same with the bot in it, in one process. */
#include <glib-unix.h>

#include "app.h"
#include "base/json.h"
#include "base/zone.h"
#include "demo_plant.h"
#include "program.h"
#include "sandbox/sandbox.h"

enum { COMPANY_LIMIT = 4 * 1024 * 1024, SMALL_PAGE = 15 };

/* The demo's rooms: the same company twice, once on each platform; for the sandbox alone the first is both. */
enum room { ROOM_SLACK, ROOM_FEISHU, ROOM_COUNT };

static const struct {
	const char *platform, *name;
	const char *workspace; /* keys of the configuration; %s: the room's address */
	const char *team;      /* the same */
	const char *themes;    /* of its tea party */
} rooms[] = {
	[ROOM_SLACK] = { "slack", "Slack", "api_url: \"%sapi/\", bot_token: xoxb-sandbox, app_token: xapp-sandbox",
		"name: sales, managers: [\"@grace\"], language: en, rotas: [{ role: operations, people: [\"@jun\", \"@xiaomei\"], from: 2026-01-05 }]",
		"[a journey, my first job, a dish of my home, a book]" },
	[ROOM_FEISHU] = { "feishu", "Feishu",
		"base_url: \"%s\", app_id: cli_0000000000000001, app_secret: sandbox-secret, gather_seconds: 1",
		"name: 销售, managers: [ou_u0grace00], language: zh-CN, rotas: [{ role: 运营, people: [ou_u0jun0000, ou_u0xiaomei], from: 2026-01-05 }]",
		"[一次旅行, 第一份工作, 家乡的一道菜, 一本书]" },
};

/* Grace has no manager here: the last step calls her again, urgently. */
#define BLOCKERS                                                                                                                            \
	"policies: [{ name: quick response, applies: blocker, first_response: 30m, plan: 1h,\n"                                              \
	"    ladder: [{ to: stand-in }, { after: 30m, to: manager }, { after: 2h, to: manager, how: urgent }], repeat_most: 1 }]\n"

struct desk {
	GMainLoop *loop;
	struct clock *clock;
	struct lws_loop *lws;
	struct sandbox *rooms[ROOM_COUNT]; /* NULL: there is none */
	struct app *app;		   /* NULL: the sandbox alone */
	struct demo_plant *plant;	   /* the same */
};

static void stopped(gpointer data)
{
	struct desk *desk = data;
	g_main_loop_quit(desk->loop);
}

static gboolean stop(gpointer data)
{
	struct desk *desk = data;
	if (desk->app)
		app_stop(desk->app, stopped, desk);
	else
		stopped(desk);
	return G_SOURCE_CONTINUE;
}

/* The sandbox alone has nothing to tell. */
static gboolean tell_status(gpointer data)
{
	const struct desk *desk = data;
	if (desk->app)
		app_tell_status(desk->app);
	return G_SOURCE_CONTINUE;
}

/* ---- the sandbox ---- */

static cJSON *read_company(const char *path, GError **error)
{
	g_autofree char *text = NULL;
	gsize length;
	if (!g_file_get_contents(path, &text, &length, error))
		return NULL;
	if (length > COMPANY_LIMIT) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "'%s' is too large for a company file", path);
		return NULL;
	}
	cJSON *company = json_parse(text, length, error);
	if (!company)
		g_prefix_error(error, "cannot read '%s': ", path);
	return company;
}

/* One after the other, each on the next port. */
static gboolean open_rooms(struct desk *desk, const struct options *options, guint count, GError **error)
{
	g_autofree char *address = NULL;
	guint16 port;
	g_autoptr(cJSON) company = NULL;
	if (!program_listen(options->listen, &address, &port)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "no address to listen on");
		return FALSE;
	}
	if (options->company && !(company = read_company(options->company, error)))
		return FALSE;
	struct sandbox_options room = { .loop = desk->lws,
		.clock = desk->clock,
		.address = address,
		.port = port,
		.cert_file = options->tls_cert,
		.key_file = options->tls_key,
		.no_rate_limits = options->no_rate_limits,
		.page_messages = options->small_pages ? SMALL_PAGE : 0,
		.company = company };
	for (guint i = 0; i < count; i++) {
		desk->rooms[i] = sandbox_new(&room, error);
		if (!desk->rooms[i])
			return FALSE;
		if (room.port)
			room.port++;
	}
	return TRUE;
}

/* ---- the bot in it ---- */

static void append_filled(GString *text, const char *format, const char *word)
{
	g_auto(GStrv) parts = g_strsplit(format, "%s", 2);
	g_autofree char *filled = g_strjoinv(word, parts);
	g_string_append(text, filled);
}

/* What each team has; %s: its workspace, its own words, its tea party's themes. */
static const char team_format[] =
	"  - { workspace: %s, channel: \"#sales\", %s, highlights: \"18:00\", celebrations: { party: \"last workday of month 15:00\" },\n"
	"      standup: { format: A, prompt: \"09:30\", remind: \"10:00\", deadline: \"10:30\", feedback: \"17:30\" },\n"
	"      meetings: [{ name: review, kind: review, schedule: every friday 16:00 },\n"
	"        { name: strategy, kind: strategy, schedule: last workday of month 14:00, announce: 3d },\n"
	"        { name: tea, kind: tea, schedule: second thursday of month 16:00, themes: %s }],\n"
	"      rounds: [{ name: reading, title: { zh-CN: 读书会, en: Reading club }, schedule: every wednesday 16:00, board: on,\n"
	"        questions: [{ ask: { zh-CN: 这周读了什么？, en: What did you read this week? } }] }] }\n";

/* A configuration as an operator would write it, for the sandbox's own company. */
static struct config *demo_config(const struct desk *desk, const char *database, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_string_printf(text, "database: \"%s\"\ndefault_zone: Asia/Shanghai\nworkspaces:\n", database);
	for (guint i = 0; i < ROOM_COUNT; i++) {
		g_string_append_printf(text, "  - { name: %s, platform: %s, ", rooms[i].platform, rooms[i].platform);
		append_filled(text, rooms[i].workspace, sandbox_url(desk->rooms[i]));
		g_string_append(text, " }\n");
	}
	g_string_append(text, "teams:\n");
	for (guint i = 0; i < ROOM_COUNT; i++)
		g_string_append_printf(text, team_format, rooms[i].platform, rooms[i].team, rooms[i].themes);
	g_string_append(text, "deals: { report: every monday 09:00 }\n" BLOCKERS);
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct config *config = config_parse("demo", text->str, text->len, problems);
	if (!config)
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s", (const char *)problems->pdata[0]);
	return config;
}

/* The switch on each page leads to the other's. */
static void join_rooms(const struct desk *desk)
{
	for (guint i = 0; i < ROOM_COUNT; i++) {
		for (guint other = 0; other < ROOM_COUNT; other++)
			sandbox_point(desk->rooms[i], rooms[other].platform, sandbox_url(desk->rooms[other]));
	}
}

/* The demo begins at nine in the morning, before the deadline; the page moves the clock from there. */
static void begin_the_day(struct clock *clock)
{
	char today[ZONE_DAY_SIZE];
	int64_t nine_ms;
	GTimeZone *zone = zone_find("Asia/Shanghai");
	zone_day(zone, clock_now_ms(clock), today);
	if (zone_instant(zone, today, 9 * 60, &nine_ms))
		clock_set(clock, nine_ms);
}

static gboolean open_bot(struct desk *desk, const char *database, GError **error)
{
	begin_the_day(desk->clock);
	join_rooms(desk);
	struct config *config = demo_config(desk, database, error);
	if (!config)
		return FALSE;
	desk->app = app_new(&(struct app_setup){ .config = config, .clock = desk->clock, .lws = desk->lws }, error);
	if (desk->app)
		desk->plant = demo_plant_new(config, desk->clock);
	return desk->app != NULL;
}

/* ---- both ---- */

static void tell_addresses(const struct desk *desk)
{
	if (!desk->app)
		g_print("%s\n", sandbox_url(desk->rooms[0]));
	for (guint i = 0; desk->app && i < ROOM_COUNT; i++)
		g_print("%s as on %s\n", sandbox_url(desk->rooms[i]), rooms[i].name);
}

static int run_desk(struct desk *desk, const struct options *options, const char *database)
{
	g_autoptr(GError) error = NULL;
	if (!open_rooms(desk, options, database ? ROOM_COUNT : 1, &error) || (database && !open_bot(desk, database, &error)))
		return program_failed(error);
	guint signals[] = { g_unix_signal_add(SIGTERM, stop, desk), g_unix_signal_add(SIGINT, stop, desk),
		g_unix_signal_add(SIGUSR1, tell_status, desk) };
	tell_addresses(desk);
	fflush(stdout);
	g_main_loop_run(desk->loop);
	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
		g_source_remove(signals[i]);
	return EXIT_OK;
}

static int open_desk(const struct options *options, const char *database)
{
	g_autoptr(GError) error = NULL;
	struct desk desk = { .loop = g_main_loop_new(NULL, FALSE), .clock = clock_new(), .lws = lws_loop_new(&error) };
	int code = desk.lws ? run_desk(&desk, options, database) : program_failed(error);
	demo_plant_free(desk.plant);
	app_free(desk.app);
	for (guint i = 0; i < ROOM_COUNT; i++)
		sandbox_free(desk.rooms[i]);
	lws_loop_free(desk.lws);
	clock_free(desk.clock);
	g_main_loop_unref(desk.loop);
	return code;
}

int program_sandbox(const struct options *options)
{
	return open_desk(options, NULL);
}

int program_demo(const struct options *options)
{
	if (options->database) {
		g_autofree char *path = g_canonicalize_filename(options->database, NULL);
		return open_desk(options, path);
	}
	g_autoptr(GError) error = NULL;
	g_autofree char *folder = g_dir_make_tmp("belltower-demo-XXXXXX", &error);
	if (!folder)
		return program_failed(error);
	g_autofree char *path = g_build_filename(folder, "belltower.db", NULL);
	int code = open_desk(options, path);
	program_remove_folder(folder);
	return code;
}
