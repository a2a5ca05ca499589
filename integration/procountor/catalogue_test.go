package procountor_test

import (
	"net/http"
	"testing"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	faults "loonbrug/integration/practice/books"
	practice "loonbrug/integration/practice/procountor"
	"loonbrug/integration/target"
	"loonbrug/integration/target/rows"
	"loonbrug/resources"
)

// The error catalogue of Procountor: sign-in and rights, the receipt's own
// refusals, what is found before sending, and doubt.
func TestCatalogue(t *testing.T) {
	var all []rows.Row
	for _, part := range [][]rows.Row{signInRows(), refusalRows(), checkRows(), doubtRows()} {
		all = append(all, part...)
	}
	rows.Check(t, resources.Explanations(), all)
}

// posted sends a small entry to a Procountor that gives this answer.
func posted(status int, body string) func(*testing.T) rows.Seen {
	return func(t *testing.T) rows.Seen {
		_, c := start(t, answer(status, body))
		return rows.Sent(c.Post(t.Context(), access("k"), small()))
	}
}

// token connects while the token call ends with a status.
func token(status int) func(*testing.T) rows.Seen {
	return func(t *testing.T) rows.Seen {
		s, c := start(t, answer(200, "{}"))
		s.status = status
		_, err := c.Connect(t.Context(), access("k"), nil)
		return rows.Of(err)
	}
}

// practised sends the first entry of the sample to the practice system with a
// fault on, and wants nothing in its books.
func practised(fault string) func(*testing.T) rows.Seen {
	return func(t *testing.T) rows.Seen {
		c, server := office(t)
		a := access("practice-key-103")
		ref, err := c.Reference(t.Context(), a, "103")
		if err != nil {
			t.Fatal(err)
		}
		entry, problems := c.Build(draft(journal.Split(sample(t))[0]), ref)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if !server.Faults().SetBookings(fault, 1) {
			t.Fatalf("no fault %s", fault)
		}
		o := c.Post(t.Context(), a, target.Delivery{Entry: entry})
		if n := len(server.Journals()); n != 0 {
			t.Errorf("%d receipts", n)
		}
		return rows.Sent(o)
	}
}

// checked builds a changed draft with the practice system's lists, changed too,
// and picks one of its problems or notices.
func checked(code string, change func(*target.Draft, *model.Reference)) func(*testing.T) rows.Seen {
	return func(t *testing.T) rows.Seen {
		c, _ := office(t)
		ref, err := c.Reference(t.Context(), access("practice-key-103"), "103")
		if err != nil {
			t.Fatal(err)
		}
		d := draft(journal.Split(sample(t))[0])
		change(&d, ref)
		entry, problems := c.Build(d, ref)
		return rows.One(append(problems, entry.Notices...), code)
	}
}

func line(change func(*journal.Line)) func(*target.Draft, *model.Reference) {
	return func(d *target.Draft, _ *model.Reference) { change(&d.Part.Transactions[0].Lines[0]) }
}

func signInRows() []rows.Row {
	const again = model.ActionSignIn
	return []rows.Row{
		{
			Name: "1 401 Unauthorized: the token ended", Code: "procountor.token_refused", Class: target.Deferred, Booked: "nothing",
			Happen: posted(401, `{"errors":[{"status":401,"message":"Unauthorized"}]}`),
		},
		{
			Name: "1 401 Unauthorized: the key is revoked", Code: "procountor.sign_in_refused", Action: again, Class: target.NotSent, SignIn: true, Booked: "not_sent",
			Happen: func(t *testing.T) rows.Seen {
				s, c := start(t, answer(200, stored))
				s.status = 401
				return rows.Sent(c.Post(t.Context(), access("k"), small()))
			},
		},
		{Name: "2 401 at the token", Happen: token(401), Code: "procountor.sign_in_refused", Action: again, Booked: "not_sent"},
		{Name: "2 400 at the token", Happen: token(400), Code: "procountor.sign_in_refused", Action: again, Booked: "not_sent"},
		{Name: "3 404 at the token", Happen: token(404), Code: "procountor.wrong_address", Action: model.ActionOpenAccount, Booked: "nothing"},
		{
			Name: "4 403 insufficient user rights", Code: "procountor.no_rights", Class: target.Rejected, Booked: "nothing",
			Happen: posted(403, `{"errors":[{"status":403,"message":"User rights check failed: Insufficient user rights."}]}`),
		},
		{
			Name: "4 a user without the rights, at sign-in", Code: "procountor.no_receipt_rights", Booked: "not_sent",
			Happen: func(t *testing.T) rows.Seen {
				c, _ := office(t)
				_, err := c.Connect(t.Context(), access("practice-key-norights"), nil)
				return rows.Of(err)
			},
		},
		{
			Name: "27 wrong company", Code: "procountor.other_company", Action: model.ActionOpenAccount, Class: target.NotSent, Booked: "not_sent",
			Happen: func(t *testing.T) rows.Seen {
				_, c := start(t, answer(200, stored))
				d := small()
				d.Entry.Administration = "101"
				return rows.Sent(c.Post(t.Context(), access("k"), d))
			},
		},
	}
}

func refusalRows() []rows.Row {
	const refresh, nothing = model.ActionRefresh, "nothing"
	return []rows.Row{
		{
			Name: "5 403 on approve: the period is closed", Code: "procountor.approval_refused", Booked: "there",
			Happen: approval(target.Rejected, 403, refusal("", "Fiscal period is closed"), "UNFINISHED"),
		},
		{
			Name: "5 403 on approve: no rights", Code: "procountor.approval_no_rights", Booked: "there",
			Happen: approval(target.Rejected, 403, noRightsAnswer, "UNFINISHED"),
		},
		{
			Name: "5 403 on approve: another state", Code: "procountor.receipt_changed",
			Happen: approval(target.Pending, 403, refusal("", "?"), "INVALIDATED"),
		},
		{
			Name: "6 CLOSED_FISCAL_PERIOD", Code: "procountor.refused_closed_period", Action: refresh, Class: target.Rejected, Booked: nothing,
			Happen: posted(400, refusal("receiptDate", "CLOSED_FISCAL_PERIOD")),
		},
		{
			Name: "6 closed at the practice system", Code: "procountor.refused_closed_period", Action: refresh, Class: target.Rejected, Booked: nothing,
			Happen: practised(practice.FaultClosedPeriod),
		},
		{
			Name: "9 ERROR_LEDGERACCOUNT_VATPERCENTAGE_COMBINATION", Code: "procountor.refused_ledger_account", Action: refresh, Class: target.Rejected, Booked: nothing,
			Happen: posted(400, refusal("transactions[1].account", "ERROR_LEDGERACCOUNT_VATPERCENTAGE_COMBINATION")),
		},
		{
			Name: "11 DIMENSION_OR_DIMENSION_ITEM_IDENTIFIERS_…", Code: "procountor.refused_dimension", Action: refresh, Class: target.Rejected, Booked: nothing,
			Happen: posted(400, refusal("transactions[0].dimensionItemValues", "DIMENSION_OR_DIMENSION_ITEM_IDENTIFIERS_DOES_NOT_MATCH_THOSE_STORED_IN_DATABASE")),
		},
		{
			Name: "15 too many dimensions", Code: "procountor.refused_dimension", Action: refresh, Class: target.Rejected, Booked: nothing,
			Happen: posted(400, refusal("transactions[0].dimensionItemValues[1]", "?")),
		},
		{
			Name: "16 ERROR_VATSTATUS_VATPERC", Code: "procountor.refused_vat", Class: target.Rejected, Booked: nothing,
			Happen: posted(400, refusal("vatStatus", "ERROR_VATSTATUS_VATPERC")),
		},
		{
			Name: "19 Value of the field is invalid", Code: "procountor.refused", Class: target.Rejected, Booked: nothing,
			Happen: posted(400, refusal("type", "Value of the 'type' field is invalid")),
		},
		{
			Name: "19 cannot be blank", Code: "procountor.refused", Class: target.Rejected, Booked: nothing,
			Happen: posted(400, refusal("", "Value of the 'type' cannot be blank.")),
		},
		{
			Name: "20 text refused", Code: "procountor.refused_text", Class: target.Rejected, Booked: nothing,
			Happen: posted(400, refusal("name", "?")),
		},
		{
			Name: "28 stale version, as far as receipts are changed: on approve", Code: "procountor.receipt_changed",
			Happen: approval(target.Pending, 400, refusal("version", "?"), "UNFINISHED"),
		},
	}
}

// approval approves a receipt in a state while Procountor answers so.
func approval(class target.Class, status int, body, state string) func(*testing.T) rows.Seen {
	return func(t *testing.T) rows.Seen {
		o := approved(t, status, body, state)
		if o.Class != class {
			t.Errorf("class %q, want %q", o.Class, class)
		}
		return rows.Seen{Problem: o.Problem}
	}
}

func checkRows() []rows.Row {
	const refresh, mapping, nothing = model.ActionRefresh, model.ActionOpenMapping, "nothing"
	return []rows.Row{
		{
			Name: "6 closed, before sending", Code: "entry.closed_period", Action: refresh, Booked: nothing,
			Happen: checked("entry.closed_period", func(_ *target.Draft, ref *model.Reference) {
				for i := range ref.Periods {
					ref.Periods[i].Open = false
				}
			}),
		},
		{
			Name: "7 no fiscal year for the date", Code: "entry.no_period", Action: refresh, Booked: nothing,
			Happen: checked("entry.no_period", func(_ *target.Draft, ref *model.Reference) { ref.Periods = []model.BookPeriod{} }),
		},
		{
			Name: "8 tracking period PENDING", Code: "procountor.period_closing",
			Happen: checked("procountor.period_closing", func(_ *target.Draft, ref *model.Reference) {
				for i := range ref.Periods {
					ref.Periods[i].Warning = true
				}
			}),
		},
		{
			Name: "10 account missing", Code: "entry.unknown_ledger_account", Action: refresh, Booked: nothing,
			Happen: checked("entry.unknown_ledger_account", line(func(l *journal.Line) { l.LedgerAccount = "9999" })),
		},
		{
			Name: "10 account inactive", Code: "entry.inactive_ledger_account", Action: refresh, Booked: nothing,
			Happen: checked("entry.inactive_ledger_account", func(_ *target.Draft, ref *model.Reference) {
				for i := range ref.LedgerAccounts {
					ref.LedgerAccounts[i].Active = false
				}
			}),
		},
		{
			Name: "11 item passive, before sending", Code: "procountor.passive_item", Action: refresh, Booked: nothing,
			Happen: checked("procountor.passive_item", func(_ *target.Draft, ref *model.Reference) {
				for _, d := range ref.Dimensions {
					for i := range d.Values {
						d.Values[i].Active = false
					}
				}
			}),
		},
		{
			Name: "12 dimension not found by name", Code: "procountor.unknown_dimension", Action: mapping, Booked: nothing,
			Happen: checked("procountor.unknown_dimension", func(d *target.Draft, _ *model.Reference) { d.Mapping.CostCentre.Name = "kostenplaats" }),
		},
		{
			Name: "13 cost centre without item", Code: "procountor.unknown_item", Action: mapping, Booked: nothing,
			Happen: checked("procountor.unknown_item", line(func(l *journal.Line) { l.CostCentre = "777" })),
		},
		{
			Name: "14 dimension amounts do not add up", Code: "procountor.refused_dimension", Action: refresh, Class: target.Rejected, Booked: nothing,
			Happen: posted(400, refusal("transactions[0].dimensionItemValues", "?")),
		},
		{
			Name: "16 no VAT handling, before sending", Code: "procountor.no_vat_status", Action: refresh, Booked: nothing,
			Happen: checked("procountor.no_vat_status", func(_ *target.Draft, ref *model.Reference) { ref.Extra["vat_12"] = "no" }),
		},
		{
			Name: "17 unbalanced journal", Code: "entry.unbalanced", Booked: nothing,
			Happen: checked("entry.unbalanced", line(func(l *journal.Line) { l.Amount++ })),
		},
		{
			Name: "18 wrong currency", Code: "entry.wrong_currency", Action: mapping, Booked: nothing,
			Happen: checked("entry.wrong_currency", func(d *target.Draft, _ *model.Reference) { d.Company.Currency = "SEK" }),
		},
		{
			Name: "20 text too long", Code: "procountor.text_cut",
			Happen: checked("procountor.text_cut", line(func(l *journal.Line) { l.Text = longText() })),
		},
		{
			Name: "20 character not allowed", Code: "procountor.text_changed",
			Happen: checked("procountor.text_changed", line(func(l *journal.Line) { l.Text = "給与" })),
		},
		{
			Name: "21 journal already in Procountor: it is found, whatever state it has",
			Happen: func(t *testing.T) rows.Seen {
				c, _ := office(t)
				d := small()
				a := access("practice-key-103")
				ref, err := c.Reference(t.Context(), a, "103")
				if err != nil {
					t.Fatal(err)
				}
				d.Entry, _ = c.Build(draft(journal.Split(sample(t))[0]), ref)
				o := c.Post(t.Context(), a, d)
				found, err := c.Find(t.Context(), a, d)
				if err != nil || len(found) != 1 || found[0].Number != o.Number {
					t.Errorf("found %v, %v", found, err)
				}
				return rows.Seen{}
			},
		},
		{
			Name: "22 earlier journal differs: what is found is what Procountor has, for the sender to compare",
			Happen: func(t *testing.T) rows.Seen {
				_, c := start(t, books(map[int]string{1: "R12 LBABCDEFGHAA"}, "UNFINISHED"))
				found, err := c.Find(t.Context(), access("k"), small())
				if err != nil || len(found) != 1 || len(found[0].Lines) != 1 || found[0].Lines[0].Amount != 150 {
					t.Errorf("found %+v, %v", found, err)
				}
				return rows.Seen{}
			},
		},
		{Name: "26 test company or blocked debtor in the payroll", Absent: "the office keeps such runs back before a target is asked (send.test_company, send.debtor_blocked)"},
	}
}

func longText() string {
	text := make([]byte, 256)
	for i := range text {
		text[i] = 'a'
	}
	return string(text)
}

func doubtRows() []rows.Row {
	list := []rows.Row{
		{
			Name: "23 connection lost", Code: "network.broken", Class: target.Ambiguous,
			Happen: func(t *testing.T) rows.Seen {
				_, c := start(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
				return rows.Sent(c.Post(t.Context(), access("k"), small()))
			},
		},
		{Name: "23 500", Happen: posted(500, ""), Code: "procountor.unavailable", Class: target.Ambiguous},
		{Name: "23 500 with errors in it", Happen: posted(500, refusal("", "?")), Code: "procountor.unavailable", Class: target.Ambiguous},
		{Name: "23 HTML page", Happen: posted(200, "<html>"), Code: "procountor.unreadable_answer", Class: target.Ambiguous},
		{Name: "23 HTML page as a refusal", Happen: posted(400, "<html>"), Code: "procountor.unreadable_answer", Class: target.Ambiguous},
		{Name: "23 error before the booking", Happen: practised(faults.FaultErrorBefore), Code: "procountor.unavailable", Class: target.Ambiguous},
		{Name: "24 429", Happen: posted(429, ""), Code: "procountor.too_many_requests", Class: target.Deferred, Booked: "nothing"},
		{Name: "24 429 at the practice system", Happen: practised(faults.FaultThrottle), Code: "procountor.too_many_requests", Class: target.Deferred, Booked: "nothing"},
		{
			Name: "25 status DEGRADED", Code: "procountor.disturbed",
			Happen: func(t *testing.T) rows.Seen {
				c, server := office(t)
				server.Faults().Set(practice.FaultDegraded, 1)
				ref, err := c.Reference(t.Context(), access("practice-key-103"), "103")
				if err != nil {
					t.Fatal(err)
				}
				entry, _ := c.Build(draft(journal.Split(sample(t))[0]), ref)
				return rows.One(entry.Notices, "procountor.disturbed")
			},
		},
		{Name: "25 503", Happen: posted(503, ""), Code: "procountor.unavailable", Class: target.Ambiguous},
	}
	return list
}
