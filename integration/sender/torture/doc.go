// Package torture holds the campaigns that the sender and the store must
// survive. It has no code of its own, only tests: every schedule of crashes and
// pauses of one sending, simulated lives by seed, real processes that are
// killed and stopped, power that fails at the moment of a sending, disks that
// fill up or break, a restored backup, and mutants of the protocol that must
// all be caught.
//
// What is booked is counted in the books of the stand-in, by what an entry is
// for, never by a key or reference that the sender made. The eleven invariants
// that hold after each run stand in audit_test.go.
//
// A plain go test runs a short version; "make torture" runs the whole and ends
// with a table of figures, and "make torture SEED=n" repeats one seed.
package torture
