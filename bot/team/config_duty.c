/* SPDX-License-Identifier: MIT */
/* What the keys of a team's rotas and of its channels of quick response mean together. */
#include "team/config_reader.h"

#include "team/roles.h"

static void check_people(struct config_reader *r, const struct config_rota *rota, const yaml_node_t *item)
{
	for (char **one = rota->people; one && *one; one++)
		for (char **other = rota->people; other < one; other++)
			if (strcmp(*one, *other) == 0)
				config_tell(r, config_place_in(r, item, "people"), "'people' has '%s' twice", *one);
}

static void check_rotas(struct config_reader *r, const struct config_team *team, const yaml_node_t *list)
{
	for (size_t i = 0; team->rotas && team->rotas[i]; i++) {
		const yaml_node_t *item = yaml_item(r->file, list, i);
		check_people(r, team->rotas[i], item);
		for (size_t j = 0; j < i && team->rotas[i]->role; j++)
			if (team->rotas[j]->role && role_is(team->rotas[j]->role, team->rotas[i]->role))
				config_tell(r, config_place_in(r, item, "role"), "another rota of this team is for the role '%s' already; one for each",
					team->rotas[j]->role);
	}
}

void config_check_duty(struct config_reader *r, struct config_team *team, const yaml_node_t *item)
{
	check_rotas(r, team, yaml_member(r->file, item, "rotas"));
	for (char **channel = team->quick_response; channel && *channel; channel++)
		if (g_strcmp0(*channel, team->channel) == 0)
			config_tell(r, config_place_in(r, item, "quick_response"), "'quick_response' has the team's own channel; it needs one of its own");
}
