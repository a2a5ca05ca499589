//go:build smoke

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"loonbrug/integration/practice/chromium"
)

// bound ends every wait of the window tests; nothing is timed by it.
const bound = 3 * time.Minute

// screen is a display of its own with the program's window on it. It looks
// through the socket of the smoke build and clicks through the display.
type screen struct {
	t      *testing.T
	bin    []string // the program, and before it what starts it
	env    []string
	data   string
	socket string
	pages  string // a pipe that tells which addresses a browser was asked to show
	shots  string
	window *exec.Cmd
	output strings.Builder
}

// builtWindow is the program as a test can look into its window.
func builtWindow(t *testing.T) string {
	t.Helper()
	return built(t, []string{"-tags", "migrated_fynedo,smoke"})
}

func newScreen(t *testing.T) *screen {
	t.Helper()
	return screenOf(t, builtWindow(t))
}

// screenOf is a display for a program that was built to be looked into.
func screenOf(t *testing.T, bin string) *screen {
	t.Helper()
	folder := t.TempDir()
	s := &screen{
		t: t, bin: []string{bin}, data: filepath.Join(folder, "data"), socket: filepath.Join(folder, "s"),
		pages: filepath.Join(folder, "pages"), shots: shotsFolder(t),
	}
	if err := os.MkdirAll(filepath.Join(folder, ".cache"), 0o700); err != nil {
		t.Fatal(err)
	}
	// What the program takes for the system's browser writes the address into a
	// pipe; the browser itself is driven from here. It shows nothing to who left the
	// passphrase or the address for commands in its environment.
	if err := syscall.Mkfifo(s.pages, 0o600); err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf("#!/bin/sh\n[ -z \"$%s$%s\" ] || exit 1\nprintf '%%s\\n' \"$1\" > '%s'\n", passphraseVariable, addressVariable, s.pages)
	if err := os.WriteFile(filepath.Join(folder, "xdg-open"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	s.env = append(os.Environ(), "DISPLAY="+startDisplay(t), "WAYLAND_DISPLAY=", "FYNE_THEME=light", "FYNE_SCALE=1",
		"LOONBRUG_SMOKE="+s.socket, passphraseVariable+"=of commands", addressVariable+"=of commands", "HOME="+folder, "XDG_RUNTIME_DIR="+folder, "PATH="+folder+":"+os.Getenv("PATH"))
	return s
}

// shotsFolder is where screenshots are kept.
func shotsFolder(t *testing.T) string {
	t.Helper()
	shots, err := filepath.Abs("../../screenshots")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(shots, 0o755); err != nil {
		t.Fatal(err)
	}
	return shots
}

// startDisplay starts a virtual display on a number that is free.
func startDisplay(t *testing.T, options ...string) string {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	options = append([]string{"-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp"}, options...)
	cmd := exec.Command("Xvfb", options...)
	cmd.ExtraFiles = []*os.File{write}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	_ = write.Close()
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatal("Xvfb gave no display: ", err)
	}
	return ":" + strings.TrimSpace(number)
}

// start starts the program and waits for its window.
func (s *screen) start(locale string, args ...string) {
	s.t.Helper()
	s.window = s.program(args...)
	s.window.Env = append(s.window.Env, "LANG="+locale, "LC_ALL="+locale)
	s.window.Stdout, s.window.Stderr = &s.output, &s.output
	if err := s.window.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = s.window.Process.Kill() })
	s.until("the window", func() bool { return len(s.look()) > 0 })
}

// second is another start of the program for the same office.
func (s *screen) second() *exec.Cmd { return s.program("practice") }

// program is a start of the program on this display and data folder.
func (s *screen) program(args ...string) *exec.Cmd {
	cmd := exec.Command(s.bin[0], slices.Concat(s.bin[1:], []string{"--data-dir", s.data}, args)...)
	cmd.Env = slices.Clone(s.env)
	return cmd
}

// quit ends the program as the system does, and wants it to end well.
func (s *screen) quit() {
	s.t.Helper()
	if err := s.window.Process.Signal(os.Interrupt); err != nil {
		s.t.Fatal(err)
	}
	if err := s.window.Wait(); err != nil {
		s.t.Fatalf("the program ended with %v:\n%s", err, s.output.String())
	}
	if strings.Contains(s.output.String(), "Error in Fyne call thread") {
		s.t.Errorf("a call from the wrong thread:\n%s", s.output.String())
	}
}

// look is everything that can be seen in the window now.
func (s *screen) look() []seen {
	c, err := net.Dial(smokeNetwork(s.socket), s.socket)
	if err != nil {
		return nil
	}
	defer c.Close()
	var all []seen
	if err := json.NewDecoder(c).Decode(&all); err != nil {
		return nil
	}
	return all
}

// until waits for a condition, looking again a few times a second.
func (s *screen) until(what string, holds func() bool) {
	s.t.Helper()
	again := time.NewTicker(150 * time.Millisecond)
	defer again.Stop()
	over := time.After(bound)
	for !holds() {
		select {
		case <-over:
			s.shot("failed")
			s.t.Fatalf("waited in vain for %s; the window shows:\n%s\noutput:\n%s", what, s.words(), s.output.String())
		case <-again.C:
		}
	}
}

func (s *screen) words() string {
	var b strings.Builder
	for _, e := range s.look() {
		fmt.Fprintf(&b, "%s %q at %.0f,%.0f\n", e.Kind, e.Text, e.X, e.Y)
	}
	return b.String()
}

// find gives the first thing that says a text exactly or, failing that, that
// contains it.
func (s *screen) find(text string) (seen, bool) {
	all := s.look()
	i := slices.IndexFunc(all, func(e seen) bool { return e.Text == text })
	if i < 0 {
		i = slices.IndexFunc(all, func(e seen) bool { return strings.Contains(e.Text, text) })
	}
	if i < 0 {
		return seen{}, false
	}
	return all[i], true
}

func (s *screen) see(text string) {
	s.t.Helper()
	s.until(fmt.Sprintf("%q", text), func() bool { _, ok := s.find(text); return ok })
}

func (s *screen) gone(text string) {
	s.t.Helper()
	s.until(fmt.Sprintf("%q to go", text), func() bool { _, ok := s.find(text); return !ok && len(s.look()) > 0 })
}

// click clicks into the middle of what says the text.
func (s *screen) click(text string) {
	s.t.Helper()
	s.see(text)
	e, _ := s.find(text)
	s.clickAt(e)
}

func (s *screen) clickAt(e seen) {
	s.t.Helper()
	s.pointAt(e, "click", "1")
}

// pointAt moves the pointer into the middle of what is seen, wherever on the
// display the window is, and goes on from there.
func (s *screen) pointAt(e seen, then ...string) {
	s.t.Helper()
	s.xdotool(append([]string{
		"search", "--onlyvisible", "--name", "^Loonbrug$",
		"mousemove", "--window", "%1", fmt.Sprint(int(e.X + e.Width/2)), fmt.Sprint(int(e.Y + e.Height/2)),
	}, then...)...)
}

func (s *screen) key(keys string) {
	s.t.Helper()
	s.xdotool("key", keys)
}

func (s *screen) xdotool(args ...string) {
	s.t.Helper()
	cmd := exec.Command("xdotool", args...)
	cmd.Env = s.env
	if out, err := cmd.CombinedOutput(); err != nil {
		s.t.Fatalf("xdotool %v: %v\n%s", args, err, out)
	}
}

// logo is the logo of a target on the line of the window that says a text.
func (s *screen) logo(beside, target string) (seen, bool) {
	all := s.look()
	for _, line := range all {
		if !strings.Contains(line.Text, beside) {
			continue
		}
		for _, e := range all {
			if strings.HasSuffix(e.Kind, ".Logo") && strings.HasPrefix(e.Text, target+":") &&
				math.Abs(float64(e.Y+e.Height/2-line.Y-line.Height/2)) < 30 {
				return e, true
			}
		}
	}
	return seen{}, false
}

func (s *screen) clickLogo(beside, target string) {
	s.t.Helper()
	s.until("the logo of "+target+" beside "+beside, func() bool { _, ok := s.logo(beside, target); return ok })
	e, _ := s.logo(beside, target)
	s.clickAt(e)
}

// clickLogoThat clicks the only logo that says a text.
func (s *screen) clickLogoThat(says string) {
	s.t.Helper()
	var logos []seen
	s.until("one logo that says "+says, func() bool {
		logos = slices.DeleteFunc(s.look(), func(e seen) bool {
			return !strings.HasSuffix(e.Kind, ".Logo") || !strings.Contains(e.Text, says)
		})
		return len(logos) == 1
	})
	s.clickAt(logos[0])
}

func (s *screen) seeLogo(beside, target, state string) {
	s.t.Helper()
	s.until(target+" beside "+beside+" to say "+state, func() bool {
		e, ok := s.logo(beside, target)
		return ok && strings.Contains(e.Text, state)
	})
}

// scroll turns the wheel over what says a text, to the end of its list.
func (s *screen) scroll(over string) {
	s.t.Helper()
	s.see(over)
	e, _ := s.find(over)
	s.pointAt(e, "click", "--repeat", "60", "5")
}

// pick opens a picker that says one text and chooses another in it.
func (s *screen) pick(placeholder, choice string) {
	s.t.Helper()
	s.click(placeholder)
	s.click(choice)
	s.gone(placeholder)
}

// shot keeps what the display shows.
func (s *screen) shot(name string) {
	s.t.Helper()
	cmd := exec.Command("import", "-window", "root", filepath.Join(s.shots, name+".png"))
	cmd.Env = s.env
	if out, err := cmd.CombinedOutput(); err != nil {
		s.t.Fatalf("screenshot: %v\n%s", err, out)
	}
}

// signIn waits for the program to open a browser, and answers the practice
// sign-in there as a person would.
func (s *screen) signIn(user, password, tenant string) {
	s.t.Helper()
	pipe, err := os.Open(s.pages)
	if err != nil {
		s.t.Fatal(err)
	}
	raw, err := io.ReadAll(pipe)
	if err != nil || len(raw) == 0 {
		s.t.Fatal("no address to show: ", err)
	}
	ctx, over := context.WithTimeout(chromium.Start(s.t), bound)
	defer over()
	err = chromedp.Do(ctx,
		chromedp.Navigate(strings.TrimSpace(string(raw))),
		chromedp.WaitVisible("#username"),
		chromedp.SendKeys("#username", user),
		chromedp.SendKeys("#password", password),
		chromedp.Click("#login"),
		chromedp.WaitVisible("#allow"),
		chromedp.Click(`input[name="company"][value="`+tenant+`"]`),
		chromedp.Click("#allow"),
	)
	if err != nil {
		s.t.Fatal("sign in: ", err)
	}
	s.until("the last page of the sign-in", func() bool {
		address, err := chromedp.Run(ctx, chromedp.Location())
		return err == nil && strings.Contains(address, "/signed-in/")
	})
}
