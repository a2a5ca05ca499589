package practice

import (
	"strconv"
	"strings"

	"loonbrug/integration/practice/cash"
	"loonbrug/integration/practice/nmbrs"
	"loonbrug/integration/practice/procountor"
	"loonbrug/integration/practice/visma"
	"loonbrug/integration/practice/visma/connect"
)

// describe says what a client needs to know of a system at an address. The first
// credentials are those of the practice office, in the order it counts on.
func describe(id, root string) System {
	s := System{ID: id, Base: root, Page: root + "/", Journals: root + "/journals", Control: root + "/control"}
	switch id {
	case CASH:
		describeCASH(&s, root)
	case VismaNet:
		describeVismaNet(&s, root)
	case Procountor:
		describeProcountor(&s, root)
	case Nmbrs:
		describeNmbrs(&s, root)
	}
	return s
}

func describeCASH(s *System, root string) {
	s.Name, s.Base = "CASH", root+cash.BasePath
	s.Addresses = map[string]string{"rest": s.Base, "wsdl": root + cash.WSDLPath, "soap": root + cash.SOAPPath}
	s.Settings = map[string]string{"relation": cash.Relation, "soap_namespace": cash.Namespace, "daybooks": "SAL MEMO BANK"}
	for _, a := range cash.Administrations() {
		note := "SOAP: admMap " + a.Folder
		if a.ReadOnly {
			note += "; read only"
		}
		s.Companies = append(s.Companies, Company{ID: a.Code, Name: a.Name, Currency: "EUR", Note: note})
	}
	key := func(note, key string) Credential {
		return Credential{note, map[string]string{"api_key": key}}
	}
	login := func(note, email string) Credential {
		return Credential{"SOAP 3.0: " + note, map[string]string{
			"generation": "soap", "relation": cash.Relation, "email": email, "password": cash.Password,
		}}
	}
	s.Credentials = []Credential{
		key("all rights in halm, trns and (read only) arch", cash.KeyAll),
		key("may read; imports stay pending", cash.KeyReader),
		key("not linked to any administration", cash.KeyUnlinked),
		login("all rights", "api@praktijk.example"),
		login("may read; imports stay pending", "lezer@praktijk.example"),
		login("not linked to any administration", "los@praktijk.example"),
	}
}

func describeVismaNet(s *System, root string) {
	s.Name = "Visma.net"
	s.Addresses = map[string]string{
		"issuer": root, "api": root,
		"discovery": root + "/.well-known/openid-configuration", "jwks": root + "/.well-known/openid-configuration/jwks",
		"authorize": root + "/connect/authorize", "token": root + "/connect/token", "revocation": root + "/connect/revocation",
		"userinfo": root + "/connect/userinfo", "endsession": root + "/connect/endsession",
	}
	s.Settings = map[string]string{
		"redirect_uris":  strings.Join(connect.LoopbackRedirects(), " "),
		"scopes":         strings.Join(connect.DefaultScopes(), " "),
		"service_scopes": connect.ServiceScope("read") + " " + connect.ServiceScope("create") + " " + connect.ServiceScope("update"),
	}
	for _, c := range visma.Office() {
		s.Companies = append(s.Companies, Company{ID: c.Tenant, Name: c.Name, Currency: c.Currency, Note: "tenant_id; organisation " + c.Number})
	}
	login := func(note, user string) Credential {
		return Credential{note, map[string]string{"client_id": visma.ClientID, "username": user, "password": visma.Password}}
	}
	s.Credentials = []Credential{
		login("API User in both companies, by sign-in", visma.Bookkeeper),
		login("without the role API User, by sign-in", visma.Guest),
		{"service application for Bakkerij De Halm B.V.", map[string]string{
			"client_id": visma.ServiceID, "client_secret": visma.ServiceSecret, "tenant_id": visma.DeHalm,
		}},
	}
}

func describeProcountor(s *System, root string) {
	s.Name, s.Base = "Procountor", root+procountor.BasePath
	s.Addresses = map[string]string{
		"root": root, "token": s.Base + "/oauth/token", "login": root + "/login", "keylogin": root + "/keylogin", "logout": root + "/logout",
	}
	s.Settings = map[string]string{"redirect_uri": "any http address on loopback without a query"}
	for _, c := range procountor.Companies() {
		s.Companies = append(s.Companies, Company{ID: strconv.Itoa(c.ID), Name: c.Name, Currency: c.Currency, Note: c.Country})
	}
	client := func(note string, fields ...string) Credential {
		all := map[string]string{"client_id": procountor.ClientID, "client_secret": procountor.ClientSecret}
		for i := 0; i < len(fields); i += 2 {
			all[fields[i]] = fields[i+1]
		}
		return Credential{note, all}
	}
	s.Credentials = []Credential{
		client("all rights in Oulun Leipomo Oy", "api_key", procountor.APIKey(101), "company_id", "101"),
		client("all rights in Brödbolaget i Malmö AB", "api_key", procountor.APIKey(102), "company_id", "102"),
		client("all rights in Bakkerij De Halm B.V.", "api_key", procountor.APIKey(103), "company_id", "103"),
		client("may read in Bakkerij De Halm B.V., not write receipts", "api_key", procountor.KeyNoRights, "company_id", "103"),
		client("all rights, by the login page", "user", "7"),
		client("may read, not write receipts, by the login page", "user", "8"),
		client("no company for programs, by the login page", "user", "9"),
	}
}

func describeNmbrs(s *System, root string) {
	s.Name = "Nmbrs"
	s.Addresses = map[string]string{
		"debtor_service": root + nmbrs.SOAPPath + "DebtorService.asmx", "company_service": root + nmbrs.SOAPPath + "CompanyService.asmx",
		"wsdl": root + nmbrs.SOAPPath + "CompanyService.asmx?wsdl", "runs": root + "/runs", "office": root + "/office",
		"rest": root + nmbrs.RESTPath, "authorize": root + "/connect/authorize", "token": root + "/connect/token", "revocation": root + "/connect/revocation",
	}
	s.Settings = map[string]string{"redirect_uri": "any http address on loopback", "scopes": "company.info.read offline_access", "domain": nmbrs.SubDomain, "soap_namespace": nmbrs.NamespaceOf("CompanyService")}
	for _, c := range nmbrs.Companies() {
		note := "debtor " + strconv.Itoa(c.Debtor) + "; number " + strconv.Itoa(c.Number) + "; " + c.TaxPeriod
		if c.ID == nmbrs.TestCompany {
			note += "; to be marked as test company"
		}
		s.Companies = append(s.Companies, Company{ID: strconv.Itoa(c.ID), Name: c.Name, Currency: "EUR", Note: note})
	}
	token := func(note, token string) Credential {
		return Credential{note, map[string]string{"username": nmbrs.User, "token": token, "domain": nmbrs.SubDomain}}
	}
	s.Credentials = []Credential{
		token("every operation, every debtor", nmbrs.TokenAll),
		token("lists alone; journals answer 1002", nmbrs.TokenLists),
		token("lists of companies and Journals_GetByRunCompany_v2; debtors answer 1002", nmbrs.TokenCompany),
		token("every operation, debtor Halm Groep alone", nmbrs.TokenOne),
		{"REST: lists of debtor Halm Groep, by sign-in", map[string]string{
			"client_id": nmbrs.ClientID, "client_secret": nmbrs.ClientSecret, "subscription_key": nmbrs.SubscriptionKey,
			"username": nmbrs.DebtorUser, "password": nmbrs.Password,
		}},
	}
}
