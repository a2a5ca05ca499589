package nmbrs

import (
	"net/http"
	"strings"

	"loonbrug/integration/practice/books"
)

// serveDescription gives the WSDL of a service, or without that query a page with
// its operations.
func serveDescription(w http.ResponseWriter, r *http.Request) {
	service, ok := serviceOf(r)
	if !ok {
		http.NotFound(w, r)
		return
	}
	if strings.EqualFold(strings.TrimSuffix(r.URL.RawQuery, "="), "wsdl") {
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		_, _ = w.Write([]byte(wsdl(service, "http://"+r.Host+SOAPPath+service+".asmx")))
		return
	}
	t := books.Table{Caption: "Operations", Head: []string{"Name", "Parameters"}}
	for _, o := range operations() {
		if o.service != service {
			continue
		}
		var in []string
		for _, p := range o.in {
			in = append(in, p.name)
		}
		t.Rows = append(t.Rows, []string{o.name, strings.Join(in, ", ")})
	}
	books.Render(w, books.Page{System: "Nmbrs", Title: service, Links: []books.Link{{Text: "WSDL", Path: SOAPPath + service + ".asmx?wsdl"}}, Tables: []books.Table{t}})
}

// wsdl describes the operations of a service, document/literal, with bindings for
// both versions of SOAP. It is the practice office's own.
func wsdl(service, address string) string {
	ns := NamespaceOf(service)
	var elements, messages, port, body11, body12 strings.Builder
	for _, o := range operations() {
		if o.service != service {
			continue
		}
		elements.WriteString(o.elements())
		header := "AuthHeaderWithDomain"
		if o.oldHeader {
			header = "AuthHeader"
		}
		messages.WriteString(`<wsdl:message name="` + o.name + `SoapIn"><wsdl:part name="parameters" element="tns:` + o.name + `"/></wsdl:message>` +
			`<wsdl:message name="` + o.name + `SoapOut"><wsdl:part name="parameters" element="tns:` + o.name + `Response"/></wsdl:message>` +
			`<wsdl:message name="` + o.name + header + `"><wsdl:part name="` + header + `" element="tns:` + header + `"/></wsdl:message>` + "\n")
		port.WriteString(`<wsdl:operation name="` + o.name + `"><wsdl:input message="tns:` + o.name + `SoapIn"/><wsdl:output message="tns:` + o.name + `SoapOut"/></wsdl:operation>` + "\n")
		for prefix, b := range map[string]*strings.Builder{"soap": &body11, "soap12": &body12} {
			b.WriteString(`<wsdl:operation name="` + o.name + `"><` + prefix + `:operation soapAction="` + ns + "/" + o.name + `" style="document"/>` +
				`<wsdl:input><` + prefix + `:body use="literal"/><` + prefix + `:header message="tns:` + o.name + header + `" part="` + header + `" use="literal"/></wsdl:input>` +
				`<wsdl:output><` + prefix + `:body use="literal"/></wsdl:output></wsdl:operation>` + "\n")
		}
	}
	binding := func(name, prefix, operations string) string {
		return `<wsdl:binding name="` + name + `" type="tns:` + service + `Soap"><` + prefix + `:binding transport="http://schemas.xmlsoap.org/soap/http"/>` +
			"\n" + operations + "</wsdl:binding>\n"
	}
	return `<?xml version="1.0" encoding="utf-8"?>
<wsdl:definitions targetNamespace="` + ns + `" xmlns:tns="` + ns + `" xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"
 xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/">
<wsdl:types><s:schema elementFormDefault="qualified" targetNamespace="` + ns + `">
<s:element name="AuthHeader"><s:complexType><s:sequence>` + field("Username", "s:string", "0") + field("Token", "s:string", "0") + `</s:sequence></s:complexType></s:element>
<s:element name="AuthHeaderWithDomain"><s:complexType><s:sequence>` + field("Username", "s:string", "0") + field("Token", "s:string", "0") + field("Domain", "s:string", "0") + `</s:sequence></s:complexType></s:element>
` + elements.String() + types(service) + `</s:schema></wsdl:types>
` + messages.String() + `<wsdl:portType name="` + service + `Soap">
` + port.String() + "</wsdl:portType>\n" + binding(service+"Soap", "soap", body11.String()) + binding(service+"Soap12", "soap12", body12.String()) +
		`<wsdl:service name="` + service + `"><wsdl:port name="` + service + `Soap" binding="tns:` + service + `Soap"><soap:address location="` + address + `"/></wsdl:port>` +
		`<wsdl:port name="` + service + `Soap12" binding="tns:` + service + `Soap12"><soap12:address location="` + address + `"/></wsdl:port></wsdl:service>
</wsdl:definitions>
`
}

// elements are the schema elements of a call and its answer.
func (o operation) elements() string {
	var in strings.Builder
	for _, p := range o.in {
		least := "1"
		if p.kind == str {
			least = "0"
		}
		in.WriteString(field(p.name, "s:"+p.kind, least))
	}
	return `<s:element name="` + o.name + `"><s:complexType><s:sequence>` + in.String() + `</s:sequence></s:complexType></s:element>` +
		`<s:element name="` + o.name + `Response"><s:complexType><s:sequence>` + field(o.name+"Result", o.out, "0") + "</s:sequence></s:complexType></s:element>\n"
}

func field(name, kind, least string) string {
	return `<s:element minOccurs="` + least + `" maxOccurs="1" name="` + name + `" type="` + kind + `"/>`
}

// complexType writes a type; fields are pairs of a name and a kind, and one that
// may be missing has a question mark behind its kind.
func complexType(name string, fields ...string) string {
	var b strings.Builder
	for i := 0; i < len(fields); i += 2 {
		kind, optional := strings.CutSuffix(fields[i+1], "?")
		least := "1"
		if optional {
			least = "0"
		}
		b.WriteString(field(fields[i], kind, least))
	}
	return `<s:complexType name="` + name + `"><s:sequence>` + b.String() + "</s:sequence></s:complexType>\n"
}

// list writes a type with its array.
func list(name string, fields ...string) string {
	return complexType(name, fields...) + `<s:complexType name="ArrayOf` + name + `"><s:sequence><s:element minOccurs="0" maxOccurs="unbounded" name="` +
		name + `" nillable="true" type="tns:` + name + `"/></s:sequence></s:complexType>` + "\n"
}

func enumeration(name string, values ...string) string {
	return `<s:simpleType name="` + name + `"><s:restriction base="s:string"><s:enumeration value="` +
		strings.Join(values, `"/><s:enumeration value="`) + `"/></s:restriction></s:simpleType>` + "\n"
}

// types are the types that a service's results are made of.
func types(service string) string {
	const i, text, moment = "s:int", "s:string?", "s:dateTime"
	switch service {
	case debtorService:
		return complexType("Environment", "Domain", text, "SubDomain", text) + list("Debtor", "Id", i, "Number", text, "Name", text)
	case companyService:
		return list("Company", "ID", i, "Number", i, "Name", text, "PhoneNumber", text, "FaxNumber", text, "Email", text, "Website", text,
			"LoonaangifteTijdvak", "tns:LoonaangifteTijdvak", "KvkNr", text) +
			enumeration("LoonaangifteTijdvak", "None", Month, Week4, "Month6", "Year") +
			list("RunInfo", "ID", i, "Number", i, "Year", i, "PeriodStart", i, "PeriodEnd", i, "Description", text, "RunAt", moment, "IsLocked", "s:boolean") +
			list("RunRequest", "Period", i, "Year", i, "Status", "tns:RunRequestStatus", "HandledDate", moment) +
			enumeration("RunRequestStatus", "Undefined", "Pending", "Handled", "Complete", "Canceled") +
			list("CostCenter", "Code", text, "Description", text, "Id", i) + list("CostUnit", "Id", i, "Code", text, "Description", text) +
			list("PayrollWorkflowAction", "ActionId", i, "ActionName", text, "ActionStatusId", i, "ActionStatus", text, "RunAt", moment) +
			list("PayrollWorkflowTrack", "TrackName", text, "TrackStatus", text, "Actions", "tns:ArrayOfPayrollWorkflowAction?") +
			list("Mapping", "IdInt", i, "IdGuid", text) + list("Converter", "Entity", text, "Mappings", "tns:ArrayOfMapping?")
	default:
		return ""
	}
}
