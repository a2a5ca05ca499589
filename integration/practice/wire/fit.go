package wire

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

var numeral = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// Names says how the members of a JSON object are found in a schema.
type Names bool

// The two ways: by their exact names, as Java servers do, or in any case, as .NET
// servers do.
const (
	ExactNames Names = false
	AnyCase    Names = true
)

// Fit converts what servers convert: a number or a truth value that comes as a
// text, and names of members in other case. The value is what [json.Decoder] with
// UseNumber reads; members that the schema does not know stay as they are.
func Fit(schema *openapi3.SchemaRef, value any, names Names) any {
	if schema == nil || schema.Value == nil {
		return value
	}
	s := schema.Value
	switch v := value.(type) {
	case map[string]any:
		fitted := make(map[string]any, len(v))
		for name, member := range v {
			known, property := find(s, name, names)
			if known != name {
				if _, twice := v[known]; twice {
					known, property = name, nil
				}
			}
			fitted[known] = Fit(property, member, names)
		}
		return fitted
	case []any:
		for i := range v {
			v[i] = Fit(s.Items, v[i], names)
		}
	case string:
		return convert(s, v)
	}
	return value
}

// find is the property that a member stands for, under the name it has there.
func find(s *openapi3.Schema, name string, names Names) (string, *openapi3.SchemaRef) {
	if property, exact := s.Properties[name]; exact {
		return name, property
	}
	if names == AnyCase {
		for known, property := range s.Properties {
			if strings.EqualFold(known, name) {
				return known, property
			}
		}
	}
	return name, nil
}

func convert(s *openapi3.Schema, text string) any {
	switch {
	case (s.Type.Is(openapi3.TypeNumber) || s.Type.Is(openapi3.TypeInteger)) && numeral.MatchString(text):
		return json.Number(text)
	case s.Type.Is(openapi3.TypeBoolean) && strings.EqualFold(text, "true"):
		return true
	case s.Type.Is(openapi3.TypeBoolean) && strings.EqualFold(text, "false"):
		return false
	}
	return text
}
