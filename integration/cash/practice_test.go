package cash_test

import (
	"net/http/httptest"
	"slices"
	"testing"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/cash"
	practice "loonbrug/integration/practice/cash"
	"loonbrug/integration/target"
)

func office(t *testing.T) (*cash.Target, *practice.Server) {
	t.Helper()
	books, err := practice.New(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(books.Handler())
	t.Cleanup(server.Close)
	return at(server.URL + "/api/4.0"), books
}

// The whole way: connect, choose, check, send, read back, find.
func TestPractice_SampleIsBooked(t *testing.T) {
	c, books := office(t)
	a, ctx := access("practice-cash-key"), t.Context()
	identity, err := c.Connect(ctx, a, nil)
	if err != nil || identity.Who == "" {
		t.Fatalf("connect: %+v, %v", identity, err)
	}
	administrations, err := c.Administrations(ctx, a)
	if err != nil || !slices.ContainsFunc(administrations, func(m model.Administration) bool { return m.Code == "arch" && m.ReadOnly }) ||
		!slices.ContainsFunc(administrations, func(m model.Administration) bool { return m.Code == "halm" && !m.ReadOnly }) {
		t.Fatalf("administrations: %+v, %v", administrations, err)
	}
	ref, err := c.Reference(ctx, a, "halm")
	if err != nil {
		t.Fatal(err)
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
		if d.Evidence, err = c.Prepare(ctx, a, d); err != nil {
			t.Fatal(err)
		}
		o := c.Post(ctx, a, d)
		if o.Class != target.Accepted || o.Number != "SAL "+d.Evidence["document"] {
			t.Fatalf("post: %+v", o)
		}
		booked, o := c.ReadBack(ctx, a, d)
		if o.Class != target.Accepted {
			t.Fatalf("read back: %+v", o)
		}
		same(t, entry, booked)
		for _, evidence := range []map[string]string{d.Evidence, nil} {
			found, err := c.Find(ctx, a, target.Delivery{Entry: entry, Evidence: evidence})
			if err != nil || len(found) != 1 || found[0].Number != booked.Number {
				t.Errorf("after sending: %+v, %v", found, err)
			}
		}
	}
	if n := len(books.Journals()); n != 3 {
		t.Errorf("%d journals are booked", n)
	}
}

// same compares what was sent with what was booked, line by line in any order.
func same(t *testing.T, e model.Entry, b target.Booked) {
	t.Helper()
	type content struct {
		ledger, centre string
		amount         journal.Amount
	}
	count := make(map[content]int)
	add := func(lines []model.EntryLine, n int) {
		for _, l := range lines {
			c := content{ledger: l.LedgerAccount, amount: l.Amount}
			for _, d := range l.Dimensions {
				c.centre = d.Dimension + "=" + d.Value
			}
			count[c] += n
		}
	}
	add(e.Lines, 1)
	add(b.Lines, -1)
	for c, n := range count {
		if n != 0 {
			t.Errorf("%+v: %+d", c, n)
		}
	}
}

func TestPractice_Keys(t *testing.T) {
	c, _ := office(t)
	for key, want := range map[model.Secret]string{
		"practice-cash-unlinked": "cash.not_linked",
		"wrong":                  "cash.key_refused",
		"":                       "cash.no_key",
	} {
		if _, err := c.Connect(t.Context(), access(key), nil); code(model.ProblemOf(err)) != want {
			t.Errorf("key %q: %v, want %s", key.Reveal(), err, want)
		}
	}
}

// A reader's import is accepted and then waits for ever.
func TestPractice_PendingForEver(t *testing.T) {
	c, books := office(t)
	a, d := access("practice-cash-reader"), small()
	o := c.Post(t.Context(), a, d)
	if o.Class != target.Pending || code(o.Problem) != "cash.pending" || o.Evidence["transaction"] == "" {
		t.Fatalf("post: %+v", o)
	}
	d.Evidence["transaction"] = o.Evidence["transaction"]
	for range 5 {
		booked, o := c.ReadBack(t.Context(), a, d)
		if o.Class != target.Pending || len(booked.Lines) != 0 {
			t.Fatalf("read back: %+v, %+v", booked, o)
		}
	}
	if len(books.Journals()) != 0 {
		t.Error("something is booked")
	}
}

func TestPractice_Refusals(t *testing.T) {
	tests := []struct {
		name   string
		change func(*target.Delivery)
		class  target.Class
		want   string
	}{
		{"LedgerAccount", func(d *target.Delivery) { d.Entry.Lines[0].LedgerAccount = "9999" }, target.Rejected, "cash.refused_ledger_account"},
		{"CostCentre", func(d *target.Delivery) { d.Entry.Lines[0].Dimensions[0].Value = "999" }, target.Rejected, "cash.refused_cost_centre"},
		{"Daybook", func(d *target.Delivery) { d.Entry.Extra["daybook"] = "NONE" }, target.Rejected, "cash.refused_daybook"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, books := office(t)
			d := small()
			tt.change(&d)
			o := c.Post(t.Context(), access("practice-cash-key"), d)
			if o.Class != tt.class || code(o.Problem) != tt.want {
				t.Errorf("got %s %v", o.Class, o.Problem)
			}
			if len(books.Journals()) != 0 {
				t.Error("something is booked")
			}
		})
	}
}

// A document number that is taken may be taken by ourselves.
func TestPractice_DocumentExists(t *testing.T) {
	c, _ := office(t)
	a, d := access("practice-cash-key"), small()
	if o := c.Post(t.Context(), a, d); o.Class != target.Accepted {
		t.Fatalf("first: %+v", o)
	}
	d.Entry.Key = "LBABCDEFGHZZ"
	if o := c.Post(t.Context(), a, d); o.Class != target.Ambiguous || code(o.Problem) != "cash.document_exists" {
		t.Fatalf("second: %+v", o)
	}
	// The number belongs to another key, with other content: the next one is taken.
	d.Entry.Lines[0].Amount, d.Entry.Lines[1].Amount = 5, -5
	evidence, err := c.Prepare(t.Context(), a, d)
	if err != nil || evidence["document"] == "" || evidence["document"] == "000101" {
		t.Errorf("prepared %v, %v", evidence, err)
	}
	// A number that is still free is kept.
	d.Evidence = map[string]string{"document": "000777"}
	if evidence, err := c.Prepare(t.Context(), a, d); err != nil || evidence["document"] != "000777" {
		t.Errorf("prepared %v, %v", evidence, err)
	}
}

// A document number is given once in a book year: one that somebody else took in
// another period, far from the entry's own, is not kept for the next sending.
func TestPractice_ANumberTakenInAnotherPeriod(t *testing.T) {
	c, _ := office(t)
	a := access("practice-cash-key")
	other := small()
	other.Entry.Key, other.Entry.Date, other.Entry.BookPeriod = "LBOTHEROTHER", date("2026-07-31"), "2607"
	other.Evidence = map[string]string{"document": "000777"}
	if o := c.Post(t.Context(), a, other); o.Class != target.Accepted {
		t.Fatalf("%+v", o)
	}
	d := small()
	d.Entry.Date, d.Entry.BookPeriod = date("2026-12-31"), "2612"
	d.Evidence = map[string]string{"document": "000777"}
	evidence, err := c.Prepare(t.Context(), a, d)
	if err != nil || evidence["document"] == "000777" || evidence["document"] == "" {
		t.Errorf("evidence %v, %v", evidence, err)
	}
}
