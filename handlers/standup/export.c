/* SPDX-License-Identifier: MIT */
#include "standup/export.h"

#include "base/zone.h"
#include "standup/parse.h"
#include "standup_sql.h"

static void put_fields(cJSON *record, struct db_rows *rows, enum standup_format format)
{
	gint64 bits = db_int(rows, 6);
	for (guint i = 0; i < 3; i++)
		json_put_text(record, standup_field_name(format, i), db_text(rows, 3 + (int)i));
	cJSON *none = json_put_array(record, "none");
	for (guint i = 0; i < 3; i++) {
		if (bits >> i & 1)
			json_push_text(none, standup_field_name(format, i));
	}
}

static cJSON *make_record(struct db_rows *rows, const struct config_team *team)
{
	const char *format = db_text(rows, 2);
	g_autofree char *posted_at = zone_rfc3339(db_int(rows, 10));
	cJSON *record = cJSON_CreateObject();
	json_put_text(record, "workspace", team->workspace_name);
	json_put_text(record, "team", team->name);
	json_put_text(record, "channel", db_text(rows, 13) ? db_text(rows, 13) : team->channel);
	json_put_text(record, "person", db_text(rows, 11));
	json_put_text(record, "person_name", db_text(rows, 12));
	json_put_text(record, "date", db_text(rows, 1));
	json_put_text(record, "format", format);
	put_fields(record, rows, strcmp(format, "B") == 0 ? STANDUP_FORMAT_B : STANDUP_FORMAT_A);
	json_put_bool(record, "late", db_int(rows, 7) != 0);
	json_put_bool(record, "edited", db_int(rows, 8) != 0);
	json_put_text(record, "source", db_text(rows, 9));
	json_put_text(record, "posted_at", posted_at);
	return record;
}

const struct record_source standup_records = { .sql = &SQL_STANDUP_EXPORT, .workspace = 14, .make = make_record };
