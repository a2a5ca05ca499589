package main

import "fmt"

// licences are the works that the program stands on.
func licences() []string {
	lines := make([]string, 0, 16)
	for _, l := range [][2]string{
		{"Go", "BSD-3-Clause"},
		{"Fyne", "BSD-3-Clause"},
		{"SQLite", "public domain"},
		{"mattn/go-sqlite3", "MIT"},
		{"pressly/goose", "MIT"},
		{"golang.org/x/oauth2, text, time, sync", "BSD-3-Clause"},
		{"coreos/go-oidc", "Apache-2.0"},
		{"go-jose", "Apache-2.0"},
		{"zalando/go-keyring", "MIT"},
		{"filippo.io/age", "BSD-3-Clause"},
		{"gofrs/flock", "BSD-3-Clause"},
		{"fsnotify", "BSD-3-Clause"},
		{"godbus/dbus", "BSD-2-Clause"},
		{"pkg/browser", "BSD-2-Clause"},
		{"lumberjack", "MIT"},
		{"getkin/kin-openapi", "MIT"},
	} {
		lines = append(lines, fmt.Sprintf("%s · %s", l[0], l[1]))
	}
	return lines
}
