/* SPDX-License-Identifier: MIT */
/* What the reading of a configuration knows while it lasts; shared by config.c, config_read.c, config_check.c, config_rounds.c, config_meetings.c, config_deals.c and config_duty.c only. */
#pragma once

#include "team/config_keys.h"
#include "team/yaml.h"

#include "base/banned.h"

struct problem {
	struct yaml_place place;
	char *text;
};

struct config_reader {
	const char *path;
	char *folder;
	struct yaml_file *file;
	struct config *config; /* half made: after a problem a field may be empty */
	GPtrArray *problems; /* struct problem */
	GPtrArray *warnings; /* struct problem */
	gboolean is_open;    /* everybody on the machine can read the file */
	gboolean keyless;    /* secrets are left out */
};

/* Notes a problem; all are told at the end, in the order of the file. */
G_GNUC_PRINTF(3, 4) void config_tell(struct config_reader *r, struct yaml_place place, const char *format, ...);
/* The same of what is valid, but hardly meant. */
G_GNUC_PRINTF(3, 4) void config_warn(struct config_reader *r, struct yaml_place place, const char *format, ...);

/* Reads a section's keys into `out`, the struct that it describes, and those of the sections in it. */
void config_read_section(
	struct config_reader *r, const struct config_section *section, const yaml_node_t *node, void *out);
/* Where a key of a section stands, or the section itself without it. */
struct yaml_place config_place_in(const struct config_reader *r, const yaml_node_t *item, const char *key);
/*
 * What several keys mean together: names that stand twice, workspaces that are not there, limits switched off. Gives
 * each team its workspace.
 */
void config_check(struct config_reader *r);
/* The same of a team's own rounds, of its meetings, and of its windows (list: where they stand); fills in the values of absent keys that depend on others. */
void config_check_rounds(struct config_reader *r, struct config_team *team, const yaml_node_t *list);
/* The same of the stages of deals; without any, the usual ones. */
void config_check_deals(struct config_reader *r);
void config_check_meetings(struct config_reader *r, struct config_team *team, const yaml_node_t *list);
void config_check_windows(struct config_reader *r, struct config_team *team, const yaml_node_t *list);
/* The same of its rotas, and of its channels of quick response. */
void config_check_duty(struct config_reader *r, struct config_team *team, const yaml_node_t *item);
