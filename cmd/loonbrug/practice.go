package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"loonbrug/data/model"
	"loonbrug/integration/practice"
	"loonbrug/resources"
)

// practiceCommand runs the practice office: in the window, without one, or the
// practice systems alone.
func practiceCommand(ctx context.Context, sh *shell, args []string) error {
	flags := sh.flags("practice")
	headless := flags.Bool("headless", false, "run the whole job without a display")
	servers := flags.Bool("servers", false, "serve the practice systems alone, until interrupted")
	asJSON := flags.Bool("json", false, "print JSON")
	anew := flags.Bool("new", false, "begin with a new practice office")
	if err := parse(flags, args); err != nil {
		return err
	}
	switch {
	case *servers && (*headless || flags.NArg() > 0), *asJSON && !*headless && !*servers:
		flags.Usage()
		return errUsage
	case *servers:
		return practiceServers(ctx, sh, *asJSON)
	case *headless:
		return practiceHeadless(ctx, sh, flags.Args(), *asJSON, *anew)
	}
	return practiceWindow(ctx, sh, flags.Args(), *anew)
}

// practiceServers serves the stand-ins until ctx ends; their books are in
// memory, or in the data folder when one is named.
func practiceServers(ctx context.Context, sh *shell, asJSON bool) error {
	dir := ""
	if sh.dataDir != "" {
		dir = filepath.Join(sh.dataDir, "practice", "books")
	}
	systems, err := practice.Start(ctx, practice.Options{Dir: dir})
	if err != nil {
		return err
	}
	if asJSON {
		err = printJSON(sh.out, systems)
	} else {
		for _, s := range systems.All {
			fmt.Fprintf(sh.out, "%s\n  address  %s\n  books    %s\n  control  %s\n", s.Name, s.Base, s.Page, s.Control)
			for _, c := range s.Credentials {
				fmt.Fprintf(sh.out, "  sign in  %v  (%s)\n", c.Fields, c.Note)
			}
		}
	}
	return errors.Join(err, systems.Wait())
}

// practiceHeadless does the main job with no display: files, or the sample
// payroll, from file to booked in all practice systems of the first company.
// Without a data folder it works in one that is gone afterwards.
func practiceHeadless(ctx context.Context, sh *shell, files []string, asJSON, anew bool) (err error) {
	if sh.dataDir == "" {
		folder, err := os.MkdirTemp("", "loonbrug-practice-")
		if err != nil {
			return fmt.Errorf("folder for the practice office: %w", err)
		}
		sh.dataDir = folder
		defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	}
	s, err := openPractice(ctx, sh, anew)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	rows, err := s.takeFiles(ctx, sh, files)
	if err != nil {
		return err
	}
	return s.sendRows(ctx, sh, rows, asJSON)
}

// openPractice opens the practice office and furnishes it when it is new. One
// whose furnishing was broken off is begun anew.
func openPractice(ctx context.Context, sh *shell, anew bool) (*services, error) {
	if anew {
		if err := clearPractice(sh); err != nil {
			return nil, err
		}
	}
	s, err := open(ctx, sh, needs{practice: true})
	if err != nil {
		return nil, err
	}
	whole, empty, err := s.whole(ctx)
	switch {
	case err == nil && whole:
		return s, nil
	case err == nil && empty:
		if err = s.furnish(ctx); err == nil {
			return s, nil
		}
		err = fmt.Errorf("furnish the practice office: %w", err)
	case err == nil && !anew:
		if err = s.Close(); err == nil {
			return openPractice(ctx, sh, true)
		}
		return nil, err
	}
	return nil, errors.Join(err, s.Close())
}

// takeFiles takes payroll files in for the first practice company. A bad file
// is reported and nothing is stored of any; the same file twice is one run.
func (s *services) takeFiles(ctx context.Context, sh *shell, files []string) ([]model.RunRow, error) {
	company, err := s.firstCompany(ctx)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return s.sampleRun(ctx, company)
	}
	contents, bad := make([][]byte, len(files)), false
	for i, name := range files {
		file, err := readFile(ctx, name)
		var p *model.Problem
		switch {
		case errors.As(err, &p):
			sh.problem(p).print(sh.err, name)
			bad = true
		case err != nil:
			return nil, err
		default:
			contents[i] = file.Raw
		}
	}
	if bad {
		return nil, errProblems
	}
	var rows []model.RunRow
	seen := make(map[int64]bool)
	for i, name := range files {
		run, known, err := s.office.Import(ctx, company.ID, name, bytes.NewReader(contents[i]))
		if err != nil {
			return nil, err
		}
		if known {
			fmt.Fprintf(sh.err, "loonbrug: %s is known already as run %s\n", name, run.Reference)
		}
		if seen[run.ID] {
			continue
		}
		seen[run.ID] = true
		row, err := s.office.Find(ctx, run.ID)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// sampleRun is the sample payroll as a run of the company; the practice office
// has it already, and then it is found again by its content.
func (s *services) sampleRun(ctx context.Context, company model.Company) ([]model.RunRow, error) {
	in, err := resources.Practice().Open(sampleFile)
	if err != nil {
		return nil, fmt.Errorf("sample payroll: %w", err)
	}
	run, _, err := s.office.Import(ctx, company.ID, sampleFile, io.Reader(in))
	if err := errors.Join(err, in.Close()); err != nil {
		return nil, err
	}
	row, err := s.office.Find(ctx, run.ID)
	return []model.RunRow{row}, err
}

// practiceAddresses are where the practice systems are.
func practiceAddresses(p *practice.Systems) addresses {
	find := func(id string) practice.System {
		s, ok := p.Find(id)
		if !ok {
			panic("practice: no system " + id)
		}
		return s
	}
	visma := find(practice.VismaNet)
	return addresses{
		cash: find(practice.CASH).Base, cashWSDL: find(practice.CASH).Addresses["wsdl"], procountor: find(practice.Procountor).Base,
		vismaIdentity: visma.Addresses["issuer"], vismaAPI: visma.Addresses["api"],
		vismaClientID: visma.Credentials[0].Fields["client_id"],
		nmbrs:         find(practice.Nmbrs).Base,
		loopbackOnly:  true,
	}
}
