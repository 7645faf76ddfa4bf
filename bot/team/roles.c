/* SPDX-License-Identifier: MIT */
#include "team/roles.h"

static const char *const known[][6] = {
	{ "sales", "销售攻坚", "销售" },
	{ "operations", "运营支持", "运营", "ops" },
	{ "data", "数据赋能", "数据" },
	{ "mentor", "导师" },
	{ ROLE_HR, "人力资源", "人事", "人力" },
	{ ROLE_CEO, "首席执行官", "总经理" },
};

static gboolean same(const char *one, const char *other)
{
	g_autofree char *fold_one = g_utf8_casefold(one, -1), *fold_other = g_utf8_casefold(other, -1);
	return strcmp(fold_one, fold_other) == 0;
}

const char *const *role_names(const char *role)
{
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		for (const char *const *name = known[i]; *name; name++)
			if (same(*name, role))
				return known[i];
	return NULL;
}

gboolean role_is(const char *one, const char *other)
{
	const char *const *names = role_names(one);
	return names ? names == role_names(other) : same(one, other);
}

gboolean role_is_among(const char *roles, const char *role)
{
	g_auto(GStrv) list = g_strsplit(roles, ";", -1);
	for (char **one = list; *one; one++)
		if (*g_strstrip(*one) && role_is(*one, role))
			return TRUE;
	return FALSE;
}
