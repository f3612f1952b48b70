package main

import (
	"time"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
)

func (s *settings) grant() *cobra.Command {
	c := &cobra.Command{Use: "grant", Short: "Give, list and withdraw grants: who may do what, and where"}
	c.AddCommand(s.listGrants(), s.giveGrant(), s.withdrawGrant())
	return c
}

func (s *settings) listGrants() *cobra.Command {
	var actor, role, state string
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "List grants in the order in which they were given", Args: cobra.NoArgs,
		Example: "  relief grant list --actor li-na\n  relief grant list --role administrator --state holding",
		RunE: func(c *cobra.Command, _ []string) error {
			api, err := s.connect()
			if err != nil {
				return err
			}
			grants, err := everyPage(func(after *string, limit *int64) (client.PageGrant, error) {
				return read[client.PageGrant](api.ListGrants(c.Context(), &client.ListGrantsParams{
					After: after, Limit: limit, Actor: given(actor), Role: given(client.ListGrantsParamsRole(role)), State: given(client.ListGrantsParamsState(state)),
				}))
			}, func(p client.PageGrant) ([]client.Grant, *string) { return p.Records, p.Next })
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(s.out, map[string]any{"records": grants})
			}
			return s.showGrants(grants)
		},
	}
	c.Flags().StringVar(&actor, "actor", "", "those of one actor")
	oneOf(c, &role, "role", "those of one role", rolesAsWords()...)
	oneOf(c, &state, "state", "those that hold, or those that were withdrawn", "holding", "withdrawn")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, as the API answers")
	return c
}

func (s *settings) showGrants(grants []client.Grant) error {
	t := s.columns(nil, "id", "actor", "role", "location", "fund", "given", "by", "withdrawn")
	for _, g := range grants {
		withdrawn := ""
		if g.WithdrawnAt != nil {
			withdrawn = g.WithdrawnAt.Format(time.DateOnly) + " " + orNothing(g.WithdrawnBy)
		}
		t.add(g.Id, g.Actor, string(g.Role), orNothing(g.Location), orNothing(g.Fund), g.GrantedAt.Format(time.DateOnly), g.GrantedBy, withdrawn)
	}
	return t.write(s.out)
}

func (s *settings) giveGrant() *cobra.Command {
	var location, fund string
	var asJSON bool
	c := &cobra.Command{
		Use: "give ACTOR ROLE", Short: "Give an actor a role, everywhere or within bounds; giving it again changes nothing", Args: cobra.ExactArgs(2),
		Long: "Gives an actor a role: keeper, coordinator, finance, auditor or administrator. The actor is made when it is new. Nobody gives more than they administer.",
		Example: `  relief grant give li-na keeper --location ST-5101-01
  relief grant give wang auditor`,
		RunE: func(c *cobra.Command, args []string) error {
			api, err := s.connect()
			if err != nil {
				return err
			}
			order := client.GrantOrder{Actor: args[0], Role: client.GrantOrderRole(args[1]), Location: given(location), Fund: given(fund)}
			return printed(s, asJSON, s.showGrant)(read[client.Grant](api.GiveGrant(c.Context(), order)))
		},
	}
	c.Flags().StringVar(&location, "location", "", "root of the subtree of locations that it is bound to; everywhere when left out")
	c.Flags().StringVar(&fund, "fund", "", "fund that it is bound to; every fund when left out")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, as the API answers")
	return c
}

func (s *settings) showGrant(g client.Grant) error { return s.showGrants([]client.Grant{g}) }

func (s *settings) withdrawGrant() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "withdraw ID", Short: "End a grant within 30 seconds; it stays in the list", Args: cobra.ExactArgs(1),
		Example: "  relief grant withdraw 4QXK2ZJ7TBD4",
		RunE: func(c *cobra.Command, args []string) error {
			api, err := s.connect()
			if err != nil {
				return err
			}
			return printed(s, asJSON, s.showGrant)(read[client.Grant](api.WithdrawGrant(c.Context(), args[0])))
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, as the API answers")
	return c
}
