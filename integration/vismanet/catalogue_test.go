package vismanet_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/oauth"
	"loonbrug/integration/practice/visma"
	"loonbrug/integration/practice/visma/connect"
	"loonbrug/integration/target"
	"loonbrug/integration/target/rows"
	"loonbrug/integration/vismanet"
	"loonbrug/resources"
)

// The error catalogue of Visma.net: sign-in, gateway, ledger and network, in
// the order of the vendor's layers.
func TestCatalogue(t *testing.T) {
	var all []rows.Row
	for _, part := range [][]rows.Row{signInRows(), gatewayRows(), checkRows(), ledgerRows(), batchRows(), releaseRows(), backgroundRows(), doubtRows()} {
		all = append(all, part...)
	}
	rows.Check(t, resources.Explanations(), all)
}

// refuser is a browser whose person, or whose page, ends the sign-in with an
// error.
type refuser string

func (r refuser) Open(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	back := u.Query().Get("redirect_uri") + "?" + url.Values{"error": {string(r)}, "state": {u.Query().Get("state")}}.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, back, nil)
	if err != nil {
		return err
	}
	// The page comes only when the sign-in has ended, as in a real browser.
	go func() {
		if answer, err := http.DefaultClient.Do(request); err == nil {
			_ = answer.Body.Close()
		}
	}()
	return nil
}

func (refuser) Language() string { return "nl" }

// signIn ends a sign-in at the authorisation page with an error.
func signIn(name string) func(*testing.T) rows.Seen {
	return func(t *testing.T) rows.Seen {
		o := newOffice(t)
		_, err := o.target.Connect(t.Context(), o.access, refuser(name))
		return rows.Of(err)
	}
}

// spoiled asks with an account that was signed in and then spoiled.
func spoiled(spoil func(*testing.T, *office)) func(*testing.T) rows.Seen {
	return func(t *testing.T) rows.Seen {
		o := signedIn(t)
		spoil(t, o)
		_, err := o.target.Administrations(t.Context(), o.access)
		return rows.Of(err)
	}
}

func always(fault string) func(*testing.T, *office) {
	return func(t *testing.T, o *office) {
		if !o.server.Faults().Set(fault, -1) {
			t.Fatalf("no fault %s", fault)
		}
	}
}

// posted sends the sample to an API that gives this answer.
func posted(status int, body string, headers ...string) func(*testing.T) rows.Seen {
	return func(t *testing.T) rows.Seen {
		b := newBundle(t)
		d := b.sampleDelivery()
		b.answer("POST /v2/journaltransaction", status, body, headers...)
		return rows.Sent(b.target.Post(t.Context(), b.access, d))
	}
}

// worded is a refusal by the ledger, in its words.
func worded(text string) func(*testing.T) rows.Seen {
	return posted(http.StatusBadRequest, vismaMessage+text+`"}`)
}

// misbehaving sends the sample to the practice system with a fault on, and
// wants nothing in its books.
func misbehaving(fault string) func(*testing.T) rows.Seen {
	return func(t *testing.T) rows.Seen {
		o := signedIn(t)
		d := o.deliveries(t)[0]
		if !o.server.Faults().SetBookings(fault, 1) {
			t.Fatalf("no fault %s", fault)
		}
		out := o.target.Post(t.Context(), o.access, d)
		if n := len(o.server.Journals()); n != 0 {
			t.Errorf("%d batches", n)
		}
		return rows.Sent(out)
	}
}

// built checks a line before it leaves and picks one of its problems.
func built(code string, lines []journal.Line, change func(*model.Reference)) func(*testing.T) rows.Seen {
	return func(t *testing.T) rows.Seen {
		b := newBundle(t)
		ref := b.reference()
		if change != nil {
			change(ref)
		}
		part := journal.Split(samplePayroll(t))[0]
		part.Transactions[0].Lines = append(part.Transactions[0].Lines, lines...)
		_, problems := b.target.Build(sampleDraft(part), ref)
		return rows.One(problems, code)
	}
}

// pair is a line of an account and its counterpart.
func pair(account string) []journal.Line {
	return []journal.Line{{LedgerAccount: account, Amount: 100}, {LedgerAccount: "1700", Amount: -100}}
}

func signInRows() []rows.Row {
	const again = model.ActionSignIn
	return []rows.Row{
		{
			Name: "browser logged in as somebody else: wrong company", Code: "vismanet.other_company", Action: again, Booked: "not_sent",
			Class: target.NotSent, SignIn: true,
			Happen: func(t *testing.T) rows.Seen {
				b := newBundle(t)
				d := b.sampleDelivery()
				b.vault.kept[7][vismanet.FieldAdministration] = "tenant-other"
				return rows.Sent(b.target.Post(t.Context(), b.access, d))
			},
		},
		{Name: "authorize access_denied", Happen: signIn("access_denied"), Code: "signin.refused", Action: again, Booked: "not_sent"},
		{Name: "authorize invalid_tenant", Happen: signIn("invalid_tenant"), Code: "signin.no_role", Action: again, Booked: "not_sent"},
		{Name: "token invalid_tenant", Happen: spoiled(always(connect.FaultInvalidTenant)), Code: "signin.no_role", Action: again, Booked: "not_sent"},
		{Name: "authorize invalid_request: redirect address", Happen: signIn("invalid_request"), Code: "signin.request", Action: model.ActionOpenAccount, Booked: "not_sent"},
		{Name: "token invalid_grant", Happen: spoiled(always(connect.FaultRevoked)), Code: "signin.expired", Action: again, Booked: "not_sent"},
		{
			Name: "token invalid_client", Code: "signin.client", Action: model.ActionOpenAccount, Booked: "not_sent",
			Happen: spoiled(func(_ *testing.T, o *office) {
				o.access.Account.Settings = map[string]string{"client_id": "nobody"}
			}),
		},
		{Name: "unauthorized_client", Happen: signIn("unauthorized_client"), Code: "signin.client", Action: model.ActionOpenAccount, Booked: "not_sent"},
		{Name: "invalid_scope", Happen: signIn("invalid_scope"), Code: "signin.client", Action: model.ActionOpenAccount, Booked: "not_sent"},
		{
			Name:   "existing link of the payroll: error while logged in to Visma.net",
			Absent: "the program always asks for the account chooser; test companies and blocked debtors are kept back by the office, before a target is asked",
		},
	}
}

func gatewayRows() []rows.Row {
	return []rows.Row{
		{
			Name: "401 once: the token ended", Code: "vismanet.token_renewed", Class: target.Deferred, Booked: "nothing",
			Happen: func(t *testing.T) rows.Seen {
				b := newBundle(t)
				d := b.sampleDelivery()
				b.answer("POST /v2/journaltransaction", http.StatusUnauthorized, "")
				return rows.Sent(b.target.Post(t.Context(), b.access, d))
			},
		},
		{
			Name: "401 stays: token of the customer, not of a company", Code: "vismanet.unauthorised", Action: model.ActionSignIn,
			Class: target.Deferred, SignIn: true,
			Happen: func(t *testing.T) rows.Seen {
				b := newBundle(t)
				d := b.sampleDelivery()
				b.api = http.NewServeMux()
				b.answer("/", http.StatusUnauthorized, "")
				return rows.Sent(b.target.Post(t.Context(), b.access, d))
			},
		},
		{
			Name: "401 and the sign-in is over", Code: "signin.expired", Action: model.ActionSignIn,
			Class: target.Deferred, SignIn: true, Booked: "not_sent",
			Happen: func(t *testing.T) rows.Seen {
				b := newBundle(t)
				d := b.sampleDelivery()
				b.vault.kept[7][oauth.FieldRefreshToken] = "spent"
				b.answer("POST /v2/journaltransaction", http.StatusUnauthorized, "")
				return rows.Sent(b.target.Post(t.Context(), b.access, d))
			},
		},
		{
			Name: "12027 No license for this company", Happen: misbehaving(visma.FaultNoLicence), Code: "vismanet.no_licence",
			Action: model.ActionSignIn, Class: target.Deferred, SignIn: true,
		},
		{
			Name: "12002 Invalid parameter exception: ipp-company-id", Happen: misbehaving(visma.FaultWrongCompany), Code: "vismanet.no_company",
			Action: model.ActionSignIn, Class: target.Deferred, SignIn: true,
		},
		{Name: "403", Happen: misbehaving(visma.FaultForbidden), Code: "vismanet.no_rights", Class: target.Rejected},
		{
			Name: "429 Same request made too many times", Code: "vismanet.rate_limited", Class: target.Deferred,
			Happen: posted(http.StatusTooManyRequests, `{"message":"Same request made too many times"}`, "Retry-After", "42"),
		},
	}
}

// checkRows are the rows of the program's own check, before anything leaves.
func checkRows() []rows.Row {
	const refresh, mapping = model.ActionRefresh, model.ActionOpenMapping
	unpostable := func(ref *model.Reference) {
		for i := range ref.LedgerAccounts {
			ref.LedgerAccounts[i].Postable = ref.LedgerAccounts[i].Code != "1700"
		}
	}
	noEmpty := func(ref *model.Reference) { ref.Dimensions[0].Values = ref.Dimensions[0].Values[1:] }
	closed := func(ref *model.Reference) {
		for i := range ref.Periods {
			ref.Periods[i].Open = false
		}
	}
	noYear := func(ref *model.Reference) { ref.Periods = []model.BookPeriod{} }
	return []rows.Row{
		{Name: "allowManualEntry is false", Happen: built("entry.unpostable_ledger_account", pair("1700"), unpostable), Code: "entry.unpostable_ledger_account", Action: refresh, Booked: "nothing"},
		{Name: "account not in the chart", Happen: built("entry.unknown_ledger_account", pair("4321"), nil), Code: "entry.unknown_ledger_account", Action: refresh, Booked: "nothing"},
		{Name: "account switched off", Happen: built("entry.inactive_ledger_account", pair("4999"), nil), Code: "entry.inactive_ledger_account", Action: refresh, Booked: "nothing"},
		{Name: "segment value not in the list", Happen: built("vismanet.unknown_dimension_value", centred("777"), nil), Code: "vismanet.unknown_dimension_value", Action: refresh, Booked: "nothing"},
		{Name: "segment value without its leading zeros", Happen: built("vismanet.dimension_value_length", centred("7"), nil), Code: "vismanet.dimension_value_length", Action: refresh, Booked: "nothing"},
		{Name: "segment value switched off", Happen: built("vismanet.inactive_dimension_value", centred("900"), nil), Code: "vismanet.inactive_dimension_value", Action: refresh, Booked: "nothing"},
		{Name: "profit and loss without a cost centre", Happen: built("vismanet.missing_dimension_value", pair("4000"), noEmpty), Code: "vismanet.missing_dimension_value", Action: mapping, Booked: "nothing"},
		{Name: "period closed", Happen: built("entry.closed_period", nil, closed), Code: "entry.closed_period", Action: refresh, Booked: "nothing"},
		{Name: "year not generated", Happen: built("entry.no_period", nil, noYear), Code: "entry.no_period", Action: refresh, Booked: "nothing"},
		{Name: "unbalanced before sending", Happen: built("entry.unbalanced", pair("1700")[:1], nil), Code: "entry.unbalanced", Booked: "nothing"},
		{Name: "company in another currency", Happen: built("entry.wrong_currency", nil, func(ref *model.Reference) { ref.Currency = "SEK" }), Code: "entry.wrong_currency", Action: mapping, Booked: "nothing"},
		{Name: "branch of the mapping inactive", Happen: picked("branch"), Code: "vismanet.unusable_branch", Action: mapping, Booked: "nothing"},
		{Name: "ledger of the mapping not actual", Happen: picked("ledger"), Code: "vismanet.unusable_ledger", Action: mapping, Booked: "nothing"},
	}
}

// centred is a line with a cost centre and its counterpart.
func centred(centre string) []journal.Line {
	lines := pair("4000")
	lines[0].CostCentre = centre
	return lines
}

// picked checks an entry for the practice company's second branch, which is
// inactive, or its second ledger, which is a budget.
func picked(field string) func(*testing.T) rows.Seen {
	return func(t *testing.T) rows.Seen {
		o := signedIn(t)
		ref, err := o.target.Reference(t.Context(), o.access, visma.DeHalm)
		if err != nil {
			t.Fatal(err)
		}
		draft := sampleDraft(journal.Split(samplePayroll(t))[0])
		draft.Mapping.Options = map[string]string{field: "2"}
		_, problems := o.target.Build(draft, ref)
		return rows.One(problems, "vismanet.unusable_"+field)
	}
}

func ledgerRows() []rows.Row {
	const refresh, mapping, none = model.ActionRefresh, model.ActionOpenMapping, model.ActionNone
	list := []rows.Row{
		{Name: "period closed in the practice books", Happen: misbehaving(visma.FaultClosedPeriod), Code: "vismanet.refused_period_closed", Action: refresh, Class: target.Rejected, Booked: "nothing"},
		{Name: "period inactive in the practice books", Happen: misbehaving(visma.FaultInactivePeriod), Code: "vismanet.refused_period_inactive", Action: refresh, Class: target.Rejected, Booked: "nothing"},
		{Name: "collective message of the practice books", Happen: misbehaving(visma.FaultCollectiveError), Code: "vismanet.refused_collective", Class: target.Rejected, Booked: "nothing"},
		{Name: "access rights in the practice books", Happen: misbehaving(visma.FaultAccessRights), Code: "vismanet.refused_access", Class: target.Rejected, Booked: "nothing"},
	}
	for _, r := range []struct {
		text, code string
		action     model.Action
	}{
		{"'4321' cannot be found in the system.", "refused_unknown_account", refresh},
		{"One or more GL Accounts cannot be found.", "refused_unknown_account", refresh},
		{"Account is inactive.", "refused_inactive_account", refresh},
		{"Cannot post transactions directly to Year to Date Net Income.", "refused_result_account", refresh},
		{"Kostenplaats of Subaccount do not exist.", "refused_unknown_subaccount", refresh},
		{"Subaccount 100000 is inactive.", "refused_inactive_subaccount", mapping},
		{"'Subaccount' cannot be empty.", "refused_missing_subaccount", mapping},
		{"The 01-2026 financial period is closed.", "refused_period_closed", refresh},
		{"The 01-2026 financial period is inactive.", "refused_period_inactive", refresh},
		{"Financial Period for 2031 not found.", "refused_no_period", refresh},
		{"The financial period that corresponds to the 01.01.2031 date does not exist", "refused_no_period", refresh},
		{"The date is outside the range of the selected financial period.", "refused_date_outside_period", refresh},
		{"Invalid Year or Period format.", "refused_period_format", none},
		{"Batch is out of balance, please review.", "refused_unbalanced", none},
		{"Denominated GL Account currency is different from transaction currency.", "refused_currency", mapping},
		{"Branch is inactive.", "refused_branch", refresh},
		{"Branch 'X' cannot be found in the system.", "refused_branch", refresh},
		{"Ledger 'X' cannot be found in the system.", "refused_ledger", refresh},
		{"Inserting 'GL Batch' record raised at least one error.", "refused_collective", none},
		{"Please verify whether you have proper access rights to this object.", "refused_access", none},
		{"A text that nobody has seen.", "refused", none},
	} {
		list = append(list, rows.Row{
			Name: "400 " + r.text, Happen: worded(r.text), Code: "vismanet." + r.code, Action: r.action, Class: target.Rejected, Booked: "nothing",
		})
	}
	return list
}

func batchRows() []rows.Row {
	return []rows.Row{
		{
			Name: "404 on a batch", Code: "vismanet.not_found", Action: model.ActionCheckAgain, Class: target.Accepted,
			Happen: func(t *testing.T) rows.Seen {
				o := signedIn(t)
				d := o.deliveries(t)[0]
				d.Evidence = o.target.Post(t.Context(), o.access, d).Evidence
				if err := o.server.Remove(visma.DeHalm, d.Evidence["batch"]); err != nil {
					t.Fatal(err)
				}
				booked, out := o.target.ReadBack(t.Context(), o.access, d)
				if len(booked.Lines) != 0 {
					t.Errorf("lines of a batch that is gone: %v", booked.Lines)
				}
				return rows.Sent(out)
			},
		},
		{Name: "409", Happen: posted(http.StatusConflict, ""), Code: "vismanet.changed", Action: model.ActionCheckAgain, Class: target.Rejected},
		{Name: "412", Happen: posted(http.StatusPreconditionFailed, ""), Code: "vismanet.changed", Action: model.ActionCheckAgain, Class: target.Rejected},
		{Name: "413", Happen: misbehaving(visma.FaultTooLarge), Code: "vismanet.too_large", Class: target.Rejected, Booked: "nothing"},
		{
			Name: "duplicate found: the batch is taken for its own",
			Happen: func(t *testing.T) rows.Seen {
				o := signedIn(t)
				d := o.deliveries(t)[0]
				out := o.target.Post(t.Context(), o.access, d)
				found, err := o.target.Find(t.Context(), o.access, d)
				if err != nil || len(found) != 1 || found[0].Number != out.Number {
					t.Errorf("found %v, %v", found, err)
				}
				return rows.Seen{}
			},
		},
	}
}

// unreleased asks for the release of a batch and gives it this answer.
func unreleased(status int, body string) func(*testing.T) rows.Seen {
	return func(t *testing.T) rows.Seen {
		b, d := releasing(t, "Hold")
		b.answer("PUT /v2/journaltransaction/GL1", http.StatusNoContent, "")
		b.answer("POST /v2/journaltransaction/GL1/action/release", status, body)
		return rows.Sent(b.target.Approve(t.Context(), b.access, d))
	}
}

// releaseRows are about a batch that stands in the books already, so none of them
// says that nothing was booked.
func releaseRows() []rows.Row {
	return []rows.Row{
		{
			Name: "release: Batch Status invalid for processing.", Code: "vismanet.release_status", Class: target.Rejected,
			Happen: unreleased(http.StatusBadRequest, vismaMessage+`Batch Status invalid for processing."}`),
		},
		{
			Name: "release: One or more documents could not be released.", Code: "vismanet.release_status", Class: target.Rejected,
			Happen: unreleased(http.StatusOK, `{"actionResult":"Failed","errorInfo":"One or more documents could not be released."}`),
		},
		{Name: "release: 403", Happen: unreleased(http.StatusForbidden, ""), Code: "vismanet.release_rights", Class: target.Rejected},
		{
			Name: "release: access rights", Code: "vismanet.release_rights", Class: target.Rejected,
			Happen: unreleased(http.StatusBadRequest, vismaMessage+`Please verify whether you have proper access rights to this object."}`),
		},
		{Name: "release: 409", Happen: unreleased(http.StatusConflict, ""), Code: "vismanet.release_changed", Class: target.Deferred},
		{Name: "release: 412", Happen: unreleased(http.StatusPreconditionFailed, ""), Code: "vismanet.release_changed", Class: target.Deferred},
		{Name: "release: anything else", Happen: unreleased(http.StatusBadRequest, "no"), Code: "vismanet.release_refused", Class: target.Rejected},
		{Name: "release: 500", Happen: unreleased(http.StatusInternalServerError, ""), Code: "vismanet.server", Class: target.Ambiguous},
		{Name: "release: 429", Happen: unreleased(http.StatusTooManyRequests, ""), Code: "vismanet.rate_limited", Class: target.Ambiguous},
		{Name: "release: 401 stays", Happen: unreleased(http.StatusUnauthorized, ""), Code: "vismanet.unauthorised", Action: model.ActionSignIn, Class: target.Deferred, SignIn: true},
	}
}

// inBackground reads back a batch whose background call is in this state.
func inBackground(state string, age time.Duration) func(*testing.T) rows.Seen {
	return func(t *testing.T) rows.Seen {
		b := newBundle(t)
		d := b.sampleDelivery()
		d.SentAt, d.Evidence = testNow.Add(-age), map[string]string{"background_asked": "true", "background": "job-1"}
		b.answer("GET /v1/background/job-1", http.StatusOK, state)
		b.listed()
		_, out := b.target.ReadBack(t.Context(), b.access, d)
		return rows.Sent(out)
	}
}

func backgroundRows() []rows.Row {
	return []rows.Row{
		{
			Name: "over about four minutes: the journal goes to the background", Code: "vismanet.in_background", Class: target.Pending, Booked: "check",
			Happen: func(t *testing.T) rows.Seen {
				o, d := large(t)
				return rows.Sent(o.target.Post(t.Context(), o.access, d))
			},
		},
		{Name: "background: started", Happen: inBackground(`{"status":"Started"}`, 0), Code: "vismanet.in_background", Class: target.Pending, Booked: "check"},
		{
			Name: "background: failed with a reason", Code: "vismanet.refused_inactive_account", Action: model.ActionRefresh, Class: target.Rejected, Booked: "nothing",
			Happen: inBackground(`{"status":"Failed","statusCode":400,"errorMessage":"Account is inactive."}`, 0),
		},
		{Name: "background: failed without one", Happen: inBackground(`{"status":"Failed","statusCode":500}`, 0), Code: "vismanet.not_listed", Class: target.Pending, Booked: "check"},
		{Name: "background: failed without one, hours ago", Happen: inBackground(`{"status":"Failed","statusCode":500}`, 3*time.Hour), Code: "vismanet.background_failed", Class: target.Rejected, Booked: "nothing"},
		{
			Name: "background: the answer with the id is lost", Code: "vismanet.background_doubt", Action: model.ActionCheckAgain, Booked: "check",
			Happen: func(t *testing.T) rows.Seen {
				o, d := large(t)
				_, err := o.target.Find(t.Context(), o.access, d)
				return rows.Of(err)
			},
		},
		{
			Name: "background: the number of lines is none", Code: "vismanet.bad_background", Action: model.ActionOpenAccount, Class: target.NotSent, Booked: "not_sent",
			Happen: func(t *testing.T) rows.Seen {
				b := newBundle(t)
				d := b.sampleDelivery()
				b.access.Account.Settings = map[string]string{"background": "-"}
				return rows.Sent(b.target.Post(t.Context(), b.access, d))
			},
		},
	}
}

func doubtRows() []rows.Row {
	list := []rows.Row{
		{
			Name: "no network", Code: "network.unreachable", Class: target.NotSent, Booked: "nothing",
			Happen: func(t *testing.T) rows.Seen {
				b := newBundle(t)
				d := b.sampleDelivery()
				b.access.Account.Settings = map[string]string{"api": "http://127.0.0.1:1"}
				return rows.Sent(b.target.Post(t.Context(), b.access, d))
			},
		},
		{
			Name: "TLS error or proxy", Code: "network.tls", Class: target.NotSent, Booked: "nothing",
			Happen: func(t *testing.T) rows.Seen {
				b := newBundle(t)
				d := b.sampleDelivery()
				plain := httptest.NewServer(http.NotFoundHandler())
				t.Cleanup(plain.Close)
				b.access.Account.Settings = map[string]string{"api": strings.Replace(plain.URL, "http:", "https:", 1)}
				return rows.Sent(b.target.Post(t.Context(), b.access, d))
			},
		},
		{
			Name: "look-up: 429", Code: "vismanet.rate_limited",
			Happen: func(t *testing.T) rows.Seen {
				b := newBundle(t)
				d := b.sampleDelivery()
				b.answer("GET /v2/journaltransaction", http.StatusTooManyRequests, "")
				_, err := b.target.Find(t.Context(), b.access, d)
				return rows.Of(err)
			},
		},
		{
			Name: "connection broken after sending", Code: "network.broken", Class: target.Ambiguous,
			Happen: func(t *testing.T) rows.Seen {
				b := newBundle(t)
				d := b.sampleDelivery()
				b.api.HandleFunc("POST /v2/journaltransaction", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
				return rows.Sent(b.target.Post(t.Context(), b.access, d))
			},
		},
		{Name: "page of a proxy", Happen: posted(http.StatusForbidden, "<!DOCTYPE html>"), Code: "vismanet.page", Class: target.Ambiguous},
		{Name: "408", Happen: posted(http.StatusRequestTimeout, ""), Code: "vismanet.server", Class: target.Ambiguous},
	}
	for _, status := range []int{500, 502, 503, 504} {
		list = append(list, rows.Row{
			Name: http.StatusText(status), Happen: posted(status, ""), Code: "vismanet.server", Class: target.Ambiguous,
		})
	}
	return list
}
