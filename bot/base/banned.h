/* SPDX-License-Identifier: MIT */
/*
 * Functions that this project does not use, made compile errors. Included last, by each source file through
 * the header of its own module. In their place: GString and g_strdup_printf, g_ascii_string_to_signed, zone_local.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat strtok sprintf vsprintf gets atoi atol atoll localtime gmtime ctime asctime setenv putenv
