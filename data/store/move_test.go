package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/data/secret"
	"loonbrug/data/store"
	"loonbrug/data/store/postgrestest"
	"loonbrug/data/store/storetest"
)

// TestMove carries an office to a server and back, after which both ends are as the
// beginning was.
func TestMove(t *testing.T) {
	b := on(t, false)
	b.addMapping()
	for range 3 {
		b.queue()
	}
	if d, ok := b.claim(noon); !ok {
		t.Fatalf("nothing to claim: %+v", d)
	}
	if err := b.SaveCredentials(t.Context(), b.account.ID, model.Credentials{"password": "geheim"}); err != nil {
		t.Fatal(err)
	}
	if err := b.SaveSetting(t.Context(), "language", "nl"); err != nil {
		t.Fatal(err)
	}
	before := b.verify()
	address, file := postgrestest.New(t), filepath.Join(t.TempDir(), "back.db")
	there := storetest.OpenedAt(t, address, b.sealer, store.Blank())
	own := b.open(store.Leaving())
	first, err := store.Move(t.Context(), own, there)
	if err != nil {
		t.Fatal(err)
	}
	if n := slices.IndexFunc(first, func(c store.Carried) bool { return c.Table == "delivery" }); first[n].Rows != 3 {
		t.Errorf("%+v", first[n])
	}
	_, err = store.Open(t.Context(), b.path, b.sealer)
	wantProblem(t, err, "store.moved")

	if err := there.Close(); err != nil {
		t.Fatal(err)
	}
	there = storetest.OpenedAt(t, address, b.sealer, store.Leaving())

	back := storetest.OpenedAt(t, file, b.sealer, store.Blank())
	second, err := store.Move(t.Context(), there, back)
	if err != nil {
		t.Fatal(err)
	}
	same(t, second, first)
	if again, err := store.Move(t.Context(), there, back); err != nil || again != nil {
		t.Errorf("moved twice: %v, %v", again, err)
	}
	after, err := back.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	same(t, after, before)
	wantProblem(t, there.SaveSetting(t.Context(), "late", "write"), "store.moved") // by somebody who has it open still
	_, err = store.OpenShared(t.Context(), address, b.sealer)
	wantProblem(t, err, "store.moved")

	// Ids go on where they were.
	c := model.Company{Source: "file", SourceID: "2", Name: "Nieuw"}
	if err := back.SaveCompany(t.Context(), &c); err != nil || c.ID != b.company.ID+1 {
		t.Errorf("the next company is %d: %v", c.ID, err)
	}
	if got, err := back.Credentials(t.Context(), b.account.ID); err != nil || got["password"] != "geheim" {
		t.Errorf("%v %v", got, err)
	}
}

// TestMove_EveryTable: a table that a migration adds is moved too.
func TestMove_EveryTable(t *testing.T) {
	for name, s := range map[string]*store.Store{"file": on(t, false).Store, "server": on(t, true).Store} {
		want := append(slices.Clone(store.Tables), "shared", "goose_db_version")
		got := s.TableNames(t)
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: tables %v, moved %v", name, got, want)
		}
	}
}

// TestMove_NotInto: a database that holds something is left alone, and one in which
// a move broke off is not opened.
func TestMove_NotInto(t *testing.T) {
	b := on(t, true)
	_, err := store.OpenShared(t.Context(), b.path, b.sealer, store.Blank())
	wantProblem(t, err, "store.not_empty")
	if err := b.Exec(`INSERT INTO shared (name, value) VALUES ('moving', 'elsewhere')`); err != nil {
		t.Fatal(err)
	}
	_, err = store.OpenShared(t.Context(), b.path, b.sealer)
	wantProblem(t, err, "store.move_unfinished")
}

// TestMove_Ends: a move that broke off after its last word is ended by the next.
func TestMove_Ends(t *testing.T) {
	b := on(t, false)
	b.queue()
	address := postgrestest.New(t)
	there := storetest.OpenedAt(t, address, b.sealer, store.Blank())
	if _, err := store.Move(t.Context(), b.Store, there); err != nil {
		t.Fatal(err)
	}
	if err := there.Exec(`INSERT INTO shared (name, value) VALUES ('moving', $1)`, b.path); err != nil {
		t.Fatal(err)
	}
	_, err := store.OpenShared(t.Context(), address, b.sealer)
	wantProblem(t, err, "store.move_unfinished")
	if _, err := store.Move(t.Context(), b.open(store.Leaving()), storetest.OpenedAt(t, address, b.sealer, store.Blank())); err != nil {
		t.Fatal(err)
	}
	storetest.OpenedAt(t, address, b.sealer)
}

// TestUnused: a database that another program has open is not left.
func TestUnused(t *testing.T) {
	b := on(t, true)
	if err := b.Unused(t.Context()); err != nil {
		t.Error(err)
	}
	other := b.open()
	wantProblem(t, b.Unused(t.Context()), "store.in_use")
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestMove_Differs: what does not come out as it went in is undone.
func TestMove_Differs(t *testing.T) {
	b := on(t, false)
	b.queue()
	there := storetest.OpenedAt(t, postgrestest.New(t), b.sealer, store.Blank())
	if err := there.Exec(`
		CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.reference := 'x'; RETURN NEW; END $$;
		CREATE TRIGGER spoil BEFORE INSERT ON delivery FOR EACH ROW EXECUTE FUNCTION spoil()`); err != nil {
		t.Fatal(err)
	}
	_, err := store.Move(t.Context(), b.Store, there)
	wantProblem(t, err, "store.move_differs")
	if n := there.Text(t, false, `SELECT COUNT(*) FROM delivery`, 0); n[0] != "0" {
		t.Errorf("%s deliveries stayed", n[0])
	}
	b.queue() // it is as it was
}

// TestOfficeKey: the first computer gives the database its key, and all others must
// have the same.
func TestOfficeKey(t *testing.T) {
	address, sealer := postgrestest.New(t), secret.NewSealer(secret.NewKey())
	if _, err := store.OfficeKeyOf(t.Context(), address); !errors.Is(err, model.ErrNotFound) {
		t.Fatal(err)
	}
	_, err := store.OpenShared(t.Context(), address, sealer, store.Keyed(store.OfficeKey{Fingerprint: "f1"}))
	wantProblem(t, err, "store.other_key")
	mine := store.OfficeKey{Fingerprint: "f1", Locked: []byte("locked")}
	storetest.OpenedAt(t, address, sealer, store.Keyed(mine))
	got, err := store.OfficeKeyOf(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, mine)
	storetest.OpenedAt(t, address, sealer, store.Keyed(store.OfficeKey{Fingerprint: "f1"}))
	_, err = store.OpenShared(t.Context(), address, sealer, store.Keyed(store.OfficeKey{Fingerprint: "f2", Locked: []byte("other")}))
	wantProblem(t, err, "store.other_key")
}

// TestOnly: of all programs one at a time is in, and one whose connection breaks is
// out.
func TestOnly(t *testing.T) {
	b := on(t, true)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute) // where the lock does not hold, something waits for ever
	defer stop()
	var inside sync.Mutex
	var work sync.WaitGroup
	for range 4 {
		s := b.open()
		work.Go(func() {
			if err := s.Only(ctx, "token 1", func(context.Context) error {
				if !inside.TryLock() {
					t.Error("two are in")
					return nil
				}
				defer inside.Unlock()
				return s.SaveSetting(ctx, "a", "b")
			}); err != nil {
				t.Error(err)
			}
		})
	}
	work.Wait()
	if err := b.Only(ctx, "token 1", func(held context.Context) error {
		if err := b.Exec(`SELECT pg_terminate_backend(pid) FROM pg_locks
			WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`); err != nil {
			return err
		}
		<-held.Done()
		return ctx.Err()
	}); err != nil {
		t.Error(err)
	}
	if err := b.Only(ctx, "token 1", func(ctx context.Context) error {
		return b.Only(ctx, "token 2", func(context.Context) error { return nil })
	}); err != nil {
		t.Error("names keep each other out: ", err)
	}
}
