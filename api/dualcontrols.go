package api

import "github.com/danielgtaylor/huma/v2"

func (d *Door) dualControls(a huma.API) {
	question(d, a, "/v1/dual-controls", "list-dual-controls", "List what two people decided",
		"Lists every proposal that needs a second person, with who proposed it, who agreed, and where it stands: write-offs, differences of counts, reopenings of a period, waybills closed short above the limit for one person. "+
			"They come in the order of their entries, a page at a time.", d.room().Controls)
}
