package visma

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"
)

// jobLifetime is how long the outcome of a background call is kept.
const jobLifetime = 24 * time.Hour

// inBackground does what was asked for, keeps the outcome and answers where it can
// be fetched. The outcome shows as started until the lag is over; on a bad day
// until it is gone. Called with s.mu held.
func (s *Server) inBackground(c *call, op operation, mode string) answer {
	if mode != "none" && !strings.HasPrefix(mode, "subscription") {
		return *malformed(errors.New("erp-api-background is none or subscription"))
	}
	outcome := httptest.NewRecorder()
	if s.take(c.r, FaultBackgroundFailed) {
		broken().send(outcome)
	} else {
		op.handle(c).send(outcome)
	}
	id, now, lag := newID(), s.opt.Clock().UTC(), s.opt.BackgroundLag
	if s.take(c.r, FaultBackgroundStuck) {
		lag = 2 * jobLifetime
	}
	s.state.Jobs[id] = &job{
		Tenant: c.access.Tenant, User: c.access.User + c.access.Client, URI: c.base + c.r.URL.RequestURI(),
		Received: now, Ready: now.Add(lag),
		Status: outcome.Code, Header: outcome.Header(), Body: outcome.Body.Bytes(), HadBody: len(c.body) > 0,
	}
	if err := s.commit(func() { delete(s.state.Jobs, id) }); err != nil {
		return broken()
	}
	return answer{status: http.StatusAccepted, json: dict{"id": id, "stateLocation": c.base + "/v1/background/" + id}}
}

// job is the outcome that the path names, if the caller may see it.
func (s *Server) job(c *call) (*job, *answer) {
	j, known := s.state.Jobs[c.path("requestId")]
	now := s.opt.Clock()
	switch {
	case !known:
		a := notThere()
		return nil, &a
	case j.Tenant != c.access.Tenant || j.User != c.access.User+c.access.Client:
		return nil, &answer{status: http.StatusForbidden}
	case now.After(j.Received.Add(jobLifetime)), s.take(c.r, FaultBackgroundGone):
		return nil, &answer{status: http.StatusGone}
	}
	return j, nil
}

// background tells how far a background call is.
func (s *Server) background(c *call) answer {
	j, refusal := s.job(c)
	if refusal != nil {
		return *refusal
	}
	id := c.path("requestId")
	d := dict{
		"id": id, "status": "Started", "originalUri": j.URI, "hasRequestContent": j.HadBody,
		"receivedUtc": atTime(j.Received), "startedUtc": atTime(j.Received),
	}
	if s.opt.Clock().Before(j.Ready) {
		return ok(d)
	}
	headers := make(map[string]string)
	for name := range j.Header {
		headers[name] = j.Header.Get(name)
	}
	d["status"], d["statusCode"], d["finishedUtc"] = "Finished", j.Status, atTime(j.Ready)
	d["responseHeaders"], d["hasResponseContent"] = headers, len(j.Body) > 0
	if len(j.Body) > 0 {
		d["contentLocation"] = c.base + "/v1/background/" + id + "/content"
	}
	if j.Status >= http.StatusBadRequest {
		d["status"], d["errorMessage"] = "Failed", errorText(j.Body)
	}
	return ok(d)
}

// errorText is the message of an error body, or the body.
func errorText(body []byte) string {
	var m struct{ Message string }
	if json.Unmarshal(body, &m) == nil && m.Message != "" {
		return m.Message
	}
	return string(body)
}

// backgroundContent is the body that the call itself would have answered with.
func (s *Server) backgroundContent(c *call) answer {
	j, refusal := s.job(c)
	if refusal != nil {
		return *refusal
	}
	if len(j.Body) == 0 || s.opt.Clock().Before(j.Ready) {
		return notThere()
	}
	return answer{status: http.StatusOK, raw: j.Body, header: map[string]string{"Content-Type": j.Header.Get("Content-Type")}}
}
