//go:build bench && smoke && linux

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// What the window is measured with.
const (
	windowRuns = 100_000
	watched    = 20 * time.Second // how long the processor time of a window is added up
	rounds     = 5
)

// TestBench_Window compares the window on an office with many runs with a bare
// one, in turn in this one run: the time from the start to what can be used, and
// what both cost while nothing happens.
func TestBench_Window(t *testing.T) {
	s := newScreen(t)
	bare := filepath.Join(t.TempDir(), "bare")
	if out, err := exec.Command("go", "build", "-tags", "migrated_fynedo", "-o", bare, "./testdata/bare").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	office, err := openPractice(t.Context(), &shell{dataDir: s.data, language: "nl"}, false)
	if err != nil {
		t.Fatal(err)
	}
	company, err := office.firstCompany(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range windowRuns {
		importRun(t, office.store, company.ID, i)
	}
	if err := office.Close(); err != nil {
		t.Fatal(err)
	}
	row := benchTable()
	var ours, theirs []time.Duration
	for range rounds {
		theirs = append(theirs, s.bareStart(bare, nil))
		ours = append(ours, s.firstRows())
		s.quit()
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	ratio := ours[rounds/2].Seconds() / theirs[rounds/2].Seconds()
	row(fmt.Sprintf("start to the first rows, %d runs, of a bare window", windowRuns),
		fmt.Sprintf("%.2f (%v, %v)", ratio, ours[rounds/2].Round(time.Millisecond), theirs[rounds/2].Round(time.Millisecond)), "1.50", ratio <= 1.5)

	var empty float64
	s.bareStart(bare, func(pid int) { empty = busyShare(t, pid) })
	s.firstRows()
	idle := busyShare(t, s.window.Process.Pid)
	s.quit()
	row("idle with the window open, % of a core more than a bare one", fmt.Sprintf("%.2f (%.2f, %.2f)", idle-empty, idle, empty), "1.00", idle-empty <= 1)

	address, registered := trayBus(t)
	s.onBus(address)
	s.start("nl_NL.UTF-8", "--minimised", "practice")
	<-registered
	s.see("Oefenmodus")
	hidden := busyShare(t, s.window.Process.Pid)
	s.quit()
	row("hidden in the tray, % of a core", fmt.Sprintf("%.2f", hidden), "0.20", hidden < 0.2)
}

// firstRows starts the program and tells how long the first rows took.
func (s *screen) firstRows() time.Duration {
	s.t.Helper()
	start := time.Now()
	s.window = s.program("practice")
	s.window.Env = append(s.window.Env, "LANG=nl_NL.UTF-8", "LC_ALL=nl_NL.UTF-8")
	s.window.Stdout, s.window.Stderr = &s.output, &s.output
	if err := s.window.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = s.window.Process.Kill() })
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for over := time.After(bound); ; {
		if slices.ContainsFunc(s.look(), func(e seen) bool { return strings.HasPrefix(e.Text, "Loonrun ") }) {
			return time.Since(start)
		}
		select {
		case <-again.C:
		case <-over:
			s.t.Fatalf("no rows; the window shows:\n%s", s.words())
		}
	}
}

// bareStart starts a bare window, tells how long it took, and ends it once use is
// done with it.
func (s *screen) bareStart(bin string, use func(pid int)) time.Duration {
	s.t.Helper()
	cmd := exec.Command(bin)
	cmd.Env = s.env
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		s.t.Fatal(err)
	}
	took := time.Since(start)
	if use != nil {
		use(cmd.Process.Pid)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	return took
}

// busyShare is the share of one core that a program takes for a while, in
// percent, after it has settled.
func busyShare(t *testing.T, pid int) float64 {
	t.Helper()
	time.Sleep(watched / 4)
	before, start := ticks(t, pid), time.Now()
	time.Sleep(watched)
	const perSecond = 100 // of the kernel's clock, on every Linux
	return float64(ticks(t, pid)-before) / perSecond / time.Since(start).Seconds() * 100
}

// ticks is the processor time of a program so far.
func ticks(t *testing.T, pid int) (n int) {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	var user, system int
	if _, err := fmt.Sscan(string(fields[11])+" "+string(fields[12]), &user, &system); err != nil {
		t.Fatal(err)
	}
	return user + system
}
