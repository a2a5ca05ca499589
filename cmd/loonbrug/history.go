package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"loonbrug/data/model"
	"loonbrug/ui/history"
)

// verifyCommand checks the history with the steps and receipts that it tells of.
// It names the first break and exits with 1 where there is one.
func verifyCommand(ctx context.Context, sh *shell, args []string) error {
	flags := sh.flags("verify")
	asJSON := flags.Bool("json", false, "print JSON")
	if err := parse(flags, args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		flags.Usage()
		return errUsage
	}
	s, err := open(ctx, sh, needs{ask: askPassphrase})
	if err != nil {
		return err
	}
	v, err := s.office.Verify(ctx)
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	if *asJSON {
		if v.Breaches == nil {
			v.Breaches = []model.Breach{}
		}
		err = printJSON(sh.out, v)
	} else {
		_, err = fmt.Fprintln(sh.out, history.Verdict(v))
	}
	if err == nil && len(v.Breaches) > 0 {
		return errProblems
	}
	return err
}

// historyCommand writes the history for an auditor, newest first.
func historyCommand(ctx context.Context, sh *shell, args []string) error {
	flags := sh.flags("history")
	since := flags.String("since", "", "first day, as 2026-01-31")
	asCSV := flags.Bool("csv", false, "write CSV; so it is without another form")
	asPDF := flags.Bool("pdf", false, "write PDF")
	asJSON := flags.Bool("json", false, "print JSON")
	if err := parse(flags, args); err != nil {
		return err
	}
	var filter model.HistoryFilter
	if *since != "" {
		day, err := time.ParseInLocation(time.DateOnly, *since, time.Local)
		if err != nil {
			return fmt.Errorf("%w: %w", errUsage, err)
		}
		filter.Since = day
	}
	if *asCSV && *asPDF || *asJSON && (*asCSV || *asPDF) || flags.NArg() > 0 {
		flags.Usage()
		return errUsage
	}
	s, err := open(ctx, sh, needs{ask: askPassphrase})
	if err != nil {
		return err
	}
	err = s.writeHistory(ctx, sh, filter, *asPDF, *asJSON)
	return errors.Join(err, s.Close())
}

func (s *services) writeHistory(ctx context.Context, sh *shell, filter model.HistoryFilter, asPDF, asJSON bool) error {
	events, err := s.office.Events(ctx, filter)
	if err != nil {
		return err
	}
	switch {
	case asJSON:
		return printJSON(sh.out, eventReports(events))
	case asPDF:
		v, err := s.office.Verify(ctx)
		if err != nil {
			return err
		}
		return history.PDF(sh.out, v, events)
	}
	return history.CSV(sh.out, events)
}

// eventReport is a row of the history for programs.
type eventReport struct {
	Number  int64               `json:"number"`
	At      time.Time           `json:"at"`
	By      string              `json:"by"` // empty is the program itself
	Kind    model.EventKind     `json:"kind"`
	Subject int64               `json:"subject"`
	Part    int                 `json:"part"`
	Name    string              `json:"name"`
	Changes []model.FieldChange `json:"changes"`
	Hash    string              `json:"hash"`
}

func eventReports(events []model.Event) []eventReport {
	all := make([]eventReport, len(events))
	for i, e := range events {
		if e.Changes == nil {
			e.Changes = []model.FieldChange{}
		}
		all[i] = eventReport{e.Number, e.At, e.By, e.Kind, e.Subject, e.Part, e.Name, e.Changes, e.Hash}
	}
	return all
}
