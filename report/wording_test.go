package report_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"reliefledger/report"
)

func TestWordingIsOfficial(t *testing.T) {
	for _, c := range []struct {
		wording          report.Wording
		exact            string
		unit, unitEn     string
		chinese, english string
	}{
		{report.Floored, "4300", "件", "pieces", "4300件", "4,300 pieces"},
		{report.Floored, "4301", "件", "pieces", "4300余件", "more than 4,300 pieces"},
		{report.Floored, "4399", "件", "pieces", "4300余件", "more than 4,300 pieces"},
		{report.Floored, "15400", "人次", "person-times", "15400人次", "15,400 person-times"},
		{report.Floored, "15423", "人次", "person-times", "15400余人次", "more than 15,400 person-times"},
		{report.Floored, "32899", "份", "copies", "32800余份", "more than 32,800 copies"},
		{report.Floored, "327", "人次", "", "320余人次", "more than 320"},
		{report.Floored, "99", "床", "", "99床", "99"},
		{report.Floored, "12.5", "kg", "kg", "12.5kg", "12.5 kg"},
		{report.Floored, "112.5", "kg", "kg", "110余kg", "more than 110 kg"},
		{report.Floored, "0", "床", "", "0床", "0"},
		{report.Floored, "-3", "床", "", "-3床", "-3"},
		{report.Floored, "-1303", "床", "", "-1303床", "-1,303"},
		{report.Exact, "11349", "人次", "person-times", "11349人次", "11,349 person-times"},
		{report.Exact, "407", "人", "people", "407人", "407 people"},
		{report.Exact, "1234567.5", "", "", "1234567.5", "1,234,567.5"},
		{report.Nearly, "300", "次", "times", "300次", "300 times"},
		{report.Nearly, "297", "次", "times", "近300次", "nearly 300 times"},
		{report.Nearly, "285", "次", "times", "近300次", "nearly 300 times"},
		{report.Nearly, "284", "次", "times", "280余次", "more than 280 times"},
		{report.Nearly, "305", "次", "times", "300余次", "more than 300 times"},
		{report.Nearly, "0", "次", "times", "0次", "0 times"},
		{report.InWan, "55000", "人次", "person-times", "5.5万人次", "55,000 person-times"},
		{report.InWan, "55001", "人次", "person-times", "5.5万余人次", "more than 55,000 person-times"},
		{report.InWan, "348000", "人次", "person-times", "34.8万人次", "348,000 person-times"},
		{report.InWan, "60000", "人次", "person-times", "6万人次", "60,000 person-times"},
		{report.InWan, "10000", "人次", "person-times", "1万人次", "10,000 person-times"},
		{report.InWan, "9999", "人次", "person-times", "9900余人次", "more than 9,900 person-times"},
		{report.InWanYuan, "32540000.00", "元", "yuan", "3254万元", "32.54 million yuan"},
		{report.InWanYuan, "32540000.01", "元", "yuan", "3254万余元", "more than 32.54 million yuan"},
		{report.InWanYuan, "800000.00", "元", "yuan", "80万元", "800,000 yuan"},
		{report.InWanYuan, "38600000.00", "元", "yuan", "3860万元", "38.6 million yuan"},
		{report.InWanYuan, "2719999.99", "元", "yuan", "271万余元", "more than 2.71 million yuan"},
		{report.InWanYuan, "723.11", "元", "yuan", "720余元", "more than 720 yuan"},
		{report.InWanYuan, "99.50", "元", "yuan", "99.5元", "99.5 yuan"},
	} {
		exact := decimal.RequireFromString(c.exact)
		if got := c.wording.Chinese(exact, c.unit); got != c.chinese {
			t.Errorf("%s in Chinese: %s, want %s", c.exact, got, c.chinese)
		}
		if got := c.wording.English(exact, c.unitEn); got != c.english {
			t.Errorf("%s in English: %s, want %s", c.exact, got, c.english)
		}
	}
}
