/* SPDX-License-Identifier: MIT */
#include "registry.h"

#include "help/help.h"
#include "standup/standup.h"

const struct ritual *const registry[] = {
	&ritual_standup,
	&ritual_help,
	NULL,
};
