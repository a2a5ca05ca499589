package payrollfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// textReader gives a text of unknown encoding as UTF-8 without a mark, in lines
// that end in "\n" whatever they ended in. A line longer than maxToken and a
// text in two encodings are problems that name the row.
func textReader(r io.Reader) io.Reader {
	return &lineReader{in: unmarked(r), next: make([]byte, 0, 64<<10)}
}

// unmarked decodes UTF-16 with a mark and takes the mark off UTF-8.
func unmarked(r io.Reader) io.Reader {
	return transform.NewReader(r, unicode.BOMOverride(transform.Nop))
}

// lineReader works in pieces of whole lines.
type lineReader struct {
	in    io.Reader
	next  []byte // read, and not given yet
	ready []byte // decoded
	ended error
	enc   encoding
	lines int // given
}

func (l *lineReader) Read(p []byte) (int, error) {
	for len(l.ready) == 0 {
		if err := l.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, l.ready)
	l.ready = l.ready[n:]
	return n, nil
}

// fill readies the whole lines among the bytes that are there, after reading
// more. A "\r" at the very end waits for what follows it.
func (l *lineReader) fill() error {
	if l.ended != nil && len(l.next) == 0 {
		return l.ended
	}
	if l.ended == nil {
		if len(l.next) >= maxToken {
			return fault("file.field_too_long", "limit", strconv.Itoa(maxToken), "row", strconv.Itoa(l.lines+1))
		}
		if len(l.next) == cap(l.next) {
			l.next = append(make([]byte, 0, 2*cap(l.next)), l.next...)
		}
		n, err := l.in.Read(l.next[len(l.next):cap(l.next)])
		l.next, l.ended = l.next[:len(l.next)+n], err
	}
	end := len(l.next)
	if l.ended == nil {
		end = bytes.LastIndexByte(l.next, '\n') + 1
		if end == 0 {
			end = bytes.LastIndexByte(l.next[:max(0, len(l.next)-1)], '\r') + 1
		}
	} else if !errors.Is(l.ended, io.EOF) {
		return l.ended
	}
	decoded, row, err := l.enc.decode(l.next[:end])
	if err != nil {
		return fault("file.mixed_text", "row", strconv.Itoa(l.lines+row)).Because(err)
	}
	l.ready = oneLineEnd(bytes.Clone(decoded))
	l.lines += bytes.Count(l.ready, []byte("\n"))
	l.next = append(l.next[:0], l.next[end:]...)
	return nil
}

// oneLineEnd makes every line end "\n", in place.
func oneLineEnd(text []byte) []byte {
	if bytes.IndexByte(text, '\r') < 0 {
		return text
	}
	out := text[:0]
	for i, c := range text {
		switch {
		case c != '\r':
			out = append(out, c)
		case i+1 == len(text) || text[i+1] != '\n':
			out = append(out, '\n')
		}
	}
	return out
}

// encoding is what a text has shown of its encoding so far.
type encoding struct {
	utf8, other bool
}

var errMixedText = errors.New("both UTF-8 and another encoding")

// decode gives whole lines in UTF-8: as they are, or from Windows-1252. A text
// that is in both at once is refused with the line where that shows, counted
// from one, as one part of it would be read wrongly.
func (e *encoding) decode(lines []byte) (text []byte, row int, err error) {
	if ascii(lines) {
		return lines, 0, nil
	}
	plain := utf8.Valid(lines)
	if plain && e.utf8 && !e.other {
		return lines, 0, nil
	}
	for i := 0; i < len(lines); {
		r, size := utf8.DecodeRune(lines[i:])
		e.utf8 = e.utf8 || size > 1
		e.other = e.other || r == utf8.RuneError && size == 1
		if e.utf8 && e.other {
			return nil, 1 + bytes.Count(lines[:i], []byte("\n")), errMixedText
		}
		i += size
	}
	if plain {
		return lines, 0, nil
	}
	text, err = charmap.Windows1252.NewDecoder().Bytes(lines)
	if i := bytes.IndexRune(text, utf8.RuneError); err == nil && i >= 0 {
		return nil, 1 + bytes.Count(text[:i], []byte("\n")), errMixedText
	}
	return text, 0, err
}

// ascii looks at eight bytes at a time: nearly all text is plain.
func ascii(text []byte) bool {
	for len(text) >= 32 {
		if (binary.NativeEndian.Uint64(text)|binary.NativeEndian.Uint64(text[8:])|
			binary.NativeEndian.Uint64(text[16:])|binary.NativeEndian.Uint64(text[24:]))&0x8080808080808080 != 0 {
			return false
		}
		text = text[32:]
	}
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
