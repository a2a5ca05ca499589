package cash

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// row is one record: field name, such as "F0201", to value.
type row map[string]text

// get is the value of a field without the blanks around it.
func (r row) get(field string) string { return strings.TrimSpace(string(r[field])) }

// text is a value of an answer. CASH writes all of them as strings; numbers and
// booleans are taken as they stand, null is empty.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	var v any
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&v); err != nil {
		return err
	}
	switch v := v.(type) {
	case nil:
		*t = ""
	case string:
		*t = text(v)
	case json.Number:
		*t = text(v.String())
	case bool:
		*t = text(strconv.FormatBool(v))
	default:
		return errNotAText
	}
	return nil
}

// many is a list in any of the forms CASH gives it: a list, an object with the
// keys "0", "1" and so on, or one element alone. Null and an empty string are an
// empty list.
type many[T any] []T

func (m *many[T]) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	switch {
	case len(data) == 0, bytes.Equal(data, []byte("null")), bytes.Equal(data, []byte(`""`)):
		*m = nil
		return nil
	case data[0] == '[':
		return json.Unmarshal(data, (*[]T)(m))
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return err
	}
	keys, numbered := numbers(members)
	if !numbered {
		var one T
		if err := json.Unmarshal(data, &one); err != nil {
			return err
		}
		*m = []T{one}
		return nil
	}
	list := make([]T, len(keys))
	for i, key := range keys {
		if err := json.Unmarshal(members[strconv.Itoa(key)], &list[i]); err != nil {
			return err
		}
	}
	*m = list
	return nil
}

// numbers are the keys of an object in order, when all of them are numbers.
func numbers(members map[string]json.RawMessage) (keys []int, ok bool) {
	for name := range members {
		n, err := strconv.Atoi(name)
		if err != nil || strconv.Itoa(n) != name {
			return nil, false
		}
		keys = append(keys, n)
	}
	slices.Sort(keys)
	return keys, true
}

var (
	errNotAText  = errors.New("a value is neither text nor number")
	errNoRecords = errors.New("an answer without the records asked for")
)

// readRows takes the records out of the answer to an export command. The answer
// is an object with the record's name as key, or the bare rows; no answer at
// all is no rows.
func readRows(data []byte, command string) ([]row, error) {
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return nil, nil
	}
	if data[0] != '{' {
		return decodeRows(data)
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, err
	}
	for _, name := range recordNames(command) {
		if inner, ok := members[name]; ok {
			return decodeRows(inner)
		}
	}
	if _, numbered := numbers(members); !numbered {
		return nil, errNoRecords
	}
	return decodeRows(data)
}

func decodeRows(data []byte) ([]row, error) {
	var rows many[row]
	if err := json.Unmarshal(data, &rows); err != nil {
		return nil, err
	}
	return rows, nil
}

// recordNames are the names an answer may have for the record of a command:
// "301T" gives R0301 and R301.
func recordNames(command string) []string {
	digits := strings.TrimRight(command, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	short := strings.TrimLeft(digits, "0")
	return []string{"R" + strings.Repeat("0", max(0, 4-len(short))) + short, "R" + short}
}

// yes reads the flags of CASH, whose exact values are not published.
func yes(s text) bool {
	switch strings.ToUpper(strings.TrimSpace(string(s))) {
	case "J", "JA", "Y", "YES", "1", "TRUE":
		return true
	}
	return false
}
