package tasks

import (
	"testing"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// What is only left to a person is not urgent; what went wrong is.
func TestUrgent(t *testing.T) {
	for kind, want := range map[model.TaskKind]bool{
		model.TaskSend: false, model.TaskCompany: false, model.TaskTwin: false, model.TaskFile: false, model.TaskChanged: true, model.TaskGone: true,
		model.TaskRefused: true, model.TaskUnknown: true, model.TaskExpected: true, model.TaskUnread: true,
	} {
		if Urgent(model.Task{Kind: kind}) != want || AnyUrgent([]model.Task{{Kind: model.TaskSend}, {Kind: kind}}) != want {
			t.Errorf("%s", kind)
		}
	}
}

func TestPeriods(t *testing.T) {
	january, march := journal.Period{Year: 2026, Number: 1}, journal.Period{Year: 2026, Number: 3}
	for want, run := range map[string]model.Run{"2026-03": {First: march, Last: march}, "2026-01 – 2026-03": {First: january, Last: march}} {
		if got := periods(model.RunRow{Run: run}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
