/* SPDX-License-Identifier: MIT */
#include "platform/slack/slack_units.h"

#include "core/chart.h"
#include "platform/slack/slack_mrkdwn.h"

enum {
	UNIT_MIN = 40,	   /* less of a text says nothing */
	CUT_RESERVE = 20,  /* for the line that says how much was left out */
	PAGE_LEAST = 1000, /* a full page has more than this */
};

static const char *text_at(const cJSON *node, const char *key)
{
	return json_text_or(node, key, "");
}

static const char *string_of(const cJSON *node)
{
	return cJSON_IsString(node) ? node->valuestring : "";
}

/* ---- what each kind says ---- */

static void write_title(struct ink *ink, const struct unit *unit)
{
	ink_text(ink, INK_BOLD, text_at(unit->node, "text"));
}

static void write_span(struct ink *ink, const cJSON *span)
{
	static const struct {
		const char *key;
		enum ink_style style;
	} styles[] = {
		{ "plain", INK_PLAIN },
		{ "bold", INK_BOLD },
		{ "quiet", INK_QUIET },
		{ "code", INK_CODE },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(styles); i++)
		ink_text(ink, styles[i].style, text_at(span, styles[i].key));
	const char *account = text_at(span, "mention");
	if (*account)
		ink_mention(ink, account);
	if (*text_at(span, "link"))
		ink_link(ink, text_at(span, "link"), text_at(span, "label"));
}

static void write_paragraph(struct ink *ink, const struct unit *unit)
{
	const cJSON *span;
	cJSON_ArrayForEach (span, json_array(unit->node, "spans")) {
		write_span(ink, span);
	}
}

/* The label as a heading of the value. */
static void write_fact(struct ink *ink, const struct unit *unit)
{
	ink_text(ink, INK_BOLD, text_at(unit->node, "label"));
	ink_text(ink, INK_PLAIN, "\n");
	ink_text(ink, INK_PLAIN, text_at(unit->node, "value"));
}

static void write_item(struct ink *ink, const struct unit *unit)
{
	ink_text(ink, INK_PLAIN, "• ");
	ink_text(ink, INK_PLAIN, string_of(unit->node));
}

/* A row is a line, "*first*  column: cell · column: cell": it can be read on a phone too. */
static void write_row(struct ink *ink, const struct unit *unit)
{
	const cJSON *cell, *column = json_at(unit->part, "columns.0");
	gboolean first = TRUE;
	cJSON_ArrayForEach (cell, unit->node) {
		if (!first) {
			ink_text(ink, INK_QUIET, string_of(column));
			ink_text(ink, INK_PLAIN, *string_of(column) ? ": " : "");
		}
		ink_text(ink, first ? INK_BOLD : INK_PLAIN, string_of(cell));
		ink_text(ink, INK_PLAIN, !cell->next ? "" : first ? "  " : " · ");
		column = column ? column->next : NULL;
		first = FALSE;
	}
}

static void write_context(struct ink *ink, const struct unit *unit)
{
	ink_text(ink, INK_PLAIN, text_at(unit->node, "text"));
}

/* A file that was not brought says so. */
static void write_loss(struct ink *ink, const cJSON *part)
{
	if (json_at(part, "file") || !*text_at(part, "lost"))
		return;
	ink_text(ink, INK_PLAIN, " – ");
	ink_text(ink, INK_PLAIN, text_at(part, "lost"));
}

/* Where no picture can stand its words do. */
static void write_picture(struct ink *ink, const struct unit *unit)
{
	ink_text(ink, INK_PLAIN, "🖼 ");
	ink_text(ink, INK_PLAIN, text_at(unit->node, "alt"));
	write_loss(ink, unit->node);
}

static void write_file(struct ink *ink, const struct unit *unit)
{
	ink_text(ink, INK_PLAIN, "📎 ");
	ink_text(ink, INK_PLAIN, text_at(unit->node, "name"));
	write_loss(ink, unit->node);
}

static void write_chart_title(struct ink *ink, const struct unit *unit)
{
	g_autofree char *title = chart_title(unit->part);
	ink_text(ink, INK_BOLD, title);
}

static void write_bar(struct ink *ink, const struct unit *unit)
{
	g_autofree char *line = chart_line(unit->part, unit->node);
	ink_text(ink, INK_PLAIN, line);
}

static const struct part_kind {
	const char *name;
	enum unit_kind unit;
	const char *list; /* one unit for each of these; NULL: the part is one unit */
	void (*write)(struct ink *ink, const struct unit *unit);
} part_kinds[] = {
	{ "title", UNIT_TITLE, NULL, NULL },
	{ "paragraph", UNIT_TEXT, NULL, write_paragraph },
	{ "facts", UNIT_FIELD, "facts", write_fact },
	{ "list", UNIT_LINE, "items", write_item },
	{ "table", UNIT_LINE, "rows", write_row },
	{ "divider", UNIT_DIVIDER, NULL, NULL },
	{ "chart", UNIT_LINE, "bars", write_bar },
	{ "picture", UNIT_CONTEXT, NULL, write_picture },
	{ "file", UNIT_CONTEXT, NULL, write_file },
	{ "buttons", UNIT_BUTTON, "buttons", NULL },
	{ "context", UNIT_CONTEXT, NULL, write_context },
};

static const struct part_kind plain_title = { "title", UNIT_TEXT, NULL, write_title };
static const struct part_kind drawn_chart = { "chart", UNIT_CHART, NULL, NULL };
static const struct part_kind shown_picture = { "picture", UNIT_PICTURE, NULL, NULL };

static gboolean is_part(const cJSON *part, const char *name)
{
	return strcmp(text_at(part, "part"), name) == 0;
}

/* Each bar needs its name, each series its own. */
static gboolean can_be_drawn(const cJSON *part)
{
	const cJSON *bar, *series = json_array(part, "series");
	int bars = cJSON_GetArraySize(json_array(part, "bars"));
	if (bars < 1 || bars > SLACK_CHART_BARS || cJSON_GetArraySize(series) > SLACK_CHART_SERIES ||
		ink_is_blank(text_at(part, "title")))
		return FALSE;
	cJSON_ArrayForEach (bar, json_array(part, "bars")) {
		if (ink_is_blank(text_at(bar, "label")))
			return FALSE;
	}
	cJSON_ArrayForEach (bar, series) {
		if (ink_is_blank(string_of(bar)))
			return FALSE;
	}
	return TRUE;
}

/* As Slack checks it: F and capitals or digits. */
static gboolean is_file_id(const char *text)
{
	return text[0] == 'F' && text[1] && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == strlen(text);
}

/* charts: how many may still be drawn. */
static const struct part_kind *part_kind(const cJSON *part, gboolean plain, guint charts)
{
	const char *name = text_at(part, "part");
	if (plain && is_part(part, plain_title.name))
		return &plain_title;
	if (charts > 0 && is_part(part, drawn_chart.name) && can_be_drawn(part))
		return &drawn_chart;
	if (!plain && is_part(part, shown_picture.name) && is_file_id(text_at(part, "file")))
		return &shown_picture;
	for (gsize i = 0; i < G_N_ELEMENTS(part_kinds); i++)
		if (strcmp(part_kinds[i].name, name) == 0)
			return &part_kinds[i];
	return NULL;
}

/* ---- the units ---- */

static void unit_release(gpointer data)
{
	struct unit *unit = data;
	g_clear_pointer(&unit->pages, g_ptr_array_unref);
}

static guint page_limit(enum unit_kind kind)
{
	return kind == UNIT_FIELD     ? SLACK_FIELD_MAX
	       : kind == UNIT_CONTEXT ? SLACK_CONTEXT_MAX
				      : SLACK_SECTION_MAX;
}

/* The text of a unit in about `limit` code points. A fact is one field and has but one page. */
static void set_text(struct unit *unit, guint limit)
{
	if (unit->kind == UNIT_FIELD)
		limit = MIN(limit, SLACK_FIELD_MAX);
	struct ink *ink = ink_new(page_limit(unit->kind), limit);
	unit->write(ink, unit);
	g_clear_pointer(&unit->pages, g_ptr_array_unref);
	unit->pages = ink_finish(ink);
	unit->points = 0;
	for (guint i = 0; i < unit->pages->len; i++)
		unit->points += (guint)g_utf8_strlen(unit->pages->pdata[i], -1) + 1;
}

static void set_title(struct unit *unit)
{
	g_autofree char *title = ink_plain(text_at(unit->node, "text"), SLACK_HEADER_MAX, TRUE);
	if (ink_is_blank(title))
		return;
	unit->points = (guint)g_utf8_strlen(title, -1);
	unit->pages = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(unit->pages, g_steal_pointer(&title));
}

/* All that is written in a chart that is drawn. */
static guint chart_points(const cJSON *part)
{
	g_autofree char *words = chart_words(part);
	return (guint)g_utf8_strlen(words, -1);
}

static void add_unit(
	GArray *units, const struct part_kind *kind, const cJSON *part, const cJSON *node, guint limit)
{
	struct unit unit = { .kind = kind->unit, .part = part, .node = node, .write = kind->write };
	if (unit.write)
		set_text(&unit, limit);
	else if (kind->unit == UNIT_TITLE)
		set_title(&unit);
	else if (kind->unit == UNIT_BUTTON)
		unit.points =
			(guint)CLAMP(g_utf8_strlen(text_at(node, "label"), -1), 1, SLACK_BUTTON_TEXT_MAX);
	else if (kind->unit == UNIT_CHART)
		unit.points = chart_points(part);
	else if (kind->unit == UNIT_PICTURE)
		unit.points = (guint)CLAMP(g_utf8_strlen(text_at(part, "alt"), -1), 1, SLACK_ALT_MAX);
	g_array_append_val(units, unit);
}

static void add_part(GArray *units, const cJSON *part, guint limit, gboolean plain, guint *charts)
{
	static const struct part_kind heading = { "chart", UNIT_LINE, NULL, write_chart_title };
	const struct part_kind *kind = part_kind(part, plain, *charts);
	const cJSON *node;
	if (!kind || (plain && kind->unit == UNIT_BUTTON))
		return;
	if (kind == &drawn_chart)
		--*charts;
	else if (is_part(part, heading.name))
		add_unit(units, &heading, part, part, limit);
	if (!kind->list) {
		add_unit(units, kind, part, part, limit);
		return;
	}
	cJSON_ArrayForEach (node, json_array(part, kind->list)) {
		add_unit(units, kind, part, node, limit);
	}
}

/* ---- too much text ---- */

static struct unit *unit_at(GArray *units, guint i)
{
	return &g_array_index(units, struct unit, i);
}

/* The points of all units when none that can be shortened has more than `each`. */
static guint64 sum_below(GArray *units, guint each)
{
	guint64 sum = 0;
	for (guint i = 0; i < units->len; i++)
		sum += unit_at(units, i)->write ? MIN(unit_at(units, i)->points, each)
						: unit_at(units, i)->points;
	return sum;
}

/* The largest length of a unit with which all of them fit; at least UNIT_MIN. */
static guint fair_share(GArray *units, guint budget)
{
	guint low = UNIT_MIN, high = MAX(budget, UNIT_MIN);
	while (low < high) {
		guint middle = low + (high - low + 1) / 2;
		if (sum_below(units, middle) <= budget)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

/* Empties units from the end until the rest fits, buttons only when told to; gives how many, and the first of
 * them. */
static guint drop_last(GArray *units, guint budget, gboolean buttons, guint *first)
{
	guint dropped = 0;
	guint64 sum = sum_below(units, G_MAXUINT);
	for (guint i = units->len; i > 0 && sum > budget; i--) {
		struct unit *unit = unit_at(units, i - 1);
		if (unit->points == 0 || (unit->kind == UNIT_BUTTON && !buttons))
			continue;
		sum -= unit->points;
		unit_release(unit);
		*unit = (struct unit){ .kind = UNIT_DIVIDER };
		*first = i - 1;
		dropped++;
	}
	return dropped;
}

static void cut(GArray *units, guint budget)
{
	guint first = 0, dropped = drop_last(units, budget - CUT_RESERVE, FALSE, &first);
	dropped += drop_last(units, budget - CUT_RESERVE, TRUE, &first);
	struct unit *unit = unit_at(units, first);
	unit->kind = UNIT_CONTEXT;
	unit->pages = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(unit->pages, g_strdup_printf("… +%u", dropped));
	unit->points = (guint)g_utf8_strlen(unit->pages->pdata[0], -1) + 1;
}

static void share_out(GArray *units, guint budget)
{
	guint share = fair_share(units, budget);
	for (guint i = 0; i < units->len; i++)
		if (unit_at(units, i)->write && unit_at(units, i)->points > share)
			set_text(unit_at(units, i),
				share - 1 - share / PAGE_LEAST); /* its pages' line breaks */
	if (sum_below(units, G_MAXUINT) > budget)
		cut(units, budget);
}

GArray *slack_units(const cJSON *card, guint budget, gboolean plain, guint charts)
{
	GArray *units = g_array_new(FALSE, TRUE, sizeof(struct unit));
	g_array_set_clear_func(units, unit_release);
	const cJSON *part;
	cJSON_ArrayForEach (part, json_array(card, "parts")) {
		add_part(units, part, budget, plain, &charts);
	}
	if (sum_below(units, G_MAXUINT) > budget)
		share_out(units, budget);
	return units;
}

const struct unit *slack_unit_at(const GArray *units, guint i)
{
	return &g_array_index(units, const struct unit, i);
}
