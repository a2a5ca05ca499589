package visma

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"loonbrug/integration/practice/wire"
)

//go:embed openapi.json
var document []byte

// contract checks requests against the OpenAPI document of the ERP API.
//
// Where the document and kin-openapi do not fit, the contract gives way:
// "date-time" is read without a zone as well, because the ERP API wants local
// times and RFC 3339 knows none; null is read as "not set", because the document
// marks nothing as nullable; the body of an attachment is not checked, because
// the document does not name its part.
type contract struct{ doc *openapi3.T }

func loadContract() (*contract, error) {
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(document)
	if err != nil {
		return nil, fmt.Errorf("practice visma.net contract: %w", err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("practice visma.net contract: %w", err)
	}
	return &contract{doc: doc}, nil
}

// check refuses a request that the document does not allow for the path template.
func (c *contract) check(r *http.Request, template string, params map[string]string, body []byte) error {
	item := c.doc.Paths.Value(template)
	operation := item.GetOperation(r.Method)
	copied := r.Clone(r.Context())
	copied.Body = io.NopCloser(bytes.NewReader(body))
	copied.ContentLength = int64(len(body))
	multipart := operation.RequestBody != nil && operation.RequestBody.Value.Content["multipart/form-data"] != nil
	return openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
		Request:    copied,
		PathParams: params,
		Route:      &routers.Route{Spec: c.doc, Path: template, PathItem: item, Method: r.Method, Operation: operation},
		Options: &openapi3filter.Options{
			AuthenticationFunc:      openapi3filter.NoopAuthenticationFunc,
			ExcludeRequestBody:      multipart,
			SkipSettingDefaults:     true,
			SchemaValidationOptions: []openapi3.SchemaValidationOption{openapi3.WithStringFormatValidator("date-time", openapi3.NewCallbackValidator(checkTime)), openapi3.DisableSchemaErrorDetails()},
		},
	})
}

func checkTime(s string) error {
	_, err := parseTime(s)
	return err
}

// parseTime reads a date-time with or without a zone. One with a zone is brought
// to UTC first, which is how a local midnight east of Greenwich becomes the day
// before; real clients were bitten by that.
func parseTime(s string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), nil
	}
	if t, err := time.Parse("2006-01-02T15:04:05", s); err == nil {
		return t, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("not a date and time: %w", err)
	}
	return t, nil
}

// fit reads a request as a .NET server does: names of query parameters and of
// members in any case, numbers and truth values also as texts, and null as not
// set. The query of the request is changed in place.
func (c *contract) fit(r *http.Request, template string, body []byte) ([]byte, error) {
	operation := c.doc.Paths.Value(template).GetOperation(r.Method)
	query := r.URL.Query()
	for name, values := range query {
		for _, p := range operation.Parameters {
			if known := p.Value.Name; p.Value.In == openapi3.ParameterInQuery && known != name && strings.EqualFold(known, name) {
				delete(query, name)
				query[known] = values
			}
		}
	}
	r.URL.RawQuery = query.Encode()
	var schema *openapi3.SchemaRef
	if operation.RequestBody != nil {
		if media := operation.RequestBody.Value.Content.Get("application/json"); media != nil {
			schema = media.Schema
		}
	}
	return readBody(body, schema)
}

func readBody(body []byte, schema *openapi3.SchemaRef) ([]byte, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("more than one JSON document")
	}
	dropNulls(v)
	return json.Marshal(wire.Fit(schema, v, wire.AnyCase))
}

func dropNulls(v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if member == nil {
				delete(v, name)
				continue
			}
			dropNulls(member)
		}
	case []any:
		for _, member := range v {
			dropNulls(member)
		}
	}
}
