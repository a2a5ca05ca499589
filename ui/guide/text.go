package guide

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"loonbrug/resources"
	"loonbrug/ui/i18n"
)

// Pages are the ids of the pages in their order, as the folder of the guide lists
// them. The page errors is made of the catalogue of explanations below the text in
// its file.
func Pages() []string {
	list, err := fs.ReadFile(resources.Guide(), "pages.txt")
	if err != nil {
		panic(err) // it is part of the program
	}
	return strings.Fields(string(list))
}

// The pages that the guide treats in a way of their own: the one that explains
// problems, and the one for a system without a page.
const (
	errorsPage   = "errors"
	accountsPage = "accounts"
)

// placeholder is where a text of the screens stands in a page, by its key, so that
// the guide always says what the program shows.
var placeholder = regexp.MustCompile(`\{\{([a-z0-9_.]+)\}\}`)

// quotation is a text of the screens in a page, by its key.
type quotation struct{ Quoted string }

// page is a page in one language, with the texts of the screens in it.
type page struct {
	id, title, text string
}

// read gives a page in the language of the program.
func read(id string) (page, error) {
	raw, err := fs.ReadFile(resources.Guide(), i18n.Language()+"/"+id+".md")
	if err != nil {
		return page{}, fmt.Errorf("guide: %w", err)
	}
	text := placeholder.ReplaceAllStringFunc(string(raw), func(found string) string {
		q := quotation{placeholder.FindStringSubmatch(found)[1]}
		return i18n.T(q.Quoted)
	})
	first, _, _ := strings.Cut(text, "\n")
	return page{id, strings.TrimPrefix(first, "# "), text}, nil
}

// has tells whether a page holds all words of a search.
func (p page) has(search string) bool {
	text := strings.ToLower(p.text)
	for _, word := range strings.Fields(strings.ToLower(search)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// block is a stretch of text, or a picture.
type block struct {
	text    string
	picture string // file name
	caption string
}

var picture = regexp.MustCompile(`^!\[([^\]]*)\]\(\.\./([a-z0-9-]+\.png)\)$`)

// blocks are a page, taken apart at its pictures, which stand on lines of their
// own.
func (p page) blocks() []block {
	var all []block
	var text []string
	flush := func() {
		if words := strings.TrimSpace(strings.Join(text, "\n")); words != "" {
			all = append(all, block{text: words})
		}
		text = nil
	}
	for _, line := range strings.Split(p.text, "\n") {
		if m := picture.FindStringSubmatch(line); m != nil {
			flush()
			all = append(all, block{picture: m[2], caption: m[1]})
			continue
		}
		text = append(text, line)
	}
	flush()
	return all
}
