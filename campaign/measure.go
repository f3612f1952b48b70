package campaign

// Unit says what a measure counts. Units are never added to each other: 人次 counts events, 人 counts people.
type Unit string

// The units of measures.
const (
	PersonTimes  Unit = "person-times"
	Persons      Unit = "persons"
	VehicleTimes Unit = "vehicle-times"
	Times        Unit = "times"
)

// Chinese is the unit as official reports write it.
func (u Unit) Chinese() string {
	return map[Unit]string{PersonTimes: "人次", Persons: "人", VehicleTimes: "台次", Times: "次"}[u]
}

// Measure is something that activities count, always in the same unit.
type Measure struct {
	Code   string
	Unit   Unit
	Name   string
	NameEn string
}

// Measures lists what activities may count. The list is closed on purpose: a misspelt measure would be recorded
// and then be missing from the bulletin without anybody noticing.
var Measures = []Measure{
	{"patrol-staff", PersonTimes, "出动街面巡查人员", "staff sent on street patrol"},
	{"patrol-vehicles", VehicleTimes, "出动救助车辆", "vehicles sent"},
	{"helped-in-street", PersonTimes, "街面救助", "people helped in the street"},
	{"came-to-station", PersonTimes, "劝导进站救助", "people persuaded to come to a station"},
	{"media-reports", Times, "媒体宣传报道", "media reports"},
	{"cadres-sent", PersonTimes, "派出干部走访核查", "cadres sent to visit"},
	{"visits", PersonTimes, "走访困难群众", "visits to people in difficulty"},
	{"entitlements", PersonTimes, "新增纳入救助保障", "new entitlements granted"},
	{"helped-by-charity", PersonTimes, "慈善帮扶", "people helped by charity"},
	{"escorted-home", PersonTimes, "护送返乡", "people escorted home"},
	{"families-found", Persons, "帮助寻亲成功", "people whose families were found"},
	{"settled", Persons, "落户安置", "people settled"},
}

// FindMeasure is the measure with that code.
func FindMeasure(code string) (Measure, bool) {
	for _, m := range Measures {
		if m.Code == code {
			return m, true
		}
	}
	return Measure{}, false
}
