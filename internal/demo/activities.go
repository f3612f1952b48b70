package demo

import (
	"reliefledger/campaign"
	"reliefledger/ledger"
)

// reported are the report's totals of activities, by the action that they belong to.
var reported = []struct {
	action string
	totals []measured
}{
	{patrolAction, []measured{
		{"patrol-staff", "15400"}, {"patrol-vehicles", "4000"}, {"helped-in-street", "1200"}, {"came-to-station", "320"}, {"media-reports", "300"},
	}},
	{visitAction, []measured{{"cadres-sent", "55000"}, {"visits", "348000"}, {"entitlements", "45000"}, {"helped-by-charity", "2900"}}},
	{homeAction, []measured{{"escorted-home", "11349"}, {"families-found", "407"}, {"settled", "76"}}},
}

type measured struct{ measure, total string }

// weeks are the campaign's nine; each station reports at the end of each.
const weeks = 9

// activities splits each total over the weekly reports of the stations, and adds an exercise that must not count.
func (p *plan) activities() {
	for _, r := range reported {
		reports := make([][]campaign.ActivityMeasure, stationCount*weeks)
		for _, m := range r.totals {
			for i, quantity := range p.shares(m.total, len(reports), 0) {
				if quantity.IsPositive() {
					reports[i] = append(reports[i], campaign.ActivityMeasure{Measure: m.measure, Quantity: quantity})
				}
			}
		}
		for i, measures := range reports {
			s, week := &p.stations[i%stationCount], ledger.Date(i/stationCount)
			if len(measures) > 0 {
				p.record(s, firstDay+7*week+6, r.action, Campaign, false, measures)
			}
		}
	}
	drill := []campaign.ActivityMeasure{{Measure: "patrol-staff", Quantity: whole(1000)}}
	p.record(&p.stations[0], firstDay+13, patrolAction, Campaign, true, drill)
	p.record(&p.stations[0], firstDay+14, patrolAction, drillCampaign, false, drill)
}

func (p *plan) record(s *station, on ledger.Date, action, code string, drill bool, measures []campaign.ActivityMeasure) {
	ask(p, on, waveField, s.coordinator(), p.Desk.Record, campaign.Activity{
		Campaign: code, Action: action, Location: s.code, On: on, Drill: drill, Measures: measures,
	})
}
