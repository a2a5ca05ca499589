package instance_test

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"testing"

	"loonbrug/data/bell"
	"loonbrug/data/instance"
)

// holder is set in a program that this test starts: it claims the folder, says
// so, and stays until it is killed.
const holder = "LOONBRUG_TEST_HOLDER"

func hang(folder string) (instance.Bell, error) { return bell.Open(folder) }

// now waits for nobody.
func now() context.Context {
	ctx, over := context.WithCancel(context.Background())
	over()
	return ctx
}

func TestMain(m *testing.M) {
	if folder := os.Getenv(holder); folder != "" {
		if _, err := instance.Claim(now(), folder, hang); err != nil {
			os.Exit(1)
		}
		os.Stdout.WriteString("claimed\n")
		select {}
	}
	os.Exit(m.Run())
}

// The second one is turned away and the first one hears of it, again and again.
func TestClaim(t *testing.T) {
	folder := t.TempDir()
	first, err := instance.Claim(now(), folder, hang)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := instance.Claim(now(), folder, hang); !errors.Is(err, instance.ErrTaken) {
			t.Fatalf("a second window: %v", err)
		}
		<-first.Raised()
		// What the second one did when it left is one more change.
		select {
		case <-first.Raised():
		default:
		}
	}
	if other, err := instance.Claim(now(), t.TempDir(), hang); err != nil {
		t.Error("another folder: ", err)
	} else if err := other.Close(); err != nil {
		t.Error(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	next, err := instance.Claim(now(), folder, hang)
	if err != nil {
		t.Fatal("after the first one left: ", err)
	}
	if err := next.Close(); err != nil {
		t.Error(err)
	}
}

// What a killed program leaves behind does not keep the next one out.
func TestClaim_Killed(t *testing.T) {
	folder := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holder+"="+folder)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "claimed\n" {
		t.Fatalf("%q, %v", line, err)
	}
	if _, err := instance.Claim(now(), folder, hang); !errors.Is(err, instance.ErrTaken) {
		t.Fatalf("while the other one lives: %v", err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	next, err := instance.Claim(now(), folder, hang)
	if err != nil {
		t.Fatal("after it was killed: ", err)
	}
	if err := next.Close(); err != nil {
		t.Error(err)
	}
}

// Who is asked while it leaves has heard nothing: the one that asked takes its place.
func TestClaim_Leaving(t *testing.T) {
	folder := t.TempDir()
	first, err := instance.Claim(now(), folder, hang)
	if err != nil {
		t.Fatal(err)
	}
	left := make(chan error, 1)
	go func() {
		<-first.Raised()
		left <- first.Close()
	}()
	next, err := instance.Claim(t.Context(), folder, hang)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(<-left, next.Close()); err != nil {
		t.Error(err)
	}
}
