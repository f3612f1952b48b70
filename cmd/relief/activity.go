package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
)

func (s *settings) record() *cobra.Command {
	p := s.posting("record LOCATION MEASURE=NUMBER...", "Record what was done in a campaign: patrols, people found, people escorted", linesFrom(1), `  relief record ST-5101-01 patrol-staff=12 persons-found=5 --campaign WINTER-23 --action street`)
	var a client.Activity
	var drill bool
	p.Flags().StringVar(&a.Campaign, "campaign", "", "campaign that counts it")
	p.Flags().StringVar(&a.Action, "action", "", "action of the campaign")
	p.Flags().BoolVar(&drill, "drill", false, "an exercise: recorded, and never in any total")
	need(p.Command, "campaign", "action")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		a.Location, a.On, a.Drill = args[0], p.day(), given(drill)
		for _, arg := range args[1:] {
			measure, quantity, both := strings.Cut(arg, "=")
			if !both {
				return nil, misuse{fmt.Errorf("%q is not MEASURE=NUMBER", arg)}
			}
			a.Measures = append(a.Measures, client.ActivityMeasure{Measure: measure, Quantity: quantity})
		}
		return api.RecordActivity(ctx, &client.RecordActivityParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, a)
	})
}
