/* SPDX-License-Identifier: MIT */
/* People and departments. The company is one department, the root. */
#include "sandbox/feishu/ident.h"
#include "sandbox/feishu/openapi.h"
#include "sandbox/feishu/wording.h"
#include "sandbox/query.h"

enum { MOST_AT_ONCE = 50 };

#define SCOPES { "contact:contact.base:readonly" }

static int get(struct open_call *call)
{
	const struct member *member = open_member(call, "user_id_type", call->params[0]);
	if (!member || member->is_bot)
		return 41012;
	cJSON_AddItemToObject(call->data, "user", wording_user(call->tenant, member));
	return 0;
}

static int batch(struct open_call *call)
{
	g_auto(GStrv) ids = query_values(http_call_query(call->http), "user_ids");
	guint n = g_strv_length(ids);
	if (n < 1 || n > MOST_AT_ONCE)
		return open_bad_field(call, "user_ids", "user_ids holds 1 to 50 ids");
	cJSON *items = json_put_array(call->data, "items");
	for (guint i = 0; i < n; i++) {
		const struct member *member = open_member(call, "user_id_type", ids[i]);
		if (member && !member->is_bot)
			cJSON_AddItemToArray(items, wording_user(call->tenant, member));
	}
	return 0;
}

static void put_by_email(struct open_call *call, cJSON *people, const char *email, gboolean resigned)
{
	cJSON *object = json_push_object(people);
	const struct member *member = room_member_of_email(call->room, email);
	if (member && !member->is_bot && (resigned || !member->deleted)) {
		g_autofree char *id = ident_of_type(member, open_arg(call, "user_id_type", "open_id"));
		json_put_text(object, "user_id", id);
	}
	json_put_text(object, "email", email);
}

static int batch_get_id(struct open_call *call)
{
	const cJSON *emails = json_array(call->body, "emails"), *mobiles = json_array(call->body, "mobiles"), *item;
	if (cJSON_GetArraySize(emails) > MOST_AT_ONCE || cJSON_GetArraySize(mobiles) > MOST_AT_ONCE)
		return open_bad_field(call, "emails", "at most 50");
	cJSON *people = json_put_array(call->data, "user_list");
	cJSON_ArrayForEach(item, emails)
	{
		if (cJSON_IsString(item))
			put_by_email(call, people, item->valuestring, json_bool_or(call->body, "include_resigned", FALSE));
	}
	cJSON_ArrayForEach(item, mobiles)
	{
		if (cJSON_IsString(item)) /* nobody here has a telephone */
			json_put_text(json_push_object(people), "mobile", item->valuestring);
	}
	return 0;
}

static int by_department(struct open_call *call)
{
	const char *department = open_arg(call, "department_id", NULL);
	if (!department)
		return open_bad_field(call, "department_id", "department_id is required");
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	for (guint i = 0; g_str_equal(department, "0") && i < call->room->members->len; i++) {
		struct member *member = g_ptr_array_index(call->room->members, i);
		if (!member->is_bot && !member->deleted)
			g_ptr_array_add(all, member);
	}
	guint from, to;
	int code = open_page(call, all->len, 10, 50, &from, &to);
	if (code)
		return code;
	cJSON *items = json_put_array(call->data, "items");
	for (guint i = from; i < to; i++)
		cJSON_AddItemToArray(items, wording_user(call->tenant, g_ptr_array_index(all, i)));
	return 0;
}

static int children(struct open_call *call)
{
	json_put_bool(call->data, "has_more", FALSE);
	json_put_array(call->data, "items");
	return 0;
}

const struct open_method open_people_methods[] = {
	{ "contact.user.batch", "GET", "contact/v3/users/batch", batch, OPEN_UNCOUNTED, SCOPES },
	{ "contact.user.findByDepartment", "GET", "contact/v3/users/find_by_department", by_department, OPEN_UNCOUNTED, SCOPES },
	{ "contact.user.batchGetId", "POST", "contact/v3/users/batch_get_id", batch_get_id, OPEN_UNCOUNTED, { "contact:user.id:readonly" } },
	{ "contact.user.get", "GET", "contact/v3/users/:id", get, OPEN_UNCOUNTED, SCOPES },
	{ "contact.department.children", "GET", "contact/v3/departments/:id/children", children, OPEN_UNCOUNTED, SCOPES },
	{ 0 },
};
