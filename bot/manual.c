/* SPDX-License-Identifier: MIT */
/*
 * belltower_manual page | schema: prints the man page, or the configuration's JSON schema, from their tables.
 * A build tool; what is said here is what no table knows.
 */
#include <stdio.h>

#include "options.h"
#include "team/config_keys.h"

/* clang-format off: a line for each */
static const char head[] = ".TH BELLTOWER 1 \"\" \"Belltower " BELLTOWER_VERSION "\" \"User Commands\"\n"
			   ".SH NAME\n"
			   "belltower \\- keeps a team's rituals on time, in the chat the team already has\n";

static const char description[] = ".SH DESCRIPTION\n"
				  "Belltower sits in a team's chat and keeps its promises there: it takes "
				  "the three\\-line standup, shows it on the\n"
				  "team's board, and tells who is missing. What the team says stays in one "
				  "SQLite file that the team owns.\n"
				  ".PP\n"
				  "\\fBbelltower demo\\fR shows it all on this machine, without an account. "
				  "To serve a workspace, make an app from\n"
				  "\\fIslack\\-app\\-manifest.yaml\\fR, write a configuration, and let "
				  "\\fBbelltower check \\-\\-online\\fR say what is "
				  "missing.\n";

static const char configuration[] =
	".SH CONFIGURATION\n"
	"A YAML file in UTF\\-8, one document, at most 1 MiB. All problems are told at once, each with its "
	"line and column.\n"
	".PP\n"
	"Any text may hold \\fB${NAME}\\fR, the environment variable of that name, which must be set; "
	"\\fB$${\\fR writes a\n"
	"literal \\fB${\\fR. A value that begins with # or @ must stand in quotes. Relative paths start at "
	"the folder of the\n"
	"configuration, except where another is named.\n"
	".PP\n"
	"A secret may stand in a file of its own, named by the key with \\fB_file\\fR behind it; a line end "
	"after it is\n"
	"ignored. A relative path starts at \\fI$CREDENTIALS_DIRECTORY\\fR when systemd has set it.\n";

static const char rest[] =
	".SH EXIT STATUS\n"
	".TP\n\\fB0\\fR\nDone; for \\fBparse\\fR: the message is a whole standup.\n"
	".TP\n\\fB1\\fR\nFailed; for \\fBparse\\fR: the message is no whole standup.\n"
	".TP\n\\fB2\\fR\nA mistake on the command line or in the configuration. systemd does not start it "
	"again.\n"
	".TP\n\\fB3\\fR\nThe platform refused the tokens. systemd does not start it again.\n"
	".SH SIGNALS\n"
	".TP\n\\fBSIGTERM\\fR, \\fBSIGINT\\fR\n"
	"Stop: what was begun is finished and acknowledged, the outbox sends for up to five seconds.\n"
	".TP\n\\fBSIGHUP\\fR\nRead the configuration again. A valid one is taken whole; otherwise the old "
	"one stays, and the\n"
	"log says why.\n"
	".TP\n\\fBSIGUSR1\\fR\nLog how each workspace stands: its connections, when it last heard what, how soon\n"
	"events are acknowledged.\n"
	".SH ENVIRONMENT\n"
	".TP\n\\fBCREDENTIALS_DIRECTORY\\fR\nWhere relative paths of secrets start; set by systemd.\n"
	".TP\n\\fBSTATE_DIRECTORY\\fR\nWhere a relative \\fBdatabase\\fR starts; set by systemd.\n"
	".TP\n\\fBhttps_proxy\\fR, \\fBno_proxy\\fR\nThe proxy of workspaces that name none.\n"
	".SH FILES\n"
	".TP\n\\fI./belltower.yaml\\fR, \\fI/etc/belltower/belltower.yaml\\fR\n"
	"The configuration, the first that is there, when \\fB\\-c\\fR names none.\n"
	".TP\n\\fI/var/lib/belltower\\fR\nThe database, when systemd runs it.\n"
	".SH SEE ALSO\n"
	".BR systemd.exec (5),\n.BR systemd\\-creds (1),\n.BR journalctl (1)\n";
/* clang-format on */

static char *page(void)
{
	g_autofree char *commands = options_manual();
	g_autofree char *keys = config_manual();
	char *split =
		strstr(commands, ".SH COMMANDS"); /* the description goes between synopsis and commands */
	g_autofree char *synopsis = g_strndup(commands, (gsize)(split - commands));
	return g_strconcat(head, synopsis, description, split, configuration, keys, rest, NULL);
}

static const struct {
	const char *name;
	char *(*make)(void);
} prints[] = { { "page", page }, { "schema", config_schema } };

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < G_N_ELEMENTS(prints); i++) {
		if (strcmp(argv[1], prints[i].name) != 0)
			continue;
		g_autofree char *text = prints[i].make();
		return fputs(text, stdout) < 0;
	}
	fputs("usage: belltower_manual page|schema\n", stderr);
	return 2;
}
