package connect

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

const (
	interactive = "vismanet_erp_interactive_api:"
	service     = "vismanet_erp_service_api:"
)

// Rights are the ends of the scopes of both ERP APIs.
var rights = []string{"read", "create", "update", "delete"}

var identityScopes = []string{"openid", "profile", "email", "tenants", "offline_access"}

// DefaultScopes are those of an office program: the identity set and the rights to
// read, create and update.
func DefaultScopes() []string {
	return append(slices.Clone(identityScopes), interactive+"read", interactive+"create", interactive+"update")
}

// InteractiveScope and ServiceScope name the scope of a right ("read", "create",
// "update", "delete") for a signed-in user and for a service.
func InteractiveScope(right string) string { return interactive + right }

// ServiceScope is [InteractiveScope] for a service.
func ServiceScope(right string) string { return service + right }

func allScopes() []string {
	all := append(slices.Clone(identityScopes), interactive+"ui-extension")
	for _, right := range rights {
		all = append(all, interactive+right, service+right)
	}
	return all
}

// discovery is the metadata document, with what the stand-in serves of what
// connect.visma.com advertises. Visma's own list of token_endpoint_auth_methods
// lacks "none" although public clients exist; so does this one.
func (p *Provider) discovery(w http.ResponseWriter, r *http.Request) {
	issuer := p.cfg.Issuer(r)
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer":                                         issuer,
		"authorization_endpoint":                         issuer + "/connect/authorize",
		"token_endpoint":                                 issuer + "/connect/token",
		"revocation_endpoint":                            issuer + "/connect/revocation",
		"userinfo_endpoint":                              issuer + "/connect/userinfo",
		"end_session_endpoint":                           issuer + "/connect/endsession",
		"jwks_uri":                                       issuer + "/.well-known/openid-configuration/jwks",
		"grant_types_supported":                          []string{"authorization_code", "refresh_token", "client_credentials"},
		"response_types_supported":                       []string{"code"},
		"response_modes_supported":                       []string{"query", "fragment", "form_post"},
		"code_challenge_methods_supported":               []string{"S256"},
		"prompt_values_supported":                        []string{"none", "login", "consent", "select_account"},
		"authorization_response_iss_parameter_supported": true,
		"token_endpoint_auth_methods_supported":          []string{"client_secret_basic", "client_secret_post"},
		"id_token_signing_alg_values_supported":          []string{"RS256"},
		"subject_types_supported":                        []string{"public"},
		"scopes_supported":                               allScopes(),
		"claims_supported":                               []string{"sub", "email", "email_verified", "name", "tenant_id"},
		"ui_locales_supported":                           []string{"en", "nl", "sv", "fi"},
	})
}

// userinfo tells who the bearer of an access token is.
func (p *Provider) userinfo(w http.ResponseWriter, r *http.Request) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	a, err := p.Verify(token)
	if err != nil || !a.Has("openid") {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	info := map[string]any{"sub": subject(a.User, a.Client), "tenant_id": a.Tenant}
	if a.Has("email") {
		info["email"], info["email_verified"] = a.User, true
	}
	if a.Has("profile") {
		info["name"] = a.Name
	}
	writeJSON(w, http.StatusOK, info)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// A client that has gone away is no fault of the answer.
	_ = json.NewEncoder(w).Encode(v)
}
