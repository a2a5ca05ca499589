package payrollfile

import (
	"io"
	"strings"
	"testing"

	"loonbrug/data/model"
)

func TestCapped(t *testing.T) {
	for left, want := range map[int64]string{5: "", 6: "", 4: "file.too_large", 0: "file.too_large"} {
		got, err := io.ReadAll(&capped{in: strings.NewReader("12345"), name: "x", left: left})
		switch p := model.ProblemOf(err); {
		case want == "" && (err != nil || string(got) != "12345"):
			t.Errorf("%d: %q %v", left, got, err)
		case want != "" && (p == nil || p.Code != want || p.Params["file"] != "x" || int64(len(got)) > left):
			t.Errorf("%d: %q %v", left, got, err)
		}
	}
}
