package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"loonbrug/integration/target"
	"loonbrug/resources"
	"loonbrug/ui/i18n"
)

// wanted are the keys of the texts that the screens make out of a description.
// A help text may be absent; then it is in optional.
func wanted(d target.Description) (needed, optional []string) {
	for _, f := range slices.Concat(d.AccountFields, d.MappingFields) {
		key := "field." + d.ID + "." + f.ID
		needed = append(needed, key)
		optional = append(optional, key+".help")
		for _, choice := range f.Choices {
			needed = append(needed, key+"."+choice)
		}
	}
	for _, key := range []string{d.AccountNote, d.NoDownload, d.CostCentre.Label, d.CostUnit.Label} {
		if key != "" {
			needed = append(needed, key)
		}
	}
	return needed, optional
}

// Every field, choice and note of every target and payroll system has its text in every language,
// and no text is left over from a field that is gone.
func TestTexts_OfAllTargets(t *testing.T) {
	used := make(map[string]bool)
	var partners []target.Description
	for _, t := range wire(addresses{}, time.Second, time.Now, slog.New(slog.DiscardHandler)) {
		partners = append(partners, t.Describe())
	}
	for _, s := range wirePayroll(addresses{}, time.Second, slog.New(slog.DiscardHandler)) {
		partners = append(partners, s.Describe())
	}
	for _, l := range i18n.Languages() {
		data, err := fs.ReadFile(resources.Translations(), l.Code+".json")
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]json.RawMessage
		if err := json.Unmarshal(data, &texts); err != nil {
			t.Fatal(err)
		}
		for _, d := range partners {
			needed, optional := wanted(d)
			for _, key := range slices.Concat(needed, optional) {
				used[key] = true
			}
			for _, key := range needed {
				if _, ok := texts[key]; !ok {
					t.Errorf("%s.json lacks %s", l.Code, key)
				}
			}
		}
		for _, key := range slices.Sorted(maps.Keys(texts)) {
			ofTarget := strings.HasPrefix(key, "field.") || strings.HasPrefix(key, "target.")
			if ofTarget && !used[key] {
				t.Errorf("%s.json: no target has %s", l.Code, key)
			}
		}
	}
}

// Every target has its logo in all looks, and the card of the colour it names.
func TestLogos_OfAllTargets(t *testing.T) {
	for _, target := range wire(addresses{}, time.Second, time.Now, slog.New(slog.DiscardHandler)) {
		d := target.Describe()
		for _, look := range []string{resources.LookColour, resources.LookGrey, resources.LookSent} {
			name, svg, err := resources.Logo(d.Logo, look)
			if err != nil {
				t.Errorf("%s: %v", d.ID, err)
			}
			if look == resources.LookColour && !bytes.Contains(svg, []byte(d.Colour)) {
				t.Errorf("%s has no card in %s", name, d.Colour)
			}
		}
	}
}
