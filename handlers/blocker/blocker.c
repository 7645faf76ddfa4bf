/* SPDX-License-Identifier: MIT */
#include "blocker/blocker.h"

#include "base/clock.h"
#include "blocker_texts.h"
#include "kit/round.h"
#include "kit/talk.h"

enum { TEXT_LIMIT = 1000 }; /* code points */

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
	return blocker_card_name(t, g_ascii_strtoll(subject, NULL, 10));
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

const char *blocker_open(struct turn *t, const struct blocker_opening *o)
{
	turn_exec(t, &SQL_BLOCKER_ADD, ARG_TEXT(o->team->config->name), ARG_TEXT(o->text), ARG_TEXT(o->role), ARG_INT(o->by->id),
		o->owner ? ARG_INT(o->owner->id) : ARG_NULL, ARG_INT(t->now_ms));
	gint64 id = turn_ok(t) ? db_last_id(t->db) : 0;
	const char *key = turn_keep(t, g_strdup_printf("%" G_GINT64_FORMAT, id));
	if (o->from)
		turn_exec(t, &SQL_BLOCKER_ADD_LINE, ARG_TEXT(o->team->config->name), ARG_TEXT(o->from->day), ARG_INT(o->from->person->id),
			ARG_INT(o->from->field), ARG_INT(id));
	for (enum response_target target = RESPONSE_FIRST; target <= RESPONSE_SOLUTION; target++)
		response_open(t, &blocker_promises,
			&(struct response_opening){ .subject = key, .target = target, .team = o->team, .owner = o->owner, .role = o->role });
	blocker_watch(t, key);
	blocker_show(t, key);
	turn_whisper(t, turn_text(t, "blocker.opened", TEXT_ARG("number", key)));
	return key;
}

static void open_blocker(struct turn *t, const struct team *team, const char *text)
{
	struct blocker_opening o = { .team = team, .role = "", .by = t->person };
	text = talk_take_addressee(t, team, text, &o.role, &o.owner);
	o.text = turn_readable(t, NULL, text);
	blocker_open(t, &o);
}

static void blocker_command(struct turn *t, const struct event *event, const char *rest)
{
	if (!*rest && blocker_is_line_meant(t, event))
		blocker_line_meant(t, event);
	else if (!t->team)
		turn_whisper(t, turn_text(t, "blocker.no_team"));
	else if (!*rest)
		turn_whisper(t, turn_text(t, "blocker.how"));
	else if (g_utf8_strlen(rest, -1) > TEXT_LIMIT)
		turn_whisper(t, turn_text(t, "blocker.too_long", TEXT_ARG("limit", TEXT_LIMIT)));
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
		turn_whisper(t, turn_text(t, "blocker.closed_already", TEXT_ARG("number", b->id)));
	return !blocker_is_closed(b);
}

static gboolean is_anothers(const struct turn *t, const struct blocker *b)
{
	return strcmp(b->state, BLOCKER_TAKEN) == 0 && b->owner != t->person && !turn_is_manager(t, b->team);
}

/* Whoever has it, answers for it: the first clock has its answer, the others are theirs. */
static void own(struct turn *t, const struct blocker *b, const char *key, const struct person *owner, const char *why)
{
	turn_exec(t, &SQL_BLOCKER_TAKE, ARG_INT(b->id), ARG_INT(owner->id));
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
	own(t, &b, key, t->person, why);
	blocker_show(t, key);
}

void blocker_set_plan(struct turn *t, const char *key, const char *plan)
{
	struct blocker b;
	if (!blocker_read_open(t, key, &b))
		return;
	if (is_anothers(t, &b)) {
		turn_whisper(t, turn_text(t, "blocker.not_yours", TEXT_ARG("number", b.id), TEXT_ARG("name", b.owner->name)));
		return;
	}
	own(t, &b, key, t->person, "plan");
	turn_exec(t, &SQL_BLOCKER_PLAN, ARG_INT(b.id), ARG_TEXT(plan));
	response_tell(t, &blocker_promises, key, RESPONSE_PLAN, RESPONSE_STOP, t->person, "plan");
	blocker_show(t, key);
}

/* Given, not taken: the new owner's first answer is still promised, but to nobody else. */
void blocker_give(struct turn *t, const char *key, const struct person *owner)
{
	struct blocker b;
	if (!blocker_read_open(t, key, &b))
		return;
	turn_exec(t, &SQL_BLOCKER_GIVE, ARG_INT(b.id), ARG_INT(owner->id));
	response_give(t, &blocker_promises, key, owner, NULL, t->person);
	blocker_show(t, key);
	if (owner == t->person)
		return;
	struct message *m = message_new();
	enum language language = turn_language_of(t, owner, b.team);
	message_say(m, turn_text_in(t, language, "blocker.given", TEXT_ARG("name", t->person->name), TEXT_ARG("number", b.id),
			       TEXT_ARG("text", b.text)));
	message_button(m, "blocker.take", key, turn_text_in(t, language, "blocker.button_take"), MESSAGE_PRIMARY);
	turn_tell(t, b.team->config->workspace_name, owner, m);
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
	form_input(form, "plan", turn_text(t, "blocker.plan"), turn_text(t, "blocker.plan_hint"), b.plan, 3, FALSE, TEXT_LIMIT);
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

/* ---- what is open ---- */

enum which { MINE, TEAMS };

static void list(struct turn *t, enum which which)
{
	guint count = 0;
	if (!t->team) {
		turn_whisper(t, turn_text(t, "blocker.no_team"));
		return;
	}
	struct message *m = message_new();
	message_title(m, turn_text(t, which == MINE ? "blocker.mine_title" : "blocker.team_title", TEXT_ARG("team", t->team->config->name)));
	struct db_rows *rows = turn_query(t, &SQL_BLOCKER_OPEN, ARG_TEXT(t->team->config->name));
	while (db_next(rows)) {
		const struct person *owner = db_is_null(rows, 2) ? NULL : roster_person_by_id(t->roster, db_int(rows, 2));
		if (which == MINE && owner != t->person && db_int(rows, 4) != t->person->id)
			continue;
		count++;
		message_item(m, turn_text(t, "blocker.line", TEXT_ARG("number", db_int(rows, 0)), TEXT_ARG("text", turn_keep(t, g_strdup(db_text(rows, 1)))),
				       TEXT_ARG("owner", owner ? owner->name : turn_text(t, "blocker.nobody")),
				       TEXT_ARG("hours", (t->now_ms - db_int(rows, 3)) / HOURS(1))));
	}
	turn_end(t, rows);
	if (count == 0) {
		message_free(m);
		turn_whisper(t, turn_text(t, "blocker.none_open"));
		return;
	}
	turn_private(t, m);
}

static void list_team(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	(void)rest;
	list(t, TEAMS);
}

static void list_mine(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	(void)rest;
	list(t, MINE);
}

/* ---- what wakes it ---- */

static const struct command list_subs[] = {
	{ .words = (const char *const[]){ "mine", "我的", NULL }, .help = "blocker.help_mine", .only_tells = TRUE, .run = list_mine },
	{ .words = (const char *const[]){ "team", "团队", NULL }, .only_tells = TRUE, .run = list_team },
	{ 0 },
};

static const struct command commands[] = {
	{ .words = (const char *const[]){ "blockers", "卡点列表", NULL },
		.help = "blocker.help_list",
		.only_tells = TRUE,
		.run = list_team,
		.subs = list_subs },
	{ .words = (const char *const[]){ "blocker", "卡点", NULL }, .help = "blocker.help", .takes_text = TRUE, .run = blocker_command },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_DUE, .word = RESPONSE_JOB, .run = clock_due },
	{ .kind = EVENT_PRESSED, .word = "take", .run = take_pressed },
	{ .kind = EVENT_PRESSED, .word = "plan", .run = plan_pressed },
	{ .kind = EVENT_SUBMITTED, .word = "plan", .run = plan_submitted },
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
	{ .kind = EVENT_PRESSED, .word = "line", .run = blocker_line_pressed },
	{ .kind = EVENT_SAID, .when = blocker_is_line_meant, .run = blocker_line_meant },
	{ .kind = EVENT_SAID, .when = blocker_is_talked_about, .run = blocker_said },
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
	.start = start,
	.look = blocker_look,
};
