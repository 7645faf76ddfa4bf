/* SPDX-License-Identifier: MIT */
/*
 * Quick response 30分钟快响群: in the configured channels a message that names a role after an "@" opens a blocker, whose card
 * stands in that message's thread. Ordinary talk, what is said in a blocker's thread, and what another ritual takes opens nothing.
 */
#include "blocker/blocker.h"

#include "kit/duty.h"

/* For which team it is, and which role it names; NULL: it opens nothing. */
static const struct team *called(struct turn *t, const struct event *event, const char **role)
{
	const struct team *team = t->person ? roster_quick_team(t->roster, event->place.workspace, event->place.channel, t->person) : NULL;
	*role = team && event->text ? duty_role_in(t, team, event->text) : NULL;
	return *role ? team : NULL;
}

gboolean blocker_is_quick(struct turn *t, const struct event *event)
{
	const char *role;
	return called(t, event, &role) && !blocker_is_talked_about(t, event);
}

void blocker_quick_said(struct turn *t, const struct event *event)
{
	struct blocker_opening o = { .role = "", .by = t->person, .in_thread = TRUE };
	o.team = called(t, event, &o.role);
	if (!o.team)
		return;
	const char *text = turn_readable(t, NULL, event->text);
	o.text = turn_keep(t, g_utf8_substring(text, 0, MIN(g_utf8_strlen(text, -1), BLOCKER_TEXT_LIMIT)));
	blocker_open(t, &o);
}
