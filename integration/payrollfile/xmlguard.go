package payrollfile

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Limits of one XML file. They are far above any payroll and keep a hostile
// file from eating the memory.
const (
	maxDepth = 32      // nesting of elements
	maxToken = 1 << 20 // bytes of one tag or text
	maxField = 4096    // bytes of one value that is kept
)

// utf16 tells whether the bytes begin with the mark of UTF-16.
func utf16(head []byte) bool {
	return bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff})
}

// plainHead is the beginning of a file as text without mark and blanks before
// it, so that ASCII in it can be looked for whatever the file is written in.
func plainHead(head []byte) []byte {
	if plain, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), head); err == nil {
		head = plain
	}
	return bytes.TrimLeft(head, " \t\r\n")
}

// xmlRoot is the name of the first element in the beginning of an XML file,
// or nothing when there is none.
func xmlRoot(head []byte) xml.Name {
	if !bytes.HasPrefix(head, []byte("<")) {
		return xml.Name{}
	}
	d := xml.NewDecoder(bytes.NewReader(head))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	for {
		token, err := d.Token()
		if err != nil {
			return xml.Name{}
		}
		if start, ok := token.(xml.StartElement); ok {
			return start.Name
		}
	}
}

// charset serves a declared encoding. Nmbrs declares UTF-16 on text that came
// as UTF-8, so that declaration is not believed; real UTF-16 shows by its mark
// and is decoded before.
func charset(label string, in io.Reader) (io.Reader, error) {
	if strings.HasPrefix(strings.ToLower(label), "utf-16") {
		return in, nil
	}
	enc, err := htmlindex.Get(label)
	if err != nil {
		return nil, fmt.Errorf("character set %q: %w", label, err)
	}
	return enc.NewDecoder().Reader(in), nil
}

var errTokenTooLong = errors.New("one tag or text is too long")

// guard passes bytes on, but not more than allowed for one token, and remembers
// how the bytes ended: the decoder's own errors do not tell a file that was cut
// off from one that is wrong.
type guard struct {
	in     io.Reader
	left   int
	ended  bool
	failed error
}

// allow lets n more bytes pass.
func (g *guard) allow(n int) { g.left = n }

func (g *guard) Read(p []byte) (int, error) {
	if g.left <= 0 {
		return 0, errTokenTooLong
	}
	n, err := g.in.Read(p)
	g.left -= n
	switch {
	case errors.Is(err, io.EOF):
		g.ended = true
	case err != nil:
		g.failed = err
	}
	return n, err
}
