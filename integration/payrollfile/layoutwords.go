package payrollfile

import (
	"slices"
	"strings"
	"unicode"
)

// headerWord is a header or word without case, blanks and marks, so that
// "Cost centre", "cost_centre" and "CostCentre" are one.
func headerWord(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// words are the headers that programs write for a role in Dutch, Swedish,
// Finnish, English and German, as [headerWord] sees them. Where a table has
// several of them, the earlier one is meant: an account's number before its
// name, a cost unit before a cost type.
func words(r Role) []string {
	switch r {
	case LedgerAccount:
		return []string{
			"grootboekrekening", "grootboekrekeningnummer", "grootboeknummer", "grootboekrek", "grootboek", "rekeningnummer", "rekeningnr", "rekening", "gbrekening", "gbrek", "grootboekcode",
			"kontonummer", "kontonr", "konto", "bokföringskonto", "kirjanpitotili", "tilinumero", "tilinro", "tili", "pääkirjatili",
			"glaccountno", "glaccountnumber", "ledgeraccount", "ledgeraccountcode", "ledgeraccountnumber", "glaccount", "accountcode", "accountnumber", "accountno", "account", "nominalcode", "generalledger", "ledger",
			"sachkonto", "sachkontonummer", "buchungskonto", "dim1",
		}
	case CostCentre:
		return []string{
			"kostenplaats", "kostenplaatscode", "kostenplaatsnummer", "kplnr", "kstpl", "relatiekpl", "kplrelatie", "verbijzonderingsas1", "codeverbijzonderingsas1", "kpl", "kostnadsställe", "kst", "resultatenhet", "kustannuspaikka", "kp",
			"costcentre", "costcenter", "costcentrecode", "costcentercode", "department", "shortcutdimension1code", "globaldimension1code", "kostenstelle", "kost1", "dim2", "afdeling",
		}
	case CostUnit:
		return []string{
			"kostendrager", "kostendragercode", "kostendragernummer", "projectactiva", "activaproject", "verbijzonderingsas2", "codeverbijzonderingsas2", "kdr", "kostnadsenhet", "kostnadsbärare", "projekt", "projektnummer", "laskentakohde", "projekti", "seurantakohde",
			"costunit", "costunitcode", "costobject", "project", "projectcode", "shortcutdimension2code", "globaldimension2code", "kostenträger", "kost2", "dim3", "kostensoort",
		}
	case Text:
		return []string{
			"omschrijving", "omschrijvingregel", "regelomschrijving", "boekingsomschrijving", "transactieomschrijving", "transaktionsinfo", "tekst", "toelichting", "text", "verifikationstext", "transaktionstext", "radtext", "beskrivning", "benämning",
			"selite", "kuvaus", "teksti", "description", "linedescription", "narrative", "memo", "details", "buchungstext", "beschreibung", "bezeichnung", "naam", "name",
		}
	case Year:
		return []string{"jaar", "boekjaar", "loonjaar", "år", "räkenskapsår", "vuosi", "tilikausi", "year", "fiscalyear", "bookyear", "jahr", "geschäftsjahr"}
	case Period:
		return []string{"periode", "loonperiode", "boekperiode", "periodenummer", "periodenr", "jaarperiode", "period", "löneperiod", "kausi", "palkkakausi", "kuukausi", "payperiod", "yearperiod", "maand", "månad", "month", "monat", "buchungsperiode"}
	case Date:
		return []string{
			"boekdatum", "boekingsdatum", "transactiedatum", "datum", "journaaldatum", "bokföringsdatum", "bokföringsdag", "bokfdatum", "verdatum", "verifikationsdatum", "transaktionsdatum", "kirjauspäivä", "kirjauspvm", "tositepvm", "tositepäivämäärä", "tositepäivä", "päivämäärä", "pvm", "päiväys",
			"postingdate", "bookingdate", "entrydate", "transactiondate", "date", "buchungsdatum", "belegdatum",
		}
	case Entry:
		return []string{
			"boekstuk", "boekstuknummer", "boekstuknr", "bkstnr", "boekingsnummer", "journaalpost", "journaalpostnummer", "stuknummer", "verifikation", "verifikationsnummer", "vernr", "ver", "verifikat", "tosite", "tositenumero", "tositenro",
			"entry", "entrynumber", "entryno", "voucher", "vouchernumber", "voucherno", "journalentry", "journalnumber", "document", "documentnumber", "documentno", "transaction", "transactionnumber", "beleg", "belegnummer", "belegnr",
		}
	case Debit:
		return []string{"debet", "debetbedrag", "bedragdebet", "debetbelopp", "debit", "debits", "debitamount", "amountdebit", "debiteuro", "soll", "sollbetrag"}
	case Credit:
		return []string{"credit", "creditbedrag", "bedragcredit", "kredit", "kreditbelopp", "credits", "creditamount", "amountcredit", "haben", "habenbetrag"}
	case Amount:
		return []string{"bedrag", "bedrageur", "belopp", "summa", "määrä", "rahamäärä", "euroa", "amount", "value", "betrag", "saldo"}
	case Side:
		return []string{"debetcredit", "dc", "debcred", "debcre", "bijaf", "debetkredit", "dk", "debitcredit", "drcr", "side", "sollhaben", "sh", "debetkreditkod"}
	}
	return nil
}

// recognise finds the roles of a header. A role whose word stands twice is not
// recognised: which of the two is meant would be a guess.
func recognise(row []string) map[Role]int {
	columns := make(map[Role]int)
	names := make([]string, len(row))
	lettered := 0
	for i, name := range row {
		if names[i] = headerWord(name); names[i] != "" && names[i][0] > '9' {
			lettered++
		}
	}
	if lettered < 2 {
		return columns // a row of values, as most are
	}
	for _, role := range Roles() {
		list := words(role)
		best, twice := 2*len(list), false
		for i, name := range names {
			rank := rankOf(list, name)
			switch {
			case rank < 0 || rank > best:
			case rank == best:
				twice = true
			default:
				best, twice = rank, false
				columns[role] = i
			}
		}
		if twice {
			delete(columns, role)
		}
	}
	// Beside a debit and a credit column, one of amounts is a balance.
	_, debit := columns[Debit]
	_, credit := columns[Credit]
	if debit && credit {
		delete(columns, Amount)
		delete(columns, Side)
	}
	return columns
}

// rankOf is the place of a header among the words for a role, -1 for none. One
// that also names the currency, as in "Debet (EUR)", comes after all that do not.
func rankOf(list []string, name string) int {
	if rank := slices.Index(list, name); rank >= 0 {
		return rank
	}
	for _, currency := range []string{"ineuro", "ineur", "insek", "euro", "eur", "sek", "lcy", "lv"} {
		if rest, ok := strings.CutSuffix(name, currency); ok {
			if rank := slices.Index(list, rest); rank >= 0 {
				return len(list) + rank
			}
			return -1
		}
	}
	return -1
}

// isTotal tells whether a cell is the label of a row of totals.
func isTotal(s string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	if len(first) < len("total") || first[0] <= '9' {
		return false // as nearly all cells, at no cost
	}
	switch headerWord(first) {
	case "totaal", "totalen", "subtotaal", "eindtotaal", "total", "totals", "subtotal", "grand", "totalt", "summa", "delsumma", "slutsumma",
		"yhteensä", "välisumma", "loppusumma", "gesamt", "gesamtsumme", "summe", "zwischensumme", "saldo":
		return true
	}
	return false
}

// sideOf reads a word or letter for debit (1) or credit (-1); 0 is neither.
func sideOf(s string) int {
	switch strings.ToLower(s) {
	case "d", "debet", "debit", "deb", "dr", "soll", "s", "+":
		return 1
	case "c", "k", "credit", "kredit", "cred", "cr", "haben", "h", "-":
		return -1
	}
	return 0
}
