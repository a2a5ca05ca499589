package main

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/office"
	"loonbrug/integration/payrollfile"
	practice "loonbrug/integration/practice/procountor"
	"loonbrug/integration/procountor"
	"loonbrug/integration/target"
)

// drawer keeps one account with its credentials.
type drawer struct {
	office.Store
	office.Mailbox
	account     model.Account
	credentials model.Credentials
}

func (*drawer) Rights(context.Context) (model.Rights, error) { return model.Rights{}, nil }

func (d *drawer) Account(context.Context, int64) (model.Account, error) { return d.account, nil }

func (d *drawer) Accounts(context.Context) ([]model.Account, error) {
	return []model.Account{d.account}, nil
}

func (d *drawer) SaveAccount(_ context.Context, a *model.Account) error {
	d.account = *a
	return nil
}

func (d *drawer) Credentials(context.Context, int64) (model.Credentials, error) {
	return maps.Clone(d.credentials), nil
}

func (d *drawer) SaveCredentials(_ context.Context, _ int64, c model.Credentials) error {
	d.credentials = maps.Clone(c)
	return nil
}

func (*drawer) Only(ctx context.Context, _ string, fn func(context.Context) error) error {
	return fn(ctx)
}

func (d *drawer) Resume(context.Context, int64) error { return nil }

// clickThrough answers the practice system's login page as a person would.
func clickThrough(company string) func(address string) error {
	return func(address string) error {
		u, err := url.Parse(address)
		if err != nil {
			return err
		}
		form := u.Query()
		form.Set("decision", "approve")
		form.Set("company", company)
		form.Set("user", "7")
		u.RawQuery = ""
		go func() {
			if answer, err := http.PostForm(u.String(), form); err == nil {
				_ = answer.Body.Close()
			}
		}()
		return nil
	}
}

// freePort is a port that nobody listens on.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

// A sign-in at Procountor lasts 180 days, and fourteen days before its end the
// account says so with the button that helps. A sign-in to another company asks
// before it is used, and the account goes on after that was confirmed.
func TestProcountor_SignInThroughTheOffice(t *testing.T) {
	redirect := fmt.Sprintf("http://127.0.0.1:%d/callback", freePort(t))
	books, err := practice.New(practice.Options{RedirectURI: redirect})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(books.Handler())
	t.Cleanup(server.Close)
	now, company := time.Now(), "103"
	clock := func() time.Time { return now }
	d := &drawer{
		account: model.Account{
			ID: 1, Target: procountor.ID, Name: "De Halm", State: model.AccountNew,
			Settings: map[string]string{"client_id": "practice-procountor", "redirect_uri": redirect},
		},
		credentials: model.Credentials{"client_secret": "practice-secret"},
	}
	client := httpx.New(httpx.Options{Timeout: 5 * time.Second, LoopbackOnly: true})
	f := office.New(office.Options{
		Store: d, Files: payrollfile.New(), Mailbox: d, Language: func() string { return "nl" }, Now: clock,
		Targets: target.Registry{procountor.New(procountor.Config{Address: server.URL + "/api", HTTP: client, Clock: clock})},
		Open:    func(address string) error { return clickThrough(company)(address) },
	})
	if err := f.Authorise(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	signedIn := now
	for day, warns := range map[int]bool{0: false, 165: false, 166: true, 179: true, 181: true} {
		now = signedIn.AddDate(0, 0, day)
		accounts, err := f.Accounts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		p := accounts[0].Problem
		if warns != (p != nil) || p != nil && (p.Code != "account.sign_in_ends" || p.Action != model.ActionSignIn) {
			t.Errorf("day %d: %v", day, p)
		}
	}

	now, company = signedIn, "102"
	if p := model.ProblemOf(f.Authorise(t.Context(), 1)); p == nil || p.Code != "account.other_company" || d.account.Authorised() {
		t.Fatalf("another company: %v, %+v", p, d.account)
	}
	if err := f.ConfirmCompany(t.Context(), 1); err != nil || !d.account.Authorised() {
		t.Fatalf("%v, %+v", err, d.account)
	}
	if list, err := f.Administrations(t.Context(), 1); err != nil || len(list) != 1 || list[0].Code != "102" {
		t.Errorf("%v, %v", list, err)
	}
}
