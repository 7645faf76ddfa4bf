/* SPDX-License-Identifier: MIT */
/* People use the app: its home, its commands, its buttons and forms. */
#include "sandbox/acts.h"
#include "sandbox/happen.h"

static gboolean open_home(struct act *act, GError **error)
{
	(void)error;
	happen_home_opened(act->sb, act->who, json_text_or(act->args, "tab", "home"));
	return TRUE;
}

const struct act_row acts_app[] = {
	{ "open_home", open_home, ACT_WHO },
	{ 0 },
};
