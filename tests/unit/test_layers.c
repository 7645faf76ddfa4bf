/* SPDX-License-Identifier: MIT */
/*
 * The layers of the house, read from its includes: who may see whom, and which vendor's header is whose.
 *
 * base < store, net < team < core < kit < platform | handlers | sandbox < app; picture, a program of its own, on base. A file sees its own room and those of the
 * table below; what is not in the tables is a complaint, so a new room or vendor is a decision that somebody writes down here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib.h>
#include <string.h>

enum room { BASE, STORE, NET, TEAM, CORE, KIT, PLATFORM, PICTURE, HANDLERS, SANDBOX, APP, OUTSIDE };

#define SEES(room) (1u << (room))

static const struct {
	const char *folder;
	unsigned sees; /* besides itself */
	gboolean apart; /* its folders do not see each other: no ritual knows another, nor a platform */
} rooms[] = {
	[BASE] = { "bot/base/", 0, FALSE },
	[STORE] = { "bot/store/", SEES(BASE), FALSE },
	[NET] = { "bot/net/", SEES(BASE), FALSE },
	[TEAM] = { "bot/team/", SEES(BASE) | SEES(STORE) | SEES(NET), FALSE },
	[CORE] = { "bot/core/", SEES(BASE) | SEES(STORE) | SEES(NET) | SEES(TEAM), FALSE },
	[KIT] = { "bot/kit/", SEES(BASE) | SEES(STORE) | SEES(TEAM) | SEES(CORE), FALSE },
	/* A platform lives on the loop, which never touches the database; see also `doors`. */
	[PLATFORM] = { "bot/platform/", SEES(BASE) | SEES(NET) | SEES(TEAM) | SEES(CORE), TRUE },
	/* Another program: the daemon starts it and links none of it. */
	[PICTURE] = { "bot/picture/", SEES(BASE), FALSE },
	/* A ritual is pure: it knows no socket. */
	[HANDLERS] = { "handlers/", SEES(BASE) | SEES(STORE) | SEES(TEAM) | SEES(CORE) | SEES(KIT), TRUE },
	/* The sandbox stands for the world outside: it judges the bot and shares no opinion with it. */
	[SANDBOX] = { "sandbox/", SEES(BASE) | SEES(NET) | SEES(TEAM), FALSE },
	[APP] = { "bot/", ~SEES(PICTURE), FALSE }, /* last: the files of bot/ itself */
};

/* A room that shows another only some of its headers. */
static const struct {
	enum room from, to;
	const char *headers[8];
} doors[] = {
	{ PLATFORM, CORE, { "bot/core/chart.h", "bot/core/event.h", "bot/core/message.h", "bot/core/outbox_row.h", "bot/core/platform.h" } },
};

/* Each vendor's header is one file's (or folder's) business. */
static const struct {
	const char *header; /* a name, or a folder with its slash */
	const char *files[4];
} vendors[] = {
	{ "sqlite3.h", { "bot/store/sqlite.c" } },
	{ "curl/", { "bot/net/http_client.c", "bot/net/http_sockets.c", "bot/net/http_sockets.h" } },
	{ "libwebsockets.h", { "bot/net/lws_private.h" } },
	{ "openssl/", { "bot/net/lws_loop.c", "bot/net/ws_client.c" } },
	{ "cjson/", { "bot/base/json.h" } },
	{ "libical/", { "bot/team/calendar_ics.c", "bot/team/recurrence.c", "bot/kit/feed.c" } },
	{ "lunar-date/", { "bot/team/yearly.c" } },
	{ "yaml.h", { "bot/team/yaml.h" } },
	{ "frame.pb-c.h", { "bot/platform/feishu/feishu_frame.c" } }, /* made of frame.proto, by protobuf-c */
	{ "sandbox_wire.pb-c.h", { "sandbox/feishu/packet.c" } },
	{ "link.h", { "bot/base/memory.c" } },
	{ "systemd/sd-journal.h", { "bot/base/log.c" } },
	{ "systemd/sd-daemon.h", { "bot/notify.c" } },
	{ "xlsxwriter.h", { "bot/export.c" } },
	{ "cairo.h", { "bot/picture/brush.h" } },
	{ "pango/", { "bot/picture/letters.c" } },
	{ "gdk-pixbuf/", { "bot/picture/face.c" } },
	{ "seccomp.h", { "bot/picture/confine.c" } },
	/* The clerk and the rituals never touch a socket. */
	{ "sys/socket.h", { "bot/net/", "sandbox/", "bot/platform/feishu/feishu_alone.c" } },
	{ "netinet/", { "bot/net/", "sandbox/" } },
	{ "arpa/", { "bot/net/", "sandbox/" } },
	{ "netdb.h", { "bot/net/" } },
};

/* What every room may use: the C library and GLib. */
static const char *const common[] = {
	"assert.h", "ctype.h", "errno.h", "float.h", "inttypes.h", "limits.h", "math.h", "signal.h", "stdarg.h", "stdatomic.h",
	"stdbool.h", "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h", "time.h",
	"dirent.h", "fcntl.h", "poll.h", "pthread.h", "pwd.h", "sched.h", "strings.h", "syslog.h", "unistd.h", "sys/",
	"glib.h", "glib-unix.h", "glib/", "gio/",
};

static gboolean is_or_under(const char *path, const char *name)
{
	return g_str_has_suffix(name, "/") ? g_str_has_prefix(path, name) : g_str_equal(path, name);
}

static enum room room_of(const char *path)
{
	for (enum room room = BASE; room < OUTSIDE; room++)
		if (g_str_has_prefix(path, rooms[room].folder))
			return room;
	return OUTSIDE;
}

/* The file of the tree that `path` is, or is made of at build time: a_sql.h of a.sql, a_texts.h of a/texts.yaml. */
static const char *find_source(GPtrArray *tree, const char *path)
{
	g_autofree char *name = g_path_get_basename(path);
	g_autofree char *made_of = NULL;
	if (g_str_has_suffix(name, "_sql.h"))
		made_of = g_strdup_printf("/%.*s.sql", (int)(strlen(name) - strlen("_sql.h")), name);
	else if (g_str_has_suffix(name, "_texts.h"))
		made_of = g_strdup_printf("/%.*s/texts.yaml", (int)(strlen(name) - strlen("_texts.h")), name);
	for (guint i = 0; i < tree->len; i++) {
		const char *file = tree->pdata[i];
		if (g_str_equal(file, path) || (made_of && g_str_has_suffix(file, made_of)))
			return file;
	}
	return NULL;
}

/* As the compiler looks: beside the file, then from the folders it searches. NULL: nowhere. */
static const char *resolve(GPtrArray *tree, const char *file, const char *name)
{
	g_autofree char *folder = g_path_get_dirname(file);
	const char *const from[] = { folder, "bot", "handlers", "" };
	for (size_t i = 0; i < G_N_ELEMENTS(from); i++) {
		g_autofree char *path = g_build_filename(from[i], name, NULL);
		const char *found = find_source(tree, path);
		if (found)
			return found;
	}
	return NULL;
}

/* The folder of `path` directly under its room, with its slash; NULL for the room's own files. */
static char *wing_of(const char *path, enum room room)
{
	const char *inside = path + strlen(rooms[room].folder), *slash = strchr(inside, '/');
	return slash ? g_strndup(path, (gsize)(slash + 1 - path)) : NULL;
}

static gboolean door_is_shut(enum room from, enum room to, const char *header)
{
	for (size_t i = 0; i < G_N_ELEMENTS(doors); i++)
		if (doors[i].from == from && doors[i].to == to)
			return !g_strv_contains(doors[i].headers, header);
	return FALSE;
}

/* What is wrong with an include of ours; NULL: nothing. */
static const char *judge_ours(GPtrArray *tree, const char *file, const char *name)
{
	const char *header = resolve(tree, file, name);
	if (!header)
		return "is no file of the tree";
	enum room from = room_of(file), to = room_of(header);
	if (from == OUTSIDE || to == OUTSIDE)
		return "stands in no room of the house";
	g_autofree char *wing = wing_of(file, from), *other = wing_of(header, to);
	if (from == to)
		return rooms[to].apart && wing && other && !g_str_equal(wing, other) ? "is of a neighbour" : NULL;
	if (!(rooms[from].sees & SEES(to)))
		return "climbs a layer";
	if (g_str_has_suffix(header, "_private.h"))
		return "is private to its folder";
	return door_is_shut(from, to, header) ? "is not what this room sees of that one" : NULL;
}

static const char *judge_vendor(const char *file, const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(vendors); i++) {
		if (!is_or_under(name, vendors[i].header))
			continue;
		for (size_t f = 0; f < G_N_ELEMENTS(vendors[i].files) && vendors[i].files[f]; f++)
			if (is_or_under(file, vendors[i].files[f]))
				return NULL;
		return "is another file's to include";
	}
	for (size_t i = 0; i < G_N_ELEMENTS(common); i++)
		if (is_or_under(name, common[i]))
			return NULL;
	return "is of a vendor that tests/unit/test_layers.c does not know";
}

/* What is wrong with one line of a file; NULL: nothing, or the line includes nothing. */
static char *judge(GPtrArray *tree, const char *file, const char *line)
{
	g_autoptr(GRegex) regex = g_regex_new("^\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"]", 0, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	if (!g_regex_match(regex, line, 0, &match))
		return NULL;
	g_autofree char *open = g_match_info_fetch(match, 1), *name = g_match_info_fetch(match, 2);
	const char *complaint = *open == '<' ? judge_vendor(file, name) : judge_ours(tree, file, name);
	return complaint ? g_strdup_printf("%s: '%s' %s", file, name, complaint) : NULL;
}

static void list_files(GPtrArray *tree, const char *folder)
{
	g_autofree char *path = g_build_filename(SOURCE_ROOT, folder, NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	assert_non_null(dir);
	for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
		g_autofree char *inner = g_build_filename(folder, name, NULL);
		g_autofree char *inner_path = g_build_filename(SOURCE_ROOT, inner, NULL);
		if (g_file_test(inner_path, G_FILE_TEST_IS_DIR))
			list_files(tree, inner);
		else
			g_ptr_array_add(tree, g_steal_pointer(&inner));
	}
}

static gboolean is_c(const char *file)
{
	return g_str_has_suffix(file, ".c") || g_str_has_suffix(file, ".h") || g_str_has_suffix(file, ".c.in");
}

/* Adds the complaints about one file; returns how many lines include something. */
static unsigned judge_file(GPtrArray *tree, const char *file, GString *complaints)
{
	g_autofree char *path = g_build_filename(SOURCE_ROOT, file, NULL), *text = NULL;
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	unsigned count = 0;
	for (char **line = lines; *line; line++) {
		g_autofree char *complaint = judge(tree, file, *line);
		count += strstr(*line, "#include") != NULL;
		if (complaint)
			g_string_append_printf(complaints, "\n  %s", complaint);
	}
	return count;
}

static void no_include_climbs_a_layer(void **state)
{
	(void)state;
	g_autoptr(GPtrArray) tree = g_ptr_array_new_with_free_func(g_free);
	list_files(tree, "bot");
	list_files(tree, "handlers");
	list_files(tree, "sandbox");
	g_autoptr(GString) complaints = g_string_new(NULL);
	unsigned includes = 0;
	for (guint i = 0; i < tree->len; i++)
		if (is_c(tree->pdata[i]))
			includes += judge_file(tree, tree->pdata[i], complaints);
	assert_true(includes > 200); /* the test really reads the house */
	if (complaints->len)
		fail_msg("%s", complaints->str);
}

static void each_rule_catches_its_offender(void **state)
{
	(void)state;
	static const char *const files[] = { "bot/base/json.h", "bot/store/db.h", "bot/net/ws.h", "bot/net/lws_private.h",
		"bot/team/people.h", "bot/core/core.sql", "bot/core/event.h", "bot/core/outbox.h", "bot/kit/round.h",
		"bot/platform/link.h", "bot/platform/slack/slack.h", "bot/platform/feishu/feishu.h", "handlers/registry.h",
		"bot/picture/face.h", "handlers/standup/parse.h", "handlers/standup/texts.yaml", "handlers/stall/stall.h", "sandbox/room.h",
		"bot/app.h", "tests/x.h" };
	g_autoptr(GPtrArray) tree = g_ptr_array_new();
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
		g_ptr_array_add(tree, (gpointer)files[i]);
	static const struct {
		const char *file, *line, *complaint;
	} cases[] = {
		{ "bot/base/a.c", "#include \"base/json.h\"", NULL },
		{ "bot/base/a.c", "#include \"store/db.h\"", "climbs" },
		{ "bot/base/a.c", "\t#  include \"bot/store/db.h\"", "climbs" },
		{ "bot/base/a.c", " * #include \"store/db.h\"", NULL },
		{ "bot/store/a.c", "#include \"net/ws.h\"", "climbs" },
		{ "bot/net/a.c", "#include \"store/db.h\"", "climbs" },
		{ "bot/net/a.c", "#include \"net/lws_private.h\"", NULL },
		{ "bot/core/a.c", "#include \"net/lws_private.h\"", "private" },
		{ "bot/team/a.c", "#include \"core/event.h\"", "climbs" },
		{ "bot/core/a.c", "#include \"core_sql.h\"", NULL },
		{ "bot/team/a.c", "#include \"core_sql.h\"", "climbs" },
		{ "bot/kit/a.c", "#include \"platform/link.h\"", "climbs" },
		{ "bot/platform/slack/a.c", "#include \"core/event.h\"", NULL },
		{ "bot/platform/slack/a.c", "#include \"core/outbox.h\"", "not what this room sees" },
		{ "bot/platform/slack/a.c", "#include \"core_sql.h\"", "not what this room sees" },
		{ "bot/platform/slack/a.c", "#include \"platform/link.h\"", NULL },
		{ "bot/platform/slack/a.c", "#include \"platform/feishu/feishu.h\"", "neighbour" },
		{ "bot/platform/slack/a.c", "#include \"handlers/registry.h\"", "climbs" },
		{ "bot/platform/slack/a.c", "#include \"store/db.h\"", "climbs" },
		{ "handlers/standup/a.c", "#include \"platform/link.h\"", "climbs" },
		{ "handlers/standup/a.c", "#include \"net/ws.h\"", "climbs" },
		{ "handlers/standup/a.c", "#include \"parse.h\"", NULL },
		{ "handlers/standup/a.c", "#include \"standup_texts.h\"", NULL },
		{ "handlers/stall/a.c", "#include \"standup_texts.h\"", "neighbour" },
		{ "handlers/standup/a.c", "#include \"handlers/stall/stall.h\"", "neighbour" },
		{ "handlers/registry.c", "#include \"handlers/stall/stall.h\"", NULL },
		{ "sandbox/a.c", "#include \"core/event.h\"", "climbs" },
		{ "bot/core/a.c", "#include \"app.h\"", "climbs" },
		{ "bot/app.c", "#include \"sandbox/room.h\"", NULL },
		{ "bot/app.c", "#include \"picture/face.h\"", "climbs" },
		{ "bot/platform/slack/a.c", "#include \"picture/face.h\"", "climbs" },
		{ "bot/picture/a.c", "#include \"base/json.h\"", NULL },
		{ "bot/picture/a.c", "#include \"core/event.h\"", "climbs" },
		{ "bot/picture/cake.c", "#include <gdk-pixbuf/gdk-pixbuf.h>", "another file's" },
		{ "bot/app.c", "#include \"nowhere.h\"", "no file" },
		{ "bot/app.c", "#include \"tests/x.h\"", "no room" },
		{ "bot/store/sqlite.c", "#include <sqlite3.h>", NULL },
		{ "bot/core/outbox.c", "#include <sqlite3.h>", "another file's" },
		{ "bot/app.c", "#include <curl/easy.h>", "another file's" },
		{ "handlers/standup/a.c", "#include <sys/socket.h>", "another file's" },
		{ "bot/base/a.c", "#include <glib/gstdio.h>", NULL },
		{ "bot/base/a.c", "#include <zlib.h>", "does not know" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *said = judge(tree, cases[i].file, cases[i].line);
		if (cases[i].complaint ? !said || !strstr(said, cases[i].complaint) : said != NULL)
			fail_msg("%s in %s: %s", cases[i].line, cases[i].file, said ? said : "nothing said");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_catches_its_offender),
		cmocka_unit_test(no_include_climbs_a_layer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
