package store

import (
	"context"
	"fmt"
	"math"
	"strings"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

const runColumns = `id, company_id, source_id, year, number, first_year, first_number, last_year, last_number,
	description, reference, run_at, locked, gone, changed, created_at, locked_at, hold, other_id,
	gone_seen, changed_seen, erased_at`

// runFields are the places of [runColumns].
func runFields(r *model.Run) []any {
	return []any{
		&r.ID, &r.CompanyID, &r.SourceID, &r.Year, &r.Number,
		&r.First.Year, &r.First.Number, &r.Last.Year, &r.Last.Number,
		&r.Description, &r.Reference,
		instant{&r.RunAt},
		flag{&r.Locked},
		flag{&r.Gone},
		flag{&r.Changed},
		instant{&r.CreatedAt},
		instant{&r.LockedAt},
		&r.Hold, &r.OtherID,
		flag{&r.GoneSeen},
		flag{&r.ChangedSeen},
		instant{&r.ErasedAt},
	}
}

// Runs are the runs that the filter chooses, newest first.
func (s *Store) Runs(ctx context.Context, f model.RunFilter) (all []model.Run, err error) {
	err = s.read(ctx, "runs", func(c conn) (err error) {
		text, args := runsText(f)
		all, err = list(c, runFields, text, args...)
		return err
	})
	return all, err
}

// runsText is the statement of a filter. The page is chosen by id from an index
// alone, from the place where the last one ended, so that rows that are skipped
// are not read.
func runsText(f model.RunFilter) (text string, args []any) {
	w := &where{}
	if f.CompanyID != 0 {
		w.add("company_id = " + w.arg(f.CompanyID))
	}
	if f.Year != 0 {
		w.add("year = " + w.arg(f.Year))
	}
	if f.Period != (journal.Period{}) {
		w.add("last_year = " + w.arg(f.Period.Year) + " AND last_number = " + w.arg(f.Period.Number))
	}
	if !f.Since.IsZero() {
		w.add("run_at >= " + w.arg(instant{&f.Since}))
	}
	if f.Text != "" {
		pattern := w.arg(containing(f.Text))
		w.add("(search LIKE " + pattern + " ESCAPE '!' OR company_id IN " +
			"(SELECT id FROM company WHERE search LIKE " + pattern + " ESCAPE '!'))")
	}
	if f.Target != "" {
		target := w.arg(f.Target)
		w.add("(company_id IN (SELECT company_id FROM mapping WHERE target = " + target + ")" +
			" OR " + anyDelivery("d.target = "+target) + ")")
	}
	w.states(f.States)
	if len(f.IDs) > 0 {
		w.add("id IN (" + w.list(f.IDs) + ")")
	}
	if f.After.ID != 0 {
		at, id := w.arg(instant{&f.After.RunAt}), w.arg(f.After.ID)
		w.add("run_at <= " + at)
		w.add("(run_at < " + at + " OR id < " + id + ")")
	}
	limit := f.Limit
	if limit <= 0 {
		limit = math.MaxInt64
	}
	page := "SELECT id FROM run" + w.text() + " ORDER BY run_at DESC, id DESC LIMIT " + w.arg(limit)
	return "SELECT " + runColumns + " FROM run WHERE id IN (" + page + ") ORDER BY run_at DESC, id DESC", w.args
}

// where gathers conditions with their arguments.
type where struct {
	conditions []string
	args       []any
}

// arg takes an argument and gives its place.
func (w *where) arg(v any) string {
	w.args = append(w.args, v)
	return fmt.Sprintf("$%d", len(w.args))
}

func (w *where) add(condition string) { w.conditions = append(w.conditions, condition) }

func (w *where) list(ids []int64) string {
	places := make([]string, len(ids))
	for i, id := range ids {
		places[i] = w.arg(id)
	}
	return strings.Join(places, ", ")
}

func (w *where) text() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conditions, " AND ")
}

// anyDelivery is true of a run that has a delivery of which that is true. It is no
// EXISTS: PostgreSQL would read all deliveries for it once, in place of the few of
// each run that is looked at.
func anyDelivery(that string) string {
	return "(SELECT 1 FROM delivery d WHERE d.run_id = run.id AND " + that + " LIMIT 1) IS NOT NULL"
}

// done is true of a delivery that leaves nothing to be sent for its period.
const done = `d.state IN ('booked', 'marked', 'nothing_to_book')`

// states leaves out runs that certainly have no logo in one of the states. What
// a logo shows is more than its deliveries tell, so that runs stay that the
// office has to look at.
func (w *where) states(states []model.State) {
	var either, in []string
	for _, state := range states {
		switch state {
		case model.StateBlocked, model.StateBeforeStart:
			return // a matter of companies, accounts and mappings
		case model.StateReady, model.StateNotSetUp:
			either = append(either, "NOT EXISTS (SELECT 1 FROM mapping m WHERE m.company_id = run.company_id)",
				"EXISTS (SELECT 1 FROM mapping m WHERE m.company_id = run.company_id AND NOT EXISTS ("+
					"SELECT 1 FROM delivery d WHERE d.run_id = run.id AND d.target = m.target AND d.administration = m.administration AND "+done+"))")
		case model.StatePartial, model.StateBooked, model.StateMarked, model.StateNothingToBook: // many: walked in the order of the list
			either = append(either, anyDelivery(done))
		default: // few: found by their state, then sorted
			in = append(in, w.arg(state))
		}
	}
	if len(in) > 0 {
		either = append(either, "id IN (SELECT d.run_id FROM delivery d WHERE d.state IN ("+strings.Join(in, ", ")+"))")
	}
	if len(either) > 0 {
		w.add("(" + strings.Join(either, " OR ") + ")")
	}
}

// RunPeriods are the own periods of all runs, each once, newest first. It goes from
// one to the next by the index: there are few, and many runs of each.
func (s *Store) RunPeriods(ctx context.Context) (all []journal.Period, err error) {
	err = s.read(ctx, "periods of runs", func(c conn) (err error) {
		all, err = list(c, func(p *journal.Period) []any { return []any{&p.Year, &p.Number} },
			`WITH RECURSIVE p (y, n) AS (
				SELECT * FROM (SELECT last_year, last_number FROM run ORDER BY last_year DESC, last_number DESC LIMIT 1) newest
				UNION ALL
				SELECT
					(SELECT last_year FROM run WHERE (last_year, last_number) < (p.y, p.n) ORDER BY last_year DESC, last_number DESC LIMIT 1),
					(SELECT last_number FROM run WHERE (last_year, last_number) < (p.y, p.n) ORDER BY last_year DESC, last_number DESC LIMIT 1)
				FROM p WHERE p.y IS NOT NULL
			) SELECT y, n FROM p WHERE y IS NOT NULL`)
		return err
	})
	return all, err
}

// Run is the run of that id.
func (s *Store) Run(ctx context.Context, id int64) (r model.Run, err error) {
	err = s.read(ctx, fmt.Sprintf("run %d", id), func(c conn) error {
		return c.one(runFields(&r), `SELECT `+runColumns+` FROM run WHERE id = $1`, id)
	})
	return r, err
}

// AddRun stores a run with its snapshot. When the company already has a run of
// the same source id, or else of the same content, that one is given back and
// added is false. A run without a number gets the next one of its company and
// year; reference may be nil, and is otherwise asked once id and number are set.
func (s *Store) AddRun(ctx context.Context, r model.Run, snap model.Snapshot, reference func(model.Run) string) (run model.Run, added bool, err error) {
	err = s.write(ctx, "add a run", func(c conn) error {
		known, err := knownRun(c, r, snap.Content)
		if err != nil || known.ID != 0 {
			run = known
			return err
		}
		run, added = r, true
		run.CreatedAt = snap.TakenAt
		if run.ID, err = c.newID("run"); err != nil {
			return err
		}
		if run.Number <= 0 {
			if err := c.one([]any{&run.Number}, `
				SELECT COALESCE(MAX(number), 0) + 1 FROM run WHERE company_id = $1 AND year = $2`,
				run.CompanyID, run.Year); err != nil {
				return err
			}
		}
		if reference != nil {
			run.Reference = reference(run)
		}
		if _, err := c.exec(`INSERT INTO run (`+runColumns+`, content, search)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`,
			append(runFields(&run), snap.Content, folded(run.Description, run.Reference))...); err != nil {
			return err
		}
		c.tell(model.Event{
			At: snap.TakenAt, Kind: model.EventRunCreated, Subject: run.ID, Name: run.Reference,
			Changes: []model.FieldChange{{Field: "content", New: snap.Content}, {Field: "file", New: snap.Hash}, {Field: "format", New: snap.Format}},
		})
		return s.insertSnapshot(c, run.ID, snap)
	})
	if err != nil {
		return model.Run{}, false, err
	}
	return run, added, nil
}

// knownRun is the run that came before, or one with id zero.
func knownRun(c conn, r model.Run, content string) (known model.Run, err error) {
	if r.SourceID != "" {
		found, err := c.maybe(runFields(&known), `
			SELECT `+runColumns+` FROM run WHERE company_id = $1 AND source_id = $2 AND source_id <> ''`,
			r.CompanyID, r.SourceID)
		if err != nil || found {
			return known, err
		}
	}
	if content != "" {
		_, err = c.maybe(runFields(&known), `
			SELECT `+runColumns+` FROM run WHERE company_id = $1 AND content = $2 AND content <> ''`,
			r.CompanyID, content)
		if err != nil || known.ID != 0 {
			return known, err
		}
		// The same journal may have come as a later one of a run. The company is
		// asked for inside, or else all its runs would be looked through.
		_, err = c.maybe(runFields(&known), `
			SELECT `+runColumns+` FROM run WHERE id IN (
				SELECT r.id FROM run_journal j CROSS JOIN run r
				WHERE j.content = $2 AND r.id = j.run_id AND r.company_id = $1)`, r.CompanyID, content)
	}
	return known, err
}

// SeeRun writes down what a source says of a run now: description, lock, whether
// it is still there, and whether its journal differs from the snapshot. What the
// snapshot holds never changes. A run that is marked as changed stays so until
// that is settled. One that is there again was not seen to be gone.
func (s *Store) SeeRun(ctx context.Context, r model.Run) error {
	return s.write(ctx, fmt.Sprintf("see run %d", r.ID), func(c conn) error {
		changed, err := c.exec(`
			UPDATE run SET description = $2, locked = $3, gone = $4, gone_seen = CASE WHEN CAST($4 AS BIGINT) = 1 THEN gone_seen ELSE 0 END,
				changed = CASE WHEN $5 = 1 THEN 1 ELSE changed END, locked_at = $6, search = $7 WHERE id = $1`,
			r.ID, r.Description, flag{&r.Locked}, flag{&r.Gone}, flag{&r.Changed}, instant{&r.LockedAt}, folded(r.Description, r.Reference))
		if err == nil && changed == 0 {
			return model.ErrNotFound
		}
		return err
	})
}

// HoldRun says why a run is held back, or that it no longer is; other is the run
// that the reason is about.
func (s *Store) HoldRun(ctx context.Context, id int64, hold model.Hold, other int64) error {
	return s.write(ctx, fmt.Sprintf("hold run %d", id), func(c conn) error {
		var old model.Run
		if err := c.one(runFields(&old), `SELECT `+runColumns+` FROM run WHERE id = $1`, id); err != nil {
			return err
		}
		_, err := c.exec(`UPDATE run SET hold = $2, other_id = $3 WHERE id = $1`, id, hold, other)
		if old.Hold != hold {
			c.tell(model.Event{
				Kind: model.EventRunHeld, Subject: id, Name: old.Reference,
				Changes: []model.FieldChange{{Field: "hold", Old: string(old.Hold), New: string(hold)}},
			})
		}
		return err
	})
}
