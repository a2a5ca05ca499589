package resources_test

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// source is a file of the packaging, or of the repository that it must agree with.
func source(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.FromSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// one is what a pattern finds first.
func one(t *testing.T, path, pattern string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(source(t, path))
	if found == nil {
		t.Fatalf("%s has no %s", path, pattern)
	}
	return found[1]
}

func TestPackaging_OneVersionAndOneName(t *testing.T) {
	version := one(t, "../FyneApp.toml", `(?m)^Version = "(.+)"`)
	if got := one(t, "../cmd/loonbrug/main.go", `(?m)^var version = "(.+)"`); got != version {
		t.Errorf("the program says %s, FyneApp.toml %s", got, version)
	}
	if got := one(t, "packaging/linux/nl.loonbrug.app.metainfo.xml", `<release version="([^"]+)"`); got != version {
		t.Errorf("the newest release of the AppStream data is %s, of FyneApp.toml %s", got, version)
	}
	id := one(t, "../FyneApp.toml", `(?m)^ID = "(.+)"`)
	for path, pattern := range map[string]string{
		"../cmd/loonbrug/window.go":                    `(?m)^const appID = "(.+)"`,
		"packaging/linux/nl.loonbrug.app.desktop":      `(?m)^Icon=(.+)$`,
		"packaging/linux/nl.loonbrug.app.metainfo.xml": `<id>(.+)</id>`,
		"packaging/macos/Info.plist":                   `CFBundleIdentifier</key>\s*<string>(.+)</string>`,
		"packaging/windows/installer.nsi":              `RUN_NAME "(.+)" ;`,
		"packaging/windows/loonbrug.manifest":          `type="win32" name="(nl[^"]+)"`,
		"packaging/linux/" + id + ".desktop":           `(nl\.loonbrug\.app)`,
		"packaging/linux/tree.sh":                      `(?m)^id=(.+)$`,
		"packaging/linux/install.sh":                   `(?m)^id=(.+)$`,
	} {
		if got := one(t, path, pattern); got != id {
			t.Errorf("%s says %s, FyneApp.toml %s", path, got, id)
		}
	}
}

// TestPackaging_InstallerSpeaksFourLanguages: makensis only warns of a text that
// a language lacks, and then shows none.
func TestPackaging_InstallerSpeaksFourLanguages(t *testing.T) {
	want := []string{"DUTCH", "ENGLISH", "FINNISH", "SWEDISH"}
	installer, texts := source(t, "packaging/windows/installer.nsi"), source(t, "packaging/windows/texts.nsh")
	var spoken []string
	for _, m := range regexp.MustCompile(`MUI_LANGUAGE "(\w+)"`).FindAllStringSubmatch(installer, -1) {
		spoken = append(spoken, strings.ToUpper(m[1]))
	}
	if slices.Sort(spoken); !slices.Equal(spoken, want) {
		t.Errorf("the installer speaks %v", spoken)
	}
	known := make(map[string][]string)
	for _, m := range regexp.MustCompile(`(?m)^LangString (\w+) \$\{LANG_(\w+)\} ".+"$`).FindAllStringSubmatch(texts, -1) {
		known[m[1]] = append(known[m[1]], m[2])
	}
	for name, languages := range known {
		if slices.Sort(languages); !slices.Equal(languages, want) {
			t.Errorf("%s is there in %v", name, languages)
		}
		if !strings.Contains(installer, "$("+name+")") {
			t.Errorf("%s is never shown", name)
		}
	}
	for _, m := range regexp.MustCompile(`\$\((\w+)\)`).FindAllStringSubmatch(installer, -1) {
		if known[m[1]] == nil {
			t.Errorf("%s has no text", m[1])
		}
	}
}

func TestPackaging_LinuxSpeaksFourLanguages(t *testing.T) {
	desktop, appStream := source(t, "packaging/linux/nl.loonbrug.app.desktop"), source(t, "packaging/linux/nl.loonbrug.app.metainfo.xml")
	for _, language := range []string{"nl", "sv", "fi"} {
		for _, key := range []string{"GenericName", "Comment", "Keywords"} {
			if !strings.Contains(desktop, "\n"+key+"["+language+"]=") {
				t.Errorf("the desktop file has no %s in %s", key, language)
			}
		}
		for _, element := range []string{"summary", "p"} {
			if !strings.Contains(appStream, "<"+element+` xml:lang="`+language+`">`) {
				t.Errorf("the AppStream data has no %s in %s", element, language)
			}
		}
		if !strings.Contains(source(t, "packaging/macos/Info.plist"), "<string>"+language+"</string>") {
			t.Errorf("the app bundle does not know %s", language)
		}
	}
}

// TestPackaging_WellFormed reads what systems will read, with their own tools
// where they are there.
func TestPackaging_WellFormed(t *testing.T) {
	for _, path := range []string{
		"packaging/linux/nl.loonbrug.app.metainfo.xml", "packaging/macos/Info.plist", "packaging/windows/loonbrug.manifest",
	} {
		for d := xml.NewDecoder(strings.NewReader(source(t, path))); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
		}
	}
	manifest := source(t, "packaging/windows/loonbrug.manifest")
	for _, want := range []string{">UTF-8</activeCodePage>", ">PerMonitorV2, PerMonitor</dpiAwareness>", `level="asInvoker"`} {
		if !strings.Contains(manifest, want) {
			t.Errorf("the manifest lacks %s", want)
		}
	}
	check := [][]string{
		{"desktop-file-validate", "packaging/linux/nl.loonbrug.app.desktop"},
		{"appstreamcli", "validate", "--no-net", "--pedantic", "packaging/linux/nl.loonbrug.app.metainfo.xml"},
	}
	scripts, err := filepath.Glob("packaging/*.sh")
	more, err2 := filepath.Glob("packaging/*/*.sh")
	if err := errors.Join(err, err2); err != nil || len(more) < 5 {
		t.Fatalf("scripts: %v, %v", more, err)
	}
	for _, script := range append(scripts, more...) {
		check = append(check, []string{"sh", "-n", script})
	}
	for _, c := range check {
		if _, err := exec.LookPath(c[0]); err != nil {
			continue // a tool that the system may do without
		}
		if out, err := exec.Command(c[0], c[1:]...).CombinedOutput(); err != nil {
			t.Errorf("%v: %v\n%s", c, err, out)
		}
	}
}
