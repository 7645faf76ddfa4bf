/* SPDX-License-Identifier: MIT */
/*
 * belltower_manual schema: prints what is made from the tables, the configuration's JSON schema. A build tool.
 */
#include <stdio.h>

#include "team/config_keys.h"

int main(int argc, char **argv)
{
	if (argc != 2 || strcmp(argv[1], "schema") != 0) {
		fputs("usage: belltower_manual schema\n", stderr);
		return 2;
	}
	g_autofree char *text = config_schema();
	return fputs(text, stdout) < 0;
}
