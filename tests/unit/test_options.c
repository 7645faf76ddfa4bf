/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "options.h"

/* What one command line came to. */
struct outcome {
	int code;
	struct options options;
	char *out, *err;
};

static struct outcome parse(const char *line)
{
	struct outcome o = { 0 };
	int argc = 0;
	g_auto(GStrv) argv = NULL;
	g_autofree char *whole = g_strconcat("belltower ", line, NULL);
	size_t out_size, err_size;
	FILE *out = open_memstream(&o.out, &out_size), *err = open_memstream(&o.err, &err_size);
	assert_true(g_shell_parse_argv(whole, &argc, &argv, NULL));
	o.code = options_parse(argc, argv, &o.options, out, err);
	fclose(out);
	fclose(err);
	return o;
}

static void outcome_release(struct outcome *o)
{
	options_release(&o->options);
	free(o->out);
	free(o->err);
}

/* clang-format off: a line for each */
static const struct {
	const char *line;
	const char *told; /* the first line on standard error, without "belltower: " */
} mistakes[] = {
	{ "rnu", "unknown command 'rnu'; did you mean 'run'?" },
	{ "dance", "unknown command 'dance'; the commands are: run, check, demo, sandbox, sandbox load, export, export calendar, parse, "
		   "backup, people import, people export, deals import, anniversaries, rehearse, calendar show, sla due, sla replay, sla vectors, sla whatif, version" },
	{ "help rnu", "unknown command 'rnu'; did you mean 'run'?" },
	{ "run --conifg x", "unknown option '--conifg'; did you mean '--config'?" },
	{ "sla whatif", "'sla whatif' needs '--with', the configuration to try; see 'belltower sla whatif --help'" },
	{ "run --zzz", "unknown option '--zzz'" },
	{ "run -x", "unknown option '-x'" },
	{ "run -c", "'--config' needs a value: FILE" },
	{ "run -c ''", "'--config' must not be empty" },
	{ "run --online", "'run' has no option '--online'; see 'belltower run --help'" },
	{ "--online run", "'run' has no option '--online'; see 'belltower run --help'" },
	{ "check --online=yes", "'--online' takes no value" },
	{ "run now", "'run' has one word too many: 'now'" },
	{ "export", "'export' needs to know what: belltower export standups|rounds|highlights|sla|deals" },
	{ "export leads", "'export' knows: standups, rounds, highlights, sla, deals, calendar; not 'leads'" },
	{ "export standups more", "'export' has one word too many: 'more'" },
	{ "export standups --format pdf", "'--format' must be one of: json, csv, xlsx, not 'pdf'" },
	{ "parse standup --format json", "'--format' must be A or B, not 'json'" },
	{ "--format csv parse standup", "'--format' must be A or B, not 'csv'" },
	{ "export standups --from 2026-02-30", "'--from' must be a day like 2026-03-02, not '2026-02-30'" },
	{ "export standups --from 2026-03-02 --to 2026-03-01",
		"'--from' 2026-03-02 lies after '--to' 2026-03-01" },
	{ "sandbox --tls-cert a.pem", "'--tls-cert' and '--tls-key' go together" },
	{ "sandbox --listen 8787",
		"'--listen' must be ADDRESS:PORT, like 127.0.0.1:8787 or [::1]:8787, not '8787'" },
	{ "sandbox --listen ::1:8787",
		"'--listen' must be ADDRESS:PORT, like 127.0.0.1:8787 or [::1]:8787, not '::1:8787'" },
	{ "sandbox --listen a:70000",
		"'--listen' must be ADDRESS:PORT, like 127.0.0.1:8787 or [::1]:8787, not 'a:70000'" },
	{ "sandbox --listen :1",
		"'--listen' must be ADDRESS:PORT, like 127.0.0.1:8787 or [::1]:8787, not ':1'" },
	{ "sandbox full:1 -- bot", "'sandbox' has one word too many: 'full:1'" },
	{ "sandbox --people 3", "'sandbox' has no option '--people'; see 'belltower sandbox --help'" },
	{ "sandbox load full:1",
		"'sandbox load' needs to know the program behind '--': belltower sandbox load STEP... -- BOT [ARGUMENT]..." },
	{ "sandbox load -- bot full:1", "'sandbox load' needs an argument: belltower sandbox load STEP..." },
	{ "sandbox load full:1 --people 0 -- bot", "'--people' must be a number from 1 to 1000000, not '0'" },
	{ "sandbox load full:1 --teams many -- bot", "'--teams' must be a number from 1 to 1000000, not 'many'" },
	{ "sandbox load full:1 --platform teams -- bot", "'--platform' must be one of: slack, feishu, not 'teams'" },
	{ "sandbox load full:1 --daily=3 -- bot", "'--daily' takes no value" },
	{ "run --log-level loud", "'--log-level' must be one of: error, warning, info, debug, not 'loud'" },
	{ "backup", "'backup' needs an argument: belltower backup TARGET" },
	{ "people", "'people' needs to know what: import, export" },
	{ "rehearse --days 0", "'--days' must be a number from 1 to 1000000, not '0'" },
	{ "rehearse --days 367", "'--days' must be 366 at most, not '367'" },
	{ "rehearse --format csv", "'--format' must be one of: text, json, not 'csv'" },
	{ "anniversaries --from 2026-01-01", "'anniversaries' needs '--from' and '--to', two days like 2026-03-02" },
	{ "anniversaries --from 2026-01-01 --to 2026-01-02 --format xlsx", "'--format' must be one of: json, csv, not 'xlsx'" },
	{ "calendar show --month 2026-10", "'calendar show' needs '--calendar' and '--month'; see 'belltower calendar show --help'" },
	{ "sla", "'sla' needs to know what: due, replay, vectors, whatif" },
	{ "sla deu", "'sla' knows: due, replay, vectors, whatif; not 'deu'" },
	{ "due", "unknown command 'due'; the commands are: run, check, demo, sandbox, sandbox load, export, export calendar, parse, "
		 "backup, people import, people export, deals import, anniversaries, rehearse, calendar show, sla due, sla replay, sla vectors, sla whatif, version" },
	{ "sla vectors", "'sla vectors' needs an argument: belltower sla vectors FILE" },
	{ "sla due --target 2h", "'sla due' needs '--calendar', '--start' and '--target'; see 'belltower sla due --help'" },
	{ "run \xff", "argument 2 is not UTF-8" },
};
/* clang-format on */

static void tells_mistakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(mistakes); i++) {
		struct outcome o = parse(mistakes[i].line);
		g_autofree char *expected =
			g_strdup_printf("belltower: %s\nTry 'belltower --help'.\n", mistakes[i].told);
		assert_string_equal(o.err, expected);
		assert_string_equal(o.out, "");
		assert_int_equal(o.code, EXIT_USAGE);
		outcome_release(&o);
	}
}

static void knows_the_commands(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		enum options_command command;
	} cases[] = {
		{ "run", OPTIONS_RUN },
		{ "check --online", OPTIONS_CHECK },
		{ "demo", OPTIONS_DEMO },
		{ "sandbox", OPTIONS_SANDBOX },
		{ "sandbox load full:1 -- bot", OPTIONS_LOAD },
		{ "export standups", OPTIONS_EXPORT },
		{ "export calendar --format ics", OPTIONS_EXPORT_CALENDAR },
		{ "parse standup", OPTIONS_PARSE },
		{ "backup x.db", OPTIONS_BACKUP },
		{ "sla replay", OPTIONS_SLA_REPLAY },
		{ "sla vectors x.json", OPTIONS_SLA_VECTORS },
		{ "sla whatif --with x.yaml", OPTIONS_SLA_WHATIF },
		{ "sla --target 0m due --calendar cn --start now", OPTIONS_SLA_DUE },
		{ "version", OPTIONS_VERSION },
		{ "--version", OPTIONS_VERSION },
		{ "-V", OPTIONS_VERSION },
		{ "-c x run", OPTIONS_RUN },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct outcome o = parse(cases[i].line);
		assert_string_equal(o.err, "");
		assert_int_equal(o.code, OPTIONS_GO);
		assert_int_equal(o.options.command, cases[i].command);
		outcome_release(&o);
	}
}

static void fills_in_what_is_absent(void **state)
{
	(void)state;
	struct outcome o = parse("run");
	assert_string_equal(
		o.options.config, "/etc/belltower/belltower.yaml"); /* no belltower.yaml beside the tests */
	assert_string_equal(o.options.listen, "127.0.0.1:8787");
	assert_int_equal(o.options.log_level, LOG_LEVEL_INFO);
	assert_int_equal(o.options.format, 0);
	assert_null(o.options.mentions[0]);
	assert_null(o.options.database);
	outcome_release(&o);
}

/* What stands behind "--" is the bot's, options and all. */
static void reads_a_load(void **state)
{
	(void)state;
	struct outcome o = parse("sandbox load --people 60 full:10 idle:1 --platform FEISHU --daily -- bot load --people 3 --");
	assert_string_equal(o.err, "");
	static const char *const steps[] = { "full:10", "idle:1", NULL }, *const bot[] = { "bot", "load", "--people", "3", "--", NULL };
	assert_true(g_strv_equal((const char *const *)o.options.steps, steps));
	assert_true(g_strv_equal((const char *const *)o.options.bot, bot));
	assert_int_equal(o.options.people, 60);
	assert_int_equal(o.options.teams, 10);
	assert_int_equal(o.options.outstanding, 100);
	assert_int_equal(o.options.settle_ms, 1500);
	assert_true(o.options.daily);
	assert_string_equal(o.options.platform, "feishu");
	outcome_release(&o);
	o = parse("backup -- --odd.db");
	assert_string_equal(o.options.target, "--odd.db");
	outcome_release(&o);
}

static void reads_values(void **state)
{
	(void)state;
	struct outcome o = parse(
		"--log-level=DEBUG export -cb.yaml standups --format xlsx --team 销售 --from 2026-03-01 "
		"--to=2026-03-01 -o out.xlsx");
	assert_string_equal(o.err, "");
	assert_int_equal(o.options.log_level, LOG_LEVEL_DEBUG);
	assert_string_equal(o.options.config, "b.yaml");
	assert_string_equal(o.options.subject, "standups");
	assert_int_equal(o.options.format, EXPORT_XLSX);
	assert_string_equal(o.options.team, "销售");
	assert_string_equal(o.options.from, "2026-03-01");
	assert_string_equal(o.options.to, "2026-03-01");
	assert_string_equal(o.options.output, "out.xlsx");
	outcome_release(&o);

	o = parse("parse standup --format b --mention '<@U0BOT>' --mention=@bot");
	assert_int_equal(o.options.format, 'B');
	assert_string_equal(o.options.mentions[0], "<@U0BOT>");
	assert_string_equal(o.options.mentions[1], "@bot");
	assert_null(o.options.mentions[2]);
	outcome_release(&o);

	o = parse("backup -- -odd-name-");
	assert_string_equal(o.options.target, "-odd-name-");
	outcome_release(&o);

	o = parse("sandbox --listen [::1]:0 --tls-cert c --tls-key k --company x.yaml");
	assert_string_equal(o.options.listen, "[::1]:0");
	assert_string_equal(o.options.tls_cert, "c");
	outcome_release(&o);

	o = parse("run -c one -c two"); /* the last one counts */
	assert_string_equal(o.options.config, "two");
	outcome_release(&o);
}

static void helps(void **state)
{
	(void)state;
	static const struct {
		const char *line, *holds;
	} cases[] = {
		{ "--help", "Usage: belltower COMMAND" },
		{ "-h", "To begin: belltower demo" },
		{ "help", "Usage: belltower COMMAND" },
		{ "help export", "Usage: belltower export standups|rounds|highlights|sla|deals" },
		{ "export --help", "--format json|csv|xlsx" },
		{ "--help parse", "--format A|B" },
		{ "run -c x --help", "-c, --config FILE" },
		{ "check -h", "--online" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct outcome o = parse(cases[i].line);
		assert_int_equal(o.code, EXIT_OK);
		assert_string_equal(o.err, "");
		if (!strstr(o.out, cases[i].holds))
			fail_msg("'%s' does not hold '%s':\n%s", cases[i].line, cases[i].holds, o.out);
		g_auto(GStrv) lines = g_strsplit(o.out, "\n", -1);
		for (char **line = lines; *line; line++)
			if (!g_str_has_prefix(*line, "  printf") && !g_str_has_prefix(*line, "  belltower"))
				assert_true(g_utf8_strlen(*line, -1) <= 100);
		outcome_release(&o);
	}
	struct outcome o = parse("");
	assert_int_equal(o.code, EXIT_USAGE);
	assert_non_null(strstr(o.err, "Usage: belltower COMMAND"));
	assert_string_equal(o.out, "");
	outcome_release(&o);
}

static void help_and_manual_say_the_same(void **state)
{
	(void)state;
	static const char *const names[OPTIONS_COUNT] = { "run", "check", "demo", "sandbox", "export",
		"parse", "backup", "version" };
	g_autofree char *manual = options_manual();
	struct outcome general = parse("--help");
	for (int i = 0; i < OPTIONS_COUNT; i++) {
		g_autofree char *title = g_strconcat(".SS belltower ", names[i], NULL);
		g_autofree char *row = g_strconcat("\n  ", names[i], NULL);
		assert_non_null(strstr(manual, title));
		assert_non_null(strstr(general.out, row));
	}
	assert_non_null(strstr(manual, "\\fB\\-\\-tls\\-cert\\fR \\fIFILE\\fR"));
	outcome_release(&general);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_mistakes),
		cmocka_unit_test(knows_the_commands),
		cmocka_unit_test(fills_in_what_is_absent),
		cmocka_unit_test(reads_values),
		cmocka_unit_test(reads_a_load),
		cmocka_unit_test(helps),
		cmocka_unit_test(help_and_manual_say_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
