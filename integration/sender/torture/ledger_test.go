package torture_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// answer is what the ledger does with one request that would change something:
// a sending, or the approval of what was sent.
type answer string

const (
	answerOK           answer = "ok"            // does it and says so
	answerLostAfter    answer = "lost_after"    // does it, the answer is lost
	answerLostBefore   answer = "lost_before"   // does nothing, the answer is lost
	answerLate         answer = "late"          // the answer is lost; does it a while later
	answerHang         answer = "hang"          // does it and never answers
	answerRefuse       answer = "refuse"        // looks at it and will not do it
	answerThrottle     answer = "throttle"      // come back later
	answerSignIn       answer = "sign_in"       // the sign-in no longer holds
	answerNotSent      answer = "not_sent"      // no byte arrived
	answerPending      answer = "pending"       // takes it, does it a while later
	answerPendingNever answer = "pending_never" // takes it, and refuses after all
	answerAltered      answer = "altered"       // books something else than was sent
)

func answers() []answer {
	return []answer{
		answerOK, answerLostAfter, answerLostBefore, answerLate, answerHang, answerRefuse,
		answerThrottle, answerSignIn, answerNotSent, answerPending, answerPendingNever, answerAltered,
	}
}

// The worst that the simulated targets do. A booking turns up in a search at
// most deadline + lateness + lag after its intent, which lease + 1.5 × settle
// exceeds by a quarter of a minute and lease + settle does not reach.
const (
	lateness = 4*time.Minute + 30*time.Second
	lag      = 90 * time.Second
)

// draftLateness is how late a draft may turn up: long after the sender has given the
// sending up and made another one, which is then one too many.
const draftLateness = time.Hour

// booking is one line of the ledger's own books.
type booking struct {
	Business string // what it is for; two of the same business are a double
	Group    string // administration and period
	Key      string
	Number   int
	From     time.Time // true time from which it stands
	Never    bool      // it will be refused after all
	Gone     bool      // a person voided it
	Lines    []model.EntryLine
	Approved time.Time // zero is not
	Draft    bool
	Foreign  bool // somebody else's, under our key
}

func (b booking) stands(at time.Time) bool { return !b.Never && !b.Gone && !b.From.After(at) }

// request is one sending as the ledger saw it.
type request struct {
	Business, Key, Payload string
	Delivery               int64
	Intent                 int  // number of the attempt that is its durable intent, 0 for none
	Zombie                 bool // another had taken the delivery over meanwhile
}

// ledger is an accounting system in memory. It is the oracle: it counts by
// business and knows nothing of what the sender thinks.
type ledger struct {
	lag, lateness time.Duration
	draftLateness time.Duration
	answer        func(business string, nth int) answer
	intent        func(d target.Delivery, business string) (delivery int64, attempt int) // asks the database
	seen          func(what string)

	mu       sync.Mutex
	books    []booking
	requests []request
	asked    map[string]int
	refused  map[string]int
	signedIn map[int64]bool // accounts whose sign-in ended are false
	outage   time.Time      // look-ups fail until then
	gone     map[string]bool
	barred   map[string]bool // what must stand in the intent cannot be had
}

func newLedger() *ledger {
	return &ledger{
		lag: lag, lateness: lateness, draftLateness: draftLateness, asked: make(map[string]int), refused: make(map[string]int), signedIn: make(map[int64]bool),
		gone: make(map[string]bool), barred: make(map[string]bool), seen: func(string) {},
		answer: func(string, int) answer { return answerOK },
		intent: func(target.Delivery, string) (int64, int) { return 0, 1 },
	}
}

// business is what an entry is for. It is read from what is booked, not from
// any name that the sender gave it.
func business(e model.Entry) string {
	return fmt.Sprintf("%s %s %s", e.Administration, e.Period, e.Lines[0].Amount)
}

func group(e model.Entry) string { return fmt.Sprintf("%s %s", e.Administration, e.Period) }

// payload is a hash of what was sent, without its key.
func payload(e model.Entry) string {
	e.Key = ""
	text, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// next takes the answer to a request that would change something.
func (l *ledger) next(business string) answer {
	n := l.asked[business]
	l.asked[business]++
	a := l.answer(business, n)
	l.seen(string(a))
	return a
}

// post is a sending that arrives.
func (l *ledger) post(ctx context.Context, account int64, d target.Delivery, draft bool) target.Outcome {
	b := business(d.Entry)
	delivery, intent := l.intent(d, b) // asks the database, outside the lock
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests = append(l.requests, request{Business: b, Key: d.Entry.Key, Payload: payload(d.Entry), Delivery: delivery, Intent: intent})
	if on, known := l.signedIn[account]; known && !on {
		return signInEnded()
	}
	a := l.next(b)
	row := booking{
		Business: b, Group: group(d.Entry), Key: d.Entry.Key, Number: len(l.books) + 1, From: time.Now(),
		Lines: slices.Clone(d.Entry.Lines), Draft: draft,
	}
	book := func() map[string]string {
		l.books = append(l.books, row)
		return map[string]string{"id": strconv.Itoa(row.Number)}
	}
	number, late := strconv.Itoa(row.Number), l.lateness
	if draft {
		late = l.draftLateness
	}
	switch a {
	case answerOK:
		return target.Outcome{Class: target.Accepted, Number: number, Evidence: book()}
	case answerAltered:
		row.Lines[0].Amount++
		return target.Outcome{Class: target.Accepted, Number: number, Evidence: book()}
	case answerLostAfter:
		book()
	case answerLate:
		row.From = row.From.Add(late)
		book()
	case answerHang:
		book()
		l.mu.Unlock()
		<-ctx.Done()
		l.mu.Lock()
	case answerPending, answerPendingNever:
		row.From, row.Never = row.From.Add(late), a == answerPendingNever
		return target.Outcome{Class: target.Pending, Evidence: book()}
	case answerRefuse:
		l.refused[b]++
		return refusal()
	case answerThrottle:
		return target.Outcome{Class: target.Deferred, RetryAfter: 7 * time.Second}
	case answerSignIn:
		l.signedIn[account] = false
		return signInEnded()
	case answerNotSent:
		return target.Outcome{Class: target.NotSent}
	}
	return target.Outcome{Class: target.Ambiguous}
}

func refusal() target.Outcome {
	return target.Outcome{Class: target.Rejected, Problem: model.NewProblem("ledger.refused")}
}

func signInEnded() target.Outcome {
	return target.Outcome{Class: target.Deferred, SignIn: true, Problem: model.NewProblem("ledger.sign_in").With(model.ActionSignIn)}
}

// find is a search by key. Its index lags behind the books.
func (l *ledger) find(account int64, key string) ([]target.Booked, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if on, known := l.signedIn[account]; known && !on {
		return nil, signInEnded().Problem
	}
	if time.Now().Before(l.outage) {
		l.seen("outage")
		return nil, &target.Later{Err: model.NewProblem("ledger.busy").Again(), After: 20 * time.Second}
	}
	var found []target.Booked
	for _, b := range l.books {
		if b.Key == key && b.stands(time.Now().Add(-l.lag)) {
			found = append(found, b.booked())
		}
	}
	return found, nil
}

func (b booking) booked() target.Booked {
	n := strconv.Itoa(b.Number)
	approval := model.ApprovalNone
	if b.Draft {
		approval = model.ApprovalWaiting
		if !b.Approved.IsZero() && !b.Approved.After(time.Now()) {
			approval = model.ApprovalGiven
		}
	}
	return target.Booked{Number: n, Lines: slices.Clone(b.Lines), Approval: approval, Evidence: map[string]string{"id": n}}
}

// read reads one booking by its id.
func (l *ledger) read(account int64, d target.Delivery) (target.Booked, target.Outcome) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if on, known := l.signedIn[account]; known && !on {
		return target.Booked{}, signInEnded()
	}
	if time.Now().Before(l.outage) {
		return target.Booked{}, target.Outcome{Class: target.Ambiguous, Problem: model.NewProblem("ledger.busy").Again()}
	}
	b := l.row(d)
	switch {
	case b == nil, b.Gone:
		return target.Booked{}, target.Outcome{Class: target.Accepted}
	case l.gone[b.Business]:
		b.Gone = true
		l.seen("gone")
		return target.Booked{}, target.Outcome{Class: target.Accepted}
	case b.From.After(time.Now()):
		return target.Booked{}, target.Outcome{Class: target.Pending}
	case b.Never:
		return target.Booked{}, refusal()
	}
	return b.booked(), target.Outcome{Class: target.Accepted}
}

func (l *ledger) row(d target.Delivery) *booking {
	n, err := strconv.Atoi(d.Evidence["id"])
	if err != nil || n > len(l.books) {
		return nil
	}
	return &l.books[n-1]
}

// approve approves a draft by its id. Doing so twice does no harm.
func (l *ledger) approve(ctx context.Context, account int64, d target.Delivery) target.Outcome {
	l.mu.Lock()
	defer l.mu.Unlock()
	if on, known := l.signedIn[account]; known && !on {
		return signInEnded()
	}
	b := l.row(d)
	if b == nil {
		return refusal()
	}
	at := time.Now()
	done := func() {
		if b.Approved.IsZero() || at.Before(b.Approved) {
			b.Approved = at
		}
	}
	a := l.next(b.Business)
	switch a {
	case answerOK, answerAltered:
		done()
		return target.Outcome{Class: target.Accepted}
	case answerLostAfter:
		done()
	case answerLate, answerPending:
		at = at.Add(l.lateness)
		done()
	case answerHang:
		done()
		l.mu.Unlock()
		<-ctx.Done()
		l.mu.Lock()
	case answerRefuse:
		return refusal()
	case answerThrottle:
		return target.Outcome{Class: target.Deferred, RetryAfter: 7 * time.Second, Problem: model.NewProblem("ledger.busy").Again()}
	case answerSignIn:
		l.signedIn[account] = false
		return signInEnded()
	case answerNotSent:
		return target.Outcome{Class: target.NotSent, Problem: model.NewProblem("ledger.away").Again()}
	}
	return target.Outcome{Class: target.Ambiguous, Problem: model.NewProblem("ledger.silent").Again()}
}

// invalidate takes a draft out of the books by its id. One that is approved stays.
func (l *ledger) invalidate(ctx context.Context, account int64, d target.Delivery) target.Outcome {
	l.mu.Lock()
	defer l.mu.Unlock()
	if on, known := l.signedIn[account]; known && !on {
		return signInEnded()
	}
	b := l.row(d)
	if b == nil || !b.Draft || !b.Approved.IsZero() && !b.Approved.After(time.Now()) {
		return refusal()
	}
	a := l.next(b.Business)
	switch a {
	case answerOK, answerAltered, answerPending, answerLate, answerLostAfter, answerHang:
		b.Gone = true
		l.seen("discarded")
	case answerRefuse:
		return refusal()
	case answerThrottle:
		return target.Outcome{Class: target.Deferred, RetryAfter: 7 * time.Second, Problem: model.NewProblem("ledger.busy").Again()}
	case answerSignIn:
		l.signedIn[account] = false
		return signInEnded()
	case answerNotSent:
		return target.Outcome{Class: target.NotSent, Problem: model.NewProblem("ledger.away").Again()}
	}
	if a == answerHang {
		l.mu.Unlock()
		<-ctx.Done()
		l.mu.Lock()
	}
	if a == answerOK || a == answerAltered {
		return target.Outcome{Class: target.Accepted}
	}
	return target.Outcome{Class: target.Ambiguous, Problem: model.NewProblem("ledger.silent").Again()}
}

// stand tells whether a business stands in the books now.
func (l *ledger) stand(business string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.books, func(b booking) bool { return b.Business == business && b.stands(time.Now()) })
}

// mode is how a target lets its bookings be sent.
type mode string

const (
	modeProgram mode = "program" // books at once; the program decides about unknown outcomes
	modePerson  mode = "person"  // books at once; a person decides
	modeDraft   mode = "draft"   // books drafts that the program approves
)

func modes() []mode { return []mode{modeProgram, modePerson, modeDraft} }

// lens is the ledger as one program sees it in one mode.
type lens struct {
	target.Target // what no sender calls
	ledger        *ledger
	program       *program
	mode          mode
}

func (l *lens) Describe() target.Description {
	return target.Description{ID: string(l.mode), Name: string(l.mode), PersonDecides: l.mode == modePerson}
}

func (l *lens) Prepare(_ context.Context, _ target.Access, d target.Delivery) (map[string]string, error) {
	if err := l.program.at("prepare/before", d.Entry.Key); err != nil {
		return nil, err
	}
	if l.ledger.barred[business(d.Entry)] {
		return nil, model.NewProblem("ledger.no_number")
	}
	return map[string]string{"document": "1"}, l.program.at("prepare/after", d.Entry.Key)
}

// Post refuses to let the first byte out too late, by the very rule of the
// connections of httpx.
func (l *lens) Post(ctx context.Context, a target.Access, d target.Delivery) target.Outcome {
	if l.program.at("post/before", d.Entry.Key) != nil {
		return target.Outcome{Class: target.NotSent}
	}
	if httpx.TooLate(ctx, l.program.world.clock.now()) {
		l.ledger.seen("too_late")
		return target.Outcome{Class: target.NotSent}
	}
	o := l.ledger.post(ctx, a.Account.ID, d, l.mode == modeDraft)
	_ = l.program.at("post/after", d.Entry.Key)
	return o
}

func (l *lens) Find(_ context.Context, a target.Access, d target.Delivery) ([]target.Booked, error) {
	if err := l.program.at("find/before", d.Entry.Key); err != nil {
		return nil, err
	}
	found, err := l.ledger.find(a.Account.ID, d.Entry.Key)
	if dead := l.program.at("find/after", d.Entry.Key); dead != nil {
		return nil, dead
	}
	return found, err
}

func (l *lens) ReadBack(_ context.Context, a target.Access, d target.Delivery) (target.Booked, target.Outcome) {
	_ = l.program.at("read/before", d.Entry.Key)
	b, o := l.ledger.read(a.Account.ID, d)
	_ = l.program.at("read/after", d.Entry.Key)
	return b, o
}

// drafts is the lens of a target whose bookings are drafts first.
type drafts struct{ *lens }

func (l drafts) Adopted(d target.Delivery, b target.Booked) bool {
	return d.Evidence["id"] != "" && d.Evidence["id"] == b.Evidence["id"]
}

func (l drafts) Invalidate(ctx context.Context, a target.Access, d target.Delivery) target.Outcome {
	if l.program.at("invalidate/before", d.Entry.Key) != nil || httpx.TooLate(ctx, l.program.world.clock.now()) {
		return target.Outcome{Class: target.NotSent}
	}
	o := l.ledger.invalidate(ctx, a.Account.ID, d)
	_ = l.program.at("invalidate/after", d.Entry.Key)
	return o
}

func (l drafts) Approve(ctx context.Context, a target.Access, d target.Delivery) target.Outcome {
	if l.program.at("approve/before", d.Entry.Key) != nil {
		return target.Outcome{Class: target.NotSent}
	}
	o := l.ledger.approve(ctx, a.Account.ID, d)
	_ = l.program.at("approve/after", d.Entry.Key)
	return o
}
