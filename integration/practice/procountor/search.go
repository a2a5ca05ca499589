package procountor

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// basicInfo is a receipt in the answer of a search.
type basicInfo struct {
	ID            int    `json:"id"`
	Type          string `json:"type"`
	Status        string `json:"status"`
	Name          string `json:"name"`
	ReceiptDate   string `json:"receiptDate"`
	InvoiceNumber int    `json:"invoiceNumber"`
	Created       string `json:"created"`
	Version       string `json:"version"`
}

// search answers with one page of the receipts that fit. The query has passed
// the check against the document.
func (s *Server) search(w http.ResponseWriter, c call) {
	query := c.URL.Query()
	found := []basicInfo{}
	s.mu.Lock()
	for _, x := range s.state.Receipts {
		r := x.Receipt
		info := basicInfo{r.ID, r.Type, r.Status, r.Name, r.ReceiptDate, r.InvoiceNumber, x.Created, r.Version}
		if x.Company == c.company.id && info.fits(query) {
			found = append(found, info)
		}
	}
	s.mu.Unlock()
	order(found, query)
	found = after(found, query.Get("previousId"))

	size, page := intOr(query, "size", 50), intOr(query, "page", 0)
	if size < 1 || page < 0 {
		s.refuse(w, c.Request, []violation{invalid("size", query.Get("size"))})
		return
	}
	total := len(found)
	from := min(page*size, total)
	found = found[from:min(from+size, total)]
	reply(w, http.StatusOK, map[string]any{
		"results": found,
		"meta":    map[string]int{"pageNumber": page, "pageSize": size, "resultCount": len(found), "totalCount": total},
	})
}

// fits tells whether a receipt is within every limit that is given.
func (b basicInfo) fits(query url.Values) bool {
	if types := query.Get("types"); types != "" && !slices.Contains(strings.Split(types, ","), b.Type) {
		return false
	}
	if status := query.Get("status"); status != "" && status != b.Status {
		return false
	}
	return within(b.ReceiptDate, query.Get("startDate"), query.Get("endDate")) &&
		within(b.Created, query.Get("createdStartDate"), query.Get("createdEndDate")) &&
		within(b.Version, query.Get("versionStartDate"), query.Get("versionEndDate"))
}

// within compares dates and times as texts, without fractions and zones.
func within(value, from, to string) bool {
	from, to = from[:min(len(from), len(value))], to[:min(len(to), len(value))]
	return value >= from && (to == "" || value <= to)
}

// order sorts by what the query names first, by id otherwise, the latest first.
func order(found []basicInfo, query url.Values) {
	by, compare := "orderById", func(a, b basicInfo) int { return cmp.Compare(a.ID, b.ID) }
	switch {
	case query.Has(by):
	case query.Has("orderByDate"):
		by, compare = "orderByDate", func(a, b basicInfo) int { return cmp.Compare(a.ReceiptDate, b.ReceiptDate) }
	case query.Has("orderByCreated"):
		by, compare = "orderByCreated", func(a, b basicInfo) int { return cmp.Compare(a.Created, b.Created) }
	case query.Has("orderByVersion"):
		by, compare = "orderByVersion", func(a, b basicInfo) int { return cmp.Compare(a.Version, b.Version) }
	}
	slices.SortStableFunc(found, compare)
	if query.Get(by) != "ASC" {
		slices.Reverse(found)
	}
}

// after gives what comes after a receipt, or all when it is not among them.
func after(found []basicInfo, id string) []basicInfo {
	i := slices.IndexFunc(found, func(b basicInfo) bool { return strconv.Itoa(b.ID) == id })
	return found[i+1:]
}

func intOr(query url.Values, name string, other int) int {
	n, err := strconv.Atoi(query.Get(name))
	if err != nil {
		return other
	}
	return n
}
