package cash

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"loonbrug/data/journal"
)

func TestReadRows(t *testing.T) {
	two := []row{{"F0201": "1"}, {"F0201": "2"}}
	tests := []struct {
		name, body, command string
		want                []row
		fails               bool
	}{
		{"List", `{"R0201":[{"F0201":"1"},{"F0201":"2"}]}`, "0201", two, false},
		{"Numbered", `{"R0201":{"1":{"F0201":"2"},"0":{"F0201":"1"}}}`, "0201", two, false},
		{"NumberedToTen", `{"R0201":{"10":{"F0201":"2"},"9":{"F0201":"1"}}}`, "0201", two, false},
		{"BareList", `[{"F0201":"1"},{"F0201":"2"}]`, "0201", two, false},
		{"BareNumbered", `{"0":{"F0201":"1"},"1":{"F0201":"2"}}`, "0201", two, false},
		{"One", `{"R0201":{"F0201":"1"}}`, "0201", two[:1], false},
		{"ShortName", `{"R301":[{"F0201":"1"}]}`, "301T", two[:1], false},
		{"LongName", `{"R0301":[{"F0201":"1"}]}`, "301T", two[:1], false},
		{"Numbers", `{"R0201":[{"F0201":1}]}`, "0201", two[:1], false},
		{"Null", `{"R0201":null}`, "0201", nil, false},
		{"EmptyText", `{"R0201":""}`, "0201", nil, false},
		{"EmptyObject", `{}`, "0201", []row{}, false},
		{"NoBody", ``, "0201", nil, false},
		{"OtherRecord", `{"R0301":[]}`, "0201", nil, true},
		{"Cut", `{"R0201":[{"F0201":"1"},`, "0201", nil, true},
		{"Page", `<html>`, "0201", nil, true},
		{"Nested", `{"R0201":[{"F0201":["1"]}]}`, "0201", nil, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := readRows([]byte(tt.body), tt.command)
			if (err != nil) != tt.fails {
				t.Fatal(err)
			}
			if len(got) != len(tt.want) || (len(got) > 0 && !reflect.DeepEqual(got, tt.want)) {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestReadAmount(t *testing.T) {
	good := map[string]journal.Amount{
		"1264,50": 126450, "-0,05": -5, "1264.50": 126450, "7.380,49": 738049, "1,234,567.89": 123456789,
		"-1.234.567,8": -123456780, "0,00": 0, "12": 1200, "999.999.999,99": 99999999999,
	}
	for s, want := range good {
		if got, err := readAmount(s); err != nil || got != want {
			t.Errorf("%q gives %s, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "-", "1.234", "1,234", "1,", ",5", "1.23.45,00", "1234.567,00", ".123,00", "--1,00", "+1,00", "1 000,00", "1e3", "1,2,3", "a"} {
		if got, err := readAmount(s); !errors.Is(err, errAmount) {
			t.Errorf("%q gives %s", s, got)
		}
	}
}

func TestAmount_RoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := journal.Amount(rapid.Int64Range(-int64(journal.MaxAmount), int64(journal.MaxAmount)).Draw(t, "amount"))
		if got, err := readAmount(writeAmount(a)); err != nil || got != a {
			t.Fatalf("%s comes back as %s, %v", writeAmount(a), got, err)
		}
	})
}

func TestReadDate(t *testing.T) {
	want := journal.Date{Year: 2026, Month: time.January, Day: 31}
	for _, s := range []string{"31-01-2026", "260131"} {
		if got, err := readDate(s); err != nil || got != want {
			t.Errorf("%q gives %s, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "2026-01-31", "31-13-2026", "00-00-0000"} {
		if got, err := readDate(s); err == nil {
			t.Errorf("%q gives %s", s, got)
		}
	}
}

func TestReadDirectory(t *testing.T) {
	const adm = `{"Code":"halm","Name":"De Halm","ReadOnly":"J"}`
	for _, body := range []string{
		`{"Dir":{"Name":"Halm Groep","Relnm":"100200","Adms":{"Adm":[` + adm + `]}}}`,
		`{"Dir":[{"Name":"Halm Groep","Relnm":100200,"Adms":{"Adm":` + adm + `}}]}`,
		`{"Dir":{"0":{"Name":"Halm Groep","Relnm":"100200","Adms":[{"Adm":{"0":` + adm + `}}]}}}`,
	} {
		d, err := readDirectory([]byte(body))
		if err != nil || d.Name != "Halm Groep" || d.Relation != "100200" || len(d.List) != 1 || d.List[0].Code != "halm" || !d.List[0].ReadOnly {
			t.Errorf("%s gives %+v, %v", body, d, err)
		}
	}
	if d, err := readDirectory([]byte(`{"Dir":{"Name":"x","Adms":""}}`)); err != nil || len(d.List) != 0 {
		t.Errorf("got %+v, %v", d, err)
	}
	if _, err := readDirectory([]byte(`{}`)); err == nil {
		t.Error("an answer without a directory is taken")
	}
}

func FuzzReadAmount(f *testing.F) {
	for _, seed := range []string{"1264,50", "-0,05", "1.234,50", "1,234.50", "12"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := readAmount(s)
		if err != nil {
			return
		}
		if again, err := readAmount(writeAmount(a)); err != nil || again != a {
			t.Errorf("%q is %s and comes back as %s, %v", s, a, again, err)
		}
	})
}
