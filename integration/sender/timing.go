package sender

import (
	"fmt"
	"time"
)

// Timing are the times that the safety of sending rests on. They must hold
// Lease > Deadline + Request: a request may not outlive its lease.
//
// A delivery with unknown outcome is looked up after Lease + Settle, and again
// after half of Settle. Lease + 1.5 × Settle must exceed the time in which a
// booking can still turn up at a target after the request ended.
type Timing struct {
	Lease    time.Duration // how long a delivery belongs to one sender
	Deadline time.Duration // from the intent to the first byte on the wire
	Request  time.Duration // from the first byte to the end of the answer
	Settle   time.Duration // quiet time before a look-up counts
	Sweep    time.Duration // before the first look for drafts too many; see [sweeps]
}

// DefaultTiming suits the real systems.
func DefaultTiming() Timing {
	return Timing{Lease: 5 * time.Minute, Deadline: 30 * time.Second, Request: time.Minute, Settle: 15 * time.Minute, Sweep: time.Minute}
}

// PracticeTiming suits systems on the same computer: an unknown outcome is
// settled within seconds.
func PracticeTiming() Timing {
	return Timing{Lease: 3 * time.Second, Deadline: 500 * time.Millisecond, Request: 2 * time.Second, Settle: time.Second, Sweep: time.Second}
}

func (t Timing) validate() error {
	if t.Settle <= 0 || t.Sweep <= 0 || t.Deadline <= 0 || t.Request <= 0 || t.Lease <= t.Deadline+t.Request {
		return fmt.Errorf("sender: lease %s must exceed deadline %s plus request %s, and settle %s and sweep %s be positive",
			t.Lease, t.Deadline, t.Request, t.Settle, t.Sweep)
	}
	return nil
}
