/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "team/config.h"
#include "team/config_keys.h"

/* Lines 1-6 and 7-10 of a file with nothing wrong in it. */
#define WORKSPACE                                                                                            \
	"workspaces:\n"                                                                                      \
	"  - name: acme\n"                                                                                   \
	"    platform: slack\n"                                                                              \
	"    bot_token: xoxb-1-abc\n"                                                                        \
	"    app_token: xapp-1-abc\n"
#define TEAM                                                                                                 \
	"teams:\n"                                                                                           \
	"  - name: sales\n"                                                                                  \
	"    workspace: acme\n"                                                                              \
	"    channel: C0123456789\n"

/* The same for Feishu; more: further lines of the workspace. */
#define FEISHU(more)                                                                                         \
	"workspaces:\n"                                                                                      \
	"  - name: acme\n"                                                                                   \
	"    platform: feishu\n"                                                                             \
	"    app_id: cli_a1\n"                                                                               \
	"    app_secret: hush\n" more
#define FEISHU_TEAM                                                                                          \
	"teams:\n"                                                                                           \
	"  - name: sales\n"                                                                                  \
	"    workspace: acme\n"                                                                              \
	"    channel: oc_0123\n"

/* A round without its questions: lines 10 to 12. */
#define ROUND                                                                                                \
	"    rounds:\n"                                                                                      \
	"      - name: mood\n"                                                                               \
	"        schedule: every friday 16:00\n"

#define LONG_NAME "0123456789012345678901234567890123456789012345678901234567890123456789"

struct bad {
	const char *yaml;
	const char *problems[6]; /* each as it ends up, without the path */
};

/* clang-format off: a line for each */
static const struct bad bad[] = {
	/* the file as a whole */
	{ "", { "is empty" } },
	{ "# nothing\n", { "is empty" } },
	{ "---\n", { "is empty" } },
	{ "just words\n", { "1:1: a configuration must be a section of keys, not a text" } },
	{ "- a\n", { "1:1: a configuration must be a section of keys, not a list" } },
	{ WORKSPACE TEAM "---\na: b\n",
		{ "10:1: a second document begins here ('---'); one file holds one" } },
	{ "teams:\n\t- name: x\n", { "2:1: a tab indents this line; use spaces" } },
	{ "database: \xff\xfe\n", { "1:11: is not UTF-8 from here; save the file as UTF-8" } },
	{ "名: \"站会\xe4\n", { "1:7: is not UTF-8 from here; save the file as UTF-8" } },
	{ "database: \x01\n", { "1:11: not valid YAML: control characters are not allowed" } },
	{ "a: [b\n", { "2:1: not valid YAML: did not find expected ',' or ']', while parsing a flow sequence "
		       "(which begins "
		       "in line 1)" } },
	{ "managers: [@ana]\n", { "1:12: a value that begins with @ must stand in quotes: \"@…\"" } },
	{ "a: *nothing\n", { "1:4: not valid YAML: found undefined alias" } },
	{ "{}\n",
		{ "1:1: 'workspaces' is missing in this configuration; write workspaces: and a list below it",
			"1:1: 'teams' is missing in this configuration; write teams: and a list below it" } },

	/* keys */
	{ WORKSPACE TEAM "    chanel: C1\n", { "10:5: unknown key 'chanel'; did you mean 'channel'?" } },
	{ WORKSPACE TEAM "    colour: red\n", { "10:5: unknown key 'colour'; the keys of a team are: name, "
						"workspace, channel, managers, calendar, zone, language, highlights, highlight_stars, highlight_week, highlight_allowance, standup, rounds, celebrations, meetings, windows, rotas, quick_response" } },
	{ WORKSPACE TEAM "    celebrations: { party: \"15:00\" }\n",
		{ "10:28: 'party' must say the day too, such as last workday of month 15:00, not '15:00'" } },
	{ WORKSPACE TEAM "    meetings: [{ name: a, schedule: every friday 16:00, themes: [x, y] }, { name: b, kind: tea, schedule: every friday 16:00, themes: [x] }]\n",
		{ "10:65: 'themes' are for a tea party alone; write kind: tea",
			"10:135: 'themes' must be two at least, for the team votes on them" } },
	{ WORKSPACE TEAM "    meetings: [{ name: a, kind: tea, schedule: every friday 16:00, themes: [x, y], vote: 1d }]\n",
		{ "10:90: 'vote' must be longer than 'announce', at which the vote ends" } },
	{ WORKSPACE TEAM "    rounds: [{ name: a, schedule: every friday 16:00, questions: [{ ask: x }] }]\n    meetings: [{ name: a, schedule: every friday 16:00 }]\n",
		{ "11:24: a round of this team is called 'a' already; schedule and why know each by its name" } },
	{ WORKSPACE TEAM "    meetings: [{ name: a, schedule: every friday 16:00 }]\n    windows: [{ name: a, schedule: workdays 10:00, until: \"09:00\", first: x }]\n",
		{ "10:24: another meeting or window of this team is called 'a' already; each name once",
			"11:23: another meeting or window of this team is called 'a' already; each name once",
			"11:59: 'until' must be later than the time of 'schedule'" } },
	{ WORKSPACE TEAM "    rotas: [{ role: operations, people: [\"@a\", \"@a\"] }, { role: 运营, people: [\"@b\"], from: 2026-02-30 }]\n",
		{ "10:41: 'people' has '@a' twice", "10:65: another rota of this team is for the role 'operations' already; one for each",
			"10:91: 'from' must be a day as 2026-03-02, not '2026-02-30'" } },
	{ WORKSPACE TEAM "    quick_response: [C0123456789]\n",
		{ "10:21: 'quick_response' has the team's own channel; it needs one of its own" } },
	{ WORKSPACE TEAM "    deadline: \"10:30\"\n",
		{ "10:5: 'deadline' is no key of a team; it belongs into 'standup'" } },
	{ WORKSPACE TEAM "    bot_token: x\n",
		{ "10:5: 'bot_token' is no key of a team; it belongs into 'workspaces'" } },
	{ WORKSPACE TEAM "    channel: C0123456789\n", { "10:5: 'channel' stands in this team twice" } },
	{ WORKSPACE TEAM "    [a]: b\n", { "10:5: a key must be a text, not a list" } },
	{ WORKSPACE TEAM "    <<: {}\n",
		{ "10:5: unknown key '<<'; the keys of a team are: name, workspace, channel, "
		  "managers, calendar, zone, language, highlights, highlight_stars, highlight_week, highlight_allowance, standup, rounds, celebrations, meetings, windows, rotas, quick_response" } },
	{ WORKSPACE "teams:\n  - {}\n",
		{ "7:5: 'name' is missing in this team; write name: sales",
			"7:5: 'workspace' is missing in this team; write workspace: acme",
			"7:5: 'channel' is missing in this team; write channel: \"#sales\"" } },
	{ WORKSPACE "teams: []\n", { "6:8: 'teams' is empty; it needs at least one team" } },
	{ WORKSPACE "teams: {}\n",
		{ "6:8: 'teams' must be a list, not a section; each item begins with '- '" } },
	{ WORKSPACE "teams:\n", { "6:7: 'teams' must be a list, not a text; each item begins with '- '" } },
	{ WORKSPACE "teams: [sales]\n", { "6:9: a team must be a section of keys, not a text" } },
	{ WORKSPACE TEAM "    standup: yes\n", { "10:14: a standup must be a section of keys, not a text" } },

	/* values */
	{ WORKSPACE TEAM "database: [a]\n", { "10:11: 'database' must be a text, not a list" } },
	{ WORKSPACE TEAM "database: /\n", { "10:11: 'database' must be a file, and '/' is a folder" } },
	{ WORKSPACE TEAM "database: ~\n", { "10:11: 'database' is empty" } },
	{ WORKSPACE TEAM "database: \"a\\nb\"\n",
		{ "10:11: 'database' has a line break or another control character in it" } },
	{ WORKSPACE TEAM "database: \"a\\0b\"\n",
		{ "10:11: 'database' has a line break or another control character in it" } },
	{ WORKSPACE TEAM "database: !vault abc\n",
		{ "10:11: 'database' has a tag (!…), which is not known here; write the "
		  "plain value" } },
	{ WORKSPACE TEAM "default_zone: Asia/Shanghia\n",
		{ "10:15: 'default_zone' must be an IANA time zone; 'Asia/Shanghia' is none. Did you mean "
		  "'Asia/Shanghai'?" } },
	{ WORKSPACE TEAM "    zone: Beijing\n", { "10:11: 'zone' must be an IANA time zone; 'Beijing' is "
						  "none. Did you mean 'Asia/Shanghai'?" } },
	{ WORKSPACE TEAM "    zone: new york\n", { "10:11: 'zone' must be an IANA time zone; 'new york' is "
						   "none. Did you mean 'America/New_York'?" } },
	{ WORKSPACE TEAM "    zone: UTC+8\n", { "10:11: 'zone' must be an IANA time zone; 'UTC+8' is none. "
						"Did you mean 'Asia/Shanghai'?" } },
	{ WORKSPACE TEAM "    zone: zone.tab\n", { "10:11: 'zone' must be an IANA time zone such as "
						   "Asia/Shanghai or Europe/Berlin; 'zone.tab' is none" } },
	{ WORKSPACE TEAM "    language: fr\n", { "10:15: 'language' must be zh-CN or en, not 'fr'" } },
	{ WORKSPACE TEAM "    name: \" sales\"\n", { "10:5: 'name' stands in this team twice" } },
	{ WORKSPACE TEAM "  - { name: \"b \", workspace: acme, channel: \"#b\" }\n",
		{ "10:13: 'name' must not begin or end with a space" } },
	{ WORKSPACE TEAM "  - { name: " LONG_NAME ", workspace: acme, channel: \"#b\" }\n",
		{ "10:13: 'name' must not be longer than 64 characters" } },
	{ WORKSPACE TEAM "    standup: { format: C }\n",
		{ "10:24: 'format' must be one of: A, B; not 'C'" } },
	{ WORKSPACE TEAM "    standup: { remind: \"10:00\" }\n",
		{ "10:24: 'remind' needs 'prompt': only who was asked is reminded" } },
	{ WORKSPACE TEAM "    standup: { prompt: \"10:00\", remind: \"10:00\" }\n",
		{ "10:41: 'remind' must be later than 'prompt'" } },
	{ WORKSPACE TEAM "    standup: { prompt: every friday 16:00, days: daily }\n",
		{ "10:50: 'days' are said by 'prompt' already; write them there alone" } },
	{ WORKSPACE TEAM "    standup: { prompt: \"10:30\", deadline: \"10:30\" }\n",
		{ "10:24: 'prompt' must be earlier than 'deadline'" } },
	{ WORKSPACE TEAM "    standup: { prompt: \"09:00\", remind: \"10:30\", deadline: \"10:30\" }\n",
		{ "10:41: 'remind' must be earlier than 'deadline'" } },
	{ WORKSPACE TEAM "    calendar: moon.yaml\n",
		{ "10:15: 'calendar' must be one of always, cn, weekdays, or a calendar's file; 'moon.yaml' is none, and as a file it cannot be read: "
		  "No such file or directory" } },
	{ WORKSPACE TEAM "    standup: { deadline: 9h }\n",
		{ "10:26: 'deadline' must be a time like \"09:30\" (00:00 to 23:59), not '9h'" } },
	{ WORKSPACE TEAM "    standup: { deadline: \"24:00\", days: weekends }\n",
		{ "10:26: 'deadline' must be a time like \"09:30\" (00:00 to 23:59), not '24:00'",
			"10:41: 'days' must be workdays, daily, or a list of mon, tue, wed, thu, fri, sat, "
			"sun; not 'weekends'" } },
	{ WORKSPACE TEAM "    standup: { days: [] }\n", { "10:22: 'days' must have one to seven days" } },
	{ WORKSPACE TEAM "    standup: { days: [mon, [tue]] }\n",
		{ "10:28: 'days' must be a text, not a list" } },

	/* own rounds */
	{ WORKSPACE TEAM "    rounds: [{}]\n",
		{ "10:14: 'name' is missing in this round; write name: reading",
			"10:14: 'questions' is missing in this round; write questions: and a list below it",
			"10:14: 'schedule' is missing in this round; write schedule: every friday 16:00" } },
	{ WORKSPACE TEAM ROUND "        questions: [{ ask: { en: How? } }, { ask: [a] }, { ask: { zh-CN: 好吗, en: Well?, fr: Bien? } }]\n",
		{ "13:28: 'ask' has no text for zh-CN",
			"13:51: 'ask' must be a text, or one for each language, such as { zh-CN: …, en: … }, not a list",
			"13:65: 'ask' has a text for each of zh-CN and en, and nothing else" } },
	{ WORKSPACE TEAM ROUND "        questions: [{ ask: a, kind: choice }, { ask: b, options: [x, y] }, { ask: c, kind: choice, options: [x, X] }, "
			       "{ ask: d, kind: choice, options: [x] }, { ask: e, kind: score }]\n",
		{ "13:21: a choice needs 'options'; write options: [yes, no]", "13:66: 'options' are for a choice alone; write kind: choice",
			"13:109: 'options' has 'X' twice", "13:152: 'options' must be two at least",
			"13:175: 'kind' must be one of: text, number, choice, scale; not 'score'" } },
	{ WORKSPACE TEAM ROUND "        questions: [{ ask: a, min: 1 }, { ask: b, kind: scale, max: 1 }, { ask: c, kind: number, min: 2, max: 1 }, "
			       "{ ask: d, kind: scale, max: 200 }]\n",
		{ "13:36: 'min' and 'max' are for a number or a scale", "13:69: 'min' must be less than 'max'",
			"13:103: 'min' must be less than 'max'", "13:144: a scale has no more than 100 points; a number may have more" } },
	{ WORKSPACE TEAM ROUND "        questions: [{ ask: a }]\n        remind: \"16:00\"\n        deadline: \"15:00\"\n",
		{ "14:17: 'remind' must be later than the time of 'schedule'; \"+1 10:00\" is the day after",
			"15:19: 'deadline' must be later than the time of 'schedule'; \"+1 12:00\" is the day after" } },
	{ WORKSPACE TEAM ROUND "        questions: [{ ask: a }]\n        remind: \"+2 10:00\"\n        deadline: \"+9 15:00\"\n",
		{ "14:17: 'remind' must be earlier than 'deadline'",
			"15:19: 'deadline' must be a time like \"18:00\", or \"+1 12:00\" for the next day (up to +6), not '+9 15:00'" } },
	{ WORKSPACE TEAM ROUND "        questions: [{ ask: a }]\n        audience: [team, ana]\n        summary: nobody\n        board: on\n",
		{ "14:26: 'audience' must hold team, roles or names in quotes (\"@hr\", \"@ana\"), e-mail addresses or ids, not 'ana'",
			"15:18: 'summary' must be one of: channel, manager, private; not 'nobody'",
			"16:16: 'board' shows the answers in the channel; it needs summary: channel" } },
	{ WORKSPACE TEAM ROUND "        questions: [{ ask: a }]\n      - { name: mood, schedule: workdays 09:00, questions: [{ ask: a }] }\n"
			       "      - { name: a/b, schedule: workdays 09:00, questions: [{ ask: a }] }\n",
		{ "14:17: another round of this team is called 'mood' already; each name once",
			"15:17: 'name' must be one word of up to 32 characters without / : @ < >, not 'a/b'" } },

	{ WORKSPACE TEAM "    managers: \"@ana\"\n", { "10:15: 'managers' must be a list, not a text; such "
						       "as [U0123456789, \"@ana\", ben@example.com]" } },
	{ WORKSPACE TEAM "    managers: [ana, \"@ben\", {}, c@d@e]\n",
		{ "10:16: 'managers' must hold ids (U0123456789), names in quotes (\"@ana\") or e-mail "
		  "addresses, not 'ana'",
			"10:29: 'managers' must be a list of texts, not a section",
			"10:33: 'managers' must hold ids (U0123456789), names in quotes (\"@ana\") or e-mail "
			"addresses, not 'c@d@e'" } },
	{ WORKSPACE "teams: [{ name: a, workspace: acme, channel: sales }]\n",
		{ "6:46: 'channel' must be a channel's id (C0123456789, oc_…) or its name in quotes (\"#sales\"), "
		  "not 'sales'" } },
	{ WORKSPACE "teams: [{ name: a, workspace: acme, channel: D0123456789 }]\n",
		{ "6:46: 'channel' must be a channel, and 'D0123456789' is the id of a person, workspace or "
		  "direct message; a "
		  "channel's id begins with C" } },
	{ WORKSPACE "teams:\n  - name: a\n    workspace: acme\n    channel: #sales\n",
		{ "9:13: 'channel' is empty (a value that begins with # must stand in quotes: "
		  "\"#sales\")" } },

	/* policies: WORKSPACE and TEAM end with line 10 */
	{ WORKSPACE TEAM "policies:\n  - { name: p, applies: blockers, first_response: soon, teams: [nobody] }\n",
		{ "11:25: 'applies' must be one of: blocker, stall, customer, feedback; not 'blockers'",
			"11:51: 'first_response' must be a span of working time like 30m, 2h or 1h30m, or of calendar days like "
			"7d, not 'soon'",
			"11:64: there is no team 'nobody'; 'teams' of the file names all there are" } },
	{ WORKSPACE TEAM "policies:\n  - { name: p, applies: stall, plan: 1h, warn: [80, 100%], ladder: [{ after: 1d }] }\n"
			 "  - { name: p, applies: stall, plan: 1h }\n",
		{ "11:49: 'warn' must be from 1% to 99% of the target, not '80'",
			"11:53: 'warn' must be from 1% to 99% of the target, not '100%'",
			"11:69: 'to' is missing in this step; write to: manager",
			"11:78: 'after' must be a span of hours and minutes like 30m or 2h, not '1d'",
			"12:13: another policy is called 'p' already; each name once" } },
	{ WORKSPACE TEAM "deals:\n  currency: yuan\n  stages:\n    - { name: a, end: won, stall_days: 3 }\n    - { name: a, end: won }\n",
		{ "11:13: 'currency' must be three capital letters as in ISO 4217, like CNY or EUR, not 'yuan'",
			"13:5: the first stage must be open: every deal begins there",
			"13:5: 'stages' need one with end: won and one with end: lost",
			"13:40: 'stall_days' are for open stages alone: a deal rests in the others",
			"14:15: another stage is called 'a' already; each name once" } },

	/* the API */
	{ WORKSPACE TEAM "api: {}\n", { "10:6: 'senders' is missing in this api; write senders: and a list below it" } },
	{ WORKSPACE TEAM "api:\n  listen: 0.0.0.0:8642\n  senders: [{ name: crm, token: tooshort }]\n",
		{ "11:11: 'listen' is an address that other machines reach, and tokens would cross the network in the clear; write "
		  "127.0.0.1:8642 and put a proxy with TLS before it, or exposed: on",
			"12:33: 'token' must have 24 to 512 characters; make one with: openssl rand -hex 32" } },
	{ WORKSPACE TEAM "api:\n  senders:\n"
			 "    - { name: crm, token: \"abcdefghijklmnopqrstuvwxyz \" }\n"
			 "    - { name: crm, token: abcdefghijklmnopqrstuvwxyz, teams: [sales, nobody], per_minute: 0 }\n",
		{ "12:27: 'token' has white space or a character in it that no token has; remove it",
			"13:15: another sender is called 'crm' already; each name once",
			"13:62: there is no team 'nobody'; 'teams' of the file names all there are",
			"13:91: 'per_minute' must be a whole number from 1 to 60000, not '0'" } },
	{ WORKSPACE TEAM "api:\n  listen: localhost\n  senders:\n"
			 "    - { name: crm, token: abcdefghijklmnopqrstuvwxyz }\n"
			 "    - { name: erp, token: abcdefghijklmnopqrstuvwxyz }\n",
		{ "11:11: 'listen' must be a numeric address and a port like 127.0.0.1:8642 or [::1]:8642, not 'localhost'",
			"14:27: 'token' is that of sender 'crm' too; each has its own" } },

	/* workspaces and their tokens: no value of a token in any message */
	{ "workspaces: [{ name: a, platform: feishuu, bot_token: xapp-1-a, app_token: xoxb-1-b }]\nteams: [{ "
	  "name: s, "
	  "workspace: a, channel: C012 }]\n",
		{ "1:35: 'platform' must be one of: slack, feishu; not 'feishuu'",
			"1:55: 'bot_token' holds an app-level token (xapp-…), which belongs into "
			"'app_token'; here goes the bot token "
			"(xoxb-…)",
			"1:76: 'app_token' holds a bot token (xoxb-…), which belongs into 'bot_token'; here "
			"goes the app-level token "
			"(xapp-…)" } },
	{ "workspaces: [{ name: a, platform: slack, bot_token: xoxp-1-a, app_token: \"xapp-1-b \" }]\nteams: "
	  "[{ name: s, "
	  "workspace: a, channel: C012 }]\n",
		{ "1:53: 'bot_token' holds a user token (xoxp-…); here goes the bot token (xoxb-…)",
			"1:74: 'app_token' has white space in or around the token; remove it" } },
	{ "workspaces: [{ name: a, platform: slack, bot_token: secret, app_token: xapp-… }]\nteams: [{ name: "
	  "s, "
	  "workspace: a, channel: C012 }]\n",
		{ "1:53: 'bot_token' holds no token of Slack; here goes the bot token (xoxb-…)",
			"1:72: 'app_token' does not hold a whole token; copy the app-level token (xapp-…) "
			"from the app's settings" } },
	{ "workspaces: [{ name: a, platform: slack, bot_token: \"\", app_token: xapp-}]\nteams: [{ name: s, "
	  "workspace: a, channel: C012 }]\n",
		{ "1:53: 'bot_token' is empty", "1:68: 'app_token' does not hold a whole token; copy the "
						"app-level token (xapp-…) from the app's settings" } },
	{ "workspaces: [{ name: a, platform: slack, bot_token: \"xoxb-1\\n\" }]\nteams: [{ name: "
	  "xoxb-1-secret, "
	  "workspace: xoxb-1-secret, channel: C012 }]\n",
		{ "1:14: 'app_token' is missing in this workspace; write app_token: ${SLACK_APP_TOKEN}",
			"1:53: 'bot_token' has white space in or around the token; remove it",
			"2:43: there is no workspace a token; there is: a" } },
	{ "workspaces:\n  - name: a\n    platform: slack\n    bot_token: xoxb-1\n    bot_token_file: t\n    "
	  "app_token: "
	  "xapp-1\n" TEAM,
		{ "5:21: 'bot_token' and 'bot_token_file' both stand here; keep one",
			"9:16: there is no workspace 'acme'; there "
			"is: a" } },
	{ WORKSPACE "    api_url: http://slack.com/api/\n" TEAM,
		{ "6:14: 'api_url' must begin with https://, not 'http://slack.com/api/': tokens would cross "
		  "the network in the "
		  "clear (http:// is for this machine's own addresses)" } },
	{ WORKSPACE "    api_url: slack.com/api\n" TEAM,
		{ "6:14: 'api_url' must be a URL like https://slack.com/api/, not 'slack.com/api'" } },
	{ WORKSPACE "    api_url: ftp://slack.com/\n" TEAM, { "6:14: 'api_url' must begin with https://, not "
							      "'ftp://slack.com/'" } },
	{ WORKSPACE "    api_url: https://u:p@slack.com/?a\n" TEAM,
		{ "6:14: 'api_url' must be a URL without user, query and fragment, not "
		  "'https://u:p@slack.com/?a'" } },
	{ WORKSPACE "    proxy: socks5://user:secret@proxy:1080\n" TEAM,
		{ "6:12: 'proxy' must be like http://proxy.example:3128 or "
		  "http://user:password@proxy.example:3128" } },
	{ WORKSPACE "    rate_limits: off\n" TEAM,
		{ "6:18: 'rate_limits' must stay on for slack.com: off is for a sandbox" } },
	{ WORKSPACE "    rate_limits: maybe\n    connections: 4\n" TEAM,
		{ "6:18: 'rate_limits' must be on or off, not 'maybe'",
			"7:18: 'connections' must be a whole number from 1 to 3, not '4'" } },
	{ WORKSPACE "    ca_file: no-such.pem\n" TEAM,
		{ "6:14: 'ca_file' names a file that cannot be read: No such file or directory" } },
	{ WORKSPACE "    ca_file: /dev/null\n" TEAM,
		{ "6:14: 'ca_file' names a file that is not a plain file" } },

	/* Feishu: keys and ids of its own; a secret shows in no message */
	{ FEISHU("") "    bot_token: xoxb-1\n    api_url: https://slack.com/api/\n" FEISHU_TEAM,
		{ "6:16: 'bot_token' is for slack alone, and this workspace is of feishu, which has "
		  "'base_url', 'app_id', 'app_secret', 'monthly_calls', 'gather_seconds'",
			"7:14: 'api_url' is for slack alone, and this workspace is of feishu, which has "
			"'base_url', 'app_id', 'app_secret', 'monthly_calls', 'gather_seconds'" } },
	{ WORKSPACE "    app_secret_file: secret\n" TEAM,
		{ "6:22: 'app_secret' is for feishu alone, and this workspace is of slack, which has "
		  "'api_url', 'bot_token', 'app_token'" } },
	{ "workspaces:\n  - name: acme\n    platform: feishu\n" FEISHU_TEAM,
		{ "2:5: 'app_id' is missing in this workspace; write app_id: cli_0123456789abcdef",
			"2:5: 'app_secret' is missing in this workspace; write app_secret: "
			"${FEISHU_APP_SECRET}" } },
	{ "workspaces:\n  - name: acme\n    platform: feishu\n    app_id: abc123secret\n    app_secret: "
	  "cli_a\n" FEISHU_TEAM,
		{ "4:13: 'app_id' must be the App ID (cli_…) from the app's page under Credentials",
			"5:17: 'app_secret' holds an App ID (cli_…), which belongs into 'app_id'; here goes "
			"the App Secret" } },
	{ FEISHU("    base_url: http://open.feishu.cn\n    rate_limits: off\n    gather_seconds: -1\n")
			FEISHU_TEAM,
		{ "6:15: 'base_url' must begin with https://, not 'http://open.feishu.cn': tokens would "
		  "cross the network in the clear (http:// is for this machine's own addresses)",
			"8:21: 'gather_seconds' must be a whole number from 0 to 3600, not '-1'" } },
	{ FEISHU("    base_url: https://open.larksuite.com\n    rate_limits: off\n") FEISHU_TEAM,
		{ "7:18: 'rate_limits' must stay on for larksuite.com: off is for a sandbox" } },
	{ FEISHU("") "teams: [{ name: s, workspace: acme, channel: C012, managers: [U012] }]\n",
		{ "6:46: 'channel' must be a channel's id on feishu (oc_0123456789abcdef) or its name in "
		  "quotes (\"#sales\"), not 'C012'",
			"6:62: 'managers' must hold ids of people on feishu (ou_0123456789abcdef), and "
			"'U012' is none" } },
	{ FEISHU("") "teams: [{ name: s, workspace: acme, channel: ou_1 }]\n",
		{ "6:46: 'channel' must be a channel, and 'ou_1' is the id of a person; a group's id begins "
		  "with oc_" } },
	{ WORKSPACE "teams: [{ name: s, workspace: acme, channel: oc_1, managers: [ou_1] }]\n",
		{ "6:46: 'channel' must be a channel's id on slack (C0123456789) or its name in quotes "
		  "(\"#sales\"), not 'oc_1'",
			"6:62: 'managers' must hold ids of people on slack (U0123456789), and 'ou_1' is "
			"none" } },
	{ WORKSPACE "teams: [{ name: s, workspace: acme, channel: \"#a b\" }]\n",
		{ "6:46: 'channel' must be a channel's id on slack (C0123456789) or its name in quotes "
		  "(\"#sales\"), not '#a b'" } },
	{ FEISHU("") "  - name: beta\n    platform: feishu\n    app_id: cli_a1\n    app_secret: s\n" FEISHU_TEAM,
		{ "8:13: 'app_id' is that of workspace 'acme' too; each needs an app of its own, for Feishu "
		  "gives an event to only one of an app's connections" } },

	/* what several keys mean together */
	{ WORKSPACE "  - name: acme\n    platform: slack\n    bot_token: xoxb-1-abc\n    app_token: "
		    "xapp-1-abc\n" TEAM,
		{ "6:11: another workspace is called 'acme' already; each name once",
			"8:16: 'bot_token' is that of workspace 'acme' too; each workspace has its own",
			"9:16: 'app_token' is that of workspace 'acme' too; each needs an app of its own, "
			"for Slack gives an event to only "
			"one of an app's connections" } },
	{ WORKSPACE TEAM "  - name: sales\n    workspace: acme\n    channel: C0123456789\n",
		{ "10:11: another team is called 'sales' already; each name once",
			"12:14: the channel 'C0123456789' is that of team 'sales' already; one team for each "
			"channel" } },
	{ WORKSPACE "teams: [{ name: a, workspace: amce, channel: C012 }, { name: b, workspace: zzz, "
		    "channel: C012 }]\n",
		{ "6:31: there is no workspace 'amce'; did you mean 'acme'?",
			"6:76: there is no workspace 'zzz'; there is: acme" } },

	/* variables */
	{ WORKSPACE TEAM "database: ${BELLTOWER_TEST_UNSET}\n",
		{ "10:11: 'database' needs the environment variable 'BELLTOWER_TEST_UNSET', which is not "
		  "set" } },
	{ WORKSPACE TEAM "database: \"${BELLTOWER_TEST_EMPTY}\"\n",
		{ "10:11: 'database' is empty: the variable in it is set, but to nothing" } },
	{ WORKSPACE TEAM "database: a${}\n", { "10:11: 'database' has ${ without a variable's name and }; "
					       "write ${NAME}, or $${ for a literal ${" } },
	{ WORKSPACE TEAM "database: a${BELLTOWER_TEST_ZONE\n",
		{ "10:11: 'database' has ${ without a variable's name and }; write ${NAME}, or $${ for a "
		  "literal ${" } },
	/* what a variable held is not shown: it may be a secret in the wrong place */
	{ WORKSPACE TEAM "default_zone: ${BELLTOWER_TEST_SECRET}\n",
		{ "10:15: 'default_zone' must be an IANA time zone such as Asia/Shanghai or Europe/Berlin; "
		  "'${BELLTOWER_TEST_SECRET}' is none" } },
};
/* clang-format on */

static GPtrArray *problems_new(void)
{
	return g_ptr_array_new_with_free_func(g_free);
}

static char *joined(GPtrArray *problems)
{
	g_ptr_array_add(problems, NULL);
	return g_strjoinv("\n", (char **)problems->pdata);
}

static void tells_all_problems(void **state)
{
	(void)state;
	int failed = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GPtrArray) problems = problems_new();
		GString *expected = g_string_new(NULL);
		for (size_t j = 0; bad[i].problems[j]; j++)
			g_string_append_printf(expected, "%s/b.yaml:%s%s", j ? "\n" : "",
				g_ascii_isdigit(bad[i].problems[j][0]) ? "" : " ", bad[i].problems[j]);
		struct config *config = config_parse("/b.yaml", bad[i].yaml, strlen(bad[i].yaml), problems);
		assert_null(config);
		g_autofree char *got = joined(problems);
		if (strcmp(got, expected->str) != 0) {
			print_error("case %zu:\n%s--- expected\n%s\n--- got\n%s\n\n", i, bad[i].yaml,
				expected->str, got);
			failed++;
		}
		g_string_free(expected, TRUE);
	}
	assert_int_equal(failed, 0);
}

static struct config *good(const char *yaml)
{
	g_autoptr(GPtrArray) problems = problems_new();
	struct config *config = config_parse("/etc/b/b.yaml", yaml, strlen(yaml), problems);
	if (!config) {
		g_autofree char *all = joined(problems);
		fail_msg("%s", all);
	}
	assert_int_equal(problems->len, 0);
	return config;
}

static void quiet_hours_are_set_and_prompts_in_them_noticed(void **state)
{
	(void)state;
	struct config *c = good("quiet: { from: \"22:00\", messages: 0 }\n" WORKSPACE TEAM "    standup: { prompt: \"07:30\" }\n");
	assert_int_equal(c->quiet.from_minute, 22 * 60);
	assert_int_equal(c->quiet.to_minute, 8 * 60);
	assert_int_equal(c->quiet.messages, 0);
	assert_non_null(c->warnings[0]);
	assert_non_null(strstr(c->warnings[0], "team 'sales' is prompted at 07:30, which lies in the quiet hours: it comes at 08:00"));
	config_free(c);
	c = good("quiet: { to: \"07:30\" }\n" WORKSPACE TEAM "    standup: { prompt: \"07:30\" }\n");
	assert_null(c->warnings[0]);
	config_free(c);
}

static void a_prompt_may_name_its_days(void **state)
{
	(void)state;
	struct config *c = good(WORKSPACE TEAM "    standup: { prompt: 每周一、三 09:30 }\n");
	g_autofree char *words = recurrence_words(c->teams[0]->standup.prompt, LANGUAGE_EN);
	assert_string_equal(words, "every monday, wednesday 09:30");
	assert_int_equal(c->teams[0]->standup.prompt_minute, 9 * 60 + 30);
	config_free(c);
	c = good(WORKSPACE TEAM "    standup: { format: A }\n");
	assert_null(c->teams[0]->standup.prompt);
	assert_int_equal(c->teams[0]->standup.prompt_minute, -1);
	config_free(c);
}

static void fills_in_what_is_absent(void **state)
{
	(void)state;
	struct config *c = good(WORKSPACE TEAM);
	assert_string_equal(c->database, "/etc/b/belltower.db");
	assert_string_equal(c->default_zone, "UTC");
	assert_int_equal(c->default_language, LANGUAGE_EN);
	assert_int_equal(c->quiet.from_minute, 20 * 60);
	assert_int_equal(c->quiet.to_minute, 8 * 60);
	assert_int_equal(c->quiet.messages, 5);
	assert_int_equal(c->quiet.digest_minute, 17 * 60 + 30);
	const struct config_workspace *w = c->workspaces[0];
	assert_string_equal(w->api_url, "https://slack.com/api/");
	assert_int_equal(w->connections, 1);
	assert_true(w->rate_limits);
	assert_null(w->ca_file);
	assert_null(w->proxy);
	assert_null(c->workspaces[1]);
	const struct config_team *t = c->teams[0];
	assert_ptr_equal(t->workspace, w);
	assert_string_equal(t->zone, "UTC");
	assert_int_equal(t->language, LANGUAGE_EN);
	assert_null(t->managers[0]);
	assert_false(t->standup.enabled);
	assert_null(c->teams[1]);
	assert_int_equal(g_strv_length(c->warnings), 1);
	assert_non_null(strstr(c->warnings[0], "team 'sales' has no ritual"));
	config_free(c);
	config_free(NULL);
}

static void reads_a_feishu_workspace(void **state)
{
	(void)state;
	struct config *c = good(FEISHU("") "teams: [{ name: s, workspace: acme, channel: \"#销售 一组\", "
					    "managers: [ou_0aF_9, \"@张三\"] }]\n");
	const struct config_workspace *w = c->workspaces[0];
	assert_string_equal(w->platform, "feishu");
	assert_string_equal(w->base_url, "https://open.feishu.cn");
	assert_string_equal(w->app_id, "cli_a1");
	assert_string_equal(w->app_secret, "hush");
	assert_int_equal(w->monthly_calls, 10000);
	assert_int_equal(w->gather_seconds, 20);
	assert_int_equal(w->connections, 1);
	assert_null(w->api_url);
	assert_null(w->bot_token);
	assert_string_equal(c->teams[0]->channel, "#销售 一组");
	config_free(c);
	c = good(FEISHU("    base_url: http://127.0.0.1:8787//\n    monthly_calls: 0\n    gather_seconds: 0\n"
			"    rate_limits: off\n") FEISHU_TEAM);
	assert_string_equal(c->workspaces[0]->base_url, "http://127.0.0.1:8787");
	assert_int_equal(c->workspaces[0]->monthly_calls, 0);
	assert_int_equal(c->workspaces[0]->gather_seconds, 0);
	config_free(c);
}

static void reads_every_field(void **state)
{
	(void)state;
	struct config *c = good(
		"database: /var/lib/$${x}$.db\n"
		"default_zone: Asia/Shanghai\n"
		"default_language: zh_CN\n"
		"workspaces:\n"
		"  - { name: acme, platform: slack, api_url: \"http://[::1]:8787/api\", bot_token: xoxb-1, "
		"app_token: xapp-1, proxy: \"http://u:p@proxy:3128\", connections: 3, rate_limits: no, "
		"ca_file: "
		"../passwd }\n"
		"  - { name: beta, platform: slack, api_url: http://localhost:1, bot_token: xoxb-2, "
		"app_token: "
		"xapp-2 }\n"
		"teams:\n"
		"  - name: 销售一部\n"
		"    workspace: beta\n"
		"    channel: \"#销售\"\n"
		"    managers: [U012, \"@ana\", ben@example.com]\n"
		"    zone: ${BELLTOWER_TEST_ZONE}\n"
		"    language: en\n"
		"    standup: { format: b, deadline: 09:05, days: [mon, Wed, sun] }\n"
		"  - { name: two, workspace: acme, channel: \"#销售\", standup: }\n");
	assert_string_equal(c->database, "/var/lib/${x}$.db");
	const struct config_workspace *acme = config_workspace(c, "acme"),
				      *beta = config_workspace(c, "beta");
	assert_string_equal(acme->api_url, "http://[::1]:8787/api/");
	assert_string_equal(acme->proxy, "http://u:p@proxy:3128");
	assert_string_equal(acme->ca_file, "/etc/passwd");
	assert_int_equal(acme->connections, 3);
	assert_false(acme->rate_limits);
	assert_string_equal(beta->app_token, "xapp-2");
	assert_null(config_workspace(c, "gamma"));
	const struct config_team *one = config_team(c, "销售一部"), *two = config_team_at(c, "acme", "#销售");
	assert_ptr_equal(one->workspace, beta);
	assert_string_equal(one->managers[1], "@ana");
	assert_string_equal(one->managers[2], "ben@example.com");
	assert_null(one->managers[3]);
	assert_string_equal(one->zone, "Europe/Berlin");
	assert_int_equal(one->language, LANGUAGE_EN);
	assert_int_equal(one->standup.format, 'B');
	assert_int_equal(one->standup.deadline_minute, 545);
	assert_int_equal(one->standup.days, 1 | 4 | 64);
	assert_string_equal(two->name, "two");
	assert_string_equal(two->zone, "Asia/Shanghai");
	assert_int_equal(two->language, LANGUAGE_ZH_CN);
	assert_true(two->standup.enabled);
	assert_int_equal(two->standup.format, 'A');
	assert_int_equal(two->standup.deadline_minute, -1);
	assert_int_equal(two->standup.days, CONFIG_WORKDAYS);
	assert_null(config_team(c, "three"));
	assert_null(config_team_at(c, "beta", "#sales"));
	config_free(c);
}

/* ---- files ---- */

struct folder {
	char *path;
};

static int folder_open(void **state)
{
	struct folder *folder = g_new0(struct folder, 1);
	folder->path = g_dir_make_tmp("belltower-config-XXXXXX", NULL);
	*state = folder;
	return folder->path ? 0 : -1;
}

static int folder_close(void **state)
{
	struct folder *folder = *state;
	g_autoptr(GDir) dir = g_dir_open(folder->path, 0, NULL);
	for (const char *name; (name = g_dir_read_name(dir));) {
		g_autofree char *path = g_build_filename(folder->path, name, NULL);
		g_remove(path);
	}
	g_rmdir(folder->path);
	g_free(folder->path);
	g_free(folder);
	g_unsetenv("CREDENTIALS_DIRECTORY");
	g_unsetenv("STATE_DIRECTORY");
	return 0;
}

static char *put(const struct folder *folder, const char *name, const char *text, int mode)
{
	char *path = g_build_filename(folder->path, name, NULL);
	assert_true(g_file_set_contents(path, text, -1, NULL));
	assert_int_equal(chmod(path, (mode_t)mode), 0);
	return path;
}

#define WITH_FILES                                                                                           \
	"workspaces: [{ name: acme, platform: slack, bot_token_file: bot, app_token_file: app }]\n"          \
	"teams: [{ name: sales, workspace: acme, channel: C012, standup: { format: A } }]\n"

static void reads_secrets_from_files(void **state)
{
	g_autofree char *yaml = put(*state, "b.yaml", WITH_FILES, 0644);
	g_autofree char *bot = put(*state, "bot", "xoxb-1-file\n", 0600);
	g_autofree char *app = put(*state, "app", "xapp-1-file\r\n\n", 0640);
	g_autoptr(GPtrArray) problems = problems_new();
	struct config *c = config_load(yaml, problems);
	assert_non_null(c);
	assert_string_equal(c->workspaces[0]->bot_token, "xoxb-1-file");
	assert_string_equal(c->workspaces[0]->app_token, "xapp-1-file");
	assert_null(c->warnings[0]);
	config_free(c);
}

static void takes_credentials_and_state_from_systemd(void **state)
{
	struct folder *folder = *state;
	g_autofree char *bot = put(folder, "bot", "xoxb-1-file\n", 0600);
	g_autofree char *app = put(folder, "app", "xapp-1-file", 0600);
	g_autofree char *state_folders = g_strconcat(folder->path, ":/elsewhere", NULL);
	g_setenv("CREDENTIALS_DIRECTORY", folder->path, TRUE);
	g_setenv("STATE_DIRECTORY", state_folders, TRUE);
	struct config *c = good(WITH_FILES);
	g_autofree char *database = g_build_filename(folder->path, "belltower.db", NULL);
	assert_string_equal(c->workspaces[0]->bot_token, "xoxb-1-file");
	assert_string_equal(c->database, database);
	config_free(c);
}

static void does_without_secrets(void **state)
{
	g_autofree char *yaml = put(*state, "b.yaml", WITH_FILES "database: x.db\n", 0644);
	g_autoptr(GPtrArray) problems = problems_new();
	assert_null(config_load(yaml, problems)); /* the files are not there */
	g_ptr_array_set_size(problems, 0);
	struct config *c = config_load_keyless(yaml, problems);
	assert_non_null(c);
	assert_true(g_str_has_suffix(c->database, "/x.db"));
	assert_null(c->workspaces[0]->bot_token);
	assert_null(c->workspaces[0]->app_token);
	config_free(c);
}

static void tells_what_is_wrong_with_files(void **state)
{
	struct folder *folder = *state;
	g_autofree char *yaml = put(folder, "b.yaml", WITH_FILES, 0600);
	g_autofree char *app = put(folder, "app", "\n\n", 0600);
	g_autoptr(GPtrArray) problems = problems_new();
	assert_null(config_load(yaml, problems));
	g_autofree char *got = joined(problems);
	g_autofree char *expected =
		g_strdup_printf("%s:1:61: 'bot_token_file': '%s/bot' cannot be read: No such file or "
				"directory\n%s:1:82: 'app_token_file': '%s/app' is empty",
			yaml, folder->path, yaml, folder->path);
	assert_string_equal(got, expected);
}

static void never_tells_a_secret(void **state)
{
	g_autofree char *yaml = put(*state, "b.yaml", WITH_FILES, 0600);
	g_autofree char *bot = put(*state, "bot", "hush-hush\n", 0600);
	g_autofree char *app = put(*state, "app", "xapp-hush hush\n", 0600);
	g_autoptr(GPtrArray) problems = problems_new();
	assert_null(config_load(yaml, problems));
	assert_int_equal(problems->len, 2);
	g_autofree char *got = joined(problems);
	assert_null(strstr(got, "hush"));
}

static void warns_of_open_files(void **state)
{
	g_autofree char *yaml = put(*state, "b.yaml", WORKSPACE TEAM, 0644);
	g_autoptr(GPtrArray) problems = problems_new();
	struct config *c = config_load(yaml, problems);
	assert_non_null(c);
	assert_int_equal(g_strv_length(c->warnings), 3);
	assert_non_null(strstr(c->warnings[0],
		":4:16: 'bot_token' stands in a file that everybody on this machine can read"));
	config_free(c);
	g_autofree char *bot = put(*state, "bot", "xoxb-1\n", 0644),
			*app = put(*state, "app", "xapp-1\n", 0640);
	g_autofree char *other = put(*state, "c.yaml", WITH_FILES, 0644);
	c = config_load(other, problems);
	assert_non_null(c);
	assert_int_equal(g_strv_length(c->warnings), 1);
	assert_non_null(strstr(c->warnings[0], "'bot_token_file': everybody on this machine can read"));
	config_free(c);
}

static void refuses_files_it_cannot_take(void **state)
{
	struct folder *folder = *state;
	GString *huge = g_string_new("#");
	while (huge->len <= CONFIG_LIMIT_BYTES)
		g_string_append(huge, "##########");
	g_autofree char *big = put(folder, "big.yaml", huge->str, 0600);
	g_autofree char *pipe = g_build_filename(folder->path, "pipe", NULL);
	g_autofree char *none = g_build_filename(folder->path, "none", NULL);
	g_string_free(huge, TRUE);
	assert_int_equal(mkfifo(pipe, 0600), 0); /* reading it would wait for ever */
	g_autoptr(GPtrArray) problems = problems_new();
	assert_null(config_load(big, problems));
	assert_null(config_load(pipe, problems));
	assert_null(config_load(none, problems));
	assert_null(config_load(folder->path, problems));
	g_autofree char *got = joined(problems);
	g_autofree char *expected = g_strdup_printf(
		"%s: is larger than 1024 KiB\n%s: is not a plain file\n%s: cannot be read: No "
		"such file or directory\n%s: is not a plain file",
		big, pipe, none, folder->path);
	assert_string_equal(got, expected);
}

static void bounds_its_problems(void **state)
{
	(void)state;
	GString *yaml = g_string_new("teams:\n");
	for (int i = 0; i < 500; i++)
		g_string_append(yaml, "  - nothing\n");
	g_autoptr(GPtrArray) problems = problems_new();
	assert_null(config_parse("b.yaml", yaml->str, yaml->len, problems));
	assert_int_equal(problems->len, CONFIG_PROBLEM_LIMIT + 1);
	assert_string_equal(problems->pdata[CONFIG_PROBLEM_LIMIT], "b.yaml: and 401 more");
	g_string_free(yaml, TRUE);
}

static char *all_problems(const char *yaml, gsize length)
{
	g_autoptr(GPtrArray) problems = problems_new();
	assert_null(config_parse("/b.yaml", yaml, length, problems));
	return joined(problems);
}

/* A file that would be huge with its aliases resolved, and that holds itself. */
static void bounds_aliases(void **state)
{
	(void)state;
	GString *yaml = g_string_new("y: &self [*self]\nworkspaces: *self\nx: &t { name: n, workspace: w, "
				     "channel: C012, managers: [");
	for (int i = 0; i < 100; i++)
		g_string_append(yaml, "U012,");
	g_string_append(yaml, "] }\nteams:\n");
	for (int i = 0; i < 1000; i++)
		g_string_append(yaml, "- *t\n");
	g_autofree char *within = all_problems(yaml->str, yaml->len);
	assert_non_null(strstr(within, "b.yaml:1:4: a workspace must be a section of keys, not a list"));
	assert_non_null(strstr(within, "another team is called 'n' already"));
	for (int i = 0; i < 1000; i++)
		g_string_append(yaml, "- *t\n");
	g_autofree char *beyond = all_problems(yaml->str, yaml->len);
	assert_non_null(strstr(beyond, ": has more than 2000 anchors and aliases"));
	g_string_free(yaml, TRUE);
}

/* What costs libyaml the square of the length: told at once, not after minutes. */
static void bounds_depth(void **state)
{
	static const char *const units[] = { "[", "{", "- ", "? ", "a: {" };
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		GString *yaml = g_string_new(NULL);
		while (yaml->len < CONFIG_LIMIT_BYTES - 10)
			g_string_append(yaml, units[i]);
		g_autofree char *got = all_problems(yaml->str, yaml->len);
		assert_non_null(strstr(got, "nests deeper than 32 levels"));
		g_string_free(yaml, TRUE);
	}
}

/* ---- the files in config/ ---- */

static void example_is_valid(void **state)
{
	(void)state;
	g_autoptr(GPtrArray) problems = problems_new();
	g_setenv("SLACK_BOT_TOKEN", "xoxb-1-example", TRUE);
	g_setenv("SLACK_APP_TOKEN", "xapp-1-example", TRUE);
	struct config *c = config_load(SOURCE_ROOT "/config/belltower.example.yaml", problems);
	if (!c) {
		g_autofree char *all = joined(problems);
		fail_msg("%s", all);
	}
	assert_string_equal(c->workspaces[0]->bot_token, "xoxb-1-example");
	assert_true(config_team(c, "sales")->standup.enabled);
	assert_null(c->warnings[0]);
	config_free(c);
}

static void reads_own_rounds(void **state)
{
	(void)state;
	struct config *c = good(WORKSPACE TEAM ROUND
		"        title: { zh-CN: 心情, en: Mood }\n"
		"        audience: [team, \"@hr\"]\n"
		"        remind: \"+1 10:00\"\n"
		"        summary: manager\n"
		"        anonymous: on\n"
		"        questions:\n"
		"          - ask: 怎么样？\n"
		"          - { ask: How many?, kind: number, min: -5, optional: on }\n"
		"          - { ask: How good?, kind: scale }\n"
		"          - { ask: Which?, kind: choice, options: [a, b] }\n"
		"      - { name: short, schedule: workdays 09:00, deadline: \"10:00\", questions: [{ ask: Well? }] }\n");
	const struct config_round *mood = c->teams[0]->rounds[0], *plain = c->teams[0]->rounds[1];
	assert_string_equal(config_words_in(&mood->title, LANGUAGE_ZH_CN), "心情");
	assert_string_equal(config_words_in(&mood->title, LANGUAGE_EN), "Mood");
	assert_string_equal(mood->audience[1], "@hr");
	assert_int_equal(recurrence_minute(mood->schedule), 16 * 60);
	assert_int_equal(mood->remind_minute, 34 * 60);
	assert_int_equal(mood->deadline_minute, 40 * 60); /* a day after it asks */
	assert_string_equal(mood->summary, "manager");
	assert_true(mood->anonymous && !mood->board);
	assert_string_equal(config_words_in(&mood->questions[0]->ask, LANGUAGE_EN), "怎么样？");
	assert_string_equal(mood->questions[0]->kind, "text");
	assert_int_equal(mood->questions[1]->least, -5);
	assert_int_equal(mood->questions[1]->most, CONFIG_NO_MOST);
	assert_true(mood->questions[1]->optional && !mood->questions[0]->optional);
	assert_int_equal(mood->questions[2]->least, 1);
	assert_int_equal(mood->questions[2]->most, 5);
	assert_string_equal(mood->questions[3]->options[1], "b");
	assert_string_equal(config_words_in(&plain->title, LANGUAGE_EN), "short");
	assert_null(*plain->audience);
	assert_int_equal(plain->remind_minute, -1);
	assert_int_equal(plain->deadline_minute, 10 * 60);
	config_free(c);
}

#define API "api:\n  senders: [{ name: crm, token: abcdefghijklmnopqrstuvwxyz }]\n"

static void reads_the_api(void **state)
{
	(void)state;
	struct config *c = good(WORKSPACE TEAM API), *none = good(WORKSPACE TEAM);
	const struct config_sender *crm = c->api.senders[0];
	assert_string_equal(c->api.listen, "127.0.0.1:8642");
	assert_int_equal(crm->per_minute, 120);
	assert_true(config_sender_may(crm, "sales"));
	assert_null(none->api.listen);
	config_free(none);
	config_free(c);
	c = good(WORKSPACE TEAM API "  listen: \"[::]:80\"\n  exposed: on\n");
	assert_non_null(strstr(c->warnings[1], "tokens cross the network in the clear"));
	config_free(c);
}

static void schema_agrees_with_the_table(void **state)
{
	(void)state;
	g_autofree char *kept = NULL, *made = config_schema();
	assert_true(g_file_get_contents(SOURCE_ROOT "/config/belltower.schema.json", &kept, NULL, NULL));
	if (strcmp(kept, made) != 0)
		fail_msg("config/belltower.schema.json is not what the table says; run belltower_manual "
			 "schema");
}

static void check_section(const struct config_section *section, const char *manual, const char *example)
{
	for (size_t i = 0; i < section->count; i++) {
		const struct config_key *key = &section->keys[i];
		g_autofree char *entry = g_strdup_printf(".TP\n\\fB%s\\fR", key->name);
		g_autofree char *line = g_strdup_printf("%s:", key->name);
		if (!strstr(manual, entry) || !key->help || !g_str_has_suffix(key->help, "."))
			fail_msg("the man page says nothing of '%s', or not in a sentence", key->name);
		if (!strstr(example, line))
			fail_msg("the example says nothing of '%s'", key->name);
		if (key->section)
			check_section(key->section, manual, example);
	}
}

static void every_key_is_documented(void **state)
{
	(void)state;
	g_autofree char *example = NULL, *manual = config_manual();
	assert_true(g_file_get_contents(SOURCE_ROOT "/config/belltower.example.yaml", &example, NULL, NULL));
	check_section(&config_top, manual, example);
}

int main(void)
{
	g_setenv("BELLTOWER_TEST_ZONE", "Europe/Berlin", TRUE);
	g_setenv("BELLTOWER_TEST_EMPTY", "", TRUE);
	g_setenv("BELLTOWER_TEST_SECRET", "xoxb-1-hush", TRUE);
	g_unsetenv("BELLTOWER_TEST_UNSET");
	g_unsetenv("CREDENTIALS_DIRECTORY");
	g_unsetenv("STATE_DIRECTORY");
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_open, folder_close)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_all_problems),
		cmocka_unit_test(fills_in_what_is_absent),
		cmocka_unit_test(quiet_hours_are_set_and_prompts_in_them_noticed),
		cmocka_unit_test(reads_every_field),
		cmocka_unit_test(reads_a_feishu_workspace),
		cmocka_unit_test(reads_own_rounds),
		cmocka_unit_test(reads_the_api),
		IN_FOLDER(reads_secrets_from_files),
		IN_FOLDER(takes_credentials_and_state_from_systemd),
		IN_FOLDER(does_without_secrets),
		IN_FOLDER(tells_what_is_wrong_with_files),
		IN_FOLDER(never_tells_a_secret),
		IN_FOLDER(warns_of_open_files),
		IN_FOLDER(refuses_files_it_cannot_take),
		cmocka_unit_test(bounds_its_problems),
		cmocka_unit_test(bounds_aliases),
		cmocka_unit_test(bounds_depth),
		cmocka_unit_test(example_is_valid),
		cmocka_unit_test(a_prompt_may_name_its_days),
		cmocka_unit_test(schema_agrees_with_the_table),
		cmocka_unit_test(every_key_is_documented),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
