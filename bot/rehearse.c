/* SPDX-License-Identifier: MIT */
/* `belltower rehearse`: the coming days on a copy of the database, and every message that would be sent. */
#include <signal.h>

#include "base/clock.h"
#include "base/zone.h"
#include "core/message_text.h"
#include "core/rehearse.h"
#include "program.h"
#include "registry.h"

struct listing {
	const struct options *options;
	const struct config *config;
	guint messages;
};

/* ---- one message ---- */

/* What a reader in a channel or a direct message sees; all else is no message. */
static const char *const kinds[OUTBOX_KIND_COUNT] = {
	[OUTBOX_POST] = "post",
	[OUTBOX_REPLACE] = "replace",
	[OUTBOX_PRIVATE] = "private",
	[OUTBOX_URGE] = "urge",
};

/* To whom or where, and by which clock. */
struct address {
	const struct team *team;     /* whose channel it is; NULL: none's */
	const struct person *person; /* NULL: a channel */
	GTimeZone *zone;
};

static struct address address_of(const struct roster *roster, const struct outbox_row *row)
{
	struct address a = { .person = row->person ? roster_person(roster, row->workspace, row->person) : NULL };
	const struct team *first = a.person ? roster_next_team_of(roster, row->workspace, a.person, NULL) : NULL;
	a.team = row->channel ? roster_team_at(roster, row->workspace, row->channel) : NULL;
	a.zone = a.person || !a.team ? roster_zone(roster, a.person, first) : a.team->zone;
	return a;
}

static gboolean is_wanted(const struct listing *l, const struct roster *roster, const struct address *a)
{
	const struct team *team = l->options->team ? roster_team(roster, l->options->team) : NULL;
	if (!l->options->team)
		return TRUE;
	return a->person ? roster_is_member(team, a->person) || roster_is_manager(team, a->person) : a->team == team;
}

static char *text_of(const struct roster *roster, const struct outbox_row *row)
{
	g_autoptr(cJSON) content = row->content ? json_parse(row->content, strlen(row->content), NULL) : NULL;
	return message_text(content, roster, row->workspace);
}

static void put_text(cJSON *record, const char *name, const char *text)
{
	if (text)
		json_put_text(record, name, text);
	else
		cJSON_AddNullToObject(record, name);
}

static void print_json(const struct listing *l, const struct outbox_row *row, const struct address *a, const char *at, const char *text)
{
	g_autoptr(cJSON) record = cJSON_CreateObject();
	json_put_text(record, "at", at);
	json_put_text(record, "zone", g_time_zone_get_identifier(a->zone));
	json_put_text(record, "kind", kinds[row->kind]);
	json_put_text(record, "workspace", row->workspace);
	put_text(record, "team", a->team ? a->team->config->name : NULL);
	put_text(record, "channel", row->channel);
	put_text(record, "person", row->person);
	put_text(record, "person_name", a->person ? a->person->name : NULL);
	json_put_text(record, "text", text);
	g_autofree char *printed = json_print(record);
	g_print("%s\n%s", l->messages > 1 ? "," : "[", printed);
}

/* "2026-11-24 09:30 Asia/Shanghai, to Ana (acme):" and the message's lines behind a margin. */
static void print_text(const struct outbox_row *row, const struct address *a, int64_t at_ms, const char *text)
{
	static const char *const verbs[OUTBOX_KIND_COUNT] = {
		[OUTBOX_POST] = "to", [OUTBOX_REPLACE] = "changes in", [OUTBOX_PRIVATE] = "to", [OUTBOX_URGE] = "urgently to"
	};
	struct zone_time local;
	zone_local(a->zone, at_ms, &local);
	const char *who = a->person ? a->person->name : row->person ? row->person : a->team ? a->team->config->channel : row->channel;
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_print("%04d-%02d-%02d %02d:%02d %s, %s %s (%s):\n", local.year, local.month, local.day, local.hour, local.minute,
		g_time_zone_get_identifier(a->zone), verbs[row->kind], who, row->workspace);
	for (char **line = lines; *line; line++)
		g_print("    %s\n", *line);
}

static void show(gpointer data, const struct roster *roster, const struct outbox_row *row, int64_t at_ms)
{
	struct listing *l = data;
	struct address a = address_of(roster, row);
	if (!kinds[row->kind] || !is_wanted(l, roster, &a))
		return;
	g_autofree char *text = text_of(roster, row), *at = zone_rfc3339_local(a.zone, at_ms);
	l->messages++;
	if (l->options->listing == LISTING_JSON)
		print_json(l, row, &a, at, text);
	else
		print_text(row, &a, at_ms, text);
}

/* ---- being stopped ---- */

static sigset_t ending_signals(void)
{
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	return signals;
}

/* The copy holds all that the team has said: whatever ends the program, it must not be left behind. */
static void mind_the_end(void)
{
	sigset_t signals = ending_signals();
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static gboolean is_stopped(gpointer data)
{
	(void)data;
	sigset_t signals;
	sigpending(&signals);
	return sigismember(&signals, SIGINT) || sigismember(&signals, SIGTERM) || sigismember(&signals, SIGHUP) || ferror(stdout);
}

/* ---- the copy ---- */

static gboolean play(struct listing *l, struct db *copy, GError **error)
{
	gsize count;
	const struct sql_owner *const *owners = registry_schema(&count);
	if (!db_migrate(copy, owners, count, error))
		return FALSE;
	struct clock *clock = clock_new();
	int64_t now_ms = clock_now_ms(clock);
	clock_free(clock);
	struct texts *texts = registry_texts();
	gboolean done = rehearse(&(struct rehearsal_setup){ .db = copy,
					 .config = l->config,
					 .texts = texts,
					 .rituals = registry,
					 .from_ms = now_ms,
					 .until_ms = now_ms + DAYS(l->options->days),
					 .shown = show,
					 .stopped = is_stopped,
					 .data = l },
		error);
	texts_free(texts);
	return done;
}

static gboolean play_copy(struct listing *l, const char *path, GError **error)
{
	struct db *original = db_open(l->config->database, DB_READER, error);
	gboolean done = original && db_backup(original, path, error);
	db_close(original);
	struct db *copy = done ? db_open(path, DB_WRITER, error) : NULL;
	done = copy && play(l, copy, error);
	db_close(copy);
	return done;
}

static void print_end(const struct listing *l)
{
	if (l->options->listing == LISTING_JSON)
		g_print("%s\n", l->messages ? "\n]" : "[]");
	else
		g_print("%u messages in %u days\n", l->messages, l->options->days);
}

static int rehearse_all(struct listing *l)
{
	g_autoptr(GError) error = NULL;
	if (l->options->team && !config_team(l->config, l->options->team)) {
		g_printerr("belltower: there is no team '%s' in '%s'\n", l->options->team, l->config->path);
		return EXIT_USAGE;
	}
	mind_the_end();
	g_autofree char *folder = g_dir_make_tmp("belltower-rehearse-XXXXXX", &error);
	if (!folder)
		return program_failed(error);
	g_autofree char *path = g_build_filename(folder, "belltower.db", NULL);
	gboolean done = play_copy(l, path, &error);
	program_remove_folder(folder);
	if (!done)
		return program_failed(error);
	print_end(l);
	return EXIT_OK;
}

int program_rehearse(const struct options *options)
{
	struct config *config = program_config_keyless(options->config);
	int code = config ? rehearse_all(&(struct listing){ .options = options, .config = config }) : EXIT_USAGE;
	config_free(config);
	return code;
}
