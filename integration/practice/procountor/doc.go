// Package procountor is a practice stand-in of Procountor, served on loopback:
// companies whose books take ledger receipts over the API as public clients of
// the real system do, and which misbehave on request. It was written from what
// is publicly known of Procountor and shares no code with the program's client,
// so that both cannot share one mistake. It is no product of Procountor and
// never talks to it.
//
// [New] opens the books, [Server.Handler] serves them, [Server.Faults] switches
// bad days on, [Server.Journals] shows what was booked.
//
// # Pointing a client at it
//
// The base address is http://127.0.0.1:PORT/api where the real one is
// https://api.procountor.com/api; /latest/api, /supported/api and /vYYMM/api
// are the same. The login pages are /login and /keylogin beside it. JSON in
// UTF-8, of which only the characters of Windows-1252 are taken. The client id
// is practice-procountor, its secret practice-secret. The companies and keys:
//
//	practice-key-101       Oulun Leipomo Oy (FINLAND, EUR)
//	practice-key-102       Brödbolaget i Malmö AB (SWEDEN, SEK)
//	practice-key-103       Bakkerij De Halm B.V. (NETHERLANDS, EUR)
//	practice-key-norights  company 103 as a user who may see but not write receipts
//
// Every request is checked against the structural extract of Procountor's
// OpenAPI document 26.04 that is embedded here. Members that the document does
// not know are ignored and logged; a member that is null counts as left out.
// Dates and times are as in "2026-03-01T10:15:22", without a zone. As at Java
// servers, a number may come as a text; names of members are exact. A slash at the
// end of an address, gzip both ways and HEAD are taken.
//
// # Tokens
//
//	POST /api/oauth/token, application/x-www-form-urlencoded without a charset (with one: 400)
//	grant_type=client_credentials&client_id=..&client_secret=..&api_key=..[&redirect_uri=..]
//	grant_type=authorization_code&client_id=..&client_secret=..&code=..&redirect_uri=..
//	grant_type=refresh_token&client_id=..&client_secret=..&refresh_token=..
//	{"access_token":"..","token_type":"bearer","expires_in":3600[,"refresh_token":".."]}
//
// The client may also come as a Basic header. Wrong credentials answer 401 with {"errors":[{"status":401,"message":"Unauthorized"}]}.
// A token is for one user in one company and lives an hour; a refresh token
// lives 180 days and stays the same. Calls carry Authorization: Bearer TOKEN.
//
// GET /login?response_type=code&client_id=..&redirect_uri=..&state=.. shows the
// companies; approving leads to redirect_uri with code and state, refusing with
// error=access_denied and state. A code is used once, within ten minutes. The
// redirect address is the one of the options, or else any http address on
// loopback; it has no query. GET /keylogin is the same and its code gives an API
// key: {"api_key":".."} from the token call with authorization_code. Where the
// real system exchanges that code is not known, so this one answer is ours.
// There is no call that revokes a token: a user or an administrator ends an access in
// Procountor itself, which the faults signed_out and revoked_101 do here.
//
// The login page has a list of users (#user: 7 may all, 8 may read, 9 has no company
// that a program may be given access to), a radio button for each company
// (#company-101, form value company) and the buttons approve and refuse (form value
// decision); there is no password. A cookie keeps the browser logged in as who
// approved last; the page says so (#session), and goes on as that user unless another
// is picked. Procountor documents no parameter for choosing the account, so prompt and
// the like are ignored. GET /logout ends the session of the browser.
//
// # Calls
//
//	GET  /sessioninfo /company /users/rights /status /currencies/company
//	GET  /fiscalyears /coa /vats/default
//	GET  /dimensions[?name=&codeName=] /dimensions/{id}
//	POST /ledgerreceipts[?createReconciliation=true]     200 with the stored receipt
//	GET  /ledgerreceipts/{id}[,{id}..]                   several ids give a list
//	GET  /ledgerreceipts?types=JOURNAL&startDate=..      search, see below
//	PUT  /ledgerreceipts/{id}                            needs the latest version
//	PUT  /ledgerreceipts/{id}/transactions/{id}/dimensions
//	PUT  /ledgerreceipts/{id}/approve /unfinished /invalidate
//
// Other calls of the document answer 404: attachments, journals, webhooks, other
// VAT lists, and writes of company, dimensions and periods. Errors are
// {"errors":[{"status":400,"field":"transactions[2].account","message":"CODE"}]},
// all of one request at once; codes that are not known from the real system
// start with SANDBOX_. Receipts are born UNFINISHED whatever their status said.
// approve leads from UNFINISHED to APPROVED and wants a balance of zero,
// unfinished leads back, invalidate leads from UNFINISHED to INVALIDATED; from
// any other state, in a closed period, or for a user without the right they answer
// 403, and 200 {"message":".."} otherwise. Their body is empty.
//
// What is refused: a missing or blank member; a type other than JOURNAL and
// other unknown words ("Value of the 'x' field is invalid: .."); texts over
// length (SANDBOX_TOO_LONG) or outside Windows-1252 (SANDBOX_CHARSET); a receipt
// date in a closed period (CLOSED_FISCAL_PERIOD; January to June 2025 here) or
// in no year (SANDBOX_NO_FISCAL_YEAR; years are 2025 to 2027); an unknown ledger
// account, or a VAT percentage other than 0
// (ERROR_LEDGERACCOUNT_VATPERCENTAGE_COMBINATION); an inactive one
// (SANDBOX_ACCOUNT_INACTIVE); a VAT status not enabled or not fitting the
// percentage (ERROR_VATSTATUS_VATPERC); a dimension or item that is unknown or
// passive (DIMENSION_OR_DIMENSION_ITEM_IDENTIFIERS_DOES_NOT_MATCH_THOSE_STORED_IN_DATABASE);
// a pair given twice, values of more than two decimals, or values of one
// dimension that do not add up to the row (SANDBOX_DIMENSION_VALUES); a second
// RECONCILIATION_ENTRY or REVERSING_ENTRY, or one with VAT. A receipt that does
// not balance is taken, as far as is known; createReconciliation=true adds the
// difference as a row. Row values are rounded to two decimals. Nothing looks for
// duplicates.
//
// The search takes startDate, endDate, createdStartDate, createdEndDate,
// versionStartDate, versionEndDate, types, status, previousId, one of orderById,
// orderByDate, orderByCreated and orderByVersion (default DESC by id), size (50,
// at most 200) and page (from 0). There is none by name. previousId goes on
// after that id in the order of ids.
//
// # Pages, proofs and bad days
//
// GET / shows the books, GET /journals gives the bookings as JSON. GET /control
// lists the bad days; POST /control with the form values fault and times
// switches one on for that many requests (-1 until switched off, 0 off), and
// with only=bookings for writing of receipts alone. Besides the common ones
// (slow, error_before, error_after, drop_before, drop_after, html, cut, throttle,
// unauthorized), which leave the token call alone:
//
//	slow                answers come late; what was asked for is done at once
//	error_before        500 to a writing of receipts; nothing is done
//	error_after         500 to a writing of receipts; it is done all the same
//	drop_before         the connection drops at a writing; nothing is done
//	drop_after          the connection drops at a writing; it is done all the same
//	html                a web page with status 200; nothing is done
//	cut                 done, but the connection drops in the middle of the answer
//	throttle            429 with Retry-After in seconds
//	throttle_date       429 with Retry-After as an HTTP date
//	unauthorized        401 to one call
//	html_500            what was asked for is done, a web page with status 500 comes back
//	closed_period       receipt dates count as closed
//	unbalanced_refused  receipts that do not balance are refused (SANDBOX_UNBALANCED)
//	passive_item        dimension items count as passive
//	stale_version       a change is refused as stale (SANDBOX_VERSION)
//	degraded            /status says DEGRADED
//	forbidden           403 to any call, "User rights check failed: Insufficient user rights."
//	company_forbidden   the same to /company alone
//	approve_forbidden   the same to approve alone
//	wrong_state         approve, unfinished or invalidate answers 403, SANDBOX_WRONG_STATE
//	periods_pending     open tracking periods are PENDING; receipts are taken
//	periods_left_out    fiscal years come without tracking periods
//	year_closed         all fiscal years are closed, in the list and for receipts
//	year_missing        the fiscal years end with 2025, in the list and for receipts
//	no_vat_12           VAT status 12 is not enabled, in the list and for receipts
//	token_error         the token call answers 503 with a web page
//	refresh_lapsed      the refresh token that comes next has reached its end, for good
//	signed_out          401, and all tokens and refresh tokens of that company end for good
//	revoked_101         the access to Oulun Leipomo Oy is refused: key, tokens, refresh tokens
//	revoked_102         the same for Brödbolaget i Malmö AB
//	revoked_103         the same for Bakkerij De Halm B.V.
package procountor
