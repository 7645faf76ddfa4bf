/* SPDX-License-Identifier: MIT */
/* Who is there, in which teams: learnt, found, written through, and read again after a rollback. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/zone.h"
#include "register_sql.h"
#include "team/people.h"
#include "team/roles.h"
#include "tests/unit/store/store_files.h"

static const char config_text[] =
	"database: unused.db\n"
	"default_zone: Asia/Shanghai\n"
	"workspaces:\n"
	"  - { name: acme, platform: slack, bot_token: xoxb-test, app_token: xapp-test }\n"
	"  - { name: globex, platform: slack, bot_token: xoxb-other, app_token: xapp-other }\n"
	"  - { name: lark, platform: feishu, app_id: cli_1, app_secret: s }\n"
	"teams:\n"
	"  - { name: sales, workspace: acme, channel: C1, zone: Europe/Lisbon, managers: [U9, \"@mia\", "
	"Boss@Example.com] }\n"
	"  - { name: field, workspace: acme, channel: \"#field\", managers: [\"@mia\"] }\n"
	"  - { name: other, workspace: globex, channel: C1 }\n"
	"  - { name: east, workspace: lark, channel: oc_1, zone: Asia/Shanghai }\n";
static const char smaller_text[] =
	"database: unused.db\n"
	"workspaces:\n"
	"  - { name: acme, platform: slack, bot_token: xoxb-test, app_token: xapp-test }\n"
	"teams:\n"
	"  - { name: field, workspace: acme, channel: \"#fields\" }\n";

struct house {
	struct files *files;
	struct db *db;
	struct config *config;
	struct roster *roster;
};

static struct config *parse(const char *text)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct config *config = config_parse("test.yaml", text, strlen(text), problems);
	if (!config)
		fail_msg("%s", (const char *)problems->pdata[0]);
	return config;
}

static void check(gboolean done, const GError *error)
{
	if (!done)
		fail_msg("%s", error ? error->message : "failed without a reason");
}

static void open_house(struct house *h)
{
	static const struct sql_owner *const owners[] = { &SQL_PEOPLE, &SQL_REGISTER };
	g_autoptr(GError) error = NULL;
	h->db = db_open(h->files->db, DB_WRITER, &error);
	check(h->db && db_migrate(h->db, owners, 2, &error), error);
	h->roster = roster_new(h->db, h->config, &error);
	check(h->roster != NULL, error);
	check(db_begin(h->db, &error), error);
}

static void close_house(struct house *h)
{
	roster_free(h->roster);
	db_close(h->db);
}

static int make_house(void **state)
{
	struct house *h = g_new0(struct house, 1);
	assert_int_equal(files_make((void **)&h->files), 0);
	h->config = parse(config_text);
	open_house(h);
	*state = h;
	return 0;
}

static int free_house(void **state)
{
	struct house *h = *state;
	close_house(h);
	config_free(h->config);
	files_remove((void **)&h->files);
	g_free(h);
	return 0;
}

/* Everything is committed, and the program starts again. */
static void restart(struct house *h)
{
	g_autoptr(GError) error = NULL;
	check(db_commit(h->db, &error), error);
	close_house(h);
	open_house(h);
}

static const struct person *learn_in(struct house *h, const char *workspace, const struct person_facts *facts)
{
	g_autoptr(GError) error = NULL;
	const struct person *person = roster_learn(h->roster, workspace, facts, 1000, &error);
	check(person != NULL, error);
	return person;
}

static const struct person *learn(
	struct house *h, const char *account, const char *name, const char *handle, const char *email)
{
	return learn_in(h, "acme",
		&(struct person_facts){ .account = account, .name = name, .handle = handle, .email = email });
}

static const struct person *person_at(struct house *h, const char *account)
{
	return roster_person(h->roster, "acme", account);
}

static void join(struct house *h, const char *team, const char *account)
{
	assert_true(roster_add_member(h->roster, roster_team(h->roster, team), person_at(h, account), NULL));
}

static gboolean is_member(struct house *h, const char *team, const char *account)
{
	return roster_is_member(roster_team(h->roster, team), person_at(h, account));
}

/* ---- learning ---- */

static void test_an_account_becomes_a_person(void **state)
{
	struct house *h = *state;
	assert_null(person_at(h, "U1"));
	const struct person *ana = learn_in(h, "acme",
		&(struct person_facts){ .account = "U1",
			.name = "Ana Lima",
			.handle = "ana",
			.email = "ana@example.com",
			.zone = "America/Sao_Paulo",
			.language = "en-US",
			.bot = FALSE });
	assert_ptr_equal(person_at(h, "U1"), ana);
	assert_null(roster_person(h->roster, "globex", "U1"));
	assert_null(roster_person(h->roster, "acme", NULL));
	assert_ptr_equal(roster_person_by_id(h->roster, ana->id), ana);
	assert_string_equal(roster_account("acme", ana), "U1");
	assert_null(roster_account("globex", ana));
	assert_null(roster_account("acme", NULL));
	restart(h);
	ana = person_at(h, "U1");
	assert_string_equal(ana->name, "Ana Lima");
	assert_string_equal(ana->email, "ana@example.com");
	assert_string_equal(ana->language, "en-US");
	assert_ptr_equal(ana->zone, zone_find("America/Sao_Paulo"));
	assert_false(ana->bot || ana->deactivated);
	assert_ptr_equal(roster_find(h->roster, "acme", "@ana"), ana);
}

static void test_what_is_not_told_is_kept_and_what_is_told_counts(void **state)
{
	struct house *h = *state;
	const struct person *ana = learn(h, "U1", "Ana", "ana", "ana@example.com");
	gint64 id = ana->id;
	learn(h, "U1", NULL, NULL, "");
	assert_string_equal(ana->name, "Ana");
	assert_string_equal(ana->email, "ana@example.com");
	assert_ptr_equal(roster_find(h->roster, "acme", "ana"), ana);
	learn_in(h, "acme",
		&(struct person_facts){ .account = "U1", .name = "Ana Lima", .handle = "lima", .bot = TRUE });
	restart(h);
	ana = person_at(h, "U1");
	assert_int_equal(ana->id, id);
	assert_string_equal(ana->name, "Ana Lima");
	assert_string_equal(ana->email, "ana@example.com");
	assert_true(ana->bot);
	assert_ptr_equal(roster_find(h->roster, "acme", "lima"), ana);
	assert_null(roster_find(h->roster, "acme", "ana"));
}

static void test_a_person_without_a_name_has_the_handle_or_the_account(void **state)
{
	struct house *h = *state;
	assert_string_equal(learn(h, "U1", NULL, "ana", NULL)->name, "ana");
	assert_string_equal(learn(h, "U2", "", "", NULL)->name, "U2");
	assert_string_equal(learn(h, "U2", "Bo", NULL, NULL)->name, "Bo");
}

static void test_an_unknown_zone_is_none(void **state)
{
	struct house *h = *state;
	const struct person *ana = learn_in(h, "acme",
		&(struct person_facts){ .account = "U1", .zone = "Mars/Olympus", .language = "tlh" });
	assert_null(ana->zone);
	const struct team *sales = roster_team(h->roster, "sales");
	assert_ptr_equal(roster_zone(h->roster, ana, sales), zone_find("Europe/Lisbon"));
	assert_ptr_equal(roster_zone(h->roster, ana, NULL), zone_find("Asia/Shanghai"));
	assert_ptr_equal(roster_zone(h->roster, NULL, NULL), zone_find("Asia/Shanghai"));
	learn_in(h, "acme", &(struct person_facts){ .account = "U1", .zone = "America/Sao_Paulo" });
	assert_ptr_equal(roster_zone(h->roster, ana, sales), zone_find("America/Sao_Paulo"));
}

static void test_a_profiles_later_zone_does_not_count(void **state)
{
	struct house *h = *state;
	const struct person *ana = learn_in(h, "acme", &(struct person_facts){ .account = "U1", .zone = "America/Sao_Paulo" });
	learn_in(h, "acme", &(struct person_facts){ .account = "U1", .zone = "Europe/Berlin" });
	assert_ptr_equal(ana->zone, zone_find("America/Sao_Paulo"));
	restart(h);
	assert_ptr_equal(person_at(h, "U1")->zone, zone_find("America/Sao_Paulo"));
}

static void test_the_same_account_elsewhere_is_somebody_else(void **state)
{
	struct house *h = *state;
	const struct person *ana = learn(h, "U1", "Ana", "ana", NULL);
	const struct person *other =
		learn_in(h, "globex", &(struct person_facts){ .account = "U1", .name = "Bo" });
	assert_ptr_not_equal(ana, other);
	restart(h);
	assert_string_equal(roster_person(h->roster, "acme", "U1")->name, "Ana");
	assert_string_equal(roster_person(h->roster, "globex", "U1")->name, "Bo");
}

/* ---- finding ---- */

static void test_finding(void **state)
{
	struct house *h = *state;
	/* U5 and U6 share a name, and U7's handle is a third one's name; U8 and U9 share one, but U8 has
	 * left. */
	learn(h, "U1", "Ana Lima", "ana", "ana@example.com");
	learn(h, "U2", "王伟", "wangwei", "wei@example.com");
	learn(h, "U5", "Kim", "kim1", "kim@example.com");
	learn(h, "U6", "Kim", "kim2", NULL);
	learn(h, "U7", "Sam Poe", "lee", NULL);
	learn(h, "U10", "Lee", "lee10", NULL);
	learn(h, "U11", "LEE", "lee11", NULL);
	learn_in(h, "acme",
		&(struct person_facts){
			.account = "U8", .name = "Li Na", .handle = "lina", .deactivated = TRUE });
	learn(h, "U9", "Li Na", "lina9", NULL);
	learn_in(h, "globex", &(struct person_facts){ .account = "U20", .name = "Zoe", .handle = "zoe" });
	static const struct {
		const char *words, *account;
	} cases[] = {
		{ "ana", "U1" },
		{ "@ana", "U1" },
		{ "@ANA", "U1" },
		{ "Ana Lima", "U1" },
		{ "ana lima", "U1" },
		{ "Ana@Example.com", "U1" },
		{ "<@U1>", "U1" },
		{ "<@U1|ana>", "U1" },
		{ "<@U1", "U1" },
		{ "U1", "U1" },
		{ "王伟", "U2" },
		{ "@王伟", "U2" },
		{ "wangwei", "U2" },
		{ "Kim", NULL },
		{ "kim@example.com", "U5" },
		{ "@kim2", "U6" },
		{ "lee", "U7" }, /* the handle, however many bear the name */
		{ "Li Na", "U9" },
		{ "lina", "U8" },
		{ "zoe", NULL },
		{ "<@U20>", NULL },
		{ "<@U404>", NULL },
		{ "<@>", NULL },
		{ "<@", NULL },
		{ "", NULL },
		{ "@", NULL },
		{ "nobody", NULL },
		{ "an", NULL },
	};
	for (int rounds = 0; rounds < 2; rounds++) {
		for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
			const char *got =
				roster_account("acme", roster_find(h->roster, "acme", cases[i].words));
			if (g_strcmp0(got, cases[i].account) != 0)
				fail_msg("'%s' finds %s", cases[i].words, got ? got : "nobody");
		}
		restart(h);
	}
}

/* The answer may not depend on the order of a hash table: many rosters, the same answers. */
static void test_finding_does_not_depend_on_chance(void **state)
{
	struct house *h = *state;
	for (int i = 0; i < 200; i++) {
		g_autofree char *account = g_strdup_printf("X%d", i), *handle = g_strdup_printf("h%d", i);
		learn(h, account, "Kim", handle, NULL);
		assert_ptr_equal(roster_find(h->roster, "acme", handle), person_at(h, account));
		if (i > 0)
			assert_null(roster_find(h->roster, "acme", "Kim"));
	}
	learn(h, "X500", "Somebody", "kim", NULL);
	assert_string_equal(roster_account("acme", roster_find(h->roster, "acme", "Kim")), "X500");
}

/* ---- teams ---- */

static void test_teams_come_in_the_order_of_the_configuration(void **state)
{
	struct house *h = *state;
	const struct team *const *teams = roster_teams(h->roster);
	assert_string_equal(teams[0]->config->name, "sales");
	assert_string_equal(teams[1]->config->name, "field");
	assert_string_equal(teams[2]->config->name, "other");
	assert_string_equal(teams[3]->config->name, "east");
	assert_null(teams[4]);
	assert_ptr_equal(roster_team(h->roster, "field"), teams[1]);
	assert_null(roster_team(h->roster, "nothing"));
	assert_ptr_equal(roster_config(h->roster), h->config);
}

static void test_a_team_is_found_by_its_channel(void **state)
{
	struct house *h = *state;
	assert_string_equal(roster_team_at(h->roster, "acme", "C1")->config->name, "sales");
	assert_string_equal(roster_team_at(h->roster, "globex", "C1")->config->name, "other");
	assert_null(roster_team_at(h->roster, "acme", "C2"));
	assert_null(roster_team_at(h->roster, "acme", NULL));
	assert_null(roster_team(h->roster, "field")->channel);
	assert_null(roster_team_at(h->roster, "acme", "#field"));
}

static void test_a_channels_name_is_resolved_once_and_kept(void **state)
{
	struct house *h = *state;
	assert_true(roster_set_channel(h->roster, "acme", "field", "C7", NULL));
	assert_true(roster_set_channel(h->roster, "globex", "field", "C8", NULL));
	assert_true(roster_set_channel(h->roster, "acme", "C1", "C9", NULL)); /* sales is no name */
	restart(h);
	assert_string_equal(roster_team_at(h->roster, "acme", "C7")->config->name, "field");
	assert_null(roster_team_at(h->roster, "globex", "C8"));
	assert_null(roster_team_at(h->roster, "acme", "C9"));
	assert_string_equal(roster_team(h->roster, "field")->channel, "C7");
}

static void test_a_name_may_come_to_mean_another_channel(void **state)
{
	struct house *h = *state;
	assert_true(roster_set_channel(h->roster, "acme", "field", "C7", NULL));
	assert_true(roster_set_channel(h->roster, "acme", "field", "C8", NULL));
	assert_null(roster_team_at(h->roster, "acme", "C7"));
	assert_string_equal(roster_team_at(h->roster, "acme", "C8")->config->name, "field");
	restart(h);
	assert_null(roster_team_at(h->roster, "acme", "C7"));
	assert_string_equal(roster_team_at(h->roster, "acme", "C8")->config->name, "field");
}

static void test_members_join_and_leave(void **state)
{
	struct house *h = *state;
	learn(h, "U1", "Ana", "ana", NULL);
	learn(h, "U2", "Bo", "bo", NULL);
	assert_false(is_member(h, "sales", "U1"));
	join(h, "sales", "U1");
	join(h, "sales", "U1"); /* twice is once */
	join(h, "sales", "U2");
	join(h, "field", "U2");
	restart(h);
	assert_true(is_member(h, "sales", "U1"));
	assert_true(is_member(h, "field", "U2"));
	assert_false(is_member(h, "field", "U1"));
	assert_false(roster_is_member(roster_team(h->roster, "sales"), NULL));
	assert_true(roster_drop_member(h->roster, roster_team(h->roster, "sales"), person_at(h, "U1"), NULL));
	assert_true(roster_drop_member(h->roster, roster_team(h->roster, "sales"), person_at(h, "U1"), NULL));
	restart(h);
	assert_false(is_member(h, "sales", "U1"));
	assert_true(is_member(h, "sales", "U2"));
}

static void test_managers_are_named_by_account_handle_or_address(void **state)
{
	struct house *h = *state;
	const struct {
		const struct person *person;
		gboolean sales, field;
	} cases[] = {
		{ learn(h, "U1", "Ana", "ana", "ana@example.com"), FALSE, FALSE },
		{ learn(h, "U9", "Ian", "ian", NULL), TRUE, FALSE },
		{ learn(h, "U2", "Somebody", "MIA", NULL), TRUE, TRUE },
		{ learn(h, "U3", "The boss", "boss", "boss@example.com"), TRUE, FALSE },
		{ learn(h, "U4", "mia", "other", NULL), FALSE,
			FALSE },				     /* a name anybody may give themselves */
		{ learn(h, "U5", "U9", "u9", "mia"), FALSE, FALSE }, /* nor these */
		{ learn(h, "U6", "Mia", NULL, NULL), TRUE, TRUE },   /* a platform without handles */
		{ learn_in(h, "globex", &(struct person_facts){ .account = "U9", .handle = "mia" }), FALSE,
			FALSE },
		{ NULL, FALSE, FALSE },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		gboolean sales = roster_is_manager(roster_team(h->roster, "sales"), cases[i].person);
		gboolean field = roster_is_manager(roster_team(h->roster, "field"), cases[i].person);
		if (sales != cases[i].sales || field != cases[i].field)
			fail_msg("case %zu: %d %d", i, sales, field);
		assert_false(roster_is_manager(roster_team(h->roster, "other"), cases[i].person));
	}
}

static void test_a_persons_teams_come_in_order(void **state)
{
	struct house *h = *state;
	learn(h, "U1", "Ana", "ana", NULL);
	learn(h, "U2", "Mia", "mia", NULL);
	join(h, "field", "U1");
	join(h, "sales", "U1");
	const struct team *sales = roster_team(h->roster, "sales"), *field = roster_team(h->roster, "field");
	assert_ptr_equal(roster_next_team_of(h->roster, "acme", person_at(h, "U1"), NULL), sales);
	assert_ptr_equal(roster_next_team_of(h->roster, "acme", person_at(h, "U1"), sales), field);
	assert_null(roster_next_team_of(h->roster, "acme", person_at(h, "U1"), field));
	assert_null(roster_next_team_of(h->roster, "globex", person_at(h, "U1"), NULL));
	assert_ptr_equal(
		roster_next_team_of(h->roster, "acme", person_at(h, "U2"), NULL), sales); /* manages it */
	assert_null(roster_next_team_of(h->roster, "acme", NULL, NULL));
}

/* ---- the store ---- */

static void test_a_rollback_undoes_everything(void **state)
{
	struct house *h = *state;
	learn(h, "U1", "Ana", "ana", NULL);
	restart(h);
	learn(h, "U1", "Changed", "changed", NULL);
	learn(h, "U2", "Bo", "bo", NULL);
	join(h, "sales", "U1");
	join(h, "sales", "U2");
	assert_true(roster_set_channel(h->roster, "acme", "field", "C7", NULL));
	db_rollback(h->db);
	assert_true(roster_reload(h->roster, NULL));
	assert_true(db_begin(h->db, NULL));
	assert_string_equal(person_at(h, "U1")->name, "Ana");
	assert_null(person_at(h, "U2"));
	assert_false(is_member(h, "sales", "U1"));
	assert_null(roster_team(h->roster, "field")->channel);
	assert_null(roster_find(h->roster, "acme", "changed"));
	learn(h, "U3", "Cai", "cai", NULL); /* takes the number that Bo had not */
	restart(h);
	assert_string_equal(person_at(h, "U3")->name, "Cai");
}

static void test_a_new_configuration_keeps_people_and_their_teams(void **state)
{
	struct house *h = *state;
	learn(h, "U1", "Ana", "ana", NULL);
	join(h, "sales", "U1");
	join(h, "field", "U1");
	assert_true(roster_set_channel(h->roster, "acme", "field", "C7", NULL));
	struct config *smaller = parse(smaller_text);
	assert_true(roster_configure(h->roster, smaller, NULL));
	assert_null(roster_team(h->roster, "sales"));
	assert_null(roster_team_at(h->roster, "acme", "C1"));
	assert_true(is_member(h, "field", "U1"));
	assert_null(roster_team(h->roster, "field")->channel); /* another name now */
	assert_null(roster_team_at(h->roster, "acme", "C7"));
	assert_true(roster_configure(h->roster, h->config, NULL));
	config_free(smaller);
	assert_true(is_member(h, "sales", "U1"));
	assert_string_equal(roster_team(h->roster, "field")->channel, "C7");
}

/* A reload that cannot read leaves the old roster whole: no team is missing, no pointer hangs. */
static void test_a_reload_that_fails_changes_nothing(void **state)
{
	struct house *h = *state;
	learn(h, "U1", "Ana", "ana", NULL);
	join(h, "sales", "U1");
	restart(h);
	db_rollback(h->db);
	static const struct sql hide = { .name = "hide", .text = "ALTER TABLE member RENAME TO hidden" };
	static const struct sql unhide = { .name = "unhide", .text = "ALTER TABLE hidden RENAME TO member" };
	assert_true(db_exec(h->db, &hide, NULL));
	struct config *smaller = parse(smaller_text);
	g_autoptr(GError) error = NULL;
	assert_false(roster_reload(h->roster, &error));
	assert_non_null(error);
	assert_false(roster_configure(h->roster, smaller, NULL));
	config_free(smaller);
	assert_ptr_equal(roster_config(h->roster), h->config);
	assert_true(is_member(h, "sales", "U1"));
	assert_non_null(roster_teams(h->roster)[3]);
	assert_null(roster_teams(h->roster)[4]);
	assert_true(db_exec(h->db, &unhide, NULL));
	assert_true(roster_reload(h->roster, NULL));
	assert_true(is_member(h, "sales", "U1"));
	assert_true(db_begin(h->db, NULL));
}

/* ---- the register ---- */

/* Puts an entry into the register, as an import does, and reads the roster again. */
static void enrol(struct house *h, struct register_entry *entry)
{
	g_autoptr(GError) error = NULL;
	check(register_add(h->db, entry, &error), error);
	check(roster_reload(h->roster, &error), error);
	register_entry_free(entry);
}

static struct register_entry *entry_of(const char *name, const char *email, const char *slack, const char *feishu)
{
	struct register_entry *entry = register_entry_new(name);
	register_entry_set(entry, REGISTER_EMAIL, email);
	register_entry_set(entry, REGISTER_SLACK_ID, slack);
	register_entry_set(entry, REGISTER_FEISHU_ID, feishu);
	return entry;
}

static void test_the_register_joins_the_accounts_of_one_human_being(void **state)
{
	struct house *h = *state;
	gint64 on_slack = learn(h, "U1", "Ana Lima", "ana", NULL)->id;
	learn_in(h, "lark", &(struct person_facts){ .account = "ou_1", .name = "安娜" });
	gint64 on_lark = roster_person(h->roster, "lark", "ou_1")->id;
	assert_int_not_equal(on_slack, on_lark);
	assert_true(roster_add_member(h->roster, roster_team(h->roster, "east"), roster_person(h->roster, "lark", "ou_1"), NULL));
	struct register_entry *entry = entry_of("Ana Lima", "", "U1", "ou_1");
	register_entry_set(entry, REGISTER_ZONE, "Asia/Shanghai");
	register_entry_set(entry, REGISTER_LANGUAGE, "zh-CN");
	enrol(h, entry);
	const struct person *ana = person_at(h, "U1");
	assert_ptr_equal(roster_person(h->roster, "lark", "ou_1"), ana);
	assert_ptr_equal(roster_person_by_id(h->roster, on_slack), ana);
	assert_ptr_equal(roster_person_by_id(h->roster, on_lark), ana);
	assert_int_equal(ana->id, on_slack);
	assert_string_equal(roster_account("lark", ana), "ou_1");
	assert_true(roster_is_member(roster_team(h->roster, "east"), ana));
	assert_ptr_equal(roster_zone(h->roster, ana, roster_team(h->roster, "sales")), zone_find("Asia/Shanghai"));
	assert_string_equal(ana->language, "zh-CN");
	/* Gone from one platform, still there on the other; the channel there is left for good. */
	learn_in(h, "acme", &(struct person_facts){ .account = "U1", .deactivated = TRUE });
	assert_true(roster_is_active(person_at(h, "U1")));
	assert_string_equal(roster_workspace_of(h->roster, person_at(h, "U1")), "lark");
	assert_true(roster_drop_member(h->roster, roster_team(h->roster, "east"), person_at(h, "U1"), NULL));
	restart(h);
	assert_false(roster_is_member(roster_team(h->roster, "east"), person_at(h, "U1")));
}

static void test_an_address_joins_when_the_platform_tells_it(void **state)
{
	struct house *h = *state;
	learn(h, "U1", "Ana", "ana", "Ana@Example.com");
	enrol(h, entry_of("Ana", "ana@example.com", "", ""));
	gint64 id = person_at(h, "U1")->id;
	const struct person *other = learn_in(h, "lark", &(struct person_facts){ .account = "ou_1", .name = "安娜" });
	assert_int_not_equal(other->id, id);
	other = learn_in(h, "lark", &(struct person_facts){ .account = "ou_1", .email = "ana@example.com" });
	assert_int_equal(other->id, id);
	assert_ptr_equal(person_at(h, "U1"), other);
	assert_ptr_equal(roster_person_of(h->roster, other->entry), other);
}

static void test_the_registers_teams_win_over_the_channel(void **state)
{
	struct house *h = *state;
	learn(h, "U1", "Ana", "ana", NULL);
	learn(h, "U2", "Bo", "bo", NULL);
	join(h, "sales", "U1");
	join(h, "sales", "U2");
	struct register_entry *entry = entry_of("Ana", "", "U1", "");
	register_entry_set(entry, REGISTER_TEAMS, "field; east");
	enrol(h, entry);
	assert_false(is_member(h, "sales", "U1"));
	assert_true(is_member(h, "field", "U1"));
	assert_false(is_member(h, "east", "U1")); /* no account there */
	assert_true(is_member(h, "sales", "U2"));
	/* What she said in the channel counts again when the register tells no team. */
	assert_true(roster_note(h->roster, person_at(h, "U1"), REGISTER_TEAMS, "", 0, 1, NULL));
	assert_true(is_member(h, "sales", "U1"));
	assert_false(is_member(h, "field", "U1"));
	learn_in(h, "acme", &(struct person_facts){ .account = "U1", .deactivated = TRUE });
	assert_false(is_member(h, "sales", "U1"));
}

static void test_holders_of_a_role(void **state)
{
	struct house *h = *state;
	static const struct {
		const char *account, *handle, *roles, *team;
	} people[] = {
		{ "U1", "ana", "销售攻坚;mentor", "sales" },
		{ "U2", "bo", "运营", "field" },
		{ "U3", "cy", "operations", "sales" },
		{ "U4", "di", "HR", NULL },
		{ "U5", "ed", "运营支持", "sales" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(people); i++) {
		learn(h, people[i].account, people[i].handle, people[i].handle, NULL);
		if (people[i].team)
			join(h, people[i].team, people[i].account);
		assert_true(roster_note(h->roster, person_at(h, people[i].account), REGISTER_ROLES, people[i].roles, 0, 1, NULL));
	}
	learn_in(h, "acme", &(struct person_facts){ .account = "U5", .deactivated = TRUE });
	static const struct {
		const char *role, *team, *holders;
	} cases[] = {
		{ "运营", "sales", "U3" },
		{ "OPS", "field", "U2" },
		{ "运营支持", NULL, "U2 U3" },
		{ ROLE_HR, "sales", "U4" }, /* nobody of the team: who holds it for the company */
		{ "Mentor", "sales", "U1" },
		{ "sales", NULL, "U1" },
		{ ROLE_CEO, "sales", "" },
		{ "", NULL, "" },
	};
	for (int rounds = 0; rounds < 2; rounds++) {
		for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
			const struct team *team = cases[i].team ? roster_team(h->roster, cases[i].team) : NULL;
			g_autoptr(GPtrArray) holders = roster_holders(h->roster, "acme", cases[i].role, team);
			g_autoptr(GString) got = g_string_new(NULL);
			for (guint p = 0; p < holders->len; p++)
				g_string_append_printf(got, "%s%s", p ? " " : "", roster_account("acme", holders->pdata[p]));
			if (strcmp(got->str, cases[i].holders) != 0)
				fail_msg("'%s' is held by '%s'", cases[i].role, got->str);
		}
		restart(h);
	}
}

static void test_whom_a_text_addresses(void **state)
{
	struct house *h = *state;
	static const char *const people[][3] = { { "U1", "ana", "sales" }, { "U2", "bo", "运营支持;mentor" }, { "U3", "cy", "data" },
		{ "U4", "di", "数据中台" }, { "U5", "ed", "ops" } };
	for (size_t i = 0; i < G_N_ELEMENTS(people); i++) {
		learn(h, people[i][0], people[i][1], people[i][1], NULL);
		assert_true(roster_note(h->roster, person_at(h, people[i][0]), REGISTER_ROLES, people[i][2], 0, 1, NULL));
	}
	join(h, "sales", "U2");
	learn_in(h, "acme", &(struct person_facts){ .account = "U5", .deactivated = TRUE });
	static const struct {
		const char *text, *people;
	} cases[] = {
		{ "", "" },
		{ "运营 should look", "" },
		{ "@运营请看一下", "U2" },
		{ "请 ＠运营支持 看", "U2" },
		{ "<@U1> and @ops, @Mentor", "U1 U2" },
		{ "<@U1|ana> <@U1> <@U5> <@U404>", "U1" },
		{ "@data: please", "U3" },
		{ "@database", "" },
		{ "@数据中台 @数据", "U4 U3" },
		{ "mail ana@sales.example", "" },
		{ "@nobody @", "" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) addressed = roster_addressed(h->roster, "acme", roster_team(h->roster, "sales"), cases[i].text);
		g_autoptr(GString) got = g_string_new(NULL);
		for (guint p = 0; p < addressed->len; p++)
			g_string_append_printf(got, "%s%s", p ? " " : "", roster_account("acme", addressed->pdata[p]));
		if (strcmp(got->str, cases[i].people) != 0)
			fail_msg("'%s' addresses '%s'", cases[i].text, got->str);
	}
}

static const char *manager_at(struct house *h, const char *account)
{
	return roster_account("acme", roster_manager(h->roster, person_at(h, account)));
}

static void test_managers_and_theirs(void **state)
{
	struct house *h = *state;
	static const struct {
		const char *account, *name, *manager;
	} people[] = { { "U1", "Ana", "Bo" }, { "U2", "Bo", "cy@x.example" }, { "U3", "Cy", "" }, { "U4", "Di", "" },
		{ "U5", "Ed", "Fay" }, { "U6", "Fay", "Ed" }, { "U7", "Gus", "Nobody at all" } };
	for (size_t i = 0; i < G_N_ELEMENTS(people); i++) {
		learn(h, people[i].account, people[i].name, people[i].name, i == 2 ? "cy@x.example" : NULL);
		assert_true(roster_note(h->roster, person_at(h, people[i].account), REGISTER_MANAGER, people[i].manager, 0, 1, NULL));
	}
	learn(h, "U9", "Boss", "boss", NULL);
	join(h, "sales", "U4");
	join(h, "sales", "U7");
	restart(h);
	assert_string_equal(manager_at(h, "U1"), "U2");
	assert_string_equal(manager_at(h, "U2"), "U3");
	assert_null(manager_at(h, "U3"));
	assert_string_equal(manager_at(h, "U4"), "U9"); /* the team's */
	assert_string_equal(manager_at(h, "U5"), "U6");
	assert_string_equal(manager_at(h, "U7"), "U9"); /* the register's word means nobody */
	assert_null(roster_manager(h->roster, NULL));
	/* Who has left leads nobody: their own manager does; and a circle ends. */
	learn_in(h, "acme", &(struct person_facts){ .account = "U2", .deactivated = TRUE });
	learn_in(h, "acme", &(struct person_facts){ .account = "U6", .deactivated = TRUE });
	assert_string_equal(manager_at(h, "U1"), "U3");
	assert_null(manager_at(h, "U5"));
}

static void test_what_is_noted_is_kept_and_by_whom(void **state)
{
	struct house *h = *state;
	const struct person *ana = learn(h, "U1", "Ana Lima", "ana", "ana@example.com"), *bo = learn(h, "U2", "Bo", "bo", NULL);
	assert_null(ana->entry);
	assert_true(roster_note(h->roster, ana, REGISTER_BIRTHDAY, "03-15", bo->id, 5000, NULL));
	assert_true(roster_note(h->roster, ana, REGISTER_ZONE, "Europe/Berlin", ana->id, 6000, NULL));
	assert_true(roster_note_shown(h->roster, ana, "private", ana->id, 7000, NULL));
	assert_ptr_equal(ana->zone, zone_find("Europe/Berlin"));
	restart(h);
	const struct register_entry *entry = person_at(h, "U1")->entry;
	assert_string_equal(entry->fields[REGISTER_NAME], "Ana Lima");
	assert_string_equal(entry->fields[REGISTER_SLACK_ID], "U1");
	assert_string_equal(entry->fields[REGISTER_EMAIL], "ana@example.com");
	assert_string_equal(entry->fields[REGISTER_BIRTHDAY], "03-15");
	assert_string_equal(entry->fields[REGISTER_ZONE], "Europe/Berlin");
	assert_string_equal(entry->shown, "private");
	assert_int_equal(roster_register(h->roster)->len, 1);
	g_autoptr(GString) kept = g_string_new(NULL);
	g_autoptr(db_rows) rows = db_query(h->db, &SQL_REGISTER_CHANGES, ARG_INT(entry->id));
	while (db_next(rows))
		g_string_append_printf(kept, "%s:%s>%s by %d at %d\n", db_text(rows, 0), db_text(rows, 1), db_text(rows, 2),
			(int)db_int(rows, 3), (int)db_int(rows, 4));
	assert_true(db_end(rows, NULL));
	g_autofree char *expected = g_strdup_printf("birthday:>03-15 by %d at 5000\nzone:>Europe/Berlin by %d at 6000\n"
						    "shown:unasked>private by %d at 7000\n",
		2, 1, 1);
	assert_string_equal(kept->str, expected);
}

#define ON_HOUSE(test) cmocka_unit_test_setup_teardown(test, make_house, free_house)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_HOUSE(test_an_account_becomes_a_person),
		ON_HOUSE(test_what_is_not_told_is_kept_and_what_is_told_counts),
		ON_HOUSE(test_a_person_without_a_name_has_the_handle_or_the_account),
		ON_HOUSE(test_an_unknown_zone_is_none),
		ON_HOUSE(test_a_profiles_later_zone_does_not_count),
		ON_HOUSE(test_the_same_account_elsewhere_is_somebody_else),
		ON_HOUSE(test_finding),
		ON_HOUSE(test_finding_does_not_depend_on_chance),
		ON_HOUSE(test_teams_come_in_the_order_of_the_configuration),
		ON_HOUSE(test_a_team_is_found_by_its_channel),
		ON_HOUSE(test_a_channels_name_is_resolved_once_and_kept),
		ON_HOUSE(test_a_name_may_come_to_mean_another_channel),
		ON_HOUSE(test_members_join_and_leave),
		ON_HOUSE(test_managers_are_named_by_account_handle_or_address),
		ON_HOUSE(test_a_persons_teams_come_in_order),
		ON_HOUSE(test_a_rollback_undoes_everything),
		ON_HOUSE(test_a_new_configuration_keeps_people_and_their_teams),
		ON_HOUSE(test_a_reload_that_fails_changes_nothing),
		ON_HOUSE(test_the_register_joins_the_accounts_of_one_human_being),
		ON_HOUSE(test_an_address_joins_when_the_platform_tells_it),
		ON_HOUSE(test_the_registers_teams_win_over_the_channel),
		ON_HOUSE(test_holders_of_a_role),
		ON_HOUSE(test_whom_a_text_addresses),
		ON_HOUSE(test_managers_and_theirs),
		ON_HOUSE(test_what_is_noted_is_kept_and_by_whom),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
