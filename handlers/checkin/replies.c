/* SPDX-License-Identifier: MIT */
#include "checkin/replies.h"

enum { WHOLE_MOST = 1000000000, UNIT_LIMIT = 8 /* characters after a number */ };

/* ---- what a word is ---- */

static gboolean is_left_out(const char *text)
{
	static const char *const words[] = { "", "-", "—", "/", "无", "没有", "none", "n/a", NULL };
	g_autofree char *folded = g_utf8_casefold(text, -1);
	return g_strv_contains(words, folded);
}

/* Full-width digits and signs as plain ones, without blanks around. Caller frees. */
static char *plain(const char *text)
{
	g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
	return g_strstrip(g_steal_pointer(&normal));
}

/* "3本", "30 min": what follows the digits may be a unit, and nothing that looks like more of a number. */
static gboolean is_unit(const char *rest)
{
	g_autofree char *unit = g_strstrip(g_strdup(rest));
	if (g_utf8_strlen(unit, -1) > UNIT_LIMIT)
		return FALSE;
	for (const char *p = unit; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (!g_unichar_isalpha(c) && c != '%' && c != 0x20ac && c != '$')
			return FALSE;
	}
	return TRUE;
}

static gboolean is_grouped(const char *p)
{
	return *p == ',' && g_ascii_isdigit(p[1]) && g_ascii_isdigit(p[2]) && g_ascii_isdigit(p[3]) && !g_ascii_isdigit(p[4]);
}

/* Digits with commas between thousands; *whole stays small enough for thousandths. */
static gboolean read_whole(const char **at, int64_t *whole)
{
	const char *p = *at;
	for (*whole = 0; g_ascii_isdigit(*p) || (p > *at && is_grouped(p)); p++) {
		if (*p == ',')
			continue;
		*whole = *whole * 10 + (*p - '0');
		if (*whole > WHOLE_MOST)
			return FALSE;
	}
	gboolean any = p > *at;
	*at = p;
	return any;
}

static gboolean read_fraction(const char **at, int64_t *thousandths)
{
	*thousandths = 0;
	if (**at != '.')
		return TRUE;
	const char *p = *at + 1;
	int64_t unit = 100;
	for (; g_ascii_isdigit(*p) && unit > 0; p++, unit /= 10)
		*thousandths += (*p - '0') * unit;
	gboolean any = p > *at + 1;
	*at = p;
	return any;
}

/* The number at the text's start and what follows it; FALSE when there is none. */
static gboolean read_number(const char *text, int64_t *thousandths, const char **rest)
{
	const char *p = text + (*text == '-' || *text == '+');
	int64_t whole, fraction;
	if (!read_whole(&p, &whole) || !read_fraction(&p, &fraction))
		return FALSE;
	*thousandths = (whole * 1000 + fraction) * (*text == '-' ? -1 : 1);
	*rest = p;
	return TRUE;
}

/* ---- each kind ---- */

static gboolean is_in_range(const struct config_question *question, int64_t thousandths)
{
	return thousandths >= (int64_t)question->least * 1000 && thousandths <= (int64_t)question->most * 1000;
}

static enum reply_problem take_text(const struct config_question *question, const char *text, struct reply *out)
{
	(void)question;
	out->text = g_strdup(text);
	return REPLY_OK;
}

static enum reply_problem take_number(const struct config_question *question, const char *text, struct reply *out)
{
	g_autofree char *value = plain(text);
	const char *rest;
	if (!read_number(value, &out->thousandths, &rest) || !is_unit(rest))
		return REPLY_NO_NUMBER;
	if (!is_in_range(question, out->thousandths))
		return REPLY_OUT_OF_RANGE;
	out->text = reply_decimal(out->thousandths, 3);
	return REPLY_OK;
}

/* "4/5" says how long the scale is; it must be right. */
static gboolean is_of_scale(const struct config_question *question, const char *rest)
{
	g_autofree char *of = g_strdup_printf("/%d", question->most);
	return strcmp(rest, of) == 0 || is_unit(rest);
}

static enum reply_problem take_point(const struct config_question *question, const char *text, struct reply *out)
{
	g_autofree char *value = plain(text);
	const char *rest;
	if (!read_number(value, &out->thousandths, &rest) || out->thousandths % 1000 != 0 || !is_of_scale(question, rest) ||
		!is_in_range(question, out->thousandths))
		return REPLY_NO_POINT;
	out->text = reply_decimal(out->thousandths, 0);
	return REPLY_OK;
}

/* The option of these words, else the one that alone begins so; NULL: none. */
static const char *option_called(char *const *options, const char *text)
{
	g_autofree char *word = g_utf8_casefold(text, -1);
	const char *beginning = NULL;
	guint begin = 0;
	for (; *options; options++) {
		g_autofree char *option = g_utf8_casefold(*options, -1);
		if (strcmp(option, word) == 0)
			return *options;
		if (g_str_has_prefix(option, word)) {
			beginning = *options;
			begin++;
		}
	}
	return begin == 1 ? beginning : NULL;
}

static enum reply_problem take_option(const struct config_question *question, const char *text, struct reply *out)
{
	g_autofree char *value = plain(text);
	const char *option = option_called(question->options, value), *rest;
	int64_t thousandths;
	gboolean numbered = !option && read_number(value, &thousandths, &rest) && !*rest && thousandths % 1000 == 0;
	if (numbered && thousandths >= 1000 && thousandths <= 1000 * (int64_t)g_strv_length(question->options))
		option = question->options[thousandths / 1000 - 1];
	if (!option)
		return REPLY_NO_OPTION;
	out->text = g_strdup(option);
	return REPLY_OK;
}

static const struct {
	const char *name;
	enum reply_problem (*take)(const struct config_question *question, const char *text, struct reply *out);
} kinds[] = {
	{ "text", take_text },
	{ "number", take_number },
	{ "choice", take_option },
	{ "scale", take_point },
};

struct reply reply_read(const struct config_question *question, const char *text)
{
	struct reply reply = { 0 };
	g_autofree char *value = g_strstrip(g_strdup(text ? text : ""));
	gboolean left_out = is_left_out(value);
	if (left_out && (question->optional || !*value)) {
		reply.problem = question->optional ? REPLY_OK : REPLY_MISSING;
		value[0] = '\0';
	} else if (g_utf8_strlen(value, -1) > REPLY_LIMIT) {
		reply.problem = REPLY_TOO_LONG;
	} else {
		for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
			if (strcmp(kinds[i].name, question->kind) == 0)
				reply.problem = kinds[i].take(question, value, &reply);
	}
	if (!reply.text)
		reply.text = g_steal_pointer(&value);
	return reply;
}

char *reply_decimal(int64_t thousandths, int decimals)
{
	static const int64_t steps[] = { 1000, 100, 10, 1 };
	int64_t step = steps[decimals], size = ABS(thousandths);
	size = (size + step / 2) / step * step;
	GString *out = g_string_new(NULL);
	g_string_printf(out, "%s%" G_GINT64_FORMAT ".%03d", thousandths < 0 && size > 0 ? "-" : "", size / 1000, (int)(size % 1000));
	while (g_str_has_suffix(out->str, "0"))
		g_string_truncate(out, out->len - 1);
	if (g_str_has_suffix(out->str, "."))
		g_string_truncate(out, out->len - 1);
	return g_string_free(out, FALSE);
}

/* ---- the parts of a text ---- */

/* "1. ", "2、", "3)", "（4）": the number, and what follows it; 0: the line has none. */
static guint read_mark(const char *line, const char **rest)
{
	static const struct {
		const char *sign;
		gboolean in_numbers; /* 1.5 and 1:30 are no marks */
	} signs[] = { { ".", TRUE }, { "．", TRUE }, { ":", TRUE }, { "：", TRUE }, { "、", FALSE }, { ")", FALSE }, { "）", FALSE } };
	gboolean open = *line == '(' || g_str_has_prefix(line, "（");
	const char *p = open ? g_utf8_next_char(line) : line, *digits = p;
	while (g_ascii_isdigit(*p) && p - digits < 2)
		p++;
	for (size_t i = 0; p > digits && i < G_N_ELEMENTS(signs); i++) {
		const char *after = p + strlen(signs[i].sign);
		if (!g_str_has_prefix(p, signs[i].sign) || (signs[i].in_numbers && g_ascii_isdigit(*after)))
			continue;
		*rest = after + strspn(after, " \t");
		return (guint)g_ascii_strtoull(digits, NULL, 10);
	}
	return 0;
}

static GPtrArray *split_lines(const char *text)
{
	GPtrArray *parts = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++)
		if (*g_strstrip(*line))
			g_ptr_array_add(parts, g_strdup(*line));
	return parts;
}

/* One line with ; or | between the answers. */
static GPtrArray *split_line(const char *text)
{
	GString *lines = g_string_new(text);
	static const char *const signs[] = { ";", "；", "|", "｜" };
	for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
		g_string_replace(lines, signs[i], "\n", 0);
	GPtrArray *parts = split_lines(lines->str);
	g_string_free(lines, TRUE);
	return parts;
}

/* Numbered lines put their text in place, the others continue it. FALSE when the numbers are not those of the questions. */
static gboolean place_numbered(const GPtrArray *lines, GString **places, guint count)
{
	GString *current = NULL;
	for (guint i = 0; i < lines->len; i++) {
		const char *rest = lines->pdata[i];
		guint number = read_mark(rest, &rest);
		if (number > count || (number && places[number - 1]))
			return FALSE;
		if (number)
			current = places[number - 1] = g_string_new(rest);
		else if (current)
			g_string_append_printf(current, "\n%s", rest);
	}
	return TRUE;
}

static void place_in_order(const GPtrArray *lines, GString **places)
{
	for (guint i = 0; i < lines->len; i++)
		places[i] = g_string_new(lines->pdata[i]);
}

/* Whether the questions from `from` on may be left out. */
static gboolean may_end(struct config_question *const *questions, guint from)
{
	for (; questions[from]; from++)
		if (!questions[from]->optional)
			return FALSE;
	return TRUE;
}

static GPtrArray *parts_of(const char *text, guint count)
{
	GPtrArray *lines = split_lines(text);
	if (count > 1 && lines->len == 1) {
		GPtrArray *parts = split_line(text);
		if (parts->len > 1) {
			g_ptr_array_unref(lines);
			return parts;
		}
		g_ptr_array_unref(parts);
	}
	return lines;
}

/* Which text is whose; FALSE when that cannot be told. */
static gboolean place(struct config_question *const *questions, const char *text, GString **places, struct replies *out)
{
	const char *rest;
	if (out->count == 1) {
		out->parts = 1;
		places[0] = g_string_new(text);
		return TRUE;
	}
	g_autoptr(GPtrArray) lines = parts_of(text, out->count);
	out->parts = lines->len;
	if (lines->len > 0 && read_mark(lines->pdata[0], &rest))
		return place_numbered(lines, places, out->count);
	if (lines->len > out->count || !may_end(questions, lines->len))
		return FALSE;
	place_in_order(lines, places);
	return TRUE;
}

static guint count_of(struct config_question *const *questions)
{
	guint count = 0;
	while (questions[count])
		count++;
	return count;
}

gboolean replies_read(struct config_question *const *questions, const char *text, struct replies *out)
{
	*out = (struct replies){ .count = count_of(questions) };
	g_autofree GString **places = g_new0(GString *, out->count);
	if (place(questions, text, places, out)) {
		out->list = g_new0(struct reply, out->count);
		for (guint i = 0; i < out->count; i++)
			out->list[i] = reply_read(questions[i], places[i] ? places[i]->str : "");
	}
	for (guint i = 0; i < out->count; i++)
		if (places[i])
			g_string_free(places[i], TRUE);
	return out->list && replies_problems(out) == 0;
}

gboolean replies_from_form(struct config_question *const *questions, const char *const *values, struct replies *out)
{
	*out = (struct replies){ .count = count_of(questions) };
	out->parts = out->count;
	out->list = g_new0(struct reply, out->count);
	for (guint i = 0; i < out->count; i++)
		out->list[i] = reply_read(questions[i], values[i]);
	return replies_problems(out) == 0;
}

guint replies_problems(const struct replies *replies)
{
	guint problems = 0;
	for (guint i = 0; replies->list && i < replies->count; i++)
		problems += replies->list[i].problem != REPLY_OK;
	return problems;
}

void replies_release(struct replies *replies)
{
	for (guint i = 0; replies->list && i < replies->count; i++)
		g_free(replies->list[i].text);
	g_clear_pointer(&replies->list, g_free);
}
