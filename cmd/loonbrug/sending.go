package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"loonbrug/data/model"
	"loonbrug/integration/sender"
)

// takeOver is how often a program that waits to send looks whether the one that
// does was killed. One that ends rings.
const takeOver = 10 * time.Second

// sendWhenFree runs the sender until ctx ends, as soon as no other program of
// this data folder does.
func (s *services) sendWhenFree(ctx context.Context) (done <-chan error, err error) {
	owner, err := s.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", filepath.Base(s.paths.Lock), err)
	}
	ended := make(chan error, 1)
	go func() {
		defer close(ended)
		again := time.NewTicker(takeOver)
		defer again.Stop()
		for err == nil && !owner {
			select {
			case <-again.C:
			case <-s.rung:
			case <-ctx.Done():
				return
			}
			owner, err = s.lock.TryLock()
		}
		if err == nil {
			err = s.work(ctx)
		}
		ended <- err
	}()
	return ended, nil
}

// mailbox is the sender as the office sees it: alive too when another program
// of the data folder sends.
type mailbox struct {
	*sender.Sender
	lock *flock.Flock
}

// Status implements office.Mailbox.
func (m mailbox) Status() (alive bool, working int, fault error) {
	alive, working, fault = m.Sender.Status()
	return alive || !m.lock.Locked(), working, fault
}

// send runs the sender until ctx ends, if no other program of this data folder
// does. owner is false when another one does; then nothing runs here.
func (s *services) send(ctx context.Context) (owner bool, done <-chan error, err error) {
	owner, err = s.tryLock(ctx)
	if err != nil {
		return false, nil, fmt.Errorf("lock %s: %w", filepath.Base(s.paths.Lock), err)
	}
	ended := make(chan error, 1)
	if !owner {
		close(ended)
		return false, ended, nil
	}
	go func() { ended <- s.work(ctx) }()
	return true, ended, nil
}

// work is what the owner of the sender's lock does until ctx ends: it sends, and
// keeps the office in order and lets payroll in beside that.
func (s *services) work(ctx context.Context) error {
	ctx, stop := context.WithCancel(model.Unattended(ctx))
	defer stop()
	var beside sync.WaitGroup
	beside.Go(func() { s.keep(ctx) })
	err := s.sender.Run(ctx)
	stop()
	beside.Wait()
	return err
}

// keep keeps the office in order and lets payroll in, until ctx ends. Of all
// computers one does so at a time; when it goes, another takes its place.
func (s *services) keep(ctx context.Context) {
	for ctx.Err() == nil {
		err := s.store.Only(ctx, "keeping the office", func(ctx context.Context) error {
			var beside sync.WaitGroup
			beside.Go(func() { s.office.Keep(ctx) })
			if s.intake != nil {
				beside.Go(func() {
					if err := s.intake.Run(ctx); err != nil {
						s.log.Error("payroll does not come in", "error", err) // what is queued is sent all the same
					}
				})
			}
			beside.Wait()
			return nil
		})
		if err != nil && ctx.Err() == nil {
			s.log.Warn("keep the office", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(takeOver):
		}
	}
}

// tryLock tries for a moment, because a program that only looks whether anybody
// sends holds the lock for an instant.
func (s *services) tryLock(ctx context.Context) (owner bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	owner, err = s.lock.TryLockContext(ctx, 100*time.Millisecond)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return false, nil
	}
	return owner, err
}
