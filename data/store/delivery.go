package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"loonbrug/data/model"
)

// waits is true of a delivery that the sender has not finished. The partial
// indexes are written with the same words, without which they are not used.
const waits = `(state = 'queued' OR state = 'checking' OR state = 'sending' OR state = 'accepted' OR state = 'unknown')`

// swept is true of a delivery that is over and is looked up again all the same, once
// its time has come.
const swept = `sweep_at > 0 AND (state = 'booked' OR state = 'refused' OR state = 'withdrawn')`

// leased is true of a delivery that is under way, and holds its account's lane.
const leased = `lease_until > 0 AND (sweep_at > 0 OR ` + waits + `)`

const deliveryColumns = `id, run_id, mapping_id, company_id, account_id, target, administration, year, period,
	revision, key, reference, state, approval, number, evidence, problem_code, problem, person, fence,
	lease_until, not_before, sent_at, sends, misses, entry_hash, created_at, updated_at, kind, corrects, journal_number, made_by,
	sweep_at, sweeps`

// deliveryRow is a delivery as it lies in the table.
type deliveryRow struct {
	model.Delivery
	code   string
	sealed []byte
}

// deliveryFields are the places of [deliveryColumns].
func deliveryFields(d *deliveryRow) []any {
	return []any{
		&d.ID, &d.RunID, &d.MappingID, &d.CompanyID, &d.AccountID, &d.Target, &d.Administration,
		&d.Period.Year, &d.Period.Number, &d.Revision, &d.Key, &d.Reference, &d.State, &d.Approval, &d.Number,
		document{&d.Evidence},
		&d.code, &d.sealed,
		flag{&d.Person},
		&d.Fence,
		instant{&d.LeaseUntil},
		instant{&d.NotBefore},
		instant{&d.SentAt},
		&d.Sends, &d.Misses, &d.EntryHash,
		instant{&d.CreatedAt},
		instant{&d.UpdatedAt},
		&d.Kind, &d.Corrects, &d.Journal, &d.By,
		instant{&d.SweepAt},
		&d.Sweeps,
	}
}

func (s *Store) openDelivery(row deliveryRow) model.Delivery {
	row.Problem = s.openProblem(problemCell(row.ID), row.code, row.sealed)
	return row.Delivery
}

func (s *Store) sealDelivery(d model.Delivery) (row deliveryRow, err error) {
	row.Delivery = d
	row.code, row.sealed, err = s.sealProblem(problemCell(d.ID), d.Problem)
	return row, err
}

// runsAtOnce is how many runs one statement asks for.
const runsAtOnce = 500

// Deliveries are all deliveries of the runs, oldest first.
func (s *Store) Deliveries(ctx context.Context, runIDs ...int64) (all []model.Delivery, err error) {
	err = s.read(ctx, "deliveries", func(c conn) error {
		for ids := range slices.Chunk(runIDs, runsAtOnce) {
			text, args := deliveriesText(ids)
			rows, err := list(c, deliveryFields, text, args...)
			if err != nil {
				return err
			}
			for _, row := range rows {
				all = append(all, s.openDelivery(row))
			}
		}
		return nil
	})
	slices.SortFunc(all, func(a, b model.Delivery) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}

func deliveriesText(runIDs []int64) (text string, args []any) {
	places := make([]string, len(runIDs))
	for i, id := range runIDs {
		places[i] = fmt.Sprintf("$%d", i+1)
		args = append(args, id)
	}
	return `SELECT ` + deliveryColumns + ` FROM delivery WHERE run_id IN (` + strings.Join(places, ", ") + `)`, args
}

// Delivery is the delivery of that id.
func (s *Store) Delivery(ctx context.Context, id int64) (model.Delivery, error) {
	var row deliveryRow
	err := s.read(ctx, fmt.Sprintf("delivery %d", id), func(c conn) error {
		return c.one(deliveryFields(&row), `SELECT `+deliveryColumns+` FROM delivery WHERE id = $1`, id)
	})
	if err != nil {
		return model.Delivery{}, err
	}
	return s.openDelivery(row), nil
}

// Entry is what the delivery sends. Problems secret.key_lost: it cannot be
// opened; journal.erased: its time is over.
func (s *Store) Entry(ctx context.Context, deliveryID int64) (e model.Entry, err error) {
	err = s.read(ctx, fmt.Sprintf("entry of delivery %d", deliveryID), func(c conn) error {
		var run int64
		var sealed []byte
		err := c.one([]any{&run, &sealed}, `
			SELECT d.run_id, COALESCE(e.sealed, '') FROM delivery d LEFT JOIN entry e ON e.delivery_id = d.id WHERE d.id = $1`, deliveryID)
		if err != nil {
			return err
		}
		plain, err := s.openPayload(c, run, entryCell(deliveryID), sealed)
		if err != nil {
			return err
		}
		return entryCell(deliveryID).read(plain, &e)
	})
	return e, err
}
