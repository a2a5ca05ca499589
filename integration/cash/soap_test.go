package cash_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/cash"
	practice "loonbrug/integration/practice/cash"
	"loonbrug/integration/target"
)

// login is an account of the SOAP API at an address.
func login(address, email string, password model.Secret) target.Access {
	return target.Access{
		Account: model.Account{ID: 1, Target: cash.ID, Settings: map[string]string{
			"generation": "soap", "relation": "100200", "email": email, "wsdl": address + "/?api/3.0/wsdl",
		}},
		Vault: vault{"password": password},
	}
}

func soapOffice(t *testing.T) (*cash.Target, *practice.Server, string) {
	t.Helper()
	books, err := practice.New(practice.Options{PerMinute: -1})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(books.Handler())
	t.Cleanup(server.Close)
	return at(server.URL + "/api/4.0"), books, server.URL
}

// The whole way over SOAP: the same entries, the same books.
func TestSOAP_SampleIsBooked(t *testing.T) {
	c, books, address := soapOffice(t)
	a, ctx := login(address, "api@praktijk.example", "praktijk"), t.Context()
	identity, err := c.Connect(ctx, a, nil)
	if err != nil || !strings.Contains(identity.Who, "100200") {
		t.Fatalf("connect: %+v, %v", identity, err)
	}
	ref, err := c.Reference(ctx, a, "halm")
	if err != nil || len(ref.LedgerAccounts) == 0 || len(ref.Daybooks) != 3 {
		t.Fatalf("reference: %+v, %v", ref, err)
	}
	for _, part := range journal.Split(sample(t)) {
		entry, problems := c.Build(draft(part), ref)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		entry.Lines[0].Text = "Loon & <co>"
		d := target.Delivery{Entry: entry}
		if d.Evidence, err = c.Prepare(ctx, a, d); err != nil {
			t.Fatal(err)
		}
		if o := c.Post(ctx, a, d); o.Class != target.Accepted || o.Number == "" {
			t.Fatalf("post: %+v", o)
		}
		booked, o := c.ReadBack(ctx, a, d)
		if o.Class != target.Accepted {
			t.Fatalf("read back: %+v", o)
		}
		same(t, entry, booked)
		if found, err := c.Find(ctx, a, d); err != nil || len(found) != 1 {
			t.Errorf("find: %+v, %v", found, err)
		}
	}
	if n := len(books.Journals()); n != 3 {
		t.Errorf("%d journals are booked", n)
	}
}

func TestSOAP_Logins(t *testing.T) {
	c, _, address := soapOffice(t)
	tests := map[string]struct {
		email    string
		password model.Secret
		want     string
	}{
		"Wrong":    {"api@praktijk.example", "x", "cash.login_refused"},
		"None":     {"api@praktijk.example", "", "cash.no_login"},
		"Unlinked": {"los@praktijk.example", "praktijk", "cash.not_linked"},
	}
	for name, tt := range tests {
		_, err := c.Connect(t.Context(), login(address, tt.email, tt.password), nil)
		if got := code(model.ProblemOf(err)); got != tt.want {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
	o := c.Post(t.Context(), login(address, "api@praktijk.example", "x"), small())
	if o.Class != target.NotSent || !o.SignIn {
		t.Errorf("post with a wrong password: %+v", o)
	}
}

// A reader's import waits for ever, and says so every time.
func TestSOAP_PendingForEver(t *testing.T) {
	c, books, address := soapOffice(t)
	a, d := login(address, "lezer@praktijk.example", "praktijk"), small()
	o := c.Post(t.Context(), a, d)
	if o.Class != target.Pending || code(o.Problem) != "cash.pending" || o.Evidence["transaction"] == "" {
		t.Fatalf("post: %+v", o)
	}
	d.Evidence["transaction"] = o.Evidence["transaction"]
	if _, o := c.ReadBack(t.Context(), a, d); o.Class != target.Pending {
		t.Errorf("read back: %+v", o)
	}
	d.Evidence["transaction"] = "unknown"
	if _, o := c.ReadBack(t.Context(), a, d); o.Class != target.Pending {
		t.Errorf("unknown transaction: %+v", o)
	}
	if len(books.Journals()) != 0 {
		t.Error("something is booked")
	}
}

// The outcomes of an import that does not go well.
func TestSOAP_Outcomes(t *testing.T) {
	tests := []struct {
		name   string
		fault  string
		change func(*target.Delivery)
		class  target.Class
		want   string
		booked int
	}{
		{"RefusedLine", "", func(d *target.Delivery) { d.Entry.Lines[0].LedgerAccount = "9999" }, target.Rejected, "cash.refused_ledger_account", 0},
		{"ErrorBefore", "error_before", nil, target.Ambiguous, "cash.unavailable", 0},
		{"ErrorAfter", "error_after", nil, target.Ambiguous, "cash.unavailable", 1},
		{"Dropped", "drop_after", nil, target.Ambiguous, "network.unknown_outcome", 1},
		{"HTML", "html", nil, target.Ambiguous, "cash.unreadable_answer", 0},
		{"TooMany", "throttle", nil, target.Deferred, "cash.too_many_requests", 0},
		{"Unauthorized", "unauthorized", nil, target.Deferred, "cash.login_refused", 0},
		{"Closed", "closed_period", nil, target.Rejected, "cash.refused", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, books, address := soapOffice(t)
			d := small()
			if tt.change != nil {
				tt.change(&d)
			}
			if tt.fault != "" {
				books.Faults().SetBookings(tt.fault, 1)
			}
			o := c.Post(t.Context(), login(address, "api@praktijk.example", "praktijk"), d)
			if o.Class != tt.class || (code(o.Problem) != tt.want && tt.name != "Dropped") {
				t.Errorf("got %s %v", o.Class, o.Problem)
			}
			if n := len(books.Journals()); n != tt.booked {
				t.Errorf("%d booked", n)
			}
		})
	}
}

// Names, actions and the order of parts come from the WSDL alone; a service
// without a list has its administrations in the account's settings.
func TestSOAP_FollowsTheWSDL(t *testing.T) {
	const wsdl = `<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" targetNamespace="urn:other">
<w:message name="in"><w:part name="formaat"/><w:part name="Pass"/><w:part name="export"/><w:part name="new"/><w:part name="administration"/></w:message>
<w:portType name="p"><w:operation name="Export"><w:input message="x:in"/></w:operation></w:portType>
<w:binding name="b" type="x:p"><s:binding style="%s"/><w:operation name="Export"><s:operation soapAction="do-it"/><w:input><s:body/></w:input></w:operation></w:binding>
<w:service name="v"><w:port binding="x:b"><s:address location="%s"/></w:port></w:service></w:definitions>`
	tests := []struct{ name, style, location, want string }{
		{"Good", "rpc", "/there", ""},
		{"Document", "document", "/there", "cash.wsdl"},
		{"OtherHost", "rpc", "http://elsewhere.example/there", "cash.wsdl"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			asked := false
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					_, _ = fmt.Fprintf(w, wsdl, tt.style, tt.location)
					return
				}
				asked = true
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				want := `<c:Export xmlns:c="urn:other"><formaat>0</formaat><Pass>geh&amp;im</Pass><export>0201</export><new></new><administration><admCode>abcd</admCode><admMap>17</admMap></administration></c:Export>`
				if r.URL.Path != "/there" || r.Header.Get("SOAPAction") != `"do-it"` || !strings.Contains(string(body), want) && strings.Contains(string(body), "0201") {
					t.Errorf("%s %s\n%s", r.URL, r.Header.Get("SOAPAction"), body)
				}
				_, _ = w.Write([]byte(`<a><b><R><RESPONSE><code>1</code></RESPONSE><ExportResult>Content-type: text/xml &lt;cash&gt;&lt;/cash&gt;</ExportResult></R></b></a>`))
			}))
			t.Cleanup(server.Close)
			a := login(server.URL, "api@praktijk.example", "geh&im")
			a.Account.Settings["administrations"] = "abcd:17"
			_, err := at(server.URL).Reference(t.Context(), a, "abcd")
			if got := code(model.ProblemOf(err)); got != tt.want || asked != (tt.want == "") {
				t.Errorf("got %v, asked %v", err, asked)
			}
			delete(a.Account.Settings, "administrations")
			if tt.want == "" {
				if _, err := at(server.URL).Connect(t.Context(), a, nil); code(model.ProblemOf(err)) != "cash.no_list" {
					t.Errorf("without a list: %v", err)
				}
				a.Account.Settings["administrations"] = "abcd"
				if _, err := at(server.URL).Connect(t.Context(), a, nil); code(model.ProblemOf(err)) != "cash.bad_list" {
					t.Errorf("bad list: %v", err)
				}
			}
		})
	}
}
