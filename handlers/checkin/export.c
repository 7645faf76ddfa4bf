/* SPDX-License-Identifier: MIT */
#include "checkin/export.h"

#include "base/zone.h"
#include "checkin_sql.h"

enum { ROUND, DAY, QUESTION, KIND, ANSWER, LATE, EDITED, POSTED, ACCOUNT, NAME, WORKSPACE };

static cJSON *make_record(struct db_rows *rows, const struct config_team *team)
{
	gboolean named = db_text(rows, ACCOUNT) != NULL;
	g_autofree char *posted_at = named ? zone_rfc3339(db_int(rows, POSTED)) : NULL;
	cJSON *record = cJSON_CreateObject();
	json_put_text(record, "workspace", team->workspace_name);
	json_put_text(record, "team", team->name);
	json_put_text(record, "round", strrchr(db_text(rows, ROUND), '/') + 1);
	json_put_text(record, "date", db_text(rows, DAY));
	json_put_text(record, "person", db_text(rows, ACCOUNT));
	json_put_text(record, "person_name", db_text(rows, NAME));
	json_put_text(record, "question", db_text(rows, QUESTION));
	json_put_text(record, "kind", db_text(rows, KIND));
	json_put_text(record, "answer", db_text(rows, ANSWER));
	json_put_bool(record, "late", db_int(rows, LATE) != 0);
	json_put_bool(record, "edited", db_int(rows, EDITED) != 0);
	json_put_text(record, "posted_at", posted_at);
	return record;
}

const struct record_source checkin_records = { .sql = &SQL_CHECKIN_EXPORT, .workspace = WORKSPACE, .make = make_record };
