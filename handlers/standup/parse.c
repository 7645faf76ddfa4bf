/* SPDX-License-Identifier: MIT */
#include "handlers/standup/parse.h"

#include "handlers/standup/labels.h"
#include "handlers/standup/marks.h"

/* Rule 6: the position that a label means in each format; -1 where it has no place. */
static const gint8 places[][LABEL_COUNT] = {
	[STANDUP_FORMAT_A] = { [LABEL_RESULTS] = 0, [LABEL_GOALS] = 1, [LABEL_DAY] = 1, [LABEL_ACTIONS] = -1,
		[LABEL_RISKS] = 2, [LABEL_BLOCKERS] = 2, [LABEL_HELP] = -1 },
	[STANDUP_FORMAT_B] = { [LABEL_RESULTS] = -1, [LABEL_GOALS] = -1, [LABEL_DAY] = 0, [LABEL_ACTIONS] = 0,
		[LABEL_RISKS] = 1, [LABEL_BLOCKERS] = 1, [LABEL_HELP] = 2 },
};

static struct span without_marker(const struct piece *piece)
{
	return piece->literal ? piece->text : mark_read(span_trim(piece->text)).rest;
}

/* Joins the pieces into fields: that of slot s goes to position place[s]. A position without a piece stays NULL. */
static void gather(const GArray *pieces, const gint8 *place, struct standup_text *out)
{
	GString *values[3] = { NULL };
	for (guint i = 0; i < pieces->len; i++) {
		const struct piece *piece = &g_array_index(pieces, struct piece, i);
		struct span text = without_marker(piece);
		if (place[piece->slot] < 0)
			continue;
		GString **value = &values[place[piece->slot]];
		if (!*value)
			*value = g_string_sized_new(span_bytes(text) + 1);
		else if ((*value)->len > 0 && !span_is_empty(text))
			g_string_append_c(*value, '\n');
		g_string_append_len(*value, text.at, (gssize)span_bytes(text));
	}
	for (guint i = 0; i < 3; i++)
		out->fields[i] = values[i] ? g_string_free(values[i], FALSE) : NULL;
}

/* Rule 8. */
static gboolean is_none(const char *value)
{
	static const char *const nones[] = {
		"", "无", "無", "没有", "沒有", "暂无", "暫無", "没", "沒", "没有卡点", "沒有卡點", "无卡点", "無卡點",
		"没有风险", "沒有風險", "无风险", "無風險", "暂无风险", "暫無風險", "暂无卡点", "暫無卡點", "无需", "無需",
		"不需要", "不用", "没有求助", "沒有求助", "无求助", "無求助", "none", "no", "nope", "n/a", "na", "nil",
		"nothing", "no blockers", "no blocker", "no risks", "no risk", "no help needed", "nothing to report", "-",
		"/", "—",
	};
	struct span rest = span_drop_last((struct span){ value, value + strlen(value) }, ".。!！~～");
	for (guint i = 0; i < G_N_ELEMENTS(nones); i++) {
		if (span_is_word(rest, nones[i]))
			return TRUE;
	}
	return FALSE;
}

static enum standup_problem required_field(const struct standup_text *text)
{
	if (text->format == STANDUP_FORMAT_A && text->none[1])
		return STANDUP_EMPTY_GOALS;
	if (text->format == STANDUP_FORMAT_B && text->none[0])
		return STANDUP_EMPTY_ACTIONS;
	return STANDUP_OK;
}

/* Empties the fields that say "none"; finds the last problems there can be. */
static enum standup_problem judge(struct standup_text *text)
{
	gboolean missing = FALSE;
	for (guint i = 0; i < 3; i++) {
		text->missing[i] = !text->fields[i];
		text->none[i] = text->fields[i] && is_none(text->fields[i]);
		if (text->none[i])
			*text->fields[i] = '\0';
		missing |= text->missing[i];
	}
	return missing ? STANDUP_MISSING_FIELD : required_field(text);
}

enum day { DAY_NONE, DAY_YESTERDAY, DAY_TODAY };

static enum day day_of(struct span text)
{
	static const struct {
		const char *word;
		enum day day;
	} days[] = {
		{ "昨天", DAY_YESTERDAY }, { "昨日", DAY_YESTERDAY }, { "上周五", DAY_YESTERDAY }, { "上週五", DAY_YESTERDAY },
		{ "yesterday", DAY_YESTERDAY }, { "今天", DAY_TODAY }, { "今日", DAY_TODAY }, { "today", DAY_TODAY },
	};
	text = mark_skip_emoji(text);
	for (guint i = 0; i < G_N_ELEMENTS(days); i++) {
		if (span_starts_word(text, days[i].word))
			return days[i].day;
	}
	return DAY_NONE;
}

static enum standup_format choose_format(guint seen, enum standup_format fallback)
{
	gboolean risks = (seen & 1u << LABEL_RISKS) != 0, blockers = (seen & 1u << LABEL_BLOCKERS) != 0;
	if (seen & (1u << LABEL_RESULTS | 1u << LABEL_GOALS))
		return STANDUP_FORMAT_A;
	if (seen & (1u << LABEL_ACTIONS | 1u << LABEL_HELP))
		return STANDUP_FORMAT_B;
	if (risks != blockers)
		return risks ? STANDUP_FORMAT_A : STANDUP_FORMAT_B;
	return fallback;
}

static gboolean is_mixed(guint seen)
{
	return (seen & (1u << LABEL_RESULTS | 1u << LABEL_GOALS)) && (seen & (1u << LABEL_ACTIONS | 1u << LABEL_HELP));
}

/* How many fields have a label of their own; one that has no place in this format is a field, too. */
static guint count_fields(guint seen, enum standup_format format)
{
	guint fields = 0;
	for (guint label = 0; label < LABEL_COUNT; label++) {
		if (seen & 1u << label)
			fields |= 1u << (places[format][label] < 0 ? 3 + label : (guint)places[format][label]);
	}
	return (guint)__builtin_popcount(fields);
}

/* Rule 6. */
static void read_labelled(const GArray *pieces, const struct labels *labels, struct standup_text *out)
{
	gboolean mixed = is_mixed(labels->seen);
	if (!mixed)
		out->format = choose_format(labels->seen, out->format);
	gather(pieces, places[out->format], out);
	enum standup_problem problem = judge(out);
	out->problem = mixed ? STANDUP_MIXED_FORMATS : problem;
	guint fields = count_fields(labels->seen, out->format);
	out->labelled = TRUE;
	out->attempt = fields >= 3 || (fields == 2 && labels->telling);
}

static gboolean contains_word(struct span s, const char *word)
{
	for (; !span_is_empty(s); s = span_next(s)) {
		if (span_starts_word(s, word))
			return TRUE;
	}
	return FALSE;
}

static gboolean is_heading(struct span line)
{
	static const char *const titles[] = { "晨会", "晨會", "早会", "早會", "日报", "日報", "汇报", "匯報", "站会", "站會",
		"standup", "stand-up", "daily", "check-in", "checkin" };
	gsize chars = span_chars(line);
	if (chars <= 12 && span_last_of(line, ":：") > 0)
		return TRUE;
	for (guint i = 0; chars <= 20 && i < G_N_ELEMENTS(titles); i++) {
		if (contains_word(line, titles[i]))
			return TRUE;
	}
	return FALSE;
}

static gboolean is_name(struct span name)
{
	if (span_is_empty(name) || span_is_word(name, "http") || span_is_word(name, "https"))
		return FALSE;
	while (!span_is_empty(name) && g_ascii_isdigit(*name.at))
		name.at++;
	return !span_is_empty(name);
}

/* Without a leading `name:`. A colon inside <…> ends no name: it is that of a link. */
static struct span drop_name(struct span line)
{
	const char *angle = NULL; /* the end of the <…> we are in */
	struct span s = line;
	for (guint chars = 0; chars <= 12 && !span_is_empty(s); chars++, s = span_next(s)) {
		gsize colon = span_first_of(s, ":：");
		if (s.at >= angle && colon > 0)
			return is_name((struct span){ line.at, s.at }) ? (struct span){ s.at + colon, s.end } : line;
		if (colon > 0 || span_first_blank(s) > 0 || span_first_of(s, ";；,，|｜。") > 0)
			return line;
		if (*s.at == '<' && s.at >= angle)
			angle = memchr(s.at, '>', span_bytes(s));
	}
	return line;
}

static gboolean is_digit_comma(struct span line, struct span s)
{
	return *s.at == ',' && s.at > line.at && g_ascii_isdigit(s.at[-1]) && span_bytes(s) > 1 && g_ascii_isdigit(s.at[1]);
}

enum { PARTS = 4 /* three, and one more to know that there are more */ };

/* Cuts a line at the separators outside <…>; empty parts do not count. At most PARTS. */
static guint cut(struct span line, const char *separators, struct line parts[PARTS])
{
	const char *last_angle = memrchr(line.at, '>', span_bytes(line));
	const char *begin = line.at;
	guint count = 0;
	for (struct span s = line; count < PARTS; s = span_next(s)) {
		gboolean end = span_is_empty(s);
		if (!end && *s.at == '<' && s.at < last_angle)
			s.at = memchr(s.at, '>', span_bytes(s));
		if (!end && (span_first_of(s, separators) == 0 || is_digit_comma(line, s)))
			continue;
		struct span part = span_trim((struct span){ begin, s.at });
		if (!span_is_empty(part))
			parts[count++] = (struct line){ .text = part };
		if (end)
			break;
		begin = span_next(s).at;
	}
	return count;
}

static void put_item(GArray *pieces, const struct line *line, guint item)
{
	struct piece piece = { .slot = item, .text = line->text, .literal = line->literal };
	g_array_append_val(pieces, piece);
}

static void put_items(GArray *pieces, const struct line lines[3])
{
	for (guint i = 0; i < 3; i++)
		put_item(pieces, &lines[i], i);
}

static enum mark_kind own_mark(const struct line *line, struct mark *mark)
{
	*mark = mark_read(line->text);
	return line->literal || line->indented ? MARK_NONE : mark->kind;
}

/* Four lines or more are three items when the markers of the unindented ones say so. */
static gboolean put_listed(GArray *pieces, const struct line *lines, guint count)
{
	struct mark mark;
	enum mark_kind kind = own_mark(&lines[0], &mark);
	guint items = 0;
	for (guint i = 0; kind != MARK_NONE && i < count; i++) {
		if (own_mark(&lines[i], &mark) == kind) {
			items++;
			if (items > 3 || (kind == MARK_NUMBER && mark.number != items))
				return FALSE;
		}
		put_item(pieces, &lines[i], items - 1);
	}
	return items == 3;
}

/* One line; the parts that it was cut into at semicolons and bars stay in `parts` for the hint. */
static enum standup_problem put_single(GArray *pieces, const struct line *line, struct line parts[PARTS], guint *count)
{
	*count = 0;
	if (line->literal)
		return STANDUP_NOT_THREE_PARTS;
	struct span text = drop_name(line->text);
	*count = cut(text, ";；|｜", parts);
	if (*count == 3) {
		put_items(pieces, parts);
		return STANDUP_OK;
	}
	struct line phrases[PARTS];
	if (cut(text, ",，。", phrases) != 3 || day_of(phrases[0].text) != DAY_YESTERDAY ||
		day_of(phrases[1].text) != DAY_TODAY)
		return STANDUP_NOT_THREE_PARTS;
	put_items(pieces, phrases);
	return STANDUP_OK;
}

/* If exactly one item opens with yesterday and one other with today, they are results and goals: fills `place`. */
static gboolean place_days(const GArray *pieces, gint8 place[3])
{
	enum day days[3] = { DAY_NONE };
	guint known = 0, yesterdays = 0, todays = 0;
	for (guint i = 0; i < pieces->len; i++) {
		const struct piece *piece = &g_array_index(pieces, struct piece, i);
		struct span text = without_marker(piece);
		if (known & 1u << piece->slot || span_is_empty(text))
			continue;
		known |= 1u << piece->slot;
		days[piece->slot] = day_of(text);
		yesterdays += days[piece->slot] == DAY_YESTERDAY;
		todays += days[piece->slot] == DAY_TODAY;
	}
	if (yesterdays != 1 || todays != 1)
		return FALSE;
	static const gint8 positions[] = { [DAY_YESTERDAY] = 0, [DAY_TODAY] = 1, [DAY_NONE] = 2 };
	for (guint i = 0; i < 3; i++)
		place[i] = positions[days[i]];
	return TRUE;
}

static void place_items(const GArray *pieces, struct standup_text *out)
{
	gint8 place[3] = { 0, 1, 2 };
	out->dated = place_days(pieces, place);
	out->attempt = out->dated;
	if (out->dated)
		out->format = STANDUP_FORMAT_A;
	gather(pieces, place, out);
	out->problem = judge(out);
}

/* What an attempt looks like without labels: the first line (after a heading) opens with one kind of day word, another with the other. */
struct days {
	gboolean found;
	struct span yesterday, today;
};

static enum day day_of_line(const struct line *line, struct span *text)
{
	*text = mark_read(line->text).rest;
	return line->literal ? DAY_NONE : day_of(*text);
}

static struct days find_days(const struct line *lines, guint count)
{
	struct days days = { .found = FALSE };
	struct span text, other;
	guint i = 0;
	if (count > 1 && day_of_line(&lines[0], &text) == DAY_NONE && is_heading(lines[0].text))
		i++;
	enum day first = i < count ? day_of_line(&lines[i], &text) : DAY_NONE;
	for (i++; first != DAY_NONE && !days.found && i < count; i++) {
		enum day day = day_of_line(&lines[i], &other);
		days.found = day != DAY_NONE && day != first;
	}
	days.yesterday = first == DAY_YESTERDAY ? text : other;
	days.today = first == DAY_YESTERDAY ? other : text;
	return days;
}

static void keep_days(const struct days *days, struct standup_text *out)
{
	if (!days->found)
		return;
	out->format = STANDUP_FORMAT_A;
	out->attempt = TRUE;
	out->fields[0] = g_strndup(days->yesterday.at, span_bytes(days->yesterday));
	out->fields[1] = g_strndup(days->today.at, span_bytes(days->today));
	out->missing[2] = out->problem != STANDUP_TOO_MANY_LINES;
}

/* Rule 7. */
static void read_unlabelled(GArray *pieces, const struct line *lines, guint count, struct standup_text *out)
{
	struct line parts[PARTS];
	if (count >= 4 && is_heading(lines[0].text)) {
		lines++;
		count--;
	}
	if (count == 1) {
		out->problem = put_single(pieces, lines, parts, &count);
		lines = parts;
	} else if (count == 2) {
		out->problem = STANDUP_TOO_FEW_LINES;
	} else if (count == 3) {
		put_items(pieces, lines);
	} else if (!put_listed(pieces, lines, count)) {
		out->problem = STANDUP_TOO_MANY_LINES;
	}
	if (out->problem == STANDUP_OK) {
		place_items(pieces, out);
		return;
	}
	struct days days = find_days(lines, count);
	keep_days(&days, out);
}

static void read_lines(const struct lines *lines, struct standup_text *out)
{
	g_autoptr(GArray) pieces = g_array_sized_new(FALSE, FALSE, sizeof(struct piece), 8);
	struct labels labels = labels_split(lines, pieces);
	if (labels.seen) {
		struct days days = find_days(lines_at(lines, 0), lines->list->len);
		read_labelled(pieces, &labels, out);
		out->attempt |= days.found;
	} else {
		read_unlabelled(pieces, lines_at(lines, 0), lines->list->len, out);
	}
}

gboolean standup_parse(const char *text, gsize length, enum standup_format default_format,
	const char *const *mentions, struct standup_text *out)
{
	*out = (struct standup_text){ .format = default_format };
	struct lines lines;
	lines_read(text, length, mentions, &lines);
	if (lines.list->len > 0)
		read_lines(&lines, out);
	else
		out->problem = STANDUP_EMPTY;
	if (lines.too_long)
		out->problem = STANDUP_TOO_LONG;
	lines_release(&lines);
	return out->problem == STANDUP_OK;
}

/* An input of a form, normalised; what is far too long is cut. Caller owns. */
static char *read_value(const char *value, gsize *chars)
{
	struct span text;
	char *buffer = lines_normalise(value, strlen(value), &text);
	text = span_head(text, STANDUP_LIMIT + 1);
	*chars = span_chars(text);
	char *copy = g_strndup(text.at, span_bytes(text));
	g_free(buffer);
	return copy;
}

gboolean standup_from_fields(enum standup_format format, const char *const values[3], struct standup_text *out)
{
	*out = (struct standup_text){ .format = format };
	gsize chars = 0, total = 0;
	for (guint i = 0; i < 3; i++) {
		out->fields[i] = read_value(values[i] ? values[i] : "", &chars);
		total += chars;
	}
	out->problem = judge(out);
	if (total > STANDUP_LIMIT)
		out->problem = STANDUP_TOO_LONG;
	return out->problem == STANDUP_OK;
}
