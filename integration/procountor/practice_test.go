package procountor_test

import (
	"net/http/httptest"
	"testing"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	practice "loonbrug/integration/practice/procountor"
	"loonbrug/integration/procountor"
	"loonbrug/integration/target"
)

func office(t *testing.T) (*procountor.Target, *practice.Server) {
	t.Helper()
	books, err := practice.New(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(books.Handler())
	t.Cleanup(server.Close)
	return at(server.URL+"/api", nil), books
}

// The whole way: connect, choose, check, send, read back, find.
func TestPractice_SampleIsBooked(t *testing.T) {
	c, books := office(t)
	a, ctx := access("practice-key-103"), t.Context()
	identity, err := c.Connect(ctx, a, nil)
	if err != nil || identity.Who == "" || identity.Company == "" {
		t.Fatalf("connect: %+v, %v", identity, err)
	}
	administrations, err := c.Administrations(ctx, a)
	if err != nil || len(administrations) != 1 || administrations[0].Code != "103" {
		t.Fatalf("administrations: %+v, %v", administrations, err)
	}
	ref, err := c.Reference(ctx, a, "103")
	if err != nil || ref.Currency != "EUR" || ref.Country != "NETHERLANDS" || ref.Extra["vat_12"] != "yes" {
		t.Fatalf("reference: %+v, %v", ref, err)
	}
	for _, part := range journal.Split(sample(t)) {
		entry, problems := c.Build(draft(part), ref)
		if len(problems) > 0 {
			t.Fatalf("%s: %v", part.Period, problems)
		}
		d := target.Delivery{Entry: entry}
		if found, err := c.Find(ctx, a, d); err != nil || len(found) != 0 {
			t.Fatalf("before sending: %+v, %v", found, err)
		}
		if _, err := c.Prepare(ctx, a, d); err != nil {
			t.Fatal(err)
		}
		o := c.Post(ctx, a, d)
		if o.Class != target.Accepted || o.Number == "" || o.Evidence["id"] == "" || o.Evidence["invoice_id"] == "" || o.Evidence["version"] == "" {
			t.Fatalf("post: %+v", o)
		}
		d.Evidence = o.Evidence
		booked, o := c.ReadBack(ctx, a, d)
		if o.Class != target.Accepted || booked.Approval != model.ApprovalWaiting || booked.Number == "" {
			t.Fatalf("read back: %+v, %+v", booked, o)
		}
		same(t, entry, booked)
		found, err := c.Find(ctx, a, target.Delivery{Entry: entry})
		if err != nil || len(found) != 1 || found[0].Number != booked.Number {
			t.Errorf("after sending: %+v, %v", found, err)
		}
	}
	if n := len(books.Journals()); n != 3 {
		t.Errorf("%d journals are booked", n)
	}
}

// same compares what was sent with what was booked, row by row.
func same(t *testing.T, e model.Entry, b target.Booked) {
	t.Helper()
	if len(e.Lines) != len(b.Lines) {
		t.Fatalf("%d lines came back, %d were sent", len(b.Lines), len(e.Lines))
	}
	for i, sent := range e.Lines {
		got := b.Lines[i]
		ok := got.LedgerAccount == sent.LedgerAccount && got.Amount == sent.Amount && got.Text == sent.Text && len(got.Dimensions) == len(sent.Dimensions)
		for j := range sent.Dimensions {
			ok = ok && got.Dimensions[j].Dimension == sent.Dimensions[j].Dimension && got.Dimensions[j].Value == sent.Dimensions[j].Value
		}
		if !ok {
			t.Errorf("line %d: sent %+v, got %+v", i+1, sent, got)
		}
	}
}

func TestPractice_Keys(t *testing.T) {
	c, _ := office(t)
	for key, want := range map[model.Secret]string{
		"practice-key-norights": "procountor.no_receipt_rights",
		"wrong":                 "procountor.sign_in_refused",
		"":                      "procountor.no_credentials",
	} {
		if _, err := c.Connect(t.Context(), access(key), nil); code(model.ProblemOf(err)) != want {
			t.Errorf("key %q: %v, want %s", key.Reveal(), err, want)
		}
	}
}

func TestPractice_Refusals(t *testing.T) {
	c, books := office(t)
	a, ctx := access("practice-key-103"), t.Context()
	ref, err := c.Reference(ctx, a, "103")
	if err != nil {
		t.Fatal(err)
	}
	entry, _ := c.Build(draft(journal.Split(sample(t))[2]), ref)
	tests := []struct {
		name   string
		key    model.Secret
		change func(*model.Entry)
		want   string
	}{
		{"LedgerAccount", "practice-key-103", func(e *model.Entry) { e.Lines[0].LedgerAccount = "9999" }, "procountor.refused_ledger_account"},
		{"Dimension", "practice-key-103", func(e *model.Entry) {
			e.Lines[0].Dimensions = []model.DimensionCode{{Dimension: "1", Value: "1"}}
		}, "procountor.refused_dimension"},
		{"ClosedPeriod", "practice-key-103", func(e *model.Entry) { e.Date = journal.Date{Year: 2025, Month: 3, Day: 31} }, "procountor.refused_closed_period"},
		{"NoYear", "practice-key-103", func(e *model.Entry) { e.Date.Year = 2040 }, "procountor.refused_date"},
		{"Rights", "practice-key-norights", func(*model.Entry) {}, "procountor.no_rights"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := entry
			e.Lines = append([]model.EntryLine(nil), entry.Lines...)
			tt.change(&e)
			o := c.Post(ctx, access(tt.key), target.Delivery{Entry: e})
			if o.Class != target.Rejected || code(o.Problem) != tt.want {
				t.Errorf("got %s %v", o.Class, o.Problem)
			}
		})
	}
	if len(books.Journals()) != 0 {
		t.Error("something is booked")
	}
}

// A key of another company must not book where the mapping does not say.
func TestPractice_OtherCompany(t *testing.T) {
	c, books := office(t)
	o := c.Post(t.Context(), access("practice-key-101"), small())
	if o.Class != target.NotSent || code(o.Problem) != "procountor.other_company" {
		t.Errorf("got %+v", o)
	}
	if len(books.Journals()) != 0 {
		t.Error("something is booked")
	}
}

// Items named "100 Myynti" are found by their code.
func TestPractice_FinnishItems(t *testing.T) {
	c, _ := office(t)
	ref, err := c.Reference(t.Context(), access("practice-key-101"), "101")
	if err != nil {
		t.Fatal(err)
	}
	p := journal.Period{Year: 2026, Number: 3}
	d := draft(journal.Part{Period: p, Transactions: []journal.Transaction{{Period: p, Lines: []journal.Line{
		{LedgerAccount: "5000", CostCentre: "100", Amount: 5, Text: "Palkat"}, {LedgerAccount: "2930", Amount: -5, Text: "Palkkavelka"},
	}}}})
	d.Mapping.Administration.Code = "101"
	d.Mapping.CostCentre.Name, d.Mapping.CostUnit.Use = "Kustannuspaikka", false
	e, problems := c.Build(d, ref)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if o := c.Post(t.Context(), access("practice-key-101"), target.Delivery{Entry: e}); o.Class != target.Accepted {
		t.Errorf("got %s %v", o.Class, o.Problem)
	}
}
