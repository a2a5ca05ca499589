package settings

import (
	"path/filepath"
	"time"

	"loonbrug/data/model"
)

// Payroll is how payroll comes in by itself.
type Payroll struct {
	Folder    string        `json:"folder,omitempty"`     // watched for files; empty is the one in the data folder
	Every     time.Duration `json:"every"`                // between two questions to the payroll systems; zero leaves it to the program
	QuietFrom string        `json:"quiet_from,omitempty"` // time of day, as "22:00"
	QuietTo   string        `json:"quiet_to,omitempty"`   // likewise; equal to QuietFrom, or both empty, is never
	KeepTexts bool          `json:"keep_texts,omitempty"` // texts of lines that may be of a person are stored as they are
}

// How often payroll systems may be asked.
const (
	oftenest  = time.Minute
	seldomest = 24 * time.Hour
)

// Validate refuses a folder that is not a whole path, asking too often or hardly
// ever, and quiet hours of which an end is missing or is no time of day.
// Problems: settings.folder, settings.every, settings.quiet_hours.
func (p Payroll) Validate() error {
	if p.Folder != "" && !filepath.IsAbs(p.Folder) {
		return model.NewProblem("settings.folder", "folder", p.Folder)
	}
	if p.Every != 0 && (p.Every < oftenest || p.Every > seldomest) {
		return model.NewProblem("settings.every", "value", p.Every.String())
	}
	_, from := minuteOf(p.QuietFrom)
	_, to := minuteOf(p.QuietTo)
	if from != to || !from && p.QuietFrom+p.QuietTo != "" {
		return model.NewProblem("settings.quiet_hours", "from", p.QuietFrom, "to", p.QuietTo)
	}
	return nil
}

// Quiet tells whether a moment lies in the quiet hours, in the zone of its own.
// They may pass midnight; the hour they end with is no longer quiet.
func (p Payroll) Quiet(at time.Time) bool {
	from, ok := minuteOf(p.QuietFrom)
	to, both := minuteOf(p.QuietTo)
	now := at.Hour()*60 + at.Minute()
	switch {
	case !ok || !both:
		return false
	case from <= to:
		return from <= now && now < to
	}
	return now >= from || now < to
}

// minuteOf is the minute of the day of a time such as "22:00".
func minuteOf(text string) (minute int, ok bool) {
	at, err := time.Parse("15:04", text)
	return at.Hour()*60 + at.Minute(), err == nil && len(text) == len("15:04")
}
