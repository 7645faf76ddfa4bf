/* SPDX-License-Identifier: MIT */
/* A chart as it is read for drawing, and as it is told in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/chart.h"

#define BAR(label, values) "{\"label\":\"" label "\",\"values\":[" values "]}"
#define ONE(bars) "{\"part\":\"chart\",\"title\":\"Deals\",\"unit\":\"\",\"series\":[],\"bars\":[" bars "]}"
#define TWO(bars) "{\"part\":\"chart\",\"title\":\"成单\",\"unit\":\"单\",\"series\":[\"本周\",\"上周\"],\"bars\":[" bars "]}"

/* read: "title | series,… | label=value,…; …" with titles of 20 and labels of 8 code points; lines: joined by " / ". */
static const struct {
	const char *json, *read, *lines, *words;
} charts[] = {
	{ ONE(BAR("Ana", "\"10\"") "," BAR("Bo", "\"5\"")), "Deals |  | Ana=10; Bo=5", "██████████ 10 Ana / █████░░░░░ 5 Bo", "Deals: Ana 10; Bo 5" },
	{ TWO(BAR("王磊", "\"4\",\"2\"")), "成单 (单) | 本周,上周 | 王磊=4,2", "王磊\n██████████ 4 本周\n█████░░░░░ 2 上周", "成单 (单): 王磊 本周 4, 上周 2" },
	/* what is no number, or not there */
	{ TWO(BAR("Ana", "\"x\"") "," BAR("Bo", "\"1e9\",\"-2.5\"")), "成单 (单) | 本周,上周 | Ana=0,0; Bo=0,-2.5",
		"Ana\n░░░░░░░░░░ 0 本周\n░░░░░░░░░░ 0 上周 / Bo\n░░░░░░░░░░ 0 本周\n░░░░░░░░░░ -2.5 上周",
		"成单 (单): Ana 本周 0, 上周 0; Bo 本周 0, 上周 -2.5" },
	{ ONE(BAR("a", "7") "," BAR("b", "\"007\"") "," BAR("c", "\"1.\"") "," BAR("d", "\"0.5\"") "," BAR("e", "\"\"")),
		"Deals |  | a=0; b=0; c=0; d=0.5; e=0", "░░░░░░░░░░ 0 a / ░░░░░░░░░░ 0 b / ░░░░░░░░░░ 0 c / ██████████ 0.5 d / ░░░░░░░░░░ 0 e",
		"Deals: a 0; b 0; c 0; d 0.5; e 0" },
	/* two of one name, also once they are cut */
	{ ONE(BAR("Ana", "\"1\"") "," BAR("Ana", "\"2\"")), "Deals |  | Ana=1; Ana 2=2", "█████░░░░░ 1 Ana / ██████████ 2 Ana", "Deals: Ana 1; Ana 2" },
	{ ONE(BAR("Anastasia", "\"1\"") "," BAR("Anastasius", "\"1\"")), "Deals |  | Anastas…=1; Anast… 2=1", "██████████ 1 Anastasia / ██████████ 1 Anastasius",
		"Deals: Anastasia 1; Anastasius 1" },
	{ ONE(BAR(" a\\nb ", "\"1\"")), "Deals |  | a b=1", "██████████ 1  a\nb ", "Deals:  a\nb  1" },
	/* nothing, or something else */
	{ ONE(""), "Deals |  | ", "", "Deals" },
	{ "{\"part\":\"chart\"}", " |  | ", "", "" },
	{ "{\"part\":\"chart\",\"title\":3,\"series\":7,\"bars\":[3,null,{}]}", " |  | =0;  2=0;  3=0", "░░░░░░░░░░ 0  / ░░░░░░░░░░ 0  / ░░░░░░░░░░ 0 ",
		":  0;  0;  0" },
};

static char *read_whole(const cJSON *part)
{
	g_auto(chart_auto) chart;
	chart_read(part, 20, 8, &chart);
	GString *out = g_string_new(chart.title);
	g_string_append(out, " | ");
	for (guint k = 0; k < chart.series->len; k++)
		g_string_append_printf(out, "%s%s", k ? "," : "", (const char *)chart.series->pdata[k]);
	g_string_append(out, " | ");
	for (guint i = 0; i < chart.labels->len; i++) {
		g_string_append_printf(out, "%s%s", i ? "; " : "", (const char *)chart.labels->pdata[i]);
		for (guint k = 0; k < chart.series->len; k++)
			g_string_append_printf(out, "%c%s", k ? ',' : '=', chart_value(&chart, i, k));
	}
	return g_string_free(out, FALSE);
}

static char *lines_of(const cJSON *part)
{
	GString *out = g_string_new(NULL);
	const cJSON *bar;
	cJSON_ArrayForEach (bar, json_array(part, "bars")) {
		g_autofree char *line = chart_line(part, bar);
		g_string_append_printf(out, "%s%s", out->len ? " / " : "", line);
	}
	return g_string_free(out, FALSE);
}

static void test_charts(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(charts); i++) {
		g_autoptr(cJSON) part = json_parse(charts[i].json, strlen(charts[i].json), NULL);
		assert_non_null(part);
		g_autofree char *read = read_whole(part), *lines = lines_of(part), *words = chart_words(part);
		const char *const pairs[][2] = { { read, charts[i].read }, { lines, charts[i].lines }, { words, charts[i].words } };
		for (size_t k = 0; k < G_N_ELEMENTS(pairs); k++)
			if (strcmp(pairs[k][0], pairs[k][1]) != 0)
				fail_msg("%s\n gives    %s\n not      %s", charts[i].json, pairs[k][0], pairs[k][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_charts) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
