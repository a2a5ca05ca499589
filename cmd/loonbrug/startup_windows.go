package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/go-gl/glfw/v3.4/glfw"
	"golang.org/x/sys/windows"

	"loonbrug/data/model"
	"loonbrug/data/paths"
	"loonbrug/data/settings"
)

// drawingChoice says that who draws the window can be chosen.
const drawingChoice = true

// renderer is Mesa's OpenGL by software, below the folder of the program. It
// must not lie beside the program: Windows would use it there even where the
// graphics card can do better. Whoever releases the program adds it.
const renderer = `software\opengl32.dll`

// readyScreen makes sure that the window can be drawn. Drawing needs OpenGL 2.1,
// which remote desktops and virtual machines often lack, and the toolkit ends in
// silence without it. Where the setting or the lack asks for it, the program is
// started elsewhere, beside the software renderer. Where nothing helps a message
// box says so.
func readyScreen(sh *shell) (elsewhere bool, err error) {
	defer func() {
		if err != nil {
			sh.box(model.ProblemOf(err))
		}
	}()
	exe, err := os.Executable()
	if err != nil {
		return false, fmt.Errorf("path of the program: %w", err)
	}
	at, err := paths.Locate(sh.dataDir, false)
	if err != nil {
		return false, err
	}
	drawing, err := settings.LoadDrawing(at.Folder)
	if err != nil {
		slog.Warn("who draws is left to the program", "error", err)
	}
	dll := filepath.Join(filepath.Dir(exe), renderer)
	already := exists(filepath.Join(filepath.Dir(exe), "opengl32.dll"))
	if drawing == settings.DrawingSoftware && !already && exists(dll) {
		return true, startBeside(exe, dll)
	}
	missing := probe()
	switch {
	case missing == nil:
		return false, nil
	case drawing != settings.DrawingHardware && !already && exists(dll):
		slog.Info("drawing by software", "because", missing)
		return true, startBeside(exe, dll)
	}
	return false, model.NewProblem("window.no_opengl").Because(missing)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// probe asks for a hidden window just as the toolkit will ask for the real one.
func probe() error {
	if err := glfw.Init(); err != nil {
		return err
	}
	defer glfw.Terminate()
	glfw.WindowHint(glfw.Visible, glfw.False)
	glfw.WindowHint(glfw.ContextVersionMajor, 2)
	glfw.WindowHint(glfw.ContextVersionMinor, 1)
	w, err := glfw.CreateWindow(16, 16, "Loonbrug", nil, nil)
	if err != nil {
		return err
	}
	if w == nil { // what the system refused is printed by the library, which returns no error for it
		return errors.New("the system gives no window to draw in")
	}
	w.Destroy()
	return nil
}

// startBeside starts the program once more with the same arguments, from a
// folder of the user in which the renderer lies beside it.
func startBeside(exe, dll string) error {
	local, err := os.UserCacheDir()
	if err != nil {
		return fmt.Errorf("drawing by software: %w", err)
	}
	folder := filepath.Join(local, "Loonbrug", "software")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("drawing by software: %w", err)
	}
	copied := filepath.Join(folder, filepath.Base(exe))
	if err := errors.Join(linkOrCopy(exe, copied), linkOrCopy(dll, filepath.Join(folder, filepath.Base(dll)))); err != nil {
		return fmt.Errorf("drawing by software: %w", err)
	}
	cmd := exec.Command(copied, os.Args[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), installedAs+"="+exe)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("drawing by software: %w", err)
	}
	return cmd.Process.Release()
}

// installedAs names the variable that tells the program beside the renderer
// where it was started from.
const installedAs = "LOONBRUG_INSTALLED_AS"

// installed is the path that the program is started by, which outlives an update.
func installed() (string, error) {
	if exe := os.Getenv(installedAs); exe != "" {
		return exe, nil
	}
	return os.Executable()
}

// linkOrCopy makes to the same file as from, or a copy of it on another drive. What
// is there already, and perhaps in use, is only replaced when it differs.
func linkOrCopy(from, to string) error {
	is, err := os.Stat(from)
	if err != nil {
		return err
	}
	if was, err := os.Stat(to); err == nil {
		if os.SameFile(is, was) || was.Size() == is.Size() && was.ModTime().Equal(is.ModTime()) {
			return nil
		}
		if err := os.Remove(to); err != nil {
			return err
		}
	}
	if err := os.Link(from, to); err == nil {
		return nil
	}
	return copyFile(from, to, is)
}

// copyFile copies a file with its time, by which it is known again.
func copyFile(from, to string, is os.FileInfo) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		return errors.Join(err, out.Close())
	}
	if err := out.Close(); err != nil {
		return err
	}
	return os.Chtimes(to, is.ModTime(), is.ModTime())
}

// box tells a person about a problem before there is a window to tell it in.
func (sh *shell) box(p *model.Problem) {
	report := sh.problem(p)
	text, err := windows.UTF16PtrFromString(report.Message + "\n\n" + report.Cause + "\n\n" + report.Solution)
	if err != nil {
		return // the same is printed
	}
	title, err := windows.UTF16PtrFromString("Loonbrug")
	if err != nil {
		return
	}
	_, _ = windows.MessageBox(0, text, title, windows.MB_OK|windows.MB_ICONERROR|windows.MB_SETFOREGROUND)
}
