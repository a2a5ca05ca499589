package ui

import (
	"context"
	"time"

	"loonbrug/ui/async"
	"loonbrug/ui/i18n"
)

// bookState is what comparing the books of the targets with our own says.
type bookState struct {
	differences int
	restored    time.Time // when an older copy of the database was noticed; zero is none
}

// alarms are the red lines of it.
func (b bookState) alarms() (lines []alarm) {
	if !b.restored.IsZero() {
		lines = append(lines, alarm{text: i18n.T("banner.restored", "at", b.restored), action: i18n.T("banner.show"), duty: dutyRestored})
	}
	if b.differences > 0 {
		lines = append(lines, alarm{text: i18n.Tn("banner.differences", b.differences), action: i18n.T("banner.show"), duty: dutyCompare})
	}
	return lines
}

func (s *Shell) askBooks(ctx context.Context) (bookState, error) {
	r, err := s.deps.Office.Reconciliation(ctx)
	if err != nil {
		return bookState{}, err
	}
	restored, err := s.deps.Office.Restored(ctx)
	return bookState{differences: len(r.Findings), restored: restored}, err
}

// seenRestored shows the comparison that was made because of an older copy, and
// takes the line away.
func (s *Shell) seenRestored() {
	s.tabs.SelectIndex(tabExport)
	s.export.Compare()
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) (struct{}, error) { return struct{}{}, s.deps.Office.SeenRestored(ctx) },
		func(struct{}, error) { s.Reload() })
}
