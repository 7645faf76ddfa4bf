/* SPDX-License-Identifier: MIT */
/*
 * The program's commands, one file each. Each takes the parsed command line and returns the exit code: EXIT_OK,
 * EXIT_FAILED, EXIT_USAGE (a wrong command line or configuration), EXIT_REFUSED (the platform refuses the tokens).
 */
#pragma once

#include "options.h"
#include "store/db.h"
#include "team/calendar.h"
#include "team/config.h"

int program_run(const struct options *options);
int program_check(const struct options *options);
int program_demo(const struct options *options);
int program_sandbox(const struct options *options);
int program_load(const struct options *options);
int program_export(const struct options *options);
int program_export_calendar(const struct options *options);
int program_parse(const struct options *options);
int program_backup(const struct options *options);
int program_people_import(const struct options *options);
int program_people_export(const struct options *options);
int program_deals_import(const struct options *options);
int program_anniversaries(const struct options *options);
int program_rehearse(const struct options *options);
int program_calendar_show(const struct options *options);
int program_sla_due(const struct options *options);
int program_sla_replay(const struct options *options);
int program_sla_vectors(const struct options *options);
int program_sla_whatif(const struct options *options);

/* Reads the configuration; on failure prints every problem to standard error and returns NULL. */
struct config *program_config(const char *path);
/* The same for commands that need no tokens. */
struct config *program_config_keyless(const char *path);
/* The database as a reader, its schema compared; NULL with the error. */
struct db *program_reader(const struct config *config, GError **error);
/* The same to write: the only writer when the bot is off; else its guest, for one transaction and a knock. */
struct db *program_writer(const struct config *config, gboolean *guest, GError **error);
/* A database to try something on, in a transaction that is rolled back: never made and never brought up to date; an empty one when there is none yet. */
struct db *program_trial(const struct config *config, GError **error);
/* The calendar that an option names: shipped with the program, or a file; NULL after saying what is wrong. */
struct calendar *program_calendar(const char *name);
/* Removes a folder with the files in it. */
void program_remove_folder(const char *folder);
/* Prints "belltower: " and the error to standard error. Returns EXIT_FAILED. */
int program_failed(const GError *error);
/* Splits "ADDRESS:PORT" ("[::1]:8787" too); FALSE after saying what is wrong. The caller frees the address. */
gboolean program_listen(const char *listen, char **address, guint16 *port);
