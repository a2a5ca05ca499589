//go:build !windows

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"loonbrug/data/model"
)

// heard is what a program says while it runs.
type heard struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	select {
	case h.more <- struct{}{}:
	default:
	}
	return h.text.Write(p)
}

// until waits for the program to say something.
func (h *heard) until(t testing.TB, what string) {
	t.Helper()
	over := time.After(time.Minute)
	for {
		h.mu.Lock()
		said := h.text.String()
		h.mu.Unlock()
		if strings.Contains(said, what) {
			return
		}
		select {
		case <-h.more:
		case <-over:
			t.Fatalf("it did not say %q but %q", what, said)
		}
	}
}

// startSender starts the background sender of a data folder.
func startSender(t *testing.T, bin, folder string, args ...string) (*exec.Cmd, *heard) {
	t.Helper()
	cmd := exec.Command(bin, append([]string{"--data-dir", folder, "sender"}, args...)...)
	says := &heard{more: make(chan struct{}, 1)}
	cmd.Stderr = says
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if cmd.ProcessState == nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	})
	return cmd, says
}

// statusOf is what the status command tells of the sender.
func statusOf(t *testing.T, bin, folder string) senderReport {
	t.Helper()
	cmd := exec.Command(bin, "--data-dir", folder, "status", "--json")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Sender senderReport `json:"sender"`
	}
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatal(err)
	}
	return r.Sender
}

// TestSender_OnePerFolder: a second sender is refused, or waits and takes over at
// once when the first ends; what a third program queues is noticed without a
// glance; a pause outlives them all.
func TestSender_OnePerFolder(t *testing.T) {
	bin := builtPlain(t)
	systems := servedPractice(t)
	folder := t.TempDir()
	officeAt(t, folder, systems)
	if r := statusOf(t, bin, folder); r.Alive || r.Problem != nil {
		t.Errorf("before it began: %+v", r)
	}
	first, firstSays := startSender(t, bin, folder)
	firstSays.until(t, "sending from")
	if r := statusOf(t, bin, folder); !r.Alive {
		t.Errorf("while it runs: %+v", r)
	}

	refused := exec.Command(bin, "--data-dir", folder, "sender")
	var exit *exec.ExitError
	if err := refused.Run(); !errors.As(err, &exit) || exit.ExitCode() != exitFailed {
		t.Errorf("a second sender: %v", err)
	}
	second, secondSays := startSender(t, bin, folder, "--wait")
	secondSays.until(t, "waiting to send")

	s := folderDesk(t, folder)
	if err := s.office.Pause(t.Context()); err != nil {
		t.Fatal(err)
	}
	queueAll(t, s)
	if r := statusOf(t, bin, folder); !r.Paused || r.Waiting != 9 || r.NextTry != nil {
		t.Errorf("while paused: %+v", r)
	}
	interrupt(t, first)
	secondSays.until(t, "loonbrug: sending from")
	if r := statusOf(t, bin, folder); !r.Paused || !r.Alive || r.Waiting != 9 {
		t.Errorf("after the take-over: %+v", r)
	}
	changes, end := s.office.Subscribe()
	defer end()
	if err := s.office.Continue(t.Context()); err != nil {
		t.Fatal(err)
	}
	over := time.After(time.Minute)
	for {
		status, err := s.office.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if status.Waiting+status.Working == 0 && status.Person == 0 {
			break
		}
		select {
		case <-changes: // rung by the program that sends
		case <-over:
			t.Fatalf("not sent, or not told: %+v", status)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	interrupt(t, second)
	if r := statusOf(t, bin, folder); r.Alive || r.Waiting != 0 || r.LastBooked == nil {
		t.Errorf("afterwards: %+v", r)
	}
}

// folderDesk opens the data folder in this program, which does not send.
func folderDesk(t *testing.T, folder string) *services {
	t.Helper()
	s, err := open(t.Context(), &shell{dataDir: folder, language: "en"}, needs{ask: askPassphrase})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func queueAll(t *testing.T, s *services) {
	t.Helper()
	rows, err := s.office.Runs(t.Context(), model.RunFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, logo := range row.Targets {
			if _, err := s.office.Send(t.Context(), row.Run.ID, logo.MappingID); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// interrupt ends a sender as ctrl-C does.
func interrupt(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("interrupted: %v", err)
	}
}
