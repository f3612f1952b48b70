package exchange

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// headings are the words that columns go by: the field's own name, as in the API, and these. The first one is what is written.
var headings = map[string][]string{
	"account":             {"账户"},
	"account_name":        {"账户名称"},
	"action":              {"行动"},
	"age":                 {"年龄段"},
	"amount":              {"金额"},
	"as_of":               {"截至日期"},
	"balance":             {"结存"},
	"bank":                {"银行账户", "账户"},
	"batch":               {"批号", "生产批号"},
	"budget":              {"预算科目"},
	"campaign":            {"专项行动"},
	"category":            {"类别"},
	"classification":      {"分类代码"},
	"closes_on":           {"停用日期", "关闭日期"},
	"closing":             {"期末余额"},
	"counterparty":        {"对方户名", "对方"},
	"code":                {"编码", "代码", "物品编码", "物资编码", "地点编码", "往来单位编码"},
	"condition":           {"状态"},
	"credit_code":         {"统一社会信用代码"},
	"decimals":            {"小数位数"},
	"division":            {"行政区划代码"},
	"document":            {"单据"},
	"drill":               {"演练"},
	"entry":               {"分录"},
	"evidence":            {"价值依据"},
	"expires":             {"有保质期"},
	"expires_on":          {"有效期至", "失效日期"},
	"from":                {"起始日期"},
	"fund":                {"资金"},
	"id":                  {"银行流水号", "流水号"},
	"in":                  {"收入"},
	"income":              {"收入"},
	"item":                {"物品", "物品编码", "物资", "物资编码"},
	"kind":                {"类型"},
	"location":            {"地点", "地点编码"},
	"lot":                 {"批次"},
	"moved_value":         {"移动价值"},
	"movement":            {"业务"},
	"name":                {"名称"},
	"name_en":             {"英文名称"},
	"on":                  {"业务日期", "日期"},
	"opening":             {"期初余额"},
	"opens_on":            {"启用日期", "开放日期"},
	"out":                 {"发出"},
	"pack":                {"包装"},
	"packs":               {"包装"},
	"parent":              {"上级地点", "上级"},
	"part":                {"部分"},
	"party":               {"往来单位", "往来单位编码", "供应商", "捐赠方"},
	"payee":               {"收款方"},
	"people":              {"人数"},
	"place":               {"地点名称"},
	"prefecture_division": {"市级区划代码"},
	"prepayment":          {"预付"},
	"produced_on":         {"生产日期"},
	"province_division":   {"省级区划代码"},
	"pseudonym":           {"代号"},
	"quantity":            {"数量"},
	"reference":           {"单据号", "凭证号"},
	"retired":             {"停用"},
	"sex":                 {"性别"},
	"shelf_life_days":     {"保质天数"},
	"spending":            {"支出"},
	"text":                {"摘要"},
	"to":                  {"截止日期"},
	"unit":                {"单位", "计量单位"},
	"unit_price":          {"单价"},
	"unvalued":            {"无依据计价"},
	"value":               {"价值", "金额"},
	"waybill":             {"调拨单"},
	"request":             {"申请单"},
}

// heading is how a column is written in a language: unit price, 单价.
func (l Language) heading(field string) string {
	if l == Chinese && len(headings[field]) > 0 {
		return headings[field][0]
	}
	return strings.ReplaceAll(field, "_", " ")
}

// remark is what people add to a heading: 数量(床), amount (CNY).
var remark = regexp.MustCompile(`[(\[].*[)\]]\s*$`)

var joints = strings.NewReplacer(" ", "", "_", "", "-", "", "*", "")

// plain is a heading as it is compared: whatever its width, case, spaces and remarks.
func plain(heading string) string {
	return joints.Replace(strings.ToLower(strings.TrimSpace(remark.ReplaceAllString(norm.NFKC.String(heading), ""))))
}

// answersTo reports whether a column of that field may be written so.
func answersTo(field, heading string) bool {
	if plain(heading) == plain(field) {
		return true
	}
	for _, word := range headings[field] {
		if plain(heading) == plain(word) {
			return true
		}
	}
	return false
}
