package main

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestLines(t *testing.T) {
	t.Parallel()
	known := []string{"@", "fund=", "reason=", "damaged"}
	for text, want := range map[string]line{
		"QUILT=3":                          {item: "QUILT", quantity: "3"},
		"QUILT/GR-1-2023-00001.1=3":        {item: "QUILT", lot: "GR-1-2023-00001.1", quantity: "3"},
		"QUILT=12:bale":                    {item: "QUILT", quantity: "12", pack: "bale"},
		"棉被=12:大包@61.25":                   {item: "棉被", quantity: "12", pack: "大包", price: "61.25"},
		"QUILT=3,fund=F":                   {item: "QUILT", quantity: "3", words: map[string]string{"fund": "F"}},
		"QUILT=3,damaged,fund=F":           {item: "QUILT", quantity: "3", words: map[string]string{"damaged": "", "fund": "F"}},
		"RICE=12345678901234567890.123@.5": {item: "RICE", quantity: "12345678901234567890.123", price: ".5"},
		"QUILT=3,damaged,reason=wet, torn, =lost": {
			item: "QUILT", quantity: "3", words: map[string]string{"damaged": "", "reason": "wet, torn, =lost"},
		},
	} {
		if want.words == nil {
			want.words = map[string]string{}
		}
		got, err := readLine(text, known)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}

func TestWrongLines(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                        "an item, '=' and a quantity are wanted",
		"QUILT":                   "an item, '=' and a quantity are wanted",
		"=3":                      "an item, '=' and a quantity are wanted",
		"QUILT=":                  "an item, '=' and a quantity are wanted",
		"QUILT=:bale":             "there is no quantity",
		"QUILT=3@61.25":           "a price has no place here",
		"QUILT=3,colour=red":      `"colour" is not known here, fund=, damaged are`,
		"QUILT=3,fund":            `"fund" is written fund=VALUE`,
		"QUILT=3,damaged=yes":     `"damaged" is written alone`,
		"QUILT=3,fund=A,fund=B":   `"fund" is said twice`,
		"QUILT=3,":                `"" is not known here`,
		"QUILT=3,damaged,fund=F,": `"" is not known here`,
	} {
		if _, err := readLine(text, []string{"fund=", "damaged"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %s wanted", text, err, want)
		}
	}
	if _, err := readLine("QUILT=3@", []string{"@"}); err == nil || err.Error() != "there is no price after '@'" {
		t.Errorf("%v", err)
	}
	_, err := readLines([]string{"QUILT", "COAT=1", "=2"})
	var wrong misuse
	if !errors.As(err, &wrong) || strings.Count(err.Error(), "line ") != 2 {
		t.Errorf("all wrong lines are told at once: %v", err)
	}
}
