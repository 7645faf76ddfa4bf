/* SPDX-License-Identifier: MIT */
#include "platform/platforms.h"

#include "platform/feishu/feishu.h"
#include "platform/slack/slack.h"

static const struct platform *const platforms[] = { &platform_slack, &platform_feishu };

const struct platform *platform_named(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(platforms); i++) {
		if (strcmp(platforms[i]->name, name) == 0)
			return platforms[i];
	}
	return NULL;
}
