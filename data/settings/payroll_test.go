package settings_test

import (
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"loonbrug/data/settings"
)

func TestPayroll_SavedAndLoaded(t *testing.T) {
	k := keeper(t)
	s := settings.Default()
	s.Payroll = settings.Payroll{Folder: filepath.Join(t.TempDir(), "in"), Every: 10 * time.Minute, QuietFrom: "22:00", QuietTo: "06:30"}
	if err := settings.Save(t.Context(), k, s); err != nil {
		t.Fatal(err)
	}
	if got, err := settings.Load(t.Context(), k); err != nil || !reflect.DeepEqual(got, s) {
		t.Errorf("got %+v, %v", got, err)
	}
	for text, code := range map[string]string{"noise": "settings.unreadable", `{"every":1}`: "settings.every"} {
		if err := k.SaveSetting(t.Context(), "payroll", text); err != nil {
			t.Fatal(err)
		}
		got, err := settings.Load(t.Context(), k)
		wantProblem(t, err, code)
		if !reflect.DeepEqual(got, settings.Default()) {
			t.Errorf("%s: got %+v", text, got)
		}
	}
}

func TestPayroll_Validate(t *testing.T) {
	for _, p := range []settings.Payroll{
		{}, {Every: time.Minute}, {Every: 24 * time.Hour}, {QuietFrom: "22:00", QuietTo: "06:00"}, {QuietFrom: "00:00", QuietTo: "23:59"},
	} {
		if err := p.Validate(); err != nil {
			t.Errorf("%+v: %v", p, err)
		}
	}
	for code, wrong := range map[string][]settings.Payroll{
		"settings.folder":      {{Folder: "in"}, {Folder: "../in"}},
		"settings.every":       {{Every: time.Minute - 1}, {Every: 24*time.Hour + 1}, {Every: -time.Hour}},
		"settings.quiet_hours": {{QuietFrom: "22:00"}, {QuietTo: "22:00"}, {QuietFrom: "24:00", QuietTo: "06:00"}, {QuietFrom: "9", QuietTo: "soon"}, {QuietFrom: "9:00", QuietTo: "10:00"}},
	} {
		for _, p := range wrong {
			wantProblem(t, p.Validate(), code)
		}
	}
}

func TestPayroll_Quiet(t *testing.T) {
	for name, tt := range map[string]struct {
		from, to, now string
		want          bool
	}{
		"None":          {"", "", "03:00", false},
		"Day":           {"12:00", "13:00", "12:30", true},
		"DayBegins":     {"12:00", "13:00", "12:00", true},
		"DayEnds":       {"12:00", "13:00", "13:00", false},
		"DayBefore":     {"12:00", "13:00", "11:59", false},
		"Night":         {"22:00", "06:00", "23:00", true},
		"NightMorning":  {"22:00", "06:00", "05:59", true},
		"NightEnds":     {"22:00", "06:00", "06:00", false},
		"NightDaytime":  {"22:00", "06:00", "12:00", false},
		"Equal":         {"08:00", "08:00", "08:00", false},
		"OnlyBeginning": {"08:00", "", "09:00", false},
	} {
		t.Run(name, func(t *testing.T) {
			now, err := time.Parse("15:04", tt.now)
			if err != nil {
				t.Fatal(err)
			}
			if got := (settings.Payroll{QuietFrom: tt.from, QuietTo: tt.to}).Quiet(now); got != tt.want {
				t.Errorf("quiet %t", got)
			}
		})
	}
}
