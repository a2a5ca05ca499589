// Package intake is how payroll comes in by itself: [Service.Run] asks the
// payroll systems for what is new, has sent what the office's workflow wants
// sent, and takes in the files that somebody lays in a folder.
//
// It holds no rules: what becomes of a run or of a file is the office's
// business. One program of a data folder runs it, the one that sends.
package intake

import (
	"context"
	"io"
	"log/slog"
	"time"

	"loonbrug/data/model"
)

// Office is what payroll comes in to.
type Office interface {
	// PayrollAccounts are the accounts of payroll systems that may be used now.
	PayrollAccounts(ctx context.Context) ([]model.Account, error)
	// Fetch asks one for its companies and runs.
	Fetch(ctx context.Context, accountID int64) error
	// SendDue sends what companies have left to the program.
	SendDue(ctx context.Context) error
	// Drop takes in a file that lay in a folder named after a company, or in no
	// such folder.
	Drop(ctx context.Context, folder, name string, content io.Reader) error
	// Refuse keeps that a file could not be taken in, so that every window tells.
	Refuse(ctx context.Context, folder, name string, p *model.Problem) error
	// Explain is a problem for people, as it is written beside a file.
	Explain(p *model.Problem) string
	Mappings(ctx context.Context) ([]model.Mapping, error)
	Subscribe() (changes <-chan struct{}, end func())
}

// Options are how payroll comes in. The zero value asks every five minutes and
// watches no folder.
type Options struct {
	Every  time.Duration // between two questions to the payroll systems
	Folder string        // to be watched; empty is none
	Settle time.Duration // how long a file must have stayed the same; zero is two seconds
	Now    func() time.Time
	Log    *slog.Logger
}

// Service lets payroll come in.
type Service struct {
	office Office
	o      Options
	folder *folder
}

// New makes a service.
func New(office Office, o Options) *Service {
	if o.Every <= 0 {
		o.Every = 5 * time.Minute
	}
	if o.Settle <= 0 {
		o.Settle = 2 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{office: office, o: o}
	if o.Folder != "" {
		s.folder = newFolder(o.Folder, o.Settle, office, o.Log)
	}
	return s
}

// Run works until ctx ends. Payroll is asked for at the start, as often as the
// options say, and at once when an account or a mapping is new.
func (s *Service) Run(ctx context.Context) error {
	changes, end := s.office.Subscribe()
	defer end()
	files, closeFiles, err := s.watch()
	if err != nil {
		return err
	}
	defer closeFiles()
	asking := time.NewTicker(s.o.Every)
	defer asking.Stop()
	look := time.NewTimer(0) // at the folder
	defer look.Stop()
	known := ""
	for {
		if now := s.known(ctx); now != known {
			known = now
			s.Ask(ctx)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-asking.C:
			s.Ask(ctx)
			look.Reset(0)
		case <-changes:
		case <-files:
			look.Reset(s.o.Settle)
		case <-look.C:
			if s.folder != nil && s.folder.sweep(ctx, s.o.Now()) {
				look.Reset(s.o.Settle)
			}
		}
	}
}

// watch tells when something happens in the folder.
func (s *Service) watch() (events <-chan struct{}, end func(), err error) {
	if s.folder == nil {
		return nil, func() {}, nil
	}
	return s.folder.watch()
}

// Ask asks every payroll system once, and has sent what is due. What fails is
// logged; it is asked again the next time.
func (s *Service) Ask(ctx context.Context) {
	accounts, err := s.office.PayrollAccounts(ctx)
	if err != nil {
		s.o.Log.Error("payroll accounts", "error", err)
	}
	for _, a := range accounts {
		if err := s.office.Fetch(ctx, a.ID); err != nil && ctx.Err() == nil {
			s.o.Log.Warn("fetch payroll", "account", a.ID, "error", err)
		}
	}
	if err := s.office.SendDue(ctx); err != nil && ctx.Err() == nil {
		s.o.Log.Warn("send what is due", "error", err)
	}
}

// known names the accounts and mappings that payroll is asked for, so that a new
// one shows.
func (s *Service) known(ctx context.Context) string {
	accounts, err := s.office.PayrollAccounts(ctx)
	if err != nil {
		s.o.Log.Error("payroll accounts", "error", err)
		return ""
	}
	mappings, err := s.office.Mappings(ctx)
	if err != nil {
		s.o.Log.Error("mappings", "error", err)
		return ""
	}
	return signature(accounts, mappings)
}
