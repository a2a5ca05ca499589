package visma

import (
	"net/http"
	"net/url"
	"strings"
)

// oldPrefix is the path of the old host, which is accepted on the new one too.
const oldPrefix = "/API/controller/api"

// spelled lets a path come in any case, as .NET servers do: /v1/financialperiod is
// /v1/financialPeriod. Parameters within a path keep theirs.
func (s *Server) spelled(next http.Handler) http.Handler {
	var templates [][]string
	for _, op := range s.operations() {
		templates = append(templates, strings.Split(op.path, "/"))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		plain := *r
		plain.URL = spell(r.URL, templates)
		next.ServeHTTP(w, &plain)
	})
}

// spell writes the fixed parts of a path as the closest template has them; a path
// that fits none stays as it is.
func spell(u *url.URL, templates [][]string) *url.URL {
	escaped, prefix := u.EscapedPath(), ""
	if len(escaped) > len(oldPrefix) && strings.EqualFold(escaped[:len(oldPrefix)], oldPrefix) {
		escaped, prefix = escaped[len(oldPrefix):], oldPrefix
	}
	parts := strings.Split(escaped, "/")
	var best []string
	most := 0
	for _, template := range templates {
		if written, fixed := write(parts, template); fixed > most {
			best, most = written, fixed
		}
	}
	path := prefix + strings.Join(best, "/")
	plain, err := url.PathUnescape(path)
	if best == nil || err != nil {
		return u
	}
	changed := *u
	changed.Path, changed.RawPath = plain, path
	return &changed
}

// write fits the parts of a path into a template and counts the fixed ones; zero
// is no fit.
func write(parts, template []string) (written []string, fixed int) {
	if len(parts) != len(template) {
		return nil, 0
	}
	for i, part := range template {
		switch {
		case strings.HasPrefix(part, "{"):
			written = append(written, parts[i])
		case strings.EqualFold(part, parts[i]):
			written = append(written, part)
			fixed++
		default:
			return nil, 0
		}
	}
	return written, fixed
}
