package sender

import (
	"context"
	"time"

	"loonbrug/data/model"
)

// clockSlack is the correction of a clock that is not worth speaking of.
const clockSlack = time.Minute

// watch holds the clock that people set against the steady one of this program.
type watch struct{ last time.Time }

// setBack tells whether the clock was set back since it was last asked. While a
// computer sleeps the steady clock stands still, which looks the other way round.
func (w *watch) setBack(now time.Time) bool {
	last := w.last
	w.last = now
	return !last.IsZero() && now.Sub(last)-now.Round(0).Sub(last.Round(0)) > clockSlack
}

// bringBack makes deliveries wait for as long as they were told to where the
// clock was set back since: their times would come late by the step. Without
// being sure, it goes by what was written down as of a time still to come. Pauses
// end, because whoever wants to be waited for says so again. Nothing is sent the
// earlier for it: see [doubts].
func (s *Sender) bringBack(ctx context.Context, sure bool) error {
	moved, err := s.store.BringBack(ctx, s.now(), clockSlack)
	if err != nil || (moved == 0 && !sure) {
		return err
	}
	s.log.Warn("the clock was set back", "deliveries", moved)
	s.mu.Lock()
	s.reach.offline = nil
	s.mu.Unlock()
	s.warn("online", s.store.EndPause(ctx, model.PauseOffline, 0))
	s.endAccountPauses(ctx, func(model.Pause) bool { return true })
	s.changed()
	return nil
}
