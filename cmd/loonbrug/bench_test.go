//go:build bench && linux

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/integration/payrollfile"
)

// benchLines is the size of the payroll that all programs read: 50,000 entries
// of 20 lines, 12 periods of 1,000 posts.
const (
	benchLines = 1_000_000
	benchPosts = 1000
)

// benchRow writes line i of a payroll; entries balance by themselves. Each
// period has fifty accounts, ten cost centres and two cost units.
func benchRow(i, posts int) (period, entry, post int, amount journal.Amount) {
	entry = i / 20
	period, post = entry%12+1, (entry/12*20+i%20)%posts
	if amount = journal.Amount((entry*7919+i%20/2*104_729)%500_000 + 1); i%2 == 1 {
		amount = -amount
	}
	return period, entry, post, amount
}

func benchCodes(post int) (account, centre, unit string) {
	return fmt.Sprint(4000 + post%50*10), fmt.Sprint(100 + post/50%10*10), []string{"A1", "B2"}[post/500]
}

func benchCSV(w io.Writer, lines, posts int) error {
	b := bufio.NewWriter(w)
	b.WriteString("year;period;entry;account;cost_centre;cost_unit;description;debit;credit\n")
	for i := range lines {
		period, entry, post, amount := benchRow(i, posts)
		account, centre, unit := benchCodes(post)
		debit, credit := amount.Abs().String(), ""
		if amount < 0 {
			debit, credit = credit, debit
		}
		fmt.Fprintf(b, "2026;%d;%d;%s;%s;%s;Bruto lonen;%s;%s\n", period, entry, account, centre, unit, debit, credit)
	}
	return b.Flush()
}

// benchLedger is the same payroll for ledger and hledger, whose accounts are
// the posts with their sides.
func benchLedger(w io.Writer, lines, posts int) error {
	b := bufio.NewWriter(w)
	for i := range lines {
		period, entry, post, amount := benchRow(i, posts)
		if i%20 == 0 {
			fmt.Fprintf(b, "\n2026-%02d-28 entry %d\n", period, entry)
		}
		fmt.Fprintf(b, "    %s  %s\n", benchPost(period, post, amount), amount)
	}
	return b.Flush()
}

func benchPost(period, post int, amount journal.Amount) string {
	account, centre, unit := benchCodes(post)
	side := "debit"
	if amount < 0 {
		side = "credit"
	}
	return fmt.Sprintf("p%d-%s-%s-%s-%s", period, account, centre, unit, side)
}

// run is what one program took and found.
type benchRun struct {
	time   time.Duration
	memory int64 // bytes, at most
	totals map[string]string
	err    error
}

// best is the fastest of several runs.
func best(times int, run func() benchRun) benchRun {
	first := run()
	for range times - 1 {
		if again := run(); again.err == nil && again.time < first.time {
			first = again
		}
	}
	return first
}

// program runs one and reads what it found from its rows of output.
func program(parse func(cells []string, into map[string]string), separator rune, name string, args ...string) benchRun {
	cmd := exec.Command(name, args...)
	var out, fault bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &fault
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return benchRun{err: fmt.Errorf("%w %s", err, fault.String())}
	}
	r := benchRun{time: time.Since(start), totals: make(map[string]string)}
	r.memory = cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
	rows := csv.NewReader(bufio.NewReader(&out))
	rows.Comma, rows.FieldsPerRecord = separator, -1
	for {
		cells, err := rows.Read()
		if err == io.EOF {
			return r
		}
		if err != nil {
			return benchRun{err: err}
		}
		parse(cells, r.totals)
	}
}

// postRow reads a row of period and codes with both sides; bookRow one of an
// account of [benchPost] with its balance.
func postRow(cells []string, into map[string]string) {
	if cells[0] == "year" {
		return
	}
	for i, side := range []string{"debit", "credit"} {
		if amount := cells[5+i]; amount != "0.00" {
			into[fmt.Sprintf("p%s-%s-%s-%s-%s", cells[1], cells[4], cells[2], cells[3], side)] = amount
		}
	}
}

func bookRow(cells []string, into map[string]string) {
	if len(cells) != 2 || !strings.HasPrefix(cells[0], "p") {
		return
	}
	amount, err := journal.ParseAmount(cells[1]) // without its last zeros
	if err != nil {
		into[cells[0]] = cells[1]
		return
	}
	into[cells[0]] = amount.Abs().String()
}

const duckScript = `const { DuckDBInstance } = require('@duckdb/node-api');
(async () => {
  const db = await (await DuckDBInstance.create(':memory:')).connect();
  const r = await db.runAndReadAll("select year, period, cost_centre, cost_unit, account, coalesce(sum(debit), 0), coalesce(sum(credit), 0) from read_csv('" + process.argv[2] +
    "', delim=';', header=true, columns={'year':'INTEGER','period':'INTEGER','entry':'VARCHAR','account':'VARCHAR','cost_centre':'VARCHAR','cost_unit':'VARCHAR','description':'VARCHAR','debit':'DECIMAL(18,2)','credit':'DECIMAL(18,2)'}) group by all order by all");
  console.log(r.getRowsJson().map(row => row.join(',')).join('\n'));
})();`

// TestBench_Reading prints what reading costs as ratios of times in this one
// run, equal totals proved first. A program that is not there is not measured.
func TestBench_Reading(t *testing.T) {
	folder := t.TempDir()
	binary, table, books := builtPlain(t), filepath.Join(folder, "payroll.csv"), filepath.Join(folder, "payroll.ledger")
	script := filepath.Join(folder, "duck.cjs")
	// Written piece by piece: the memory of a program that is started counts
	// from what the one that starts it has used.
	for name, write := range map[string]func(io.Writer) error{
		table:  func(w io.Writer) error { return benchCSV(w, benchLines, benchPosts) },
		books:  func(w io.Writer) error { return benchLedger(w, benchLines, benchPosts) },
		script: func(w io.Writer) error { _, err := io.WriteString(w, duckScript); return err },
	} {
		f, err := os.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(write(f), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	modules, err := filepath.Abs("../../bin/bench/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("NODE_PATH", modules)
	print := benchTable()
	ours := best(5, func() benchRun { return program(postRow, ',', binary, "read", "--totals", table) })
	if ours.err != nil || len(ours.totals) != 24_000 && len(ours.totals) != 12_000 {
		t.Fatal(len(ours.totals), ours.err)
	}
	print("loonbrug read --totals, 1,000,000 lines", ours.time.Round(time.Millisecond).String(), "", true)
	print("  memory at most", fmt.Sprintf("%d MB", ours.memory>>20), "100 MB", ours.memory <= 100<<20)
	peer := func(name string, times, wanted int, run func() benchRun) {
		r := best(times, run)
		what := "  times faster than " + name
		if r.err != nil {
			print(what, "not measured: "+strings.SplitN(r.err.Error(), "\n", 2)[0], fmt.Sprintf("%d", wanted), false)
			return
		}
		if !maps.Equal(r.totals, ours.totals) {
			t.Errorf("%s finds other totals (%d of %d)", name, len(r.totals), len(ours.totals))
		}
		ratio := r.time.Seconds() / ours.time.Seconds()
		print(what, fmt.Sprintf("%.1f", ratio), fmt.Sprintf("%d", wanted), ratio >= float64(wanted))
	}
	peer("DuckDB", 5, 2, func() benchRun { return program(postRow, ',', "node", script, table) })
	peer("ledger", 1, 15, func() benchRun {
		return program(bookRow, ';', "ledger", "-f", books, "balance", "--flat", "--no-total", "--format", "%(account);%(total)\n")
	})
	peer("hledger", 1, 80, func() benchRun {
		return program(bookRow, ',', "hledger", "-f", books, "balance", "--flat", "-N", "-O", "csv")
	})
	raw, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	flat(t, raw, print)
	inside(t, raw, print)
	byXML(t, print)
	listing(t, print)
}

// benchTable prints the head of a table of figures and gives what prints a row of
// it, at once: what was measured is not lost when a later part fails.
func benchTable() (row func(what, measured, wanted string, holds bool)) {
	const form = "%-58s %-38s %-7s %v\n"
	fmt.Printf(form, "what", "measured", "wanted", "holds")
	return func(what, measured, wanted string, holds bool) { fmt.Printf(form, what, measured, wanted, holds) }
}

// repeated is a table whose rows come several times: a large file without one.
type repeated struct {
	io.Reader
	header, body []byte
	times        int
}

func (r *repeated) Seek(int64, int) (int64, error) {
	parts := []io.Reader{bytes.NewReader(r.header)}
	for range r.times {
		parts = append(parts, bytes.NewReader(r.body))
	}
	r.Reader = io.MultiReader(parts...)
	return 0, nil
}

// flat compares the time of all cores per line of tables of ten thousand to ten million
// lines: the same million over and over in the largest, and as many lines a
// post in the smaller ones, for a post costs more than a line.
func flat(t *testing.T, raw []byte, print func(what, measured, wanted string, holds bool)) {
	sizes := []int{10_000, 100_000, benchLines, 10 * benchLines}
	tables := make([]*repeated, len(sizes))
	perLine := make([]float64, len(sizes))
	for i, lines := range sizes {
		table := raw
		if lines < benchLines {
			var b bytes.Buffer
			if err := benchCSV(&b, lines, lines/benchPosts); err != nil {
				t.Fatal(err)
			}
			table = b.Bytes()
		}
		end := bytes.IndexByte(table, '\n') + 1
		tables[i] = &repeated{header: table[:end], body: table[end:], times: max(1, lines/benchLines)}
	}
	for range 7 { // in turn, so that what else the machine does meets all sizes
		for i, lines := range sizes {
			rounds := max(1, benchLines/lines)
			start := busy(t)
			for range rounds {
				if _, err := tables[i].Seek(0, io.SeekStart); err != nil {
					t.Fatal(err)
				}
				if _, err := payrollfile.New().Totals(context.Background(), "f.csv", tables[i]); err != nil {
					t.Fatal(err)
				}
			}
			if n := float64((busy(t) - start).Nanoseconds()) / float64(lines*rounds); perLine[i] == 0 || n < perLine[i] {
				perLine[i] = n
			}
		}
	}
	least, most := perLine[0], perLine[0]
	for _, n := range perLine {
		least, most = min(least, n), max(most, n)
	}
	print("  slowest over fastest line, 10 thousand to 10 million", fmt.Sprintf("%.2f (%.0f ns)", most/least, perLine), "1.20", most/least <= 1.2)
}

// busy is the time that all cores have spent on this program.
func busy(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
