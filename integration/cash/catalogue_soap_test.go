package cash_test

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"loonbrug/data/model"
	"loonbrug/integration/cash"
	"loonbrug/integration/target"
	"loonbrug/integration/target/rows"
)

// recordedWSDL describes a service with the operations of API 3.0.
const recordedWSDL = `<definitions targetNamespace="urn:cash" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/">
<message name="i"><part name="token"/><part name="relatie"/><part name="email"/><part name="pass"/><part name="import"/><part name="administration"/><part name="formaat"/></message>
<message name="e"><part name="token"/><part name="relatie"/><part name="email"/><part name="pass"/><part name="export"/><part name="administration"/><part name="formaat"/></message>
<message name="t"><part name="token"/><part name="relatie"/><part name="email"/><part name="pass"/><part name="id"/></message>
<portType name="p"><operation name="import"><input message="i"/></operation><operation name="export"><input message="e"/></operation><operation name="getTransaction"><input message="t"/></operation></portType>
<binding name="b" type="p"><soap:binding style="rpc"/>
<operation name="import"><soap:operation soapAction="import"/></operation><operation name="export"><soap:operation soapAction="export"/></operation><operation name="getTransaction"><soap:operation soapAction="getTransaction"/></operation></binding>
<service name="s"><port binding="b"><soap:address location="/soap"/></port></service></definitions>`

// soapAnswer is the answer of an operation: a response code with its message,
// and what follows it.
func soapAnswer(operation string, code int, message, rest string) string {
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="urn:cash"><SOAP-ENV:Body><ns1:%[1]sResponse><response><code>%[2]d</code><message>%[3]s</message></response>%[4]s</ns1:%[1]sResponse></SOAP-ENV:Body></SOAP-ENV:Envelope>`,
		operation, code, message, rest)
}

// transaction is what CASH says of an import; its errors are XML as text.
func transaction(status int, errs ...string) string {
	err := ""
	if len(errs) > 0 {
		err = `<?xml version="1.0" encoding="UTF-8"?><cash><errors>`
		for i, message := range errs {
			err += fmt.Sprintf("<error><message>%s</message><line>%d</line><source>301|0306=Private text|</source></error>", message, i+1)
		}
		err += "</errors></cash>"
	}
	return fmt.Sprintf(`<transaction><id>61ae0a5640b1f</id><status>%d</status><creation>2021-12-06 14:14:46</creation><lastUpdate>0000-00-00 00:00:00</lastUpdate>`+
		`<administration><admCode>halm</admCode><admMap>1012</admMap></administration><initiator><relation>100200</relation><user>api</user></initiator><err>%s</err></transaction>`,
		status, inText(err))
}

// exported is the result of an export, as CASH writes it.
func exported(document string) string {
	return "<exportResult>Content-type: text/xml " + inText(document) + "</exportResult>"
}

func inText(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

// recorded is a CASH of API 3.0 that gives the same answers every time, those to
// exports and transactions in this order. An answer that is empty says that
// there is nothing.
func recorded(t *testing.T, imported string, others ...string) (*cash.Target, target.Access) {
	t.Helper()
	answers := map[string]string{
		"import": imported, "export": soapAnswer("export", 1, "Success", exported("<cash></cash>")), "getTransaction": "",
	}
	for i, name := range []string{"export", "getTransaction"} {
		if i < len(others) && others[i] != "" {
			answers[name] = others[i]
		}
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		if r.Method == http.MethodGet {
			_, _ = w.Write([]byte(recordedWSDL))
			return
		}
		_, _ = w.Write([]byte(answers[strings.Trim(r.Header.Get("SOAPAction"), `"`)]))
	}))
	t.Cleanup(server.Close)
	a := login(server.URL, "api@praktijk.example", "geheim")
	a.Account.Settings["administrations"] = "halm:1012"
	return at(server.URL), a
}

// soapRows are the response codes of API 3.0 with the answers of a recorded CASH,
// and what its transactions say.
func soapRows() []rows.Row {
	sent := func(code int, message, rest string) func(*testing.T) rows.Seen {
		return func(t *testing.T) rows.Seen {
			c, a := recorded(t, soapAnswer("import", code, message, rest))
			return rows.Sent(c.Post(t.Context(), a, small()))
		}
	}
	asked := func(code int, message string) func(*testing.T) rows.Seen {
		return func(t *testing.T) rows.Seen {
			c, a := recorded(t, "", soapAnswer("export", code, message, ""))
			_, err := c.Reference(t.Context(), a, "halm")
			return rows.Of(err)
		}
	}
	followed := func(answer string) func(*testing.T) rows.Seen {
		return func(t *testing.T) rows.Seen {
			c, a := recorded(t, "", "", answer)
			d := small()
			d.Evidence["transaction"] = "61ae0a5640b1f"
			_, o := c.ReadBack(t.Context(), a, d)
			return rows.Sent(o)
		}
	}
	const nothing, check = "nothing", "check"
	list := []rows.Row{
		{Name: "SOAP 1 success, transaction 2", Happen: sent(1, "Success", transaction(2)), Class: target.Accepted},
		{Name: "SOAP 1 success, transaction 1", Happen: sent(1, "Success", transaction(1)), Code: "cash.pending", Action: model.ActionCheckAgain, Class: target.Pending, Booked: check},
		{
			Name: "SOAP 1 success, transaction 3", Happen: sent(1, "Success", transaction(3, "Ongeldige waarde 0201=4999", "Ongeldige waarde 0911=X")),
			Code: "cash.refused_ledger_account", Action: model.ActionRefresh, Class: target.Rejected, Booked: nothing,
		},
		{
			Name: "SOAP 1 success, transaction 3, the document exists", Happen: sent(1, "Success", transaction(3, "Ongeldige waarde 0303=000101")),
			Code: "cash.document_exists", Action: model.ActionCheckAgain, Class: target.Ambiguous, Booked: check,
		},
		{Name: "SOAP 1 success, no transaction", Happen: sent(1, "Success", ""), Code: "cash.pending", Action: model.ActionCheckAgain, Class: target.Ambiguous, Booked: check},
		{Name: "SOAP 3 file handling error", Happen: sent(3, "File handling error", ""), Code: "cash.malformed", Class: target.Rejected, Booked: nothing},
		{Name: "SOAP 7 service not recognised", Happen: sent(7, "Service not recognised", ""), Code: "cash.unknown_service", Action: model.ActionOpenAccount, Class: target.Rejected, Booked: nothing},
		{Name: "SOAP 800 export failed", Happen: asked(800, "Export failed"), Code: "cash.export_failed", Action: model.ActionRefresh},
		{Name: "SOAP 900 import failed, no details", Happen: sent(900, "Import failed", ""), Code: "cash.refused", Class: target.Rejected, Booked: nothing},
		{
			Name: "SOAP 900 import failed, details in the transaction", Happen: sent(900, "Import failed", transaction(3, "Ongeldige waarde 0901=X")),
			Code: "cash.refused_daybook", Action: model.ActionOpenMapping, Class: target.Rejected, Booked: nothing,
		},
		{
			Name: "SOAP 901 import transaction failure", Happen: sent(901, "Import transaction failure", transaction(3, "Ongeldige waarde 0911=X")),
			Code: "cash.refused_cost_centre", Action: model.ActionOpenMapping, Class: target.Rejected, Booked: nothing,
		},
		{Name: "SOAP 901 import transaction failure, no details", Happen: sent(901, "Import transaction failure", ""), Code: "cash.refused", Class: target.Rejected, Booked: nothing},
		{
			Name: "SOAP 902 transaction does not exist: the books decide", Happen: followed(soapAnswer("getTransaction", 902, "Transaction does not exist", "")),
			Code: "cash.pending", Action: model.ActionCheckAgain, Class: target.Pending, Booked: check,
		},
		{
			Name: "SOAP transaction that failed while it waited", Happen: followed(soapAnswer("getTransaction", 1, "Success", transaction(3, "Ongeldige waarde 0307=a"))),
			Code: "cash.refused_amount", Class: target.Rejected, Booked: nothing,
		},
		{Name: "SOAP 903 import into empty administration", Happen: sent(903, "Import into empty administration", ""), Code: "cash.no_books", Action: model.ActionOpenMapping, Class: target.Rejected, Booked: nothing},
		{Name: "SOAP 903 with a question", Happen: asked(903, "Empty administration"), Code: "cash.no_books", Action: model.ActionOpenMapping, Booked: nothing},
		{Name: "SOAP 1002 Unauthorized Access", Happen: sent(1002, "Unauthorized Access", ""), Code: "cash.not_linked", Class: target.Rejected, Booked: nothing},
		{Name: "SOAP 1002 with a question", Happen: asked(1002, "Unauthorized Access"), Code: "cash.not_linked", Booked: nothing},
		{Name: "SOAP with an answer that is no envelope", Happen: sent(0, "", "</broken>"), Code: "cash.unreadable_answer", Class: target.Ambiguous},
	}
	for code, name := range map[int]string{2: "login error", 4: "token not issued", 5: "token invalid", 6: "token corrupted"} {
		list = append(list,
			rows.Row{
				Name: fmt.Sprintf("SOAP %d %s", code, name), Happen: sent(code, name, ""),
				Code: "cash.login_refused", Action: model.ActionSignIn, Class: target.Deferred, SignIn: true, Booked: nothing,
			},
			rows.Row{
				Name: fmt.Sprintf("SOAP %d %s, with a question", code, name), Happen: asked(code, name),
				Code: "cash.login_refused", Action: model.ActionSignIn, Booked: nothing,
			})
	}
	for code, name := range map[int]string{
		200: "payment", 300: "lock and download", 400: "upload and unlock", 500: "Digipoort", 600: "put file", 700: "directory listing", 1234: "a code that nobody published",
	} {
		list = append(list,
			rows.Row{Name: fmt.Sprintf("SOAP %d %s", code, name), Happen: sent(code, name, ""), Code: "cash.unexpected_code", Class: target.Ambiguous},
			rows.Row{Name: fmt.Sprintf("SOAP %d %s, with a question", code, name), Happen: asked(code, name), Code: "cash.unexpected_code"})
	}
	return list
}
