package api

import (
	"github.com/danielgtaylor/huma/v2"
)

func (d *Door) points(a huma.API) {
	question(d, a, "/v1/points", "list-opened-points", "List the points that were opened",
		"Lists the temporary points that were opened within some days: what a bulletin's figure of points opens to.",
		d.room().Points)
}
