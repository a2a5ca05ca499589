package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"loonbrug/data/model"
	"loonbrug/integration/metrics"
)

// serviceFlags are how the sender runs on a server.
type serviceFlags struct {
	wait, logs          bool
	listen, credentials string
}

func (s *serviceFlags) register(f *flag.FlagSet) {
	f.BoolVar(&s.wait, "wait", false, "wait until no other program sends")
	f.BoolVar(&s.logs, "log-json", false, "write the log as JSON to standard error too")
	f.StringVar(&s.listen, "listen", "", "serve /metrics, /livez and /readyz at this address, such as 127.0.0.1:9464")
	f.StringVar(&s.credentials, "credentials", os.Getenv(credentialsVariable),
		"folder with the files database (the address) and passphrase, which only their owner may read")
}

// senderCommand is the background sender without a window. With --wait it takes
// over when the program ends that sends now.
func senderCommand(ctx context.Context, sh *shell, args []string) error {
	flags := sh.flags("sender")
	var as serviceFlags
	as.register(flags)
	if err := parse(flags, args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		flags.Usage()
		return errUsage
	}
	return sh.watchCrashes(func() error {
		at, err := unattended(ctx, as.credentials)
		if err != nil {
			return err
		}
		var m *metrics.Metrics
		s, err := open(ctx, sh, needs{ask: askPassphrase, at: at, observe: func(c model.Call) { m.Observe(c) }, logs: as.logs})
		if err != nil {
			return err
		}
		m = metrics.New(s.store, s.sender.Status, s.store.Now)
		s.letPayrollIn(sh)
		return errors.Join(s.serve(ctx, sh, as, m), s.Close())
	})
}

// serve sends until ctx ends, and answers those who look after it meanwhile.
func (s *services) serve(ctx context.Context, sh *shell, as serviceFlags, m *metrics.Metrics) error {
	if as.listen != "" {
		l, err := net.Listen("tcp", as.listen)
		if err != nil {
			return model.NewProblem("sender.listen", "address", as.listen).Because(err)
		}
		server := &http.Server{Handler: m.Handler(), ReadHeaderTimeout: 10 * time.Second}
		served := make(chan error, 1)
		go func() { served <- server.Serve(l) }()
		defer func() {
			_ = server.Close() // whoever asks gets no answer, as after the end
			<-served
		}()
		fmt.Fprintln(sh.err, "loonbrug: figures at", "http://"+l.Addr().String()+"/metrics")
	}
	return s.sendAlone(ctx, sh, as.wait, notifier{log: s.log, alive: m.Alive})
}

// notifier tells systemd, where it started the program, how the sender is
// (sd_notify(3)); elsewhere it does nothing.
type notifier struct {
	log   *slog.Logger
	alive func() error
}

func (n notifier) say(state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		n.log.Warn("tell systemd", "state", state, "error", err)
	}
}

// watch tells systemd again and again that the sender runs, as long as it does and
// systemd wants to know. Without that it starts the program anew.
func (n notifier) watch(ctx context.Context) {
	every, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		n.log.Warn("ask systemd", "error", err)
	}
	if every == 0 {
		return
	}
	tick := time.NewTicker(every / 2)
	defer tick.Stop()
	for {
		if n.alive() == nil {
			n.say(daemon.SdNotifyWatchdog)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// sendAlone sends until ctx ends, and says when it begins and ends.
func (s *services) sendAlone(ctx context.Context, sh *shell, wait bool, systemd notifier) error {
	say := func(what string) {
		fmt.Fprintln(sh.err, "loonbrug: "+what, s.place())
		s.log.Info(what, "place", s.place())
	}
	changes, end := s.sender.Subscribe()
	defer end()
	owner, ended, err := s.send(ctx)
	if err != nil {
		return err
	}
	if !owner {
		if !wait {
			return model.NewProblem("sender.elsewhere", "folder", s.paths.Folder)
		}
		say("waiting to send from")
		if ended, err = s.sendWhenFree(ctx); err != nil {
			return err
		}
	}
	go systemd.watch(ctx)
	defer systemd.say(daemon.SdNotifyStopping)
	sends := false
	for {
		if alive, _, _ := s.sender.Status(); alive && !sends {
			sends = true
			say("sending from")
			systemd.say(daemon.SdNotifyReady)
		}
		select {
		case <-changes:
		case err := <-ended:
			say("ended sending from")
			return err
		}
	}
}

// place is what is sent from: the data folder, or the database of the office.
func (s *services) place() string {
	if s.store.Shared() {
		return s.store.Place()
	}
	return s.paths.Folder
}
