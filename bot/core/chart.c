/* SPDX-License-Identifier: MIT */
#include "core/chart.h"

enum { NUMBER_MOST = 24, CELLS = 10 };

/* ---- what stands there ---- */

static const char *text_at(const cJSON *node, const char *key)
{
	return json_text_or(node, key, "");
}

/* "-12.50": what JSON takes for a number, without an exponent. */
static gboolean is_decimal(const char *text)
{
	const char *digits = text + (*text == '-');
	gsize whole = strspn(digits, "0123456789"), length = whole;
	if (whole == 0 || (whole > 1 && digits[0] == '0') || strlen(text) > NUMBER_MOST)
		return FALSE;
	if (digits[length] == '.') {
		gsize part = strspn(digits + length + 1, "0123456789");
		if (part == 0)
			return FALSE;
		length += 1 + part;
	}
	return digits[length] == '\0';
}

static const char *value_at(const cJSON *bar, int series)
{
	const cJSON *value = cJSON_GetArrayItem(json_array(bar, "values"), series);
	return cJSON_IsString(value) && is_decimal(value->valuestring) ? value->valuestring : "0";
}

static int count_series(const cJSON *part)
{
	return MAX(cJSON_GetArraySize(json_array(part, "series")), 1);
}

static const char *series_name(const cJSON *part, int series)
{
	const cJSON *name = cJSON_GetArrayItem(json_array(part, "series"), series);
	return cJSON_IsString(name) ? name->valuestring : "";
}

/* ---- read ---- */

static char *cut(const char *text, guint points)
{
	g_autofree char *line = g_strstrip(g_strdelimit(g_strdup(text), "\r\n\t", ' '));
	if (g_utf8_strlen(line, -1) <= points)
		return g_steal_pointer(&line);
	g_autofree char *head = g_utf8_substring(line, 0, points - 1);
	return g_strconcat(head, "…", NULL);
}

/* What was taken already gets a number: who draws it would take two of one name for one. */
static void add_apart(GPtrArray *names, GHashTable *taken, const char *text, guint points)
{
	g_autofree char *name = cut(text, points);
	for (guint n = 2; g_hash_table_contains(taken, name); n++) {
		g_autofree char *number = g_strdup_printf(" %u", n);
		g_autofree char *head = cut(text, points - (guint)strlen(number));
		g_free(name);
		name = g_strconcat(head, number, NULL);
	}
	g_hash_table_add(taken, name);
	g_ptr_array_add(names, g_steal_pointer(&name));
}

void chart_read(const cJSON *part, guint title_points, guint label_points, struct chart *out)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) labels = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree char *title = chart_title(part);
	*out = (struct chart){ .title = cut(title, title_points),
		.series = g_ptr_array_new_with_free_func(g_free),
		.labels = g_ptr_array_new_with_free_func(g_free),
		.values = g_ptr_array_new_with_free_func(g_free) };
	int series = count_series(part);
	for (int k = 0; k < series; k++)
		add_apart(out->series, names, series_name(part, k), label_points);
	const cJSON *bar;
	cJSON_ArrayForEach (bar, json_array(part, "bars")) {
		add_apart(out->labels, labels, text_at(bar, "label"), label_points);
		for (int k = 0; k < series; k++)
			g_ptr_array_add(out->values, g_strdup(value_at(bar, k)));
	}
}

void chart_release(struct chart *chart)
{
	if (!chart)
		return;
	g_clear_pointer(&chart->title, g_free);
	g_clear_pointer(&chart->series, g_ptr_array_unref);
	g_clear_pointer(&chart->labels, g_ptr_array_unref);
	g_clear_pointer(&chart->values, g_ptr_array_unref);
}

const char *chart_value(const struct chart *chart, guint i, guint k)
{
	return chart->values->pdata[i * chart->series->len + k];
}

/* ---- in words ---- */

char *chart_title(const cJSON *part)
{
	const char *title = text_at(part, "title"), *unit = text_at(part, "unit");
	return *unit ? g_strdup_printf("%s (%s)", title, unit) : g_strdup(title);
}

/* The largest value: what a full bar stands for. */
static double largest(const cJSON *part)
{
	double most = 0;
	int series = count_series(part);
	const cJSON *bar;
	cJSON_ArrayForEach (bar, json_array(part, "bars")) {
		for (int k = 0; k < series; k++)
			most = MAX(most, g_ascii_strtod(value_at(bar, k), NULL));
	}
	return most;
}

/* All are equally long, so that what follows stands in one line under the other. */
static void append_bar(GString *out, const char *value, double most)
{
	double share = most > 0 ? g_ascii_strtod(value, NULL) / most : 0;
	int full = (int)(CLAMP(share, 0, 1) * CELLS + 0.5);
	for (int i = 0; i < CELLS; i++)
		g_string_append(out, i < full ? "█" : "░");
	g_string_append_printf(out, " %s", value);
}

char *chart_line(const cJSON *part, const cJSON *bar)
{
	double most = largest(part);
	int series = count_series(part);
	GString *out = g_string_new(series > 1 ? text_at(bar, "label") : NULL);
	for (int k = 0; k < series; k++) {
		if (series > 1)
			g_string_append_c(out, '\n');
		append_bar(out, value_at(bar, k), most);
		g_string_append_printf(out, " %s", series > 1 ? series_name(part, k) : text_at(bar, "label"));
	}
	return g_string_free(out, FALSE);
}

static void append_values(GString *out, const cJSON *part, const cJSON *bar)
{
	int series = count_series(part);
	for (int k = 0; k < series; k++)
		g_string_append_printf(out, "%s%s%s%s", k > 0 ? ", " : " ", series > 1 ? series_name(part, k) : "",
			series > 1 ? " " : "", value_at(bar, k));
}

char *chart_words(const cJSON *part)
{
	g_autofree char *title = chart_title(part);
	GString *out = g_string_new(title);
	const char *separator = ": ";
	const cJSON *bar;
	cJSON_ArrayForEach (bar, json_array(part, "bars")) {
		g_string_append_printf(out, "%s%s", separator, text_at(bar, "label"));
		append_values(out, part, bar);
		separator = "; ";
	}
	return g_string_free(out, FALSE);
}
