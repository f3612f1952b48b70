package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
	strict "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// strictly refuses what a lenient reader would silently decide: which of two members of the same name counts, and what
// bytes that are no UTF-8 stand for. Its errors say where they are.
var strictly = strict.JoinOptions(jsonv1.DefaultOptionsV1(), jsonv1.ReportErrorsWithLegacySemantics(false), jsontext.AllowDuplicateNames(false), jsontext.AllowInvalidUTF8(false))

var jsonFormat = huma.Format{Marshal: writeJSON, Unmarshal: readJSON}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// readJSON reads a body twice, as huma does: first as plain values for validation, where texts are checked as well,
// then into the request. The errors of the second reading name Go types, so only their place is told.
func readJSON(data []byte, v any) error {
	if tooDeep(data) {
		return fmt.Errorf("lists and objects stand inside each other more than %d deep", maxDepth)
	}
	err := strict.Unmarshal(data, v, strictly)
	if values, first := v.(*any); first && err == nil {
		return checkTexts("", *values)
	}
	return unreadable(err)
}

// unreadable says where a text stops being JSON, in words of our own: those of the reader name Go types and change with it.
func unreadable(err error) error {
	var misfit *strict.SemanticError
	var broken *jsontext.SyntacticError
	switch {
	case errors.As(err, &misfit):
		return fmt.Errorf("the value at %q does not fit", misfit.JSONPointer)
	case !errors.As(err, &broken):
		return err
	case errors.Is(err, jsontext.ErrDuplicateName):
		return fmt.Errorf("the property at %q stands there twice", broken.JSONPointer)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("the body ends at byte %d, in the middle of a value", broken.ByteOffset)
	}
	return fmt.Errorf("the body is no JSON in UTF-8 at byte %d, in %q", broken.ByteOffset, broken.JSONPointer)
}

// checkTexts refuses what no text of the book may hold: NUL, which PostgreSQL cannot store, other control characters, and
// the marks that turn the reading direction, which make a document show other words than it says.
func checkTexts(place string, v any) error {
	switch v := v.(type) {
	case string:
		if i := strings.IndexFunc(v, unprintable); i >= 0 {
			return fmt.Errorf("the text at %q holds a control character", place)
		}
	case []any:
		for i, element := range v {
			if err := checkTexts(place+"/"+strconv.Itoa(i), element); err != nil {
				return err
			}
		}
	case map[string]any:
		for name, member := range v {
			if err := errors.Join(checkTexts(place, name), checkTexts(place+"/"+name, member)); err != nil {
				return err
			}
		}
	}
	return nil
}

func unprintable(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\uFEFF' || r == unicode.ReplacementChar
}
