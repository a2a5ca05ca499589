package connect

import (
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/text/language"
)

// texts are the words of the pages in one language.
type texts struct {
	Lang, Login, User, Password, Continue, Cancel, Wrong, Failed, LoggedOut string
	Asks, Company, Allow, Refuse, Switch, SignedIn, Practice, Choose        string
}

var languages = []texts{
	{
		Lang: "en", Login: "Log in", User: "User name", Password: "Password", Continue: "Continue as", Cancel: "Cancel",
		Wrong: "Wrong user name or password.", Failed: "Sign-in failed", LoggedOut: "You are logged out.",
		Asks: "asks for access to your data", Company: "Company", Allow: "Allow", Refuse: "Refuse",
		Switch: "Log in as somebody else", SignedIn: "Logged in as", Choose: "Choose an account", Practice: "Practice system. Nothing here is real and nothing leaves this computer.",
	},
	{
		Lang: "nl", Login: "Inloggen", User: "Gebruikersnaam", Password: "Wachtwoord", Continue: "Doorgaan als", Cancel: "Annuleren",
		Wrong: "Gebruikersnaam of wachtwoord is onjuist.", Failed: "Aanmelden is niet gelukt", LoggedOut: "U bent uitgelogd.",
		Asks: "vraagt toegang tot uw gegevens", Company: "Bedrijf", Allow: "Toestaan", Refuse: "Weigeren",
		Switch: "Als iemand anders inloggen", SignedIn: "Ingelogd als", Choose: "Kies een account", Practice: "Oefensysteem. Niets hier is echt en niets verlaat deze computer.",
	},
	{
		Lang: "sv", Login: "Logga in", User: "Användarnamn", Password: "Lösenord", Continue: "Fortsätt som", Cancel: "Avbryt",
		Wrong: "Fel användarnamn eller lösenord.", Failed: "Inloggningen misslyckades", LoggedOut: "Du är utloggad.",
		Asks: "ber om åtkomst till dina uppgifter", Company: "Företag", Allow: "Tillåt", Refuse: "Neka",
		Switch: "Logga in som någon annan", SignedIn: "Inloggad som", Choose: "Välj konto", Practice: "Övningssystem. Inget här är på riktigt och inget lämnar den här datorn.",
	},
	{
		Lang: "fi", Login: "Kirjaudu sisään", User: "Käyttäjätunnus", Password: "Salasana", Continue: "Jatka käyttäjänä", Cancel: "Peruuta",
		Wrong: "Väärä käyttäjätunnus tai salasana.", Failed: "Kirjautuminen epäonnistui", LoggedOut: "Olet kirjautunut ulos.",
		Asks: "pyytää pääsyä tietoihisi", Company: "Yritys", Allow: "Salli", Refuse: "Kiellä",
		Switch: "Kirjaudu toisena käyttäjänä", SignedIn: "Kirjautunut käyttäjänä", Choose: "Valitse tili", Practice: "Harjoitusjärjestelmä. Mikään täällä ei ole todellista eikä mitään lähde tältä koneelta.",
	},
}

// textsFor takes the languages a browser or a client asks for, best first.
func textsFor(asked string) texts {
	var tags []language.Tag
	for _, t := range languages {
		tags = append(tags, language.MustParse(t.Lang))
	}
	var wanted []language.Tag
	for _, part := range strings.FieldsFunc(asked, func(c rune) bool { return c == ' ' || c == ',' }) {
		name, _, _ := strings.Cut(part, ";")
		if tag, err := language.Parse(name); err == nil {
			wanted = append(wanted, tag)
		}
	}
	_, i, _ := language.NewMatcher(tags).Match(wanted...)
	return languages[i]
}

type loginPage struct {
	T                               texts
	Request, Client, Current, Error string
	Name                            string
}

type consentPage struct {
	T                     texts
	Request, User, Client string
	Scopes                []string
	Companies             []Company
	Chosen                string
}

type stopPage struct {
	T                   texts
	Title, Code, Detail string
}

type postPage struct {
	Action string
	Values url.Values
}

// showLogin asks who it is; current is the user already logged in, if any.
func (p *Provider) showLogin(w http.ResponseWriter, a *request, current, problem string) {
	if !a.offersSession() {
		current = ""
	}
	render(w, http.StatusOK, "login", loginPage{T: a.texts, Request: a.page, Client: a.client.Name, Current: current, Name: a.name, Error: problem})
}

// stop shows an error that cannot be told to the client.
func (p *Provider) stop(w http.ResponseWriter, t texts, problem, detail string) {
	p.cfg.Log.Info("practice sign-in refused", "error", problem, "detail", detail)
	render(w, http.StatusBadRequest, "stop", stopPage{T: t, Title: t.Failed, Code: problem, Detail: detail})
}

func render(w http.ResponseWriter, status int, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// A reader who has gone away is no fault of the page.
	_ = pages.ExecuteTemplate(w, name, data)
}

var pages = template.Must(template.New("").Parse(`
{{define "head"}}<!doctype html>
<html lang="{{.Lang}}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{.Login}} – Visma Connect (practice)</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:26rem;padding:0 1rem;color:#1c2430}
.practice{background:#fff3c4;border:1px solid #e0c050;padding:.4rem .8rem;border-radius:.4rem}
.error{color:#a4161a}label{display:block;margin:.6rem 0}input[type=text],input[type=password]{display:block;width:100%;font:inherit;padding:.4rem;box-sizing:border-box}
button{font:inherit;padding:.4rem 1rem;margin:.6rem .4rem 0 0}small{color:#5b6572}
</style>
<p class="practice">{{.Practice}}</p>{{end}}

{{define "login"}}{{template "head" .T}}
<h1>{{.T.Login}}</h1><p>{{.Client}}</p>
{{with .Error}}<p class="error" id="error" role="alert">{{.}}</p>{{end}}
<form method="post" action="/connect/login"><input type="hidden" name="request" value="{{.Request}}">
{{with .Current}}<h2 id="chooser">{{$.T.Choose}}</h2><p><button id="continue" name="continue" value="1" formnovalidate>{{$.T.Continue}} {{.}}</button></p><h2>{{$.T.Switch}}</h2>{{end}}
<label>{{.T.User}} <input type="text" id="username" name="username" value="{{.Name}}" autocomplete="username" required autofocus></label>
<label>{{.T.Password}} <input type="password" id="password" name="password" autocomplete="current-password" required></label>
<button id="login" name="login" value="1">{{.T.Login}}</button>
<button id="cancel" name="cancel" value="1" formnovalidate>{{.T.Cancel}}</button>
</form></html>{{end}}

{{define "consent"}}{{template "head" .T}}
<h1>{{.Client}}</h1><p>{{.Client}} {{.T.Asks}}.</p>
<p>{{.T.SignedIn}} <strong id="user">{{.User}}</strong></p>
<form method="post" action="/connect/consent"><input type="hidden" name="request" value="{{.Request}}">
{{if eq (len .Companies) 1}}{{with index .Companies 0}}<p>{{$.T.Company}}: <strong>{{.Name}}</strong></p><input type="hidden" name="company" value="{{.Tenant}}">{{end}}
{{else}}<fieldset><legend>{{.T.Company}}</legend>{{range $i, $c := .Companies}}
<label><input type="radio" id="company-{{$i}}" name="company" value="{{.Tenant}}"{{if eq .Tenant $.Chosen}} checked{{end}}> {{.Name}}</label>{{end}}
</fieldset>{{end}}
<p><small>{{range .Scopes}}{{.}}<br>{{end}}</small></p>
<button id="allow" name="allow" value="1">{{.T.Allow}}</button>
<button id="cancel" name="cancel" value="1">{{.T.Refuse}}</button>
<button id="switch" name="switch" value="1">{{.T.Switch}}</button>
</form></html>{{end}}

{{define "stop"}}{{template "head" .T}}
<h1>{{.Title}}</h1>{{with .Code}}<p><code id="error">{{.}}</code></p>{{end}}{{with .Detail}}<p>{{.}}</p>{{end}}</html>{{end}}

{{define "post"}}<!doctype html><meta charset="utf-8"><title>Visma Connect (practice)</title>
<form method="post" action="{{.Action}}">{{range $name, $values := .Values}}{{range $values}}<input type="hidden" name="{{$name}}" value="{{.}}">{{end}}{{end}}
<noscript><button>Continue</button></noscript></form><script>document.forms[0].submit()</script>{{end}}
`))
