package oauth

import (
	"bytes"
	"crypto/rand"
	"html/template"
	"net/http"
	"strconv"
	"time"
)

// page is what the browser ends on.
type page struct {
	kind    pageKind
	company string // on the page of success
}

type pageKind int

const (
	pageSuccess  pageKind = iota // signed in
	pageRefused                  // the person said no
	pageFault                    // something went wrong; the program tells what
	pageStranger                 // not the answer to the sign-in that is waited for
)

// texts are the pages in one language: a heading and a sentence each.
type texts struct {
	language string
	headings map[pageKind]string
	bodies   map[pageKind]string
	company  string // before the company's name
}

// textsIn gives the pages in a language of the program, else in English.
func textsIn(language string) texts {
	switch language {
	case "nl":
		return dutch()
	case "sv":
		return swedish()
	case "fi":
		return finnish()
	}
	return english()
}

func dutch() texts {
	return texts{
		language: "nl", company: "Verbonden met",
		headings: map[pageKind]string{
			pageSuccess:  "Aanmelden gelukt",
			pageRefused:  "Toegang geweigerd",
			pageFault:    "Aanmelden niet gelukt",
			pageStranger: "Deze aanmelding is niet meer geldig",
		},
		bodies: map[pageKind]string{
			pageSuccess:  "U kunt dit tabblad sluiten en verdergaan in Loonbrug.",
			pageRefused:  "Er is niets gekoppeld. U kunt dit tabblad sluiten en het in Loonbrug opnieuw proberen.",
			pageFault:    "In Loonbrug staat wat er is gebeurd en wat u kunt doen. U kunt dit tabblad sluiten.",
			pageStranger: "Sluit dit tabblad en begin in Loonbrug opnieuw met aanmelden.",
		},
	}
}

func swedish() texts {
	return texts{
		language: "sv", company: "Ansluten till",
		headings: map[pageKind]string{
			pageSuccess:  "Inloggningen lyckades",
			pageRefused:  "Åtkomst nekad",
			pageFault:    "Inloggningen misslyckades",
			pageStranger: "Den här inloggningen gäller inte längre",
		},
		bodies: map[pageKind]string{
			pageSuccess:  "Du kan stänga den här fliken och fortsätta i Loonbrug.",
			pageRefused:  "Ingenting har kopplats. Du kan stänga den här fliken och försöka igen i Loonbrug.",
			pageFault:    "I Loonbrug står vad som hände och vad du kan göra. Du kan stänga den här fliken.",
			pageStranger: "Stäng den här fliken och börja om inloggningen i Loonbrug.",
		},
	}
}

func finnish() texts {
	return texts{
		language: "fi", company: "Yhdistetty:",
		headings: map[pageKind]string{
			pageSuccess:  "Kirjautuminen onnistui",
			pageRefused:  "Käyttöoikeus evättiin",
			pageFault:    "Kirjautuminen ei onnistunut",
			pageStranger: "Tämä kirjautuminen ei ole enää voimassa",
		},
		bodies: map[pageKind]string{
			pageSuccess:  "Voit sulkea tämän välilehden ja jatkaa Loonbrugissa.",
			pageRefused:  "Mitään ei yhdistetty. Voit sulkea tämän välilehden ja yrittää uudelleen Loonbrugissa.",
			pageFault:    "Loonbrug kertoo, mitä tapahtui ja mitä voit tehdä. Voit sulkea tämän välilehden.",
			pageStranger: "Sulje tämä välilehti ja aloita kirjautuminen uudelleen Loonbrugissa.",
		},
	}
}

func english() texts {
	return texts{
		language: "en", company: "Connected to",
		headings: map[pageKind]string{
			pageSuccess:  "You are signed in",
			pageRefused:  "Access refused",
			pageFault:    "Signing in did not work",
			pageStranger: "This sign-in is no longer valid",
		},
		bodies: map[pageKind]string{
			pageSuccess:  "You may close this tab and go on in Loonbrug.",
			pageRefused:  "Nothing was connected. You may close this tab and try again in Loonbrug.",
			pageFault:    "Loonbrug tells what happened and what you can do. You may close this tab.",
			pageStranger: "Close this tab and start signing in again in Loonbrug.",
		},
	}
}

// layout needs nothing but itself: no script, no picture, no other address.
const layout = `<!doctype html>
<html lang="{{.Language}}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>Loonbrug · {{.Heading}}</title>
<style nonce="{{.Nonce}}">
body { font: 17px/1.5 system-ui, sans-serif; color: #1d2433; background: #eef1f6; margin: 0;
  min-height: 100vh; display: grid; place-items: center }
main { background: #fff; border-radius: 14px; padding: 2.5rem 3rem; max-width: 26rem; text-align: center;
  box-shadow: 0 6px 30px #1d243318 }
b { display: inline-grid; place-items: center; width: 3.5rem; height: 3.5rem; border-radius: 50%;
  font-size: 1.8rem; color: #fff; background: {{if .Good}}#23845a{{else}}#a3491f{{end}} }
h1 { font-size: 1.45rem; margin: 1rem 0 .5rem }
p { margin: .35rem 0 }
</style>
<main>
<b aria-hidden="true">{{if .Good}}✓{{else}}!{{end}}</b>
<h1>{{.Heading}}</h1>
{{if .Company}}<p>{{.Label}} <strong id="company">{{.Company}}</strong></p>{{end}}
<p>{{.Body}}</p>
</main>
</html>
`

// write answers with a page and sees to it that the browser has it before the
// listener may be closed.
func (t texts) write(w http.ResponseWriter, p page) {
	var b bytes.Buffer
	nonce := rand.Text()
	err := template.Must(template.New("page").Parse(layout)).Execute(&b, map[string]any{
		"Language": t.language,
		"Nonce":    nonce,
		"Good":     p.kind == pageSuccess,
		"Heading":  t.headings[p.kind],
		"Body":     t.bodies[p.kind],
		"Label":    t.company,
		"Company":  p.company,
	})
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	header := w.Header()
	guard(header)
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(b.Len()))
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+nonce+"'; img-src data:; "+
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	header.Set("Connection", "close")
	if p.kind == pageStranger {
		w.WriteHeader(http.StatusBadRequest)
	}
	control := http.NewResponseController(w)
	// A browser that does not take its page must not hold up the program. What
	// fails here, the browser sees; there is nobody else to tell.
	_ = control.SetWriteDeadline(time.Now().Add(pageTime))
	_, _ = w.Write(b.Bytes())
	_ = control.Flush()
}

// guard keeps an answer, whose address may hold a code, to its browser and out
// of what the browser keeps and tells others.
func guard(header http.Header) {
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
}
