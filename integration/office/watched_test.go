package office_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/intake"
	"loonbrug/integration/office"
)

// door is the office of a watched folder.
type door struct{ *office.Office }

func (door) Explain(p *model.Problem) string { return p.Code }

// watched has the office watch a folder until the test ends.
func (b *bureau) watched() (folder string) {
	b.t.Helper()
	folder = b.t.TempDir()
	service := intake.New(door{b.Office}, intake.Options{Folder: folder, Settle: time.Millisecond})
	ctx, stop := context.WithCancel(b.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- service.Run(ctx) }()
	b.t.Cleanup(func() {
		stop()
		b.must(<-ended)
	})
	return folder
}

// lay puts a whole file into a folder at once.
func (b *bureau) lay(folder, name, text string) {
	b.t.Helper()
	b.must(os.MkdirAll(folder, 0o700))
	path := filepath.Join(folder, name)
	b.must(os.WriteFile(path+".part", []byte(text), 0o600))
	b.must(os.Rename(path+".part", path))
}

// untilTasks waits until the tasks of an office are as they should be.
func (b *bureau) untilTasks(f *office.Office, holds func([]model.Task) bool) []model.Task {
	b.t.Helper()
	changes, end := b.Subscribe()
	defer end()
	over := time.After(time.Minute)
	for {
		tasks, err := f.Tasks(b.t.Context())
		b.must(err)
		if holds(tasks) {
			return tasks
		}
		select {
		case <-changes:
		case <-over:
			b.t.Fatalf("waited in vain with %+v", tasks)
		}
	}
}

func none(tasks []model.Task) bool { return len(tasks) == 0 }

func one(tasks []model.Task) bool { return len(tasks) == 1 }

// A file of the watched folder that could not be taken in is a task with its name,
// at whoever shares the database, until the file was read well from the same folder
// or for the company of that folder, or until a person is done with it.
func TestWatched_AFileThatCouldNotBeTakenIn(t *testing.T) {
	const bad = "Period;Account;Debit;Credit;Description\n2026-03;4000;Pietertje;;Loon\n"
	b := newBureau(t)
	folder := b.watched()
	elsewhere := b.as("")

	b.lay(folder, "loon.csv", bad)
	task := b.untilTasks(elsewhere, one)[0]
	if task.Kind != model.TaskUnread || task.Parcel.Name != "loon.csv" || task.Problem == nil || task.Problem.Code != "file.bad_amount" {
		t.Fatalf("%+v, %v", task, task.Problem)
	}
	// The same name for another company is another file.
	b.lay(filepath.Join(folder, "De Halm"), "loon.csv", bad+"\n")
	b.untilTasks(elsewhere, func(tasks []model.Task) bool { return len(tasks) == 2 })
	b.lay(filepath.Join(folder, "De Halm"), "loon.csv", payrollOfMarch)
	if left := b.untilTasks(elsewhere, one)[0]; left.Parcel.ID != task.Parcel.ID || len(b.rows()) != 1 {
		t.Errorf("left is %+v", left.Parcel)
	}
	b.must(b.PutAside(t.Context(), task.Parcel.ID))
	b.untilTasks(elsewhere, none)

	// What a person reads in the window for the company is the file of its folder.
	b.lay(filepath.Join(folder, "De Halm"), "april.xml", "<transactions><transaction")
	b.untilTasks(elsewhere, one)
	april := "#FLAGGA 0\r\n#SIETYP 4\r\n#FNAMN \"De Halm\"\r\n#VER L 1 20260428 \"\"\r\n{\r\n#TRANS 4000 {} 4.00\r\n#TRANS 1700 {} -4.00\r\n}\r\n"
	b.lay(folder, "april.xml", april)
	b.untilTasks(elsewhere, none)
}
