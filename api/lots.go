package api

import (
	"github.com/danielgtaylor/huma/v2"
)

func (d *Door) lots(a huma.API) {
	question(d, a, "/v1/lots", "list-lots", "List lots",
		"Lists lots with when they came in, when they expire and what of each is there: which goods must be used first, and where a batch that is called back stands. "+
			"Every lot carries the query that tells where it is.",
		d.room().Lots)
}
