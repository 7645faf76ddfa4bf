/* SPDX-License-Identifier: MIT */
/*
 * What values of the configuration must be: the checks that the table of keys names (config_keys.c). Each returns NULL, or the reason,
 * which the caller frees. shown: the value, safe to print; a check of secrets never shows it. Pure.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

char *config_must_name(const char *value, const char *shown);
char *config_must_bot_token(const char *value, const char *shown);
char *config_must_app_token(const char *value, const char *shown);
char *config_must_api_url(const char *value, const char *shown);
char *config_must_base_url(const char *value, const char *shown);
char *config_must_app_id(const char *value, const char *shown);
char *config_must_app_secret(const char *value, const char *shown);
char *config_must_proxy(const char *value, const char *shown);
char *config_must_channel(const char *value, const char *shown);
char *config_must_word(const char *value, const char *shown);
char *config_must_manager(const char *value, const char *shown);
char *config_must_no_days(const char *value, const char *shown);
char *config_must_announce(const char *value, const char *shown);
char *config_must_link(const char *value, const char *shown);
char *config_must_currency(const char *value, const char *shown);
char *config_must_percent(const char *value, const char *shown);
char *config_must_emoji(const char *value, const char *shown);
char *config_must_audience(const char *value, const char *shown);
char *config_must_day(const char *value, const char *shown);
char *config_must_listen(const char *value, const char *shown);
char *config_must_sender_token(const char *value, const char *shown);
char *config_must_party(const char *value, const char *shown);
