package exchange

import (
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

var locationKinds = []choice{
	{warehouse.Province, "省"}, {warehouse.Prefecture, "市州"}, {warehouse.Warehouse, "仓库"}, {warehouse.Station, "救助站"}, {warehouse.Point, "避寒点"}, {warehouse.Vehicle, "车辆"},
}

var locations = kind[warehouse.Location]{
	name:   "locations",
	about:  phrase{"Each row is a location of the register; a location stands below the one that is above it in the tree.", "每行是一个地点；下级地点排在上级地点之后。"},
	record: true,
	poster: func(p Posters) Poster[warehouse.Location] { return p.Locations },
	columns: []column[warehouse.Location]{
		{field: "code", must: true, read: text(func(l *warehouse.Location, s string) { l.Code = s })},
		{field: "name", must: true, read: text(func(l *warehouse.Location, s string) { l.Name = s })},
		{field: "name_en", read: text(func(l *warehouse.Location, s string) { l.NameEn = s })},
		{field: "kind", must: true, read: oneOf(locationKinds, func(l *warehouse.Location, s string) { l.Kind = s })},
		{field: "parent", read: text(func(l *warehouse.Location, s string) { l.Parent = s })},
		{field: "division", read: text(func(l *warehouse.Location, s string) { l.Division = s })},
		{field: "opens_on", read: day(func(l *warehouse.Location, d ledger.Date) { l.OpensOn = d })},
		{field: "closes_on", read: day(func(l *warehouse.Location, d ledger.Date) { l.ClosesOn = d })},
	},
}
