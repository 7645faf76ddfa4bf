/* SPDX-License-Identifier: MIT */
/*
 * What became of each celebration, for the manager's `why birthday 03-15`. Whoever has chosen a private day, or none, leaves no
 * row at all; whoever had not answered is named only when they have agreed since.
 */
#include "celebration/celebration.h"

#define UNASKED "unasked"

static const struct ring_part parts[] = {
	[ANNIVERSARY_PREPARE] = { "prepare", "celebration.prepare_rung", "celebration.prepare_silent" },
	[ANNIVERSARY_WISHES] = { "wishes", "celebration.wishes_rung", "celebration.wishes_silent" },
	[ANNIVERSARY_DAY] = { "day", "celebration.day_rung", "celebration.day_silent" },
	[ANNIVERSARY_STAGES] = { UNASKED, "celebration.day_rung", "celebration.day_silent" },
	{ 0 },
};

/* What is prepared for somebody is kept from them. */
static gboolean may_tell(struct turn *t, const struct person *person, const char *part)
{
	gboolean secret = strcmp(part, parts[ANNIVERSARY_PREPARE].word) == 0 || strcmp(part, parts[ANNIVERSARY_WISHES].word) == 0;
	return person && celebration_shown(person) == CELEBRATION_PUBLIC && !(secret && person == t->person);
}

void celebration_add_days(struct turn *t, const struct team *team, struct ring_list *list)
{
	(void)t;
	for (int kind = 0; team->config->celebrations.enabled && kind < ANNIVERSARY_KINDS; kind++) {
		struct ring_line line = { .id = team->config->name,
			.topic = anniversary_kind_name((enum anniversary_kind)kind),
			.parts = parts,
			.may_tell = may_tell,
			.note = "celebration.why_note" };
		g_array_append_val(list->lines, line);
	}
}

void celebration_note(struct turn *t, const struct celebrant *c, enum anniversary_stage stage, enum ring_outcome outcome)
{
	enum celebration_shown shown = celebration_shown(c->person);
	gboolean unasked = shown == CELEBRATION_UNASKED;
	struct ring ring = { anniversary_kind_name(c->of.kind), c->team, c->person, unasked ? UNASKED : parts[stage].word };
	char day[ZONE_DAY_SIZE];
	if (shown != CELEBRATION_PUBLIC && !(unasked && stage == ANNIVERSARY_DAY))
		return;
	zone_day(c->of.zone, c->at.due_ms[stage], day);
	ring_note(t, &ring, day, c->at.due_ms[stage], unasked ? RING_UNASKED : outcome);
	if (stage == ANNIVERSARY_DAY && strcmp(c->at.date, c->at.day) != 0)
		ring_note_moved(t, &ring, c->at.date, c->at.due_ms[stage], c->at.day);
}

static void note_missed(struct turn *t, const struct anniversary_of *of, const struct anniversary *a, enum anniversary_stage stage)
{
	struct celebrant c;
	if (!celebration_of(t->roster, of->person, of->kind, &c))
		return;
	c.at = *a;
	celebration_note(t, &c, stage, RING_LATE);
}

void celebration_note_missed(struct turn *t, const struct celebrant *c, int64_t since_ms)
{
	anniversary_pass(t, &c->of, since_ms, note_missed);
}
