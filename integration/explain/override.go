package explain

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"loonbrug/data/model"
)

// OwnFile is the name of the office's own explanations in its data folder.
const OwnFile = "problems.json"

// largestOwn is more than anybody writes, in bytes.
const largestOwn = 1 << 20

// Open reads the built-in catalogue of a folder and lays the office's own file
// over it, which may be missing. A fault in the file leaves it out whole; the
// problem then says where it is, and the catalogue is the built-in one. The
// error is about the built-in catalogue.
func Open(folder fs.FS, own string) (*Catalogue, *model.Problem, error) {
	c, err := New(folder)
	if err != nil {
		return nil, nil, err
	}
	data, err := readOwn(own)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil, nil
	}
	with := c
	if err == nil {
		with, err = c.With(data)
	}
	if err != nil {
		return c, badFile(own, err), nil
	}
	return with, nil, nil
}

func readOwn(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, largestOwn+1))
	if err == nil && len(data) > largestOwn {
		err = fmt.Errorf("larger than %d bytes", largestOwn)
	}
	return data, err
}

// fault is what is wrong in the office's own file: at a line, where it is no
// JSON of the right shape, or in an entry, named by language and code.
type fault struct {
	line  int
	entry string
	err   error
}

func (f fault) Error() string {
	if f.entry != "" {
		return f.entry + ": " + f.err.Error()
	}
	return fmt.Sprintf("line %d: %v", f.line, f.err)
}

func (f fault) Unwrap() error { return f.err }

func badFile(path string, err error) *model.Problem {
	line, entry := "", ""
	var f fault
	if errors.As(err, &f) {
		entry = f.entry
		if f.line > 0 {
			line = strconv.Itoa(f.line)
		}
	}
	return model.NewProblem("explain.bad_file", "path", path, "line", line, "entry", entry, "detail", err.Error()).Because(err)
}

// With gives a catalogue in which explanations from a file take the place of the
// built-in ones, or are added to them: an object of languages, each as a file of
// the catalogue is, with nothing but problems. Not every language must be there.
// All faults come back at once.
//
// A text may need only the parameters that the built-in one needs, and must say
// the same of what was booked, or nothing: the program gives no others, and only
// the program knows that.
func (c *Catalogue) With(data []byte) (*Catalogue, error) {
	file, err := parseOwn(data)
	if err != nil {
		return nil, err
	}
	with := &Catalogue{books: maps.Clone(c.books)}
	var faults []error
	for _, lang := range slices.Sorted(maps.Keys(file)) {
		b, ok := with.books[lang]
		if !ok {
			faults = append(faults, fault{entry: lang, err: fmt.Errorf("not one of the languages %s", strings.Join(Languages(), ", "))})
			continue
		}
		changed := *b
		changed.problems = maps.Clone(b.problems)
		for _, code := range slices.Sorted(maps.Keys(file[lang].Problems)) {
			e, err := c.own(lang, code, file[lang].Problems[code])
			if err != nil {
				faults = append(faults, fault{entry: lang + ", " + code, err: err})
			}
			changed.problems[code] = e
		}
		with.books[lang] = &changed
	}
	faults = append(faults, with.disagree(c)...)
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return with, nil
}

// ownBook is one language of the office's own file.
type ownBook struct {
	Problems map[string]pageFile `json:"problems"`
}

func parseOwn(data []byte) (map[string]ownBook, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // some editors put it there
	var file map[string]ownBook
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(&file)
	at := d.InputOffset()
	var wrong *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong):
		at = wrong.Offset
	case errors.As(err, &kind):
		at = kind.Offset
	case err == nil:
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err, at = errors.New("something follows the end"), d.InputOffset()
		}
	}
	if err != nil {
		return nil, fault{line: 1 + bytes.Count(data[:min(max(0, int(at)), len(data))], []byte("\n")), err: err}
	}
	return file, nil
}

// own checks one explanation of the office's own.
func (c *Catalogue) own(lang, code string, page pageFile) (explanation, error) {
	builtIn, known := c.books[lang].problems[code]
	if known && page.Booked == "" {
		page.Booked = builtIn.booked
	}
	e, err := page.parse(lang, c.books[lang].booked)
	switch {
	case err != nil:
		return e, err
	case !known:
		return e, nil
	case e.booked != builtIn.booked:
		return e, fmt.Errorf("says %q about what was booked, not %q", e.booked, builtIn.booked)
	}
	for _, name := range e.needs() {
		if name != "code" && !slices.Contains(builtIn.needs(), name) {
			return e, fmt.Errorf("uses {{.%s}}, which may be missing; write {{with .%s}}{{.}}{{end}}", name, name)
		}
	}
	return e, nil
}

// disagree finds added codes of which two languages say other things about what
// was booked.
func (c *Catalogue) disagree(builtIn *Catalogue) (faults []error) {
	booked := make(map[string]string)
	for _, lang := range Languages() {
		for _, code := range slices.Sorted(maps.Keys(c.books[lang].problems)) {
			if _, known := builtIn.books[lang].problems[code]; known {
				continue
			}
			e := c.books[lang].problems[code]
			before, seen := booked[code]
			if seen && before != e.booked {
				faults = append(faults, fault{entry: lang + ", " + code, err: errors.New("another language says other things about what was booked")})
			}
			booked[code] = e.booked
		}
	}
	return faults
}
