package vismanet_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"loonbrug/data/model"
	"loonbrug/integration/practice/chromium"
	"loonbrug/integration/practice/visma"
	"loonbrug/integration/target"
)

const deHalm = "Bakkerij De Halm B.V."

// logsIn fills in the login page.
func logsIn(user string) []chromium.Step {
	return []chromium.Step{
		chromedp.WaitVisible("#username"),
		chromedp.SendKeys("#username", user),
		chromedp.SendKeys("#password", visma.Password),
		chromedp.Click("#login"),
	}
}

// allows chooses a company and agrees.
func allows(tenant string) []chromium.Step {
	return []chromium.Step{
		chromedp.WaitVisible(`input[name="company"]`),
		chromedp.Click(`input[name="company"][value="` + tenant + `"]`),
		chromedp.Click(`button[name="allow"]`),
	}
}

// steps are all that is done one after the other.
func steps(parts ...[]chromium.Step) []chromium.Step { return slices.Concat(parts...) }

// busy takes a port for the length of the test.
func busy(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
}

// free is a port that nobody listens on.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
}

// set changes a setting of the account.
func (o *office) set(field, value string) {
	o.access.Account.Settings = map[string]string{field: value}
}

// TestBrowser is the sign-in in a real browser: what the person does, what comes
// of it, and what the browser ends on.
func TestBrowser(t *testing.T) {
	browser := chromium.Start(t)
	const failed = "Aanmelden niet gelukt"
	good := steps(logsIn(visma.Bookkeeper), allows(visma.DeHalm))
	for name, c := range map[string]struct {
		language string
		prepare  func(*testing.T, *office)
		does     []chromium.Step
		code     string // of the problem; empty is success
		action   model.Action
		page     []string
	}{
		"Dutch":   {does: good, page: []string{"Aanmelden gelukt", deHalm, "U kunt dit tabblad sluiten"}},
		"Swedish": {language: "sv", does: good, page: []string{"Inloggningen lyckades", deHalm, "Du kan stänga den här fliken"}},
		"Finnish": {language: "fi", does: good, page: []string{"Kirjautuminen onnistui", deHalm, "Voit sulkea tämän välilehden"}},
		"English": {language: "en", does: good, page: []string{"You are signed in", deHalm, "You may close this tab"}},
		"RefusedAtTheLogin": {
			does: []chromium.Step{chromedp.WaitVisible("#cancel"), chromedp.Click("#cancel")},
			code: "signin.refused", action: model.ActionSignIn, page: []string{"Toegang geweigerd"},
		},
		"RefusedAtTheCompany": {
			does: steps(logsIn(visma.Bookkeeper), []chromium.Step{chromedp.WaitVisible(`input[name="company"]`), chromedp.Click(`button[name="cancel"]`)}),
			code: "signin.refused", action: model.ActionSignIn, page: []string{"Toegang geweigerd"},
		},
		"RoleMissing": {
			does: steps(logsIn(visma.Guest), allows(visma.DeHalm)),
			code: "signin.no_role", action: model.ActionSignIn, page: []string{failed},
		},
		"CompanyNotOpen": {
			prepare: func(_ *testing.T, o *office) { o.server.Faults().Set(visma.FaultWrongCompany, 1) },
			does:    good, code: "vismanet.no_company", action: model.ActionSignIn, page: []string{failed},
		},
		"OtherCompanyThanTheAccounts": {
			prepare: func(_ *testing.T, o *office) { o.set("tenant_id", visma.HalmTransport) },
			does:    good, code: "signin.no_role", action: model.ActionSignIn, page: []string{failed},
		},
		"PortInUseNextServes": {
			prepare: func(t *testing.T, o *office) { o.set("ports", busy(t)+", "+free(t)) },
			does:    good, page: []string{deHalm},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if c.language == "" {
				c.language = "nl"
			}
			o, p := signedIn(t), chromium.Sit(t, browser, c.language)
			if c.prepare != nil {
				c.prepare(t, o)
			}
			p.Does = c.does
			before := o.vault.kept[7]
			who, err := o.target.Connect(t.Context(), o.access, p)
			p.MustSee(t, c.page...)
			if c.code == "" {
				if want := (target.Identity{Who: visma.Bookkeeper, Company: deHalm}); err != nil || who != want {
					t.Errorf("identity %+v, %v", who, err)
				}
				return
			}
			wantProblem(t, err, c.code, c.action)
			if after := o.vault.kept[7]; len(after) != len(before) || after["refresh_token"] != before["refresh_token"] {
				t.Error("something was stored")
			}
			o.access.Account.Settings = nil
			if _, err := o.target.Administrations(t.Context(), o.access); err != nil {
				t.Errorf("the sign-in before is lost: %v", err)
			}
		})
	}
	chromium.MustEnd(t, "loonbrug/integration/oauth.")
}

// An account that was never signed in works after it was: it books.
func TestBrowser_SignInThenBook(t *testing.T) {
	o, p := newOffice(t), chromium.Sit(t, chromium.Start(t), "nl")
	p.Does = steps(logsIn(visma.Bookkeeper), allows(visma.DeHalm))
	if _, err := o.target.Connect(t.Context(), o.access, p); err != nil {
		t.Fatal(err)
	}
	p.MustSee(t, deHalm)
	got, err := o.target.Administrations(t.Context(), o.access)
	if err != nil || len(got) != 1 || got[0] != (model.Administration{Code: visma.DeHalm, Name: deHalm}) {
		t.Fatalf("administrations %+v, %v", got, err)
	}
	for _, d := range o.deliveries(t) {
		if out := o.target.Post(t.Context(), o.access, d); out.Class != target.Accepted {
			t.Errorf("outcome %+v", out)
		}
	}
}

// A forged callback is turned away, and the true one is still taken.
func TestBrowser_WrongState(t *testing.T) {
	o, p := newOffice(t), chromium.Sit(t, chromium.Start(t), "nl")
	forged := p.Stranger(func(end chromium.Shown) {
		if end.Err != nil || !strings.Contains(end.Text, "niet meer geldig") {
			t.Errorf("the stranger saw %+v", end)
		}
	})
	p.Does = steps([]chromium.Step{chromedp.WaitVisible("#username"), forged}, logsIn(visma.Bookkeeper), allows(visma.DeHalm))
	if who, err := o.target.Connect(t.Context(), o.access, p); err != nil || who.Company != deHalm {
		t.Fatalf("identity %+v, %v", who, err)
	}
	p.MustSee(t, deHalm)
}

// Closing the tab ends nothing; cancelling does at once, and leaves neither port
// nor goroutine taken.
func TestBrowser_TabClosed(t *testing.T) {
	o, p := newOffice(t), chromium.Sit(t, chromium.Start(t), "nl")
	port := free(t)
	o.set("ports", port)
	p.Does = []chromium.Step{chromedp.WaitVisible("#username"), chromium.CloseTab()}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		if end := p.Ended(); !errors.Is(end.Err, chromium.ErrClosed) {
			t.Errorf("the tab ended with %+v", end)
		}
		cancel()
	}()
	if _, err := o.target.Connect(ctx, o.access, p); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
	l, err := net.Listen("tcp4", "127.0.0.1:"+port)
	if err != nil {
		t.Fatalf("the port is still taken: %v", err)
	}
	_ = l.Close()
	chromium.MustEnd(t, "loonbrug/integration/oauth.")
	if len(o.vault.kept[7]) != 0 {
		t.Error("something was stored")
	}
}

// With every port of the list in use no browser opens; the problem names them.
func TestBrowser_AllPortsInUse(t *testing.T) {
	o, p := newOffice(t), chromium.Sit(t, chromium.Start(t), "nl")
	ports := busy(t) + ", " + busy(t)
	o.set("ports", ports)
	_, err := o.target.Connect(t.Context(), o.access, p)
	if got := wantProblem(t, err, "signin.port_in_use", model.ActionOpenAccount); got.Params["ports"] != ports {
		t.Errorf("ports %q, want %q", got.Params["ports"], ports)
	}
	if len(p.Opened) != 0 {
		t.Error("a browser was opened")
	}
}

// A browser that is logged in as somebody else still asks who signs in; a person
// who goes on as that one all the same is told what is wrong.
func TestBrowser_LoggedInAsSomeoneElse(t *testing.T) {
	o, p := newOffice(t), chromium.Sit(t, chromium.Start(t), "nl")
	p.Does = steps(logsIn(visma.Guest), allows(visma.HalmTransport))
	_, err := o.target.Connect(t.Context(), o.access, p)
	wantProblem(t, err, "signin.no_role", model.ActionSignIn)
	p.MustSee(t, "Aanmelden niet gelukt")

	p.Does = steps([]chromium.Step{chromedp.WaitVisible("#continue"), chromedp.Click("#continue")}, allows(visma.DeHalm))
	_, err = o.target.Connect(t.Context(), o.access, p)
	wantProblem(t, err, "signin.no_role", model.ActionSignIn)
	p.MustSee(t, "Aanmelden niet gelukt")

	p.Does = steps([]chromium.Step{chromedp.WaitVisible("#continue")}, logsIn(visma.Bookkeeper), allows(visma.HalmTransport))
	who, err := o.target.Connect(t.Context(), o.access, p)
	if err != nil || who != (target.Identity{Who: visma.Bookkeeper, Company: "Halm Transport B.V."}) {
		t.Fatalf("identity %+v, %v", who, err)
	}
	p.MustSee(t, "Halm Transport B.V.")
	// Right person, wrong company for the mapping: nothing is booked there.
	_, err = o.target.Reference(t.Context(), o.access, visma.DeHalm)
	if got := wantProblem(t, err, "vismanet.other_company", model.ActionSignIn); got.Params["company"] != "Halm Transport B.V." {
		t.Errorf("problem %+v", got)
	}
}

// Two accounts sign in at once, each at a port of its own; each gets the person
// and the company that were chosen for it.
func TestBrowser_TwoAccountsAtOnce(t *testing.T) {
	o, p := newOffice(t), chromium.Sit(t, chromium.Start(t), "nl")
	o.set("ports", free(t)+", "+free(t))
	var open sync.WaitGroup // both logins are shown before either is answered
	open.Add(2)
	meet := chromedp.Func(func(context.Context, *chromedp.Target) error {
		open.Done()
		open.Wait()
		return nil
	})
	type result struct {
		who target.Identity
		err error
	}
	accounts := []struct {
		id            int64
		tenant, wants string
		at            *chromium.Person
		done          chan result
	}{
		{7, visma.DeHalm, deHalm, p.Beside(), make(chan result, 1)},
		{8, visma.HalmTransport, "Halm Transport B.V.", p.Beside(), make(chan result, 1)},
	}
	for _, a := range accounts {
		a.at.Does = steps([]chromium.Step{chromedp.WaitVisible("#username"), meet}, logsIn(visma.Bookkeeper), allows(a.tenant))
		access := o.access
		access.Account.ID = a.id
		go func() {
			who, err := o.target.Connect(t.Context(), access, a.at)
			a.done <- result{who, err}
		}()
	}
	for _, a := range accounts {
		if got := <-a.done; got.err != nil || got.who.Company != a.wants {
			t.Errorf("account %d: identity %+v, %v", a.id, got.who, got.err)
		}
		a.at.MustSee(t, a.wants)
		access := o.access
		access.Account.ID = a.id
		if got, err := o.target.Administrations(t.Context(), access); err != nil || len(got) != 1 || got[0].Code != a.tenant {
			t.Errorf("account %d: %+v, %v", a.id, got, err)
		}
	}
	if o.vault.kept[7]["refresh_token"] == o.vault.kept[8]["refresh_token"] {
		t.Error("the accounts share a token")
	}
}
