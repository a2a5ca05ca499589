package cash_test

import (
	"net/http"
	"strings"
	"testing"

	"loonbrug/integration/target"
)

// line is a record 301 as CASH exports it.
func line(document, ledger, amount, key string) string {
	return `{"F0901":"SAL","F0302":"31-03-2026","F0301":"2603","F0303":"` + document + `","F0201":"` + ledger + `","F0307":"` + amount +
		`","F0911":"` + map[string]string{"4000": "100"}[ledger] + `","F0711":"` + key + `","F0306":"t"}`
}

func TestFind(t *testing.T) {
	const ours = "LBABCDEFGHAA"
	both := func(document, key string) string {
		return line(document, "4000", "1234,56", key) + "," + line(document, "1700", "-1234,56", key)
	}
	tests := []struct {
		name string
		rows string
		want []string // numbers found
	}{
		{"Nothing", "", nil},
		{"ByKey", both("000101", ours), []string{"SAL 000101"}},
		{"ByKeyElsewhere", both("000555", ours), []string{"SAL 000555"}},
		{"KeyIsNotContained", both("000555", ours+"X") + "," + both("000556", "X"+ours), nil},
		{"KeyInOtherCase", both("000555", strings.ToLower(ours)), nil},
		{"Twice", both("000101", ours) + "," + both("000102", ours), []string{"SAL 000101", "SAL 000102"}},
		{"OneLineOnly", line("000101", "1700", "-1234,56", ours), []string{"SAL 000101"}},
		{"SecondProof", both("101", ""), []string{"SAL 000101"}},
		{"SecondProofOtherContent", line("000101", "4000", "1234,57", "") + "," + line("000101", "1700", "-1234,57", ""), nil},
		{"SecondProofOtherNumber", both("000102", ""), nil},
		{"OtherKeySameContent", both("000101", "LBZZZZZZZZZZ"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var query string
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				query = r.URL.Path + " " + r.URL.Query().Get("admin") + " " + r.URL.Query().Get("params")
				answer(200, `{"R0301":[`+tt.rows+`]}`)(w, r)
			})
			found, err := c.Find(t.Context(), access("k"), small())
			if err != nil {
				t.Fatal(err)
			}
			if query != "/get/index/301T halm 2602|2604" {
				t.Errorf("asked for %s", query)
			}
			var numbers []string
			for _, b := range found {
				numbers = append(numbers, b.Number)
			}
			if strings.Join(numbers, ",") != strings.Join(tt.want, ",") {
				t.Errorf("found %v, want %v", numbers, tt.want)
			}
		})
	}
}

func TestFind_AroundNewYear(t *testing.T) {
	d := small()
	d.Entry.Date.Month = 1
	var params string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		params = r.URL.Query().Get("params")
		answer(200, "[]")(w, r)
	})
	if _, err := c.Find(t.Context(), access("k"), d); err != nil || params != "2512|2602" {
		t.Errorf("asked for %s, %v", params, err)
	}
}

// The same document number of another year or daybook is another document.
func TestReadBack_ChoosesTheDocument(t *testing.T) {
	rows := strings.Join([]string{
		line("000101", "4000", "1234,56", "k"),
		strings.Replace(line("000101", "9999", "1,00", "k"), "2026", "2025", 1),
		strings.Replace(line("000101", "9998", "1,00", "k"), `"SAL"`, `"MEMO"`, 1),
		line("000102", "9997", "1,00", "k"),
	}, ",")
	booked, o := serve(t, answer(200, `{"R0301":[`+rows+`]}`)).ReadBack(t.Context(), access("k"), small())
	if o.Class != target.Accepted || len(booked.Lines) != 1 || booked.Lines[0].Amount != 123456 ||
		booked.Lines[0].Dimensions[0].Value != "100" || booked.Number != "SAL 000101" {
		t.Errorf("got %+v, %+v", booked, o)
	}
}

// What became of an import that was pending.
func TestReadBack_Transaction(t *testing.T) {
	tests := []struct {
		name        string
		status      int
		transaction string
		booked      bool
		class       target.Class
		code        string
	}{
		{"Pending", 200, `{"status":"Pending"}`, false, target.Pending, "cash.pending"},
		{"PendingButBooked", 200, `{"status":"Pending"}`, true, target.Accepted, ""},
		{"Success", 200, `{"status":"Success"}`, true, target.Accepted, ""},
		{"SuccessButGone", 200, `{"status":"Success"}`, false, target.Accepted, ""},
		{"Error", 200, lineErrors, false, target.Rejected, "cash.refused_ledger_account"},
		{"ErrorButBooked", 200, lineErrors, true, target.Accepted, ""},
		{"Unknown", 404, "", false, target.Pending, "cash.pending"},
		{"UnknownByCode", 200, `{"code":902,"message":"?"}`, false, target.Pending, "cash.pending"},
		{"UnknownButBooked", 404, "", true, target.Accepted, ""},
		{"Unreadable", 200, "<html>", true, target.Ambiguous, "cash.unreadable_answer"},
		{"Broken", 500, "", true, target.Ambiguous, "cash.unavailable"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == "/transaction/t1":
					answer(tt.status, tt.transaction)(w, r)
				case tt.booked:
					answer(200, `{"R0301":[`+line("000101", "4000", "1,00", "")+`]}`)(w, r)
				default:
					answer(200, `{"R0301":[]}`)(w, r)
				}
			})
			d := small()
			d.Evidence["transaction"] = "t1"
			booked, o := c.ReadBack(t.Context(), access("k"), d)
			if o.Class != tt.class || code(o.Problem) != tt.code {
				t.Errorf("got %s %v", o.Class, o.Problem)
			}
			if got, want := len(booked.Lines) > 0, tt.booked && tt.class == target.Accepted; got != want {
				t.Errorf("lines: %t, want %t", got, want)
			}
		})
	}
}
