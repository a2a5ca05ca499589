package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"loonbrug/data/model"
	"loonbrug/integration/office/setup"
)

// setupCommand writes how the office is set up into a file, tells what a file
// would change, or takes one over.
func setupCommand(ctx context.Context, sh *shell, args []string) error {
	flags := sh.flags("setup")
	do := map[string]func(*services, context.Context, *shell, string, bool) error{
		"export": (*services).exportSetup, "compare": (*services).compareSetup, "import": (*services).importSetup,
	}
	var word string
	if len(args) > 0 {
		word, args = args[0], args[1:]
	}
	asJSON := flags.Bool("json", false, "print JSON")
	if err := parse(flags, args); err != nil {
		return err
	}
	if do[word] == nil || flags.NArg() != 1 || *asJSON && word == "export" {
		flags.Usage()
		return errUsage
	}
	s, err := open(ctx, sh, needs{ask: askPassphrase})
	if err != nil {
		return err
	}
	return errors.Join(do[word](s, ctx, sh, flags.Arg(0), *asJSON), s.Close())
}

func (s *services) exportSetup(ctx context.Context, sh *shell, file string, _ bool) error {
	text, err := s.setupText(ctx)
	if err != nil {
		return sh.refused(err, file)
	}
	return writeFile(file, text)
}

// setupText is the file that says how the office is set up.
func (s *services) setupText(ctx context.Context) ([]byte, error) {
	now, err := s.office.Setup(ctx)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = setup.Write(&text, now)
	return text.Bytes(), err
}

// writeFile writes a file whole or not at all, readable by this user alone.
func writeFile(path string, content []byte) error {
	unfinished := path + ".part"
	err := os.WriteFile(unfinished, content, 0o600)
	if err == nil {
		err = os.Rename(unfinished, path)
	}
	if err != nil {
		return model.NewProblem("store.read_only", "path", path).Because(errors.Join(err, ignoreMissing(os.Remove(unfinished))))
	}
	return nil
}

func (s *services) compareSetup(ctx context.Context, sh *shell, file string, asJSON bool) error {
	then, err := readSetup(file)
	if err != nil {
		return sh.refused(err, file)
	}
	changes, err := s.office.CompareSetup(ctx, then)
	if err != nil {
		return sh.refused(err, file)
	}
	return sh.printChanges(changes, asJSON)
}

func (s *services) importSetup(ctx context.Context, sh *shell, file string, asJSON bool) error {
	then, err := readSetup(file)
	if err != nil {
		return sh.refused(err, file)
	}
	changes, err := s.office.ImportSetup(ctx, then)
	if err != nil {
		return sh.refused(err, file)
	}
	return sh.printChanges(changes, asJSON)
}

func readSetup(file string) (setup.File, error) {
	in, err := os.Open(file)
	if err != nil {
		return setup.File{}, model.NewProblem("setup.cannot_open", "file", filepath.Base(file)).Because(err)
	}
	then, err := setup.Read(in)
	return then, errors.Join(err, in.Close())
}

func (sh *shell) printChanges(changes []model.SetupChange, asJSON bool) error {
	if asJSON {
		if changes == nil {
			changes = []model.SetupChange{}
		}
		return printJSON(sh.out, map[string]any{"changes": changes})
	}
	if len(changes) == 0 {
		fmt.Fprintln(sh.out, "no difference")
	}
	for _, c := range changes {
		fmt.Fprintf(sh.out, "%s  %s  %s\n", c.What, c.Kind, c.Key)
		for _, d := range c.Fields {
			fmt.Fprintf(sh.out, "    %s: %q → %q\n", d.Field, d.From, d.To)
		}
	}
	return nil
}
