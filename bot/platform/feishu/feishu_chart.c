/* SPDX-License-Identifier: MIT */
#include "platform/feishu/feishu_chart.h"

#include "core/chart.h"
#include "platform/feishu/feishu_pen.h"
#include "platform/feishu/feishu_pieces.h"

/* The fields of a point: what it is, how much, and of which series. */
#define LABEL  "label"
#define VALUE  "value"
#define SERIES "series"

static void put_line(cJSON *object, const char *key, const char *text, guint points)
{
	g_autofree char *line = pen_line(text, points);
	json_put_text(object, key, line);
}

static void put_points(cJSON *values, const struct chart *chart)
{
	for (guint i = 0; i < chart->labels->len; i++) {
		for (guint k = 0; k < chart->series->len; k++) {
			cJSON *point = json_push_object(values);
			put_line(point, LABEL, chart->labels->pdata[i], PIECE_CHART_LABEL_MAX);
			cJSON_AddRawToObject(point, VALUE, chart_value(chart, i, k));
			if (chart->series->len > 1)
				put_line(point, SERIES, chart->series->pdata[k], PIECE_CHART_LABEL_MAX);
		}
	}
}

/* Of several series the bars of one label stand side by side, and a legend tells whose they are. */
static void put_fields(cJSON *spec, gboolean several)
{
	if (!several) {
		json_put_text(spec, "xField", LABEL);
	} else {
		cJSON *fields = json_put_array(spec, "xField");
		json_push_text(fields, LABEL);
		json_push_text(fields, SERIES);
		json_put_text(spec, "seriesField", SERIES);
		json_put_bool(json_put_object(spec, "legends"), "visible", TRUE);
	}
	json_put_text(spec, "yField", VALUE);
	json_put_bool(json_put_object(spec, "label"), "visible", TRUE);
}

cJSON *feishu_chart(const cJSON *part)
{
	g_auto(chart_auto) chart;
	chart_read(part, PIECE_TITLE_MAX, PIECE_CHART_LABEL_MAX, &chart);
	cJSON *spec = cJSON_CreateObject();
	json_put_text(spec, "type", "bar");
	put_line(json_put_object(spec, "title"), "text", chart.title, PIECE_TITLE_MAX);
	put_points(json_put_array(json_put_object(spec, "data"), "values"), &chart);
	put_fields(spec, chart.series->len > 1);
	return spec;
}

gsize feishu_chart_bytes(const cJSON *part)
{
	if (cJSON_GetArraySize(json_array(part, "bars")) == 0)
		return 0;
	g_autoptr(cJSON) spec = feishu_chart(part);
	g_autofree char *text = json_print(spec);
	return pen_escaped_bytes(text);
}
