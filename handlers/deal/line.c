/* SPDX-License-Identifier: MIT */
/* A new deal in one line. It is read from its end, so that a customer may be called 3M or Studio 54. */
#include "deal/deal.h"

/* Han punctuation between words counts as a blank. */
static char *plain(const char *text)
{
	static const char *const marks[] = { "，", "、", "　", "\n", "\t" };
	GString *out = g_string_new(text);
	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
		g_string_replace(out, marks[i], " ", 0);
	return g_strstrip(g_string_free(out, FALSE));
}

/* The last word; NULL: there is but one left, which is the customer's. A mention may have blanks in it. */
static char *last_word(char *text)
{
	char *mention = g_str_has_suffix(text, ">") ? g_strrstr(text, "<@") : NULL;
	char *blank = strrchr(text, ' ');
	char *word = mention ? mention : blank ? blank + 1 : text;
	return word > text ? word : NULL;
}

static gboolean take(const struct config *config, const char *word, struct deal_line *out)
{
	const struct config_stage *stage = config_stage(config, word);
	if (!out->owner && (*word == '@' || g_str_has_prefix(word, "<@"))) {
		out->owner = g_strdup(word);
		return TRUE;
	}
	if (!out->stage && stage) {
		out->stage = stage;
		return TRUE;
	}
	return !out->has_amount && (out->has_amount = money_parse(word, config->deals.currency, &out->amount));
}

gboolean deal_line_read(const struct config *config, const char *text, struct deal_line *out)
{
	g_autofree char *rest = plain(text);
	char *word;
	*out = (struct deal_line){ .customer = NULL };
	while ((word = last_word(rest)) && take(config, word, out)) {
		*word = '\0';
		g_strchomp(rest);
	}
	if (!*rest || *rest == '@' || g_str_has_prefix(rest, "<@") || g_utf8_strlen(rest, -1) > DEAL_CUSTOMER_LIMIT)
		return FALSE;
	out->customer = g_steal_pointer(&rest);
	return TRUE;
}

void deal_line_release(struct deal_line *line)
{
	g_free(line->customer);
	g_free(line->owner);
	*line = (struct deal_line){ .customer = NULL };
}
