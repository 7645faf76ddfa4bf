/* SPDX-License-Identifier: MIT */
#include "team/calendar_file.h"

#include <gio/gio.h>

#include "base/json.h"
#include "base/zone.h"
#include "team/calendar_ics.h"
#include "team/plain_file.h"
#include "team/yaml.h"

/* What belltower_embed makes of config/calendars. */
GResource *belltower_calendars_get_resource(void);

struct reader {
	const char *file;
	const struct yaml_file *yaml;
	struct calendar *calendar;
	GPtrArray *problems;
	GPtrArray *ignored; /* borrowed texts: what a feed names and is no day off; ends with NULL when there are any */
	GHashTable *off;    /* borrowed texts: what `off` closes; a feed's days may be opened again */
};

static void complain_at(const struct reader *r, struct yaml_place place, const char *what)
{
	g_ptr_array_add(r->problems,
		place.line ? g_strdup_printf("%s:%zu:%zu: %s", r->file, place.line, place.column, what)
			   : g_strdup_printf("%s: %s", r->file, what));
}

static void complain(const struct reader *r, const yaml_node_t *node, const char *what)
{
	complain_at(r, yaml_place(node), what);
}

/* ---- values ---- */

/* One window, "09:00-18:00". */
static gboolean read_window(char *text, struct calendar_window *out)
{
	char *dash = strchr(g_strstrip(text), '-');
	if (!dash)
		return FALSE;
	*dash = '\0';
	return calendar_window_parse(g_strchomp(text), g_strchug(dash + 1), out);
}

/* "09:00-12:00, 13:30-18:00": struct calendar_window. NULL after complaining. */
static GArray *read_windows(const struct reader *r, const yaml_node_t *node)
{
	const char *text = yaml_scalar(node);
	g_auto(GStrv) parts = g_strsplit(text ? text : "", ",", 0);
	g_autoptr(GArray) windows = g_array_new(FALSE, FALSE, sizeof(struct calendar_window));
	for (guint i = 0; parts[i]; i++) {
		struct calendar_window window;
		if (!read_window(parts[i], &window)) {
			windows->len = 0;
			break;
		}
		g_array_append_val(windows, window);
	}
	if (windows->len > 0)
		return g_steal_pointer(&windows);
	complain(r, node, "is no working time; write windows like 09:00-12:00, 13:30-18:00");
	return NULL;
}

static int weekday(const char *text, size_t length)
{
	for (int i = 0; calendar_weekdays[i]; i++)
		if (strlen(calendar_weekdays[i]) == length && strncmp(calendar_weekdays[i], text, length) == 0)
			return i + 1;
	return 0;
}

/* "mon" or "mon-fri". */
static gboolean read_weekdays(const char *text, int *first, int *last)
{
	size_t length = text ? strcspn(text, "-") : 0;
	if (length == 0)
		return FALSE;
	*first = weekday(text, length);
	*last = text[length] ? weekday(text + length + 1, strlen(text + length + 1)) : *first;
	return *first > 0 && *last >= *first;
}

static gboolean is_yes(const char *text)
{
	return text && (strcmp(text, "yes") == 0 || strcmp(text, "true") == 0);
}

static const char *read_date(const struct reader *r, const yaml_node_t *node)
{
	const char *text = yaml_scalar(node);
	if (text && zone_day_is_valid(text))
		return text;
	complain(r, node, "is no date; write it as 2026-10-01");
	return NULL;
}

/* ---- sections ---- */

static void read_hours(struct reader *r, const yaml_node_t *section)
{
	for (size_t i = 0; i < yaml_count(section); i++) {
		const yaml_node_t *key, *value;
		int first, last;
		yaml_pair(r->yaml, section, i, &key, &value);
		if (!read_weekdays(yaml_scalar(key), &first, &last)) {
			complain(r, key, "is no weekday; write mon, tue, wed, thu, fri, sat, sun, or two of them as mon-fri");
			continue;
		}
		g_autoptr(GArray) windows = read_windows(r, value);
		for (int day = first; windows && day <= last; day++)
			for (guint w = 0; w < windows->len; w++)
				calendar_add_weekly(r->calendar, day, g_array_index(windows, struct calendar_window, w));
	}
}

static void read_ignore(struct reader *r, const yaml_node_t *names)
{
	for (size_t i = 0; i < yaml_count(names); i++) {
		const char *name = yaml_scalar(yaml_item(r->yaml, names, i));
		if (name)
			g_ptr_array_add(r->ignored, (gpointer)name);
		else
			complain(r, yaml_item(r->yaml, names, i), "must be the name of a day");
	}
	g_ptr_array_add(r->ignored, NULL);
}

static void close_from(struct reader *r, const yaml_node_t *node)
{
	const char *name = yaml_scalar(node);
	g_autofree char *folder = g_path_get_dirname(r->file), *path = name ? g_canonicalize_filename(name, folder) : NULL, *reason = NULL;
	gsize length;
	gboolean is_open;
	g_autofree char *text = path ? plain_file_read(path, CALENDAR_ICS_LIMIT_BYTES, &length, &is_open, &reason) : NULL;
	if (!text) {
		g_autofree char *what = name ? g_strdup_printf("'%s' %s", path, reason) : g_strdup("must be an .ics file");
		complain(r, node, what);
		return;
	}
	calendar_add_file(r->calendar, path);
	calendar_ics_close(r->calendar, text, length,
		&(struct calendar_ics_setup){ path, (const char *const *)(r->ignored->len ? r->ignored->pdata : NULL), r->problems });
}

static void read_off_from(struct reader *r, const yaml_node_t *node)
{
	if (node->type == YAML_SCALAR_NODE)
		close_from(r, node);
	for (size_t i = 0; node->type != YAML_SCALAR_NODE && i < yaml_count(node); i++)
		close_from(r, yaml_item(r->yaml, node, i));
}

/* A list of dates, or a section of dates with their names. */
static void read_off(struct reader *r, const yaml_node_t *dates)
{
	for (size_t i = 0; i < yaml_count(dates); i++) {
		const yaml_node_t *key, *value = NULL;
		if (dates->type == YAML_MAPPING_NODE)
			yaml_pair(r->yaml, dates, i, &key, &value);
		else
			key = yaml_item(r->yaml, dates, i);
		const char *day = read_date(r, key);
		if (day) {
			calendar_except(r->calendar, day);
			g_hash_table_add(r->off, (gpointer)day);
		}
		if (day && value && yaml_scalar(value) && !yaml_is_null(value))
			calendar_set_name(r->calendar, day, yaml_scalar(value));
	}
}

/* The hours of the first weekday that has any: what a make-up day works. */
static void work_as_usual(struct reader *r, const char *day)
{
	guint count = 0;
	const struct calendar_window *windows = calendar_weekly(r->calendar, zone_weekday(day), &count);
	for (int i = 1; count == 0 && calendar_weekdays[i - 1]; i++)
		windows = calendar_weekly(r->calendar, i, &count);
	calendar_except(r->calendar, day);
	for (guint i = 0; i < count; i++)
		calendar_add_window(r->calendar, day, windows[i]);
}

static void read_work(struct reader *r, const yaml_node_t *section)
{
	for (size_t i = 0; i < yaml_count(section); i++) {
		const yaml_node_t *key, *value;
		yaml_pair(r->yaml, section, i, &key, &value);
		const char *day = read_date(r, key);
		if (!day)
			continue;
		if (g_hash_table_contains(r->off, day)) {
			complain(r, key, "is a day off as well; leave it out of one of the two");
		} else if (is_yes(yaml_scalar(value))) {
			work_as_usual(r, day);
		} else {
			g_autoptr(GArray) windows = read_windows(r, value);
			for (guint w = 0; windows && w < windows->len; w++)
				calendar_add_window(r->calendar, day, g_array_index(windows, struct calendar_window, w));
		}
	}
}

static void read_always(struct reader *r, const yaml_node_t *node)
{
	if (is_yes(yaml_scalar(node)))
		calendar_set_always(r->calendar);
	else
		complain(r, node, "must be yes, or be left out");
}

static void read_known_until(struct reader *r, const yaml_node_t *node)
{
	const char *day = read_date(r, node);
	if (day)
		calendar_set_known_until(r->calendar, day);
}

/* In the order in which they are read, whatever the file's: days off before make-up days. */
static const struct {
	const char *key;
	void (*read)(struct reader *r, const yaml_node_t *node);
	unsigned nodes; /* bits of yaml_node_type_t */
	const char *noun;
} sections[] = {
	{ "zone", NULL, 1u << YAML_SCALAR_NODE, "must be a text" },
	{ "always", read_always, 1u << YAML_SCALAR_NODE, "must be yes, or be left out" },
	{ "hours", read_hours, 1u << YAML_MAPPING_NODE, "must be a section of weekdays: mon-fri: 09:00-18:00" },
	{ "ignore", read_ignore, 1u << YAML_SEQUENCE_NODE, "must be a list of names: [St. Martin's Day]" },
	{ "off_from", read_off_from, 1u << YAML_SCALAR_NODE | 1u << YAML_SEQUENCE_NODE, "must be an .ics file, or a list of them" },
	{ "off", read_off, 1u << YAML_MAPPING_NODE | 1u << YAML_SEQUENCE_NODE, "must be dates: 2026-10-01: National Day" },
	{ "work", read_work, 1u << YAML_MAPPING_NODE, "must be a section of dates: 2026-10-10: yes" },
	{ "known_until", read_known_until, 1u << YAML_SCALAR_NODE, "must be a date" },
};

static gboolean is_section(const char *key)
{
	for (guint i = 0; i < G_N_ELEMENTS(sections); i++)
		if (g_strcmp0(key, sections[i].key) == 0)
			return TRUE;
	return FALSE;
}

static void refuse_unknown(const struct reader *r)
{
	for (size_t i = 0; i < yaml_count(r->yaml->root); i++) {
		const yaml_node_t *key, *value;
		yaml_pair(r->yaml, r->yaml->root, i, &key, &value);
		if (!is_section(yaml_scalar(key)))
			complain(r, key, "is no key of a calendar; write zone, always, hours, off_from, ignore, off, work or known_until");
	}
}

static void read_sections(struct reader *r)
{
	for (guint i = 0; i < G_N_ELEMENTS(sections); i++) {
		const yaml_node_t *node = yaml_member(r->yaml, r->yaml->root, sections[i].key);
		if (!node || yaml_is_null(node))
			continue;
		if (!(sections[i].nodes & 1u << node->type))
			complain(r, node, sections[i].noun);
		else if (sections[i].read)
			sections[i].read(r, node);
	}
}

static GTimeZone *read_zone(const struct reader *r)
{
	const yaml_node_t *node = yaml_member(r->yaml, r->yaml->root, "zone");
	GTimeZone *zone = node ? zone_find(yaml_scalar(node)) : NULL;
	if (!zone)
		complain(r, node ? node : r->yaml->root, "a calendar needs 'zone', an IANA name like Asia/Shanghai");
	return zone;
}

struct calendar *calendar_file_parse(
	const char *name, const char *file, const char *text, gsize length, GPtrArray *problems)
{
	struct reader r = { .file = file, .problems = problems };
	struct yaml_place place;
	g_autofree char *reason = NULL;
	struct yaml_file *yaml = yaml_file_parse(text, length, &place, &reason);
	if (!yaml) {
		complain_at(&r, place, reason);
		return NULL;
	}
	guint before = problems->len;
	r.yaml = yaml;
	refuse_unknown(&r);
	GTimeZone *zone = read_zone(&r);
	if (zone) {
		r.calendar = calendar_new(name, zone);
		r.ignored = g_ptr_array_new();
		r.off = g_hash_table_new(g_str_hash, g_str_equal);
		read_sections(&r);
		g_hash_table_unref(r.off);
		g_ptr_array_unref(r.ignored);
	}
	yaml_file_free(yaml);
	if (problems->len > before)
		g_clear_pointer(&r.calendar, calendar_free);
	return r.calendar;
}

/* ---- and back ---- */

static void put_windows(cJSON *section, const char *name, const struct calendar_window *windows, guint count)
{
	g_autoptr(GString) text = g_string_new(NULL);
	for (guint i = 0; i < count; i++)
		g_string_append_printf(text, "%s%02d:%02d-%02d:%02d", i ? ", " : "", windows[i].open_minute / 60,
			windows[i].open_minute % 60, windows[i].close_minute / 60, windows[i].close_minute % 60);
	json_put_text(section, name, text->str);
}

static void put_hours(cJSON *root, const struct calendar *calendar)
{
	cJSON *hours = json_put_object(root, "hours");
	for (int day = 1; calendar_weekdays[day - 1]; day++) {
		guint count;
		const struct calendar_window *windows = calendar_weekly(calendar, day, &count);
		if (count > 0)
			put_windows(hours, calendar_weekdays[day - 1], windows, count);
	}
}

static void put_exceptions(cJSON *root, const struct calendar *calendar)
{
	cJSON *off = json_put_array(root, "off"), *work = json_put_object(root, "work");
	g_autoptr(GPtrArray) days = calendar_exceptions(calendar);
	for (guint i = 0; i < days->len; i++) {
		guint count;
		const struct calendar_window *windows = calendar_windows(calendar, days->pdata[i], &count);
		if (count > 0)
			put_windows(work, days->pdata[i], windows, count);
		else
			json_push_text(off, days->pdata[i]);
	}
}

/* JSON is YAML too. */
char *calendar_file_print(const struct calendar *calendar)
{
	g_autoptr(cJSON) root = cJSON_CreateObject();
	json_put_text(root, "zone", g_time_zone_get_identifier(calendar_zone(calendar)));
	if (calendar_is_always(calendar))
		json_put_text(root, "always", "yes");
	put_hours(root, calendar);
	put_exceptions(root, calendar);
	if (calendar_known_until(calendar))
		json_put_text(root, "known_until", calendar_known_until(calendar));
	return json_print(root);
}

/* ---- either kind ---- */

static struct calendar *read_feed(const char *name, const char *path, const char *text, gsize length, GTimeZone *zone,
	GPtrArray *problems)
{
	const struct calendar_window office = { 9 * 60, 18 * 60 };
	GTimeZone *own = calendar_ics_zone(text, length);
	if (!own && !zone) {
		g_ptr_array_add(problems, g_strdup_printf("%s: names no zone (X-WR-TIMEZONE); write a calendar's file with zone, hours and "
							  "'off_from: %s'", path, path));
		return NULL;
	}
	struct calendar *calendar = calendar_new(name, own ? own : zone);
	for (int day = 1; day <= 5; day++)
		calendar_add_weekly(calendar, day, office);
	if (!calendar_ics_close(calendar, text, length, &(struct calendar_ics_setup){ path, NULL, problems }))
		g_clear_pointer(&calendar, calendar_free);
	return calendar;
}

struct calendar *calendar_file_read(const char *name, const char *path, const char *text, gsize length, GTimeZone *zone,
	GPtrArray *problems)
{
	gboolean feed = g_str_has_suffix(path, ".ics");
	struct calendar *calendar = feed ? read_feed(name, path, text, length, zone, problems)
					 : calendar_file_parse(name, path, text, length, problems);
	if (calendar)
		calendar_add_file(calendar, path);
	return calendar;
}

/* ---- those of the program ---- */

static const char *const shipped[] = { "always", "cn", "weekdays", NULL };

const char *const *calendar_shipped_names(void)
{
	return shipped;
}

struct calendar *calendar_shipped(const char *name)
{
	if (!g_strv_contains(shipped, name))
		return NULL;
	g_autofree char *path = g_strdup_printf("/belltower/calendars/%s.yaml", name);
	g_autoptr(GBytes) bytes = g_resource_lookup_data(belltower_calendars_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	gsize length;
	const char *text = g_bytes_get_data(bytes, &length);
	struct calendar *calendar = calendar_file_parse(name, path, text, length, problems);
	g_assert(calendar); /* our own files; a test reads them all */
	return calendar;
}
