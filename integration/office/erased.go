package office

import (
	"context"
	"errors"
	"fmt"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// inBooks is the entry of a booking: as it was sent, or read back from the target
// where that was erased because its time is over.
func (f *Office) inBooks(ctx context.Context, r model.Run, m model.Mapping, d model.Delivery) (model.Entry, error) {
	if !r.ErasedAt.IsZero() {
		return f.readAgain(ctx, m, d)
	}
	e, err := f.o.Store.Entry(ctx, d.ID)
	if err != nil {
		return e, fmt.Errorf("entry of delivery %d: %w", d.ID, err)
	}
	return e, nil
}

// readAgain reads a booking back from its target. Its lines must be those that the
// receipt tells of. Problems: undo.not_readable (no receipt tells how to read it),
// undo.changed_there, delivery.gone; else the target's own.
func (f *Office) readAgain(ctx context.Context, m model.Mapping, d model.Delivery) (model.Entry, error) {
	unreadable := model.NewProblem("undo.not_readable", "period", d.Period.String(), "number", d.Number)
	r, err := f.o.Store.Receipt(ctx, d.ID)
	switch {
	case errors.Is(err, model.ErrNotFound), err == nil && r.Head.Key != d.Key:
		return model.Entry{}, unreadable
	case err != nil:
		return model.Entry{}, fmt.Errorf("receipt of delivery %d: %w", d.ID, err)
	}
	access, t, err := f.access(ctx, m.AccountID)
	switch {
	case err != nil:
		return model.Entry{}, err
	case !access.Account.Authorised():
		return model.Entry{}, notAuthorised(access.Account)
	}
	e := r.Head
	booked, o := t.ReadBack(ctx, access, target.Delivery{Entry: e, Evidence: d.Evidence, SentAt: d.SentAt})
	switch {
	case o.Class != target.Accepted && o.Problem != nil:
		return e, o.Problem
	case o.Class != target.Accepted:
		return e, unreadable
	case len(booked.Lines) == 0:
		return e, model.NewProblem("delivery.gone", "number", d.Number)
	}
	sent, found := sumOn(r), model.SumOf(booked.Lines)
	if found != sent || model.HashLines(booked.Lines) != r.ReadHash {
		return e, model.NewProblem("undo.changed_there", "period", d.Period.String(), "number", d.Number,
			"sent", sumText(sent), "found", sumText(found))
	}
	e.Lines = booked.Lines
	return e, nil
}

// proven is what is known here of a booking.
type proven struct {
	date journal.Date // zero is not known
	sum  model.Sum
	same func(found []model.EntryLine) bool
}

// proven is what a booking is compared by: its entry, or its receipt where that
// was erased.
func (f *Office) proven(ctx context.Context, d model.Delivery) (proven, error) {
	e, err := f.o.Store.Entry(ctx, d.ID)
	if err == nil {
		return proven{e.Date, model.SumOf(e.Lines), func(found []model.EntryLine) bool { return target.Same(e.Lines, found) }}, nil
	}
	if p := model.ProblemOf(err); p.Code != "journal.erased" {
		return proven{}, fmt.Errorf("entry of delivery %d: %w", d.ID, err)
	}
	r, err := f.o.Store.Receipt(ctx, d.ID)
	if errors.Is(err, model.ErrNotFound) {
		return proven{same: func([]model.EntryLine) bool { return true }}, nil // a person's word, without a total
	}
	if err != nil {
		return proven{}, fmt.Errorf("receipt of delivery %d: %w", d.ID, err)
	}
	sum := sumOn(r)
	return proven{r.Head.Date, sum, func(found []model.EntryLine) bool { return model.SumOf(found) == sum }}, nil
}

func sumOn(r model.Receipt) model.Sum {
	return model.Sum{Lines: r.Lines, Debit: r.Debit, Credit: r.Credit}
}

func sumText(s model.Sum) string { return fmt.Sprintf("%d, %s / %s", s.Lines, s.Debit, s.Credit) }
