package cash

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// Ours implements [target.Lister] by the export of transactions. Which periods
// the days lie in depends on a mapping's book year, so that whole years are
// asked for, with those around them.
func (t *Target) Ours(ctx context.Context, a target.Access, administration string, from, to journal.Date) ([]target.Booked, error) {
	l, err := t.open(ctx, a)
	if err != nil {
		return nil, err
	}
	period := func(year, number int) string { return fmt.Sprintf("%02d%02d", year%100, number) }
	rows, err := l.export(ctx, administration, "301T", period(from.Year-1, 1)+"|"+period(to.Year+1, weeks))
	if err != nil {
		return nil, err
	}
	list, err := ownBookings(rows)
	if err != nil {
		return nil, model.NewProblem("cash.unreadable_answer", "status", fmt.Sprint(http.StatusOK), "type", "301").Again().Because(err)
	}
	return list, nil
}

// ownBookings gathers the documents with a key of ours. Where documents of two
// book years have one number, each keeps the lines with its own key.
func ownBookings(rows []row) ([]target.Booked, error) {
	type place struct{ daybook, document, year string }
	under := make(map[place][]row)
	var order []place
	for i, r := range rows {
		date, err := readDate(r.get(fDate))
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", i+1, err)
		}
		at := place{r.get(fDaybook), padDocument(r.get(fDocument)), fmt.Sprint(date.Year)}
		if under[at] == nil {
			order = append(order, at)
		}
		under[at] = append(under[at], r)
	}
	var found []target.Booked
	for _, at := range order {
		keys := ownKeys(under[at])
		for _, key := range keys {
			own := under[at]
			if len(keys) > 1 {
				own = slices.DeleteFunc(slices.Clone(own), func(r row) bool { return r.get(fKey) != key })
			}
			list, err := readBookings(own, otherFields(own), calendarOf(nil))
			if err != nil {
				return nil, err
			}
			for _, b := range list {
				booked := b.booked()
				booked.Key = key
				found = append(found, booked)
			}
		}
	}
	return found, nil
}

// ownKeys are the keys of ours in records, each once.
func ownKeys(rows []row) (keys []string) {
	for _, r := range rows {
		if key := r.get(fKey); target.IsKey(key) && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// otherFields are the numbers of the fields that may carry a dimension: which of
// them a mapping chose for cost units is not known here.
func otherFields(rows []row) (fields []string) {
	known := []string{fPeriod, fDate, fDocument, fText, fAmount, fLedger, fKey, fDaybook}
	for _, r := range rows {
		for name := range r {
			field, ok := strings.CutPrefix(name, "F")
			if ok && !slices.Contains(known, name) && !slices.Contains(fields, field) {
				fields = append(fields, field)
			}
		}
	}
	slices.Sort(fields)
	return fields
}
