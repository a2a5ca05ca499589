package vismanet

import (
	"context"
	"net/url"

	"loonbrug/data/model"
)

// The lists of a reference that a mapping may pick from. One that the target
// does not give is not there, and nothing is checked against it.
const (
	listLedgers  = "ledgers"
	listBranches = "branches"
)

// ledger is an actual ledger of the company.
type ledger struct {
	Code     string
	Name     string
	Currency string
}

// ledgers are the actual ledgers: budgets and statistics are no place for a
// journal. Nil means that the company does not show its ledgers.
func (s *session) ledgers(ctx context.Context) ([]ledger, error) {
	text, err := s.optional(ctx, "/v1/ledger")
	if text == nil || err != nil {
		return nil, err
	}
	return parseLedgers(text)
}

func parseLedgers(text []byte) ([]ledger, error) {
	var raw []struct {
		Number   string `json:"number"`
		Name     string `json:"description"`
		Balance  string `json:"balanceType"`
		Currency string `json:"currencyId"`
	}
	if err := decode("ledger", text, &raw); err != nil {
		return nil, err
	}
	ledgers := make([]ledger, 0, len(raw))
	for _, l := range raw {
		if l.Balance == "Actual" && l.Number != "" {
			ledgers = append(ledgers, ledger{Code: l.Number, Name: l.Name, Currency: l.Currency})
		}
	}
	return ledgers, nil
}

// branches are the active branches; nil means that the company does not show
// its branches.
func (s *session) branches(ctx context.Context) ([]model.Choice, error) {
	text, err := s.optional(ctx, "/v1/branch")
	if text == nil || err != nil {
		return nil, err
	}
	return parseBranches(text)
}

// parseBranches reads the branches. One that does not say whether it is active
// is: only a branch that was switched off may be left out.
func parseBranches(text []byte) ([]model.Choice, error) {
	var raw []struct {
		Number string `json:"number"`
		Name   string `json:"name"`
		Active *bool  `json:"isActive"`
	}
	if err := decode("branch", text, &raw); err != nil {
		return nil, err
	}
	branches := make([]model.Choice, 0, len(raw))
	for _, b := range raw {
		if b.Number != "" && (b.Active == nil || *b.Active) {
			branches = append(branches, model.Choice{Code: b.Number, Name: b.Name})
		}
	}
	return branches, nil
}

// lists are the ledgers and branches as a mapping offers them.
func lists(ledgers []ledger, branches []model.Choice) map[string][]model.Choice {
	all := make(map[string][]model.Choice)
	if branches != nil {
		all[listBranches] = branches
	}
	if ledgers != nil {
		choices := make([]model.Choice, len(ledgers))
		for i, l := range ledgers {
			choices[i] = model.Choice{Code: l.Code, Name: l.Name}
		}
		all[listLedgers] = choices
	}
	return all
}

// optional asks for what booking can do without: nil when the company has none
// or the user may not see it.
func (s *session) optional(ctx context.Context, path string) ([]byte, error) {
	text, err := s.get(ctx, path, url.Values{})
	if p := model.ProblemOf(err); p != nil && (p.Code == codeNotFound || p.Code == codeNoRights) {
		return nil, nil
	}
	return text, err
}

// chosen checks what the mapping picked from a list; nothing leaves it to the
// company.
func chosen(ref *model.Reference, list, code, problem string) []*model.Problem {
	choices, given := ref.Lists[list]
	if code == "" || !given {
		return nil
	}
	for _, c := range choices {
		if c.Code == code {
			return nil
		}
	}
	return []*model.Problem{model.NewProblem(problem, "code", code).With(model.ActionOpenMapping)}
}
