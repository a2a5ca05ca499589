//go:build smoke

package main

import (
	"fmt"
	"os/exec"
	"testing"

	"loonbrug/integration/practice/visma"
)

// TestWindow clicks from the first start to three receipts in a real window, in
// Dutch; the sign-in happens in a real browser.
func TestWindow(t *testing.T) {
	s := newScreen(t)
	s.start("nl_NL.UTF-8", "practice")
	s.see("Oefenmodus")
	s.see("Salarisrun mei 2026")
	s.shot("1-first-start")

	// The account that is not authorised: a click on its grey logo, and it turns
	// to colour by itself.
	s.click("Accounts")
	s.see("Visma.net · Halm Transport is nog niet aangemeld.")
	s.shot("2-accounts-grey")
	s.clickLogoThat("Nog niet aangemeld.")
	s.signIn(visma.Bookkeeper, visma.Password, visma.HalmTransport)
	s.see("boekhouder@praktijk.example · Halm Transport B.V.")
	s.gone("is nog niet aangemeld.")
	s.shot("accounts")

	// The company without a mapping.
	s.click("Administraties")
	s.see("Nog geen mapping")
	s.shot("3-administrations-unmapped")
	s.click("Koppelen")
	s.see("Voorgesteld: Account") // the only one that signs in as the company
	s.see("Boeken per Kostenplaats")
	s.shot("4-mapping")
	s.click("Opslaan")
	s.gone("Nog geen mapping")
	s.shot("administrations")

	// One click on each of three logos, and three receipts.
	const run = "Salarisrun maart 2026 met correcties"
	s.click("Export")
	s.scroll("Salarisrun mei 2026")
	targets := []string{"CASH", "Visma.net", "Procountor"}
	for _, target := range targets {
		s.clickLogo(run, target)
	}
	for _, target := range targets {
		s.seeLogo(run, target, "Geboekt")
	}
	s.see("Geboekt, teruggelezen en op de cent gelijk. Een klik opent het bewijs.") // beside the table
	s.shot("export")
	for _, target := range targets {
		s.clickLogo(run, target)
		s.see("Bewijzen")
		s.shot("5-receipt-" + target)
	}

	// What goes wrong is explained, and all of it is added up.
	s.fault("CASH", "unauthorized", -1)
	s.clickLogo("Salarisrun februari 2026", "CASH")
	s.click("Wat kan ik doen?")
	s.see("Dit vraagt aandacht")
	s.shot("problem")
	s.key("Escape")
	s.gone("Dit vraagt aandacht")
	s.fault("CASH", "unauthorized", 0)
	s.click("Overzicht")
	s.see("Per kostenplaats")
	s.shot("overview")
	s.key("Escape")
	s.gone("Per kostenplaats")

	// The same in Finnish, from the keyboard.
	s.key("ctrl+1")
	s.see("Gecontroleerd")
	s.quit()
	s.start("fi_FI.UTF-8", "practice")
	s.see("Harjoitustila")
	s.scroll("Salarisrun mei 2026")
	s.see("Kirjattu")
	s.shot("6-finnish")
	s.quit()
}

// TestWindow_SmallScreen keeps the whole window on a screen that has less room than
// it would take.
func TestWindow_SmallScreen(t *testing.T) {
	s := newScreen(t)
	const width, height = 1024, 700
	s.env = append(s.env, "DISPLAY="+startDisplay(t, "-screen", "0", fmt.Sprintf("%dx%dx24", width, height)))
	s.start("fi_FI.UTF-8", "practice")
	s.see("Toukokuu 2026")
	s.shot("7-small-screen")
	pause, _ := s.find("Keskeytä") // in the corner
	if pause.X+pause.Width > width || pause.Y+pause.Height > height {
		t.Errorf("the window reaches beyond the screen: %+v", pause)
	}
	s.quit()
}

// TestWindow_NoDisplay says what is missing instead of ending in silence.
func TestWindow_NoDisplay(t *testing.T) {
	cmd := exec.Command(builtWindow(t), "--data-dir", t.TempDir(), "practice")
	cmd.Env = []string{"LANG=en_GB.UTF-8", "HOME=" + t.TempDir()}
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != exitFailed || len(out) == 0 {
		t.Fatalf("%v: %s", err, out)
	}
}
