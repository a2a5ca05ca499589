//go:build linux

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

// BenchmarkSenderProcess starts the background sender on a folder with 100,000
// deliveries, half of them waiting behind a pause, and gives its memory and what
// it takes of a core while it idles.
func BenchmarkSenderProcess(b *testing.B) {
	b.Setenv("LOONBRUG_PASSPHRASE", "a passphrase for tests")
	bin := filepath.Join(b.TempDir(), "loonbrug")
	if out, err := exec.Command("go", "build", "-tags", "migrated_fynedo", "-o", bin, ".").CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	folder := b.TempDir()
	crowd(b, folder, 100_000)
	for b.Loop() {
		cmd := exec.Command(bin, "--data-dir", folder, "sender")
		says := &heard{more: make(chan struct{}, 1)}
		cmd.Stderr = says
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		says.until(b, "sending from")
		time.Sleep(2 * time.Second) // what starting cost is over
		before := coreTime(b, cmd.Process.Pid)
		const watched = 10 * time.Second
		time.Sleep(watched)
		used := coreTime(b, cmd.Process.Pid) - before
		b.ReportMetric(100*used.Seconds()/watched.Seconds(), "%-of-a-core")
		b.ReportMetric(residentMB(b, cmd.Process.Pid), "MB-RSS")
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			b.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			b.Fatal(err)
		}
	}
}

// crowd fills a data folder.
func crowd(b *testing.B, folder string, deliveries int) {
	b.Helper()
	ctx := b.Context()
	s, err := open(ctx, &shell{dataDir: folder, language: "en"}, needs{ask: askPassphrase})
	if err != nil {
		b.Fatal(err)
	}
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
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
func coreTime(b *testing.B, pid int) time.Duration {
	b.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), ") ")
	fields := strings.Fields(rest)
	var ticks int64
	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

func residentMB(b *testing.B, pid int) float64 {
	b.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, found := strings.Cut(string(data), "VmRSS:")
	if !found {
		b.Fatal("no VmRSS")
	}
	kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	if err != nil {
		b.Fatal(err)
	}
	return kb / 1024
}
