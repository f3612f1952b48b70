package main

import (
	"context"
	"net/http"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
)

func (s *settings) pay() *cobra.Command {
	p := s.posting("pay AMOUNT", "Pay a supplier, relief cash, a charity case or a project from a fund's own money", cobra.ExactArgs(1), `  relief pay 7227.50 --kind supplier --fund WINTER-23 --bank ICBC --payee SUP-1
  relief pay 500.00 --kind relief-cash --fund RELIEF-CASH --bank cash:5101 --payee p-000123 --location PT-0031 --campaign WINTER-23`)
	var m client.Payment
	var kind, campaign, action, location, reference, budget string
	var ahead bool
	oneOf(p.Command, &kind, "kind", "what for", "supplier", "relief-cash", "charity", "project")
	p.Flags().StringVar(&m.Fund, "fund", "", "fund that pays, with its own money")
	p.Flags().StringVar(&m.Bank, "bank", "", "bank account that pays; cash:CODE for a money box")
	p.Flags().StringVar(&m.Payee, "payee", "", "party that is owed, pseudonym of a person, or institution; never a name or an identity number")
	p.Flags().StringVar(&location, "location", "", "location that reports it; relief cash and projects need one")
	p.Flags().StringVar(&campaign, "campaign", "", "campaign that counts it")
	p.Flags().StringVar(&action, "action", "", "action of the campaign")
	p.Flags().StringVar(&reference, "reference", "", "case number, or the bank's reference")
	p.Flags().StringVar(&budget, "budget", "", "line of the fund's budget that it draws on, when no invoice asks for it")
	p.Flags().BoolVar(&ahead, "prepayment", false, "pay a supplier ahead of the invoice")
	need(p.Command, "kind", "fund", "bank", "payee")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		m.Amount, m.Kind, m.On = args[0], client.PaymentKind(kind), p.day()
		m.Campaign, m.Action, m.Location, m.Reference, m.Prepayment, m.Budget = given(campaign), given(action), given(location), given(reference), given(ahead), given(budget)
		return api.Pay(ctx, &client.PayParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, m)
	})
}

func (s *settings) contribute() *cobra.Command {
	p := s.posting("contribute AMOUNT", "Take in money for a fund: a grant or a gift", cobra.ExactArgs(1), `  relief contribute 300000.00 --kind grant --fund WINTER-23 --party PROVINCE --bank ICBC --reference 川财社-118`)
	var m client.Contribution
	var kind, reference string
	oneOf(p.Command, &kind, "kind", "under an agreement, or free", "grant", "gift")
	p.Flags().StringVar(&m.Fund, "fund", "", "fund that the money belongs to")
	p.Flags().StringVar(&m.Party, "party", "", "donor that gives it")
	p.Flags().StringVar(&m.Bank, "bank", "", "bank account that takes it in; cash:CODE for a money box")
	p.Flags().StringVar(&reference, "reference", "", "the donor's or the bank's reference")
	need(p.Command, "kind", "fund", "party", "bank")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		m.Amount, m.Kind, m.On, m.Reference = args[0], client.ContributionKind(kind), p.day(), given(reference)
		return api.RecordContribution(ctx, &client.RecordContributionParams{IdempotencyKey: p.key, DryRun: p.dryRun()}, m)
	})
}

func (s *settings) invoice() *cobra.Command {
	p := s.posting("invoice RECEIPT AMOUNT", "Record a supplier's invoice for a receipt", cobra.ExactArgs(2), `  relief invoice GR-WH-51-2023-00001 7286.50 --party SUP-1 --final --reference FP-0042`)
	var party, reference, purchase string
	var final bool
	p.Flags().StringVar(&party, "party", "", "supplier that sends it")
	p.Flags().StringVar(&reference, "reference", "", "the supplier's invoice number")
	p.Flags().StringVar(&purchase, "purchase", "", "purchase that the goods fulfil; what is billed of it is no longer committed")
	p.Flags().BoolVar(&final, "final", false, "nothing more will be billed: the difference to the order goes onto the goods")
	need(p.Command, "party")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		return api.RecordInvoice(ctx, &client.RecordInvoiceParams{IdempotencyKey: p.key, DryRun: p.dryRun()},
			client.Invoice{Receipt: args[0], Amount: args[1], Party: party, Reference: given(reference), Final: given(final), Purchase: given(purchase), On: p.day()})
	})
}

func (s *settings) freight() *cobra.Command {
	p := s.posting("freight RECEIPT AMOUNT", "Put a carrier's bill onto the goods of a receipt", cobra.ExactArgs(2), `  relief freight GR-WH-51-2023-00001 150.00 --party C-01`)
	var party, reference string
	p.Flags().StringVar(&party, "party", "", "carrier, or the supplier itself, that sends the bill")
	p.Flags().StringVar(&reference, "reference", "", "the carrier's bill number")
	need(p.Command, "party")
	return p.sends(func(ctx context.Context, api *client.Client, args []string) (*http.Response, error) {
		return api.RecordFreight(ctx, &client.RecordFreightParams{IdempotencyKey: p.key, DryRun: p.dryRun()},
			client.Freight{Receipt: args[0], Amount: args[1], Party: party, Reference: given(reference), On: p.day()})
	})
}
