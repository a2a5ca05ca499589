package i18n

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"text/template"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"loonbrug/data/journal"
	"loonbrug/resources"
)

// catalogue is one language: its texts and its ways of writing. It does not
// change after it was loaded.
type catalogue struct {
	code      string
	texts     map[string]*template.Template
	collators *sync.Pool // a collator serves one goroutine at a time
	style     journal.Style
}

func load(code string) (*catalogue, error) {
	if !slices.ContainsFunc(Languages(), func(l Lang) bool { return l.Code == code }) {
		return nil, fmt.Errorf("language %q is not known", code)
	}
	data, err := fs.ReadFile(resources.Translations(), code+".json")
	if err != nil {
		return nil, fmt.Errorf("language %s: %w", code, err)
	}
	texts, err := read(data)
	if err != nil {
		return nil, fmt.Errorf("language %s: %w", code, err)
	}
	tag := language.Make(code)
	return &catalogue{
		code:      code,
		texts:     texts,
		collators: &sync.Pool{New: func() any { return collate.New(tag, collate.Numeric) }},
		style:     journal.StyleOf(code),
	}, nil
}

// text finds the text of a key here, then in English, and fills it. The text
// for one thing gives way to the general one.
func (c *catalogue) text(key string, data map[string]string) string {
	general := strings.TrimSuffix(key, singular)
	for _, texts := range []map[string]*template.Template{c.texts, english().texts} {
		for _, k := range []string{key, general} {
			t, ok := texts[k]
			if !ok {
				continue
			}
			var b strings.Builder
			if err := t.Execute(&b, data); err == nil {
				return b.String()
			}
		}
	}
	return words(general)
}

// words makes the best of a key that has no text anywhere: "export.send_all"
// becomes "Send all".
func words(key string) string {
	last := key[strings.LastIndexByte(key, '.')+1:]
	last = strings.ReplaceAll(last, "_", " ")
	if last == "" {
		return last
	}
	return strings.ToUpper(last[:1]) + last[1:]
}

func (c *catalogue) compare(a, b string) int {
	collator := c.collators.Get().(*collate.Collator)
	defer c.collators.Put(collator)
	return collator.CompareString(a, b)
}
