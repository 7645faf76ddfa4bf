/* SPDX-License-Identifier: MIT */
#include "handlers/standup/parse.h"

#include "handlers/standup/items.h"
#include "handlers/standup/labels.h"

/* Rule 6: the position that a label means in each format; -1 where it has no place. */
static const gint8 places[][LABEL_COUNT] = {
	[STANDUP_FORMAT_A] = {
		[LABEL_RESULTS] = 0,
		[LABEL_GOALS] = 1,
		[LABEL_DAY] = 1,
		[LABEL_RISKS] = 2,
		[LABEL_BLOCKERS] = 2,
		[LABEL_ACTIONS] = -1,
		[LABEL_HELP] = -1,
	},
	[STANDUP_FORMAT_B] = {
		[LABEL_DAY] = 0,
		[LABEL_ACTIONS] = 0,
		[LABEL_RISKS] = 1,
		[LABEL_BLOCKERS] = 1,
		[LABEL_HELP] = 2,
		[LABEL_RESULTS] = -1,
		[LABEL_GOALS] = -1,
	},
};

/* Joins the pieces into fields: slot s goes to position place[s]. A position without a piece stays NULL. */
static void gather(const GArray *pieces, const gint8 *place, struct standup_text *out)
{
	GString *values[3] = { NULL };
	for (guint i = 0; i < pieces->len; i++) {
		const struct piece *piece = &g_array_index(pieces, struct piece, i);
		struct span text = piece_text(piece);
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
gboolean standup_is_none(const char *value)
{
	static const char *const nones[] = { "", "无", "無", "没有", "沒有", "暂无", "暫無", "没", "沒",
		"没有卡点", "沒有卡點", "无卡点", "無卡點", "没有风险", "沒有風險", "无风险", "無風險",
		"暂无风险", "暫無風險", "暂无卡点", "暫無卡點", "无需", "無需", "不需要", "不用", "没有求助",
		"沒有求助", "无求助", "無求助", "none", "no", "nope", "n/a", "na", "nil", "nothing",
		"no blockers", "no blocker", "no risks", "no risk", "no help needed", "nothing to report",
		"-", "/", "—" };
	enum { LONGEST = sizeof "nothing to report" - 1 };
	struct span rest = span_drop_last((struct span){ value, value + strlen(value) }, ".。!！~～");
	if (span_bytes(rest) > LONGEST)
		return FALSE;
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
		text->none[i] = text->fields[i] && standup_is_none(text->fields[i]);
		if (text->none[i])
			*text->fields[i] = '\0';
		missing |= text->missing[i];
	}
	return missing ? STANDUP_MISSING_FIELD : required_field(text);
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
	return (seen & (1u << LABEL_RESULTS | 1u << LABEL_GOALS)) &&
	       (seen & (1u << LABEL_ACTIONS | 1u << LABEL_HELP));
}

/* How many fields have a label of their own; one that has no place in this format is a field, too. */
static guint count_fields(guint seen, enum standup_format format)
{
	guint fields = 0;
	for (guint label = 0; label < LABEL_COUNT; label++) {
		gint8 place = places[format][label];
		if (seen & 1u << label)
			fields |= 1u << (place < 0 ? 3 + label : (guint)place);
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

/* Rule 7, when there are three items. */
static void read_items(const GArray *pieces, struct standup_text *out)
{
	gint8 place[3] = { 0, 1, 2 };
	out->dated = items_place(pieces, place);
	out->attempt = out->dated;
	if (out->dated)
		out->format = STANDUP_FORMAT_A;
	gather(pieces, place, out);
	out->problem = judge(out);
}

/* And when there are not: what a hint can quote. */
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

static void read_lines(const struct lines *lines, struct standup_text *out)
{
	g_autoptr(GArray) pieces = g_array_sized_new(FALSE, FALSE, sizeof(struct piece), 8);
	struct labels labels = labels_split(lines, pieces);
	struct days days = { .found = FALSE };
	if (labels.seen) {
		read_labelled(pieces, &labels, out);
		days = days_find(lines_at(lines, 0), lines->list->len);
		out->attempt |= days.found;
		return;
	}
	out->problem = items_split(lines, pieces, &days);
	if (out->problem == STANDUP_OK)
		read_items(pieces, out);
	else
		keep_days(&days, out);
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

gboolean standup_from_fields(
	enum standup_format format, const char *const values[3], struct standup_text *out)
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
