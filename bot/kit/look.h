/* SPDX-License-Identifier: MIT */
/*
 * A look: what somebody should know of their teams at this moment. Every ritual that has something to tell adds its lines to it (struct
 * ritual's `look`), each with the buttons that it asks for; so whoever shows a look knows no ritual, and a new ritual needs no line
 * elsewhere.
 *
 *	static void look(struct turn *t, struct look *look)
 *	{
 *		look_section(look, LOOK_WAITING, turn_text_in(t, look->language, "blocker.look"));
 *		look_line(look, "#17 The customer waits for the offer · 12 min left");
 *		look_button(look, "blocker.take", "17", "I take it", MESSAGE_PRIMARY);
 *	}
 *
 * A button is the ritual's own, and its press comes to it as from any other card: whether the person may is asked again there.
 * What waits for somebody stands before how the day goes, and that before what is to come; a section without lines is not shown,
 * and of a long one the first lines are, so the ritual begins with what is most urgent.
 *
 * Thread: the clerk, within a turn; lines last as long as it.
 */
#pragma once

#include "core/ritual.h"

enum look_part { LOOK_WAITING, LOOK_DAY, LOOK_AHEAD, LOOK_PARTS };

struct look {
	const struct team *team;
	const struct person *reader;
	gboolean leads; /* the reader manages the team, and sees all of it; else only what is the reader's own */
	gboolean first; /* of the reader's teams: for what is about the reader alone */
	enum language language; /* the reader's */
	const char *day;	/* the reader's */
	GPtrArray *sections;	/* look.c's */
};

/* The lines that follow stand under this heading. text, as all texts here: plain, kept for the turn. */
void look_section(struct look *look, enum look_part part, const char *heading);
void look_line(struct look *look, const char *text);
/* A button of the last line. */
void look_button(struct look *look, const char *action, const char *value, const char *label, enum message_style style);

/* People's words in one line, cut to what a line takes. text: as people read it; kept for the turn. */
const char *look_words(struct turn *t, const char *text);

/*
 * Adds to the message what the event's person should know now, of each of their teams of the event's workspace. FALSE: the person is in
 * no team, and nothing was added.
 */
gboolean look_write(struct turn *t, struct message *m);
