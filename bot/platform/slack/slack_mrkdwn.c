/* SPDX-License-Identifier: MIT */
#include "platform/slack/slack_mrkdwn.h"

#define GAP	      "\342\200\213" /* U+200B zero-width space */
#define ELLIPSIS      "\342\200\246" /* U+2026 */
#define LIMIT_MIN     40
#define HELD_MAX      100 /* blanks in a row that are kept */
#define LINK_BYTES    1000 /* of an address; a longer one is its label */
#define SHORTCODE_MAX 100 /* bytes of an emoji code */
#define ATOM_COST                                                                                            \
	6 /* at most: close and gap of one style, gap and mark of the next, its close, the ellipsis */

static const char marks[] = { [INK_PLAIN] = '\0', [INK_BOLD] = '*', [INK_QUIET] = '_', [INK_CODE] = '`' };

struct ink {
	GPtrArray *pages;
	GString *page;
	GString *held; /* blanks, written when something follows them on the line */
	guint page_limit, limit;
	guint points, total; /* code points written to this page, to all */
	enum ink_style open;
	gboolean edge; /* a style has just been closed: what follows without a blank needs a gap */
	gboolean full;
	gsize fold_at; /* byte after the page's last plain blank, where it may end; 0: none yet */
	guint fold_points;
};

struct ink *ink_new(guint page_limit, guint limit)
{
	struct ink *ink = g_new0(struct ink, 1);
	ink->pages = g_ptr_array_new_with_free_func(g_free);
	ink->page = g_string_new(NULL);
	ink->held = g_string_new(NULL);
	ink->page_limit = MAX(page_limit, LIMIT_MIN);
	ink->limit = MAX(limit, LIMIT_MIN);
	return ink;
}

/* Control characters would be lost or refused; an override of direction would turn what others wrote. */
static gboolean is_dropped(gunichar c)
{
	return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f || (c >= 0x80 && c < 0xa0) ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff ||
	       (c & 0xfffe) == 0xfffe;
}

static void put(struct ink *ink, const char *text, guint points)
{
	g_string_append(ink->page, text);
	ink->points += points;
	ink->total += points;
}

static gboolean at_blank(const struct ink *ink)
{
	gsize length = ink->page->len;
	return length == 0 || strchr(" \n\t", ink->page->str[length - 1]) != NULL;
}

static void close_style(struct ink *ink)
{
	if (ink->open == INK_PLAIN)
		return;
	put(ink, (char[]){ marks[ink->open], '\0' }, 1);
	ink->open = INK_PLAIN;
	ink->edge = TRUE;
}

static void put_held(struct ink *ink)
{
	if (ink->held->len == 0)
		return;
	put(ink, ink->held->str, (guint)ink->held->len);
	g_string_truncate(ink->held, 0);
	ink->edge = FALSE;
	if (ink->open != INK_PLAIN)
		return;
	ink->fold_at = ink->page->len;
	ink->fold_points = ink->points;
}

static void enter_style(struct ink *ink, enum ink_style style)
{
	if (ink->open != style)
		close_style(ink);
	put_held(ink);
	if (ink->edge || (ink->open != style && !at_blank(ink)))
		put(ink, GAP, 1);
	ink->edge = FALSE;
	if (ink->open != style)
		put(ink, (char[]){ marks[style], '\0' }, 1);
	ink->open = style;
}

static void push_page(struct ink *ink)
{
	g_strchomp(ink->page->str);
	if (!ink_is_blank(ink->page->str))
		g_ptr_array_add(ink->pages, g_strdup(ink->page->str));
	g_string_truncate(ink->page, 0);
	ink->points = 0;
	ink->fold_at = ink->fold_points = 0;
	ink->edge = FALSE;
}

/* Ends the page, at its last blank when that is not far back. */
static void turn_page(struct ink *ink)
{
	g_autofree char *rest = NULL;
	if (ink->open == INK_PLAIN && ink->fold_at > 0 && ink->fold_points > ink->page_limit / 4 * 3) {
		rest = g_strdup(ink->page->str + ink->fold_at);
		g_string_truncate(ink->page, ink->fold_at);
	}
	close_style(ink);
	push_page(ink);
	if (!rest)
		g_string_truncate(ink->held, 0);
	g_string_append(ink->page, rest ? rest : "");
	ink->points = (guint)g_utf8_strlen(ink->page->str, -1);
}

static void stop(struct ink *ink)
{
	close_style(ink);
	put(ink, ELLIPSIS, 1);
	ink->full = TRUE;
}

/* Writes what must not be torn apart. */
static void put_atom(struct ink *ink, enum ink_style style, const char *atom)
{
	guint points = (guint)g_utf8_strlen(atom, -1), cost = points + (guint)ink->held->len + ATOM_COST;
	if (ink->full)
		return;
	if (ink->total + cost > ink->limit) {
		stop(ink);
		return;
	}
	if (ink->points + cost > ink->page_limit)
		turn_page(ink);
	enter_style(ink, style);
	put(ink, atom, points);
}

static void put_line_break(struct ink *ink)
{
	if (ink->full)
		return;
	g_string_truncate(ink->held, 0);
	if (ink->total + ATOM_COST + 1 > ink->limit) {
		stop(ink);
		return;
	}
	close_style(ink);
	if (ink->points + ATOM_COST + 1 > ink->page_limit) {
		push_page(ink);
		return;
	}
	put(ink, "\n", 1);
	ink->edge = FALSE;
	ink->fold_at = ink->page->len;
	ink->fold_points = ink->points;
}

static gboolean at_line_start(const struct ink *ink)
{
	return ink->page->len == 0 || ink->page->str[ink->page->len - 1] == '\n';
}

static void put_char(struct ink *ink, enum ink_style style, gunichar c)
{
	char atom[8] = { 0 };
	g_unichar_to_utf8(c, atom);
	if (c == '&')
		put_atom(ink, style, "&amp;");
	else if (c == '<')
		put_atom(ink, style, "&lt;");
	else if (c == '>') /* as an entity it still begins a quote */
		put_atom(ink, style, at_line_start(ink) && style == INK_PLAIN ? GAP "&gt;" : "&gt;");
	else if (c == '`' && style == INK_CODE)
		put_atom(ink, style, "\313\213"); /* U+02CB looks like it and ends nothing */
	else if (style != INK_CODE && strchr("*_~`", (int)MIN(c, 127u))) {
		g_autofree char *disarmed = g_strconcat(style == INK_PLAIN ? "" : GAP, atom, GAP, NULL);
		put_atom(ink, style, disarmed);
	} else
		put_atom(ink, style, atom);
}

/* The bytes of the emoji code that text starts with (:tada:, :+1::skin-tone-2:); 0: none. No underscore at an
 * edge. */
static gsize shortcode_length(const char *text)
{
	gsize length = *text == ':' ? 1 : 0;
	while (length > 0 && length < SHORTCODE_MAX &&
		(g_ascii_islower(text[length]) || g_ascii_isdigit(text[length]) ||
			(text[length] && strchr("_+-'", text[length]))))
		length++;
	if (length < 2 || text[length] != ':' || text[1] == '_' || text[length - 1] == '_')
		return 0;
	return length + 1;
}

static const char *put_shortcode(struct ink *ink, enum ink_style style, const char *text, gsize length)
{
	g_autofree char *code = g_strndup(text, length);
	put_atom(ink, style, code);
	return text + length;
}

void ink_text(struct ink *ink, enum ink_style style, const char *text)
{
	while (*text && !ink->full) {
		gunichar c = g_utf8_get_char(text);
		gsize code = style == INK_CODE ? 0 : shortcode_length(text);
		if (code > 0) {
			text = put_shortcode(ink, style, text, code);
			continue;
		}
		if (c == '\n')
			put_line_break(ink);
		else if ((c == ' ' || c == '\t') && ink->held->len < HELD_MAX)
			g_string_append_c(ink->held, (char)c);
		else if (c != ' ' && c != '\t' && !is_dropped(c))
			put_char(ink, style, c);
		text = g_utf8_next_char(text);
	}
}

void ink_mention(struct ink *ink, const char *account)
{
	gboolean is_id = *account != '\0';
	for (const char *at = account; *at; at++)
		is_id = is_id && g_ascii_isalnum(*at);
	if (is_id && strlen(account) <= 30) {
		g_autofree char *mention = g_strdup_printf("<@%s>", account);
		put_atom(ink, INK_PLAIN, mention);
	} else {
		ink_text(ink, INK_PLAIN, "@");
		ink_text(ink, INK_PLAIN, account);
	}
}

/* Both neutralised: nothing ends the link before its end. */
static char *escaped(const char *text, const char *never)
{
	GString *out = g_string_new(NULL);
	for (; *text; text++) {
		if (*text == '&')
			g_string_append(out, "&amp;");
		else if (*text == '<')
			g_string_append(out, "&lt;");
		else if (*text == '>')
			g_string_append(out, "&gt;");
		else if (!strchr(never, *text))
			g_string_append_c(out, *text);
	}
	return g_string_free(out, FALSE);
}

void ink_link(struct ink *ink, const char *url, const char *label)
{
	g_autofree char *to = escaped(url, "|"), *shown = escaped(label, "|*_~`\n");
	g_autofree char *link = g_strdup_printf("<%s|%s>", to, shown);
	if (strlen(url) <= LINK_BYTES)
		put_atom(ink, INK_PLAIN, link);
	else
		ink_text(ink, INK_PLAIN, label);
}

GPtrArray *ink_finish(struct ink *ink)
{
	GPtrArray *pages = ink->pages;
	close_style(ink);
	push_page(ink);
	g_string_free(ink->page, TRUE);
	g_string_free(ink->held, TRUE);
	g_free(ink);
	return pages;
}

char *ink_plain(const char *text, guint limit, gboolean one_line)
{
	GString *out = g_string_new(NULL);
	guint points = 0;
	gsize last = 0; /* where the ellipsis goes, should there be more than limit */
	for (; *text && points <= limit; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);
		if (is_dropped(c))
			continue;
		if (points + 1 == limit)
			last = out->len;
		g_string_append_unichar(out, c == '\n' && one_line ? ' ' : c);
		points++;
	}
	if (points > limit) {
		g_string_truncate(out, last);
		g_string_append(out, ELLIPSIS);
	}
	return g_string_free(out, FALSE);
}

gboolean ink_is_blank(const char *text)
{
	for (; *text; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);
		if (!g_unichar_isspace(c) && !g_unichar_iszerowidth(c) && !is_dropped(c))
			return FALSE;
	}
	return TRUE;
}
