package payrollfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

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
// the closing quote of a value, into own. When neither comes it ends with b, and
// all of it is looked at again with more bytes.
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
