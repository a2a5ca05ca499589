package sender

// Wake makes the sender of the data folder look for work at once, whichever
// program it runs in.
func (s *Sender) Wake() {
	s.nudge()
	s.o.Ring()
}

// Hear is [Sender.Wake] by another program: the sender looks for work, and who
// subscribed looks again.
func (s *Sender) Hear() {
	s.mu.Lock()
	s.reach.stale = true
	s.mu.Unlock()
	s.nudge()
	s.tell()
}

func (s *Sender) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Subscribe gives a channel that holds a token whenever something changed since
// it was last read, and a function that ends it.
func (s *Sender) Subscribe() (changes <-chan struct{}, end func()) {
	c := make(chan struct{}, 1)
	s.mu.Lock()
	s.listeners[c] = struct{}{}
	s.mu.Unlock()
	return c, func() {
		s.mu.Lock()
		delete(s.listeners, c)
		s.mu.Unlock()
	}
}

// Status tells whether the sender runs in this program, how many deliveries it
// has under way, and what keeps any sender of this folder from working.
func (s *Sender) Status() (alive bool, working int, fault error) {
	s.mu.Lock()
	alive, working, fault = s.running, s.working, s.fault
	s.mu.Unlock()
	if !alive {
		fault = s.room()
	}
	return alive, working, fault
}

func (s *Sender) setRunning(on bool) {
	s.mu.Lock()
	s.running = on
	s.mu.Unlock()
	s.changed()
}

func (s *Sender) count(n int) {
	s.mu.Lock()
	s.working += n
	s.mu.Unlock()
}

// changed tells everybody who looks on, in this program and in others.
func (s *Sender) changed() {
	s.tell()
	s.o.Ring()
}

func (s *Sender) tell() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.listeners {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}
