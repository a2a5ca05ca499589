package payrollfile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"loonbrug/data/journal"
	"loonbrug/integration/source"
)

// errCareful says that the quick way cannot tell: the file has to be read by
// [CSV.Read], which names what is wrong with it or finds that nothing is.
var errCareful = errors.New("to be read carefully")

// Sizes of the quick way.
const (
	blockSize  = 64 << 10 // bytes read at once; they stay in a core's cache
	fewBlocks  = 16       // a file of so few is not worth a second worker, who makes all posts once more
	maxCells   = 1 << 22  // sums of one worker
	maxColumns = 64       // of a table
)

// Totals adds up a table without keeping its lines: blocks of whole rows are
// read on all cores, and nothing is allocated per row. It takes only what it
// can prove to be what [CSV.Read] would have given, balance of every
// transaction included, and returns errCareful for all else; so it has no
// problems of its own.
func (c CSV) totals(ctx context.Context, in io.Reader) (journal.Ledger, error) {
	buf := make([]byte, 0, blockSize+1)
	blocks, first, rest, err := c.open(in, buf)
	if err != nil {
		return nil, err
	}
	workers := []*adder{first}
	blocks.alone = fewBlocks
	if err := first.work(ctx, blocks, rest, buf); err == nil {
		return merge(workers)
	} else if !errors.Is(err, errMore) {
		return nil, err
	}
	group, ctx := errgroup.WithContext(ctx)
	for range runtime.GOMAXPROCS(0) - 1 {
		w := newAdder(first.table)
		workers = append(workers, w)
		group.Go(func() error { return w.work(ctx, blocks, nil, make([]byte, 0, blockSize+1)) })
	}
	group.Go(func() error { return first.work(ctx, blocks, nil, buf) })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return merge(workers)
}

// errMore says that a file has more blocks than one worker is to read alone.
var errMore = errors.New("more blocks")

// open reads the first block into buf, finds header and layout in it and gives
// the rows behind the header. What the layout leaves to evidence must show in
// the head.
func (c CSV) open(in io.Reader, buf []byte) (b *blocks, a *adder, rest []byte, err error) {
	b = &blocks{in: in}
	first, err := b.next(buf)
	if err != nil {
		return nil, nil, nil, err
	}
	head := first[:min(len(first), headSize)]
	found, err := c.find(decodeHead(head))
	if err != nil || utf16(head) || len(found.layout.Header) >= maxColumns {
		return nil, nil, nil, errCareful
	}
	t := newTable(found.layout)
	for _, cells := range found.rows[found.index+1:] {
		r := row{cells: make([]cell, len(cells))}
		for i, text := range cells {
			r.cells[i].text = text
		}
		if !t.skip(r) {
			t.learn(r)
		}
	}
	if t.unclearAmount != nil || t.unclearDate != nil {
		return nil, nil, nil, errCareful
	}
	a = newAdder(t)
	rest = bytes.TrimPrefix(first, []byte("\xef\xbb\xbf"))
	for range found.index + 1 {
		for a.count = 0; a.count == 0; {
			size, ok := a.cut(rest)
			if !ok {
				return nil, nil, nil, errCareful
			}
			rest = rest[size:]
		}
	}
	return b, a, rest, nil
}

// blocks gives the file in pieces of whole rows to several workers.
type blocks struct {
	mu    sync.Mutex
	in    io.Reader
	carry []byte // the row that the last block broke off in
	ended bool
	enc   encoding
	alone int // how many more blocks one worker takes before others are called
}

// next fills buf, whose room it takes as given, with rows that end in a line
// end. It gives io.EOF after the last one.
func (b *blocks) next(buf []byte) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.alone > 0 {
		if b.alone--; b.alone == 0 && !b.ended {
			return nil, errMore
		}
	}
	if b.ended {
		return nil, io.EOF
	}
	room := buf[:cap(buf)-1]
	n := copy(room, b.carry)
	read, err := io.ReadFull(b.in, room[n:])
	text := room[:n+read]
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		b.ended = true
		if len(text) == 0 {
			return nil, io.EOF
		}
		if text[len(text)-1] != '\n' {
			text = append(text, '\n')
		}
	case err != nil:
		return nil, err
	}
	end := rowsEnd(text)
	if end == 0 || b.ended && end < len(text) {
		return nil, errCareful
	}
	b.carry = append(b.carry[:0], text[end:]...)
	return b.decode(text[:end])
}

// decode notes the encoding while the blocks are still in order.
func (b *blocks) decode(text []byte) ([]byte, error) {
	text, _, err := b.enc.decode(text)
	if err != nil {
		return nil, errCareful
	}
	return text, nil
}

// rowsEnd is where the last whole row ends: at the last line end with an even
// number of quotes before it.
func rowsEnd(text []byte) int {
	quote, lineEnd := []byte{'"'}, byte('\n')
	end := bytes.LastIndexByte(text, lineEnd) + 1
	odd := bytes.Count(text[:end], quote)%2 == 1
	for end > 0 && odd {
		before := bytes.LastIndexByte(text[:end-1], lineEnd) + 1
		odd = odd != (bytes.Count(text[before:end], quote)%2 == 1)
		end = before
	}
	return end
}

// merge puts together what the workers found. A transaction whose rows came to
// several workers must balance over all of them.
func merge(workers []*adder) (journal.Ledger, error) {
	all := workers[0]
	for _, w := range workers[1:] {
		all.merge(w)
	}
	for _, balance := range all.open {
		if balance != 0 {
			return nil, errCareful
		}
	}
	if all.gross < 0 || all.gross > maxGross {
		return nil, errCareful
	}
	return all.ledger(), nil
}

// Totals adds up a file of any format. It reads tables of text the quick way
// first; whatever happens there, a problem is that of the careful reading.
func (r *Reader) Totals(ctx context.Context, name string, in io.ReadSeeker) (journal.Ledger, error) {
	head := make([]byte, source.HeadSize)
	n, err := io.ReadFull(in, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, named(name, err)
	}
	f, err := r.formatOf(ctx, head[:n])
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if c, ok := f.(CSV); ok {
		if _, err := in.Seek(0, io.SeekStart); err != nil {
			return nil, named(name, err)
		}
		ledger, err := c.totals(ctx, in)
		if !errors.Is(err, errCareful) {
			return ledger, err
		}
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return nil, named(name, err)
	}
	ledger := make(journal.Ledger)
	_, err = r.Read(ctx, name, in, func(t journal.Transaction) error { return ledger.Add(t) })
	if err != nil {
		return nil, err
	}
	return ledger, nil
}
