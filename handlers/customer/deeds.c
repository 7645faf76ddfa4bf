/* SPDX-License-Identifier: MIT */
/* What people do with an enquiry: each deed is a row, moves the clocks, and shows on the card. */
#include "customer/customer.h"

#include "customer_sql.h"
#include "customer_texts.h"
#include "kit/duty.h"
#include "kit/talk.h"

gboolean customer_read_open(struct turn *t, const char *key, struct enquiry *e)
{
	if (!customer_read(t, key, e)) {
		turn_whisper(t, turn_text(t, "customer.gone"));
		return FALSE;
	}
	if (customer_is_closed(e))
		turn_whisper(t, turn_text(t, "customer.closed_already", TEXT_ARG("number", e->id)));
	return !customer_is_closed(e);
}

gboolean customer_read_asked(struct turn *t, const char *key, struct enquiry *e)
{
	gboolean there = customer_read(t, key, e) && strcmp(e->state, CUSTOMER_NONE) != 0;
	gboolean theirs = there && (!t->person || roster_is_member(e->team, t->person) || turn_is_manager(t, e->team));
	if (!theirs)
		turn_whisper(t, turn_text(t, "customer.gone"));
	return theirs;
}

static const char *holder_text(struct turn *t, const struct enquiry *e)
{
	if (e->owner)
		return e->owner->name;
	return *e->role ? turn_keep(t, g_strconcat("@", e->role, NULL)) : turn_text(t, "customer.nobody");
}

gboolean customer_may(struct turn *t, const struct enquiry *e, gboolean answering)
{
	gboolean yes = customer_may_answer(t, e) || (!answering && e->by == t->person);
	if (!yes)
		turn_whisper(t, turn_text(t, "customer.not_yours", TEXT_ARG("number", e->id), TEXT_ARG("name", holder_text(t, e))));
	return yes;
}

static void did(struct turn *t, const struct enquiry *e, const char *kind, const char *text)
{
	turn_exec(t, &SQL_CUSTOMER_DID, ARG_INT(e->id), ARG_INT(t->now_ms), ARG_TEXT(kind), t->person ? ARG_INT(t->person->id) : ARG_NULL,
		ARG_TEXT(text));
}

static void tell(struct turn *t, const struct enquiry *e, enum response_target target, enum response_event_kind what, const char *why)
{
	response_tell(t, &customer_promises, e->key, target, what, t->person, why);
}

static void tell_both(struct turn *t, const struct enquiry *e, enum response_event_kind what, const char *why)
{
	tell(t, e, RESPONSE_FIRST, what, why);
	tell(t, e, RESPONSE_SOLUTION, what, why);
}

/* Who answers what nobody has, or what was another's of the same role, has it, and had a turn. */
static void own(struct turn *t, const struct enquiry *e)
{
	gboolean shares = *e->role && duty_is_shared_by(t, e->team, e->role, t->person);
	const struct person *owner = !e->owner || shares ? t->person : e->owner;
	turn_exec(t, &SQL_CUSTOMER_ANSWERED, ARG_INT(e->id), ARG_INT(owner->id));
	if (owner == e->owner)
		return;
	response_give(t, &customer_promises, e->key, owner, NULL, t->person);
	if (shares)
		duty_note_turn(t, e->team, e->role, owner, e->key);
}

void customer_answer(struct turn *t, const char *key, const char *words, const char *why)
{
	struct enquiry e;
	if (!customer_read_open(t, key, &e) || !customer_may(t, &e, TRUE))
		return;
	if (strcmp(e.state, CUSTOMER_OPEN) != 0) {
		turn_whisper(t, turn_text(t, "customer.answered_already", TEXT_ARG("number", e.id)));
		return;
	}
	tell(t, &e, RESPONSE_FIRST, RESPONSE_STOP, why);
	own(t, &e);
	did(t, &e, "answered", words);
	customer_show(t, key);
}

void customer_wait(struct turn *t, const char *key, const char *what_for)
{
	struct enquiry e;
	if (!customer_read_open(t, key, &e) || !customer_may(t, &e, FALSE))
		return;
	tell_both(t, &e, RESPONSE_PAUSE, what_for);
	turn_exec(t, &SQL_CUSTOMER_WAITS, ARG_INT(e.id), ARG_TEXT(what_for));
	did(t, &e, "waits", what_for);
	customer_show(t, key);
}

void customer_go_on(struct turn *t, const char *key)
{
	struct enquiry e;
	if (!customer_read_open(t, key, &e) || !customer_may(t, &e, FALSE))
		return;
	if (!*e.waits_for) {
		turn_whisper(t, turn_text(t, "customer.waits_for_nothing", TEXT_ARG("number", e.id)));
		return;
	}
	tell_both(t, &e, RESPONSE_RESUME, e.waits_for);
	turn_exec(t, &SQL_CUSTOMER_WAITS, ARG_INT(e.id), ARG_TEXT(""));
	did(t, &e, "goes_on", e.waits_for);
	customer_show(t, key);
}

static void end(struct turn *t, const struct enquiry *e, const char *state, const char *text)
{
	tell_both(t, e, strcmp(state, CUSTOMER_SOLVED) == 0 ? RESPONSE_STOP : RESPONSE_CANCEL, state);
	turn_exec(t, &SQL_CUSTOMER_CLOSED, ARG_INT(e->id), ARG_TEXT(state), ARG_INT(t->now_ms));
	did(t, e, state, text);
	customer_show(t, e->key);
}

void customer_solve(struct turn *t, const char *key, const char *outcome)
{
	struct enquiry e;
	if (customer_read_open(t, key, &e) && customer_may(t, &e, FALSE))
		end(t, &e, CUSTOMER_SOLVED, outcome);
}

void customer_drop(struct turn *t, const char *key)
{
	struct enquiry e;
	if (customer_read_open(t, key, &e) && customer_may(t, &e, FALSE))
		end(t, &e, CUSTOMER_NONE, "");
}

/* A question that still waits for its first answer keeps its clock, whatever the customer adds. */
void customer_ask(struct turn *t, const char *key, const char *question)
{
	struct enquiry e;
	if (!customer_read_asked(t, key, &e))
		return;
	if (customer_is_courtesy(question)) {
		turn_whisper(t, turn_text(t, "customer.courtesy"));
		return;
	}
	tell_both(t, &e, RESPONSE_RESUME, "asked");
	tell_both(t, &e, RESPONSE_REOPEN, "asked");
	turn_exec(t, &SQL_CUSTOMER_ASKED, ARG_INT(e.id), ARG_TEXT(*question ? question : e.text));
	did(t, &e, "asked", question);
	customer_show(t, key);
}

void customer_give(struct turn *t, const char *key, const struct person *owner)
{
	struct enquiry e;
	if (!customer_read_open(t, key, &e) || !customer_may(t, &e, FALSE))
		return;
	turn_exec(t, &SQL_CUSTOMER_GIVEN, ARG_INT(e.id), ARG_INT(owner->id));
	response_give(t, &customer_promises, key, owner, NULL, t->person);
	did(t, &e, "given", owner->name);
	customer_show(t, key);
	talk_tell_given(t, &customer_promises, e.team, key, owner);
}
