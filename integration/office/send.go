package office

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/integration/target/check"
)

// keyOf names an entry for ever: "LB" and ten characters of base32 over a hash
// of the company's and the run's own ids in their source, the period, the
// administration and the revision. No number of this database goes into it, so
// that another database finds the same key for the same entry.
func keyOf(c model.Company, r model.Run, p journal.Period, m model.Mapping, revision int) string {
	h := sha256.New()
	for _, part := range []string{
		c.Source, c.SourceID, r.SourceID, p.String(), m.Target, m.Administration.Code, strconv.Itoa(revision),
	} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return "LB" + base32.StdEncoding.EncodeToString(h.Sum(nil))[:10]
}

// planned is one period of a run at one mapping: what would be sent, or what
// already was.
type planned struct {
	delivery model.Delivery
	entry    model.Entry
	problems []*model.Problem
	live     bool      // has a delivery that is under way or done
	checked  time.Time // when the reference data were fetched that it was checked with
	own      model.BookPeriod
}

// Preview is what would be sent for each period of a run, with everything that
// speaks against it; for a period that is under way or booked, what was sent.
func (f *Office) Preview(ctx context.Context, runID, mappingID int64) ([]model.Preview, error) {
	if err := f.mayMapping(ctx, model.ActRead, mappingID); err != nil {
		return nil, err
	}
	row, m, err := f.runAndMapping(ctx, runID, mappingID)
	if err != nil {
		return nil, err
	}
	plan, err := f.plan(ctx, row, m, Consent{})
	if err != nil {
		return nil, err
	}
	all := make([]model.Preview, len(plan))
	for i, p := range plan {
		all[i] = model.Preview{Entry: p.entry, Problems: p.problems, Own: p.own}
		if !p.checked.IsZero() {
			all[i].FetchedAt, all[i].Stale = p.checked, f.o.Now().Sub(p.checked) >= fresh
		}
	}
	return all, nil
}

// Consent is [model.Consent].
type Consent = model.Consent

// Send checks every period of a run that is not under way or done, and queues
// them all; while one of them has a problem none is queued, and those with a
// problem are kept as refused. What came of it is in the logo it gives back.
func (f *Office) Send(ctx context.Context, runID, mappingID int64) (model.RunTarget, error) {
	return f.SendDecided(ctx, runID, mappingID, Consent{})
}

// SendDecided is [Office.Send] after a person's decision, which is logged.
func (f *Office) SendDecided(ctx context.Context, runID, mappingID int64, by Consent) (model.RunTarget, error) {
	return f.sendPeriods(ctx, runID, mappingID, nil, by)
}

// sendPeriods is [Office.SendDecided] for some periods; none are all.
func (f *Office) sendPeriods(ctx context.Context, runID, mappingID int64, only []journal.Period, by Consent) (model.RunTarget, error) {
	if err := f.mayMapping(ctx, model.ActSend, mappingID); err != nil {
		return model.RunTarget{}, err
	}
	row, m, err := f.runAndMapping(ctx, runID, mappingID)
	if err != nil {
		return model.RunTarget{}, err
	}
	account, err := f.o.Store.Account(ctx, m.AccountID)
	if err != nil {
		return model.RunTarget{}, fmt.Errorf("account %d: %w", m.AccountID, err)
	}
	if state, p := barred(row, m, account); p != nil && (state != model.StateBeforeStart || !by.BeforeStart) {
		return model.RunTarget{}, p
	}
	if by != (Consent{}) {
		f.o.Log.Info("sent by decision", "run", runID, "mapping", mappingID, "first_open", by.FirstOpen, "before_start", by.BeforeStart)
	}
	plan, err := f.plan(ctx, row, m, by)
	if err != nil {
		return model.RunTarget{}, err
	}
	if len(only) > 0 {
		plan = slices.DeleteFunc(plan, func(p planned) bool { return !slices.Contains(only, p.delivery.Period) })
	}
	if err := f.o.Store.Queue(ctx, toQueue(plan)); err != nil {
		if done, again := f.overtaken(ctx, row, m, by, plan, err); again != nil || !done {
			return model.RunTarget{}, cmp.Or(again, err)
		}
	}
	f.o.Mailbox.Wake()
	f.changed()
	return f.logoOf(ctx, runID, mappingID)
}

// overtaken tells whether what could not be queued was queued by somebody else
// between the look and the write: two people clicked the same logo, on two computers.
// Both get what they wanted.
func (f *Office) overtaken(ctx context.Context, row model.RunRow, m model.Mapping, by Consent, plan []planned, failed error) (bool, error) {
	if code := model.ProblemOf(failed).Code; code != "delivery.key_taken" && code != "delivery.exists" {
		return false, nil
	}
	now, err := f.plan(ctx, row, m, by)
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(plan, func(p planned) bool {
		return !p.live && !slices.ContainsFunc(now, func(q planned) bool { return q.live && q.delivery.Period == p.delivery.Period })
	}), nil
}

// logoOf is the logo of a run at a mapping as it is now.
func (f *Office) logoOf(ctx context.Context, runID, mappingID int64) (model.RunTarget, error) {
	row, err := f.Find(ctx, runID)
	if err != nil {
		return model.RunTarget{}, err
	}
	i := slices.IndexFunc(row.Targets, func(t model.RunTarget) bool { return t.MappingID == mappingID })
	if i < 0 {
		return model.RunTarget{}, fmt.Errorf("mapping %d: %w", mappingID, model.ErrNotFound)
	}
	return row.Targets[i], nil
}

// toQueue are the deliveries to be stored: all that are not live, unless one
// has a problem; then only those that have.
func toQueue(plan []planned) []model.Queued {
	bad := slices.ContainsFunc(plan, func(p planned) bool { return !p.live && len(p.problems) > 0 })
	var items []model.Queued
	for _, p := range plan {
		switch {
		case p.live:
			continue
		case len(p.problems) > 0:
			p.delivery.State, p.delivery.Problem = model.StateRefused, p.problems[0]
		case bad:
			continue
		case len(p.entry.Lines) == 0:
			p.delivery.State = model.StateNothingToBook
		default:
			p.delivery.State = model.StateQueued
		}
		items = append(items, model.Queued{Delivery: p.delivery, Entry: p.entry})
	}
	return items
}

func (f *Office) runAndMapping(ctx context.Context, runID, mappingID int64) (model.RunRow, model.Mapping, error) {
	row, err := f.Find(ctx, runID)
	if err != nil {
		return row, model.Mapping{}, err
	}
	m, err := f.o.Store.Mapping(ctx, mappingID)
	if err != nil {
		return row, m, fmt.Errorf("mapping %d: %w", mappingID, err)
	}
	if m.CompanyID != row.Company.ID {
		return row, m, model.NewProblem("send.no_mapping", "company", row.Company.Name).With(model.ActionOpenMapping)
	}
	return row, m, nil
}

// plan builds the entries of a run for a mapping, from its latest journal. A
// period that only an earlier one has is planned with nothing to book.
func (f *Office) plan(ctx context.Context, row model.RunRow, m model.Mapping, by Consent) ([]planned, error) {
	journals, err := f.o.Store.Journals(ctx, row.Run.ID)
	if err != nil {
		return nil, fmt.Errorf("journals of run %d: %w", row.Run.ID, err)
	}
	t, err := f.o.Targets.Find(m.Target)
	if err != nil {
		return nil, err
	}
	deliveries, err := f.o.Store.Deliveries(ctx, row.Run.ID)
	if err != nil {
		return nil, fmt.Errorf("deliveries: %w", err)
	}
	ref, err := f.Reference(ctx, m.AccountID, m.Administration.Code, false)
	if err != nil {
		return nil, err
	}
	var plan []planned
	for _, part := range partsOf(journals) {
		draft := target.Draft{Company: row.Company, Run: row.Run, Mapping: m, Part: part}
		d, problems := arrange(draft, ref, by.FirstOpen)
		p, err := f.planPart(ctx, t, d, ref, chainOf(deliveries, m, part.Period))
		if err != nil {
			return nil, err
		}
		if !p.live {
			p.problems = append(problems, p.problems...)
		}
		if !p.live && p.delivery.Kind == model.KindEntry {
			p.delivery.Journal = journals[len(journals)-1].Number
		}
		if ref != nil && !p.live {
			p.checked = ref.FetchedAt
			p.own, _ = check.Period(ref, check.PostingDate(draft)) // a target may tell of no periods
		}
		plan = append(plan, p)
	}
	return plan, nil
}

// planPart plans one period. A refused or withdrawn delivery is taken up under
// its own key when it never left or its content is the same; another content
// that may have been seen by the target is a new revision with a new key, and so
// is what comes after a booking that is no longer there or was reversed. A
// correction is taken up as it was made.
func (f *Office) planPart(ctx context.Context, t target.Target, d target.Draft, ref *model.Reference, c chain) (planned, error) {
	old, there := c.last()
	over := old.State == model.StateRefused || old.State == model.StateWithdrawn
	again := wasThere(old) || old.State == model.StateBooked && old.Kind.Reverses()
	if there && !again && (!over || old.Kind != model.KindEntry) {
		entry, err := f.o.Store.Entry(ctx, old.ID)
		if err != nil {
			return planned{}, fmt.Errorf("entry of delivery %d: %w", old.ID, err)
		}
		if over {
			old.Problem, old.By, old.UpdatedAt, old.NotBefore = nil, f.o.User, f.o.Now(), time.Time{}
		}
		return planned{delivery: old, entry: entry, live: !over}, nil
	}
	revision, id, sends, corrects := c.top()+1, int64(0), 0, int64(0)
	switch {
	case again:
		corrects = old.ID
	case there:
		revision, id, sends, corrects = old.Revision, old.ID, old.Sends, old.Corrects
	}
	build := func() (model.Entry, []*model.Problem, string, error) {
		d.Key = keyOf(d.Company, d.Run, d.Part.Period, d.Mapping, revision)
		entry, problems := t.Build(d, ref)
		hash, err := entryHash(entry)
		return entry, problems, hash, err
	}
	entry, problems, hash, err := build()
	if err == nil && sends > 0 && hash != old.EntryHash {
		revision, id = c.top()+1, 0
		entry, problems, hash, err = build()
	}
	if err != nil {
		return planned{}, err
	}
	delivery := f.delivery(d.Run, d.Mapping, d.Part.Period, revision, entry, hash)
	delivery.Corrects = corrects
	if id != 0 {
		delivery.ID, delivery.CreatedAt, delivery.Fence = id, old.CreatedAt, old.Fence
		delivery.Sends, delivery.SentAt, delivery.Evidence = old.Sends, old.SentAt, old.Evidence
	}
	return planned{entry: entry, problems: problems, delivery: delivery}, nil
}

// delivery is a new delivery of an entry.
func (f *Office) delivery(r model.Run, m model.Mapping, p journal.Period, revision int, e model.Entry, hash string) model.Delivery {
	now := f.o.Now()
	return model.Delivery{
		RunID: r.ID, MappingID: m.ID, CompanyID: m.CompanyID, AccountID: m.AccountID,
		Target: m.Target, Administration: m.Administration.Code, Period: p,
		Revision: revision, Key: e.Key, Reference: r.Reference, Approval: model.ApprovalNone,
		EntryHash: hash, By: f.o.User, CreatedAt: now, UpdatedAt: now,
	}
}

// entryHash is the SHA-256 of everything an entry sends, in hex.
func entryHash(e model.Entry) (string, error) {
	data, err := json.Marshal(e)
	if err != nil {
		return "", fmt.Errorf("hash entry %s: %w", e.Key, err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}
