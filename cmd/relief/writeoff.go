package main

import (
	"context"
	"net/http"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
)

func (s *settings) writeOff() *cobra.Command {
	c := &cobra.Command{Use: "write-off", Short: "Write off damaged or expired goods: one person proposes, another approves"}
	c.AddCommand(s.proposeWriteOff(), s.approveWriteOff())
	return c
}

func (s *settings) proposeWriteOff() *cobra.Command {
	p := s.posting("propose LOCATION LINE...", "Take goods out of use until another person approves", linesFrom(1), `  relief write-off propose ST-5101-01 FOOD/GR-WH-51-2023-00001.2=9,fund=WINTER-23 --reason expired
  relief write-off propose ST-5101-01 QUILT/GR-WH-51-2023-00001.1=2,fund=WINTER-23,quarantined --reason "wet on arrival"`)
	p.Long = `Takes goods out of use. Every line names its lot and its fund, as relief stock --by lot,fund shows them:

  FOOD/GR-WH-51-2023-00001.2=9,fund=WINTER-23
  QUILT/GR-WH-51-2023-00001.1=2,fund=WINTER-23,quarantined    they arrived or came back damaged`
	var reason string
	p.Flags().StringVar(&reason, "reason", "", "why")
	need(p.Command, "reason")
	p.ValidArgsFunction = s.completeGoods(1)
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		p.lines = args[1:]
		lines, err := readLines(p.lines, "fund=", "quarantined")
		if err != nil {
			return nil, err
		}
		w := client.WriteOff{Location: args[0], Reason: reason, On: p.day()}
		for _, l := range lines {
			w.Lines = append(w.Lines, client.WriteOffLine{
				Item: l.item, Lot: l.lot, Fund: l.words["fund"], Quantity: l.quantity, Pack: given(l.pack), Quarantined: l.has("quarantined"),
			})
		}
		return api.ProposeWriteOff(ctx, &client.ProposeWriteOffParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, w)
	})
}

func (s *settings) approveWriteOff() *cobra.Command {
	p := s.posting("approve PROPOSAL", "Approve a write-off that another person proposed", cobra.ExactArgs(1), `  relief write-off approve WO-ST-5101-01-2024-00001 --certificate DISPOSAL-17`)
	var certificate string
	p.Flags().StringVar(&certificate, "certificate", "", "number of the disposal certificate")
	need(p.Command, "certificate")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		return api.ApproveWriteOff(ctx, args[0], &client.ApproveWriteOffParams{IdempotencyKey: p.key, DryRun: p.dryRun()},
			client.WriteOffApproval{Certificate: certificate, On: p.day()})
	})
}
