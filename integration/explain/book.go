package explain

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// book is the catalogue in one language.
type book struct {
	lang     string
	booked   map[string]string
	unknown  explanation
	problems map[string]explanation
}

// explanation is one problem in one language.
type explanation struct {
	message, cause, solution text
	booked                   string
}

func (e explanation) texts() []text { return []text{e.message, e.cause, e.solution} }

// params are the names all its texts together use, sorted.
func (e explanation) params() []string {
	return union(e.texts(), func(t text) []string { return t.params })
}

// needs are those among them that leave a hole where they are missing.
func (e explanation) needs() []string {
	return union(e.texts(), func(t text) []string { return t.needs })
}

func union(texts []text, of func(text) []string) []string {
	var names []string
	for _, t := range texts {
		names = append(names, of(t)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// bookFile is the shape of a file of the catalogue. Booked of a problem names
// one of the sentences of booked; empty means that it depends.
type bookFile struct {
	Booked   map[string]string   `json:"booked"`
	Unknown  pageFile            `json:"unknown"`
	Problems map[string]pageFile `json:"problems"`
}

type pageFile struct {
	Message  string `json:"message"`
	Cause    string `json:"cause"`
	Solution string `json:"solution"`
	Booked   string `json:"booked,omitempty"`
}

// New reads the catalogue from the files <language>.json of a folder. It refuses
// a catalogue in which a language lacks a code, uses other parameters than
// English does, leaves a text empty, or says another thing about what was
// booked; all faults come back at once.
func New(folder fs.FS) (*Catalogue, error) {
	c := &Catalogue{books: make(map[string]*book)}
	var faults []error
	for _, lang := range Languages() {
		b, err := readBook(folder, lang)
		if err != nil {
			faults = append(faults, fmt.Errorf("explanations in %s: %w", lang, err))
			continue
		}
		c.books[lang] = b
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	first := c.books[Languages()[0]]
	for _, lang := range Languages()[1:] {
		if err := c.books[lang].agrees(first); err != nil {
			faults = append(faults, fmt.Errorf("explanations in %s: %w", lang, err))
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return c, nil
}

func readBook(folder fs.FS, lang string) (*book, error) {
	file, err := folder.Open(lang + ".json")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	d := json.NewDecoder(file)
	d.DisallowUnknownFields()
	var f bookFile
	if err := d.Decode(&f); err != nil {
		return nil, err
	}
	b := &book{lang: lang, booked: f.Booked, problems: make(map[string]explanation, len(f.Problems))}
	var faults []error
	if b.unknown, err = f.Unknown.parse(lang, f.Booked); err != nil {
		faults = append(faults, fmt.Errorf("unknown: %w", err))
	}
	for code, page := range f.Problems {
		if b.problems[code], err = page.parse(lang, f.Booked); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", code, err))
		}
	}
	return b, errors.Join(faults...)
}

func (p pageFile) parse(lang string, booked map[string]string) (e explanation, err error) {
	if p.Booked != "" && strings.TrimSpace(booked[p.Booked]) == "" {
		return e, fmt.Errorf("no sentence about booked %q", p.Booked)
	}
	e.booked = p.Booked
	for _, part := range []struct {
		of   string
		into *text
	}{{p.Message, &e.message}, {p.Cause, &e.cause}, {p.Solution, &e.solution}} {
		if strings.TrimSpace(part.of) == "" {
			return e, errors.New("a text is empty")
		}
		if *part.into, err = parseText(lang, part.of); err != nil {
			return e, err
		}
	}
	return e, nil
}

// agrees proves that two languages explain the same things with the same means.
func (b *book) agrees(other *book) error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	for _, code := range slices.Sorted(maps.Keys(other.problems)) {
		theirs := other.problems[code]
		ours, ok := b.problems[code]
		switch {
		case !ok:
			fault("%s is missing", code)
		case !slices.Equal(ours.params(), theirs.params()):
			fault("%s uses %v, not %v", code, ours.params(), theirs.params())
		case ours.booked != theirs.booked:
			fault("%s says %q about what was booked, not %q", code, ours.booked, theirs.booked)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(b.problems)) {
		if _, ok := other.problems[code]; !ok {
			fault("%s is in no other language", code)
		}
	}
	if !slices.Equal(slices.Sorted(maps.Keys(b.booked)), slices.Sorted(maps.Keys(other.booked))) {
		fault("the sentences about what was booked differ")
	}
	return errors.Join(faults...)
}
