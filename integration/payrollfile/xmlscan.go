package payrollfile

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
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

// words looks at a text up to the next tag.
func (s *xmlScanner) words(b []byte) (e event, i int, err error) {
	for i < len(b) && s.stops[b[i]]&stopText == 0 {
		i++
	}
	if i < len(b) && b[i] != '<' {
		i, err = s.decode(b, 0, 0)
		s.text = s.own
	} else {
		s.text = b[:i]
	}
	if err == nil && i == len(b) && !s.last {
		err = errMoreBytes
	}
	return characters, i, err
}

// decode reads text with references and line ends of any kind, up to a tag or to
// the closing quote of a value, into own. It ends with b when neither comes.
func (s *xmlScanner) decode(b []byte, i int, quote byte) (int, error) {
	s.own = s.own[:0]
	stops := stopText
	if quote != 0 {
		stops = stopValue
	}
	for {
		from := i
		for i < len(b) && s.stops[b[i]]&stops == 0 {
			i++
		}
		s.own = append(s.own, b[from:i]...)
		if i == len(b) {
			return i, nil
		}
		switch c := b[i]; {
		case c == '<' && quote == 0, c == quote && quote != 0:
			return i, nil
		case c == '<':
			return i, errors.New("a tag inside a value")
		case c == ']' && quote == 0 && bytes.HasPrefix(b[i:], []byte("]]>")):
			return i, errors.New("the end of a section that did not begin")
		case c == ']' && quote == 0 && len(b)-i < 3 && !s.last:
			return i, errMoreBytes
		case c == '&':
			r, size, err := reference(b[i:])
			if err != nil {
				return i, err
			}
			s.own, i = utf8.AppendRune(s.own, r), i+size
		default:
			size, err := s.character(b[i:])
			if err != nil {
				return i, err
			}
			i += size
		}
	}
}

// character adds the character that b begins with to own. Line ends of any kind
// become "\n".
func (s *xmlScanner) character(b []byte) (size int, err error) {
	switch {
	case b[0] == '\r' && len(b) == 1 && !s.last:
		return 0, errMoreBytes
	case b[0] == '\r':
		s.own = append(s.own, '\n')
		if len(b) > 1 && b[1] == '\n' {
			return 2, nil
		}
		return 1, nil
	case b[0] >= utf8.RuneSelf && !utf8.FullRune(b) && !s.last:
		return 0, errMoreBytes
	}
	r, size := utf8.DecodeRune(b)
	if r == utf8.RuneError && size == 1 {
		return 0, errors.New("invalid UTF-8")
	}
	if !allowed(r) {
		return 0, fmt.Errorf("the character %U is not allowed", r)
	}
	s.own = append(s.own, b[:size]...)
	return size, nil
}

// allowed tells which characters XML has.
func allowed(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || ' ' <= r && r <= 0xd7ff || 0xe000 <= r && r <= 0xfffd || 0x10000 <= r && r <= utf8.MaxRune
}

// marked looks at a comment or a section of plain text; all else that begins so
// is a document type.
func (s *xmlScanner) marked(b []byte) (event, int, error) {
	const comment, section = "<!--", "<![CDATA["
	switch {
	case bytes.HasPrefix(b, []byte(comment)):
		i := bytes.Index(b[len(comment):], []byte("--")) + len(comment) + 2
		if i < len(comment)+2 || i == len(b) {
			return ended, len(b), errMoreBytes
		}
		if b[i] != '>' {
			return ended, i, errors.New("two dashes inside a comment")
		}
		return ended, i + 1, nil
	case bytes.HasPrefix(b, []byte(section)):
		return s.section(b, len(section))
	case len(b) < len(section) && (strings.HasPrefix(comment, string(b)) || strings.HasPrefix(section, string(b))):
		return ended, len(b), errMoreBytes
	case b[2] == '-' || b[2] == '[':
		return ended, 2, errors.New("neither a comment nor a section")
	}
	return ended, 2, errDocumentType
}

// section looks at a section of plain text whose content begins at i.
func (s *xmlScanner) section(b []byte, i int) (event, int, error) {
	size := bytes.Index(b[i:], []byte("]]>"))
	if size < 0 {
		return ended, len(b), errMoreBytes
	}
	s.own = s.own[:0]
	for content := b[i : i+size]; len(content) > 0; {
		// The content is whole: what is not complete in it is wrong.
		n, err := s.character(content)
		switch {
		case errors.Is(err, errMoreBytes) && content[0] == '\r':
			s.own, n = append(s.own, '\n'), 1
		case errors.Is(err, errMoreBytes):
			return ended, i, errors.New("invalid UTF-8")
		case err != nil:
			return ended, i, err
		}
		content = content[n:]
	}
	s.text = s.own
	return characters, i + size + 3, nil
}

// instruction passes over a processing instruction; the declaration of the
// document says how it is encoded.
func (s *xmlScanner) instruction(b []byte) (event, int, error) {
	i, err := s.letters(b, 2)
	if err != nil {
		return ended, i, err
	}
	size := bytes.Index(b[i:], []byte("?>"))
	if size < 0 {
		return ended, len(b), errMoreBytes
	}
	content := string(b[i : i+size])
	if string(b[2:i]) != "xml" {
		return ended, i + size + 2, nil
	}
	if v := declared(content, "version"); v != "" && v != "1.0" {
		return ended, i, fmt.Errorf("version %q of XML", v)
	}
	label := declared(content, "encoding")
	if label == "" || strings.EqualFold(label, "utf-8") {
		return ended, i + size + 2, nil
	}
	return ended, i + size + 2, s.encoded(label, b[i+size+2:])
}

// encoded reads the rest, of which something is in the buffer, in a declared
// encoding.
func (s *xmlScanner) encoded(label string, rest []byte) error {
	in, err := charset(label, io.MultiReader(bytes.NewReader(slices.Clone(rest)), s.in))
	if err != nil {
		return err
	}
	s.in, s.last, s.end = in, false, s.end-len(rest)
	return nil
}

// declared is what the declaration of a document says of something.
func declared(content, name string) string {
	for {
		_, rest, ok := strings.Cut(content, name+"=")
		if !ok || rest == "" {
			return ""
		}
		if rest[0] == '"' || rest[0] == '\'' {
			value, _, closed := strings.Cut(rest[1:], rest[:1])
			if !closed {
				return ""
			}
			return value
		}
		content = rest[1:]
	}
}

// reference reads a reference to a character: by number or one of the five
// names.
func reference(b []byte) (r rune, size int, err error) {
	end := 1
	for end < len(b) && (b[end] == '#' || '0' <= b[end] && b[end] <= '9' || 'a' <= b[end] && b[end] <= 'z' || 'A' <= b[end] && b[end] <= 'F') {
		end++
	}
	if end == len(b) {
		return 0, 0, errMoreBytes
	}
	switch name := string(b[1:end]); name {
	case "lt":
		r = '<'
	case "gt":
		r = '>'
	case "amp":
		r = '&'
	case "quot":
		r = '"'
	case "apos":
		r = '\''
	default:
		r = numbered(name)
	}
	if b[end] != ';' || !allowed(r) {
		return 0, 0, errors.New("a reference to no character")
	}
	return r, end + 1, nil
}

// numbered is the character of a reference such as "#38" or "#x26"; zero for
// none.
func numbered(name string) rune {
	digits, base := strings.TrimPrefix(name, "#"), 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	switch {
	case err != nil, digits == name, n > utf8.MaxRune:
		return 0
	case !utf8.ValidRune(rune(n)):
		return utf8.RuneError // half of a pair
	}
	return rune(n)
}
