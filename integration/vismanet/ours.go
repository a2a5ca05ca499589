package vismanet

import (
	"context"
	"net/url"
	"strings"

	"loonbrug/data/journal"
	"loonbrug/integration/target"
)

// ahead is how long before its posting date a batch may have been made.
const ahead = 92

// Ours implements [target.Lister]. A batch with a posting date from a day on was
// changed last at most so long before it as payroll is booked in advance; the
// API has no filter of its own by posting date.
func (t *Target) Ours(ctx context.Context, a target.Access, administration string, from, _ journal.Date) ([]target.Booked, error) {
	s, err := t.open(ctx, a, administration)
	if err != nil {
		return nil, err
	}
	since := from.Time().AddDate(0, 0, -ahead).Format("2006-01-02T15:04:05")
	list, err := s.list(ctx, url.Values{"lastModifiedDateTime": {since}})
	if err != nil {
		return nil, err
	}
	var found []target.Booked
	for i := range list {
		key := keyOf(list[i].Description)
		if key == "" || list[i].Status == statusVoided {
			continue
		}
		booked, err := list[i].booked()
		if err != nil {
			return nil, err
		}
		booked.Key = key
		found = append(found, booked)
	}
	return found, nil
}

// keyOf is the key that a batch's description carries in brackets; empty where
// it carries none.
func keyOf(description string) string {
	for rest := description; ; {
		_, after, ok := strings.Cut(rest, "[")
		if !ok {
			return ""
		}
		if inside, _, ok := strings.Cut(after, "]"); ok && target.IsKey(inside) {
			return inside
		}
		rest = after
	}
}
