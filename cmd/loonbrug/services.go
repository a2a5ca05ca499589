package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/user"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
	"github.com/pkg/browser"
	"gopkg.in/natefinch/lumberjack.v2"

	"loonbrug/data/bell"
	"loonbrug/data/model"
	"loonbrug/data/paths"
	"loonbrug/data/secret"
	"loonbrug/data/settings"
	"loonbrug/data/shared"
	"loonbrug/data/store"
	"loonbrug/integration/cash"
	"loonbrug/integration/httpx"
	"loonbrug/integration/intake"
	"loonbrug/integration/office"
	"loonbrug/integration/payrollfile"
	"loonbrug/integration/practice"
	"loonbrug/integration/procountor"
	"loonbrug/integration/sender"
	"loonbrug/integration/target"
	"loonbrug/integration/update"
	"loonbrug/integration/vismanet"
	"loonbrug/ui/i18n"
)

// services are all that a command or the window works with.
type services struct {
	paths    paths.Paths
	settings settings.Settings                // as they were at the start
	payroll  atomic.Pointer[settings.Payroll] // as they are
	store    *store.Store
	office   *office.Office
	sender   *sender.Sender
	targets  target.Registry
	intake   *intake.Service // nil where payroll does not come in by itself
	lock     *flock.Flock
	inUse    *flock.Flock       // shared by all programs that have the data folder open
	key      *secret.Opened     // of the database
	user     string             // of the computer, or of the database that several computers share
	epoch    string             // file with the mark of the database
	at       *shared.Connection // to the office's database; nil where the data folder has its own file
	bell     *bell.Bell         // nil where the system reports no changes of files
	rung     chan struct{}      // holds a token when another program rang
	deaf     chan struct{}      // closed once nobody listens to the bell any more
	others   sync.WaitGroup     // listens to other computers
	unplug   context.CancelFunc
	log      *slog.Logger
	logFile  io.Closer
	practice *practice.Systems              // nil outside practice mode
	leave    context.CancelFunc             // ends the practice systems
	books    *flock.Flock                   // held by the one program that serves them
	release  atomic.Pointer[update.Release] // a newer version, once one was found
}

// needs says what a command wants opened.
type needs struct {
	practice bool
	ask      secret.Ask
	waits    secret.Waits       // nil for a command, which prints that it waits
	at       *shared.Connection // of a sender that nobody sits at; nil is what the data folder has
	observe  func(model.Call)   // is told of every call to a target; may be nil
	logs     bool               // write the log to standard error too
}

// open opens the data folder and builds everything above it. The caller closes
// the services.
func open(ctx context.Context, sh *shell, n needs) (*services, error) {
	at, err := paths.Locate(sh.dataDir, n.practice)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(at.Folder, 0o700); err != nil {
		return nil, model.NewProblem("store.read_only", "path", at.Folder).Because(err)
	}
	s := &services{paths: at, lock: flock.New(at.Lock), inUse: flock.New(at.InUse)}
	s.openLog(n.logs)
	if err := s.enter(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.build(ctx, sh, n); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// openLog writes a rotating log in the data folder; with LOONBRUG_LOG=debug it
// tells more. It may go to standard error too, for whoever gathers logs there.
func (s *services) openLog(told bool) {
	level := slog.LevelInfo
	if os.Getenv("LOONBRUG_LOG") == "debug" {
		level = slog.LevelDebug
	}
	file := &lumberjack.Logger{Filename: s.paths.Log, MaxSize: 10, MaxBackups: 10}
	s.logFile = file
	var to slog.Handler = slog.NewJSONHandler(file, &slog.HandlerOptions{Level: level})
	if told {
		to = slog.NewMultiHandler(to, slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	}
	s.log = slog.New(to)
}

func (s *services) build(ctx context.Context, sh *shell, n needs) (err error) {
	if n.waits == nil {
		n.waits = sh.waits
	}
	if err := s.openStore(ctx, n); err != nil {
		return err
	}
	debug.FreeOSMemory() // a passphrase takes hundreds of MB for a second
	if s.key.Lost {
		if err := s.signInAgain(ctx); err != nil {
			return err
		}
	}
	if s.settings, err = settings.Load(ctx, s.store); err != nil {
		return err
	}
	s.payroll.Store(&s.settings.Payroll)
	if s.settings.Language != "" {
		sh.language = s.settings.Language
	}
	if err := i18n.SetLanguage(sh.language); err != nil {
		return err
	}
	var at addresses
	timing := sender.Timing{
		Lease: s.settings.Timing.Lease, Deadline: s.settings.Timing.SendDeadline,
		Request: s.settings.Timing.RequestTimeout, Settle: s.settings.Timing.Settle, Sweep: sender.DefaultTiming().Sweep,
	}
	if n.practice {
		if err := s.startPractice(ctx); err != nil {
			return err
		}
		at, timing = practiceAddresses(s.practice), sender.PracticeTiming()
	}
	s.targets = wire(at, timing.Request, s.store.Now, s.log)
	o := sender.Options{Timing: timing, Observe: n.observe, Now: s.store.Now, Log: s.log}
	if !n.practice {
		o.Settle = s.settings.Settle
	}
	s.hangBell(&o)
	if s.sender, err = sender.New(s.store, s.targets, o); err != nil {
		return err
	}
	s.listen()
	s.office = office.New(office.Options{
		Store: s.store, Targets: s.targets, Systems: wirePayroll(at, timing.Request, s.log), Files: payrollfile.New().Remembering(s.store.Layouts), Mailbox: mailbox{s.sender, s.lock},
		Open: s.openSystem, Language: i18n.Language, Quiet: s.quiet, Samples: n.practice, Log: s.log,
		KeepTexts: func() bool { return s.payroll.Load().KeepTexts },
		User:      s.user, Epoch: s.epoch, Now: s.store.Now,
	})
	return nil
}

// openStore opens the database that the data folder works with: the one that the
// computers of the office share, or its own file.
func (s *services) openStore(ctx context.Context, n needs) (err error) {
	at, err := s.connection(ctx, n)
	if err != nil {
		return err
	}
	if at != nil {
		s.at = at
		s.key, s.epoch = at.Key, filepath.Join(s.paths.Folder, sharedEpoch)
		if s.user, err = store.UserOf(at.Address.Reveal()); err != nil {
			return err
		}
		s.store, err = at.Open(ctx, store.As(s.user+" ("+workplace()+")"))
		return err
	}
	s.user, s.epoch = userName(), s.paths.Epoch
	if s.key, err = secret.Open(ctx, secret.Options{Folder: s.paths.Folder, Practice: n.practice, Ask: n.ask, Waits: n.waits}); err != nil {
		return err
	}
	s.store, err = openOwn(ctx, s.paths, s.key, store.As(s.user))
	return err
}

// deafLook is how often a sender looks that no other program can wake.
const deafLook = 5 * time.Second

// hangBell lets the sender ring for other programs of the data folder. Without a
// bell it looks more often.
func (s *services) hangBell(o *sender.Options) {
	b, err := bell.Open(s.paths.Wake)
	if err != nil {
		s.log.Warn("no bell", "error", err)
		o.Look = deafLook
		return
	}
	s.bell = b
	o.Ring = func() {
		if err := b.Ring(); err != nil {
			s.log.Warn("ring", "error", err)
		}
	}
}

// listen passes on what other programs ring: to the sender, and to whoever waits
// to become the one that sends.
func (s *services) listen() {
	s.rung, s.deaf = make(chan struct{}, 1), make(chan struct{})
	ctx, stop := context.WithCancel(context.Background())
	s.unplug = stop
	s.others.Go(func() { s.store.Listen(ctx, s.hear) })
	var rings <-chan struct{}
	if s.bell != nil {
		rings = s.bell.Rings()
	}
	go func() {
		defer close(s.deaf)
		for {
			select {
			case <-rings:
				s.hear()
			case <-ctx.Done():
				return
			}
		}
	}()
}

// hear passes on that another program wrote.
func (s *services) hear() {
	s.sender.Hear()
	select {
	case s.rung <- struct{}{}:
	default:
	}
}

// signInAgain turns every account grey after the key of its credentials was
// lost; nothing else is.
func (s *services) signInAgain(ctx context.Context) error {
	s.log.Warn("the key of the data folder was lost")
	accounts, err := s.store.Accounts(ctx)
	for _, a := range accounts {
		a.State = model.AccountExpired
		a.Problem = model.NewProblem("secret.key_lost", "what", "credentials", "id", strconv.FormatInt(a.ID, 10)).With(model.ActionSignIn)
		err = errors.Join(err, s.store.SaveAccount(ctx, &a))
	}
	return err
}

// startPractice serves the practice systems for as long as the services live;
// an interrupted command must still be able to end its requests.
func (s *services) startPractice(ctx context.Context) (err error) {
	s.books = flock.New(filepath.Join(s.paths.Folder, "practice.lock"))
	if alone, err := s.books.TryLock(); err != nil || !alone {
		// Two programs would write over each other's books.
		return model.NewProblem("practice.running", "folder", s.paths.Folder).Because(err)
	}
	ctx, s.leave = context.WithCancel(context.WithoutCancel(ctx))
	s.practice, err = practice.Start(ctx, practice.Options{
		Dir: filepath.Join(s.paths.Folder, "books"), Log: s.log, NoThrottle: true,
	})
	return err
}

// Close ends everything that was opened; what is not open is passed over.
func (s *services) Close() error {
	var errs []error
	if s.practice != nil {
		s.leave()
		errs = append(errs, s.practice.Wait())
	}
	if s.books != nil {
		errs = append(errs, s.books.Unlock())
	}
	if s.unplug != nil {
		s.unplug()
		<-s.deaf
		s.others.Wait()
	}
	errs = append(errs, s.lock.Unlock())
	if s.bell != nil {
		errs = append(errs, s.bell.Close()) // after the lock, which others wait for
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	return errors.Join(append(errs, s.inUse.Unlock(), s.logFile.Close())...)
}

// addresses are where the systems are; empty ones are the real ones.
type addresses struct {
	cash, cashWSDL, vismaIdentity, vismaAPI, procountor, nmbrs string
	vismaClientID                                              string
	loopbackOnly                                               bool
}

// wire makes the accounting systems. A new one is one line here.
func wire(at addresses, timeout time.Duration, now func() time.Time, log *slog.Logger) target.Registry {
	client := httpx.New(httpx.Options{Timeout: timeout, UserAgent: "Loonbrug/" + version, Log: log, Now: now, LoopbackOnly: at.loopbackOnly})
	pace := 0 // what CASH allows
	if at.loopbackOnly {
		pace = -1 // a practice office books more in a minute than a real one in a month
	}
	return target.Registry{
		cash.New(cash.Config{Address: at.cash, WSDL: at.cashWSDL, HTTP: client, PerMinute: pace}),
		vismanet.New(vismanet.Config{Identity: at.vismaIdentity, API: at.vismaAPI, ClientID: at.vismaClientID, HTTP: client, Clock: now}),
		procountor.New(procountor.Config{Address: at.procountor, HTTP: client, Clock: now}),
	}
}

// openSystem shows a page of a system that the office works with.
func (s *services) openSystem(address string) error {
	hosts, err := s.hosts(context.Background())
	if err != nil {
		return err
	}
	return s.openBrowser(address, hosts)
}

// openBrowser shows an address of one of some hosts in the system's browser.
func (s *services) openBrowser(address string, hosts []string) error {
	if err := openable(address, hosts, s.practice != nil); err != nil {
		return err
	}
	return browser.OpenURL(address)
}

// userName is what the operating system calls the user, for the history of what
// people decided; empty where it does not tell.
func userName() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return cmp.Or(u.Username, u.Name)
}
