package sender

import (
	"context"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// ErrLeaseLost says that another sender took the delivery over, or that its
// state is not what the caller thought. Nothing was written.
var ErrLeaseLost = model.ErrLeaseLost

// Store is what the sender needs to be kept. Every write is durable before the
// method returns.
type Store interface {
	target.Vault

	// Claim takes a delivery that is due: one that is queued, checking, sending,
	// accepted or unknown, needs no person, whose not-before and lease have
	// passed, and whose account is not paused and has no other delivery under a
	// lease; or, before those, one that is booked, refused or withdrawn and has a
	// time to be looked up again. The account and company that were served longest ago come first,
	// then what has been due longest. It raises the fence, sets the lease, takes
	// the claim's first step in the same transaction, and changes nothing else of
	// the delivery. ok is false when nothing is due.
	Claim(ctx context.Context, c model.Claim) (d model.Delivery, ok bool, err error)

	// NextDue is when the next delivery can be claimed; ok is false when none will.
	NextDue(ctx context.Context) (at time.Time, ok bool, err error)

	// Apply replaces a delivery, with compare-and-set on id, fence and state of
	// from, and appends an attempt. A receipt, when there is one, is stored in
	// the same transaction. Zero rows is [ErrLeaseLost].
	Apply(ctx context.Context, from, to model.Delivery, a model.Attempt, r *model.Receipt) error

	// ApplyAndClaim is Apply and then Claim in one transaction.
	ApplyAndClaim(ctx context.Context, from, to model.Delivery, a model.Attempt, r *model.Receipt, c model.Claim) (d model.Delivery, ok bool, err error)

	// Attempts are all steps of a delivery in their order.
	Attempts(ctx context.Context, deliveryID int64) ([]model.Attempt, error)

	// Resume makes every waiting delivery of an account due at once: queued ones
	// whose not-before lies ahead and accepted ones. It changes no state.
	Resume(ctx context.Context, accountID int64) error

	// BringBack counts the waits of deliveries that were last written at a time
	// later than now and slack anew from now.
	BringBack(ctx context.Context, now time.Time, slack time.Duration) (moved int64, err error)

	// FreeLeases ends all leases at once. Only the holder of the sender's lock
	// may call it: holding the lock proves that every former owner is dead.
	FreeLeases(ctx context.Context) error

	// Pauses are all pauses; SavePause keeps one in place of an earlier one of its
	// kind and account, and EndPause forgets it.
	Pauses(ctx context.Context) ([]model.Pause, error)
	SavePause(ctx context.Context, p model.Pause) error
	EndPause(ctx context.Context, kind model.PauseKind, accountID int64) error

	// Room is how many bytes are free on the disk.
	Room() (bytes int64, err error)

	Entry(ctx context.Context, deliveryID int64) (model.Entry, error)
	Delivery(ctx context.Context, id int64) (model.Delivery, error)
	Account(ctx context.Context, id int64) (model.Account, error)
	SaveAccount(ctx context.Context, a *model.Account) error
}
