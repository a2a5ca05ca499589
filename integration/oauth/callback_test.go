package oauth_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// patience is for a listener that hangs; one that answers is never this slow.
const patience = 30 * time.Second

// knock sends a request as it stands and gives the status of the answer, zero
// when there is none.
func knock(address, request string) (int, error) {
	conn, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return 0, fmt.Errorf("nobody listens any more: %w", err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return 0, err
	}
	if _, err := conn.Write([]byte(request)); err != nil {
		return 0, nil //nolint:nilerr // hung up on before all was said
	}
	_ = conn.(*net.TCPConn).CloseWrite()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
			return 0, fmt.Errorf("no answer: %w", err)
		}
		return 0, nil
	}
	_ = resp.Body.Close()
	return resp.StatusCode, nil
}

// callback is a request that is nearly the answer of a sign-in.
type callback struct {
	method, path, query, host, extra, body string
}

func (c callback) String() string {
	return fmt.Sprintf("%s %s?%s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n%s\r\n%s",
		c.method, c.path, c.query, c.host, len(c.body), c.extra, c.body)
}

// nearly draws requests that differ from the true answer in at least one thing
// that matters; body and header may hold the whole truth.
func nearly(redirect *url.URL, state string) *rapid.Generator[callback] {
	truth := "code=stolen&state=" + state
	junk := rapid.StringOfN(rapid.RuneFrom([]rune("abcXYZ019%&=+;#/?.\x00\x01\x7fåß€\U0001F511 \t\"<>")), 0, 60, -1)
	states := rapid.OneOf(
		rapid.Just(""), rapid.Just(state[1:]), rapid.Just(state+"A"), rapid.Just(strings.ToLower(state)),
		rapid.Just("%00"+state), rapid.Just(state+"%00"), rapid.Just(state+"%20"), rapid.Just("%ZZ"+state), junk,
		rapid.StringMatching(`[A-Z2-7]{26}`),
	)
	queries := rapid.OneOf(
		rapid.Map(states, func(s string) string { return "code=stolen&state=" + s }),
		rapid.Map(states, func(s string) string { return "error=access_denied&state=" + s }),
		rapid.Map(junk, func(s string) string { return "state=" + state + "x&" + s }),
		rapid.Map(junk, func(s string) string { return "code=" + s }),
		rapid.Just(truth+"&state=other"), rapid.Just("state=other&"+truth), rapid.Just(truth+"&state="+state),
		rapid.Just(truth+"&code=another"), rapid.Just(truth+"&error=a&error=b"), rapid.Just(truth+"&iss=a&iss=b"),
		rapid.Just(truth+"&%zz=1"), rapid.Just(truth+";a=b"), rapid.Just("STATE="+state+"&code=stolen"),
		rapid.Just("state[]="+state+"&code=stolen"), rapid.Just("code=stolen#state="+state),
		rapid.Just("code=stolen&state="+strings.Repeat("A", 40<<10)), junk,
	)
	return rapid.Custom(func(t *rapid.T) callback {
		c := callback{method: "GET", path: redirect.Path, query: truth, host: redirect.Host}
		c.body = rapid.SampledFrom([]string{"", truth, "{}", strings.Repeat("x", 9000)}).Draw(t, "body")
		c.extra = rapid.SampledFrom([]string{
			"", "Content-Type: application/x-www-form-urlencoded\r\n", "Cookie: state=" + state + "\r\n",
			"X-HTTP-Method-Override: GET\r\n", "Origin: https://evil.example\r\n", "Connection: Upgrade\r\nUpgrade: websocket\r\n",
		}).Draw(t, "extra")
		switch rapid.SampledFrom([]string{"query", "method", "path", "host"}).Draw(t, "spoil") {
		case "query":
			c.query = queries.Draw(t, "query")
		case "method":
			c.method = rapid.SampledFrom([]string{"POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "get", "", "GE T"}).Draw(t, "method")
		case "path":
			c.path = rapid.SampledFrom([]string{
				"/", "/callback/", "/Callback", "//callback", "/callback%00", "/./callback", "/x/../callback", "/callback;a",
				"/signed-in/", "/signed-in/guess", "*", "http://evil.example/callback",
			}).Draw(t, "path")
		case "host":
			c.host = rapid.SampledFrom([]string{
				"", "evil.example", "localhost:" + redirect.Port(), "127.0.0.1", redirect.Host + ".evil.example",
				"evil.example@" + redirect.Host, "127.0.0.2:" + redirect.Port(), "[::1]:" + redirect.Port(), "a, " + redirect.Host,
			}).Draw(t, "host")
		}
		return c
	})
}

// Ten thousand callbacks that are nearly right: none is taken, none hangs, and
// the true answer is still taken after them.
func TestSignIn_NearlyRightCallbacks(t *testing.T) {
	i, b := newIdentity(t), newBrowser(t)
	const many = 100
	b.visit = func(_ context.Context, address string) error {
		u, err := url.Parse(address)
		if err != nil {
			return err
		}
		redirect, err := url.Parse(u.Query().Get("redirect_uri"))
		if err != nil {
			return err
		}
		tries := nearly(redirect, u.Query().Get("state"))
		rapid.Check(t, func(t *rapid.T) { // a hundred times
			for range many {
				c := tries.Draw(t, "callback")
				status, err := knock(redirect.Host, c.String())
				if err != nil {
					t.Fatalf("%q: %v", c, err)
				}
				if status != 0 && status < http.StatusBadRequest {
					t.Fatalf("%q: status %d", c, status)
				}
			}
		})
		go b.load(address)
		return nil
	}
	s, err := newClient(0).SignIn(t.Context(), i.provider(), b)
	if err != nil {
		t.Fatal(err)
	}
	s.Welcome("Halm")
	if got := <-b.pages; got.status != http.StatusOK || !strings.Contains(got.body, "Halm") {
		t.Errorf("page %d:\n%s", got.status, got.body)
	}
	if len(i.forms) != 1 || i.forms[0].Get("code") != "code-1" {
		t.Error("another code than the provider's was exchanged")
	}
}
