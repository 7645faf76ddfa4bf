/* SPDX-License-Identifier: MIT */
#include "core/message_text.h"

enum { HEADLINE_LIMIT = 200 }; /* characters */

struct pen {
	GString *out;
	const struct roster *roster;
	const char *workspace;
};

static void begin_line(struct pen *pen)
{
	if (pen->out->len)
		g_string_append_c(pen->out, '\n');
}

static void write_line(struct pen *pen, const char *before, const char *text, const char *after)
{
	begin_line(pen);
	g_string_append(pen->out, before);
	g_string_append(pen->out, text);
	g_string_append(pen->out, after);
}

/* ---- the parts ---- */

static void write_title(struct pen *pen, const cJSON *part)
{
	write_line(pen, "", json_text_or(part, "text", ""), "");
}

static void write_span(struct pen *pen, const cJSON *span)
{
	const char *account = json_text_or(span, "mention", NULL);
	const struct person *person = account ? roster_person(pen->roster, pen->workspace, account) : NULL;
	if (account)
		g_string_append_printf(pen->out, "@%s", person ? person->name : account);
	else if (span->child && cJSON_IsString(span->child))
		g_string_append(pen->out, span->child->valuestring);
}

static void write_paragraph(struct pen *pen, const cJSON *part)
{
	const cJSON *span;
	begin_line(pen);
	cJSON_ArrayForEach (span, json_array(part, "spans"))
		write_span(pen, span);
}

static void write_facts(struct pen *pen, const cJSON *part)
{
	const cJSON *fact;
	cJSON_ArrayForEach (fact, json_array(part, "facts")) {
		write_line(pen, "", json_text_or(fact, "label", ""), ": ");
		g_string_append(pen->out, json_text_or(fact, "value", ""));
	}
}

static void write_list(struct pen *pen, const cJSON *part)
{
	const cJSON *item;
	cJSON_ArrayForEach (item, json_array(part, "items"))
		write_line(pen, "• ", item->valuestring, "");
}

static void write_cells(struct pen *pen, const cJSON *cells)
{
	const cJSON *cell;
	begin_line(pen);
	cJSON_ArrayForEach (cell, cells) {
		g_string_append(pen->out, cell == cells->child ? "" : " | ");
		g_string_append(pen->out, cell->valuestring);
	}
}

static void write_table(struct pen *pen, const cJSON *part)
{
	const cJSON *row;
	write_cells(pen, json_array(part, "columns"));
	cJSON_ArrayForEach (row, json_array(part, "rows"))
		write_cells(pen, row);
}

static void write_chart(struct pen *pen, const cJSON *part)
{
	const cJSON *bar, *value;
	write_line(pen, "", json_text_or(part, "title", ""), "");
	cJSON_ArrayForEach (bar, json_array(part, "bars")) {
		write_line(pen, "  ", json_text_or(bar, "label", ""), ":");
		cJSON_ArrayForEach (value, json_array(bar, "values"))
			g_string_append_printf(pen->out, " %s%s", value->valuestring, json_text_or(part, "unit", ""));
	}
}

static void write_picture(struct pen *pen, const cJSON *part)
{
	write_line(pen, "[", json_text_or(part, "alt", ""), "]");
}

static void write_file(struct pen *pen, const cJSON *part)
{
	write_line(pen, "[", json_text_or(part, "name", ""), "]");
}

static void write_divider(struct pen *pen, const cJSON *part)
{
	(void)part;
	write_line(pen, "", "----", "");
}

static void write_buttons(struct pen *pen, const cJSON *part)
{
	const cJSON *buttons = json_array(part, "buttons"), *button;
	begin_line(pen);
	cJSON_ArrayForEach (button, buttons)
		g_string_append_printf(pen->out, "%s[%s]", button == buttons->child ? "" : " ", json_text_or(button, "label", ""));
}

static const struct {
	const char *part;
	void (*write)(struct pen *pen, const cJSON *part);
} parts[] = {
	{ "title", write_title },
	{ "paragraph", write_paragraph },
	{ "facts", write_facts },
	{ "list", write_list },
	{ "table", write_table },
	{ "divider", write_divider },
	{ "chart", write_chart },
	{ "picture", write_picture },
	{ "file", write_file },
	{ "buttons", write_buttons },
	{ "context", write_title },
};

static void write_part(struct pen *pen, const cJSON *part)
{
	const char *kind = json_text_or(part, "part", "");
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		if (strcmp(parts[i].part, kind) == 0)
			parts[i].write(pen, part);
}

/* ---- the whole ---- */

char *message_text(const cJSON *content, const struct roster *roster, const char *workspace)
{
	struct pen pen = { g_string_new(NULL), roster, workspace };
	const cJSON *part;
	cJSON_ArrayForEach (part, json_array(content, "parts"))
		write_part(&pen, part);
	return g_string_free(pen.out, FALSE);
}

/* The first title, or paragraph, or whatever there is. */
static char *first_words(const cJSON *content, const struct roster *roster, const char *workspace)
{
	struct pen pen = { g_string_new(NULL), roster, workspace };
	const cJSON *part;
	cJSON_ArrayForEach (part, json_array(content, "parts")) {
		write_part(&pen, part);
		if (pen.out->len)
			break;
	}
	return g_string_free(pen.out, FALSE);
}

char *message_headline(const cJSON *content, const struct roster *roster, const char *workspace)
{
	const char *fallback = json_text_or(content, "fallback", "");
	g_autofree char *words = *fallback ? g_strdup(fallback) : first_words(content, roster, workspace);
	g_strdelimit(g_strstrip(words), "\n", ' ');
	if (g_utf8_strlen(words, -1) <= HEADLINE_LIMIT)
		return g_steal_pointer(&words);
	g_autofree char *cut = g_utf8_substring(words, 0, HEADLINE_LIMIT - 1);
	return g_strconcat(cut, "…", NULL);
}

static gboolean is_words(const char *kind)
{
	return strcmp(kind, "title") == 0 || strcmp(kind, "paragraph") == 0;
}

gboolean message_fits_line(const cJSON *content, const struct roster *roster, const char *workspace)
{
	int words = 0, others = *json_text_or(content, "fallback", "") ? 1 : 0, buttons = 0;
	g_autofree char *all = first_words(content, roster, workspace);
	const cJSON *part;
	cJSON_ArrayForEach (part, json_array(content, "parts")) {
		const char *kind = json_text_or(part, "part", "");
		if (strcmp(kind, "buttons") == 0)
			buttons += cJSON_GetArraySize(json_array(part, "buttons"));
		else if (is_words(kind))
			words++;
		else if (strcmp(kind, "context") != 0)
			others++;
	}
	return words == 1 && others == 0 && buttons <= 1 && g_utf8_strlen(all, -1) <= HEADLINE_LIMIT;
}
