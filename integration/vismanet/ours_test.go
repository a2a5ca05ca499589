package vismanet_test

import (
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/practice/visma"
	"loonbrug/integration/target"
)

// Everything that was sent is listed under its key; what was voided or removed
// is not, nor what has no key of the program's form.
func TestPractice_Ours(t *testing.T) {
	for name, fault := range map[string]string{"Plain": "", "SplitPages": visma.FaultSplitPages} {
		t.Run(name, func(t *testing.T) {
			o := signedIn(t)
			if fault != "" && !o.server.Faults().Set(fault, -1) {
				t.Fatalf("no fault %s", fault)
			}
			sent := make(map[string]model.Entry)
			keys := []string{"LBAAAAAAAAAA", "LBBBBBBBBBBB", "LBCCCCCCCCCC", "somethingelse"}
			numbers := make(map[string]string)
			all := o.deliveries(t)
			for i, key := range keys {
				d := all[min(i, len(all)-1)]
				d.Entry = target.Rekey(d.Entry, key)
				out := o.target.Post(t.Context(), o.access, d)
				if out.Class != target.Accepted {
					t.Fatalf("outcome %+v", out)
				}
				sent[key], numbers[key] = d.Entry, out.Number
			}
			if err := o.server.Void(visma.DeHalm, numbers[keys[1]]); err != nil {
				t.Fatal(err)
			}
			if err := o.server.Remove(visma.DeHalm, numbers[keys[2]]); err != nil {
				t.Fatal(err)
			}
			from := journal.Date{Year: 2026, Month: time.January, Day: 1}
			ours, err := o.target.Ours(t.Context(), o.access, visma.DeHalm, from, from)
			if err != nil || len(ours) != 1 || ours[0].Key != keys[0] || ours[0].Number != numbers[keys[0]] {
				t.Fatalf("listed %+v, %v", ours, err)
			}
			if !target.Same(sent[keys[0]].Lines, ours[0].Lines) {
				t.Errorf("lines %+v", ours[0].Lines)
			}
			if _, err := o.target.Ours(t.Context(), o.access, "another", from, from); err == nil {
				t.Error("another company was listed")
			}
		})
	}
}
