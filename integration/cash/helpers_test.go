package cash_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/cash"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// vault keeps the credentials of one account.
type vault model.Credentials

func (v vault) Credentials(context.Context, int64) (model.Credentials, error) {
	return model.Credentials(v), nil
}

func (v vault) SaveCredentials(context.Context, int64, model.Credentials) error { return nil }

func (vault) Only(ctx context.Context, _ string, fn func(context.Context) error) error {
	return fn(ctx)
}

// access is an account with a key.
func access(key model.Secret) target.Access {
	return target.Access{Account: model.Account{ID: 1, Target: cash.ID}, Vault: vault{"api_key": key}}
}

// client never leaves this computer and never really sleeps.
func client() *httpx.Client {
	return httpx.New(httpx.Options{
		Timeout:      2 * time.Second,
		LoopbackOnly: true,
		Sleep:        func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
}

func at(address string) *cash.Target {
	return cash.New(cash.Config{Address: address, HTTP: client(), PerMinute: -1})
}

// serve answers every request with the handler, below a path that is not the
// root, so that an absolute address would fail.
func serve(t *testing.T, h http.HandlerFunc) *cash.Target {
	t.Helper()
	server := httptest.NewServer(http.StripPrefix("/api/4.0", h))
	t.Cleanup(server.Close)
	return at(server.URL + "/api/4.0")
}

// answer is a handler that always says the same.
func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// books answers questions with no bookings and a sending with the handler.
func books(sending http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			answer(http.StatusOK, `{"R0301":[]}`)(w, r)
			return
		}
		sending(w, r)
	}
}

// sample is a payroll run of March 2026 with corrections of January and
// February.
func sample(t *testing.T) *journal.Journal {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "journal.json"))
	if err != nil {
		t.Fatal(err)
	}
	var j journal.Journal
	if err := json.Unmarshal(data, &j); err != nil {
		t.Fatal(err)
	}
	return &j
}

func draft(part journal.Part) target.Draft {
	return target.Draft{
		Company: model.Company{Number: "12", Name: "Bakkerij De Halm B.V.", Country: "NL", Currency: "EUR"},
		Run:     model.Run{Description: "Salarissen maart 2026", Reference: "R12-2026-03"},
		Mapping: model.Mapping{
			Target:         cash.ID,
			Administration: model.Administration{Code: "halm", Name: "Bakkerij De Halm B.V."},
			CostCentre:     model.DimensionRule{Use: true},
			CostUnit:       model.DimensionRule{Use: true},
			Options:        map[string]string{"daybook": "SAL", "cost_unit": "leave_out"},
		},
		Part: part,
		Key:  "LBABCDEFGH" + [...]string{"AA", "AB", "AC"}[part.Period.Number%3],
	}
}

// small is an entry of two lines, with a document number for it.
func small() target.Delivery {
	return target.Delivery{
		Entry: model.Entry{
			Target: cash.ID, Administration: "halm", Key: "LBABCDEFGHAA", BookPeriod: "2603", Currency: "EUR",
			Period: journal.Period{Year: 2026, Number: 3},
			Date:   journal.Date{Year: 2026, Month: time.March, Day: 31},
			Extra:  map[string]string{"daybook": "SAL"},
			Lines: []model.EntryLine{
				{LedgerAccount: "4000", Amount: 123456, Text: "Bruto lonen", Dimensions: []model.DimensionCode{{Dimension: "0911", Value: "100", Code: "100"}}},
				{LedgerAccount: "1700", Amount: -123456, Text: "Af te dragen"},
			},
		},
		Evidence: map[string]string{"document": "000101"},
	}
}

func code(p *model.Problem) string {
	if p == nil {
		return ""
	}
	return p.Code
}
