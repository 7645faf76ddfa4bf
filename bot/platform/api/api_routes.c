/* SPDX-License-Identifier: MIT */
#include "platform/api/api_routes.h"

static const struct api_field deal[] = {
	{ .name = "id", .type = API_NAME, .required = TRUE },
	{ .name = "team", .type = API_NAME },
	{ .name = "customer", .type = API_NAME, .most = 200 },
	{ .name = "amount", .type = API_AMOUNT },
	{ .name = "currency", .type = API_NAME },
	{ .name = "owner", .type = API_NAME },
	{ .name = "stage", .type = API_NAME },
	{ .name = "since", .type = API_DAY },
	{ 0 },
};

static const struct api_field enquiry[] = {
	{ .name = "id", .type = API_NAME, .required = TRUE },
	{ .name = "text", .type = API_TEXT, .required = TRUE },
	{ .name = "team", .type = API_NAME },
	{ .name = "customer", .type = API_NAME, .most = 40 },
	{ .name = "owner", .type = API_NAME },
	{ .name = "role", .type = API_NAME },
	{ 0 },
};

static const struct api_resource resources[] = {
	{ "/api/v1/deals", "deal.push", deal },
	{ "/api/v1/enquiries", "customer.push", enquiry },
};

const struct api_resource *api_route(const char *path)
{
	for (gsize i = 0; i < G_N_ELEMENTS(resources); i++)
		if (strcmp(resources[i].path, path) == 0)
			return &resources[i];
	return NULL;
}

char *api_paths(void)
{
	GString *all = g_string_new(NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(resources); i++)
		g_string_append_printf(all, "%s%s", i ? ", " : "", resources[i].path);
	return g_string_free(all, FALSE);
}
