/* SPDX-License-Identifier: MIT */
/*
 * A manager's answer to a standup with trouble in it is promised (kit/response.h), where the evening's list is configured. The
 * clock runs from the instant at which the trouble was written, in working time; it stops with the first thing that counts as an
 * answer (feedback.c), and ends without a verdict when the trouble is taken back. The promise is the team's manager's. The
 * evening's list tells until when; by the usual terms nothing rings before that is over, and then once.
 */
#include "standup/standup.h"

#include "base/zone.h"

/* PERSON/DAY/TEAM, as the button has it. */
static gboolean read_subject(struct turn *t, const char *subject, const struct team **team, const char **day, const struct person **person)
{
	g_auto(GStrv) parts = g_strsplit(subject, "/", 3);
	if (g_strv_length(parts) != 3 || !zone_day_is_valid(parts[1]))
		return FALSE;
	*person = roster_person_by_id(t->roster, g_ascii_strtoll(parts[0], NULL, 10));
	*day = turn_keep(t, g_strdup(parts[1]));
	*team = roster_team(t->roster, parts[2]);
	return *team && *person;
}

/* FALSE: there is no trouble in it, or nothing any more. */
static gboolean find_troubled(struct turn *t, const struct team *team, const char *day, const struct person *person, struct standup_troubled *out)
{
	g_autoptr(GArray) all = standup_troubled_of(t, team, day, day);
	for (guint i = 0; i < all->len; i++) {
		*out = g_array_index(all, struct standup_troubled, i);
		if (out->person == person)
			return TRUE;
	}
	return FALSE;
}

/* ---- what is said ---- */

static const char *title(struct turn *t, const char *subject, enum language language)
{
	const struct team *team;
	const struct person *person;
	const char *day;
	struct standup_troubled s;
	if (!read_subject(t, subject, &team, &day, &person) || !find_troubled(t, team, day, person, &s))
		return NULL;
	return turn_text_in(t, language, "standup.one_title", TEXT_ARG("name", person->name), TEXT_ARG("day", turn_day_text(t, day, language)));
}

static void add(struct turn *t, const struct response_ring *ring, const struct person *reader, struct message *m)
{
	const struct team *team;
	const struct person *person;
	const char *day;
	struct standup_troubled s;
	enum language language = reader ? turn_language_of(t, reader, ring->team) : turn_team_language(t, ring->team);
	if (!read_subject(t, ring->subject, &team, &day, &person) || !find_troubled(t, team, day, person, &s))
		return;
	g_autoptr(GArray) standing = standup_standing_of(t, team, day);
	standup_write_trouble_of(t, m, team, &s, standing, language);
	if (reader)
		standup_reply_button(t, m, team, day, person, language);
}

static const char *thread(struct turn *t, const char *subject)
{
	const struct team *team;
	const struct person *person;
	const char *day;
	return read_subject(t, subject, &team, &day, &person)
		       ? turn_keep(t, g_strdup_printf("standup/board/%s/%s", team->config->name, day))
		       : NULL;
}

const struct response_kind standup_promises = {
	.applies = "feedback",
	.topic = "feedback",
	.title = title,
	.add = add,
	.thread = thread,
	.warning = { [RESPONSE_FIRST] = "standup.promise_warn" },
	.broken = { [RESPONSE_FIRST] = "standup.promise_broken" },
};

/* ---- its life ---- */

/* Whose it is to answer: nobody answers themselves. NULL: nobody's. */
static const struct person *answerer_of(struct turn *t, const struct team *team, const struct person *person)
{
	const struct person *first = roster_team_manager(t->roster, team);
	if (first && first != person)
		return first;
	g_autoptr(GPtrArray) managers = roster_managers(t->roster, team);
	for (guint i = 0; i < managers->len; i++)
		if (managers->pdata[i] != person)
			return managers->pdata[i];
	return NULL;
}

void standup_promise(struct turn *t, const struct team *team, const char *day, const struct person *person)
{
	struct standup_troubled s;
	if (team->config->standup.feedback_minute < 0 || !turn_ok(t))
		return;
	const struct person *manager = answerer_of(t, team, person);
	const char *subject = standup_reply_key(t, team, day, person);
	if (!find_troubled(t, team, day, person, &s)) {
		response_tell(t, &standup_promises, subject, RESPONSE_FIRST, RESPONSE_CANCEL, t->person, "withdrawn");
		return;
	}
	if (manager)
		response_open(t, &standup_promises,
			&(struct response_opening){ .subject = subject, .team = team, .owner = manager, .start_ms = standup_time(t) });
	if (s.answered_ms)
		response_tell(t, &standup_promises, subject, RESPONSE_FIRST, RESPONSE_STOP, t->person, "feedback");
}

void standup_write_due(struct turn *t, struct message *m, const struct team *team, const struct standup_troubled *s, enum language language)
{
	struct response_view view;
	if (!response_look(t, standup_reply_key(t, team, s->day, s->person), RESPONSE_FIRST, &view) || view.state.due_ms == RESPONSE_NEVER)
		return;
	message_quiet(m, turn_text_in(t, language, "standup.answer_by",
				 TEXT_ARG("due", response_time_text(t, team->zone, view.state.due_ms, language)),
				 TEXT_ARG("left", response_left_text(t, view.state.remaining_s, language))));
}

void standup_promise_due(struct turn *t, const struct event *event)
{
	response_due(t, event, &standup_promises);
}
