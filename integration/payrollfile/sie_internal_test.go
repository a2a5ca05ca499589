package payrollfile

import (
	"strings"
	"testing"
	"testing/iotest"
)

func TestDetectPage(t *testing.T) {
	for text, want := range map[string]codePage{
		"Malmo":                    unknownPage,
		"Malm\x94":                 page437,
		"Malm\xf6":                 page1252,
		"Malmö":                    utf8Page,
		"Malmö \xc3":               utf8Page, // the second letter is cut off
		"Malmö åker L\xf6n":        utf8Page, // one stray byte
		"L\x94ner \xf6":            unknownPage,
		"L\x94ner t\x84vling \xf6": page437,
		"\xc4\xb3":                 utf8Page,
		"\xb0":                     unknownPage,
	} {
		if got := detectPage([]byte(text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

// A carriage return and its line feed are one end, also where they arrive apart.
func TestRecordReader_Rows(t *testing.T) {
	r := newRecordReader(iotest.OneByteReader(strings.NewReader("a\r\n b \r\rc\n\rd")))
	var got []string
	for {
		record, ok, err := r.next()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		got = append(got, string(record))
	}
	if s := strings.Join(got, "|"); s != "a|b||c||d" {
		t.Errorf("got %q", s)
	}
}

func TestSplitRecord(t *testing.T) {
	for record, want := range map[string]string{
		`7210 {1 "10"} 5`:      `[7210][{1 "10"}][5]`,
		`"a \"b\" \c" d`:       `[a "b" \c][d]`,
		`{1 "a } \" {" 2 b}{}`: `[{1 "a } \" {" 2 b}][{}]`,
		"\t a\t \"\" ":         `[a][]`,
		`"open`:                `quotation mark is never closed`,
		`{1 "}`:                `brace is never closed`,
		`"a\"`:                 `quotation mark is never closed`,
	} {
		fields, err := splitRecord([]byte(record), nil)
		var b strings.Builder
		for _, f := range fields {
			text := string(f.text)
			if f.list {
				text = "{" + text + "}"
			}
			b.WriteString("[" + text + "]")
		}
		got := b.String()
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %s, want %s", record, got, want)
		}
	}
}
