/* SPDX-License-Identifier: MIT */
#include "blocker/blocker.h"

#include "blocker_sql.h"
#include "blocker_texts.h"

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
		};
		found = out->team && out->by;
	}
	turn_end(t, rows);
	return found;
}

static gboolean is_closed(const struct blocker *b)
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

const struct response_kind blocker_promises = {
	.applies = "blocker",
	.topic = "blocker",
	.title = title,
	.add = add_button,
	.thread = thread,
};

static void clock_due(struct turn *t, const struct event *event)
{
	response_due(t, event, &blocker_promises);
}

static void start(struct turn *t)
{
	response_start(t, &blocker_promises);
}

/* ---- opening ---- */

static void show(struct turn *t, const char *key)
{
	struct blocker b;
	if (blocker_read(t, key, &b))
		turn_show(t, b.team, blocker_card_name(t, b.id), blocker_card(t, &b));
}

/* "… @ops" or "… @ana" at the end: who is to see to it. Cuts it off. */
static const char *take_addressee(struct turn *t, const struct team *team, const char *text, const char **role, const struct person **owner)
{
	const char *space = strrchr(text, ' '), *word = space ? space + 1 : "";
	if (*word != '@' && !g_str_has_prefix(word, "<@"))
		return text;
	g_autoptr(GPtrArray) holders = roster_holders(t->roster, team->config->workspace_name, *word == '@' ? word + 1 : word, team);
	*owner = holders->len ? NULL : roster_find(t->roster, team->config->workspace_name, word);
	if (holders->len)
		*role = turn_keep(t, g_strdup(word + 1));
	return holders->len || *owner ? turn_keep(t, g_strstrip(g_strndup(text, (gsize)(space - text)))) : text;
}

static void open_blocker(struct turn *t, const struct team *team, const char *text)
{
	const char *role = "";
	const struct person *owner = NULL;
	text = take_addressee(t, team, text, &role, &owner);
	turn_exec(t, &SQL_BLOCKER_ADD, ARG_TEXT(team->config->name), ARG_TEXT(turn_readable(t, NULL, text)), ARG_TEXT(role),
		ARG_INT(t->person->id), owner ? ARG_INT(owner->id) : ARG_NULL, ARG_INT(t->now_ms));
	const char *key = turn_keep(t, g_strdup_printf("%" G_GINT64_FORMAT, turn_ok(t) ? db_last_id(t->db) : 0));
	for (enum response_target target = RESPONSE_FIRST; target <= RESPONSE_SOLUTION; target++)
		response_open(t, &blocker_promises,
			&(struct response_opening){ .subject = key, .target = target, .team = team, .owner = owner, .role = role });
	show(t, key);
	turn_whisper(t, turn_text(t, "blocker.opened", TEXT_ARG("number", key)));
}

static void blocker_command(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	if (!t->team)
		turn_whisper(t, turn_text(t, "blocker.no_team"));
	else if (!*rest)
		turn_whisper(t, turn_text(t, "blocker.how"));
	else if (g_utf8_strlen(rest, -1) > TEXT_LIMIT)
		turn_whisper(t, turn_text(t, "blocker.too_long", TEXT_ARG("limit", TEXT_LIMIT)));
	else
		open_blocker(t, t->team, rest);
}

/* ---- what becomes of it ---- */

/* FALSE, and said so: it is gone or closed. */
static gboolean read_open(struct turn *t, const char *key, struct blocker *b)
{
	if (!blocker_read(t, key, b)) {
		turn_whisper(t, turn_text(t, "blocker.gone"));
		return FALSE;
	}
	if (is_closed(b))
		turn_whisper(t, turn_text(t, "blocker.closed_already", TEXT_ARG("number", b->id)));
	return !is_closed(b);
}

static void take(struct turn *t, const char *key, const char *why)
{
	turn_exec(t, &SQL_BLOCKER_TAKE, ARG_INT(g_ascii_strtoll(key, NULL, 10)), ARG_INT(t->person->id));
	response_stop(t, &blocker_promises, key, RESPONSE_FIRST, t->person, why);
	response_give(t, &blocker_promises, key, t->person, NULL, t->person);
	show(t, key);
}

static void take_pressed(struct turn *t, const struct event *event)
{
	struct blocker b;
	if (!read_open(t, event->value, &b))
		return;
	if (strcmp(b.state, BLOCKER_TAKEN) == 0 && b.owner != t->person)
		turn_whisper(t, turn_text(t, "blocker.taken_already", TEXT_ARG("number", b.id), TEXT_ARG("name", b.owner ? b.owner->name : "?")));
	else
		take(t, event->value, "button");
}

static void plan_pressed(struct turn *t, const struct event *event)
{
	struct blocker b;
	if (!read_open(t, event->value, &b))
		return;
	struct message *form = form_new("blocker.plan", event->value, turn_text(t, "blocker.plan_title", TEXT_ARG("number", b.id)),
		turn_text(t, "blocker.send"), turn_text(t, "blocker.cancel"));
	form_intro(form, b.text);
	form_input(form, "plan", turn_text(t, "blocker.plan"), turn_text(t, "blocker.plan_hint"), b.plan, 3, FALSE, TEXT_LIMIT);
	turn_form(t, form);
}

static void plan_submitted(struct turn *t, const struct event *event)
{
	struct blocker b;
	const char *plan = event_input_value(event, "plan");
	if (!read_open(t, event->value, &b))
		return;
	turn_exec(t, &SQL_BLOCKER_PLAN, ARG_INT(b.id), ARG_TEXT(plan ? plan : ""), ARG_INT(t->person->id));
	response_stop(t, &blocker_promises, event->value, RESPONSE_FIRST, t->person, "plan");
	response_stop(t, &blocker_promises, event->value, RESPONSE_PLAN, t->person, "plan");
	response_give(t, &blocker_promises, event->value, t->person, NULL, t->person);
	show(t, event->value);
}

static void close_blocker(struct turn *t, const struct event *event, const char *state)
{
	struct blocker b;
	gboolean done = strcmp(state, BLOCKER_DONE) == 0;
	if (!read_open(t, event->value, &b))
		return;
	turn_exec(t, &SQL_BLOCKER_CLOSE, ARG_INT(b.id), ARG_TEXT(state), ARG_INT(t->now_ms));
	for (enum response_target target = RESPONSE_FIRST; target <= RESPONSE_SOLUTION; target++)
		(done ? response_stop : response_cancel)(t, &blocker_promises, event->value, target, t->person, state);
	show(t, event->value);
}

static void done_pressed(struct turn *t, const struct event *event)
{
	close_blocker(t, event, BLOCKER_DONE);
}

static void none_pressed(struct turn *t, const struct event *event)
{
	close_blocker(t, event, BLOCKER_NONE);
}

/* ---- what wakes it ---- */

static const struct command commands[] = {
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
	{ 0 },
};

static const struct topic topics[] = {
	{ .name = "blocker", .title = "blocker.topic" },
	{ 0 },
};

const struct ritual ritual_blocker = {
	.name = "blocker",
	.triggers = triggers,
	.commands = commands,
	.topics = topics,
	.sql = &SQL_BLOCKER,
	.texts = &texts_blocker,
	.start = start,
};
