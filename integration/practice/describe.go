package practice

import (
	"strconv"

	"loonbrug/integration/practice/cash"
	"loonbrug/integration/practice/procountor"
	"loonbrug/integration/practice/visma"
)

// describe says what a client needs to know of a system at an address.
func describe(id, root string) System {
	s := System{ID: id, Base: root, Page: root + "/", Journals: root + "/journals", Control: root + "/control"}
	switch id {
	case CASH:
		s.Name, s.Base = "CASH", root+cash.BasePath
		s.Addresses = map[string]string{"wsdl": root + cash.WSDLPath}
		s.Credentials = cashCredentials()
	case VismaNet:
		s.Name = "Visma.net"
		s.Addresses = map[string]string{"issuer": root, "api": root}
		s.Credentials = vismaCredentials()
	case Procountor:
		s.Name, s.Base = "Procountor", root+procountor.BasePath
		s.Addresses = map[string]string{
			"root": root, "token": root + procountor.BasePath + "/oauth/token", "login": root + "/login", "keylogin": root + "/keylogin",
		}
		s.Credentials = procountorCredentials()
	}
	return s
}

func cashCredentials() []Credential {
	key := func(note, key string) Credential {
		return Credential{note, map[string]string{"api_key": key}}
	}
	return []Credential{
		key("all rights in halm, trns and (read only) arch", cash.KeyAll),
		key("may read; imports stay pending", cash.KeyReader),
		key("not linked to any administration", cash.KeyUnlinked),
		{"SOAP 3.0: all rights", map[string]string{
			"generation": "soap", "relation": cash.Relation, "email": "api@praktijk.example", "password": "praktijk",
		}},
	}
}

func vismaCredentials() []Credential {
	login := func(note, user string) Credential {
		return Credential{note, map[string]string{"client_id": visma.ClientID, "username": user, "password": visma.Password}}
	}
	return []Credential{
		login("API User in both companies, by sign-in", visma.Bookkeeper),
		login("without the role API User, by sign-in", visma.Guest),
		{"service application for Bakkerij De Halm B.V.", map[string]string{
			"client_id": visma.ServiceID, "client_secret": visma.ServiceSecret, "tenant_id": visma.DeHalm,
		}},
	}
}

func procountorCredentials() []Credential {
	key := func(note, key string, company int) Credential {
		return Credential{note, map[string]string{
			"client_id": procountor.ClientID, "client_secret": procountor.ClientSecret, "api_key": key, "company_id": strconv.Itoa(company),
		}}
	}
	return []Credential{
		key("all rights in Oulun Leipomo Oy", procountor.APIKey(101), 101),
		key("all rights in Brödbolaget i Malmö AB", procountor.APIKey(102), 102),
		key("all rights in Bakkerij De Halm B.V.", procountor.APIKey(103), 103),
		key("may read in Bakkerij De Halm B.V., not write receipts", procountor.KeyNoRights, 103),
	}
}
