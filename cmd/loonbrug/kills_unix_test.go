//go:build unix

package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/data/settings"
	"loonbrug/integration/office"
	"loonbrug/integration/practice"
	"loonbrug/integration/practice/books"
	"loonbrug/resources"
)

var (
	kills   = flag.Int("kills", 3, "times that the program is killed while it sends")
	figures = flag.String("figures", "", "file to which figures are added, one a line")
)

// TestKills kills and stops "loonbrug sender" while it books many runs at all
// three targets that misbehave in every way, and counts in their own books.
func TestKills(t *testing.T) {
	bin := builtPlain(t)
	systems := heldPractice(t, 3*time.Second)
	folder := t.TempDir()
	officeAt(t, folder, systems)
	deliveries := queueMany(t, folder, 2+*kills/2)

	random := rand.New(rand.NewPCG(1, 2))
	stopped := 0
	for range *kills {
		misbehave(t, random, systems)
		cmd := senderOf(t, bin, folder)
		time.Sleep(time.Duration(700+random.IntN(1500)) * time.Millisecond)
		if random.IntN(4) == 0 {
			_ = cmd.Process.Signal(syscall.SIGSTOP)
			time.Sleep(time.Duration(random.IntN(5000)) * time.Millisecond)
			_ = cmd.Process.Signal(syscall.SIGCONT)
			time.Sleep(time.Duration(random.IntN(300)) * time.Millisecond)
			stopped++
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
	}
	settle(t, bin, folder, systems)
	doubled, booked := 0, 0
	for _, system := range systems.All {
		for key, n := range books.CountByKey(journalsAt(t, system)) {
			booked++
			if n != 1 {
				doubled++
				t.Errorf("%s has %s %d times", system.Name, key, n)
			}
		}
	}
	if booked != deliveries {
		t.Errorf("%d of %d deliveries are booked", booked, deliveries)
	}
	figureOf(t, "loonbrug sender killed / stopped, at CASH, Visma.net, Procountor", []int{*kills, stopped})
	figureOf(t, "  deliveries / lost / doubled", []int{deliveries, deliveries - booked, doubled})
}

func figureOf(t *testing.T, what string, n any) {
	t.Helper()
	line := fmt.Sprintf("%-66s %v", what, n)
	t.Log(line)
	if *figures == "" {
		return
	}
	f, err := os.OpenFile(*figures, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintln(f, line)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// withOffice opens the data folder beside whatever sends from it.
func withOffice(t *testing.T, folder string, do func(s *services)) {
	t.Helper()
	s, err := open(t.Context(), &shell{dataDir: folder, language: "en"}, needs{ask: askPassphrase})
	if err != nil {
		t.Fatal(err)
	}
	do(s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// queueMany takes a payroll in many times, each time as another one, and clicks
// on every logo. The waits are longer than a busy computer adds.
func queueMany(t *testing.T, folder string, runs int) (deliveries int) {
	t.Helper()
	in, err := resources.Practice().Open("nl-halm-2026-01.xml")
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(in)
	if err := errors.Join(err, in.Close()); err != nil {
		t.Fatal(err)
	}
	withOffice(t, folder, func(s *services) {
		company, err := s.firstCompany(t.Context())
		err = errors.Join(err, settings.Save(t.Context(), s.store, settings.Settings{Timing: settings.Timing{
			Lease: 6 * time.Second, Settle: 2 * time.Second, SendDeadline: 2 * time.Second, RequestTimeout: 3 * time.Second,
		}}))
		for i := range runs {
			other := bytes.ReplaceAll(content, []byte("</lines>"), fmt.Appendf(nil, `
<line id="901"><dim1>4000</dim1><dim2>100</dim2><dim3>A1</dim3><value>%[1]d.07</value><debitcredit>debit</debitcredit><description>Toeslag</description></line>
<line id="902"><dim1>1720</dim1><value>%[1]d.07</value><debitcredit>credit</debitcredit><description>Toeslag</description></line></lines>`, i+1))
			name := fmt.Sprintf("run-%d.xml", i)
			_, known, errTake := s.office.Take(t.Context(), office.Incoming{CompanyID: company.ID, Name: name, Content: bytes.NewReader(other)})
			if err = errors.Join(err, errTake); known {
				t.Fatal("the same payroll twice")
			}
		}
		rows, errRows := s.office.Runs(t.Context(), model.RunFilter{})
		if err := errors.Join(err, errRows); err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, logo := range row.Targets {
				if p, err := s.sendLogo(t.Context(), row, logo); p != nil || err != nil {
					t.Fatal(p, err)
				}
			}
			all, err := s.store.Deliveries(t.Context(), row.Run.ID)
			if err != nil {
				t.Fatal(err)
			}
			deliveries += len(all)
		}
	})
	return deliveries
}

// misbehave switches on some faults of the systems for their next bookings.
func misbehave(t *testing.T, random *rand.Rand, systems *practice.Systems) {
	t.Helper()
	ids := []string{
		books.FaultSlow, books.FaultErrorBefore, books.FaultErrorAfter, books.FaultDropBefore, books.FaultDropAfter,
		books.FaultHTML, books.FaultCut, books.FaultThrottle,
	}
	for _, f := range []*books.Faults{systems.CASH.Faults(), systems.VismaNet.Faults(), systems.Procountor.Faults()} {
		if !f.SetBookings(ids[random.IntN(len(ids))], 1) {
			t.Fatal("a system does not know a fault")
		}
	}
}

func senderOf(t *testing.T, bin, folder string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(bin, "--data-dir", folder, "sender")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// settle lets the program send until everything is booked. What only a person
// can settle is settled by the systems' own books.
func settle(t *testing.T, bin, folder string, systems *practice.Systems) {
	t.Helper()
	cmd := senderOf(t, bin, folder)
	defer func() {
		_ = cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			t.Errorf("the sender ended badly: %v", err)
		}
	}()
	over := time.Now().Add(10*time.Minute + time.Duration(*kills)*10*time.Second)
	withOffice(t, folder, func(s *services) {
		for open := 1; open > 0; time.Sleep(300 * time.Millisecond) {
			open = settleOnce(t, s, systems)
			if time.Now().After(over) {
				t.Fatalf("%d deliveries are still open", open)
			}
		}
	})
}

// settleOnce counts what is open after a person has decided where one is asked.
func settleOnce(t *testing.T, s *services, systems *practice.Systems) (open int) {
	t.Helper()
	rows, err := s.office.Runs(t.Context(), model.RunFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		all, err := s.store.Deliveries(t.Context(), row.Run.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range all {
			if d.State == model.StateBooked {
				continue
			}
			open++
			switch {
			case d.State.Final():
				t.Fatalf("%s at %s is %s: %v", d.Key, d.Target, d.State, d.Problem)
			case d.Person && stands(t, systems, d):
				err = s.office.LookAgain(t.Context(), d.ID)
			case d.Person:
				err = s.office.SendAgain(t.Context(), d.ID)
			}
			if p := model.ProblemOf(err); err != nil && !strings.HasPrefix(p.Code, "delivery.") {
				t.Fatal(err)
			}
		}
	}
	return open
}

func stands(t *testing.T, systems *practice.Systems, d model.Delivery) bool {
	t.Helper()
	system, ok := systems.Find(d.Target)
	if !ok {
		t.Fatalf("no system %s", d.Target)
	}
	return books.CountByKey(journalsAt(t, system))[d.Key] > 0
}
