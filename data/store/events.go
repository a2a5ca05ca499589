package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// History are the events that the filter chooses, newest first. A step of a
// delivery comes with its attempt, and with what the delivery is for in its
// name. An event whose detail cannot be opened still has everything else.
func (s *Store) History(ctx context.Context, f model.HistoryFilter) (all []model.Event, err error) {
	before, limit := f.Before, f.Limit
	if before <= 0 {
		before = math.MaxInt64
	}
	if limit <= 0 {
		limit = math.MaxInt64
	}
	err = s.read(ctx, "history", func(c conn) error {
		return c.each(func(scan func(...any) error) error {
			var row eventRow
			if err := scan(eventFields(&row)...); err != nil {
				return err
			}
			all = append(all, s.openEvent(row))
			return nil
		}, `
			SELECT `+eventColumns+`
			FROM history h
			LEFT JOIN attempt a ON h.kind = 'delivery.step' AND a.delivery_id = h.subject AND a.number = h.part
			LEFT JOIN delivery d ON h.kind LIKE 'delivery.%' AND d.id = h.subject
			LEFT JOIN company c ON c.id = d.company_id
			WHERE h.number < $1 AND h.happened_at >= $2 ORDER BY h.number DESC LIMIT $3`,
			before, instant{&f.Since}, limit)
	})
	return all, err
}

// eventRow is a row of the history with what it tells of.
type eventRow struct {
	historyRow
	happened, fence            sql.NullInt64
	from, to, event, code      sql.NullString
	note                       []byte
	company, reference, target sql.NullString
	administration             sql.NullString
	year, period               sql.NullInt64
}

const eventColumns = `h.number, h.happened_at, h.made_by, h.kind, h.subject, h.part, h.detail, h.hash,
	a.happened_at, a.fence, a.from_state, a.to_state, a.event, a.problem_code, a.note,
	c.name, d.reference, d.target, d.administration, d.year, d.period`

func eventFields(r *eventRow) []any {
	return []any{
		&r.Number,
		instant{&r.At},
		&r.By, &r.Kind, &r.Subject, &r.Part, &r.sealed, &r.Hash,
		&r.happened, &r.fence, &r.from, &r.to, &r.event, &r.code, &r.note,
		&r.company, &r.reference, &r.target, &r.administration, &r.year, &r.period,
	}
}

func (s *Store) openEvent(row eventRow) model.Event {
	var d historyDetail
	if err := s.openJSON(historyCell(row.Number), row.sealed, &d); err == nil {
		row.Name, row.Changes = d.Name, d.Changes
	}
	if row.reference.Valid {
		period := journal.Period{Year: int(row.year.Int64), Number: int(row.period.Int64)}
		row.Name = fmt.Sprintf("%s %s %s, %s %s", row.company.String, row.reference.String, period, row.target.String, row.administration.String)
	}
	if row.event.Valid {
		a := s.openAttempt(attemptRow{
			Attempt: model.Attempt{
				DeliveryID: row.Subject, Number: row.Part, At: row.At, Fence: row.fence.Int64,
				From: model.State(row.from.String), To: model.State(row.to.String), Event: row.event.String,
			},
			code: row.code.String, sealed: row.note,
		})
		row.Attempt = &a
	}
	return row.Event
}
