package office_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/office"
	"loonbrug/integration/target"
)

var noon = time.Date(2026, time.April, 1, 12, 0, 0, 0, time.UTC)

// accounts is a store of accounts alone.
type accounts struct {
	office.Store
	list []model.Account
}

func (accounts) Rights(context.Context) (model.Rights, error) { return model.Rights{}, nil }

func (a accounts) Accounts(context.Context) ([]model.Account, error) { return a.list, nil }

// ending is a target whose sign-ins end at a time.
type ending struct {
	target.Target
	at  time.Time
	err error
}

func (ending) Describe() target.Description { return target.Description{ID: "ending"} }

func (e ending) SignInEnds(context.Context, target.Access) (time.Time, error) { return e.at, e.err }

// lasting is a target whose sign-ins do not end.
type lasting struct{ target.Target }

func (lasting) Describe() target.Description { return target.Description{ID: "lasting"} }

// What an office must have, and the list of accounts does not use.
type (
	noFiles   struct{ office.Files }
	noMailbox struct{ office.Mailbox }
)

func noBrowser(string) error { return errors.New("no browser") }
func dutch() string          { return "nl" }

// Fourteen days before the end of a sign-in the account says so, and not
// before; an account that is not signed in has a problem of its own.
func TestAccounts_SignInEnds(t *testing.T) {
	day := 24 * time.Hour
	for name, tt := range map[string]struct {
		ends  time.Time
		err   error
		id    string
		state model.AccountState
		want  string
	}{
		"InTime":       {noon.Add(14*day + time.Second), nil, "ending", model.AccountAuthorised, ""},
		"Soon":         {noon.Add(14 * day), nil, "ending", model.AccountAuthorised, "2026-04-15"},
		"Over":         {noon.Add(-day), nil, "ending", model.AccountAuthorised, "2026-03-31"},
		"NotKnown":     {time.Time{}, nil, "ending", model.AccountAuthorised, ""},
		"NotReadable":  {time.Time{}, errors.New("disk"), "ending", model.AccountAuthorised, ""},
		"Expired":      {noon, nil, "ending", model.AccountExpired, ""},
		"Lasting":      {noon, nil, "lasting", model.AccountAuthorised, ""},
		"UnknownToday": {noon, nil, "nonsense", model.AccountAuthorised, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := office.New(office.Options{
				Store:   accounts{list: []model.Account{{ID: 1, Target: tt.id, Name: "De Halm", State: tt.state}}},
				Targets: target.Registry{ending{at: tt.ends, err: tt.err}, lasting{}},
				Files:   noFiles{}, Mailbox: noMailbox{}, Open: noBrowser, Language: dutch,
				Now: func() time.Time { return noon },
				Log: slog.New(slog.DiscardHandler),
			})
			got, err := f.Accounts(t.Context())
			if err != nil || len(got) != 1 {
				t.Fatalf("%+v, %v", got, err)
			}
			p := got[0].Problem
			switch {
			case tt.want == "" && p != nil:
				t.Errorf("problem %v", p)
			case tt.want != "" && (p == nil || p.Code != "account.sign_in_ends" || p.Params["date"] != tt.want ||
				p.Params["account"] != "De Halm" || p.Action != model.ActionSignIn):
				t.Errorf("problem %v, want the end at %s", p, tt.want)
			}
		})
	}
}
