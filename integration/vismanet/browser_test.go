package vismanet_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"loonbrug/data/model"
	"loonbrug/integration/practice/chromium"
	"loonbrug/integration/practice/visma"
	"loonbrug/integration/target"
)

// step is something a person does in the browser.
type step = chromedp.Action[chromedp.Void]

// person sits at a real browser without a window. Open follows the address and
// then does what the test says; Ended waits for the page that it ends on.
type person struct {
	t        *testing.T
	tab      context.Context
	language string
	does     []step
	ended    chan error
}

// newPerson starts Chromium with a profile of its own, so that nobody is logged
// in anywhere.
func newPerson(t *testing.T) *person {
	t.Helper()
	return &person{t: t, tab: chromium.Start(t), language: "nl", ended: make(chan error, 1)}
}

func (p *person) Language() string { return p.language }

func (p *person) Open(_ context.Context, address string) error {
	go func() {
		p.ended <- chromedp.Do(p.tab, append([]step{chromedp.Navigate(address)}, p.does...)...)
	}()
	return nil
}

// page waits for the sign-in's last page and gives its text.
func (p *person) page() string {
	p.t.Helper()
	if err := <-p.ended; err != nil {
		p.t.Fatalf("in the browser: %v", err)
	}
	text, errText := chromedp.Run(p.tab, chromedp.Text("main"))
	address, errAddress := chromedp.Run(p.tab, chromedp.Location())
	if err := errors.Join(errText, errAddress); err != nil {
		p.t.Fatalf("reading the last page: %v", err)
	}
	if !strings.HasPrefix(address, "http://127.0.0.1:") || !strings.Contains(address, "/callback?") {
		p.t.Errorf("the browser ended at %s", address)
	}
	return text
}

// logsIn fills in the login page.
func logsIn(user string) []step {
	return []step{
		chromedp.WaitVisible("#username"),
		chromedp.SendKeys("#username", user),
		chromedp.SendKeys("#password", visma.Password),
		chromedp.Click("#login"),
	}
}

// allows chooses a company and agrees.
func allows(tenant string) []step {
	return []step{
		chromedp.WaitVisible(`input[name="company"]`),
		chromedp.Click(`input[name="company"][value="` + tenant + `"]`),
		chromedp.Click(`button[name="allow"]`),
	}
}

func TestBrowser_SignIn(t *testing.T) {
	o, p := newOffice(t), newPerson(t)
	p.does = append(logsIn(visma.Bookkeeper), allows(visma.DeHalm)...)
	who, err := o.target.Connect(t.Context(), o.access, p)
	if err != nil {
		t.Fatal(err)
	}
	if want := (target.Identity{Who: visma.Bookkeeper, Company: "Bakkerij De Halm B.V."}); who != want {
		t.Errorf("identity %+v, want %+v", who, want)
	}
	text := p.page()
	for _, want := range []string{"Aanmelden gelukt", "Bakkerij De Halm B.V.", "U kunt dit tabblad sluiten"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q:\n%s", want, text)
		}
	}
	got, err := o.target.Administrations(t.Context(), o.access)
	if err != nil || len(got) != 1 || got[0] != (model.Administration{Code: visma.DeHalm, Name: "Bakkerij De Halm B.V."}) {
		t.Fatalf("administrations %+v, %v", got, err)
	}
	for _, d := range o.deliveries(t) {
		if out := o.target.Post(t.Context(), o.access, d); out.Class != target.Accepted {
			t.Errorf("outcome %+v", out)
		}
	}
}

func TestBrowser_Refused(t *testing.T) {
	for name, does := range map[string][]step{
		"AtTheLogin":   {chromedp.WaitVisible("#cancel"), chromedp.Click("#cancel")},
		"AtTheCompany": append(logsIn(visma.Bookkeeper), chromedp.WaitVisible(`input[name="company"]`), chromedp.Click(`button[name="cancel"]`)),
	} {
		t.Run(name, func(t *testing.T) {
			o, p := newOffice(t), newPerson(t)
			p.does = does
			_, err := o.target.Connect(t.Context(), o.access, p)
			wantProblem(t, err, "signin.refused", model.ActionSignIn)
			if text := p.page(); !strings.Contains(text, "Toegang geweigerd") {
				t.Errorf("page:\n%s", text)
			}
			if len(o.vault.kept[7]) != 0 {
				t.Error("something was stored")
			}
		})
	}
}

// Somebody without the role is told so, and the sign-in before stays good.
func TestBrowser_RoleMissing(t *testing.T) {
	o, p := signedIn(t), newPerson(t)
	p.does = append(logsIn(visma.Guest), allows(visma.DeHalm)...)
	_, err := o.target.Connect(t.Context(), o.access, p)
	wantProblem(t, err, "signin.no_role", model.ActionSignIn)
	if text := p.page(); !strings.Contains(text, "Aanmelden niet gelukt") {
		t.Errorf("page:\n%s", text)
	}
	if _, err := o.target.Administrations(t.Context(), o.access); err != nil {
		t.Errorf("the sign-in before is lost: %v", err)
	}
}

// Closing the tab ends nothing; cancelling does, and the port is free again.
func TestBrowser_TabClosed(t *testing.T) {
	o, p := newOffice(t), newPerson(t)
	ctx, cancel := context.WithCancel(t.Context())
	p.does = []step{chromedp.WaitVisible("#username"), chromedp.Func(func(context.Context, *chromedp.Target) error {
		cancel()
		return nil
	})}
	if _, err := o.target.Connect(ctx, o.access, p); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

// A browser that is logged in as somebody else still asks who signs in.
func TestBrowser_LoggedInAsSomeoneElse(t *testing.T) {
	o, p := newOffice(t), newPerson(t)
	p.does = append(logsIn(visma.Bookkeeper), allows(visma.HalmTransport)...)
	if _, err := o.target.Connect(t.Context(), o.access, p); err != nil {
		t.Fatal(err)
	}
	p.page()

	// The same browser, another account: nothing happens by itself.
	second := o.access
	second.Account.ID = 8
	p.does = append([]step{chromedp.WaitVisible("#continue"), chromedp.Click("#continue")}, allows(visma.DeHalm)...)
	who, err := o.target.Connect(t.Context(), second, p)
	if err != nil || who.Company != "Bakkerij De Halm B.V." {
		t.Fatalf("identity %+v, %v", who, err)
	}
	p.page()
	if o.vault.kept[7]["administration"] == o.vault.kept[8]["administration"] {
		t.Error("two accounts share a company")
	}
}

// What goes wrong after the person agreed is told in the browser too, and the
// sign-in before stays good.
func TestBrowser_FailsAfterConsent(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*office)
		code  string
	}{
		"CompanyNotOpen": {func(o *office) { o.server.Faults().Set(visma.FaultWrongCompany, 1) }, "vismanet.no_company"},
		"OtherCompany": {func(o *office) {
			o.access.Account.Settings = map[string]string{"tenant_id": visma.HalmTransport}
		}, "signin.no_role"},
	} {
		t.Run(name, func(t *testing.T) {
			o, p := signedIn(t), newPerson(t)
			c.spoil(o)
			p.does = append(logsIn(visma.Bookkeeper), allows(visma.DeHalm)...)
			_, err := o.target.Connect(t.Context(), o.access, p)
			wantProblem(t, err, c.code, model.ActionSignIn)
			if text := p.page(); !strings.Contains(text, "Aanmelden niet gelukt") {
				t.Errorf("page:\n%s", text)
			}
			o.access.Account.Settings = nil
			if _, err := o.target.Administrations(t.Context(), o.access); err != nil {
				t.Errorf("the sign-in before is lost: %v", err)
			}
		})
	}
}
