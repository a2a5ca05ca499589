package target

import (
	"strings"

	"loonbrug/data/model"
)

// keyPrefix begins every key; keyDigits characters of base32 follow it.
const (
	keyPrefix = "LB"
	keyDigits = 10
)

// IsKey tells whether a text has the form of a key of this program.
func IsKey(s string) bool {
	digits, ok := strings.CutPrefix(s, keyPrefix)
	return ok && len(digits) == keyDigits && strings.Trim(digits, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}

// Rekey writes an entry's texts, which hold its key, for another key.
func Rekey(e model.Entry, key string) model.Entry {
	old := e.Key
	e.Key = key
	if old == "" {
		return e
	}
	e.Description = strings.ReplaceAll(e.Description, old, key)
	lines := make([]model.EntryLine, len(e.Lines))
	for i, l := range e.Lines {
		l.Text = strings.ReplaceAll(l.Text, old, key)
		lines[i] = l
	}
	e.Lines = lines
	return e
}
