// Package office is what an office does with the program: keep accounts, map
// companies to administrations, take payroll runs in, and send them. It stands
// between the screens or the command line and everything below, and holds the
// rules that both must obey.
//
// It never talks to a target about a booking: it builds, checks and queues
// entries, and the sender delivers them.
package office

import (
	"context"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// Store is what the office needs to be kept. Every method that writes does so
// in one transaction; what is not there is [model.ErrNotFound].
type Store interface {
	target.Vault

	Companies(ctx context.Context) ([]model.Company, error)
	CompaniesOf(ctx context.Context, ids ...int64) ([]model.Company, error)
	Company(ctx context.Context, id int64) (model.Company, error)
	// SaveCompany inserts the company or, when source and source id are known,
	// updates it; it sets the id.
	SaveCompany(ctx context.Context, c *model.Company) error

	Accounts(ctx context.Context) ([]model.Account, error)
	Account(ctx context.Context, id int64) (model.Account, error)
	// SaveAccount inserts an account with id zero and sets the id, or updates it.
	SaveAccount(ctx context.Context, a *model.Account) error
	// AccountUse is what hangs on an account.
	AccountUse(ctx context.Context, id int64) (model.AccountUse, error)
	// RemoveAccount removes an account with its credentials. One that mappings
	// hang on is refused with problem "account.in_use".
	RemoveAccount(ctx context.Context, id int64) error

	Mappings(ctx context.Context) ([]model.Mapping, error)
	MappingsOf(ctx context.Context, companyIDs ...int64) ([]model.Mapping, error)
	Mapping(ctx context.Context, id int64) (model.Mapping, error)
	// SaveMapping inserts a mapping with id zero and sets the id, or updates it.
	// A second mapping of a company to the same target's administration is
	// refused with problem "mapping.exists".
	SaveMapping(ctx context.Context, m *model.Mapping) error
	// RemoveMapping removes a mapping. Its deliveries stay; one that still waits
	// is refused with problem "mapping.in_use".
	RemoveMapping(ctx context.Context, id int64) error

	// SaveSetup saves a whole set-up, all of it or nothing.
	SaveSetup(ctx context.Context, s *model.Setup) error

	// Reference is the last fetched reference data of an administration.
	Reference(ctx context.Context, accountID int64, administration string) (*model.Reference, error)
	SaveReference(ctx context.Context, accountID int64, administration string, r *model.Reference) error

	Runs(ctx context.Context, f model.RunFilter) ([]model.Run, error)
	// RunPeriods are the periods that there are runs of, newest first.
	RunPeriods(ctx context.Context) ([]journal.Period, error)
	Run(ctx context.Context, id int64) (model.Run, error)
	// AddRun stores a run with its snapshot. When the company already has a run
	// with the same source id or the same content, that one is given back
	// instead and added is false. It gives the run its id, its number within
	// company and year, and, through reference, its reference.
	AddRun(ctx context.Context, r model.Run, s model.Snapshot, reference func(model.Run) string) (run model.Run, added bool, err error)
	Snapshot(ctx context.Context, runID int64) (model.Snapshot, error)
	// SeeRun writes down what a source says of a run now; its snapshot stays.
	SeeRun(ctx context.Context, r model.Run) error
	// HoldRun says why a run is held back, or that it no longer is.
	HoldRun(ctx context.Context, id int64, hold model.Hold, other int64) error
	// Journals are that journal and the later ones of the run, in their order.
	Journals(ctx context.Context, runID int64) ([]model.Snapshot, error)
	// AddJournal keeps a later journal of a run under the next number and marks
	// the run as changed. The content of the last one is not kept again.
	AddJournal(ctx context.Context, later model.Snapshot) (number int, added bool, err error)
	// Settled takes that mark away.
	Settled(ctx context.Context, runID int64) error
	// Acknowledge keeps who has seen that a run changed or is gone, until it
	// changes again or is there again.
	Acknowledge(ctx context.Context, a model.Acknowledgement) error
	// Digests are what lists need of the runs' journals, by the ids of the runs.
	// It opens no snapshot but those of runs that older programs took in.
	Digests(ctx context.Context, runIDs ...int64) (map[int64]model.RunDigest, error)

	// Inbox are the files that wait for a person, without their bytes.
	Inbox(ctx context.Context) ([]model.Parcel, error)
	Parcel(ctx context.Context, id int64) (model.Parcel, error)
	AddParcel(ctx context.Context, p *model.Parcel) error
	RemoveParcel(ctx context.Context, id int64) error
	// Layout is what was chosen for files of a layout.
	Layout(ctx context.Context, id string) (l model.Layout, found bool, err error)
	SaveLayout(ctx context.Context, l model.Layout) error

	// Deliveries are all deliveries of the runs, oldest first.
	Deliveries(ctx context.Context, runIDs ...int64) ([]model.Delivery, error)
	Delivery(ctx context.Context, id int64) (model.Delivery, error)
	Entry(ctx context.Context, deliveryID int64) (model.Entry, error)
	Receipt(ctx context.Context, deliveryID int64) (model.Receipt, error)
	Attempts(ctx context.Context, deliveryID int64) ([]model.Attempt, error)
	// Queue writes deliveries with their entries, all or none. A delivery with
	// id zero is inserted; another takes the place of the refused or withdrawn
	// one with that id, which must never have been sent or have the same entry.
	// A period of a run that already has a live delivery at the same
	// administration is refused with problem "delivery.exists".
	Queue(ctx context.Context, items []model.Queued) error

	// DeliveriesIn are all deliveries in the books of an administration, oldest
	// first.
	DeliveriesIn(ctx context.Context, target, administration string) ([]model.Delivery, error)
	// Exchanges are the booked reversals that another entry has to follow.
	Exchanges(ctx context.Context) ([]model.Delivery, error)

	SaveReconciliation(ctx context.Context, r *model.Reconciliation) error
	// Reconciliation is the last one.
	Reconciliation(ctx context.Context) (model.Reconciliation, error)

	// Erase takes the journals and entries of runs away for ever, but leaves alone
	// a run with a delivery that is not finished; erased is how many went.
	Erase(ctx context.Context, at time.Time, runIDs ...int64) (erased int, err error)

	// Remove takes erased runs away with all that is known of them, but leaves alone
	// what is unfinished or waits for a person; removed is how many went.
	Remove(ctx context.Context, at time.Time, runIDs ...int64) (removed int, err error)
	// CutHistory takes away the rows from before that time, up to the first that tells
	// of something that is still there; rows is how many went.
	CutHistory(ctx context.Context, at, before time.Time) (rows int64, err error)

	// Rights are the templates and who has which.
	Rights(ctx context.Context) (model.Rights, error)
	SaveRights(ctx context.Context, r model.Rights) error

	// History are events, newest first; Verify checks that none was changed.
	History(ctx context.Context, f model.HistoryFilter) ([]model.Event, error)
	Verify(ctx context.Context) (model.Verification, error)

	// Outstanding fills in what the deliveries tell of the sender's state: how
	// many wait (all that are neither final nor for a person), how many only a
	// person can settle, when the last one was booked, and the earliest
	// not-before of those that wait.
	Outstanding(ctx context.Context) (model.SenderStatus, error)

	// Mark names the last row of the history, and Follows tells whether the database
	// has that row, or had it and follows on it.
	Mark(ctx context.Context) (string, error)
	Follows(ctx context.Context, mark string) (bool, error)

	Setting(ctx context.Context, name string) (string, error)
	SaveSetting(ctx context.Context, name, value string) error
}
