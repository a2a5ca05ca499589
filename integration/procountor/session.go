package procountor

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
)

// credentials are what a token is asked for with.
type credentials struct {
	address, clientID, redirect string
	secret, key                 model.Secret
}

// session is one account at work: its access token, and the company that its
// key belongs to.
type session struct {
	credentials
	http *httpx.Client
	now  func() time.Time

	// signed gives tokens of a sign-in by the browser; nil is an account with a
	// key, to which the rest belongs.
	signed func(ctx context.Context, refused model.Secret) (model.Secret, error)

	turn    chan struct{} // held by whoever asks for a token
	token   model.Secret
	renewAt time.Time

	mu        sync.Mutex
	companyID string
}

// bearer gives a token other than the one that was refused, which may be
// empty. Of several callers one asks for it and the others wait.
func (s *session) bearer(ctx context.Context, refused model.Secret) (model.Secret, error) {
	if s.signed != nil {
		return s.signed(ctx, refused)
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if s.token != "" && s.token != refused && s.now().Before(s.renewAt) {
		return s.token, nil
	}
	s.token = ""
	asked := s.now()
	token, life, err := s.askToken(ctx)
	if err != nil {
		return "", err
	}
	// Renewed at nine tenths of its life, so that it does not end on the way.
	s.token, s.renewAt = token, asked.Add(life-life/10)
	return token, nil
}

// askToken exchanges the key for an access token.
func (s *session) askToken(ctx context.Context) (model.Secret, time.Duration, error) {
	form := url.Values{
		"grant_type":    {"client_credentials"},
		"client_id":     {s.clientID},
		"client_secret": {s.secret.Reveal()},
		"api_key":       {s.key.Reveal()},
	}
	if s.redirect != "" {
		form.Set("redirect_uri", s.redirect)
	}
	// Procountor refuses a charset behind the content type.
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Accept": {"application/json"}}
	answer, err := s.http.Send(ctx, http.MethodPost, httpx.Join(s.address, "/oauth/token", nil), header, []byte(form.Encode()))
	if err != nil {
		return "", 0, httpx.ProblemOf(err)
	}
	if p := tokenFault(answer); p != nil {
		return "", 0, p
	}
	token, life, ok := readToken(answer.Body)
	if !ok {
		return "", 0, unreadable(answer)
	}
	return token, life, nil
}

// hour is how long a token lives when the answer does not say.
const hour = time.Hour

// readToken reads the answer to a token request.
func readToken(body []byte) (token model.Secret, life time.Duration, ok bool) {
	var answer struct {
		Token   string      `json:"access_token"`
		Expires json.Number `json:"expires_in"`
	}
	if json.Unmarshal(body, &answer) != nil || answer.Token == "" {
		return "", 0, false
	}
	seconds, err := strconv.ParseUint(answer.Expires.String(), 10, 24)
	if err != nil || seconds == 0 {
		return model.Secret(answer.Token), hour, true
	}
	return model.Secret(answer.Token), time.Duration(seconds) * time.Second, true
}

func (s *session) header(token model.Secret) http.Header {
	return http.Header{"Authorization": {"Bearer " + token.Reveal()}, "Accept": {"application/json"}}
}

// get asks for a path. A refused token is renewed once.
func (s *session) get(ctx context.Context, path string, query url.Values) (*httpx.Answer, error) {
	var refused model.Secret
	for {
		token, err := s.bearer(ctx, refused)
		if err != nil {
			return nil, err
		}
		answer, err := s.http.Get(ctx, httpx.Join(s.address, path, query), s.header(token))
		if err != nil {
			return nil, httpx.ProblemOf(err)
		}
		switch {
		case answer.Status != http.StatusUnauthorized:
			return answer, nil
		case refused != "" && s.signed != nil:
			return nil, model.NewProblem("signin.expired").With(model.ActionSignIn)
		case refused != "":
			return answer, nil
		}
		refused = token
	}
}

// read asks for a path and has the answer read.
func (s *session) read(ctx context.Context, path string, read func(body []byte) error) error {
	answer, err := s.get(ctx, path, nil)
	if err != nil {
		return err
	}
	if p := faultOf(answer); p != nil {
		return p
	}
	if err := read(answer.Body); err != nil {
		return unreadable(answer).Because(err)
	}
	return nil
}

// company is the id of the company that the key belongs to. It never changes
// for a key.
func (s *session) company(ctx context.Context) (string, error) {
	s.mu.Lock()
	known := s.companyID
	s.mu.Unlock()
	if known != "" {
		return known, nil
	}
	info, err := s.info(ctx)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.companyID = info.CompanyID.String()
	return s.companyID, nil
}

// info is who the key signs in as.
func (s *session) info(ctx context.Context) (info *sessionInfo, err error) {
	err = s.read(ctx, "/sessioninfo", func(body []byte) (err error) {
		info, err = readSession(body)
		return err
	})
	return info, err
}

// readSession reads who the key signs in as; without a company it is no answer.
func readSession(body []byte) (*sessionInfo, error) {
	var info sessionInfo
	if err := json.Unmarshal(body, &info); err != nil {
		return nil, err
	}
	if info.CompanyID == "" {
		return nil, errNoAnswer
	}
	return &info, nil
}
