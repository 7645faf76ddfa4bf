/* SPDX-License-Identifier: MIT */
#include "options_table.h"

#include "base/nearest.h"
#include "base/span.h"
#include "base/zone.h"

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

static char *take_month(char **out, const char *value)
{
	g_autofree char *day = g_strconcat(value, "-01", NULL);
	return zone_day_is_valid(day) ? put(out, value) : g_strdup("must be a month like 2026-10");
}

static char *take_address(char **out, const char *value)
{
	return is_address(value)
		       ? put(out, value)
		       : g_strdup("must be ADDRESS:PORT, like " OPTIONS_DEFAULT_LISTEN " or [::1]:8787");
}

static char *take_platform(char **out, const char *value)
{
	static const char *const words[] = { "slack", "feishu", NULL };
	int platform = index_of(words, value);
	return platform < 0 ? g_strdup("must be one of: slack, feishu") : put(out, words[platform]);
}

static char *take_count(unsigned *out, const char *value)
{
	guint64 number;
	if (!g_ascii_string_to_unsigned(value, 10, 1, OPTIONS_MOST, &number, NULL))
		return g_strdup("must be a number from 1 to " G_STRINGIFY(OPTIONS_MOST));
	*out = (unsigned)number;
	return NULL;
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

static char *take_listing(int *out, const char *value)
{
	static const char *const words[] = { "text", "json", NULL };
	int format = index_of(words, value);
	if (format < 0)
		return g_strdup("must be one of: text, json");
	*out = format;
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

static char *take_span(int64_t *out, const char *value)
{
	return span_parse(value, out) ? NULL
				      : g_strdup("must be a span of working time like 30m, 2h, 1h30m, or of calendar days like 7d");
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
	case KIND_MONTH:
		return take_month(out, value);
	case KIND_ADDRESS:
		return take_address(out, value);
	case KIND_PLATFORM:
		return take_platform(out, value);
	case KIND_COUNT:
		return take_count(out, value);
	case KIND_TEXTS:
		return take_another(out, value);
	case KIND_LEVEL:
		return take_level(out, value);
	case KIND_LISTING:
		return take_listing(out, value);
	case KIND_EXPORT:
		return take_export(out, value);
	case KIND_STANDUP:
		return take_standup(out, value);
	case KIND_ICS:
		return strcmp(value, "ics") == 0 ? NULL : g_strdup("must be ics");
	case KIND_SPAN:
		return take_span(out, value);
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
	gboolean tail; /* stood behind "--" */
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
	return strlen(option->name) == given->name_length &&
	       strncmp(option->name, given->name, given->name_length) == 0;
}

/* The option as that command has it; any command's when it has none, so that the message can say so. */
static const struct option *find_option(const struct given *given, unsigned command_bits)
{
	const struct option *elsewhere = NULL;
	for (size_t i = 0; i < options_table_count; i++) {
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
	return letter && given->letter == letter
		       ? TRUE
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
	for (size_t i = 0; i < options_table_count; i++)
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
			struct given word = { .value = argv[i], .tail = only_words };
			g_array_append_val(r->given, word);
		}
	}
	return OPTIONS_GO;
}

/* The next word; tail: of those behind "--". */
static const struct given *next_word(const struct reader *r, gboolean tail)
{
	for (guint i = 0; i < r->given->len; i++) {
		const struct given *given = &g_array_index(r->given, struct given, i);
		if (!given->name && (!tail || given->tail))
			return given;
	}
	return NULL;
}

static const char *take(struct reader *r, const struct given *given)
{
	const char *word = given ? given->value : NULL;
	if (given)
		g_array_remove_index(r->given, (guint)(given - (const struct given *)(gpointer)r->given->data));
	return word;
}

static const char *take_word(struct reader *r)
{
	return take(r, next_word(r, FALSE));
}

/* The commands whose names begin with "word ": the second words are told, NULL-terminated; NULL when there are none. */
static char **second_words(const char *word)
{
	g_autofree char *prefix = g_strconcat(word, " ", NULL);
	g_autoptr(GStrvBuilder) words = g_strv_builder_new();
	for (int i = 0; i < OPTIONS_COUNT; i++)
		if (g_str_has_prefix(options_commands[i].name, prefix))
			g_strv_builder_add(words, options_commands[i].name + strlen(prefix));
	char **all = g_strv_builder_end(words);
	if (!*all)
		g_clear_pointer(&all, g_strfreev);
	return all;
}

static int bad_second_word(const struct reader *r, const char *word, const struct given *second, char **seconds)
{
	g_autofree char *all = g_strjoinv(", ", seconds);
	return second ? mistake(r, "'%s' knows: %s; not '%s'", word, all, second->value)
		      : mistake(r, "'%s' needs to know what: %s", word, all);
}

static int unknown_command(const struct reader *r, const char *word)
{
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	for (int i = 0; i < OPTIONS_COUNT; i++)
		g_strv_builder_add(builder, options_commands[i].name);
	g_auto(GStrv) names = g_strv_builder_end(builder);
	const char *guess = nearest_word(word, (const char *const *)names);
	if (guess)
		return mistake(r, "unknown command '%s'; did you mean '%s'?", word, guess);
	g_autofree char *all = g_strjoinv(", ", names);
	return mistake(r, "unknown command '%s'; the commands are: %s", word, all);
}

/* The command of `word`, and of the word after it where a name has two. */
static int find_command(struct reader *r, const char *word, enum options_command *out)
{
	g_auto(GStrv) seconds = second_words(word);
	const struct given *second = seconds ? next_word(r, FALSE) : NULL;
	gboolean has_two = second && g_strv_contains((const char *const *)seconds, second->value);
	g_autofree char *name = has_two ? g_strconcat(word, " ", take(r, second), NULL) : g_strdup(word);
	for (int i = 0; i < OPTIONS_COUNT; i++) {
		if (strcmp(options_commands[i].name, name) == 0) {
			*out = (enum options_command)i;
			return OPTIONS_GO;
		}
	}
	return seconds ? bad_second_word(r, word, second, seconds) : unknown_command(r, name);
}

static int bad_argument(const struct reader *r, const struct command *command, const char *word)
{
	if (!word)
		return mistake(r, "'%s' needs %s: belltower %s %s", command->name,
			command->arguments ? "to know what" : "an argument", command->name, command->argument);
	g_auto(GStrv) seconds = second_words(command->name); /* "export calendar" beside what "export" takes */
	g_autofree char *arguments = g_strjoinv(", ", (char **)command->arguments);
	g_autofree char *more = seconds ? g_strjoinv(", ", seconds) : NULL;
	return mistake(r, "'%s' knows: %s%s%s; not '%s'", command->name, arguments, more ? ", " : "", more ? more : "", word);
}

/* The words behind "--", where the command wants them apart. */
static int take_tail(struct reader *r, const struct command *command, struct options *options)
{
	const struct given *given = next_word(r, TRUE);
	if (!given)
		return mistake(r, "'%s' needs to know the program behind '--': belltower %s %s -- %s", command->name, command->name,
			command->argument, command->tail);
	for (; given; given = next_word(r, TRUE))
		take_another((char ***)((char *)options + command->tail_offset), take(r, given));
	return OPTIONS_GO;
}

static int take_argument(struct reader *r, const struct command *command, struct options *options)
{
	void *out = (char *)options + command->argument_offset;
	const char *word = take_word(r);
	if (command->argument && (!word || (command->arguments && !g_strv_contains(command->arguments, word))))
		return bad_argument(r, command, word);
	if (command->argument && !command->many) {
		put(out, word);
		word = take_word(r);
	}
	for (; word && command->many; word = take_word(r))
		take_another(out, word);
	return word ? mistake(r, "'%s' has one word too many: '%s'", command->name, word) : OPTIONS_GO;
}

static int take_words(struct reader *r, struct options *options)
{
	const struct command *command = &options_commands[options->command];
	int code = command->tail ? take_tail(r, command, options) : OPTIONS_GO;
	return code == OPTIONS_GO ? take_argument(r, command, options) : code;
}

static int take_options(struct reader *r, struct options *options)
{
	unsigned bit = 1u << options->command;
	for (guint i = 0; i < r->given->len; i++) {
		const struct given *given = &g_array_index(r->given, struct given, i);
		const struct option *option = find_option(given, bit);
		if (!(option->commands & bit))
			return mistake(r, "'%s' has no option '--%s'; see 'belltower %s --help'",
				options_commands[options->command].name, option->name,
				options_commands[options->command].name);
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
	if (options->command == OPTIONS_SLA_DUE && (!options->calendar || !options->start || options->span == OPTIONS_NO_SPAN))
		return mistake(r, "'sla due' needs '--calendar', '--start' and '--target'; see 'belltower sla due --help'");
	if (options->command == OPTIONS_SLA_WHATIF && !options->with)
		return mistake(r, "'sla whatif' needs '--with', the configuration to try; see 'belltower sla whatif --help'");
	if (options->command == OPTIONS_CALENDAR_SHOW && (!options->calendar || !options->month))
		return mistake(r, "'calendar show' needs '--calendar' and '--month'; see 'belltower calendar show --help'");
	if (options->command == OPTIONS_ANNIVERSARIES && (!options->from || !options->to))
		return mistake(r, "'anniversaries' needs '--from' and '--to', two days like 2026-03-02");
	if (options->command == OPTIONS_ANNIVERSARIES && options->format == EXPORT_XLSX)
		return mistake(r, "'--format' must be one of: json, csv, not 'xlsx'");
	if (options->days > OPTIONS_MOST_DAYS)
		return mistake(r, "'--days' must be " G_STRINGIFY(OPTIONS_MOST_DAYS) " at most, not '%u'", options->days);
	if (options->from && options->to && strcmp(options->from, options->to) > 0)
		return mistake(r, "'--from' %s lies after '--to' %s", options->from, options->to);
	return OPTIONS_GO;
}

static void fill_in(struct options *options)
{
	if (!options->config)
		options->config = g_strdup(g_file_test(OPTIONS_DEFAULT_HERE, G_FILE_TEST_EXISTS)
						   ? OPTIONS_DEFAULT_HERE
						   : OPTIONS_DEFAULT_THERE);
	if (!options->listen)
		options->listen = g_strdup(OPTIONS_DEFAULT_LISTEN);
	if (!options->days)
		options->days = 7;
	if (!options->platform)
		options->platform = g_strdup("slack");
}

/* "help", "help run", "--help", "run --help". */
static int help(struct reader *r, const char *word, FILE *out)
{
	enum options_command command;
	if (!word) {
		options_help(out);
		return EXIT_OK;
	}
	int code = find_command(r, word, &command);
	if (code != OPTIONS_GO)
		return code;
	options_help_command(out, command);
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
		word = options_commands[OPTIONS_VERSION].name;
	if (!word) {
		options_help(r->err);
		return EXIT_USAGE;
	}
	int code = find_command(r, word, &options->command);
	if (code == OPTIONS_GO)
		code = take_words(r, options);
	if (code == OPTIONS_GO)
		code = take_options(r, options);
	return code == OPTIONS_GO ? check_together(r, options) : code;
}

int options_parse(int argc, char *const *argv, struct options *options, FILE *out, FILE *err)
{
	struct reader r = { .given = g_array_new(FALSE, TRUE, sizeof(struct given)), .err = err };
	*options = (struct options){ .log_level = LOG_LEVEL_INFO,
		.span = OPTIONS_NO_SPAN,
		.people = 200,
		.teams = 10,
		.outstanding = 100,
		.settle_ms = 1500,
		.source = g_strdup("file"),
		.steps = g_new0(char *, 1),
		.bot = g_new0(char *, 1),
		.mentions = g_new0(char *, 1),
		.pauses = g_new0(char *, 1) };
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
	g_free(options->platform);
	g_free(options->bot_log);
	g_strfreev(options->steps);
	g_strfreev(options->bot);
	g_free(options->subject);
	g_free(options->team);
	g_free(options->from);
	g_free(options->to);
	g_free(options->output);
	g_free(options->target);
	g_free(options->with);
	g_free(options->file);
	g_free(options->source);
	g_free(options->calendar);
	g_free(options->month);
	g_free(options->start);
	g_strfreev(options->pauses);
	g_strfreev(options->mentions);
	*options = (struct options){ 0 };
}
