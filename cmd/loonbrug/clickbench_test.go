//go:build bench && smoke && linux

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/data/paths"
)

// What the clicks are measured with: every run is clicked once at each of the
// three systems.
const (
	clickRuns    = 34
	clickPeriods = 6
	clickLines   = 2000
)

// TestBench_WindowClick clicks on logos in the real window, one after another, and
// prints how long the first request to the target took after the click, as the
// program's log has it. The start of the program that clicks counts too.
func TestBench_WindowClick(t *testing.T) {
	s := newScreen(t)
	s.fillToClick()
	s.start("nl_NL.UTF-8", "practice")
	s.see(clickRun(clickRuns))
	var took []time.Duration
	for n := clickRuns; n > 0; n-- {
		run := clickRun(n)
		s.scrollFor(run)
		for _, target := range []string{"CASH", "Visma.net", "Procountor"} {
			took = append(took, s.clickToWire(run, target))
			s.seeLogo(run, target, "Geboekt")
		}
	}
	s.quit()
	slices.Sort(took)
	worst := took[len(took)*99/100]
	benchTable()(fmt.Sprintf("click to wire, %d lines, %d periods, 99th of 100", clickLines, clickPeriods),
		fmt.Sprintf("%v (middle %v)", worst.Round(time.Millisecond), took[len(took)/2].Round(time.Millisecond)), "100ms", worst < 100*time.Millisecond)
}

func clickRun(n int) string { return fmt.Sprintf("Klik %03d", n) }

// fillToClick puts runs of many lines before all others of the practice office.
func (s *screen) fillToClick() {
	s.t.Helper()
	ctx := s.t.Context()
	office, err := openPractice(ctx, &shell{dataDir: s.data, language: "nl"}, false)
	s.must(err)
	company, err := office.firstCompany(ctx)
	s.must(err)
	rows, err := office.sampleRun(ctx, company)
	s.must(err)
	sample, err := office.store.Snapshot(ctx, rows[0].Run.ID)
	s.must(err)
	last := sample.Journal.Transactions[len(sample.Journal.Transactions)-1].Period
	for n := 1; n <= clickRuns; n++ {
		j := &journal.Journal{}
		for p := range clickPeriods {
			period := journal.Period{Year: last.Year, Number: last.Number + p}
			for lines := 0; lines < clickLines/clickPeriods; {
				for _, tr := range sample.Journal.Transactions {
					j.Transactions = append(j.Transactions, journal.Transaction{Period: period, Lines: tr.Lines})
					lines += len(tr.Lines)
				}
			}
		}
		at := time.Date(2030, 1, 1, 12, n, 0, 0, time.UTC)
		_, _, err := office.store.AddRun(ctx, model.Run{
			CompanyID: company.ID, SourceID: clickRun(n), Year: last.Year, First: last, Last: journal.Period{Year: last.Year, Number: last.Number + clickPeriods - 1},
			Description: clickRun(n), RunAt: at,
		}, model.Snapshot{Hash: clickRun(n), Content: clickRun(n), Format: "nmbrs-xml", TakenAt: at, Raw: []byte("<x/>"), Journal: j},
			func(r model.Run) string { return fmt.Sprint("K", r.ID) })
		s.must(err)
	}
	s.must(office.Close())
}

func (s *screen) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// scrollFor turns the wheel until a run is in sight.
func (s *screen) scrollFor(run string) {
	s.t.Helper()
	s.until(run, func() bool {
		const lowest = 600 // whole above the edge of the list
		if e, ok := s.find(run); ok && e.Y < lowest {
			return true
		}
		e, _ := s.find("Klik ")
		s.pointAt(e, "click", "5")
		return false
	})
}

// clickToWire is how long after a click on a logo the first request went out.
func (s *screen) clickToWire(run, target string) time.Duration {
	s.t.Helper()
	e, _ := s.logo(run, target)
	s.pointAt(e)
	at := time.Now()
	s.xdotool("click", "1")
	var first time.Time
	s.until("a request", func() (ok bool) {
		first, ok = s.requestAfter(at)
		return ok
	})
	return first.Sub(at)
}

// requestAfter finds in the log when the first request after a time began.
func (s *screen) requestAfter(at time.Time) (began time.Time, ok bool) {
	s.t.Helper()
	where, err := paths.Locate(s.data, true)
	s.must(err)
	log, err := os.Open(where.Log)
	s.must(err)
	defer func() { _ = log.Close() }()
	for lines := bufio.NewScanner(log); lines.Scan(); {
		var said struct {
			Time time.Time `json:"time"`
			Msg  string    `json:"msg"`
			MS   int64     `json:"ms"`
		}
		if json.Unmarshal(lines.Bytes(), &said) != nil || said.Msg != "http" {
			continue
		}
		if began = said.Time.Add(-time.Duration(said.MS) * time.Millisecond); began.After(at) {
			return began, true
		}
	}
	return began, false
}
