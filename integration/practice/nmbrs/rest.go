package nmbrs

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"loonbrug/integration/practice/books"
)

// RESTPath is where the REST API begins. It has lists of companies and of runs; no
// path for journals is known of Nmbrs, and none is made up here.
const RESTPath = "/api"

// Pages: their length when none is asked for, and the longest.
const (
	usualPage   = 25
	longestPage = 100
)

// rest serves the REST API behind the bad days and the sign-in.
func (s *Server) rest(c *connect) http.Handler {
	api := http.NewServeMux()
	api.HandleFunc("GET "+RESTPath+"/companies", s.restCompanies)
	api.HandleFunc("GET "+RESTPath+"/companies/{company}/runs", s.restRuns)
	api.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { restRefuse(w, http.StatusNotFound, 2046) })
	return books.Misbehave(books.Behaviour{
		Faults:     s.faults,
		Log:        s.options.Log,
		Books:      func(*http.Request) bool { return false },
		Refuse:     func(w http.ResponseWriter, status int) { restRefuse(w, status, 0) },
		Delay:      s.options.Delay,
		RetryAfter: 2 * time.Second,
		Clock:      s.options.Clock,
	}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		scopes, known := c.scopes(token)
		switch {
		case r.Header.Get("X-Subscription-Key") != SubscriptionKey, !bearer, !known:
			restRefuse(w, http.StatusUnauthorized, 1001)
		case !slices.Contains(scopes, scopeCompanies):
			restRefuse(w, http.StatusForbidden, 1002)
		case s.faults.Take(FaultUnavailable):
			restRefuse(w, http.StatusServiceUnavailable, 0)
		default:
			api.ServeHTTP(w, r)
		}
	}))
}

// problem is an error of the REST API. Its keys were seen, its values are the
// practice office's.
type problem struct {
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Code   int    `json:"code,omitempty"`
}

func restRefuse(w http.ResponseWriter, status, code int) {
	writeJSON(w, status, problem{http.StatusText(status), faultTitle(code), code})
}

type pagination struct {
	PageNumber   int     `json:"pageNumber"`
	TotalPages   int     `json:"totalPages"`
	TotalRecords int     `json:"totalRecords"`
	NextPage     *string `json:"nextPage"`
}

// listPage is one page of a list.
type listPage[T any] struct {
	Pagination pagination `json:"pagination"`
	Data       []T        `json:"data"`
}

// writePage answers with the page that was asked for; one beyond the last is empty.
func writePage[T any](w http.ResponseWriter, r *http.Request, all []T) {
	query := r.URL.Query()
	number, okNumber := positive(query.Get("pageNumber"), 1)
	size, okSize := positive(query.Get("pageSize"), usualPage)
	if !okNumber || !okSize {
		restRefuse(w, http.StatusBadRequest, 2030)
		return
	}
	size = min(size, longestPage)
	pages := (len(all) + size - 1) / size
	p := listPage[T]{pagination{number, pages, len(all), nil}, []T{}}
	if number <= pages {
		p.Data = all[(number-1)*size : min(number*size, len(all))]
	}
	if number < pages {
		query.Set("pageNumber", strconv.Itoa(number+1))
		next := (&url.URL{Scheme: "http", Host: r.Host, Path: r.URL.Path, RawQuery: query.Encode()}).String()
		p.Pagination.NextPage = &next
	}
	writeJSON(w, http.StatusOK, p)
}

// positive reads a number from 1 on; an empty text is the usual one.
func positive(text string, usual int) (int, bool) {
	if text == "" {
		return usual, true
	}
	n, err := strconv.ParseInt(text, 10, 32)
	return int(n), err == nil && n > 0
}

type restCompany struct {
	CompanyID string `json:"companyId"`
	Number    string `json:"number"`
	Name      string `json:"name"`
	DebtorID  string `json:"debtorId"`
}

// restCompanies lists those of the debtor whose login [DebtorUser] is.
func (s *Server) restCompanies(w http.ResponseWriter, r *http.Request) {
	var all []restCompany
	for _, c := range s.Companies() {
		if c.Debtor == HalmGroep {
			all = append(all, restCompany{guid("company", c.ID), strconv.Itoa(c.Number), c.Name, guid("debtor", c.Debtor)})
		}
	}
	writePage(w, r, all)
}

type restRun struct {
	PayrollRunID string `json:"payrollRunId"`
	Number       int    `json:"number"`
	Year         int    `json:"year"`
	Description  string `json:"description"`
	Type         string `json:"type"`
	CreatedAt    string `json:"createdAt"`
	Locked       bool   `json:"locked"`
}

// restRuns lists the runs of a company, of one year when that is asked for.
func (s *Server) restRuns(w http.ResponseWriter, r *http.Request) {
	companies := s.Companies()
	i := slices.IndexFunc(companies, func(c Company) bool { return strings.EqualFold(guid("company", c.ID), r.PathValue("company")) })
	year := r.URL.Query().Get("year")
	switch wanted, ok := positive(year, 0); {
	case i < 0:
		restRefuse(w, http.StatusNotFound, 2046)
	case companies[i].Debtor != HalmGroep:
		restRefuse(w, http.StatusForbidden, 1003)
	case !ok:
		restRefuse(w, http.StatusBadRequest, 2030)
	default:
		var all []restRun
		for _, x := range s.Runs(companies[i].ID) {
			if year == "" || x.Year == wanted {
				all = append(all, restRun{guid("run", x.ID), x.Number, x.Year, x.Description, "payroll", x.RunAt.Format(wireTime), x.Locked})
			}
		}
		writePage(w, r, all)
	}
}
