package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"loonbrug/data/model"
	"loonbrug/data/secret"
	"loonbrug/data/store"
	"loonbrug/data/store/postgrestest"
)

// TestShared_Refused: what is not safe, or cannot be reached, is named, and never
// with the password.
func TestShared_Refused(t *testing.T) {
	const password = "geheim-7731"
	careless := postgrestest.New(t)
	s, err := store.OpenShared(t.Context(), careless, secret.NewSealer(secret.NewKey()))
	if err != nil {
		t.Fatal(err)
	}
	name := careless[strings.LastIndex(careless, "/")+1:]
	if err := errors.Join(s.Exec("ALTER DATABASE "+name+" SET synchronous_commit = off"), s.Close()); err != nil {
		t.Fatal(err)
	}
	server := strings.TrimSuffix(careless, name)
	for address, want := range map[string]string{
		"postgres://a:" + password + "@server:many/loon":                                  "store.address",
		"postgres://a:" + password + "@192.0.2.1/loon?sslmode=disable":                    "store.no_tls",
		"postgres://a:" + password + "@192.0.2.1/loon?sslmode=prefer":                     "store.no_tls",
		"postgres://a:" + password + "@192.0.2.1/loon?sslmode=require":                    "store.no_tls",
		"host=127.0.0.1,192.0.2.1 dbname=loon sslmode=disable password=" + password:       "store.no_tls",
		"postgres://a:" + password + "@127.0.0.1:1/loon":                                  "store.away",
		"postgres://a:" + password + "@" + unencrypted(t) + "/loon?sslmode=verify-full":   "store.no_tls",
		strings.Replace(server, "@", ":"+password+"@", 1) + "nowhere":                     "store.no_access",
		strings.Replace(server, "loonbrug@", "stranger:"+password+"@", 1) + "nowhere":     "store.no_access",
		strings.Replace(careless, "@", ":"+password+"@", 1) + "?application_name=reports": "store.unsafe",
	} {
		_, err := store.OpenShared(t.Context(), address, secret.NewSealer(secret.NewKey()))
		if p := model.ProblemOf(err); p == nil || p.Code != want {
			t.Errorf("%s: %v, want %s", address, err, want)
		}
		if strings.Contains(fmt.Sprint(err, model.ProblemOf(err).Params), password) {
			t.Errorf("%s: the password is told", want)
		}
	}
}

// unencrypted is a server that is asked for TLS and has none.
func unencrypted(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if _, err := io.ReadFull(c, make([]byte, 8)); err == nil {
				_, _ = c.Write([]byte("N")) // who hung up is not served
			}
			_ = c.Close()
		}
	}()
	return l.Addr().String()
}

// TestShared_TLS: a server that shows its certificate is used over TLS, and one whose
// certificate is not for its address, or not trusted, is not. That a connection broke
// is no error of who leaves.
func TestShared_TLS(t *testing.T) {
	plain := postgrestest.New(t)
	address := postgrestest.Secured(t, plain)
	s, err := store.OpenShared(t.Context(), address, secret.NewSealer(secret.NewKey()))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SaveSetting(t.Context(), "a", "b"); err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{strings.Replace(address, "127.0.0.1", "localhost", 1), plain + "?sslmode=verify-full"} {
		_, err := store.OpenShared(t.Context(), other, secret.NewSealer(secret.NewKey()))
		if p := model.ProblemOf(err); p == nil || p.Code != "store.certificate" {
			t.Errorf("%s: %v", other, err)
		}
	}
	postgrestest.Restart(t)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestShared_ServerCrashes: what was written is there after a crash, and the store
// works on by itself; until then it says that the server is away.
func TestShared_ServerCrashes(t *testing.T) {
	b := on(t, true)
	d := b.queue()
	postgrestest.Restart(t)
	again := func(do func() error) {
		err := do()
		for over := time.Now().Add(time.Minute); err != nil && time.Now().Before(over); err = do() {
			if p := model.ProblemOf(err); p.Code != "store.away" {
				t.Fatal(err)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	again(func() error { return b.SaveSetting(t.Context(), "a", "b") })
	again(func() error {
		got, err := b.Delivery(t.Context(), d.ID)
		if err == nil {
			same(t, got, d)
		}
		return err
	})
}

// TestShared_Silent: a server that goes silent is told to be away. All that is asked
// for right after that is told at once: a screen asks for many things. When it can
// be reached again it is used again.
func TestShared_Silent(t *testing.T) {
	b := on(t, true)
	cable := postgrestest.NewCable(t, b.path)
	s, err := store.OpenShared(t.Context(), cable.Address, b.sealer)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	heard := make(chan struct{}, 100)
	go s.Listen(t.Context(), func() { heard <- struct{}{} })
	<-heard
	cable.Cut(true)
	for range 500 { // one after another: each by itself would wait
		if _, err := s.Companies(t.Context()); model.ProblemOf(err).Code != "store.away" {
			t.Fatal(err)
		}
	}
	cable.Cut(false)
	<-heard // that it broke
	<-heard // that it is there again
	if _, err := s.Companies(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestShared_LeasesStay: a sender that begins does not take what another one has.
func TestShared_LeasesStay(t *testing.T) {
	b := on(t, true)
	b.queue()
	other := b.open()
	claim := model.Claim{Now: b.Now(), Lease: time.Minute}
	if _, ok, err := b.Claim(t.Context(), claim); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if err := other.FreeLeases(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d, ok, err := other.Claim(t.Context(), claim); ok || err != nil {
		t.Errorf("claimed twice: %+v, %v", d, err)
	}
}

// TestShared_Listens: what one program writes another one hears of, after a crash of
// the server too, and nobody hears himself.
func TestShared_Listens(t *testing.T) {
	b := on(t, true)
	other := b.open()
	heard := make(chan struct{}, 100)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		other.Listen(ctx, func() { heard <- struct{}{} })
		close(ended)
	}()
	<-heard // it listens
	b.addCompany("2")
	<-heard
	if err := other.SaveSetting(t.Context(), "a", "b"); err != nil {
		t.Fatal(err)
	}
	postgrestest.Restart(t)
	<-heard // the connection broke
	<-heard // it listens again
	if len(heard) > 0 {
		t.Error("it heard itself")
	}
	stop()
	<-ended
}

// TestShared_NothingWritten: nobody hears of a claim that found nothing. It would
// have the others look too, and those again others.
func TestShared_NothingWritten(t *testing.T) {
	b := on(t, true)
	c, err := pgx.Connect(t.Context(), b.path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	heard := func() (n int) {
		if _, err := c.Exec(t.Context(), `LISTEN loonbrug`); err != nil { // the answer comes after all that was said
			t.Fatal(err)
		}
		none, stop := context.WithCancel(t.Context())
		stop()
		for {
			if _, err := c.WaitForNotification(none); err != nil {
				return n
			}
			n++
		}
	}
	heard()
	b.addCompany("2")
	if n := heard(); n != 1 {
		t.Errorf("a company was announced %d times", n)
	}
	if _, ok, err := b.Claim(t.Context(), model.Claim{Now: b.Now(), Lease: time.Minute}); ok || err != nil {
		t.Fatal(ok, err)
	}
	if n := heard(); n != 0 {
		t.Errorf("nothing was announced %d times", n)
	}
}

// TestShared_Clock: the server's time is known before anything is written, so that
// the first claim of a computer whose clock is wrong goes by it too.
func TestShared_Clock(t *testing.T) {
	b := on(t, true)
	if other := b.open(); other.Ahead() == 0 {
		t.Error("the time of the server was not asked for")
	}
}

// TestShared_Writes: the history is one chain, and its numbers are given once,
// however many write.
func TestShared_Writes(t *testing.T) {
	b := on(t, true)
	const writers, each = 4, 25
	ended := make(chan error, writers)
	before := b.verify().Rows
	for range writers {
		s, d := b.open(), b.queue()
		go func() {
			var err error
			for n := 0; err == nil && n < each; n++ {
				err = s.Apply(t.Context(), d, d, model.Attempt{At: noon, Event: "not_checked"}, nil)
			}
			ended <- err
		}()
	}
	for range writers {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	if v := b.verify(); len(v.Breaches) != 0 || v.Rows < before+writers*each {
		t.Errorf("%+v", v)
	}
}

// TestShared_GivenUp: a connection that its caller gave up says nothing of the server,
// one that took too long does.
func TestShared_GivenUp(t *testing.T) {
	b := on(t, true)
	gone, stop := context.WithCancel(t.Context())
	stop()
	if b.DialThen(gone) {
		t.Error("a caller that went counts as a lost server")
	}
	late, stop := context.WithDeadline(t.Context(), time.Now())
	defer stop()
	if !b.DialThen(late) {
		t.Error("a server that was not reached in time does not count as lost")
	}
}
