package i18n_test

import (
	"testing"
	"time"

	"loonbrug/ui/i18n"
)

func TestFormatCountdown(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second:                       "0:00",
		0:                                  "0:00",
		time.Millisecond:                   "0:01",
		30 * time.Second:                   "0:30",
		29*time.Second + 1*time.Nanosecond: "0:30",
		90 * time.Second:                   "1:30",
		time.Hour + 61*time.Second:         "1:01:01",
	} {
		if got := i18n.FormatCountdown(d); got != want {
			t.Errorf("%s is %q, not %q", d, got, want)
		}
	}
}
