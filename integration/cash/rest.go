package cash

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/time/rate"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// rest carries records over REST 4.0: one account's connection.
type rest struct {
	base string
	key  model.Secret
	http *httpx.Client
	pace *rate.Limiter

	clock func() time.Time
}

// header is what CASH's Swagger wants with every request. The key stands there
// without any scheme before it.
func (r *rest) header() http.Header {
	return http.Header{
		"Authorization":  {r.key.Reveal()},
		"Accept":         {"application/json"},
		"Content-Type":   {"application/json"},
		"Cache-Control":  {"no-cache"},
		"Sec-Fetch-Mode": {"cors"},
	}
}

// ask does a GET; an answer that is none is a problem.
func (r *rest) ask(ctx context.Context, path string, query url.Values) (*httpx.Answer, error) {
	if err := r.pace.Wait(ctx); err != nil {
		return nil, tooMany().Because(err)
	}
	answer, err := r.http.Get(ctx, httpx.Join(r.base, path, query), r.header())
	if err != nil {
		return nil, httpx.ProblemOf(err)
	}
	return answer, nil
}

// export runs an export command and gives its records.
func (r *rest) export(ctx context.Context, administration, command, params string) ([]row, error) {
	query := url.Values{"admin": {administration}}
	if params != "" {
		query.Set("params", params)
	}
	answer, err := r.ask(ctx, "/get/index/"+command, query)
	if err != nil {
		return nil, err
	}
	if p := faultOf(answer); p != nil {
		return nil, p
	}
	rows, err := readRows(answer.Body, command)
	if err != nil {
		return nil, unreadable(answer).Because(err)
	}
	return rows, nil
}

// administrations lists what the key may see, and whose it is.
func (r *rest) administrations(ctx context.Context) (*directory, error) {
	answer, err := r.ask(ctx, "/administrations", nil)
	if err != nil {
		return nil, err
	}
	if p := faultOf(answer); p != nil {
		return nil, p
	}
	d, err := readDirectory(answer.Body)
	if err != nil {
		return nil, unreadable(answer).Because(err)
	}
	return d, nil
}

// transaction asks what became of an import that was pending.
func (r *rest) transaction(ctx context.Context, id string) (*httpx.Answer, error) {
	return r.ask(ctx, "/transaction/"+url.PathEscape(id), nil)
}

// post implements [link].
func (r *rest) post(ctx context.Context, administration string, lines []mutation) target.Outcome {
	body, err := importBody(administration, lines)
	if err != nil {
		return httpx.Failed(&httpx.Error{Method: http.MethodPost, Err: err})
	}
	if err := r.pace.Wait(ctx); err != nil {
		return httpx.Failed(&httpx.Error{Method: http.MethodPost, Err: tooMany().Because(err)})
	}
	answer, err := r.http.Send(ctx, http.MethodPost, httpx.Join(r.base, "/import", nil), r.header(), body)
	if err != nil {
		return httpx.Failed(err)
	}
	o := classify(answer, r.clock())
	o.Detail = fmt.Sprintf("POST import: %d %s", answer.Status, kind(answer))
	return o
}

// settled implements [link]. A transaction that CASH no longer knows says
// nothing; the books do.
func (r *rest) settled(ctx context.Context, id string) (target.Outcome, error) {
	answer, err := r.transaction(ctx, id)
	if err != nil {
		return target.Outcome{}, err
	}
	var state importState
	if answer.OK() && json.Unmarshal(answer.Body, &state) == nil {
		switch {
		case state.pending():
			return target.Outcome{Class: target.Pending, Problem: stillPending()}, nil
		case state.success():
			return target.Outcome{Class: target.Accepted}, nil
		}
	}
	f, ours := readFault(answer.Body)
	switch {
	case answer.Status == http.StatusNotFound || (ours && f.code == transactionUnknown):
		return target.Outcome{Class: target.Pending, Problem: stillPending()}, nil
	case ours && answer.OK():
		return target.Outcome{Class: target.Rejected, Problem: f.problem()}, nil
	}
	if p := faultOf(answer); p != nil {
		return target.Outcome{}, p
	}
	return target.Outcome{}, unreadable(answer)
}

// importBody writes the request. Every line is an element of its own: of
// several lines in one element CASH keeps only the last.
func importBody(administration string, lines []mutation) ([]byte, error) {
	type element struct {
		Lines [1]mutation `json:"R301"`
	}
	var request struct {
		Administration string `json:"admin"`
		Format         int    `json:"format"`
		Content        struct {
			Cash []element `json:"cash"`
		} `json:"content"`
	}
	request.Administration = administration
	for _, line := range lines {
		request.Content.Cash = append(request.Content.Cash, element{Lines: [1]mutation{line}})
	}
	var body bytes.Buffer
	err := encode(&body, request)
	return body.Bytes(), err
}

// MarshalJSON writes the fields in their order.
func (m mutation) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, f := range m {
		b.WriteByte("{,"[min(i, 1)])
		if err := errors.Join(encode(&b, f.name), b.WriteByte(':'), encode(&b, f.value)); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// encode writes a value without the escapes that are for web pages only.
func encode(b *bytes.Buffer, v any) error {
	encoder := json.NewEncoder(b)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// directory is the list of administrations and who asks.
type directory struct {
	Name     string
	Relation string
	List     []model.Administration
}

// dirAnswer is the answer to the list of administrations.
type dirAnswer struct {
	Dir many[struct {
		Name     text         `json:"Name"`
		Relation text         `json:"Relnm"`
		Adms     many[admsOf] `json:"Adms"`
	}] `json:"Dir"`
}

type admsOf struct {
	Adm many[struct {
		Code     text `json:"Code"`
		Name     text `json:"Name"`
		ReadOnly text `json:"ReadOnly"`
	}] `json:"Adm"`
}

// readDirectory takes the directory as an object or as a list with one.
func readDirectory(data []byte) (*directory, error) {
	var answer dirAnswer
	if err := json.Unmarshal(data, &answer); err != nil {
		return nil, err
	}
	if len(answer.Dir) == 0 {
		return nil, errNoRecords
	}
	d := &directory{Name: string(answer.Dir[0].Name), Relation: string(answer.Dir[0].Relation)}
	for _, dir := range answer.Dir {
		for _, adms := range dir.Adms {
			for _, a := range adms.Adm {
				d.List = append(d.List, model.Administration{Code: string(a.Code), Name: string(a.Name), ReadOnly: yes(a.ReadOnly)})
			}
		}
	}
	return d, nil
}
