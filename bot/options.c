/* SPDX-License-Identifier: MIT */
#include "options.h"

#include "base/nearest.h"
#include "base/zone.h"

#define DEFAULT_HERE  "belltower.yaml"
#define DEFAULT_THERE "/etc/belltower/belltower.yaml"
#define DEFAULT_LISTEN "127.0.0.1:8787"

/* ---- the table ---- */

enum option_kind {
	KIND_FLAG,    /* gboolean; takes no value */
	KIND_TEXT,    /* char * */
	KIND_DAY,     /* char *, YYYY-MM-DD */
	KIND_ADDRESS, /* char *, ADDRESS:PORT */
	KIND_TEXTS,   /* char **, may stand several times */
	KIND_LEVEL,   /* enum log_level */
	KIND_EXPORT,  /* int, enum export_format */
	KIND_STANDUP, /* int, 'A' or 'B' */
};

#define FOR(command) (1u << OPTIONS_##command)
enum { FOR_ALL = (1u << OPTIONS_COUNT) - 1 };

struct option {
	const char *name;
	char letter; /* 0: none */
	const char *value; /* what its value is called; NULL: takes none */
	enum option_kind kind;
	size_t offset;
	unsigned commands;
	const char *help;
};

#define AT(field) offsetof(struct options, field)

static const struct option options_table[] = {
	{ "config", 'c', "FILE", KIND_TEXT, AT(config), FOR(RUN) | FOR(CHECK) | FOR(EXPORT) | FOR(BACKUP),
	  "The configuration. When absent: ./" DEFAULT_HERE " when it is there, else " DEFAULT_THERE "." },
	{ "online", 0, NULL, KIND_FLAG, AT(online), FOR(CHECK),
	  "Also ask the platforms: tokens, missing scopes, whether the bot is in its channels, clocks." },
	{ "listen", 0, "ADDRESS:PORT", KIND_ADDRESS, AT(listen), FOR(DEMO) | FOR(SANDBOX),
	  "Where the page and the API are served. When absent: " DEFAULT_LISTEN ". Port 0 takes a free one." },
	{ "database", 0, "FILE", KIND_TEXT, AT(database), FOR(DEMO),
	  "Keep what happens in this file. When absent it is gone afterwards." },
	{ "company", 0, "FILE", KIND_TEXT, AT(company), FOR(DEMO) | FOR(SANDBOX),
	  "The company that plays. When absent: a small sales company." },
	{ "tls-cert", 0, "FILE", KIND_TEXT, AT(tls_cert), FOR(SANDBOX),
	  "Serve https and wss with this certificate (PEM); needs --tls-key." },
	{ "tls-key", 0, "FILE", KIND_TEXT, AT(tls_key), FOR(SANDBOX), "The certificate's private key (PEM)." },
	{ "format", 0, "json|csv|xlsx", KIND_EXPORT, AT(format), FOR(EXPORT), "How it is written. When absent: json." },
	{ "format", 0, "A|B", KIND_STANDUP, AT(format), FOR(PARSE),
	  "The team's format. A: results, goals, risks. B: results, goals, actions. When absent: A." },
	{ "team", 0, "TEAM", KIND_TEXT, AT(team), FOR(EXPORT), "Only this team. When absent: all teams." },
	{ "from", 0, "DATE", KIND_DAY, AT(from), FOR(EXPORT), "From this day on, YYYY-MM-DD." },
	{ "to", 0, "DATE", KIND_DAY, AT(to), FOR(EXPORT), "Up to this day, which is included, YYYY-MM-DD." },
	{ "output", 'o', "FILE", KIND_TEXT, AT(output), FOR(EXPORT), "Write this file. When absent: standard output." },
	{ "mention", 0, "TEXT", KIND_TEXTS, AT(mentions), FOR(PARSE),
	  "How people address the bot, such as '<@U0BOT>'; may stand several times." },
	{ "log-level", 0, "error|warning|info|debug", KIND_LEVEL, AT(log_level), FOR_ALL & ~FOR(VERSION),
	  "What is logged, to standard error or the journal. When absent: info." },
};

struct command {
	const char *name;
	const char *argument;		/* "TARGET", or NULL: takes none */
	const char *const *arguments;	/* the words it may be; NULL: any */
	size_t argument_offset;		/* char * */
	const char *summary;
	const char *help;
	const char *example;
};

static const char *const export_subjects[] = { "standups", NULL };
static const char *const parse_subjects[] = { "standup", NULL };

static const struct command commands[OPTIONS_COUNT] = {
	[OPTIONS_RUN] = { "run", .summary = "Serve the teams of the configuration until told to stop.",
		.help = "Connects to every workspace and keeps the teams' rituals. SIGTERM and SIGINT finish what was begun "
			"and stop; SIGHUP reads the configuration again and takes it whole, or keeps the old one and says why.",
		.example = "belltower run -c /etc/belltower/belltower.yaml" },
	[OPTIONS_CHECK] = { "check", .summary = "Tell everything that is wrong with the configuration.",
		.help = "Reads the configuration and tells each problem with its line and column. With --online it also "
			"asks the platforms, without posting anything.",
		.example = "belltower check --online" },
	[OPTIONS_DEMO] = { "demo", .summary = "Try it all on this machine: the sandbox and the bot in one process.",
		.help = "Prints an address to open in a browser: a chat on this machine in which you act as any member of a "
			"small company and the bot answers. No account and no network are needed.",
		.example = "belltower demo" },
	[OPTIONS_SANDBOX] = { "sandbox", .summary = "Be a chat server that speaks the platforms' own protocols.",
		.help = "Serves the API, the WebSocket and a page for people, over a workspace in memory. Point a bot's "
			"api_url at it. Everything in it is gone when it ends.",
		.example = "belltower sandbox --listen " DEFAULT_LISTEN },
	[OPTIONS_EXPORT] = { "export", "standups", export_subjects, AT(subject),
		.summary = "Write out what the teams have reported.",
		.help = "Reads the database, also while the bot runs, and writes one record for each person and day.",
		.example = "belltower export standups --format xlsx --team sales --from 2026-03-01 --output march.xlsx" },
	[OPTIONS_PARSE] = { "parse", "standup", parse_subjects, AT(subject),
		.summary = "Show how one message is understood.",
		.help = "Reads a message from standard input and prints as JSON what the bot understands. Exit status 0 "
			"when it is a whole standup, 1 when it is not.",
		.example = "printf 'closed 2 deals\\ncall 15 leads\\nnone' | belltower parse standup --format A" },
	[OPTIONS_BACKUP] = { "backup", "TARGET", NULL, AT(target), .summary = "Copy the database to a file, while the bot runs.",
		.help = "TARGET is a new file; it holds one consistent moment of the database, which `database:` may name again.",
		.example = "belltower backup /var/backups/belltower.db" },
	[OPTIONS_VERSION] = { "version", .summary = "Print the version.", .help = "The same as --version." },
};

/* ---- help ---- */

enum { HELP_WIDTH = 100, HELP_COLUMN = 30 };

/* Appends words broken into lines; the first begins at column `at`, the others at `indent`. */
static void wrap(GString *out, const char *text, int at, int indent)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	for (char **word = words; *word; word++) {
		int length = (int)g_utf8_strlen(*word, -1);
		if (word != words && at + 1 + length > HELP_WIDTH) {
			g_string_append_printf(out, "\n%*s", indent, "");
			at = indent;
		} else if (word != words) {
			g_string_append_c(out, ' ');
			at++;
		}
		g_string_append(out, *word);
		at += length;
	}
	g_string_append_c(out, '\n');
}

static void write_row(GString *out, const char *left, const char *right)
{
	int at = 2 + (int)g_utf8_strlen(left, -1);
	g_string_append_printf(out, "  %s", left);
	if (at + 2 > HELP_COLUMN) {
		g_string_append_c(out, '\n');
		at = 0;
	}
	g_string_append_printf(out, "%*s", HELP_COLUMN - at, "");
	wrap(out, right, HELP_COLUMN, HELP_COLUMN);
}

static char *option_label(const struct option *option)
{
	GString *label = g_string_new(NULL);
	if (option->letter)
		g_string_append_printf(label, "-%c, ", option->letter);
	g_string_append_printf(label, "--%s", option->name);
	if (option->value)
		g_string_append_printf(label, " %s", option->value);
	return g_string_free(label, FALSE);
}

static char *usage_of(const struct command *command)
{
	return g_strconcat("belltower ", command->name, command->argument ? " " : "",
		command->argument ? command->argument : "", " [OPTIONS]", NULL);
}

static void print_general_help(FILE *file)
{
	GString *out = g_string_new("Usage: belltower COMMAND [OPTIONS]\n\nKeeps a team's rituals on time, in the chat the "
				    "team already has.\n\nCommands:\n");
	for (int i = 0; i < OPTIONS_COUNT; i++) {
		g_autofree char *left = g_strconcat(commands[i].name, commands[i].argument ? " " : "",
			commands[i].argument ? commands[i].argument : "", NULL);
		write_row(out, left, commands[i].summary);
	}
	g_string_append(out, "\nOptions of all commands:\n");
	write_row(out, "-h, --help", "Show this, or with a command its options.");
	write_row(out, "-V, --version", "Print the version.");
	g_string_append(out, "\nTo begin: belltower demo\n");
	fputs(out->str, file);
	g_string_free(out, TRUE);
}

static void print_command_help(FILE *file, enum options_command which)
{
	const struct command *command = &commands[which];
	g_autofree char *usage = usage_of(command);
	GString *out = g_string_new(NULL);
	g_string_append_printf(out, "Usage: %s\n\n", usage);
	wrap(out, command->summary, 0, 0);
	g_string_append_c(out, '\n');
	wrap(out, command->help, 0, 0);
	g_string_append(out, "\nOptions:\n");
	for (size_t i = 0; i < G_N_ELEMENTS(options_table); i++) {
		if (!(options_table[i].commands & (1u << which)))
			continue;
		g_autofree char *label = option_label(&options_table[i]);
		write_row(out, label, options_table[i].help);
	}
	write_row(out, "-h, --help", "Show this.");
	if (command->example)
		g_string_append_printf(out, "\nExample:\n  %s\n", command->example);
	fputs(out->str, file);
	g_string_free(out, TRUE);
}

/* ---- values: NULL, or what is wrong ---- */

static char *put(char **out, const char *value)
{
	g_free(*out);
	*out = g_strdup(value);
	return NULL;
}

static int index_of(const char *const *words, const char *value)
{
	for (int i = 0; words[i]; i++)
		if (g_ascii_strcasecmp(words[i], value) == 0)
			return i;
	return -1;
}

static gboolean is_address(const char *value)
{
	const char *colon = strrchr(value, ':');
	gint64 port;
	if (!colon || colon == value || !g_ascii_string_to_signed(colon + 1, 10, 0, 65535, &port, NULL))
		return FALSE;
	gboolean bare = memchr(value, ':', (size_t)(colon - value)) == NULL;
	return bare || (value[0] == '[' && colon[-1] == ']');
}

static char *take_day(char **out, const char *value)
{
	return zone_day_is_valid(value) ? put(out, value) : g_strdup("must be a day like 2026-03-02");
}

static char *take_address(char **out, const char *value)
{
	return is_address(value) ? put(out, value) : g_strdup("must be ADDRESS:PORT, like " DEFAULT_LISTEN " or [::1]:8787");
}

static char *take_another(char ***out, const char *value)
{
	guint count = g_strv_length(*out);
	*out = g_renew(char *, *out, count + 2);
	(*out)[count] = g_strdup(value);
	(*out)[count + 1] = NULL;
	return NULL;
}

static char *take_level(enum log_level *out, const char *value)
{
	static const char *const words[] = { "error", "warning", "info", "debug", NULL };
	int level = index_of(words, value);
	if (level < 0)
		return g_strdup("must be one of: error, warning, info, debug");
	*out = (enum log_level)level;
	return NULL;
}

static char *take_export(int *out, const char *value)
{
	static const char *const words[] = { "json", "csv", "xlsx", NULL };
	int format = index_of(words, value);
	if (format < 0)
		return g_strdup("must be one of: json, csv, xlsx");
	*out = format;
	return NULL;
}

static char *take_standup(int *out, const char *value)
{
	static const char *const words[] = { "A", "B", NULL };
	int format = index_of(words, value);
	if (format < 0)
		return g_strdup("must be A or B");
	*out = 'A' + format;
	return NULL;
}

static char *take_value(const struct option *option, const char *value, struct options *options)
{
	void *out = (char *)options + option->offset;
	switch (option->kind) {
	case KIND_FLAG:
		*(gboolean *)out = TRUE;
		return NULL;
	case KIND_TEXT:
		return *value ? put(out, value) : g_strdup("must not be empty");
	case KIND_DAY:
		return take_day(out, value);
	case KIND_ADDRESS:
		return take_address(out, value);
	case KIND_TEXTS:
		return take_another(out, value);
	case KIND_LEVEL:
		return take_level(out, value);
	case KIND_EXPORT:
		return take_export(out, value);
	case KIND_STANDUP:
		return take_standup(out, value);
	}
	return NULL;
}

/* ---- reading ---- */

/* The arguments, taken apart: words, and options with their values. */
struct given {
	const char *name; /* of an option; NULL: a word */
	char letter;
	size_t name_length;
	const char *value;
};

struct reader {
	GArray *given; /* struct given, in order, without help and version */
	gboolean help, version;
	FILE *err;
};

static G_GNUC_PRINTF(2, 3) int mistake(const struct reader *r, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *what = g_strdup_vprintf(format, args);
	va_end(args);
	fprintf(r->err, "belltower: %s\nTry 'belltower --help'.\n", what);
	return EXIT_USAGE;
}

static gboolean is_named(const struct option *option, const struct given *given)
{
	if (given->letter)
		return option->letter == given->letter;
	return strlen(option->name) == given->name_length && strncmp(option->name, given->name, given->name_length) == 0;
}

/* The option as that command has it; any command's when it has none, so that the message can say so. */
static const struct option *find_option(const struct given *given, unsigned command_bits)
{
	const struct option *elsewhere = NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(options_table); i++) {
		if (!is_named(&options_table[i], given))
			continue;
		if (options_table[i].commands & command_bits)
			return &options_table[i];
		elsewhere = &options_table[i];
	}
	return elsewhere;
}

static gboolean is_word(const struct given *given, const char *word, char letter)
{
	return letter && given->letter == letter ? TRUE
						  : !given->letter && strlen(word) == given->name_length &&
							    strncmp(given->name, word, given->name_length) == 0;
}

/* One argument that begins with a dash: --name, --name=value, -l, -lvalue. */
static struct given split_dash(const char *argument)
{
	struct given given = { .name = argument + 1 };
	if (argument[1] == '-') {
		given.name = argument + 2;
		given.name_length = strcspn(given.name, "=");
		given.value = given.name[given.name_length] ? given.name + given.name_length + 1 : NULL;
	} else {
		given.letter = argument[1];
		given.value = argument[2] ? argument + 2 : NULL;
	}
	return given;
}

static int unknown_option(const struct reader *r, const struct given *given, const char *argument)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *name = g_strndup(given->name, given->name_length);
	for (size_t i = 0; i < G_N_ELEMENTS(options_table); i++)
		g_ptr_array_add(names, (gpointer)options_table[i].name);
	g_ptr_array_add(names, (gpointer) "help");
	g_ptr_array_add(names, (gpointer) "version");
	g_ptr_array_add(names, NULL);
	const char *guess = given->letter ? NULL : nearest_word(name, (const char *const *)names->pdata);
	if (guess)
		return mistake(r, "unknown option '--%s'; did you mean '--%s'?", name, guess);
	return mistake(r, "unknown option '%s'", argument);
}

/* Reads the option at argv[*at] and moves over its value. */
static int read_dash(struct reader *r, int argc, char *const *argv, int *at)
{
	const char *argument = argv[*at];
	struct given given = split_dash(argument);
	if (is_word(&given, "help", 'h') && !given.value) {
		r->help = TRUE;
		return OPTIONS_GO;
	}
	if (is_word(&given, "version", 'V') && !given.value) {
		r->version = TRUE;
		return OPTIONS_GO;
	}
	const struct option *option = find_option(&given, FOR_ALL);
	if (!option)
		return unknown_option(r, &given, argument);
	if (!option->value && given.value)
		return mistake(r, "'--%s' takes no value", option->name);
	if (option->value && !given.value) {
		if (*at + 1 >= argc)
			return mistake(r, "'--%s' needs a value: %s", option->name, option->value);
		given.value = argv[++*at];
	}
	g_array_append_val(r->given, given);
	return OPTIONS_GO;
}

static int take_apart(struct reader *r, int argc, char *const *argv)
{
	gboolean only_words = FALSE;
	for (int i = 1; i < argc; i++) {
		if (!g_utf8_validate(argv[i], -1, NULL))
			return mistake(r, "argument %d is not UTF-8", i);
		if (!only_words && strcmp(argv[i], "--") == 0) {
			only_words = TRUE;
		} else if (!only_words && argv[i][0] == '-' && argv[i][1]) {
			int code = read_dash(r, argc, argv, &i);
			if (code != OPTIONS_GO)
				return code;
		} else {
			struct given word = { .value = argv[i] };
			g_array_append_val(r->given, word);
		}
	}
	return OPTIONS_GO;
}

static const char *take_word(struct reader *r)
{
	for (guint i = 0; i < r->given->len; i++) {
		const struct given *given = &g_array_index(r->given, struct given, i);
		const char *word = given->value;
		if (given->name)
			continue;
		g_array_remove_index(r->given, i);
		return word;
	}
	return NULL;
}

static int find_command(const struct reader *r, const char *word, enum options_command *out)
{
	const char *names[OPTIONS_COUNT + 1] = { NULL };
	for (int i = 0; i < OPTIONS_COUNT; i++) {
		names[i] = commands[i].name;
		if (strcmp(names[i], word) == 0) {
			*out = (enum options_command)i;
			return OPTIONS_GO;
		}
	}
	const char *guess = nearest_word(word, names);
	if (guess)
		return mistake(r, "unknown command '%s'; did you mean '%s'?", word, guess);
	g_autofree char *all = g_strjoinv(", ", (char **)names);
	return mistake(r, "unknown command '%s'; the commands are: %s", word, all);
}

static int take_argument(struct reader *r, struct options *options)
{
	const struct command *command = &commands[options->command];
	const char *word = take_word(r);
	if (command->argument && !word)
		return mistake(r, "'%s' needs %s: belltower %s %s", command->name,
			command->arguments ? "to know what" : "an argument", command->name, command->argument);
	if (command->arguments && !g_strv_contains(command->arguments, word)) {
		g_autofree char *all = g_strjoinv(", ", (char **)command->arguments);
		return mistake(r, "'%s' knows: %s; not '%s'", command->name, all, word);
	}
	if (command->argument) {
		put((char **)((char *)options + command->argument_offset), word);
		word = take_word(r);
	}
	return word ? mistake(r, "'%s' has one word too many: '%s'", command->name, word) : OPTIONS_GO;
}

static int take_options(struct reader *r, struct options *options)
{
	unsigned bit = 1u << options->command;
	for (guint i = 0; i < r->given->len; i++) {
		const struct given *given = &g_array_index(r->given, struct given, i);
		const struct option *option = find_option(given, bit);
		if (!(option->commands & bit))
			return mistake(r, "'%s' has no option '--%s'; see 'belltower %s --help'",
				commands[options->command].name, option->name, commands[options->command].name);
		g_autofree char *reason = take_value(option, given->value, options);
		if (reason && *given->value)
			return mistake(r, "'--%s' %s, not '%s'", option->name, reason, given->value);
		if (reason)
			return mistake(r, "'--%s' %s", option->name, reason);
	}
	return OPTIONS_GO;
}

static int check_together(const struct reader *r, const struct options *options)
{
	if (!options->tls_cert != !options->tls_key)
		return mistake(r, "'--tls-cert' and '--tls-key' go together");
	if (options->from && options->to && strcmp(options->from, options->to) > 0)
		return mistake(r, "'--from' %s lies after '--to' %s", options->from, options->to);
	return OPTIONS_GO;
}

static void fill_in(struct options *options)
{
	if (!options->config)
		options->config = g_strdup(g_file_test(DEFAULT_HERE, G_FILE_TEST_EXISTS) ? DEFAULT_HERE : DEFAULT_THERE);
	if (!options->listen)
		options->listen = g_strdup(DEFAULT_LISTEN);
}

/* "help", "help run", "--help", "run --help". */
static int help(struct reader *r, const char *word, FILE *out)
{
	enum options_command command;
	if (!word) {
		print_general_help(out);
		return EXIT_OK;
	}
	int code = find_command(r, word, &command);
	if (code != OPTIONS_GO)
		return code;
	print_command_help(out, command);
	return EXIT_OK;
}

static int read_command(struct reader *r, struct options *options, FILE *out)
{
	const char *word = take_word(r);
	if (word && strcmp(word, "help") == 0)
		return help(r, take_word(r), out);
	if (r->help)
		return help(r, word, out);
	if (r->version)
		word = commands[OPTIONS_VERSION].name;
	if (!word) {
		print_general_help(r->err);
		return EXIT_USAGE;
	}
	int code = find_command(r, word, &options->command);
	if (code == OPTIONS_GO)
		code = take_argument(r, options);
	if (code == OPTIONS_GO)
		code = take_options(r, options);
	return code == OPTIONS_GO ? check_together(r, options) : code;
}

int options_parse(int argc, char *const *argv, struct options *options, FILE *out, FILE *err)
{
	struct reader r = { .given = g_array_new(FALSE, TRUE, sizeof(struct given)), .err = err };
	*options = (struct options){ .log_level = LOG_LEVEL_INFO, .mentions = g_new0(char *, 1) };
	int code = take_apart(&r, argc, argv);
	if (code == OPTIONS_GO)
		code = read_command(&r, options, out);
	if (code == OPTIONS_GO)
		fill_in(options);
	g_array_unref(r.given);
	return code;
}

void options_release(struct options *options)
{
	g_free(options->config);
	g_free(options->listen);
	g_free(options->database);
	g_free(options->company);
	g_free(options->tls_cert);
	g_free(options->tls_key);
	g_free(options->subject);
	g_free(options->team);
	g_free(options->from);
	g_free(options->to);
	g_free(options->output);
	g_free(options->target);
	g_strfreev(options->mentions);
	*options = (struct options){ 0 };
}

/* ---- the man page ---- */

static void write_roff(GString *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\')
			g_string_append(out, "\\e");
		else if (*text == '-')
			g_string_append(out, "\\-");
		else
			g_string_append_c(out, *text);
	}
}

static void write_roff_option(GString *out, const struct option *option)
{
	g_string_append(out, ".TP\n");
	if (option->letter)
		g_string_append_printf(out, "\\fB\\-%c\\fR, ", option->letter);
	g_string_append(out, "\\fB");
	g_autofree char *name = g_strconcat("--", option->name, NULL);
	write_roff(out, name);
	g_string_append(out, "\\fR");
	if (option->value)
		g_string_append_printf(out, " \\fI%s\\fR", option->value);
	g_string_append_c(out, '\n');
	write_roff(out, option->help);
	g_string_append_c(out, '\n');
}

static void write_roff_command(GString *out, int which)
{
	const struct command *command = &commands[which];
	g_autofree char *usage = usage_of(command);
	g_string_append_printf(out, ".SS %s\n", usage);
	write_roff(out, command->summary);
	g_string_append_c(out, '\n');
	write_roff(out, command->help);
	g_string_append_c(out, '\n');
	for (size_t i = 0; i < G_N_ELEMENTS(options_table); i++)
		if (options_table[i].commands & (1u << which))
			write_roff_option(out, &options_table[i]);
	if (command->example) {
		g_string_append(out, ".PP\nExample:\n.PP\n.RS 4\n.EX\n");
		write_roff(out, command->example);
		g_string_append(out, "\n.EE\n.RE\n");
	}
}

char *options_manual(void)
{
	GString *out = g_string_new(".SH SYNOPSIS\n.B belltower\n.I COMMAND\n.RI [ OPTIONS ]\n.SH COMMANDS\n"
				    "Every command takes \\fB\\-h\\fR, \\fB\\-\\-help\\fR.\n");
	for (int i = 0; i < OPTIONS_COUNT; i++)
		write_roff_command(out, i);
	return g_string_free(out, FALSE);
}
