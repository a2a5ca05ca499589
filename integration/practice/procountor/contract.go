package procountor

import (
	"bytes"
	_ "embed" // for the document
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"loonbrug/integration/practice/wire"
)

//go:embed openapi.json
var openAPI []byte

// contract checks requests against Procountor's OpenAPI document.
type contract struct {
	document *openapi3.T
	router   routers.Router
}

func newContract() (*contract, error) {
	document, err := openapi3.NewLoader().LoadFromData(openAPI)
	if err != nil {
		return nil, fmt.Errorf("practice Procountor: OpenAPI document: %w", err)
	}
	document.Servers = openapi3.Servers{{URL: BasePath}}
	router, err := legacy.NewRouter(document)
	if err != nil {
		return nil, fmt.Errorf("practice Procountor: OpenAPI document: %w", err)
	}
	return &contract{document, router}, nil
}

// violation is one thing wrong with a request, as the API answers it.
type violation struct {
	Status  int    `json:"status"`
	Field   string `json:"field,omitempty"`
	Message string `json:"message"`
}

func bad(field, message string) violation {
	return violation{http.StatusBadRequest, field, message}
}

func blank(field string) violation {
	return bad(field, "Value of the '"+member(field)+"' cannot be blank.")
}

func invalid(field string, value any) violation {
	return bad(field, fmt.Sprintf("Value of the '%s' field is invalid: %v", member(field), value))
}

// member is the last name in a path: "transactions[2].account" is "account".
func member(field string) string {
	name := field[strings.LastIndexByte(field, '.')+1:]
	name, _, _ = strings.Cut(name, "[")
	return name
}

var dateTime = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$`)

// options are those of the document; its times carry no zone.
func (*contract) options() *openapi3filter.Options {
	return &openapi3filter.Options{
		MultiError: true, SkipSettingDefaults: true, IncludeResponseStatus: true,
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc,
		SchemaValidationOptions: []openapi3.SchemaValidationOption{
			openapi3.WithStringFormatValidator("date-time", openapi3.NewRegexpFormatValidator(dateTime.String())),
		},
	}
}

// check says everything in which a request differs from the document. The
// error is that the document does not know the call.
func (c *contract) check(r *http.Request, body []byte) ([]violation, error) {
	route, params, err := c.router.FindRoute(r)
	if err != nil {
		return nil, err
	}
	checked := r.Clone(r.Context())
	checked.Body = io.NopCloser(bytes.NewReader(body))
	err = openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
		Request: checked, PathParams: params, Route: route, Options: c.options(),
	})
	return violations(err), nil
}

// violations translates what the library found.
func violations(err error) []violation {
	var several openapi3.MultiError
	var request *openapi3filter.RequestError
	var schema *openapi3.SchemaError
	switch {
	case err == nil:
		return nil
	case asDirect(err, &several):
		var all []violation
		for _, e := range several {
			all = append(all, violations(e)...)
		}
		return all
	case errors.As(err, &request) && request.Parameter != nil:
		return []violation{bad(request.Parameter.Name, "Value of the '"+request.Parameter.Name+"' field is invalid: ")}
	case asDirect(err, &request) && request.Err != nil:
		return violations(request.Err)
	case errors.As(err, &schema):
		return []violation{ofSchema(schema)}
	default:
		return []violation{bad("", "SANDBOX_REQUEST "+err.Error())}
	}
}

// asDirect is errors.As without looking inside the error.
func asDirect[T error](err error, as *T) bool {
	e, ok := err.(T) //nolint:errorlint // what is wrapped is looked at next
	if ok {
		*as = e
	}
	return ok
}

// ofSchema says in Procountor's words what is wrong with a value.
func ofSchema(e *openapi3.SchemaError) violation {
	field := path(e.JSONPointer())
	switch e.SchemaField {
	case "required", "minLength", "minItems":
		return blank(field)
	case "maxLength":
		return bad(field, "SANDBOX_TOO_LONG")
	}
	switch value := e.Value.(type) {
	case map[string]any, []any:
		return invalid(field, "")
	default:
		return invalid(field, value)
	}
}

// path writes a JSON pointer as Procountor does: transactions[2].account.
func path(pointer []string) string {
	var b strings.Builder
	for _, name := range pointer {
		if _, err := strconv.Atoi(name); err == nil {
			b.WriteString("[" + name + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(name)
	}
	return b.String()
}

// unknown lists the members of a body that the schema does not know.
func unknown(schema *openapi3.Schema, value any, at []string) []string {
	switch v := value.(type) {
	case map[string]any:
		var all []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			here := append(slices.Clone(at), name)
			if known := schema.Properties[name]; known == nil {
				all = append(all, path(here))
			} else {
				all = append(all, unknown(known.Value, v[name], here)...)
			}
		}
		return all
	case []any:
		var all []string
		for i, element := range v {
			if schema.Items != nil {
				all = append(all, unknown(schema.Items.Value, element, append(slices.Clone(at), strconv.Itoa(i)))...)
			}
		}
		return all
	}
	return nil
}

// unknownMembers is [unknown] for a named schema and a whole body.
func (c *contract) unknownMembers(schema string, body []byte) []string {
	var value any
	if json.Unmarshal(body, &value) != nil {
		return nil
	}
	return unknown(c.document.Components.Schemas[schema].Value, value, nil)
}

const largestBody = 16 << 20

// readBody reads a JSON body as a Java server does: members that are null count as
// left out, and numbers may come as texts. An empty body stays empty.
func (c *contract) readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
	if err != nil || len(bytes.TrimSpace(raw)) == 0 {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, errors.New("more than one JSON document")
	}
	return json.Marshal(wire.Fit(c.bodySchema(r), withoutNull(value), wire.ExactNames))
}

// bodySchema is what the document says of the body of a call, if anything.
func (c *contract) bodySchema(r *http.Request) *openapi3.SchemaRef {
	route, _, err := c.router.FindRoute(r)
	if err != nil || route.Operation.RequestBody == nil {
		return nil
	}
	media := route.Operation.RequestBody.Value.Content.Get("application/json")
	if media == nil {
		return nil
	}
	return media.Schema
}

func withoutNull(value any) any {
	switch v := value.(type) {
	case map[string]any:
		maps.DeleteFunc(v, func(_ string, x any) bool { return x == nil })
		for name, x := range v {
			v[name] = withoutNull(x)
		}
	case []any:
		for i, x := range v {
			v[i] = withoutNull(x)
		}
	}
	return value
}
