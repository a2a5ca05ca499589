//go:build smoke && wine

package main

import (
	"bytes"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
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
	w.must("winecfg", "-v", "win10") // Wine 8 begins as Windows 7
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

// built is the program for Windows as this test can look into its window.
func (w *wine) built() string {
	w.t.Helper()
	flags := []string{"-trimpath", "-tags", os.Getenv("RELEASE_TAGS") + ",smoke", "-ldflags", "-s -w -H=windowsgui"}
	return built(w.t, flags, "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=1", "CC=x86_64-w64-mingw32-gcc")
}

// screen shows a program, which looks at a data folder.
func (w *wine) screen(t *testing.T, exe, data string) *screen {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	env := append(w.command().Env, "LOONBRUG_SMOKE="+address)
	return &screen{t: t, bin: []string{"wine", exe}, env: env, data: data, socket: address, shots: shotsFolder(t)}
}

const (
	windowsProgram = "Programs/Loonbrug/loonbrug.exe"
	uninstall      = "Programs/Loonbrug/uninstall.exe"
)

// TestWine installs the program for Windows with its installer, works with it,
// and takes it away again.
func TestWine(t *testing.T) {
	w := newWine(t)
	w.must(os.Getenv("LOONBRUG_INSTALLER"), "/S")
	exe := w.local(windowsProgram)
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
	t.Run("InstalledWindow", func(t *testing.T) { w.installed(t, exe) })
	t.Run("NoOpenGL", func(t *testing.T) { w.noOpenGL(t, exe) })
	t.Run("Software", func(t *testing.T) { w.software(t, exe) })
	t.Run("Removed", func(t *testing.T) {
		// It takes nothing away while a program that was told to quit is still
		// there, and unasked it does not wait for that.
		s := &screen{t: t, env: w.command().Env, shots: shotsFolder(t)}
		s.until("the end of the uninstaller", func() bool {
			return w.run(w.local(uninstall), "/S", `_?=`+w.windowsPath(filepath.Dir(exe))).code == exitFine
		})
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

// TestWine_Signed signs the program and its installer with a certificate made for
// the test, and wants each refused before, and when a byte of it was changed
// afterwards.
func TestWine_Signed(t *testing.T) {
	folder := t.TempDir()
	file := func(name string) string { return filepath.Join(folder, name) }
	tool(t, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Test",
		"-addext", "extendedKeyUsage=codeSigning", "-keyout", file("key.pem"), "-out", file("cert.pem"))
	tool(t, "openssl", "pkcs12", "-export", "-inkey", file("key.pem"), "-in", file("cert.pem"), "-passout", "pass:test", "-out", file("p12"))
	if err := os.WriteFile(file("password"), []byte("test"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SIGN_P12", file("p12"))
	t.Setenv("SIGN_PASSWORD", file("password"))

	installer := os.Getenv("LOONBRUG_INSTALLER")
	for name, from := range map[string]string{"Program": filepath.Join(filepath.Dir(installer), "loonbrug.exe"), "Installer": installer} {
		t.Run(name, func(t *testing.T) { signs(t, from, filepath.Join(t.TempDir(), "signed.exe"), file("cert.pem")) })
	}
}

func signs(t *testing.T, from, to, certificate string) {
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	trusted := func() (string, bool) {
		out, err := exec.Command("osslsigncode", "verify", "-CAfile", certificate, "-in", to).CombinedOutput()
		return string(out), err == nil
	}
	write := func(content []byte) {
		if err := os.WriteFile(to, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(content)
	if out, ok := trusted(); ok {
		t.Errorf("trusted before it was signed:\n%s", out)
	}
	tool(t, "sh", "../../resources/packaging/windows/sign.sh", to)
	if out, ok := trusted(); !ok {
		t.Errorf("signed and not trusted:\n%s", out)
	}
	if content, err = os.ReadFile(to); err != nil {
		t.Fatal(err)
	}
	content[len(content)/2] ^= 1
	write(content)
	if out, ok := trusted(); ok {
		t.Errorf("changed and still trusted:\n%s", out)
	}
}

// window looks at the Export tab, in the build that can be looked into and in
// the installed program beside it, and sends from there.
func (w *wine) window(t *testing.T, exe string) {
	s := w.screen(t, w.built(), `C:\office`)
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
	s.key("ctrl+q")
	// Wine kills what takes more than a second to go, so that the exit code tells
	// little; a run that ended well leaves nothing among the crashes.
	_ = s.window.Wait()
	if left, err := os.ReadDir(w.path("office/crashes")); err != nil || len(left) > 0 {
		t.Errorf("the program left %v, %v:\n%s", left, err, s.output.String())
	}
}

// installed wants the installed program to draw its window by itself. It has many
// colours then; a display without it, or with a message box, has few.
func (w *wine) installed(t *testing.T, exe string) {
	s := &screen{t: t, bin: []string{"wine", exe}, env: w.command().Env, data: `C:\installed`, shots: shotsFolder(t)}
	s.window = s.program("practice")
	s.window.Stdout, s.window.Stderr = &s.output, &s.output
	if err := s.window.Start(); err != nil {
		t.Fatal(err)
	}
	s.until("a page with many colours", func() bool {
		s.shot("wine-installed")
		colours, err := strconv.Atoi(tool(t, "identify", "-format", "%k", filepath.Join(s.shots, "wine-installed.png")))
		return err == nil && colours > 1000
	})
	s.key("ctrl+q")
	_ = s.window.Wait() // as above
}

// noOpenGL wants a message box where nothing can be drawn, and then an end that
// says the same.
func (w *wine) noOpenGL(t *testing.T, exe string) {
	display := startDisplay(t, "-extension", "GLX")
	cmd := w.command(exe, "practice")
	cmd.Env = append(cmd.Env, "DISPLAY="+display)
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := &screen{t: t, env: cmd.Env, shots: shotsFolder(t)}
	s.until("the message box", func() bool {
		find := exec.Command("xdotool", "search", "--onlyvisible", "--name", "^Loonbrug$")
		find.Env = cmd.Env
		return find.Run() == nil
	})
	s.shot("wine-no-opengl")
	s.xdotool("search", "--onlyvisible", "--name", "^Loonbrug$", "windowfocus", "--sync", "key", "Return")
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitFailed || !strings.Contains(errOut.String(), "window.no_opengl") {
		t.Errorf("exit %d\n%s", code, errOut.String())
	}
}

// software wants the program started once more beside the renderer, when the
// setting asks for it. Wine's own library takes the place of Mesa's.
func (w *wine) software(t *testing.T, exe string) {
	slot := filepath.Join(filepath.Dir(exe), "software")
	if err := os.MkdirAll(slot, 0o700); err != nil {
		t.Fatal(err)
	}
	dll, err := os.ReadFile(w.path("windows/system32/opengl32.dll"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(slot, "opengl32.dll"), dll, 0o600); err != nil {
		t.Fatal(err)
	}
	visible, err := os.ReadFile(w.built())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(exe, visible, 0o700); err != nil { // in place of the installed one
		t.Fatal(err)
	}
	s := w.screen(t, exe, `C:\drawn`)
	if err := os.MkdirAll(w.path("drawn"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(w.path("drawn/drawing"), []byte("on\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.start("nl_NL.UTF-8", "practice")
	s.see("Salarisrun mei 2026")
	copied := w.local("Loonbrug/software/loonbrug.exe")
	for _, file := range []string{copied, w.local("Loonbrug/software/opengl32.dll")} {
		if _, err := os.Stat(file); err != nil {
			t.Error(err)
		}
	}
	s.key("ctrl+q")
	s.until("the end", func() bool { return len(s.look()) == 0 })
	// Only now, as the other one holds on to the output of the first.
	if err := s.window.Wait(); err != nil {
		t.Errorf("the program that started the other one ended with %v", err)
	}
}
