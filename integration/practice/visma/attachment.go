package visma

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
)

func attachmentDTOs(all []attachment) []attachmentDTO {
	var d []attachmentDTO
	for _, a := range all {
		d = append(d, attachmentDTO{Name: a.Name, ID: a.ID, Revision: a.Revision})
	}
	return d
}

func (s *Server) attachToBatch(c *call) answer {
	return s.attach(c, func(b *batch) *[]attachment { return &b.Attachments })
}

func (s *Server) attachToLine(c *call) answer {
	return s.attach(c, func(b *batch) *[]attachment {
		number, err := strconv.Atoi(c.path("lineNumber"))
		i := slices.IndexFunc(b.Lines, func(l line) bool { return l.Number == number })
		if err != nil || i < 0 {
			return nil
		}
		return &b.Lines[i].Attachments
	})
}

// attach keeps the name and the size of a file, not the file. The same name again
// is a new revision.
func (s *Server) attach(c *call, to func(*batch) *[]attachment) answer {
	module := c.path("module")
	b := c.batch()
	if b == nil || module != "GL" && module != moduleGL {
		return notThere()
	}
	name, size, err := c.filePart()
	if err != nil {
		return *malformed(err)
	}
	changed := b.clone()
	all := to(changed)
	if all == nil {
		return notThere()
	}
	added := attachment{Name: name, ID: newID(), Revision: 1, Size: size}
	*all = slices.Clone(*all)
	if i := slices.IndexFunc(*all, func(a attachment) bool { return a.Name == name }); i >= 0 {
		added.ID, added.Revision = (*all)[i].ID, (*all)[i].Revision+1
		(*all)[i] = added
	} else {
		*all = append(*all, added)
	}
	if err := s.replace(c, b, changed); err != nil {
		return broken()
	}
	return answer{status: http.StatusCreated, json: dict{}}
}

// filePart is the one file of a multipart body. Which name its part must have is
// not documented; any will do.
func (c *call) filePart() (name string, size int, err error) {
	_, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil {
		return "", 0, err
	}
	reader := multipart.NewReader(bytes.NewReader(c.body), params["boundary"])
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return "", 0, errors.New("a file is missing")
		}
		if err != nil {
			return "", 0, err
		}
		if part.FileName() == "" {
			continue
		}
		content, err := io.ReadAll(part)
		return part.FileName(), len(content), err
	}
}
