/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib/gstdio.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app.h"
#include "store/db.h"
#include "tests/support/flow.h"

/* ---- the company and its configuration ---- */

/* Where it is about noon now: Etc/GMT-5 is five hours east. */
static char *noon_zone(void)
{
	int hour = (int)(g_get_real_time() / G_USEC_PER_SEC / 3600 % 24), east = 12 - hour;
	return east == 0 ? g_strdup("Etc/GMT") : g_strdup_printf("Etc/GMT%+d", -east);
}

static cJSON *make_company(const struct flow *f, guint people)
{
	cJSON *company = cJSON_CreateObject();
	json_put_text(json_put_object(company, "workspace"), "zone", f->zone);
	cJSON *members = json_put_array(company, "members"), *channels = json_put_array(company, "channels");
	for (guint i = 0; i < people; i++) {
		g_autofree char *name = g_strdup_printf("p%u", i);
		cJSON *member = json_push_object(members);
		json_put_text(member, "name", name);
		json_put_text(member, "zone", f->zone);
	}
	guint count = g_strv_length(f->channels);
	for (guint c = 0; c < count; c++) {
		cJSON *channel = json_push_object(channels);
		json_put_text(channel, "name", f->channels[c]);
		cJSON *inside = json_put_array(channel, "members");
		json_push_text(inside, "belltower");
		for (guint i = c; i < people; i += count) {
			g_autofree char *name = g_strdup_printf("p%u", i);
			json_push_text(inside, name);
		}
	}
	json_put_text(json_push_object(json_put_array(company, "commands")), "command", "/standup");
	return company;
}

/* How the workspace is reached. */
static char *connection_text(const struct flow *f)
{
	static const char *const lines[] = {
		[FALSE] = "    platform: slack\n"
			  "    api_url: %sapi/\n"
			  "    bot_token: xoxb-sandbox\n"
			  "    app_token: xapp-sandbox\n",
		[TRUE] = "    platform: feishu\n"
			 "    base_url: %s\n"
			 "    app_id: cli_0000000000000001\n"
			 "    app_secret: sandbox-secret\n",
	};
	g_auto(GStrv) parts = g_strsplit(lines[f->feishu], "%s", 2);
	return g_strjoinv(sandbox_url(f->sandbox), parts);
}

static void put_workspace(GString *text, const struct flow *f, const char *name, const char *further)
{
	static const char *const unlimited[] = { "    rate_limits: off\n", "    rate_limits: off\n    gather_seconds: 0\n    monthly_calls: 0\n" };
	g_autofree char *connection = connection_text(f);
	g_string_append_printf(text, "  - name: %s\n%s%s%s", name, connection, f->rate_limits ? "" : unlimited[f->feishu], further);
}

static void put_teams(GString *text, const struct flow *f, const char *workspace)
{
	for (char **channel = f->channels; *channel; channel++)
		g_string_append_printf(text,
			"  - name: %s\n"
			"    workspace: %s\n"
			"    channel: \"#%s\"\n"
			"    standup: { format: A }\n",
			*channel, workspace, *channel);
}

static GString *start_config(const struct flow *f)
{
	GString *text = g_string_new(NULL);
	g_string_printf(text, "database: %s\ndefault_zone: %s\ndefault_language: en\nworkspaces:\n", f->database, f->zone);
	return text;
}

char *flow_config_text(const struct flow *f, const char *workspace)
{
	GString *text = start_config(f);
	put_workspace(text, f, "acme", workspace);
	g_string_append(text, "teams:\n");
	put_teams(text, f, "acme");
	return g_string_free(text, FALSE);
}

void flow_configure_both(struct flow *f, const struct flow *other)
{
	GString *text = start_config(f);
	put_workspace(text, f, "acme", "    operators: [\"@p0\"]\n");
	put_workspace(text, other, "other", "    operators: [\"@p0\"]\n");
	g_string_append(text, "teams:\n");
	put_teams(text, f, "acme");
	put_teams(text, other, "other");
	flow_write_config(f, text->str);
	g_string_free(text, TRUE);
}

void flow_write_config(struct flow *f, const char *text)
{
	assert_true(g_file_set_contents_full(f->config, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
}

void flow_configure(struct flow *f, const char *workspace)
{
	g_autofree char *text = flow_config_text(f, workspace);
	flow_write_config(f, text);
}

/* ---- what went over the wire ---- */

/* The ts of a message of Feishu's: its id ends with the same digits. NULL: not told. */
static char *ts_of(const char *message_id)
{
	gsize length = message_id ? strlen(message_id) : 0;
	const char *digits = length > 16 ? message_id + length - 16 : NULL;
	return digits ? g_strdup_printf("%.10s.%s", digits, digits + 10) : NULL;
}

static char *key_of(const cJSON *detail)
{
	const char *key = json_text_or(detail, "payload.event.ts", json_text_or(detail, "payload.text", NULL));
	return key ? g_strdup(key) : ts_of(json_text_or(detail, "event.message.message_id", NULL));
}

static const char *id_of(const cJSON *detail)
{
	const char *id = json_text_or(detail, "envelope_id", NULL);
	return id ? id : json_text_or(detail, "header.event_id", json_text_or(detail, "event_id", NULL));
}

static void note_envelope(struct flow *f, const cJSON *envelope)
{
	const char *id = id_of(envelope);
	g_autofree char *key = key_of(envelope);
	if (id && key)
		g_hash_table_insert(f->envelopes, g_strdup(id), g_steal_pointer(&key));
}

static void note_acknowledgement(struct flow *f, const cJSON *entry)
{
	if (json_int_or(entry, "status", 200) == 500) /* on Feishu: not kept, push it again */
		return;
	const char *id = id_of(json_object(entry, "detail"));
	const char *key = id ? g_hash_table_lookup(f->envelopes, id) : NULL;
	if (id)
		g_hash_table_add(f->answered, g_strdup(id));
	if (key)
		g_hash_table_add(f->acked, g_strdup(key));
	f->lost_acks += strstr(json_text_or(entry, "title", ""), "lost") ? 1 : 0;
}

static void note_posted(struct flow *f, char *take_mark, const char *message)
{
	const char *before = g_hash_table_lookup(f->posted, take_mark);
	if (before && !g_str_equal(before, message) && !f->posted_twice)
		f->posted_twice = g_strdup(take_mark);
	g_hash_table_insert(f->posted, take_mark, g_strdup(message));
}

/* On Slack a row is known by its message's metadata, on Feishu by its uuid. */
static void note_post(struct flow *f, const cJSON *detail)
{
	const cJSON *metadata = json_at(detail, "request.metadata");
	const char *uuid = json_text_or(detail, "request.uuid", NULL);
	const char *message = json_text_or(detail, "response.ts", json_text_or(detail, "response.data.message_id", NULL));
	if (message && (metadata || uuid))
		note_posted(f, metadata ? json_print(metadata) : g_strdup(uuid), message);
}

static void note_call(struct flow *f, const cJSON *entry, const char *method)
{
	guint times = GPOINTER_TO_UINT(g_hash_table_lookup(f->calls, method));
	g_hash_table_insert(f->calls, g_strdup(method), GUINT_TO_POINTER(times + 1));
	f->refusals += json_int_or(entry, "status", 0) == 429 ? 1 : 0;
	note_post(f, json_object(entry, "detail"));
}

guint flow_calls(const struct flow *f, const char *method)
{
	return GPOINTER_TO_UINT(g_hash_table_lookup(f->calls, method));
}

static void note(struct flow *f, const cJSON *entry)
{
	const char *kind = json_text_or(entry, "kind", ""), *title = json_text_or(entry, "title", "");
	gboolean out = g_str_equal(json_text_or(entry, "dir", ""), "out");
	if (g_str_equal(kind, "frame") && out)
		note_envelope(f, json_object(entry, "detail"));
	else if (g_str_equal(kind, "frame"))
		note_acknowledgement(f, entry);
	else if (g_str_equal(kind, "http"))
		note_call(f, entry, strchr(title, ' ') ? strchr(title, ' ') + 1 : title); /* "POST im.message.create" */
}

gboolean flow_is_acknowledged(const struct flow *f, const char *key)
{
	return g_hash_table_contains(f->acked, key);
}

void flow_check_posted_once(const struct flow *f)
{
	if (f->posted_twice)
		fail_msg("posted twice: %s", f->posted_twice);
}

/* ---- life ---- */

static void observe(const cJSON *delta, gpointer data)
{
	struct flow *f = data;
	if (g_str_equal(json_text_or(delta, "type", ""), "connections"))
		f->connections = (int)json_int_or(delta, "count", 0);
	if (json_object(delta, "entry"))
		note(f, json_object(delta, "entry"));
	if (f->observe)
		f->observe(delta, f->data);
}

static void make_folder(struct flow *f)
{
	f->folder = g_dir_make_tmp("belltower-flow-XXXXXX", NULL);
	assert_non_null(f->folder);
	f->config = g_build_filename(f->folder, "belltower.yaml", NULL);
	f->database = g_build_filename(f->folder, "belltower.db", NULL);
	f->left = g_build_filename(f->folder, "left.db", NULL);
	f->log = g_build_filename(f->folder, "bot.log", NULL);
}

static void make_clocks(struct flow *f, gboolean frozen)
{
	int64_t now_ms = g_get_real_time() / 1000;
	f->clock = frozen ? clock_new_frozen(now_ms) : clock_new();
	f->bot_clock = frozen ? clock_new_frozen(now_ms) : NULL;
}

struct flow *flow_new(const struct flow_setup *setup)
{
	g_autoptr(GError) error = NULL;
	struct flow *f = g_new0(struct flow, 1);
	make_folder(f);
	f->envelopes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	f->acked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	f->answered = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	f->calls = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	f->posted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	f->zone = setup->zone ? g_strdup(setup->zone) : noon_zone();
	f->channels = g_strdupv((char **)setup->channels);
	f->rate_limits = setup->rate_limits;
	f->feishu = setup->feishu;
	make_clocks(f, setup->frozen);
	f->lws = lws_loop_new(&error);
	assert_non_null(f->lws);
	g_autoptr(cJSON) company = make_company(f, setup->people);
	f->sandbox = sandbox_new(&(struct sandbox_options){ .loop = f->lws,
					 .clock = f->clock,
					 .cert_file = setup->cert_file,
					 .key_file = setup->key_file,
					 .company = company,
					 .no_rate_limits = !setup->rate_limits },
		&error);
	if (!f->sandbox)
		fail_msg("%s", error->message);
	sandbox_observe(f->sandbox, observe, f);
	cJSON_Delete(flow_act(f, "{'do':'feishu','reconnect_nonce_s':0}")); /* nobody waits half a minute here */
	return f;
}

void flow_remove_folder(const char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		if (g_unlink(path) != 0)
			flow_remove_folder(path);
	}
	if (dir)
		g_dir_close(dir);
	g_rmdir(folder);
}

void flow_free(struct flow *f)
{
	if (!f)
		return;
	if (f->bot)
		flow_kill(f);
	if (f->app)
		flow_stop_here(f);
	sandbox_observe(f->sandbox, NULL, NULL);
	sandbox_free(f->sandbox);
	lws_loop_free(f->lws);
	clock_free(f->bot_clock);
	clock_free(f->clock);
	if (!g_getenv("FLOW_KEEP"))
		flow_remove_folder(f->folder);
	g_hash_table_unref(f->envelopes);
	g_hash_table_unref(f->acked);
	g_hash_table_unref(f->answered);
	g_hash_table_unref(f->calls);
	g_hash_table_unref(f->posted);
	g_free(f->posted_twice);
	g_strfreev(f->channels);
	g_free(f->zone);
	g_free(f->folder);
	g_free(f->config);
	g_free(f->database);
	g_free(f->left);
	g_free(f->log);
	g_free(f);
}

/* ---- waiting ---- */

static gboolean timed_out(gpointer data)
{
	*(gboolean *)data = TRUE;
	return G_SOURCE_REMOVE;
}

void flow_turn(int wait_ms)
{
	gboolean late = FALSE;
	guint timer = g_timeout_add((guint)wait_ms, timed_out, &late);
	g_main_context_iteration(NULL, TRUE);
	if (!late)
		g_source_remove(timer);
}

void flow_show_log(const struct flow *f)
{
	enum { TAIL = 6000 };
	g_autofree char *text = NULL;
	gsize length = 0;
	if (g_file_get_contents(f->log, &text, &length, NULL))
		print_message("--- the bot's log ends so:\n%s\n---\n", text + (length > TAIL ? length - TAIL : 0));
}

gboolean flow_logged(const struct flow *f, const char *text)
{
	g_autofree char *log = NULL;
	return g_file_get_contents(f->log, &log, NULL, NULL) && strstr(log, text);
}

/* ---- processes ---- */

/* Between fork and exec: it goes when this process goes, and a file that grows too large is an error, not a signal. */
static void in_child(gpointer data)
{
	const guint64 *limit = data;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (*limit) {
		const struct rlimit file = { *limit, RLIM_INFINITY };
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &file);
	}
}

static void bot_ended(GObject *source, GAsyncResult *result, gpointer data)
{
	g_subprocess_wait_finish(G_SUBPROCESS(source), result, NULL);
	*(gboolean *)data = TRUE;
}

void flow_start(struct flow *f)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_NONE);
	g_subprocess_launcher_set_child_setup(launcher, in_child, &f->file_limit, NULL);
	g_subprocess_launcher_take_stderr_fd(launcher, open(f->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
	for (const char *const *v = f->environment; v && *v; v += 2)
		g_subprocess_launcher_setenv(launcher, v[0], v[1], TRUE);
	assert_null(f->bot);
	f->ended = FALSE;
	f->bot = g_subprocess_launcher_spawn(launcher, &error, BELLTOWER, "run", "-c", f->config, NULL);
	if (!f->bot)
		fail_msg("%s", error->message);
	g_subprocess_wait_async(f->bot, NULL, bot_ended, &f->ended);
}

void flow_signal(struct flow *f, int number)
{
	g_subprocess_send_signal(f->bot, number);
}

int flow_ended(struct flow *f)
{
	FLOW_UNTIL(f, f->ended);
	int code = g_subprocess_get_if_exited(f->bot) ? g_subprocess_get_exit_status(f->bot)
						      : -g_subprocess_get_term_sig(f->bot);
	g_clear_object(&f->bot);
	return code;
}

int flow_stop(struct flow *f)
{
	flow_signal(f, SIGTERM);
	return flow_ended(f);
}

void flow_kill(struct flow *f)
{
	flow_signal(f, SIGKILL);
	flow_ended(f);
	FLOW_UNTIL(f, f->connections == 0);
}

gboolean flow_is_live(const struct flow *f)
{
	return f->connections > 0;
}

/* ---- the bot in this process ---- */

void flow_start_here(struct flow *f)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct config *config = config_load(f->config, problems);
	if (!config)
		fail_msg("%s", (const char *)problems->pdata[0]);
	f->app = app_new(&(struct app_setup){ .config = config, .clock = f->bot_clock, .lws = f->lws, .picture = PICTURE }, &error);
	if (!f->app)
		fail_msg("%s", error->message);
}

/* Turns until nothing has happened for a moment: what is under way on loopback has arrived. */
static void breathe(const struct flow *f)
{
	gint64 end = g_get_monotonic_time() + 500000;
	for (int calm = 0; calm < 3 && g_get_monotonic_time() < end;) {
		gboolean late = FALSE;
		guint timer = g_timeout_add(2, timed_out, &late);
		g_main_context_iteration(NULL, TRUE);
		if (!late)
			g_source_remove(timer);
		gboolean busy = f->app && !app_is_idle(f->app) && app_next_ms(f->app) == 0;
		calm = late && !busy ? calm + 1 : 0;
	}
}

static void app_stopped(gpointer data)
{
	*(gboolean *)data = TRUE;
}

void flow_stop_here(struct flow *f)
{
	gboolean stopped = FALSE;
	app_stop(f->app, app_stopped, &stopped);
	gint64 end_us = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
	while (!stopped && g_get_monotonic_time() < end_us) {
		clock_advance(f->bot_clock, 50);
		for (guint turns = 0; !stopped && turns < 10; turns++)
			flow_turn(1);
	}
	assert_true(stopped);
	app_free(g_steal_pointer(&f->app));
}

void flow_pass(struct flow *f, int64_t ms, int64_t step_ms)
{
	breathe(f);
	for (int64_t passed = 0; passed < ms; passed += step_ms) {
		clock_advance(f->bot_clock, MIN(step_ms, ms - passed));
		clock_advance(f->clock, MIN(step_ms, ms - passed));
		breathe(f);
	}
}

/* ---- the program, once ---- */

struct heard {
	char **out, **err;
	gboolean done;
};

static void program_ended(GObject *source, GAsyncResult *result, gpointer data)
{
	struct heard *heard = data;
	g_autoptr(GBytes) out = NULL, err = NULL;
	g_subprocess_communicate_finish(G_SUBPROCESS(source), result, &out, &err, NULL);
	if (heard->out)
		*heard->out = g_strndup(g_bytes_get_data(out, NULL), g_bytes_get_size(out));
	if (heard->err)
		*heard->err = g_strndup(g_bytes_get_data(err, NULL), g_bytes_get_size(err));
	heard->done = TRUE;
}

int flow_program(struct flow *f, char **out, char **err, const char *argument, ...)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	struct heard heard = { out, err, FALSE };
	va_list rest;
	g_ptr_array_add(argv, (gpointer)BELLTOWER);
	va_start(rest, argument);
	for (const char *a = argument; a; a = va_arg(rest, const char *))
		g_ptr_array_add(argv, (gpointer)a);
	va_end(rest);
	g_ptr_array_add(argv, NULL);
	g_autoptr(GSubprocess) program = g_subprocess_newv((const char *const *)argv->pdata,
		G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
	if (!program)
		fail_msg("%s", error->message);
	g_subprocess_communicate_async(program, NULL, NULL, program_ended, &heard);
	FLOW_UNTIL(f, heard.done);
	return g_subprocess_get_if_exited(program) ? g_subprocess_get_exit_status(program)
						   : -g_subprocess_get_term_sig(program);
}

/* ---- people ---- */

static cJSON *perform(struct flow *f, const cJSON *act)
{
	cJSON *reply = sandbox_act(f->sandbox, act);
	if (!json_bool_or(reply, "ok", FALSE)) {
		g_autofree char *text = json_print(act);
		fail_msg("%s: %s", json_text_or(reply, "error", "?"), text);
	}
	return reply;
}

cJSON *flow_act(struct flow *f, const char *format, ...)
{
	g_autoptr(GError) error = NULL;
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	g_strdelimit(text, "'", '"');
	g_autoptr(cJSON) act = json_parse(text, strlen(text), &error);
	if (!act)
		fail_msg("%s: %s", error->message, text);
	return perform(f, act);
}

char *flow_say(struct flow *f, const char *who, const char *channel, const char *text)
{
	g_autoptr(cJSON) act = cJSON_CreateObject();
	json_put_text(act, "do", "say");
	json_put_text(act, "as", who);
	json_put_text(act, "channel", channel);
	json_put_text(act, "text", text);
	g_autoptr(cJSON) reply = perform(f, act);
	return g_strdup(json_text_or(reply, "ts", NULL));
}

char *flow_direct(struct flow *f, const char *who)
{
	g_autoptr(cJSON) reply = flow_act(f, "{'do':'open_dm','as':'%s'}", who);
	return g_strdup(json_text_or(reply, "channel", NULL));
}

/* ---- what stands ---- */

static const char *channel_id(const cJSON *state, const char *channel)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, json_array(state, "channels"))
	{
		if (*channel == '#' && g_str_equal(json_text_or(item, "name", ""), channel + 1))
			return json_text_or(item, "id", NULL);
	}
	return channel;
}

char *flow_id(const struct flow *f, const char *channel, const char *ts)
{
	if (!f->feishu)
		return g_strdup(ts);
	g_autoptr(cJSON) state = sandbox_state(f->sandbox);
	g_autofree char *place = g_ascii_strdown(channel_id(state, channel), -1);
	return g_strdup_printf("om_%s%.10s%s", place, ts, ts + 11);
}

cJSON *flow_messages(const struct flow *f, const char *channel)
{
	g_autoptr(cJSON) state = sandbox_state(f->sandbox);
	const char *id = channel_id(state, channel);
	cJSON *messages = cJSON_DetachItemFromObject(cJSON_GetObjectItem(state, "messages"), id);
	if (!messages)
		fail_msg("no channel '%s'", channel);
	return messages;
}

guint flow_bot_posts(const struct flow *f, const char *channel)
{
	g_autoptr(cJSON) messages = flow_messages(f, channel);
	const cJSON *m;
	guint posts = 0;
	cJSON_ArrayForEach(m, messages)
		posts += json_bool_or(m, "bot", FALSE) && !json_text_or(m, "ephemeral_to", NULL) ? 1 : 0;
	return posts;
}

gboolean flow_is_checked(const cJSON *message)
{
	const cJSON *reaction, *user;
	guint bots = 0;
	cJSON_ArrayForEach(reaction, json_array(message, "reactions"))
	{
		if (!g_str_equal(json_text_or(reaction, "name", ""), "white_check_mark"))
			continue;
		cJSON_ArrayForEach(user, json_array(reaction, "users"))
			bots += g_str_equal(user->valuestring, "UBELLTOWER") ? 1 : 0;
	}
	return bots == 1;
}

gboolean flow_is_accepted(const struct flow *f, const char *channel, const char *ts)
{
	g_autoptr(cJSON) messages = flow_messages(f, channel);
	const cJSON *m;
	cJSON_ArrayForEach(m, messages)
	{
		if (g_str_equal(json_text_or(m, "ts", ""), ts))
			return flow_is_checked(m);
	}
	return FALSE;
}

/* ---- the database ---- */

/* One statement, to its end; `texts` may be NULL. The number of the first row's first column; -1: none. */
static int64_t read_rows(const char *path, enum db_mode mode, const char *sql, GPtrArray *texts)
{
	const struct sql query = { .name = "flow.query", .text = sql };
	g_autoptr(GError) error = NULL;
	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return -1;
	struct db *db = db_open(path, mode, &error);
	if (!db)
		fail_msg("%s", error->message);
	struct db_rows *rows = db_query_args(db, &query, NULL, 0);
	int64_t number = -1;
	for (gboolean first = TRUE; db_next(rows); first = FALSE) {
		number = first ? db_int(rows, 0) : number;
		if (texts)
			g_ptr_array_add(texts, g_strdup(db_text(rows, 0)));
	}
	if (!db_end(rows, &error))
		fail_msg("%s: %s", sql, error->message);
	db_close(db);
	return number;
}

int64_t flow_number(const struct flow *f, const char *sql)
{
	return read_rows(f->database, DB_READER, sql, NULL);
}

void flow_change(struct flow *f, const char *sql)
{
	read_rows(f->database, DB_WRITER, sql, NULL);
}

static void copy_file(const struct flow *f, const char *ending)
{
	g_autofree char *from = g_strconcat(f->database, ending, NULL), *to = g_strconcat(f->left, ending, NULL);
	g_autofree char *bytes = NULL;
	gsize length;
	g_unlink(to);
	if (g_file_get_contents(from, &bytes, &length, NULL))
		assert_true(g_file_set_contents_full(to, bytes, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* The log too, which holds what was committed; the index of it is made anew. */
void flow_take_left(struct flow *f)
{
	g_autofree char *shared = g_strconcat(f->left, "-shm", NULL);
	g_unlink(shared);
	copy_file(f, "");
	copy_file(f, "-wal");
}

int64_t flow_left_number(const struct flow *f, const char *sql)
{
	return read_rows(f->left, DB_WRITER, sql, NULL);
}

GPtrArray *flow_left_texts(const struct flow *f, const char *sql)
{
	GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
	read_rows(f->left, DB_WRITER, sql, texts);
	return texts;
}
