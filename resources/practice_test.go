package resources_test

import (
	"encoding/json"
	"encoding/xml"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/resources"
)

// office is the shape of practice/office.json.
type office struct {
	Debtor    string `json:"debtor"`
	Companies []struct {
		SourceID string `json:"source_id"`
		Number   string `json:"number"`
		Name     string `json:"name"`
		Country  string `json:"country"`
		Currency string `json:"currency"`
	} `json:"companies"`
	Runs []struct {
		Company     string    `json:"company"`
		File        string    `json:"file"`
		Description string    `json:"description"`
		RunAt       time.Time `json:"run_at"`
	} `json:"runs"`
}

// practiceFile is the journal XML of Nmbrs, as far as the proof needs it.
type practiceFile struct {
	Transactions []struct {
		Date   string `xml:"header>date"`
		Period string `xml:"header>period"`
		Lines  []struct {
			LedgerAccount string `xml:"dim1"`
			CostCentre    string `xml:"dim2"`
			CostUnit      string `xml:"dim3"`
			Value         string `xml:"value"`
			Side          string `xml:"debitcredit"`
			Text          string `xml:"description"`
		} `xml:"lines>line"`
	} `xml:"transaction"`
}

// chart is what the practice systems of one country know.
type chart struct{ accounts, costCentres, costUnits []string }

func chartOf(country string) chart {
	switch country {
	case "NL":
		return chart{
			accounts: []string{
				"1700", "1710", "1720", "1730", "4000", "4010", "4020", "4030", "4040", "4050", "4060", "4070",
			},
			costCentres: []string{"", "100", "200", "300"},
			costUnits:   []string{"", "A1", "B2"},
		}
	case "SE":
		return chart{
			accounts:    []string{"7210", "7290", "7510", "2710", "2731", "2920", "2821"},
			costCentres: []string{"", "10", "20"},
			costUnits:   []string{"", "P1"},
		}
	default:
		return chart{
			accounts:    []string{"5000", "6300", "6400", "2921", "2923", "2925", "2930"},
			costCentres: []string{"", "100 Myynti", "200 Tuotanto"},
			costUnits:   []string{""},
		}
	}
}

func readOffice(t *testing.T) office {
	t.Helper()
	data, err := fs.ReadFile(resources.Practice(), "office.json")
	if err != nil {
		t.Fatal(err)
	}
	var o office
	if err := json.Unmarshal(data, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestPractice_OfficeNamesEveryFileOnce(t *testing.T) {
	o := readOffice(t)
	if o.Debtor == "" || len(o.Companies) != 4 {
		t.Fatalf("office has debtor %q and %d companies", o.Debtor, len(o.Companies))
	}
	var named []string
	runs := make(map[string]int)
	for i, r := range o.Runs {
		named = append(named, r.File)
		runs[r.Company]++
		if r.Description == "" || r.RunAt.IsZero() {
			t.Errorf("run %s lacks description or time", r.File)
		}
		if i > 0 && r.RunAt.Before(o.Runs[i-1].RunAt) {
			t.Errorf("run %s is out of order", r.File)
		}
	}
	for _, c := range o.Companies {
		if runs[c.SourceID] < 3 {
			t.Errorf("company %s has %d runs", c.Name, runs[c.SourceID])
		}
		delete(runs, c.SourceID)
	}
	if len(runs) > 0 {
		t.Errorf("runs of companies that are not there: %v", runs)
	}
	found, err := fs.Glob(resources.Practice(), "*.xml")
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(named)
	slices.Sort(found)
	if !slices.Equal(named, found) {
		t.Errorf("office.json names %v, the folder holds %v", named, found)
	}
}

// Every transaction balances to the cent and books only what the practice
// systems know, so that a newcomer's first click succeeds.
func TestPractice_EveryTransactionCanBeBooked(t *testing.T) {
	o := readOffice(t)
	countries := make(map[string]string)
	for _, c := range o.Companies {
		countries[c.SourceID] = c.Country
	}
	for _, r := range o.Runs {
		t.Run(r.File, func(t *testing.T) {
			data, err := fs.ReadFile(resources.Practice(), r.File)
			if err != nil {
				t.Fatal(err)
			}
			checkRun(t, data, chartOf(countries[r.Company]), r.RunAt)
		})
	}
}

func checkRun(t *testing.T, data []byte, known chart, at time.Time) {
	t.Helper()
	var f practiceFile
	if err := xml.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	if len(f.Transactions) == 0 {
		t.Fatal("no transactions")
	}
	var latest journal.Period
	for _, tr := range f.Transactions {
		period, errPeriod := journal.ParsePeriod(tr.Period)
		date, errDate := journal.ParseDate(tr.Date)
		if errPeriod != nil || errDate != nil {
			t.Fatal(errPeriod, errDate)
		}
		if date != period.LastDay(false) {
			t.Errorf("period %s is dated %s", period, date)
		}
		if period.Compare(latest) > 0 {
			latest = period
		}
		out := journal.Transaction{Period: period}
		for _, l := range tr.Lines {
			amount, err := journal.ParseAmount(l.Value)
			if err != nil || amount <= 0 || l.Text == "" || !slices.Contains([]string{"debit", "credit"}, l.Side) {
				t.Fatalf("line %+v: %v", l, err)
			}
			if l.Side == "credit" {
				amount = -amount
			}
			if !slices.Contains(known.accounts, l.LedgerAccount) || !slices.Contains(known.costCentres, l.CostCentre) ||
				!slices.Contains(known.costUnits, l.CostUnit) {
				t.Errorf("line %+v is not in the practice chart", l)
			}
			if strings.ContainsAny(l.LedgerAccount[:1], "4567") == (l.CostCentre == "") {
				t.Errorf("line %+v: a cost has a cost centre, a debt has none", l)
			}
			out.Lines = append(out.Lines, journal.Line{LedgerAccount: l.LedgerAccount, Amount: amount})
		}
		if err := out.Balance(); err != nil {
			t.Error(err)
		}
	}
	if int(at.Month()) != latest.Number || at.Year() != latest.Year {
		t.Errorf("the run of %s was run on %s", latest, at)
	}
}
