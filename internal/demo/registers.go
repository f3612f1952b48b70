package demo

import (
	"context"
	"fmt"
	"time"

	"reliefledger/campaign"
	"reliefledger/fund"
	"reliefledger/internal/register"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// registrar is the actor who keeps the demo's registers.
const registrar = "registrar-51"

// Funds of the demo. Each sum of the report has a fund of its own, so that none can pay for another.
const (
	goodsFund      = "WINTER-23"
	giftFund       = "CITY-GIFT-23"
	cashFund       = "RELIEF-CASH-23"
	charityFund    = "CHARITY-23"
	countyFund     = "ABA-23"
	renovationFund = "RENOVATION-21"
)

// Parties and bank accounts of the demo.
const (
	ministry  = "ORG-FINANCE-51"
	donors    = "DON-CITY-51"
	charities = "ORG-CHARITY-51"
	county    = "ORG-513231"
	textiles  = "SUP-TEXTILE"
	provision = "SUP-PROVISION"
	printers  = "SUP-PRINT"
	carrier   = "CAR-51"
	bank      = "BANK-51"
)

const drillCampaign = "DRILL-23"

func (p *plan) register(ctx context.Context) error {
	for _, create := range []func() error{
		func() error { return many(ctx, p.Keeper.Locations, p.locations()) },
		func() error { return many(ctx, p.Keeper.Items, items()) },
		func() error { return many(ctx, p.Keeper.Parties, parties) },
		func() error { return many(ctx, p.Officer.Funds, funds) },
		func() error { return many(ctx, p.Desk.Campaigns, campaigns) },
	} {
		if err := create(); err != nil {
			return fmt.Errorf("registers of the demo: %w", err)
		}
	}
	return nil
}

func many[T any](ctx context.Context, in *register.Register[T], records []T) error {
	_, err := in.CreateMany(ctx, registrar, records)
	return err
}

// locations are the tree from the province down, parents first.
func (p *plan) locations() []warehouse.Location {
	all := []warehouse.Location{
		{Code: province, Name: "四川省", NameEn: "Sichuan", Kind: warehouse.Province, Division: "510000"},
		{Code: provinceWarehouse, Name: "四川省救灾物资储备库", NameEn: "Sichuan relief warehouse", Kind: warehouse.Warehouse, Parent: province, Division: "510000"},
	}
	for _, f := range prefectures {
		all = append(all, warehouse.Location{
			Code: f.code(), Name: f.name, NameEn: f.nameEn, Kind: warehouse.Prefecture, Parent: province, Division: f.division,
		})
	}
	for _, s := range p.stations {
		all = append(all, s.locations()...)
	}
	return all
}

func (s station) locations() []warehouse.Location {
	serves, name, nameEn := s.division, s.name, s.nameEn
	if c, own := counties[s.code]; own {
		serves, name, nameEn = c.division, c.name, c.nameEn
	} else if s.nth > 1 {
		name, nameEn = fmt.Sprintf("%s第%d", name, s.nth), fmt.Sprintf("%s %d", nameEn, s.nth)
	}
	name, nameEn = name+"救助管理站", nameEn+" rescue station"
	all := []warehouse.Location{
		{Code: s.code, Name: name, NameEn: nameEn, Kind: warehouse.Station, Parent: s.prefecture.code(), Division: serves},
		{Code: s.warehouse, Name: name + "库房", NameEn: nameEn + " store", Kind: warehouse.Warehouse, Parent: s.code, Division: serves},
	}
	for i, pt := range s.points {
		all = append(all, warehouse.Location{
			Code: pt.code, Name: fmt.Sprintf("%s%d号避寒点", name, i+1), NameEn: fmt.Sprintf("%s warm-up point %d", nameEn, i+1),
			Kind: warehouse.Point, Parent: s.code, Division: serves, OpensOn: pt.opens,
		})
	}
	return all
}

var parties = []warehouse.Party{
	{Code: ministry, Name: "四川省财政厅", NameEn: "Sichuan department of finance", Kind: warehouse.Donor},
	{Code: donors, Name: "城市爱心捐赠汇总户", NameEn: "City gifts, pooled", Kind: warehouse.Donor},
	{Code: charities, Name: "四川省慈善捐赠汇总户", NameEn: "Sichuan charity gifts, pooled", Kind: warehouse.Donor},
	{Code: county, Name: "阿坝县人民政府", NameEn: "Aba county government", Kind: warehouse.Organisation},
	{Code: textiles, Name: "示例纺织厂", NameEn: "Example textile works", Kind: warehouse.Supplier},
	{Code: provision, Name: "示例食品卫生用品公司", NameEn: "Example provisions company", Kind: warehouse.Supplier},
	{Code: printers, Name: "示例印刷厂", NameEn: "Example printing house", Kind: warehouse.Supplier},
	{Code: carrier, Name: "示例运输公司", NameEn: "Example carrier", Kind: warehouse.Carrier},
}

var funds = []fund.Fund{
	{Code: goodsFund, Name: "省级寒冬送温暖物资资金", NameEn: "Provincial winter goods fund", Restricted: true, Purpose: "采购御寒物资", ValidFrom: firstDay - 31},
	{Code: giftFund, Name: "城市爱心捐赠资金", NameEn: "City gifts", ValidFrom: firstDay - 31},
	{Code: cashFund, Name: "临时救助资金", NameEn: "Temporary relief cash", Restricted: true, Purpose: "发放临时救助金", ValidFrom: firstDay - 31},
	{Code: charityFund, Name: "慈善帮扶资金", NameEn: "Charity fund", Restricted: true, Purpose: "慈善帮扶困难群众", ValidFrom: firstDay - 31},
	{Code: countyFund, Name: "阿坝县捐赠物资", NameEn: "Goods given by Aba county", Restricted: true, Purpose: "县内生活物资和取暖设备", ValidFrom: firstDay - 31},
	{Code: renovationFund, Name: "救助机构改造资金", NameEn: "Renovation of stations", Restricted: true, Purpose: "近三年救助机构改造", ValidFrom: ledger.NewDate(2021, time.January, 1)},
}

// Actions of the campaign, by the names that the report gives them.
const (
	visitAction   = "visits"
	patrolAction  = "patrol"
	homeAction    = "homecoming"
	qualityAction = "quality"
	safetyAction  = "safety"
)

var actions = []campaign.Action{
	{Code: visitAction, Name: "走访帮扶", NameEn: "Visits and help"},
	{Code: patrolAction, Name: "巡查纾困", NameEn: "Street patrols"},
	{Code: homeAction, Name: "回家关爱", NameEn: "The way home"},
	{Code: qualityAction, Name: "质量提升", NameEn: "Better stations"},
	{Code: safetyAction, Name: "安全保底", NameEn: "Safety"},
}

var campaigns = []campaign.Campaign{
	{
		Code: Campaign, Name: "“寒冬送温暖”专项救助行动", NameEn: "Warmth in winter 2023-24",
		StartsOn: firstDay, EndsOn: ledger.NewDate(2024, time.March, 31), Actions: actions,
	},
	{
		Code: drillCampaign, Name: "寒潮应急演练", NameEn: "Cold wave exercise", Drill: true,
		StartsOn: firstDay, EndsOn: lastDay, Actions: actions,
	},
}
