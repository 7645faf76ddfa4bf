/* SPDX-License-Identifier: MIT */
#include "options_table.h"

#define AT(field) offsetof(struct options, field)

/* clang-format off: a line for each */
const struct option options_table[] = {
	{ "config", 'c', "FILE", KIND_TEXT, AT(config), FOR(RUN) | FOR(CHECK) | FOR(EXPORT) | FOR(EXPORT_CALENDAR) | FOR(BACKUP) | FOR(PEOPLE_IMPORT) | FOR(PEOPLE_EXPORT) | FOR(DEALS_IMPORT) |
			FOR(ANNIVERSARIES) | FOR(REHEARSE) | FOR(SLA_REPLAY) | FOR(SLA_WHATIF),
		"The configuration. When absent: ./" OPTIONS_DEFAULT_HERE
		" when it is there, else " OPTIONS_DEFAULT_THERE "." },
	{ "online", 0, NULL, KIND_FLAG, AT(online), FOR(CHECK),
		"Also ask the platforms: tokens, missing scopes, whether the bot is in its channels, "
		"clocks." },
	{ "listen", 0, "ADDRESS:PORT", KIND_ADDRESS, AT(listen), FOR(DEMO) | FOR(SANDBOX) | FOR(LOAD),
		"Where the page and the API are served. When absent: " OPTIONS_DEFAULT_LISTEN
		". Port 0 takes a free one." },
	{ "database", 0, "FILE", KIND_TEXT, AT(database), FOR(DEMO),
		"Keep what happens in this file. When absent it is gone afterwards." },
	{ "company", 0, "FILE", KIND_TEXT, AT(company), FOR(DEMO) | FOR(SANDBOX),
		"The company that plays. When absent: a small sales company." },
	{ "tls-cert", 0, "FILE", KIND_TEXT, AT(tls_cert), FOR(SANDBOX),
		"Serve https and wss with this certificate (PEM); needs --tls-key." },
	{ "tls-key", 0, "FILE", KIND_TEXT, AT(tls_key), FOR(SANDBOX),
		"The certificate's private key (PEM)." },
	{ "no-rate-limits", 0, NULL, KIND_FLAG, AT(no_rate_limits), FOR(SANDBOX),
		"Never answer 429." },
	{ "small-pages", 0, NULL, KIND_FLAG, AT(small_pages), FOR(SANDBOX),
		"At most 15 messages in a page of history, as Slack gives to distributed apps." },
	{ "platform", 0, "slack|feishu", KIND_PLATFORM, AT(platform), FOR(LOAD), "Which one is played. When absent: slack." },
	{ "people", 0, "N", KIND_COUNT, AT(people), FOR(LOAD), "Who write in turn. When absent: 200." },
	{ "teams", 0, "N", KIND_COUNT, AT(teams), FOR(LOAD), "Channels they write in. When absent: 10." },
	{ "outstanding", 0, "N", KIND_COUNT, AT(outstanding), FOR(LOAD),
		"How many standups of a step 'full' are under way at once. When absent: 100." },
	{ "daily", 0, NULL, KIND_FLAG, AT(daily), FOR(LOAD),
		"Each round through the people is a day later. When absent: all is today." },
	{ "settle", 0, "MS", KIND_COUNT, AT(settle_ms), FOR(LOAD),
		"Milliseconds from the bot's connection to the first step. When absent: 1500." },
	{ "bot-log", 0, "FILE", KIND_TEXT, AT(bot_log), FOR(LOAD), "Where the bot's output goes. When absent: nowhere." },
	{ "format", 0, "json|csv|xlsx", KIND_EXPORT, AT(format), FOR(EXPORT),
		"How it is written. When absent: json." },
	{ "format", 0, "ics", KIND_ICS, 0, FOR(EXPORT_CALENDAR), "How it is written: there is but one way." },
	{ "format", 0, "A|B", KIND_STANDUP, AT(format), FOR(PARSE),
		"The team's format. A: results, goals, risks. B: actions, blockers, help. When absent: A." },
	{ "format", 0, "json|csv", KIND_EXPORT, AT(format), FOR(ANNIVERSARIES), "How it is written. When absent: json." },
	{ "format", 0, "text|json", KIND_LISTING, AT(listing), FOR(REHEARSE), "How it is written. When absent: text." },
	{ "days", 0, "N", KIND_COUNT, AT(days), FOR(REHEARSE), "How many days from now, 366 at most. When absent: 7." },
	{ "dry-run", 0, NULL, KIND_FLAG, AT(dry_run), FOR(PEOPLE_IMPORT) | FOR(DEALS_IMPORT), "Only show what would change." },
	{ "source", 0, "NAME", KIND_TEXT, AT(source), FOR(DEALS_IMPORT), "From where the deals come; their ids are that source's. When absent: file." },
	{ "team", 0, "TEAM", KIND_TEXT, AT(team), FOR(EXPORT) | FOR(EXPORT_CALENDAR) | FOR(REHEARSE), "Only this team. When absent: all teams." },
	{ "from", 0, "DATE", KIND_DAY, AT(from), FOR(EXPORT) | FOR(EXPORT_CALENDAR) | FOR(ANNIVERSARIES), "From this day on, YYYY-MM-DD." },
	{ "to", 0, "DATE", KIND_DAY, AT(to), FOR(EXPORT) | FOR(EXPORT_CALENDAR) | FOR(ANNIVERSARIES), "Up to this day, which is included, YYYY-MM-DD." },
	{ "output", 'o', "FILE", KIND_TEXT, AT(output), FOR(EXPORT) | FOR(EXPORT_CALENDAR) | FOR(PEOPLE_EXPORT),
		"Write this file. When absent: standard output." },
	{ "mention", 0, "TEXT", KIND_TEXTS, AT(mentions), FOR(PARSE),
		"How people address the bot, such as '<@U0BOT>'; may stand several times." },
	{ "calendar", 0, "NAME", KIND_TEXT, AT(calendar), FOR(CALENDAR_SHOW) | FOR(SLA_DUE),
		"The working calendar: always, cn or weekdays, or a file like those in config/calendars." },
	{ "month", 0, "MONTH", KIND_MONTH, AT(month), FOR(CALENDAR_SHOW), "The month to show, YYYY-MM." },
	{ "start", 0, "TIME", KIND_TEXT, AT(start), FOR(SLA_DUE),
		"When the promise was given: 2026-11-23T17:30 in the calendar's zone, or with an offset or Z." },
	{ "target", 0, "SPAN", KIND_SPAN, AT(span), FOR(SLA_DUE),
		"What was promised: working time like 30m, 2h or 1h30m, or calendar days like 7d." },
	{ "pause", 0, "FROM..TO", KIND_TEXTS, AT(pauses), FOR(SLA_DUE),
		"A time in which the clock stood; may stand several times." },
	{ "with", 0, "FILE", KIND_TEXT, AT(with), FOR(SLA_WHATIF), "The configuration that is tried." },
	{ "log-level", 0, "error|warning|info|debug", KIND_LEVEL, AT(log_level), FOR_ALL & ~FOR(VERSION),
		"What is logged, to standard error or the journal. When absent: info." },
};
/* clang-format on */
const size_t options_table_count = G_N_ELEMENTS(options_table);

static const char *const export_subjects[] = { "standups", "rounds", "highlights", "sla", "deals", NULL };
static const char *const parse_subjects[] = { "standup", NULL };

const struct command options_commands[OPTIONS_COUNT] = {
	[OPTIONS_RUN] = { "run", .summary = "Serve the teams of the configuration until told to stop.",
		.help = "Connects to every workspace and keeps the teams' rituals. SIGTERM and SIGINT finish "
			"what was begun "
			"and stop; SIGHUP reads the configuration again and takes it whole, or keeps the old "
			"one and says why; SIGUSR1 logs how each workspace stands.",
		.example = "belltower run -c /etc/belltower/belltower.yaml" },
	[OPTIONS_CHECK] = { "check", .summary = "Tell everything that is wrong with the configuration.",
		.help = "Reads the configuration and tells each problem with its line and column. With "
			"--online it also "
			"asks the platforms, without posting anything.",
		.example = "belltower check --online" },
	[OPTIONS_DEMO] = { "demo",
		.summary = "Try it all on this machine: the sandbox and the bot in one process.",
		.help = "Prints two addresses to open in a browser: chats on this machine, one as on Slack and one, "
			"on the next port, as on Feishu, in which you act as any member of a small company and "
			"the bot answers. No account and no network are needed.",
		.example = "belltower demo" },
	[OPTIONS_SANDBOX] = { "sandbox",
		.summary = "Be a chat server that speaks the platforms' own protocols.",
		.help = "Serves the API, the WebSocket and a page for people, over a workspace in memory. "
			"Point a bot's "
			"api_url at it. Everything in it is gone when it ends.",
		.example = "belltower sandbox --listen " OPTIONS_DEFAULT_LISTEN },
	[OPTIONS_LOAD] = { "sandbox load", "STEP...", .many = TRUE, .argument_offset = AT(steps), .tail = "BOT [ARGUMENT]...",
		.tail_offset = AT(bot), .summary = "Put a bot under load, and measure it.",
		.help = "Starts the bot, which finds the platform's address in the environment as LOAD_URL, plays Slack or "
			"Feishu to it and takes it through the steps: full:COUNT (so many standups, as fast as they are "
			"acknowledged and answered), paced:COUNT:RATE (RATE a second), refresh:SECONDS (50 a second while Slack "
			"renews the connection), drop:SECONDS (the same while the connection is lost), idle:SECONDS. Prints a "
			"line of JSON for the start and for each step: rates, latencies, the bot's CPU and memory, and the "
			"load's own share of a CPU. Nobody's real address is used.",
		.example = "belltower sandbox load full:2000 paced:1500:50 -- belltower run -c load.yaml" },
	[OPTIONS_EXPORT] = { "export", "standups|rounds|highlights|sla|deals", export_subjects, AT(subject),
		.summary = "Write out what the teams have reported.",
		.help = "Reads the database, also while the bot runs, and writes one record for each standup, or for each "
			"answer to an own round, highlight with its applause, promise, or deal.",
		.example = "belltower export standups --format xlsx --team sales --from 2026-03-01 --output "
			   "march.xlsx" },
	[OPTIONS_EXPORT_CALENDAR] = { "export calendar", .summary = "Write when the teams' rituals ring, and what is celebrated, as a calendar (.ics).",
		.help = "Reads the database, also while the bot runs. Without --from and --to: a year from today on, and of the rings "
			"two months. What somebody keeps private, or has not agreed to, is not in it.",
		.example = "belltower export calendar --format ics --team sales --output sales.ics" },
	[OPTIONS_PARSE] = { "parse", "standup", parse_subjects, AT(subject),
		.summary = "Show how one message is understood.",
		.help = "Reads a message from standard input and prints as JSON what the bot understands. "
			"Exit status 0 "
			"when it is a whole standup, 1 when it is not.",
		.example = "printf 'closed 2 deals\\ncall 15 leads\\nnone' | belltower parse standup "
			   "--format A" },
	[OPTIONS_BACKUP] = { "backup", "TARGET", NULL, AT(target),
		.summary = "Copy the database to a file, while the bot runs.",
		.help = "TARGET is a new file; it holds one consistent moment of the database, which "
			"`database:` may name again.",
		.example = "belltower backup /var/backups/belltower.db" },
	[OPTIONS_PEOPLE_IMPORT] = { "people import", "FILE", NULL, AT(file),
		.summary = "Bring in the team's own list of people.",
		.help = "FILE is CSV with a line of column names: name,email,slack_id,feishu_id,zone,language,teams,manager,roles,"
			"birthday,hired. Prints each person who is new or changed, and changes nothing when one line is wrong. An empty "
			"cell keeps what is known. A bot that is running takes the list up at once.",
		.example = "belltower people import people.csv --dry-run" },
	[OPTIONS_PEOPLE_EXPORT] = { "people export", .summary = "Write the list of people as CSV.",
		.help = "What 'people import' brought in, as a file that it takes again.",
		.example = "belltower people export --output people.csv" },
	[OPTIONS_DEALS_IMPORT] = { "deals import", "FILE", NULL, AT(file),
		.summary = "Bring in deals, as a CRM writes them out.",
		.help = "FILE is CSV with a line of column names: id,customer,amount,currency,owner,team,stage,entered. A deal is known "
			"again by its id. Prints each deal that is new or changed, and changes nothing when one line is wrong. An empty "
			"cell keeps what is known. A bot that is running takes them up at once.",
		.example = "belltower deals import crm.csv --dry-run" },
	[OPTIONS_ANNIVERSARIES] = { "anniversaries", .summary = "List the birthdays and work anniversaries of a time.",
		.help = "One record for each day on which somebody on the list is to be celebrated, however far ahead (lunar birthdays to "
			"2095): date, kind, person_name, person, team, shown. Years of birth are not printed.",
		.example = "belltower anniversaries --from 2027-01-01 --to 2027-12-31 --format csv" },
	[OPTIONS_REHEARSE] = { "rehearse", .summary = "Tell every message of the coming days before it is sent.",
		.help = "Plays the coming days on a copy of the database: the rituals run as they will, with what the bot knows now, while "
			"nobody answers. Prints each message with its time, zone and reader. Nothing is sent or changed, and the bot may "
			"run meanwhile.",
		.example = "belltower rehearse --days 7 --team sales" },
	[OPTIONS_CALENDAR_SHOW] = { "calendar show", .summary = "Print a month of a working calendar.",
		.help = "Which days are worked, which are off and what they are called.",
		.example = "belltower calendar show --calendar cn --month 2026-10" },
	[OPTIONS_SLA_DUE] = { "sla due", .summary = "Tell when a promise given then would be due.",
		.help = "Counts working time by a calendar, as the bot does for its own promises, and prints the instant in UTC and in "
			"the calendar's zone.",
		.example = "belltower sla due --calendar cn --start 2026-09-30T17:30 --target 2h" },
	[OPTIONS_SLA_REPLAY] = { "sla replay",
		.summary = "Compute every verdict again from its history.",
		.help = "Plays what happened to each promise again, on the terms of its time, and compares with what the database says. "
			"Prints each difference; exit status 0 when there is none, 1 when there is. The bot may run meanwhile.",
		.example = "belltower sla replay" },
	[OPTIONS_SLA_VECTORS] = { "sla vectors", "FILE", NULL, AT(file),
		.summary = "Play test vectors of the response clock.",
		.help = "FILE is JSON of the schema belltower-sla-vectors/1 (tests/data/README.md). Prints each field that is not as "
			"expected. Exit status 0 when all hold, 1 when one does not.",
		.example = "belltower sla vectors tests/data/sla-vectors.json" },
	[OPTIONS_SLA_WHATIF] = { "sla whatif", .summary = "Tell which open promises another configuration would move.",
		.help = "Reads the open promises from the database, applies the policies and calendars of the other configuration to each as "
			"the bot would at its next start, and prints each due instant that would be another one. Changes nothing; the bot "
			"may run meanwhile.",
		.example = "belltower sla whatif -c belltower.yaml --with other.yaml" },
	[OPTIONS_VERSION] = { "version", .summary = "Print the version.", .help = "The same as --version." },
};
