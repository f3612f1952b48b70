package sheet

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// workbook is what a sheet's cells refer to. A workbook is read here and not by a library, because none tells a text of twenty digits
// from a number of twenty digits while it streams, and that is the difference between an amount and a guess.
type workbook struct {
	zip    *zip.Reader
	texts  []string // shared strings
	days   []bool   // by number of cell style: it shows a day
	is1904 bool     // days are counted from 1904, as old Macintoshes did
}

type relations struct {
	Relationship []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	}
}

// target is the part that a relation of that type, or of that id, leads to, seen from the part that has it.
func (r relations) target(from, kind, id string) string {
	for _, one := range r.Relationship {
		if (id != "" && one.ID == id) || (id == "" && strings.HasSuffix(one.Type, "/"+kind)) {
			if strings.HasPrefix(one.Target, "/") {
				return one.Target[1:]
			}
			return path.Join(path.Dir(from), one.Target)
		}
	}
	return ""
}

type workbookPart struct {
	Properties struct {
		Date1904 string `xml:"date1904,attr"`
	} `xml:"workbookPr"`
	Sheets []struct {
		Name  string `xml:"name,attr"`
		State string `xml:"state,attr"`
		ID    string `xml:"id,attr"`
	} `xml:"sheets>sheet"`
}

func openWorkbook(source io.ReaderAt, size int64, name string) (*File, error) {
	archive, err := zip.NewReader(source, size)
	if err != nil {
		return nil, fmt.Errorf("the file is no workbook: %w", err)
	}
	unzipped := uint64(0)
	for _, part := range archive.File {
		if unzipped += part.UncompressedSize64; part.UncompressedSize64 > MaxBytes || unzipped > MaxBytes {
			return nil, fmt.Errorf("the workbook unzips to more than %d MiB", MaxBytes>>20)
		}
	}
	book := &workbook{zip: archive}
	main, links, contents, err := book.contents()
	if err != nil {
		return nil, err
	}
	book.is1904 = slices.Contains([]string{"1", "true"}, contents.Properties.Date1904)
	sheet, id, err := contents.find(name)
	if err != nil {
		return nil, err
	}
	if err := book.load(links.target(main, "sharedStrings", ""), links.target(main, "styles", "")); err != nil {
		return nil, err
	}
	part := links.target(main, "", id)
	return &File{Sheet: sheet, rows: func(yield func(Row, error) bool) { book.read(part, yield) }}, nil
}

// contents reads which part is the workbook, what it relates to, and which sheets it has.
func (b *workbook) contents() (main string, links relations, contents workbookPart, err error) {
	var top relations
	if err = b.decode("_rels/.rels", &top); err != nil {
		return
	}
	main = top.target("", "officeDocument", "")
	if err = b.decode(main, &contents); err != nil {
		return
	}
	err = b.decode(path.Join(path.Dir(main), "_rels", path.Base(main)+".rels"), &links)
	return
}

// find is the sheet of that name, or the first that is shown.
func (w workbookPart) find(name string) (sheet, id string, err error) {
	var names []string
	for _, s := range w.Sheets {
		if s.Name == name || (name == "" && s.State != "hidden" && s.State != "veryHidden") {
			return s.Name, s.ID, nil
		}
		names = append(names, s.Name)
	}
	return "", "", fmt.Errorf("the workbook has no sheet %.80q, it has %.200q", name, names)
}

// load reads the texts and the styles that cells refer to. A workbook of numbers may have neither.
func (b *workbook) load(texts, styles string) error {
	if texts != "" {
		if err := b.loadTexts(texts); err != nil {
			return err
		}
	}
	if styles == "" {
		return nil
	}
	var part stylesPart
	if err := b.decode(styles, &part); err != nil {
		return err
	}
	b.days = part.days()
	return nil
}

// maxTexts bounds what is kept in memory: cells refer to shared texts in any order. Everything else of a workbook is streamed.
const maxTexts = 64 << 20

func (b *workbook) loadTexts(part string) error {
	held := 0
	return b.walk(part, func(d *xml.Decoder, start xml.StartElement) error {
		if start.Name.Local != "si" {
			return nil
		}
		text, err := richText(d, "si")
		if held += len(text) + 16; held > maxTexts { // a string's own header has 16 bytes
			return fmt.Errorf("the workbook's texts have more than %d MiB", maxTexts>>20)
		}
		b.texts = append(b.texts, text)
		return err
	})
}

// part opens a part of the workbook. Names differ in case between programs.
func (b *workbook) part(name string) (io.ReadCloser, error) {
	for _, f := range b.zip.File {
		if strings.EqualFold(strings.ReplaceAll(f.Name, `\`, "/"), name) {
			return f.Open()
		}
	}
	return nil, fmt.Errorf("the workbook has no part %.80q", name)
}

func (b *workbook) decode(name string, into any) error {
	part, err := b.part(name)
	if err != nil {
		return err
	}
	defer part.Close()
	if err := xml.NewDecoder(part).Decode(into); err != nil {
		return fmt.Errorf("the workbook's %s cannot be read: %w", name, err)
	}
	return nil
}

// walk tells fn of every element that starts in a part, until the part's own element ends.
func (b *workbook) walk(name string, fn func(*xml.Decoder, xml.StartElement) error) error {
	part, err := b.part(name)
	if err != nil {
		return err
	}
	defer part.Close()
	d := xml.NewDecoder(part)
	for {
		token, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the workbook's %s cannot be read: %w", name, err)
		}
		if start, starts := token.(xml.StartElement); starts {
			if err := fn(d, start); err != nil {
				return err
			}
		}
	}
}

// richText is the text of an element that has it in one piece or in several of different looks. What is written above it for
// pronunciation is not part of it.
func richText(d *xml.Decoder, element string) (string, error) {
	var text strings.Builder
	phonetic, within := false, false
	for {
		token, err := d.Token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			phonetic = phonetic || t.Name.Local == "rPh"
			within = t.Name.Local == "t" && !phonetic
		case xml.CharData:
			if within {
				text.Write(t)
			}
		case xml.EndElement:
			within = false
			if t.Name.Local == "rPh" {
				phonetic = false
			}
			if t.Name.Local == element {
				return unescaped(text.String()), nil
			}
		}
	}
}
