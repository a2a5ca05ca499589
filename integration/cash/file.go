package cash

import (
	"strings"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// File implements [target.Downloader]: the XML document with the records of the
// sending. It is made by the function that makes the document which SOAP 3.0
// sends, byte for byte. REST 4.0 sends the same records, fields and values in
// the same order, which [Target.Post] writes as JSON instead.
//
// A delivery has no document until a document number was asked for, just before
// the sending.
func (t *Target) File(d target.Delivery) (name string, content []byte, err error) {
	document, err := readDocument(d.Evidence[evidenceDocument])
	if err != nil {
		return "", nil, model.NewProblem("cash.no_document_number", "daybook", d.Entry.Extra[optionDaybook]).Because(err)
	}
	parts := []string{ID, d.Entry.Administration, d.Entry.BookPeriod, d.Entry.Extra[optionDaybook], document}
	return strings.Map(inName, strings.Join(parts, "-")) + ".xml", importXML(mutations(&d.Entry, document)), nil
}

// inName keeps what every file system takes in the name of a file.
func inName(r rune) rune {
	switch {
	case r >= '0' && r <= '9', r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z', r == '-':
		return r
	}
	return '_'
}
