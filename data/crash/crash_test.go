package crash_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"loonbrug/data/crash"
)

// TestMain lets this program be the one that crashes, or ends well.
func TestMain(m *testing.M) {
	folder, how, ok := strings.Cut(os.Getenv("CRASH_TEST"), "|")
	if !ok {
		os.Exit(m.Run())
	}
	end, err := crash.Watch(folder, "1.2.3")
	if err != nil {
		panic(err)
	}
	switch how {
	case "panics":
		panic("the cupboard is bare")
	case "killed":
		os.Exit(7)
	}
	if err := end(); err != nil {
		panic(err)
	}
}

func runs(t *testing.T, folder, how string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "CRASH_TEST="+folder+"|"+how)
	out, err := cmd.CombinedOutput()
	if (err == nil) != (how == "ends") {
		t.Fatalf("%v: %s", err, out)
	}
}

func left(t *testing.T, folder string) []crash.Report {
	t.Helper()
	all, err := crash.Left(folder)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestLeft(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "crashes")
	if all := left(t, folder); len(all) != 0 {
		t.Errorf("%v before anything ran", all)
	}
	runs(t, folder, "ends")
	runs(t, folder, "killed")
	runs(t, folder, "panics")
	all := left(t, folder)
	if len(all) != 1 || !strings.Contains(all[0].Text, "the cupboard is bare") || !strings.Contains(all[0].Text, "1.2.3") {
		t.Fatalf("%v", all)
	}
	if again := left(t, folder); len(again) != 1 {
		t.Error("gone before it was seen")
	}
	if err := all[0].Seen(); err != nil {
		t.Fatal(err)
	}
	if after := left(t, folder); len(after) != 0 {
		t.Errorf("told of twice: %v", after)
	}
	if files, _ := filepath.Glob(filepath.Join(folder, "*")); len(files) != 1 {
		t.Errorf("in the folder: %v", files)
	}
}

// A run that still lives has not crashed.
func TestLeft_Living(t *testing.T) {
	folder := t.TempDir()
	end, err := crash.Watch(folder, "1")
	if err != nil {
		t.Fatal(err)
	}
	if all := left(t, folder); len(all) != 0 {
		t.Errorf("%v", all)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	if files, _ := filepath.Glob(filepath.Join(folder, "*")); len(files) != 0 {
		t.Errorf("left behind: %v", files)
	}
}
