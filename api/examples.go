package api

import (
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"
)

// examples are bodies of requests, by operation. Sent in the order in which a winter campaign goes, on a book that has the places
// above the station, every one of them is taken: a test sends them.
var examples = map[string]string{
	"create-item":     `{"code":"QUILT","name":"棉被","name_en":"Quilt","unit":"床","category":"quilt","packs":[{"name":"包","quantity":"20"}]}`,
	"change-item":     `{"code":"QUILT","name":"棉被（1.5米）","name_en":"Quilt","unit":"床","category":"quilt","packs":[{"name":"包","quantity":"20"}]}`,
	"create-location": `{"code":"PT-0031","name":"会展路取暖点","name_en":"Huizhan Road warming point","kind":"point","parent":"ST-5101-01","opens_on":"2023-11-20","closes_on":"2024-02-29"}`,
	"change-location": `{"code":"PT-0031","name":"会展路取暖点","name_en":"Huizhan Road warming point","kind":"point","parent":"ST-5101-01","opens_on":"2023-11-20","closes_on":"2024-03-10"}`,
	"create-party":    `{"code":"S-01","name":"川西纺织厂","name_en":"Chuanxi Textile Mill","kind":"supplier"}`,
	"change-party":    `{"code":"S-01","name":"川西纺织有限公司","name_en":"Chuanxi Textile Co.","kind":"supplier"}`,
	"create-fund":     `{"code":"WINTER-23","name":"冬季救助专项资金","name_en":"Winter relief fund","restricted":true,"purpose":"街面巡查和临时避寒"}`,
	"change-fund":     `{"code":"WINTER-23","name":"冬季救助专项资金","name_en":"Winter relief fund","restricted":true,"purpose":"街面巡查、临时避寒和护送返乡"}`,
	"create-campaign": `{"code":"COLD-23","name":"寒冬送温暖","name_en":"Warmth in winter","starts_on":"2023-11-01","ends_on":"2024-03-10","actions":[{"code":"PATROL","name":"街面巡查","name_en":"Street patrol"}]}`,
	"change-campaign": `{"code":"COLD-23","name":"寒冬送温暖","name_en":"Warmth in winter","starts_on":"2023-11-01","ends_on":"2024-03-14","actions":[{"code":"PATROL","name":"街面巡查","name_en":"Street patrol"}]}`,

	"record-contribution":   `{"on":"2023-11-01","fund":"WINTER-23","kind":"grant","party":"D-01","bank":"CCB-01","amount":"50000.00","reference":"CMZ-2023-88"}`,
	"receive-goods":         `{"location":"ST-5101-01","kind":"purchase","party":"S-01","fund":"WINTER-23","on":"2023-11-03","reference":"PO-2023-118","lines":[{"item":"QUILT","quantity":"2","pack":"包","unit_price":"96.50"}]}`,
	"plan-budget":           `{"on":"2023-10-25","fund":"WINTER-23","name":"2023年冬季救助预算","starts_on":"2023-11-01","ends_on":"2024-03-31","reference":"CBS-2023-118","lines":[{"code":"QUILTS","name":"棉被","amount":"9000.00"},{"code":"CASH-RELIEF","name":"临时救助金","amount":"1000.00"}]}`,
	"change-budget":         `{"on":"2023-11-02","reason":"more quilts are needed, as the bureau agreed","lines":[{"code":"QUILTS","amount":"500.00"},{"code":"CASH-RELIEF","amount":"-500.00"}]}`,
	"order-goods":           `{"on":"2023-11-02","fund":"WINTER-23","party":"S-01","budget":"QUILTS","reference":"HT-2023-118","lines":[{"item":"QUILT","quantity":"42","unit_price":"96.50"}]}`,
	"close-purchase":        `{"reason":"two quilts were refused at the door","on":"2023-11-12"}`,
	"record-invoice":        `{"on":"2023-11-10","receipt":"GR-ST-5101-01-2023-00001","party":"S-01","amount":"3860.00","final":true,"reference":"44032211","purchase":"PO-WINTER-23-2023-00001"}`,
	"record-freight":        `{"on":"2023-11-10","receipt":"GR-ST-5101-01-2023-00001","party":"C-01","amount":"40.00","reference":"SF-7781"}`,
	"dispatch-goods":        `{"from":"ST-5101-01","to":"PT-0031","carrier":"C-01","vehicle":"川A12345","on":"2023-12-01","lines":[{"item":"QUILT","quantity":"20"}]}`,
	"arrive-goods":          `{"on":"2023-12-02","lines":[{"item":"QUILT","quantity":"16","outcome":"good"},{"item":"QUILT","quantity":"1","outcome":"short","claim":true,"reason":"one quilt missing on arrival"}]}`,
	"recall-goods":          `{"reason":"road closed by snow","on":"2023-12-02"}`,
	"close-transfer-short":  `{"reason":"not found after search","on":"2023-12-09"}`,
	"settle-claim":          `{"on":"2023-12-20","claimed":"AR-PT-0031-2023-00001","fund":"WINTER-23","received":"97.50","bank":"CCB-01","reference":"PICC-2023-0815"}`,
	"hand-out-goods":        `{"location":"PT-0031","campaign":"COLD-23","action":"PATROL","on":"2023-12-24","people":1,"age":"60+","lines":[{"item":"QUILT","quantity":"2"}]}`,
	"take-back-goods":       `{"reason":"came back unused","on":"2023-12-25","lines":[{"item":"QUILT","quantity":"1"}]}`,
	"pay":                   `{"on":"2023-12-26","kind":"supplier","fund":"WINTER-23","bank":"CCB-01","payee":"S-01","amount":"3860.00","reference":"PAY-0091"}`,
	"record-bank-statement": `{"bank":"CCB-01","from":"2023-11-01","to":"2023-12-31","opening":"0.00","closing":"46140.00","reference":"2023-12","lines":[{"on":"2023-11-01","amount":"50000.00","reference":"CMZ-2023-88","counterparty":"省民政厅","id":"20231101-000001"},{"on":"2023-12-27","amount":"-3860.00","reference":"PAY-0091","counterparty":"川西纺织有限公司","text":"货款","id":"20231227-000004"}]}`,
	"match-bank-lines":      `{"on":"2024-01-03","bank":"CCB-01","bank_lines":["BS-CCB-01-2024-00001.1"],"entries":[1]}`,
	"use-another-fund":      `{"on":"2023-12-27","from_fund":"WINTER-23","to_fund":"CITY-GIFT","account":"stock:ST-5101-01","item":"QUILT","quantity":"2","reason":"cold wave; quilts come back in January"}`,
	"record-activity":       `{"campaign":"COLD-23","action":"PATROL","location":"ST-5101-01","on":"2023-12-24","measures":[{"measure":"patrol-staff","quantity":"12"},{"measure":"helped-in-street","quantity":"3"}]}`,
	"propose-write-off":     `{"location":"PT-0031","reason":"wet after the roof leaked","on":"2024-01-05","lines":[{"item":"QUILT","lot":"GR-ST-5101-01-2023-00001.1","fund":"WINTER-23","quantity":"1"}]}`,
	"approve-write-off":     `{"certificate":"DC-2024-017","on":"2024-01-08"}`,
	"count-goods":           `{"location":"PT-0031","on":"2024-01-09","remark":"two counters","lines":[{"item":"QUILT","lot":"GR-ST-5101-01-2023-00001.1","fund":"WINTER-23","quantity":"9"}]}`,
	"approve-count":         `{"on":"2024-01-10"}`,
	"propose-short-closing": `{"waybill":"WB-ST-5101-01-2023-00002","reason":"lorry and load lost in a landslide","on":"2023-12-05"}`,
	"approve-short-closing": `{"on":"2023-12-06"}`,
	"assemble-kits":         `{"location":"ST-5101-01","item":"KIT","quantity":"3","fund":"WINTER-23","on":"2024-01-11","lines":[{"item":"QUILT","quantity":"1"}]}`,
	"ask-for-goods":         `{"from":"ST-5101-01","to":"PT-0031","campaign":"COLD-23","needed_by":"2024-01-15","remark":"cold wave from Friday, forty people expected","on":"2024-01-12","lines":[{"item":"QUILT","quantity":"12"}]}`,
	"reserve-goods":         `{"on":"2024-01-12","lines":[{"item":"QUILT","quantity":"10"}]}`,
	"release-goods":         `{"reason":"fewer people came than expected","on":"2024-01-13","lines":[{"item":"QUILT","quantity":"4"}]}`,
	"close-request":         `{"reason":"the cold wave is over","on":"2024-01-20"}`,
	"reverse-entry":         `{"entry":3,"reason":"counted twice"}`,
	"close-point":           `{"reason":"end of the campaign","on":"2024-03-10"}`,
	"close-period":          `{"until":"2023-11-30","reason":"November 2023 agreed with the bank"}`,
	"propose-reopening":     `{"reason":"late invoice for quilts"}`,
	"agree-to-reopening":    `{"proposal":12}`,

	"give-grant":     `{"actor":"li-na","role":"keeper","location":"ST-5101-01","fund":"WINTER-23"}`,
	"make-token":     `{"actor":"li-na","name":"scanner of ST-5101-01","days":90}`,
	"make-pseudonym": `{"number":"11010519491231002X"}`,
	"keep-person":    `{"name":"王小明","phone":"13800000000","number":"11010519491231002X","keep_until":"2199-06-30","purpose":"registered for a winter parcel"}`,
	"look-at-person": `{"purpose":"call back about the lost parcel"}`,
	"find-persons":   `{"number":"11010519491231002X","purpose":"was helped before"}`,
	"erase-person":   `{"purpose":"the person asked for it"}`,

	"receive-goods-in-bulk":     `{"mode":"linked","lines":[{"location":"ST-5101-01","kind":"in-kind","party":"D-01","fund":"CITY-GIFT","on":"2023-11-05","evidence":"quotation","lines":[{"item":"QUILT","quantity":"20","value":"1900.00"}]}]}`,
	"order-goods-in-bulk":       `{"mode":"linked","lines":[{"on":"2023-11-06","fund":"WINTER-23","party":"S-01","budget":"QUILTS","lines":[{"item":"QUILT","quantity":"10","unit_price":"96.50"}]}]}`,
	"hand-out-goods-in-bulk":    `{"mode":"each","lines":[{"location":"PT-0031","campaign":"COLD-23","on":"2023-12-24","people":2,"lines":[{"item":"QUILT","quantity":"2"}]},{"location":"PT-0031","campaign":"COLD-23","on":"2023-12-25","people":1,"lines":[{"item":"QUILT","quantity":"1"}]}]}`,
	"pay-in-bulk":               `{"mode":"linked","lines":[{"on":"2023-12-26","kind":"relief-cash","fund":"WINTER-23","bank":"CCB-01","payee":"p-000123","amount":"200.00","budget":"CASH-RELIEF","campaign":"COLD-23","location":"ST-5101-01"},{"on":"2023-12-26","kind":"relief-cash","fund":"WINTER-23","bank":"CCB-01","payee":"p-000124","amount":"200.00","campaign":"COLD-23","location":"ST-5101-01"}]}`,
	"match-bank-lines-in-bulk":  `{"mode":"each","lines":[{"on":"2024-01-03","bank":"CCB-01","bank_lines":["BS-CCB-01-2024-00001.2"],"entries":[19]}]}`,
	"record-activities-in-bulk": `{"mode":"each","lines":[{"campaign":"COLD-23","action":"PATROL","location":"ST-5101-01","on":"2023-12-25","measures":[{"measure":"patrol-vehicles","quantity":"4"}]}]}`,
}

// illustrate writes the examples into the contract.
func illustrate(a huma.API) {
	for _, item := range a.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Post, item.Put} {
			if op == nil || op.RequestBody == nil || examples[op.OperationID] == "" {
				continue
			}
			var body any
			if err := json.Unmarshal([]byte(examples[op.OperationID]), &body); err != nil {
				panic("api: example of " + op.OperationID + ": " + err.Error())
			}
			op.RequestBody.Content["application/json"].Example = body
		}
	}
}
