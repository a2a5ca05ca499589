package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// listening are the TCP addresses, as the kernel writes them, on which a process
// waits for connections.
func listening(t *testing.T, pid int) (all []string) {
	t.Helper()
	sockets := make(map[string]bool)
	handles, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	if err != nil || len(handles) == 0 {
		t.Fatalf("handles of %d: %v", pid, err)
	}
	for _, handle := range handles {
		if to, err := os.Readlink(handle); err == nil {
			sockets[to] = true
		}
	}
	const local, state, inode, listens = 1, 3, 9, "0A"
	for _, table := range []string{"tcp", "tcp6"} {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", pid, table))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if words := strings.Fields(line); len(words) > inode && words[state] == listens && sockets["socket:["+words[inode]+"]"] {
				all = append(all, words[local])
			}
		}
	}
	return all
}

// TestPorts: outside practice mode the program listens nowhere, so that no
// stand-in runs; in practice mode it listens on 127.0.0.1 alone.
func TestPorts(t *testing.T) {
	bin := builtPlain(t)
	t.Setenv("LOONBRUG_PASSPHRASE", "a passphrase for tests")
	sends, says := startSender(t, bin, t.TempDir())
	says.until(t, "sending from")
	if all := listening(t, sends.Process.Pid); len(all) != 0 {
		t.Errorf("it listens on %v", all)
	}
	interrupt(t, sends)

	serves := exec.Command(bin, "--data-dir", t.TempDir(), "practice", "--servers")
	tells := &heard{more: make(chan struct{}, 1)}
	serves.Stdout = tells
	if err := serves.Start(); err != nil {
		t.Fatal(err)
	}
	tells.until(t, "http://127.0.0.1:")
	all := listening(t, serves.Process.Pid)
	if len(all) == 0 {
		t.Error("no stand-in listens; the search proves little")
	}
	for _, address := range all {
		if !strings.HasPrefix(address, "0100007F:") {
			t.Errorf("a stand-in listens on %s", address)
		}
	}
	interrupt(t, serves)
}
