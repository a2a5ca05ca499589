package chromium

import (
	"context"
	"errors"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Step is something that a person does in the browser.
type Step = chromedp.Action[chromedp.Void]

// ErrClosed is how a tab ends that its person closed; see [CloseTab].
var ErrClosed = errors.New("the tab was closed")

// patience is how long a person waits for a page, of a machine that is busy.
const patience = time.Minute

// Person sits at a browser and knows one language. Open follows an address in a
// new tab and does there what the test says; Ended is what the tab ends on. A
// person is the browser of a sign-in.
type Person struct {
	// Does is what the person does in the next tab, from the first page on.
	Does []Step
	// Opened are the addresses that were followed.
	Opened chan string

	language string
	browser  context.Context
	ended    chan Shown
}

// Shown is what a tab ended on.
type Shown struct {
	Address  string
	Text     string // of its main part
	Language string // that the page says it is in
	History  []string
	Err      error
}

// Sit puts somebody at a browser that [Start] gave, with cookies of their own:
// nobody is logged in anywhere.
func Sit(t *testing.T, browser context.Context, language string) *Person {
	t.Helper()
	private, leave := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(leave)
	if err := chromedp.Do(private); err != nil {
		t.Fatalf("sitting down at Chromium: %v", err)
	}
	return &Person{language: language, browser: private, Opened: make(chan string, 8), ended: make(chan Shown, 8)}
}

// Beside is the same person with other things to do: the same cookies, tabs of
// their own.
func (p *Person) Beside() *Person {
	return &Person{language: p.language, browser: p.browser, Opened: make(chan string, 8), ended: make(chan Shown, 8)}
}

// Language is the language of the person.
func (p *Person) Language() string { return p.language }

// Open follows an address in a new tab and does there what Does says.
func (p *Person) Open(_ context.Context, address string) error {
	p.Opened <- address
	does := slices.Clone(p.Does)
	go func() { p.ended <- p.Visit(address, does...) }()
	return nil
}

// Ended waits for what the oldest tab ends on.
func (p *Person) Ended() Shown { return <-p.ended }

// MustSee waits for what the oldest tab ends on. It fails the test unless the page
// says all that is wanted, in the person's language, and nothing of the answer
// stays in the browser.
func (p *Person) MustSee(t *testing.T, wants ...string) {
	t.Helper()
	end := p.Ended()
	if end.Err != nil {
		t.Fatalf("in the browser: %v", end.Err)
	}
	if leak := end.Leak(); leak != "" {
		t.Errorf("the browser still knows %s", leak)
	}
	if end.Language != p.language {
		t.Errorf("the page is in %q, not %q", end.Language, p.language)
	}
	for _, want := range wants {
		if !strings.Contains(end.Text, want) {
			t.Errorf("the page lacks %q:\n%s", want, end.Text)
		}
	}
}

// CloseTab closes the tab.
func CloseTab() Step {
	return chromedp.Func(func(context.Context, *chromedp.Target) error { return ErrClosed })
}

// Visit follows an address in a new tab, does the steps, waits until the tab is
// back at the program that signs in, and reads what is there. The tab is closed.
func (p *Person) Visit(address string, does ...Step) (end Shown) {
	tab, leave := context.WithTimeout(p.browser, patience)
	defer leave()
	tab, _ = chromedp.NewContext(tab)
	defer func() { end.Err = errors.Join(end.Err, chromedp.Cancel(tab)) }()
	if err := chromedp.Do(tab, append([]Step{chromedp.Navigate(address)}, does...)...); err != nil {
		return Shown{Err: err}
	}
	return read(tab)
}

// read waits for the last page of a sign-in and reads it. While the tab is on its
// way there, nothing in it can be asked for.
func read(tab context.Context) Shown {
	every := time.NewTicker(20 * time.Millisecond)
	defer every.Stop()
	for {
		at, err := chromedp.Run(tab, chromedp.Location())
		if err == nil && isEnd(at) {
			break
		}
		select {
		case <-tab.Done():
			return Shown{Address: at, Err: errors.Join(err, tab.Err())}
		case <-every.C:
		}
	}
	at, err1 := chromedp.Run(tab, chromedp.Location())
	text, err2 := chromedp.Run(tab, chromedp.Text("main"))
	language, err3 := chromedp.Run(tab, chromedp.Evaluate[string]("document.documentElement.lang"))
	history, err4 := chromedp.Run(tab, chromedp.NavigationEntries())
	end := Shown{Address: at, Text: text, Language: language, Err: errors.Join(err1, err2, err3, err4)}
	for _, e := range history.Entries {
		end.History = append(end.History, e.URL)
	}
	return end
}

// isEnd tells whether an address is the last of a sign-in: the program's page
// behind its answer, or the one that turns a stranger away.
func isEnd(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() != "127.0.0.1" && u.Hostname() != "localhost" {
		return false
	}
	return strings.HasPrefix(u.Path, "/signed-in/") || u.Query().Get("code") == StolenCode
}

// StolenCode is the code in the callback of a stranger.
const StolenCode = "stolen"

// Stranger visits the sign-in's own address with a code and a state that nobody
// gave, in a tab beside the person's, before the steps go on.
func (p *Person) Stranger(see func(Shown)) Step {
	return chromedp.Func(func(context.Context, *chromedp.Target) error {
		address := <-p.Opened
		u, err := url.Parse(address)
		if err != nil {
			return err
		}
		p.Opened <- address
		see(p.Visit(u.Query().Get("redirect_uri") + "?code=" + StolenCode + "&state=guessed"))
		return nil
	})
}

// Leak is an address of the tab, now or in its history, that still holds the
// answer of the sign-in; empty when there is none.
func (s Shown) Leak() string {
	for _, address := range append([]string{s.Address}, s.History...) {
		u, err := url.Parse(address)
		if err != nil || u.Query().Has("code") || u.Query().Has("error") || strings.Contains(address, "access_token") {
			return address
		}
	}
	return ""
}

// MustEnd fails the test unless the goroutines of a package end, named as in
// "loonbrug/integration/oauth.".
func MustEnd(t *testing.T, pkg string) {
	t.Helper()
	every := time.NewTicker(10 * time.Millisecond)
	defer every.Stop()
	stacks := make([]byte, 4<<20)
	for over := time.After(patience); ; {
		n := runtime.Stack(stacks, true)
		if !strings.Contains(string(stacks[:n]), pkg) {
			return
		}
		select {
		case <-over:
			t.Fatalf("goroutines of %s are left:\n%s", pkg, stacks[:n])
		case <-every.C:
		}
	}
}
