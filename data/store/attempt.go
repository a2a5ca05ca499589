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
			a := model.Attempt{DeliveryID: deliveryID}
			var code string
			var sealed []byte
			err := scan(&a.Number, instant{&a.At}, &a.Fence, &a.From, &a.To, &a.Event, &code, &sealed)
			if err != nil {
				return err
			}
			var n note
			if err := s.openJSON(noteCell(deliveryID, a.Number), sealed, &n); err == nil {
				a.Problem, a.Detail, a.By, a.Reason = n.Problem, n.Detail, n.By, n.Reason
			} else if code != "" {
				a.Problem = model.NewProblem(code).Because(err)
			}
			all = append(all, a)
			return nil
		}, `
			SELECT number, happened_at, fence, from_state, to_state, event, problem_code, note
			FROM attempt WHERE delivery_id = $1 ORDER BY number`, deliveryID)
	})
	return all, err
}

func (s *Store) appendAttempt(c conn, a model.Attempt) error {
	err := c.one([]any{&a.Number}, `
		SELECT COALESCE(MAX(number), 0) + 1 FROM attempt WHERE delivery_id = $1`, a.DeliveryID)
	if err != nil {
		return err
	}
	sealed, err := s.sealJSON(noteCell(a.DeliveryID, a.Number), note{a.Problem, a.Detail, a.By, a.Reason})
	if err != nil {
		return err
	}
	var code string
	if a.Problem != nil {
		code = a.Problem.Code
	}
	_, err = c.exec(`
		INSERT INTO attempt (delivery_id, number, happened_at, fence, from_state, to_state, event, problem_code, note)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		a.DeliveryID, a.Number, instant{&a.At}, a.Fence, a.From, a.To, a.Event, code, sealed)
	return err
}
