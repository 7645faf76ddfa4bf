/* SPDX-License-Identifier: MIT */
#include "platform/feishu/feishu_pen.h"

#include "platform/feishu/feishu_text.h"

#define GAP	    "\342\200\213" /* U+200B zero-width space */
#define ELLIPSIS    "\342\200\246" /* U+2026 */
#define LIMIT_MIN   60
#define RESERVE	    24	/* what may follow an atom: a gap, the end of its style, the ellipsis */
#define HELD_MAX    100 /* blanks in a row that are kept */
#define CLUSTER_MAX 64	/* bytes of an emoji made of several characters */
#define BREAKS_MAX  2
#define LINK_BYTES  1000 /* of an address; a longer one is its label */

/* What markdown may take for its own (10): each is written as an entity, wherever it stands. */
static const char special[] = "&<>*~_[]()#:+-!\"'$\\/|`";

static const struct {
	const char *open, *close;
} styles[] = {
	[PEN_PLAIN] = { "", "" },
	[PEN_BOLD] = { "**", "**" },
	[PEN_QUIET] = { "<font color='grey'>", "</font>" },
	[PEN_CODE] = { "", "" },
};

struct pen {
	enum pen_kind kind;
	GString *out;
	gsize limit, bytes;
	guint held;   /* blanks, written when something follows them on the line */
	guint breaks; /* at the end of what is written */
	enum pen_style open;
	gboolean word;	 /* the last character is a letter or digit, so that a style may end after it */
	gboolean digits; /* the line is digits so far: a dot would make a list of it */
	gboolean full;
};

struct pen *pen_new(enum pen_kind kind, gsize limit_bytes)
{
	struct pen *pen = g_new0(struct pen, 1);
	pen->kind = kind;
	pen->out = g_string_new(NULL);
	pen->limit = MAX(limit_bytes, LIMIT_MIN);
	pen->breaks = 1;
	pen->digits = TRUE;
	return pen;
}

/* ---- characters ---- */

/* Control characters are refused; an override of direction would turn what others wrote. */
static gboolean is_dropped(gunichar c)
{
	return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f || (c >= 0x80 && c < 0xa0) || c == 0x200e || c == 0x200f ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff || (c & 0xfffe) == 0xfffe;
}

static gboolean is_regional(gunichar c)
{
	return c >= 0x1f1e6 && c <= 0x1f1ff;
}

/* What belongs to the character before it: accents, variations, skin tones, keycaps, tags. */
static gboolean extends(gunichar c)
{
	return g_unichar_ismark(c) || c == 0x200d || (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0x1f3fb && c <= 0x1f3ff) ||
	       (c >= 0xe0020 && c <= 0xe007f);
}

/* The bytes of what a reader sees as one character. */
static gsize cluster_length(const char *text)
{
	const char *at = g_utf8_next_char(text);
	gunichar before = g_utf8_get_char(text);
	gboolean flag = is_regional(before) && is_regional(g_utf8_get_char(at));
	if (flag)
		at = g_utf8_next_char(at);
	while (*at && at - text < CLUSTER_MAX) {
		gunichar c = g_utf8_get_char(at);
		/* Only what lies beyond ASCII joins: a "<" must not hide in an emoji. */
		if (is_dropped(c) || c < 0x80 || !(extends(c) || before == 0x200d))
			break;
		before = c;
		at = g_utf8_next_char(at);
	}
	return (gsize)(at - text);
}

static gsize byte_cost(char c)
{
	return c == '"' || c == '\\' ? 4 : c == '\n' ? 3 : 1;
}

gsize pen_cost(const char *text)
{
	gsize cost = 0;
	for (; *text; text++)
		cost += byte_cost(*text);
	return cost;
}

gsize pen_escaped_bytes(const char *json)
{
	gsize bytes = 0;
	for (; *json; json++)
		bytes += *json == '"' || *json == '\\' ? 2 : 1;
	return bytes;
}

/* ---- writing ---- */

static void put(struct pen *pen, const char *text)
{
	g_string_append(pen->out, text);
	pen->bytes += pen_cost(text);
}

static void close_style(struct pen *pen)
{
	/* "**" ends a style only after a letter, a digit, or what is not punctuation. */
	if (pen->open == PEN_BOLD && !pen->word)
		put(pen, GAP);
	put(pen, styles[pen->open].close);
	if (pen->open != PEN_PLAIN)
		pen->word = FALSE;
	pen->open = PEN_PLAIN;
}

static void put_held(struct pen *pen)
{
	/* Four blanks at the start of a line would make it code. */
	gboolean dropped = pen->kind == PEN_MARKDOWN && pen->breaks > 0;
	for (; pen->held > 0; pen->held--)
		put(pen, dropped ? "" : " ");
}

static void enter_style(struct pen *pen, enum pen_style style, gboolean word)
{
	if (pen->open != style)
		close_style(pen);
	put_held(pen);
	if (pen->open == style)
		return;
	put(pen, styles[style].open);
	if (style == PEN_BOLD && !word)
		put(pen, GAP);
	pen->open = style;
}

static void stop(struct pen *pen)
{
	close_style(pen);
	put(pen, ELLIPSIS);
	pen->full = TRUE;
}

/* What must not be torn apart. word: it ends in a letter or digit. */
static void put_atom(struct pen *pen, enum pen_style style, const char *atom, gboolean word)
{
	gsize cost = pen_cost(atom) + pen->held + RESERVE;
	if (pen->open != style)
		cost += strlen(styles[pen->open].close) + strlen(styles[style].open);
	if (pen->full)
		return;
	if (pen->bytes + cost > pen->limit) {
		stop(pen);
		return;
	}
	enter_style(pen, style, word);
	put(pen, atom);
	pen->breaks = 0;
	pen->word = word;
}

static void put_break(struct pen *pen)
{
	pen->held = 0;
	if (pen->full || pen->breaks >= BREAKS_MAX || pen->out->len == 0)
		return;
	close_style(pen);
	if (pen->bytes + 3 + RESERVE > pen->limit) {
		stop(pen);
		return;
	}
	put(pen, "\n");
	pen->breaks++;
	pen->digits = TRUE;
	pen->word = FALSE;
}

/* A character of markdown; at the start of a line also those that begin a list or underline a heading. */
static gboolean is_special(const struct pen *pen, char c)
{
	return strchr(special, c) || (c == '=' && pen->breaks > 0) || (c == '.' && pen->digits);
}

static void put_cluster(struct pen *pen, enum pen_style style, const char *text, gsize length)
{
	gboolean entity = pen->kind == PEN_MARKDOWN && is_special(pen, *text);
	gboolean word = !entity && g_unichar_isalnum(g_utf8_get_char(text)) && length <= 4;
	g_autofree char *atom =
		entity ? g_strdup_printf("&#%d;%.*s", *text, (int)length - 1, text + 1) : g_strndup(text, length);
	put_atom(pen, style, atom, word);
	pen->digits = pen->digits && g_ascii_isdigit(*text);
}

static void put_blank(struct pen *pen)
{
	if (pen->held < HELD_MAX)
		pen->held++;
	pen->digits = pen->digits && pen->breaks > 0; /* blanks at the start of a line go */
}

static void put_words(struct pen *pen, enum pen_style style, const char *text)
{
	while (*text && !pen->full) {
		gunichar c = g_utf8_get_char(text);
		gsize length = is_dropped(c) ? (gsize)(g_utf8_next_char(text) - text) : cluster_length(text);
		if (c == '\n' && pen->kind != PEN_LINE)
			put_break(pen);
		else if (c == '\n' || c == '\t' || c == ' ')
			put_blank(pen);
		else if (!is_dropped(c))
			put_cluster(pen, style, text, length);
		text += c == '\n' || c == '\t' || c == ' ' ? 1 : length;
	}
}

/* Between backticks entities stay what they are, so only what needs none may stand there. */
static gboolean may_be_code(const char *text)
{
	return *text && *text != ' ' && !g_str_has_suffix(text, " ") && !strpbrk(text, "`<>&[]\\\"\n\t") && strlen(text) <= 200;
}

static void put_code(struct pen *pen, const char *text)
{
	for (const char *at = text; *at; at = g_utf8_next_char(at)) {
		if (is_dropped(g_utf8_get_char(at)))
			return;
	}
	g_autofree char *code = g_strconcat("`", text, "`", NULL);
	put_atom(pen, PEN_CODE, code, FALSE);
	pen->digits = FALSE;
}

void pen_text(struct pen *pen, enum pen_style style, const char *text)
{
	if (pen->kind != PEN_MARKDOWN)
		put_words(pen, PEN_PLAIN, text);
	else if (style == PEN_CODE && may_be_code(text))
		put_code(pen, text);
	else
		put_words(pen, style == PEN_CODE ? PEN_PLAIN : style, text);
}

void pen_mention(struct pen *pen, const char *account)
{
	if (pen->kind == PEN_MARKDOWN && feishu_text_is_id(account) && strcmp(account, "all") != 0) {
		g_autofree char *mention = g_strdup_printf("<at id=%s></at>", account);
		put_atom(pen, PEN_PLAIN, mention, FALSE);
		pen->digits = FALSE;
	} else {
		pen_text(pen, PEN_PLAIN, "@");
		pen_text(pen, PEN_PLAIN, account);
	}
}

/* Neutralised as text is; of an address what would end it is percent-encoded. */
static void append_label(GString *out, const char *label)
{
	for (; *label; label++) {
		if (strchr(special, *label))
			g_string_append_printf(out, "&#%d;", *label);
		else if (*label != '\n')
			g_string_append_c(out, *label);
	}
}

static void append_address(GString *out, const char *url)
{
	for (; *url; url++) {
		if (*url == '(' || *url == ')')
			g_string_append_printf(out, "%%%02X", *url);
		else
			g_string_append_c(out, *url);
	}
}

void pen_link(struct pen *pen, const char *url, const char *label)
{
	if (pen->kind != PEN_MARKDOWN || strlen(url) > LINK_BYTES) {
		pen_text(pen, PEN_PLAIN, label);
		return;
	}
	g_autoptr(GString) link = g_string_new("[");
	append_label(link, label);
	g_string_append(link, "](");
	append_address(link, url);
	g_string_append_c(link, ')');
	put_atom(pen, PEN_PLAIN, link->str, FALSE);
	pen->digits = FALSE;
}

void pen_mark(struct pen *pen, const char *markdown)
{
	put_atom(pen, PEN_PLAIN, markdown, FALSE);
	pen->breaks = 1; /* what follows stands as at the start of a line */
	pen->digits = TRUE;
}

char *pen_finish(struct pen *pen, gsize *bytes)
{
	close_style(pen);
	while (pen->out->len > 0 && pen->out->str[pen->out->len - 1] == '\n') {
		g_string_truncate(pen->out, pen->out->len - 1);
		pen->bytes -= byte_cost('\n');
	}
	if (bytes)
		*bytes = pen->bytes;
	char *text = g_string_free(pen->out, FALSE);
	g_free(pen);
	return text;
}

/* ---- short texts ---- */

/* Whole characters of a reader's, at most `points` code points of them. */
static char *shorten(const char *text, guint points, gboolean one_line)
{
	GString *out = g_string_new(NULL);
	guint count = 0;
	gsize last = 0; /* where the ellipsis goes, should there be more than fits */
	while (*text && count <= points) {
		gunichar c = g_utf8_get_char(text);
		gsize length = is_dropped(c) ? (gsize)(g_utf8_next_char(text) - text) : cluster_length(text);
		if (!is_dropped(c)) {
			if (count < points)
				last = out->len;
			count += (guint)g_utf8_strlen(text, (gssize)length);
			gboolean blank = c == '\t' || (c == '\n' && one_line);
			g_string_append_len(out, blank ? " " : text, blank ? 1 : (gssize)length);
		}
		text += length;
	}
	if (count > points) {
		g_string_truncate(out, last);
		g_string_append(out, ELLIPSIS);
	}
	return g_string_free(out, FALSE);
}

char *pen_line(const char *text, guint points)
{
	return shorten(text, points, TRUE);
}

char *pen_lines(const char *text, guint points)
{
	return shorten(text, points, FALSE);
}

gboolean pen_is_blank(const char *text)
{
	for (; *text; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);
		if (!g_unichar_isspace(c) && !g_unichar_iszerowidth(c) && !is_dropped(c))
			return FALSE;
	}
	return TRUE;
}
