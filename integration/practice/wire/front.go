// Package wire is what the practice systems have in common on the wire beyond
// their bad days: what a web server in front of a real system does for every
// client, and how a tolerant one reads a JSON body.
//
// [Front] goes around the handler of a system; [Fit] brings a JSON body into the
// form that an OpenAPI schema asks for, where real servers convert as well. The
// package knows nothing of any system and decides nothing about its rules: what
// it cannot convert stays as it came, for the system to refuse.
package wire

import (
	"bytes"
	"compress/gzip"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// smallestPacked is the length in bytes from which an answer is worth packing.
const smallestPacked = 1024

// Front does for every request what web servers in front of the real systems
// do: it unpacks a gzip body, packs a large answer for a client that accepts gzip,
// answers HEAD as GET without the body, and reads "/a//b/" as "/a/b". A body that
// says gzip and is not is refused with 400.
func Front(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		plain := *r
		plain.URL = tidy(r.URL)
		if r.Method == http.MethodHead {
			plain.Method = http.MethodGet // net/http keeps the body back by itself
		}
		if strings.EqualFold(r.Header.Get("Content-Encoding"), "gzip") {
			unpacked, err := gzip.NewReader(r.Body)
			if err != nil {
				http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
				return
			}
			plain.Body, plain.ContentLength = io.NopCloser(unpacked), -1
			plain.Header = r.Header.Clone()
			plain.Header.Del("Content-Encoding")
			plain.Header.Del("Content-Length")
		}
		if !acceptsGzip(r.Header.Get("Accept-Encoding")) {
			next.ServeHTTP(w, &plain)
			return
		}
		p := &packer{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(p, &plain)
		p.finish()
	})
}

var slashes = regexp.MustCompile(`/{2,}`)

// tidy is the address without empty parts in its path.
func tidy(u *url.URL) *url.URL {
	clean := func(path string) string {
		path = slashes.ReplaceAllString(path, "/")
		if path == "/" {
			return path
		}
		return strings.TrimSuffix(path, "/")
	}
	changed := *u
	changed.Path = clean(u.Path)
	if u.RawPath != "" {
		changed.RawPath = clean(u.RawPath)
	}
	return &changed
}

func acceptsGzip(header string) bool {
	for _, part := range strings.Split(header, ",") {
		coding, weight, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			return strings.ReplaceAll(weight, " ", "") != "q=0"
		}
	}
	return false
}

// packer keeps an answer until it is whole and packs it then. An answer that is
// flushed before, as one that is cut on purpose, goes out as it is; one whose
// handler panics is never sent.
type packer struct {
	http.ResponseWriter
	status int
	kept   bytes.Buffer
	plain  bool // what follows goes out as it comes
}

func (p *packer) WriteHeader(status int) {
	if p.plain {
		return // sent already
	}
	p.status = status
}

func (p *packer) Write(data []byte) (int, error) {
	if p.plain {
		return p.ResponseWriter.Write(data)
	}
	return p.kept.Write(data)
}

// Flush sends what there is, unpacked.
func (p *packer) Flush() {
	p.sendPlain()
	_ = http.NewResponseController(p.ResponseWriter).Flush()
}

func (p *packer) sendPlain() {
	if p.plain {
		return
	}
	p.plain = true
	p.ResponseWriter.WriteHeader(p.status)
	// A client that has gone away is no fault of the answer.
	_, _ = p.ResponseWriter.Write(p.kept.Bytes())
}

func (p *packer) finish() {
	header := p.Header()
	header.Add("Vary", "Accept-Encoding")
	if p.plain || p.kept.Len() < smallestPacked || header.Get("Content-Encoding") != "" || !packs(header.Get("Content-Type")) {
		p.sendPlain()
		return
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(p.kept.Bytes()) // a buffer takes everything
	_ = z.Close()
	header.Set("Content-Encoding", "gzip")
	header.Set("Content-Length", strconv.Itoa(packed.Len()))
	p.ResponseWriter.WriteHeader(p.status)
	_, _ = p.ResponseWriter.Write(packed.Bytes())
}

func packs(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (strings.HasPrefix(kind, "text/") || kind == "application/json" || strings.HasSuffix(kind, "xml"))
}
