package store

import (
	"context"
	"fmt"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// proof is the part of a receipt that holds amounts and the target's words.
type proof struct {
	Lines  int               `json:"lines"`
	Debit  journal.Amount    `json:"debit"`
	Credit journal.Amount    `json:"credit"`
	Extra  map[string]string `json:"extra,omitempty"`
	Key    string            `json:"key,omitempty"`
	User   string            `json:"user,omitempty"`
	Read   string            `json:"read,omitempty"`
	Head   model.Entry       `json:"head,omitzero"`
}

// Receipt is the proof of a booked delivery. Problem secret.key_lost: it cannot
// be opened.
func (s *Store) Receipt(ctx context.Context, deliveryID int64) (model.Receipt, error) {
	r := model.Receipt{DeliveryID: deliveryID}
	err := s.read(ctx, fmt.Sprintf("receipt of delivery %d", deliveryID), func(c conn) error {
		var sealed []byte
		err := c.one([]any{&r.Number, instant{&r.BookedAt}, &r.Approval, &r.EntryHash, &sealed}, `
			SELECT number, booked_at, approval, entry_hash, proof FROM receipt WHERE delivery_id = $1`, deliveryID)
		if err != nil {
			return err
		}
		var p proof
		err = s.openJSON(proofCell(deliveryID), sealed, &p)
		r.Lines, r.Debit, r.Credit, r.Extra = p.Lines, p.Debit, p.Credit, p.Extra
		r.Key, r.User, r.ReadHash, r.Head = p.Key, p.User, p.Read, p.Head
		return err
	})
	if err != nil {
		return model.Receipt{}, err
	}
	return r, nil
}

// saveReceipt keeps a receipt and gives its digest for the history.
func (s *Store) saveReceipt(c conn, r model.Receipt) (digest string, err error) {
	sealed, err := s.sealJSON(proofCell(r.DeliveryID), proof{r.Lines, r.Debit, r.Credit, r.Extra, r.Key, r.User, r.ReadHash, r.Head})
	if err != nil {
		return "", err
	}
	row := receiptRow{r, sealed}
	err = c.later(`
		INSERT INTO receipt (`+receiptColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (delivery_id) DO UPDATE SET number = excluded.number, booked_at = excluded.booked_at,
			approval = excluded.approval, entry_hash = excluded.entry_hash, proof = excluded.proof`,
		receiptFields(&row)...)
	return row.digest(), err
}
