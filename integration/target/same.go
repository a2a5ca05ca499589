package target

import (
	"cmp"
	"slices"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// Same tells whether lines at a target are exactly those that were sent: every
// line once, with its ledger account, its amount to the cent, and every
// dimension that was sent. Texts may have been shortened and dimensions may have
// been added there.
func Same(sent, found []model.EntryLine) bool {
	if len(sent) != len(found) {
		return false
	}
	// Lines with more dimensions choose first, so that a line with none does
	// not take what another needs.
	lines := slices.Clone(sent)
	slices.SortStableFunc(lines, func(a, b model.EntryLine) int { return cmp.Compare(len(b.Dimensions), len(a.Dimensions)) })
	type place struct {
		account string
		amount  journal.Amount
	}
	free := make(map[place][]model.EntryLine, len(found))
	for _, l := range found {
		p := place{l.LedgerAccount, l.Amount}
		free[p] = append(free[p], l)
	}
	for _, l := range lines {
		p := place{l.LedgerAccount, l.Amount}
		i := slices.IndexFunc(free[p], func(f model.EntryLine) bool { return carries(f, l) })
		if i < 0 {
			return false
		}
		free[p] = slices.Delete(free[p], i, i+1)
	}
	return true
}

// carries tells whether a line has every dimension value of another.
func carries(found, sent model.EntryLine) bool {
	for _, want := range sent.Dimensions {
		if !slices.ContainsFunc(found.Dimensions, func(d model.DimensionCode) bool {
			return d.Dimension == want.Dimension && d.Value == want.Value
		}) {
			return false
		}
	}
	return true
}
