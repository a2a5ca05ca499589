// Package explain turns a problem into a page for people: what went wrong, why,
// what to do, and what was or was not booked, in the language of the office.
//
// [New] reads the catalogue and refuses one that is not whole; [Catalogue.Page]
// gives the page of a problem. A code that the catalogue does not know still
// gives a useful page, with the target's own words.
//
// An office may put a file problems.json ([OwnFile]) into its data folder that
// explains codes in its own words, or codes that are new, without a new release
// of the program. It has the shape of the catalogue's files, below the language:
//
//	{"nl": {"problems": {"cash.pending": {
//		"message": "…", "cause": "…", "solution": "…"}}}}
//
// [Open] reads it at the start, checks it like the catalogue itself, and goes on
// without it when there is a fault in it.
//
// The package holds no sentence itself: the texts are files in resources/explain,
// one a language, checked like code. It decides nothing either; what a button
// does is the problem's own action.
package explain

import (
	"maps"
	"slices"
	"strings"

	"loonbrug/data/model"
)

// Languages are the languages of the catalogue. The first one stands in for a
// language that is none of them.
func Languages() []string { return []string{"en", "nl", "sv", "fi"} }

// Page is the explanation of one problem. Cause, Solution, Booked and Detail
// may be empty.
type Page struct {
	Message  string // what went wrong, in one sentence
	Cause    string // why
	Solution string // what to do about it
	Booked   string // what is and is not in the books, where that is certain
	Detail   string // the target's own words and its number of the request, to be selected and copied

	Action model.Action // what the button beside the page does
	Code   string       // for support
}

// Catalogue holds the explanations in all languages. It does not change and may
// be used by many goroutines.
type Catalogue struct {
	books map[string]*book
}

// Page explains a problem in a language. Nil gives an empty page.
func (c *Catalogue) Page(lang string, p *model.Problem) Page {
	if p == nil {
		return Page{}
	}
	b, ok := c.books[lang]
	if !ok {
		b = c.books[Languages()[0]]
	}
	e, ok := b.problems[p.Code]
	if !ok {
		e = b.unknown
	}
	params := values(p)
	return Page{
		Message:  e.message.fill(params),
		Cause:    e.cause.fill(params),
		Solution: e.solution.fill(params),
		Booked:   b.booked[e.booked],
		Detail:   ownWords(params),
		Action:   p.Action,
		Code:     p.Code,
	}
}

// Pages are the explanations of all codes in a language, by code, with gaps where
// a problem has its parameters.
func (c *Catalogue) Pages(lang string) []Page {
	var all []Page
	for _, code := range slices.Sorted(maps.Keys(c.Codes())) {
		p := new(model.Problem)
		p.Code = code
		all = append(all, c.Page(lang, p))
	}
	return all
}

// ownWords are what the target said itself, and under which number its support
// finds the request.
func ownWords(params map[string]string) string {
	var words []string
	for _, name := range []string{"detail", "message", "request"} {
		if s := params[name]; s != "" {
			words = append(words, s)
		}
	}
	return strings.Join(words, "\n")
}

// Codes are the codes that the catalogue explains, with the parameters their
// texts cannot do without, in no particular order.
func (c *Catalogue) Codes() map[string][]string {
	codes := make(map[string][]string)
	for code, e := range c.books[Languages()[0]].problems {
		codes[code] = e.needs()
	}
	return codes
}
