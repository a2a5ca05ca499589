// Package nmbrs is a practice stand-in of Nmbrs, the payroll system, served on
// loopback: an environment with two debtors and four companies whose payroll runs
// and journals are read over the SOAP API v3 as public clients of the real system
// do, and which misbehaves on request. It was written from what is publicly known
// of Nmbrs and shares no code with the program's client, so that both cannot share
// one mistake. It is no product of Visma and never talks to one.
//
// [New] opens the books, [Server.Handler] serves them, [Server.Faults] switches bad
// days on. [Server.LockRun], [Server.AddRun], [Server.Recalculate],
// [Server.DeleteRun] and [Server.AddCompany] change what the payroll office has.
// Nothing is booked here, and nothing of employees is told.
//
// # Pointing a client at it
//
// The services are POST http://127.0.0.1:PORT/soap/v3/DebtorService.asmx and
// CompanyService.asmx where the real ones are at https://api.nmbrs.nl/soap/v3/. The
// namespaces stay https://api.nmbrs.nl/soap/v3/DebtorService and .../CompanyService.
// GET with the query wsdl gives the WSDL, the practice office's own, of all
// operations below; GET without it a page that lists them.
//
// SOAP 1.1 and 1.2 are taken, document/literal, and answered in the version of the
// envelope. Content-Type is text/xml or application/soap+xml for either; another
// answers 415. The operation is the one that the header SOAPAction, or the parameter
// action of the content type, names:
// https://api.nmbrs.nl/soap/v3/CompanyService/Run_GetList; without one it is the
// element in the body. What is no call answers a fault of the client (500; in SOAP
// 1.2 with 400). Parameters are found by exact name and namespace; one that is spelled
// otherwise counts as not sent, and a number that is not sent is 0. A document type
// is refused. Envelopes are UTF-8, of at most one megabyte, gzip both ways.
//
// # Signing in
//
// The header holds AuthHeaderWithDomain, in the namespace of the service that is
// called, with Username, Token and Domain; Environment_Get alone has AuthHeader with
// Username and Token, and tells the domain. User salaris@praktijk.example, domain
// praktijk (praktijk.nmbrs.nl is not the value), and one of the tokens:
//
//	practice-nmbrs-token    every operation, every debtor
//	practice-nmbrs-lists    lists alone; journals, workflow and converter answer 1002
//	practice-nmbrs-company  of CompanyService the lists and Journals_GetByRunCompany_v2;
//	                        DebtorService answers 1002
//	practice-nmbrs-one      every operation, debtor 901 alone
//
// Anything missing or wrong, the domain too, is 1001. The API template is looked at
// before the data: 1002. Then a company that does not exist is 2004, a debtor that
// does not exist 2009, one that the login does not see 1003, a run that is not of
// the company and year 2046, a period that the company does not have 2006, and a
// number that is none 2030.
//
// More than 150 calls within a second are answered half a second later each; none is
// refused (see [Options]).
//
// # Operations
//
// DebtorService:
//
//	Environment_Get   Domain, SubDomain
//	List_GetAll       Debtor {Id, Number, Name}
//	List_GetByNumber  (Number) the same
//
// CompanyService; what is in a list comes in this order, what is empty is left out:
//
//	List_GetAll, List_GetByDebtor (DebtorId)
//	    Company {ID, Number, Name, LoonaangifteTijdvak, KvkNr}
//	Company_GetCurrentPeriod (CompanyId)
//	    the latest period that ran, 2026-11-M or 2026-12-4W
//	Run_GetList (CompanyId, Year)
//	    RunInfo {ID, Number, Year, PeriodStart, PeriodEnd, Description, RunAt, IsLocked}
//	RunRequest_GetList (CompanyId, Year)
//	    RunRequest {Period, Year, Status, HandledDate}; Complete when locked, else Handled
//	CostCenter_GetList, CostUnit_GetList (CompanyId)
//	    CostCenter {Code, Description, Id}, CostUnit {Id, Code, Description}
//	Journals_GetByRunCompany, ..Department, ..CostCenter, ..CostCenterCostUnit (CompanyId, RunId)
//	    the journal of a run of the company's active year
//	Journals_GetByRunCompany_v2, ..Department_v2, ..CostCenter_v2 (CompanyId, RunId, intYear)
//	Journals_GetByRunCostCenterCostUnitPerYear (companyId, runId, year)
//	    the same of a run of the given year
//	PayrollWorkflow_Get (CompanyId, Year, Period), Converter_GetByCompany_IntToGuid (CompanyId)
//	    their fields are known from public clients, the elements around them
//	    (PayrollWorkflowTrack, Actions, PayrollWorkflowAction; Converter) are the practice office's own
//
// RunId is the ID of a run, not its number. Whatever tells of employees answers 1002
// to every token: Journals_GetByRunEmployee and its _v2, Run_GetEmployeesByRunCompany,
// Reports_GetJournalsReportByCompany, and all of ReportService.
//
// # Journals
//
// The result of a journal call is one text that holds XML without a declaration,
// escaped:
//
//	<transactions><transaction><header><date>20261130</date><period>11/2026</period></header>
//	<lines><line id="0"><dim1>4000</dim1><dim2>200</dim2><dim3>A1</dim3><value>14907.85</value>
//	<debitcredit>debit</debitcredit><description>Bruto lonen</description></line>..</lines></transaction></transactions>
//
// There is one transaction for each period, the latest first; each balances. The
// date is the last day of the period; four-week periods are 1 to 13, the first from
// Monday of week 1. dim1 is the ledger account; dim2 the cost centre or the
// department; dim3 the cost unit. Elements that the depth of a call does not have
// are left out; balance-sheet accounts have empty ones. What has the same account,
// dimensions and side is one line: debit and credit are not set off, so the totals
// of a journal are the same at every depth. Values are never negative.
//
// # What there is
//
//	901 Halm Groep        54613 Bakkerij De Halm B.V.  12  Month  2025 and 2026 to November
//	                      54614 Halm Transport B.V.    13  Week4  2025 and 2026 to period 12
//	                      54615 Halm Test B.V.         14  Month  September to November 2026
//	902 Oude Molen Groep  54620 Oude Molen B.V.        90  Month  2026 to November
//
// The latest run of a company is not locked, all others are. The run of De Halm of
// February 2026 holds a correction of December 2025, that of August corrections of
// June and July; run 10 of 2026 ("Correctie", periods 8 to 9) holds corrections
// alone. Journals come to the same bytes whenever they are asked for, until the run
// is recalculated.
//
// # REST
//
// The newer API has lists alone, as no path for journals is known of Nmbrs:
//
//	GET /api/companies?pageNumber=&pageSize=
//	    {"pagination":{"pageNumber":1,"totalPages":1,"totalRecords":3,"nextPage":null},
//	     "data":[{"companyId":GUID,"number":"12","name":..,"debtorId":GUID}]}
//	GET /api/companies/{companyId}/runs?year=&pageNumber=&pageSize=
//	    "data":[{"payrollRunId":GUID,"number":12,"year":2026,"description":..,"type":"payroll",
//	             "createdAt":"2026-11-20T09:12:44","locked":false}]
//
// Both need the headers Authorization: Bearer TOKEN and X-Subscription-Key:
// practice-nmbrs-subscription; without either, or with a token that has ended, 401. A
// token without the scope company.info.read answers 403, as does a company of another
// debtor; a company that is not there 404. An error is
// {"title":"Forbidden","detail":..,"code":1003}. A page has 25 rows, or up to 100.
//
// A program signs in with the authorization code grant: GET /connect/authorize (client_id
// practice-nmbrs, response_type code, an http redirect_uri on 127.0.0.1 or localhost,
// scope, state, code_challenge, code_challenge_method S256) shows a page; POST
// /connect/token with client_id, client_secret practice-nmbrs-secret (in the form or as
// Basic), code, redirect_uri and code_verifier answers an access token for an hour, and
// with the scope offline_access a refresh token that works once and outlives the program.
// /connect/revocation ends either; /.well-known/openid-configuration names the paths. The
// person is loon@halm.example with the password praktijk, a login of debtor 901: that of
// the payroll office cannot use the REST API, as at Nmbrs.
//
// # Pages, proofs and changes
//
// GET / shows companies and runs, GET /runs gives them as JSON, GET /journals an empty
// list, as Nmbrs books nothing. POST /office changes something, with form values:
//
//	action=lock         run=ID
//	action=recalculate  run=ID; one person's wages rise by 10.00; 409 when it is locked
//	action=delete       run=ID
//	action=add_run      company=ID, and year and period, or neither for the next one;
//	                    corrects=12/2025 6/2026 for corrections of those periods in it
//	action=add_company  debtor=ID, name, tax_period=Month or Week4
//
// It answers {"id":ID}, 404 for what is not there and 400 for a value that is none.
//
// # Bad days
//
// GET /control lists the bad days; POST /control with the form values fault and times
// switches one on for that many calls (-1 until switched off, 0 off), and with
// only=bookings for journal calls alone:
//
//	slow           answers come late
//	html           a web page with status 200
//	cut            the connection drops in the middle of the answer
//	throttle       429 with Retry-After in seconds
//	throttle_date  429 with Retry-After as an HTTP date
//	unauthorized   the token is refused: 1001
//	timeout        no answer at all; the connection stays open
//	drop           the connection drops without an answer
//	unavailable    503
//	html_error     a web page with status 500
//	fault_in_200   the next fault comes with status 200
//	no_code        a fault without a code: e-mail address and password do not fit
//	blocked        calls about debtor 902 and its companies answer 1003; lists still name them
//	empty          journals have no transactions
//	absent         the answer has no result element
//	cdata          journals come as CDATA
//	utf16          journals begin with a declaration that says utf-16
//	date_time      dates in journals are 2026-11-30T00:00:00
//	no_account     the first line of a journal has no ledger account
//	off_by_cent    journals are one cent out of balance
//	code_1001      Invalid Authentication
//	code_1002      no right to this operation
//	code_1003      no right to this data
//	code_1004      disabled, no valid subscription
//	code_1006      login security failure; once, trying again helps
//	code_2004      no right to the company
//	code_2006      the period does not fit
//	code_2013      not possible on a free trial
//	code_2043      invalid domain
//	code_2046      not found
//	code_9999      unknown
//
// Of these slow, html, cut, throttle, throttle_date, unauthorized (401) and unavailable
// hold for REST too. A code comes as a fault with status 500 whose text is "Server was unable to process
// request. ---> 1003: Unauthorized access". Numbers and meanings are those of Nmbrs'
// list (support.nmbrs.com 360013526891), the wording of some titles is not known.
package nmbrs
