// Package target is what every accounting system must offer. A target is one
// package that implements [Target] and one line of wiring in cmd; screens and
// sender know only what stands here.
//
// A target describes itself ([Description]): the screens draw its forms, logo
// and states from that. It never decides about sending again: [Target.Post]
// says what was observed as an [Outcome], and the sender decides.
package target

import (
	"context"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// Target is an accounting system. All methods may be called at the same time
// for different accounts. Errors are [*model.Problem] wherever a person can do
// something about them; any other error is a fault of the program or the
// network and is shown as such.
type Target interface {
	// Describe tells what the target is. It never changes while the program runs.
	Describe() Description

	// Connect signs in or checks the credentials, and finds out as whom. It
	// stores new tokens through the access before it returns.
	Connect(ctx context.Context, a Access, b Browser) (Identity, error)

	// Administrations lists what the account may book in.
	Administrations(ctx context.Context, a Access) ([]model.Administration, error)

	// Reference fetches what may be booked in one administration.
	Reference(ctx context.Context, a Access, administration string) (*model.Reference, error)

	// Build makes the entry of one part. It is pure: the same draft and
	// reference give the same entry. All problems come back at once; the entry
	// is shown even when there are some, but only sent when there are none.
	// An entry without lines means nothing is to be booked.
	Build(d Draft, ref *model.Reference) (model.Entry, []*model.Problem)

	// Prepare fetches what must stand in the intent, such as a document number,
	// and gives it as evidence. It changes nothing at the target. Evidence that
	// an earlier sending already has is kept.
	Prepare(ctx context.Context, a Access, d Delivery) (map[string]string, error)

	// Post sends the entry once, without any repetition underneath.
	Post(ctx context.Context, a Access, d Delivery) Outcome

	// Find looks the entry up by its key, compared exactly. Bookings that were
	// voided at the target are not found. An error means that the look-up
	// itself failed and nothing is known.
	Find(ctx context.Context, a Access, d Delivery) ([]Booked, error)

	// ReadBack reads one booking by what [Outcome.Evidence] or [Target.Find]
	// gave. The outcome is Accepted when it could be read; a booking that is no
	// longer there, or was voided, then has no lines. Pending and Rejected say
	// that the target has not, or not after all, booked what it took; every
	// other class that nothing is known.
	ReadBack(ctx context.Context, a Access, d Delivery) (Booked, Outcome)
}

// Ending is a target whose sign-ins end after a time however often they are
// used, so that the office can be warned before. It is optional.
type Ending interface {
	// SignInEnds is when the account's sign-in ends; zero is not known.
	SignInEnds(ctx context.Context, a Access) (time.Time, error)
}

// Approver is a target whose bookings wait for approval and that can be asked
// to approve them. It is optional, and used only for entries that ask for it
// ([model.Entry.Approve]).
type Approver interface {
	// Approve approves one booking that was read back, equal to the cent, and
	// still waits. It is asked at most once for each reading back; what became of
	// it is read back too, so that asking twice does no harm.
	Approve(ctx context.Context, a Access, d Delivery) Outcome
}

// Invalidator is a target where a booking that still waits for approval can be
// made invalid instead of being reversed. It is optional.
type Invalidator interface {
	// Invalidate makes one booking invalid that waits for approval, and never one
	// that is approved. It is asked once for each decision of a person, and for each
	// draft too many that a [Drafter] has; what became of it is read back, so that
	// asking twice does no harm.
	Invalidate(ctx context.Context, a Access, d Delivery) Outcome
}

// Drafter is a target whose bookings wait for approval, so that one too many under
// a key, made by a sending that landed late, is not bookkeeping yet and can still be
// put right: made invalid where the target is an [Invalidator] too, by a person
// where it is not. [Target.Find] gives the oldest first. It is optional.
type Drafter interface {
	// Adopted tells whether a booking that was found under the key is the one that
	// the delivery's evidence names.
	Adopted(d Delivery, b Booked) bool
}

// Lister is a target whose bookings with keys of ours can be listed, so that both
// books can be compared. It is optional.
type Lister interface {
	// Ours lists the bookings of an administration that carry a key of the
	// program's form ([IsKey]) and whose posting dates lie between two days, both
	// included; it may give more, of days around them. Voided ones are left out.
	// The list is whole, or it is an error.
	Ours(ctx context.Context, a Access, administration string, from, to journal.Date) ([]Booked, error)
}

// Downloader is a target whose entries can be saved as a file. It is optional
// and goes with [Description.Download].
type Downloader interface {
	// File gives the name and the exact bytes of what is sent for the delivery.
	File(d Delivery) (name string, content []byte, err error)
}

// Revoker is a target whose sign-ins can be given back. It is optional, and used
// when an account is removed.
type Revoker interface {
	// Revoke makes the target forget the account's sign-in. An account without
	// one is no error.
	Revoke(ctx context.Context, a Access) error
}

// Later is an error of a call that the target asks to repeat only after a time.
type Later struct {
	Err   error
	After time.Duration
}

func (l *Later) Error() string { return l.Err.Error() }

// Unwrap gives the error itself.
func (l *Later) Unwrap() error { return l.Err }

// Draft is what an entry is made from.
type Draft struct {
	Company model.Company
	Run     model.Run
	Mapping model.Mapping
	Part    journal.Part
	Key     string
	Date    journal.Date // to be booked on; zero is what the company's rule says
}

// Delivery is one entry on its way, with what is known of it so far.
type Delivery struct {
	Entry    model.Entry
	Evidence map[string]string
	SentAt   time.Time // start of the last sending; zero before the first
}

// Identity is who the account signs in as. Company is empty where an account
// is good for several administrations.
type Identity struct {
	Who     string
	Company string
}

// String is the identity as one line for a person.
func (i Identity) String() string {
	switch {
	case i.Company == "":
		return i.Who
	case i.Who == "":
		return i.Company
	}
	return i.Who + " · " + i.Company
}

// Booked is a booking as the target has it.
type Booked struct {
	Number   string // what a person looks it up by
	Approval model.Approval
	Evidence map[string]string // ids to read it again
	Status   string            // in the target's words
	Lines    []model.EntryLine
	Key      string // that it carries, where it was found by that
}

// Class is what was observed after a sending. The sender alone turns it into
// the next state.
type Class string

// The classes.
const (
	// Accepted: the target says it booked it, and its answer could be read.
	Accepted Class = "accepted"
	// Pending: the target has it but has not booked it yet.
	Pending Class = "pending"
	// NotSent: no byte of the request left, so nothing can be booked.
	NotSent Class = "not_sent"
	// Deferred: refused before any processing, as with 401 or 429; may be sent
	// again after RetryAfter.
	Deferred Class = "deferred"
	// Rejected: the target looked at it and will not book it.
	Rejected Class = "rejected"
	// Ambiguous: it may be booked or not.
	Ambiguous Class = "ambiguous"
)

// Outcome is what was observed after a sending.
type Outcome struct {
	Class      Class
	Number     string
	Evidence   map[string]string
	Problem    *model.Problem
	RetryAfter time.Duration
	SignIn     bool   // the account must sign in again before anything else works
	Detail     string // for the history: status and request id, no secrets
}

// Access is one account as a target sees it.
type Access struct {
	Account model.Account
	Vault   Vault
}

// Setting is a setting of the account, or fallback where it has none.
func (a Access) Setting(id, fallback string) string {
	if v := a.Account.Settings[id]; v != "" {
		return v
	}
	return fallback
}

// Vault keeps the credentials of accounts, sealed.
type Vault interface {
	// Credentials gives the secrets of an account; an account without any gives
	// an empty map.
	Credentials(ctx context.Context, accountID int64) (model.Credentials, error)
	// SaveCredentials stores them durably before it returns.
	SaveCredentials(ctx context.Context, accountID int64, c model.Credentials) error
	// Only keeps everybody else who uses the vault, on whatever computer, out of
	// what has this name as long as fn works, and waits for them first.
	Only(ctx context.Context, name string, fn func(ctx context.Context) error) error
}

// Browser shows an address to the person and lets the sign-in end visibly.
type Browser interface {
	// Open shows the address in the system's browser, and does not wait for it.
	Open(ctx context.Context, address string) error
	// Language is the two letters of the program's language, for the pages that
	// the browser ends on.
	Language() string
}
