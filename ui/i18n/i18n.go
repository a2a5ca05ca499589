// Package i18n gives the texts of the screens in the language of the office,
// and writes amounts, dates and times the way that language does.
//
// Most callers need [T] for a sentence, [Tn] for one with a number in it, and
// the Format functions. [SetLanguage] may be called while the program runs;
// screens that are already drawn keep their words until they are built again.
//
// The texts are resources/i18n, one JSON file a language, by dotted keys. They
// are kept here rather than looked up in Fyne's own catalogue for three
// reasons: Fyne's takes its plural rule from the operating system's language
// instead of the one chosen, it logs and leaves a hole where a text is missing,
// and it may not be read from one goroutine while another changes it. The file
// is still registered with Fyne, so that Fyne's own words (OK, Cancel, the
// names of the days) follow the language too.
//
// A text that a language lacks appears in English; a key that even English
// lacks appears as words. A test keeps both from happening.
//
// The language is state of the process, as it is in Fyne. It is the only state
// that a package of this program holds.
package i18n

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"
	"text/template"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"golang.org/x/text/language"

	"loonbrug/resources"
)

// English is the language that fills gaps, and the one spoken before the first
// call of [SetLanguage].
const English = "en"

// Lang is a language of the program. Name is in the language itself.
type Lang struct {
	Code string
	Name string
}

// Languages are the languages of the program in the order in which a person
// chooses.
func Languages() []Lang {
	return []Lang{{"nl", "Nederlands"}, {English, "English"}, {"sv", "Svenska"}, {"fi", "Suomi"}}
}

// Preferred is the language to propose at the first start to somebody whose
// system has these locales, the dearest first: "sv-FI", "nl_NL.UTF-8". It is
// English for all that none of our languages is near to.
func Preferred(locales []string) string {
	all := Languages()
	supported := []language.Tag{language.English} // the first is the fallback
	for _, l := range all {
		supported = append(supported, language.Make(l.Code))
	}
	var wanted []language.Tag
	for _, locale := range locales {
		locale, _, _ = strings.Cut(locale, ".")
		if tag, err := language.Parse(locale); err == nil {
			wanted = append(wanted, tag)
		}
	}
	_, i, confidence := language.NewMatcher(supported).Match(wanted...)
	if confidence < language.High || i == 0 {
		return English
	}
	return all[i-1].Code
}

// Language is the code of the language spoken now.
func Language() string { return speaking().code }

// SetLanguage changes the language. A code that is none of [Languages] is an
// error and changes nothing. Call it on the goroutine of the screens: Fyne's
// own words change with it.
func SetLanguage(code string) error {
	c, err := load(code)
	if err != nil {
		return err
	}
	data, err := fs.ReadFile(resources.Translations(), code+".json")
	if err != nil {
		return fmt.Errorf("language %s: %w", code, err)
	}
	// Fyne follows the operating system and nothing else, so the chosen file
	// goes in under the name of the system's locale.
	locale := lang.SystemLocale()
	if err := lang.AddTranslationsForLocale(data, fyne.Locale(locale.LanguageString())); err != nil {
		return fmt.Errorf("language %s: %w", code, err)
	}
	current.Store(c)
	return nil
}

// T is the text of a key. Pairs of name and value fill its {{.name}}; amounts,
// dates, periods and times are written in the form of the language.
func T(key string, pairs ...any) string { return speaking().text(key, params(pairs)) }

// Tn is the text of a key for n things; {{.n}} in it is n.
func Tn(key string, n int, pairs ...any) string {
	p := params(pairs)
	p["n"] = fmt.Sprint(n)
	if n == 1 || n == -1 {
		return speaking().text(key+singular, p)
	}
	return speaking().text(key, p)
}

// Has tells whether there is a text for the key, so that a help text may be
// absent.
func Has(key string) bool {
	_, ok := speaking().texts[key]
	return ok
}

// Compare orders two names as the language does: å, ä and ö come last in
// Swedish and Finnish, and "Winkel 2" comes before "Winkel 10".
func Compare(a, b string) int { return speaking().compare(a, b) }

// singular is added to a key for the text of exactly one thing. The plain key
// holds the text of all other numbers. Our four languages need no more.
const singular = "\x00one"

var (
	current atomic.Pointer[catalogue]
	english = sync.OnceValue(func() *catalogue {
		c, err := load(English)
		if err != nil {
			// The file is part of the program and a test reads it.
			panic(err)
		}
		return c
	})
)

func speaking() *catalogue {
	if c := current.Load(); c != nil {
		return c
	}
	return english()
}

// params makes the data of a template. Values become text here, so that a name
// that is missing leaves a gap instead of template noise.
func params(pairs []any) map[string]string {
	if len(pairs)%2 != 0 {
		panic("i18n: pairs of name and value needed")
	}
	data := make(map[string]string, len(pairs)/2+1)
	for i := 0; i < len(pairs); i += 2 {
		data[pairs[i].(string)] = plain(pairs[i+1])
	}
	return data
}

// message is one text of a translation file: a string, or an object with
// "one" and "other".
type message struct{ one, other string }

func (m *message) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &m.other)
	}
	var forms struct{ One, Other string }
	if err := json.Unmarshal(data, &forms); err != nil {
		return err
	}
	*m = message{one: forms.One, other: forms.Other}
	return nil
}

// read parses a translation file into templates by key.
func read(data []byte) (map[string]*template.Template, error) {
	var messages map[string]message
	if err := json.Unmarshal(data, &messages); err != nil {
		return nil, err
	}
	texts := make(map[string]*template.Template, len(messages))
	for key, m := range messages {
		for name, text := range map[string]string{key: m.other, key + singular: m.one} {
			if text == "" {
				continue
			}
			t, err := template.New(key).Option("missingkey=zero").Parse(text)
			if err != nil {
				return nil, fmt.Errorf("text %s: %w", key, err)
			}
			texts[name] = t
		}
	}
	return texts, nil
}
