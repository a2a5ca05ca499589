package store_test

import (
	"reflect"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

func same(t testing.TB, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestCompany(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	same(t, must[model.Company](t)(b.Company(ctx, b.company.ID)), b.company)
	again := b.company
	again.ID, again.Name, again.FourWeekly = 0, "Bakkerij De Halm", false
	if err := b.SaveCompany(ctx, &again); err != nil || again.ID != b.company.ID {
		t.Fatalf("a known company got id %d, not %d: %v", again.ID, b.company.ID, err)
	}
	other := b.addCompany("2")
	same(t, must[[]model.Company](t)(b.Companies(ctx)), []model.Company{again, other})
	_, err := b.Company(ctx, 99)
	wantNotFound(t, err)
}

func TestAccount(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	same(t, must[model.Account](t)(b.Account(ctx, b.account.ID)), b.account)
	b.account.State, b.account.Problem, b.account.CheckedAt = model.AccountExpired, nil, time.Time{}
	if err := b.SaveAccount(ctx, &b.account); err != nil {
		t.Fatal(err)
	}
	other := b.addAccount("Archief")
	same(t, must[[]model.Account](t)(b.Accounts(ctx)), []model.Account{other, b.account})
	wantNotFound(t, b.SaveAccount(ctx, &model.Account{ID: 99, State: model.AccountNew}))
	if err := b.SaveAccount(ctx, &model.Account{State: "half"}); err == nil {
		t.Error("a state that does not exist was stored")
	}
}

func TestAccount_Remove(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	b.queue()
	m := b.addMapping()
	wantProblem(t, b.RemoveAccount(ctx, b.account.ID), "account.in_use", "account", "mappings", "waiting")
	use := must[model.AccountUse](t)(b.AccountUse(ctx, b.account.ID))
	same(t, use, model.AccountUse{Companies: []string{b.company.Name}, Waiting: 1})
	other := b.addAccount("Archief")
	same(t, must[model.AccountUse](t)(b.AccountUse(ctx, other.ID)), model.AccountUse{})
	if err := b.SaveCredentials(ctx, other.ID, model.Credentials{"api_key": "k"}); err != nil {
		t.Fatal(err)
	}
	if err := b.SaveReference(ctx, other.ID, "halm", &model.Reference{}); err != nil {
		t.Fatal(err)
	}
	if err := b.RemoveAccount(ctx, other.ID); err != nil {
		t.Fatal(err)
	}
	_, err := b.Account(ctx, other.ID)
	wantNotFound(t, err)
	same(t, must[model.Credentials](t)(b.Credentials(ctx, other.ID)), model.Credentials{})
	wantNotFound(t, b.RemoveAccount(ctx, other.ID))

	wantProblem(t, b.RemoveMapping(ctx, m.ID), "mapping.in_use", "waiting")
	d, _ := b.claim(noon)
	done := d
	done.State = model.StateBooked
	b.apply(d, done)
	if err := b.RemoveMapping(ctx, m.ID); err != nil {
		t.Fatal(err)
	}
	if err := b.RemoveAccount(ctx, b.account.ID); err != nil {
		t.Fatal(err)
	}
	b.delivery(d.ID)
	if again := b.addAccount("Nieuw"); again.ID <= other.ID {
		t.Errorf("id %d was given a second time", again.ID)
	}
}

func TestCredentials(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	same(t, must[model.Credentials](t)(b.Credentials(ctx, b.account.ID)), model.Credentials{})
	for _, c := range []model.Credentials{{"api_key": "one", "refresh_token": "two"}, {"refresh_token": "three"}} {
		if err := b.SaveCredentials(ctx, b.account.ID, c); err != nil {
			t.Fatal(err)
		}
		same(t, must[model.Credentials](t)(b.Credentials(ctx, b.account.ID)), c)
	}
	wantNotFound(t, b.SaveCredentials(ctx, 99, model.Credentials{}))
}

func TestReference(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	_, err := b.Reference(ctx, b.account.ID, "halm")
	wantNotFound(t, err)
	for _, r := range []*model.Reference{
		{FetchedAt: noon, LedgerAccounts: []model.LedgerAccount{{Code: "0400", Active: true}}, Dimensions: []model.Dimension{}},
		{FetchedAt: noon.Add(time.Hour), Currency: "EUR", Extra: map[string]string{"a": "b"}},
	} {
		if err := b.SaveReference(ctx, b.account.ID, "halm", r); err != nil {
			t.Fatal(err)
		}
		same(t, must[*model.Reference](t)(b.Reference(ctx, b.account.ID, "halm")), r)
	}
	_, err = b.Reference(ctx, b.account.ID, "trns")
	wantNotFound(t, err)
}

func TestMapping(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	m := b.addMapping()
	same(t, must[model.Mapping](t)(b.Mapping(ctx, m.ID)), m)
	second := m
	second.ID = 0
	wantProblem(t, b.SaveMapping(ctx, &second), "mapping.exists", "target", "administration", "code")
	if second.ID != 0 {
		t.Error("a mapping that was refused got an id")
	}
	second.Administration.Code = "trns"
	if err := b.SaveMapping(ctx, &second); err != nil {
		t.Fatal(err)
	}
	back := second
	back.Administration.Code = "halm"
	wantProblem(t, b.SaveMapping(ctx, &back), "mapping.exists")
	second.Start = journal.Period{}
	if err := b.SaveMapping(ctx, &second); err != nil {
		t.Fatal(err)
	}
	same(t, must[[]model.Mapping](t)(b.Mappings(ctx)), []model.Mapping{m, second})
	wantNotFound(t, b.SaveMapping(ctx, &model.Mapping{ID: 99}))
	wantNotFound(t, b.SaveMapping(ctx, &model.Mapping{CompanyID: 99, AccountID: b.account.ID}))
	if err := b.RemoveMapping(ctx, m.ID); err != nil {
		t.Fatal(err)
	}
	wantNotFound(t, b.RemoveMapping(ctx, m.ID))
	_, err := b.Mapping(ctx, m.ID)
	wantNotFound(t, err)
}

func TestSetting(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	_, err := b.Setting(ctx, "language")
	wantNotFound(t, err)
	for _, value := range []string{"nl", "", "fi"} {
		if err := b.SaveSetting(ctx, "language", value); err != nil {
			t.Fatal(err)
		}
		same(t, must[string](t)(b.Setting(ctx, "language")), value)
	}
}
