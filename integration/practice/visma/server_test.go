package visma_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loonbrug/integration/practice/books"
	"loonbrug/integration/practice/visma"
	"loonbrug/integration/practice/visma/connect"
)

func TestServer_OutlivesARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "visma.json")
	kept := func(o *visma.Options) { o.BooksPath, o.Key = path, nil }
	b := start(t, kept)
	tokens := b.refreshed(b.authorized(visma.Bookkeeper, visma.DeHalm))
	b.token = tokens.Access
	first := b.book("LBABCDEFGH23")
	sent := b.inBackground(http.MethodPost, create, wages("LBZZZZZZZZZZ"))
	b.do(http.MethodPut, "/v1/dimension/SUBACCOUNT/1", `{"segmentValues":[{"operation":"Insert","value":"400"}]}`)

	again := start(t, kept)
	again.token = tokens.Access // signed with the same key, for another address
	if got := again.read(first.number()); got.Description != "LBABCDEFGH23" || `"`+got.TimeStamp+`"` != first.header.Get("ETag") {
		t.Errorf("%+v", got)
	}
	if n := again.server.Booked(); n["LBABCDEFGH23"] != 1 || n["LBZZZZZZZZZZ"] != 1 {
		t.Errorf("booked: %v", n)
	}
	if r := again.get("/v1/background/" + sent.ID); r.status != http.StatusOK {
		t.Errorf("background call: %d", r.status)
	}
	if r := again.get("/v1/dimension/SUBACCOUNT/1/400"); r.status != http.StatusOK {
		t.Errorf("segment value: %d", r.status)
	}
	if next := again.book("next"); next.number() != "GL000125" {
		t.Errorf("the number series began again: %s", next.number())
	}
	if a := again.refreshed(tokens.Refresh); a.status != http.StatusOK {
		t.Errorf("refresh: %+v", a)
	}
}

func TestServer_BooksNothingThatItCannotKeep(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "books")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	b := start(t, func(o *visma.Options) { o.BooksPath = filepath.Join(dir, "visma.json") })
	tokens := b.refreshed(b.authorized(visma.Bookkeeper, visma.DeHalm))
	b.token = tokens.Access
	number := b.book("kept").number()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]reply{
		"create":  b.do(http.MethodPost, create, wages("lost")),
		"put":     b.do(http.MethodPut, create+"/"+number, `{"description":{"value":"lost"}}`),
		"segment": b.do(http.MethodPut, "/v1/dimension/SUBACCOUNT/1", `{"segmentValues":[{"operation":"Insert","value":"400"}]}`),
	} {
		if r.status != http.StatusInternalServerError {
			t.Errorf("%s: %d", name, r.status)
		}
	}
	if a := b.refreshed(tokens.Refresh); a.status != http.StatusInternalServerError || a.Refresh != "" {
		t.Errorf("refresh: %+v", a)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if n := b.server.Booked(); len(n) != 1 || n["kept"] != 1 {
		t.Errorf("booked: %v", n)
	}
	if a := b.refreshed(tokens.Refresh); a.status != http.StatusOK {
		t.Errorf("the refresh token did not survive: %+v", a)
	}
}

func TestServer_RefusesBrokenBooks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "visma.json")
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := visma.New(visma.Options{BooksPath: path}); err == nil {
		t.Error("cut-off books were opened")
	}
}

func TestServer_ScopesAreRights(t *testing.T) {
	clients := append(visma.Clients(), connect.Client{ID: "reader", Secret: "s", Service: true})
	b := start(t, func(o *visma.Options) { o.Clients = clients })
	service := func(right string) string {
		return b.tokens(map[string][]string{
			"grant_type": {"client_credentials"}, "client_id": {"reader"}, "client_secret": {"s"},
			"scope": {connect.ServiceScope(right)}, "tenant_id": {visma.DeHalm},
		}).Access
	}
	b.token = service("read")
	if r := b.get("/v1/ledger"); r.status != http.StatusOK {
		t.Errorf("read with read: %d", r.status)
	}
	for path, method := range map[string]string{create: http.MethodPost, create + "/GL000123": http.MethodPut, create + "/GL000123/action/release": http.MethodPost} {
		if r := b.do(method, path, wages("x")); r.status != http.StatusForbidden {
			t.Errorf("%s %s with read: %d", method, path, r.status)
		}
	}
	b.token = service("create")
	if r := b.get("/v1/ledger"); r.status != http.StatusForbidden {
		t.Errorf("read with create: %d", r.status)
	}
	if r := b.do(http.MethodPost, create, wages("x")); r.status != http.StatusCreated {
		t.Errorf("create with create: %d %s", r.status, r.body)
	}
}

func TestServer_TokenOfNoCompanyHere(t *testing.T) {
	b := open(t)
	other := start(t, func(o *visma.Options) { o.Companies = visma.Office()[1:] })
	other.token = b.token
	if r := other.get("/v1/organization"); r.status != http.StatusBadRequest || !strings.Contains(string(r.body), `"ExceptionFaultCode":"12002"`) {
		t.Errorf("%d %s", r.status, r.body)
	}
}

func TestServer_AddressOption(t *testing.T) {
	b := start(t, func(o *visma.Options) { o.Address = func() string { return "http://office.test/" } })
	b.token = b.refreshed(b.authorized(visma.Bookkeeper, visma.DeHalm)).Access
	if r := b.book("x"); r.location() != "http://office.test/v2/journaltransaction/GL000123" {
		t.Errorf("Location %s", r.location())
	}
}

func TestServer_Pages(t *testing.T) {
	b := open(t)
	number := b.book("Lonen LBABCDEFGH23").number()
	fetch := func(path string) string {
		resp, err := http.Get(b.http.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		data, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %v", path, resp.StatusCode, err)
		}
		return string(data)
	}
	page := fetch("/")
	for _, want := range []string{"Bakkerij De Halm B.V.", "Halm Transport B.V.", "Bruto lonen", "Kostendrager", number, "Lonen LBABCDEFGH23", "12345.67", "Hold", "100 · A1", "control account of AR"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	var all []books.Journal
	if err := json.Unmarshal([]byte(fetch("/journals")), &all); err != nil || len(all) != 1 || all[0].Company != visma.DeHalm || all[0].Key() != "LBABCDEFGH23" {
		t.Errorf("%+v %v", all, err)
	}
	if err := b.server.Void(visma.DeHalm, number); err != nil {
		t.Fatal(err)
	}
	if n := b.server.Booked(); len(n) != 0 {
		t.Errorf("a voided batch still counts: %v", n)
	}
	for _, err := range []error{b.server.Void(visma.DeHalm, "x"), b.server.Remove("x", number), b.server.SetCompany("x", nil)} {
		if err == nil {
			t.Error("something unknown was changed")
		}
	}
}
