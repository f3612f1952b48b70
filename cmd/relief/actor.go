package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
)

func (s *settings) actor() *cobra.Command {
	c := &cobra.Command{Use: "actor", Short: "List actors, and show what one of them may do"}
	c.AddCommand(s.listActors(), s.showActor())
	return c
}

func (s *settings) listActors() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "List actors with the grants that hold", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			api, err := s.connect()
			if err != nil {
				return err
			}
			actors, err := everyPage(func(after *string, limit *int64) (client.PageActor, error) {
				return read[client.PageActor](api.ListActors(c.Context(), &client.ListActorsParams{After: after, Limit: limit}))
			}, func(p client.PageActor) ([]client.Actor, *string) { return p.Records, p.Next })
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(s.out, map[string]any{"records": actors})
			}
			t := s.columns(nil, "code", "role", "location", "fund")
			for _, a := range actors {
				if len(a.Grants) == 0 {
					t.add(a.Code, "-", "", "")
				}
				for _, g := range a.Grants {
					t.add(a.Code, string(g.Role), orNothing(g.Location), orNothing(g.Fund))
				}
			}
			return t.write(s.out)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, as the API answers")
	return c
}

func (s *settings) showActor() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "show CODE", Short: "Show one actor with the grants that hold and that held", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			api, err := s.connect()
			if err != nil {
				return err
			}
			return printed(s, asJSON, func(a client.Actor) error {
				fmt.Fprintf(s.out, "%s  %s %s\n\n", a.Code, a.CreatedAt.Format(time.DateOnly), a.CreatedBy)
				return s.showGrants(a.Grants)
			})(read[client.Actor](api.ReadActor(c.Context(), args[0])))
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, as the API answers")
	return c
}
