package payrollfile

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// codePage is how the bytes of a text file stand for characters. It is found
// from the content: what a file says of itself, in its header or by its name,
// is wrong too often.
type codePage int

const (
	unknownPage codePage = iota // nothing but ASCII so far
	utf8Page
	page437  // "PC8", what the SIE standard asks for
	page1252 // Windows, with Latin-1 in it
)

// detectPage finds the code page of a piece of text. UTF-8 shows by itself: in
// the other two its sequences are no letters. Between those two the letters
// decide: what is å, ä, ö or é in one is a sign or a rare letter in the other.
// A piece without evidence stays unknown.
func detectPage(text []byte) codePage {
	if bytes.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return unknownPage
	}
	if valid, broken := sequences(text); valid > broken {
		return utf8Page
	}
	dos, windows := 0, 0
	for _, b := range text {
		if b < utf8.RuneSelf {
			continue
		}
		if bytes.IndexByte(letters437, b) >= 0 {
			dos++
		}
		if bytes.IndexByte(letters1252, b) >= 0 {
			windows++
		}
	}
	switch {
	case windows > dos:
		return page1252
	case dos > windows:
		return page437
	}
	return unknownPage
}

// The letters of the Nordic countries and the Netherlands beyond ASCII:
// å ä ö Å Ä Ö é É ü Ü ë ï è æ Æ á, and the ø Ø that only Windows has.
var (
	letters437  = []byte{0x86, 0x84, 0x94, 0x8f, 0x8e, 0x99, 0x82, 0x90, 0x81, 0x9a, 0x89, 0x8b, 0x8a, 0x91, 0x92, 0xa0}
	letters1252 = []byte{0xe5, 0xe4, 0xf6, 0xc5, 0xc4, 0xd6, 0xe9, 0xc9, 0xfc, 0xdc, 0xeb, 0xef, 0xe8, 0xe6, 0xc6, 0xe1, 0xf8, 0xd8}
)

// sequences counts the characters of several bytes that are right UTF-8, and
// the bytes that are not. A character cut off at the end counts as neither.
func sequences(text []byte) (valid, broken int) {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && size == 1:
			if !utf8.FullRune(text) {
				return valid, broken
			}
			broken++
		case size > 1:
			valid++
		}
		text = text[size:]
	}
	return valid, broken
}

// decode gives the text of bytes in this code page. ok is false where a byte is
// no character of it; control characters are none.
func (p codePage) decode(raw []byte) (text string, ok bool) {
	ascii := true
	for _, b := range raw {
		if b < ' ' && b != '\t' || b == 0x7f {
			return "", false
		}
		ascii = ascii && b < utf8.RuneSelf
	}
	if ascii {
		return string(raw), true
	}
	if p == utf8Page {
		return string(raw), utf8.Valid(raw)
	}
	table := charmap.CodePage437
	if p == page1252 {
		table = charmap.Windows1252
	}
	runes := make([]rune, len(raw))
	for i, b := range raw {
		runes[i] = table.DecodeByte(b)
		if runes[i] == utf8.RuneError {
			return "", false
		}
	}
	return string(runes), true
}
