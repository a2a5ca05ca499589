package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/payrollfile"
)

// readCommand tells what is in payroll files. It sends and stores nothing.
func readCommand(ctx context.Context, sh *shell, args []string) error {
	flags := sh.flags("read")
	asJSON := flags.Bool("json", false, "print JSON")
	asTotals := flags.Bool("totals", false, "print totals as CSV")
	if err := parse(flags, args); err != nil {
		return err
	}
	if flags.NArg() == 0 || (*asJSON && *asTotals) {
		flags.Usage()
		return errUsage
	}
	if *asTotals {
		return readTotals(ctx, sh, flags.Args())
	}
	files := make([]fileReport, 0, flags.NArg())
	bad := false
	for _, name := range flags.Args() {
		r, err := report(ctx, sh, name)
		if err != nil {
			return err
		}
		files = append(files, r)
		bad = bad || r.Problem != nil
	}
	var err error
	if *asJSON {
		err = printJSON(sh.out, map[string]any{"files": files})
	} else {
		err = printFiles(sh, files)
	}
	if err == nil && bad {
		return errProblems
	}
	return err
}

// fileReport is one file in the answer of read.
type fileReport struct {
	File         string              `json:"file"`
	Format       string              `json:"format"`
	Company      companyReport       `json:"company"`
	Transactions []transactionReport `json:"transactions"`
	Periods      []periodReport      `json:"periods"`
	Problem      *problemReport      `json:"problem"`
}

// companyReport is the company that the file names; empty where it names none.
type companyReport struct {
	Number string `json:"number"`
	Name   string `json:"name"`
}

func (c companyReport) String() string { return strings.TrimSpace(c.Name + " " + c.Number) }

type transactionReport struct {
	Year   int            `json:"year"`
	Period int            `json:"period"`
	Date   journal.Date   `json:"date"`
	Lines  int            `json:"lines"`
	Debit  journal.Amount `json:"debit"`
	Credit journal.Amount `json:"credit"`
}

type periodReport struct {
	Year       int            `json:"year"`
	Period     int            `json:"period"`
	Correction bool           `json:"correction"`
	Lines      int            `json:"lines"`
	Debit      journal.Amount `json:"debit"`
	Credit     journal.Amount `json:"credit"`
}

// report reads one file. A fault of the file is in the report; an error means
// that the program could not work.
func report(ctx context.Context, sh *shell, name string) (fileReport, error) {
	r := fileReport{File: name, Transactions: []transactionReport{}, Periods: []periodReport{}}
	file, err := readFile(ctx, name)
	var p *model.Problem
	if errors.As(err, &p) {
		r.Problem = sh.problem(p)
		return r, nil
	}
	if err != nil {
		return r, err
	}
	r.Format = file.Format
	r.Company = companyReport{file.Header.CompanyNumber, file.Header.CompanyName}
	for _, t := range file.Journal.Transactions {
		debit, credit, err := journal.Totals(t.Lines)
		if err != nil {
			return r, err
		}
		r.Transactions = append(r.Transactions, transactionReport{t.Period.Year, t.Period.Number, t.Date, len(t.Lines), debit, credit})
	}
	latest, _ := file.Journal.LatestPeriod()
	for _, part := range journal.Split(file.Journal) {
		lines := part.Lines()
		debit, credit, err := journal.Totals(lines)
		if err != nil {
			return r, err
		}
		r.Periods = append(r.Periods, periodReport{part.Period.Year, part.Period.Number, part.Period != latest, len(lines), debit, credit})
	}
	return r, nil
}

func printFiles(sh *shell, files []fileReport) error {
	w := tabwriter.NewWriter(sh.out, 0, 4, 2, ' ', tabwriter.AlignRight)
	for _, f := range files {
		if f.Problem != nil {
			f.Problem.print(sh.err, f.File)
			continue
		}
		fmt.Fprintf(sh.out, "%s (%s)\n", f.File, f.Format)
		if company := f.Company.String(); company != "" {
			fmt.Fprintln(sh.out, company)
		}
		fmt.Fprintln(w, "period\tlines\tdebit\tcredit\t\t")
		for _, p := range f.Periods {
			note := ""
			if p.Correction {
				note = "correction"
			}
			fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\t\n", journal.Period{Year: p.Year, Number: p.Period}, p.Lines, p.Debit, p.Credit, note)
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// readTotals adds several files up. A bad file means no totals at all.
func readTotals(ctx context.Context, sh *shell, names []string) error {
	totals := make(journal.Ledger)
	reader := payrollfile.New()
	bad := false
	for _, name := range names {
		err := openFile(name, func(in *os.File) error {
			of, err := reader.Totals(ctx, name, in)
			if err != nil {
				return err
			}
			return totals.Merge(of)
		})
		var p *model.Problem
		switch {
		case errors.As(err, &p):
			sh.problem(p).print(sh.err, name)
			bad = true
		case err != nil:
			return err
		}
	}
	if bad {
		return errProblems
	}
	w := csv.NewWriter(sh.out)
	if err := w.Write([]string{"year", "period", "cost centre", "cost unit", "ledger account", "debit", "credit"}); err != nil {
		return err
	}
	for _, p := range totals.Posts() {
		s := totals[p]
		if err := w.Write([]string{
			strconv.Itoa(p.Period.Year), strconv.Itoa(p.Period.Number), p.CostCentre, p.CostUnit, p.LedgerAccount, s.Debit.String(), s.Credit.String(),
		}); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// openFile gives an open file to f. A file that is not there or may not be read
// is a problem of the input.
func openFile(name string, f func(*os.File) error) error {
	in, err := os.Open(name)
	if err != nil {
		return model.NewProblem("file.cannot_open", "file", name).Because(err)
	}
	if info, err := in.Stat(); err == nil && info.IsDir() {
		return errors.Join(model.NewProblem("file.cannot_open", "file", name), in.Close())
	}
	return errors.Join(f(in), in.Close())
}
