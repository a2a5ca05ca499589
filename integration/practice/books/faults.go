package books

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"sync"
)

// Fault is one way in which a practice system can misbehave. Its id is what
// tests and the control page name it by.
type Fault struct {
	ID   string `json:"id"`
	Text string `json:"text"` // one English sentence for the control page
}

// Faults is the control board of a practice system: faults are switched on for
// a number of requests, or until they are switched off.
type Faults struct {
	known []Fault
	mu    sync.Mutex
	left  map[string]int // requests left; negative is until switched off
}

// NewFaults makes a board that knows these faults, all of them off.
func NewFaults(known ...Fault) *Faults {
	return &Faults{known: known, left: make(map[string]int)}
}

// Set switches a fault on for the next times requests it applies to; a negative
// number is until it is set to zero. It reports whether the fault is known.
func (f *Faults) Set(id string, times int) bool {
	if !f.knows(id) {
		return false
	}
	f.set(id, times)
	if times == 0 {
		f.set(id+bookingsOnly, 0)
	}
	return true
}

func (f *Faults) knows(id string) bool {
	return slices.ContainsFunc(f.known, func(k Fault) bool { return k.ID == id })
}

func (f *Faults) set(id string, times int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if times == 0 {
		delete(f.left, id)
	} else {
		f.left[id] = times
	}
}

// SetBookings is [Faults.Set] for requests that book alone: others neither
// suffer from the fault nor count.
func (f *Faults) SetBookings(id string, times int) bool {
	if !f.knows(id) {
		return false
	}
	f.set(id+bookingsOnly, times)
	return true
}

// Take reports whether the fault applies to this request, and counts it.
func (f *Faults) Take(id string) bool { return f.take(id) }

// TakeBooking is [Faults.Take] for a request that books: it suffers from what
// was set for all requests and from what was set for bookings alone.
func (f *Faults) TakeBooking(id string) bool { return f.take(id) || f.take(id+bookingsOnly) }

// bookingsOnly marks the count of a fault that is for bookings alone. No fault's
// id holds a blank.
const bookingsOnly = " bookings"

func (f *Faults) take(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, on := f.left[id]
	switch {
	case !on:
		return false
	case n == 1:
		delete(f.left, id)
	case n > 1:
		f.left[id] = n - 1
	}
	return true
}

// Status lists the known faults with the requests each is still on for.
func (f *Faults) Status() []FaultStatus {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make([]FaultStatus, 0, len(f.known))
	for _, k := range f.known {
		all = append(all, FaultStatus{Fault: k, Left: f.left[k.ID], Bookings: f.left[k.ID+bookingsOnly]})
	}
	return all
}

// FaultStatus is a fault with the requests it is still on for: zero is off,
// negative until switched off. Bookings counts those it is on for bookings alone.
type FaultStatus struct {
	Fault
	Left     int `json:"left"`
	Bookings int `json:"bookings,omitempty"`
}

// ServeHTTP lists the faults as JSON on GET and sets one on POST with the form
// values "fault" and "times" (default 1, -1 until switched off, 0 off); with the
// value "only" set to "bookings" it is for requests that book alone. "back" sends a
// browser to the first page.
func (f *Faults) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		times := 1
		if s := r.FormValue("times"); s != "" {
			n, err := strconv.Atoi(s)
			if err != nil {
				http.Error(w, "times is not a number", http.StatusBadRequest)
				return
			}
			times = n
		}
		set := f.Set
		if r.FormValue("only") == "bookings" {
			set = f.SetBookings
		}
		if !set(r.FormValue("fault"), times) {
			http.Error(w, "no such fault", http.StatusNotFound)
			return
		}
	}
	if r.FormValue("back") != "" {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(f.Status())
}
