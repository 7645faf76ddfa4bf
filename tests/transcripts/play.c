/* SPDX-License-Identifier: MIT */
/* play FILE.chat: acts a transcript out against the real bot. See README.md. Exit 0: it went as written. */
#include <glib/gstdio.h>

#include "app.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/zone.h"
#include "sandbox/sandbox.h"

enum { PUMP_LIMIT_MS = 20000 };

/* One thing the bot did, as people see it. */
struct deed {
	char *what;    /* "react", "post", "change", "form", "form says", "form closed", "home" */
	char *where;   /* channel id; of a form or home: the person's id */
	char *thread;  /* ts of the thread's first message, or NULL */
	char *only_to; /* the one person who sees it, or NULL */
	char *ts;
	char *text; /* plain */
};

struct step {
	int number;
	char *head;   /* without the text after the colon */
	GString *text; /* lines of an act joined by LF; of an expectation the first of the needles */
	gboolean expects;
};

struct play {
	const char *file;
	GPtrArray *steps;  /* struct step */
	GHashTable *options;
	struct clock *clock;
	struct lws_loop *lws;
	struct sandbox *sandbox;
	struct app *app;
	char *folder;
	GQueue deeds;	      /* struct deed, not expected yet */
	GHashTable *shown;    /* "channel ts" → text of the bot's message */
	GHashTable *reacted;  /* "channel ts name": the bot's reactions */
	GHashTable *labels;   /* LABEL → "channel ts" */
	GHashTable *blocks;   /* "channel ts" → blocks of the bot's message, cJSON */
	cJSON *view;	      /* the open form, or NULL */
	cJSON *filled;	      /* values for it */
	const struct step *step;
};

static void G_GNUC_NORETURN G_GNUC_PRINTF(2, 3) fail(const struct play *p, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	fprintf(stderr, "%s:%d: %s\n", p->file, p->step ? p->step->number : 0, text);
	exit(1);
}

/* ---- reading ---- */

static void add_step(struct play *p, int number, const char *line)
{
	struct step *step = g_new0(struct step, 1);
	const char *colon = strstr(line, ": ");
	gboolean ends = g_str_has_suffix(line, ":");
	step->number = number;
	step->expects = line[0] == '>';
	if (step->expects)
		line = line + 1 + strspn(line + 1, " ");
	gsize length = colon ? (gsize)(colon - line) : strlen(line) - (ends ? 1 : 0);
	step->head = g_strndup(line, length);
	step->text = g_string_new(colon ? colon + 2 : "");
	g_ptr_array_add(p->steps, step);
}

static void read_line(struct play *p, int number, const char *line)
{
	if (!*line || line[0] == '#')
		return;
	if (strncmp(line, "    ", 4) == 0 && p->steps->len) {
		struct step *last = p->steps->pdata[p->steps->len - 1];
		if (last->text->len)
			g_string_append_c(last->text, '\n');
		g_string_append(last->text, line + 4);
		return;
	}
	add_step(p, number, line);
}

static void read_file(struct play *p)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	if (!g_file_get_contents(p->file, &text, NULL, &error))
		fail(p, "%s", error->message);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (int i = 0; lines[i]; i++)
		read_line(p, i + 1, g_strchomp(lines[i]));
}

/* ---- what the bot does, as plain text ---- */

/* mrkdwn as it is read: entities, marks and zero-width spaces gone. */
static void append_plain(GString *out, const char *text)
{
	for (const char *c = text; *c; c = g_utf8_next_char(c)) {
		if (g_utf8_get_char(c) == 0x200b || ((*c == '*' || *c == '_') && g_utf8_get_char(g_utf8_next_char(c)) != 0x200b))
			continue;
		if (g_str_has_prefix(c, "&lt;") || g_str_has_prefix(c, "&gt;")) {
			g_string_append_c(out, c[1] == 'l' ? '<' : '>');
			c += 3;
		} else if (g_str_has_prefix(c, "&amp;")) {
			g_string_append_c(out, '&');
			c += 4;
		} else {
			g_string_append_len(out, c, g_utf8_next_char(c) - c);
		}
	}
}

static void append_block(GString *out, const cJSON *node)
{
	const cJSON *child;
	const char *text = json_text_or(node, "text", NULL);
	if (cJSON_IsObject(node) && text) {
		append_plain(out, text);
		g_string_append_c(out, '\n');
	}
	const char *value = json_text_or(node, "initial_value", NULL);
	if (value)
		g_string_append_printf(out, "%s\n", value);
	cJSON_ArrayForEach(child, node)
	{
		if (cJSON_IsObject(child) || cJSON_IsArray(child))
			append_block(out, child);
	}
}

static char *plain_text(const cJSON *message)
{
	GString *out = g_string_new(NULL);
	const cJSON *blocks = json_array(message, "blocks");
	if (cJSON_GetArraySize(blocks) > 0)
		append_block(out, blocks);
	else
		append_plain(out, json_text_or(message, "text", ""));
	return g_string_free(out, FALSE);
}

static void add_deed(struct play *p, const char *what, const char *where, const cJSON *message, char *take_text)
{
	struct deed *deed = g_new0(struct deed, 1);
	const char *ts = json_text_or(message, "ts", NULL), *thread = json_text_or(message, "thread_ts", NULL);
	deed->what = g_strdup(what);
	deed->where = g_strdup(where);
	deed->ts = g_strdup(ts);
	deed->thread = g_strcmp0(ts, thread) ? g_strdup(thread) : NULL;
	deed->only_to = g_strdup(json_text_or(message, "ephemeral_to", NULL));
	deed->text = take_text;
	g_queue_push_tail(&p->deeds, deed);
}

static void deed_free(struct deed *deed)
{
	g_free(deed->what);
	g_free(deed->where);
	g_free(deed->thread);
	g_free(deed->only_to);
	g_free(deed->ts);
	g_free(deed->text);
	g_free(deed);
}

static void see_reactions(struct play *p, const char *channel, const char *key, const cJSON *message)
{
	const cJSON *reaction, *user;
	cJSON_ArrayForEach(reaction, json_array(message, "reactions"))
	{
		const char *name = json_text_or(reaction, "name", "");
		cJSON_ArrayForEach(user, json_array(reaction, "users"))
		{
			char *mark = g_strdup_printf("%s %s", key, name);
			if (strcmp(user->valuestring, "UBELLTOWER") == 0 && g_hash_table_add(p->reacted, mark))
				add_deed(p, "react", channel, message, g_strdup(name));
		}
	}
}

static void see_message(struct play *p, const cJSON *delta)
{
	const char *channel = json_text_or(delta, "channel", "");
	const cJSON *message = json_object(delta, "message");
	g_autofree char *key = g_strdup_printf("%s %s", channel, json_text_or(message, "ts", ""));
	see_reactions(p, channel, key, message);
	if (!json_bool_or(message, "bot", FALSE))
		return;
	g_autofree char *text = plain_text(message);
	const char *before = g_hash_table_lookup(p->shown, key);
	if (g_strcmp0(before, text) == 0)
		return;
	add_deed(p, before ? "change" : "post", channel, message, g_strdup(text));
	const cJSON *blocks = json_array(message, "blocks");
	g_hash_table_insert(p->blocks, g_strdup(key), blocks ? cJSON_Duplicate(blocks, TRUE) : cJSON_CreateArray());
	g_hash_table_insert(p->shown, g_steal_pointer(&key), g_steal_pointer(&text));
}

static void see_view(struct play *p, const cJSON *delta)
{
	const cJSON *view = json_object(delta, "view");
	const char *user = json_text_or(delta, "user", "");
	cJSON_Delete(p->view);
	p->view = view ? cJSON_Duplicate(view, TRUE) : NULL;
	g_clear_pointer(&p->filled, cJSON_Delete);
	p->filled = cJSON_CreateObject();
	g_autofree char *text = view ? plain_text(view) : g_strdup("");
	add_deed(p, view ? "form" : "form closed", user, NULL,
		g_strdup_printf("%s\n%s", json_text_or(view, "title.text", ""), text));
}

static void see(const cJSON *delta, gpointer data)
{
	struct play *p = data;
	const char *type = json_text_or(delta, "type", "");
	if (strcmp(type, "message") == 0)
		see_message(p, delta);
	else if (strcmp(type, "view") == 0)
		see_view(p, delta);
	else if (strcmp(type, "view_errors") == 0)
		add_deed(p, "form says", json_text_or(delta, "user", ""), NULL, json_print(json_object(delta, "errors")));
	else if (strcmp(type, "home") == 0)
		add_deed(p, "home", json_text_or(delta, "user", ""), NULL, plain_text(json_object(delta, "view")));
}

/* ---- time ---- */

static gboolean is_settled(struct play *p)
{
	return app_is_live(p->app) && sandbox_is_quiet(p->sandbox) && app_is_idle(p->app);
}

static gboolean too_long(gpointer data)
{
	fail(data, "the bot does not come to rest");
}

/* Runs the loop until nothing is under way, twice over: the last answer may just be on the wire. */
static void settle(struct play *p)
{
	guint limit = g_timeout_add(PUMP_LIMIT_MS, too_long, p);
	for (int calm = 0; calm < 20;) {
		gboolean moved = g_main_context_iteration(NULL, FALSE);
		calm = !moved && is_settled(p) ? calm + 1 : 0;
		if (!moved)
			g_usleep(is_settled(p) ? 100 : 200);
	}
	g_source_remove(limit);
}

static void wait_for(struct play *p, int64_t ms)
{
	/* Connections measure seconds, people days: a long wait moves the wall clock, and the other one a little. */
	if (ms > SECONDS(10))
		clock_set(p->clock, clock_now_ms(p->clock) + ms - SECONDS(10));
	clock_advance(p->clock, MIN(ms, SECONDS(10)));
	settle(p);
}

/* ---- acts ---- */

static cJSON *act(struct play *p, cJSON *take)
{
	g_autoptr(cJSON) request = take;
	cJSON *answer = sandbox_act(p->sandbox, request);
	if (!json_bool_or(answer, "ok", FALSE))
		fail(p, "the chat says: %s", json_text_or(answer, "error", "no"));
	settle(p);
	return answer;
}

static cJSON *new_act(const char *what, const char *who)
{
	cJSON *object = cJSON_CreateObject();
	json_put_text(object, "do", what);
	json_put_text(object, "as", who);
	return object;
}

/* A channel's or person's id by its name. */
static char *find_id(struct play *p, const char *list, const char *name)
{
	g_autoptr(cJSON) state = sandbox_state(p->sandbox);
	const cJSON *item;
	cJSON_ArrayForEach(item, json_array(state, list))
	{
		if (strcmp(json_text_or(item, "name", ""), name) == 0)
			return g_strdup(json_text_or(item, "id", ""));
	}
	fail(p, "there is no '%s'", name);
}

static void split_place(struct play *p, const char *label, char **channel, char **ts)
{
	const char *place = g_hash_table_lookup(p->labels, label);
	if (!place)
		fail(p, "nothing is called '%s'", label);
	const char *blank = strchr(place, ' ');
	*channel = g_strndup(place, (gsize)(blank - place));
	*ts = g_strdup(blank + 1);
}

/* Takes " as LABEL" off the end of a head; NULL: there is none. */
static char *take_label(char *head)
{
	char *as = g_strrstr(head, " as ");
	if (!as || strchr(as + 4, ' '))
		return NULL;
	*as = '\0';
	return as + 4;
}

static void name_place(struct play *p, const char *label, const char *channel, const char *ts)
{
	if (label)
		g_hash_table_insert(p->labels, g_strdup(label), g_strdup_printf("%s %s", channel, ts));
}

static void say(struct play *p, const char *who, const char *channel, const char *thread, const char *label)
{
	cJSON *request = new_act("say", who);
	json_put_text(request, "channel", channel);
	json_put_text(request, "thread_ts", thread);
	json_put_text(request, "text", p->step->text->str);
	g_autoptr(cJSON) answer = act(p, request);
	name_place(p, label, channel, json_text_or(answer, "ts", ""));
}

static void act_on(struct play *p, const char *what, const char *who, const char *label)
{
	g_autofree char *channel = NULL, *ts = NULL;
	split_place(p, label, &channel, &ts);
	cJSON *request = new_act(what, who);
	json_put_text(request, "channel", channel);
	json_put_text(request, "ts", ts);
	if (strcmp(what, "edit") == 0)
		json_put_text(request, "text", p->step->text->str);
	cJSON_Delete(act(p, request));
}

static const cJSON *find_button(const cJSON *blocks, const char *label, const char **block_id)
{
	const cJSON *block, *element;
	cJSON_ArrayForEach(block, blocks)
	{
		cJSON_ArrayForEach(element, json_array(block, "elements"))
		{
			if (strcmp(json_text_or(element, "text.text", ""), label) == 0) {
				*block_id = json_text_or(block, "block_id", "");
				return element;
			}
		}
	}
	return NULL;
}

static void press(struct play *p, const char *who, const char *rest)
{
	g_auto(GStrv) parts = g_strsplit(rest, "\"", 3); /* "LABEL" on NAME */
	if (g_strv_length(parts) != 3 || !g_str_has_prefix(parts[2], " on "))
		fail(p, "write: NAME presses \"LABEL\" on NAME");
	g_autofree char *channel = NULL, *ts = NULL, *key = NULL;
	split_place(p, parts[2] + 4, &channel, &ts);
	key = g_strdup_printf("%s %s", channel, ts);
	const char *block_id = NULL;
	const cJSON *button = find_button(g_hash_table_lookup(p->blocks, key), parts[1], &block_id);
	if (!button)
		fail(p, "there is no button '%s'", parts[1]);
	cJSON *request = new_act("press", who);
	json_put_text(request, "channel", channel);
	json_put_text(request, "ts", ts);
	json_put_text(request, "block_id", block_id);
	json_put_text(request, "action_id", json_text_or(button, "action_id", ""));
	json_put_text(request, "value", json_text_or(button, "value", NULL));
	cJSON_Delete(act(p, request));
}

static void fill(struct play *p, const char *field)
{
	const cJSON *block;
	cJSON_ArrayForEach(block, json_array(p->view, "blocks"))
	{
		if (strcmp(json_text_or(block, "block_id", ""), field) != 0)
			continue;
		cJSON *value = json_put_object(json_put_object(p->filled, field), json_text_or(block, "element.action_id", ""));
		json_put_text(value, "value", p->step->text->str);
		return;
	}
	fail(p, "the form has no field '%s'", field);
}

static void submit(struct play *p, const char *who)
{
	if (!p->view)
		fail(p, "no form is open");
	cJSON *request = new_act("submit", who);
	json_put_text(request, "view_id", json_text_or(p->view, "id", ""));
	cJSON_AddItemToObject(request, "values", cJSON_Duplicate(p->filled, TRUE));
	cJSON_Delete(act(p, request));
}

static void run_command(struct play *p, const char *who)
{
	const char *text = p->step->text->str, *blank = strchr(text, ' ');
	g_autofree char *channel = find_id(p, "channels", "sales");
	cJSON *request = new_act("command", who);
	g_autofree char *command = g_strndup(text, blank ? (gsize)(blank - text) : strlen(text));
	json_put_text(request, "channel", channel);
	json_put_text(request, "command", command);
	json_put_text(request, "text", blank ? blank + 1 : "");
	cJSON_Delete(act(p, request));
}

static char *direct_channel(struct play *p, const char *who)
{
	g_autoptr(cJSON) answer = act(p, new_act("open_dm", who));
	return g_strdup(json_text_or(answer, "channel", ""));
}

static void person_acts(struct play *p, const char *name, char *rest)
{
	g_autofree char *who = find_id(p, "members", name);
	g_autofree char *channel = NULL, *ts = NULL;
	const char *label = g_str_has_prefix(rest, "in ") || g_str_has_prefix(rest, "to ") ? take_label(rest) : NULL;
	if (g_str_has_prefix(rest, "in the thread of ")) {
		split_place(p, rest + 17, &channel, &ts);
		say(p, who, channel, ts, label);
	} else if (g_str_has_prefix(rest, "in #")) {
		channel = find_id(p, "channels", rest + 4);
		say(p, who, channel, NULL, label);
	} else if (strcmp(rest, "to belltower") == 0) {
		channel = direct_channel(p, who);
		say(p, who, channel, NULL, label);
	} else if (g_str_has_prefix(rest, "edits ")) {
		act_on(p, "edit", who, rest + 6);
	} else if (g_str_has_prefix(rest, "deletes ")) {
		act_on(p, "delete", who, rest + 8);
	} else if (strcmp(rest, "runs") == 0) {
		run_command(p, who);
	} else if (g_str_has_prefix(rest, "presses ")) {
		press(p, who, rest + 8);
	} else if (g_str_has_prefix(rest, "fills in ")) {
		fill(p, rest + 9);
	} else if (strcmp(rest, "sends the form") == 0) {
		submit(p, who);
	} else if (strcmp(rest, "opens home") == 0) {
		cJSON_Delete(act(p, new_act("open_home", who)));
	} else {
		fail(p, "I do not know how %s '%s'", name, rest);
	}
}

static void set_clock(struct play *p, const char *when)
{
	g_auto(GStrv) parts = g_strsplit_set(when, " :", 3);
	int64_t at_ms;
	const char *zone = g_hash_table_lookup(p->options, "zone");
	if (g_strv_length(parts) != 3 ||
		!zone_instant(zone_find(zone), parts[0],
			(int)g_ascii_strtoll(parts[1], NULL, 10) * 60 + (int)g_ascii_strtoll(parts[2], NULL, 10), &at_ms))
		fail(p, "write: at YYYY-MM-DD HH:MM");
	clock_set(p->clock, at_ms);
	settle(p);
}

static void wait_words(struct play *p, const char *words)
{
	char *unit;
	int64_t n = g_ascii_strtoll(words, &unit, 10);
	unit += strspn(unit, " ");
	int64_t ms = strcmp(unit, "s") == 0 ? SECONDS(n) : strcmp(unit, "min") == 0 ? MINUTES(n) : strcmp(unit, "h") == 0 ? HOURS(n) : 0;
	if (ms <= 0)
		fail(p, "write: wait 2 s, wait 15 min, wait 3 h");
	wait_for(p, ms);
}

static void expect_no_more(const struct play *p)
{
	const struct deed *left = g_queue_peek_head((GQueue *)&p->deeds);
	if (left)
		fail(p, "before this the bot also did: %s in %s: %s", left->what, left->where, left->text);
}

static void play_act(struct play *p, char *head)
{
	expect_no_more(p);
	if (g_str_has_prefix(head, "at ")) {
		set_clock(p, head + 3);
	} else if (g_str_has_prefix(head, "wait ")) {
		wait_words(p, head + 5);
	} else {
		char *blank = strchr(head, ' ');
		if (!blank)
			fail(p, "who does what?");
		*blank = '\0';
		person_acts(p, head, blank + 1);
	}
}

/* ---- expectations ---- */

static void check_text(const struct play *p, const struct deed *deed)
{
	g_auto(GStrv) needles = g_strsplit(p->step->text->str, "\n", -1);
	for (char **needle = needles; *needle; needle++) {
		gboolean absent = g_str_has_prefix(*needle, "not: ");
		const char *text = absent ? *needle + 5 : *needle;
		if ((strstr(deed->text, text) != NULL) == absent)
			fail(p, "%s '%s' in what the bot said:\n%s", absent ? "there is" : "there is no", text, deed->text);
	}
}

static gboolean is_at(struct play *p, const char *label, const char *channel, const char *ts)
{
	g_autofree char *c = NULL, *t = NULL;
	split_place(p, label, &c, &t);
	return g_strcmp0(c, channel) == 0 && g_strcmp0(t, ts) == 0;
}

/* "in #sales", "in the thread of LABEL", "to NAME", "to NAME alone" */
static gboolean fits_talk(struct play *p, const struct deed *deed, const char *head)
{
	g_autofree char *id = NULL;
	if (strcmp(deed->what, "post") != 0)
		return FALSE;
	if (g_str_has_prefix(head, "in the thread of "))
		return deed->thread && is_at(p, head + 17, deed->where, deed->thread);
	if (g_str_has_prefix(head, "in #")) {
		id = find_id(p, "channels", head + 4);
		return !deed->thread && !deed->only_to && strcmp(id, deed->where) == 0;
	}
	gboolean alone = g_str_has_suffix(head, " alone");
	g_autofree char *name = g_strndup(head + 3, strlen(head) - 3 - (alone ? 6 : 0));
	id = find_id(p, "members", name);
	return alone ? g_strcmp0(deed->only_to, id) == 0 : !deed->only_to && deed->where[0] == 'D';
}

/* "form for NAME", "form says", "form is closed", "home of NAME" */
static gboolean fits_form(struct play *p, const struct deed *deed, const char *head)
{
	static const char *const words[][2] = { { "form for ", "form" }, { "form says", "form says" },
		{ "form is closed", "form closed" }, { "home of ", "home" } };
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if (!g_str_has_prefix(head, words[i][0]))
			continue;
		const char *name = head + strlen(words[i][0]);
		g_autofree char *id = *name ? find_id(p, "members", name) : NULL;
		return strcmp(deed->what, words[i][1]) == 0 && (!id || strcmp(id, deed->where) == 0);
	}
	fail(p, "I do not know what to expect: %s", head);
}

static gboolean fits(struct play *p, const struct deed *deed, const char *head)
{
	const char *becomes = strstr(head, " becomes");
	if (g_str_has_prefix(head, "✅ on "))
		return strcmp(deed->what, "react") == 0 && strcmp(deed->text, "white_check_mark") == 0 &&
		       is_at(p, head + strlen("✅ on "), deed->where, deed->ts);
	if (g_str_has_prefix(head, "in ") || g_str_has_prefix(head, "to "))
		return fits_talk(p, deed, head);
	if (!becomes)
		return fits_form(p, deed, head);
	g_autofree char *label = g_strndup(head, (gsize)(becomes - head));
	return strcmp(deed->what, "change") == 0 && is_at(p, label, deed->where, deed->ts);
}

/* What one act caused may come in any order: the acknowledgement and the posts go different ways. */
static void play_expectation(struct play *p, char *head)
{
	if (strcmp(head, "nothing") == 0) {
		expect_no_more(p);
		return;
	}
	const char *label = g_str_has_prefix(head, "in ") || g_str_has_prefix(head, "to ") ? take_label(head) : NULL;
	GList *found = p->deeds.head;
	while (found && !fits(p, found->data, head))
		found = found->next;
	if (!found) {
		const struct deed *first = g_queue_peek_head(&p->deeds);
		fail(p, "expected: %s %s\nbut the bot did: %s %s\n%s", head, p->step->text->str, first ? first->what : "nothing",
			first ? first->where : "", first ? first->text : "");
	}
	struct deed *deed = found->data;
	g_queue_delete_link(&p->deeds, found);
	check_text(p, deed);
	name_place(p, label, deed->where, deed->ts);
	deed_free(deed);
}

/* ---- the house ---- */

static void read_options(struct play *p, const char *text)
{
	g_auto(GStrv) pairs = g_strsplit(text, " ", -1);
	for (char **pair = pairs; *pair; pair++) {
		g_auto(GStrv) sides = g_strsplit(*pair, "=", 2);
		if (g_strv_length(sides) == 2)
			g_hash_table_insert(p->options, g_strdup(sides[0]), g_strdup(sides[1]));
	}
}

static struct config *make_config(const struct play *p, const char *database)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_string_printf(text,
		"database: \"%s\"\ndefault_zone: Asia/Shanghai\ndefault_language: %s\nworkspaces:\n"
		"  - { name: sandbox, platform: slack, api_url: \"%sapi/\", bot_token: xoxb-sandbox, app_token: xapp-sandbox }\n"
		"teams:\n  - { name: sales, workspace: sandbox, channel: \"#sales\", managers: [\"@grace\"], zone: %s,\n"
		"      language: %s, standup: { format: %s, deadline: \"%s\" } }\n",
		database, (char *)g_hash_table_lookup(p->options, "language"), sandbox_url(p->sandbox),
		(char *)g_hash_table_lookup(p->options, "zone"), (char *)g_hash_table_lookup(p->options, "language"),
		(char *)g_hash_table_lookup(p->options, "format"), (char *)g_hash_table_lookup(p->options, "deadline"));
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct config *config = config_parse("transcript", text->str, text->len, problems);
	if (!config)
		fail(p, "%s", (const char *)problems->pdata[0]);
	return config;
}

static void open_house(struct play *p)
{
	g_autoptr(GError) error = NULL;
	p->clock = clock_new_frozen(1772413200000); /* 2026-03-02 09:00 in Shanghai */
	p->lws = lws_loop_new(&error);
	p->sandbox = p->lws ? sandbox_new(&(struct sandbox_options){ .loop = p->lws, .clock = p->clock }, &error) : NULL;
	if (!p->sandbox)
		fail(p, "%s", error->message);
	sandbox_observe(p->sandbox, see, p);
	p->folder = g_dir_make_tmp("belltower-play-XXXXXX", NULL);
	g_autofree char *database = g_build_filename(p->folder, "belltower.db", NULL);
	p->app = app_new(&(struct app_setup){ .config = make_config(p, database), .clock = p->clock, .lws = p->lws }, &error);
	if (!p->app)
		fail(p, "%s", error->message);
	settle(p);
}

static void stopped(gpointer data)
{
	*(gboolean *)data = TRUE;
}

static void close_house(struct play *p)
{
	gboolean done = FALSE;
	app_stop(p->app, stopped, &done);
	while (!done) {
		clock_advance(p->clock, 100);
		g_main_context_iteration(NULL, FALSE);
	}
	app_free(p->app);
	sandbox_free(p->sandbox);
	lws_loop_free(p->lws);
	clock_free(p->clock);
	static const char *const names[] = { "belltower.db", "belltower.db-wal", "belltower.db-shm", "belltower.db.lock" };
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(p->folder, names[i], NULL);
		g_unlink(path);
	}
	g_rmdir(p->folder);
	g_free(p->folder);
}

static void play_steps(struct play *p)
{
	for (guint i = 0; i < p->steps->len; i++) {
		p->step = p->steps->pdata[i];
		if (strcmp(p->step->head, "team") == 0)
			continue;
		g_autofree char *head = g_strdup(p->step->head);
		if (p->step->expects)
			play_expectation(p, head);
		else
			play_act(p, head);
	}
	expect_no_more(p);
}

static void step_free(gpointer data)
{
	struct step *step = data;
	g_free(step->head);
	g_string_free(step->text, TRUE);
	g_free(step);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		g_printerr("usage: play FILE.chat\n");
		return 2;
	}
	struct play p = { .file = argv[1] };
	log_set_level(g_getenv("PLAY_LOG") ? LOG_LEVEL_DEBUG : LOG_LEVEL_WARNING);
	p.steps = g_ptr_array_new_with_free_func(step_free);
	p.options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	p.shown = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	p.reacted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	p.labels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	p.blocks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)cJSON_Delete);
	read_options(&p, "format=A language=zh-CN deadline=10:30 zone=Asia/Shanghai");
	read_file(&p);
	for (guint i = 0; i < p.steps->len; i++) {
		const struct step *step = p.steps->pdata[i];
		if (strcmp(step->head, "team") == 0)
			read_options(&p, step->text->str);
	}
	open_house(&p);
	play_steps(&p);
	close_house(&p);
	g_hash_table_unref(p.blocks);
	g_hash_table_unref(p.labels);
	g_hash_table_unref(p.reacted);
	g_hash_table_unref(p.shown);
	g_hash_table_unref(p.options);
	g_ptr_array_unref(p.steps);
	cJSON_Delete(p.view);
	cJSON_Delete(p.filled);
	return 0;
}
