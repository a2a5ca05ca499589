package overview

import (
	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/ui/i18n"
)

// bar is one bar of a plot: as long as its share of the longest, with the part of
// it that has the pattern.
type bar struct {
	name    string
	value   string
	share   float32 // 0 to 1
	pattern float32 // 0 to 1 of the bar itself
	runs    []int64
}

func monthBars(o model.Overview) (bars []bar) {
	largest := largestOf(o.Months)
	for _, m := range o.Months {
		bars = append(bars, amountBar(i18n.FormatPeriod(m.Period), m, largest))
	}
	return bars
}

// centreBars are the largest cost centres; the rest of them is one bar.
func centreBars(o model.Overview) (bars []bar) {
	var rest model.OverviewSum
	largest := largestOf(o.Centres)
	for i, c := range o.Centres {
		if i >= mostBars && len(o.Centres) > mostBars+1 {
			rest.Debit += c.Debit
			rest.Corrections += c.Corrections
			rest.Runs = append(rest.Runs, c.Runs...)
			continue
		}
		name := c.Centre
		if name == "" {
			name = i18n.T("overview.no_centre")
		}
		bars = append(bars, amountBar(name, c, largest))
	}
	if rest.Debit > 0 {
		bars = append(bars, amountBar(i18n.T("overview.rest"), rest, max(largest, rest.Debit)))
	}
	return bars
}

func amountBar(name string, s model.OverviewSum, largest journal.Amount) bar {
	return bar{name: name, value: i18n.FormatAmount(s.Debit), share: shareOf(s.Debit, largest), pattern: shareOf(s.Corrections, s.Debit), runs: s.Runs}
}

func outcomeBars(o model.Overview) (bars []bar) {
	largest := 0
	for _, out := range o.Outcomes {
		largest = max(largest, out.Deliveries)
	}
	for _, out := range o.Outcomes {
		bars = append(bars, bar{
			name: i18n.T("state.short." + string(out.State)), value: i18n.Tn("overview.deliveries", out.Deliveries),
			share: float32(out.Deliveries) / float32(largest), runs: out.Runs,
		})
	}
	return bars
}

func largestOf(sums []model.OverviewSum) (largest journal.Amount) {
	for _, s := range sums {
		largest = max(largest, s.Debit)
	}
	return largest
}

func shareOf(part, whole journal.Amount) float32 {
	if whole <= 0 {
		return 0
	}
	return float32(float64(part) / float64(whole))
}

// percent writes a share with two decimals, as an amount has them.
func percent(part, whole journal.Amount) string {
	return i18n.FormatAmount(journal.Amount(shareOf(part, whole)*10000 + 0.5))
}
