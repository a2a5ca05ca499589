package main

import (
	"context"
	"errors"
	"net/netip"
	"net/url"
	"slices"

	"loonbrug/integration/target"
)

// errNotOpened is for an address that no browser of ours is sent to.
var errNotOpened = errors.New("not an https address of a known system")

// openable refuses what is not an https address of one of the hosts. In practice
// mode the hosts are this computer, without https, and no other one is opened.
func openable(address string, hosts []string, practice bool) error {
	u, err := url.Parse(address)
	if err != nil {
		return errNotOpened // the error would tell the address, with what is in it
	}
	ip, _ := netip.ParseAddr(u.Hostname())
	local := u.Scheme == "http" && ip.IsLoopback()
	if u.User != nil || practice && !local || !practice && (u.Scheme != "https" || !slices.Contains(hosts, u.Hostname())) {
		return errNotOpened
	}
	return nil
}

// hosts are those of the addresses that the systems are described with and that
// accounts were given in their place.
func (s *services) hosts(ctx context.Context) (all []string, err error) {
	accounts, err := s.store.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	add := func(address string) {
		if host := hostOf(address); host != "" {
			all = append(all, host)
		}
	}
	for _, d := range s.office.Partners() {
		for _, f := range d.AccountFields {
			if f.Kind != target.FieldAddress {
				continue
			}
			add(f.Default)
			for _, a := range accounts {
				if a.Target == d.ID {
					add(a.Settings[f.ID])
				}
			}
		}
	}
	return all, nil
}

// hostOf is the host of an address, empty where it has none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
