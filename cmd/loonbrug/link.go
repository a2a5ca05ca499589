package main

import (
	"errors"
	"net/netip"
	"net/url"
)

// errNotOpened is for an address that no browser of ours is sent to.
var errNotOpened = errors.New("not an https address")

// openable refuses what is not an https address of a named host. The stand-ins of
// practice mode are on this computer and have none.
func openable(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return errNotOpened // the error would tell the address, with what is in it
	}
	ip, _ := netip.ParseAddr(u.Hostname())
	local := u.Scheme == "http" && ip.IsLoopback()
	if u.Hostname() == "" || u.User != nil || u.Scheme != "https" && !local {
		return errNotOpened
	}
	return nil
}
