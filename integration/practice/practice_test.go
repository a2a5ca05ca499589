package practice_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"loonbrug/data/model"
	"loonbrug/integration/practice"
)

func start(t *testing.T, o practice.Options) (*practice.Systems, context.CancelFunc) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	s, err := practice.Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	return s, stop
}

func fetch(t *testing.T, address string, header ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestEverySystemIsServedWithItsPages(t *testing.T) {
	s, stop := start(t, practice.Options{Dir: t.TempDir()})
	ids := ""
	for _, system := range s.All {
		ids += system.ID + " "
		for _, address := range []string{system.Page, system.Journals, system.Control} {
			if !strings.HasPrefix(address, "http://127.0.0.1:") {
				t.Errorf("%s is not on loopback", address)
			}
			if status, _ := fetch(t, address); status != http.StatusOK {
				t.Errorf("%s: %d", address, status)
			}
		}
		if system.Name == "" || len(system.Credentials) == 0 {
			t.Errorf("nothing is said of %+v", system)
		}
	}
	if ids != "cash vismanet procountor nmbrs " {
		t.Errorf("systems %s", ids)
	}
	if s.CASH == nil || s.VismaNet == nil || s.Procountor == nil || s.Nmbrs == nil {
		t.Error("a server is missing")
	}
	stop()
	if err := s.Wait(); err != nil {
		t.Errorf("stopping: %v", err)
	}
}

func TestWhatIsPrintedLeadsToTheSystems(t *testing.T) {
	s, _ := start(t, practice.Options{})
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var printed struct {
		Systems []struct {
			ID, Base    string
			Addresses   map[string]string
			Credentials []struct{ Fields map[string]string }
		}
	}
	if err := json.Unmarshal(raw, &printed); err != nil {
		t.Fatal(err)
	}
	for _, system := range printed.Systems {
		switch system.ID {
		case practice.CASH:
			status, body := fetch(t, system.Base+"/administrations", "Authorization", system.Credentials[0].Fields["api_key"])
			if status != 200 || !strings.Contains(body, "halm") {
				t.Errorf("CASH: %d %s", status, body)
			}
		case practice.VismaNet:
			status, body := fetch(t, system.Addresses["issuer"]+"/.well-known/openid-configuration")
			if status != 200 || !strings.Contains(body, system.Addresses["issuer"]+"/connect/token") {
				t.Errorf("Visma.net: %d %s", status, body)
			}
		case practice.Procountor:
			if status, _ := fetch(t, system.Base+"/status"); status != http.StatusUnauthorized {
				t.Errorf("Procountor: %d", status)
			}
			if status, _ := fetch(t, system.Addresses["login"]); status != http.StatusBadRequest {
				t.Errorf("Procountor login: %d", status)
			}
		}
	}
	if _, ok := s.Find("twinfield"); ok {
		t.Error("a system that is not served was found")
	}
}

func TestAPortInUseIsNamed(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	ports := map[string]int{practice.CASH: port(t, free), practice.Procountor: port(t, taken)}
	_, err = practice.Start(t.Context(), practice.Options{Ports: ports})
	var problem *model.Problem
	if !errors.As(err, &problem) || problem.Code != "practice.port_in_use" ||
		problem.Params["address"] != taken.Addr().String() || problem.Params["system"] != practice.Procountor {
		t.Fatalf("error %v", err)
	}
	delete(ports, practice.Procountor)
	s, _ := start(t, practice.Options{Ports: ports}) // the first port was given back
	if cash, _ := s.Find(practice.CASH); cash.Page != "http://"+free.Addr().String()+"/" {
		t.Errorf("CASH is at %s", cash.Page)
	}
}

func port(t *testing.T, l net.Listener) int {
	t.Helper()
	_, text, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
