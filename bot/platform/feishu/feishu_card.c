/* SPDX-License-Identifier: MIT */
#include "platform/feishu/feishu_card.h"

#include "platform/feishu/feishu_chart.h"
#include "platform/feishu/feishu_element.h"
#include "platform/feishu/feishu_pen.h"
#include "platform/feishu/feishu_pieces.h"

enum {
	ROW_BUTTONS = 5,
	SHORT_FACT = 80,  /* bytes of a fact that has room in half a card */
	ATTEMPTS = 12,	  /* each leaves less; three are enough for all that people write */
	PLAIN_BYTES = 20000,
	PAGE_MAX = 10, /* a table's rows on one page */
	SUMMARY_MAX = 1000, /* code points */
};

/* One card while it is put together. */
struct making {
	cJSON *elements;
	const GArray *pieces;
	gboolean direct, dense;
	const struct piece *before; /* shown last */
	cJSON *last;		    /* its element; NULL: nothing joins it */
};

/* ---- elements ---- */

static void append_content(cJSON *holder, const char *separator, const char *text)
{
	g_autofree char *joined = g_strconcat(json_text_or(holder, "content", ""), separator, text, NULL);
	cJSON_ReplaceItemInObjectCaseSensitive(holder, "content", cJSON_CreateString(joined));
}

static cJSON *add_markdown(cJSON *elements, const char *markdown)
{
	cJSON *element = feishu_element_add(elements, "markdown");
	json_put_text(element, "content", markdown);
	return element;
}

/* Lines of one part are one element; where there are too many elements, all markdown that follows upon another is. */
static void put_markdown(struct making *m, const struct piece *piece)
{
	gboolean line = piece->kind == PIECE_LINE && m->before && m->before->part == piece->part;
	if (m->last && (line || m->dense))
		append_content(m->last, line ? "\n" : "\n\n", piece->text);
	else
		m->last = add_markdown(m->elements, piece->text);
}

static void put_plain(struct making *m, const struct piece *piece)
{
	feishu_element_div(m->elements, piece->text);
	m->last = NULL;
}

static void put_context(struct making *m, const struct piece *piece)
{
	cJSON *text = feishu_element_div(m->elements, piece->text);
	json_put_text(text, "text_size", "notation");
	json_put_text(text, "text_color", "grey");
	m->last = NULL;
}

static void put_divider(struct making *m, const struct piece *piece)
{
	(void)piece;
	/* Not at the top, nor twice. */
	if (m->dense || !m->elements->child || m->before->kind == PIECE_DIVIDER)
		return;
	feishu_element_add(m->elements, "hr");
	m->last = NULL;
}

static void put_picture(struct making *m, const struct piece *piece)
{
	cJSON *image = feishu_element_add(m->elements, "img");
	json_put_text(image, "img_key", json_text_or(piece->node, "file", ""));
	feishu_element_text(image, "alt", piece->text ? piece->text : "");
	m->last = NULL;
}

static void put_chart(struct making *m, const struct piece *piece)
{
	cJSON *chart = feishu_element_add(m->elements, "chart");
	json_put_text(chart, "aspect_ratio", "16:9");
	cJSON_AddItemToObject(chart, "chart_spec", feishu_chart(piece->part));
	m->last = NULL;
}

/* ---- facts and buttons: columns ---- */

static gboolean is_column_set(const cJSON *element, const char *flex, int room)
{
	return element && strcmp(json_text_or(element, "flex_mode", ""), flex) == 0 &&
	       cJSON_GetArraySize(json_array(element, "columns")) < room;
}

static cJSON *last_of(const cJSON *list)
{
	return list->child ? list->child->prev : NULL; /* cJSON's first child points back to the last */
}

/* The elements of a new column, in the last set while it has room, else in a new one. */
static cJSON *add_column(struct making *m, const char *flex, int room, gboolean joins)
{
	cJSON *set = joins && is_column_set(last_of(m->elements), flex, room) ? last_of(m->elements) : NULL;
	if (!set) {
		set = feishu_element_add(m->elements, "column_set");
		json_put_text(set, "flex_mode", flex);
		json_put_array(set, "columns");
	}
	cJSON *column = feishu_element_add(json_array(set, "columns"), "column");
	gboolean half = strcmp(flex, "bisect") == 0;
	json_put_text(column, "width", half ? "weighted" : "auto");
	if (half)
		json_put_int(column, "weight", 1);
	m->last = NULL;
	return json_put_array(column, "elements");
}

/* Whether all facts of the part have room beside each other. */
static gboolean are_short(const GArray *pieces, const cJSON *part)
{
	guint count = 0;
	for (guint i = 0; i < pieces->len; i++) {
		const struct piece *piece = feishu_piece_at(pieces, i);
		if (piece->part == part && (piece->bytes > SHORT_FACT || strchr(json_text_or(piece->node, "value", ""), '\n')))
			return FALSE;
		count += piece->part == part ? 1 : 0;
	}
	return count > 1;
}

static void put_fact(struct making *m, const struct piece *piece)
{
	if (m->dense || !are_short(m->pieces, piece->part)) {
		put_markdown(m, piece);
		m->last = m->dense ? m->last : NULL;
		return;
	}
	gboolean joins = m->before && m->before->part == piece->part;
	add_markdown(add_column(m, "bisect", 2, joins), piece->text);
}

static void put_button(struct making *m, const struct piece *piece)
{
	const char *style = json_text_or(piece->node, "style", "");
	gboolean joins = m->before && m->before->part == piece->part;
	cJSON *button = feishu_element_add(add_column(m, "flow", ROW_BUTTONS, joins), "button");
	feishu_element_text(button, "text", piece->text);
	gboolean coloured = strcmp(style, "primary") == 0 || strcmp(style, "danger") == 0;
	json_put_text(button, "type", coloured ? style : "default");
	cJSON *behavior = json_push_object(json_put_array(button, "behaviors"));
	json_put_text(behavior, "type", "callback");
	cJSON *value = json_put_object(behavior, "value");
	json_put_text(value, "action", json_text_or(piece->node, "action", ""));
	json_put_text(value, "value", json_text_or(piece->node, "value", ""));
	if (m->direct)
		json_put_bool(value, "direct", TRUE);
}

/* ---- tables ---- */

static int widest_row(const cJSON *part)
{
	int widest = cJSON_GetArraySize(json_array(part, "columns"));
	const cJSON *row;
	cJSON_ArrayForEach (row, json_array(part, "rows")) {
		widest = MAX(widest, cJSON_GetArraySize(row));
	}
	return MIN(widest, PIECE_COLUMNS_MAX);
}

static cJSON *add_table(cJSON *elements, const cJSON *part)
{
	cJSON *table = feishu_element_add(elements, "table"), *name = json_at(part, "columns.0");
	json_put_int(table, "page_size", CLAMP(cJSON_GetArraySize(json_array(part, "rows")), 1, PAGE_MAX));
	cJSON *style = json_put_object(table, "header_style");
	json_put_bool(style, "bold", TRUE);
	json_put_text(style, "background_style", "grey");
	cJSON *columns = json_put_array(table, "columns");
	for (int i = 0; i < widest_row(part); i++) {
		cJSON *column = json_push_object(columns);
		g_autofree char *key = g_strdup_printf("c%d", i);
		g_autofree char *shown = pen_line(cJSON_IsString(name) ? name->valuestring : "", PIECE_TITLE_MAX);
		json_put_text(column, "name", key);
		json_put_text(column, "display_name", shown);
		json_put_text(column, "data_type", "text");
		name = name ? name->next : NULL;
	}
	json_put_array(table, "rows");
	return table;
}

static void put_cell(struct making *m, const struct piece *piece)
{
	gboolean same_table = m->before && m->before->kind == PIECE_CELL && m->before->part == piece->part;
	cJSON *table = same_table ? last_of(m->elements) : add_table(m->elements, piece->part);
	cJSON *rows = json_array(table, "rows");
	cJSON *row = same_table && m->before->row == piece->row ? last_of(rows) : json_push_object(rows);
	g_autofree char *key = g_strdup_printf("c%d", piece->column);
	json_put_text(row, key, piece->text);
	m->last = NULL;
}

/* ---- the whole ---- */

static void put_title(struct making *m, const struct piece *piece)
{
	(void)m; /* it is the header */
	(void)piece;
}

static void (*const puts_piece[])(struct making *m, const struct piece *piece) = {
	[PIECE_TITLE] = put_title,
	[PIECE_TEXT] = put_markdown,
	[PIECE_PLAIN] = put_plain,
	[PIECE_LINE] = put_markdown,
	[PIECE_FACT] = put_fact,
	[PIECE_CELL] = put_cell,
	[PIECE_CONTEXT] = put_context,
	[PIECE_DIVIDER] = put_divider,
	[PIECE_PICTURE] = put_picture,
	[PIECE_CHART] = put_chart,
	[PIECE_BUTTON] = put_button,
};

/* What a notification says: the fallback, else the title, else the first words. */
static char *first_words(const cJSON *message, const GArray *pieces)
{
	const char *fallback = json_text_or(message, "fallback", "");
	if (!pen_is_blank(fallback))
		return g_strdup(fallback);
	const cJSON *part, *span;
	cJSON_ArrayForEach (part, json_array(message, "parts")) {
		GString *words = g_string_new(json_text_or(part, "text", ""));
		cJSON_ArrayForEach (span, json_array(part, "spans")) {
			g_string_append(words, cJSON_IsString(span->child) && !json_at(span, "mention") ? span->child->valuestring : "");
		}
		g_autofree char *text = g_string_free(words, FALSE);
		if (!pen_is_blank(text))
			return g_steal_pointer(&text);
	}
	for (guint i = 0; i < pieces->len; i++) {
		if (feishu_piece_at(pieces, i)->kind == PIECE_CELL && !pen_is_blank(feishu_piece_at(pieces, i)->text))
			return g_strdup(feishu_piece_at(pieces, i)->text);
	}
	return g_strdup("…");
}

/* In a shape that can stand in a card, for when there is nothing else to show. */
static char *summary_of(const cJSON *message, const GArray *pieces)
{
	g_autofree char *words = first_words(message, pieces);
	return pen_line(words, SUMMARY_MAX);
}

static const char *header_of(const GArray *pieces)
{
	const struct piece *first = pieces->len > 0 ? feishu_piece_at(pieces, 0) : NULL;
	return first && first->kind == PIECE_TITLE ? first->text : NULL;
}

static cJSON *make(const cJSON *message, const GArray *pieces, gboolean direct, gboolean dense)
{
	g_autofree char *summary = summary_of(message, pieces);
	struct making m = { .pieces = pieces, .direct = direct, .dense = dense };
	cJSON *card = feishu_element_card(header_of(pieces), summary, &m.elements);
	for (guint i = 0; i < pieces->len; i++) {
		const struct piece *piece = feishu_piece_at(pieces, i);
		if (!piece->text && piece->kind != PIECE_DIVIDER)
			continue;
		puts_piece[piece->kind](&m, piece);
		m.before = piece;
	}
	cJSON *last = last_of(m.elements);
	if (last && strcmp(json_text_or(last, "tag", ""), "hr") == 0)
		cJSON_Delete(cJSON_DetachItemViaPointer(m.elements, last));
	if (!m.elements->child && !header_of(pieces))
		feishu_element_div(m.elements, summary);
	return card;
}

guint feishu_card_elements(const cJSON *card)
{
	guint count = cJSON_IsString(json_at(card, "tag")) ? 1 : 0;
	const cJSON *child;
	cJSON_ArrayForEach (child, card) {
		count += cJSON_IsObject(child) || cJSON_IsArray(child) ? feishu_card_elements(child) : 0;
	}
	return count;
}

gsize feishu_card_bytes(const cJSON *card)
{
	g_autofree char *text = json_print(card);
	return pen_escaped_bytes(text);
}

/* Plain paragraphs as markdown, which can join others. */
static void make_dense(GArray *pieces)
{
	for (guint i = 0; i < pieces->len; i++) {
		struct piece *piece = feishu_piece_at(pieces, i);
		if (piece->kind != PIECE_PLAIN || !piece->text)
			continue;
		piece->kind = PIECE_TEXT;
		feishu_piece_fit(piece, G_MAXUINT);
	}
}

/* Leaves less of the pieces, for a card of `bytes` and `elements` is too much: shorter texts first, then fewer. */
static void leave_less(GArray *pieces, gsize bytes, guint elements, guint *dropped)
{
	gsize texts;
	guint shown = feishu_pieces_shown(pieces, &texts), keep = shown;
	gsize frame = bytes > texts ? bytes - texts : 0;
	gsize budget = frame < FEISHU_CARD_BYTES ? FEISHU_CARD_BYTES - frame : 0;
	if (elements > FEISHU_CARD_ELEMENTS)
		keep = shown * FEISHU_CARD_ELEMENTS / elements;
	if (!feishu_pieces_share(pieces, budget)) {
		/* With each goes its share of the frame. */
		feishu_pieces_shown(pieces, &texts);
		keep = MIN(keep, (guint)((guint64)shown * FEISHU_CARD_BYTES / (frame + texts)));
	}
	if (keep < shown) /* the line that tells of it takes the place of one */
		feishu_pieces_drop(pieces, G_MAXSIZE, MIN(keep, shown - MIN(shown, 2)), dropped);
}

static cJSON *make_within(const cJSON *message, GArray *pieces, gboolean direct)
{
	gboolean dense = FALSE;
	guint dropped = 0;
	for (int i = 0; i < ATTEMPTS; i++) {
		g_autoptr(cJSON) card = make(message, pieces, direct, dense);
		gsize bytes = feishu_card_bytes(card);
		guint elements = feishu_card_elements(card);
		if (bytes <= FEISHU_CARD_BYTES && elements <= FEISHU_CARD_ELEMENTS)
			return g_steal_pointer(&card);
		if (elements > FEISHU_CARD_ELEMENTS && !dense)
			make_dense(pieces);
		else
			leave_less(pieces, bytes, elements, &dropped);
		dense = dense || elements > FEISHU_CARD_ELEMENTS;
	}
	return NULL;
}

static char *plain_text(const GArray *pieces, const char *otherwise)
{
	struct pen *pen = pen_new(PEN_TEXT, PLAIN_BYTES);
	for (guint i = 0; i < pieces->len; i++) {
		const char *text = feishu_piece_at(pieces, i)->text;
		if (text) {
			pen_text(pen, PEN_PLAIN, text);
			pen_text(pen, PEN_PLAIN, "\n");
		}
	}
	g_autofree char *text = pen_finish(pen, NULL);
	return g_strdup(pen_is_blank(text) ? otherwise : text);
}

char *feishu_card_text(const cJSON *message)
{
	g_autoptr(GArray) pieces = feishu_pieces(message, TRUE);
	g_autofree char *summary = summary_of(message, pieces);
	return plain_text(pieces, summary);
}

/* One element of plain text, which nothing can refuse. */
static cJSON *make_plain(const cJSON *message)
{
	g_autoptr(GArray) pieces = feishu_pieces(message, TRUE);
	g_autofree char *summary = summary_of(message, pieces), *text = plain_text(pieces, summary);
	cJSON *elements, *card = feishu_element_card(NULL, summary, &elements);
	feishu_element_div(elements, text);
	return card;
}

cJSON *feishu_card(const cJSON *message, gboolean direct, gboolean plain)
{
	g_autoptr(GArray) pieces = plain ? NULL : feishu_pieces(message, FALSE);
	cJSON *card = plain ? NULL : make_within(message, pieces, direct);
	return card ? card : make_plain(message);
}
