/* SPDX-License-Identifier: MIT */
/* `belltower check`: what is wrong with the configuration, and with --online also with the platform. */
#include "base/clock.h"
#include "base/zone.h"
#include "net/lws_loop.h"
#include "platform/painter.h"
#include "platform/platforms.h"
#include "program.h"

struct online {
	GMainLoop *loop;
	guint waiting;
	gboolean problems;
};

struct question {
	struct online *online;
	const struct config_workspace *workspace;
	GPtrArray *channels; /* of the teams there, ends with NULL */
};

static void question_free(struct question *q)
{
	g_ptr_array_unref(q->channels);
	g_free(q);
}

static void answered(gpointer data, GPtrArray *findings)
{
	struct question *q = data;
	for (guint i = 0; i < findings->len; i++) {
		const char *finding = findings->pdata[i];
		g_print("%s: %s\n", q->workspace->name, finding);
		q->online->problems = q->online->problems || g_str_has_prefix(finding, "problem");
	}
	g_ptr_array_unref(findings);
	if (--q->online->waiting == 0)
		g_main_loop_quit(q->online->loop);
	question_free(q);
}

static gboolean names_by_email(const struct config_team *team)
{
	for (char **manager = team->managers; manager && *manager; manager++) {
		if (**manager != '@' && strchr(*manager, '@'))
			return TRUE;
	}
	return FALSE;
}

static void ask(struct online *online, const struct config *config, const struct config_workspace *workspace,
	struct lws_loop *lws, struct clock *clock)
{
	struct question *q = g_new0(struct question, 1);
	*q = (struct question){ online, workspace, g_ptr_array_new() };
	gboolean emails = FALSE;
	for (struct config_team **team = config->teams; *team; team++) {
		if ((*team)->workspace != workspace)
			continue;
		g_ptr_array_add(q->channels, (*team)->channel);
		emails = emails || names_by_email(*team);
	}
	g_ptr_array_add(q->channels, NULL);
	const struct adapter_setup setup = { .workspace = workspace, .clock = clock, .lws = lws,
		.channels = (const char *const *)q->channels->pdata, .emails = emails };
	platform_named(workspace->platform)->check(&setup, answered, q);
}

static int check_online(const struct config *config, struct lws_loop *lws, struct clock *clock)
{
	struct online online = { .loop = g_main_loop_new(NULL, FALSE) };
	for (struct config_workspace **w = config->workspaces; *w; w++)
		online.waiting++;
	for (struct config_workspace **w = config->workspaces; *w; w++)
		ask(&online, config, *w, lws, clock);
	g_main_loop_run(online.loop);
	g_main_loop_unref(online.loop);
	return online.problems ? EXIT_FAILED : EXIT_OK;
}

/* A calendar without next year's days off rings on holidays, and nobody knows why. */
static void print_ending(const struct config_team *team, int64_t now_ms)
{
	char today[ZONE_DAY_SIZE];
	zone_day(calendar_zone(team->calendar), now_ms, today);
	if (calendar_ends_soon(team->calendar, today))
		g_print("warning: team '%s': the calendar '%s' knows days off only until %s; bring it up to date\n", team->name,
			calendar_name(team->calendar), calendar_known_until(team->calendar));
}

static void print_missing_program(void)
{
	g_autofree char *program = painter_find_program();
	if (!program)
		g_print("warning: belltower-picture is not beside this program nor in its libexec: birthdays, parties and walls go without "
			"drawn pictures; install it\n");
}

static void print_warnings(const struct config *config)
{
	print_missing_program();
	for (char **warning = config->warnings; warning && *warning; warning++)
		g_print("warning: %s\n", *warning);
	for (struct config_team **team = config->teams; *team; team++)
		if ((*team)->calendar)
			print_ending(*team, g_get_real_time() / 1000);
}

int program_check(const struct options *options)
{
	struct config *config = program_config(options->config);
	if (!config)
		return EXIT_USAGE;
	print_warnings(config);
	int code = EXIT_OK;
	if (options->online) {
		g_autoptr(GError) error = NULL;
		struct clock *clock = clock_new();
		struct lws_loop *lws = lws_loop_new(&error);
		code = lws ? check_online(config, lws, clock) : program_failed(error);
		lws_loop_free(lws);
		clock_free(clock);
	}
	if (code == EXIT_OK)
		g_print("%s: all is well\n", options->config);
	config_free(config);
	return code;
}
