package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"strconv"
	"strings"

	"loonbrug/data/model"
)

// As says who uses the database, for the history: the operating system's name
// of the user.
func As(user string) Option { return func(o *options) { o.user = user } }

// told is what one transaction adds to the history, and whether it wrote at all.
type told struct {
	rows  []historyRow
	wrote bool
}

// historyRow is a row of the history as it lies in the table.
type historyRow struct {
	model.Event
	sealed        []byte
	step, receipt string
}

const historyColumns = `number, happened_at, made_by, kind, subject, part, detail, step, receipt, hash`

func historyFields(r *historyRow) []any {
	return []any{
		&r.Number, instant{&r.At}, &r.By, &r.Kind, &r.Subject, &r.Part, &r.sealed, &r.step, &r.receipt, &r.Hash,
	}
}

// historyDetail is the part of an event that names things.
type historyDetail struct {
	Name    string              `json:"name,omitempty"`
	Changes []model.FieldChange `json:"changes,omitempty"`
}

// tell adds an event to the history in the transaction that it tells of. Who did
// it is filled in here.
func (c conn) tell(e model.Event) {
	if e.By == "" && !model.IsUnattended(c.ctx) {
		e.By = c.user
	}
	c.tellAs(historyRow{Event: e})
}

// tellAs is tell for a row whose user is known, empty for the program.
func (c conn) tellAs(r historyRow) { c.told.rows = append(c.told.rows, r) }

// record writes what a transaction told, after the last row that is known. That
// is the one of the head, not the last one that is there: where rows were cut
// off, the gap stays for ever.
func (s *Store) record(c conn) error {
	if len(c.told.rows) == 0 {
		return nil
	}
	at, sound, err := s.head(c)
	if err != nil {
		return err
	}
	rows := c.told.rows
	for i := range rows {
		if rows[i].At.IsZero() {
			rows[i].At = s.Now()
		}
	}
	if !sound {
		rows = append([]historyRow{{Event: model.Event{At: rows[0].At, Kind: model.EventSealLost}}}, rows...)
	}
	for i := range rows {
		if err := s.link(c, &rows[i], &at); err != nil {
			return fmt.Errorf("history: %w", err)
		}
	}
	return s.seat(c, at)
}

// place in the chain of rows: the last number and the hash of its row.
type link struct {
	number int64
	hash   string
}

// head is the last row as the seal has it. Where there is none, or it does not
// open, it is the last row that is there, and sound is false unless there was
// never any.
func (s *Store) head(c conn) (at link, sound bool, err error) {
	var sealed []byte
	found, err := c.maybe([]any{&at.number, &at.hash, &sealed}, `SELECT number, hash, sealed FROM history_head WHERE id = 1`)
	if err != nil {
		return at, false, fmt.Errorf("history: %w", err)
	}
	if found && s.sealedHead(at, sealed) {
		return at, true, nil
	}
	at = link{}
	there, err := c.maybe([]any{&at.number, &at.hash}, `SELECT number, hash FROM history ORDER BY number DESC LIMIT 1`)
	return at, err == nil && !found && !there, err
}

// sealedHead tells whether the seal is that of the place.
func (s *Store) sealedHead(at link, sealed []byte) bool {
	plain, err := s.open(headCell(), sealed)
	return err == nil && string(plain) == at.text()
}

func (at link) text() string { return fmt.Sprintf("%d %s", at.number, at.hash) }

// link writes a row behind the one of that place, which moves on to it.
func (s *Store) link(c conn, r *historyRow, at *link) (err error) {
	r.Number = at.number + 1
	r.sealed, err = s.sealJSON(historyCell(r.Number), historyDetail{r.Name, r.Changes})
	if err != nil {
		return err
	}
	r.Hash = r.chained(at.hash)
	if err = c.later(`INSERT INTO history (`+historyColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, historyFields(r)...); err != nil {
		return err
	}
	*at = link{r.Number, r.Hash}
	return nil
}

// seat makes that place the head.
func (s *Store) seat(c conn, at link) error {
	sealed, err := s.seal(headCell(), []byte(at.text()))
	if err != nil {
		return err
	}
	return c.later(`
		INSERT INTO history_head (id, number, hash, sealed) VALUES (1, $1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET number = excluded.number, hash = excluded.hash, sealed = excluded.sealed`,
		at.number, at.hash, sealed)
}

// Mark names the last row of the history. See [Store.Follows].
func (s *Store) Mark(ctx context.Context) (mark string, err error) {
	err = s.read(ctx, "mark of the history", func(c conn) error {
		var at link
		err := c.one([]any{&at.number, &at.hash}, `SELECT number, hash FROM history ORDER BY number DESC LIMIT 1`)
		mark = at.text()
		return err
	})
	return mark, err
}

// Follows tells whether the database has the row of a mark that was taken earlier. A
// copy that is older than the mark does not have it, and neither does one that
// was written on after it was put back. Rows that are not kept any more count as
// there.
func (s *Store) Follows(ctx context.Context, mark string) (follows bool, err error) {
	number, hash, _ := strings.Cut(mark, " ")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return false, nil //nolint:nilerr // not a mark of any database
	}
	err = s.read(ctx, "mark of the history", func(c conn) error {
		var first int64
		if err := c.one([]any{&first}, `SELECT number FROM history ORDER BY number LIMIT 1`); err != nil {
			return err
		}
		var there string
		found, err := c.maybe([]any{&there}, `SELECT hash FROM history WHERE number = $1`, n)
		follows = n < first || found && there == hash
		return err
	})
	return follows, err
}

// digest is a SHA-256 over values of which each is told from the next.
type digest struct{ hash.Hash }

func newDigest() digest { return digest{sha256.New()} }

func (d digest) number(n int64) digest {
	_ = binary.Write(d, binary.BigEndian, n) // a hash takes everything
	return d
}

func (d digest) bytes(b []byte) digest {
	d.number(int64(len(b)))
	_, _ = d.Write(b)
	return d
}

func (d digest) text(s string) digest { return d.bytes([]byte(s)) }

func (d digest) hex() string { return hex.EncodeToString(d.Sum(nil)) }

// chained is the hash of a row that follows the one with that hash.
func (r *historyRow) chained(before string) string {
	return newDigest().text(before).number(r.Number).number(millis(r.At)).text(r.By).text(string(r.Kind)).
		number(r.Subject).number(int64(r.Part)).bytes(r.sealed).text(r.step).text(r.receipt).hex()
}

// attemptRow is an attempt as it lies in the table.
type attemptRow struct {
	model.Attempt
	code   string
	sealed []byte
}

func attemptFields(a *attemptRow) []any {
	return []any{&a.DeliveryID, &a.Number, instant{&a.At}, &a.Fence, &a.From, &a.To, &a.Event, &a.code, &a.sealed}
}

const attemptColumns = `delivery_id, number, happened_at, fence, from_state, to_state, event, problem_code, note`

// into puts everything that an attempt says into a digest.
func (a *attemptRow) into(d digest) {
	d.number(a.DeliveryID).number(int64(a.Number)).number(millis(a.At)).number(a.Fence).
		text(string(a.From)).text(string(a.To)).text(a.Event).text(a.code).bytes(a.sealed)
}

func (a *attemptRow) digest() string {
	d := newDigest()
	a.into(d)
	return d.hex()
}

// receiptRow is a receipt as it lies in the table.
type receiptRow struct {
	model.Receipt
	sealed []byte
}

func receiptFields(r *receiptRow) []any {
	return []any{&r.DeliveryID, &r.Number, instant{&r.BookedAt}, &r.Approval, &r.EntryHash, &r.sealed}
}

const receiptColumns = `delivery_id, number, booked_at, approval, entry_hash, proof`

func (r *receiptRow) digest() string {
	return newDigest().number(r.DeliveryID).text(r.Number).number(millis(r.BookedAt)).
		text(string(r.Approval)).text(r.EntryHash).bytes(r.sealed).hex()
}

// beginHistory writes the first rows of a database that has no history yet: that
// it begins, and the steps and receipts of all deliveries that are there.
func (s *Store) beginHistory(ctx context.Context) error {
	var there int64
	err := s.looking(ctx).one([]any{&there}, `SELECT COUNT(*) FROM history_head`)
	if err != nil || there > 0 {
		return err
	}
	return s.write(model.Unattended(ctx), "begin the history", func(c conn) error {
		if _, sound, err := s.head(c); err != nil || !sound {
			return err // another program began it, or its head was taken away
		}
		c.tell(model.Event{Kind: model.EventHistoryBegun})
		known, err := knownDeliveries(c)
		for _, r := range known {
			c.tellAs(r)
		}
		return err
	})
}

// knownDeliveries are rows that tell of the steps and receipts that are there.
func knownDeliveries(c conn) ([]historyRow, error) {
	receipts := make(map[int64]string)
	rows, err := list(c, receiptFields, `SELECT `+receiptColumns+` FROM receipt`)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		receipts[r.DeliveryID] = r.digest()
	}
	var all []historyRow
	var d digest
	err = c.each(func(scan func(...any) error) error {
		var a attemptRow
		if err := scan(attemptFields(&a)...); err != nil {
			return err
		}
		if len(all) == 0 || all[len(all)-1].Subject != a.DeliveryID {
			all = append(all, historyRow{
				Event:   model.Event{Kind: model.EventDeliveryKnown, Subject: a.DeliveryID},
				receipt: receipts[a.DeliveryID],
			})
			d = newDigest()
		}
		a.into(d)
		last := &all[len(all)-1]
		last.Part, last.step = a.Number, d.hex()
		return nil
	}, `SELECT `+attemptColumns+` FROM attempt ORDER BY delivery_id, number`)
	return all, err
}
