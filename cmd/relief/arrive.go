package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
)

// outcomes are what may have become of goods on a waybill.
var outcomes = []string{"good", "damaged", "short", "over", "refused"}

func (s *settings) arrive() *cobra.Command {
	p := s.posting("arrive WAYBILL [LINE...]", "Say what became of goods on a waybill", cobra.MinimumNArgs(1), `  relief arrive WB-WH-51-2023-00007 --all
  relief arrive WB-WH-51-2023-00007 QUILT=37 QUILT=2,damaged,reason=wet QUILT=1,short,claim,reason=missing
  relief arrive WB-WH-51-2023-00007 COAT=1,over,value=110.00,reason="nobody sent it"`)
	p.Long = "Says what became of goods on a waybill, all at once or in parts. What arrived twice is refused by what is left in transit.\n\n" + lineHelp + `  QUILT=2,damaged,reason=wet        damaged, short, over or refused; else good. The reason comes last and may hold commas
  QUILT=1,short,claim,reason=gone   the carrier must make it good; else it is lost
  COAT=1,over,value=9.00,reason=…   more than was sent, and what it is worth`
	var all bool
	p.Flags().BoolVar(&all, "all", false, "everything that is still in transit has arrived, and is good")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		if all == (len(args) > 1) {
			return nil, misuse{errors.New("lines or --all are wanted, and not both")}
		}
		p.lines = args[1:]
		if all {
			var err error
			if p.lines, err = p.inTransit(ctx, api, args[0]); err != nil {
				return nil, err
			}
		}
		lines, err := arrivalLines(p.lines)
		if err != nil {
			return nil, err
		}
		return api.ArriveGoods(ctx, args[0], &client.ArriveGoodsParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, client.Arrival{Lines: lines, On: p.day()})
	})
}

func arrivalLines(args []string) ([]client.ArrivalLine, error) {
	lines, err := readLines(args, append([]string{"fund=", "claim", "value=", "reason="}, outcomes...)...)
	if err != nil {
		return nil, err
	}
	arrived := make([]client.ArrivalLine, len(lines))
	for i, l := range lines {
		outcome := ""
		for _, o := range outcomes {
			if l.has(o) != nil {
				if outcome != "" {
					return nil, misuse{fmt.Errorf("line %s: %s and %s at once", args[i], outcome, o)}
				}
				outcome = o
			}
		}
		if outcome == "" {
			outcome = "good"
		}
		arrived[i] = client.ArrivalLine{
			Item: l.item, Lot: given(l.lot), Quantity: l.quantity, Pack: given(l.pack), Fund: l.of("fund"),
			Outcome: client.ArrivalLineOutcome(outcome), Claim: l.has("claim"), Value: l.of("value"), Reason: l.of("reason"),
		}
	}
	return arrived, nil
}

// inTransit are the lines of what a waybill still has in transit. They are told as they would be typed, because a repetition under the
// same key must say the same although nothing is left then.
func (p *posting) inTransit(ctx context.Context, api *client.Client, waybill string) ([]string, error) {
	w, err := read[client.Waybill](api.ReadTransfer(ctx, waybill))
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, l := range w.Lines {
		left, err := decimal.NewFromString(l.Left)
		if err != nil {
			return nil, err
		}
		if left.IsPositive() {
			lines = append(lines, fmt.Sprintf("%s/%s=%s,fund=%s", l.Item, l.Lot, l.Left, l.Fund))
		}
	}
	if len(lines) == 0 {
		return nil, hinted{fmt.Errorf("nothing of %s is in transit", waybill), "relief show " + waybill + " tells what became of it"}
	}
	fmt.Fprintf(p.err, "%s: %s\n", p.say("lines"), strings.Join(lines, " "))
	return lines, nil
}
