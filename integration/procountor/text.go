package procountor

import (
	"strings"
	"unicode"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// plain writes a text in the characters that Procountor takes, those of
// Windows-1252: letters lose the marks that it does not know, anything else
// becomes a question mark. changed tells whether a letter was replaced; blanks
// and control characters do not count.
func plain(s string) (text string, changed bool) {
	var b strings.Builder
	for _, r := range norm.NFC.String(s) {
		switch {
		case unicode.IsControl(r) || unicode.IsSpace(r):
			b.WriteByte(' ')
		case known(r):
			b.WriteRune(r)
		default:
			b.WriteString(replacement(r))
			changed = true
		}
	}
	return strings.Join(strings.Fields(b.String()), " "), changed
}

// known tells whether Windows-1252 has the character.
func known(r rune) bool {
	_, ok := charmap.Windows1252.EncodeRune(r)
	return ok && r != unicode.ReplacementChar
}

// replacement is the nearest that Windows-1252 has.
func replacement(r rune) string {
	switch r {
	case 'ł':
		return "l"
	case 'Ł':
		return "L"
	case 'đ':
		return "d"
	case 'Đ':
		return "D"
	case 'ı':
		return "i"
	case 'ẞ':
		return "SS"
	case '−', '‐', '‑', '‒':
		return "-"
	}
	var b strings.Builder
	for _, part := range norm.NFKD.String(string(r)) {
		if known(part) && !unicode.Is(unicode.Mn, part) {
			b.WriteRune(part)
		}
	}
	if b.Len() == 0 {
		return "?"
	}
	return b.String()
}

// cut shortens a text to a number of characters.
func cut(s string, length int) string {
	if runes := []rune(s); len(runes) > length {
		return strings.TrimSpace(string(runes[:length]))
	}
	return s
}
