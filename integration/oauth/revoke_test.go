package oauth_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"loonbrug/data/model"
	"loonbrug/integration/oauth"
)

// revoker is a provider that takes sign-ins back with a status, and what it was
// told. Without an address in its metadata it does not offer that.
func revoker(t *testing.T, offers bool, status int, body string) (oauth.Provider, *[]string) {
	t.Helper()
	var told []string
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	answer := func(w http.ResponseWriter, text string) {
		if _, err := w.Write([]byte(text)); err != nil {
			t.Error(err)
		}
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		at, more := server.URL, ""
		if offers {
			more = `,"revocation_endpoint":"` + at + `/revoke"`
		}
		answer(w, `{"issuer":"`+at+`","authorization_endpoint":"`+at+`/a","token_endpoint":"`+at+`/t","jwks_uri":"`+at+`/k"`+more+`}`)
	})
	mux.HandleFunc("POST /revoke", func(w http.ResponseWriter, r *http.Request) {
		told = append(told, r.PostFormValue("token")+" "+r.PostFormValue("token_type_hint")+" "+r.PostFormValue("client_id")+" "+r.PostFormValue("client_secret"))
		w.WriteHeader(status)
		answer(w, body)
	})
	return oauth.Provider{Issuer: server.URL, ClientID: "program", ClientSecret: "hush"}, &told
}

// The refresh token alone is given back: with it goes everything that came of it.
func TestRevoke(t *testing.T) {
	kept := model.Credentials{oauth.FieldRefreshToken: "refresh-0", oauth.FieldAccessToken: "access-0"}
	for name, c := range map[string]struct {
		offers bool
		status int
		body   string
		kept   model.Credentials
		told   int
		code   string // of the problem; "-" is an error without one
	}{
		"Given":        {true, 200, "", kept, 1, ""},
		"NoSignIn":     {true, 200, "", model.Credentials{}, 0, ""},
		"NotOffered":   {false, 200, "", kept, 0, "-"},
		"WrongClient":  {true, 401, `{"error":"invalid_client"}`, kept, 1, "signin.client"},
		"NotAvailable": {true, 503, "", kept, 1, "signin.unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			p, told := revoker(t, c.offers, c.status, c.body)
			v := newVault()
			v.kept[7] = c.kept
			err := newClient(0).Revoke(t.Context(), p, access(v))
			if len(*told) != c.told || c.told == 1 && (*told)[0] != "refresh-0 refresh_token program hush" {
				t.Errorf("told %d times", len(*told))
			}
			switch c.code {
			case "":
				if err != nil {
					t.Error(err)
				}
			case "-":
				if !errors.Is(err, oauth.ErrNoRevocation) {
					t.Error(err)
				}
			default:
				if err == nil || model.ProblemOf(err).Code != c.code {
					t.Error(err)
				}
			}
		})
	}
}
