package payrollfile

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// Limits of one SIE file, far above what a payroll program writes.
const (
	maxRecord = 64 << 10 // bytes of one record
	maxBlocks = 8        // blocks within blocks of records that are passed over
	maxLines  = 500_000  // lines of one transaction
	maxNames  = 20_000   // ledger accounts with a name, in any format
	maxKept   = 64       // bytes of a text that is kept to be shared
)

// sieField is one field of a record: a text, or an object list without its
// braces.
type sieField struct {
	text []byte
	list bool
}

var (
	errOpenQuote = errors.New("quotation mark is never closed")
	errOpenList  = errors.New("brace is never closed")
)

// splitRecord cuts a record into its fields: they stand apart by blanks or
// tabs, may stand in quotation marks, and braces hold an object list. A
// quotation mark within a field has a backslash before it; any other backslash
// is itself. The texts of the fields are parts of the record and of it alone.
//
// Source: SIE Group, "SIE file format" edition 4B, chapter 5.
func splitRecord(record []byte, fields []sieField) ([]sieField, error) {
	for {
		record = bytes.TrimLeft(record, " \t")
		if len(record) == 0 {
			return fields, nil
		}
		var field sieField
		var err error
		switch record[0] {
		case '"':
			field.text, record, err = cutQuoted(record[1:])
		case '{':
			field.text, record, err = cutList(record[1:])
			field.list = true
		default:
			end := bytes.IndexAny(record, " \t{")
			if end < 0 {
				end = len(record)
			}
			field.text, record = record[:end], record[end:]
		}
		if err != nil {
			return fields, err
		}
		fields = append(fields, field)
	}
}

// cutQuoted takes a field up to its closing quotation mark. Where marks are
// escaped it shortens the record in place.
func cutQuoted(rest []byte) (text, after []byte, err error) {
	write := 0
	for read := 0; read < len(rest); read++ {
		b := rest[read]
		switch {
		case b == '"':
			return rest[:write], rest[read+1:], nil
		case b == '\\' && read+1 < len(rest) && rest[read+1] == '"':
			read++
			b = '"'
		}
		rest[write] = b
		write++
	}
	return nil, nil, errOpenQuote
}

// cutList takes an object list up to the brace that closes it; braces in
// quotation marks are text.
func cutList(rest []byte) (text, after []byte, err error) {
	quoted := false
	for i := 0; i < len(rest); i++ {
		switch b := rest[i]; {
		case quoted && b == '\\' && i+1 < len(rest) && rest[i+1] == '"':
			i++
		case b == '"':
			quoted = !quoted
		case b == '}' && !quoted:
			return rest[:i], rest[i+1:], nil
		}
	}
	return nil, nil, errOpenList
}

// recordReader gives the records of a file one by one. Each ends at a line
// feed, a carriage return or both, as they come.
type recordReader struct {
	in  *bufio.Scanner
	row int // of the record that was read last, counted from one
}

func newRecordReader(in io.Reader) *recordReader {
	s := bufio.NewScanner(in)
	s.Buffer(make([]byte, 0, maxRecord), maxRecord)
	s.Split(splitRows)
	return &recordReader{in: s}
}

// next gives the next record without its end and without blanks around it. It
// is valid until the next call. ok is false at the end of the file and at a
// fault, which is then in err.
func (r *recordReader) next() (record []byte, ok bool, err error) {
	r.row++
	if !r.in.Scan() {
		return nil, false, r.in.Err()
	}
	return bytes.Trim(r.in.Bytes(), " \t"), true, nil
}

func splitRows(data []byte, atEOF bool) (advance int, token []byte, err error) {
	end := bytes.IndexAny(data, "\r\n")
	switch {
	case end < 0 && atEOF && len(data) > 0:
		return len(data), data, nil
	case end < 0:
		return 0, nil, nil
	case data[end] == '\r' && end+1 == len(data) && !atEOF:
		return 0, nil, nil // a line feed may follow
	case data[end] == '\r' && end+1 < len(data) && data[end+1] == '\n':
		return end + 2, data[:end], nil
	}
	return end + 1, data[:end], nil
}
