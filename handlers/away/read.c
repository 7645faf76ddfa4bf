/* SPDX-License-Identifier: MIT */
#include "away/read.h"

#include "team/day_words.h"

const char *away_today(struct turn *t, const struct person *person)
{
	const struct team *team = roster_next_team_of(t->roster, t->event->place.workspace, person, NULL);
	return turn_day(t, person, team, t->now_ms);
}

/* "@ana" in front means somebody else; without it, oneself. */
void away_read_person(struct turn *t, struct away_request *r)
{
	r->person = turn_next_person(t, &r->rest);
	r->today = away_today(t, r->person);
}

static gboolean is_among(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (g_ascii_strcasecmp(word, *words) == 0)
			return TRUE;
	return FALSE;
}

static const char *half_of(const char *word)
{
	static const char *const morning[] = { "am", "morning", "上午", NULL }, *const afternoon[] = { "pm", "afternoon", "下午", NULL };
	return is_among(word, morning) ? "am" : is_among(word, afternoon) ? "pm" : NULL;
}

gboolean away_read_days(struct away_request *r, const char *word)
{
	return day_words_read_span(word, r->today, r->first, r->last);
}

void away_read_half(struct turn *t, struct away_request *r)
{
	const char *rest = r->rest, *half = half_of(turn_next_word(t, &rest));
	r->half = half && strcmp(r->first, r->last) == 0 ? half : "";
	if (*r->half)
		r->rest = rest;
}

/* What follows a word that names a stand-in, "代理@bo" or "stand-in @bo"; NULL: the text begins with none. */
static const char *after_stand_in(const char *text)
{
	static const char *const words[] = { "stand-in:", "stand-in", "standin", "代理：", "代理:", "代理", "代班", NULL };
	for (const char *const *word = words; *word; word++) {
		gsize length = strlen(*word);
		if (g_ascii_strncasecmp(text, *word, length) == 0 && (text[length] == ' ' || text[length] == '@' || text[length] == '<'))
			return text + length + strspn(text + length, " ");
	}
	return NULL;
}

gboolean away_read_rest(struct turn *t, struct away_request *r)
{
	GString *reason = g_string_new(NULL);
	gboolean known = TRUE;
	while (known && *r->rest) {
		const char *named = after_stand_in(r->rest);
		if (named) {
			const char *before = named;
			r->stand_in = turn_next_person(t, &named);
			known = named != before && r->stand_in != r->person && roster_is_active(r->stand_in);
			r->rest = named;
		} else {
			g_string_append_printf(reason, "%s%s", reason->len ? " " : "", turn_next_word(t, &r->rest));
		}
	}
	r->reason = turn_keep(t, g_utf8_substring(reason->str, 0, MIN(g_utf8_strlen(reason->str, -1), AWAY_REASON_LIMIT)));
	g_string_free(reason, TRUE);
	return known;
}
