/* SPDX-License-Identifier: MIT */
/*
 * Birthdays under a clock that is moved day by day over a leap year, with restarts on the way: each on its day, once, in other
 * words than the last time; and what becomes of a day that was missed, of those who have not agreed, and of newcomers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/zone.h"
#include "handlers/registry.h"
#include "tests/unit/core/house.h"
#include "tests/unit/store/store_files.h"

enum { RESTART_DAYS = 41 };

static struct house *open_at(const char *path)
{
	gsize count;
	const struct sql_owner *const *owners = registry_schema(&count);
	return house_open(path, registry, owners, count, registry_texts());
}

/* A job that another one puts is rung in the next batch. */
static void go_to(struct house *h, const char *day, int minute)
{
	assert_true(zone_instant(zone_find("Asia/Shanghai"), day, minute, &h->now_ms));
	for (int i = 0; i < 3; i++)
		house_do(h, NULL);
}

static void say(struct house *h, const char *account, const char *text)
{
	g_autofree char *channel = g_strdup_printf("D%s", account);
	house_do(h, house_said(account, channel, text));
}

static void come(struct house *h, const char *account, const char *name)
{
	struct event *event = house_people(account, name, "C1");
	g_array_index(event->people, struct event_person, 0).zone = g_strdup("Asia/Shanghai");
	house_do(h, event);
}

static void forget(struct house *h)
{
	g_ptr_array_set_size(h->handed, 0);
}

/* A post in the channel (person NULL) or a direct message with that text; NULL: none was handed. Borrowed. */
static const char *find(const struct house *h, const char *person, const char *text)
{
	for (guint i = 0; i < h->handed->len; i++) {
		const struct outbox_row *row = h->handed->pdata[i];
		if (row->kind == OUTBOX_POST && g_strcmp0(row->person, person) == 0 && row->content && strstr(row->content, text))
			return row->content;
	}
	return NULL;
}

static guint count_of(const struct house *h, const char *text)
{
	guint count = 0;
	for (guint i = 0; i < h->handed->len; i++)
		count += strstr(((const struct outbox_row *)h->handed->pdata[i])->content, text) != NULL;
	return count;
}

/* ---- the walk ---- */

static const struct {
	const char *account, *name, *birthday, *shown;
} people[] = {
	{ "U1", "Ana", "02-29", "public" },
	{ "U2", "Bo", "1992-02-29 else 03-01", "public" },
	{ "U3", "Cai", "lunar 12-30", "public" }, /* the eve of the new year: a month of 29 days has none */
	{ "U4", "Dan", "03-15", "public" },
	{ "U5", "Eve", "03-15", "none" },
	{ "U6", "Fay", "03-15", "private" },
	{ "U7", "Gus", "03-16", NULL }, /* does not answer */
};

/* New years: 6 February 2027, 26 January 2028, 13 February 2029. */
static const struct {
	const char *day, *names[2];
} expected[] = {
	{ "2026-03-15", { "Dan" } },
	{ "2027-02-05", { "Cai" } },
	{ "2027-02-28", { "Ana" } },
	{ "2027-03-01", { "Bo" } },
	{ "2027-03-15", { "Dan" } },
	{ "2028-01-25", { "Cai" } },
	{ "2028-02-29", { "Ana", "Bo" } },
	{ "2028-03-15", { "Dan" } },
	{ "2029-02-12", { "Cai" } },
	{ "2029-02-28", { "Ana" } },
	{ "2029-03-01", { "Bo" } },
	{ "2029-03-15", { "Dan" } },
};

static void settle_in(struct house *h)
{
	for (size_t i = 0; i < G_N_ELEMENTS(people); i++) {
		g_autofree char *birthday = g_strdup_printf("birthday %s", people[i].birthday);
		g_autofree char *shown = people[i].shown ? g_strdup_printf("birthday %s", people[i].shown) : NULL;
		come(h, people[i].account, people[i].name);
		say(h, people[i].account, birthday);
		if (shown)
			say(h, people[i].account, shown);
	}
	forget(h);
}

/* Its words are others than those before; the years of birth are in none. */
static void check_words(const char *content, const char *name, GHashTable *last)
{
	g_autoptr(cJSON) tree = json_parse(content, strlen(content), NULL);
	const char *words = json_text_or(tree, "parts.2.spans.0.plain", "");
	g_autofree char *without = g_strdelimit(g_strdup(words), name, ' ');
	if (g_strcmp0(g_hash_table_lookup(last, name), without) == 0)
		fail_msg("%s is told '%s' twice in a row", name, words);
	assert_null(strstr(content, "1992"));
	g_hash_table_replace(last, (gpointer)name, g_steal_pointer(&without));
}

/* What was posted on that day is what the table says, all of it. */
static void check_day(struct house *h, const char *day, GHashTable *last, guint *seen)
{
	guint due = 0;
	if (*seen < G_N_ELEMENTS(expected) && strcmp(expected[*seen].day, day) == 0) {
		for (int i = 0; i < 2 && expected[*seen].names[i]; i++) {
			const char *name = expected[*seen].names[i], *content = find(h, NULL, name);
			if (!content)
				fail_msg("%s: %s is forgotten", day, name);
			check_words(content, name, last);
		}
		due = 1;
		(*seen)++;
	}
	if (count_of(h, "🎂 Happy birthday, ") != due)
		fail_msg("%s: %u posts instead of %u", day, count_of(h, "🎂 Happy birthday, "), due);
	assert_null(find(h, NULL, "Eve"));
	assert_null(find(h, NULL, "Fay"));
	gboolean fay = g_str_has_suffix(day, "-03-15");
	assert_true((find(h, "U6", "only you see this") != NULL) == fay);
}

static void each_on_its_day_over_a_leap_year(void **state)
{
	struct files *files = *state;
	struct house *h = open_at(files->db);
	g_autoptr(GHashTable) last = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	char day[ZONE_DAY_SIZE] = "2026-03-02";
	guint seen = 0, days = 0;
	settle_in(h);
	for (; strcmp(day, "2029-03-16") < 0; zone_day_shift(day, 1, day), days++) {
		if (days % RESTART_DAYS == RESTART_DAYS - 1) {
			int64_t now_ms = h->now_ms;
			house_close(h);
			h = open_at(files->db);
			h->now_ms = now_ms;
			forget(h);
		}
		go_to(h, day, 9 * 60 + 29);
		assert_int_equal(count_of(h, "Happy birthday, "), 0);
		go_to(h, day, 9 * 60 + 30);
		check_day(h, day, last, &seen);
		forget(h);
	}
	assert_int_equal(seen, G_N_ELEMENTS(expected));
	house_close(h);
}

/* ---- what else may happen ---- */

static void a_day_that_was_missed_is_over(void **state)
{
	struct files *files = *state;
	struct house *h = open_at(files->db);
	settle_in(h);
	go_to(h, "2026-03-14", 20 * 60);
	forget(h);
	go_to(h, "2026-03-16", 9 * 60 + 30); /* off for a day and a half */
	assert_int_equal(count_of(h, "Happy birthday, "), 0);
	assert_null(find(h, "U6", "only you see this"));
	go_to(h, "2027-03-15", 11 * 60); /* an hour and a half late is on the day */
	assert_non_null(find(h, NULL, "Happy birthday, Dan"));
	house_close(h);
}

static void once_whatever_is_said_on_the_day(void **state)
{
	struct files *files = *state;
	struct house *h = open_at(files->db);
	settle_in(h);
	go_to(h, "2027-03-15", 9 * 60 + 30);
	assert_int_equal(count_of(h, "Happy birthday, Dan"), 1);
	say(h, "U4", "birthday 03-15");
	say(h, "U4", "birthday none");
	say(h, "U4", "birthday public");
	come(h, "U4", "Dan");
	go_to(h, "2027-03-15", 15 * 60);
	assert_int_equal(count_of(h, "Happy birthday, Dan"), 1);
	/* Whoever agrees in the afternoon is celebrated then, and not with somebody who was. */
	say(h, "U6", "birthday forget");
	say(h, "U7", "birthday 03-15");
	say(h, "U7", "birthday public");
	go_to(h, "2027-03-15", 15 * 60 + 1);
	assert_int_equal(count_of(h, "Happy birthday, Gus!"), 1);
	house_close(h);
}

static void everybody_is_asked_once(void **state)
{
	struct files *files = *state;
	struct house *h = open_at(files->db);
	come(h, "U1", "Ana");
	say(h, "U1", "birthday 03-20"); /* the answer is the question */
	forget(h);
	go_to(h, "2026-03-21", 12 * 60);
	assert_int_equal(count_of(h, "Happy birthday"), 0);
	assert_int_equal(count_of(h, "May we celebrate you?"), 0);
	go_to(h, "2027-03-20", 12 * 60);
	assert_int_equal(count_of(h, "Happy birthday"), 0);
	assert_int_equal(count_of(h, "May we celebrate you?"), 0);
	house_close(h);
}

/* Whoever has left is neither congratulated nor asked. */
static void who_has_left_is_not_celebrated(void **state)
{
	struct files *files = *state;
	struct house *h = open_at(files->db);
	settle_in(h);
	struct event *event = house_people("U4", "Dan", NULL);
	g_array_index(event->people, struct event_person, 0).deactivated = TRUE;
	house_do(h, event);
	forget(h);
	go_to(h, "2026-03-15", 9 * 60 + 30);
	assert_int_equal(count_of(h, "Happy birthday"), 0);
	house_close(h);
}

/* ---- the calendar ---- */

/* The file that was sent to that person last, as text; the caller frees. */
static char *file_for(const struct house *h, const char *person)
{
	for (guint i = h->handed->len; i > 0; i--) {
		const struct outbox_row *row = h->handed->pdata[i - 1];
		if (g_strcmp0(row->person, person) != 0 || !row->files)
			continue;
		const struct message_file *file = row->files->pdata[0];
		gsize length;
		const char *data = g_bytes_get_data(file->bytes, &length);
		assert_string_equal(file->name, "belltower.ics");
		return g_strndup(data, length);
	}
	fail_msg("%s got no file", person);
	return NULL;
}

static void the_calendar_has_what_its_reader_may_see(void **state)
{
	struct files *files = *state;
	struct house *h = open_at(files->db);
	settle_in(h);
	say(h, "U4", "calendar");
	say(h, "U6", "calendar");
	g_autofree char *dans = file_for(h, "U4"), *fays = file_for(h, "U6");
	assert_non_null(strstr(dans, "SUMMARY:🎂 Dan's birthday\r\n"));
	assert_non_null(strstr(dans, "DTSTART;VALUE=DATE:20260315\r\n"));
	assert_non_null(strstr(dans, "DTSTART;VALUE=DATE:20270205\r\n")); /* Cai, by the lunar calendar */
	assert_non_null(strstr(dans, "DTSTART:20260331T070000Z\r\n")); /* the party, at 15:00 in Shanghai */
	assert_non_null(strstr(dans, "SUMMARY:🔔 party · sales\r\n"));
	assert_null(strstr(dans, "Fay"));
	assert_non_null(strstr(fays, "Fay"));
	for (int i = 0; i < 2; i++) {
		assert_null(strstr(i ? fays : dans, "Eve"));
		assert_null(strstr(i ? fays : dans, "Gus"));
		assert_null(strstr(i ? fays : dans, "1992"));
	}
	house_close(h);
}

/* ---- newcomers ---- */

static struct event *members(const char *const *accounts)
{
	struct event *event = house_event(EVENT_PEOPLE, NULL, "C1");
	event->value = g_strdup(EVENT_PEOPLE_ALL);
	for (; *accounts; accounts++) {
		struct event_person *person = event_add_person(event);
		person->account = g_strdup(*accounts);
		person->name = g_strdup_printf("N%s", *accounts);
	}
	return event;
}

static void newcomers_are_welcomed_once(void **state)
{
	struct files *files = *state;
	struct house *h = open_at(files->db);
	house_do(h, members((const char *const[]){ "U1", "U2", NULL }));
	assert_int_equal(count_of(h, "Welcome"), 0); /* the whole team is new: nobody is */
	house_do(h, house_people("U3", "Cai", NULL));
	house_do(h, house_event(EVENT_JOINED, "U3", "C1"));
	assert_int_equal(count_of(h, "Welcome to sales"), 1);
	house_do(h, house_event(EVENT_LEFT, "U3", "C1"));
	house_do(h, house_event(EVENT_JOINED, "U3", "C1"));
	house_do(h, house_event(EVENT_LEFT, "U1", "C1"));
	house_do(h, house_event(EVENT_JOINED, "U1", "C1"));
	assert_int_equal(count_of(h, "Welcome to sales"), 1);
	/* Two who came while the bot was off: one post. */
	house_do(h, members((const char *const[]){ "U1", "U2", "U3", "U8", "U9", NULL }));
	house_do(h, members((const char *const[]){ "U1", "U2", "U3", "U8", "U9", NULL }));
	assert_int_equal(count_of(h, "Welcome to sales"), 2);
	assert_non_null(find(h, NULL, "U8"));
	assert_non_null(find(h, NULL, "U9"));
	assert_int_equal(count_of(h, "Farewell"), 0);
	house_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_on_its_day_over_a_leap_year, files_make, files_remove),
		cmocka_unit_test_setup_teardown(a_day_that_was_missed_is_over, files_make, files_remove),
		cmocka_unit_test_setup_teardown(once_whatever_is_said_on_the_day, files_make, files_remove),
		cmocka_unit_test_setup_teardown(everybody_is_asked_once, files_make, files_remove),
		cmocka_unit_test_setup_teardown(who_has_left_is_not_celebrated, files_make, files_remove),
		cmocka_unit_test_setup_teardown(the_calendar_has_what_its_reader_may_see, files_make, files_remove),
		cmocka_unit_test_setup_teardown(newcomers_are_welcomed_once, files_make, files_remove),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
