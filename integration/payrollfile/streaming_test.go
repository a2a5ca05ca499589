package payrollfile_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"loonbrug/data/journal"
	"loonbrug/integration/payrollfile"
)

// repeated is a file of a beginning, n transactions made one by one, and an end.
type repeated struct {
	part  func(i int) string // of transaction i; the end for n
	n, at int
	rest  string
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.rest == "" {
		if r.at > r.n {
			return 0, io.EOF
		}
		r.rest = r.part(r.at)
		r.at++
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func manyVouchers(n int) io.Reader {
	return &repeated{n: n, rest: sieFile(""), part: func(i int) string {
		if i == n {
			return "\n"
		}
		return fmt.Sprintf("#VER L %d 202603%02d \"Lön %d\"\n{\n", i, i%31+1, i) +
			strings.Repeat(fmt.Sprintf("   #TRANS 7210 {1 \"%d\" 2 \"P%d\"} %d.25 \"\" \"Lön %d\"\n#TRANS 2710 {} -%d.25\n", i%900, i%70, i, i, i), 10) + "}\n"
	}}
}

func manyTransactions(n int) io.Reader {
	begin, end, _ := strings.Cut(xafFile("|"), "|")
	return &repeated{n: n, rest: begin, part: func(i int) string {
		if i == n {
			return end
		}
		amount := fmt.Sprintf("%d.25", i)
		return xafTransaction(fmt.Sprint(i), "3", "2026-03-31", strings.Repeat(xafLine("4000", amount, "D", "<costID>100</costID>")+xafLine("1700", amount, "C", ""), 10))
	}}
}

func manyLines(n int) io.Reader {
	return &repeated{n: n, rest: "<transactions>", part: func(i int) string {
		if i == n {
			return "</transactions>"
		}
		side := func(account, side string) string {
			return fmt.Sprintf("<line><dim1>%s</dim1><dim2>%d</dim2><value>%d.25</value><debitcredit>%s</debitcredit><description>Loon %d</description></line>", account, i%900, i, side, i)
		}
		return fmt.Sprintf("<transaction><header><period>%d/2026</period></header><lines>", i%13+1) + strings.Repeat(side("4000", "debit")+side("1700", "credit"), 10) + "</lines></transaction>"
	}}
}

// What is held in memory does not depend on how long the file is.
func TestRead_MemoryDoesNotGrow(t *testing.T) {
	const enough = 3 << 20
	for name, in := range map[string]io.Reader{"sie": manyVouchers(6_000), "xaf": manyTransactions(3_000), "nmbrs-xml": manyLines(6_000)} {
		var before, now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		count := 0
		format, err := payrollfile.New().Read(context.Background(), name, in, func(journal.Transaction) error {
			count++
			if count%1_000 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&now)
				if now.HeapAlloc > before.HeapAlloc+enough {
					return fmt.Errorf("%d bytes held after %d transactions", now.HeapAlloc-before.HeapAlloc, count)
				}
			}
			return nil
		})
		if err != nil || format != name || count < 3_000 {
			t.Errorf("%s: %s, %d transactions, %v", name, format, count, err)
		}
	}
}

// BenchmarkRead reads a hundred thousand lines of each format.
func BenchmarkRead(b *testing.B) {
	for name, file := range map[string]func(int) io.Reader{"sie": manyVouchers, "xaf": manyTransactions, "nmbrs-xml": manyLines} {
		b.Run(name, func(b *testing.B) {
			raw, err := io.ReadAll(file(5_000))
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				lines := 0
				if _, err := payrollfile.New().Read(context.Background(), name, strings.NewReader(string(raw)), func(t journal.Transaction) error {
					lines += len(t.Lines)
					return nil
				}); err != nil || lines != 100_000 {
					b.Fatal(lines, err)
				}
			}
		})
	}
}
