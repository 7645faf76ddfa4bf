/* SPDX-License-Identifier: MIT */
/* What stands of celebrations in a manager's look: whose day comes within a week, as far as it is public. */
#include "celebration/celebration.h"

#include "kit/look.h"

enum { LOOK_DAYS = 7 };

static gint by_day(gconstpointer a, gconstpointer b)
{
	return strcmp(((const struct celebrant *)a)->at.day, ((const struct celebrant *)b)->at.day);
}

static void add_soon(struct turn *t, const struct look *look, const struct person *person, GArray *out)
{
	char until[ZONE_DAY_SIZE];
	zone_day_shift(look->day, LOOK_DAYS, until);
	for (int kind = 0; kind < ANNIVERSARY_KINDS; kind++) {
		struct celebrant c;
		if (celebration_of(t->roster, person, (enum anniversary_kind)kind, &c) && c.team == look->team &&
			anniversary_next(&c.of.date, &c.of.manner, c.of.zone, look->day, &c.at) && strcmp(c.at.day, until) <= 0)
			g_array_append_val(out, c);
	}
}

static void add_line(struct turn *t, struct look *look, const struct celebrant *c)
{
	gboolean birthday = c->of.kind == ANNIVERSARY_BIRTHDAY;
	look_line(look, turn_text_in(t, look->language, birthday ? "celebration.look_birthday" : "celebration.look_work",
				TEXT_ARG("name", c->person->name), TEXT_ARG("day", turn_day_text(t, c->at.day, look->language)),
				TEXT_ARG("years", yearly_count(&c->of.date, c->at.date))));
	if (birthday && celebration_takes_wish(t, c->person))
		look_button(look, "celebration.wish", celebration_key(t, c->person),
			turn_text_in(t, look->language, "celebration.wish_button"), MESSAGE_PLAIN);
}

void celebration_look(struct turn *t, struct look *look)
{
	const GPtrArray *entries = roster_register(t->roster);
	g_autoptr(GArray) soon = g_array_new(FALSE, FALSE, sizeof(struct celebrant));
	for (guint i = 0; look->leads && i < entries->len; i++) {
		const struct person *person = roster_person_of(t->roster, entries->pdata[i]);
		if (person && celebration_shown(person) == CELEBRATION_PUBLIC)
			add_soon(t, look, person, soon);
	}
	g_array_sort(soon, by_day);
	look_section(look, LOOK_AHEAD, turn_text_in(t, look->language, "celebration.look"));
	for (guint i = 0; i < soon->len; i++)
		add_line(t, look, &g_array_index(soon, struct celebrant, i));
}
