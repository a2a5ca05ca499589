package cash

import (
	"encoding/xml"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// node is an element of an answer. Names are compared without regard to capitals
// and name spaces, neither of which is published. All methods may be called on
// nil, which is an element that is not there.
type node struct {
	XMLName xml.Name
	Data    string  `xml:",chardata"`
	Nodes   []*node `xml:",any"`
	above   *node
}

// first is the first element of a name below this one, at any depth.
func (n *node) first(name string) *node {
	if all := n.all(name); len(all) > 0 {
		return all[0]
	}
	return nil
}

// all are the elements of a name below this one, at any depth, in their order.
func (n *node) all(name string) (list []*node) {
	if n == nil {
		return nil
	}
	for _, child := range n.Nodes {
		child.above = n
		if strings.EqualFold(child.XMLName.Local, name) {
			list = append(list, child)
		}
		list = append(list, child.all(name)...)
	}
	return list
}

// value is the text of the first element of a name below this one.
func (n *node) value(name string) string { return n.first(name).text() }

func (n *node) text() string {
	if n == nil {
		return ""
	}
	return strings.TrimSpace(n.Data)
}

var errNoResponse = errors.New("an answer without a response code")

// readSOAP reads an answer and the code that its response has.
func readSOAP(body []byte) (root *node, code int, err error) {
	root = new(node)
	if err := xml.Unmarshal(body, root); err != nil {
		return nil, 0, err
	}
	code, err = strconv.Atoi(root.first("response").value("code"))
	if err != nil {
		return nil, 0, errNoResponse
	}
	return root, code, nil
}

// document is the XML that CASH gives as text. CASH writes a line of a mail
// header before it.
func document(text string) (*node, error) {
	start := strings.Index(text, "<")
	if start < 0 {
		return nil, errNoRecords
	}
	root := new(node)
	return root, xml.Unmarshal([]byte(text[start:]), root)
}

// readXMLRows takes the records out of the answer to an export command.
func readXMLRows(text, command string) ([]row, error) {
	root, err := document(text)
	if err != nil {
		return nil, err
	}
	if !strings.EqualFold(root.XMLName.Local, "cash") {
		return nil, errNoRecords
	}
	var rows []row
	for _, record := range root.Nodes {
		if !slices.Contains(recordNames(command), record.XMLName.Local) {
			return nil, errNoRecords
		}
		r := make(row, len(record.Nodes))
		for _, f := range record.Nodes {
			r[f.XMLName.Local] = textOf(f)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func textOf(n *node) text { return text(n.text()) }

// readErrors reads the errors of a transaction that failed. The text is never
// quoted when it is no such document: it may hold texts of lines.
func readErrors(text string) (f fault) {
	root, err := document(text)
	if err != nil {
		return f
	}
	for _, e := range root.all("error") {
		l := readMessage(e.value("message"))
		l.line, _ = strconv.Atoi(e.value("line")) // zero is unknown
		f.lines = append(f.lines, l)
	}
	return f
}

// importXML writes records 301 as CASH's XML: one element for each line.
func importXML(lines []mutation) []byte {
	var b strings.Builder
	b.WriteString("<CASH>")
	for _, line := range lines {
		b.WriteString("<R0301>")
		for _, f := range line {
			b.WriteString("<" + f.name + ">" + escaped(f.value) + "</" + f.name + ">")
		}
		b.WriteString("</R0301>")
	}
	b.WriteString("</CASH>")
	return []byte(b.String())
}

// escaped is a text as it stands between tags.
func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a builder takes everything
	return b.String()
}
