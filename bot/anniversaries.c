/* SPDX-License-Identifier: MIT */
/* `belltower anniversaries`: every birthday and work anniversary that the register knows, in a time. */
#include "base/csv.h"
#include "base/json.h"
#include "base/zone.h"
#include "program.h"
#include "team/people.h"
#include "team/yearly.h"

static const char *const columns[] = { "date", "kind", "person_name", "person", "team", "shown" };

static const char *first_of(const char *a, const char *b)
{
	return *a ? a : b;
}

static cJSON *record(const struct register_entry *entry, const char *kind, const char *date)
{
	cJSON *out = cJSON_CreateObject();
	g_autofree char *team = g_strndup(entry->fields[REGISTER_TEAMS], strcspn(entry->fields[REGISTER_TEAMS], ";"));
	const char *account = first_of(entry->fields[REGISTER_SLACK_ID], entry->fields[REGISTER_FEISHU_ID]);
	json_put_text(out, "date", date);
	json_put_text(out, "kind", kind);
	json_put_text(out, "person_name", entry->fields[REGISTER_NAME]);
	json_put_text(out, "person", first_of(account, entry->fields[REGISTER_EMAIL]));
	json_put_text(out, "team", g_strstrip(team));
	json_put_text(out, "shown", entry->shown);
	return out;
}

/* Adds a record for each time that the date comes between the days. */
static void collect(GPtrArray *records, const struct register_entry *entry, enum register_field field, const char *kind,
	const struct options *options)
{
	struct yearly date;
	char day[ZONE_DAY_SIZE], from[ZONE_DAY_SIZE];
	if (!*entry->fields[field] || !yearly_parse(entry->fields[field], &date, NULL))
		return;
	g_strlcpy(from, options->from, sizeof from);
	while (yearly_next(&date, from, day) && strcmp(day, options->to) <= 0) {
		g_ptr_array_add(records, record(entry, kind, day));
		zone_day_shift(day, 1, from);
	}
}

static gint by_date(gconstpointer a, gconstpointer b)
{
	const cJSON *const *one = a, *const *other = b;
	for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
		int order = strcmp(json_text_or(*one, columns[i], ""), json_text_or(*other, columns[i], ""));
		if (order != 0)
			return order;
	}
	return 0;
}

static void free_record(gpointer record)
{
	cJSON_Delete(record);
}

/* Who has left is celebrated no more; who was never met on a platform may yet come. */
static gboolean has_left(const struct roster *roster, const struct register_entry *entry)
{
	const struct person *person = roster_person_of(roster, entry);
	return person && person->deactivated;
}

static GPtrArray *list(const struct roster *roster, const struct options *options)
{
	const GPtrArray *entries = roster_register(roster);
	GPtrArray *records = g_ptr_array_new_with_free_func(free_record);
	for (guint i = 0; i < entries->len; i++) {
		if (has_left(roster, entries->pdata[i]))
			continue;
		collect(records, entries->pdata[i], REGISTER_BIRTHDAY, "birthday", options);
		collect(records, entries->pdata[i], REGISTER_HIRED, "anniversary", options);
	}
	g_ptr_array_sort(records, by_date);
	return records;
}

static void print_json(const GPtrArray *records)
{
	for (guint i = 0; i < records->len; i++) {
		g_autofree char *text = json_print(records->pdata[i]);
		g_print("%s\n%s", i ? "," : "[", text);
	}
	g_print("%s\n", records->len ? "\n]" : "[]");
}

static void print_csv(const GPtrArray *records)
{
	for (size_t c = 0; c < G_N_ELEMENTS(columns); c++)
		g_print("%s%s", c ? "," : "", columns[c]);
	g_print("\r\n");
	for (guint i = 0; i < records->len; i++) {
		g_autoptr(GString) line = g_string_new(NULL);
		for (size_t c = 0; c < G_N_ELEMENTS(columns); c++) {
			if (c)
				g_string_append_c(line, ',');
			csv_append(line, json_text_or(records->pdata[i], columns[c], ""));
		}
		g_print("%s\r\n", line->str);
	}
}

static int print_all(const struct config *config, const struct options *options)
{
	g_autoptr(GError) error = NULL;
	struct db *db = program_reader(config, &error);
	struct roster *roster = db ? roster_new(db, config, &error) : NULL;
	g_autoptr(GPtrArray) records = roster ? list(roster, options) : NULL;
	if (records)
		(options->format == EXPORT_CSV ? print_csv : print_json)(records);
	roster_free(roster);
	db_close(db);
	return records ? EXIT_OK : program_failed(error);
}

int program_anniversaries(const struct options *options)
{
	struct config *config = program_config_keyless(options->config);
	int code = config ? print_all(config, options) : EXIT_USAGE;
	config_free(config);
	return code;
}
