//go:build smoke

package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestWindow_SecondStart starts the program twice: the second one ends at once
// and well, and the window of the first, which was put away, comes back.
func TestWindow_SecondStart(t *testing.T) {
	s := newScreen(t)
	s.start("nl_NL.UTF-8", "practice")
	s.see("Oefenmodus")
	s.xdotool("search", "--name", "^Loonbrug$", "windowunmap")
	s.until("the window to be away", func() bool { return !s.mapped() })
	second := s.second()
	if out, err := second.CombinedOutput(); err != nil {
		t.Fatalf("the second start: %v\n%s", err, out)
	}
	s.until("the window to come back", s.mapped)
	s.quit()

	// One that was killed keeps nobody out.
	s.start("nl_NL.UTF-8", "practice")
	s.see("Oefenmodus")
	if err := s.window.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = s.window.Wait()
	s.start("nl_NL.UTF-8", "practice")
	s.see("Oefenmodus")
	s.quit()
}

// TestWindow_QuitWhileSending quits while an entry is on its way: the window says
// that it waits, the program ends well, and the entry is booked once.
func TestWindow_QuitWhileSending(t *testing.T) {
	const run = "Lönekörning maj 2026" // of the only company at one system alone
	s := newScreen(t)
	s.start("nl_NL.UTF-8", "practice")
	s.see(run)
	s.fault("Procountor", "slow", 1, "bookings")
	s.clickLogo(run, "Procountor")
	s.see("Bezig met 1")
	s.key("ctrl+q")
	s.see("Er wordt nog 1 boeking verzonden")
	s.shot("7-quit-while-sending")
	if err := s.window.Wait(); err != nil {
		t.Fatalf("the program ended with %v:\n%s", err, s.output.String())
	}
	s.start("nl_NL.UTF-8", "practice")
	s.seeLogo(run, "Procountor", "Geboekt")
	s.quit()
}

// TestWindow_Threads does the same in a build in which Fyne itself looks at every
// call: [screen.quit] wants none from a wrong thread.
func TestWindow_Threads(t *testing.T) {
	const run = "Lönekörning maj 2026" // of the only company at one system alone
	s := screenOf(t, built(t, []string{"-tags", "smoke"}))
	s.start("nl_NL.UTF-8", "practice")
	s.see(run)
	s.clickLogo(run, "Procountor")
	s.seeLogo(run, "Procountor", "Geboekt")
	for _, key := range []string{"ctrl+1", "ctrl+2", "ctrl+3", "F5"} {
		s.key(key)
	}
	s.click("Instellingen")
	s.click("Weergave: Zoals het systeem")
	s.see("Hoog contrast")
	s.key("Escape")
	s.key("Escape")
	s.quit()
}

// mapped tells whether the window is on the display.
func (s *screen) mapped() bool {
	cmd := exec.Command("xdotool", "search", "--onlyvisible", "--name", "^Loonbrug$")
	cmd.Env = s.env
	return cmd.Run() == nil
}

// fault gives a practice system a bad day for a number of requests: -1 until it is
// switched off, 0 switches it off. only says of what, where it is not everything.
func (s *screen) fault(system, name string, times int, only ...string) {
	s.t.Helper()
	answer, err := http.PostForm(s.practiceControl(system), url.Values{"fault": {name}, "times": {strconv.Itoa(times)}, "only": only})
	if err != nil || answer.StatusCode >= http.StatusBadRequest {
		s.t.Fatal(answer, err)
	}
	_ = answer.Body.Close()
}

// practiceControl is the control page of a practice system of the program, found
// among the addresses that it listens on.
func (s *screen) practiceControl(title string) string {
	s.t.Helper()
	for _, port := range s.listens() {
		base := "http://127.0.0.1:" + port
		page, err := http.Get(base + "/")
		if err != nil {
			continue
		}
		text := make([]byte, 64<<10)
		n, _ := page.Body.Read(text) // the title stands at its beginning
		_ = page.Body.Close()
		if strings.Contains(string(text[:n]), title) {
			return base + "/control"
		}
	}
	s.t.Fatalf("no practice system %s", title)
	return ""
}

// listens are the ports that the program listens on, as the system tells.
func (s *screen) listens() (ports []string) {
	s.t.Helper()
	own := make(map[string]bool)
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", s.window.Process.Pid))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, file := range files {
		if to, err := os.Readlink(file); err == nil {
			own[to] = true
		}
	}
	table, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		s.t.Fatal(err)
	}
	const listening = "0A"
	for _, line := range strings.Split(string(table), "\n") {
		cells := strings.Fields(line)
		if len(cells) < 10 || cells[3] != listening || !own["socket:["+cells[9]+"]"] {
			continue
		}
		var address, port uint32
		if _, err := fmt.Sscanf(cells[1], "%X:%X", &address, &port); err == nil {
			ports = append(ports, fmt.Sprint(port))
		}
	}
	return ports
}
