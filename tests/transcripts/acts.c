/* SPDX-License-Identifier: MIT */
/* What people do. */
#include "base/zone.h"
#include "play.h"

cJSON *acts_new(const char *what, const char *who)
{
	cJSON *object = cJSON_CreateObject();
	json_put_text(object, "do", what);
	json_put_text(object, "as", who);
	return object;
}

/* It must succeed; what it sets off is still under way. */
static cJSON *begin(struct play *p, cJSON *take)
{
	g_autoptr(cJSON) request = take;
	cJSON *answer = sandbox_act(p->sandbox, request);
	if (!json_bool_or(answer, "ok", FALSE))
		play_fail(p, "the chat says: %s", json_text_or(answer, "error", "no"));
	return answer;
}

cJSON *acts_do(struct play *p, cJSON *take)
{
	cJSON *answer = begin(p, take);
	house_settle(p);
	return answer;
}

char *acts_find_id(struct play *p, const char *list, const char *name)
{
	g_autoptr(cJSON) state = sandbox_state(p->sandbox);
	const cJSON *item;
	cJSON_ArrayForEach(item, json_array(state, list))
	{
		if (strcmp(json_text_or(item, "name", ""), name) == 0)
			return g_strdup(json_text_or(item, "id", ""));
	}
	play_fail(p, "there is no '%s'", name);
}

/* ---- labels ---- */

void acts_place(struct play *p, const char *label, char **channel, char **ts)
{
	const char *place = g_hash_table_lookup(p->labels, label);
	if (!place)
		play_fail(p, "nothing is called '%s'", label);
	const char *blank = strchr(place, ' ');
	*channel = g_strndup(place, (gsize)(blank - place));
	*ts = g_strdup(blank + 1);
}

void acts_name(struct play *p, const char *label, const char *channel, const char *ts)
{
	if (label)
		g_hash_table_insert(p->labels, g_strdup(label), g_strdup_printf("%s %s", channel, ts));
}

char *acts_take_label(char *head)
{
	char *as = g_strrstr(head, " as ");
	if (!as || strchr(as + 4, ' '))
		return NULL;
	*as = '\0';
	return as + 4;
}

/* ---- talk ---- */

void acts_say(struct play *p, const char *who, const char *channel, const char *thread, const char *text, const char *label)
{
	cJSON *request = acts_new("say", who);
	json_put_text(request, "channel", channel);
	json_put_text(request, "thread_ts", thread);
	json_put_text(request, "text", text);
	g_autoptr(cJSON) answer = acts_do(p, request);
	acts_name(p, label, channel, json_text_or(answer, "ts", ""));
}

static void say_in_thread(struct play *p, const char *who, const char *thread, const char *label)
{
	g_autofree char *channel = NULL, *ts = NULL;
	acts_place(p, thread, &channel, &ts);
	acts_say(p, who, channel, ts, p->step->text->str, label);
}

static void say_in_channel(struct play *p, const char *who, const char *name, const char *label)
{
	g_autofree char *channel = acts_find_id(p, "channels", name);
	acts_say(p, who, channel, NULL, p->step->text->str, label);
}

static void say_to_bot(struct play *p, const char *who, const char *rest, const char *label)
{
	(void)rest;
	g_autoptr(cJSON) answer = acts_do(p, acts_new("open_dm", who));
	acts_say(p, who, json_text_or(answer, "channel", ""), NULL, p->step->text->str, label);
}

static void move(struct play *p, const char *what, const char *who, const char *name)
{
	g_autofree char *channel = acts_find_id(p, "channels", name);
	cJSON *request = acts_new(what, who);
	json_put_text(request, "channel", channel);
	cJSON_Delete(acts_do(p, request));
}

static void join(struct play *p, const char *who, const char *name, const char *label)
{
	(void)label;
	move(p, "join", who, name);
}

static void leave(struct play *p, const char *who, const char *name, const char *label)
{
	(void)label;
	move(p, "leave", who, name);
}

/* Somebody new, who is in no channel yet. */
static void hire(struct play *p, const char *name)
{
	cJSON *request = acts_new("add_member", NULL);
	json_put_text(request, "name", name);
	json_put_text(request, "real_name", p->step->text->str);
	json_put_text(request, "display_name", p->step->text->str);
	json_put_text(request, "zone", g_hash_table_lookup(p->options, "zone"));
	json_put_text(request, "locale", g_hash_table_lookup(p->options, "language"));
	cJSON_Delete(acts_do(p, request));
}

/* An act on the message of that label. */
static cJSON *new_act_on(struct play *p, const char *what, const char *who, const char *label)
{
	g_autofree char *channel = NULL, *ts = NULL;
	acts_place(p, label, &channel, &ts);
	cJSON *request = acts_new(what, who);
	json_put_text(request, "channel", channel);
	json_put_text(request, "ts", ts);
	return request;
}

static void edit(struct play *p, const char *who, const char *target, const char *label)
{
	(void)label;
	cJSON *request = new_act_on(p, "edit", who, target);
	json_put_text(request, "text", p->step->text->str);
	cJSON_Delete(acts_do(p, request));
}

static void delete(struct play *p, const char *who, const char *target, const char *label)
{
	(void)label;
	cJSON_Delete(acts_do(p, new_act_on(p, "delete", who, target)));
}

/* "FILE in #CHANNEL": a picture of one dot, whatever its name says it is. */
static void show(struct play *p, const char *who, const char *rest, const char *label)
{
	static const char dot[] = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
	g_auto(GStrv) parts = g_strsplit(rest, " in #", 2);
	if (g_strv_length(parts) != 2)
		play_fail(p, "write: NAME shows FILE in #CHANNEL: WORDS");
	g_autofree char *channel = acts_find_id(p, "channels", parts[1]);
	cJSON *request = acts_new("upload", who);
	json_put_text(request, "channel", channel);
	json_put_text(request, "name", parts[0]);
	json_put_text(request, "base64", dot);
	json_put_text(request, "text", p->step->text->str);
	g_autoptr(cJSON) answer = acts_do(p, request);
	acts_name(p, label, channel, json_text_or(answer, "ts", ""));
}

/* "EMOJI to LABEL", "EMOJI off LABEL" */
static void react_as(struct play *p, const char *who, const char *rest, const char *between, gboolean on)
{
	g_auto(GStrv) parts = g_strsplit(rest, between, 2);
	if (g_strv_length(parts) != 2)
		play_fail(p, "write: NAME reacts EMOJI to LABEL, NAME takes EMOJI off LABEL");
	cJSON *request = new_act_on(p, "react", who, parts[1]);
	json_put_text(request, "name", parts[0]);
	json_put_bool(request, "on", on);
	cJSON_Delete(acts_do(p, request));
}

static void react(struct play *p, const char *who, const char *rest, const char *label)
{
	(void)label;
	react_as(p, who, rest, " to ", TRUE);
}

static void unreact(struct play *p, const char *who, const char *rest, const char *label)
{
	(void)label;
	react_as(p, who, rest, " off ", FALSE);
}

static void invite_bot(struct play *p, const char *who, const char *name, const char *label)
{
	(void)label;
	g_autofree char *channel = acts_find_id(p, "channels", name), *bot = acts_find_id(p, "members", "belltower");
	cJSON *request = acts_new("invite", who);
	json_put_text(request, "channel", channel);
	json_put_text(request, "user", bot);
	cJSON_Delete(acts_do(p, request));
}

/* ---- the app ---- */

/* rest: BUTTON" on LABEL */
static cJSON *new_press(struct play *p, const char *who, const char *rest)
{
	g_auto(GStrv) parts = g_strsplit(rest, "\"", 2);
	if (g_strv_length(parts) != 2 || !g_str_has_prefix(parts[1], " on "))
		play_fail(p, "write: NAME presses \"BUTTON\" on LABEL");
	cJSON *request = new_act_on(p, "press", who, parts[1] + 4);
	const cJSON *message = g_hash_table_lookup(p->cards, g_hash_table_lookup(p->labels, parts[1] + 4));
	if (!message || !p->manner->press(message, parts[0], request))
		play_fail(p, "there is no button '%s'", parts[0]);
	return request;
}

static void press(struct play *p, const char *who, const char *rest, const char *label)
{
	(void)label;
	cJSON_Delete(acts_do(p, new_press(p, who, rest)));
}

/* rest: NAME press "BUTTON" on LABEL. Both press before the bot has heard of either. */
static void press_at_once(struct play *p, const char *who, const char *rest, const char *label)
{
	(void)label;
	g_auto(GStrv) parts = g_strsplit(rest, " press \"", 2);
	if (g_strv_length(parts) != 2)
		play_fail(p, "write: NAME and NAME press \"BUTTON\" on LABEL");
	g_autofree char *other = acts_find_id(p, "members", parts[0]);
	cJSON_Delete(begin(p, new_press(p, who, parts[1])));
	cJSON_Delete(acts_do(p, new_press(p, other, parts[1])));
}

static void fill(struct play *p, const char *who, const char *field, const char *label)
{
	(void)who;
	(void)label;
	if (!p->form || !p->manner->has_field(p->form, field))
		play_fail(p, "no form with a field '%s' is open", field);
	cJSON_DeleteItemFromObject(p->filled, field);
	json_put_text(p->filled, field, p->step->text->str);
}

static void submit(struct play *p, const char *who, const char *rest, const char *label)
{
	(void)rest;
	(void)label;
	if (!p->form)
		play_fail(p, "no form is open");
	cJSON *request = acts_new("submit", who);
	p->manner->submit(p->form, p->filled, request);
	cJSON_Delete(acts_do(p, request));
}

static void run(struct play *p, const char *who, const char *rest, const char *label)
{
	(void)rest;
	p->manner->run(p, who, p->step->text->str, label);
}

static void open_home(struct play *p, const char *who, const char *rest, const char *label)
{
	(void)rest;
	(void)label;
	cJSON_Delete(acts_do(p, acts_new(p->manner->open_home, who)));
}

/* ":palm_tree: Vacation until 2026-03-10", or "" for none: until the end of that day, in the team's zone. */
static void set_status(struct play *p, const char *who, const char *rest, const char *label)
{
	g_autofree char *text = g_strdup(p->step->text->str);
	char *until = strstr(text, " until "), *blank;
	cJSON *request = acts_new("status", NULL);
	int64_t end_ms;
	(void)rest;
	(void)label;
	json_put_text(request, "user", who);
	if (until && zone_instant(zone_find(g_hash_table_lookup(p->options, "zone")), until + strlen(" until "), 24 * 60, &end_ms))
		json_put_int(request, "until", end_ms / 1000 - 1);
	if (until)
		*until = '\0';
	blank = strchr(text, ' ');
	json_put_text(request, "text", blank ? blank + 1 : "");
	if (blank)
		*blank = '\0';
	json_put_text(request, "emoji", text);
	cJSON_Delete(acts_do(p, request));
}

static void move_to(struct play *p, const char *who, const char *rest, const char *label)
{
	cJSON *request = acts_new("zone", NULL);
	(void)label;
	json_put_text(request, "user", who);
	json_put_text(request, "zone", rest);
	cJSON_Delete(acts_do(p, request));
}

static void leave_company(struct play *p, const char *who, const char *rest, const char *label)
{
	cJSON *request = acts_new("deactivate", NULL);
	(void)rest;
	(void)label;
	json_put_text(request, "user", who);
	cJSON_Delete(acts_do(p, request));
}

/* ---- who does what ---- */

/* What a person does: how the line goes on after the name. rest: what follows these words; label: of the new message. */
static const struct {
	const char *words;
	void (*act)(struct play *p, const char *who, const char *rest, const char *label);
} manners_of_people[] = {
	{ "in the thread of ", say_in_thread }, { "in #", say_in_channel }, { "to belltower", say_to_bot }, { "edits ", edit },
	{ "deletes ", delete }, { "shows ", show }, { "invites belltower to #", invite_bot }, { "reacts ", react }, { "takes ", unreact }, { "presses \"", press }, { "and ", press_at_once }, { "fills in ", fill }, { "sends the form", submit }, { "runs", run },
	{ "opens home", open_home }, { "joins #", join }, { "leaves #", leave }, { "has the status", set_status },
	{ "moves to ", move_to },
	{ "leaves the company", leave_company },
};

static void person_acts(struct play *p, const char *name, char *line)
{
	g_autofree char *who = acts_find_id(p, "members", name);
	const char *label = acts_take_label(line);
	for (gsize i = 0; i < G_N_ELEMENTS(manners_of_people); i++) {
		if (!g_str_has_prefix(line, manners_of_people[i].words))
			continue;
		manners_of_people[i].act(p, who, line + strlen(manners_of_people[i].words), label);
		return;
	}
	play_fail(p, "I do not know how %s '%s'", name, line);
}

/* ---- time ---- */

static void set_clock(struct play *p, const char *when)
{
	g_auto(GStrv) parts = g_strsplit_set(when, " :", 3);
	int64_t at_ms;
	const char *zone = g_hash_table_lookup(p->options, "zone");
	if (g_strv_length(parts) != 3 ||
		!zone_instant(zone_find(zone), parts[0],
			(int)g_ascii_strtoll(parts[1], NULL, 10) * 60 + (int)g_ascii_strtoll(parts[2], NULL, 10), &at_ms))
		play_fail(p, "write: at YYYY-MM-DD HH:MM");
	house_set_clock(p, at_ms);
}

static void wait_words(struct play *p, const char *words)
{
	char *unit;
	int64_t n = g_ascii_strtoll(words, &unit, 10);
	unit += strspn(unit, " ");
	int64_t ms = strcmp(unit, "s") == 0 ? SECONDS(n) : strcmp(unit, "min") == 0 ? MINUTES(n) : strcmp(unit, "h") == 0 ? HOURS(n) : 0;
	if (ms <= 0)
		play_fail(p, "write: wait 2 s, wait 15 min, wait 3 h");
	house_wait(p, ms);
}

void acts_play(struct play *p, char *head)
{
	char *blank = strchr(head, ' ');
	if (g_str_has_prefix(head, "at ")) {
		set_clock(p, head + 3);
	} else if (g_str_has_prefix(head, "wait ")) {
		wait_words(p, head + 5);
	} else if (strcmp(head, "the operator imports") == 0) {
		house_import(p, p->step->text->str);
	} else if (strcmp(head, "the crm pushes") == 0) {
		crm_push(p, "deals", p->step->text->str);
	} else if (strcmp(head, "the mailbox sends") == 0) {
		crm_push(p, "enquiries", p->step->text->str);
	} else if (g_str_has_prefix(head, "the company hires ")) {
		hire(p, head + strlen("the company hires "));
	} else if (blank) {
		*blank = '\0';
		person_acts(p, head, blank + 1);
	} else {
		play_fail(p, "who does what?");
	}
}
