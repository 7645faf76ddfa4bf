/* SPDX-License-Identifier: MIT */
#include "schedule/schedule.h"

#include "base/clock.h"
#include "schedule_texts.h"

enum { SHOWN_RINGS = 5 };

/* ---- of which team, of which ring ---- */

const struct team *schedule_team(struct turn *t)
{
	const char *workspace = t->event->place.workspace;
	const struct team *team = roster_team_at(t->roster, workspace, t->event->place.channel);
	for (const struct team *const *each = roster_teams(t->roster); !team && *each; each++)
		if (strcmp((*each)->config->workspace_name, workspace) == 0 && t->person && roster_is_manager(*each, t->person))
			team = *each;
	return team ? team : t->team;
}

/* What the ritual calls that topic; NULL: it is called by its own name alone. */
static const struct topic *topic_of(struct turn *t, const struct ring_line *line)
{
	for (const struct ritual *const *r = t->rituals; *r; r++)
		for (const struct topic *topic = (*r)->topics; strcmp((*r)->name, line->ritual) == 0 && topic && topic->name; topic++)
			if (strcmp(topic->name, line->topic) == 0)
				return topic;
	return NULL;
}

const char *schedule_name(struct turn *t, const struct ring_line *line)
{
	const struct topic *topic = topic_of(t, line);
	if (line->titles[turn_language(t)])
		return line->titles[turn_language(t)];
	return topic ? turn_text(t, topic->title) : line->topic;
}

const char *schedule_names(struct turn *t, const GArray *lines)
{
	g_autoptr(GString) names = g_string_new(NULL);
	for (guint i = 0; i < lines->len; i++)
		g_string_append_printf(names, "%s%s", i ? ", " : "", schedule_name(t, &g_array_index(lines, struct ring_line, i)));
	return turn_keep(t, g_string_free(g_steal_pointer(&names), FALSE));
}

/* Moves over the name, which a blank or the end must follow. */
static gboolean take_name(const char **rest, const char *name)
{
	g_autofree char *said = g_utf8_casefold(*rest, -1), *folded = g_utf8_casefold(name, -1);
	glong length = g_utf8_strlen(folded, -1);
	if (!g_str_has_prefix(said, folded) || g_utf8_strlen(*rest, -1) < length)
		return FALSE;
	const char *after = g_utf8_offset_to_pointer(*rest, length);
	if (*after && !g_ascii_isspace(*after))
		return FALSE;
	*rest = after + strspn(after, " \t");
	return TRUE;
}

static gboolean take_line(struct turn *t, const struct ring_line *line, const char **rest)
{
	const struct topic *topic = topic_of(t, line);
	if (take_name(rest, line->topic))
		return TRUE;
	for (enum language language = 0; language < LANGUAGE_COUNT; language++)
		if ((topic && take_name(rest, turn_text_in(t, language, topic->title))) ||
			(line->titles[language] && take_name(rest, line->titles[language])))
			return TRUE;
	for (const char *const *word = topic ? topic->words : NULL; word && *word; word++)
		if (take_name(rest, *word))
			return TRUE;
	/* The ritual's own command is one more name for what it is first about. */
	for (const struct ritual *const *r = t->rituals; topic && *r; r++)
		for (const char *const *word = topic == (*r)->topics && (*r)->commands ? (*r)->commands[0].words : NULL; word && *word; word++)
			if (take_name(rest, *word))
				return TRUE;
	return FALSE;
}

const struct ring_line *schedule_find(struct turn *t, const GArray *lines, const char **rest)
{
	for (guint i = 0; i < lines->len; i++)
		if (take_line(t, &g_array_index(lines, struct ring_line, i), rest))
			return &g_array_index(lines, struct ring_line, i);
	return NULL;
}

const char *schedule_time(struct turn *t, GTimeZone *zone, int64_t at_ms)
{
	struct zone_time local;
	zone_local(zone, at_ms, &local);
	return turn_keep(t, g_strdup_printf("%02d:%02d %s", local.hour, local.minute, g_time_zone_get_identifier(zone)));
}

/* ---- showing ---- */

static const char *words_of(struct turn *t, const struct recurrence *rule)
{
	return turn_keep(t, recurrence_words(rule, turn_language(t)));
}

/* What was said last: it may count from tomorrow only. */
static const char *rule_text(struct turn *t, const struct team *team, const struct ring_line *line)
{
	const struct ring_rule *rule = &line->rules.of[line->rules.count - 1];
	const char *name = schedule_name(t, line), *words = words_of(t, rule->rule), *zone = g_time_zone_get_identifier(team->zone);
	if (rule->is_off)
		return turn_text(t, "schedule.line_off", TEXT_ARG("name", name), TEXT_ARG("by", rule->by));
	if (*rule->by)
		return turn_text(t, "schedule.line_changed", TEXT_ARG("name", name), TEXT_ARG("words", words), TEXT_ARG("zone", zone),
			TEXT_ARG("by", rule->by));
	return turn_text(t, "schedule.line", TEXT_ARG("name", name), TEXT_ARG("words", words), TEXT_ARG("zone", zone));
}

static void add_line(struct turn *t, struct message *m, const struct team *team, const struct ring_line *line)
{
	int64_t at_ms = t->now_ms;
	message_say(m, rule_text(t, team, line));
	for (int i = 0; i < SHOWN_RINGS && ring_next(&line->rules, team, team->zone, at_ms, &at_ms); i++) {
		char day[ZONE_DAY_SIZE];
		zone_day(team->zone, at_ms, day);
		message_item(m, turn_text(t, "schedule.ring", TEXT_ARG("day", turn_day_text(t, day, turn_language(t))),
					TEXT_ARG("time", schedule_time(t, team->zone, at_ms))));
	}
}

static void show(struct turn *t, const struct event *event, const char *rest)
{
	const struct team *team = schedule_team(t);
	(void)event;
	(void)rest;
	g_autoptr(GArray) lines = team ? ring_lines(t, team) : NULL;
	if (!lines || lines->len == 0) {
		turn_whisper(t, turn_text(t, "schedule.none"));
		return;
	}
	struct message *m = message_new();
	message_title(m, turn_text(t, "schedule.title", TEXT_ARG("team", team->config->name)));
	for (guint i = 0; i < lines->len; i++)
		add_line(t, m, team, &g_array_index(lines, struct ring_line, i));
	message_context(m, turn_text(t, "schedule.own_time"));
	turn_private(t, m);
}

/* ---- changing ---- */

/*
 * A round that has begun keeps its day, and so does one whose new hour has passed already, lest it be lost: then the change counts
 * from tomorrow.
 */
static gboolean counts_today(struct turn *t, const struct team *team, const struct ring_rule *now, const struct recurrence *then, const char *today)
{
	int64_t at_ms;
	const struct calendar *calendar = team->config->calendar;
	if (!now->is_off && recurrence_on(now->rule, calendar, today, NULL) == RECURRENCE_RINGS &&
		zone_instant(team->zone, today, recurrence_minute(now->rule), &at_ms) && at_ms <= t->now_ms)
		return FALSE;
	return !then || recurrence_on(then, calendar, today, NULL) != RECURRENCE_RINGS ||
	       (zone_instant(team->zone, today, recurrence_minute(then), &at_ms) && at_ms > t->now_ms);
}

/* then: NULL where it shall not ring. Tells what has changed. */
static void change(struct turn *t, const struct team *team, const struct ring_line *line, const struct recurrence *then, const char *words,
	const char *key)
{
	const char *today = turn_day(t, NULL, team, t->now_ms), *zone = g_time_zone_get_identifier(team->zone);
	char from[ZONE_DAY_SIZE];
	zone_day_shift(today, counts_today(t, team, ring_rule_on(&line->rules, today), then, today) ? 0 : 1, from);
	ring_change(t, team, line, from, words);
	turn_say(t, turn_text(t, key, TEXT_ARG("name", schedule_name(t, line)), TEXT_ARG("team", team->config->name),
		TEXT_ARG("words", then ? words_of(t, then) : ""), TEXT_ARG("zone", zone),
		TEXT_ARG("day", turn_day_text(t, from, turn_language(t)))));
}

static void set(struct turn *t, const struct team *team, const struct ring_line *line, const char *words)
{
	g_autoptr(recurrence_auto) said = recurrence_parse(words, NULL);
	if (!said) {
		turn_whisper(t, turn_text(t, "schedule.wrong", TEXT_ARG("words", words)));
		return;
	}
	/* A time alone keeps the days. */
	g_autoptr(recurrence_auto) then = recurrence_is_time(said) ? recurrence_at(line->rules.of[0].rule, recurrence_minute(said))
								  : g_steal_pointer(&said);
	g_autofree char *kept = recurrence_words(then, LANGUAGE_EN);
	change(t, team, line, then, kept, "schedule.changed");
}

static gboolean is_among(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (g_ascii_strcasecmp(word, *words) == 0)
			return TRUE;
	return FALSE;
}

static void change_by_words(struct turn *t, const struct team *team, const char *rest)
{
	static const char *const reset[] = { "reset", "恢复", "恢复默认", NULL }, *const off[] = { "off", "停", "停用", "关闭", NULL };
	g_autoptr(GArray) lines = ring_lines(t, team);
	const struct ring_line *line = schedule_find(t, lines, &rest);
	if (!line)
		turn_whisper(t, turn_text(t, "schedule.unknown", TEXT_ARG("words", rest), TEXT_ARG("names", schedule_names(t, lines))));
	else if (!turn_is_manager(t, team))
		turn_whisper(t, turn_text(t, "schedule.managers_only"));
	else if (is_among(rest, reset))
		change(t, team, line, line->rules.of[0].rule, "", "schedule.changed");
	else if (is_among(rest, off))
		change(t, team, line, NULL, "off", "schedule.switched_off");
	else
		set(t, team, line, rest);
}

static void schedule_command(struct turn *t, const struct event *event, const char *rest)
{
	const struct team *team = schedule_team(t);
	if (!team || !*rest)
		show(t, event, rest);
	else
		change_by_words(t, team, rest);
}

/* ---- the heart ---- */

static void beat(struct turn *t)
{
	ring_beat(t);
	turn_schedule(t, "beat", "", t->now_ms + RING_BEAT_MS);
}

static void beat_due(struct turn *t, const struct event *event)
{
	(void)event;
	beat(t);
}

static const struct command subs[] = {
	{ .words = (const char *const[]){ "show", "查看", "看", NULL }, .only_tells = TRUE, .run = show },
	{ 0 },
};

static const struct command commands[] = {
	{ .words = (const char *const[]){ "schedule", "日程", "时间表", NULL },
		.help = "schedule.help",
		.takes_text = TRUE,
		.run = schedule_command,
		.subs = subs },
	{ .words = (const char *const[]){ "why", "为什么", NULL }, .help = "schedule.help_why", .takes_text = TRUE, .run = schedule_why },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_DUE, .word = "beat", .run = beat_due },
	{ 0 },
};

const struct ritual ritual_schedule = {
	.name = "schedule",
	.title = "schedule.help_title",
	.triggers = triggers,
	.commands = commands,
	.texts = &texts_schedule,
	.start = beat,
};
