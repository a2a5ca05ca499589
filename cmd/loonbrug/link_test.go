package main

import "testing"

func TestOpenable(t *testing.T) {
	hosts := []string{"connect.visma.com", "127.0.0.1"}
	for address, want := range map[string]struct{ real, practice bool }{
		"https://connect.visma.com/connect/authorize?x=y":         {real: true},
		"https://connect.visma.com:443/connect/authorize":         {real: true},
		"https://connect.visma.com.example.com/connect/authorize": {},
		"https://example.com/?next=https://connect.visma.com/":    {},
		"http://127.0.0.1:4567/authorize":                         {practice: true},
		"http://[::1]:4567/authorize":                             {practice: true},
		"http://connect.visma.com/":                               {},
		"http://127.0.0.1.example.com/":                           {},
		"https://user:pass@connect.visma.com/":                    {},
		"https://connect.visma.com@example.com/":                  {},
		"file:///etc/passwd":                                      {},
		"javascript:alert(1)":                                     {},
		"https:///x":                                              {},
		"--version":                                               {},
		"https://%zz":                                             {},
		"":                                                        {},
	} {
		if got := openable(address, hosts, false) == nil; got != want.real {
			t.Errorf("%q: opened %t", address, got)
		}
		if got := openable(address, hosts, true) == nil; got != want.practice {
			t.Errorf("%q: opened %t in practice mode", address, got)
		}
	}
}

// The hosts that are known are those of the systems and of addresses that an
// account was given.
func TestHosts(t *testing.T) {
	folder, _ := booked(t)
	hosts, err := opened(t, folder).hosts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]bool{
		"https://connect.visma.com/": true, "https://api.procountor.com/": true, "https://example.com/": false,
	} {
		if got := openable(address, hosts, false) == nil; got != want {
			t.Errorf("%q: opened %t among %q", address, got, hosts)
		}
	}
}
