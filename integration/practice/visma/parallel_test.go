package visma_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"
)

func TestCreate_ManyAtOnce(t *testing.T) {
	b := open(t)
	var group errgroup.Group
	group.SetLimit(8)
	for i := range 24 {
		group.Go(func() error {
			r, err := b.try(http.MethodPost, create, wages(fmt.Sprintf("batch %d", i)))
			if err == nil && r.status != http.StatusCreated {
				err = fmt.Errorf("%d %s", r.status, r.body)
			}
			b.get("/v2/journaltransaction?periodId=202603&pageSize=5&pageNumber=2")
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	numbers := map[string]bool{}
	for _, j := range b.server.Journals() {
		numbers[j.Number] = true
	}
	if len(numbers) != 24 || len(b.server.Booked()) != 24 {
		t.Errorf("%d numbers, booked %v", len(numbers), b.server.Booked())
	}
}

// TestCreate_AmountsAreExact sends amounts in every form that JSON has for them.
func TestCreate_AmountsAreExact(t *testing.T) {
	b := open(t)
	forms := map[string]func(int64) string{
		"plain":    func(c int64) string { return fmt.Sprintf("%d.%02d", c/100, c%100) },
		"zeros":    func(c int64) string { return fmt.Sprintf("%d.%02d000", c/100, c%100) },
		"exponent": func(c int64) string { return fmt.Sprintf("%de-2", c) },
	}
	rapid.Check(t, func(rt *rapid.T) {
		cents := rapid.Int64Range(1, 9_999_999_999_99).Draw(rt, "cents")
		form := rapid.SampledFrom([]string{"plain", "zeros", "exponent"}).Draw(rt, "form")
		r := b.do(http.MethodPost, create, body(`"hold":{"value":false},`+march, row("1700", "debit", forms[form](cents)), row("1720", "credit", forms["plain"](cents))))
		if r.status != http.StatusCreated {
			rt.Fatalf("%d %s", r.status, r.body)
		}
		all := b.server.Journals()
		if debit, _ := all[len(all)-1].Totals(); int64(debit) != cents {
			rt.Fatalf("sent %d cents, booked %d", cents, debit)
		}
		read := string(b.get(create + "/" + r.number()).body)
		if want := `"debitTotalInCurrency":` + forms["plain"](cents) + `,`; !strings.Contains(read, want) {
			rt.Fatalf("no %s in %s", want, read)
		}
	})
}
