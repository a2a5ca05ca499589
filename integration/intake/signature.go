package intake

import (
	"fmt"
	"strings"

	"loonbrug/data/model"
)

// signature is the same for the same accounts and mappings.
func signature(accounts []model.Account, mappings []model.Mapping) string {
	var b strings.Builder
	for _, a := range accounts {
		fmt.Fprintf(&b, "a%d ", a.ID)
	}
	for _, m := range mappings {
		fmt.Fprintf(&b, "m%d:%d:%s:%t:%t ", m.ID, m.CompanyID, m.Start, m.CostCentre.Use, m.CostUnit.Use)
	}
	return b.String()
}
