package office

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/source"
)

// namelessFormat is the one format whose texts are always of a wage component and
// never of a person.
const namelessFormat = "nmbrs-xml"

// snapshot is what is kept of a payroll file or journal: its lines without texts
// that could be of a person, the hash of its bytes, and in place of the bytes the
// totals of each group. The hash of the content is over what came in.
func (f *Office) snapshot(ctx context.Context, companyID int64, file *source.File) (model.Snapshot, error) {
	lines := file.Journal
	if file.Format != namelessFormat && (f.o.KeepTexts == nil || !f.o.KeepTexts()) {
		names, err := f.accountNames(ctx, companyID)
		if err != nil {
			return model.Snapshot{}, err
		}
		lines = nameless(lines, names)
	}
	totals, err := json.Marshal(totalsOf(file.Journal))
	if err != nil {
		return model.Snapshot{}, fmt.Errorf("totals of %s: %w", file.Hash, err)
	}
	return model.Snapshot{
		Hash: file.Hash, Format: file.Format, TakenAt: f.o.Now(), Raw: totals, Journal: lines,
		Content: contentHash(journal.Split(file.Journal)),
	}, nil
}

// accountNames are the names of ledger accounts in the administrations that a
// company is mapped to, by code.
func (f *Office) accountNames(ctx context.Context, companyID int64) (map[string]string, error) {
	mappings, err := f.o.Store.Mappings(ctx)
	if err != nil {
		return nil, fmt.Errorf("mappings: %w", err)
	}
	names := make(map[string]string)
	for _, m := range mappings {
		if m.CompanyID != companyID {
			continue
		}
		ref, err := f.o.Store.Reference(ctx, m.AccountID, m.Administration.Code)
		if err != nil {
			continue // nothing was fetched yet: the lines have no text then
		}
		for _, a := range ref.LedgerAccounts {
			if names[a.Code] == "" {
				names[a.Code] = a.Name
			}
		}
	}
	return names, nil
}

// nameless replaces texts that could be of a person by the name of the ledger
// account. A text that all of several lines of an account have in common is of
// the account, not of a person.
func nameless(j *journal.Journal, names map[string]string) *journal.Journal {
	type common struct {
		text  string
		lines int
		same  bool
	}
	of := make(map[string]*common)
	for _, t := range j.Transactions {
		for _, l := range t.Lines {
			c := of[l.LedgerAccount]
			if c == nil {
				c = &common{text: l.Text, same: true}
				of[l.LedgerAccount] = c
			}
			c.lines++
			c.same = c.same && c.text == l.Text
		}
	}
	out := &journal.Journal{Transactions: slices.Clone(j.Transactions)}
	for i, t := range out.Transactions {
		out.Transactions[i].Lines = slices.Clone(t.Lines)
		for n, l := range t.Lines {
			if c := of[l.LedgerAccount]; !c.same || c.lines < 2 {
				out.Transactions[i].Lines[n].Text = names[l.LedgerAccount]
			}
		}
	}
	return out
}

// groupTotal are the gross sums of the lines of a period with the same codes.
type groupTotal struct {
	Period        string         `json:"period"`
	LedgerAccount string         `json:"ledger_account"`
	CostCentre    string         `json:"cost_centre,omitempty"`
	CostUnit      string         `json:"cost_unit,omitempty"`
	Debit         journal.Amount `json:"debit"`
	Credit        journal.Amount `json:"credit"`
	Lines         int            `json:"lines"`
}

// totalsOf are the groups of a journal in the order of their first line.
func totalsOf(j *journal.Journal) []groupTotal {
	all := []groupTotal{}
	at := make(map[[4]string]int)
	for _, part := range journal.Split(j) {
		for _, l := range part.Lines() {
			key := [4]string{part.Period.String(), l.LedgerAccount, l.CostCentre, l.CostUnit}
			i, known := at[key]
			if !known {
				i = len(all)
				at[key] = i
				all = append(all, groupTotal{Period: key[0], LedgerAccount: key[1], CostCentre: key[2], CostUnit: key[3]})
			}
			if all[i].Lines++; l.Amount >= 0 {
				all[i].Debit += l.Amount
			} else {
				all[i].Credit -= l.Amount
			}
		}
	}
	return all
}
