package cash_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"loonbrug/integration/practice/cash"
)

func testdata(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "soap", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// Each operation is called byte by byte as the two kinds of foreign clients write
// it: RPC/literal with the names of the WSDL, and RPC/encoded with types, capitals
// and CDATA. What comes back is written out as well.
func TestSOAP_OfForeignClients(t *testing.T) {
	for _, style := range []string{"literal", "encoded"} {
		b := start(t, cash.Options{Clock: clock})
		b.key = ""
		for _, operation := range []string{"import", "getTransaction", "export", "listAdministrations"} {
			want := testdata(t, operation+".answer.xml")
			if style == "encoded" { // the answer is named as the call was
				want = strings.ReplaceAll(want, "ns1:"+operation, "ns1:"+strings.ToUpper(operation[:1])+operation[1:])
			}
			a := b.do("POST", "/?api/3.0", testdata(t, operation+"."+style+".xml"))
			if a.status != 200 || a.body != want || a.header.Get("Content-Type") != "text/xml; charset=utf-8" {
				t.Errorf("%s %s: %d\n%s\nwant\n%s", style, operation, a.status, a.body, want)
			}
		}
		b.booked(1)
	}
}

func TestSOAP_CodesOfCASH(t *testing.T) {
	b := start(t, cash.Options{})
	none := map[string]string{"import": "<transaction ", "getTransaction": "<transaction ", "export": "<exportResult></exportResult>", "listAdministrations": "<administrationList "}
	for code, operation := range map[int]string{
		2: "listAdministrations", 3: "import", 4: "export", 5: "export", 6: "export", 7: "export",
		800: "export", 900: "import", 901: "import", 902: "getTransaction", 903: "import", 1002: "listAdministrations",
	} {
		if !b.server.Faults().Set(cash.FaultCode(code), 1) {
			t.Fatalf("no bad day with code %d", code)
		}
		b.want(b.do("POST", "/?api/3.0", testdata(t, operation+".literal.xml")), 200, "<code>"+strconv.Itoa(code)+"</code>", none[operation])
	}
	b.booked(0)
	b.server.Faults().Set(cash.FaultCode(1002), 2)
	b.want(b.get("/administrations"), 403, "1002 Unauthorized Access")
	b.want(b.post(record(), counter()), 403, "1002 Unauthorized Access")
	b.booked(0)
}

func TestSOAP_FaultsSayWhoseTheyAre(t *testing.T) {
	b := start(t, cash.Options{})
	b.want(b.do("POST", "/?api/3.0", "no xml"), 500, "<faultcode>SOAP-ENV:Client</faultcode>")
	b.want(b.call("nothing", soapUser, ""), 500, "<faultcode>SOAP-ENV:Client</faultcode>", "Procedure &#39;nothing&#39; not present")
	b.server.Faults().Set("error_before", 1)
	b.want(b.do("POST", "/?api/3.0", testdata(t, "import.literal.xml")), 500, "<faultcode>SOAP-ENV:Server</faultcode>")
	b.server.Faults().Set("html", 1)
	b.want(b.do("POST", "/?api/3.0", testdata(t, "export.literal.xml")), 200, "<html>")
	b.server.Faults().Set("cut", 1)
	if a := b.do("POST", "/?api/3.0", testdata(t, "export.literal.xml")); a.err == nil {
		t.Errorf("not cut: %+v", a)
	}
	b.server.Faults().Set(cash.FaultRowsEmpty, 1)
	b.want(b.do("POST", "/?api/3.0", testdata(t, "export.literal.xml")), 200, "&lt;cash&gt;&lt;/cash&gt;")
	b.booked(0)
}

// An address may come escaped, and with a namespace that only another service has.
func TestSOAP_AddressesAndNamespacesOfForeignClients(t *testing.T) {
	b := start(t, cash.Options{})
	b.want(b.do("GET", "/?api%2F3.0%2Fwsdl=", ""), 200, "definitions")
	b.want(b.do("POST", "/?api%2F3.0=", testdata(t, "listAdministrations.literal.xml")), 200, "halm")
	other := strings.ReplaceAll(testdata(t, "listAdministrations.literal.xml"), "urn:praktijk:cash:3.0", "http://elsewhere.example/cash")
	b.want(b.do("POST", "/?api/3.0", other), 200, "<code>1</code>")
	b.want(b.do("POST", "/?api/2.0", other), 404)
}

// Older clients write Latin-1, outside and inside.
func TestSOAP_Latin1(t *testing.T) {
	b := start(t, cash.Options{})
	call := testdata(t, "import.literal.xml")
	call = strings.Replace(call, `encoding="UTF-8"`, `encoding="ISO-8859-1"`, 1)
	call = strings.Replace(call, "<import>", "<import>&lt;?xml version=\"1.0\" encoding=\"ISO-8859-1\"?&gt;", 1)
	call = strings.Replace(call, "Brutoloon januari", "Toeslag caf\xe9", 1)
	b.want(b.do("POST", "/?api/3.0", call), 200, "<status>2</status>")
	if text := b.server.Journals()[0].Lines[0].Text; text != "Toeslag café" {
		t.Errorf("booked as %q", text)
	}
	b.want(b.do("POST", "/?api/3.0", strings.Replace(call, "ISO-8859-1", "EBCDIC", 1)), 500, "SOAP-ENV:Client")
}

// The transaction says when it was made and by whom, however late it is asked about.
func TestSOAP_ATransactionKeepsItsOrigin(t *testing.T) {
	now := clock()
	b := start(t, cash.Options{Clock: func() time.Time { return now }})
	b.want(b.call("import", "lezer@praktijk.example", importPart(soapLine("4000", "0,00"))), 200, "<user>lezer</user>")
	now = now.AddDate(0, 0, 1)
	b.want(b.call("getTransaction", "lezer@praktijk.example", "<id>prakt00000001</id>"), 200, "<creation>2026-03-31 09:00:00</creation>", "<user>lezer</user>", "<status>1</status>")
}

// TestForeignClients_HTTP10 speaks HTTP/1.0 with keep-alive, raw: two requests on one
// connection, and none of the headers that CASH's own page lists.
func TestForeignClients_HTTP10(t *testing.T) {
	b := start(t, cash.Options{})
	connection, err := net.Dial("tcp", strings.TrimPrefix(b.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	in := bufio.NewReader(connection)
	for range 2 {
		if _, err := fmt.Fprintf(connection, "GET /api/4.0/administrations/ HTTP/1.0\r\nConnection: Keep-Alive\r\nAuthorization: %s\r\n\r\n", cash.KeyAll); err != nil {
			t.Fatal(err)
		}
		response, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != 200 || !strings.Contains(string(text), "halm") || response.Close {
			t.Errorf("%d %v %s", response.StatusCode, err, text)
		}
	}
}

func TestForeignClients_REST(t *testing.T) {
	b := start(t, cash.Options{})
	b.want(b.get("//get//index/0201T/?admin=halm"), 200, "R0201")
	if a := b.do("HEAD", "/api/4.0/administrations", ""); a.status != 200 || a.body != "" {
		t.Errorf("HEAD: %+v", a)
	}
	b.server.Faults().Set(cash.FaultRowsEmpty, 1)
	b.want(b.get("/get/index/0201?admin=halm"), 200, `{"R0201":[]}`)
}

func TestEveryFaultIsExplained(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range start(t, cash.Options{}).server.Faults().Status() {
		if !strings.Contains(string(text), "//\t"+f.ID+" ") {
			t.Errorf("the package does not explain the fault %s", f.ID)
		}
	}
}
