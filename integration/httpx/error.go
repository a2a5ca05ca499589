package httpx

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"syscall"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// What a request can be refused for before it leaves, and an answer for after
// it came. They are wrapped in [*Error].
var (
	ErrTooLate      = errors.New("the time to send has passed")
	ErrNotLoopback  = errors.New("not an address of this computer")
	ErrRepeatHeader = errors.New("a header that lets a request be repeated")
	ErrBadAddress   = errors.New("not a usable address")
	ErrTooLarge     = errors.New("answer too large")

	errNoGate = errors.New("connection without a gate")
)

// Error is a request without a usable answer. Sent is false only when no byte
// of the request left this computer. It never holds a query, header or body.
type Error struct {
	Method string
	Host   string
	Path   string
	Sent   bool
	Err    error
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s %s%s (sent %t): %v", e.Method, e.Host, e.Path, e.Sent, e.Err)
}

// Unwrap gives what net/http or the network said.
func (e *Error) Unwrap() error { return e.Err }

// ClassOf is what a failed sending means for a booking: [target.NotSent] when
// it is proven that no byte of the request left, else [target.Ambiguous].
func ClassOf(err error) target.Class {
	var e *Error
	if errors.As(err, &e) && !e.Sent {
		return target.NotSent
	}
	return target.Ambiguous
}

// Failed is the outcome of a sending that ended in err.
func Failed(err error) target.Outcome {
	return target.Outcome{Class: ClassOf(err), Problem: ProblemOf(err), Detail: detailOf(err)}
}

func detailOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Error()
	}
	return err.Error()
}

// ProblemOf explains a failed request. A [*model.Problem] in err is given back
// as it is.
func ProblemOf(err error) *model.Problem {
	var known *model.Problem
	if errors.As(err, &known) {
		return known
	}
	host := ""
	var e *Error
	if errors.As(err, &e) {
		host = e.Host
	}
	return describe(err, host).Again().Because(err)
}

// describe names the kind of failure.
func describe(err error, host string) *model.Problem {
	var dns *net.DNSError
	var op *net.OpError
	var timeout net.Error
	switch {
	case errors.Is(err, ErrTooLate):
		return model.NewProblem("network.too_late", "host", host)
	case errors.Is(err, ErrTooLarge):
		return model.NewProblem("network.answer_too_large", "host", host)
	case errors.Is(err, ErrNotLoopback):
		return model.NewProblem("network.not_loopback", "host", host)
	case errors.Is(err, ErrBadAddress):
		return model.NewProblem("network.bad_address", "host", host)
	case errors.Is(err, context.Canceled):
		return model.NewProblem("network.cancelled", "host", host)
	case errors.As(err, &dns):
		return model.NewProblem("network.unknown_host", "host", host)
	case isTLS(err):
		return model.NewProblem("network.tls", "host", host)
	case errors.As(err, &timeout) && timeout.Timeout():
		return model.NewProblem("network.timeout", "host", host)
	case errors.As(err, &op) && op.Op == "dial":
		return model.NewProblem("network.unreachable", "host", host)
	}
	return model.NewProblem("network.broken", "host", host)
}

// Away tells whether a problem of this package means that the other side cannot
// be reached. here is true when the reason looks to be on this computer's side of
// the network: names cannot be resolved, or there is no way out.
func Away(p *model.Problem) (away, here bool) {
	if p == nil {
		return false, false
	}
	switch p.Code {
	case "network.unknown_host":
		return true, true
	case "network.unreachable", "network.timeout", "network.broken":
		here := errors.Is(p.Cause, syscall.ENETUNREACH) || errors.Is(p.Cause, syscall.EHOSTUNREACH) || errors.Is(p.Cause, syscall.ENETDOWN)
		return true, here
	}
	return false, false
}

// isTLS tells whether the other side could not be trusted or understood.
func isTLS(err error) bool {
	var (
		verify *tls.CertificateVerificationError
		record tls.RecordHeaderError
		alert  tls.AlertError
		host   x509.HostnameError
		op     *net.OpError
	)
	if errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error") {
		return true // how crypto/tls wraps the alerts of either side
	}
	return errors.As(err, &verify) || errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &host)
}
