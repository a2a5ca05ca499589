package cash

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// Connect implements [target.Target]: the key is good when it may list
// administrations and read in one that may be booked in. Whether it may import
// only an import can tell. Nothing of it is kept but what the form holds.
func (t *Target) Connect(ctx context.Context, a target.Access, _ target.Browser) (target.Identity, error) {
	l, err := t.open(ctx, a)
	if err != nil {
		return target.Identity{}, err
	}
	d, err := l.administrations(ctx)
	if err != nil {
		return target.Identity{}, err
	}
	if len(d.List) == 0 {
		return target.Identity{}, model.NewProblem("cash.no_administrations", "relation", d.Relation)
	}
	if err := usable(ctx, l, d); err != nil {
		return target.Identity{}, err
	}
	who := strings.TrimSpace(d.Name)
	if d.Relation != "" {
		who = strings.TrimSpace(who + " (" + d.Relation + ")")
	}
	return target.Identity{Who: who}, nil
}

// mostProbed is in how many administrations reading is tried, so that a large
// office does not use up the requests of a minute.
const mostProbed = 20

// usable finds an administration that the account may book in, as far as reading
// can tell: one that is not read-only and whose daybooks it may see. An office
// often has administrations that are neither; they are told about when somebody
// chooses one.
func usable(ctx context.Context, l link, d *directory) error {
	var refused *model.Problem
	var closed []string
	open := slices.DeleteFunc(slices.Clone(d.List), func(a model.Administration) bool { return a.ReadOnly })
	if len(open) == 0 {
		return model.NewProblem("cash.all_read_only", "count", strconv.Itoa(len(d.List))).With(model.ActionSignIn)
	}
	for _, a := range open[:min(len(open), mostProbed)] {
		_, err := l.export(ctx, a.Code, "0901", "")
		p := model.ProblemOf(err)
		switch {
		case err == nil:
			return nil
		case p.Code != "cash.not_linked" && p.Code != "cash.refused" && p.Code != "cash.export_failed":
			return err
		}
		refused = p
		closed = append(closed, a.Name)
	}
	if refused.Code == "cash.not_linked" {
		refused.Params["administration"] = strings.Join(closed, ", ")
	}
	return refused
}

// Administrations implements [target.Target].
func (t *Target) Administrations(ctx context.Context, a target.Access) ([]model.Administration, error) {
	l, err := t.open(ctx, a)
	if err != nil {
		return nil, err
	}
	d, err := l.administrations(ctx)
	if err != nil {
		return nil, err
	}
	return d.List, nil
}

// Reference implements [target.Target]. Reading the three lists also proves
// that the key may read in the administration. CASH lists no periods.
func (t *Target) Reference(ctx context.Context, a target.Access, administration string) (*model.Reference, error) {
	l, err := t.open(ctx, a)
	if err != nil {
		return nil, err
	}
	accounts, err := l.export(ctx, administration, "0201", "")
	if err != nil {
		return nil, err
	}
	daybooks, err := l.export(ctx, administration, "0901", "")
	if err != nil {
		return nil, err
	}
	centres, err := l.export(ctx, administration, "0911", "")
	if err != nil {
		return nil, err
	}
	ref := &model.Reference{
		FetchedAt:      t.config.Clock(),
		Currency:       "EUR", // CASH knows no other
		LedgerAccounts: []model.LedgerAccount{},
		Daybooks:       []model.Daybook{},
	}
	for _, row := range accounts {
		name := row.get("F0203")
		if name == "" {
			name = row.get("F0202")
		}
		ref.LedgerAccounts = append(ref.LedgerAccounts, model.LedgerAccount{
			Code: row.get(fLedger), Name: name, Active: !yes(row["F0208"]), Postable: true,
		})
	}
	for _, row := range daybooks {
		ref.Daybooks = append(ref.Daybooks, model.Daybook{Code: row.get(fDaybook), Name: row.get("F0902"), Kind: row.get("F0903")})
	}
	costCentres := model.Dimension{ID: dimensionCostCentre, Name: "Kostenplaats", Values: []model.DimensionValue{}}
	for _, row := range centres {
		code := row.get(fCostCentre)
		costCentres.Values = append(costCentres.Values, model.DimensionValue{
			ID: code, Code: code, Name: row.get("F0912"), Active: !yes(row["F0208"]),
		})
	}
	ref.Dimensions = []model.Dimension{costCentres}
	return ref, nil
}
