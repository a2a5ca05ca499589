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

// Census is how many deliveries of a target are in a state with a problem.
type Census struct {
	Target  string
	State   State
	Problem string // its code; empty without one
	Person  bool   // waits for a person
	Count   int64
	Oldest  time.Time // when the first of them was made; zero where they are over
}

// Call is one sending to a target, or one look-up there, for whoever measures.
type Call struct {
	Target  string
	Kind    string // "send" or "look_up"
	Outcome string // the class of a sending; "found", "missed" or "failed" of a look-up
	Took    time.Duration
}
