/* SPDX-License-Identifier: MIT */
#include "registry.h"

#include "anniversary_sql.h"
#include "away/away.h"
#include "away_sql.h"
#include "blocker/blocker.h"
#include "celebration/celebration.h"
#include "checkin/checkin.h"
#include "core_sql.h"
#include "core_texts.h"
#include "customer/customer.h"
#include "deal/deal.h"
#include "deal_sql.h"
#include "duty/duty.h"
#include "duty_sql.h"
#include "health/health.h"
#include "help/help.h"
#include "kit_texts.h"
#include "highlight/highlight.h"
#include "meeting/meeting.h"
#include "people_sql.h"
#include "person/person.h"
#include "quiet/quiet.h"
#include "quiet_sql.h"
#include "register_sql.h"
#include "response_sql.h"
#include "ring_sql.h"
#include "round_sql.h"
#include "schedule/schedule.h"
#include "sla/sla.h"
#include "stall_sql.h"
#include "standup/standup.h"
#include "today/today.h"
#include "trouble/trouble.h"
#include "window/window.h"
#include "workdays/workdays.h"

const struct ritual *const registry[] = {
	&ritual_celebration, /* before the standup: a plain reply to a question for a wish is none of its attempts */
	&ritual_blocker, /* before the standup too: "blocker" under a standup makes one of its lines */
	&ritual_standup,
	&ritual_checkin,
	&ritual_highlight,
	&ritual_away,
	&ritual_person,
	&ritual_quiet,
	&ritual_deal,
	&ritual_customer,
	&ritual_duty,
	&ritual_schedule,
	&ritual_sla,
	&ritual_meeting,
	&ritual_window,
	&ritual_health,
	&ritual_workdays,
	&ritual_trouble,
	&ritual_help,
	&ritual_today, /* last: it shows what the others have made of a press */
	NULL,
};

const struct sql_owner *const *registry_schema(gsize *count)
{
	static const struct sql_owner *owners[40];
	static gsize known;
	if (g_once_init_enter(&known)) {
		gsize n = 0;
		owners[n++] = &SQL_PEOPLE;
		owners[n++] = &SQL_REGISTER;
		owners[n++] = &SQL_AWAY;
		owners[n++] = &SQL_CORE;
		owners[n++] = &SQL_RESPONSE;
		owners[n++] = &SQL_DUTY;
		owners[n++] = &SQL_QUIET;
		owners[n++] = &SQL_RING;
		owners[n++] = &SQL_ROUND;
		owners[n++] = &SQL_ANNIVERSARY;
		owners[n++] = &SQL_DEAL;
		owners[n++] = &SQL_STALL;
		for (const struct ritual *const *r = registry; *r; r++) {
			g_assert(n + 1 < G_N_ELEMENTS(owners));
			if ((*r)->sql)
				owners[n++] = (*r)->sql;
		}
		g_once_init_leave(&known, n);
	}
	*count = known;
	return owners;
}

struct texts *registry_texts(void)
{
	g_autoptr(GPtrArray) tables = g_ptr_array_new();
	g_ptr_array_add(tables, (gpointer)&texts_core);
	g_ptr_array_add(tables, (gpointer)&texts_kit);
	for (const struct ritual *const *r = registry; *r; r++)
		g_ptr_array_add(tables, (gpointer)(*r)->texts);
	return texts_new((const struct text_table *const *)tables->pdata, tables->len);
}
