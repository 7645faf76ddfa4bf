/* SPDX-License-Identifier: MIT */
/* `belltower run`: the daemon. */
#include <gio/gio.h>
#include <glib-unix.h>

#include "app.h"
#include "base/log.h"
#include "base/timer.h"
#include "base/watch.h"
#include "notify.h"
#include "program.h"

/* How long a changed file rests before it is read: an editor or a download may take several steps. */
#define REST_MS SECONDS(1)

struct daemon {
	const struct options *options;
	GPtrArray *watches; /* struct watch: the calendars' files */
	struct timer *rest;
	struct app *app;
	GMainLoop *loop;
	int code;
};

static void stopped(gpointer data)
{
	struct daemon *d = data;
	g_main_loop_quit(d->loop);
}

static gboolean stop(gpointer data)
{
	struct daemon *d = data;
	app_stop(d->app, stopped, d);
	return G_SOURCE_CONTINUE;
}

static void refused(gpointer data)
{
	struct daemon *d = data;
	d->code = EXIT_REFUSED;
	app_stop(d->app, stopped, d);
}

/* ---- reloading: the file is read in a thread of its own, for the loop waits for no disk ---- */

static void calendar_changed(gpointer data)
{
	struct daemon *d = data;
	timer_arm_in(d->rest, REST_MS);
}

static void watch_files(struct daemon *d, const struct calendar *calendar)
{
	for (const char *const *file = calendar_files(calendar); *file; file++) {
		g_autoptr(GError) error = NULL;
		struct watch *watch = watch_new(*file, calendar_changed, d, &error);
		if (watch)
			g_ptr_array_add(d->watches, watch);
		else
			log_warning("a changed calendar will count after a reload", "error", error->message);
	}
}

static void watch_calendars(struct daemon *d, const struct config *config)
{
	g_ptr_array_set_size(d->watches, 0);
	for (struct config_team **team = config->teams; *team; team++)
		if ((*team)->calendar)
			watch_files(d, (*team)->calendar);
	for (struct config_policy **policy = config->policies; policy && *policy; policy++)
		if ((*policy)->calendar)
			watch_files(d, (*policy)->calendar);
}

static void read_config(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	(void)source;
	(void)cancellable;
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct config *config = config_load(data, problems);
	for (guint i = 0; i < problems->len; i++)
		log_error("the new configuration is wrong", "problem", problems->pdata[i] ? (char *)problems->pdata[i] : "");
	g_task_return_pointer(task, config, (GDestroyNotify)config_free);
}

static void config_read(GObject *source, GAsyncResult *result, gpointer data)
{
	(void)source;
	struct daemon *d = data;
	struct config *config = g_task_propagate_pointer(G_TASK(result), NULL);
	if (config) {
		watch_calendars(d, config);
		app_reload(d->app, config);
	} else {
		log_error("the old configuration stays in force", "file", d->options->config);
		notify_ready();
	}
}

static gboolean reload(gpointer data)
{
	struct daemon *d = data;
	notify_reloading();
	g_autoptr(GTask) task = g_task_new(NULL, NULL, config_read, d);
	g_task_set_task_data(task, g_strdup(d->options->config), g_free);
	g_task_run_in_thread(task, read_config);
	return G_SOURCE_CONTINUE;
}

static gboolean tell_status(gpointer data)
{
	app_tell_status(((const struct daemon *)data)->app);
	return G_SOURCE_CONTINUE;
}

static void rested(gpointer data)
{
	log_info("a calendar's file has changed");
	reload(data);
}

static void free_watch(gpointer watch)
{
	watch_free(watch);
}

static int run_loop(struct daemon *d, struct config *config, struct clock *clock, struct lws_loop *lws)
{
	g_autoptr(GError) error = NULL;
	watch_calendars(d, config);
	d->app = app_new(&(struct app_setup){ .config = config, .clock = clock, .lws = lws, .refused = refused, .data = d }, &error);
	if (!d->app)
		return program_failed(error);
	guint signals[] = { g_unix_signal_add(SIGTERM, stop, d), g_unix_signal_add(SIGINT, stop, d),
		g_unix_signal_add(SIGHUP, reload, d), g_unix_signal_add(SIGUSR1, tell_status, d) };
	g_main_loop_run(d->loop);
	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
		g_source_remove(signals[i]);
	app_free(d->app);
	return d->code;
}

int program_run(const struct options *options)
{
	struct config *config = program_config(options->config);
	if (!config)
		return EXIT_USAGE;
	g_autoptr(GError) error = NULL;
	struct clock *clock = clock_new();
	struct lws_loop *lws = lws_loop_new(&error);
	struct daemon d = { .options = options, .loop = g_main_loop_new(NULL, FALSE), .code = EXIT_OK };
	d.watches = g_ptr_array_new_with_free_func(free_watch);
	d.rest = timer_new(NULL, clock, rested, &d);
	int code = EXIT_FAILED;
	if (lws) {
		code = run_loop(&d, config, clock, lws);
		lws_loop_free(lws);
	} else {
		program_failed(error);
		config_free(config);
	}
	g_ptr_array_unref(d.watches);
	timer_free(d.rest);
	g_main_loop_unref(d.loop);
	clock_free(clock);
	return code;
}
