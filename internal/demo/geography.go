package demo

import (
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// The published report's numbers of places.
const (
	stationCount = 94
	pointCount   = 750
)

// Roots of the tree: the province, and the warehouse that buys for all.
const (
	province          = "51"
	provinceWarehouse = "WH-51"
)

// prefecture is one of Sichuan's 21, by GB/T 2260. Its counties decide how many stations it has.
type prefecture struct {
	division     string
	name, nameEn string
	counties     int64
}

var prefectures = []prefecture{
	{"510100", "成都市", "Chengdu", 20},
	{"510300", "自贡市", "Zigong", 6},
	{"510400", "攀枝花市", "Panzhihua", 5},
	{"510500", "泸州市", "Luzhou", 7},
	{"510600", "德阳市", "Deyang", 6},
	{"510700", "绵阳市", "Mianyang", 9},
	{"510800", "广元市", "Guangyuan", 7},
	{"510900", "遂宁市", "Suining", 5},
	{"511000", "内江市", "Neijiang", 5},
	{"511100", "乐山市", "Leshan", 11},
	{"511300", "南充市", "Nanchong", 9},
	{"511400", "眉山市", "Meishan", 6},
	{"511500", "宜宾市", "Yibin", 10},
	{"511600", "广安市", "Guang'an", 6},
	{"511700", "达州市", "Dazhou", 7},
	{"511800", "雅安市", "Ya'an", 8},
	{"511900", "巴中市", "Bazhong", 5},
	{"512000", "资阳市", "Ziyang", 3},
	{"513200", "阿坝藏族羌族自治州", "Aba", 13},
	{"513300", "甘孜藏族自治州", "Garze", 18},
	{"513400", "凉山彝族自治州", "Liangshan", 17},
}

func (f prefecture) code() string { return f.division[:4] }

// Stations of counties that the report names; the others serve their whole prefecture.
var counties = map[string]struct{ division, name, nameEn string }{
	"ST-5104-02":  {"510421", "米易县", "Miyi"},
	"ST-5115-02":  {"511502", "翠屏区", "Cuiping"},
	countyStation: {"513231", "阿坝县", "Aba county"},
}

// countyStation is where the county that the report names brings its goods and heating equipment.
const countyStation = "ST-5132-02"

// station is a rescue station with its warehouse and its points.
type station struct {
	prefecture
	nth       int64 // in its prefecture
	code      string
	warehouse string
	points    []*point
	needs     [2]goods // what its points need, by delivery
}

// point is a temporary warm-up point.
type point struct {
	station *station
	code    string
	opens   ledger.Date
	second  ledger.Date // day of the second delivery
	needs   [2]goods
}

// places draws the tree: stations by counties, points equally, both exactly as many as the report counts.
func places() ([]station, []*point) {
	weights := make([]decimal.Decimal, len(prefectures))
	for i, f := range prefectures {
		weights[i] = decimal.NewFromInt(f.counties)
	}
	var stations []station
	for i, n := range ledger.Shares(decimal.NewFromInt(stationCount), weights, 0) {
		for k := range n.IntPart() {
			f := prefectures[i]
			stations = append(stations, station{
				prefecture: f, nth: k + 1, needs: [2]goods{{}, {}},
				code:      fmt.Sprintf("ST-%s-%02d", f.code(), k+1),
				warehouse: fmt.Sprintf("WH-%s-%02d", f.code(), k+1),
			})
		}
	}
	var points []*point
	for n := range pointCount {
		s := &stations[n*stationCount/pointCount]
		pt := &point{station: s, code: fmt.Sprintf("PT-%04d", n+1), needs: [2]goods{{}, {}}}
		s.points, points = append(s.points, pt), append(points, pt)
	}
	return stations, points
}
