package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"loonbrug/data/store/storetest"
)

// builds are the programs that tests start as processes of their own. Each is
// built when a test first asks for it, and goes when the tests are over.
var builds struct {
	sync.Mutex
	folder string
	made   map[string]func() (string, error)
}

func TestMain(m *testing.M) { os.Exit(testMain(m)) }

func testMain(m *testing.M) (code int) {
	flag.Parse()
	if err := useEngine(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitFailed
	}
	folder, err := os.MkdirTemp("", "loonbrug-builds-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitFailed
	}
	defer func() {
		if err := os.RemoveAll(folder); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = exitFailed
		}
	}()
	builds.folder, builds.made = folder, make(map[string]func() (string, error))
	return storetest.Main(m)
}

// builtPlain is the program as make build makes it, if it works on files.
func builtPlain(t *testing.T) string {
	t.Helper()
	if storetest.OnServer() {
		return built(t, []string{"-tags", "migrated_fynedo,smoke"})
	}
	return built(t, []string{"-tags", "migrated_fynedo"})
}

// built is the program, built with these flags of go build and, beside that of the
// tests, this environment.
func built(t *testing.T, flags []string, environment ...string) string {
	t.Helper()
	path, err := buildOnce(flags, environment)()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func buildOnce(flags, environment []string) func() (string, error) {
	builds.Lock()
	defer builds.Unlock()
	key := fmt.Sprintf("%q %q", flags, environment)
	if builds.made[key] == nil {
		folder := filepath.Join(builds.folder, strconv.Itoa(len(builds.made)))
		builds.made[key] = sync.OnceValues(func() (string, error) { return buildInto(folder, flags, environment) })
	}
	return builds.made[key]
}

// buildInto has go build name the program, as every system has its own ending.
func buildInto(folder string, flags, environment []string) (string, error) {
	args := append([]string{"build"}, flags...)
	cmd := exec.Command("go", append(args, "-o", folder+string(filepath.Separator), ".")...)
	cmd.Env = append(os.Environ(), environment...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		return "", fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	return filepath.Join(folder, files[0].Name()), nil
}

// TestBuilt_Once: asking again gives the same file, asking with other flags not.
func TestBuilt_Once(t *testing.T) {
	first := builtPlain(t)
	before, err := os.Stat(first)
	if err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(builtPlain(t))
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(before, after) || !before.ModTime().Equal(after.ModTime()) {
		t.Errorf("%s was built twice", first)
	}
	if other, err := buildOnce([]string{"-no-such-flag"}, nil)(); err == nil {
		t.Errorf("a build that cannot be is %s", other)
	}
}
