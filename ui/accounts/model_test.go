package accounts

import (
	"slices"
	"testing"

	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/ui/widgets"
)

func description() target.Description {
	return target.Description{
		ID: "cash", Name: "CASH", Logo: "cash",
		AccountFields: []target.Field{
			{ID: "relation", Kind: target.FieldText, Required: true},
			{ID: "api_key", Kind: target.FieldSecret, Required: true},
			{ID: "address", Kind: target.FieldAddress, Default: "https://cash.example/"},
		},
	}
}

func TestForm_Parted(t *testing.T) {
	f := form{target: description(), values: map[string]string{"relation": " 100200 ", "api_key": "geheim", "address": "https://cash.example/"}}
	settings, secrets := f.parted()
	if len(settings) != 1 || settings["relation"] != "100200" {
		t.Errorf("settings %v: trimmed, without secrets and defaults", settings)
	}
	if len(secrets) != 1 || secrets["api_key"].Reveal() != "geheim" {
		t.Errorf("secrets have %d fields", len(secrets))
	}
	f.values["address"] = "http://127.0.0.1:1/"
	if settings, _ = f.parted(); settings["address"] == "" {
		t.Error("an address of one's own is kept")
	}
}

func TestForm_Missing(t *testing.T) {
	f := form{target: description(), values: map[string]string{}}
	if got := f.missing(); !slices.Equal(got, []string{"name", "relation", "api_key"}) {
		t.Errorf("missing %v", got)
	}
	f.name, f.values["relation"], f.existing = "x", "1", true
	if got := f.missing(); len(got) != 0 {
		t.Errorf("a secret that is kept already is not missing: %v", got)
	}
}

// What the choice of a way makes needless is neither missing nor kept.
func TestForm_AsksForWhatTheWayNeeds(t *testing.T) {
	d := target.Description{
		SignIn: target.SignInCredentials, BrowserWhen: target.When{Field: "way", Value: "browser"},
		AccountFields: []target.Field{
			{ID: "way", Kind: target.FieldChoice, Default: "browser", Choices: []string{"browser", "key"}},
			{ID: "key", Kind: target.FieldSecret, Required: true, When: target.When{Field: "way", Value: "key"}},
			{ID: "back", Kind: target.FieldText, RequiredWhen: target.When{Field: "way", Value: "browser"}},
		},
	}
	f := form{target: d, name: "x", values: map[string]string{"way": "browser", "key": "geheim"}}
	if got := f.missing(); !slices.Equal(got, []string{"back"}) {
		t.Errorf("missing %v", got)
	}
	if _, secrets := f.parted(); len(secrets) != 0 {
		t.Error("a key that was not asked for is kept")
	}
	f.values["way"] = "key"
	if got := f.missing(); len(got) != 0 {
		t.Errorf("missing %v", got)
	}
	if settings, secrets := f.parted(); settings["way"] != "key" || len(secrets) != 1 {
		t.Errorf("settings %v and %d secrets", settings, len(secrets))
	}
	c := card{account: model.Account{Settings: map[string]string{"way": "browser"}}, target: d, signing: true}
	browser := c.word()
	c.account.Settings["way"] = "key"
	if browser == c.word() {
		t.Error("a check of a key looks like a sign-in by the browser")
	}
}

func TestGroupsOf(t *testing.T) {
	targets := []target.Description{{ID: "a", Name: "A"}, {ID: "b", Name: "B"}}
	accounts := []model.Account{
		{ID: 1, Target: "b", Name: "Zwaluw"}, {ID: 2, Target: "b", Name: "Arend"}, {ID: 3, Target: "a"}, {ID: 4, Target: "gone"},
	}
	groups := groupsOf(targets, accounts, SignIns{2: &UnderWay{}}, nil)
	if len(groups) != 3 || groups[0].target.ID != "a" || groups[2].target.ID != "gone" {
		t.Fatalf("groups %+v", groups)
	}
	b := groups[1].cards
	if b[0].account.ID != 2 || !b[0].signing || b[1].signing {
		t.Errorf("cards of b: %+v", b)
	}
}

func TestCard_IsGreyUntilAuthorised(t *testing.T) {
	for state, look := range map[model.AccountState]widgets.Look{
		model.AccountNew: widgets.LookGrey, model.AccountExpired: widgets.LookGrey, model.AccountAuthorised: widgets.LookColour,
	} {
		c := card{account: model.Account{State: state}, target: description()}
		f := c.face()
		if f.Look != look || f.Badge == "" || f.Hint == "" {
			t.Errorf("%s: %+v", state, f)
		}
	}
}

func TestProposeName(t *testing.T) {
	taken := []model.Account{{Name: "CASH"}, {Name: "CASH 2"}}
	if got := proposeName(description(), taken); got != "CASH 3" {
		t.Errorf("proposed %q", got)
	}
}

// Each trouble of an account has words that are true and one button that mends
// it.
func TestCard_Mends(t *testing.T) {
	key := target.Description{ID: "cash", SignIn: target.SignInCredentials, AccountFields: []target.Field{{ID: "api_key", Kind: target.FieldSecret, Required: true}}}
	page := target.Description{ID: "vismanet", SignIn: target.SignInBrowser}
	problem := func(code string, action model.Action) *model.Problem { return model.NewProblem(code).With(action) }
	for name, tt := range map[string]struct {
		target  target.Description
		state   model.AccountState
		problem *model.Problem
		stands  standing
		mend    mending
	}{
		"new":                       {page, model.AccountNew, nil, standsNew, mendFirst},
		"all is well":               {page, model.AccountAuthorised, nil, standsWell, mendNothing},
		"the session has expired":   {page, model.AccountExpired, problem("oauth.expired", model.ActionSignIn), standsEnded, mendSignIn},
		"the sign-in ends soon":     {page, model.AccountAuthorised, problem("account.sign_in_ends", model.ActionSignIn), standsAttention, mendSignIn},
		"rights are missing":        {page, model.AccountAuthorised, problem("vismanet.no_rights", model.ActionNone), standsAttention, mendCheck},
		"another company":           {page, model.AccountExpired, problem("account.other_company", model.ActionConfirmCompany), standsEnded, mendCompany},
		"the key of a page is lost": {page, model.AccountExpired, problem("secret.key_lost", model.ActionSignIn), standsEnded, mendSignIn},
		"the key of a key is lost":  {key, model.AccountExpired, problem("secret.key_lost", model.ActionSignIn), standsEnded, mendChange},
		"the key is refused":        {key, model.AccountExpired, problem("cash.bad_key", model.ActionOpenAccount), standsEnded, mendChange},
	} {
		c := card{account: model.Account{State: tt.state, Problem: tt.problem}, target: tt.target}
		if c.state() != tt.stands || c.mend() != tt.mend {
			t.Errorf("%s: stands %q and is mended by %q", name, c.state(), c.mend())
		}
		if got := c.face().Badge == "bang"; got != (tt.problem != nil) {
			t.Errorf("%s: badge %q", name, c.face().Badge)
		}
	}
}
