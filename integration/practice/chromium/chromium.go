// Package chromium is a real browser for tests of signing in, and somebody at
// it: [Start] starts it, [Sit] gives a [Person] with cookies of their own. It is
// for tests only; what the person does is theirs to say.
package chromium

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Start starts headless Chromium with a profile of its own, so that nobody is
// logged in anywhere, and gives its first tab. Nothing of it looks outside the
// computer. The sandbox is left out for root alone, who cannot have one.
func Start(t *testing.T) context.Context {
	t.Helper()
	flags := []chromedp.ExecAllocatorOption{
		chromedp.UserDataDir(t.TempDir()),
		chromedp.Headless, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.WSURLReadTimeout(time.Minute), // of a machine that is busy
	}
	if os.Getuid() == 0 {
		flags = append(flags, chromedp.NoSandbox)
	}
	browser, closeBrowser := chromedp.NewExecAllocator(t.Context(), flags...)
	t.Cleanup(closeBrowser)
	tab, closeTab := chromedp.NewContext(browser)
	t.Cleanup(closeTab)
	if err := chromedp.Do(tab); err != nil {
		t.Fatalf("starting Chromium: %v", err)
	}
	return tab
}
