/* SPDX-License-Identifier: MIT */
/*
 * The register as a file: CSV (RFC 4180, UTF-8 with or without a mark), with a header that names the columns in any order:
 *
 *	name,email,slack_id,feishu_id,zone,language,teams,manager,roles,birthday,hired
 *	林晓梅,xm@example.com,U012AB3CD,,Asia/Shanghai,zh-CN,sales,ana@example.com,sales;mentor,lunar 08-15,2023-03-01
 *
 * Only `name` must be there. Any thread.
 */
#pragma once

#include "team/register.h"

#include "base/banned.h"

enum { REGISTER_FILE_LIMIT_BYTES = 16 * 1024 * 1024 };

/*
 * Reads a file's text into struct register_entry (owned by the array), in the file's order. NULL when something is wrong:
 * then `problems` (of char *, which it frees) has a line for each, `file:line: what is wrong; what to write instead`.
 * teams: those of the configuration, NULL-terminated.
 */
GPtrArray *register_file_parse(
	const char *file, const char *text, gsize length, const char *const *teams, GPtrArray *problems);

/* The same entries as a file's text. Caller frees. */
char *register_file_print(const GPtrArray *entries);
