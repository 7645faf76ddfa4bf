/* SPDX-License-Identifier: MIT */
#include "team/config_keys.h"

#include "team/config_must.h"

/* How somebody is named: a name, an e-mail address or an id. */
#define PERSON_PATTERN "^(@[^ ,<>@]+|[^ ,<>@]+@[^ ,<>@]+|[UW][A-Z0-9]+|ou_[A-Za-z0-9_]+)$"

/* ---- values of absent keys ---- */

static void begin_workspace(const struct config *config, void *item)
{
	struct config_workspace *workspace = item;
	(void)config;
	workspace->operators = g_new0(char *, 1);
	workspace->rate_limits = TRUE; /* also when the value cannot be read */
}

static void begin_team(const struct config *config, void *item)
{
	struct config_team *team = item;
	team->zone = g_strdup(config->default_zone);
	team->language = config->default_language;
	team->managers = g_new0(char *, 1);
	team->highlight_stars = g_strdupv((char *[]){ "star", "star2", "trophy", NULL });
	team->standup = (struct config_standup){ .format = 'A', .deadline_minute = -1, .prompt_minute = -1, .remind_minute = -1, .feedback_minute = -1, .days = CONFIG_WORKDAYS };
}

static void begin_policy(const struct config *config, void *item)
{
	struct config_policy *policy = item;
	(void)config;
	policy->first_response = policy->plan = policy->resolution = CONFIG_NO_SPAN;
	policy->teams = g_new0(char *, 1);
	policy->warn = g_new0(char *, 2);
	policy->warn[0] = g_strdup("80%");
}

static void begin_sender(const struct config *config, void *item)
{
	struct config_sender *sender = item;
	(void)config;
	sender->teams = g_new0(char *, 1);
}

static void begin_standup(const struct config *config, void *item)
{
	struct config_standup *standup = item;
	(void)config;
	standup->enabled = TRUE;
}

static void begin_question(const struct config *config, void *item)
{
	struct config_question *question = item;
	(void)config;
	question->least = CONFIG_NO_LEAST;
	question->most = CONFIG_NO_MOST;
}

static void begin_round(const struct config *config, void *item)
{
	struct config_round *round = item;
	(void)config;
	round->audience = g_new0(char *, 1);
	round->remind_minute = -1;
	round->deadline_minute = -1;
}

static void begin_celebrations(const struct config *config, void *item)
{
	struct config_celebrations *celebrations = item;
	(void)config;
	celebrations->enabled = TRUE;
}

/* ---- the keys ---- */

const char *const config_days_words[3] = { "workdays", "daily", NULL };

static const char *const formats[] = { "A", "B", NULL };
static const char *const highlight_weeks[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun", "never", NULL };
static const char *const meeting_kinds[] = { "review", "strategy", "clinic", "tea", "other", NULL };
static const char *const rota_turns[] = { "week", "day", NULL };
static const char *const days_off[] = { "keep", "before", "after", NULL };
static const char *const platforms[] = { "slack", "feishu", NULL };

#define AT(type, field) .offset = offsetof(struct type, field)
#define SECTION(list)	.keys = list, .count = G_N_ELEMENTS(list)

/* clang-format off: a line for each */
static const struct config_key standup_keys[] = {
	{ "format", CONFIG_LETTER, AT(config_standup, format), .choices = formats, .fallback = "A",
		.example = "A",
		.help = "What the three parts are. A: results, goals, risks. B: actions, blockers, help." },
	{ "deadline", CONFIG_MINUTE, AT(config_standup, deadline_minute), .example = "\"10:30\"",
		.absent = "no standup counts as late",
		.help = "Until when a standup is on time, in the team's zone, in quotes. Later ones count "
			"and are marked late." },
	{ "prompt", CONFIG_RULE, AT(config_standup, prompt), .example = "\"09:30\"",
		.absent = "nobody is asked",
		.help = "When each member is asked in a direct message, in their own zone, in quotes." },
	{ "remind", CONFIG_MINUTE, AT(config_standup, remind_minute), .example = "\"10:15\"",
		.absent = "nobody is reminded",
		.help = "When whoever was asked and has not answered is reminded, once, in their own zone, in quotes." },
	{ "feedback", CONFIG_MINUTE, AT(config_standup, feedback_minute), .example = "\"18:00\"",
		.absent = "managers are not told",
		.help = "When the managers are told privately whose risks, blockers and calls for help of the day "
			"nobody has answered, in the team's zone, in quotes." },
	{ "days", CONFIG_DAYS, AT(config_standup, days), .fallback = "workdays",
		.example = "[mon, tue, wed, thu, fri]",
		.help = "The days on which a standup is expected: workdays (Monday to Friday), daily, or a "
			"list of days." },
};
static const struct config_section standup_section = {
	.noun = "standup",
	.help = "The three-line standup of a team; a team without this section has none.",
	.size = sizeof(struct config_standup),
	.begin = begin_standup,
	SECTION(standup_keys),
};

static const char *const question_kinds[] = { "text", "number", "choice", "scale", NULL };
static const char *const readers[] = { "channel", "manager", "private", NULL };

static const struct config_key question_keys[] = {
	{ "ask", CONFIG_WORDS, AT(config_question, ask), .required = TRUE, .example = "\"What did you read?\"",
		.help = "The question: one text, or one for each language, as { zh-CN: ..., en: ... }." },
	{ "kind", CONFIG_CHOICE, AT(config_question, kind), .choices = question_kinds, .fallback = "text", .example = "scale",
		.help = "What an answer is: a text, a number, one of some options, or a point on a scale." },
	{ "options", CONFIG_TEXTS, AT(config_question, options), .most = 20, .example = "[yes, no, maybe]",
		.absent = "none, for all but a choice", .help = "What can be chosen, two at least; for a choice alone." },
	{ "min", CONFIG_INTEGER, AT(config_question, least), .least = CONFIG_NO_LEAST, .most = CONFIG_NO_MOST, .example = "1",
		.absent = "1 for a scale, no limit for a number", .help = "The least that counts, for a number or a scale." },
	{ "max", CONFIG_INTEGER, AT(config_question, most), .least = CONFIG_NO_LEAST, .most = CONFIG_NO_MOST, .example = "10",
		.absent = "5 for a scale, no limit for a number", .help = "The most that counts, for a number or a scale." },
	{ "optional", CONFIG_FLAG, AT(config_question, optional), .fallback = "off", .example = "on",
		.help = "Whether the question may be left without an answer." },
};
static const struct config_section question_section = {
	.noun = "question",
	.help = "A question of a round.",
	.size = sizeof(struct config_question),
	.begin = begin_question,
	SECTION(question_keys),
};

static const struct config_key round_keys[] = {
	{ "name", CONFIG_TEXT, AT(config_round, name), .required = TRUE, .check = config_must_word, .example = "reading",
		.help = "How the round is called in commands: one word, each once in its team. It marks what is stored, so keep it." },
	{ "title", CONFIG_WORDS, AT(config_round, title), .absent = "its name", .example = "Reading club",
		.help = "What people read above its questions: one text, or one for each language, as { zh-CN: ..., en: ... }." },
	{ "questions", CONFIG_SECTIONS, AT(config_round, questions), .required = TRUE, .most = 10, .section = &question_section,
		.help = "What is asked, in this order." },
	{ "audience", CONFIG_TEXTS, AT(config_round, audience), .most = 200, .check = config_must_audience,
		.example = "[team, \"@hr\", \"@ana\"]", .pattern = "^(team|@[^ ,<>@]+|[^ ,<>@]+@[^ ,<>@]+|[UW][A-Z0-9]+|ou_[A-Za-z0-9_]+)$",
		.absent = "the team",
		.help = "Who is asked: team (its members but for its managers), roles and names in quotes, e-mail addresses, ids." },
	{ "schedule", CONFIG_RULE, AT(config_round, schedule), .required = TRUE, .example = "every friday 16:00",
		.help = "When it asks, each person at that time of their own day: workdays 09:30, every friday 16:00, last workday of "
			"month 15:00, or the same in Chinese." },
	{ "remind", CONFIG_MINUTE, AT(config_round, remind_minute), .most = 6, .example = "\"18:00\"",
		.absent = "nobody is reminded",
		.help = "When whoever has not answered hears once more, by their own clock, in quotes; \"+1 10:00\" is the day after." },
	{ "deadline", CONFIG_MINUTE, AT(config_round, deadline_minute), .most = 6, .example = "\"+1 12:00\"",
		.absent = "24 hours after it asks",
		.help = "When the round is closed with its summary, by the team's clock, in quotes; \"+1 12:00\" is the day after. Later "
			"answers count until the next round and are marked late." },
	{ "summary", CONFIG_CHOICE, AT(config_round, summary), .choices = readers, .fallback = "channel", .example = "manager",
		.help = "Who reads the answers: channel (everybody there), manager (the team's managers), private (those who answered)." },
	{ "anonymous", CONFIG_FLAG, AT(config_round, anonymous), .fallback = "off", .example = "on",
		.help = "Answers are kept without their author, and shown from five on, once, at the deadline." },
	{ "board", CONFIG_FLAG, AT(config_round, board), .fallback = "off", .example = "on",
		.help = "Whether a board in the channel shows how the round stands, with `summary: channel`." },
};
static const struct config_section round_section = {
	.noun = "round",
	.help = "A round of the team's own: the same questions again and again, to the same people.",
	.size = sizeof(struct config_round),
	.begin = begin_round,
	SECTION(round_keys),
};

static const struct config_key celebrations_keys[] = {
	{ "at", CONFIG_MINUTE, AT(config_celebrations, minute), .fallback = "09:30", .example = "\"09:30\"",
		.help = "When somebody is celebrated on the day, in their own zone, in quotes; in a team with a "
			"calendar, when the team next works on that day." },
	{ "prepare", CONFIG_INTEGER, AT(config_celebrations, prepare_days), .least = 0, .most = 60, .fallback = "7",
		.example = "7",
		.help = "So many days before, the managers and whoever holds the role HR hear of it (a card, a gift), "
			"and before a work anniversary the CEO, who may write a letter. 0: nobody hears." },
	{ "wishes", CONFIG_INTEGER, AT(config_celebrations, wish_days), .least = 0, .most = 30, .fallback = "3",
		.example = "3",
		.help = "So many days before a birthday the colleagues are asked privately for a wish. 0: nobody is." },
	{ "days_off", CONFIG_CHOICE, AT(config_celebrations, days_off), .choices = days_off, .fallback = "keep",
		.example = "before",
		.help = "When the day is not worked: keep celebrates on it all the same, before and after on the "
			"nearest working day before or after it." },
	{ "party", CONFIG_TEXT, AT(config_celebrations, party), .check = config_must_party,
		.example = "last workday of month 15:00", .absent = "there is no party",
		.help = "When the month's children are invited together in the channel, in the team's zone: last workday of month "
			"15:00, second friday of month 16:00. A month without any passes without a post." },
	{ "welcome", CONFIG_FLAG, AT(config_celebrations, welcome), .fallback = "on", .example = "on",
		.help = "Whether whoever is new in the channel is welcomed there." },
};
static const struct config_section celebrations_section = {
	.noun = "celebrations",
	.help = "Birthdays and work anniversaries of the people whose dates are known; nobody is celebrated in public "
		"who has not agreed. A team without this section has none.",
	.size = sizeof(struct config_celebrations),
	.begin = begin_celebrations,
	SECTION(celebrations_keys),
};

static const struct config_key meeting_keys[] = {
	{ "name", CONFIG_TEXT, AT(config_meeting, name), .required = TRUE, .check = config_must_word, .example = "review",
		.help = "What marks the meeting in what is stored: one word, each once in its team, so keep it." },
	{ "kind", CONFIG_CHOICE, AT(config_meeting, kind), .choices = meeting_kinds, .fallback = "other", .example = "review",
		.help = "What it is: review (the week's), strategy (the month's), clinic (of the data), tea (a tea party), or other. Its "
			"title, its agenda and how long it lasts follow from it." },
	{ "title", CONFIG_WORDS, AT(config_meeting, title), .absent = "what its kind is called, or its name", .example = "Weekly review",
		.help = "What people call it: one text, or one for each language, as { zh-CN: ..., en: ... }." },
	{ "schedule", CONFIG_RULE, AT(config_meeting, schedule), .required = TRUE, .example = "every friday 16:00",
		.help = "When it begins, in the team's zone: every friday 16:00, last workday of month 15:00, or the same in Chinese. On a day "
			"off it is not held, or moved, as the words say." },
	{ "minutes", CONFIG_INTEGER, AT(config_meeting, minutes), .least = 5, .most = 720, .example = "60",
		.absent = "60, and 90 for a strategy meeting", .help = "How long it lasts." },
	{ "announce", CONFIG_SPAN, AT(config_meeting, announce), .check = config_must_announce, .fallback = "1d", .example = "1d",
		.help = "So long before it is announced in the channel, with its agenda and a calendar file: 1d, 3h. What would fall on a day off "
			"comes on the working day before." },
	{ "agenda", CONFIG_TEXTS, AT(config_meeting, agenda), .most = 20, .example = "[numbers, learnings, next week]",
		.absent = "the usual one of its kind", .help = "What is on the agenda, in this order." },
	{ "link", CONFIG_TEXT, AT(config_meeting, link), .check = config_must_link, .example = "https://meet.example.com/review",
		.pattern = "^https?://[^ <>|]+$", .absent = "none", .help = "Where it is held, an address." },
	{ "themes", CONFIG_TEXTS, AT(config_meeting, themes), .most = 100, .example = "[travels, first jobs, a dish of my home]",
		.absent = "none", .help = "Of a tea party: what it may be about. The team chooses by vote in the channel, and no theme comes "
			"twice in a year." },
	{ "vote", CONFIG_SPAN, AT(config_meeting, vote), .check = config_must_announce, .fallback = "3d", .example = "3d",
		.help = "So long before a tea party the vote on its theme begins; it ends when the meeting is announced." },
};
static const struct config_section meeting_section = {
	.noun = "meeting",
	.help = "A meeting of the team, announced in good time and begun with what is known of the time since the last one.",
	.size = sizeof(struct config_meeting),
	SECTION(meeting_keys),
};

static const struct config_key window_keys[] = {
	{ "name", CONFIG_TEXT, AT(config_window, name), .required = TRUE, .check = config_must_word, .example = "leads",
		.help = "What marks the window in what is stored: one word, each once in its team, so keep it." },
	{ "first", CONFIG_WORDS, AT(config_window, first), .required = TRUE, .example = "High-intent leads first",
		.help = "What is done first then: one text, or one for each language, as { zh-CN: ..., en: ... }." },
	{ "schedule", CONFIG_RULE, AT(config_window, schedule), .required = TRUE, .example = "workdays 10:00",
		.help = "When it begins, for each person by their own clock: workdays 10:00, every monday 15:00, or the same in Chinese." },
	{ "until", CONFIG_MINUTE, AT(config_window, until_minute), .required = TRUE, .example = "\"12:00\"",
		.help = "When it is over, in quotes; after that nobody is reminded of it any more." },
};
static const struct config_section window_section = {
	.noun = "window",
	.help = "Hours of the day in which the team does one thing first. When they begin, each member hears so in private.",
	.size = sizeof(struct config_window),
	SECTION(window_keys),
};

static const struct config_key rota_keys[] = {
	{ "role", CONFIG_TEXT, AT(config_rota, role), .required = TRUE, .check = config_must_word, .example = "operations",
		.help = "Whose duty it is: a role as people call it after an @, in any of its words. One rota for each role." },
	{ "turn", CONFIG_CHOICE, AT(config_rota, turn), .choices = rota_turns, .fallback = "week", .example = "day",
		.help = "How long one person has it: a week, or a day. Days off are no turns: whoever had the last working day keeps it." },
	{ "weekday", CONFIG_CHOICE, AT(config_rota, weekday), .choices = calendar_weekdays, .fallback = "mon", .example = "mon",
		.help = "The day on which a week's turn begins." },
	{ "handover", CONFIG_MINUTE, AT(config_rota, handover_minute), .fallback = "09:00", .example = "\"09:00\"",
		.help = "When one hands over to the next, in the team's zone, in quotes." },
	{ "people", CONFIG_TEXTS, AT(config_rota, people), .required = TRUE, .most = 100, .check = config_must_manager,
		.example = "[\"@ana\", \"@bo\"]", .pattern = "^(@[^ ,<>@]+|[^ ,<>@]+@[^ ,<>@]+|[UW][A-Z0-9]+|ou_[A-Za-z0-9_]+)$",
		.help = "Who takes turns, in this order, written as 'managers' are." },
	{ "from", CONFIG_TEXT, AT(config_rota, from), .check = config_must_day, .fallback = "2024-01-01", .example = "2026-03-02",
		.pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
		.help = "A day in the turn of the first of them; turns are counted from there, in both directions." },
};
static const struct config_section rota_section = {
	.noun = "rota",
	.help = "Who has a role's duty by turns. What managers say with 'duty' counts until they take it back.",
	.size = sizeof(struct config_rota),
	SECTION(rota_keys),
};

static const struct config_key team_keys[] = {
	{ "name", CONFIG_TEXT, AT(config_team, name), .required = TRUE, .check = config_must_name,
		.example = "sales",
		.help = "What the team is called, in commands, on boards and in exports. Each name once." },
	{ "workspace", CONFIG_TEXT, AT(config_team, workspace_name), .required = TRUE, .example = "acme",
		.help = "The name of the workspace in which the team meets." },
	{ "channel", CONFIG_TEXT, AT(config_team, channel), .required = TRUE, .check = config_must_channel,
		.example = "\"#sales\"", .pattern = "^(#.+|[CG][A-Z0-9]+|oc_[A-Za-z0-9_]+)$",
		.help = "The team's channel: its id, which survives renaming (C0123456789, on Feishu "
			"oc_...), or its name in quotes. One team for each channel; "
			"the bot must be a member." },
	{ "managers", CONFIG_TEXTS, AT(config_team, managers), .most = 100, .check = config_must_manager,
		.example = "[U0123456789, \"@ana\", ben@example.com]",
		.pattern = PERSON_PATTERN,
		.absent = "nobody",
		.help = "Who sees and manages the team: ids (U0123456789, on Feishu ou_...), names in "
			"quotes, e-mail addresses." },
	{ "calendar", CONFIG_CALENDAR, AT(config_team, calendar), .example = "cn",
		.absent = "Monday to Friday",
		.help = "Days off and make-up working days: cn, weekdays or always, or a file like those in "
			"config/calendars, or an .ics file of holidays." },
	{ "zone", CONFIG_ZONE, AT(config_team, zone), .example = "Asia/Shanghai", .absent = "default_zone",
		.help = "The team's time zone." },
	{ "language", CONFIG_LANGUAGE, AT(config_team, language), .example = "zh-CN",
		.absent = "default_language",
		.help = "The language of the team's board, and of people whose own language is not known." },
	{ "highlights", CONFIG_RULE, AT(config_team, highlights), .example = "\"18:00\"",
		.absent = "the team shares none",
		.help = "When highlights are shared in the channel, in the team's zone: a time in quotes, on working days, or in "
			"words, such as every friday 17:00; what was said since the last time is shared." },
	{ "highlight_stars", CONFIG_TEXTS, AT(config_team, highlight_stars), .most = 20, .check = config_must_emoji,
		.example = "[star, trophy]", .pattern = "^[^ :,<>]+$", .absent = "star, star2 and trophy",
		.help = "The emojis, by their names without colons, that make a highlight of the message they "
			"are put on." },
	{ "highlight_week", CONFIG_CHOICE, AT(config_team, highlight_week), .choices = highlight_weeks, .fallback = "fri",
		.example = "fri",
		.help = "The day whose post shows the week's three most applauded highlights (the last working "
			"day before it, when it is a day off), or never." },
	{ "highlight_allowance", CONFIG_INTEGER, AT(config_team, highlight_allowance), .least = 1, .most = 1000,
		.fallback = "5", .example = "5", .help = "How many highlights one person may share on a day." },
	{ "standup", CONFIG_SECTION, AT(config_team, standup), .section = &standup_section,
		.example = "{ format: A, deadline: \"10:30\" }", .absent = "the team has no standup",
		.help = "The team's three-line standup." },
	{ "rounds", CONFIG_SECTIONS, AT(config_team, rounds), .most = 50, .section = &round_section,
		.absent = "the team has none", .help = "Rounds of the team's own: a check-in of the reading club, the mood of the week." },
	{ "celebrations", CONFIG_SECTION, AT(config_team, celebrations), .section = &celebrations_section,
		.example = "{ at: \"09:30\", days_off: before }", .absent = "nobody is celebrated",
		.help = "Birthdays, work anniversaries, newcomers." },
	{ "meetings", CONFIG_SECTIONS, AT(config_team, meetings), .most = 20, .section = &meeting_section,
		.absent = "none is announced", .help = "The team's regular meetings." },
	{ "windows", CONFIG_SECTIONS, AT(config_team, windows), .most = 20, .section = &window_section,
		.absent = "nobody is reminded", .help = "The sales action list: what is done first in which hours of the day." },
	{ "rotas", CONFIG_SECTIONS, AT(config_team, rotas), .most = 20, .section = &rota_section,
		.absent = "all who hold a role take turns fairly", .help = "Who has a role's duty when." },
	{ "quick_response", CONFIG_TEXTS, AT(config_team, quick_response), .most = 10, .check = config_must_channel,
		.example = "[\"#30min\"]", .pattern = "^(#.+|[CG][A-Z0-9]+|oc_[A-Za-z0-9_]+)$", .absent = "there is none",
		.help = "Channels of quick response, written as 'channel' is: a message there that names a role (@operations) "
			"opens a blocker in its thread; ordinary talk opens nothing. The bot must be a member." },
};
static const struct config_section team_section = {
	.noun = "team",
	.help = "A team: people who meet in one channel.",
	.size = sizeof(struct config_team),
	.begin = begin_team,
	SECTION(team_keys),
};

static const struct config_key workspace_keys[] = {
	{ "name", CONFIG_TEXT, AT(config_workspace, name), .required = TRUE, .check = config_must_name,
		.example = "acme",
		.help = "How this file calls the workspace. It marks what is stored, so keep it. Each name "
			"once." },
	{ "platform", CONFIG_CHOICE, AT(config_workspace, platform), .required = TRUE, .choices = platforms,
		.example = "slack", .help = "The chat platform." },
	{ "api_url", CONFIG_TEXT, AT(config_workspace, api_url), .only = "slack", .fallback = "https://slack.com/api/",
		.check = config_must_api_url, .example = "https://slack.com/api/",
		.help = "Where the platform's API is; another address serves for a sandbox. http:// is "
			"allowed on this machine only." },
	{ "bot_token", CONFIG_TEXT, AT(config_workspace, bot_token), .only = "slack", .required = TRUE, .secret = TRUE,
		.check = config_must_bot_token, .example = "${SLACK_BOT_TOKEN}", .pattern = "^xoxb-[A-Za-z0-9_-]+$",
		.help = "The bot token (xoxb-...), which posts and reads." },
	{ "app_token", CONFIG_TEXT, AT(config_workspace, app_token), .only = "slack", .required = TRUE, .secret = TRUE,
		.check = config_must_app_token, .example = "${SLACK_APP_TOKEN}", .pattern = "^xapp-[A-Za-z0-9_-]+$",
		.help = "The app-level token (xapp-...) with the scope connections:write, which opens the "
			"connection." },
	{ "base_url", CONFIG_TEXT, AT(config_workspace, base_url), .only = "feishu",
		.fallback = "https://open.feishu.cn", .check = config_must_base_url,
		.example = "https://open.larksuite.com",
		.help = "Where the platform is: https://open.larksuite.com for Lark, another address for a "
			"sandbox. http:// is allowed on this machine only." },
	{ "app_id", CONFIG_TEXT, AT(config_workspace, app_id), .only = "feishu", .required = TRUE,
		.check = config_must_app_id, .example = "cli_0123456789abcdef", .pattern = "^cli_[A-Za-z0-9_]+$",
		.help = "The App ID (cli_...) from the app's page in the developer console." },
	{ "app_secret", CONFIG_TEXT, AT(config_workspace, app_secret), .only = "feishu", .required = TRUE,
		.secret = TRUE, .check = config_must_app_secret, .example = "${FEISHU_APP_SECRET}",
		.help = "The App Secret from the same page." },
	{ "monthly_calls", CONFIG_INTEGER, AT(config_workspace, monthly_calls), .only = "feishu", .least = 0,
		.most = 100000000, .fallback = "10000", .example = "10000",
		.help = "How many calls a month the tenant's edition allows, all its own apps together: "
			"10000 for the free one, 0 for one without such a limit. Belltower counts its own and "
			"warns at four fifths." },
	{ "gather_seconds", CONFIG_INTEGER, AT(config_workspace, gather_seconds), .only = "feishu",
		.least = 0, .most = 3600, .fallback = "20", .example = "20",
		.help = "Seconds between two replacements of the same message, such as a board on which many "
			"answers arrive: what changes meanwhile is gathered, which saves calls." },
	{ "ca_file", CONFIG_FILE, AT(config_workspace, ca_file), .example = "company-ca.pem",
		.absent = "the system's authorities",
		.help = "Certificates (PEM) of the authorities to trust for this workspace, in place of the "
			"system's." },
	{ "proxy", CONFIG_TEXT, AT(config_workspace, proxy), .secret = TRUE, .check = config_must_proxy,
		.example = "http://proxy.example:3128",
		.absent = "the environment's https_proxy and no_proxy",
		.help = "The HTTP proxy for requests and for the WebSocket." },
	{ "operators", CONFIG_TEXTS, AT(config_workspace, operators), .most = 20, .check = config_must_manager,
		.example = "[\"@ana\"]", .pattern = PERSON_PATTERN,
		.absent = "the log alone knows",
		.help = "Who hears by direct message, here or in another workspace, when Belltower needs somebody: credentials refused, "
			"a channel that is not there, calls used up. Ids, names in quotes, e-mail addresses." },
	{ "connections", CONFIG_INTEGER, AT(config_workspace, connections), .least = 1, .most = 3,
		.fallback = "1", .example = "1", .help = "Connections held open at the same time." },
	{ "rate_limits", CONFIG_FLAG, AT(config_workspace, rate_limits), .fallback = "on", .example = "on",
		.help = "Whether the platform's documented limits are kept. off is for a sandbox only, and "
			"refused for the platforms themselves." },
};
static const struct config_section workspace_section = {
	.noun = "workspace",
	.help = "A workspace: one connection to one chat platform.",
	.size = sizeof(struct config_workspace),
	.choice = 1,
	.begin = begin_workspace,
	SECTION(workspace_keys),
};

static const struct config_key quiet_keys[] = {
	{ "from", CONFIG_MINUTE, AT(config_quiet, from_minute), .fallback = "20:00", .example = "\"20:00\"",
		.help = "When quiet hours begin, by each person's own clock, in quotes, for whoever has set none with 'quiet'. "
			"What is not urgent waits until they end. The same time as 'to': there are none." },
	{ "to", CONFIG_MINUTE, AT(config_quiet, to_minute), .fallback = "08:00", .example = "\"08:00\"",
		.help = "When quiet hours end, in quotes." },
	{ "messages", CONFIG_INTEGER, AT(config_quiet, messages), .least = 0, .most = 100, .fallback = "5", .example = "5",
		.help = "How many unasked private messages a person gets on a day, over all rituals; the rest waits for the digest." },
	{ "digest", CONFIG_MINUTE, AT(config_quiet, digest_minute), .fallback = "17:30", .example = "\"17:30\"",
		.help = "When what was too much for the day comes, as one message, by each person's own clock, in quotes." },
};
static const struct config_section quiet_section = {
	.noun = "quiet",
	.help = "How people are left alone.",
	.size = sizeof(struct config_quiet),
	SECTION(quiet_keys),
};

static const char *const clocks[] = { "working", "wall", NULL };
static const char *const whom[] = { "owner", "stand-in", "role", "manager", "managers-manager", NULL };
static const char *const hows[] = { "thread", "direct", "urgent", NULL };
static const char *const promises[] = { "blocker", "stall", "customer", "feedback", NULL };
static const char *const on_target[] = { "keep", "reset", NULL };
static const char *const on_calendar[] = { "whole", "forward", NULL };

static const struct config_key step_keys[] = {
	{ "after", CONFIG_SPAN, AT(config_step, after_s), .check = config_must_no_days, .fallback = "0m", .example = "30m",
		.help = "How long after the promise was broken." },
	{ "clock", CONFIG_CHOICE, AT(config_step, clock), .choices = clocks, .fallback = "working", .example = "working",
		.help = "Whether that is counted in working time, or on the wall." },
	{ "to", CONFIG_CHOICE, AT(config_step, to), .required = TRUE, .choices = whom, .example = "manager",
		.help = "Who hears of it. Who is away, or not there, is passed over at once." },
	{ "how", CONFIG_CHOICE, AT(config_step, how), .choices = hows, .fallback = "direct", .example = "urgent",
		.help = "In the thread, in a direct message, or urgently (as loudly as the platform can)." },
};
static const struct config_section step_section = {
	.noun = "step",
	.help = "A step of a policy's ladder.",
	.size = sizeof(struct config_step),
	SECTION(step_keys),
};

static const struct config_key policy_keys[] = {
	{ "name", CONFIG_TEXT, AT(config_policy, name), .required = TRUE, .check = config_must_name, .example = "quick response",
		.help = "What people call the promise. Each name once." },
	{ "applies", CONFIG_CHOICE, AT(config_policy, applies), .required = TRUE, .choices = promises, .example = "blocker",
		.help = "What is promised an answer: a blocker, a stalled deal, a customer's question, or a standup's line that "
			"asks for help. The first policy that fits wins." },
	{ "teams", CONFIG_TEXTS, AT(config_policy, teams), .most = 1000, .example = "[sales]", .absent = "all teams",
		.help = "For which teams." },
	{ "first_response", CONFIG_SPAN, AT(config_policy, first_response), .example = "30m", .absent = "not promised",
		.help = "Until somebody takes it, in working time, or in calendar days (7d)." },
	{ "plan", CONFIG_SPAN, AT(config_policy, plan), .example = "1h", .absent = "not promised",
		.help = "Until there is a first plan." },
	{ "resolution", CONFIG_SPAN, AT(config_policy, resolution), .example = "24h", .absent = "not promised",
		.help = "Until it is solved." },
	{ "calendar", CONFIG_CALENDAR, AT(config_policy, calendar), .example = "always", .absent = "the team's",
		.help = "Whose working hours count; always: all hours of all days, and then it also rings at night." },
	{ "warn", CONFIG_TEXTS, AT(config_policy, warn), .check = config_must_percent, .most = 5, .example = "[80%]",
		.absent = "[80%]", .pattern = "^[1-9][0-9]?%$",
		.help = "At how much of the target the owner is warned." },
	{ "ladder", CONFIG_SECTIONS, AT(config_policy, ladder), .most = 20, .section = &step_section,
		.example = "[{ after: 0m, to: stand-in }, { after: 30m, to: manager }]",
		.absent = "the stand-in at once, the manager after 30m, the manager's manager after 2h",
		.help = "Who hears when the promise is broken." },
	{ "repeat", CONFIG_SPAN, AT(config_policy, repeat_s), .check = config_must_no_days, .fallback = "2h", .example = "2h",
		.help = "The ladder's last step rings again after so much working time." },
	{ "repeat_most", CONFIG_INTEGER, AT(config_policy, repeat_most), .least = 0, .most = 20, .fallback = "3",
		.example = "3", .help = "How often at most." },
	{ "new_target", CONFIG_CHOICE, AT(config_policy, new_target), .choices = on_target, .fallback = "keep", .example = "keep",
		.help = "What a changed target means for open promises: they keep the time they have run, or are reset." },
	{ "new_calendar", CONFIG_CHOICE, AT(config_policy, new_calendar), .choices = on_calendar, .fallback = "whole",
		.example = "forward",
		.help = "What a changed calendar means for open promises: it counts for the whole of them, for it was wrong "
			"before, or forward from now on." },
};
static const struct config_section policy_section = {
	.noun = "policy",
	.help = "How soon something is promised an answer, and who hears when it does not come.",
	.size = sizeof(struct config_policy),
	.begin = begin_policy,
	SECTION(policy_keys),
};

static const char *const ends[] = { "open", "won", "lost", NULL };

static const struct config_key stage_keys[] = {
	{ "name", CONFIG_TEXT, AT(config_stage, name), .required = TRUE, .check = config_must_word, .example = "negotiation",
		.help = "How the stage is called in commands and files: one word, each once. It marks what is stored, so keep it." },
	{ "title", CONFIG_WORDS, AT(config_stage, title), .absent = "its name", .example = "Negotiation",
		.help = "What people read: one text, or one for each language, as { zh-CN: ..., en: ... }. It serves in commands too." },
	{ "stall_days", CONFIG_INTEGER, AT(config_stage, stall_days), .least = 0, .most = 365, .fallback = "0", .example = "7",
		.help = "A deal that stands in this stage for more than so many calendar days has stalled, counted from the "
			"moment it entered the stage. 0: never." },
	{ "end", CONFIG_CHOICE, AT(config_stage, end), .choices = ends, .fallback = "open", .example = "won",
		.help = "Whether a deal in this stage is open, won or lost." },
};
static const struct config_section stage_section = {
	.noun = "stage",
	.help = "A stage of a deal.",
	.size = sizeof(struct config_stage),
	SECTION(stage_keys),
};

static const struct config_key deals_keys[] = {
	{ "currency", CONFIG_TEXT, AT(config_deals, currency), .check = config_must_currency, .fallback = "CNY", .example = "CNY",
		.pattern = "^[A-Z]{3}$", .help = "The currency of amounts that name none, three letters as in ISO 4217." },
	{ "stages", CONFIG_SECTIONS, AT(config_deals, stages), .most = 20, .section = &stage_section,
		.absent = "lead, interest, negotiation (7 days), won, lost",
		.help = "The stages of a deal, in their order." },
	{ "report", CONFIG_TEXT, AT(config_deals, report), .check = config_must_party,
		.example = "every monday 09:00", .absent = "it comes when somebody asks",
		.help = "When the report of the week's deals comes, in each team's zone: to its channel, to its managers, and to each rep "
			"of their own deals. A team without deals has none; managers may change or stop it with 'schedule'." },
};
static const struct config_section deals_section = {
	.noun = "deals",
	.help = "How deals go their way.",
	.size = sizeof(struct config_deals),
	SECTION(deals_keys),
};

static const struct config_key sender_keys[] = {
	{ "name", CONFIG_TEXT, AT(config_sender, name), .required = TRUE, .check = config_must_word, .example = "crm",
		.help = "How this file calls the sender: one word. It marks what it has written, so keep it. Each name once." },
	{ "token", CONFIG_TEXT, AT(config_sender, token), .required = TRUE, .secret = TRUE, .check = config_must_sender_token,
		.example = "${CRM_TOKEN}",
		.help = "What the sender shows with each request, as \"Authorization: Bearer TOKEN\": 24 characters at least, such as "
			"openssl rand -hex 32 makes." },
	{ "teams", CONFIG_TEXTS, AT(config_sender, teams), .most = 1000, .example = "[sales]", .absent = "all teams",
		.help = "The teams that it may write to." },
	{ "per_minute", CONFIG_INTEGER, AT(config_sender, per_minute), .least = 1, .most = 60000, .fallback = "120", .example = "120",
		.help = "How many of its requests are taken in a minute; as many may come at once. More are answered 429." },
};
static const struct config_section sender_section = {
	.noun = "sender",
	.help = "A program that may write.",
	.size = sizeof(struct config_sender),
	.begin = begin_sender,
	SECTION(sender_keys),
};

static const struct config_key api_keys[] = {
	{ "listen", CONFIG_TEXT, AT(config_api, listen), .check = config_must_listen, .fallback = "127.0.0.1:8642",
		.example = "127.0.0.1:8642",
		.help = "The numeric address and the port, [::1]:8642 for IPv6. TLS is the business of a proxy before it, so it is this "
			"machine's own unless 'exposed' is on." },
	{ "exposed", CONFIG_FLAG, AT(config_api, exposed), .fallback = "off", .example = "on",
		.help = "Says that an address is meant which other machines reach, in a network where nobody else listens: tokens cross it "
			"in the clear." },
	{ "senders", CONFIG_SECTIONS, AT(config_api, senders), .required = TRUE, .most = 100, .section = &sender_section,
		.help = "The programs that may write, each with its token." },
};
static const struct config_section api_section = {
	.noun = "api",
	.help = "The HTTP API, by which other programs write: docs/api.md.",
	.size = sizeof(struct config_api),
	SECTION(api_keys),
};

static const struct config_key top_keys[] = {
	{ "database", CONFIG_STORE, AT(config, database), .fallback = "belltower.db",
		.example = "belltower.db",
		.help = "The database's file; made when it is not there. A relative path starts at "
			"$STATE_DIRECTORY under systemd, "
			"else at this file's folder." },
	{ "default_zone", CONFIG_ZONE, AT(config, default_zone), .fallback = "UTC",
		.example = "Asia/Shanghai", .help = "The time zone of teams that name none, an IANA name." },
	{ "default_language", CONFIG_LANGUAGE, AT(config, default_language), .fallback = "en",
		.example = "zh-CN",
		.help = "The language of teams and people of whom none is known: zh-CN or en." },
	{ "quiet", CONFIG_SECTION, AT(config, quiet), .section = &quiet_section, .filled = TRUE,
		.example = "{ from: \"20:00\", to: \"08:00\", messages: 5, digest: \"17:30\" }", .absent = "its own defaults",
		.help = "How people are left alone: quiet hours, and how many unasked messages a day." },
	{ "workspaces", CONFIG_SECTIONS, AT(config, workspaces), .required = TRUE, .most = 64,
		.section = &workspace_section, .help = "The workspaces that the bot serves." },
	{ "teams", CONFIG_SECTIONS, AT(config, teams), .required = TRUE, .most = 1000,
		.section = &team_section, .help = "The teams whose rituals the bot keeps." },
	{ "policies", CONFIG_SECTIONS, AT(config, policies), .most = 100, .section = &policy_section,
		.absent = "the usual promises",
		.help = "How soon what is promised an answer." },
	{ "deals", CONFIG_SECTION, AT(config, deals), .section = &deals_section, .filled = TRUE,
		.example = "{ currency: CNY }", .absent = "its own defaults", .help = "The stages of deals, and how long one may stand in each." },
	{ "api", CONFIG_SECTION, AT(config, api), .section = &api_section, .absent = "no program can write",
		.example = "{ listen: \"127.0.0.1:8642\", senders: [{ name: crm, token: \"${CRM_TOKEN}\" }] }",
		.help = "The HTTP API, by which a CRM pushes its deals." },
};
const struct config_section config_top = {
	.noun = "configuration",
	.size = sizeof(struct config),
	SECTION(top_keys),
};
/* clang-format on */
