/* SPDX-License-Identifier: MIT */
/* What wakes own rounds, and the words they obey. */
#include "checkin/checkin.h"

#include "checkin_texts.h"

/* ---- list ---- */

static const char *standing_text(struct turn *t, const struct round *r)
{
	const char *day = checkin_day(t, r), *state = day ? checkin_state(t, r, day, t->person) : NULL;
	if (!day || !round_asks(r, t->person))
		return "";
	if (g_strcmp0(state, CHECKIN_GIVEN) == 0)
		return turn_text(t, "checkin.you_answered");
	return state || checkin_is_closed(t, r, day) ? "" : turn_text(t, "checkin.you_are_awaited");
}

static void list(struct turn *t)
{
	enum language language = turn_language(t);
	struct message *m = message_new();
	struct round r = { 0 };
	gboolean any = FALSE;
	message_title(m, turn_text(t, "checkin.list_title"));
	for (; checkin_next(t, &r); any = TRUE) {
		const struct config_round *config = checkin_config(&r);
		g_autofree char *words = recurrence_words(config->schedule, language);
		message_item(m, turn_text(t, "checkin.list_line", TEXT_ARG("name", (const char *)config->name),
					TEXT_ARG("title", config_words_in(&config->title, language)), TEXT_ARG("team", r.team->config->name),
					TEXT_ARG("schedule", words), TEXT_ARG("standing", standing_text(t, &r))));
	}
	message_context(m, turn_text(t, "checkin.how_to_call"));
	if (any) {
		turn_private(t, m);
		return;
	}
	message_free(m);
	turn_whisper(t, turn_text(t, "checkin.none"));
}

/* ---- what can be done with one ---- */

static void open_form(struct turn *t, const struct round *r, const char *rest)
{
	const char *day;
	(void)rest;
	if (t->event->place.token)
		checkin_open_form(t, r);
	else if (checkin_may_answer(t, r, &day))
		turn_private(t, checkin_prompt(t, r, day, t->person));
}

static void show(struct turn *t, const struct round *r, const char *rest)
{
	const char *day = checkin_day(t, r), *title = config_words_in(&checkin_config(r)->title, turn_language(t));
	(void)rest;
	if (!day)
		turn_whisper(t, turn_text(t, "checkin.not_held", TEXT_ARG("title", title)));
	else if (!checkin_may_read(t, r, day))
		turn_whisper(t, turn_text(t, "checkin.not_yours", TEXT_ARG("title", title), TEXT_ARG("readers", checkin_readers(t, r, turn_language(t)))));
	else
		turn_private(t, checkin_summary(t, r, day, turn_language(t)));
}

static void skip(struct turn *t, const struct round *r, const char *rest)
{
	(void)rest;
	checkin_skip(t, r);
}

/* The day for which a manager asks: the round that is open, else today; NULL when today's time is over. */
static const char *day_to_ask(struct turn *t, const struct round *r)
{
	int64_t until_ms;
	const char *last = checkin_day(t, r), *today = turn_day(t, NULL, r->team, t->now_ms);
	if (last && round_deadline(r, last, &until_ms) && until_ms > t->now_ms)
		return last;
	return round_deadline(r, today, &until_ms) && until_ms > t->now_ms ? today : NULL;
}

static void ask(struct turn *t, const struct round *r, const char *rest)
{
	const char *day, *title = config_words_in(&checkin_config(r)->title, turn_language(t));
	(void)rest;
	if (!turn_is_manager(t, r->team)) {
		turn_whisper(t, turn_text(t, "checkin.managers_only"));
		return;
	}
	day = day_to_ask(t, r);
	guint asked = day ? round_ask_now(t, r, day) : 0;
	turn_whisper(t, turn_text(t, !day ? "checkin.over_today" : asked ? "checkin.asked" : "checkin.asked_nobody", TEXT_ARG("title", title),
				TEXT_ARG("count", asked)));
}

static const struct {
	const char *words[4];
	void (*run)(struct turn *t, const struct round *r, const char *rest);
} verbs[] = {
	{ { "show", "看板", "查看", NULL }, show },
	{ { "skip", "跳过", NULL }, skip },
	{ { "ask", "发起", "开始", NULL }, ask },
};

static gboolean is_word(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (g_ascii_strcasecmp(word, *words) == 0)
			return TRUE;
	return FALSE;
}

/* What follows the round's name: nothing, a verb, or an answer. */
static void do_with(struct turn *t, const struct round *r, const char *rest)
{
	if (!*rest) {
		open_form(t, r, rest);
		return;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
		if (is_word(rest, verbs[i].words)) {
			verbs[i].run(t, r, rest);
			return;
		}
	}
	checkin_given(t, r, rest);
}

static void round_command(struct turn *t, const struct event *event, const char *rest)
{
	static const char *const list_words[] = { "list", "列表", "all", NULL };
	size_t length = strcspn(rest, " \t\n:");
	g_autofree char *name = g_strndup(turn_literal(t, rest), length);
	struct round r;
	(void)event;
	if (!*rest || is_word(rest, list_words))
		list(t);
	else if (checkin_named(t, name, &r))
		do_with(t, &r, rest + length + strspn(rest + length, " \t\n:"));
	else
		turn_whisper(t, turn_text(t, "checkin.unknown", TEXT_ARG("word", (const char *)name)));
}

/* A failed attempt put right by editing is an answer like any other. */
static void put_right(struct turn *t, const struct event *event)
{
	if (t->person && checkin_is_for_us(t, event))
		checkin_said(t, event);
}

/* Members came or went; whom a round asks for a role is planned when the one before is closed. */
static void people_changed(struct turn *t, const struct event *event)
{
	const struct team *team = roster_team_at(t->roster, event->place.workspace, event->place.channel);
	if (team)
		checkin_plan_team(t, team);
}

static void ask_due(struct turn *t, const struct event *event)
{
	round_ask_due(t, event, &checkin_kind);
}

static void remind_due(struct turn *t, const struct event *event)
{
	round_remind_due(t, event, &checkin_kind);
}

static void close_due(struct turn *t, const struct event *event)
{
	round_close_due(t, event, &checkin_kind);
}

static void board_due(struct turn *t, const struct event *event)
{
	round_board_due(t, event, &checkin_kind);
}

static const struct command commands[] = {
	{ .words = (const char *const[]){ "round", "rounds", "轮次", NULL }, .help = "checkin.help", .takes_text = TRUE, .run = round_command },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_SAID, .when = checkin_is_for_us, .run = checkin_said, .takes_a_word = TRUE },
	{ .kind = EVENT_EDITED, .when = checkin_is_ours, .run = checkin_edited, .owns = TRUE },
	{ .kind = EVENT_EDITED, .run = put_right },
	{ .kind = EVENT_DELETED, .run = checkin_deleted },
	{ .kind = EVENT_PRESSED, .word = "open", .run = checkin_form_pressed },
	{ .kind = EVENT_SUBMITTED, .word = "form", .run = checkin_form_submitted },
	{ .kind = EVENT_FAILED, .word = "form", .run = checkin_form_lost },
	{ .kind = EVENT_DUE, .word = ROUND_ASK, .run = ask_due },
	{ .kind = EVENT_DUE, .word = ROUND_REMIND, .run = remind_due },
	{ .kind = EVENT_DUE, .word = ROUND_CLOSE, .run = close_due },
	{ .kind = EVENT_DUE, .word = ROUND_BOARD, .run = board_due },
	{ .kind = EVENT_PEOPLE, .run = people_changed },
	{ 0 },
};

const struct ritual ritual_checkin = {
	.name = "checkin",
	.title = "checkin.help_title",
	.triggers = triggers,
	.commands = commands,
	.sql = &SQL_CHECKIN,
	.texts = &texts_checkin,
	.start = checkin_plan,
	.rings = checkin_rings,
};
