package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
)

func (d *Door) activities(a huma.API) {
	posting(d, a, auth.Record, "/v1/activities", "record-activity", "Record an activity",
		"Records what was done besides goods and money: patrols, visits, escorts. People (人) and events (人次) are counted apart. A drill is kept and never counts.",
		d.Desk.Record)
	bulkPosting(d, a, auth.Record, "/v1/activities/bulk", "record-activities-in-bulk", "Record many activities",
		"Posts up to 5,000 activities in one request, all or none or each by itself, and answers with a result for each line.",
		d.Desk.Record)
	documents(d, a, "/v1/activities", "activities", d.room().Activities)
	document(a, "/v1/activities", "read-activity", "Read an activity", "Reads an activity as it stands in the book.", d.room().Activity)
}
