package source

import (
	"context"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// System is a payroll system that journals are read from. All methods may be
// called at the same time for different accounts, and none changes anything
// there. Errors are [*model.Problem] wherever a person can do something about
// them.
type System interface {
	// Describe tells what the system is; of the description only the part on
	// accounts is used. It never changes while the program runs.
	Describe() target.Description

	// Connect checks the credentials and finds out as whom they sign in. It
	// stores what it finds out through the access before it returns.
	Connect(ctx context.Context, a target.Access, b target.Browser) (target.Identity, error)

	// Companies are all companies that the account may see, with their debtors.
	// Source and source id are set, the ids of this database are not, nor the
	// marks that a person sets by hand.
	Companies(ctx context.Context, a target.Access) ([]model.Company, error)

	// Runs are the runs of a company in a payroll year, newest last, with the
	// system's own numbers. A system that cannot tell the periods of a run leaves
	// them zero.
	Runs(ctx context.Context, a target.Access, c model.Company, year int) ([]model.Run, error)

	// Journal reads the journal of a run as it is now. Name of the file is what
	// was asked for, so that the same can be asked again. A run that booked
	// nothing is the problem "source.no_journal", a journal that the system cannot
	// give "source.file_needed": a file must stand in for it.
	Journal(ctx context.Context, a target.Access, c model.Company, r model.Run, d Depth) (*File, error)
}

// Depth is how far a journal is taken apart.
type Depth string

// The depths, from coarse to fine.
const (
	ByLedgerAccount Depth = "ledger_account"
	ByCostCentre    Depth = "cost_centre"
	ByCostUnit      Depth = "cost_unit" // by cost centre and cost unit
)
