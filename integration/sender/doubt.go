package sender

import (
	"sync"
	"time"
)

// doubts remembers, for deliveries whose outcome is unknown, from when on a
// look-up that finds nothing counts. The times in the database go by a clock
// that people set and that jumps; were they all there is, setting it forward
// would end the quiet time before the last sending can have arrived. So the
// quiet time passes by the steady clock of this program too, and for what an
// earlier program left behind it begins anew. A look-up that finds the booking
// counts at any time.
type doubts struct {
	mu     sync.Mutex
	counts map[int64]time.Time // with its steady reading
	others time.Time           // for what this program did not see come into doubt
}

// begin is called when a program takes over.
func (d *doubts) begin(window time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.counts, d.others = make(map[int64]time.Time), time.Now().Add(window)
}

// quiet says after which time a miss counts.
func (d *doubts) quiet(id int64, window time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.counts != nil {
		d.counts[id] = time.Now().Add(window)
	}
}

// over forgets a delivery that is no longer in doubt.
func (d *doubts) over(id int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.counts, id)
}

// left is how long a miss does not count yet.
func (d *doubts) left(id int64) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	until, ok := d.counts[id]
	if !ok {
		until = d.others
	}
	return time.Until(until)
}
