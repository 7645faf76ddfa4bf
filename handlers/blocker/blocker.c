/* SPDX-License-Identifier: MIT */
#include "blocker/blocker.h"

#include "base/clock.h"
#include "blocker_texts.h"
#include "kit/duty.h"
#include "kit/round.h"
#include "kit/talk.h"

/* ---- reading ---- */

gboolean blocker_read(struct turn *t, const char *key, struct blocker *out)
{
	gboolean found = FALSE;
	struct db_rows *rows = turn_query(t, &SQL_BLOCKER_ONE, ARG_INT(g_ascii_strtoll(key, NULL, 10)));
	if (db_next(rows)) {
		*out = (struct blocker){
			.id = db_int(rows, 0),
			.team = roster_team(t->roster, db_text(rows, 1)),
			.text = turn_keep(t, g_strdup(db_text(rows, 2))),
			.role = turn_keep(t, g_strdup(db_text(rows, 3))),
			.state = turn_keep(t, g_strdup(db_text(rows, 4))),
			.plan = turn_keep(t, g_strdup(db_text(rows, 5))),
			.by = roster_person_by_id(t->roster, db_int(rows, 6)),
			.owner = db_is_null(rows, 7) ? NULL : roster_person_by_id(t->roster, db_int(rows, 7)),
			.opened_ms = db_int(rows, 8),
			.from_day = db_is_null(rows, 9) ? NULL : turn_keep(t, g_strdup(db_text(rows, 9))),
			.since_ms = db_int(rows, 10),
			.asked_ms = db_int(rows, 11),
			.escalated_ms = db_int(rows, 12),
			.parked_until = turn_keep(t, g_strdup(db_text(rows, 13))),
			.why = turn_keep(t, g_strdup(db_text(rows, 14))),
			.in_thread = db_int(rows, 15) != 0,
			.instead_of = db_is_null(rows, 16) ? NULL : roster_person_by_id(t->roster, db_int(rows, 16)),
			.merged_into = db_int(rows, 17),
		};
		found = out->team && out->by;
	}
	turn_end(t, rows);
	return found;
}

gboolean blocker_is_closed(const struct blocker *b)
{
	return strcmp(b->state, BLOCKER_DONE) == 0 || strcmp(b->state, BLOCKER_NONE) == 0;
}

/* ---- the promises ---- */

static const char *title(struct turn *t, const char *subject, enum language language)
{
	struct blocker b;
	if (!blocker_read(t, subject, &b))
		return NULL;
	return turn_text_in(t, language, "blocker.short", TEXT_ARG("number", b.id), TEXT_ARG("text", b.text));
}

static const char *thread(struct turn *t, const char *subject)
{
	struct blocker b;
	return blocker_read(t, subject, &b) ? blocker_thread_name(t, &b) : "";
}

static void add_button(struct turn *t, const struct response_ring *ring, const struct person *reader, struct message *m)
{
	enum language language = reader ? turn_language_of(t, reader, ring->team) : turn_team_language(t, ring->team);
	gboolean first = ring->target == RESPONSE_FIRST;
	message_button(m, first ? "blocker.take" : "blocker.plan", ring->subject,
		turn_text_in(t, language, first ? "blocker.button_take" : "blocker.button_plan"), MESSAGE_PRIMARY);
}

/* What nobody has taken has no plan either: one bell is enough. */
static gboolean is_covered(struct turn *t, const char *subject, enum response_target target)
{
	struct response_view view;
	return target != RESPONSE_FIRST && response_look(t, subject, RESPONSE_FIRST, &view) && view.state.status == RESPONSE_BREACHED;
}

const struct response_kind blocker_promises = {
	.applies = "blocker",
	.topic = "blocker",
	.title = title,
	.add = add_button,
	.is_covered = is_covered,
	.thread = thread,
	.people = duty_people,
};

static void clock_due(struct turn *t, const struct event *event)
{
	response_due(t, event, &blocker_promises);
}

static void start(struct turn *t)
{
	response_start(t, &blocker_promises);
	blocker_watch_all(t);
}

/* ---- opening ---- */

void blocker_show(struct turn *t, const char *key)
{
	struct blocker b;
	if (!blocker_read(t, key, &b))
		return;
	turn_show(t, b.team, blocker_card_name(t, b.id), blocker_card(t, &b));
	/* The standup's board of the day lists what is open. */
	round_touch_standing_board(t, "standup", b.team->config->name, turn_day(t, NULL, b.team, t->now_ms));
}

static struct db_arg number_of(const struct person *person)
{
	return person ? ARG_INT(person->id) : ARG_NULL;
}

/* The first card of one that was opened by words in a channel stands in their thread, and what is said there is about it. */
static void show_first(struct turn *t, const struct blocker_opening *o, const char *key)
{
	struct blocker b;
	if (!o->in_thread) {
		blocker_show(t, key);
		turn_whisper(t, turn_text(t, "blocker.opened", TEXT_ARG("number", key)));
	} else if (blocker_read(t, key, &b)) {
		struct message *card = blocker_card(t, &b);
		turn_name_thread(t, blocker_thread_name(t, &b));
		message_name(card, blocker_card_name(t, b.id));
		turn_post_under(t, b.team, blocker_thread_name(t, &b), card);
	}
}

const char *blocker_open(struct turn *t, const struct blocker_opening *o)
{
	const struct duty_choice whose = duty_address(t, o->team, o->owner, o->role, o->by);
	turn_exec(t, &SQL_BLOCKER_ADD, ARG_TEXT(o->team->config->name), ARG_TEXT(o->text), ARG_TEXT(o->role), ARG_INT(o->by->id),
		number_of(whose.person), ARG_INT(t->now_ms), ARG_INT(o->in_thread), number_of(whose.instead_of));
	gint64 id = turn_ok(t) ? db_last_id(t->db) : 0;
	const char *key = turn_keep(t, g_strdup_printf("%" G_GINT64_FORMAT, id));
	if (o->from)
		turn_exec(t, &SQL_BLOCKER_ADD_LINE, ARG_TEXT(o->team->config->name), ARG_TEXT(o->from->day), ARG_INT(o->from->person->id),
			ARG_INT(o->from->field), ARG_INT(id));
	if (*o->role && whose.person)
		duty_note_turn(t, o->team, o->role, whose.person, key);
	for (enum response_target target = RESPONSE_FIRST; target <= RESPONSE_SOLUTION; target++)
		response_open(t, &blocker_promises,
			&(struct response_opening){ .subject = key, .target = target, .team = o->team, .owner = whose.person, .role = o->role });
	blocker_watch(t, key);
	blocker_note(t, id, BLOCKER_WAS_OPENED, whose.person, o->role);
	show_first(t, o, key);
	talk_tell_owner(t, &blocker_promises, o->team, key, &(struct talk_owner){ whose.person, whose.instead_of, o->role, o->by->name });
	return key;
}

static void open_blocker(struct turn *t, const struct team *team, const char *text)
{
	struct blocker_opening o = { .team = team, .role = "", .by = t->person };
	text = talk_take_addressee(t, team, text, &o.role, &o.owner);
	o.text = turn_readable(t, NULL, text);
	blocker_open(t, &o);
}

const char *blocker_number(struct turn *t, const char *text, const char **rest)
{
	const char *first = text + strspn(text, " #");
	size_t length = strspn(first, "0123456789");
	const char *after = first + length + strspn(first + length, " \t\n");
	if (length == 0 || (!rest && *after))
		return NULL;
	if (rest)
		*rest = after;
	return turn_keep(t, g_strndup(first, length));
}

static gboolean is_history(struct turn *t, const char *rest, const char **key)
{
	static const char *const words[] = { "", "history", "历史", "经过", NULL };
	const char *after;
	*key = blocker_number(t, rest, &after);
	return *key && g_strv_contains(words, after);
}

static gboolean is_merge(struct turn *t, const char *rest, const char **one, const char **other)
{
	static const char *const words[] = { "merge", "合并", NULL };
	const char *after = rest, *word = turn_next_word(t, &after);
	*one = g_strv_contains(words, word) ? blocker_number(t, after, &after) : NULL;
	*other = *one ? blocker_number(t, after, NULL) : NULL;
	return *other != NULL;
}

static void blocker_command(struct turn *t, const struct event *event, const char *rest)
{
	const char *one, *other;
	if (!*rest && blocker_is_line_meant(t, event))
		blocker_line_meant(t, event);
	else if (blocker_list_named(t, rest))
		return;
	else if (is_history(t, rest, &one))
		blocker_show_history(t, one);
	else if (is_merge(t, rest, &one, &other))
		blocker_merge(t, one, other);
	else if (!t->team)
		turn_whisper(t, turn_text(t, "blocker.no_team"));
	else if (!*rest)
		turn_whisper(t, turn_text(t, "blocker.how"));
	else if (g_utf8_strlen(rest, -1) > BLOCKER_TEXT_LIMIT)
		turn_whisper(t, turn_text(t, "blocker.too_long", TEXT_ARG("limit", BLOCKER_TEXT_LIMIT)));
	else
		open_blocker(t, t->team, rest);
}

/* ---- what becomes of it ---- */

gboolean blocker_read_open(struct turn *t, const char *key, struct blocker *b)
{
	if (!blocker_read(t, key, b)) {
		turn_whisper(t, turn_text(t, "blocker.gone"));
		return FALSE;
	}
	if (blocker_is_closed(b))
		turn_whisper(t, turn_text(t, b->merged_into ? "blocker.merged_already" : "blocker.closed_already", TEXT_ARG("number", b->id),
			TEXT_ARG("other", b->merged_into)));
	return !blocker_is_closed(b);
}

static gboolean is_anothers(const struct turn *t, const struct blocker *b)
{
	return strcmp(b->state, BLOCKER_TAKEN) == 0 && b->owner != t->person && roster_is_active(b->owner);
}

/* Whoever has it, answers for it: the first clock has its answer, the others are theirs. */
void blocker_own(struct turn *t, const struct blocker *b, const char *key, const struct person *owner, const char *why)
{
	gboolean is_new = b->owner != owner || strcmp(b->state, BLOCKER_OPEN) == 0;
	turn_exec(t, &SQL_BLOCKER_TAKE, ARG_INT(b->id), ARG_INT(owner->id));
	if (is_new)
		blocker_note(t, b->id, BLOCKER_WAS_TAKEN, owner, why);
	/* Taken of one's own will it was a turn too. */
	if (*b->role && b->owner != owner && duty_is_shared_by(t, b->team, b->role, owner))
		duty_note_turn(t, b->team, b->role, owner, key);
	response_tell(t, &blocker_promises, key, RESPONSE_FIRST, RESPONSE_STOP, t->person, why);
	response_give(t, &blocker_promises, key, owner, NULL, t->person);
}

void blocker_take(struct turn *t, const char *key, const char *why)
{
	struct blocker b;
	if (!blocker_read_open(t, key, &b))
		return;
	if (is_anothers(t, &b)) {
		turn_whisper(t, turn_text(t, "blocker.taken_already", TEXT_ARG("number", b.id), TEXT_ARG("name", b.owner->name)));
		return;
	}
	blocker_own(t, &b, key, t->person, why);
	blocker_show(t, key);
}

void blocker_keep_plan(struct turn *t, const struct blocker *b, const char *key, const char *plan)
{
	turn_exec(t, &SQL_BLOCKER_PLAN, ARG_INT(b->id), ARG_TEXT(plan));
	response_tell(t, &blocker_promises, key, RESPONSE_PLAN, RESPONSE_STOP, t->person, "plan");
	blocker_note(t, b->id, BLOCKER_WAS_PLANNED, NULL, plan);
}

void blocker_set_plan(struct turn *t, const char *key, const char *plan)
{
	struct blocker b;
	if (!blocker_read_open(t, key, &b))
		return;
	if (is_anothers(t, &b) && !turn_is_manager(t, b.team)) {
		turn_whisper(t, turn_text(t, "blocker.not_yours", TEXT_ARG("number", b.id), TEXT_ARG("name", b.owner->name)));
		return;
	}
	blocker_own(t, &b, key, t->person, "plan");
	blocker_keep_plan(t, &b, key, plan);
	blocker_show(t, key);
}

void blocker_close(struct turn *t, const char *key, const char *state)
{
	struct blocker b;
	gboolean done = strcmp(state, BLOCKER_DONE) == 0;
	if (!blocker_read_open(t, key, &b))
		return;
	turn_exec(t, &SQL_BLOCKER_CLOSE, ARG_INT(b.id), ARG_TEXT(state), ARG_INT(t->now_ms));
	for (enum response_target target = RESPONSE_FIRST; target < RESPONSE_TARGETS; target++)
		response_tell(t, &blocker_promises, key, target, done ? RESPONSE_STOP : RESPONSE_CANCEL, t->person, state);
	blocker_watch(t, key);
	blocker_note(t, b.id, done ? BLOCKER_WAS_SOLVED : *b.why ? BLOCKER_WAS_DROPPED : BLOCKER_WAS_NONE, NULL, b.why);
	blocker_show(t, key);
}

/* What was no blocker has no promises any more, but may become one: it is opened anew, by its number. */
void blocker_reopen(struct turn *t, const char *key)
{
	struct blocker b;
	if (!blocker_read(t, key, &b) || strcmp(b.state, BLOCKER_DONE) != 0) {
		turn_whisper(t, turn_text(t, "blocker.not_done"));
		return;
	}
	turn_exec(t, &SQL_BLOCKER_REOPEN, ARG_INT(b.id), ARG_TEXT(b.owner ? BLOCKER_TAKEN : BLOCKER_OPEN));
	turn_exec(t, &SQL_BLOCKER_BEGIN_ANEW, ARG_INT(b.id), ARG_INT(t->now_ms));
	for (enum response_target target = RESPONSE_FIRST; target < RESPONSE_TARGETS; target++)
		response_tell(t, &blocker_promises, key, target, RESPONSE_REOPEN, t->person, "reopen");
	blocker_watch(t, key);
	blocker_note(t, b.id, BLOCKER_WAS_REOPENED, NULL, "");
	blocker_show(t, key);
}

/* ---- buttons ---- */

static void take_pressed(struct turn *t, const struct event *event)
{
	blocker_take(t, event->value, "button");
}

static void plan_pressed(struct turn *t, const struct event *event)
{
	struct blocker b;
	if (!blocker_read_open(t, event->value, &b))
		return;
	struct message *form = form_new("blocker.plan", event->value, turn_text(t, "blocker.plan_title", TEXT_ARG("number", b.id)),
		turn_text(t, "blocker.send"), turn_text(t, "blocker.cancel"));
	form_intro(form, b.text);
	form_input(form, "plan", turn_text(t, "blocker.plan"), turn_text(t, "blocker.plan_hint"), b.plan, 3, FALSE, BLOCKER_TEXT_LIMIT);
	turn_form(t, form);
}

static void plan_submitted(struct turn *t, const struct event *event)
{
	const char *plan = event_input_value(event, "plan");
	if (plan && *plan)
		blocker_set_plan(t, event->value, plan);
	else
		turn_problem(t, "plan", turn_text(t, "blocker.plan_hint"));
}

static void done_pressed(struct turn *t, const struct event *event)
{
	blocker_close(t, event->value, BLOCKER_DONE);
}

static void none_pressed(struct turn *t, const struct event *event)
{
	blocker_close(t, event->value, BLOCKER_NONE);
}

static void reopen_pressed(struct turn *t, const struct event *event)
{
	blocker_reopen(t, event->value);
}

/* ---- what wakes it ---- */

static const struct command commands[] = {
	{ .words = (const char *const[]){ "blocker", "卡点", NULL }, .help = "blocker.help", .takes_text = TRUE, .run = blocker_command },
	{ .words = (const char *const[]){ "blockers", "卡点列表", NULL },
		.help = "blocker.help_list",
		.only_tells = TRUE,
		.run = blocker_list_command },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_DUE, .word = RESPONSE_JOB, .run = clock_due },
	{ .kind = EVENT_PRESSED, .word = "take", .run = take_pressed },
	{ .kind = EVENT_PRESSED, .word = "plan", .run = plan_pressed },
	{ .kind = EVENT_SUBMITTED, .word = "plan", .run = plan_submitted },
	{ .kind = EVENT_PRESSED, .word = "give", .run = blocker_give_pressed },
	{ .kind = EVENT_SUBMITTED, .word = "give", .run = blocker_give_submitted },
	{ .kind = EVENT_PRESSED, .word = "done", .run = done_pressed },
	{ .kind = EVENT_PRESSED, .word = "none", .run = none_pressed },
	{ .kind = EVENT_PRESSED, .word = "remind", .run = blocker_remind_pressed },
	{ .kind = EVENT_PRESSED, .word = "reopen", .run = reopen_pressed },
	{ .kind = EVENT_DUE, .word = "stands", .run = blocker_stands_due },
	{ .kind = EVENT_DUE, .word = "resume", .run = blocker_rest_due },
	{ .kind = EVENT_PRESSED, .word = "escalate", .run = blocker_escalate_pressed },
	{ .kind = EVENT_PRESSED, .word = "park", .run = blocker_park_pressed },
	{ .kind = EVENT_SUBMITTED, .word = "rest", .run = blocker_rest_submitted },
	{ .kind = EVENT_PRESSED, .word = "drop", .run = blocker_drop_pressed },
	{ .kind = EVENT_SUBMITTED, .word = "end", .run = blocker_end_submitted },
	{ .kind = EVENT_PRESSED, .word = "resume", .run = blocker_resume_pressed },
	{ .kind = EVENT_PRESSED, .word = "merge", .run = blocker_merge_pressed },
	{ .kind = EVENT_SUBMITTED, .word = "merge", .run = blocker_merge_submitted },
	{ .kind = EVENT_PRESSED, .word = "line", .run = blocker_line_pressed },
	{ .kind = EVENT_SAID, .when = blocker_is_line_meant, .run = blocker_line_meant },
	{ .kind = EVENT_SAID, .overhears = TRUE, .when = blocker_is_talked_about, .run = blocker_said },
	{ .kind = EVENT_SAID, .overhears = TRUE, .yields = TRUE, .when = blocker_is_quick, .run = blocker_quick_said },
	{ 0 },
};

static const struct topic topics[] = {
	{ .name = "blocker", .title = "blocker.topic" },
	{ 0 },
};

const struct ritual ritual_blocker = {
	.name = "blocker",
	.title = "blocker.help_title",
	.triggers = triggers,
	.commands = commands,
	.topics = topics,
	.sql = &SQL_BLOCKER,
	.texts = &texts_blocker,
	.promises = &blocker_promises,
	.start = start,
	.look = blocker_look,
	.held = blocker_held,
};
