/* SPDX-License-Identifier: MIT */
#include "customer/customer.h"

#include "customer_sql.h"
#include "customer_texts.h"
#include "kit/duty.h"
#include "kit/talk.h"

/* ---- reading ---- */

gboolean customer_read(struct turn *t, const char *key, struct enquiry *out)
{
	gboolean found = FALSE;
	struct db_rows *rows = turn_query(t, &SQL_CUSTOMER_ONE, ARG_INT(g_ascii_strtoll(key, NULL, 10)));
	if (db_next(rows)) {
		*out = (struct enquiry){
			.id = db_int(rows, 0),
			.key = turn_keep(t, g_strdup_printf("%" G_GINT64_FORMAT, db_int(rows, 0))),
			.team = roster_team(t->roster, db_text(rows, 1)),
			.customer = turn_keep(t, g_strdup(db_text(rows, 2))),
			.text = turn_keep(t, g_strdup(db_text(rows, 3))),
			.role = turn_keep(t, g_strdup(db_text(rows, 4))),
			.state = turn_keep(t, g_strdup(db_text(rows, 5))),
			.waits_for = turn_keep(t, g_strdup(db_text(rows, 6))),
			.owner = db_is_null(rows, 7) ? NULL : roster_person_by_id(t->roster, db_int(rows, 7)),
			.by = db_is_null(rows, 8) ? NULL : roster_person_by_id(t->roster, db_int(rows, 8)),
			.opened_ms = db_int(rows, 9),
		};
		found = out->team != NULL;
	}
	turn_end(t, rows);
	return found;
}

gboolean customer_is_closed(const struct enquiry *e)
{
	return strcmp(e->state, CUSTOMER_SOLVED) == 0 || strcmp(e->state, CUSTOMER_NONE) == 0;
}

const char *customer_called(struct turn *t, const struct enquiry *e, enum language language)
{
	return *e->customer ? e->customer : turn_text_in(t, language, "customer.unnamed");
}

gboolean customer_may_answer(struct turn *t, const struct enquiry *e)
{
	gboolean shares = *e->role && duty_is_shared_by(t, e->team, e->role, t->person);
	return e->owner == t->person || shares || turn_is_manager(t, e->team);
}

/* ---- the promises ---- */

static const char *title(struct turn *t, const char *subject, enum language language)
{
	struct enquiry e;
	if (!customer_read(t, subject, &e))
		return NULL;
	return turn_text_in(t, language, "customer.short", TEXT_ARG("number", e.id), TEXT_ARG("customer", customer_called(t, &e, language)),
		TEXT_ARG("text", e.text));
}

static void add_button(struct turn *t, const struct response_ring *ring, const struct person *reader, struct message *m)
{
	enum language language = reader ? turn_language_of(t, reader, ring->team) : turn_team_language(t, ring->team);
	gboolean first = ring->target == RESPONSE_FIRST;
	message_button(m, first ? "customer.answered" : "customer.solved", ring->subject,
		turn_text_in(t, language, first ? "customer.button_answered" : "customer.button_solved"), MESSAGE_PRIMARY);
}

/* What nobody has answered is not solved either: one bell is enough. */
static gboolean is_covered(struct turn *t, const char *subject, enum response_target target)
{
	struct response_view view;
	return target != RESPONSE_FIRST && response_look(t, subject, RESPONSE_FIRST, &view) && view.state.status == RESPONSE_BREACHED;
}

const struct response_kind customer_promises = {
	.applies = "customer",
	.topic = "customer",
	.title = title,
	.add = add_button,
	.is_covered = is_covered,
	.thread = customer_card_name,
	.people = duty_people,
};

static void clock_due(struct turn *t, const struct event *event)
{
	response_due(t, event, &customer_promises);
}

static void start(struct turn *t)
{
	response_start(t, &customer_promises);
}

/* ---- opening ---- */

int64_t customer_find(struct turn *t, const char *source, const char *external)
{
	if (!external || !*external)
		return 0;
	struct db_rows *rows = turn_query(t, &SQL_CUSTOMER_BY_EXTERNAL, ARG_TEXT(source ? source : ""), ARG_TEXT(external));
	int64_t id = db_next(rows) ? db_int(rows, 0) : 0;
	turn_end(t, rows);
	return id;
}

/* The same text again is a repetition; another one is the customer's next question. */
static int64_t ask_on(struct turn *t, int64_t id, const char *text)
{
	struct enquiry e;
	const char *key = turn_keep(t, g_strdup_printf("%" G_GINT64_FORMAT, id));
	if (customer_read(t, key, &e) && strcmp(e.state, CUSTOMER_NONE) != 0 && strcmp(e.text, text) != 0)
		customer_ask(t, key, text);
	return id;
}

static struct db_arg number(const struct person *person)
{
	return person ? ARG_INT(person->id) : ARG_NULL;
}

static int64_t open_new(struct turn *t, const struct customer_opening *o, int64_t asked_ms)
{
	const char *role = o->role ? o->role : "", *source = o->source ? o->source : "";
	const struct duty_choice whose = duty_address(t, o->team, o->owner, role, o->by);
	turn_exec(t, &SQL_CUSTOMER_ADD, ARG_TEXT(o->team->config->name), ARG_TEXT(o->customer), ARG_TEXT(o->text), ARG_TEXT(source),
		ARG_TEXT(o->external ? o->external : ""), ARG_TEXT(role), number(whose.person), number(o->by), ARG_INT(asked_ms));
	int64_t id = turn_ok(t) ? db_last_id(t->db) : 0;
	turn_exec(t, &SQL_CUSTOMER_DID, ARG_INT(id), ARG_INT(asked_ms), ARG_TEXT("asked"), number(o->by), ARG_TEXT(o->text));
	const char *key = turn_keep(t, g_strdup_printf("%" G_GINT64_FORMAT, id));
	if (*role && whose.person)
		duty_note_turn(t, o->team, role, whose.person, key);
	for (enum response_target target = 0; target < RESPONSE_TARGETS; target++)
		response_open(t, &customer_promises,
			&(struct response_opening){
				.subject = key, .target = target, .team = o->team, .owner = whose.person, .role = role, .start_ms = asked_ms });
	customer_show(t, key);
	talk_tell_owner(t, &customer_promises, o->team, key,
		&(struct talk_owner){ whose.person, whose.instead_of, role, o->by ? o->by->name : source });
	return id;
}

int64_t customer_open(struct turn *t, const struct customer_opening *o)
{
	int64_t id = customer_find(t, o->source, o->external), asked_ms = o->asked_ms ? MIN(o->asked_ms, t->now_ms) : t->now_ms;
	if (customer_is_courtesy(o->text))
		return id;
	if (id)
		return ask_on(t, id, o->text);
	return open_new(t, o, asked_ms);
}

/* "Nordwind: when will the offer come?": who asks, and what. An address is no name. */
static const char *take_customer(struct turn *t, const char *text, const char **customer)
{
	const char *colon = text + strcspn(text, ":"), *wide = strstr(text, "：");
	gsize width = 1;
	if (wide && wide < colon) {
		colon = wide;
		width = strlen("：");
	}
	if (!*colon || colon == text || g_str_has_prefix(colon, "://") || g_utf8_strlen(text, colon - text) > CUSTOMER_NAME_LIMIT)
		return text;
	*customer = turn_keep(t, g_strstrip(g_strndup(text, (gsize)(colon - text))));
	return turn_keep(t, g_strstrip(g_strdup(colon + width)));
}

static void open_from_words(struct turn *t, const char *rest)
{
	struct customer_opening o = { .team = t->team, .customer = "", .by = t->person };
	o.text = talk_take_addressee(t, t->team, rest, &o.role, &o.owner);
	o.text = take_customer(t, turn_readable(t, NULL, o.text), &o.customer);
	if (!o.owner && !o.role)
		o.owner = t->person;
	if (!*o.text) {
		turn_whisper(t, turn_text(t, "customer.how"));
		return;
	}
	int64_t id = customer_open(t, &o);
	turn_whisper(t, id ? turn_text(t, "customer.opened", TEXT_ARG("number", id)) : turn_text(t, "customer.courtesy"));
}

static void customer_command(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	if (!t->team)
		turn_whisper(t, turn_text(t, "customer.no_team"));
	else if (!*rest)
		turn_whisper(t, turn_text(t, "customer.how"));
	else if (g_utf8_strlen(rest, -1) > CUSTOMER_TEXT_LIMIT)
		turn_whisper(t, turn_text(t, "customer.too_long", TEXT_ARG("limit", CUSTOMER_TEXT_LIMIT)));
	else
		open_from_words(t, rest);
}

/* ---- buttons ---- */

static void answered_pressed(struct turn *t, const struct event *event)
{
	customer_answer(t, event->value, "", "button");
}

static void solved_pressed(struct turn *t, const struct event *event)
{
	customer_solve(t, event->value, "");
}

static void go_on_pressed(struct turn *t, const struct event *event)
{
	customer_go_on(t, event->value);
}

/* A form of one input, "text". */
static void ask_for(struct turn *t, const struct enquiry *e, const char *form, const char *label, const char *hint)
{
	struct message *m = form_new(form, e->key, turn_text(t, "customer.form_title", TEXT_ARG("number", e->id)), turn_text(t, "customer.send"),
		turn_text(t, "customer.cancel"));
	form_intro(m, e->text);
	form_input(m, "text", label, hint, NULL, 2, FALSE, CUSTOMER_TEXT_LIMIT);
	turn_form(t, m);
}

static void waits_pressed(struct turn *t, const struct event *event)
{
	struct enquiry e;
	if (customer_read_open(t, event->value, &e) && customer_may(t, &e, FALSE))
		ask_for(t, &e, "customer.waits", turn_text(t, "customer.waits_for"), turn_text(t, "customer.waits_hint"));
}

static void asks_pressed(struct turn *t, const struct event *event)
{
	struct enquiry e;
	if (customer_read_asked(t, event->value, &e))
		ask_for(t, &e, "customer.asks", turn_text(t, "customer.question"), turn_text(t, "customer.question_hint"));
}

/* NULL, and said so: nothing was filled in. */
static const char *filled_in(struct turn *t, const struct event *event, const char *hint)
{
	const char *text = event_input_value(event, "text");
	if (text && *text)
		return text;
	turn_problem(t, "text", hint);
	return NULL;
}

static void waits_submitted(struct turn *t, const struct event *event)
{
	const char *what_for = filled_in(t, event, turn_text(t, "customer.waits_hint"));
	if (what_for)
		customer_wait(t, event->value, what_for);
}

static void asks_submitted(struct turn *t, const struct event *event)
{
	const char *question = filled_in(t, event, turn_text(t, "customer.question_hint"));
	if (question)
		customer_ask(t, event->value, question);
}

/* ---- what wakes it ---- */

static const struct command commands[] = {
	{ .words = (const char *const[]){ "customer", "客户", NULL },
		.help = "customer.help",
		.takes_text = TRUE,
		.is_plain_word = TRUE,
		.run = customer_command },
	{ .words = (const char *const[]){ "customers", "客户列表", NULL },
		.help = "customer.help_list",
		.only_tells = TRUE,
		.run = customer_list },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_DUE, .word = RESPONSE_JOB, .run = clock_due },
	{ .kind = EVENT_PRESSED, .word = "answered", .run = answered_pressed },
	{ .kind = EVENT_PRESSED, .word = "solved", .run = solved_pressed },
	{ .kind = EVENT_PRESSED, .word = "go_on", .run = go_on_pressed },
	{ .kind = EVENT_PRESSED, .word = "waits", .run = waits_pressed },
	{ .kind = EVENT_PRESSED, .word = "asks", .run = asks_pressed },
	{ .kind = EVENT_SUBMITTED, .word = "waits", .run = waits_submitted },
	{ .kind = EVENT_SUBMITTED, .word = "asks", .run = asks_submitted },
	{ .kind = EVENT_SAID, .when = customer_is_talked_about, .run = customer_said },
	{ .kind = EVENT_REQUESTED, .word = "push", .run = customer_pushed },
	{ 0 },
};

static const struct topic topics[] = {
	{ .name = "customer", .title = "customer.topic" },
	{ 0 },
};

const struct ritual ritual_customer = {
	.name = "customer",
	.title = "customer.help_title",
	.triggers = triggers,
	.commands = commands,
	.topics = topics,
	.sql = &SQL_CUSTOMER,
	.texts = &texts_customer,
	.look = customer_look,
	.promises = &customer_promises,
	.held = customer_held,
	.start = start,
};
