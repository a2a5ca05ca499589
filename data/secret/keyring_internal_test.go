package secret

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// TestPatiently_Hangs: a key store that never answers is told of, and given up in
// time.
func TestPatiently_Hangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		started := time.Now()
		var told []time.Duration
		_, err := patiently(t.Context(), func(waiting bool) {
			if waiting != (len(told) == 0) {
				t.Errorf("waiting %t after %v", waiting, told)
			}
			told = append(told, time.Since(started))
		}, func() (string, error) { <-release; return "", nil })
		if !errors.Is(err, ErrNoKeyStore) || time.Since(started) != 10*time.Second {
			t.Errorf("%v after %v", err, time.Since(started))
		}
		if !slices.Equal(told, []time.Duration{500 * time.Millisecond, 10 * time.Second}) {
			t.Errorf("told after %v", told)
		}
	})
}

// TestPatiently_Answers: an answer that comes soon is worth no words.
func TestPatiently_Answers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text, err := patiently(t.Context(), func(bool) { t.Error("told") }, func() (string, error) {
			time.Sleep(soon - time.Millisecond)
			return "key", nil
		})
		if text != "key" || err != nil {
			t.Error(text, err)
		}
	})
}

func TestPatiently_Cancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err := patiently(ctx, nil, func() (string, error) { <-release; return "", nil })
		if !errors.Is(err, context.Canceled) || errors.Is(err, ErrNoKeyStore) {
			t.Error(err)
		}
	})
}
