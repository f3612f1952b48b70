package main

import "testing"

func TestTable(t *testing.T) {
	stock := table{head: []string{"item", "name", "lot", "quantity"}, right: []int{3}}
	stock.add("QUILT", "棉被", "", "1900")
	stock.add("LEAFLET", "救助政策宣传册", "", "32800")
	for limit, want := range map[int]string{
		0:  "item     name            quantity\nQUILT    棉被                1900\nLEAFLET  救助政策宣传册     32800\n",
		29: "item     name        quantity\nQUILT    棉被            1900\nLEAFLET  救助政策…      32800\n",
		5:  "item     name      quantity\nQUILT    棉被          1900\nLEAFLET  救助政…      32800\n",
	} {
		if got := stock.text(limit); got != want {
			t.Errorf("in %d columns:\n%s\nwanted:\n%s", limit, got, want)
		}
	}
	empty := table{head: []string{"id", "actor"}}
	if got := empty.text(0); got != "id  actor\n" {
		t.Errorf("without rows: %q", got)
	}
}
