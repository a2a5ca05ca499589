package sender

import (
	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// equal tells whether the target has exactly what was sent.
func equal(sent model.Entry, found target.Booked) bool { return target.Same(sent.Lines, found.Lines) }

// totals are the gross debits and credits of a booking.
func totals(b target.Booked) (debit, credit journal.Amount) {
	e := model.Entry{Lines: b.Lines}
	return e.Totals()
}
