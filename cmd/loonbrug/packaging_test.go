package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const packaging = "../../resources/packaging"

// TestPackaging_Scripts reads every script as the shell does, and runs none.
func TestPackaging_Scripts(t *testing.T) {
	var scripts []string
	err := filepath.WalkDir(packaging, func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".sh" {
			scripts = append(scripts, path)
		}
		return err
	})
	if err != nil || len(scripts) == 0 {
		t.Fatalf("%d scripts, %v", len(scripts), err)
	}
	for _, script := range scripts {
		if out, err := exec.Command("sh", "-n", script).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", script, err, out)
		}
	}
}

// TestPackaging_Languages wants every text of the installer and of the desktop's
// menu in the four languages of the program.
func TestPackaging_Languages(t *testing.T) {
	for file, c := range map[string]struct {
		text      *regexp.Regexp // its name and its language
		languages []string
	}{
		"windows/texts.nsh": {
			regexp.MustCompile(`(?m)^LangString (\w+) \$\{LANG_(\w+)\} ".+"$`),
			[]string{"ENGLISH", "DUTCH", "SWEDISH", "FINNISH"},
		},
		"linux/nl.loonbrug.app.desktop": {
			regexp.MustCompile(`(?m)^(GenericName|Comment|Keywords)(?:\[(\w+)\])?=.+$`),
			[]string{"", "nl", "sv", "fi"},
		},
		"linux/nl.loonbrug.app.metainfo.xml": {
			regexp.MustCompile(`(?m)^\s*<(summary|p)(?: xml:lang="(\w+)")?>.+</\w+>$`),
			[]string{"", "nl", "sv", "fi"},
		},
	} {
		found := make(map[string]string)
		for _, text := range c.text.FindAllStringSubmatch(readPackaging(t, file), -1) {
			found[text[1]] += " " + text[2]
		}
		if len(found) == 0 {
			t.Errorf("%s: no texts", file)
		}
		for name, languages := range found {
			if want := " " + strings.Join(c.languages, " "); languages != want {
				t.Errorf("%s: %s is in%s, not in%s", file, name, languages, want)
			}
		}
	}
}

// TestPackaging_Version wants one version in the program and in what it is
// released with.
func TestPackaging_Version(t *testing.T) {
	raw, err := os.ReadFile("../../FyneApp.toml")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(raw), "\nVersion = \""+version+"\"\n") {
		t.Errorf("FyneApp.toml has another version than %s", version)
	}
	if !strings.Contains(readPackaging(t, "linux/nl.loonbrug.app.metainfo.xml"), `<release version="`+version+`"`) {
		t.Errorf("the AppStream data knows no release %s", version)
	}
}

func readPackaging(t *testing.T, file string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(packaging, filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
