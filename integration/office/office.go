package office

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/source"
	"loonbrug/integration/target"
)

// Mailbox is the sender as the office uses it.
type Mailbox interface {
	Wake()
	Resume(ctx context.Context, accountID int64) error
	Withdraw(ctx context.Context, deliveryID int64) error
	LookAgain(ctx context.Context, deliveryID int64) error
	SendAgain(ctx context.Context, deliveryID int64, by model.Decision) error
	TakeBack(ctx context.Context, deliveryID int64, by model.Decision) error
	Keep(ctx context.Context, deliveryID int64, journal int, by model.Decision) error
	GiveUp(ctx context.Context, deliveryID int64, by model.Decision) error
	Invalidate(ctx context.Context, deliveryID int64, by model.Decision) error
	// Sweep looks for what is too many under the key of a delivery that is over.
	Sweep(ctx context.Context, deliveryID int64) error
	SettleBooked(ctx context.Context, deliveryID int64, number string, by model.Decision) error
	Pause(ctx context.Context) error
	Continue(ctx context.Context) error
	Status() (alive bool, working int, fault error)
	Subscribe() (changes <-chan struct{}, end func())
}

// Files reads payroll files.
type Files interface {
	ReadAll(ctx context.Context, name string, in io.Reader) (*source.File, error)
	// ReadBare is ReadAll that takes lines without a ledger account too.
	ReadBare(ctx context.Context, name string, in io.Reader) (*source.File, error)
}

// Options are what an office is made of. All but User, Epoch, Now and Log must
// be given.
type Options struct {
	Store     Store
	Targets   target.Registry
	Systems   []source.System // payroll systems; may be none
	Files     Files
	Mailbox   Mailbox
	Open      func(address string) error // shows an address in the system's browser, and may last as long as that
	Language  func() string              // two letters of the program's language
	Quiet     func(time.Time) bool       // hours in which nothing is sent by itself; may be nil
	KeepTexts func() bool                // keep texts of lines that may be of a person; may be nil
	User      string                     // the operating system's name of the user, for the history
	Epoch     string                     // file beside the database that tells whether an older copy was put back
	Samples   bool                       // the runs are old samples, as in practice: a new mapping starts with all of them
	Now       func() time.Time
	Log       *slog.Logger
}

// Office is the rules of the program, behind every screen and command.
type Office struct {
	o Options

	mu      sync.Mutex
	signIns map[int64]string // address of the sign-in under way, by account
	changes map[chan struct{}]struct{}
}

// New makes an office; a part that is missing is a mistake of the caller and
// panics.
func New(o Options) *Office {
	if o.Store == nil || len(o.Targets) == 0 || o.Files == nil || o.Mailbox == nil || o.Open == nil || o.Language == nil {
		panic("office: a part is missing")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Office{o: o, signIns: make(map[int64]string), changes: make(map[chan struct{}]struct{})}
}

// Targets are the descriptions of all accounting systems, in their order.
func (f *Office) Targets() []target.Description {
	all := make([]target.Description, len(f.o.Targets))
	for i, t := range f.o.Targets {
		all[i] = t.Describe()
	}
	return all
}

// Partners are the descriptions of everything that an account can be made for:
// payroll systems first, then accounting systems.
func (f *Office) Partners() []target.Description {
	var all []target.Description
	for _, s := range f.o.Systems {
		all = append(all, s.Describe())
	}
	return append(all, f.Targets()...)
}

// partner is what an account signs in to.
type partner interface {
	Describe() target.Description
	Connect(ctx context.Context, a target.Access, b target.Browser) (target.Identity, error)
}

func (f *Office) partner(id string) (partner, error) {
	for _, s := range f.o.Systems {
		if s.Describe().ID == id {
			return s, nil
		}
	}
	return f.o.Targets.Find(id)
}

// Subscribe gives a channel that holds a token whenever something changed, in
// the office or at the sender, and a function that ends it.
func (f *Office) Subscribe() (changes <-chan struct{}, end func()) {
	own := make(chan struct{}, 1)
	f.mu.Lock()
	f.changes[own] = struct{}{}
	f.mu.Unlock()
	sent, endSent := f.o.Mailbox.Subscribe()
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-sent:
				notify(own)
			case <-done:
				return
			}
		}
	}()
	return own, sync.OnceFunc(func() {
		f.mu.Lock()
		delete(f.changes, own)
		f.mu.Unlock()
		endSent()
		close(done)
	})
}

func notify(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func (f *Office) changed() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for c := range f.changes {
		notify(c)
	}
}

// Status is the sender's state for the status bar.
func (f *Office) Status(ctx context.Context) (model.SenderStatus, error) {
	status, err := f.o.Store.Outstanding(ctx)
	alive, working, fault := f.o.Mailbox.Status()
	status.Alive, status.Working = alive, max(working, status.Working)
	if fault != nil {
		status.Problem = model.ProblemOf(fault)
	}
	return status, err
}

// Companies are all payroll companies.
func (f *Office) Companies(ctx context.Context) ([]model.Company, error) {
	return f.o.Store.Companies(ctx)
}

// Withdraw takes back a delivery that is still queued.
func (f *Office) Withdraw(ctx context.Context, deliveryID int64) error {
	if err := f.mayDelivery(ctx, model.ActSend, deliveryID); err != nil {
		return err
	}
	return f.o.Mailbox.Withdraw(ctx, deliveryID)
}

// LookAgain has a delivery looked up once more.
func (f *Office) LookAgain(ctx context.Context, deliveryID int64) error {
	if err := f.mayDelivery(ctx, model.ActSend, deliveryID); err != nil {
		return err
	}
	return f.o.Mailbox.LookAgain(ctx, deliveryID)
}

// SendAgain sends a delivery again that was looked up in vain.
func (f *Office) SendAgain(ctx context.Context, deliveryID int64) error {
	if err := f.mayDelivery(ctx, model.ActSend, deliveryID); err != nil {
		return err
	}
	return f.o.Mailbox.SendAgain(ctx, deliveryID, model.Decision{By: f.o.User})
}

// SettleBooked takes a person's word that a delivery is booked under a number,
// which the program could not find out; reason is how the person knows.
func (f *Office) SettleBooked(ctx context.Context, deliveryID int64, number, reason string) error {
	if err := f.mayDelivery(ctx, model.ActSend, deliveryID); err != nil {
		return err
	}
	return f.o.Mailbox.SettleBooked(ctx, deliveryID, number, model.Decision{By: f.o.User, Reason: reason})
}

// Pause stops sending until [Office.Continue], also after a restart.
func (f *Office) Pause(ctx context.Context) error {
	if err := f.may(ctx, model.ActSend, ""); err != nil {
		return err
	}
	return f.o.Mailbox.Pause(ctx)
}

// Continue ends [Office.Pause].
func (f *Office) Continue(ctx context.Context) error {
	if err := f.may(ctx, model.ActSend, ""); err != nil {
		return err
	}
	return f.o.Mailbox.Continue(ctx)
}

// Receipt is the proof of a booked delivery.
func (f *Office) Receipt(ctx context.Context, deliveryID int64) (model.Receipt, error) {
	if err := f.mayDelivery(ctx, model.ActRead, deliveryID); err != nil {
		return model.Receipt{}, err
	}
	return f.o.Store.Receipt(ctx, deliveryID)
}

// Entry is what a delivery sends.
func (f *Office) Entry(ctx context.Context, deliveryID int64) (model.Entry, error) {
	if err := f.mayDelivery(ctx, model.ActRead, deliveryID); err != nil {
		return model.Entry{}, err
	}
	return f.o.Store.Entry(ctx, deliveryID)
}

// Events are the rows of the history that the filter chooses, newest first.
func (f *Office) Events(ctx context.Context, filter model.HistoryFilter) ([]model.Event, error) {
	return f.o.Store.History(ctx, filter)
}

// Verify checks that nothing of the history, of the steps of deliveries and of
// their receipts was changed or taken away.
func (f *Office) Verify(ctx context.Context) (model.Verification, error) {
	return f.o.Store.Verify(ctx)
}

// Attempts is the history of a delivery.
func (f *Office) Attempts(ctx context.Context, deliveryID int64) ([]model.Attempt, error) {
	if err := f.mayDelivery(ctx, model.ActRead, deliveryID); err != nil {
		return nil, err
	}
	return f.o.Store.Attempts(ctx, deliveryID)
}
