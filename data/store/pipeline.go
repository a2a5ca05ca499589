package store

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// pipeline is a transaction on a server. A statement of which nothing has to be
// known at once travels with the next one, so that the others, who wait for the end
// of the transaction, do not wait for the way there and back of each.
type pipeline struct {
	on      *pgx.Conn
	waiting *pgx.Batch
}

// full is how many statements travel together at most.
const full = 200

// onOne runs do in a transaction on a connection of the pool. What do wrote is kept
// if it says so, and gives no error.
func onOne(ctx context.Context, db *sql.DB, do func(q *pipeline) (keep bool, err error)) error {
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }() // gives it back to the pool
	return c.Raw(func(driverConn any) error {
		q := &pipeline{driverConn.(*stdlib.Conn).Conn(), new(pgx.Batch)}
		q.waiting.Queue("BEGIN")
		keep, err := do(q)
		if err == nil && keep {
			if err = q.commit(ctx); err == nil {
				return nil
			}
		}
		q.waiting = new(pgx.Batch)
		if _, undone := q.exec(ctx, "ROLLBACK", nil); undone != nil {
			return errors.Join(err, undone, driver.ErrBadConn) // nobody uses that connection again
		}
		return err
	})
}

// commit ends the transaction. One in which a statement failed is ended too, by a
// server that says that it took everything back.
func (q *pipeline) commit(ctx context.Context) error {
	tag, err := q.run(ctx, "COMMIT", nil)
	if err == nil && tag.String() != "COMMIT" {
		err = fmt.Errorf("the server answered COMMIT with %s", tag)
	}
	return err
}

func (q *pipeline) later(ctx context.Context, text string, args []any) error {
	if err := q.queue(text, args); err != nil || q.waiting.Len() < full {
		return err
	}
	return q.send(ctx).Close()
}

func (q *pipeline) exec(ctx context.Context, text string, args []any) (changed int64, err error) {
	tag, err := q.run(ctx, text, args)
	return tag.RowsAffected(), err
}

func (q *pipeline) run(ctx context.Context, text string, args []any) (tag pgconn.CommandTag, err error) {
	if err := q.queue(text, args); err != nil {
		return tag, err
	}
	answers, err := q.sent(ctx)
	if err != nil {
		return tag, err
	}
	tag, err = answers.Exec()
	return tag, cmp.Or(err, answers.Close())
}

func (q *pipeline) query(ctx context.Context, text string, args []any) (rows, error) {
	if err := q.queue(text, args); err != nil {
		return nil, err
	}
	answers, err := q.sent(ctx)
	if err != nil {
		return nil, err
	}
	r, err := answers.Query()
	if err != nil {
		return nil, cmp.Or(err, answers.Close())
	}
	return answer{r, answers}, nil
}

// queue has a statement wait, with its arguments as they are now.
func (q *pipeline) queue(text string, args []any) error {
	values := make([]any, len(args))
	for i, arg := range args {
		var err error
		if values[i], err = driver.DefaultParameterConverter.ConvertValue(arg); err != nil {
			return fmt.Errorf("argument %d: %w", i+1, err)
		}
	}
	q.waiting.Queue(text, values...)
	return nil
}

// send sends all that waits.
func (q *pipeline) send(ctx context.Context) pgx.BatchResults {
	batch := q.waiting
	q.waiting = new(pgx.Batch)
	return q.on.SendBatch(ctx, batch)
}

// sent sends all that waits, and gives the answers from the last one on.
func (q *pipeline) sent(ctx context.Context) (pgx.BatchResults, error) {
	before := q.waiting.Len() - 1
	answers := q.send(ctx)
	for range before {
		if _, err := answers.Exec(); err != nil {
			return nil, cmp.Or(err, answers.Close())
		}
	}
	return answers, nil
}

// answer is the rows of the last statement that was sent.
type answer struct {
	pgx.Rows
	all pgx.BatchResults
}

func (a answer) Columns() (names []string, err error) {
	for _, f := range a.FieldDescriptions() {
		names = append(names, f.Name)
	}
	return names, nil
}

func (a answer) Close() error {
	a.Rows.Close()
	return a.all.Close()
}
