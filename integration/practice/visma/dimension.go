package visma

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// subaccountDimension is the only dimension that matters to the general ledger.
const subaccountDimension = "SUBACCOUNT"

func (s *Server) dimensions(*call) answer { return ok([]string{subaccountDimension}) }

func (s *Server) dimension(c *call) answer {
	if c.path("dimensionId") != subaccountDimension {
		return notThere()
	}
	length := 0
	segments := list{}
	for _, segment := range c.company.Segments {
		length += segment.Length
		segments = append(segments, segmentOfDimension(c, segment, c.query("expandSegmentsValues") == "true"))
	}
	return ok(dict{"id": subaccountDimension, "length": length, "description": "Subaccount", "segments": segments})
}

func segmentOfDimension(c *call, segment Segment, values bool) dict {
	d := dict{
		"segmentId": segment.ID, "description": segment.Name, "length": segment.Length, "validate": true,
		"isAutoNumber": false, "timeStamp": stamp(c.ledger.Versions[segment.ID]),
	}
	if values {
		all := list{}
		for _, v := range c.ledger.Values[segment.ID] {
			all = append(all, segmentValueDTO(segment.ID, v))
		}
		d["segmentValues"] = all
	}
	return d
}

func segmentValueDTO(segment int, v Value) dict {
	return dict{"segmentId": segment, "valueId": v.Code, "description": v.Name, "active": !v.Inactive}
}

// pathSegment is the segment that the path names.
func (c *call) pathSegment() (Segment, bool) {
	id, err := strconv.Atoi(c.path("segmentId"))
	i := slices.IndexFunc(c.company.Segments, func(s Segment) bool { return s.ID == id })
	if err != nil || i < 0 || c.path("dimensionId") != subaccountDimension {
		return Segment{}, false
	}
	return c.company.Segments[i], true
}

func (s *Server) segment(c *call) answer {
	segment, known := c.pathSegment()
	if !known {
		return notThere()
	}
	return ok(segmentOfDimension(c, segment, true)).with(map[string]string{"ETag": etag(c.ledger.Versions[segment.ID])})
}

func (s *Server) segmentValue(c *call) answer {
	segment, known := c.pathSegment()
	v, exists := c.ledger.value(segment.ID, c.path("valueId"))
	if !known || !exists {
		return notThere()
	}
	return ok(segmentValueDTO(segment.ID, v)).with(map[string]string{"ETag": etag(c.ledger.Versions[segment.ID])})
}

type valueUpdate struct {
	Operation   string           `json:"operation"`
	Value       string           `json:"value"`
	Description *wrapped[string] `json:"description"`
	Active      *wrapped[bool]   `json:"active"`
}

// putSegment adds, changes and removes values of a segment.
func (s *Server) putSegment(c *call) answer {
	segment, known := c.pathSegment()
	if !known {
		return notThere()
	}
	if !c.matches(c.ledger.Versions[segment.ID]) {
		return changedMeanwhile()
	}
	var update struct {
		Values []valueUpdate `json:"segmentValues"`
	}
	if err := json.Unmarshal(c.body, &update); err != nil {
		return *malformed(err)
	}
	before, version := c.ledger.Values[segment.ID], c.ledger.Versions[segment.ID]
	values := slices.Clone(before)
	for _, u := range update.Values {
		var err error
		if values, err = u.apply(values, segment); err != nil {
			return refused(updating, err.Error())
		}
	}
	c.ledger.Values[segment.ID], c.ledger.Versions[segment.ID] = values, s.next()
	if err := s.commit(func() { c.ledger.Values[segment.ID], c.ledger.Versions[segment.ID] = before, version }); err != nil {
		return broken()
	}
	return answer{status: http.StatusNoContent, header: map[string]string{"ETag": etag(c.ledger.Versions[segment.ID])}}
}

func (u valueUpdate) apply(values []Value, segment Segment) ([]Value, error) {
	i := slices.IndexFunc(values, func(v Value) bool { return v.Code == u.Value })
	switch {
	case u.Operation == "Insert" && len(u.Value) != segment.Length:
		return nil, inField("Value", "the length of segment %s is %d", segment.Name, segment.Length)
	case u.Operation == "Insert" && i >= 0:
		return nil, inField("Value", "'%s' exists already", u.Value)
	case u.Operation == "Insert":
		values, i = append(values, Value{Code: u.Value}), len(values)
	case i < 0:
		return nil, notFound("Value", u.Value)
	case u.Operation == "Delete":
		return slices.Delete(values, i, i+1), nil
	}
	set(u.Description, &values[i].Name)
	active := !values[i].Inactive
	set(u.Active, &active)
	values[i].Inactive = !active
	return values, nil
}

// subaccountOf describes a combination of segment values.
func (c *call) subaccountOf(codes []string) subaccountDTO {
	d := subaccountDTO{Number: strings.Join(codes, ""), Active: true, Segments: []segmentDTO{}}
	var names []string
	for i, code := range codes {
		segment := c.company.Segments[i]
		v, _ := c.ledger.value(segment.ID, code)
		d.Active = d.Active && !v.Inactive
		d.Segments = append(d.Segments, segmentDTO{ID: segment.ID, Description: segment.Name, Value: code, ValueDescription: v.Name})
		d.ID = d.ID*1000 + 1 + slices.IndexFunc(c.ledger.Values[segment.ID], func(v Value) bool { return v.Code == code })
		names = append(names, v.Name)
	}
	d.Description = strings.Join(names, " ")
	return d
}

// combinations lists every subaccount there can be.
func (c *call) combinations() []subaccountDTO {
	codes := [][]string{nil}
	for _, segment := range c.company.Segments {
		var longer [][]string
		for _, begun := range codes {
			for _, v := range c.ledger.Values[segment.ID] {
				longer = append(longer, append(slices.Clone(begun), v.Code))
			}
		}
		codes = longer
	}
	var all []subaccountDTO
	for _, combination := range codes {
		all = append(all, c.subaccountOf(combination))
	}
	return all
}

func (s *Server) subaccounts(c *call) answer {
	all := slices.DeleteFunc(c.combinations(), func(d subaccountDTO) bool {
		active := c.query("active")
		return active != "" && active != strconv.FormatBool(d.Active)
	})
	from, to := s.pageOf(c, len(all), s.opt.MaxPageSize)
	page := append([]subaccountDTO{}, all[from:to]...)
	for i := range page {
		page[i].Metadata = &metadata{Total: len(all), Max: s.opt.MaxPageSize}
	}
	return ok(page)
}

func (s *Server) subaccount(c *call) answer {
	all := c.combinations()
	i := slices.IndexFunc(all, func(d subaccountDTO) bool { return d.Number == c.path("subAccountNumber") })
	if i < 0 {
		return notThere()
	}
	return unchanged(all[i])
}
