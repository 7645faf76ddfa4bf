/* SPDX-License-Identifier: MIT */
/*
 * belltower_sqlgen FILE.sql OUT_BASE: makes OUT_BASE.h and OUT_BASE.c of a .sql file, as store/sql.h tells.
 *
 * It does not know SQL, only its outside: literals, comments, semicolons and parameters. Whatever is wrong is
 * told as `file:line: …` and ends the build with status 1.
 */
#include <glib/gstdio.h>

#include "base/banned.h"

enum {
	ARGS_MAX = 64, /* one bit each in struct section */
};

struct section {
	char *name; /* of a query; NULL: a migration */
	int number; /* of a migration */
	int line;
	gboolean ended; /* the query's one semicolon was seen */
	guint64 args;	/* bit n - 1: $n occurs */
	GString *text;
};

struct source {
	const char *path;
	char *stem;
	char *base;	/* of the output, without its folder */
	const char *at; /* reading position */
	int line;
	GPtrArray *sections;
	GError *error;
};

static void section_free(gpointer data)
{
	struct section *section = data;
	g_free(section->name);
	g_string_free(section->text, TRUE);
	g_free(section);
}

static void fail(struct source *src, int line, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void fail(struct source *src, int line, const char *format, ...)
{
	if (src->error)
		return;
	va_list args;
	va_start(args, format);
	g_autofree char *what = g_strdup_vprintf(format, args);
	va_end(args);
	src->error = g_error_new(G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s:%d: %s", src->path, line, what);
}

static gboolean is_name(const char *word)
{
	if (!g_ascii_islower(word[0]))
		return FALSE;
	return strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(word);
}

/* ---- directives ---- */

static struct section *section_open(struct source *src)
{
	struct section *section = g_new0(struct section, 1);
	section->line = src->line;
	section->text = g_string_new(NULL);
	g_ptr_array_add(src->sections, section);
	return section;
}

static void open_migration(struct source *src, const char *word)
{
	int expected = 1;
	for (guint i = 0; i < src->sections->len; i++)
		expected += !((struct section *)src->sections->pdata[i])->name;
	guint64 number;
	if (!g_ascii_string_to_unsigned(word, 10, 1, 9999, &number, NULL))
		fail(src, src->line, "'%s' is not a number; write '-- @migration %d'", word, expected);
	else if ((int)number != expected)
		fail(src, src->line, "migration %d comes where %d is expected; number them 1, 2, 3, …",
			(int)number, expected);
	else
		section_open(src)->number = expected;
}

static void open_query(struct source *src, const char *word)
{
	if (!is_name(word)) {
		fail(src, src->line, "'%s' is not a query's name; write small letters, digits and _", word);
		return;
	}
	for (guint i = 0; i < src->sections->len; i++) {
		const struct section *other = src->sections->pdata[i];
		if (g_strcmp0(other->name, word) == 0)
			fail(src, src->line, "query '%s' stands on line %d already", word, other->line);
	}
	section_open(src)->name = g_strdup(word);
}

static const struct {
	const char *word;
	void (*open)(struct source *src, const char *argument);
} directives[] = {
	{ "migration", open_migration },
	{ "query", open_query },
};

/* line: what follows the `@`. */
static void directive(struct source *src, char *line)
{
	g_strchomp(line);
	const char *word = line + strcspn(line, " \t");
	while (*word == ' ' || *word == '\t')
		word++;
	line[strcspn(line, " \t")] = '\0';
	for (gsize i = 0; i < G_N_ELEMENTS(directives); i++) {
		if (strcmp(line, directives[i].word) == 0) {
			directives[i].open(src, word);
			return;
		}
	}
	fail(src, src->line, "unknown directive '@%s'; known are '-- @migration 1' and '-- @query name'",
		line);
}

/* ---- text ---- */

/* A line comment: dropped, unless it is a directive. Leaves its newline. */
static void read_line_comment(struct source *src)
{
	const char *text = src->at + 2 + strspn(src->at + 2, " \t");
	gsize length = strcspn(text, "\n");
	if (*text == '@') {
		g_autofree char *line = g_strndup(text + 1, length - 1);
		directive(src, line);
	}
	src->at = text + length;
}

static void read_block_comment(struct source *src, struct section *section)
{
	const char *end = strstr(src->at + 2, "*/");
	if (!end) {
		fail(src, src->line, "this comment has no end");
		return;
	}
	for (; src->at < end + 2; src->at++)
		src->line += *src->at == '\n';
	if (section)
		g_string_append_c(section->text, ' '); /* it may stand between two words */
}

/* 'text' or "name"; a doubled quote inside reads as two literals side by side, which comes to the same. */
static void read_literal(struct source *src, struct section *section)
{
	int line = src->line;
	const char *start = src->at++;
	while (*src->at && *src->at != *start)
		src->line += *src->at++ == '\n';
	if (!*src->at) {
		fail(src, line, "this %s has no end", *start == '"' ? "quoted name" : "text");
		return;
	}
	src->at++;
	g_string_append_len(section->text, start, src->at - start);
}

static void read_parameter(struct source *src, struct section *section)
{
	const char *start = src->at++;
	while (g_ascii_isdigit(*src->at))
		src->at++;
	g_autofree char *digits = g_strndup(start + 1, (gsize)(src->at - start - 1));
	guint64 number;
	if (!section->name)
		fail(src, src->line, "a migration has no parameters");
	else if (!g_ascii_string_to_unsigned(digits, 10, 1, ARGS_MAX, &number, NULL))
		fail(src, src->line, "'$%s' is not a parameter; they are $1 to $%d", digits, ARGS_MAX);
	else
		section->args |= G_GUINT64_CONSTANT(1) << (number - 1);
	g_string_append_len(section->text, start, src->at - start);
}

static void read_semicolon(struct source *src, struct section *section)
{
	src->at++;
	if (!section->name)
		g_string_append_c(section->text, ';');
	section->ended = section->name != NULL;
}

/* Drops the blanks at a line's end, and empty lines: what is left does not change with its comments. */
static void read_newline(struct source *src, struct section *section)
{
	src->at++;
	src->line++;
	if (!section)
		return;
	GString *text = section->text;
	while (text->len && strchr(" \t\r", text->str[text->len - 1]))
		g_string_truncate(text, text->len - 1);
	if (text->len && text->str[text->len - 1] != '\n')
		g_string_append_c(text, '\n');
}

static void read_sql(struct source *src, struct section *section)
{
	if (!section)
		fail(src, src->line, "text before the first '-- @migration' or '-- @query'");
	else if (section->ended)
		fail(src, src->line, "query '%s' goes on after its ';'; a query is one statement",
			section->name);
	else if (*src->at == '\'' || *src->at == '"')
		read_literal(src, section);
	else if (*src->at == '$')
		read_parameter(src, section);
	else if (*src->at == ';')
		read_semicolon(src, section);
	else if (strchr("?:@", *src->at))
		fail(src, src->line,
			"'%c' is not of the dialect SQLite and PostgreSQL share; parameters are $1, $2, …",
			*src->at);
	else
		g_string_append_c(section->text, *src->at++);
}

static void read_next(struct source *src)
{
	guint count = src->sections->len;
	struct section *section = count ? src->sections->pdata[count - 1] : NULL;
	if (g_str_has_prefix(src->at, "--"))
		read_line_comment(src);
	else if (g_str_has_prefix(src->at, "/*"))
		read_block_comment(src, section);
	else if (*src->at == '\n')
		read_newline(src, section);
	else if (strchr(" \t\r", *src->at) && (!section || section->ended))
		src->at++;
	else
		read_sql(src, section);
}

static void section_finish(struct source *src, struct section *section)
{
	g_strchomp(section->text->str);
	g_string_set_size(section->text, strlen(section->text->str));
	if (!section->text->len)
		fail(src, section->line, "this section is empty");
	if (section->args & (section->args + 1)) {
		int missing = g_bit_nth_lsf((gulong)~section->args, -1) + 1;
		fail(src, section->line, "query '%s' has no $%d, but one behind it", section->name, missing);
	}
}

static void source_read(struct source *src, const char *text)
{
	src->at = text;
	src->line = 1;
	while (*src->at && !src->error)
		read_next(src);
	for (guint i = 0; i < src->sections->len && !src->error; i++)
		section_finish(src, src->sections->pdata[i]);
}

/* ---- output ---- */

static void put_c_text(GString *out, const char *text)
{
	g_string_append_c(out, '"');
	for (; *text; text++) {
		if (*text == '\n')
			g_string_append(out, "\\n\"\n\t\t\"");
		else if (strchr("\"\\?", *text))
			g_string_append_printf(out, "\\%c", *text); /* ?: no trigraphs */
		else if (*text == '\t')
			g_string_append(out, "\\t");
		else if (g_ascii_iscntrl(*text))
			g_string_append_printf(out, "\\%03o", (guchar)*text);
		else
			g_string_append_c(out, *text);
	}
	g_string_append_c(out, '"');
}

/* SQL_STANDUP, or with a query SQL_STANDUP_SAVE_ANSWER. */
static char *constant_name(const struct source *src, const char *query)
{
	g_autofree char *name = g_strconcat("SQL_", src->stem, query ? "_" : "", query, NULL);
	return g_ascii_strup(name, -1);
}

static void put_header(const struct source *src, GString *out)
{
	g_autofree char *owner = constant_name(src, NULL);
	g_string_append_printf(
		out, "/* Made from %s.sql by belltower_sqlgen. */\n#pragma once\n\n", src->stem);
	g_string_append(out, "#include \"store/sql.h\"\n\n");
	g_string_append_printf(out, "extern const struct sql_owner %s;\n", owner);
	for (guint i = 0; i < src->sections->len; i++) {
		const struct section *section = src->sections->pdata[i];
		g_autofree char *name = section->name ? constant_name(src, section->name) : NULL;
		if (name)
			g_string_append_printf(out, "extern const struct sql %s;\n", name);
	}
}

static void put_migrations(const struct source *src, GString *out)
{
	g_string_append(out, "static const struct migration migrations[] = {\n");
	for (guint i = 0; i < src->sections->len; i++) {
		const struct section *section = src->sections->pdata[i];
		if (section->name)
			continue;
		g_autofree char *sum =
			g_compute_checksum_for_string(G_CHECKSUM_SHA256, section->text->str, -1);
		g_string_append_printf(
			out, "\t{ .number = %d, .checksum = \"%s\",\n\t\t.text = ", section->number, sum);
		put_c_text(out, section->text->str);
		g_string_append(out, " },\n");
	}
	g_string_append(out, "\t{ .number = 0 }, /* never empty */\n};\n\n");
}

static void put_query(const struct source *src, const struct section *section, GString *out)
{
	g_autofree char *name = constant_name(src, section->name);
	guint count = 0;
	for (guint64 args = section->args; args; args >>= 1)
		count++;
	g_string_append_printf(out,
		"const struct sql %s = {\n\t.name = \"%s.%s\", .arg_count = %u,\n\t.text = ", name, src->stem,
		section->name, count);
	put_c_text(out, section->text->str);
	g_string_append(out, ",\n};\n\n");
}

static void put_code(const struct source *src, GString *out)
{
	g_string_append_printf(out, "/* Made from %s.sql by belltower_sqlgen. */\n#include \"%s.h\"\n\n",
		src->stem, src->base);
	put_migrations(src, out);
	g_autoptr(GString) list = g_string_new("static const struct sql *const queries[] = {\n");
	for (guint i = 0; i < src->sections->len; i++) {
		const struct section *section = src->sections->pdata[i];
		if (!section->name)
			continue;
		put_query(src, section, out);
		g_autofree char *name = constant_name(src, section->name);
		g_string_append_printf(list, "\t&%s,\n", name);
	}
	g_string_append_printf(out, "%s\tNULL,\n};\n\n", list->str);
	g_autofree char *owner = constant_name(src, NULL);
	g_string_append_printf(out,
		"const struct sql_owner %s = {\n"
		"\t.name = \"%s\",\n"
		"\t.migrations = migrations, .migration_count = G_N_ELEMENTS(migrations) - 1,\n"
		"\t.queries = queries, .query_count = G_N_ELEMENTS(queries) - 1,\n"
		"};\n",
		owner, src->stem);
}

static void write_file(struct source *src, const char *base, void (*put)(const struct source *, GString *),
	const char *suffix)
{
	g_autofree char *path = g_strconcat(base, suffix, NULL);
	g_autoptr(GString) out = g_string_new("/* SPDX-License-Identifier: MIT */\n");
	put(src, out);
	if (!src->error)
		g_file_set_contents(path, out->str, (gssize)out->len, &src->error);
}

static void translate(struct source *src, const char *base)
{
	g_autofree char *text = NULL;
	if (!is_name(src->stem)) {
		fail(src, 1, "the file's name becomes the owner's: write small letters, digits and _");
		return;
	}
	if (!g_file_get_contents(src->path, &text, NULL, &src->error))
		return;
	if (!g_utf8_validate(text, -1, NULL))
		fail(src, 1, "this file is not UTF-8");
	else
		source_read(src, text);
	if (!src->error) {
		write_file(src, base, put_header, ".h");
		write_file(src, base, put_code, ".c");
	}
}

int main(int argc, char **argv)
{
	if (argc != 3 || !g_str_has_suffix(argv[1], ".sql")) {
		g_printerr("usage: belltower_sqlgen FILE.sql OUT_BASE\n");
		return 2;
	}
	g_autofree char *file = g_path_get_basename(argv[1]);
	struct source src = { .path = argv[1], .stem = g_strndup(file, strlen(file) - strlen(".sql")) };
	src.base = g_path_get_basename(argv[2]);
	src.sections = g_ptr_array_new_with_free_func(section_free);
	translate(&src, argv[2]);
	int status = src.error != NULL;
	if (status)
		fprintf(stderr, "%s\n",
			src.error->message); /* g_printerr would spoil UTF-8 in the C locale */
	g_clear_error(&src.error);
	g_ptr_array_unref(src.sections);
	g_free(src.stem);
	g_free(src.base);
	return status;
}
