/* SPDX-License-Identifier: MIT */
/*
 * bench_load [OPTION]... STEP... -- BOT [ARGUMENT]...
 *
 * Plays Slack to one bot, any bot: starts it with LOAD_URL=http://127.0.0.1:PORT/api/ in its environment,
 *takes it through the steps, and prints one line of JSON for the start and for each step. Its own share of a
 *CPU is told, for the generator must not be what is measured.
 *
 *	full:COUNT        so many standups, always --outstanding of them unanswered: the next one goes when
 *one has been acknowledged and its reaction has arrived paced:COUNT:RATE  so many, RATE a second
 *	refresh:SECONDS   paced at 50 a second, after a second of which Slack says refresh_requested and goes
 *on reading drop:SECONDS      the same, but TCP is closed at once idle:SECONDS      nothing
 */
#include <stdint.h>
#include <sys/resource.h>

#include "load_bot.h"
#include "load_slack.h"
#include "load_wire.h"

enum { START_S = 30, STALL_S = 30, PING_S = 10, OLD_SOCKET_S = 10, SETTLE_MS = 500, REFRESH_RATE = 50 };

/* One standup on its way; times are monotonic microseconds, 0: not yet. */
struct standup {
	int64_t due_us, sent_us, acked_us, reacted_us;
	const struct wire_conn *socket; /* where it went last */
};

enum { CALL_OTHER, CALL_POST, CALL_UPDATE, CALL_REACT, CALL_KINDS };

struct load {
	struct load_company company;
	struct wire *wire;
	pid_t pid;
	GPtrArray *sockets;	  /* those that the bot has not closed, the newest last */
	struct wire_conn *doomed; /* told to go, and still there */
	int64_t doom_us, ping_us;
	GArray *standups; /* of this step; the number of the first is `first` */
	GQueue waiting;	  /* numbers + 1 that have no connection */
	int64_t first, next_number, done, acked, wanted;
	guint keep; /* outstanding; 0: paced */
	int64_t calls[CALL_KINDS], all_calls;
	int64_t without_since_us, without_us;
	GString *scratch;
};

struct step {
	const char *name;
	int64_t count, rate;
	double seconds;
	double cpu_s, own_cpu_s;
};

static double own_cpu_s(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

G_GNUC_PRINTF(2, 3) G_NORETURN static void die(pid_t bot, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	g_printerr("bench_load: %s\n", text);
	if (bot)
		load_bot_stop(bot);
	exit(1);
}

/* ---- envelopes ---- */

static struct standup *standup_at(struct load *l, int64_t number)
{
	int64_t index = number - l->first;
	return index >= 0 && index < l->standups->len ? &g_array_index(l->standups, struct standup, index)
						      : NULL;
}

static struct wire_conn *best_socket(struct load *l)
{
	return l->sockets->len ? l->sockets->pdata[l->sockets->len - 1] : NULL;
}

static void deliver(struct load *l, int64_t number)
{
	struct wire_conn *socket = best_socket(l);
	if (!socket) {
		g_queue_push_tail(&l->waiting, GSIZE_TO_POINTER(number + 1));
		return;
	}
	load_slack_envelope(&l->company, number, l->scratch);
	struct standup *s = standup_at(l, number);
	s->sent_us = g_get_monotonic_time();
	s->socket = socket;
	wire_send(socket, l->scratch->str, l->scratch->len);
}

static void send_new(struct load *l)
{
	struct standup standup = { .due_us = g_get_monotonic_time() };
	g_array_append_val(l->standups, standup);
	deliver(l, l->next_number++);
}

static void finish_if_done(struct load *l, const struct standup *s)
{
	if (!s->acked_us || !s->reacted_us)
		return;
	l->done++;
	if (l->keep && l->standups->len < l->wanted)
		send_new(l);
}

static void acknowledged(struct load *l, int64_t number)
{
	struct standup *s = standup_at(l, number);
	if (!s || s->acked_us)
		return;
	s->acked_us = g_get_monotonic_time();
	l->acked++;
	finish_if_done(l, s);
}

static void reacted(struct load *l, int64_t number)
{
	struct standup *s = standup_at(l, number);
	if (!s || s->reacted_us)
		return;
	s->reacted_us = g_get_monotonic_time();
	finish_if_done(l, s);
}

/* ---- what the bot does ---- */

static void on_request(struct wire_conn *conn, const struct wire_request *request, gpointer data)
{
	struct load *l = data;
	gsize path = strcspn(request->path, " ?");
	const char *slash = g_strrstr_len(request->path, (gssize)path, "/");
	g_autofree char *method =
		g_strndup(slash ? slash + 1 : "", slash ? (gsize)(request->path + path - slash - 1) : 0);
	int kind = g_str_equal(method, "reactions.add")	     ? CALL_REACT
		   : g_str_equal(method, "chat.postMessage") ? CALL_POST
		   : g_str_equal(method, "chat.update")	     ? CALL_UPDATE
							     : CALL_OTHER;
	l->calls[kind]++;
	l->all_calls++;
	load_slack_answer(&l->company, method, request->body, wire_port(l->wire), l->all_calls, l->scratch);
	wire_reply(conn, "x-oauth-scopes: chat:write,reactions:write,users:read\r\n", l->scratch->str,
		l->scratch->len);
	if (kind == CALL_REACT)
		reacted(l, load_slack_reacted(&l->company, request->body, request->body_length));
}

static void on_opened(struct wire_conn *conn, gpointer data)
{
	static const char hello[] =
		"{\"type\":\"hello\",\"num_connections\":1,\"debug_info\":{\"host\":\"applink-load\",\"build_"
		"number\":10,"
		"\"approximate_connection_time\":18060},\"connection_info\":{\"app_id\":\"A0LOAD000\"}}";
	struct load *l = data;
	wire_send(conn, hello, strlen(hello));
	g_ptr_array_add(l->sockets, conn);
	if (l->without_since_us)
		l->without_us += g_get_monotonic_time() - l->without_since_us;
	l->without_since_us = 0;
	gpointer number;
	while ((number = g_queue_pop_head(&l->waiting)))
		deliver(l, (int64_t)GPOINTER_TO_SIZE(number) - 1);
}

static void on_text(struct wire_conn *conn, const char *text, gsize length, gpointer data)
{
	(void)conn;
	acknowledged(data, load_slack_acknowledged(text, length));
}

/* What it did not acknowledge is delivered again. */
static void on_closed(struct wire_conn *conn, gpointer data)
{
	struct load *l = data;
	g_ptr_array_remove(l->sockets, conn);
	if (conn == l->doomed)
		l->doomed = NULL;
	if (!l->sockets->len)
		l->without_since_us = g_get_monotonic_time();
	for (guint i = 0; i < l->standups->len; i++) {
		const struct standup *s = &g_array_index(l->standups, struct standup, i);
		if (s->socket == conn && !s->acked_us)
			deliver(l, l->first + i);
	}
}

static const struct wire_events wire_events = {
	.request = on_request,
	.opened = on_opened,
	.text = on_text,
	.closed = on_closed,
};

/* ---- time ---- */

static void turn(struct load *l, int64_t until_us)
{
	int64_t now_us = g_get_monotonic_time();
	if (now_us >= l->ping_us) {
		l->ping_us = now_us + PING_S * G_USEC_PER_SEC;
		for (guint i = 0; i < l->sockets->len; i++)
			wire_ping(l->sockets->pdata[i]);
	}
	if (l->doomed && now_us >= l->doom_us)
		wire_cut(l->doomed);
	wire_turn(l->wire, CLAMP(MIN(until_us, l->ping_us) - now_us, 0, 100000));
}

static void serve_for(struct load *l, int64_t us)
{
	for (int64_t end_us = g_get_monotonic_time() + us; g_get_monotonic_time() < end_us;)
		turn(l, end_us);
}

static void must_live(struct load *l, int64_t since_us, int64_t limit_s, const char *what)
{
	if (load_bot_is_gone(l->pid))
		die(0, "the bot ended while it should %s", what);
	if (g_get_monotonic_time() - since_us > limit_s * G_USEC_PER_SEC)
		die(l->pid, "the bot did not %s within %d s: %d of %d done, %d acknowledged", what,
			(int)limit_s, (int)l->done, (int)l->standups->len, (int)l->acked);
}

/* ---- steps ---- */

static void wait_for_all(struct load *l)
{
	int64_t since_us = g_get_monotonic_time(), seen = l->done;
	while (l->done < l->wanted) {
		turn(l, g_get_monotonic_time() + 100000);
		if (l->done != seen)
			since_us = g_get_monotonic_time();
		seen = l->done;
		must_live(l, since_us, STALL_S, "answer");
	}
}

static void run_full(struct load *l, const struct step *step, guint outstanding)
{
	l->keep = outstanding;
	for (guint i = 0; i < outstanding && i < step->count; i++)
		send_new(l);
	wait_for_all(l);
}

static void refresh(struct load *l, gboolean drop)
{
	static const char text[] = "{\"type\":\"disconnect\",\"reason\":\"refresh_requested\",\"debug_info\":"
				   "{\"host\":\"applink-load\"}}";
	struct wire_conn *socket = best_socket(l);
	g_assert(socket);
	wire_send(socket, text, strlen(text));
	l->doomed = socket;
	l->doom_us = g_get_monotonic_time() + (drop ? 1000 : OLD_SOCKET_S * G_USEC_PER_SEC);
}

/* after: when to refresh; negative: never. */
static void run_paced(struct load *l, const struct step *step, int64_t refresh_at, gboolean drop)
{
	l->keep = 0;
	int64_t start_us = g_get_monotonic_time();
	for (int64_t i = 0; i < step->count; i++) {
		int64_t due_us = start_us + i * G_USEC_PER_SEC / step->rate;
		while (g_get_monotonic_time() < due_us)
			turn(l, due_us);
		if (i == refresh_at)
			refresh(l, drop);
		send_new(l);
		wire_turn(l->wire, 0);
	}
	wait_for_all(l);
}

static gint by_size(gconstpointer a, gconstpointer b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void print_times(const char *name, GArray *times)
{
	g_array_sort(times, by_size);
	guint n = times->len;
	g_print(",\"%s_p50_us\":%d,\"%s_p99_us\":%d,\"%s_max_us\":%d", name,
		(int)g_array_index(times, int64_t, n / 2), name,
		(int)g_array_index(times, int64_t, (guint64)n * 99 / 100), name,
		(int)g_array_index(times, int64_t, n - 1));
}

/* Waiting is what is longer than the send itself takes. */
static void print_standups(const struct load *l)
{
	g_autoptr(GArray) acks = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_autoptr(GArray) answers = g_array_new(FALSE, FALSE, sizeof(int64_t));
	int waited = 0, longest_ms = 0;
	for (guint i = 0; i < l->standups->len; i++) {
		const struct standup *s = &g_array_index(l->standups, struct standup, i);
		int64_t ack_us = s->acked_us - s->sent_us,
			answer_us = MAX(s->acked_us, s->reacted_us) - s->sent_us;
		int wait_ms = (int)((s->sent_us - s->due_us) / 1000);
		g_array_append_val(acks, ack_us);
		g_array_append_val(answers, answer_us);
		waited += wait_ms > 0;
		longest_ms = MAX(longest_ms, wait_ms);
	}
	print_times("ack", acks);
	print_times("answer", answers);
	g_print(",\"waited\":%d,\"longest_wait_ms\":%d", waited, longest_ms);
}

static void print_step(const struct load *l, const struct step *step)
{
	struct load_memory memory = load_bot_memory(l->pid);
	g_print("{\"step\":\"%s\",\"count\":%d,\"seconds\":%.3f", step->name, (int)step->count,
		step->seconds);
	if (step->count) {
		g_print(",\"per_second\":%.1f,\"cpu_s_per_1000\":%.4f", (double)step->count / step->seconds,
			step->cpu_s * 1000 / (double)step->count);
		print_standups(l);
	}
	g_print(",\"cpu_share\":%.2f,\"generator_cpu_share\":%.2f,\"posts\":%d,\"updates\":%d,\"reactions\":%"
		"d,"
		"\"other_calls\":%d,\"without_connection_ms\":%d,\"resident_kb\":%d,\"private_kb\":%d,\"peak_"
		"kb\":%d}\n",
		step->cpu_s / step->seconds, step->own_cpu_s / step->seconds, (int)l->calls[CALL_POST],
		(int)l->calls[CALL_UPDATE], (int)l->calls[CALL_REACT], (int)l->calls[CALL_OTHER],
		(int)(l->without_us / 1000), (int)memory.resident_kb, (int)memory.private_kb,
		(int)memory.peak_kb);
}

static void begin_step(struct load *l, const struct step *step)
{
	l->first = l->next_number;
	l->done = l->acked = 0;
	l->wanted = step->count;
	l->without_us = 0;
	memset(l->calls, 0, sizeof l->calls);
	g_array_set_size(l->standups, 0);
	g_queue_clear(&l->waiting);
	load_bot_forget_peak(l->pid);
}

static void run_step(struct load *l, const char *text, guint outstanding)
{
	g_auto(GStrv) parts = g_strsplit(text, ":", 3);
	guint n = g_strv_length(parts);
	double number = n > 1 ? g_ascii_strtod(parts[1], NULL) : 0;
	struct step step = { .name = parts[0],
		.count = (int64_t)number,
		.rate = n > 2 ? g_ascii_strtoll(parts[2], NULL, 10) : REFRESH_RATE };
	gboolean drop = g_str_equal(parts[0], "drop"), is_refresh = drop || g_str_equal(parts[0], "refresh");
	gboolean idle = g_str_equal(parts[0], "idle");
	if (is_refresh || idle)
		step.count = is_refresh ? (int64_t)(number * REFRESH_RATE) : 0;
	begin_step(l, &step);
	double cpu_s = load_bot_cpu_s(l->pid), own_s = own_cpu_s();
	int64_t start_us = g_get_monotonic_time();
	if (idle)
		serve_for(l, (int64_t)(number * G_USEC_PER_SEC));
	else if (g_str_equal(parts[0], "full"))
		run_full(l, &step, outstanding);
	else
		run_paced(l, &step, is_refresh ? REFRESH_RATE : -1, drop);
	step.seconds = (double)(g_get_monotonic_time() - start_us) / G_USEC_PER_SEC;
	step.own_cpu_s = own_cpu_s() - own_s;
	/* What the bot still does for these standups (reports of sends, boards) is theirs too. */
	serve_for(l, idle ? 0 : SETTLE_MS * 1000);
	step.cpu_s = load_bot_cpu_s(l->pid) - cpu_s;
	print_step(l, &step);
}

static void start_bot(struct load *l, char **argv, const char *log, int64_t settle_ms)
{
	int64_t start_us = g_get_monotonic_time();
	l->pid = load_bot_start(argv, log);
	while (!l->sockets->len) {
		turn(l, start_us + START_S * G_USEC_PER_SEC);
		must_live(l, start_us, START_S, "connect");
	}
	double ready_ms = (double)(g_get_monotonic_time() - start_us) / 1000;
	serve_for(l, settle_ms * 1000);
	g_print("{\"step\":\"start\",\"ready_ms\":%.1f,\"cpu_s\":%.3f}\n", ready_ms, load_bot_cpu_s(l->pid));
}

int main(int argc, char **argv)
{
	static int people = 200, teams = 10, outstanding = 100, port, settle_ms = 1500;
	static gboolean days;
	static char *log;
	static const GOptionEntry entries[] = {
		{ "people", 0, 0, G_OPTION_ARG_INT, &people, "who write in turn", "N" },
		{ "teams", 0, 0, G_OPTION_ARG_INT, &teams, "channels", "N" },
		{ "outstanding", 0, 0, G_OPTION_ARG_INT, &outstanding, "of the step `full`", "N" },
		{ "days", 0, 0, G_OPTION_ARG_NONE, &days, "each round of the people is a day later", NULL },
		{ "port", 0, 0, G_OPTION_ARG_INT, &port, NULL, "N" },
		{ "settle", 0, 0, G_OPTION_ARG_INT, &settle_ms,
			"milliseconds from connected to the first step", "MS" },
		{ "log", 0, 0, G_OPTION_ARG_FILENAME, &log, "the bot's output", "FILE" },
		{ 0 },
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(GOptionContext) options = g_option_context_new("STEP... -- BOT [ARGUMENT]...");
	g_option_context_add_main_entries(options, entries, NULL);
	char **bot = argv;
	while (*bot && !g_str_equal(*bot, "--"))
		bot++;
	argc = (int)(bot - argv);
	bot += *bot ? 1 : 0;
	if (!g_option_context_parse(options, &argc, &argv, &error) || !*bot || people < 1 || teams < 1 ||
		outstanding < 1) {
		g_autofree char *help = g_option_context_get_help(options, TRUE, NULL);
		g_printerr("%s%s", error ? error->message : "", help);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	struct load l = { .company = { (guint)people, (guint)teams, days,
				  g_get_real_time() / G_USEC_PER_SEC },
		.sockets = g_ptr_array_new(),
		.standups = g_array_new(FALSE, FALSE, sizeof(struct standup)),
		.scratch = g_string_new(NULL) };
	l.wire = wire_new((guint16)port, &wire_events, &l);
	if (!l.wire)
		die(0, "cannot listen on port %d", port);
	g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/api/", wire_port(l.wire));
	g_setenv("LOAD_URL", url, TRUE); /* one thread, and the bot inherits it */
	start_bot(&l, bot, log ? log : "/dev/null", settle_ms);
	for (int i = 1; i < argc; i++)
		run_step(&l, argv[i], (guint)outstanding);
	int status = load_bot_stop(l.pid);
	g_print("{\"step\":\"stop\",\"status\":%d}\n", status);
	wire_free(l.wire);
	g_ptr_array_unref(l.sockets);
	g_array_unref(l.standups);
	g_string_free(l.scratch, TRUE);
	return 0;
}
