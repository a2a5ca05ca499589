package procountor

import (
	"context"
	"slices"
	"strings"

	"loonbrug/data/journal"
	"loonbrug/integration/target"
)

// Ours implements [target.Lister]: the journal receipts between two days whose
// name has a key as a word. The list has no rows, so each is read.
func (t *Target) Ours(ctx context.Context, a target.Access, administration string, from, to journal.Date) ([]target.Booked, error) {
	s, err := t.open(ctx, a, administration)
	if err != nil {
		return nil, err
	}
	// A bookkeeper may have moved a receipt to another day.
	hits, err := s.search(ctx, from.Time().AddDate(0, 0, -searchDays), to.Time().AddDate(0, 0, searchDays),
		func(name string) bool { return keyOf(name) != "" })
	if err != nil {
		return nil, err
	}
	var found []target.Booked
	for _, h := range hits {
		r, err := s.receipt(ctx, h.ID.String())
		if err != nil {
			return nil, err
		}
		if r == nil || void(r.Status) {
			continue
		}
		booked := r.booked()
		booked.Key = keyOf(h.Name)
		found = append(found, booked)
	}
	return found, nil
}

// keyOf is the first word of a name that is a key; empty where none is.
func keyOf(name string) string {
	words := strings.Fields(name)
	if i := slices.IndexFunc(words, target.IsKey); i >= 0 {
		return words[i]
	}
	return ""
}
