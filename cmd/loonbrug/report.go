package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/jeandeaual/go-locale"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/payrollfile"
	"loonbrug/integration/source"
	"loonbrug/ui/i18n"
)

// systemLanguage is the program's language that suits the environment best or,
// where that names none as on Windows, the system's own settings.
func systemLanguage() string {
	var locales []string
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			locales = append(locales, v)
		}
	}
	if len(locales) == 0 {
		locales, _ = locale.GetLocales() // one that cannot be told is English
	}
	return i18n.Preferred(locales)
}

// exit turns what a command came to into its exit code, and says what a person
// should know.
func (sh *shell) exit(err error) int {
	var p *model.Problem
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitFine
	case errors.Is(err, errUsage):
		return exitUsage
	case errors.Is(err, errProblems):
		return exitProblems
	case errors.As(err, &p):
		sh.problem(p).print(sh.err, "loonbrug")
	default:
		fmt.Fprintln(sh.err, "loonbrug:", err)
	}
	return exitFailed
}

// problemReport is a problem with its texts.
type problemReport struct {
	Code     string            `json:"code"`
	Params   map[string]string `json:"params,omitempty"`
	Message  string            `json:"message"`
	Cause    string            `json:"cause"`
	Solution string            `json:"solution"`
}

func (sh *shell) problem(p *model.Problem) *problemReport {
	if p == nil {
		return nil
	}
	r := &problemReport{Code: p.Code, Params: p.Params, Message: p.Error()}
	if sh.texts.catalogue == nil {
		return r // the texts are checked by a test; the code and its place still help
	}
	page := sh.texts.catalogue.Page(sh.language, p)
	r.Message, r.Cause, r.Solution = page.Message, page.Cause, page.Solution
	return r
}

func (r *problemReport) print(w io.Writer, about string) {
	fmt.Fprintf(w, "%s: %s\n", about, r.Message)
	for _, line := range []string{r.Cause, r.Solution} {
		if line != "" {
			fmt.Fprintf(w, "  %s\n", line)
		}
	}
	fmt.Fprintf(w, "  [%s%s]\n", r.Code, place(r.Params))
}

// place is where in a file a problem is.
func place(params map[string]string) string {
	var b strings.Builder
	for _, name := range []string{"transaction", "line", "row"} {
		if v := params[name]; v != "" {
			fmt.Fprintf(&b, ", %s %s", name, v)
		}
	}
	return b.String()
}

func readFile(ctx context.Context, name string) (*source.File, error) {
	var file *source.File
	err := openFile(name, func(in *os.File) error {
		var err error
		file, err = payrollfile.New().ReadAll(ctx, name, in)
		return err
	})
	return file, err
}

// deliveryReport is one delivery in the answers of practice, send and status.
type deliveryReport struct {
	Target    string          `json:"target"`
	Company   string          `json:"company"`
	Run       int64           `json:"run"`
	Year      int             `json:"year"`
	Period    int             `json:"period"`
	Reference string          `json:"reference"`
	State     model.State     `json:"state"`
	Number    string          `json:"number"`
	Key       string          `json:"key"`
	Approval  model.Approval  `json:"approval"`
	Lines     int             `json:"lines"`
	Debit     *journal.Amount `json:"debit"`
	Credit    *journal.Amount `json:"credit"`
	Problem   *problemReport  `json:"problem"`
}

// archive is what a report reads: receipts for what is booked, entries for the
// rest.
type archive interface {
	Receipt(ctx context.Context, deliveryID int64) (model.Receipt, error)
	Entry(ctx context.Context, deliveryID int64) (model.Entry, error)
}

// deliveries are the deliveries of a row; totals of a booked one are those that
// were read back, of any other those that are to be sent.
func (sh *shell) deliveries(ctx context.Context, from archive, row model.RunRow) ([]deliveryReport, error) {
	var all []deliveryReport
	for _, t := range row.Targets {
		for _, d := range t.Deliveries {
			r := deliveryReport{
				Target: d.Target, Company: row.Company.Name, Run: d.RunID, Year: d.Period.Year, Period: d.Period.Number,
				Reference: d.Reference, State: d.State, Number: d.Number, Key: d.Key, Approval: d.Approval, Problem: sh.problem(d.Problem),
			}
			receipt, err := from.Receipt(ctx, d.ID)
			switch {
			case err == nil:
				r.Lines, r.Debit, r.Credit = receipt.Lines, &receipt.Debit, &receipt.Credit
			case errors.Is(err, model.ErrNotFound):
				entry, err := from.Entry(ctx, d.ID)
				if err != nil {
					return nil, fmt.Errorf("entry of delivery %d: %w", d.ID, err)
				}
				debit, credit := entry.Totals()
				r.Lines, r.Debit, r.Credit = len(entry.Lines), &debit, &credit
			default:
				return nil, fmt.Errorf("receipt of delivery %d: %w", d.ID, err)
			}
			all = append(all, r)
		}
	}
	return all, nil
}

// printDeliveries writes a table for people.
func (sh *shell) printDeliveries(all []deliveryReport) error {
	w := tabwriter.NewWriter(sh.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "target\tcompany\treference\tperiod\tstate\tnumber\tlines\tdebit\tcredit\tapproval\tkey")
	for _, d := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%04d-%02d\t%s\t%s\t%d\t%s\t%s\t%s\t%s\n",
			d.Target, d.Company, d.Reference, d.Year, d.Period, d.State, d.Number, d.Lines, d.Debit, d.Credit, d.Approval, d.Key)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, d := range all {
		if d.Problem != nil {
			d.Problem.print(sh.err, fmt.Sprintf("%s %04d-%02d", d.Target, d.Year, d.Period))
		}
	}
	return nil
}

// allBooked tells whether nothing is left to be sent.
func allBooked(all []deliveryReport) bool {
	for _, d := range all {
		if !d.State.Done() {
			return false
		}
	}
	return len(all) > 0
}
