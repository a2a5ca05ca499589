package httpx

import (
	"errors"
	"net"
	"testing"
	"time"
	"unsafe"
)

// A request that was given up must not be written afterwards.
func TestGate_ShutLetsNothingOut(t *testing.T) {
	client, server := net.Pipe()
	defer func() { _ = errors.Join(client.Close(), server.Close()) }()
	g := &gate{now: time.Now}
	g.begin()
	if g.shut() {
		t.Error("nothing was written, yet it counts as sent")
	}
	if _, err := (&gatedConn{Conn: client, gate: g}).Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("written after it was given up: %v", err)
	}
}

// A write under way when the request is given up may still succeed.
func TestGate_WriteUnderWayCountsAsSent(t *testing.T) {
	g := &gate{now: time.Now}
	g.begin()
	if err := g.enter(); err != nil {
		t.Fatal(err)
	}
	if !g.shut() {
		t.Error("a write under way counts as not sent")
	}
}

func TestGate_WhatWasWritten(t *testing.T) {
	for n, sent := range map[int]bool{0: false, 1: true} {
		g := &gate{now: time.Now}
		g.begin()
		if err := g.enter(); err != nil {
			t.Fatal(err)
		}
		g.leave(n)
		if g.shut() != sent {
			t.Errorf("%d bytes: sent %t", n, !sent)
		}
	}
}

// The wall clock and the monotonic clock run apart when a computer sleeps or
// when its clock is set; whichever is further decides.
func TestGate_TwoClocks(t *testing.T) {
	start := time.Now()
	deadline := start.Add(30 * time.Second)
	tests := []struct {
		name            string
		wall, monotonic time.Duration
		late            bool
	}{
		{"Both", 31 * time.Second, 31 * time.Second, true},
		{"MonotonicStoodStill", 31 * time.Second, time.Second, true},
		{"WallWasSetBack", -time.Hour, 31 * time.Second, true},
		{"Neither", 29 * time.Second, 29 * time.Second, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now := apart(start.Add(tt.wall), tt.monotonic-tt.wall)
			if got := now.Round(0).Sub(start.Round(0)); got != tt.wall {
				t.Fatalf("wall clock moved by %v", got)
			}
			if got := now.Sub(start); got != tt.monotonic {
				t.Fatalf("monotonic clock moved by %v", got)
			}
			g := &gate{now: func() time.Time { return now }, deadline: deadline}
			if err := g.enter(); errors.Is(err, ErrTooLate) != tt.late {
				t.Errorf("got %v", err)
			}
		})
	}
}

// apart moves the monotonic reading of a time alone, which nothing public can;
// the caller checks that it did.
func apart(t time.Time, by time.Duration) time.Time {
	layout := (*struct {
		wall uint64
		ext  int64
		loc  *time.Location
	})(unsafe.Pointer(&t))
	layout.ext += int64(by)
	return t
}
