//go:build bench && linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// TestBench_SenderProcess starts the background sender on a folder with 100,000
// deliveries, half of them waiting behind a pause, and prints its memory, and what
// it takes of a core and how often it wakes up while it idles.
func TestBench_SenderProcess(t *testing.T) {
	t.Setenv("LOONBRUG_PASSPHRASE", "a passphrase for tests")
	bin := builtPlain(t)
	folder := t.TempDir()
	crowd(t, folder, 100_000)
	cmd := exec.Command(bin, "--data-dir", folder, "sender")
	says := &heard{more: make(chan struct{}, 1)}
	cmd.Stderr = says
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	says.until(t, "sending from")
	time.Sleep(2 * time.Second) // what starting cost is over
	const watched = 20 * time.Second
	used, woken := coreTime(t, cmd.Process.Pid), wakeUps(t, cmd.Process.Pid)
	time.Sleep(watched)
	used, woken = coreTime(t, cmd.Process.Pid)-used, wakeUps(t, cmd.Process.Pid)-woken
	core, memory := 100*used.Seconds()/watched.Seconds(), residentMB(t, cmd.Process.Pid)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	row := benchTable()
	row("loonbrug sender, 100,000 deliveries: memory", fmt.Sprintf("%.0f MB", memory), "60 MB", memory < 60)
	row("  idle, share of a core", fmt.Sprintf("%.2f %%", core), "0.1 %", core < 0.1)
	row("  idle, wake-ups per second", fmt.Sprintf("%.1f", float64(woken)/watched.Seconds()), "1", woken <= int64(watched.Seconds()))
}

// wakeUps is how often the threads of a process went to sleep of themselves.
func wakeUps(t *testing.T, pid int) (all int64) {
	t.Helper()
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range threads {
		data, err := os.ReadFile(path)
		if err != nil {
			continue // the thread has ended
		}
		_, rest, _ := strings.Cut(string(data), "\nvoluntary_ctxt_switches:")
		n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		all += n
	}
	return all
}

// crowd fills a data folder.
func crowd(t *testing.T, folder string, deliveries int) {
	t.Helper()
	ctx := t.Context()
	s, err := open(ctx, &shell{dataDir: folder, language: "en"}, needs{ask: askPassphrase})
	if err != nil {
		t.Fatal(err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.sender.Pause(ctx))
	c := model.Company{Source: "file", SourceID: "1", Name: "C", Country: "NL", Currency: "EUR"}
	must(s.store.SaveCompany(ctx, &c))
	a := model.Account{Target: "cash", Name: "A", State: model.AccountAuthorised}
	must(s.store.SaveAccount(ctx, &a))
	r, _, err := s.store.AddRun(ctx, model.Run{CompanyID: c.ID, SourceID: "r", Year: 2026, RunAt: time.Now()},
		model.Snapshot{Hash: "h", Content: "c", Journal: &journal.Journal{}, TakenAt: time.Now()}, func(model.Run) string { return "R" })
	must(err)
	lines := []model.EntryLine{{LedgerAccount: "4000", Amount: 1000}, {LedgerAccount: "1700", Amount: -1000}}
	var items []model.Queued
	for i := range deliveries {
		key, state := fmt.Sprintf("K%d", i), model.StateQueued
		if i%2 == 0 {
			state = model.StateNothingToBook
		}
		items = append(items, model.Queued{Delivery: model.Delivery{
			RunID: r.ID, CompanyID: c.ID, AccountID: a.ID, Target: "cash", Administration: strconv.Itoa(i),
			Period: journal.Period{Year: 2026, Number: 1}, Revision: 1, Key: key, State: state,
			Approval: model.ApprovalNone, EntryHash: key, CreatedAt: time.Now(), UpdatedAt: time.Now(),
		}, Entry: model.Entry{Target: "cash", Key: key, Lines: lines}})
	}
	must(s.store.Queue(ctx, items))
	must(s.Close())
}

// coreTime is what a process has used of the processor; the clock of the kernel
// counts hundredths of a second.
func coreTime(t *testing.T, pid int) time.Duration {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), ") ")
	fields := strings.Fields(rest)
	var ticks int64
	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

func residentMB(t *testing.T, pid int) float64 {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(data), "VmRSS:")
	if !found {
		t.Fatal("no VmRSS")
	}
	kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	if err != nil {
		t.Fatal(err)
	}
	return kb / 1024
}
