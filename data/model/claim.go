package model

import "time"

// Claim is how a sender takes a delivery that is due: under a lease that counts
// from now, and with its first step.
type Claim struct {
	Now   time.Time
	Lease time.Duration

	// Begin gives what becomes of the delivery that was taken, and the attempt to
	// write down for that, both in the transaction of the claim; without an
	// attempt nothing more is written. It may be nil, and may not use the store.
	Begin func(Delivery) (Delivery, *Attempt, error)
}
