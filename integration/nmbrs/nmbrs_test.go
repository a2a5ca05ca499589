package nmbrs_test

import (
	"context"
	"encoding/xml"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/nmbrs"
	"loonbrug/integration/payrollfile"
	"loonbrug/integration/source"
	"loonbrug/integration/target"
)

// vault keeps the credentials of one account.
type vault struct{ kept model.Credentials }

func (v *vault) Credentials(context.Context, int64) (model.Credentials, error) {
	return maps.Clone(v.kept), nil
}

func (v *vault) SaveCredentials(_ context.Context, _ int64, c model.Credentials) error {
	v.kept = c
	return nil
}

func (*vault) Only(ctx context.Context, _ string, fn func(context.Context) error) error {
	return fn(ctx)
}

// server answers operations with recorded bodies and remembers what was asked.
type server struct {
	mu      sync.Mutex
	answers map[string][]func(http.ResponseWriter) // by operation, the last one repeats
	asked   []string                               // operations in their order
	bodies  map[string]string                      // last body by operation
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	action := strings.Trim(r.Header.Get("SOAPAction"), `"`)
	operation := action[strings.LastIndex(action, "/")+1:]
	service := strings.TrimSuffix(r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:], ".asmx")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, service+"/"+operation)
	s.bodies[operation] = string(body)
	list := s.answers[operation]
	if len(list) == 0 {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	list[0](w)
	if len(list) > 1 {
		s.answers[operation] = list[1:]
	}
}

// says answers with the content of an operation's response.
func says(operation, inner string) func(http.ResponseWriter) {
	return raw(200, `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><`+
		operation+`Response xmlns="https://api.nmbrs.nl/soap/v3/CompanyService">`+inner+`</`+operation+`Response></soap:Body></soap:Envelope>`)
}

func faults(text string) func(http.ResponseWriter) {
	return raw(500, `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>soap:Server</faultcode><faultstring>Server was unable to process request. ---&gt; `+
		text+`</faultstring><detail/></soap:Fault></soap:Body></soap:Envelope>`)
}

func raw(status int, body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// start serves recorded answers and gives a system that asks there.
func start(t *testing.T, answers map[string][]func(http.ResponseWriter)) (*server, *nmbrs.System, target.Access) {
	t.Helper()
	s := &server{answers: answers, bodies: make(map[string]string)}
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	client := httpx.New(httpx.Options{Timeout: 2 * time.Second, LoopbackOnly: true})
	system := nmbrs.New(nmbrs.Config{Address: h.URL, HTTP: client, Files: payrollfile.New(), PerSecond: -1, Pause: time.Nanosecond})
	a := target.Access{
		Account: model.Account{ID: 1, Target: nmbrs.ID, Settings: map[string]string{"user": "u<s>er@voorbeeld.example"}},
		Vault:   &vault{model.Credentials{"token": "0123&abcd"}},
	}
	return s, system, a
}

const environment = `<Environment_GetResult><Domain>voorbeeld.nmbrs.nl</Domain><SubDomain>voorbeeld</SubDomain></Environment_GetResult>`

func answers() map[string][]func(http.ResponseWriter) {
	return map[string][]func(http.ResponseWriter){
		"Environment_Get": {says("Environment_Get", environment)},
		"List_GetAll":     {says("List_GetAll", `<List_GetAllResult><Debtor><Id>901</Id><Number>1</Number><Name>Halm Groep</Name></Debtor></List_GetAllResult>`)},
		"List_GetByDebtor": {says("List_GetByDebtor", `<List_GetByDebtorResult><Company><ID>54613</ID><Number>12</Number><Name>Bakkerij De Halm B.V.</Name><LoonaangifteTijdvak>Month</LoonaangifteTijdvak></Company>`+
			`<Company><ID>54614</ID><Number>13</Number><Name>Halm Transport B.V.</Name><Extra/><LoonaangifteTijdvak>Week4</LoonaangifteTijdvak></Company></List_GetByDebtorResult>`)},
		"Run_GetList": {says("Run_GetList", `<Run_GetListResult>`+
			`<RunInfo><ID>880012</ID><Number>12</Number><Year>2026</Year><PeriodStart>10</PeriodStart><PeriodEnd>11</PeriodEnd><Description>Correctie</Description><RunAt>2026-11-20T15:02:10</RunAt><IsLocked>false</IsLocked></RunInfo>`+
			`<RunInfo><ID>880011</ID><Number>11</Number><Year>2026</Year><PeriodStart>11</PeriodStart><PeriodEnd>11</PeriodEnd><Description>November 2026</Description><RunAt>2026-11-18T09:12:44</RunAt><IsLocked>true</IsLocked></RunInfo></Run_GetListResult>`)},
	}
}

func TestConnect(t *testing.T) {
	s, system, a := start(t, answers())
	who, err := system.Connect(t.Context(), a, nil)
	if err != nil || who.Who != "u<s>er@voorbeeld.example" || who.Company != "voorbeeld" {
		t.Fatalf("%+v, %v", who, err)
	}
	if !strings.Contains(s.bodies["Environment_Get"], `<AuthHeader xmlns="https://api.nmbrs.nl/soap/v3/DebtorService"><Username>u&lt;s&gt;er@voorbeeld.example</Username><Token>0123&amp;abcd</Token></AuthHeader>`) {
		t.Errorf("header without a domain: %s", s.bodies["Environment_Get"])
	}
	if !strings.Contains(s.bodies["List_GetAll"], "<Domain>voorbeeld</Domain></AuthHeaderWithDomain>") {
		t.Errorf("header: %s", s.bodies["List_GetAll"])
	}
	companies, err := system.Companies(t.Context(), a)
	if err != nil || len(companies) != 2 {
		t.Fatalf("%v, %v", companies, err)
	}
	want := model.Company{
		Source: "nmbrs:voorbeeld", SourceID: "54614", Number: "13", Name: "Halm Transport B.V.", Debtor: "Halm Groep",
		Country: "NL", Currency: "EUR", FourWeekly: true,
	}
	if companies[1] != want {
		t.Errorf("%+v", companies[1])
	}
}

// A user without the right to debtors gets the companies alone.
func TestCompanies_WithoutDebtors(t *testing.T) {
	all := answers()
	all["List_GetAll"] = []func(http.ResponseWriter){
		faults("1002: Unauthorized"),
		says("List_GetAll", `<List_GetAllResult><Company><ID>1</ID><Number>7</Number><Name>A</Name></Company></List_GetAllResult>`),
	}
	s, system, a := start(t, all)
	a.Account.Settings["domain"] = "voorbeeld"
	companies, err := system.Companies(t.Context(), a)
	if err != nil || len(companies) != 1 || companies[0].Debtor != "" {
		t.Fatalf("%v, %v", companies, err)
	}
	if strings.Join(s.asked, " ") != "DebtorService/List_GetAll CompanyService/List_GetAll" {
		t.Error(s.asked)
	}
}

func TestRuns(t *testing.T) {
	_, system, a := start(t, answers())
	a.Account.Settings["domain"] = "voorbeeld"
	runs, err := system.Runs(t.Context(), a, model.Company{ID: 5, SourceID: "54613"}, 2026)
	if err != nil || len(runs) != 2 {
		t.Fatalf("%v, %v", runs, err)
	}
	if r := runs[1]; r.SourceID != "880012" || r.Number != 12 || r.First != (journal.Period{Year: 2026, Number: 10}) ||
		r.Last != (journal.Period{Year: 2026, Number: 11}) || r.Locked || r.CompanyID != 5 || r.RunAt.Hour() != 15 {
		t.Errorf("%+v", r)
	}
	if !runs[0].Locked {
		t.Error("not locked")
	}
}

const transactions = "\ufeff<?xml version=\"1.0\" encoding=\"utf-16\"?>\n" + `<transactions><transaction><header><date>20261130</date><period>11/2026</period></header><lines>` +
	`<line id="0"><dim1>4000</dim1><dim2>02000</dim2><dim3>A1</dim3><value>10000.00</value><debitcredit>debit</debitcredit><description>Bruto lonen</description></line>` +
	`<line id="1"><dim1>1700</dim1><dim2></dim2><dim3></dim3><value>10000.00</value><debitcredit>credit</debitcredit><description>Loonheffingen</description></line>` +
	`</lines></transaction></transactions>`

// The call is the one of the depth, with its own spelling of the parameters, and
// the text is kept as it came.
func TestJournal(t *testing.T) {
	for _, c := range []struct {
		depth      source.Depth
		department bool
		operation  string
		params     string
	}{
		{source.ByLedgerAccount, false, "Journals_GetByRunCompany_v2", "<CompanyId>54613</CompanyId><RunId>880012</RunId><intYear>2026</intYear>"},
		{source.ByCostCentre, false, "Journals_GetByRunCostCenter_v2", "<CompanyId>54613</CompanyId><RunId>880012</RunId><intYear>2026</intYear>"},
		{source.ByCostUnit, false, "Journals_GetByRunCostCenterCostUnitPerYear", "<companyId>54613</companyId><runId>880012</runId><year>2026</year>"},
		{source.ByCostUnit, true, "Journals_GetByRunDepartment_v2", "<CompanyId>54613</CompanyId><RunId>880012</RunId><intYear>2026</intYear>"},
		{source.ByLedgerAccount, true, "Journals_GetByRunCompany_v2", "<CompanyId>54613</CompanyId><RunId>880012</RunId><intYear>2026</intYear>"},
	} {
		var escaped strings.Builder
		if err := xml.EscapeText(&escaped, []byte(transactions)); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{escaped.String(), "<![CDATA[" + transactions + "]]>"} {
			s, system, a := start(t, map[string][]func(http.ResponseWriter){
				c.operation: {says(c.operation, "<"+c.operation+"Result>"+text+"</"+c.operation+"Result>")},
			})
			a.Account.Settings["domain"] = "voorbeeld"
			if c.department {
				a.Account.Settings["second_dimension"] = "department"
			}
			f, err := system.Journal(t.Context(), a, model.Company{SourceID: "54613"}, model.Run{SourceID: "880012", Year: 2026}, c.depth)
			if err != nil {
				t.Fatal(c.operation, err)
			}
			if !strings.Contains(s.bodies[c.operation], c.params) {
				t.Errorf("%s: %s", c.operation, s.bodies[c.operation])
			}
			if string(f.Raw) != transactions || f.Name != c.operation+"-880012" || f.Format != "nmbrs-xml" || len(f.Journal.Transactions[0].Lines) != 2 ||
				f.Journal.Transactions[0].Lines[0].CostCentre != "02000" {
				t.Errorf("%s: %+v", c.operation, f)
			}
		}
	}
}

// Every fault code and every bad answer is a problem of its own, and only what
// may pass is asked twice.
func TestFaults(t *testing.T) {
	const op = "Run_GetList"
	whole := says(op, "<Run_GetListResult></Run_GetListResult>")
	for name, c := range map[string]struct {
		answer func(http.ResponseWriter)
		code   string
		action model.Action
		asked  int
	}{
		"1001":           {faults("1001: Invalid Authentication"), "nmbrs.login_refused", model.ActionSignIn, 1},
		"no code":        {faults("Invalid combination email/password"), "nmbrs.login_refused", model.ActionSignIn, 1},
		"1002":           {faults("1002: Unauthorized"), "nmbrs.no_right", "", 1},
		"1003":           {faults("1003: Unauthorized access"), "nmbrs.no_access", "", 1},
		"1004":           {faults("1004: Disabled"), "nmbrs.no_subscription", "", 1},
		"1006":           {faults("1006: Generic login security failure"), "nmbrs.unavailable", "", 2},
		"2004":           {faults("2004: Unauthorized company"), "nmbrs.no_access", "", 1},
		"2006":           {faults("2006: Invalid period"), "nmbrs.refused", "", 1},
		"2013":           {faults("2013: Free trial"), "nmbrs.no_subscription", "", 1},
		"2043":           {faults("2043: Invalid domain"), "nmbrs.login_refused", model.ActionSignIn, 1},
		"2046":           {faults("2046: Not found"), "nmbrs.not_found", model.ActionRefresh, 1},
		"9999":           {faults("9999: Unknown"), "nmbrs.refused", "", 1},
		"fault in a 200": {raw(200, `<E><B><Fault><faultstring>x ---&gt; 1001: y</faultstring></Fault></B></E>`), "nmbrs.login_refused", model.ActionSignIn, 1},
		"soap 1.2":       {raw(500, `<E><B><Fault><Reason><Text>x ---&gt; 1003: y</Text></Reason></Fault></B></E>`), "nmbrs.no_access", "", 1},
		"unknown action": {raw(500, `<E><B><Fault><faultstring>Server did not recognize the value of HTTP Header SOAPAction</faultstring></Fault></B></E>`), "nmbrs.refused", "", 1},
		"a web page":     {raw(200, "<!DOCTYPE html><html><body>Onderhoud</body></html>"), "nmbrs.unreadable_answer", "", 1},
		"nothing":        {raw(200, ""), "nmbrs.unreadable_answer", "", 1},
		"503":            {raw(503, "<html>"), "nmbrs.unavailable", "", 2},
		"404":            {raw(404, "no"), "nmbrs.wrong_address", model.ActionOpenAccount, 1},
		"cut off":        {raw(200, `<Envelope><Body><Run_GetListResponse><Run_GetListResult><RunInfo><ID>1`), "nmbrs.unreadable_answer", "", 2},
		"cut off late":   {raw(200, `<Envelope><Body><Run_GetListResponse><Run_GetListResult/></Run_GetListResponse>`), "nmbrs.unreadable_answer", "", 2},
		"bad period":     {says(op, `<Run_GetListResult><RunInfo><ID>1</ID><Year>2026</Year><PeriodStart>1</PeriodStart><PeriodEnd>15</PeriodEnd><RunAt>2026-11-18T09:12:44</RunAt></RunInfo></Run_GetListResult>`), "nmbrs.bad_run", "", 1},
		"fine":           {whole, "", "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s, system, a := start(t, map[string][]func(http.ResponseWriter){op: {c.answer}})
			a.Account.Settings["domain"] = "voorbeeld"
			_, err := system.Runs(t.Context(), a, model.Company{SourceID: "1"}, 2026)
			p := model.ProblemOf(err)
			if p == nil {
				p = &model.Problem{}
			}
			if p.Code != c.code || p.Action != c.action || len(s.asked) != c.asked {
				t.Errorf("%v with action %q after %d calls", p, p.Action, len(s.asked))
			}
			if err != nil && strings.Contains(err.Error(), "0123") {
				t.Errorf("the token shows: %v", err)
			}
		})
	}
}

// What fails once and then works is no problem.
func TestPassing(t *testing.T) {
	all := answers()
	all["Run_GetList"] = append([]func(http.ResponseWriter){faults("1006: again")}, all["Run_GetList"]...)
	_, system, a := start(t, all)
	a.Account.Settings["domain"] = "voorbeeld"
	if runs, err := system.Runs(t.Context(), a, model.Company{SourceID: "1"}, 2026); err != nil || len(runs) != 2 {
		t.Errorf("%v, %v", runs, err)
	}
}

func TestJournal_Empty(t *testing.T) {
	const op = "Journals_GetByRunCompany_v2"
	for _, inner := range []string{"", "<" + op + "Result/>", "<" + op + "Result>&lt;transactions/&gt;</" + op + "Result>"} {
		_, system, a := start(t, map[string][]func(http.ResponseWriter){op: {says(op, inner)}})
		a.Account.Settings["domain"] = "voorbeeld"
		_, err := system.Journal(t.Context(), a, model.Company{SourceID: "1"}, model.Run{SourceID: "2", Year: 2026}, source.ByLedgerAccount)
		if p := model.ProblemOf(err); p == nil || p.Code != "source.no_journal" {
			t.Errorf("%q: %v", inner, err)
		}
	}
}

// Whatever comes back, it is read or refused.
func FuzzAnswer(f *testing.F) {
	f.Add(200, "<Envelope><Body><Run_GetListResponse/></Body></Envelope>")
	f.Add(500, "<Fault><faultstring>---> 1001: x</faultstring></Fault>")
	f.Add(200, "<a><b>")
	server, system, a := func() (*server, *nmbrs.System, target.Access) {
		s := &server{bodies: make(map[string]string)}
		h := httptest.NewServer(s)
		f.Cleanup(h.Close)
		client := httpx.New(httpx.Options{Timeout: 2 * time.Second, LoopbackOnly: true})
		return s, nmbrs.New(nmbrs.Config{Address: h.URL, HTTP: client, Files: payrollfile.New(), PerSecond: -1, Pause: time.Nanosecond}), target.Access{
			Account: model.Account{ID: 1, Settings: map[string]string{"user": "u", "domain": "d"}},
			Vault:   &vault{model.Credentials{"token": "t"}},
		}
	}()
	f.Fuzz(func(t *testing.T, status int, body string) {
		server.mu.Lock()
		server.answers = map[string][]func(http.ResponseWriter){"Run_GetList": {raw(200+(status&0x7fffffff)%400, body)}}
		server.mu.Unlock()
		runs, err := system.Runs(t.Context(), a, model.Company{SourceID: "1"}, 2026)
		if err != nil && model.ProblemOf(err).Code == "internal" {
			t.Fatalf("not explained: %v", err)
		}
		for _, r := range runs {
			if r.SourceID == "0" || r.First.Validate() != nil {
				t.Fatalf("%+v", r)
			}
		}
	})
}
