package procountor_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/practice/chromium"
	practice "loonbrug/integration/practice/procountor"
	"loonbrug/integration/procountor"
	"loonbrug/integration/target"
)

// chooses picks a company and agrees.
func chooses(company string) []chromium.Step {
	return []chromium.Step{chromedp.WaitVisible("#approve"), chromedp.Click("#company-" + company), chromedp.Click("#approve")}
}

// kept is a vault of several accounts that keeps what it is given.
type kept struct {
	mu    sync.Mutex
	all   map[int64]model.Credentials
	saved int
}

func (k *kept) Credentials(_ context.Context, id int64) (model.Credentials, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return maps.Clone(k.all[id]), nil
}

func (k *kept) SaveCredentials(_ context.Context, id int64, c model.Credentials) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all[id] = maps.Clone(c)
	k.saved++
	return nil
}

func (*kept) Only(ctx context.Context, _ string, fn func(context.Context) error) error {
	return fn(ctx)
}

// desk is an office with a client that is registered with the practice system.
type desk struct {
	target *procountor.Target
	books  *practice.Server
	clock  *clock
	vault  *kept
	port   int
}

// newDesk opens an office; the registered redirect address is the one that the
// practice system knows.
func newDesk(t *testing.T) *desk {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{
		clock: &clock{now: time.Date(2026, time.April, 1, 9, 0, 0, 0, time.UTC)},
		vault: &kept{all: make(map[int64]model.Credentials)},
		port:  l.Addr().(*net.TCPAddr).Port,
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if d.books, err = practice.New(practice.Options{Clock: d.clock.Now, RedirectURI: d.redirect()}); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(d.books.Handler())
	t.Cleanup(server.Close)
	d.target = at(server.URL+"/api", d.clock.Now)
	return d
}

func (d *desk) redirect() string { return fmt.Sprintf("http://127.0.0.1:%d/office/back", d.port) }

// account is an account that signs in by the browser.
func (d *desk) account(id int64) target.Access {
	d.vault.all[id] = model.Credentials{"client_secret": practice.ClientSecret}
	return target.Access{Vault: d.vault, Account: model.Account{ID: id, Target: procountor.ID, Settings: map[string]string{
		"way": "browser", "client_id": practice.ClientID, "redirect_uri": d.redirect(),
	}}}
}

func wantCode(t *testing.T, err error, want string) {
	t.Helper()
	if got := code(model.ProblemOf(err)); got != want {
		t.Errorf("problem %s, want %s: %v", got, want, err)
	}
}

// TestBrowser is the sign-in in a real browser: what the person does, what comes
// of it, and what the browser ends on.
func TestBrowser(t *testing.T) {
	browser := chromium.Start(t)
	const deHalm, failed = "Bakkerij De Halm B.V.", "Aanmelden niet gelukt"
	for name, c := range map[string]struct {
		language string
		does     []chromium.Step
		code     string // of the problem; empty is success
		page     []string
	}{
		"Dutch":   {does: chooses("103"), page: []string{"Aanmelden gelukt", deHalm, "U kunt dit tabblad sluiten"}},
		"Swedish": {language: "sv", does: chooses("103"), page: []string{"Inloggningen lyckades", deHalm, "Du kan stänga den här fliken"}},
		"Finnish": {language: "fi", does: chooses("103"), page: []string{"Kirjautuminen onnistui", deHalm, "Voit sulkea tämän välilehden"}},
		"English": {language: "en", does: chooses("103"), page: []string{"You are signed in", deHalm, "You may close this tab"}},
		"Refused": {
			does: []chromium.Step{chromedp.WaitVisible("#refuse"), chromedp.Click("#refuse")},
			code: "signin.refused", page: []string{"Toegang geweigerd"},
		},
		"RightsMissing": {
			does: append([]chromium.Step{chromedp.WaitVisible("#user"), chromedp.SetValue("#user", "8")}, chooses("103")...),
			code: "procountor.no_receipt_rights", page: []string{failed},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if c.language == "" {
				c.language = "nl"
			}
			d, p := newDesk(t), chromium.Sit(t, browser, c.language)
			a := d.account(7)
			if c.code != "" { // the sign-in before
				p.Does = chooses("102")
				if _, err := d.target.Connect(t.Context(), a, p); err != nil {
					t.Fatal(err)
				}
				p.MustSee(t, "Brödbolaget i Malmö AB")
			}
			saved := d.vault.saved
			p.Does = c.does
			who, err := d.target.Connect(t.Context(), a, p)
			p.MustSee(t, c.page...)
			if c.code == "" {
				if err != nil || !strings.HasPrefix(who.Company, deHalm) {
					t.Errorf("identity %+v, %v", who, err)
				}
				return
			}
			wantCode(t, err, c.code)
			if d.vault.saved != saved {
				t.Error("something was stored")
			}
			if got, err := d.target.Administrations(t.Context(), a); err != nil || got[0].Code != "102" {
				t.Errorf("the sign-in before is lost: %+v, %v", got, err)
			}
		})
	}
	chromium.MustEnd(t, "loonbrug/integration/oauth.")
}

func TestBrowser_HalfAYear(t *testing.T) {
	d, p := newDesk(t), chromium.Sit(t, chromium.Start(t), "nl")
	a, ctx := d.account(7), t.Context()
	if _, err := d.target.Administrations(ctx, a); err == nil {
		t.Error("used without a sign-in")
	}
	p.Does = chooses("103")
	who, err := d.target.Connect(ctx, a, p)
	if err != nil || who.Who == "" || !strings.HasPrefix(who.Company, "Bakkerij De Halm B.V.") {
		t.Fatalf("identity %+v, %v", who, err)
	}
	p.MustSee(t, "Aanmelden gelukt", "Bakkerij De Halm B.V.", "U kunt dit tabblad sluiten")

	address, err := url.Parse(<-p.Opened)
	if err != nil {
		t.Fatal(err)
	}
	q := address.Query()
	if address.Path != "/login" || q.Get("response_type") != "code" || q.Get("client_id") != practice.ClientID ||
		q.Get("redirect_uri") != d.redirect() || q.Get("state") == "" || len(q) != 4 {
		t.Errorf("asked %s", address)
	}
	if ends, err := d.target.SignInEnds(ctx, a); err != nil || !ends.Equal(d.clock.Now().Add(180*24*time.Hour)) {
		t.Errorf("ends %s, %v", ends, err)
	}
	got, err := d.target.Administrations(ctx, a)
	if err != nil || len(got) != 1 || got[0] != (model.Administration{Code: "103", Name: "Bakkerij De Halm B.V."}) {
		t.Fatalf("administrations %+v, %v", got, err)
	}

	// A day later the access token is over; it is renewed, and stored before use.
	d.clock.add(24 * time.Hour)
	saved := d.vault.saved
	ref, err := d.target.Reference(ctx, a, "103")
	if err != nil || d.vault.saved != saved+1 {
		t.Fatalf("%d renewals stored, %v", d.vault.saved-saved, err)
	}
	entry, problems := d.target.Build(draft(journal.Split(sample(t))[2]), ref)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if o := d.target.Post(ctx, a, target.Delivery{Entry: entry}); o.Class != target.Accepted {
		t.Errorf("outcome %+v", o)
	}
	entry.Administration = "101"
	o := d.target.Post(ctx, a, target.Delivery{Entry: entry})
	if o.Class != target.NotSent || !o.SignIn || code(o.Problem) != "procountor.signed_in_elsewhere" {
		t.Errorf("another company: %+v", o)
	}

	// After half a year nothing renews it any more.
	d.clock.add(180 * 24 * time.Hour)
	_, err = d.target.Administrations(ctx, a)
	wantCode(t, err, "signin.expired")
}

// An answer with another state is turned away, and the wait goes on.
func TestBrowser_WrongState(t *testing.T) {
	d, p := newDesk(t), chromium.Sit(t, chromium.Start(t), "nl")
	forged := p.Stranger(func(end chromium.Shown) {
		if end.Err != nil || !strings.Contains(end.Text, "niet meer geldig") {
			t.Errorf("the stranger saw %+v", end)
		}
	})
	p.Does = append([]chromium.Step{chromedp.WaitVisible("#approve"), forged}, chooses("101")...)
	who, err := d.target.Connect(t.Context(), d.account(7), p)
	if err != nil || !strings.HasPrefix(who.Company, "Oulun Leipomo Oy") {
		t.Fatalf("identity %+v, %v", who, err)
	}
	p.MustSee(t, "Oulun Leipomo Oy")
}

// Closing the tab ends nothing; cancelling does at once, and leaves neither port
// nor goroutine taken.
func TestBrowser_TabClosed(t *testing.T) {
	d, p := newDesk(t), chromium.Sit(t, chromium.Start(t), "nl")
	ctx, cancel := context.WithCancel(t.Context())
	p.Does = []chromium.Step{chromedp.WaitVisible("#approve"), chromium.CloseTab()}
	go func() {
		if end := p.Ended(); !errors.Is(end.Err, chromium.ErrClosed) {
			t.Errorf("the tab ended with %+v", end)
		}
		cancel()
	}()
	if _, err := d.target.Connect(ctx, d.account(7), p); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
	l, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", d.port))
	if err != nil {
		t.Fatalf("the port is still taken: %v", err)
	}
	_ = l.Close()
	chromium.MustEnd(t, "loonbrug/integration/oauth.")
	if d.vault.saved != 0 {
		t.Error("something was stored")
	}
}

// A browser that is logged in as somebody else says so and lets another be
// picked; a person who goes on as that one all the same is told what is wrong.
func TestBrowser_LoggedInAsSomeoneElse(t *testing.T) {
	d, p := newDesk(t), chromium.Sit(t, chromium.Start(t), "nl")
	a := d.account(7)
	pick := func(user string) []chromium.Step {
		return []chromium.Step{chromedp.WaitVisible("#user"), chromedp.SetValue("#user", user)}
	}
	session := []chromium.Step{chromedp.WaitVisible("#session")}
	for _, step := range []struct {
		does []chromium.Step
		code string
		page string
	}{
		{slices.Concat(pick("8"), chooses("103")), "procountor.no_receipt_rights", "Aanmelden niet gelukt"},
		{slices.Concat(session, chooses("103")), "procountor.no_receipt_rights", "Aanmelden niet gelukt"},
		// Of no company at all: the only way back is to refuse.
		{
			slices.Concat(session, pick("9"), []chromium.Step{chromedp.Click("#approve"), chromedp.WaitVisible("#none"), chromedp.Click("#refuse")}),
			"signin.refused", "Toegang geweigerd",
		},
		// Another user is picked first, and then has companies to choose from.
		{
			slices.Concat(session, pick("7"), []chromium.Step{chromedp.Click("#approve"), chromedp.WaitVisible("#company-103")}, chooses("103")),
			"", "Bakkerij De Halm B.V.",
		},
	} {
		p.Does = step.does
		who, err := d.target.Connect(t.Context(), a, p)
		p.MustSee(t, step.page)
		if step.code != "" {
			wantCode(t, err, step.code)
		} else if err != nil || who.Who != "API Praktijk" {
			t.Errorf("identity %+v, %v", who, err)
		}
	}
	// Right person, another company than the mapping's: nothing is booked there.
	_, err := d.target.Reference(t.Context(), a, "101")
	wantCode(t, err, "procountor.signed_in_elsewhere")
}

// Only the registered address will do: with its port in use no browser opens, and
// the problem names the port. It works as soon as the port is free.
func TestBrowser_PortInUse(t *testing.T) {
	d, p := newDesk(t), chromium.Sit(t, chromium.Start(t), "nl")
	busy, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", d.port))
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.target.Connect(t.Context(), d.account(7), p)
	wantCode(t, err, "signin.port_in_use")
	if got := model.ProblemOf(err); got.Params["ports"] != fmt.Sprint(d.port) || got.Action != model.ActionOpenAccount {
		t.Errorf("problem %+v", got)
	}
	if len(p.Opened) != 0 {
		t.Error("a browser was opened")
	}
	if err := busy.Close(); err != nil {
		t.Fatal(err)
	}
	p.Does = chooses("101")
	if _, err := d.target.Connect(t.Context(), d.account(7), p); err != nil {
		t.Fatal(err)
	}
	p.MustSee(t, "Oulun Leipomo Oy")
}

// Two accounts sign in at once behind the one registered address; each gets its
// own tokens and the company that was chosen for it.
func TestBrowser_TwoAccountsAtOnce(t *testing.T) {
	d, p := newDesk(t), chromium.Sit(t, chromium.Start(t), "nl")
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
		access         target.Access
		company, wants string
		at             *chromium.Person
		done           chan result
	}{
		{d.account(7), "101", "Oulun Leipomo Oy", p.Beside(), make(chan result, 1)},
		{d.account(8), "103", "Bakkerij De Halm B.V.", p.Beside(), make(chan result, 1)},
	}
	for _, a := range accounts {
		a.at.Does = append([]chromium.Step{chromedp.WaitVisible("#approve"), meet}, chooses(a.company)...)
		go func() {
			who, err := d.target.Connect(t.Context(), a.access, a.at)
			a.done <- result{who, err}
		}()
	}
	for _, a := range accounts {
		if got := <-a.done; got.err != nil || !strings.HasPrefix(got.who.Company, a.wants) {
			t.Errorf("account %d: identity %+v, %v", a.access.Account.ID, got.who, got.err)
		}
		a.at.MustSee(t, a.wants)
	}
	if d.vault.all[7]["company_id"] != "101" || d.vault.all[8]["company_id"] != "103" {
		t.Error("the accounts have each other's company")
	}
	if d.vault.all[7]["refresh_token"] == d.vault.all[8]["refresh_token"] {
		t.Error("the accounts share a token")
	}
}
