/* SPDX-License-Identifier: MIT */
/* What wakes the standup, and the words it obeys. */
#include "standup/standup.h"

#include "base/zone.h"
#include "core/command.h"
#include "standup_texts.h"
#include "team/day_words.h"

/* ---- show ---- */

struct question {
	const struct team *team;
	const struct person *person; /* NULL: the whole board */
	const char *day;
	const char *wrong; /* a word that means nothing here */
};

static gboolean is_word(const char *word, const char *const *words)
{
	for (; *words; words++) {
		if (g_ascii_strcasecmp(word, *words) == 0)
			return TRUE;
	}
	return FALSE;
}

static void read_word(struct turn *t, struct question *q, const char *word, const char *today)
{
	static const char *const whole_team[] = { "team", "all", "团队", "全部", "全员", NULL };
	char day[ZONE_DAY_SIZE];
	gboolean is_day = day_words_read(word, today, DAY_WORDS_THIS_YEAR, day);
	const struct team *team = is_day ? NULL : roster_team(t->roster, word);
	if (is_day)
		q->day = turn_keep(t, g_strdup(day));
	else if (!team && is_word(word, whole_team))
		return;
	else if (team && team->config->standup.enabled)
		q->team = team;
	else if (!(q->person = roster_find(t->roster, t->event->place.workspace, word)))
		q->wrong = word;
}

/* The team in which the asked person answers. */
static void find_persons_team(struct turn *t, struct question *q)
{
	if (!q->person || roster_is_member(q->team, q->person))
		return;
	const struct team *theirs = roster_next_team_of(t->roster, t->event->place.workspace, q->person, NULL);
	if (theirs && theirs->config->standup.enabled)
		q->team = theirs;
}

/* A person sees the boards of their own teams, a manager those they manage. */
static gboolean may_see(struct turn *t, const struct team *team)
{
	return roster_is_member(team, t->person) || turn_is_manager(t, team);
}

static void answer_question(struct turn *t, const struct question *q)
{
	struct message *m = q->person ? standup_one(t, q->team, q->day, q->person)
				      : standup_board(t, q->team, q->day, turn_language(t));
	const char *day = turn_day_text(t, q->day, turn_language(t));
	if (m)
		turn_private(t, m);
	else if (q->person)
		turn_whisper(t, turn_text(t, "standup.nothing_yet", TEXT_ARG("name", q->person->name), TEXT_ARG("day", day)));
	else
		turn_whisper(t, turn_text(t, "standup.nothing_that_day", TEXT_ARG("team", q->team->config->name),
				 TEXT_ARG("day", day)));
}

static void show_one(struct turn *t, const struct question *q)
{
	if (may_see(t, q->team))
		answer_question(t, q);
	else
		turn_whisper(t, turn_text(t, "standup.not_yours", TEXT_ARG("team", q->team->config->name)));
}

/* The button beside what came of somebody's standup: PERSON/DAY/TEAM. */
static void one_pressed(struct turn *t, const struct event *event)
{
	g_auto(GStrv) parts = g_strsplit(event->value ? event->value : "", "/", 3);
	gboolean whole = g_strv_length(parts) == 3 && zone_day_is_valid(parts[1]);
	struct question q = {
		.team = whole ? roster_team(t->roster, parts[2]) : NULL,
		.person = whole ? roster_person_by_id(t->roster, g_ascii_strtoll(parts[0], NULL, 10)) : NULL,
		.day = whole ? turn_keep(t, g_strdup(parts[1])) : NULL,
	};
	if (q.team && q.person)
		show_one(t, &q);
}

/* Outside a team's channel, unasked for any: the boards of all the person's teams, those they manage too. */
static void show_all(struct turn *t, struct question *q)
{
	const char *workspace = t->event->place.workspace;
	for (q->team = NULL; (q->team = roster_next_team_of(t->roster, workspace, t->person, q->team));) {
		if (q->team->config->standup.enabled)
			answer_question(t, q);
	}
}

static void show(struct turn *t, const struct event *event, const char *rest)
{
	const struct team *first = standup_next_team(t, NULL);
	if (!first) {
		turn_whisper(t, turn_text(t, "standup.no_team"));
		return;
	}
	const char *today = turn_day(t, t->person, first, t->now_ms);
	rest = turn_literal(t, rest);
	/* A team's name may have blanks in it. */
	struct question q = { .day = today, .team = *rest ? roster_team(t->roster, rest) : NULL };
	g_auto(GStrv) words = g_strsplit_set(q.team ? "" : rest, " \t", 8);
	for (char **word = words; *word && !q.wrong; word++) {
		if (**word)
			read_word(t, &q, *word, today);
	}
	gboolean named = q.team || q.person || roster_team_at(t->roster, event->place.workspace, event->place.channel);
	q.team = q.team ? q.team : first;
	find_persons_team(t, &q);
	if (q.wrong)
		turn_whisper(t, turn_text(t, "standup.show_wrong", TEXT_ARG("word", (const char *)q.wrong)));
	else if (named)
		show_one(t, &q);
	else
		show_all(t, &q);
}

/* ---- skip, ask, help ---- */

static void skip(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	(void)rest;
	const struct team *team = standup_next_team(t, NULL);
	if (!team) {
		turn_whisper(t, turn_text(t, "standup.no_team"));
		return;
	}
	gboolean skipped = FALSE;
	for (; team; team = standup_next_team(t, team)) {
		const char *name = team->config->name, *day = turn_day(t, t->person, team, t->now_ms);
		turn_exec(t, &SQL_STANDUP_SKIP, ARG_TEXT(name), ARG_TEXT(day), ARG_INT(t->person->id),
			ARG_TEXT(standup_format_of(team) == STANDUP_FORMAT_B ? "B" : "A"), ARG_INT(t->now_ms));
		if (turn_changes(t) == 0)
			continue;
		struct round round = standup_round(t, team);
		round_answered(t, &round, day, t->person);
		skipped = TRUE;
		turn_exec(t, &SQL_STANDUP_REMEMBER, ARG_TEXT(name), ARG_TEXT(day), ARG_INT(t->person->id), ARG_INT(t->now_ms));
		standup_touch_board(t, team, day);
	}
	turn_whisper(t, turn_text(t, skipped ? "standup.skipped" : "standup.skip_answered"));
}

static void ask(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	const struct team *team = *rest ? roster_team(t->roster, turn_literal(t, rest)) : standup_next_team(t, NULL);
	if (!team || !team->config->standup.enabled) {
		turn_whisper(t, turn_text(t, "standup.no_team"));
		return;
	}
	if (!turn_is_manager(t, team)) {
		turn_whisper(t, turn_text(t, "standup.managers_only"));
		return;
	}
	const char *day = turn_day(t, NULL, team, t->now_ms);
	g_autofree char *name = g_strdup_printf("standup/prompt/%s/%s", team->config->name, day);
	turn_show(t, team, name, standup_prompt(t, team, NULL, day, turn_team_language(t, team)));
}

static void help(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	(void)rest;
	const struct team *team = standup_next_team(t, NULL);
	gboolean b = team && standup_format_of(team) == STANDUP_FORMAT_B;
	struct message *m = message_new();
	message_say(m, turn_text(t, "standup.help"));
	message_say(m, turn_text(t, b ? "standup.how_b" : "standup.how_a"));
	turn_private(t, m);
}

/* ---- the word itself ---- */

static const struct command subs[];

static void give(struct turn *t, const struct event *event, const char *rest)
{
	if (*rest) {
		const char *near = command_nearest_of(subs, rest);
		if (near)
			turn_whisper(t, turn_text(t, "core.unknown_near", TEXT_ARG("word", near)));
		else
			standup_given(t, event, rest);
		return;
	}
	const struct team *team = standup_next_team(t, NULL);
	if (!team)
		turn_whisper(t, turn_text(t, "standup.no_team"));
	else if (event->place.token)
		standup_open_form(t, team);
	else
		turn_private(t, standup_prompt(t, team, t->person, turn_day(t, t->person, team, t->now_ms), turn_language(t)));
}

static const struct command subs[] = {
	{ .words = (const char *const[]){ "show", "board", "看板", "查看", "看", NULL },
		.help = "standup.help_show",
		.only_tells = TRUE,
		.run = show },
	{ .words = (const char *const[]){ "skip", "跳过", "略过", NULL }, .help = "standup.help_skip", .run = skip },
	{ .words = (const char *const[]){ "ask", "开始", "发起", NULL }, .help = "standup.help_ask", .run = ask },
	{ .words = (const char *const[]){ "feedback", "回应", "反馈", NULL },
		.help = "standup.help_feedback",
		.only_tells = TRUE,
		.run = standup_tell_feedback },
	{ .words = (const char *const[]){ "help", "帮助", "怎么写", NULL },
		.help = "standup.help_help",
		.only_tells = TRUE,
		.run = help },
	{ 0 },
};

static const struct command commands[] = {
	{ .words = (const char *const[]){ "standup", "站会", "晨会", "日报", "日常同步", NULL },
		.help = "standup.help_standup",
		.takes_text = TRUE,
		.run = give,
		.subs = subs },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_SAID, .when = standup_is_for_us, .run = standup_said },
	{ .kind = EVENT_EDITED, .run = standup_edited },
	{ .kind = EVENT_DELETED, .run = standup_deleted },
	{ .kind = EVENT_STANDS, .run = standup_stands },
	{ .kind = EVENT_PRESSED, .word = "open", .run = standup_form_pressed },
	{ .kind = EVENT_SUBMITTED, .word = "form", .run = standup_form_submitted },
	{ .kind = EVENT_FAILED, .word = "form", .run = standup_form_lost },
	{ .kind = EVENT_PRESSED, .word = "escalate", .run = standup_escalate_pressed },
	{ .kind = EVENT_PRESSED, .word = "park", .run = standup_park_pressed },
	{ .kind = EVENT_PRESSED, .word = "drop", .run = standup_drop_pressed },
	{ .kind = EVENT_SUBMITTED, .word = "until", .run = standup_until_submitted },
	{ .kind = EVENT_REACTED, .when = standup_is_reaction, .run = standup_reacted },
	{ .kind = EVENT_UNREACTED, .when = standup_is_reaction, .run = standup_reacted },
	{ .kind = EVENT_PRESSED, .word = "reply", .run = standup_reply_pressed },
	{ .kind = EVENT_PRESSED, .word = "nudge", .run = standup_nudge_pressed },
	{ .kind = EVENT_SUBMITTED, .word = "words", .run = standup_reply_submitted },
	{ .kind = EVENT_PRESSED, .word = "one", .run = one_pressed },
	{ .kind = EVENT_DUE, .word = "evening", .run = standup_evening_due },
	{ .kind = EVENT_DUE, .word = RESPONSE_JOB, .run = standup_promise_due },
	{ .kind = EVENT_DUE, .word = ROUND_BOARD, .run = standup_board_due },
	{ .kind = EVENT_DUE, .word = ROUND_ASK, .run = standup_ask_due },
	{ .kind = EVENT_DUE, .word = ROUND_REMIND, .run = standup_remind_due },
	{ .kind = EVENT_DUE, .word = ROUND_CLOSE, .run = standup_close_due },
	{ .kind = EVENT_PEOPLE, .run = standup_people_changed },
	{ .kind = EVENT_LEFT, .run = standup_people_changed },
	{ 0 },
};

static const struct topic topics[] = {
	{ "standup", "standup.topic", (const char *const[]){ "晨会", "日报", NULL } },
	{ "feedback", "standup.feedback_topic", (const char *const[]){ "反馈", NULL } },
	{ 0 },
};

const struct ritual ritual_standup = {
	.name = "standup",
	.title = "standup.help_title",
	.triggers = triggers,
	.commands = commands,
	.topics = topics,
	.sql = &SQL_STANDUP,
	.texts = &texts_standup,
	.promises = &standup_promises,
	.start = standup_plan,
	.rings = standup_rings,
	.look = standup_look,
};
