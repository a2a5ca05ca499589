//go:build smoke && linux

package main

import "testing"

// TestWindow_KeyStore: while the key store lets wait the window says so, at the
// end it says what to do, and it opens once the key store answers.
func TestWindow_KeyStore(t *testing.T) {
	s := newScreen(t)
	k, address := newKeyStore(t)
	s.onBus(address)
	if a := tells(t, onKeyStore(s.bin[0], address, "nl_NL.UTF-8", s.data, "status")); a.code != exitFine {
		t.Fatal(a.code, a.err)
	}
	release := k.hang()
	s.start("nl_NL.UTF-8")
	s.see("Loonbrug wacht op de sleutelbos van deze computer.")
	s.shot("key-store-waits")
	s.see("De sleutelbos van deze computer geeft geen antwoord.")
	s.see("Ontgrendel de sleutelbos")
	s.shot("key-store-hangs")
	s.click("Opnieuw proberen")
	s.see("Loonbrug wacht op de sleutelbos van deze computer.")
	release()
	s.see("Eerste stappen")
	s.quit()
}
