/* SPDX-License-Identifier: MIT */
/* What can be written by the API; a line here and a trigger of a ritual's make one more. */
#pragma once

#include "platform/api/api_body.h"

/* NULL: there is nothing at that path. */
const struct api_resource *api_route(const char *path);
/* All paths, for people; caller frees. */
char *api_paths(void);
