package vismanet_test

import (
	"encoding/json"
	"slices"
	"testing"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/practice/visma"
	"loonbrug/integration/target"
)

func TestReference_Lists(t *testing.T) {
	o := signedIn(t)
	ref, err := o.target.Reference(t.Context(), o.access, visma.DeHalm)
	if err != nil {
		t.Fatal(err)
	}
	for list, want := range map[string][]model.Choice{
		"branches": {{Code: "1", Name: "Hoofdvestiging"}},
		"ledgers":  {{Code: "1", Name: "Actueel"}},
	} {
		if !slices.Equal(ref.Lists[list], want) {
			t.Errorf("%s: %v, want %v", list, ref.Lists[list], want)
		}
	}
	for _, f := range o.target.Describe().MappingFields {
		if f.Kind == target.FieldList && (ref.Lists[f.List] == nil || f.Required) {
			t.Errorf("field %+v has no list, or must be filled", f)
		}
	}
}

// A company that shows no branches or ledgers can be booked in all the same; a
// list that cannot be read for the moment is no such company.
func TestReference_ListsNotGiven(t *testing.T) {
	for status, fine := range map[int]bool{403: true, 404: true, 500: false, 429: false} {
		b := newBundle(t)
		b.withReference()
		b.answer("GET /v1/branch", status, "")
		b.answer("GET /v1/ledger", status, "")
		ref, err := b.target.Reference(t.Context(), b.access, company)
		if (err == nil) != fine {
			t.Errorf("%d: %v", status, err)
		}
		if fine && len(ref.Lists) != 0 {
			t.Errorf("%d: lists %v", status, ref.Lists)
		}
	}
}

func TestBuild_LedgerAndBranch(t *testing.T) {
	b := newBundle(t)
	b.answer("GET /v1/branch", 200, `[{"number":"1","name":"Hoofd","isActive":true},{"number":"2","isActive":false},{"number":"3"}]`)
	b.answer("GET /v1/ledger", 200, `[{"number":"1","balanceType":"Actual"},{"number":"2","balanceType":"Budget"}]`)
	ref := b.reference()
	b.answer("POST /v2/journaltransaction", 201, "", "Location", "/v2/journaltransaction/GL1")
	for name, c := range map[string]struct {
		branch, ledger string
		problems       []string
	}{
		"Default":  {},
		"Chosen":   {"3", "1", nil},
		"Inactive": {"2", "", []string{"vismanet.unusable_branch"}},
		"Budget":   {"", "2", []string{"vismanet.unusable_ledger"}},
		"Unknown":  {"9", "9", []string{"vismanet.unusable_ledger", "vismanet.unusable_branch"}},
	} {
		t.Run(name, func(t *testing.T) {
			draft := sampleDraft(journal.Split(samplePayroll(t))[0])
			draft.Mapping.Options = map[string]string{"branch": c.branch, "ledger": c.ledger}
			e, problems := b.target.Build(draft, ref)
			var got []string
			for _, p := range problems {
				got = append(got, p.Code)
				if p.Action != model.ActionOpenMapping {
					t.Errorf("action %q", p.Action)
				}
			}
			if !slices.Equal(got, c.problems) {
				t.Errorf("problems %v, want %v", got, c.problems)
			}
			b.target.Post(t.Context(), b.access, target.Delivery{Entry: e})
			posts := b.seen("POST")
			var said map[string]struct{ Value any }
			// Lines are no scalar; what stands before them is enough.
			var raw map[string]json.RawMessage
			if err := json.Unmarshal([]byte(posts[len(posts)-1].body), &raw); err != nil {
				t.Fatal(err)
			}
			delete(raw, "journalTransactionLines")
			text, err := json.Marshal(raw)
			if err != nil || json.Unmarshal(text, &said) != nil {
				t.Fatal(err)
			}
			for field, want := range map[string]string{"branch": c.branch, "ledger": c.ledger} {
				got, there := said[field]
				if there != (want != "") || there && got.Value != want {
					t.Errorf("%s: %v, want %q", field, got.Value, want)
				}
			}
		})
	}
}

// The practice system takes a branch and a ledger that were chosen.
func TestPractice_LedgerAndBranch(t *testing.T) {
	o := signedIn(t)
	d := o.deliveries(t)[0]
	d.Entry.Extra["branch"], d.Entry.Extra["ledger"] = "1", "1"
	if out := o.target.Post(t.Context(), o.access, d); out.Class != target.Accepted {
		t.Errorf("outcome %+v", out)
	}
}
