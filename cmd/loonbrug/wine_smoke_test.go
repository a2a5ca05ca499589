//go:build smoke && wine

package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// wine is a Windows of its own, with its files below a temporary folder.
type wine struct {
	t       *testing.T
	folder  string // the drive C:
	display string
}

// newWine makes a Windows. Wine 8 lacks a library that Go needs, so a stand-in
// for it is laid there.
func newWine(t *testing.T) *wine {
	t.Helper()
	prefix := filepath.Join(t.TempDir(), "prefix")
	w := &wine{t: t, folder: filepath.Join(prefix, "drive_c"), display: startDisplay(t)}
	t.Setenv("WINEPREFIX", prefix)
	t.Setenv("WINEDEBUG", "-all")
	t.Setenv("WINEDLLOVERRIDES", "mscoree,mshtml=")
	t.Setenv("LC_ALL", "nl_NL.UTF-8")
	t.Cleanup(func() { _ = exec.Command("wineserver", "-k").Run() })
	w.must("wineboot", "--init")
	tool(t, "x86_64-w64-mingw32-gcc", "-shared", "-O2", "-o", w.path(`windows/system32/bcryptprimitives.dll`),
		"../../resources/packaging/windows/bcryptprimitives.c")
	return w
}

// tool runs a program of this computer, which must end well.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// path is where a file of the drive C: lies on this computer.
func (w *wine) path(file string) string { return filepath.Join(w.folder, filepath.FromSlash(file)) }

// local is a file below the user's local application data.
func (w *wine) local(file string) string {
	found, err := filepath.Glob(w.path("users/*/AppData/Local"))
	if err != nil || len(found) != 1 {
		w.t.Fatalf("users: %v, %v", found, err)
	}
	return filepath.Join(found[0], filepath.FromSlash(file))
}

func (w *wine) command(args ...string) *exec.Cmd {
	cmd := exec.Command("wine", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+w.display, "WAYLAND_DISPLAY=", "FYNE_THEME=light", "FYNE_SCALE=1")
	return cmd
}

// run runs a Windows program to its end.
func (w *wine) run(args ...string) told {
	w.t.Helper()
	cmd := w.command(args...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	var ended *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &ended) {
		w.t.Fatalf("wine %v: %v", args, err)
	}
	return told{cmd.ProcessState.ExitCode(), out.String(), errOut.String()}
}

func (w *wine) must(args ...string) told {
	w.t.Helper()
	a := w.run(args...)
	if a.code != exitFine {
		w.t.Fatalf("wine %v: exit %d\n%s\n%s", args, a.code, a.out, a.err)
	}
	return a
}

// screen shows a build of the program that can be looked into.
func (w *wine) screen() *screen {
	w.t.Helper()
	bin := filepath.Join(w.t.TempDir(), "loonbrug.exe")
	build := exec.Command("go", "build", "-trimpath", "-tags", os.Getenv("RELEASE_TAGS")+",smoke", "-ldflags", "-s -w -H=windowsgui", "-o", bin, ".")
	build.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=1", "CC=x86_64-w64-mingw32-gcc")
	if out, err := build.CombinedOutput(); err != nil {
		w.t.Fatalf("build: %v\n%s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		w.t.Fatal(err)
	}
	shots, err := filepath.Abs("../../screenshots")
	if err != nil {
		w.t.Fatal(err)
	}
	if err := os.MkdirAll(shots, 0o755); err != nil {
		w.t.Fatal(err)
	}
	env := append(w.command().Env, "LOONBRUG_SMOKE="+address)
	return &screen{t: w.t, bin: []string{"wine", bin}, env: env, data: `C:\office`, socket: address, shots: shots}
}

const (
	program   = "Programs/Loonbrug/loonbrug.exe"
	uninstall = "Programs/Loonbrug/uninstall.exe"
)

// TestWine installs the program for Windows with its installer, works with it,
// and takes it away again.
func TestWine(t *testing.T) {
	w := newWine(t)
	w.must(os.Getenv("LOONBRUG_INSTALLER"), "/S")
	exe := w.local(program)
	if a := w.must(exe, "--version"); strings.TrimSpace(a.out) != "loonbrug "+version {
		t.Errorf("the version is %q", a.out)
	}

	t.Run("Headless", func(t *testing.T) {
		sample, err := filepath.Abs(sample)
		if err != nil {
			t.Fatal(err)
		}
		wantNineEntries(t, w.run(exe, "practice", "--headless", "--json", `Z:`+sample))
	})
	t.Run("OwnFolderAndKeyStore", func(t *testing.T) {
		for range 2 { // the key is made, and found again
			w.must(exe, "status", "--json")
		}
		if _, err := os.Stat(w.local("Loonbrug/loonbrug.db")); err != nil {
			t.Error(err)
		}
	})
	t.Run("Window", func(t *testing.T) { w.window(t, exe) })
	t.Run("Removed", func(t *testing.T) {
		w.must(w.local(uninstall), "/S", `_?=`+w.windowsPath(filepath.Dir(exe)))
		if _, err := os.Stat(exe); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the program is still there: %v", err)
		}
		if _, err := os.Stat(w.local("Loonbrug/loonbrug.db")); err != nil {
			t.Errorf("the data is gone: %v", err)
		}
	})
}

func (w *wine) windowsPath(path string) string {
	return strings.TrimSpace(tool(w.t, "wine", "winepath", "-w", path))
}

// window looks at the Export tab, in the build that can be looked into and in
// the installed program beside it, and sends from there.
func (w *wine) window(t *testing.T, exe string) {
	s := w.screen()
	s.t = t
	s.start("nl_NL.UTF-8", "practice")
	s.see("Oefenmodus")
	s.see("Salarisrun mei 2026")
	s.shot("wine-export")
	if a := w.run(exe, "--data-dir", s.data, "practice", "--headless", "--json"); a.code != exitFailed || !strings.Contains(a.err, "practice.running") {
		t.Errorf("two programs serve one practice office: exit %d\n%s", a.code, a.err)
	}
	const run = "Salarisrun maart 2026 met correcties"
	s.scroll("Salarisrun mei 2026")
	s.clickLogo(run, "CASH")
	s.seeLogo(run, "CASH", "Geboekt")
	s.shot("wine-booked")
	w.must("taskkill", "/im", filepath.Base(s.bin[1]))
	if err := s.window.Wait(); err != nil {
		t.Fatalf("the program ended with %v:\n%s", err, s.output.String())
	}
	fmt.Fprintln(os.Stderr, s.output.String())
}
