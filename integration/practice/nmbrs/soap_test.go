package nmbrs_test

import (
	"context"
	"encoding/xml"
	"os"
	"strings"
	"testing"
	"time"

	"loonbrug/integration/practice/nmbrs"
)

// Each request goes out byte by byte, with the action and without it, and the
// answer is written out as well.
func TestSOAP_RawRequests(t *testing.T) {
	b := start(t, nmbrs.Options{})
	for operation, service := range map[string]string{
		"Environment_Get": "DebtorService", "List_GetAll": "DebtorService", "List_GetByDebtor": "CompanyService",
		"Run_GetList": "CompanyService", "Journals_GetByRunCostCenterCostUnitPerYear": "CompanyService",
	} {
		request, want := testdata(t, operation+".xml"), strings.TrimSuffix(testdata(t, operation+".answer.xml"), "\n")
		for _, action := range []string{operation, ""} {
			a := b.post(service, action, request)
			if a.status != 200 || a.body != want || a.header.Get("Content-Type") != "text/xml; charset=utf-8" {
				t.Errorf("%s %q: %d\n%s\nwant\n%s", operation, action, a.status, a.body, want)
			}
		}
		b.want(b.post(service, operation, "\ufeff"+request), 200)
	}
}

func TestSOAP_12(t *testing.T) {
	b := start(t, nmbrs.Options{})
	request := testdata(t, "soap12.xml")
	action := nmbrs.NamespaceOf("CompanyService") + "/Company_GetCurrentPeriod"
	for _, header := range [][]string{
		{"Content-Type", `application/soap+xml; charset=utf-8; action="` + action + `"`},
		{"Content-Type", "application/soap+xml"},
		{"Content-Type", "text/xml", "SOAPAction", action},
	} {
		a := b.do("POST", "/soap/v3/companyservice.asmx", request, header...)
		b.want(a, 200, "http://www.w3.org/2003/05/soap-envelope", ">2026-12-4W<")
		if kind := a.header.Get("Content-Type"); kind != "application/soap+xml; charset=utf-8" {
			t.Errorf("%v: answered as %s", header, kind)
		}
	}
	wrong := strings.Replace(request, "practice-nmbrs-token", "another", 1)
	b.want(b.do("POST", "/soap/v3/CompanyService.asmx", wrong, "Content-Type", "text/xml"), 500, "<soap:Value>soap:Receiver</soap:Value>", "1001: ")
	b.server.Faults().Set("unauthorized", 1)
	b.want(b.do("POST", "/soap/v3/CompanyService.asmx", request, "Content-Type", "text/xml"), 500, "<soap:Value>soap:Receiver</soap:Value>", "1001: ")
	b.want(b.do("POST", "/soap/v3/CompanyService.asmx", strings.ReplaceAll(request, "GetCurrentPeriod", "GetNothing"), "Content-Type", "text/xml"), 400, "soap:Sender")
}

func TestSOAP_WhatIsNoCall(t *testing.T) {
	b := start(t, nmbrs.Options{})
	request := testdata(t, "Run_GetList.xml")
	const noAction = "without a valid action parameter"
	b.want(b.post("CompanyService", "Nothing", request), 500, "soap:Client", noAction)
	b.want(b.post("CompanyService", "List_GetAll", request), 500, "soap:Client", "The body is not List_GetAll")
	b.want(b.post("DebtorService", "", request), 500, "soap:Client", noAction)
	for _, body := range []string{
		"", "no xml", request[:len(request)/2], request + "<x>", "<a/>", "<!DOCTYPE x>" + strings.TrimPrefix(request, `<?xml version="1.0" encoding="utf-8"?>`),
		strings.Replace(request, "schemas.xmlsoap.org", "elsewhere.example", 1), strings.Repeat(" ", 2<<20),
	} {
		b.want(b.post("CompanyService", "Run_GetList", body), 500, "soap:Client", "unable to read request")
	}
	b.want(b.do("POST", "/soap/v3/CompanyService.asmx", request, "Content-Type", "application/json"), 415)
	b.want(b.do("POST", "/soap/v3/EmployeeService.asmx", request, "Content-Type", "text/xml"), 404)
}

func TestSignIn(t *testing.T) {
	b := start(t, nmbrs.Options{})
	for _, login := range [][2]string{
		{nmbrs.TokenAll, ""},
		{nmbrs.TokenAll, "elders"},
		{nmbrs.TokenAll, nmbrs.Domain},
		{"", nmbrs.SubDomain},
		{"practice-nmbrs-none", nmbrs.SubDomain},
	} {
		b.token, b.domain = login[0], login[1]
		b.refused(b.company("List_GetAll"), 1001)
	}
	request := testdata(t, "Run_GetList.xml")
	b.refused(b.post("CompanyService", "Run_GetList", strings.Replace(request, nmbrs.User, "wie@praktijk.example", 1)), 1001)
	b.refused(b.post("CompanyService", "Run_GetList", strings.Replace(request, `Domain xmlns="https://api.nmbrs.nl/soap/v3/CompanyService"`, `Domain xmlns="https://api.nmbrs.nl/soap/v3/DebtorService"`, 1)), 1001)
	b.want(b.post("CompanyService", "Run_GetList", strings.Replace(request, nmbrs.User, strings.ToUpper(nmbrs.User), 1)), 200)
	environment := testdata(t, "Environment_Get.xml")
	b.refused(b.post("DebtorService", "Environment_Get", strings.Replace(environment, "practice-nmbrs-token", "x", 1)), 1001)
	b.token, b.domain = nmbrs.TokenAll, nmbrs.SubDomain
	b.refused(b.call("DebtorService", "Environment_Get"), 1001) // the header is the other one's
}

func TestRights_TemplateAndFilter(t *testing.T) {
	b := start(t, nmbrs.Options{})
	run := b.latest(nmbrs.DeHalm).ID
	v2 := func() answer {
		return b.company("Journals_GetByRunCompany_v2", "CompanyId", nmbrs.DeHalm, "RunId", run, "intYear", 2026)
	}
	b.token = nmbrs.TokenLists
	b.want(b.company("Run_GetList", "CompanyId", nmbrs.DeHalm, "Year", 2026), 200, "<RunInfo>")
	b.want(b.call("DebtorService", "List_GetAll"), 200, "<Id>902</Id>")
	b.refused(v2(), 1002)
	b.refused(b.company("PayrollWorkflow_Get", "CompanyId", nmbrs.DeHalm, "Year", 2026, "Period", 1), 1002)

	b.token = nmbrs.TokenCompany
	b.want(v2(), 200, "&lt;transactions&gt;")
	b.want(b.company("List_GetAll"), 200, "<ID>54613</ID>")
	b.refused(b.call("DebtorService", "List_GetAll"), 1002)
	b.refused(b.perYear(nmbrs.DeHalm, run), 1002)

	b.token = nmbrs.TokenOne
	a := b.company("List_GetAll")
	if b.want(a, 200, "<ID>54613</ID>"); strings.Contains(a.body, "Oude Molen") {
		t.Errorf("the filter let through %s", a.body)
	}
	b.want(b.call("DebtorService", "List_GetAll"), 200, "<List_GetAllResult><Debtor><Id>901</Id><Number>1</Number><Name>Halm Groep</Name></Debtor></List_GetAllResult>")
	b.refused(b.company("List_GetByDebtor", "DebtorId", 902), 1003)
	b.refused(b.company("Run_GetList", "CompanyId", nmbrs.OudeMolenBV, "Year", 2026), 1003)
	b.refused(b.company("Run_GetList", "CompanyId", 1, "Year", 2026), 2004)
	b.refused(b.company("List_GetByDebtor", "DebtorId", 1), 2009)
}

func TestEmployeesAreNotTold(t *testing.T) {
	b := start(t, nmbrs.Options{})
	run := b.latest(nmbrs.DeHalm).ID
	in := []any{"CompanyId", nmbrs.DeHalm, "RunId", run, "intYear", 2026, "Year", 2026, "StartPeriod", 1, "EndPeriod", 1}
	for _, operation := range []string{
		"Journals_GetByRunEmployee", "Journals_GetByRunEmployee_v2", "Run_GetEmployeesByRunCompany", "Reports_GetJournalsReportByCompany",
	} {
		b.refused(b.company(operation, in...), 1002)
	}
	b.refused(b.call("ReportService", "Reports_BackgroundTask_Result", "TaskId", "x"), 1002)
}

func TestLists(t *testing.T) {
	b := start(t, nmbrs.Options{})
	b.want(b.call("DebtorService", "List_GetByNumber", "Number", "2"), 200, "<List_GetByNumberResult><Debtor><Id>902</Id>")
	b.want(b.call("DebtorService", "List_GetByNumber", "Number", "9"), 200, "<List_GetByNumberResult />")
	b.want(b.company("CostCenter_GetList", "CompanyId", nmbrs.DeHalm), 200, "<CostCenter><Code>100</Code><Description>Kantoor</Description><Id>3101</Id></CostCenter>")
	b.want(b.company("CostUnit_GetList", "CompanyId", nmbrs.DeHalm), 200, "<CostUnit><Id>4101</Id><Code>A1</Code><Description>Brood</Description></CostUnit>")
	b.want(b.company("Company_GetCurrentPeriod", "CompanyId", nmbrs.DeHalm), 200, ">2026-11-M<")
	b.want(b.company("Run_GetList", "CompanyId", nmbrs.DeHalm, "Year", 2024), 200, "<Run_GetListResult />")
	b.want(b.company("RunRequest_GetList", "CompanyId", nmbrs.TestCompany, "Year", 2026), 200,
		"<Period>10</Period><Year>2026</Year><Status>Complete</Status>", "<Period>11</Period><Year>2026</Year><Status>Handled</Status><HandledDate>2026-11-20T09:12:44</HandledDate>")
	b.want(b.company("PayrollWorkflow_Get", "CompanyId", nmbrs.DeHalm, "Year", 2026, "Period", 11), 200, "<ActionId>5</ActionId>", "<ActionStatus>Open</ActionStatus>")
	b.refused(b.company("PayrollWorkflow_Get", "CompanyId", nmbrs.DeHalm, "Year", 2026, "Period", 13), 2006)
	b.want(b.company("PayrollWorkflow_Get", "CompanyId", nmbrs.Transport, "Year", 2025, "Period", 13), 200, "Periode 13 2025")
	b.want(b.company("Converter_GetByCompany_IntToGuid", "CompanyId", nmbrs.DeHalm), 200, "<IdInt>54613</IdInt>", "<IdInt>880012</IdInt>")
	b.refused(b.company("CostUnit_GetList", "CompanyId", "x"), 2030)
	b.refused(b.company("CostUnit_GetList", "companyId", nmbrs.DeHalm), 2004) // spelled otherwise: not sent
}

func TestWSDL(t *testing.T) {
	b := start(t, nmbrs.Options{})
	for _, service := range []string{"CompanyService", "DebtorService", "ReportService"} {
		for _, query := range []string{"?wsdl", "?WSDL"} {
			a := b.do("GET", "/soap/v3/"+service+".asmx"+query, "")
			b.want(a, 200, b.url+"/soap/v3/"+service+".asmx", nmbrs.NamespaceOf(service))
			var w struct {
				Elements []struct {
					Name string `xml:"name,attr"`
				} `xml:"types>schema>element"`
				Operations []struct {
					Name string `xml:"name,attr"`
				} `xml:"portType>operation"`
			}
			if err := xml.Unmarshal([]byte(a.body), &w); err != nil || len(w.Elements) != 2+2*len(w.Operations) || len(w.Operations) < 3 {
				t.Errorf("%s: %d elements, %d operations: %v", service, len(w.Elements), len(w.Operations), err)
			}
		}
		b.want(b.do("GET", "/soap/v3/"+service+".asmx", ""), 200, "?wsdl")
	}
	b.want(b.do("GET", "/soap/v3/CompanyService.asmx?wsdl", ""), 200, `name="Journals_GetByRunCostCenterCostUnitPerYear"`, `name="companyId"`, "Week4")
	b.want(b.do("GET", "/soap/v3/x", ""), 404)
}

// Above 150 calls within a second each is held back for half a second; none is
// refused.
func TestRateLimit(t *testing.T) {
	now, held := clock(), 0
	b := start(t, nmbrs.Options{Clock: func() time.Time { return now }, Wait: func(_ context.Context, d time.Duration) {
		if held++; d != 500*time.Millisecond {
			t.Errorf("held back for %v", d)
		}
	}})
	calls := func(n, want int) {
		t.Helper()
		for range n {
			b.want(b.call("DebtorService", "List_GetAll"), 200)
		}
		if held != want {
			t.Fatalf("%d calls were held back, want %d", held, want)
		}
	}
	calls(150, 0)
	calls(2, 2)
	now = now.Add(time.Second)
	calls(150, 2)
}

func TestEveryFaultIsExplained(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range start(t, nmbrs.Options{}).server.Faults().Status() {
		if !strings.Contains(string(text), "//\t"+f.ID+" ") {
			t.Errorf("the package does not explain the fault %s", f.ID)
		}
	}
}
