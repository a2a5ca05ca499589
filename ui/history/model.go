package history

import (
	"fmt"
	"strings"

	"loonbrug/data/model"
	"loonbrug/ui/i18n"
)

// Sentence says what an event tells of, without its time and user.
func Sentence(e model.Event) string {
	text := i18n.T("history.kind." + string(e.Kind))
	if e.Name != "" {
		text += ": " + e.Name
	}
	return text
}

// Detail is what an event changed, or from which state a delivery went to which.
func Detail(e model.Event) string {
	if a := e.Attempt; a != nil {
		return step(a)
	}
	var all []string
	for _, c := range e.Changes {
		switch {
		case c.Old == "":
			all = append(all, c.Field+": "+c.New)
		case c.New == "":
			all = append(all, c.Field+": "+c.Old+" → –")
		default:
			all = append(all, c.Field+": "+c.Old+" → "+c.New)
		}
	}
	return strings.Join(all, "; ")
}

func step(a *model.Attempt) string {
	text := i18n.T("state.short."+string(a.To)) + " (" + a.Event + ")"
	if a.Problem != nil {
		text += "; " + a.Problem.Code
	}
	if a.Reason != "" {
		text += "; " + i18n.T("history.reason", "reason", a.Reason)
	}
	return text
}

// Who is the user of an event; what the program did by itself, it says.
func Who(e model.Event) string {
	if e.By == "" {
		return i18n.T("history.program")
	}
	return e.By
}

// matching are the events whose line has all words of a text.
func matching(events []model.Event, text string) []model.Event {
	words := strings.Fields(strings.ToLower(text))
	if len(words) == 0 {
		return events
	}
	var all []model.Event
	for _, e := range events {
		line := strings.ToLower(strings.Join(row(e), " "))
		fits := true
		for _, w := range words {
			fits = fits && strings.Contains(line, w)
		}
		if fits {
			all = append(all, e)
		}
	}
	return all
}

// row are the texts of an event in the order of [titles].
func row(e model.Event) []string {
	return []string{fmt.Sprint(e.Number), i18n.FormatTime(e.At), Who(e), Sentence(e), Detail(e)}
}

func titles() []string {
	return []string{
		i18n.T("history.number"), i18n.T("history.at"), i18n.T("history.who"), i18n.T("history.what"), i18n.T("history.detail"),
	}
}

// Breach says where the history does not hold.
func Breach(b model.Breach) string {
	text := i18n.T("history.breach." + string(b.Kind))
	switch {
	case b.Number > 0 && b.Delivery > 0:
		return i18n.T("history.breach.both", "what", text, "row", b.Number, "delivery", b.Delivery)
	case b.Delivery > 0:
		return i18n.T("history.breach.delivery", "what", text, "delivery", b.Delivery)
	}
	return i18n.T("history.breach.row", "what", text, "row", b.Number)
}

// Verdict says what checking the history gave; the first break comes first.
func Verdict(v model.Verification) string {
	if len(v.Breaches) == 0 {
		return i18n.T("history.whole", "rows", v.Rows, "steps", v.Attempts, "receipts", v.Receipts, "begun", v.Begun)
	}
	return i18n.T("history.broken", "first", Breach(v.Breaches[0]), "count", len(v.Breaches))
}
