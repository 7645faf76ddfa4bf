/* SPDX-License-Identifier: MIT */
/*
 * To whom a blocker goes when it is opened: whoever is on duty for the role it names, or whose turn it is; of a person who is away
 * their stand-in. They hear at once; where nobody is there, the team's manager does.
 */
#include "blocker/blocker.h"

#include "blocker_texts.h"
#include "kit/duty.h"

void blocker_find_owner(struct turn *t, struct blocker_opening *o)
{
	if (o->owner) {
		const struct person *there = turn_reach(t, o->owner, o->team);
		o->instead_of = there && there != o->owner ? o->owner : NULL;
		o->owner = there ? there : o->owner; /* of whom nobody stands in for the ladder finds the next one */
	} else if (*o->role) {
		const struct duty_choice choice = duty_choose(t, o->team, o->role, o->by);
		o->owner = choice.person;
		o->instead_of = choice.instead_of;
	}
}

/* At once while the promise's own hours run; else when the person is not left alone any more. */
static void tell(struct turn *t, const struct blocker *b, const char *key, const struct person *person, const char *text)
{
	struct response_view view;
	const char *workspace = b->team->config->workspace_name;
	struct message *m = message_new();
	message_say(m, text);
	message_button(m, "blocker.take", key, turn_text_in(t, turn_language_of(t, person, b->team), "blocker.button_take"), MESSAGE_PRIMARY);
	if (response_look(t, key, RESPONSE_FIRST, &view) && view.state.ticking)
		turn_insist(t, workspace, person, "blocker", m);
	else
		turn_nudge(t, workspace, person, "blocker", G_MAXINT64, m);
}

static const char *owner_text(struct turn *t, const struct blocker *b)
{
	return turn_text_in(t, turn_language_of(t, b->owner, b->team), b->instead_of ? "blocker.yours_instead" : "blocker.yours",
		TEXT_ARG("name", b->by->name), TEXT_ARG("number", b->id), TEXT_ARG("text", b->text),
		TEXT_ARG("other", b->instead_of ? b->instead_of->name : ""));
}

static const struct person *manager_there(struct turn *t, const struct team *team)
{
	g_autoptr(GPtrArray) managers = roster_managers(t->roster, team);
	for (guint i = 0; i < managers->len; i++) {
		const struct person *there = turn_reach(t, managers->pdata[i], team);
		if (there)
			return there;
	}
	return NULL;
}

void blocker_tell_owner(struct turn *t, const char *key)
{
	struct blocker b;
	if (!blocker_read(t, key, &b))
		return;
	const struct person *manager = b.owner || !*b.role ? NULL : manager_there(t, b.team);
	if (b.owner && b.owner != t->person)
		tell(t, &b, key, b.owner, owner_text(t, &b));
	else if (manager && manager != t->person)
		tell(t, &b, key, manager,
			turn_text_in(t, turn_language_of(t, manager, b.team), "blocker.role_empty", TEXT_ARG("role", b.role),
				TEXT_ARG("number", b.id), TEXT_ARG("text", b.text), TEXT_ARG("name", b.by->name)));
}
