/* SPDX-License-Identifier: MIT */
/* The table of commands and options, written out: for --help and for the man page. */
#include "base/roff.h"
#include "options_table.h"

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
		command->argument ? command->argument : "", " [OPTIONS]", command->tail ? " -- " : "",
		command->tail ? command->tail : "", NULL);
}

void options_help(FILE *file)
{
	GString *out = g_string_new(
		"Usage: belltower COMMAND [OPTIONS]\n\nKeeps a team's rituals on time, in the chat the "
		"team already has.\n\nCommands:\n");
	for (int i = 0; i < OPTIONS_COUNT; i++) {
		g_autofree char *left =
			g_strconcat(options_commands[i].name, options_commands[i].argument ? " " : "",
				options_commands[i].argument ? options_commands[i].argument : "", NULL);
		write_row(out, left, options_commands[i].summary);
	}
	g_string_append(out, "\nOptions of all commands:\n");
	write_row(out, "-h, --help", "Show this, or with a command its options.");
	write_row(out, "-V, --version", "Print the version.");
	g_string_append(out, "\nTo begin: belltower demo\n");
	fputs(out->str, file);
	g_string_free(out, TRUE);
}

void options_help_command(FILE *file, enum options_command which)
{
	const struct command *command = &options_commands[which];
	g_autofree char *usage = usage_of(command);
	GString *out = g_string_new(NULL);
	g_string_append_printf(out, "Usage: %s\n\n", usage);
	wrap(out, command->summary, 0, 0);
	g_string_append_c(out, '\n');
	wrap(out, command->help, 0, 0);
	g_string_append(out, "\nOptions:\n");
	for (size_t i = 0; i < options_table_count; i++) {
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

/* ---- the man page ---- */

static void write_roff_option(GString *out, const struct option *option)
{
	g_string_append(out, ".TP\n");
	if (option->letter)
		g_string_append_printf(out, "\\fB\\-%c\\fR, ", option->letter);
	g_string_append(out, "\\fB");
	g_autofree char *name = g_strconcat("--", option->name, NULL);
	roff_append(out, name);
	g_string_append(out, "\\fR");
	if (option->value)
		g_string_append_printf(out, " \\fI%s\\fR", option->value);
	g_string_append_c(out, '\n');
	roff_append(out, option->help);
	g_string_append_c(out, '\n');
}

static void write_roff_command(GString *out, int which)
{
	const struct command *command = &options_commands[which];
	g_autofree char *usage = usage_of(command);
	g_string_append_printf(out, ".SS %s\n", usage);
	roff_append(out, command->summary);
	g_string_append_c(out, '\n');
	roff_append(out, command->help);
	g_string_append_c(out, '\n');
	for (size_t i = 0; i < options_table_count; i++)
		if (options_table[i].commands & (1u << which))
			write_roff_option(out, &options_table[i]);
	if (command->example) {
		g_string_append(out, ".PP\nExample:\n.PP\n.RS 4\n.EX\n");
		roff_append(out, command->example);
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
