package store

import (
	"context"
	"fmt"

	"loonbrug/data/model"
)

// note is the part of an attempt that may hold an amount or a text.
type note struct {
	Problem *model.Problem `json:"problem,omitempty"`
	Detail  string         `json:"detail,omitempty"`
	By      string         `json:"by,omitempty"`
	Reason  string         `json:"reason,omitempty"`
}

// Attempts are all steps of a delivery in their order. One whose note cannot be
// opened still has its time, states, event and the code of its problem.
func (s *Store) Attempts(ctx context.Context, deliveryID int64) (all []model.Attempt, err error) {
	err = s.read(ctx, fmt.Sprintf("attempts of delivery %d", deliveryID), func(c conn) error {
		return c.each(func(scan func(...any) error) error {
			var row attemptRow
			if err := scan(attemptFields(&row)...); err != nil {
				return err
			}
			all = append(all, s.openAttempt(row))
			return nil
		}, `SELECT `+attemptColumns+` FROM attempt WHERE delivery_id = $1 ORDER BY number`, deliveryID)
	})
	return all, err
}

func (s *Store) openAttempt(row attemptRow) model.Attempt {
	var n note
	err := s.openJSON(noteCell(row.DeliveryID, row.Number), row.sealed, &n)
	if err == nil {
		row.Problem, row.Detail, row.By, row.Reason = n.Problem, n.Detail, n.By, n.Reason
	} else if row.code != "" {
		row.Problem = model.NewProblem(row.code).Because(err)
	}
	return row.Attempt
}

// appendAttempt adds a step to a delivery, and to the history with the receipt
// that it brought, if any.
func (s *Store) appendAttempt(c conn, a model.Attempt, r *model.Receipt) error {
	row := attemptRow{Attempt: a}
	err := c.one([]any{&row.Number}, `
		SELECT COALESCE(MAX(number), 0) + 1 FROM attempt WHERE delivery_id = $1`, a.DeliveryID)
	if err != nil {
		return err
	}
	row.sealed, err = s.sealJSON(noteCell(a.DeliveryID, row.Number), note{a.Problem, a.Detail, a.By, a.Reason})
	if err != nil {
		return err
	}
	if a.Problem != nil {
		row.code = a.Problem.Code
	}
	if err = c.later(`INSERT INTO attempt (`+attemptColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, attemptFields(&row)...); err != nil {
		return err
	}
	step := historyRow{
		Event: model.Event{At: a.At, By: a.By, Kind: model.EventDeliveryStep, Subject: a.DeliveryID, Part: row.Number},
		step:  row.digest(),
	}
	if r != nil {
		proof := *r
		proof.DeliveryID = a.DeliveryID
		if step.receipt, err = s.saveReceipt(c, proof); err != nil {
			return err
		}
	}
	c.tellAs(step)
	return nil
}
