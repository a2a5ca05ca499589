package payrollfile

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// event is what [xmlScanner.next] found.
type event int

const (
	ended      event = iota // the bytes ended where a document may end
	startTag                // name is set
	endTag                  // of the innermost element; name is set
	emptyTag                // a start and an end in one; name is set
	characters              // text is set; more may follow
)

// Faults of a file that is no XML, or none that is read.
var (
	errCutOff       = errors.New("the bytes end too early")
	errDocumentType = errors.New("a document type is not read")
	errMoreBytes    = errors.New("more bytes are needed") // never leaves the scanner
)

// xmlScanner finds the tags and texts of an XML document in the buffer they were
// read into, several times faster than [encoding/xml]. It proves what that
// decoder proves: names, attributes, references, characters, encoding, and that
// every tag is closed by its own. Comments and processing instructions are
// passed over, and so are attributes; a document type, and with it every entity
// but the five of XML itself, is refused.
//
// A tag or text is in the buffer whole before it is looked at, so that one
// longer than maxToken is refused and memory does not depend on the file.
//
// Source: W3C, "Extensible Markup Language (XML) 1.0" and "Namespaces in XML".
type xmlScanner struct {
	in       io.Reader
	buf      []byte
	pos, end int // what of buf was not looked at yet
	last     bool
	rows     int // line ends before buf

	name []byte // without its prefix; valid until the next call, as text is
	text []byte

	open   []byte // the names of the open elements, one behind the other
	starts []int
	own    []byte // text that does not stand in the buffer as it is meant
	stops  [256]stop
}

// stop tells where a byte has to be looked at more closely.
type stop byte

const (
	stopText  stop = 1 << iota // in text
	stopValue                  // in the value of an attribute
	inName                     // the opposite: a byte of a name
)

// newXMLScanner reads in pieces of size bytes, as long as tags and texts are
// not longer.
func newXMLScanner(in io.Reader, size int) *xmlScanner {
	s := &xmlScanner{in: in, buf: make([]byte, size)}
	for c := range s.stops {
		switch {
		case c >= utf8.RuneSelf, c < ' ' && c != '\t' && c != '\n', c == '<', c == '&':
			s.stops[c] = stopText | stopValue
		case c == ']':
			s.stops[c] = stopText
		case c == '"', c == '\'':
			s.stops[c] = stopValue
		}
		if c >= utf8.RuneSelf || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("_:.-", byte(c)) >= 0 {
			s.stops[c] |= inName
		}
	}
	return s
}

// row is the line of the file that has been reached, from one.
func (s *xmlScanner) row() int { return 1 + s.rows + bytes.Count(s.buf[:s.pos], []byte("\n")) }

// next finds the next tag or text.
func (s *xmlScanner) next() (event, error) {
	for {
		e, size, err := s.look(s.buf[s.pos:s.end])
		switch {
		case err == nil && size == 0:
			return ended, nil
		case err == nil:
			if s.pos += size; e != ended {
				return e, nil
			}
		case !errors.Is(err, errMoreBytes):
			s.pos += size
			return ended, err
		default:
			if err := s.more(); err != nil {
				return ended, err
			}
		}
	}
}

// more reads on behind what was not looked at yet, with more room when that
// fills the buffer.
func (s *xmlScanner) more() error {
	if s.last {
		s.pos = s.end
		return errCutOff
	}
	s.rows += bytes.Count(s.buf[:s.pos], []byte("\n"))
	s.end = copy(s.buf, s.buf[s.pos:s.end])
	s.pos = 0
	if s.end == len(s.buf) {
		if s.end >= maxToken {
			return errTokenTooLong
		}
		s.buf = append(s.buf, make([]byte, max(1, len(s.buf)))...)
	}
	n, err := io.ReadFull(s.in, s.buf[s.end:])
	s.end += n
	if s.last = errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF); s.last {
		return nil
	}
	return err
}

// look finds what b begins with and how long it is; ended is something to be
// passed over. With an error, size is how far that is well formed.
func (s *xmlScanner) look(b []byte) (e event, size int, err error) {
	switch {
	case len(b) == 0 && s.last && len(s.starts) == 0:
		return ended, 0, nil
	case len(b) == 0:
		return ended, 0, errMoreBytes
	case b[0] != '<':
		return s.words(b)
	case len(b) == 1:
		return ended, 0, errMoreBytes
	}
	switch b[1] {
	case '/':
		return s.close(b)
	case '?':
		return s.instruction(b)
	case '!':
		return s.marked(b)
	}
	return s.tag(b)
}

// tag looks at the tag that an element starts with.
func (s *xmlScanner) tag(b []byte) (e event, i int, err error) {
	end, err := s.readName(b, 1)
	if err != nil {
		return ended, end, err
	}
	for i = end; ; {
		i = blanks(b, i)
		switch {
		case i == len(b):
			return ended, i, errMoreBytes
		case b[i] == '>':
			s.starts = append(s.starts, len(s.open))
			s.open = append(s.open, b[1:end]...)
			return startTag, i + 1, nil
		case b[i] == '/' && i+1 == len(b):
			return ended, i, errMoreBytes
		case b[i] == '/' && b[i+1] == '>':
			return emptyTag, i + 2, nil
		}
		name := s.name
		if i, err = s.attribute(b, i); err != nil {
			return ended, i, err
		}
		s.name = name
	}
}

// attribute looks at one attribute, which nothing is kept of.
func (s *xmlScanner) attribute(b []byte, i int) (int, error) {
	i, err := s.readName(b, i)
	if err != nil {
		return i, err
	}
	if i = blanks(b, i); i < len(b) && b[i] != '=' {
		return i, errors.New("attribute without a value")
	}
	if i = blanks(b, min(i+1, len(b))); i == len(b) {
		return i, errMoreBytes
	}
	quote := b[i]
	if quote != '"' && quote != '\'' {
		return i, errors.New("attribute whose value is not in quotes")
	}
	from := i + 1
	for i = from; i < len(b) && s.stops[b[i]]&stopValue == 0; i++ {
	}
	if i < len(b) && b[i] != quote {
		if i, err = s.decode(b, from, quote); err != nil {
			return i, err
		}
	}
	if i == len(b) {
		return i, errMoreBytes
	}
	return i + 1, nil
}

// close looks at the tag that an element ends with, which must be the innermost.
func (s *xmlScanner) close(b []byte) (event, int, error) {
	end, err := s.readName(b, 2)
	if err != nil {
		return ended, end, err
	}
	i := blanks(b, end)
	switch {
	case i == len(b):
		return ended, i, errMoreBytes
	case b[i] != '>':
		return ended, i, errors.New("more than a name in an end tag")
	case len(s.starts) == 0:
		return ended, i, errors.New("an end without a start")
	}
	start := s.starts[len(s.starts)-1]
	if !bytes.Equal(s.open[start:], b[2:end]) {
		return ended, i, fmt.Errorf("%q closed by %q", s.open[start:], b[2:end])
	}
	s.starts, s.open = s.starts[:len(s.starts)-1], s.open[:start]
	return endTag, i + 1, nil
}

// readName looks at a name and keeps it without its prefix.
func (s *xmlScanner) readName(b []byte, from int) (end int, err error) {
	if end, err = s.letters(b, from); err != nil {
		return end, err
	}
	s.name = b[from:end]
	colon := bytes.IndexByte(s.name, ':')
	switch {
	case colon < 0:
	case bytes.IndexByte(s.name[colon+1:], ':') >= 0:
		return from, errors.New("a name with two prefixes")
	case colon > 0 && colon+1 < len(s.name):
		s.name = s.name[colon+1:]
	}
	return end, nil
}

// letters finds where a name ends. What letters it may have beyond ASCII,
// encoding/xml knows.
func (s *xmlScanner) letters(b []byte, from int) (end int, err error) {
	all := byte(0)
	for end = from; end < len(b) && s.stops[b[end]]&inName != 0; end++ {
		all |= b[end]
	}
	switch {
	case end == len(b):
		return end, errMoreBytes
	case end == from, strings.IndexByte("0123456789.-", b[from]) >= 0:
		return from, errors.New("no name where one must be")
	case all >= utf8.RuneSelf:
		_, err = xml.NewDecoder(strings.NewReader("<?" + string(b[from:end]) + "?>")).RawToken()
	}
	return end, err
}

func blanks(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}
