/* SPDX-License-Identifier: MIT */
#include "person/person.h"

#include "team/day_words.h"
#include "team/yearly.h"
#include "team/zone_guess.h"

static const char *read_list(struct turn *t, const char *text)
{
	static const char *const signs[] = { "；", "，", "、", ",", " ", NULL };
	GString *list = g_string_new(text);
	for (const char *const *sign = signs; *sign; sign++)
		g_string_replace(list, *sign, ";", 0);
	while (g_string_replace(list, ";;", ";", 0) > 0)
		;
	return turn_keep(t, g_string_free(list, FALSE));
}

static const char *read_teams(struct turn *t, const char *text)
{
	const char *list = read_list(t, text);
	g_auto(GStrv) teams = g_strsplit(list, ";", -1);
	for (char **team = teams; *team; team++)
		if (!roster_team(t->roster, *team))
			return NULL;
	return list;
}

static const char *teams_of(struct turn *t, const struct person *person)
{
	GString *names = g_string_new(NULL);
	for (const struct team *const *team = roster_teams(t->roster); *team; team++)
		if (roster_is_member(*team, person) || roster_is_manager(*team, person))
			g_string_append_printf(names, "%s%s", names->len ? ";" : "", (*team)->config->name);
	return turn_keep(t, g_string_free(names, FALSE));
}

static const char *manager_of(struct turn *t, const struct person *person)
{
	const struct person *manager = roster_manager(t->roster, person);
	return manager ? turn_keep(t, g_strdup(manager->name)) : "";
}

static const char *read_zone(struct turn *t, const char *text)
{
	(void)t;
	return zone_find(text) ? text : NULL;
}

static const char *read_language(struct turn *t, const char *text)
{
	static const struct {
		const char *word, *tag;
	} words[] = { { "中文", "zh-CN" }, { "Chinese", "zh-CN" }, { "英文", "en" }, { "英语", "en" }, { "English", "en" } };
	enum language language;
	(void)t;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_ascii_strcasecmp(text, words[i].word) == 0)
			return words[i].tag;
	return language_match(text, &language) ? language_tag(language) : NULL;
}

/* The register keeps an address, which stays right when names change; else the name it knows the manager by. */
static const char *read_manager(struct turn *t, const char *text)
{
	const struct person *manager = roster_find(t->roster, t->event->place.workspace, text);
	if (!roster_is_active(manager))
		return NULL;
	/* A manager whom the register does not know yet is to be found in it. */
	if (!manager->entry)
		turn_register(t, manager, REGISTER_NAME, manager->name);
	const struct register_entry *entry = manager->entry;
	if (!entry)
		return NULL;
	return *entry->fields[REGISTER_EMAIL] ? entry->fields[REGISTER_EMAIL] : entry->fields[REGISTER_NAME];
}

static const char *show_manager(struct turn *t, const char *kept)
{
	for (guint i = 0; i < roster_register(t->roster)->len; i++) {
		const struct register_entry *entry = roster_register(t->roster)->pdata[i];
		if (strcmp(entry->fields[REGISTER_EMAIL], kept) == 0)
			return entry->fields[REGISTER_NAME];
	}
	return kept;
}

static const char *read_birthday(struct turn *t, const char *text)
{
	struct yearly date;
	GString *plain = g_string_new(text);
	g_string_replace(plain, "农历", "lunar ", 1);
	g_string_replace(plain, "阴历", "lunar ", 1);
	g_string_replace(plain, "闰", "leap ", 1);
	while (g_string_replace(plain, "  ", " ", 0) > 0)
		;
	gboolean good = yearly_parse(plain->str, &date, NULL);
	g_string_free(plain, TRUE);
	return good ? turn_keep(t, yearly_print(&date)) : NULL;
}

/* The year is never shown. */
static const char *show_birthday(struct turn *t, const char *kept)
{
	struct yearly date;
	if (!yearly_parse(kept, &date, NULL))
		return kept;
	date.year = 0;
	g_autofree char *text = yearly_print(&date);
	return g_str_has_prefix(text, "lunar ") ? turn_text(t, "person.lunar", TEXT_ARG("date", (const char *)text + strlen("lunar ")))
						: turn_keep(t, g_steal_pointer(&text));
}

static const char *read_hired(struct turn *t, const char *text)
{
	char day[ZONE_DAY_SIZE];
	const char *today = turn_day(t, t->person, t->team, t->now_ms);
	return day_words_read(text, today, DAY_WORDS_THIS_YEAR, day) ? turn_keep(t, g_strdup(day)) : NULL;
}

static const char *read_hours(struct turn *t, const char *text)
{
	struct hours hours;
	return hours_parse(text, &hours) ? turn_keep(t, hours_words(&hours, LANGUAGE_EN)) : NULL;
}

static const char *show_hours(struct turn *t, const char *kept)
{
	struct hours hours;
	return hours_parse(kept, &hours) ? turn_keep(t, hours_words(&hours, turn_language(t))) : kept;
}

#define WORDS(...) (const char *const[]){ __VA_ARGS__, NULL }

const struct person_field person_fields[] = {
	{ REGISTER_TEAMS, WORDS("team", "teams", "团队"), "person.teams", "person.wrong_teams", .read = read_teams, .counts = teams_of },
	{ REGISTER_MANAGER, WORDS("manager", "经理", "上级"), "person.manager", "person.wrong_manager", .read = read_manager,
		.show = show_manager, .counts = manager_of },
	{ REGISTER_ROLES, WORDS("role", "roles", "角色"), "person.roles", "person.wrong_roles", .read = read_list },
	{ REGISTER_ZONE, WORDS("zone", "timezone", "时区"), "person.zone", "person.wrong_zone", .own = TRUE, .read = read_zone, .guess = zone_guess },
	{ REGISTER_HOURS, WORDS("hours", "工作时间", "上班时间"), "person.hours", "person.wrong_hours", .own = TRUE, .read = read_hours,
		.show = show_hours },
	{ REGISTER_LANGUAGE, WORDS("language", "语言"), "person.language", "person.wrong_language", .own = TRUE, .read = read_language },
	{ REGISTER_BIRTHDAY, WORDS("birthday", "生日"), "person.birthday", "person.wrong_birthday", .own = TRUE, .secret = TRUE,
		.read = read_birthday, .show = show_birthday },
	{ REGISTER_HIRED, WORDS("hired", "joined", "入职"), "person.hired", "person.wrong_hired", .secret = TRUE, .read = read_hired },
	{ 0 },
};

const struct person_field *person_field_called(const char *word)
{
	for (const struct person_field *field = person_fields; field->words; field++)
		for (const char *const *w = field->words; *w; w++)
			if (g_ascii_strcasecmp(*w, word) == 0)
				return field;
	return NULL;
}
