package main

import (
	"context"
	"slices"

	"loonbrug/data/model"
	"loonbrug/data/paths"
	"loonbrug/data/secret"
	"loonbrug/data/shared"
	"loonbrug/integration/explain"
	"loonbrug/ui/connection"
	"loonbrug/ui/i18n"
)

// joiner is the way between this window and the database of an office. It needs no
// office to be open.
type joiner struct{ desk *desk }

// Connection implements connection.Keeper.
func (j joiner) Connection(ctx context.Context) (connection.State, error) {
	at, err := paths.Locate(j.desk.sh.dataDir, false)
	if err != nil {
		return connection.State{}, err
	}
	connected, err := shared.Connected(at.Folder)
	if err != nil {
		return connection.State{}, err
	}
	if !connected {
		own, err := hasAccounts(ctx, j.desk.sh)
		return connection.State{Own: own && j.desk.services != nil}, err
	}
	if s := j.desk.services; s != nil {
		return connection.State{Place: s.store.Place()}, nil
	}
	return connection.State{}, nil // it does not open, so another place is wanted
}

// Test implements connection.Keeper.
func (j joiner) Test(ctx context.Context, address model.Secret) (used bool, err error) {
	return joint{address: address}.test(ctx)
}

// Unlock implements connection.Keeper.
func (j joiner) Unlock(ctx context.Context, address, passphrase model.Secret) error {
	_, err := shared.Unattended(ctx, address, passphrase)
	return err
}

// Join implements connection.Keeper.
func (j joiner) Join(address, passphrase model.Secret, move bool) {
	var key *secret.Opened
	if s := j.desk.services; s != nil && move {
		key = s.key
	}
	j.work(func(ctx context.Context, o joint) error {
		o.address, o.passphrase = address, passphrase
		if err := o.connect(ctx, key); err != nil {
			return err
		}
		j.desk.known = passphrase
		return nil
	})
}

// Return implements connection.Keeper.
func (j joiner) Return() {
	from := *j.desk.services.at
	j.work(func(ctx context.Context, o joint) error {
		_, err := o.bringBack(ctx, from)
		return err
	})
}

// Leave implements connection.Keeper.
func (j joiner) Leave() {
	j.work(func(_ context.Context, o joint) error { return o.leave() })
}

// work does something while the office is closed.
func (j joiner) work(do func(ctx context.Context, o joint) error) {
	d := j.desk
	d.reopenAfter(i18n.T("connection.working"), func(ctx context.Context) error {
		at, err := d.sh.folder()
		if err != nil {
			return err
		}
		return do(ctx, joint{at: at, waits: d.waits})
	})
}

// showConnection asks for another database where the one of the data folder does not
// open, or for none.
func (d *desk) showConnection() {
	connection.Show(d.ctx, connection.Deps{
		Window: d.window, Runner: d.runner, Keeper: joiner{d}, Explain: func(p *model.Problem) explain.Page { return d.pageOf(p) },
	})
}

// aboutShared tells whether an error is about the database of an office, which may
// be there again in a moment, or is another one now.
func aboutShared(err error) bool {
	return slices.Contains([]string{
		"store.away", "store.no_access", "store.moved", "store.move_unfinished", "store.other_key", "store.no_tls", "store.certificate", "store.unsafe", "store.server",
		"shared.key_lost",
	}, model.ProblemOf(err).Code)
}
