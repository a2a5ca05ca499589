package procountor_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"loonbrug/integration/practice/procountor"
)

// browser keeps its cookies and stays where it is led away from the pages.
func browser() *http.Client {
	jar, _ := cookiejar.New(nil)
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (b *bench) page(c *http.Client, method, path string, form url.Values) (int, string, url.Values) {
	b.t.Helper()
	var response *http.Response
	var err error
	if method == http.MethodPost {
		response, err = c.PostForm(b.url+path, form)
	} else {
		response, err = c.Get(b.url + path + "?" + form.Encode())
	}
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	location, err := url.Parse(response.Header.Get("Location"))
	if err != nil {
		b.t.Fatal(err)
	}
	return response.StatusCode, string(text), location.Query()
}

// Who is logged in already is who gives the access, unless another is picked; a
// parameter for choosing makes no difference.
func TestABrowserThatIsLoggedInAsSomebodyElse(t *testing.T) {
	b := start(t, procountor.Options{})
	c := browser()
	if _, text, _ := b.page(c, "GET", "/login", loginQuery()); strings.Contains(text, `id="session"`) {
		t.Fatalf("somebody is logged in: %s", text)
	}
	b.page(c, "POST", "/login", loginQuery("decision", "approve", "company", "103", "user", "8"))
	_, text, _ := b.page(c, "GET", "/login", loginQuery("prompt", "select_account"))
	if !strings.Contains(text, `<b id="session">API Praktijk, alleen lezen</b>`) || !strings.Contains(text, `<option value="8" selected>`) {
		t.Errorf("the page does not say who is logged in: %s", text)
	}
	_, _, q := b.page(c, "POST", "/login", loginQuery("decision", "approve", "company", "103"))
	a := b.askToken(formType, "grant_type", "authorization_code", "code", q.Get("code"), "redirect_uri", callback)
	b.want(a, 200)
	b.token = member(t, a, "access_token")
	b.want(b.get("/sessioninfo"), 200, `"userId":8`)

	b.page(c, "GET", "/logout", nil)
	if status, _, _ := b.page(c, "POST", "/login", loginQuery("decision", "approve", "company", "103")); status != http.StatusBadRequest {
		t.Errorf("nobody approved: %d", status)
	}
}

func TestAUserWithoutACompanyGivesNothing(t *testing.T) {
	b := start(t, procountor.Options{})
	c := browser()
	status, text, q := b.page(c, "POST", "/login", loginQuery("decision", "approve", "company", "103", "user", "9"))
	if status != http.StatusOK || len(q) != 0 || !strings.Contains(text, `id="none"`) || strings.Contains(text, `id="company-103"`) {
		t.Fatalf("%d %v %s", status, q, text)
	}
	if _, _, q := b.page(c, "POST", "/login", loginQuery("decision", "refuse")); q.Get("error") != "access_denied" {
		t.Errorf("refusing: %v", q)
	}
	if status, text, _ := b.page(c, "POST", "/login", loginQuery("decision", "approve", "user", "7")); status != http.StatusOK || !strings.Contains(text, `id="company-103"`) {
		t.Errorf("another user: %d %s", status, text)
	}
}

func TestForeignClientsAreServed(t *testing.T) {
	b := start(t, procountor.Options{})
	form := url.Values{"grant_type": {"client_credentials"}, "api_key": {procountor.APIKey(103)}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.url+"/api/oauth/token/", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(procountor.ClientID, procountor.ClientSecret)
	r.Header.Set("Content-Type", formType)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("client by Basic header: %d", response.StatusCode)
	}
	for _, path := range []string{"/coa/", "//coa", "/coa?what=ever"} {
		b.want(b.get(path), 200, "4000")
	}
	if a := b.do("HEAD", "/coa", ""); a.status != 200 || a.body != "" {
		t.Errorf("HEAD: %+v", a)
	}
	texts := strings.NewReplacer("-3200.00", `"-3200.00"`, "3200.00", `"3200.00"`, "2000.00", `"2000.00"`, `"vatPercent":0`, `"vatPercent":"0"`)
	b.post(texts.Replace(receipt()))
	b.post(receipt(set("nobody", "knows")))
	b.want(b.do("POST", "/ledgerreceipts", strings.Replace(receipt(), `"receiptDate"`, `"ReceiptDate"`, 1)), 400, "'receiptDate' cannot be blank")
	b.booked(2)
}
