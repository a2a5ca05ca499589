package procountor_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"loonbrug/integration/oauth"
	practice "loonbrug/integration/practice/procountor"
	"loonbrug/integration/target"
)

// What keeps a sign-in from beginning opens no browser.
func TestSignIn_NotBegun(t *testing.T) {
	d := newDesk(t)
	busy, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", d.port))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = busy.Close() }()
	_, err = d.target.Connect(t.Context(), d.account(7), nobody{t})
	wantCode(t, err, "signin.port_in_use")
	a := d.account(7)
	a.Account.Settings["redirect_uri"] = "https://office.example/back"
	_, err = d.target.Connect(t.Context(), a, nobody{t})
	wantCode(t, err, "signin.bad_redirect")
	delete(d.vault.all[7], "client_secret")
	_, err = d.target.Connect(t.Context(), a, nobody{t})
	wantCode(t, err, "procountor.no_credentials")
}

// nobody has no browser.
type nobody struct{ t *testing.T }

func (nobody) Language() string { return "fi" }

func (n nobody) Open(context.Context, string) error {
	n.t.Error("a browser was opened")
	return errors.New("nobody is there")
}

// clicker answers the login page as a person would, without a browser.
type clicker struct{ company string }

func (clicker) Language() string { return "sv" }

func (c clicker) Open(_ context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	form := u.Query()
	form.Set("decision", "approve")
	form.Set("company", c.company)
	form.Set("user", "7")
	u.RawQuery = ""
	go func() {
		if resp, err := http.PostForm(u.String(), form); err == nil {
			_ = resp.Body.Close()
		}
	}()
	return nil
}

func TestSignIn_WrongSecret(t *testing.T) {
	d := newDesk(t)
	a := d.account(7)
	d.vault.all[7]["client_secret"] = "wrong"
	_, err := d.target.Connect(t.Context(), a, clicker{"103"})
	wantCode(t, err, "procountor.client_refused")
}

// A sign-in that is revoked at Procountor asks for another one, also in the
// middle of a sending, and nothing is booked.
func TestSignIn_Revoked(t *testing.T) {
	d := newDesk(t)
	a := d.account(7)
	if _, err := d.target.Connect(t.Context(), a, clicker{"103"}); err != nil {
		t.Fatal(err)
	}
	d.books.Faults().Set(practice.FaultRevoked(103), 1000)
	o := d.target.Post(t.Context(), a, small())
	if o.Class != target.Deferred || !o.SignIn || code(o.Problem) != "signin.expired" {
		t.Errorf("outcome %+v", o)
	}
	_, err := d.target.Administrations(t.Context(), a)
	wantCode(t, err, "signin.expired")
	d.books.Faults().Set(practice.FaultRevoked(103), 0)
	if _, err := d.target.Connect(t.Context(), a, clicker{"103"}); err != nil {
		t.Fatal(err)
	}
	if o := d.target.Post(t.Context(), a, small()); o.Class == target.Deferred {
		t.Errorf("after signing in again: %+v", o)
	}
	if got := d.vault.all[7][oauth.FieldRefreshToken]; got == "" {
		t.Error("no refresh token is kept")
	}
}

// An access token that ends early is renewed once for all who were refused.
func TestSignIn_RenewedOnce(t *testing.T) {
	d := newDesk(t)
	a := d.account(7)
	if _, err := d.target.Connect(t.Context(), a, clicker{"103"}); err != nil {
		t.Fatal(err)
	}
	d.clock.add(2 * time.Hour)
	before := d.vault.saved
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := d.target.Administrations(t.Context(), a); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := d.vault.saved - before; got != 1 {
		t.Errorf("%d renewals", got)
	}
}
