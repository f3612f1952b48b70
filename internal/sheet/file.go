package sheet

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
)

// File is a table in a file. Its rows can be read any number of times.
type File struct {
	// Sheet is the name of the sheet in a workbook; empty in a CSV file.
	Sheet string
	// Hash tells this content from any other: 32 hexadecimal digits of SHA-256 over the file and the name of the sheet.
	Hash string

	rows   func(yield func(Row, error) bool)
	closer io.Closer
}

// Open opens a file that was made by a spreadsheet, CSV or XLSX, whatever its name ends in. Of a workbook it is the sheet of that
// name, or the first one when name is empty.
func Open(path, name string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	table, err := Read(f, info.Size(), name)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	table.closer = f
	return table, nil
}

// Read is Open for what is not a file of its own. Source must stay as it is while rows are read.
func Read(source io.ReaderAt, size int64, name string) (*File, error) {
	if size > MaxBytes {
		return nil, fmt.Errorf("the file has %d MiB, at most %d wanted", size>>20, MaxBytes>>20)
	}
	table, err := read(source, size, name)
	if err != nil {
		return nil, err
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, io.NewSectionReader(source, 0, size)); err != nil {
		return nil, err
	}
	hash.Write([]byte(table.Sheet))
	table.Hash = hex.EncodeToString(hash.Sum(nil))[:32]
	return table, nil
}

var errOldWorkbook = errors.New("the file is an old or a protected workbook: save it as .xlsx without a password, or as .csv")

func read(source io.ReaderAt, size int64, name string) (*File, error) {
	head := make([]byte, 8)
	n, err := source.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch head = head[:n]; {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return openWorkbook(source, size, name)
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return nil, errOldWorkbook
	case name != "":
		return nil, fmt.Errorf("a CSV file has no sheet %.80q", name)
	}
	return openCSV(source, size)
}

// Rows are the rows that are not empty, in order. The first error ends them.
func (f *File) Rows() iter.Seq2[Row, error] { return f.rows }

// Close lets go of the file.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	return f.closer.Close()
}
