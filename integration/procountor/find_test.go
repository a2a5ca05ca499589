package procountor_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// books is a scripted list of receipts, served in pages of two whatever size is
// asked for.
func books(names map[int]string, status string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var id int
		if n, _ := fmt.Sscanf(r.URL.Path, "/api/ledgerreceipts/%d", &id); n == 1 {
			if names[id] == "" {
				say(w, 404, `{"errors":[{"status":404,"message":"Not found"}]}`)
				return
			}
			say(w, 200, fmt.Sprintf(`{"id":%d,"invoiceNumber":%d,"status":%q,"transactions":[{"account":"4000","accountingValue":1.5}]}`, id, id+5000, status))
			return
		}
		var page int
		_, _ = fmt.Sscanf(r.URL.Query().Get("page"), "%d", &page)
		var rows []string
		for id := 2*page + 1; id <= 2*page+2; id++ {
			if names[id] != "" {
				rows = append(rows, fmt.Sprintf(`{"id":%d,"type":"JOURNAL","status":%q,"name":%q}`, id, status, names[id]))
			}
		}
		say(w, 200, `{"results":[`+strings.Join(rows, ",")+`],"meta":{"resultCount":`+fmt.Sprint(len(rows))+`}}`)
	}
}

func TestFind(t *testing.T) {
	tests := []struct {
		name   string
		names  map[int]string
		status string
		want   string
	}{
		{"Nothing", nil, "UNFINISHED", ""},
		{"Exact", map[int]string{1: "R12 LBABCDEFGHAA 2026-03"}, "UNFINISHED", "5001"},
		{"Alone", map[int]string{1: "LBABCDEFGHAA"}, "APPROVED", "5001"},
		{"OnThirdPage", map[int]string{1: "a", 2: "b", 3: "c", 4: "d", 5: "x LBABCDEFGHAA"}, "UNFINISHED", "5005"},
		{"Contained", map[int]string{1: "R12 XLBABCDEFGHAA", 2: "R12 LBABCDEFGHAA7"}, "UNFINISHED", ""},
		{"OtherCase", map[int]string{1: "R12 lbabcdefghaa"}, "UNFINISHED", ""},
		{"Invalidated", map[int]string{1: "R12 LBABCDEFGHAA"}, "INVALIDATED", ""},
		{"Twice", map[int]string{1: "R12 LBABCDEFGHAA", 4: "R12 LBABCDEFGHAA", 2: "a", 3: "b"}, "UNFINISHED", "5001,5004"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, c := start(t, books(tt.names, tt.status))
			found, err := c.Find(t.Context(), access("k"), small())
			if err != nil {
				t.Fatal(err)
			}
			var numbers []string
			for _, b := range found {
				numbers = append(numbers, b.Number)
			}
			if got := strings.Join(numbers, ","); got != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

func TestFind_Query(t *testing.T) {
	var query string
	_, c := start(t, func(w http.ResponseWriter, r *http.Request) {
		query = r.URL.Query().Encode()
		say(w, 200, `{"results":[],"meta":{"resultCount":0}}`)
	})
	if _, err := c.Find(t.Context(), access("k"), small()); err != nil {
		t.Fatal(err)
	}
	if want := "endDate=2026-05-01&orderById=ASC&page=0&size=200&startDate=2026-02-28&types=JOURNAL"; query != want {
		t.Errorf("asked %s", query)
	}
}

// Questions end in a problem whatever comes back, never in "nothing found".
func TestFind_Failures(t *testing.T) {
	tests := []struct {
		status int
		body   string
		code   string
	}{
		{200, "{}", "procountor.unreadable_answer"},
		{200, "[]", "procountor.unreadable_answer"},
		{200, `{"results":[{}]}`, "procountor.unreadable_answer"},
		{200, `{"meta":{"resultCount":3}}`, "procountor.unreadable_answer"},
		{200, "<html>", "procountor.unreadable_answer"},
		{200, `{"results":[{"id":1,"na`, "procountor.unreadable_answer"},
		{400, refusal("startDate", "?"), "procountor.refused"},
		{403, "", "procountor.no_rights"},
		{404, "", "procountor.wrong_address"},
		{429, "", "procountor.too_many_requests"},
		{500, "<html>", "procountor.unavailable"},
		{503, "", "procountor.unavailable"},
	}
	for _, tt := range tests {
		_, c := start(t, answer(tt.status, tt.body))
		found, err := c.Find(t.Context(), access("k"), small())
		if code(model.ProblemOf(err)) != tt.code || found != nil {
			t.Errorf("%d %q: %v", tt.status, tt.body, err)
		}
	}
	_, c := start(t, answer(200, `{"meta":{"resultCount":0}}`))
	if found, err := c.Find(t.Context(), access("k"), small()); err != nil || found != nil {
		t.Errorf("an empty page without a list: %v, %v", found, err)
	}
}

func TestReadBack(t *testing.T) {
	receipt := func(status, rows string) string {
		return `{"id":7,"invoiceNumber":5007,"status":"` + status + `","version":"v","transactions":[` + rows + `]}`
	}
	const rows = `{"account":"4000","accountingValue":1.5E+3,"description":"a","dimensionItemValues":[{"dimensionId":501,"itemId":9001,"value":1500}]},{"account":"1700","accountingValue":-1500.0}`
	tests := []struct {
		name     string
		status   int
		body     string
		class    target.Class
		code     string
		lines    int
		approval model.Approval
	}{
		{"Unfinished", 200, receipt("UNFINISHED", rows), target.Accepted, "", 2, model.ApprovalWaiting},
		{"Approved", 200, receipt("APPROVED", rows), target.Accepted, "", 2, model.ApprovalGiven},
		{"ZeroVat", 200, receipt("UNFINISHED", `{"account":"4000","accountingValue":1500,"vatPercent":0.00,"dimensionItemValues":[{"dimensionId":501,"itemId":9001,"value":1500}]},{"account":"1700","accountingValue":-1500,"vatPercent":0}`), target.Accepted, "", 2, model.ApprovalWaiting},
		{"VatOnTop", 200, receipt("UNFINISHED", `{"account":"4000","accountingValue":1500,"vatPercent":24.0}`+rows[strings.Index(rows, ",{"):]), target.Accepted, "", 3, model.ApprovalWaiting},
		{"Invalidated", 200, receipt("INVALIDATED", rows), target.Accepted, "", 0, model.ApprovalNone},
		{"Gone", 404, `{"errors":[{"status":404,"message":"?"}]}`, target.Accepted, "", 0, ""},
		{"WrongAddress", 404, "<html>", target.Ambiguous, "procountor.wrong_address", 0, ""},
		{"ThirdDecimal", 200, receipt("UNFINISHED", `{"account":"4000","accountingValue":1.555}`), target.Ambiguous, "procountor.unreadable_answer", 0, ""},
		{"NoAmount", 200, receipt("UNFINISHED", `{"account":"4000"}`), target.Ambiguous, "procountor.unreadable_answer", 0, ""},
		{"Broken", 500, "", target.Ambiguous, "procountor.unavailable", 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, c := start(t, answer(tt.status, tt.body))
			d := small()
			d.Evidence = map[string]string{"id": "7"}
			b, o := c.ReadBack(t.Context(), access("k"), d)
			if o.Class != tt.class || code(o.Problem) != tt.code || len(b.Lines) != tt.lines || b.Approval != tt.approval {
				t.Fatalf("got %+v, %+v", b, o)
			}
			if tt.lines == 2 && (b.Lines[0].Amount != 150000 || b.Lines[1].Amount != -150000 || b.Lines[0].Dimensions[0].Value != "9001") {
				t.Errorf("lines %+v", b.Lines)
			}
		})
	}
}
