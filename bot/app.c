/* SPDX-License-Identifier: MIT */
#include "app.h"

#include "alarm.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/timer.h"
#include "base/watch.h"
#include "core/clerk.h"
#include "core/sender.h"
#include "notify.h"
#include "platform/api/api.h"
#include "platform/painter.h"
#include "platform/platforms.h"
#include "registry.h"

#define DRAIN_MS SECONDS(5)
/* How long a workspace may be unconnected before somebody should look. */
#define DOWN_MS MINUTES(5)

/* The configuration lives as long as somebody reads it: the clerk, or an adapter that was started with it. */
struct held_config {
	struct config *config;
	guint holders;
};

/* One workspace at work. */
struct branch {
	struct app *app;
	struct held_config *held;
	const struct config_workspace *config;
	const struct platform *platform;
	struct adapter *adapter;
	struct sender *sender;
	struct host host;
	struct timer *down; /* armed while not connected */
	gboolean live, refused, leaving;
};

struct app {
	struct app_setup setup;
	struct held_config *current, *coming; /* coming: given to the clerk, not yet in force */
	struct config *next;		      /* came while one was coming */
	char *picture; /* the program that draws; NULL: there is none */
	struct texts *texts;
	struct db *db;
	struct clerk *clerk;
	struct alarm *alarm;
	struct api *api;
	struct watch *door; /* of the store; NULL: cannot be watched */
	GPtrArray *branches; /* struct branch */
	struct timer *due_timer, *watchdog_timer, *drain_timer;
	int64_t due_ms;
	int64_t watchdog_ms;
	int64_t drain_ms; /* what is left of the time to send, while stopping */
	guint batches_seen;
	gboolean paused, ready, stopping;
	guint stopping_branches;
	void (*stopped)(gpointer data);
	gpointer stopped_data;
};

/* ---- configurations ---- */

static struct held_config *hold(struct held_config *held)
{
	held->holders++;
	return held;
}

static void let_go(struct held_config *held)
{
	if (!held || --held->holders > 0)
		return;
	config_free(held->config);
	g_free(held);
}

static struct held_config *held_new(struct config *take)
{
	struct held_config *held = g_new0(struct held_config, 1);
	held->config = take;
	held->holders = 1;
	return held;
}

/* ---- branches ---- */

static struct branch *find_branch(const struct app *app, const char *workspace)
{
	for (guint i = 0; i < app->branches->len; i++) {
		struct branch *b = app->branches->pdata[i];
		if (!b->leaving && strcmp(b->config->name, workspace) == 0)
			return b;
	}
	return NULL;
}

static void pause_all(struct app *app, gboolean paused)
{
	if (app->paused == paused)
		return;
	app->paused = paused;
	for (guint i = 0; i < app->branches->len; i++) {
		const struct branch *b = app->branches->pdata[i];
		b->platform->pause(b->adapter, paused);
	}
	api_pause(app->api, paused);
}

static void put(struct app *app, struct event *take)
{
	if (!clerk_put(app->clerk, take))
		pause_all(app, TRUE);
}

static void api_event(gpointer data, struct event *take)
{
	put(data, take);
}

static void branch_event(gpointer data, struct event *take)
{
	struct branch *b = data;
	put(b->app, take);
}

static void branch_report(gpointer data, struct event *take)
{
	struct branch *b = data;
	put(b->app, take);
}

static void trouble(gpointer data, struct event *take)
{
	put(data, take);
}

static void branch_outcome(gpointer data, gint64 row, const struct outcome *outcome)
{
	struct branch *b = data;
	sender_outcome(b->sender, row, outcome);
}

static void show_status(const struct app *app)
{
	guint live = 0;
	for (guint i = 0; i < app->branches->len; i++)
		live += ((const struct branch *)app->branches->pdata[i])->live ? 1 : 0;
	g_autofree char *text = g_strdup_printf("%u of %u workspaces connected", live, app->branches->len);
	notify_status(text);
}

/* Connections are dropped every day and come back at once; this one does not. */
static void down_for_long(gpointer data)
{
	const struct branch *b = data;
	log_warning("not connected for five minutes, still trying", "workspace", b->config->name);
}

static void branch_live(gpointer data, gboolean live)
{
	struct branch *b = data;
	b->live = live;
	if (live) {
		b->refused = FALSE;
		timer_disarm(b->down);
		log_info("connected", "workspace", b->config->name);
		sender_resume(b->sender);
	} else if (!b->app->stopping) {
		log_info("not connected", "workspace", b->config->name);
		timer_arm_in(b->down, DOWN_MS);
	}
	show_status(b->app);
}

static void branch_refused(gpointer data, const char *reason)
{
	struct branch *b = data;
	struct app *app = b->app;
	if (!b->refused)
		log_error("the platform refuses these credentials", "workspace", b->config->name, "reason", reason);
	b->refused = TRUE;
	for (guint i = 0; i < app->branches->len; i++) {
		if (!((const struct branch *)app->branches->pdata[i])->refused)
			return;
	}
	if (app->setup.refused)
		app->setup.refused(app->setup.data);
}

static void branch_free(gpointer data)
{
	struct branch *b = data;
	timer_free(b->down);
	sender_free(b->sender);
	b->platform->free(b->adapter);
	let_go(b->held);
	g_free(b);
}

static void start_branch(struct app *app, struct held_config *held, const struct config_workspace *workspace)
{
	struct branch *b = g_new0(struct branch, 1);
	b->app = app;
	b->held = hold(held);
	b->config = workspace;
	b->platform = platform_named(workspace->platform);
	b->down = timer_new(NULL, app->setup.clock, down_for_long, b);
	timer_arm_in(b->down, DOWN_MS); /* until it is connected for the first time */
	b->host = (struct host){ b, branch_event, branch_outcome, branch_live, branch_refused };
	g_ptr_array_add(app->branches, b);
	b->adapter = b->platform->start(
		&(struct adapter_setup){ .workspace = workspace, .clock = app->setup.clock, .lws = app->setup.lws, .host = &b->host, .picture = app->picture });
	b->sender = sender_new(&(struct sender_setup){ app->setup.clock, workspace->name, b->platform, b->adapter,
		branch_report, b });
}

/* ---- the clerk's results ---- */

static void give_verdict(gpointer data, const char *workspace, const struct verdict *verdict)
{
	const struct app *app = data;
	const struct branch *b = workspace ? find_branch(app, workspace) : NULL;
	if (b)
		b->platform->acknowledge(b->adapter, verdict);
	else if (!workspace)
		api_verdict(app->api, verdict);
}

/* Whoever waits for them waits for no message that is still to be drawn. */
static void send_verdicts(gpointer data)
{
	const struct app *app = data;
	lws_loop_flush(app->setup.lws);
}

static void send_row(gpointer data, struct outbox_row *take)
{
	struct app *app = data;
	const struct branch *b = find_branch(app, take->workspace);
	if (b) {
		sender_put(b->sender, take);
		return;
	}
	struct event *event = event_new(EVENT_FAILED, take->workspace);
	event->row = take->id;
	event->word = g_strdup(OUTBOX_FAILED);
	event->text = g_strdup("its workspace is not in the configuration any more");
	outbox_row_free(take);
	put(app, event);
}

static void job_due(gpointer data, int64_t due_ms)
{
	struct app *app = data;
	if (due_ms == app->due_ms && timer_is_armed(app->due_timer))
		return;
	app->due_ms = due_ms;
	if (due_ms == G_MAXINT64)
		timer_disarm(app->due_timer);
	else
		timer_arm_at(app->due_timer, due_ms);
}

static void due_fired(gpointer data)
{
	struct app *app = data;
	clerk_wake(app->clerk);
}

static void inbox_drained(gpointer data)
{
	struct app *app = data;
	if (!app->ready) {
		app->ready = TRUE;
		notify_ready();
		memory_give_back();
	}
	if (!app->stopping)
		pause_all(app, FALSE);
}

static void recall_notes(gpointer data, const cJSON *notes)
{
	const struct app *app = data;
	for (guint i = 0; i < app->branches->len; i++) {
		const struct branch *b = app->branches->pdata[i];
		if (b->platform->recall)
			b->platform->recall(b->adapter, cJSON_GetObjectItemCaseSensitive(notes, b->config->name));
	}
}

static void store_failing(gpointer data, gboolean failing)
{
	api_failing(((const struct app *)data)->api, failing);
	if (failing)
		notify_status("the database cannot be written: nothing is acknowledged until it can");
	else
		log_info("the store works again");
}

/* ---- reloading ---- */

static gboolean same_connection(const struct config_workspace *a, const struct config_workspace *b)
{
	return strcmp(a->platform, b->platform) == 0 && g_strcmp0(a->api_url, b->api_url) == 0 &&
	       g_strcmp0(a->bot_token, b->bot_token) == 0 && g_strcmp0(a->app_token, b->app_token) == 0 &&
	       g_strcmp0(a->base_url, b->base_url) == 0 && g_strcmp0(a->app_id, b->app_id) == 0 &&
	       g_strcmp0(a->app_secret, b->app_secret) == 0 && a->monthly_calls == b->monthly_calls &&
	       a->gather_seconds == b->gather_seconds && g_strcmp0(a->ca_file, b->ca_file) == 0 && g_strcmp0(a->proxy, b->proxy) == 0 &&
	       a->connections == b->connections && a->rate_limits == b->rate_limits;
}

static void branch_left(gpointer data)
{
	struct branch *b = data;
	/* What it had not sent goes by the workspace's new connection, or is reported as failed when there is none. */
	sender_empty(b->sender, send_row, b->app);
	g_ptr_array_remove_fast(b->app->branches, b);
}

static void stop_changed_branches(struct app *app)
{
	g_autoptr(GPtrArray) leaving = g_ptr_array_new();
	for (guint i = 0; i < app->branches->len; i++) {
		struct branch *b = app->branches->pdata[i];
		const struct config_workspace *now = config_workspace(app->current->config, b->config->name);
		if (!b->leaving && !(now && same_connection(b->config, now)))
			g_ptr_array_add(leaving, b);
	}
	for (guint i = 0; i < leaving->len; i++) {
		struct branch *b = leaving->pdata[i];
		b->leaving = TRUE;
		b->platform->stop(b->adapter, branch_left, b);
	}
}

static void configured(gpointer data, const struct config *old)
{
	(void)old;
	struct app *app = data;
	let_go(app->current);
	app->current = g_steal_pointer(&app->coming);
	g_autoptr(GError) error = NULL;
	if (!api_configure(app->api, app->current->config, &error))
		log_error("the API does not listen as the new configuration says", "error", error->message);
	stop_changed_branches(app);
	for (struct config_workspace **w = app->current->config->workspaces; *w; w++) {
		if (!find_branch(app, (*w)->name))
			start_branch(app, app->current, *w);
	}
	log_info("the new configuration is in force", "file", app->current->config->path);
	notify_ready();
	if (app->next)
		app_reload(app, g_steal_pointer(&app->next));
}

void app_reload(struct app *app, struct config *take)
{
	if (app->coming) {
		config_free(app->next);
		app->next = take;
		return;
	}
	if (strcmp(take->database, app->current->config->database) != 0)
		log_warning("the database cannot be changed while running: restart for that", "file", take->database);
	notify_reloading();
	app->coming = held_new(take);
	clerk_configure(app->clerk, take);
}

/* ---- the watchdog ---- */

/* Fed by finished turns of both threads: this timer is the loop's, and the clerk has finished a batch since the last. */
static void watch(gpointer data)
{
	struct app *app = data;
	guint batches = clerk_batches(app->clerk);
	if (batches != app->batches_seen)
		notify_alive();
	app->batches_seen = batches;
	clerk_wake(app->clerk);
	timer_arm_in(app->watchdog_timer, app->watchdog_ms / 4);
}

/* ---- life ---- */

static const struct clerk_events clerk_events = {
	.verdict = give_verdict,
	.answered = send_verdicts,
	.row = send_row,
	.due = job_due,
	.drained = inbox_drained,
	.configured = configured,
	.notes = recall_notes,
	.store_failing = store_failing,
};

static gboolean open_store(struct app *app, GError **error)
{
	gsize count;
	const struct sql_owner *const *owners = registry_schema(&count);
	app->db = db_open(app->current->config->database, DB_WRITER, error);
	return app->db && db_migrate(app->db, owners, count, error);
}

static void drained(gpointer data);

/* Somebody knocks at the store: `belltower people import`. */
static void visited(gpointer data)
{
	struct app *app = data;
	clerk_read_register(app->clerk);
}

static void watch_door(struct app *app)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *door = db_door(app->current->config->database);
	app->door = watch_new(door, visited, app, &error);
	if (!app->door)
		log_warning("an import of people will count from the next start on", "error", error->message);
}

struct app *app_new(const struct app_setup *setup, GError **error)
{
	struct app *app = g_new0(struct app, 1);
	app->setup = *setup;
	app->current = held_new(setup->config);
	app->picture = setup->picture ? g_strdup(setup->picture) : painter_find_program();
	if (!app->picture)
		log_warning("belltower-picture is not installed: messages go without drawn pictures");
	app->texts = registry_texts();
	app->due_ms = G_MAXINT64;
	app->api = api_new(&(struct api_setup){ setup->clock, setup->lws, api_event, app });
	app->branches = g_ptr_array_new_with_free_func(branch_free);
	app->due_timer = timer_new(NULL, setup->clock, due_fired, app);
	app->watchdog_timer = timer_new(NULL, setup->clock, watch, app);
	app->drain_timer = timer_new(NULL, setup->clock, drained, app);
	if (api_configure(app->api, setup->config, error) && open_store(app, error)) {
		watch_door(app); /* before anything is read, so that no knock is missed */
		app->clerk = clerk_new(&(struct clerk_setup){ app->db, setup->clock, setup->config, app->texts, registry,
					       &clerk_events, app },
			error);
	}
	if (!app->clerk) {
		app_free(app);
		return NULL;
	}
	app->alarm = alarm_new(setup->clock, setup->config->workspaces[0]->name, trouble, app);
	for (char **warning = setup->config->warnings; warning && *warning; warning++)
		log_warning("configuration", "warning", *warning);
	/* The branches first: the clerk's first batch has rows for them. */
	for (struct config_workspace **w = setup->config->workspaces; *w; w++)
		start_branch(app, app->current, *w);
	clerk_start(app->clerk);
	app->watchdog_ms = notify_watchdog_ms();
	if (app->watchdog_ms)
		watch(app);
	return app;
}

static void branch_stopped(gpointer data)
{
	struct app *app = data;
	if (--app->stopping_branches == 0)
		app->stopped(app->stopped_data);
}

static void close_connections(struct app *app)
{
	timer_disarm(app->drain_timer);
	clerk_stop(app->clerk);
	app->stopping_branches = app->branches->len + 1;
	for (guint i = 0; i < app->branches->len; i++) {
		const struct branch *b = app->branches->pdata[i];
		b->platform->stop(b->adapter, branch_stopped, app);
	}
	branch_stopped(app);
}

static guint active_rows(const struct app *app)
{
	guint active = 0;
	for (guint i = 0; i < app->branches->len; i++)
		active += sender_active(((const struct branch *)app->branches->pdata[i])->sender);
	return active;
}

/* Every tenth of a second while stopping, until all that can go has gone or the time is over. */
static void drained(gpointer data)
{
	struct app *app = data;
	app->drain_ms -= 100;
	if (app->drain_ms <= 0 || (clerk_is_idle(app->clerk) && active_rows(app) == 0))
		close_connections(app);
	else
		timer_arm_in(app->drain_timer, 100);
}

void app_stop(struct app *app, void (*stopped)(gpointer data), gpointer data)
{
	app->stopped = stopped;
	app->stopped_data = data;
	if (app->stopping) {
		app->drain_ms = 0;
		return;
	}
	app->stopping = TRUE;
	notify_stopping();
	log_info("stopping", "rows_ready", active_rows(app));
	pause_all(app, TRUE);
	timer_disarm(app->due_timer);
	timer_disarm(app->watchdog_timer);
	app->drain_ms = DRAIN_MS;
	timer_arm_in(app->drain_timer, 0);
}

void app_free(struct app *app)
{
	if (!app)
		return;
	alarm_free(app->alarm);
	g_ptr_array_unref(app->branches);
	watch_free(app->door);
	api_free(app->api);
	clerk_free(app->clerk);
	db_close(app->db);
	timer_free(app->due_timer);
	timer_free(app->watchdog_timer);
	timer_free(app->drain_timer);
	let_go(app->current);
	let_go(app->coming);
	config_free(app->next);
	texts_free(app->texts);
	g_free(app->picture);
	g_free(app);
}

void app_tell_status(const struct app *app)
{
	for (guint i = 0; i < app->branches->len; i++) {
		const struct branch *b = app->branches->pdata[i];
		g_autoptr(cJSON) status = cJSON_CreateObject();
		b->platform->status(b->adapter, status);
		g_autofree char *text = json_print(status);
		log_info("status", "workspace", b->config->name, "is", text);
	}
}

gboolean app_is_idle(struct app *app)
{
	return clerk_is_idle(app->clerk) && active_rows(app) == 0 && app->due_ms > clock_now_ms(app->setup.clock);
}

gboolean app_is_live(const struct app *app)
{
	for (guint i = 0; i < app->branches->len; i++) {
		if (!((const struct branch *)app->branches->pdata[i])->live)
			return FALSE;
	}
	return TRUE;
}

int64_t app_next_ms(struct app *app)
{
	int64_t next = -1;
	for (guint i = 0; i < app->branches->len; i++) {
		int64_t ms = sender_next_ms(((const struct branch *)app->branches->pdata[i])->sender);
		if (ms >= 0 && (next < 0 || ms < next))
			next = ms;
	}
	return next;
}

int64_t app_due_ms(const struct app *app)
{
	return app->due_ms;
}
