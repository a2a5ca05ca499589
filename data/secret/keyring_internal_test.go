package secret

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestPatiently_Hangs: a key store that never answers is given up in time.
func TestPatiently_Hangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		started := time.Now()
		_, err := patiently(t.Context(), func() (string, error) { <-release; return "", nil })
		if !errors.Is(err, ErrNoKeyStore) || time.Since(started) != 10*time.Second {
			t.Errorf("%v after %v", err, time.Since(started))
		}
	})
}

func TestPatiently_Cancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err := patiently(ctx, func() (string, error) { <-release; return "", nil })
		if !errors.Is(err, context.Canceled) || errors.Is(err, ErrNoKeyStore) {
			t.Error(err)
		}
	})
}
