/* SPDX-License-Identifier: MIT */
#include "platform/api/api_routes.h"

static const struct api_field deal[] = {
	{ .name = "id", .type = API_NAME, .required = TRUE },
	{ .name = "team", .type = API_NAME },
	{ .name = "customer", .type = API_NAME },
	{ .name = "amount", .type = API_AMOUNT },
	{ .name = "owner", .type = API_NAME },
	{ .name = "stage", .type = API_NAME },
	{ 0 },
};

static const struct api_resource resources[] = {
	{ "/api/v1/deals", "deal.put", deal },
};

const struct api_resource *api_route(const char *path)
{
	for (gsize i = 0; i < G_N_ELEMENTS(resources); i++)
		if (strcmp(resources[i].path, path) == 0)
			return &resources[i];
	return NULL;
}
