package cash_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"loonbrug/integration/practice/cash"
)

// call sends one operation of the SOAP API as the practice user.
func (b *bench) call(operation, email, parts string) answer {
	b.t.Helper()
	return b.do("POST", "/?api/3.0", `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><n:`+operation+
		` xmlns:n="urn:praktijk:cash:3.0"><token/><relatie>100200</relatie><email>`+email+`</email><pass>praktijk</pass>`+parts+
		`</n:`+operation+`></e:Body></e:Envelope>`)
}

const (
	soapUser = "api@praktijk.example"
	halm     = `<administration><admCode>halm</admCode><admMap>1012</admMap></administration><formaat>0</formaat>`
)

func importPart(lines ...string) string {
	text := strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace("<CASH>" + strings.Join(lines, "") + "</CASH>")
	return "<import>" + text + "</import>" + halm
}

func soapLine(account, amount string) string {
	return "<R0301><F0901>SAL</F0901><F0302>260131</F0302><F0303>000101</F0303><F0201>" + account + "</F0201><F0307>" + amount + "</F0307></R0301>"
}

func TestSOAP_WSDLIsXML(t *testing.T) {
	b := start(t, cash.Options{})
	a := b.do("GET", "/?api/3.0/wsdl", "")
	b.want(a, 200, b.url+"/?api/3.0", "urn:praktijk:cash:3.0")
	var any struct{}
	if err := xml.Unmarshal([]byte(a.body), &any); err != nil {
		t.Error(err)
	}
}

func TestSOAP_ImportAndExport(t *testing.T) {
	b := start(t, cash.Options{})
	b.want(b.call("import", soapUser, importPart(soapLine("4000", "2500,00"), soapLine("1720", "-2500,00"))), 200,
		"<code>1</code>", "<status>2</status>", "0000-00-00 00:00:00")
	b.booked(1)
	b.want(b.call("export", soapUser, "<export>301T|2601|2601</export>"+halm), 200,
		"Content-type: text/xml &lt;?xml", "&lt;F0307&gt;-2500,00", "&lt;F0302&gt;31-01-2026")
	b.want(b.call("export", soapUser, "<export>8504|26|SAL</export>"+halm), 200, "&lt;Z0303&gt;000102")
}

// The response is Success also when the transaction failed.
func TestSOAP_RefusedLine(t *testing.T) {
	b := start(t, cash.Options{})
	b.want(b.call("import", soapUser, importPart(soapLine("4000", "1,00"), soapLine("9999", "-1,00"))), 200,
		"<code>1</code>", "<status>3</status>", "Ongeldige waarde 0201=9999", "&lt;line&gt;2")
	b.booked(0)
}

func TestSOAP_Users(t *testing.T) {
	b := start(t, cash.Options{})
	b.want(b.call("listAdministrations", soapUser, ""), 200, "<admCode>halm</admCode><admMap>1012</admMap>", "<readOnly>J</readOnly>")
	b.want(b.call("listAdministrations", "los@praktijk.example", ""), 200, "<code>1002</code>")
	b.want(b.call("listAdministrations", "wie@praktijk.example", ""), 200, "<code>2</code>")
	b.want(b.call("import", "lezer@praktijk.example", importPart(soapLine("4000", "0,00"))), 200, "<status>1</status>")
	b.want(b.call("getTransaction", "lezer@praktijk.example", "<id>prakt00000001</id>"), 200, "<status>1</status>")
	b.want(b.call("getTransaction", soapUser, "<id>x</id>"), 200, "<code>902</code>")
	b.want(b.call("nothing", soapUser, ""), 500, "Fault")
	b.want(b.do("POST", "/?api/3.0", "no xml"), 500, "Fault")
	b.booked(0)
}

func TestSOAP_BadDays(t *testing.T) {
	b := start(t, cash.Options{})
	b.server.Faults().Set("error_after", 1)
	b.want(b.call("export", soapUser, "<export>0201</export>"+halm), 200, "4000")
	b.want(b.call("import", soapUser, importPart(soapLine("4000", "1,00"), soapLine("1720", "-1,00"))), 500, "Fault")
	b.booked(1)
}
