package cash_test

import (
	"net/http"
	"strings"
	"testing"

	"loonbrug/data/model"
)

// A key is tried in the administrations when the account is made, so that
// missing rights are found then and not with the first journal.
func TestConnect_Rights(t *testing.T) {
	const notLinked = `{"error":"1002","message":"1002 Unauthorized Access"}`
	tests := []struct {
		name     string
		readOnly string
		refused  []string
		status   int
		body     string
		want     string
	}{
		{name: "Good"},
		{name: "OneNotLinked", refused: []string{"aaaa"}, status: 403, body: notLinked},
		{name: "NoneLinked", refused: []string{"aaaa", "bbbb"}, status: 403, body: notLinked, want: "cash.not_linked"},
		{name: "NoRight", refused: []string{"aaaa", "bbbb"}, status: 400, body: `{"error":"Error export","message":"geen rechten"}`, want: "cash.refused"},
		{name: "AllReadOnly", readOnly: "J", want: "cash.all_read_only"},
		{name: "Unavailable", refused: []string{"aaaa"}, status: 500, body: `{}`, want: "cash.unavailable"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				admin := r.URL.Query().Get("admin")
				switch {
				case strings.HasPrefix(r.URL.Path, "/administrations"):
					list := `{"Dir":{"Name":"Halm","Relnm":"100200","Adms":{"Adm":[{"Code":"aaaa","Name":"A","ReadOnly":"` +
						tt.readOnly + `"},{"Code":"bbbb","Name":"B","ReadOnly":"` + tt.readOnly + `"}]}}}`
					answer(200, list)(w, r)
				case strings.Contains(strings.Join(tt.refused, ","), admin) && admin != "" && tt.refused != nil:
					answer(tt.status, tt.body)(w, r)
				default:
					answer(200, `{"R0901":[]}`)(w, r)
				}
			})
			_, err := c.Connect(t.Context(), access("k"), nil)
			if got := code(model.ProblemOf(err)); got != tt.want {
				t.Errorf("got %q, want %q: %v", got, tt.want, err)
			}
			if tt.want == "cash.not_linked" && model.ProblemOf(err).Params["administration"] != "A, B" {
				t.Errorf("administrations: %v", err)
			}
		})
	}
}
