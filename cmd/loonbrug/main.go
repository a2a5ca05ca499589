// Command loonbrug takes the journal entries that a payroll run produces and
// books them in the office's accounting system. Started bare it opens the
// window; with a word it serves scripts, tests and servers.
//
// This package is wiring and start-up only: flags, log, lock, store, services,
// window. The rules are in integration/office and integration/sender.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/pkg/browser"
)

// Exit codes of every command.
const (
	exitFine     = 0
	exitProblems = 1 // the input or a delivery has problems
	exitUsage    = 2 // wrong use
	exitFailed   = 3 // the program could not work: disk, database, network
)

// version is set by the build.
var version = "0.1.0"

func main() {
	attachConsole()
	browser.Stdout, browser.Stderr = io.Discard, io.Discard // what a browser prints is not ours to show
	// Ctrl-break and the end of a session on Windows come as these two as well.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second one ends the program at once
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// shell is where a command reads its flags from and writes to.
type shell struct {
	out, err io.Writer
	dataDir  string
	language string
	texts    texts

	practiceIfNew bool
	minimised     bool // start without the window, where there is a tray
}

// command is one word of the command line.
type command struct {
	name, use string
	run       func(ctx context.Context, sh *shell, args []string) error
}

func commands() []command {
	return []command{
		{"practice", "practice [--headless] [--json] [FILE…] | practice --servers [--json]", practiceCommand},
		{"read", "read [--json|--totals] FILE…", readCommand},
		{"status", "status [--json]", statusCommand},
		{"send", "send [--run ID|--all] [--dry-run] [--json]", sendCommand},
		{"sender", "sender [--wait] [--listen ADDRESS] [--log-json] [--credentials DIR]", senderCommand},
		{"verify", "verify [--json]", verifyCommand},
		{"history", "history [--since DATE] [--csv|--pdf|--json]", historyCommand},
		{"backup", "backup FILE", backupCommand},
		{"restore", "restore FILE", restoreCommand},
		{"shared", "shared test|join|move|return|leave [--address-file FILE]", sharedCommand},
		{"setup", "setup export FILE | setup compare [--json] FILE | setup import [--json] FILE", setupCommand},
		{"logs", "logs FILE", logsCommand},
	}
}

// errUsage marks wrong use of the command line; errProblems that the work was
// done but something in it has a problem that has been printed already.
var (
	errUsage    = errors.New("wrong use")
	errProblems = errors.New("problems")
)

func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	sh := &shell{out: out, err: errOut, language: systemLanguage()}
	flags := flag.NewFlagSet("loonbrug", flag.ContinueOnError)
	flags.SetOutput(errOut)
	flags.Usage = func() { usage(errOut) }
	flags.StringVar(&sh.dataDir, "data-dir", "", "use another data folder")
	flags.BoolVar(&sh.practiceIfNew, "practice-if-new", false, "open the practice office while there is no account yet")
	flags.BoolVar(&sh.minimised, "minimised", false, "start in the tray, where there is one")
	showVersion := flags.Bool("version", false, "print the version")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return exitFine
		}
		return exitUsage
	}
	if sh.dataDir != "" {
		absolute, err := filepath.Abs(sh.dataDir)
		if err != nil {
			return sh.exit(err)
		}
		sh.dataDir = absolute
	}
	if *showVersion {
		fmt.Fprintln(out, "loonbrug", version)
		return exitFine
	}
	sh.texts = readTexts(sh.dataDir)
	if sh.texts.own != nil {
		sh.problem(sh.texts.own).print(sh.err, "loonbrug")
	}
	if flags.NArg() == 0 {
		return sh.exit(windowCommand(ctx, sh))
	}
	for _, c := range commands() {
		if c.name == flags.Arg(0) {
			return sh.exit(c.run(ctx, sh, flags.Args()[1:]))
		}
	}
	fmt.Fprintf(errOut, "loonbrug: no command %q\n\n", flags.Arg(0))
	usage(errOut)
	return exitUsage
}

func usage(w io.Writer) {
	fmt.Fprintln(w, "loonbrug [--data-dir DIR] [--practice-if-new] [--minimised]   opens the window")
	fmt.Fprintln(w, "loonbrug --version")
	for _, c := range commands() {
		fmt.Fprintln(w, "loonbrug [--data-dir DIR]", c.use)
	}
}

// flags makes the flags of a command, which print its use when they are wrong.
func (sh *shell) flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet("loonbrug "+name, flag.ContinueOnError)
	f.SetOutput(sh.err)
	f.Usage = func() {
		for _, c := range commands() {
			if c.name == name {
				fmt.Fprintln(sh.err, "loonbrug", c.use)
			}
		}
		f.PrintDefaults()
	}
	return f
}

// parse reads the flags of a command.
func parse(f *flag.FlagSet, args []string) error {
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return err
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	return nil
}
