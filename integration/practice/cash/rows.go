package cash

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// row is one record 0301 of an import as it came, with its fields by number.
type row struct {
	Line   int               `json:"line"` // counts from 1
	Fields map[string]string `json:"fields"`
}

// source writes the row in the form in which CASH shows what it refused.
func (r row) source() string {
	var b strings.Builder
	b.WriteString("0301|")
	for _, field := range slices.Sorted(maps.Keys(r.Fields)) {
		b.WriteString(field + "=" + r.Fields[field] + "|")
	}
	return b.String()
}

// importBody is the body of POST /import. The format is 0; other values are
// not known and make no difference.
type importBody struct {
	Admin   string `json:"admin"`
	Content struct {
		Cash json.RawMessage `json:"cash"`
	} `json:"content"`
}

// errShape says that the body is not what an import looks like.
var errShape = errors.New("[praktijk] De import heeft niet de vorm {admin, format, content: {cash: [{R301: [{..}]}]}}")

// readRows reads the rows of "cash": a list of elements, or one element that is
// not in a list. Only the last row of an element's record is kept, as CASH does.
func readRows(cash json.RawMessage) ([]row, error) {
	var elements []map[string]json.RawMessage
	if err := json.Unmarshal(cash, &elements); err != nil {
		var one map[string]json.RawMessage
		if err := json.Unmarshal(cash, &one); err != nil {
			return nil, errShape
		}
		elements = []map[string]json.RawMessage{one}
	}
	var rows []row
	for _, element := range elements {
		for _, tag := range slices.Sorted(maps.Keys(element)) {
			if tag != "R301" && tag != "R0301" {
				return nil, fmt.Errorf("[praktijk] Record %q wordt hier niet ingelezen", tag)
			}
			fields, err := lastRow(element[tag])
			if err != nil {
				return nil, err
			}
			if fields != nil {
				rows = append(rows, row{Line: len(rows) + 1, Fields: fields})
			}
		}
	}
	if len(rows) == 0 {
		return nil, errShape
	}
	return rows, nil
}

// lastRow reads the last row of a record, whose rows are a list, an object with
// numbered keys, or the row itself. A record without rows gives nil.
func lastRow(record json.RawMessage) (map[string]string, error) {
	var list []map[string]any
	if decode(record, &list) == nil {
		if len(list) == 0 {
			return nil, nil
		}
		return readFields(list[len(list)-1])
	}
	var numbered map[string]map[string]any
	if decode(record, &numbered) == nil && len(numbered) > 0 {
		last := slices.MaxFunc(slices.Collect(maps.Keys(numbered)), func(a, b string) int {
			x, _ := strconv.Atoi(a)
			y, _ := strconv.Atoi(b)
			return x - y
		})
		return readFields(numbered[last])
	}
	var single map[string]any
	if decode(record, &single) != nil {
		return nil, errShape
	}
	return readFields(single)
}

func decode(raw json.RawMessage, v any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return d.Decode(v)
}

var fieldName = regexp.MustCompile(`^F\d{3,4}$`)

// readFields reads texts and numbers as texts and leaves out what has no value.
func readFields(in map[string]any) (map[string]string, error) {
	fields := make(map[string]string, len(in))
	for name, value := range in {
		if !fieldName.MatchString(name) {
			return nil, fmt.Errorf("[praktijk] %q is geen veld", name)
		}
		number := name[1:]
		if len(number) == 3 {
			number = "0" + number
		}
		switch v := value.(type) {
		case nil:
		case string:
			if v != "" {
				fields[number] = v
			}
		case json.Number:
			fields[number] = v.String()
		default:
			return nil, fmt.Errorf("[praktijk] Veld %s is geen tekst", name)
		}
	}
	return fields, nil
}
