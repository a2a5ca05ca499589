package oauth

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// Every language has every page.
func TestTexts_Complete(t *testing.T) {
	for _, language := range []string{"nl", "sv", "fi", "en"} {
		texts := textsIn(language)
		if texts.language != language || texts.company == "" {
			t.Errorf("%s: language %q, company %q", language, texts.language, texts.company)
		}
		for kind := pageSuccess; kind <= pageStranger; kind++ {
			if texts.headings[kind] == "" || texts.bodies[kind] == "" {
				t.Errorf("%s: page %d lacks a text", language, kind)
			}
		}
	}
}

// A token that is taken can be sent in a header, and its life is believed
// within limits; an error never repeats the answer.
func FuzzParseToken(f *testing.F) {
	f.Add([]byte(`{"access_token":"a","refresh_token":"r","token_type":"Bearer","expires_in":3600}`))
	f.Add([]byte(`{"access_token":"a","expires_in":"60"}`))
	f.Add([]byte(`{"access_token":"a","expires_in":1e99}`))
	f.Add([]byte(`{"access_token":"a\nb"}`))
	f.Add([]byte(`{"access_token":"secret-secret",`))
	now := time.Date(2026, time.March, 31, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := parseToken(body, now)
		if err != nil {
			if strings.Contains(err.Error(), "secret-secret") {
				t.Errorf("the error repeats the answer: %v", err)
			}
			return
		}
		if !json.Valid(body) {
			t.Error("taken although it is not JSON")
		}
		token := got.grant.AccessToken.Reveal()
		if token == "" || strings.ContainsAny(token, " \r\n\t\x00") {
			t.Errorf("token %q", token)
		}
		if life := got.grant.Expires.Sub(now); life <= 0 || life > longestLife {
			t.Errorf("life %v", life)
		}
	})
}
