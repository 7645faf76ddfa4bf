/* SPDX-License-Identifier: MIT */
/* What stands of highlights in a look: those of the last post, with their applause. */
#include "highlight/parts.h"

#include "base/zone.h"
#include "kit/look.h"

enum { LOOK_BACK_DAYS = 4 }; /* over a long weekend */

static void add_line(struct turn *t, struct look *look, const struct highlight *h)
{
	const struct person *whose = roster_person_by_id(t->roster, h->whose);
	if (!whose)
		return;
	look_line(look, turn_text_in(t, look->language, "highlight.look_line", TEXT_ARG("name", whose->name),
				TEXT_ARG("text", look_words(t, highlight_words(t, look->team, h->text))), TEXT_ARG("voices", h->voices)));
	if (whose != look->reader && h->person != look->reader->id)
		look_button(look, "highlight.clap", turn_keep(t, g_strdup_printf("%" G_GINT64_FORMAT, h->id)),
			turn_text_in(t, look->language, "highlight.clap"), MESSAGE_PLAIN);
}

void highlight_look(struct turn *t, struct look *look)
{
	char since[ZONE_DAY_SIZE];
	const char *day = look->leads && highlight_team_has(look->team) ? highlight_last_post(t, look->team) : "";
	zone_day_shift(look->day, -LOOK_BACK_DAYS, since);
	if (strcmp(day, since) < 0)
		return;
	look_section(look, LOOK_DAY, turn_text_in(t, look->language, "highlight.look"));
	struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_OF_POST, ARG_TEXT(look->team->config->name), ARG_TEXT(day));
	while (db_next(rows)) {
		struct highlight h = highlight_read(rows);
		add_line(t, look, &h);
	}
	turn_end(t, rows);
}
