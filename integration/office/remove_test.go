package office_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/office"
	"loonbrug/integration/target"
)

// shelf is a store of one account that says in which order things happened.
type shelf struct {
	office.Store
	said   *[]string
	refuse error
	kept   model.Credentials
}

func (*shelf) Rights(context.Context) (model.Rights, error) { return model.Rights{}, nil }

func (s *shelf) Account(_ context.Context, id int64) (model.Account, error) {
	return model.Account{ID: id, Target: "revoker"}, nil
}

func (s *shelf) Credentials(context.Context, int64) (model.Credentials, error) { return s.kept, nil }

func (s *shelf) RemoveAccount(context.Context, int64) error {
	*s.said = append(*s.said, "removed")
	if s.refuse == nil {
		s.kept = nil
	}
	return s.refuse
}

// revoker is a target that takes sign-ins back.
type revoker struct {
	target.Target
	said *[]string
	err  error
	hang bool
}

func (revoker) Describe() target.Description { return target.Description{ID: "revoker"} }

func (r revoker) Revoke(ctx context.Context, a target.Access) error {
	c, err := a.Vault.Credentials(ctx, a.Account.ID)
	if err != nil {
		return err
	}
	*r.said = append(*r.said, "revoked "+c["token"].Reveal())
	if err := a.Vault.SaveCredentials(ctx, a.Account.ID, model.Credentials{"token": "new"}); err != nil {
		return err
	}
	if _, limited := ctx.Deadline(); r.hang && limited {
		return context.DeadlineExceeded
	}
	return r.err
}

// silent is a target that keeps its sign-ins.
type silent struct{ target.Target }

func (silent) Describe() target.Description { return target.Description{ID: "revoker"} }

// The account is removed first, whatever becomes of its sign-in; one that stays
// keeps its sign-in.
func TestRemoveAccount_Revokes(t *testing.T) {
	inUse := model.NewProblem("account.in_use")
	for name, c := range map[string]struct {
		refuse error
		target func(said *[]string) target.Target
		want   []string
	}{
		"Removed":    {nil, func(s *[]string) target.Target { return revoker{said: s} }, []string{"removed", "revoked t"}},
		"InUse":      {inUse, func(s *[]string) target.Target { return revoker{said: s} }, []string{"removed"}},
		"Fails":      {nil, func(s *[]string) target.Target { return revoker{said: s, err: errors.New("offline")} }, []string{"removed", "revoked t"}},
		"Hangs":      {nil, func(s *[]string) target.Target { return revoker{said: s, hang: true} }, []string{"removed", "revoked t"}},
		"NoRevoking": {nil, func(*[]string) target.Target { return silent{} }, []string{"removed"}},
	} {
		t.Run(name, func(t *testing.T) {
			var said []string
			store := &shelf{said: &said, refuse: c.refuse, kept: model.Credentials{"token": "t"}}
			f := office.New(office.Options{
				Store: store, Targets: target.Registry{c.target(&said)}, Files: noFiles{}, Mailbox: noMailbox{},
				Open: noBrowser, Language: dutch, Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler),
			})
			if err := f.RemoveAccount(t.Context(), 1); !errors.Is(err, c.refuse) {
				t.Errorf("err %v", err)
			}
			if !slices.Equal(said, c.want) {
				t.Errorf("%v, want %v", said, c.want)
			}
			if c.refuse == nil && store.kept != nil {
				t.Error("something was stored again")
			}
		})
	}
}
