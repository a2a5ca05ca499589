package payrollfile

import (
	"io"
	"strconv"

	"loonbrug/data/model"
)

// maxFile is how many bytes of a file [Reader.ReadAll] takes, as it keeps them
// all. It is a payroll of two million lines; [Reader.Read] has no such limit.
const maxFile = 512 << 20

// capped passes bytes on until there are too many of them.
type capped struct {
	in   io.Reader
	name string // of the file, for the problem
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	n, err := c.in.Read(p[:min(int64(len(p)), c.left+1)])
	c.left -= int64(n)
	if c.left < 0 {
		return 0, model.NewProblem("file.too_large", "file", c.name, "limit", strconv.Itoa(maxFile>>20))
	}
	return n, err
}
