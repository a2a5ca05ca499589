package payrollfile

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// byLibrary reads transaction XML with the tokens of encoding/xml.
func byLibrary(raw []byte, yield func(journal.Transaction) error) error {
	in := &guard{in: unmarked(bytes.NewReader(raw)), left: maxToken}
	d := xml.NewDecoder(in)
	d.CharsetReader = charset
	n := &nmbrsDecoder{yield: yield, row: func() int {
		row, _ := d.InputPos()
		return row
	}}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return n.end()
		}
		if err != nil {
			return n.broken(err)
		}
		switch t := token.(type) {
		case xml.Directive:
			err = n.broken(errDocumentType)
		case xml.StartElement:
			err = n.take(startTag, []byte(t.Name.Local), nil)
		case xml.EndElement:
			err = n.take(endTag, nil, nil)
		case xml.CharData:
			err = n.take(characters, nil, t)
		}
		if err != nil {
			return err
		}
	}
}

// outcome is what was read before the problem, if any.
type outcome struct {
	transactions []journal.Transaction
	problem      *model.Problem
}

func outcomeOf(read func(yield func(journal.Transaction) error) error) (o outcome) {
	o.problem = model.ProblemOf(read(func(t journal.Transaction) error {
		t.Lines = slices.Clip(t.Lines)
		o.transactions = append(o.transactions, t)
		return nil
	}))
	return o
}

// sameAsLibrary reads a file both ways, ours in pieces of any size.
func sameAsLibrary(t *testing.T, raw []byte, piece int) {
	t.Helper()
	want := outcomeOf(func(yield func(journal.Transaction) error) error { return byLibrary(raw, yield) })
	got := outcomeOf(func(yield func(journal.Transaction) error) error {
		return NmbrsXML{}.read(context.Background(), bytes.NewReader(raw), piece, yield)
	})
	if !reflect.DeepEqual(got.transactions, want.transactions) {
		t.Fatalf("in pieces of %d:\n%q\nread %+v\nwant %+v\n%v\n%v", piece, raw, got.transactions, want.transactions, got.problem, want.problem)
	}
	// The library tells neither a file that was cut off nor the place of a fault
	// inside a tag from other faults.
	malformed := func(p *model.Problem) bool {
		return p != nil && slices.Contains([]string{"file.not_xml", "file.cut_off", "file.dtd"}, p.Code)
	}
	if malformed(got.problem) && malformed(want.problem) {
		return
	}
	if !reflect.DeepEqual(withoutCause(got.problem), withoutCause(want.problem)) {
		t.Fatalf("in pieces of %d:\n%q\nproblem %v\nwant    %v", piece, raw, got.problem, want.problem)
	}
}

func withoutCause(p *model.Problem) *model.Problem {
	if p == nil {
		return nil
	}
	plain := *p
	return plain.Because(nil)
}

const sound = `<transactions><transaction><header><period>3/2026</period></header><lines>` +
	`<line id="1"><dim1>4000</dim1><value>1</value><debitcredit>debit</debitcredit><description>TEXT</description></line>` +
	`<line><dim1>1700</dim1><value>1</value><debitcredit>credit</debitcredit></line></lines></transaction></transactions>`

// oddities are documents with something that a scanner may get wrong.
func oddities() []string {
	var all []string
	for _, text := range []string{
		"a &amp; b &lt;&gt;&quot;&apos;", "&#65;&#x42;&#x00000043;", "&#0;", "&#xD800;", "&#x110000;", "&#99999999999;", "&#;", "&#x;", "&#X41;",
		"&amp", "& b", "&nbsp;", "&;", "&lt ;", "<![CDATA[a & <b> ]] ]>]]>", "<![CDATA[\r\n\r]]>x", "<![CDATA[\xc3]]>", "<![CDATA[a", "<![CDAT[a]]>",
		"a<!-- <b> -->c", "<!-- -- -->", "<!--->-->", "<!---->", "<!- -->", "a<?php 1 > 2 ?>b", "<?1?>", "<??>", "<?a:b:c?>", "<?xml version='1.1'?>",
		"]]>", "]]", "]]&gt;", "]", "a\r\nb\rc\nd", "a&#13;&#10;", "\x00", "\x01", "\x7f", "\x80", "\xc3", "\u00e9\u20ac\U0001f600", "\ufffe", "\ufffd", "\xed\xa0\x80",
		"<b/>c", "<b  />c", "<b / >", "<b", "<b a", "<b a=", "<b a=1/>", `<b a="1"c='2'/>d`, `<b a = "<"/>`, `<b a=">&lt;'"/>`, `<b a='"&x;'/>`, "<b a='\x01'/>", "<b a='\xff'/>", "<b a='\r\n]]>'/>x",
		"<a:b></a:b>", "<a:b></b>", "<:b></:b>", "<b:></b:>", "<a:b:c/>", "<1/>", "<-/>", "<\u00e9\u00e8/>", "<b\u00b7/>", "<\u00b7/>", "<b></b x>", "<b></b\n>", "</b>", "< b/>", "<>", "<b></>",
		"<description>", "</line>", "<!DOCTYPE x>", "<!x", "<!>", "<![", "<x xmlns='a' xmlns:y='b'><y:z/></x>q",
	} {
		all = append(all, strings.Replace(sound, "TEXT", text, 1))
	}
	for _, c := range [][2]string{
		{"\xef\xbb\xbf", ""},
		{"<?xml version='1.0' encoding='UTF-8'?>", "\n"},
		{"<?xml version='1.0' encoding='utf-16'?>", ""},
		{"<?xml version='1.0' encoding='windows-1252'?><!--\x80-->", ""},
		{"<?xml version='1.0' encoding='iso-8859-15'?>", "\x80"},
		{"<?xml version='1.0' encoding='shift_jis'?>", "\x83"},
		{"<?xml version='1.0' encoding='none'?>", ""},
		{"<?xml version='2.0'?>", ""},
		{"<?xml encoding=x encoding=\"utf8\"?>", ""},
		{"<?xml", ""},
		{"text", ""},
		{"", "text"},
		{"", "<!-- end -->\r\n"},
		{"", "</x>"},
		{"", "<x/>"},
		{"", "<"},
		{"<x>", "</x>"},
		{"<x></x>", ""},
		{"\xff\xfe", ""},
		{"\xfe\xff", ""},
	} {
		all = append(all, c[0]+sound+c[1])
	}
	for i := range 40 {
		all = append(all, sound[:i*len(sound)/40])
	}
	return append(all, strings.ReplaceAll(sound, "><", ">\r\n\t<"), "<transaction/>", strings.Repeat("<transactions>", 40))
}

// Our scanner and encoding/xml find the same in odd documents, wherever the
// pieces that they are read in happen to end.
func TestNmbrsXML_AsLibrary(t *testing.T) {
	for _, text := range oddities() {
		for _, piece := range []int{1, 2, 3, 7, 16, 64, 1000} {
			sameAsLibrary(t, []byte(text), piece)
		}
	}
}

// FuzzNmbrsXML_AsLibrary holds our scanner against encoding/xml: the same
// transactions and the same problem, or both find that it is no XML.
func FuzzNmbrsXML_AsLibrary(f *testing.F) {
	for _, text := range oddities() {
		f.Add([]byte(text), uint16(1))
	}
	files, err := filepath.Glob("testdata/*.xml")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw, uint16(100))
	}
	f.Fuzz(func(t *testing.T, raw []byte, piece uint16) { sameAsLibrary(t, raw, 1+int(piece)) })
}
