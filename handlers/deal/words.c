/* SPDX-License-Identifier: MIT */
/* The command's words: a verb, the deal's number, and what it needs, in either order: "deal #17 won", "商机 推进 #17 成单". */
#include "deal/deal.h"

#include "team/day_words.h"

enum { MOST_LISTED = 30 };

/* ---- taking words off the front ---- */

/* "#17", or "17" as a word of its own; NULL: no number stands here. */
static const char *take_number(struct turn *t, const char **rest)
{
	const char *at = *rest + (**rest == '#');
	size_t digits = strspn(at, "0123456789");
	if (digits == 0 || digits > 18 || (at[digits] && at[digits] != ' ' && (at == *rest || g_ascii_isalnum(at[digits]))))
		return NULL;
	*rest = at + digits + strspn(at + digits, " ");
	return turn_keep(t, g_strndup(at, digits));
}

/* Chinese needs no blank behind a word. */
static gboolean take_word(const char **rest, const char *word)
{
	size_t length = strlen(word);
	if (g_ascii_strncasecmp(*rest, word, length) != 0)
		return FALSE;
	const char *behind = *rest + length;
	if (*behind && g_ascii_isalpha(behind[-1]) && *behind != ' ')
		return FALSE;
	*rest = behind + strspn(behind, " ");
	return TRUE;
}

static gboolean take_any(const char **rest, const char *const *words)
{
	for (; *words; words++)
		if (take_word(rest, *words))
			return TRUE;
	return FALSE;
}

/* ---- what can be said of one deal ---- */

static void say_show(struct turn *t, const struct deal *deal, const char *rest)
{
	(void)rest;
	turn_private(t, deal_card(t, deal, turn_language(t)));
}

static void say_move(struct turn *t, const struct deal *deal, const char *rest)
{
	const struct config_stage *stage = config_stage(roster_config(t->roster), turn_literal(t, rest));
	GString *names = g_string_new(NULL);
	for (struct config_stage **s = roster_config(t->roster)->deals.stages; !stage && *s; s++)
		g_string_append_printf(names, "%s%s", names->len ? " / " : "", config_stage_title(*s, turn_language(t)));
	const char *all = turn_keep(t, g_string_free(names, FALSE));
	if (stage)
		deal_move(t, deal, stage);
	else
		turn_whisper(t, turn_text(t, "deal.which_stage", TEXT_ARG("stages", all), TEXT_ARG("number", deal->id)));
}

static void say_give(struct turn *t, const struct deal *deal, const char *rest)
{
	const char *before = rest;
	const struct person *owner = turn_next_person(t, &rest);
	if (rest == before)
		turn_whisper(t, turn_text(t, "deal.give_how", TEXT_ARG("number", deal->id)));
	else
		deal_give(t, deal, owner);
}

static void say_amount(struct turn *t, const struct deal *deal, const char *rest)
{
	struct money amount;
	if (money_parse(turn_literal(t, rest), deal->amount.currency, &amount))
		deal_set_amount(t, deal, &amount);
	else
		turn_whisper(t, turn_text(t, "deal.amount_how", TEXT_ARG("number", deal->id)));
}

static gboolean is_none(const char *word)
{
	return strcmp(word, "-") == 0 || strcmp(word, "无") == 0 || g_ascii_strcasecmp(word, "none") == 0;
}

static void say_next(struct turn *t, const struct deal *deal, const char *rest)
{
	char day[ZONE_DAY_SIZE];
	const char *word = turn_next_word(t, &rest);
	const char *words = turn_readable(t, NULL, rest);
	if (is_none(word))
		deal_set_step(t, deal, NULL, "");
	else if (day_words_read(word, turn_day(t, t->person, deal_team(t, deal), t->now_ms), DAY_WORDS_AHEAD, day) &&
		 g_utf8_strlen(words, -1) <= DEAL_STEP_LIMIT)
		deal_set_step(t, deal, day, words);
	else
		turn_whisper(t, turn_text(t, "deal.next_how", TEXT_ARG("number", deal->id)));
}

static void say_plan(struct turn *t, const struct deal *deal, const char *rest)
{
	(void)rest;
	deal_offer_plan(t, deal);
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })
static const struct verb {
	const char *const *words;
	gboolean looks; /* whoever sees the deal may; else only who may change it */
	void (*run)(struct turn *t, const struct deal *deal, const char *rest);
} verbs[] = {
	{ WORDS("show", "查看"), TRUE, say_show },
	{ WORDS("move", "推进", "转到"), FALSE, say_move },
	{ WORDS("next", "下一步"), FALSE, say_next },
	{ WORDS("give", "转给"), FALSE, say_give },
	{ WORDS("amount", "金额"), FALSE, say_amount },
	{ WORDS("plan", "方案"), FALSE, say_plan },
};

static const struct verb *take_verb(const char **rest)
{
	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
		if (take_any(rest, verbs[i].words))
			return &verbs[i];
	return NULL;
}

static void run_verb(struct turn *t, const struct verb *verb, const char *key, const char *rest)
{
	g_autoptr(deal_auto) deal = verb->looks ? deal_shown(t, key) : deal_held(t, key);
	if (deal)
		verb->run(t, deal, rest);
}

/* ---- lists ---- */

/* Which deals are meant; FALSE: the words say nothing that is known. */
static gboolean read_filter(struct turn *t, const char *rest, struct deal_filter *filter)
{
	const struct config *config = roster_config(t->roster);
	const char *words = turn_literal(t, rest);
	*filter = (struct deal_filter){ .team = t->team->config->name };
	if (take_any(&words, WORDS("mine", "我的")))
		filter->owner = t->person->id;
	else if (take_any(&words, WORDS("stalled", "停滞", "卡住")))
		*filter = (struct deal_filter){ .team = filter->team, .stalled_ms = t->now_ms, .config = config };
	else if (*words == '@' || g_str_has_prefix(rest, "<@"))
		filter->owner = turn_next_person(t, &rest)->id;
	else if (*words && config_stage(config, words))
		*filter = (struct deal_filter){ .team = filter->team, .stage = config_stage(config, words)->name, .closed_from_ms = 1 };
	else
		return !*words || take_any(&words, WORDS("team", "团队"));
	return TRUE;
}

/* Whoever is in the team's channel may ask; those that they may not see are not there for them. */
static GPtrArray *list_seen(struct turn *t, const struct deal_filter *filter)
{
	GError *error = NULL;
	GPtrArray *deals = turn_ok(t) ? deal_list(t->db, filter, &error) : NULL;
	deal_latch(t, error);
	for (guint i = deals ? deals->len : 0; i-- > 0;)
		if (!deal_may_see(t, deals->pdata[i]))
			g_ptr_array_remove_index(deals, i);
	return deals;
}

static void list(struct turn *t, const struct deal_filter *filter)
{
	g_autoptr(GPtrArray) deals = list_seen(t, filter);
	if (!deals || deals->len == 0) {
		turn_whisper(t, turn_text(t, "deal.none"));
		return;
	}
	struct message *m = message_new();
	message_title(m, turn_text(t, filter->stalled_ms ? "deal.list_stalled" : "deal.list", TEXT_ARG("team", filter->team),
				 TEXT_ARG("count", (int)deals->len)));
	for (guint i = 0; i < MIN(deals->len, MOST_LISTED); i++)
		message_item(m, deal_row(t, deals->pdata[i], turn_language(t)));
	if (deals->len > MOST_LISTED)
		message_context(m, turn_text(t, "deal.more", TEXT_ARG("count", (int)deals->len - MOST_LISTED)));
	turn_private(t, m);
}

void deal_list_command(struct turn *t, const struct event *event, const char *rest)
{
	struct deal_filter filter;
	(void)event;
	if (!t->team)
		turn_whisper(t, turn_text(t, "deal.no_team"));
	else if (read_filter(t, rest, &filter))
		list(t, &filter);
	else
		turn_whisper(t, turn_text(t, "deal.list_how"));
}

/* ---- a new one ---- */

/* Who is to own it; NULL, and said so: nobody of the team. */
static const struct person *owner_of(struct turn *t, const char *words)
{
	const struct person *owner = words ? roster_find(t->roster, t->event->place.workspace, words) : t->person;
	if (owner && (roster_is_member(t->team, owner) || roster_is_manager(t->team, owner)))
		return owner;
	turn_whisper(t, turn_text(t, "deal.not_in_team", TEXT_ARG("name", owner ? owner->name : turn_readable(t, NULL, words)),
				TEXT_ARG("team", t->team->config->name)));
	return NULL;
}

static void open_line(struct turn *t, const struct deal_line *line)
{
	const struct person *owner = owner_of(t, line->owner);
	if (owner)
		deal_open(t, &(struct deal_news){ .team = t->team->config->name,
				     .customer = turn_literal(t, turn_readable(t, NULL, line->customer)),
				     .amount = line->has_amount ? &line->amount : NULL,
				     .owner = owner->id,
				     .stage = line->stage ? line->stage->name : NULL });
}

static void say_new(struct turn *t, const char *rest)
{
	struct deal_line line;
	if (!t->team)
		turn_whisper(t, turn_text(t, "deal.no_team"));
	else if (!*rest)
		deal_new_form(t);
	else if (!deal_line_read(roster_config(t->roster), rest, &line))
		turn_whisper(t, turn_text(t, "deal.new_how"));
	else {
		open_line(t, &line);
		deal_line_release(&line);
	}
}

/* ---- the command ---- */

static void say_how(struct turn *t)
{
	static const char *const lines[] = { "deal.how_new", "deal.how_move", "deal.how_next", "deal.how_give", "deal.how_amount",
		"deal.how_plan", "deal.how_list" };
	struct message *m = message_new();
	message_title(m, turn_text(t, "deal.how"));
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
		message_item(m, turn_text(t, lines[i]));
	message_button(m, "deal.new", "", turn_text(t, "deal.button_new"), MESSAGE_PRIMARY);
	turn_private(t, m);
}

void deal_command(struct turn *t, const struct event *event, const char *rest)
{
	if (take_any(&rest, WORDS("new", "add", "新增", "新建"))) {
		say_new(t, rest);
		return;
	}
	if (take_any(&rest, WORDS("list", "列表"))) {
		deal_list_command(t, event, rest);
		return;
	}
	const char *key = take_number(t, &rest);
	const struct verb *verb = take_verb(&rest);
	if (!key)
		key = take_number(t, &rest);
	if (!key)
		say_how(t);
	else if (verb)
		run_verb(t, verb, key, rest);
	else
		run_verb(t, *rest ? &verbs[1] : &verbs[0], key, rest);
}
