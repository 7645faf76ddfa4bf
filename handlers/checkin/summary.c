/* SPDX-License-Identifier: MIT */
/* What comes of a round: the summary for its readers, the board in the channel. */
#include "checkin/checkin.h"

/* Code points: of all that people wrote in one summary, of the 12,500 that a message holds; of one answer. */
enum { SUMMARY_LIMIT = 9000, LINE_LIMIT = 400 };

struct answer {
	const struct person *person; /* NULL: nobody's */
	const char *text;
	int64_t thousandths;
};

/* ---- reading ---- */

static GArray *read_answers(struct turn *t, const struct round *r, const char *day, const char *question)
{
	GArray *answers = g_array_new(FALSE, TRUE, sizeof(struct answer));
	struct db_rows *rows = turn_query(t, &SQL_CHECKIN_ANSWERS, ARG_TEXT(r->id), ARG_TEXT(day), ARG_TEXT(question));
	while (db_next(rows)) {
		struct answer answer = { roster_person_by_id(t->roster, db_int(rows, 0)), turn_keep(t, g_strdup(db_text(rows, 1))),
			db_int(rows, 2) };
		g_array_append_val(answers, answer);
	}
	turn_end(t, rows);
	return answers;
}

/* Of an anonymous round a few answers tell whose they are. */
static gboolean is_enough(const struct round *r, const GArray *answers)
{
	return answers->len >= (checkin_config(r)->anonymous ? CHECKIN_ANONYMOUS_LEAST : 1);
}

static const char *day_before(struct turn *t, const struct round *r, const char *day, const char *question)
{
	struct db_rows *rows = turn_query(t, &SQL_CHECKIN_DAY_BEFORE, ARG_TEXT(r->id), ARG_TEXT(day), ARG_TEXT(question));
	const char *before = db_next(rows) ? turn_keep(t, g_strdup(db_text(rows, 0))) : NULL;
	turn_end(t, rows);
	return before;
}

/* Rounded to the nearest thousandth, halves away from zero. */
static int64_t average(const GArray *answers)
{
	int64_t sum = 0, count = answers->len;
	for (guint i = 0; i < answers->len; i++)
		sum += g_array_index(answers, struct answer, i).thousandths;
	return (sum + (sum < 0 ? -count / 2 : count / 2)) / count;
}

static const char *decimal(struct turn *t, int64_t thousandths, int decimals)
{
	return turn_keep(t, reply_decimal(thousandths, decimals));
}

/* ---- writing, by kind ---- */

struct writing {
	struct turn *t;
	const struct round *r;
	const char *day;
	enum language language;
	struct message *m;
	glong room; /* code points left for people's words */
};

static void write_ask(struct writing *w, const struct config_question *question)
{
	message_paragraph(w->m);
	message_bold(w->m, config_words_in(&question->ask, w->language));
}

static const char *shortened(struct turn *t, const char *text)
{
	if (g_utf8_strlen(text, -1) <= LINE_LIMIT)
		return text;
	g_autofree char *head = g_utf8_substring(text, 0, LINE_LIMIT);
	return turn_keep(t, g_strconcat(head, "…", NULL));
}

static void write_texts(struct writing *w, const struct config_question *question, const GArray *answers)
{
	guint left = 0;
	write_ask(w, question);
	for (guint i = 0; i < answers->len; i++) {
		const struct answer *a = &g_array_index(answers, struct answer, i);
		const char *text = shortened(w->t, a->text);
		w->room -= g_utf8_strlen(text, -1) + 20;
		if (w->room < 0)
			left++;
		else if (a->person)
			message_item(w->m, turn_text_in(w->t, w->language, "checkin.answer", TEXT_ARG("name", a->person->name), TEXT_ARG("text", text)));
		else
			message_item(w->m, text);
	}
	if (left)
		message_item(w->m, turn_text_in(w->t, w->language, "checkin.left_out", TEXT_ARG("count", left)));
}

static void write_number(struct writing *w, const struct config_question *question, const GArray *answers)
{
	int64_t least = G_MAXINT64, most = G_MININT64;
	for (guint i = 0; i < answers->len; i++) {
		int64_t value = g_array_index(answers, struct answer, i).thousandths;
		least = MIN(least, value);
		most = MAX(most, value);
	}
	write_ask(w, question);
	message_plain(w->m, turn_text_in(w->t, w->language, "checkin.number_summary", TEXT_ARG("average", decimal(w->t, average(answers), 1)),
				    TEXT_ARG("least", decimal(w->t, least, 3)), TEXT_ARG("most", decimal(w->t, most, 3))));
}

static void write_choice(struct writing *w, const struct config_question *question, const GArray *answers)
{
	message_chart(w->m, config_words_in(&question->ask, w->language), "", NULL);
	for (char **option = question->options; *option; option++) {
		guint count = 0;
		for (guint i = 0; i < answers->len; i++)
			count += strcmp(g_array_index(answers, struct answer, i).text, *option) == 0;
		message_bar(w->m, *option, turn_keep(w->t, g_strdup_printf("%u", count)));
	}
}

/* ", last time 3.9 (+0.3)"; "" when the same was not asked before. */
static const char *against_last_time(struct writing *w, const char *ask, int64_t now)
{
	const char *before = day_before(w->t, w->r, w->day, ask);
	g_autoptr(GArray) answers = before ? read_answers(w->t, w->r, before, ask) : NULL;
	if (!answers || !is_enough(w->r, answers))
		return "";
	int64_t then = average(answers);
	const char *step = decimal(w->t, now - then, 1);
	return turn_text_in(w->t, w->language, "checkin.last_time", TEXT_ARG("average", decimal(w->t, then, 1)),
		TEXT_ARG("step", *step == '-' || strcmp(step, "0") == 0 ? step : turn_keep(w->t, g_strconcat("+", step, NULL))));
}

static void write_scale(struct writing *w, const struct config_question *question, const GArray *answers)
{
	const char *ask = config_words_in(&question->ask, w->r->team->config->language);
	int64_t now = average(answers);
	write_ask(w, question);
	message_plain(w->m, turn_text_in(w->t, w->language, "checkin.scale_summary", TEXT_ARG("average", decimal(w->t, now, 1)),
				    TEXT_ARG("most", question->most), TEXT_ARG("last", against_last_time(w, ask, now))));
}

static void write_question(struct writing *w, const struct config_question *question)
{
	static const struct {
		const char *kind;
		void (*write)(struct writing *w, const struct config_question *question, const GArray *answers);
	} kinds[] = {
		{ "text", write_texts },
		{ "number", write_number },
		{ "choice", write_choice },
		{ "scale", write_scale },
	};
	const char *ask = config_words_in(&question->ask, w->r->team->config->language);
	g_autoptr(GArray) answers = read_answers(w->t, w->r, w->day, ask);
	if (!is_enough(w->r, answers)) {
		write_ask(w, question);
		message_plain(w->m, turn_text_in(w->t, w->language,
					    answers->len || checkin_config(w->r)->anonymous ? "checkin.too_few" : "checkin.no_answers",
					    TEXT_ARG("least", CHECKIN_ANONYMOUS_LEAST)));
		return;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strcmp(kinds[i].kind, question->kind) == 0)
			kinds[i].write(w, question, answers);
}

static void write_questions(struct writing *w)
{
	for (struct config_question **question = checkin_config(w->r)->questions; *question; question++)
		write_question(w, *question);
}

/* ---- who took part ---- */

struct takers {
	GHashTable *done; /* struct person: whoever has answered or skipped */
	GPtrArray *given; /* struct person, in their order; of an anonymous round too */
};

static struct takers read_takers(struct turn *t, const struct round *r, const char *day)
{
	struct takers takers = { g_hash_table_new(NULL, NULL), g_ptr_array_new() };
	struct db_rows *rows = turn_query(t, &SQL_CHECKIN_TAKERS, ARG_TEXT(r->id), ARG_TEXT(day));
	while (db_next(rows)) {
		gpointer person = (gpointer)roster_person_by_id(t->roster, db_int(rows, 0));
		if (person)
			g_hash_table_add(takers.done, person);
		if (person && strcmp(db_text(rows, 1), CHECKIN_GIVEN) == 0)
			g_ptr_array_add(takers.given, person);
	}
	turn_end(t, rows);
	return takers;
}

static void takers_release(struct takers *takers)
{
	g_hash_table_unref(takers->done);
	g_ptr_array_unref(takers->given);
}

/* "5 of 7 answered · 1 late"; with the names of whom it waits for. */
static void write_counts(struct writing *w, const struct takers *takers, gboolean names)
{
	g_autoptr(GPtrArray) missing = round_missing(w->t, w->r, w->day, takers->done);
	struct db_rows *rows = turn_query(w->t, &SQL_CHECKIN_COUNTS, ARG_TEXT(w->r->id), ARG_TEXT(w->day));
	int64_t late = db_next(rows) ? db_int(rows, 1) : 0;
	turn_end(w->t, rows);
	message_paragraph(w->m);
	message_bold(w->m, turn_text_in(w->t, w->language, "checkin.counts", TEXT_ARG("answered", takers->given->len),
				   TEXT_ARG("asked", takers->given->len + missing->len)));
	if (late)
		message_plain(w->m, turn_text_in(w->t, w->language, "checkin.count_late", TEXT_ARG("count", late)));
	GString *list = g_string_new(NULL);
	for (guint i = 0; names && i < missing->len; i++)
		g_string_append_printf(list, "%s%s", i ? turn_text_in(w->t, w->language, "checkin.comma") : "",
			((const struct person *)missing->pdata[i])->name);
	if (list->len)
		message_plain(w->m, turn_text_in(w->t, w->language, "checkin.waiting_for", TEXT_ARG("names", (const char *)list->str)));
	g_string_free(list, TRUE);
}

/* ---- the cards ---- */

/* Before the deadline an anonymous round tells only how many: a summary that changes would tell whose answer came. */
static gboolean is_sealed(struct turn *t, const struct round *r, const char *day)
{
	return checkin_config(r)->anonymous && !checkin_is_closed(t, r, day);
}

static struct message *card(struct turn *t, const struct round *r, const char *day, enum language language, gboolean names)
{
	struct writing w = { t, r, day, language, message_new(), SUMMARY_LIMIT };
	struct takers takers = read_takers(t, r, day);
	message_title(w.m, checkin_title(t, r, day, language));
	write_counts(&w, &takers, names && !checkin_config(r)->anonymous);
	if (is_sealed(t, r, day))
		message_say(w.m, turn_text_in(t, language, "checkin.sealed"));
	else if (takers.given->len > 0)
		write_questions(&w);
	takers_release(&takers);
	return w.m;
}

struct message *checkin_summary(struct turn *t, const struct round *r, const char *day, enum language language)
{
	struct message *m = card(t, r, day, language, FALSE);
	message_context(m, turn_text_in(t, language, checkin_config(r)->anonymous ? "checkin.summary_note_anonymous" : "checkin.summary_note",
				   TEXT_ARG("name", (const char *)checkin_config(r)->name)));
	return m;
}

struct message *checkin_board(struct turn *t, const struct round *r, const char *day)
{
	enum language language = turn_team_language(t, r->team);
	if (!checkin_config(r)->board)
		return NULL;
	struct message *m = card(t, r, day, language, TRUE);
	message_button(m, "checkin.open", r->id, turn_text_in(t, language, "checkin.button"), MESSAGE_PRIMARY);
	return m;
}

/* ---- to whom ---- */

static gboolean is_for(const struct round *r, const char *readers)
{
	return strcmp(checkin_config(r)->summary, readers) == 0;
}

static char *closing_name(const struct round *r, const char *day)
{
	return g_strdup_printf("checkin/close/%s/%s", r->id, day);
}

/* What was posted at the deadline, put right. */
static void show_in_channel(struct turn *t, const struct round *r, const char *day)
{
	g_autofree char *name = closing_name(r, day);
	turn_show(t, r->team, name, checkin_summary(t, r, day, turn_team_language(t, r->team)));
}

static void tell_each(struct turn *t, const struct round *r, const char *day, const GPtrArray *people)
{
	for (guint i = 0; i < people->len; i++) {
		const struct person *person = people->pdata[i];
		turn_hint(t, r->team->config->workspace_name, person, r->topic, G_MAXINT64,
			checkin_summary(t, r, day, turn_language_of(t, person, r->team)));
	}
}

void checkin_close(struct turn *t, const struct round *r, const char *day)
{
	turn_exec(t, &SQL_CHECKIN_CLOSE, ARG_TEXT(r->id), ARG_TEXT(day));
	struct takers takers = read_takers(t, r, day);
	g_autoptr(GPtrArray) managers = roster_managers(t->roster, r->team);
	/* A round that nobody has answered passes in silence. */
	g_autofree char *name = closing_name(r, day);
	if (takers.given->len > 0 && is_for(r, "channel"))
		turn_post(t, r->team, name, checkin_summary(t, r, day, turn_team_language(t, r->team)));
	else if (takers.given->len > 0)
		tell_each(t, r, day, is_for(r, "manager") ? managers : takers.given);
	takers_release(&takers);
}

void checkin_changed(struct turn *t, const struct round *r, const char *day)
{
	if (checkin_config(r)->board)
		round_touch_board(t, r, day);
	if (is_for(r, "channel") && checkin_is_closed(t, r, day))
		show_in_channel(t, r, day);
}

gboolean checkin_may_read(struct turn *t, const struct round *r, const char *day)
{
	if (is_for(r, "channel"))
		return TRUE;
	if (is_for(r, "manager"))
		return roster_is_manager(r->team, t->person);
	return g_strcmp0(checkin_state(t, r, day, t->person), CHECKIN_GIVEN) == 0;
}
