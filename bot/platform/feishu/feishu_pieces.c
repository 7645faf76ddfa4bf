/* SPDX-License-Identifier: MIT */
#include "platform/feishu/feishu_pieces.h"

#include "core/chart.h"
#include "platform/feishu/feishu_chart.h"
#include "platform/feishu/feishu_pen.h"

static const char *text_at(const cJSON *node, const char *key)
{
	return json_text_or(node, key, "");
}

static const char *string_of(const cJSON *node)
{
	return cJSON_IsString(node) ? node->valuestring : "";
}

/* ---- what each kind says ---- */

static void write_text(struct pen *pen, const struct piece *piece)
{
	pen_text(pen, PEN_PLAIN, text_at(piece->node, "text"));
}

static void write_heading(struct pen *pen, const struct piece *piece)
{
	pen_text(pen, PEN_BOLD, text_at(piece->node, "text"));
}

static void write_span(struct pen *pen, const cJSON *span)
{
	static const struct {
		const char *key;
		enum pen_style style;
	} spans[] = {
		{ "plain", PEN_PLAIN },
		{ "bold", PEN_BOLD },
		{ "quiet", PEN_QUIET },
		{ "code", PEN_CODE },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(spans); i++)
		pen_text(pen, spans[i].style, text_at(span, spans[i].key));
	const char *account = text_at(span, "mention");
	if (*account)
		pen_mention(pen, account);
	if (*text_at(span, "link"))
		pen_link(pen, text_at(span, "link"), text_at(span, "label"));
}

static void write_paragraph(struct pen *pen, const struct piece *piece)
{
	const cJSON *span;
	cJSON_ArrayForEach (span, json_array(piece->node, "spans")) {
		write_span(pen, span);
	}
}

static void write_fact(struct pen *pen, const struct piece *piece)
{
	pen_text(pen, PEN_BOLD, text_at(piece->node, "label"));
	pen_text(pen, PEN_PLAIN, "\n");
	pen_text(pen, PEN_PLAIN, text_at(piece->node, "value"));
}

static void write_item(struct pen *pen, const struct piece *piece)
{
	g_autofree char *line = g_strdelimit(g_strdup(string_of(piece->node)), "\n", ' ');
	if (pen_is_blank(line))
		return;
	pen_mark(pen, "- ");
	pen_text(pen, PEN_PLAIN, line);
}

static void write_plain_item(struct pen *pen, const struct piece *piece)
{
	pen_text(pen, PEN_PLAIN, "• ");
	pen_text(pen, PEN_PLAIN, string_of(piece->node));
}

/* A row as a line, "**first**  column: cell · column: cell". */
static void write_row(struct pen *pen, const struct piece *piece)
{
	const cJSON *cell, *column = json_at(piece->part, "columns.0");
	gboolean first = TRUE;
	cJSON_ArrayForEach (cell, piece->node) {
		if (!first) {
			pen_text(pen, PEN_QUIET, string_of(column));
			pen_text(pen, PEN_PLAIN, *string_of(column) ? ": " : "");
		}
		pen_text(pen, first ? PEN_BOLD : PEN_PLAIN, string_of(cell));
		pen_text(pen, PEN_PLAIN, !cell->next ? "" : first ? "  " : " · ");
		column = column ? column->next : NULL;
		first = FALSE;
	}
}

static void write_cell(struct pen *pen, const struct piece *piece)
{
	pen_text(pen, PEN_PLAIN, string_of(piece->node));
}

/* A file that was not uploaded says so. */
static void write_loss(struct pen *pen, const cJSON *part)
{
	if (json_at(part, "file") || !*text_at(part, "lost"))
		return;
	pen_text(pen, PEN_PLAIN, " – ");
	pen_text(pen, PEN_PLAIN, text_at(part, "lost"));
}

/* Where no picture can stand its words do. */
static void write_picture(struct pen *pen, const struct piece *piece)
{
	pen_text(pen, PEN_PLAIN, "🖼 ");
	pen_text(pen, PEN_PLAIN, text_at(piece->node, "alt"));
	write_loss(pen, piece->node);
}

static void write_file(struct pen *pen, const struct piece *piece)
{
	pen_text(pen, PEN_PLAIN, "📎 ");
	pen_text(pen, PEN_PLAIN, text_at(piece->node, "name"));
	write_loss(pen, piece->node);
}

static void write_chart_title(struct pen *pen, const struct piece *piece)
{
	g_autofree char *title = chart_title(piece->part);
	pen_text(pen, PEN_BOLD, title);
}

static void write_bar(struct pen *pen, const struct piece *piece)
{
	g_autofree char *line = chart_line(piece->part, piece->node);
	pen_text(pen, PEN_PLAIN, line);
}

/* ---- pieces ---- */

static const enum pen_kind pens[] = {
	[PIECE_TITLE] = PEN_LINE,
	[PIECE_TEXT] = PEN_MARKDOWN,
	[PIECE_PLAIN] = PEN_TEXT,
	[PIECE_LINE] = PEN_MARKDOWN,
	[PIECE_FACT] = PEN_MARKDOWN,
	[PIECE_CELL] = PEN_LINE,
	[PIECE_CONTEXT] = PEN_TEXT,
	[PIECE_DIVIDER] = PEN_LINE,
	[PIECE_PICTURE] = PEN_LINE,
	[PIECE_CHART] = PEN_LINE,
	[PIECE_BUTTON] = PEN_LINE,
};

/* One card while it is cut. */
struct cutting {
	GArray *pieces;
	gboolean plain;
	guint tables, charts, buttons;
	gsize chart_bytes, button_bytes;
};

static void piece_release(gpointer data)
{
	g_clear_pointer(&((struct piece *)data)->text, g_free);
}

struct piece *feishu_piece_at(const GArray *pieces, guint i)
{
	return &g_array_index(pieces, struct piece, i);
}

void feishu_piece_fit(struct piece *piece, gsize limit_bytes)
{
	struct pen *pen = pen_new(pens[piece->kind], limit_bytes);
	piece->write(pen, piece);
	g_clear_pointer(&piece->text, g_free);
	piece->text = pen_finish(pen, &piece->bytes);
	if (piece->kind != PIECE_CELL && pen_is_blank(piece->text)) {
		g_clear_pointer(&piece->text, g_free);
		piece->bytes = 0;
	}
}

static void add(struct cutting *c, struct piece piece)
{
	if (piece.write)
		feishu_piece_fit(&piece, G_MAXUINT);
	g_array_append_val(c->pieces, piece);
}

static void add_fixed(struct cutting *c, enum piece_kind kind, const cJSON *part, const cJSON *node, char *take_text)
{
	struct piece piece = { .kind = kind, .part = part, .node = node, .text = take_text };
	piece.bytes = take_text ? pen_cost(take_text) : 0;
	g_array_append_val(c->pieces, piece);
}

/* ---- parts ---- */

static void cut_title(struct cutting *c, const cJSON *part)
{
	g_autofree char *title = pen_line(text_at(part, "text"), PIECE_TITLE_MAX);
	if (pen_is_blank(title))
		return;
	if (c->plain)
		add(c, (struct piece){ .kind = PIECE_PLAIN, .part = part, .node = part, .write = write_text });
	else if (c->pieces->len == 0)
		add_fixed(c, PIECE_TITLE, part, part, g_steal_pointer(&title));
	else
		add(c, (struct piece){ .kind = PIECE_TEXT, .part = part, .node = part, .write = write_heading });
}

/* Nothing to be parsed: plain text shows it as it is, and needs no entities. */
static gboolean is_plain(const cJSON *paragraph)
{
	const cJSON *span;
	cJSON_ArrayForEach (span, json_array(paragraph, "spans")) {
		if (!json_at(span, "plain"))
			return FALSE;
	}
	return TRUE;
}

static void cut_paragraph(struct cutting *c, const cJSON *part)
{
	enum piece_kind kind = c->plain || is_plain(part) ? PIECE_PLAIN : PIECE_TEXT;
	add(c, (struct piece){ .kind = kind, .part = part, .node = part, .write = write_paragraph });
}

static void cut_list(struct cutting *c, const cJSON *part, const char *list, enum piece_kind kind,
	void (*write)(struct pen *pen, const struct piece *piece))
{
	const cJSON *node;
	cJSON_ArrayForEach (node, json_array(part, list)) {
		add(c, (struct piece){ .kind = c->plain ? PIECE_PLAIN : kind, .part = part, .node = node, .write = write });
	}
}

static void cut_facts(struct cutting *c, const cJSON *part)
{
	cut_list(c, part, "facts", PIECE_FACT, write_fact);
}

static void cut_items(struct cutting *c, const cJSON *part)
{
	cut_list(c, part, "items", PIECE_LINE, c->plain ? write_plain_item : write_item);
}

static void cut_cells(struct cutting *c, const cJSON *part, const cJSON *row, int number)
{
	const cJSON *cell;
	int column = 0;
	cJSON_ArrayForEach (cell, row) {
		if (column < PIECE_COLUMNS_MAX)
			add(c, (struct piece){ .kind = PIECE_CELL,
				       .part = part,
				       .node = cell,
				       .row = number,
				       .column = column++,
				       .write = write_cell });
	}
}

static void cut_table(struct cutting *c, const cJSON *part)
{
	const cJSON *row;
	int number = 0;
	if (c->plain || c->tables >= PIECE_TABLES_MAX) {
		cut_list(c, part, "rows", PIECE_LINE, write_row);
		return;
	}
	guint before = c->pieces->len;
	cJSON_ArrayForEach (row, json_array(part, "rows")) {
		cut_cells(c, part, row, number++);
	}
	c->tables += c->pieces->len > before ? 1 : 0;
}

static void cut_divider(struct cutting *c, const cJSON *part)
{
	if (!c->plain)
		add_fixed(c, PIECE_DIVIDER, part, part, NULL);
}

static void cut_picture(struct cutting *c, const cJSON *part)
{
	if (!c->plain && *text_at(part, "file"))
		add_fixed(c, PIECE_PICTURE, part, part, pen_line(text_at(part, "alt"), PIECE_TITLE_MAX));
	else
		add(c, (struct piece){ .kind = c->plain ? PIECE_PLAIN : PIECE_CONTEXT,
			       .part = part,
			       .node = part,
			       .write = write_picture });
}

static void cut_file(struct cutting *c, const cJSON *part)
{
	add(c, (struct piece){ .kind = c->plain ? PIECE_PLAIN : PIECE_CONTEXT, .part = part, .node = part, .write = write_file });
}

/* Drawn while there is room, else lines. */
static void cut_chart(struct cutting *c, const cJSON *part)
{
	gsize bytes = c->plain || c->charts >= PIECE_CHARTS_MAX ? 0 : feishu_chart_bytes(part);
	if (bytes == 0 || c->chart_bytes + bytes > PIECE_CHART_BYTES) {
		enum piece_kind kind = c->plain ? PIECE_PLAIN : PIECE_LINE;
		add(c, (struct piece){ .kind = kind, .part = part, .node = part, .write = write_chart_title });
		cut_list(c, part, "bars", PIECE_LINE, write_bar);
		return;
	}
	g_autofree char *title = chart_title(part);
	c->charts++;
	c->chart_bytes += bytes;
	add_fixed(c, PIECE_CHART, part, part, pen_line(title, PIECE_TITLE_MAX));
	feishu_piece_at(c->pieces, c->pieces->len - 1)->bytes = bytes;
}

/* A button that cannot be carried whole is left out: a cut value would press something else. */
static void cut_button(struct cutting *c, const cJSON *part, const cJSON *button)
{
	const char *action = text_at(button, "action"), *value = text_at(button, "value");
	g_autofree char *label = pen_line(text_at(button, "label"), PIECE_BUTTON_TEXT_MAX);
	gsize bytes = pen_cost(label) + pen_cost(action) + pen_cost(value);
	if (!*action || g_utf8_strlen(action, -1) > PIECE_VALUE_MAX || g_utf8_strlen(value, -1) > PIECE_VALUE_MAX ||
		c->button_bytes + bytes > PIECE_BUTTON_BYTES || c->buttons >= PIECE_BUTTONS_MAX)
		return;
	c->buttons++;
	c->button_bytes += bytes;
	add_fixed(c, PIECE_BUTTON, part, button, pen_is_blank(label) ? g_strdup("…") : g_steal_pointer(&label));
	feishu_piece_at(c->pieces, c->pieces->len - 1)->bytes = bytes;
}

static void cut_buttons(struct cutting *c, const cJSON *part)
{
	const cJSON *button;
	cJSON_ArrayForEach (button, json_array(part, "buttons")) {
		if (!c->plain)
			cut_button(c, part, button);
	}
}

static void cut_context(struct cutting *c, const cJSON *part)
{
	add(c, (struct piece){ .kind = c->plain ? PIECE_PLAIN : PIECE_CONTEXT, .part = part, .node = part, .write = write_text });
}

GArray *feishu_pieces(const cJSON *card, gboolean plain)
{
	static const struct {
		const char *part;
		void (*cut)(struct cutting *c, const cJSON *part);
	} parts[] = {
		{ "title", cut_title },
		{ "paragraph", cut_paragraph },
		{ "facts", cut_facts },
		{ "list", cut_items },
		{ "table", cut_table },
		{ "chart", cut_chart },
		{ "divider", cut_divider },
		{ "picture", cut_picture },
		{ "file", cut_file },
		{ "buttons", cut_buttons },
		{ "context", cut_context },
	};
	struct cutting c = { .pieces = g_array_new(FALSE, TRUE, sizeof(struct piece)), .plain = plain };
	g_array_set_clear_func(c.pieces, piece_release);
	const cJSON *part;
	cJSON_ArrayForEach (part, json_array(card, "parts")) {
		for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
			if (strcmp(parts[i].part, text_at(part, "part")) == 0)
				parts[i].cut(&c, part);
	}
	return c.pieces;
}

/* ---- too much ---- */

/* The bytes of all pieces when none that can be shortened has more than `each`. */
static gsize sum_below(const GArray *pieces, gsize each)
{
	gsize sum = 0;
	for (guint i = 0; i < pieces->len; i++) {
		const struct piece *piece = feishu_piece_at(pieces, i);
		sum += piece->write ? MIN(piece->bytes, each) : piece->bytes;
	}
	return sum;
}

/* The largest length of a piece with which all of them fit; at least PIECE_LEAST. */
static gsize fair_share(const GArray *pieces, gsize budget)
{
	gsize low = PIECE_LEAST, high = MAX(budget, PIECE_LEAST);
	while (low < high) {
		gsize middle = low + (high - low + 1) / 2;
		if (sum_below(pieces, middle) <= budget)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

gboolean feishu_pieces_share(GArray *pieces, gsize budget)
{
	if (sum_below(pieces, G_MAXSIZE) <= budget)
		return TRUE;
	gsize share = fair_share(pieces, budget);
	for (guint i = 0; i < pieces->len; i++) {
		struct piece *piece = feishu_piece_at(pieces, i);
		if (piece->write && piece->bytes > share)
			feishu_piece_fit(piece, share);
	}
	return sum_below(pieces, G_MAXSIZE) <= budget;
}

static gboolean shows(const struct piece *piece)
{
	return piece->text || piece->kind == PIECE_DIVIDER;
}

guint feishu_pieces_shown(const GArray *pieces, gsize *bytes)
{
	guint shown = 0;
	for (guint i = 0; i < pieces->len; i++)
		shown += shows(feishu_piece_at(pieces, i)) ? 1 : 0;
	*bytes = sum_below(pieces, G_MAXSIZE);
	return shown;
}

/* How far a dropping has come. */
struct dropping {
	gsize budget, bytes;
	guint count, shown, dropped, first;
};

static void drop_piece(struct dropping *d, struct piece *piece, guint i)
{
	d->bytes -= piece->bytes;
	d->shown--;
	d->dropped += piece->kind == PIECE_DIVIDER || !piece->part ? 0 : 1;
	d->first = MIN(d->first, i);
	piece_release(piece);
	*piece = (struct piece){ .kind = PIECE_TEXT };
}

static void drop_from_end(GArray *pieces, gboolean buttons, struct dropping *d)
{
	for (guint i = pieces->len; i > 0 && (d->bytes > d->budget || d->shown > d->count); i--) {
		struct piece *piece = feishu_piece_at(pieces, i - 1);
		if (shows(piece) && piece->kind != PIECE_TITLE && (piece->kind == PIECE_BUTTON) == buttons)
			drop_piece(d, piece, i - 1);
	}
}

void feishu_pieces_drop(GArray *pieces, gsize budget, guint count, guint *dropped)
{
	struct dropping d = { .budget = budget, .count = count, .first = G_MAXUINT, .dropped = *dropped };
	d.shown = feishu_pieces_shown(pieces, &d.bytes);
	drop_from_end(pieces, FALSE, &d);
	drop_from_end(pieces, TRUE, &d);
	*dropped = d.dropped;
	if (d.first == G_MAXUINT || d.dropped == 0)
		return;
	struct piece *piece = feishu_piece_at(pieces, d.first);
	*piece = (struct piece){ .kind = PIECE_CONTEXT, .text = g_strdup_printf("… +%u", d.dropped) };
	piece->bytes = pen_cost(piece->text);
}
