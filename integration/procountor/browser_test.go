package procountor_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http/httptest"
	"net/url"
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

// step is something a person does in the browser.
type step = chromedp.Action[chromedp.Void]

// person sits at a real browser without a window, with a tab for each sign-in.
// Open follows the address and then does what the test says; page waits for
// what it ends on.
type person struct {
	t       *testing.T
	browser context.Context
	does    []step
	opened  chan string
	ended   chan shown
}

// shown is where a tab ended.
type shown struct {
	address, text string
	err           error
}

// newPerson starts Chromium with a profile of its own.
func newPerson(t *testing.T) *person {
	t.Helper()
	return &person{t: t, browser: chromium.Start(t), opened: make(chan string, 4), ended: make(chan shown, 4)}
}

func (p *person) Language() string { return "nl" }

func (p *person) Open(_ context.Context, address string) error {
	p.opened <- address
	go func() { p.ended <- p.visit(address, p.does...) }()
	return nil
}

// visit opens an address in a tab of its own, does the steps and reads what the
// tab ends on.
func (p *person) visit(address string, does ...step) shown {
	tab, closeTab := chromedp.NewContext(p.browser)
	defer closeTab()
	if err := chromedp.Do(tab, append([]step{chromedp.Navigate(address)}, does...)...); err != nil {
		return shown{err: err}
	}
	text, errText := chromedp.Run(tab, chromedp.Text("main"))
	at, errAddress := chromedp.Run(tab, chromedp.Location())
	return shown{at, text, errors.Join(errText, errAddress)}
}

// page waits for the sign-in's last page and checks what it says.
func (p *person) page(wants ...string) {
	p.t.Helper()
	got := <-p.ended
	if got.err != nil {
		p.t.Fatalf("in the browser: %v", got.err)
	}
	if !strings.HasPrefix(got.address, "http://127.0.0.1:") || !strings.Contains(got.address, "/office/back?") {
		p.t.Errorf("the browser ended at %s", got.address)
	}
	for _, want := range wants {
		if !strings.Contains(got.text, want) {
			p.t.Errorf("the page lacks %q:\n%s", want, got.text)
		}
	}
}

// chooses picks a company and agrees.
func chooses(company string) []step {
	return []step{chromedp.WaitVisible("#approve"), chromedp.Click("#company-" + company), chromedp.Click("#approve")}
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

func TestBrowser_SignIn(t *testing.T) {
	d, p := newDesk(t), newPerson(t)
	a, ctx := d.account(7), t.Context()
	if _, err := d.target.Administrations(ctx, a); err == nil {
		t.Error("used without a sign-in")
	}
	p.does = chooses("103")
	who, err := d.target.Connect(ctx, a, p)
	if err != nil || who.Who == "" || !strings.HasPrefix(who.Company, "Bakkerij De Halm B.V.") {
		t.Fatalf("identity %+v, %v", who, err)
	}
	p.page("Aanmelden gelukt", "Bakkerij De Halm B.V.", "U kunt dit tabblad sluiten")

	address, err := url.Parse(<-p.opened)
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

func TestBrowser_Refused(t *testing.T) {
	d, p := newDesk(t), newPerson(t)
	p.does = []step{chromedp.WaitVisible("#refuse"), chromedp.Click("#refuse")}
	_, err := d.target.Connect(t.Context(), d.account(7), p)
	wantCode(t, err, "signin.refused")
	p.page("Toegang geweigerd")
	if d.vault.saved != 0 {
		t.Error("something was stored")
	}
}

// A user without the rights is told so, and the sign-in before stays good.
func TestBrowser_RightsMissing(t *testing.T) {
	d, p := newDesk(t), newPerson(t)
	a := d.account(7)
	p.does = chooses("102")
	if _, err := d.target.Connect(t.Context(), a, p); err != nil {
		t.Fatal(err)
	}
	p.page("Aanmelden gelukt")
	p.does = append([]step{chromedp.WaitVisible("#user"), chromedp.SetValue("#user", "8")}, chooses("103")...)
	_, err := d.target.Connect(t.Context(), a, p)
	wantCode(t, err, "procountor.no_receipt_rights")
	p.page("Aanmelden niet gelukt")
	if got, err := d.target.Administrations(t.Context(), a); err != nil || got[0].Code != "102" {
		t.Errorf("the sign-in before is lost: %+v, %v", got, err)
	}
}

// An answer with another state is turned away, and the wait goes on.
func TestBrowser_WrongState(t *testing.T) {
	d, p := newDesk(t), newPerson(t)
	p.does = []step{chromedp.WaitVisible("#approve"), chromedp.Func(func(context.Context, *chromedp.Target) error {
		got := p.visit(d.redirect() + "?code=stolen&state=guessed")
		if got.err != nil || !strings.Contains(got.text, "niet meer geldig") {
			t.Errorf("the stranger saw %+v", got)
		}
		return nil
	})}
	p.does = append(p.does, chooses("101")...)
	who, err := d.target.Connect(t.Context(), d.account(7), p)
	if err != nil || !strings.HasPrefix(who.Company, "Oulun Leipomo Oy") {
		t.Fatalf("identity %+v, %v", who, err)
	}
	p.page("Oulun Leipomo Oy")
}

// Closing the tab ends nothing; cancelling does, and the port is free again.
func TestBrowser_TabClosed(t *testing.T) {
	d, p := newDesk(t), newPerson(t)
	ctx, cancel := context.WithCancel(t.Context())
	gone := errors.New("the tab was closed")
	p.does = []step{chromedp.WaitVisible("#approve"), chromedp.Func(func(context.Context, *chromedp.Target) error { return gone })}
	go func() {
		if got := <-p.ended; !errors.Is(got.err, gone) {
			t.Errorf("the tab ended with %+v", got)
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
}

// Two accounts sign in at once behind the one registered address; each gets the
// company that was chosen for it.
func TestBrowser_TwoAccountsAtOnce(t *testing.T) {
	d, p := newDesk(t), newPerson(t)
	first, second := *p, *p
	var open sync.WaitGroup // both logins are shown before either is answered
	open.Add(2)
	meet := chromedp.Func(func(context.Context, *chromedp.Target) error {
		open.Done()
		open.Wait()
		return nil
	})
	for q, company := range map[*person]string{&first: "101", &second: "103"} {
		q.ended = make(chan shown, 1)
		q.does = append([]step{chromedp.WaitVisible("#approve"), meet}, chooses(company)...)
	}
	type result struct {
		who target.Identity
		err error
	}
	results := map[*person]chan result{&first: make(chan result, 1), &second: make(chan result, 1)}
	accounts := map[*person]target.Access{&first: d.account(7), &second: d.account(8)}
	for q, done := range results {
		go func() {
			who, err := d.target.Connect(t.Context(), accounts[q], q)
			done <- result{who, err}
		}()
	}
	for q, name := range map[*person]string{&first: "Oulun Leipomo Oy", &second: "Bakkerij De Halm B.V."} {
		if got := <-results[q]; got.err != nil || !strings.HasPrefix(got.who.Company, name) {
			t.Errorf("identity %+v, %v", got.who, got.err)
		}
		q.page(name)
	}
	if d.vault.all[7]["company_id"] != "101" || d.vault.all[8]["company_id"] != "103" {
		t.Error("the accounts have each other's company")
	}
}
