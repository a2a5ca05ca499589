package uitest

import (
	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// March is the period of the newest runs of the practice office.
func March() journal.Period { return journal.Period{Year: 2026, Number: 3} }

// Ids of the practice office, for tests to name.
const (
	DeHalm, Transport, Brodbolaget, Leipomo = 1, 2, 3, 4
	Cash, Visma, Procountor                 = 1, 2, 3
	RunMarch, RunSweden, RunFinland         = 1, 2, 3
	RunTransport, RunFebruary               = 4, 5
	MapCash, MapVisma, MapProcountor        = 11, 12, 13
	MapSweden, MapFinland                   = 14, 15
)

// Practice is an office like that of practice mode: four companies, three
// systems, one account that is not signed in, one company without a mapping,
// and a logo in many of the states.
func Practice() *Office {
	o := &Office{
		Descriptions: descriptions(),
		AccountList: []model.Account{
			{ID: Cash, Target: "cash", Name: "CASH", State: model.AccountAuthorised, Identity: "100200", CheckedAt: Now()},
			{ID: Visma, Target: "vismanet", Name: "De Halm", State: model.AccountAuthorised, Identity: "boekhouder@praktijk.example · Bakkerij De Halm B.V.", CheckedAt: Now()},
			{ID: Procountor, Target: "procountor", Name: "Procountor", State: model.AccountNew},
		},
		CompanyList: []model.Company{
			{ID: DeHalm, Source: "file", SourceID: "12", Number: "12", Name: "Bakkerij De Halm B.V.", Debtor: "Halm Groep", Country: "NL", Currency: "EUR"},
			{ID: Transport, Source: "file", SourceID: "13", Number: "13", Name: "Halm Transport B.V.", Debtor: "Halm Groep", Country: "NL", Currency: "EUR"},
			{ID: Brodbolaget, Source: "file", SourceID: "21", Number: "21", Name: "Brödbolaget i Malmö AB", Country: "SE", Currency: "SEK"},
			{ID: Leipomo, Source: "file", SourceID: "31", Number: "31", Name: "Oulun Leipomo Oy", Country: "FI", Currency: "EUR"},
		},
		MappingList: mappings(),
		Books: map[string][]model.Administration{
			"cash":       {{Code: "halm", Name: "Bakkerij De Halm B.V."}, {Code: "trns", Name: "Halm Transport B.V."}, {Code: "arch", Name: "Archief 2019", ReadOnly: true}},
			"vismanet":   {{Code: "1", Name: "Bakkerij De Halm B.V."}},
			"procountor": {{Code: "103", Name: "Bakkerij De Halm B.V."}},
		},
		References: map[string]*model.Reference{
			"cash": {Daybooks: []model.Daybook{{Code: "SAL", Name: "Salarissen"}, {Code: "MEMO", Name: "Memoriaal"}, {Code: "BANK", Name: "Bank"}}},
			"vismanet": {Dimensions: []model.Dimension{
				{ID: "1", Name: "Kostenplaats"}, {ID: "2", Name: "Kostendrager"},
			}},
			"procountor": {Dimensions: []model.Dimension{{ID: "7", Name: "Kostenplaats"}}},
		},
		Sender:   model.SenderStatus{Alive: true, Working: 1, Waiting: 2, LastBooked: Now()},
		Address:  "http://127.0.0.1:9/authorize",
		Receipts: make(map[int64]model.Receipt),
		Entries:  make(map[int64]model.Entry),
		History:  make(map[int64][]model.Attempt),
		Previews: make(map[int64][]model.Preview),
		Fail:     make(map[string]error),
	}
	o.addRuns()
	return o
}

func descriptions() []target.Description {
	return []target.Description{
		{
			ID: "cash", Name: "CASH", Logo: "cash", Sent: target.SentGreen, SignIn: target.SignInCredentials,
			AccountFields: []target.Field{
				{ID: "api_key", Kind: target.FieldSecret, Required: true},
				{ID: "address", Kind: target.FieldAddress, Default: "https://cash.example/"},
			},
			AccountNote: "target.cash.note",
			MappingFields: []target.Field{
				{ID: "daybook", Kind: target.FieldDaybook, Required: true},
				{ID: "cost_unit", Kind: target.FieldChoice, Default: "leave_out", Choices: []string{"leave_out"}},
			},
			CostCentre:    target.DimensionSupport{Offered: true, Label: "target.cash.cost_centre"},
			PersonDecides: true,
			Download:      true,
		},
		{
			ID: "vismanet", Name: "Visma.net", Logo: "vismanet", Sent: target.SentRed, SignIn: target.SignInBrowser,
			AccountFields: []target.Field{
				{ID: "client_id", Kind: target.FieldText, Required: true, Default: "practice-visma"},
				{ID: "api", Kind: target.FieldAddress, Default: "https://visma.example/"},
			},
			AccountNote:       "target.vismanet.account_note",
			MappingFields:     []target.Field{{ID: "batch", Kind: target.FieldChoice, Default: "hold", Choices: []string{"hold", "release"}}},
			CostCentre:        target.DimensionSupport{Offered: true, Label: "target.vismanet.cost_centre", Named: true},
			CostUnit:          target.DimensionSupport{Offered: true, Label: "target.vismanet.cost_unit", Named: true},
			OneAdministration: true,
			NoDownload:        "target.vismanet.no_download",
		},
		{
			ID: "procountor", Name: "Procountor", Logo: "procountor", Sent: target.SentShaded, SignIn: target.SignInCredentials,
			AccountFields: []target.Field{{ID: "api_key", Kind: target.FieldSecret, Required: true}},
			CostCentre:    target.DimensionSupport{Offered: true, Label: "target.procountor.cost_centre", Named: true},
			NoDownload:    "target.procountor.no_download",
		},
	}
}

func mappings() []model.Mapping {
	return []model.Mapping{
		{ID: MapCash, CompanyID: DeHalm, AccountID: Cash, Target: "cash", Administration: model.Administration{Code: "halm", Name: "Bakkerij De Halm B.V."}, Options: map[string]string{"daybook": "SAL"}, CostCentre: model.DimensionRule{Use: true, Name: "Kostenplaats"}},
		{ID: MapVisma, CompanyID: DeHalm, AccountID: Visma, Target: "vismanet", Administration: model.Administration{Code: "1", Name: "Bakkerij De Halm B.V."}, CostCentre: model.DimensionRule{Use: true, Dimension: "1", Name: "Kostenplaats"}, CostUnit: model.DimensionRule{Use: true, Dimension: "2", Name: "Kostendrager"}},
		{ID: MapProcountor, CompanyID: DeHalm, AccountID: Procountor, Target: "procountor", Administration: model.Administration{Code: "103", Name: "Bakkerij De Halm B.V."}},
		{ID: MapSweden, CompanyID: Brodbolaget, AccountID: Procountor, Target: "procountor", Administration: model.Administration{Code: "102", Name: "Brödbolaget i Malmö AB"}},
		{ID: MapFinland, CompanyID: Leipomo, AccountID: Procountor, Target: "procountor", Administration: model.Administration{Code: "101", Name: "Oulun Leipomo Oy"}},
	}
}

func (o *Office) addRuns() {
	row := func(id, company int64, period journal.Period, description, reference string, corrections int, debit journal.Amount, targets ...model.RunTarget) {
		o.Rows = append(o.Rows, model.RunRow{
			Run:     model.Run{ID: id, CompanyID: company, Year: period.Year, First: period, Last: period, Description: description, Reference: reference},
			Company: o.CompanyList[company-1], Corrections: corrections, Debit: debit, Targets: targets,
		})
	}
	at := func(target string, account, mapping int64, state model.State, periods int) model.RunTarget {
		return model.RunTarget{Target: target, AccountID: account, MappingID: mapping, State: state, Periods: periods}
	}
	february := journal.Period{Year: 2026, Number: 2}
	cash := at("cash", Cash, MapCash, model.StatePartial, 3)
	cash.Booked = 2
	cash.Deliveries = o.deliveries()
	row(RunMarch, DeHalm, March(), "Salarissen maart 2026", "LR12-2026-003", 2, 48_210_37,
		cash, at("vismanet", Visma, MapVisma, model.StateReady, 3), at("procountor", Procountor, MapProcountor, model.StateNotSetUp, 3))
	row(RunSweden, Brodbolaget, March(), "Löner mars 2026", "LR21-2026-003", 0, 312_400_00, at("procountor", Procountor, MapSweden, model.StateUnknown, 1))
	row(RunFinland, Leipomo, March(), "Palkat maaliskuu 2026", "LR31-2026-003", 0, 27_905_10, at("procountor", Procountor, MapFinland, model.StateAccepted, 1))
	row(RunTransport, Transport, March(), "Salarissen maart 2026", "LR13-2026-003", 0, 19_874_22)
	booked := at("vismanet", Visma, MapVisma, model.StateBooked, 1)
	booked.Approval = model.ApprovalWaiting
	row(RunFebruary, DeHalm, february, "Salarissen februari 2026", "LR12-2026-002", 0, 44_980_12,
		at("cash", Cash, MapCash, model.StateBooked, 1), booked, at("procountor", Procountor, MapProcountor, model.StateMarked, 1))
	for _, number := range []int{1, 2, 3} {
		e := entry(journal.Period{Year: 2026, Number: number})
		o.Previews[RunMarch] = append(o.Previews[RunMarch], model.Preview{Entry: e})
	}
}

// deliveries are those of March at CASH: two periods booked, one refused.
func (o *Office) deliveries() []model.Delivery {
	var all []model.Delivery
	for i, state := range []model.State{model.StateBooked, model.StateBooked, model.StateRefused} {
		id := int64(i + 1)
		p := journal.Period{Year: 2026, Number: i + 1}
		d := model.Delivery{ID: id, RunID: RunMarch, MappingID: MapCash, Target: "cash", Period: p, State: state}
		o.Entries[id] = entry(p)
		sent := o.Entries[id]
		debit, credit := sent.Totals()
		o.History[id] = []model.Attempt{{DeliveryID: id, Number: 1, At: Now(), From: model.StateQueued, To: model.StateSending}, {DeliveryID: id, Number: 2, At: Now(), From: model.StateSending, To: state}}
		if state == model.StateBooked {
			d.Sends = 1
			d.Number = "SAL 26000" + string(rune('1'+i))
			o.Receipts[id] = model.Receipt{DeliveryID: id, Number: d.Number, BookedAt: Now(), Approval: model.ApprovalNone, Lines: len(sent.Lines), Debit: debit, Credit: credit}
		} else {
			d.Problem = model.NewProblem("cash.unknown_ledger_account", "account", "4075", "detail", "Ongeldige waarde 201=4075").With(model.ActionOpenMapping)
		}
		all = append(all, d)
	}
	return all
}

func entry(p journal.Period) model.Entry {
	return model.Entry{
		Target: "cash", Administration: "halm", Key: "LBABCDEFGHJK", Reference: "LR12-2026-003", Period: p, Date: p.LastDay(false), Currency: "EUR", Description: "Salarissen maart 2026",
		Lines: []model.EntryLine{
			{LedgerAccount: "4000", Amount: 12_345_67, Text: "Bruto lonen", Dimensions: []model.DimensionCode{{Code: "100"}, {Code: "A1"}}},
			{LedgerAccount: "4050", Amount: 2_210_05, Text: "Sociale lasten werkgever", Dimensions: []model.DimensionCode{{Code: "200"}}},
			{LedgerAccount: "1700", Amount: -5_110_00, Text: "Af te dragen loonheffingen"},
			{LedgerAccount: "1720", Amount: -9_445_72, Text: "Netto lonen te betalen"},
		},
	}
}
