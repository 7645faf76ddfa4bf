/* SPDX-License-Identifier: MIT */
#include "handlers/standup/items.h"

#include "handlers/standup/marks.h"

enum day { DAY_NONE, DAY_YESTERDAY, DAY_TODAY };

static enum day day_of(struct span text)
{
	static const struct {
		const char *word;
		enum day day;
	} days[] = {
		{ "昨天", DAY_YESTERDAY },
		{ "昨日", DAY_YESTERDAY },
		{ "上周五", DAY_YESTERDAY },
		{ "上週五", DAY_YESTERDAY },
		{ "yesterday", DAY_YESTERDAY },
		{ "今天", DAY_TODAY },
		{ "今日", DAY_TODAY },
		{ "today", DAY_TODAY },
	};
	text = mark_skip_emoji(text);
	for (guint i = 0; i < G_N_ELEMENTS(days); i++) {
		if (span_starts_word(text, days[i].word))
			return days[i].day;
	}
	return DAY_NONE;
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
	static const char *const titles[] = { "晨会", "晨會", "早会", "早會", "日报", "日報", "汇报", "匯報",
		"站会", "站會", "standup", "stand-up", "daily", "check-in", "checkin" };
	gsize chars = span_chars(line);
	if (chars <= 12 && span_last_of(line, ":：") > 0)
		return TRUE;
	for (guint i = 0; chars <= 20 && i < G_N_ELEMENTS(titles); i++) {
		if (contains_word(line, titles[i]))
			return TRUE;
	}
	return FALSE;
}

static enum day day_of_line(const struct line *line, struct span *text)
{
	*text = mark_read(line->text).rest;
	return line->literal ? DAY_NONE : day_of(*text);
}

struct days days_find(const struct line *lines, guint count)
{
	struct span text, other;
	guint i = 0;
	if (count > 1 && day_of_line(&lines[0], &text) == DAY_NONE && is_heading(lines[0].text))
		i++;
	enum day first = i < count ? day_of_line(&lines[i], &text) : DAY_NONE;
	for (i++; first != DAY_NONE && i < count; i++) {
		enum day day = day_of_line(&lines[i], &other);
		if (day != DAY_NONE && day != first)
			return first == DAY_YESTERDAY ? (struct days){ TRUE, text, other }
						      : (struct days){ TRUE, other, text };
	}
	return (struct days){ .found = FALSE };
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
			return is_name((struct span){ line.at, s.at }) ? (struct span){ s.at + colon, s.end }
								       : line;
		if (colon > 0 || span_first_blank(s) > 0 || span_first_of(s, ";；,，|｜。") > 0)
			return line;
		if (*s.at == '<' && s.at >= angle)
			angle = memchr(s.at, '>', span_bytes(s));
	}
	return line;
}

static gboolean is_digit_comma(struct span line, struct span s)
{
	return *s.at == ',' && s.at > line.at && g_ascii_isdigit(s.at[-1]) && span_bytes(s) > 1 &&
	       g_ascii_isdigit(s.at[1]);
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

/* Three phrases between commas are items only with their days in place. */
static gboolean put_phrases(GArray *pieces, struct span text)
{
	struct line phrases[PARTS];
	if (cut(text, ",，。", phrases) != 3 || day_of(phrases[0].text) != DAY_YESTERDAY ||
		day_of(phrases[1].text) != DAY_TODAY)
		return FALSE;
	put_items(pieces, phrases);
	return TRUE;
}

static enum standup_problem split_single(const struct line *line, GArray *pieces, struct days *days)
{
	struct line parts[PARTS];
	if (line->literal)
		return STANDUP_NOT_THREE_PARTS;
	struct span text = drop_name(line->text);
	guint count = cut(text, ";；|｜", parts);
	if (count == 3) {
		put_items(pieces, parts);
		return STANDUP_OK;
	}
	*days = days_find(parts, count);
	return put_phrases(pieces, text) ? STANDUP_OK : STANDUP_NOT_THREE_PARTS;
}

static enum standup_problem split_several(const struct line *lines, guint count, GArray *pieces)
{
	if (count == 2)
		return STANDUP_TOO_FEW_LINES;
	if (count > 3)
		return put_listed(pieces, lines, count) ? STANDUP_OK : STANDUP_TOO_MANY_LINES;
	put_items(pieces, lines);
	return STANDUP_OK;
}

enum standup_problem items_split(const struct lines *all, GArray *pieces, struct days *days)
{
	const struct line *lines = lines_at(all, 0);
	guint count = all->list->len;
	if (count >= 4 && is_heading(lines[0].text)) {
		lines++;
		count--;
	}
	if (count == 1)
		return split_single(lines, pieces, days);
	*days = days_find(lines, count);
	return split_several(lines, count, pieces);
}

gboolean items_place(const GArray *pieces, gint8 place[3])
{
	enum day days[3] = { DAY_NONE };
	guint known = 0, yesterdays = 0, todays = 0;
	for (guint i = 0; i < pieces->len; i++) {
		const struct piece *piece = &g_array_index(pieces, struct piece, i);
		struct span text = piece_text(piece);
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
