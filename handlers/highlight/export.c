/* SPDX-License-Identifier: MIT */
#include "highlight/export.h"

#include "base/zone.h"
#include "highlight_sql.h"

static cJSON *make_record(struct db_rows *rows, const struct config_team *team)
{
	g_autofree char *said_at = zone_rfc3339(db_int(rows, 9));
	cJSON *record = cJSON_CreateObject();
	json_put_text(record, "workspace", team->workspace_name);
	json_put_text(record, "team", team->name);
	json_put_text(record, "date", db_text(rows, 1) ? db_text(rows, 1) : "");
	json_put_text(record, "person", db_text(rows, 10) ? db_text(rows, 10) : "");
	json_put_text(record, "person_name", db_text(rows, 11));
	json_put_text(record, "whose", db_text(rows, 12) ? db_text(rows, 12) : "");
	json_put_text(record, "whose_name", db_text(rows, 13));
	json_put_text(record, "origin", db_int(rows, 3) ? "star" : "said");
	json_put_bool(record, "red_packet", db_int(rows, 4) != 0);
	json_put_text(record, "text", db_text(rows, 2));
	json_put_bool(record, "picture", db_int(rows, 5) != 0);
	json_put_text(record, "link", db_text(rows, 6) ? db_text(rows, 6) : "");
	json_put_int(record, "applause", db_int(rows, 7));
	json_put_bool(record, "week_top", db_int(rows, 8) != 0);
	json_put_text(record, "said_at", said_at);
	return record;
}

const struct record_source highlight_records = { .sql = &SQL_HIGHLIGHT_EXPORT, .workspace = 14, .make = make_record };
