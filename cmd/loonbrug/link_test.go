package main

import "testing"

func TestOpenable(t *testing.T) {
	for address, want := range map[string]bool{
		"https://connect.visma.com/connect/authorize?x=y": true,
		"http://127.0.0.1:4567/authorize":                 true,
		"http://[::1]:4567/authorize":                     true,
		"http://connect.visma.com/":                       false,
		"http://127.0.0.1.example.com/":                   false,
		"https://user:pass@example.com/":                  false,
		"file:///etc/passwd":                              false,
		"javascript:alert(1)":                             false,
		"https:///x":                                      false,
		"--version":                                       false,
		"https://%zz":                                     false,
		"":                                                false,
	} {
		if got := openable(address) == nil; got != want {
			t.Errorf("%q: opened %t", address, got)
		}
	}
}
