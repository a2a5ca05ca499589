package cash

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// said is an answer with a body, as JSON or XML.
func said(status int, body []byte) *httpx.Answer {
	return &httpx.Answer{Status: status, Header: http.Header{"Content-Type": {"text/plain"}}, Body: body}
}

// sound checks what every outcome must have: a problem unless it was accepted,
// and a transaction to ask after when it waits.
func sound(t *testing.T, o target.Outcome) {
	t.Helper()
	if (o.Class == target.Accepted) != (o.Problem == nil) {
		t.Errorf("%s with %v", o.Class, o.Problem)
	}
	if o.Class == target.Pending && o.Evidence[evidenceTransaction] == "" {
		t.Error("nothing to ask after")
	}
}

// FuzzRows reads any answer to an export over REST: what is read has no row
// without fields that came from nowhere, and amounts and dates fail as errors.
func FuzzRows(f *testing.F) {
	f.Add([]byte(`{"R0301":[{"F0901":"SAL","F0302":"31-03-2026","F0303":"000101","F0201":"4000","F0307":"1.234,56","F0711":"k"}]}`))
	f.Add([]byte(`{"R301":{"0":{"F0302":"260331","F0307":"-0,05"},"1":{"F0302":null,"F0307":5}}}`))
	f.Add([]byte(`[{"F0302":"31-03-2026","F0307":true}]`))
	f.Add([]byte(`{"R8504":{"Z0303":"102"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, command := range []string{"301T", "8504", "0201"} {
			rows, err := readRows(body, command)
			if err != nil {
				continue
			}
			bookings, err := readBookings(rows, []string{dimensionCostCentre}, calendarOf(nil))
			if err != nil {
				continue
			}
			lines := 0
			for _, b := range bookings {
				lines += len(b.lines)
				if len(b.document) < documentDigits || len(b.year) != 2 {
					t.Errorf("document %q of %q", b.document, b.year)
				}
			}
			if lines != len(rows) {
				t.Errorf("%d lines from %d rows", lines, len(rows))
			}
		}
	})
}

// FuzzDirectory reads any list of administrations.
func FuzzDirectory(f *testing.F) {
	f.Add([]byte(`{"Dir":{"Name":"Halm","Relnm":"100200","Adms":{"Adm":[{"Code":"halm","Name":"A","ReadOnly":"N"}]}}}`))
	f.Add([]byte(`{"Dir":[{"Name":"Halm","Adms":[{"Adm":{"0":{"Code":"halm"}}}]}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if d, err := readDirectory(body); (d == nil) != (err != nil) {
			t.Errorf("%v, %v", d, err)
		}
	})
}

// FuzzAnswer reads any answer to an import over REST, and any refusal.
func FuzzAnswer(f *testing.F) {
	f.Add(400, []byte(`{"error":"Error import","message":{"errors":{"error":[{"message":"Ongeldige waarde 0201=4999","line":"2"}]}}}`))
	f.Add(202, []byte(`{"status":"Pending","transaction":"t1"}`))
	f.Add(201, []byte(`null`))
	f.Add(403, []byte(`{"response":{"code":"1002","message":"Unauthorized Access"}}`))
	f.Add(200, []byte(`{"error":{"code":3,"message":"x"}}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		a := said(status, body)
		o := classify(a, time.Time{})
		sound(t, o)
		if o.Class == target.Accepted && status != http.StatusOK && status != http.StatusCreated {
			t.Errorf("%d is accepted", status)
		}
		if p := faultOf(a); p != nil && p.Code == "" {
			t.Error("a problem without a code")
		}
	})
}

// FuzzSOAP reads any answer over SOAP: what is no envelope with a response code
// proves nothing.
func FuzzSOAP(f *testing.F) {
	const open, end = `<E:Envelope xmlns:E="http://schemas.xmlsoap.org/soap/envelope/"><E:Body><r><response><code>`, `</r></E:Body></E:Envelope>`
	f.Add([]byte(open + `1</code><message>Success</message></response><transaction><id>a1</id><status>2</status><err/></transaction>` + end))
	f.Add([]byte(open + `1</code></response><transaction><id>a1</id><status>3</status><err>&lt;cash>&lt;errors>&lt;error>&lt;message>Ongeldige waarde 0201=1&lt;/message>&lt;/error>&lt;/errors>&lt;/cash></err></transaction>` + end))
	f.Add([]byte(open + `901</code><message>x</message></response>` + end))
	f.Add([]byte(open + `2</code></response>` + end))
	f.Fuzz(func(t *testing.T, body []byte) {
		s := &soap{clock: time.Now}
		o := s.classify(said(http.StatusOK, body))
		sound(t, o)
		root, p := checked(said(http.StatusOK, body))
		if (root == nil) != (p != nil) {
			t.Errorf("%v, %v", root, p)
		}
		if _, _, err := readSOAP(body); err != nil && o.Class != target.Ambiguous {
			t.Errorf("%s without a response code", o.Class)
		}
	})
}

// FuzzXMLRows reads any export and any list of errors that CASH gives as text.
func FuzzXMLRows(f *testing.F) {
	f.Add(`Content-type: text/xml <?xml version="1.0" encoding="UTF-8"?><cash><R0301><F0302>31-03-2026</F0302><F0307>1,00</F0307></R0301></cash>`)
	f.Add(`<cash></cash>`)
	f.Add(`<cash><errors><error><message>Ongeldige waarde 0101=123456</message><line>1</line><source>0101|0101=123456|</source></error></errors></cash>`)
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := readXMLRows(text, "301T")
		if err != nil && rows != nil {
			t.Errorf("%v with %v", rows, err)
		}
		fault := readErrors(text)
		if p := fault.problem(); p.Code == "" || len(fault.lines) == 0 && p.Params["message"] != "" {
			t.Errorf("problem %v", p)
		}
	})
}

// FuzzWSDL reads any description: what it gives is on the host it came from.
func FuzzWSDL(f *testing.F) {
	const wsdl = `<definitions targetNamespace="urn:x" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"><message name="i"><part name="a"/></message>` +
		`<portType><operation name="o"><input message="i"/></operation></portType><binding name="b"><s:binding style="rpc"/><operation name="o"/></binding>` +
		`<service><port binding="b"><s:address location="LOCATION"/></port></service></definitions>`
	for _, location := range []string{"/soap", "http://cash.example/?api/3.0", "//elsewhere.example/", "ftp://cash.example/", "https://cash.example@elsewhere.example/"} {
		f.Add([]byte(strings.Replace(wsdl, "LOCATION", location, 1)))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		s, err := readWSDL(body, "https://cash.example/wsdl")
		if (s == nil) != (err != nil) {
			t.Fatalf("%v, %v", s, err)
		}
		if err != nil {
			return
		}
		for _, o := range s.operations {
			if !strings.HasPrefix(o.address, "https://cash.example") || strings.HasPrefix(o.address, "https://cash.example.") {
				t.Errorf("called at %q", o.address)
			}
		}
	})
}
