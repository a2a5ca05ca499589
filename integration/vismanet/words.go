package vismanet

import (
	"strings"

	"loonbrug/data/model"
)

// rule recognises a refusal by words. Every group must be met by one of its
// words; the target answers in the language of the company, so each group holds
// the word in English, Dutch, Swedish, and Norwegian or Danish.
type rule struct {
	name   string
	action model.Action
	groups [][]string
}

// rules stand from the particular to the general; the first that fits counts.
// The English texts are those of the system that Visma.net ERP is built on.
func rules() []rule {
	var (
		subaccount = []string{"subaccount", "subrekening", "underkonto", "delkonto"}
		account    = []string{"account", "rekening", "konto"}
		period     = []string{"period"} // the same stem in all of them
		inactive   = []string{"inactive", "inactief", "niet actief", "inaktiv", "ikke aktiv"}
		closed     = []string{"closed", "gesloten", "stängd", "stengt", "lukket"}
		missing    = []string{
			"cannot be found", "do not exist", "does not exist", "not found", "niet gevonden", "bestaat niet",
			"hittades inte", "finns inte", "finnes ikke", "ikke funnet", "findes ikke",
		}
		empty = []string{"cannot be empty", "may not be empty", "is required", "mag niet leeg", "verplicht", "får inte vara tom", "kan ikke være tom"}
	)
	return []rule{
		{"refused_inactive_subaccount", model.ActionOpenMapping, [][]string{subaccount, inactive}},
		{"refused_missing_subaccount", model.ActionOpenMapping, [][]string{subaccount, empty}},
		{"refused_unknown_subaccount", model.ActionRefresh, [][]string{subaccount, missing}},
		{"refused_unbalanced", model.ActionNone, [][]string{{"out of balance", "niet in balans", "i obalans", "ikke i balanse", "ikke i balance"}}},
		{"refused_date_outside_period", model.ActionRefresh, [][]string{{"outside the range", "buiten het bereik", "utanför", "utenfor", "uden for"}, period}},
		{"refused_period_format", model.ActionNone, [][]string{{"invalid year or period", "period format"}}},
		{"refused_period_closed", model.ActionRefresh, [][]string{period, closed}},
		{"refused_period_inactive", model.ActionRefresh, [][]string{period, inactive}},
		{"refused_no_period", model.ActionRefresh, [][]string{period, missing}},
		{"refused_result_account", model.ActionRefresh, [][]string{{"year to date net income", "ytd net income"}}},
		{"refused_currency", model.ActionOpenMapping, [][]string{{"denominated"}, {"currency"}}},
		{"refused_branch", model.ActionRefresh, [][]string{{"branch", "filiaal", "vestiging", "filial"}}},
		{"refused_access", model.ActionNone, [][]string{{"access rights", "toegangsrechten", "åtkomst", "tilgang", "adgang"}}},
		{"refused_manual_entry", model.ActionRefresh, [][]string{account, {"manual", "handmatig", "manuell"}}},
		{"refused_inactive_account", model.ActionRefresh, [][]string{account, inactive}},
		{"refused_unknown_account", model.ActionRefresh, [][]string{account, missing}},
		{"refused_ledger", model.ActionRefresh, [][]string{{"ledger", "grootboek", "huvudbok", "hovedbok"}, missing}},
		{"refused_unknown_account", model.ActionRefresh, [][]string{{"cannot be found in the system"}}},
		{"refused_collective", model.ActionNone, [][]string{{"raised at least one error"}}},
	}
}

// byWords names a refusal by its text.
func byWords(message string) (name string, action model.Action) {
	text := strings.ToLower(message)
	for _, r := range rules() {
		if r.fits(text) {
			return r.name, r.action
		}
	}
	return "refused", model.ActionNone
}

func (r rule) fits(text string) bool {
	for _, words := range r.groups {
		met := false
		for _, word := range words {
			met = met || strings.Contains(text, word)
		}
		if !met {
			return false
		}
	}
	return true
}
