package visma

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// listBatches lists batches by period or by last change. Pages count lines, so a
// batch may be split over two of them; unknown parameters are ignored.
func (s *Server) listBatches(c *call) answer {
	period, since := c.query("periodId"), c.query("lastModifiedDateTime")
	if period == "" && since == "" {
		return answer{status: http.StatusBadRequest, json: message("PeriodId or LastModifiedDateTime must be specified.")}
	}
	if period != "" && !sixDigits.MatchString(period) {
		return answer{status: http.StatusBadRequest, json: message("Invalid Year or Period format.")}
	}
	after, err := parseSince(since)
	if since != "" && err != nil {
		return *malformed(err)
	}
	var found []*batch
	for _, b := range c.ledger.Batches {
		if (period == "" || b.Period == period) && (since == "" || !b.Modified.Before(after)) && c.filtered(b) {
			found = append(found, b)
		}
	}
	if number := c.query("pageNumber"); number == "" || number == "1" {
		s.small[c.company.Tenant] = s.take(c.r, FaultSplitPages)
	}
	slices.SortFunc(found, func(a, b *batch) int { return cmp.Compare(a.Number, b.Number) })
	return ok(s.pageOfBatches(c, found))
}

// parseSince reads one of the date forms of the vendor's page on date-time
// conditions; all of them are UTC here.
func parseSince(s string) (time.Time, error) {
	var t time.Time
	var err error
	for _, form := range []string{time.DateOnly, time.DateTime, "2006-01-02T15:04:05"} {
		if t, err = time.Parse(form, s); err == nil {
			return t, nil
		}
	}
	return t, err
}

// filtered applies the filters that need not be given.
func (c *call) filtered(b *batch) bool {
	module, status, branch := c.query("module"), c.query("status"), c.query("branch")
	inStatus := status == "" || status == b.Status || status == "Unreleased" && b.open()
	return (module == "" || module == "GL" || module == moduleGL) && inStatus && (branch == "" || branch == b.Branch)
}

// pageOfBatches cuts the page out of all lines of the batches and puts them
// together by batch again.
func (s *Server) pageOfBatches(c *call, found []*batch) []journalDTO {
	type entry struct {
		batch *batch
		line  line
	}
	var lines []entry
	for _, b := range found {
		for _, l := range b.Lines {
			lines = append(lines, entry{b, l})
		}
	}
	from, to := s.pageOf(c, len(lines), s.pageSize(c))
	page := []journalDTO{}
	for _, e := range lines[from:to] {
		if n := len(page); n == 0 || page[n-1].BatchNumber != e.batch.Number {
			page = append(page, c.journalDTO(e.batch, nil, c.query("expandAttachments") == "true"))
			page[n].Metadata = &metadata{Total: len(lines), Max: s.pageSize(c)}
		}
		last := &page[len(page)-1]
		last.Lines = append(last.Lines, c.lineDTO(e.batch, e.line, c.query("expandAttachments") == "true"))
	}
	return page
}

// pageSize is the most lines a page may have. The fault that splits pages holds
// for a whole listing, from its first page to its last.
func (s *Server) pageSize(c *call) int {
	if s.small[c.company.Tenant] {
		return min(splitPageSize, s.opt.MaxPageSize)
	}
	return s.opt.MaxPageSize
}

// pageOf gives the bounds of the page asked for, of n elements. A larger page
// than the most is cut silently.
func (s *Server) pageOf(c *call, n, most int) (from, to int) {
	number, err := strconv.Atoi(c.query("pageNumber"))
	if err != nil || number < 1 {
		number = 1
	}
	size, err := strconv.Atoi(c.query("pageSize"))
	if err != nil || size < 1 || size > most {
		size = most
	}
	if number > n/size+1 {
		return n, n
	}
	from = min((number-1)*size, n)
	return from, min(from+size, n)
}
