package cash_test

import (
	"net/http"
	"slices"
	"testing"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	practice "loonbrug/integration/practice/cash"
	"loonbrug/integration/target"
	"loonbrug/integration/target/rows"
	"loonbrug/resources"
)

// The error catalogue of CASH: the codes of its answers, then its messages and
// situations.
func TestCatalogue(t *testing.T) {
	all := slices.Concat(codeRows(), soapRows(), messageRows(), situationRows())
	rows.Check(t, resources.Explanations(), all)
}

// posted sends a small entry to a CASH that gives this answer.
func posted(status int, body string) func(*testing.T) rows.Seen {
	return func(t *testing.T) rows.Seen {
		return rows.Sent(serve(t, books(answer(status, body))).Post(t.Context(), access("k"), small()))
	}
}

// worded is a refusal of an import, in CASH's words.
func worded(message string) func(*testing.T) rows.Seen {
	return posted(http.StatusBadRequest, `{"error":"Error import","message":{"errors":{"error":[{"message":"`+message+`","line":"2"}]}}}`)
}

// practised sends a changed entry to the practice system and wants nothing in
// its books.
func practised(key model.Secret, change func(*target.Delivery)) func(*testing.T) rows.Seen {
	return func(t *testing.T) rows.Seen {
		c, books := office(t)
		d := small()
		if change != nil {
			change(&d)
		}
		o := c.Post(t.Context(), access(key), d)
		if n := len(books.Journals()); n != 0 {
			t.Errorf("%d documents", n)
		}
		return rows.Sent(o)
	}
}

// checked builds a changed draft with the practice system's lists and picks one
// of its problems or notices.
func checked(code string, change func(*target.Draft)) func(*testing.T) rows.Seen {
	return func(t *testing.T) rows.Seen {
		c, _ := office(t)
		ref, err := c.Reference(t.Context(), access("practice-cash-key"), "halm")
		if err != nil {
			t.Fatal(err)
		}
		d := draft(journal.Split(sample(t))[0])
		change(&d)
		entry, problems := c.Build(d, ref)
		return rows.One(append(problems, entry.Notices...), code)
	}
}

// firstLine changes the first line of a draft.
func firstLine(change func(*journal.Line)) func(*target.Draft) {
	return func(d *target.Draft) { change(&d.Part.Transactions[0].Lines[0]) }
}

func codeRows() []rows.Row {
	return []rows.Row{
		{Name: "1 success", Happen: posted(http.StatusCreated, ""), Class: target.Accepted},
		{
			Name: "2 login error, as the status of REST", Happen: posted(http.StatusUnauthorized, ""), Code: "cash.key_refused",
			Action: model.ActionSignIn, Class: target.Deferred, SignIn: true, Booked: "nothing",
		},
		{
			Name: "1002 Unauthorized Access", Code: "cash.not_linked", Class: target.Rejected, Booked: "nothing",
			Happen: posted(http.StatusForbidden, `{"code":1002,"message":"Unauthorized Access"}`),
		},
		{
			Name: "1002 at the practice system", Code: "cash.not_linked", Booked: "nothing",
			Happen: func(t *testing.T) rows.Seen {
				c, _ := office(t)
				_, err := c.Connect(t.Context(), access("practice-cash-unlinked"), nil)
				return rows.Of(err)
			},
		},
		{
			Name: "1002 with a fault of the server: nothing is certain", Code: "cash.unavailable", Class: target.Ambiguous,
			Happen: posted(http.StatusInternalServerError, `{"code":1002}`),
		},
	}
}

func messageRows() []rows.Row {
	const nothing = "nothing"
	list := []rows.Row{
		{
			Name: "De XML import is nog niet verwerkt: an account without rights", Code: "cash.pending", Action: model.ActionCheckAgain,
			Class: target.Pending, Booked: "check", Happen: practised("practice-cash-reader", nil),
		},
		{
			Name: "202 Pending with a transaction", Code: "cash.pending", Action: model.ActionCheckAgain, Class: target.Pending, Booked: "check",
			Happen: posted(http.StatusAccepted, `{"status":"Pending","transaction":"t1"}`),
		},
		{
			Name: "202 Pending without a transaction", Code: "cash.pending", Action: model.ActionCheckAgain, Class: target.Ambiguous, Booked: "check",
			Happen: posted(http.StatusAccepted, `{"status":"Pending"}`),
		},
		{
			Name: "ledger account at the practice system", Code: "cash.refused_ledger_account", Action: model.ActionRefresh, Class: target.Rejected, Booked: nothing,
			Happen: practised("practice-cash-key", func(d *target.Delivery) { d.Entry.Lines[0].LedgerAccount = "9999" }),
		},
		{
			Name: "document number exists", Code: "cash.document_exists", Action: model.ActionCheckAgain, Class: target.Ambiguous, Booked: "check",
			Happen: func(t *testing.T) rows.Seen {
				c, books := office(t)
				d := small()
				if o := c.Post(t.Context(), access("practice-cash-key"), d); o.Class != target.Accepted {
					t.Fatalf("first: %+v", o)
				}
				d.Entry.Key = "LBABCDEFGHZZ"
				o := c.Post(t.Context(), access("practice-cash-key"), d)
				if n := len(books.Journals()); n != 1 {
					t.Errorf("%d documents", n)
				}
				return rows.Sent(o)
			},
		},
	}
	for _, r := range []struct {
		message, code string
		action        model.Action
	}{
		{"Ongeldige waarde 0201=4999", "cash.refused_ledger_account", model.ActionRefresh},
		{"Ongeldige waarde 0901=X", "cash.refused_daybook", model.ActionOpenMapping},
		{"Ongeldige waarde 0911=X", "cash.refused_cost_centre", model.ActionOpenMapping},
		{"Ongeldige waarde 0101=1", "cash.refused_relation", model.ActionNone},
		{"Ongeldige waarde 0309=1", "cash.refused_relation", model.ActionNone},
		{"Ongeldige waarde 0301=2513", "cash.refused_period", model.ActionNone},
		{"Ongeldige waarde 0302=320326", "cash.refused_period", model.ActionNone},
		{"Ongeldige waarde 0310=2513", "cash.refused_period", model.ActionNone},
		{"Ongeldige waarde 0307=a", "cash.refused_amount", model.ActionNone},
		{"Ongeldige waarde 0306=a", "cash.refused", model.ActionNone},
		{"Een melding die niemand kent", "cash.refused", model.ActionNone},
	} {
		list = append(list, rows.Row{
			Name: r.message, Happen: worded(r.message), Code: r.code, Action: r.action, Class: target.Rejected, Booked: nothing,
		})
	}
	return list
}

func situationRows() []rows.Row {
	const mapping, nothing = model.ActionOpenMapping, "nothing"
	long := func(n int) string { return "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJ"[:n] }
	return []rows.Row{
		{
			Name: "several rows in one list: one element a line, so every line is booked",
			Happen: func(t *testing.T) rows.Seen {
				c, _ := office(t)
				d := small()
				c.Post(t.Context(), access("practice-cash-key"), d)
				booked, o := c.ReadBack(t.Context(), access("practice-cash-key"), d)
				if o.Class != target.Accepted || len(booked.Lines) != len(d.Entry.Lines) {
					t.Errorf("%d lines booked of %d, %+v", len(booked.Lines), len(d.Entry.Lines), o)
				}
				return rows.Seen{}
			},
		},
		{
			Name: "out of balance, which CASH does not refuse", Code: "entry.unbalanced", Booked: nothing,
			Happen: checked("entry.unbalanced", firstLine(func(l *journal.Line) { l.Amount++ })),
		},
		{
			Name: "key suddenly refused", Code: "cash.key_refused", Action: model.ActionSignIn, Class: target.Deferred, SignIn: true, Booked: nothing,
			Happen: practised("wrong", nil),
		},
		{Name: "4xx that CASH did not write", Happen: posted(http.StatusBadRequest, "<html>"), Code: "cash.unreadable_answer", Class: target.Ambiguous},
		{Name: "4xx with error and message", Happen: posted(http.StatusUnprocessableEntity, `{"error":"a","message":"b"}`), Code: "cash.refused", Class: target.Rejected, Booked: nothing},
		{Name: "404", Happen: posted(http.StatusNotFound, ""), Code: "cash.wrong_address", Action: model.ActionOpenAccount, Class: target.Rejected, Booked: nothing},
		{Name: "200 with an error inside", Happen: posted(http.StatusOK, `{"error":"Error import","message":"?"}`), Code: "cash.unreadable_answer", Class: target.Ambiguous},
		{Name: "500", Happen: posted(http.StatusInternalServerError, ""), Code: "cash.unavailable", Class: target.Ambiguous},
		{Name: "timeout at a gateway", Happen: posted(http.StatusGatewayTimeout, ""), Code: "cash.unavailable", Class: target.Ambiguous},
		{
			Name: "connection lost", Code: "network.broken", Class: target.Ambiguous,
			Happen: func(t *testing.T) rows.Seen {
				c := serve(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
				return rows.Sent(c.Post(t.Context(), access("k"), small()))
			},
		},
		{Name: "more than 100 requests a minute", Happen: posted(http.StatusTooManyRequests, ""), Code: "cash.too_many_requests", Class: target.Deferred, Booked: nothing},
		{
			Name: "administration read-only", Code: "cash.read_only", Action: mapping, Booked: nothing,
			Happen: checked("cash.read_only", func(d *target.Draft) { d.Mapping.Administration.ReadOnly = true }),
		},
		{
			Name: "no administration in the list", Code: "cash.no_administrations", Booked: "not_sent",
			Happen: func(t *testing.T) rows.Seen {
				_, err := serve(t, answer(http.StatusOK, `{"dir":[{"F0101":"100200"}]}`)).Connect(t.Context(), access("k"), nil)
				return rows.Of(err)
			},
		},
		{
			Name: "export with a content type before it",
			Happen: func(t *testing.T) rows.Seen {
				c, a := recorded(t, "", soapAnswer("export", 1, "Success", exported("<cash></cash>")))
				_, err := c.Reference(t.Context(), a, "halm")
				return rows.Of(err)
			},
		},
		{
			Name: "export that is no XML", Code: "cash.unreadable_answer",
			Happen: func(t *testing.T) rows.Seen {
				c, a := recorded(t, "", soapAnswer("export", 1, "Success", exported("geen gegevens")))
				_, err := c.Reference(t.Context(), a, "halm")
				return rows.Of(err)
			},
		},
		{
			Name: "one refused line among good ones, which are booked", Code: "cash.partly_booked", Action: model.ActionCheckAgain, Class: target.Ambiguous,
			Happen: func(t *testing.T) rows.Seen {
				c, books := office(t)
				if !books.Faults().SetBookings(practice.FaultPerLine, 1) {
					t.Fatal("no such fault")
				}
				d := small()
				d.Entry.Lines[0].LedgerAccount = "9999"
				o := c.Post(t.Context(), access("practice-cash-key"), d)
				if n := len(books.Journals()); n != 1 {
					t.Errorf("%d documents", n)
				}
				return rows.Sent(o)
			},
		},
		{
			Name: "refused, and the books cannot be read", Code: "cash.not_looked_up", Action: model.ActionCheckAgain, Class: target.Ambiguous, Booked: "check",
			Happen: func(t *testing.T) rows.Seen {
				return rows.Sent(serve(t, answer(http.StatusBadRequest, `{"error":"a","message":"b"}`)).Post(t.Context(), access("k"), small()))
			},
		},
		{
			Name: "administration missing from the list", Code: "cash.not_linked", Booked: nothing,
			Happen: func(t *testing.T) rows.Seen {
				_, err := serve(t, answer(http.StatusForbidden, `{"error":"1002","message":"1002 Unauthorized Access"}`)).Reference(t.Context(), access("k"), "weg")
				return rows.Of(err)
			},
		},
		{Name: "sub-ledger account without relation", Happen: worded("Ongeldige waarde 0101="), Code: "cash.refused_relation", Class: target.Rejected, Booked: nothing},
		{
			Name: "cost centre longer than three", Code: "cash.cost_centre_too_long", Action: mapping, Booked: nothing,
			Happen: checked("cash.cost_centre_too_long", firstLine(func(l *journal.Line) { l.CostCentre = "1000" })),
		},
		{
			Name: "document number longer than six digits", Code: "cash.no_document_number", Class: target.NotSent, Booked: nothing,
			Happen: practised("practice-cash-key", func(d *target.Delivery) { d.Evidence["document"] = "1234567" }),
		},
		{
			Name: "text longer than 25", Code: "cash.text_cut",
			Happen: checked("cash.text_cut", firstLine(func(l *journal.Line) { l.Text = long(26) })),
		},
		{Name: "coupling with CASHWin", Absent: "CASHWin has no interface to answer; the account form says so"},
		{Name: "errors in an .ERR file", Absent: "only CASH's own import of files writes it; the program sends no files"},
		{
			Name: "period closed at the practice system, in words that nobody published", Code: "cash.refused", Class: target.Rejected, Booked: nothing,
			Happen: func(t *testing.T) rows.Seen {
				c, books := office(t)
				if !books.Faults().Set(practice.FaultClosedPeriod, 1) {
					t.Fatal("no such fault")
				}
				return rows.Sent(c.Post(t.Context(), access("practice-cash-key"), small()))
			},
		},
	}
}
