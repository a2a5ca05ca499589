package autostart

import (
	"encoding/xml"
	"strings"
)

// launchd is the entry as launchd.plist(5) has it.
func (e Entry) launchd() string {
	var words strings.Builder
	for _, word := range append([]string{e.Program}, e.Args...) {
		words.WriteString("\t\t<string>" + escaped(word) + "</string>\n")
	}
	return xml.Header + `<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>` + escaped(e.ID) + `</string>
	<key>ProgramArguments</key>
	<array>
` + words.String() + `	</array>
	<key>RunAtLoad</key>
	<true/>
	<key>ProcessType</key>
	<string>Interactive</string>
</dict>
</plist>
`
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes everything
	return b.String()
}
