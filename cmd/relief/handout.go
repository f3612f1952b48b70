package main

import (
	"context"
	"net/http"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
)

func (s *settings) handout() *cobra.Command {
	p := s.posting("handout LOCATION LINE...", "Hand out goods to people", linesFrom(1), `  relief handout PT-0031 QUILT=3 COAT=1 --people 2
  relief handout PT-0031 QUILT=1 --pseudonym p-000123 --sex female --age 60+
  relief handout PT-0031 LEAFLET=200 --people 0 --campaign WINTER-23 --action street --dry-run`)
	p.Long = "Hands out goods, first expired first out. Nobody is named: people are counted, or known by a pseudonym.\n\n" + lineHelp
	var h client.Handout
	var campaign, action, pseudonym, sex, age string
	var drill bool
	p.Flags().Int64Var(&h.People, "people", 1, "how many people received the goods; 0 for goods such as leaflets that were left without counting")
	p.Flags().StringVar(&campaign, "campaign", "", "campaign it belongs to")
	p.Flags().StringVar(&action, "action", "", "action of the campaign")
	p.Flags().StringVar(&pseudonym, "pseudonym", "", "random code of one person; never a name, a telephone or an identity number")
	oneOf(p.Command, &sex, "sex", "of one person", "female", "male")
	oneOf(p.Command, &age, "age", "of one person", "0-17", "18-59", "60+")
	p.Flags().BoolVar(&drill, "drill", false, "an exercise: recorded, and moves nothing")
	p.ValidArgsFunction = s.completeGoods(1)
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		p.lines = args[1:]
		lines, err := readLines(p.lines, "fund=")
		if err != nil {
			return nil, err
		}
		h.Location, h.On, h.Campaign, h.Action = args[0], p.day(), given(campaign), given(action)
		h.Pseudonym, h.Sex, h.Age, h.Drill = given(pseudonym), given(client.HandoutSex(sex)), given(client.HandoutAge(age)), given(drill)
		for _, l := range lines {
			h.Lines = append(h.Lines, client.HandoutLine{Item: l.item, Lot: given(l.lot), Quantity: l.quantity, Pack: given(l.pack), Fund: l.of("fund")})
		}
		return api.HandOutGoods(ctx, &client.HandOutGoodsParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, h)
	})
}
