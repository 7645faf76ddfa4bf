/* SPDX-License-Identifier: MIT */
#include "sandbox/load/load.h"

#include <gio/gio.h>
#include <sys/resource.h>

#include "base/json.h"
#include "sandbox/load/bot.h"
#include "sandbox/load/crowd.h"
#include "sandbox/load/step.h"

/* An announced connection lives on for OLD_SOCKET_S; SETTLE_MS: what follows a step is still the step's. */
enum { START_S = 30, STALL_S = 60, PING_S = 10, OLD_SOCKET_S = 10, SETTLE_MS = 500, REFRESH_AFTER_S = 1 };

struct load {
	const struct load_setup *setup;
	const struct load_platform *platform;
	struct load_company company;
	struct server *server;
	struct crowd *crowd;
	pid_t pid; /* 0: no bot runs */
	GPtrArray *sockets; /* those that the bot has not closed, the newest last */
	struct server_conn *doomed; /* told to go, and still there */
	int64_t doom_us, ping_us;
	int64_t calls[LOAD_CALL_COUNT];
	int64_t without_since_us, without_us; /* without a connection */
	GString *answer, *reply;
};

static const struct load_platform *const platforms[] = { &load_slack, &load_feishu };

/* ---- what the bot does ---- */

static void on_request(struct server_conn *conn, const struct server_request *request, gpointer data)
{
	struct load *l = data;
	int64_t standup = -1;
	g_string_truncate(l->answer, 0);
	l->company.calls++;
	enum load_call call = l->platform->answer(&l->company, request, l->answer, &standup);
	l->calls[call]++;
	server_reply(conn, l->platform->headers, l->answer->str, l->answer->len);
	crowd_reacted(l->crowd, standup);
}

static struct server_conn *best_socket(const struct load *l)
{
	return l->sockets->len ? l->sockets->pdata[l->sockets->len - 1] : NULL;
}

static void on_opened(struct server_conn *conn, gpointer data)
{
	struct load *l = data;
	if (l->platform->hello)
		server_send(conn, l->platform->kind, l->platform->hello, strlen(l->platform->hello));
	g_ptr_array_add(l->sockets, conn);
	if (l->without_since_us)
		l->without_us += g_get_monotonic_time() - l->without_since_us;
	l->without_since_us = 0;
	crowd_use(l->crowd, conn);
}

static void on_message(struct server_conn *conn, const char *bytes, gsize length, gpointer data)
{
	struct load *l = data;
	g_string_truncate(l->reply, 0);
	crowd_acknowledged(l->crowd, l->platform->hear(bytes, length, l->reply));
	if (l->reply->len)
		server_send(conn, l->platform->kind, l->reply->str, l->reply->len);
}

static void on_closed(struct server_conn *conn, gpointer data)
{
	struct load *l = data;
	g_ptr_array_remove(l->sockets, conn);
	if (conn == l->doomed)
		l->doomed = NULL;
	if (!l->sockets->len)
		l->without_since_us = g_get_monotonic_time();
	crowd_use(l->crowd, best_socket(l));
	crowd_lose(l->crowd, conn);
}

static const struct server_events server_events = {
	.request = on_request,
	.opened = on_opened,
	.message = on_message,
	.closed = on_closed,
};

/* ---- time ---- */

static void turn(struct load *l, int64_t until_us)
{
	int64_t now_us = g_get_monotonic_time();
	if (now_us >= l->ping_us) {
		l->ping_us = now_us + PING_S * G_USEC_PER_SEC;
		for (guint i = 0; i < l->sockets->len; i++)
			server_ping(l->sockets->pdata[i]);
	}
	if (l->doomed && now_us >= l->doom_us)
		server_cut(l->doomed);
	server_turn(l->server, CLAMP(MIN(until_us, l->ping_us) - now_us, 0, 100000));
}

static void serve_until(struct load *l, int64_t end_us)
{
	while (g_get_monotonic_time() < end_us)
		turn(l, end_us);
}

static void serve_for(struct load *l, int64_t us)
{
	serve_until(l, g_get_monotonic_time() + us);
}

/* FALSE: the bot is gone, or has taken too long. */
static gboolean goes_on(struct load *l, int64_t since_us, int64_t limit_s, const char *what, GError **error)
{
	gboolean gone = load_bot_is_gone(l->pid), late = g_get_monotonic_time() - since_us > limit_s * G_USEC_PER_SEC;
	g_autofree char *state = crowd_state(l->crowd);
	if (gone)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_CLOSED, "the bot ended while it should %s (%s)", what, state);
	else if (late)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "the bot did not %s within %d s (%s)", what, (int)limit_s, state);
	return !gone && !late;
}

/* ---- steps ---- */

static gboolean wait_for_all(struct load *l, GError **error)
{
	int64_t since_us = g_get_monotonic_time(), seen = crowd_done(l->crowd);
	while (!crowd_is_done(l->crowd)) {
		turn(l, g_get_monotonic_time() + 100000);
		if (crowd_done(l->crowd) != seen)
			since_us = g_get_monotonic_time();
		seen = crowd_done(l->crowd);
		if (!goes_on(l, since_us, STALL_S, "answer", error))
			return FALSE;
	}
	return TRUE;
}

/* The newest connection shall go, and is told so where the platform tells it: after a while, or at once. */
static void dismiss(struct load *l, gboolean at_once)
{
	struct server_conn *conn = best_socket(l);
	const char *goodbye = l->platform->goodbye;
	if (!conn)
		return;
	if (goodbye)
		server_send(conn, l->platform->kind, goodbye, strlen(goodbye));
	l->doomed = conn;
	l->doom_us = g_get_monotonic_time() + (at_once ? 1000 : OLD_SOCKET_S * G_USEC_PER_SEC);
}

static gboolean run_full(struct load *l, const struct load_step *step, GError **error)
{
	(void)step;
	crowd_start(l->crowd, l->setup->outstanding);
	return wait_for_all(l, error);
}

static gboolean run_paced(struct load *l, const struct load_step *step, GError **error)
{
	gboolean dismisses = step->kind == LOAD_REFRESH || step->kind == LOAD_DROP;
	int64_t start_us = g_get_monotonic_time();
	for (int64_t i = 0; i < step->count; i++) {
		serve_until(l, start_us + i * G_USEC_PER_SEC / step->rate);
		if (dismisses && i == REFRESH_AFTER_S * step->rate)
			dismiss(l, step->kind == LOAD_DROP);
		crowd_send(l->crowd);
		server_turn(l->server, 0);
	}
	return wait_for_all(l, error);
}

static gboolean run_idle(struct load *l, const struct load_step *step, GError **error)
{
	serve_for(l, step->seconds * G_USEC_PER_SEC);
	return goes_on(l, g_get_monotonic_time(), STALL_S, "wait", error);
}

static gboolean (*const runs[])(struct load *l, const struct load_step *step, GError **error) = {
	[LOAD_FULL] = run_full,
	[LOAD_PACED] = run_paced,
	[LOAD_REFRESH] = run_paced,
	[LOAD_DROP] = run_paced,
	[LOAD_IDLE] = run_idle,
};

/* ---- what a step came to ---- */

struct cost {
	double seconds, bot_cpu_s, own_cpu_s;
};

static double own_cpu_s(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void put_number(cJSON *line, const char *key, double number)
{
	cJSON_AddNumberToObject(line, key, (double)(int64_t)(number * 1e4 + 0.5) / 1e4);
}

static void print_line(const cJSON *line)
{
	g_autofree char *text = json_print(line);
	g_print("%s\n", text);
	fflush(stdout);
}

static void put_calls(const struct load *l, cJSON *line)
{
	static const char *const names[] = { [LOAD_CALL_OTHER] = "other_calls",
		[LOAD_CALL_POST] = "posts",
		[LOAD_CALL_UPDATE] = "updates",
		[LOAD_CALL_REACT] = "reactions" };
	for (enum load_call call = 0; call < LOAD_CALL_COUNT; call++)
		json_put_int(line, names[call], l->calls[call]);
}

static void print_step(const struct load *l, const struct load_step *step, const struct cost *cost)
{
	g_autoptr(cJSON) line = cJSON_CreateObject();
	struct load_memory memory = load_bot_memory(l->pid);
	json_put_text(line, "step", step->name);
	json_put_int(line, "count", step->count);
	put_number(line, "seconds", cost->seconds);
	if (step->count) {
		put_number(line, "per_second", (double)step->count / cost->seconds);
		put_number(line, "cpu_s_per_1000", cost->bot_cpu_s * 1000 / (double)step->count);
		crowd_report(l->crowd, line);
	}
	put_number(line, "cpu_share", cost->bot_cpu_s / cost->seconds);
	put_number(line, "generator_cpu_share", cost->own_cpu_s / cost->seconds);
	put_calls(l, line);
	json_put_int(line, "without_connection_ms", l->without_us / 1000);
	json_put_int(line, "resident_kb", memory.resident_kb);
	json_put_int(line, "private_kb", memory.private_kb);
	json_put_int(line, "peak_kb", memory.peak_kb);
	print_line(line);
}

static void begin_step(struct load *l, const struct load_step *step)
{
	l->without_us = 0;
	memset(l->calls, 0, sizeof l->calls);
	crowd_begin(l->crowd, step->count);
	load_bot_forget_peak(l->pid);
}

static gboolean run_step(struct load *l, const struct load_step *step, GError **error)
{
	begin_step(l, step);
	struct cost cost = { .bot_cpu_s = load_bot_cpu_s(l->pid), .own_cpu_s = own_cpu_s() };
	int64_t start_us = g_get_monotonic_time();
	if (!runs[step->kind](l, step, error))
		return FALSE;
	cost.seconds = (double)(g_get_monotonic_time() - start_us) / G_USEC_PER_SEC;
	cost.own_cpu_s = own_cpu_s() - cost.own_cpu_s;
	/* What the bot still does for these standups (reports of sends, boards) is theirs too. */
	serve_for(l, step->count ? SETTLE_MS * 1000 : 0);
	cost.bot_cpu_s = load_bot_cpu_s(l->pid) - cost.bot_cpu_s;
	print_step(l, step, &cost);
	return TRUE;
}

/* ---- the bot's life ---- */

static gboolean start_bot(struct load *l, GError **error)
{
	g_autoptr(cJSON) line = cJSON_CreateObject();
	g_autofree char *url = g_strconcat("http://", l->company.authority, l->platform->path, NULL);
	int64_t start_us = g_get_monotonic_time();
	l->pid = load_bot_start(l->setup->bot, url, l->setup->log, error);
	if (!l->pid)
		return FALSE;
	while (!l->sockets->len) {
		turn(l, start_us + START_S * G_USEC_PER_SEC);
		if (!goes_on(l, start_us, START_S, "connect", error))
			return FALSE;
	}
	double ready_ms = (double)(g_get_monotonic_time() - start_us) / 1000;
	serve_for(l, l->setup->settle_ms * 1000);
	json_put_text(line, "step", "start");
	put_number(line, "ready_ms", ready_ms);
	put_number(line, "cpu_s", load_bot_cpu_s(l->pid));
	print_line(line);
	return TRUE;
}

static void stop_bot(struct load *l)
{
	g_autoptr(cJSON) line = cJSON_CreateObject();
	json_put_text(line, "step", "stop");
	json_put_int(line, "status", load_bot_stop(l->pid));
	print_line(line);
	l->pid = 0;
}

static gboolean run_all(struct load *l, const GArray *steps, GError **error)
{
	gboolean good = start_bot(l, error);
	for (guint i = 0; good && i < steps->len; i++)
		good = run_step(l, &g_array_index(steps, struct load_step, i), error);
	if (good)
		stop_bot(l);
	else if (l->pid)
		load_bot_stop(l->pid);
	return good;
}

/* ---- all of it ---- */

static GArray *read_steps(const struct load_setup *setup, const struct load_platform *platform, GError **error)
{
	g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(struct load_step));
	for (char *const *text = setup->steps; *text; text++) {
		struct load_step step;
		if (!load_step_parse(*text, &step, error))
			return NULL;
		if (step.kind == LOAD_REFRESH && !platform->goodbye) {
			g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
				"'%s': %s never announces that a connection will be closed; use drop", *text, platform->name);
			return NULL;
		}
		g_array_append_val(steps, step);
	}
	return g_steal_pointer(&steps);
}

static const struct load_platform *find_platform(const char *name)
{
	gsize i = 0;
	while (i + 1 < G_N_ELEMENTS(platforms) && strcmp(platforms[i]->name, name) != 0)
		i++;
	return platforms[i];
}

gboolean load_run(const struct load_setup *setup, GError **error)
{
	struct load l = { .setup = setup, .platform = find_platform(setup->platform) };
	g_autoptr(GArray) steps = read_steps(setup, l.platform, error);
	if (!steps || !(l.server = server_new(setup->address, setup->port, &server_events, &l, error)))
		return FALSE;
	g_autofree char *authority = server_authority(l.server);
	l.company = (struct load_company){ .people = setup->people, .teams = setup->teams, .days = setup->days,
		.start_ms = g_get_real_time() / 1000, .authority = authority };
	l.crowd = crowd_new(&l.company, l.platform);
	l.sockets = g_ptr_array_new();
	l.answer = g_string_new(NULL);
	l.reply = g_string_new(NULL);
	gboolean good = run_all(&l, steps, error);
	server_free(l.server);
	crowd_free(l.crowd);
	g_ptr_array_unref(l.sockets);
	g_string_free(l.answer, TRUE);
	g_string_free(l.reply, TRUE);
	return good;
}
