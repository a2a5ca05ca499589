package widgets

import "loonbrug/data/journal"

// DateEntry is a text field for a day. How a day is written and read is up to
// its owner, who knows the language.
type DateEntry struct {
	*Entry
	read func(string) (journal.Date, bool)
}

// NewDateEntry makes a field that is empty; example is a day as it is written.
func NewDateEntry(example string, read func(string) (journal.Date, bool), changed func()) *DateEntry {
	e := &DateEntry{Entry: NewEntry(), read: read}
	e.SetPlaceHolder(example)
	e.OnChanged = func(string) { changed() }
	return e
}

// Date is the day that stands there; ok is false for what is no day. An empty
// field is no day and no mistake: a zero date that is ok.
func (e *DateEntry) Date() (d journal.Date, ok bool) {
	if e.Text == "" {
		return journal.Date{}, true
	}
	return e.read(e.Text)
}
