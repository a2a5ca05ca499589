package autostart

import "strings"

// desktop is the entry as the Desktop Entry Specification 1.5 has it.
func (e Entry) desktop() string {
	command := make([]string, 0, 1+len(e.Args))
	for _, word := range append([]string{e.Program}, e.Args...) {
		command = append(command, desktopWord(word))
	}
	return "[Desktop Entry]\nType=Application\nName=" + desktopText(e.Name) +
		"\nExec=" + desktopText(strings.Join(command, " ")) + "\nIcon=" + e.ID + "\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"
}

// desktopWord quotes one word of a command. A percent sign begins a field code
// unless it is doubled.
func desktopWord(word string) string {
	return `"` + strings.NewReplacer(`"`, `\"`, "`", "\\`", `$`, `\$`, `\`, `\\`, `%`, `%%`).Replace(word) + `"`
}

// desktopText escapes a value of the file, after any quoting of words.
func desktopText(value string) string {
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(value)
}
