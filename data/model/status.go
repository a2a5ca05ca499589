package model

import "time"

// SenderStatus is how the background sender stands, for the status bar.
type SenderStatus struct {
	Alive      bool // a sender runs, in this program or in another one
	Working    int  // deliveries being checked, sent or read back now
	Waiting    int  // other deliveries that are queued or wait for their next try
	Person     int  // deliveries that only a person can settle
	LastBooked time.Time
	NextAt     time.Time // when the next waiting delivery is due; zero when none is
	Problem    *Problem  // what keeps the sender from working; nil when nothing does
	Pauses     []Pause   // what keeps deliveries that are due from being taken
}

// Pause is the pause of a kind that all accounts are under; ok is false when
// there is none.
func (s SenderStatus) Pause(kind PauseKind) (p Pause, ok bool) {
	for _, p := range s.Pauses {
		if p.Kind == kind && p.AccountID == 0 {
			return p, true
		}
	}
	return Pause{}, false
}
