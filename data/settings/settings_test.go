package settings_test

import (
	"context"
	"errors"
	"os"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"loonbrug/data/model"
	"loonbrug/data/settings"
	"loonbrug/data/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

func keeper(t *testing.T) settings.Keeper {
	t.Helper()
	return storetest.Opened(t)
}

func wantProblem(t *testing.T, err error, code string) {
	t.Helper()
	var p *model.Problem
	if !errors.As(err, &p) || p.Code != code {
		t.Errorf("got %v, want problem %s", err, code)
	}
}

func TestDefault(t *testing.T) {
	got, err := settings.Load(t.Context(), keeper(t))
	want := settings.Settings{Timing: settings.Timing{
		Lease: 5 * time.Minute, Settle: 15 * time.Minute, SendDeadline: 30 * time.Second, RequestTimeout: time.Minute,
	}, Payroll: settings.Payroll{Every: 5 * time.Minute}}
	if err != nil || !reflect.DeepEqual(got, want) || want.Validate() != nil {
		t.Errorf("got %+v: %v", got, err)
	}
}

func TestSaveAndLoad(t *testing.T) {
	k := keeper(t)
	rapid.Check(t, func(rt *rapid.T) {
		wait := rapid.Map(rapid.Int64Range(-5, 1<<62), func(n int64) time.Duration { return time.Duration(n) })
		s := settings.Settings{
			Language: rapid.SampledFrom([]string{"", "nl", "sv", "fi", "en", "de"}).Draw(rt, "language"),
			Timing: settings.Timing{
				Lease: wait.Draw(rt, "lease"), Settle: wait.Draw(rt, "settle"),
				SendDeadline: wait.Draw(rt, "deadline"), RequestTimeout: wait.Draw(rt, "timeout"),
			},
			Settle: rapid.MapOfN(rapid.SampledFrom([]string{"cash", "vismanet"}), wait, 0, 2).Draw(rt, "settle of targets"),
		}
		if len(s.Settle) == 0 {
			s.Settle = nil
		}
		before, err := settings.Load(t.Context(), k)
		if err != nil {
			rt.Fatal(err)
		}
		saved := settings.Save(t.Context(), k, s)
		got, err := settings.Load(t.Context(), k)
		if err != nil {
			rt.Fatal(err)
		}
		want := before
		if saved == nil {
			want = s
		}
		if !reflect.DeepEqual(got, want) {
			rt.Fatalf("got %+v, want %+v", got, want)
		}
		over := float64(got.Timing.Lease) - float64(got.Timing.SendDeadline) - float64(got.Timing.RequestTimeout)
		if over < 0 {
			rt.Fatalf("an unsafe lease was let through: %+v", got.Timing)
		}
	})
}

func TestValidate(t *testing.T) {
	for code, change := range map[string]func(*settings.Settings){
		"settings.language": func(s *settings.Settings) { s.Language = "de" },
		"settings.timing":   func(s *settings.Settings) { s.Timing.Settle = 0 },
		"settings.lease":    func(s *settings.Settings) { s.Timing.Lease = 90 * time.Second },
	} {
		s := settings.Default()
		change(&s)
		wantProblem(t, s.Validate(), code)
		k := keeper(t)
		wantProblem(t, settings.Save(t.Context(), k, s), code)
		if _, err := k.Setting(t.Context(), "timing"); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("%s: something was kept: %v", code, err)
		}
	}
	own := settings.Default()
	own.Settle = map[string]time.Duration{"cash": -time.Second}
	wantProblem(t, own.Validate(), "settings.timing")
	own.Settle["cash"] = settings.LeastSettle - 1
	wantProblem(t, own.Validate(), "settings.settle")
	own.Settle["cash"] = settings.LeastSettle
	if err := own.Validate(); err != nil {
		t.Error(err)
	}
	just := settings.Default()
	just.Timing.Lease = 90*time.Second + 1
	if err := just.Validate(); err != nil {
		t.Error(err)
	}
}

func TestLoad_Damaged(t *testing.T) {
	for text, code := range map[string]string{
		"noise":              "settings.unreadable",
		`{"lease":"soon"}`:   "settings.unreadable",
		`{"lease":"1s"}`:     "settings.lease",
		`{"settle":"-1m0s"}`: "settings.timing",
	} {
		k := keeper(t)
		if err := k.SaveSetting(t.Context(), "timing", text); err != nil {
			t.Fatal(err)
		}
		got, err := settings.Load(t.Context(), k)
		wantProblem(t, err, code)
		if !reflect.DeepEqual(got, settings.Default()) {
			t.Errorf("%s: got %+v", text, got)
		}
	}
}

type broken struct{ settings.Keeper }

func (broken) Setting(context.Context, string) (string, error) { return "", errors.New("broken") }

func TestLoad_StoreBroken(t *testing.T) {
	if _, err := settings.Load(t.Context(), broken{}); err == nil {
		t.Error("an error of the store was swallowed")
	}
}
