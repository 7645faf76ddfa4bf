/* SPDX-License-Identifier: MIT */
#include "sandbox/feishu/card.h"

int card_check(const struct tenant *tenant, const cJSON *card, char **why)
{
	(void)tenant;
	if (cJSON_IsObject(card))
		return 0;
	*why = g_strdup("parse card json err");
	return 200621;
}
