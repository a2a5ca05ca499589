package office

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/source"
	"loonbrug/integration/target"
)

// Revise keeps a later journal of a run beside the one it was created with. What
// was booked stays as it is until a person decides; what was not sent yet is
// sent as the later journal has it. added is false for a journal with the
// content of the last one.
func (f *Office) Revise(ctx context.Context, runID int64, file *source.File) (added bool, err error) {
	if err := f.may(ctx, model.ActWork, ""); err != nil {
		return false, err
	}
	run, err := f.o.Store.Run(ctx, runID)
	if err != nil {
		return false, fmt.Errorf("run %d: %w", runID, err)
	}
	snap, err := f.snapshot(ctx, run.CompanyID, file)
	if err != nil {
		return false, err
	}
	snap.RunID = runID
	_, added, err = f.o.Store.AddJournal(ctx, snap)
	if err != nil {
		return false, fmt.Errorf("keep later journal: %w", err)
	}
	f.changed()
	return added, nil
}

// ReviseByFile is [Office.Revise] with a payroll file that replaces the one a run
// was made from.
func (f *Office) ReviseByFile(ctx context.Context, runID int64, name string, content io.Reader) (added bool, err error) {
	file, err := f.o.Files.ReadAll(ctx, name, content)
	if err != nil {
		return false, err
	}
	return f.Revise(ctx, runID, file)
}

// Changes are the booked periods of a run whose latest journal says something
// else, and about which nobody has decided yet. A period that is under way is
// left out until it is settled.
func (f *Office) Changes(ctx context.Context, runID, mappingID int64) ([]model.Change, error) {
	if err := f.mayMapping(ctx, model.ActRead, mappingID); err != nil {
		return nil, err
	}
	row, m, err := f.runAndMapping(ctx, runID, mappingID)
	if err != nil {
		return nil, err
	}
	journals, err := f.o.Store.Journals(ctx, runID)
	if err != nil {
		return nil, fmt.Errorf("journals of run %d: %w", runID, err)
	}
	if len(journals) == 1 {
		return nil, nil
	}
	deliveries, err := f.o.Store.Deliveries(ctx, runID)
	if err != nil {
		return nil, fmt.Errorf("deliveries: %w", err)
	}
	t, err := f.o.Targets.Find(m.Target)
	if err != nil {
		return nil, err
	}
	ref, err := f.Reference(ctx, m.AccountID, m.Administration.Code, false)
	if err != nil {
		return nil, err
	}
	now := journals[len(journals)-1]
	var all []model.Change
	for _, part := range partsOf(journals) {
		c := chainOf(deliveries, m, part.Period)
		last, there := c.last()
		if !there || !counts(last) || !c.settled() || last.Journal >= now.Number {
			continue
		}
		d := target.Draft{Company: row.Company, Run: row.Run, Mapping: m, Part: part}
		change, err := f.change(ctx, t, d, ref, c)
		if err != nil {
			return nil, err
		}
		if change.Journal, change.TakenAt = now.Number, now.TakenAt; len(change.Difference.Lines) > 0 {
			all = append(all, change)
		}
	}
	return all, nil
}

// change compares what the books have of a period with what the latest journal
// would book.
func (f *Office) change(ctx context.Context, t target.Target, d target.Draft, ref *model.Reference, c chain) (model.Change, error) {
	change := model.Change{Period: d.Part.Period, Reversible: true}
	for _, in := range c.inBooks() {
		e, err := f.o.Store.Entry(ctx, in.ID)
		if err != nil {
			return change, fmt.Errorf("entry of delivery %d: %w", in.ID, err)
		}
		lines := append(change.Booked.Lines, e.Lines...)
		change.Booked, change.Booked.Lines = e, lines
		change.Reversible = change.Reversible && in.State == model.StateBooked
	}
	change.Reversible = change.Reversible && len(change.Booked.Lines) > 0
	d.Key = keyOf(d.Company, d.Run, d.Part.Period, d.Mapping, c.top()+1)
	d, problems := arrange(d, ref, false)
	change.Later, change.Problems = t.Build(d, ref)
	change.Problems = append(problems, change.Problems...)
	// A period that the later journal no longer has is built without lines, and
	// then lacks what only an entry with lines has.
	base := change.Later
	if len(base.Lines) == 0 {
		base = target.Rekey(change.Booked, d.Key)
	}
	change.Difference = base
	change.Difference.Lines = difference(change.Booked.Lines, change.Later.Lines)
	return change, nil
}

// difference are the lines that make what is booked into what a later journal
// has: one for each ledger account with its dimensions, none where they agree.
// Entries balance, so their difference does.
func difference(booked, later []model.EntryLine) []model.EntryLine {
	place := func(l model.EntryLine) string {
		codes := make([]string, len(l.Dimensions))
		for i, d := range l.Dimensions {
			codes[i] = fmt.Sprintf("%q=%q", d.Dimension, d.Value)
		}
		slices.Sort(codes)
		return fmt.Sprintf("%q %s", l.LedgerAccount, strings.Join(codes, " "))
	}
	sums := make(map[string]*model.EntryLine)
	var order []string
	add := func(l model.EntryLine, sign journal.Amount) {
		at := place(l)
		if sums[at] == nil {
			line := l
			line.Amount = 0
			sums[at] = &line
			order = append(order, at)
		}
		sums[at].Amount += sign * l.Amount
	}
	for _, l := range later {
		add(l, 1)
	}
	for _, l := range booked {
		add(l, -1)
	}
	var lines []model.EntryLine
	for _, at := range order {
		if sums[at].Amount != 0 {
			lines = append(lines, *sums[at])
		}
	}
	slices.SortStableFunc(lines, func(a, b model.EntryLine) int { return cmp.Compare(a.LedgerAccount, b.LedgerAccount) })
	return lines
}

// Correct does what a person chose about the changed periods of a run. Each
// correction is a revision of its own with its own key, linked to what it
// corrects; the entry that follows a reversal is queued only once that is
// booked. While one of the entries to be booked has a problem nothing is queued.
func (f *Office) Correct(ctx context.Context, runID, mappingID int64, ways map[journal.Period]model.Way, reason string) (model.RunTarget, error) {
	if err := f.mayMapping(ctx, model.ActSend, mappingID); err != nil {
		return model.RunTarget{}, err
	}
	by, err := f.decision(reason)
	if err != nil {
		return model.RunTarget{}, err
	}
	row, m, err := f.runAndMapping(ctx, runID, mappingID)
	if err != nil {
		return model.RunTarget{}, err
	}
	changes, err := f.Changes(ctx, runID, mappingID)
	if err != nil {
		return model.RunTarget{}, err
	}
	deliveries, err := f.o.Store.Deliveries(ctx, runID)
	if err != nil {
		return model.RunTarget{}, fmt.Errorf("deliveries: %w", err)
	}
	var items []model.Queued
	var kept []model.Delivery
	for _, change := range changes {
		c := chainOf(deliveries, m, change.Period)
		last, _ := c.last()
		way := ways[change.Period]
		switch {
		case way == model.WayNothing:
			kept = append(kept, last)
			continue
		case way == "":
			continue
		case way == model.WayExchange && !change.Reversible:
			return model.RunTarget{}, model.NewProblem("undo.not_reversible", "period", change.Period.String())
		case len(change.Problems) > 0:
			return model.RunTarget{}, change.Problems[0]
		}
		kind, entry := model.KindDifference, change.Difference
		if way == model.WayExchange {
			kind, entry = model.KindExchange, reversed(change.Booked, change.Difference.Key)
		}
		item, err := f.correction(row.Run, m, c, kind, entry, by)
		if err != nil {
			return model.RunTarget{}, err
		}
		item.Delivery.Journal = change.Journal
		items = append(items, item)
	}
	if err := f.o.Store.Queue(ctx, items); err != nil {
		return model.RunTarget{}, err
	}
	for _, d := range kept {
		if err := f.o.Mailbox.Keep(ctx, d.ID, changes[0].Journal, by); err != nil {
			return model.RunTarget{}, err
		}
	}
	if err := f.settle(ctx, row); err != nil {
		return model.RunTarget{}, err
	}
	f.o.Mailbox.Wake()
	f.changed()
	return f.logoOf(ctx, runID, mappingID)
}

// settle takes the mark of a changed run away once there is nothing to decide at
// any of its mappings.
func (f *Office) settle(ctx context.Context, row model.RunRow) error {
	for _, t := range row.Targets {
		if t.MappingID == 0 {
			continue
		}
		left, err := f.Changes(ctx, row.Run.ID, t.MappingID)
		if err != nil || len(left) > 0 {
			return err
		}
	}
	return f.o.Store.Settled(ctx, row.Run.ID)
}

// correction is a delivery that follows the last one of a chain.
func (f *Office) correction(r model.Run, m model.Mapping, c chain, kind model.Kind, e model.Entry, by model.Decision) (model.Queued, error) {
	hash, err := entryHash(e)
	if err != nil {
		return model.Queued{}, err
	}
	last, _ := c.last()
	d := f.delivery(r, m, last.Period, c.top()+1, e, hash)
	d.State, d.Kind, d.Corrects, d.Journal = model.StateQueued, kind, last.ID, last.Journal
	return model.Queued{Delivery: d, Entry: e, Note: &model.Attempt{
		At: f.o.Now(), From: model.StateReady, Event: string(kind), By: by.By, Reason: by.Reason,
	}}, nil
}

// reversed is an entry with the same lines and turned signs, for the same period
// and day, under a key of its own.
func reversed(e model.Entry, key string) model.Entry {
	e = target.Rekey(e, key)
	e.Lines = slices.Clone(e.Lines)
	for i := range e.Lines {
		e.Lines[i].Amount = -e.Lines[i].Amount
	}
	return e
}

// Reverse takes the booking of one period back: where the target lets one that
// waits for approval be made invalid by that, else by an entry with the same
// lines and turned signs. The period then counts as not booked. The lines of an
// entry that was erased are read back from the target.
func (f *Office) Reverse(ctx context.Context, runID, mappingID int64, p journal.Period, reason string) (model.RunTarget, error) {
	if err := f.mayMapping(ctx, model.ActSend, mappingID); err != nil {
		return model.RunTarget{}, err
	}
	by, err := f.decision(reason)
	if err != nil {
		return model.RunTarget{}, err
	}
	row, m, err := f.runAndMapping(ctx, runID, mappingID)
	if err != nil {
		return model.RunTarget{}, err
	}
	deliveries, err := f.o.Store.Deliveries(ctx, runID)
	if err != nil {
		return model.RunTarget{}, fmt.Errorf("deliveries: %w", err)
	}
	c := chainOf(deliveries, m, p)
	in := c.inBooks()
	if len(in) == 0 || !c.settled() || slices.ContainsFunc(in, func(d model.Delivery) bool { return d.State != model.StateBooked }) {
		return model.RunTarget{}, model.NewProblem("undo.not_reversible", "period", p.String())
	}
	if len(in) == 1 && f.invalidates(in[0]) {
		err = f.o.Mailbox.Invalidate(ctx, in[0].ID, by)
	} else {
		err = f.reverse(ctx, row, m, c, by)
	}
	if err != nil {
		return model.RunTarget{}, err
	}
	f.o.Mailbox.Wake()
	f.changed()
	return f.logoOf(ctx, runID, mappingID)
}

// Invalidates tells whether a booking can be made invalid at its target instead
// of being reversed.
func (f *Office) invalidates(d model.Delivery) bool {
	t, err := f.o.Targets.Find(d.Target)
	if err != nil {
		return false
	}
	_, can := t.(target.Invalidator)
	return can && d.State == model.StateBooked && d.Approval == model.ApprovalWaiting
}

func (f *Office) reverse(ctx context.Context, row model.RunRow, m model.Mapping, c chain, by model.Decision) error {
	var booked model.Entry
	for _, in := range c.inBooks() {
		e, err := f.inBooks(ctx, row.Run, m, in)
		if err != nil {
			return err
		}
		lines := append(booked.Lines, e.Lines...)
		booked, booked.Lines = e, lines
	}
	key := keyOf(row.Company, row.Run, booked.Period, m, c.top()+1)
	item, err := f.correction(row.Run, m, c, model.KindReversal, reversed(booked, key), by)
	if err != nil {
		return err
	}
	return f.o.Store.Queue(ctx, []model.Queued{item})
}

// Exchange sends what has to follow reversals that were booked meanwhile.
func (f *Office) Exchange(ctx context.Context) error {
	waiting, err := f.o.Store.Exchanges(ctx)
	if err != nil {
		return fmt.Errorf("exchanges: %w", err)
	}
	for _, d := range waiting {
		if _, err := f.sendPeriods(ctx, d.RunID, d.MappingID, []journal.Period{d.Period}, Consent{}); err != nil {
			f.o.Log.Warn("entry after a reversal", "run", d.RunID, "period", d.Period.String(), "error", err)
		}
	}
	return nil
}
