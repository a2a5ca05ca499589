package nmbrs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"

	"loonbrug/data/model"
	"loonbrug/integration/source"
	"loonbrug/integration/target"
)

// journalCall is an operation that gives a journal, with the names of its
// parameters: one operation spells them differently.
type journalCall struct {
	operation          string
	company, run, year string
}

// callOf is the operation of a depth. Only those that take the year are used:
// the others answer for the company's active year, whatever run was meant.
func callOf(d source.Depth, secondary string) journalCall {
	operation := "Journals_GetByRunCompany_v2"
	switch {
	case d == source.ByCostUnit && secondary != byDepartment:
		return journalCall{"Journals_GetByRunCostCenterCostUnitPerYear", "companyId", "runId", "year"}
	case d != source.ByLedgerAccount && secondary == byDepartment:
		operation = "Journals_GetByRunDepartment_v2"
	case d == source.ByCostCentre:
		operation = "Journals_GetByRunCostCenter_v2"
	}
	return journalCall{operation, "CompanyId", "RunId", "intYear"}
}

// Journal implements [source.System]. The text is kept byte by byte as it came;
// its hash tells whether a later reading gives something else.
func (s *System) Journal(ctx context.Context, a target.Access, c model.Company, r model.Run, d source.Depth) (*source.File, error) {
	if bySignIn(a) {
		return nil, model.NewProblem("source.file_needed", "run", r.Description, "company", c.Name)
	}
	l, err := s.ready(ctx, a)
	if err != nil {
		return nil, err
	}
	call := callOf(d, a.Setting(fieldSecondary, byCostCentre))
	raw, err := l.journal(ctx, call, c, r)
	if err != nil {
		return nil, err
	}
	name := call.operation + "-" + r.SourceID
	text := undeclared(raw)
	if strings.TrimSpace(text) == "" {
		return nil, noJournal(r)
	}
	file, err := s.config.Files.ReadAll(ctx, name, strings.NewReader(text))
	var p *model.Problem
	switch {
	case errors.As(err, &p) && p.Code == "file.no_transactions":
		return nil, noJournal(r)
	case err != nil:
		return nil, err
	}
	file.Name, file.Raw = name, []byte(raw)
	sum := sha256.Sum256(file.Raw)
	file.Hash = hex.EncodeToString(sum[:])
	return file, nil
}

func noJournal(r model.Run) *model.Problem {
	return model.NewProblem("source.no_journal", "run", strconv.Itoa(r.Number), "year", strconv.Itoa(r.Year))
}

func (l *link) journal(ctx context.Context, call journalCall, c model.Company, r model.Run) (string, error) {
	var answer struct {
		Results []struct {
			Text string `xml:",chardata"`
		} `xml:",any"` // its name is the operation's with "Result" behind it
	}
	params := []param{{call.company, c.SourceID}, {call.run, r.SourceID}, {call.year, strconv.Itoa(r.Year)}}
	if err := l.call(ctx, companyService, call.operation, params, &answer); err != nil {
		return "", err
	}
	if len(answer.Results) == 0 {
		return "", nil
	}
	return answer.Results[0].Text, nil
}

// undeclared takes a byte order mark and an XML declaration off: Nmbrs declares
// UTF-16 on text that came as UTF-8.
func undeclared(raw string) string {
	text := strings.TrimLeft(strings.TrimPrefix(raw, "\ufeff"), " \t\r\n")
	if strings.HasPrefix(text, "<?xml") {
		if _, rest, ok := strings.Cut(text, "?>"); ok {
			return rest
		}
	}
	return text
}
