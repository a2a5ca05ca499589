package practice_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"loonbrug/integration/practice"
)

// client is a foreign one: it knows what is printed and nothing else.
type client struct {
	*testing.T
	practice.System
	web *http.Client
}

func foreign(t *testing.T, s *practice.Systems, id string) client {
	t.Helper()
	system, ok := s.Find(id)
	if !ok {
		t.Fatalf("no %s", id)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return client{t, system, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// post sends a body and gives the status and the answer.
func (c client) post(address, kind, body string) (int, string) {
	c.Helper()
	response, err := c.web.Post(address, kind, strings.NewReader(body))
	if err != nil {
		c.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// form posts form values; pairs come before those of the credential.
func (c client) form(address string, fields map[string]string, pairs ...string) (int, string) {
	c.Helper()
	values := url.Values{}
	for name, value := range fields {
		values.Set(name, value)
	}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return c.post(address, "application/x-www-form-urlencoded", values.Encode())
}

func TestPrintedForCASH(t *testing.T) {
	s, _ := start(t, practice.Options{})
	c := foreign(t, s, practice.CASH)
	if status, wsdl := fetch(t, c.Addresses["wsdl"]); status != 200 || !strings.Contains(wsdl, c.Addresses["soap"]) || !strings.Contains(wsdl, c.Settings["soap_namespace"]) {
		t.Errorf("WSDL: %d", status)
	}
	for _, credential := range c.Credentials {
		f := credential.Fields
		unlinked := strings.Contains(credential.Note, "not linked")
		if f["generation"] == "soap" {
			_, body := c.post(c.Addresses["soap"], "text/xml", `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><n:listAdministrations xmlns:n="`+
				c.Settings["soap_namespace"]+`"><token/><relatie>`+f["relation"]+`</relatie><email>`+f["email"]+`</email><pass>`+f["password"]+`</pass></n:listAdministrations></e:Body></e:Envelope>`)
			if strings.Contains(body, "<code>1002</code>") != unlinked || strings.Contains(body, "<code>1</code>") == unlinked {
				t.Errorf("%s: %s", credential.Note, body)
			}
			continue
		}
		for _, company := range c.Companies {
			status, body := fetch(t, c.Addresses["rest"]+"/get/index/0901?admin="+company.ID, "Authorization", f["api_key"])
			if unlinked != (status == 403) || !unlinked && !strings.Contains(body, "SAL") {
				t.Errorf("%s in %s: %d %s", credential.Note, company.ID, status, body)
			}
		}
	}
}

func TestPrintedForVismaNet(t *testing.T) {
	s, _ := start(t, practice.Options{})
	c := foreign(t, s, practice.VismaNet)
	_, metadata := fetch(t, c.Addresses["discovery"])
	for _, name := range []string{"jwks", "authorize", "token", "revocation", "userinfo", "endsession"} {
		if !strings.Contains(metadata, `"`+c.Addresses[name]+`"`) {
			t.Errorf("%s at %s is not in the metadata", name, c.Addresses[name])
		}
	}
	for _, credential := range c.Credentials {
		f := credential.Fields
		if f["client_secret"] != "" {
			if status, body := c.form(c.Addresses["token"], f, "grant_type", "client_credentials", "scope", c.Settings["service_scopes"]); status != 200 {
				t.Errorf("%s: %d %s", credential.Note, status, body)
			}
			continue
		}
		redirect := strings.Replace(strings.Fields(c.Settings["redirect_uris"])[0], "*", "53682", 1)
		status, page := fetch(t, c.Addresses["authorize"]+"?"+url.Values{
			"client_id": {f["client_id"]}, "response_type": {"code"}, "redirect_uri": {redirect}, "state": {"s"},
			"scope": {c.Settings["scopes"]}, "code_challenge": {strings.Repeat("x", 43)}, "code_challenge_method": {"S256"},
		}.Encode())
		_, after, _ := strings.Cut(page, `name="request" value="`)
		id, _, _ := strings.Cut(after, `"`)
		if status != 200 || id == "" {
			t.Fatalf("%s: %d %s", credential.Note, status, page)
		}
		if status, body := c.form(c.System.Addresses["issuer"]+"/connect/login", f, "request", id, "login", "1"); status != 303 {
			t.Errorf("%s: %d %s", credential.Note, status, body)
		}
	}
	if status, _ := c.form(c.Addresses["revocation"], map[string]string{"client_id": c.Credentials[0].Fields["client_id"], "token": "any"}); status != 200 {
		t.Errorf("revocation: %d", status)
	}
	if len(c.Companies) != 2 {
		t.Errorf("companies: %+v", c.Companies)
	}
}

func TestPrintedForProcountor(t *testing.T) {
	s, _ := start(t, practice.Options{})
	c := foreign(t, s, practice.Procountor)
	for _, credential := range c.Credentials {
		f := credential.Fields
		if f["api_key"] != "" {
			if status, body := c.form(c.Addresses["token"], f, "grant_type", "client_credentials"); status != 200 {
				t.Errorf("%s: %d %s", credential.Note, status, body)
			}
			continue
		}
		status, _ := c.form(c.Addresses["login"], f, "response_type", "code", "redirect_uri", "http://127.0.0.1:53682/callback",
			"state", "s", "decision", "approve", "company", c.Companies[0].ID)
		if homeless := strings.Contains(credential.Note, "no company"); homeless != (status == 200) || !homeless && status != 303 {
			t.Errorf("%s: %d", credential.Note, status)
		}
	}
	for _, name := range []string{"login", "keylogin"} {
		if status, _ := fetch(t, c.Addresses[name]); status != 400 {
			t.Errorf("%s without a client: %d", name, status)
		}
	}
}

func TestPrintedForNmbrs(t *testing.T) {
	s, _ := start(t, practice.Options{})
	c := foreign(t, s, practice.Nmbrs)
	if status, wsdl := fetch(t, c.Addresses["wsdl"]); status != 200 || !strings.Contains(wsdl, c.Addresses["company_service"]) || !strings.Contains(wsdl, c.Settings["soap_namespace"]) {
		t.Errorf("WSDL: %d", status)
	}
	for _, credential := range c.Credentials {
		f := credential.Fields
		if f["client_id"] != "" {
			status, page := fetch(t, c.Addresses["authorize"]+"?"+url.Values{
				"client_id": {f["client_id"]}, "response_type": {"code"}, "redirect_uri": {"http://127.0.0.1:53682/"}, "scope": {c.Settings["scopes"]},
				"code_challenge": {strings.Repeat("x", 43)}, "code_challenge_method": {"S256"},
			}.Encode())
			if status != 200 || !strings.Contains(page, f["username"]) {
				t.Errorf("%s: %d %s", credential.Note, status, page)
			}
			if status, body := c.form(c.Addresses["token"], f, "grant_type", "authorization_code", "code", "x"); status != 400 || !strings.Contains(body, "invalid_grant") {
				t.Errorf("%s: %d %s", credential.Note, status, body)
			}
			if status, _ := fetch(t, c.Addresses["rest"]+"/companies", "X-Subscription-Key", f["subscription_key"]); status != 401 {
				t.Errorf("REST without a token: %d", status)
			}
			continue
		}
		_, body := c.post(c.Addresses["company_service"], "text/xml", `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="`+c.Settings["soap_namespace"]+
			`"><e:Header><AuthHeaderWithDomain><Username>`+f["username"]+`</Username><Token>`+f["token"]+`</Token><Domain>`+f["domain"]+
			`</Domain></AuthHeaderWithDomain></e:Header><e:Body><List_GetAll/></e:Body></e:Envelope>`)
		for _, company := range c.Companies {
			hidden := strings.Contains(credential.Note, "alone") && strings.Contains(credential.Note, "Halm Groep") && strings.Contains(company.Note, "debtor 902")
			if strings.Contains(body, "<ID>"+company.ID+"</ID>") == hidden {
				t.Errorf("%s: %s is %s", credential.Note, company.Name, body)
			}
		}
	}
	if status, runs := fetch(t, c.Addresses["runs"]); status != 200 || !strings.Contains(runs, c.Companies[0].Name) {
		t.Errorf("runs: %d", status)
	}
}
