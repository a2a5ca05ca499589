package guide_test

import (
	"encoding/json"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"loonbrug/resources"
	"loonbrug/ui/guide"
	"loonbrug/ui/i18n"
)

func text(t *testing.T, language, page string) string {
	t.Helper()
	data, err := fs.ReadFile(resources.Guide(), path.Join(language, page+".md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// shape is what a page must have in common in all languages: the levels of its
// headings, its steps and points, its pictures, its links, its typed words, and
// what it quotes of the screens.
func shape(text string) (all []string) {
	parts := regexp.MustCompile("(?m)^#+ |^[0-9]+\\. |^- |!\\[[^]]*\\]\\([^)]*\\)|\\[[^]]*\\]\\([^)]*\\)|`[^`]*`")
	inside := regexp.MustCompile(`\[[^]]*\]`)
	for _, p := range parts.FindAllString(text, -1) {
		all = append(all, inside.ReplaceAllString(p, "[]"))
	}
	quoted := regexp.MustCompile(`\{\{[^}]*\}\}`).FindAllString(text, -1)
	slices.Sort(quoted) // a language has its own order of words
	return append(all, quoted...)
}

func TestPages_TheSameInAllLanguages(t *testing.T) {
	for _, l := range i18n.Languages() {
		files, err := fs.Glob(resources.Guide(), l.Code+"/*")
		if err != nil || len(files) != len(guide.Pages()) {
			t.Errorf("%s has %d files, not %d: %v", l.Code, len(files), len(guide.Pages()), err)
		}
		for _, page := range guide.Pages() {
			got, want := shape(text(t, l.Code, page)), shape(text(t, "en", page))
			if !slices.Equal(got, want) {
				t.Errorf("%s of %s:\n got %q\nwant %q", page, l.Code, got, want)
			}
			if n := strings.Count("\n"+text(t, l.Code, page), "\n# "); n != 1 || !strings.HasPrefix(text(t, l.Code, page), "# ") {
				t.Errorf("%s of %s has %d titles", page, l.Code, n)
			}
		}
	}
}

// TestPages_LinksAndPictures: each leads to something that is there.
func TestPages_LinksAndPictures(t *testing.T) {
	link := regexp.MustCompile(`(!?)\[[^]]*\]\(([^)]*)\)`)
	pictures := 0
	for _, l := range i18n.Languages() {
		for _, page := range guide.Pages() {
			for _, m := range link.FindAllStringSubmatch(text(t, l.Code, page), -1) {
				if m[1] == "" && !slices.Contains(guide.Pages(), strings.TrimSuffix(m[2], ".md")) {
					t.Errorf("%s of %s leads to %s", page, l.Code, m[2])
				}
				if m[1] == "!" {
					pictures++
					if _, err := fs.Stat(resources.Guide(), path.Join(l.Code, m[2])); err != nil {
						t.Errorf("%s of %s: %v", page, l.Code, err)
					}
				}
			}
		}
	}
	if pictures < 20 {
		t.Errorf("only %d pictures", pictures)
	}
}

// TestPages_QuoteTheScreens: what stands in bold is the name of something on the
// screen, and is quoted by its key and never typed; every key is there and takes
// no parameter.
func TestPages_QuoteTheScreens(t *testing.T) {
	bold := regexp.MustCompile(`\*\*(.+?)\*\*`)
	quote := regexp.MustCompile(`^\{\{[a-z0-9_.]+\}\}$`)
	key := regexp.MustCompile(`\{\{([^}]*)\}\}`)
	quotes := 0
	for _, l := range i18n.Languages() {
		data, err := fs.ReadFile(resources.Translations(), l.Code+".json")
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]any
		if err := json.Unmarshal(data, &texts); err != nil {
			t.Fatal(err)
		}
		for _, page := range guide.Pages() {
			for _, m := range bold.FindAllStringSubmatch(text(t, l.Code, page), -1) {
				if !quote.MatchString(m[1]) {
					t.Errorf("%s of %s types %q", page, l.Code, m[1])
				}
			}
			for _, m := range key.FindAllStringSubmatch(text(t, l.Code, page), -1) {
				quotes++
				if shown, ok := texts[m[1]].(string); !ok || strings.Contains(shown, "{{") {
					t.Errorf("%s of %s quotes %s, which is %v", page, l.Code, m[1], texts[m[1]])
				}
			}
		}
	}
	if quotes < 300 {
		t.Errorf("only %d quotes", quotes)
	}
}
