package exchange

import "reliefledger/warehouse"

var partyKinds = []choice{
	{warehouse.Supplier, "供应商"}, {warehouse.Donor, "捐赠方"}, {warehouse.Carrier, "承运方"}, {warehouse.Organisation, "机构"},
}

var parties = kind[warehouse.Party]{
	name:   "parties",
	about:  phrase{"Each row is a supplier, donor, carrier or other organisation.", "每行是一个供应商、捐赠方、承运方或其他机构。"},
	record: true,
	poster: func(p Posters) Poster[warehouse.Party] { return p.Parties },
	columns: []column[warehouse.Party]{
		{field: "code", must: true, read: text(func(p *warehouse.Party, s string) { p.Code = s })},
		{field: "name", must: true, read: text(func(p *warehouse.Party, s string) { p.Name = s })},
		{field: "name_en", read: text(func(p *warehouse.Party, s string) { p.NameEn = s })},
		{field: "kind", must: true, read: oneOf(partyKinds, func(p *warehouse.Party, s string) { p.Kind = s })},
		{field: "credit_code", read: text(func(p *warehouse.Party, s string) { p.CreditCode = s })},
	},
}
