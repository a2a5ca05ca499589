// Package visma is the practice stand-in of Visma.net ERP: the sign-in of Visma
// Connect and the part of the ERP API that a payroll journal needs. It is written
// from public pages alone (docs.vismasoftware.no/vismanetapi, docs.connect.visma.com,
// help.visma.net, and the OpenAPI document beside this file) and shares no code with
// any client, so that a client and the stand-in cannot agree on the same mistake.
//
// [New] makes a [Server], [Server.Handler] serves it. Tests also use
// [Server.Faults], [Server.Booked], [Server.Authorize] and the bookkeeper's
// [Server.Void], [Server.Remove] and [Server.SetCompany].
//
// # Pointing a client at it
//
// One base address serves as both https://connect.visma.com and
// https://api.finance.visma.net. The issuer is the base address as the client wrote
// it in its request (or Options.Address). The metadata is at
// /.well-known/openid-configuration. What the practice office has:
//
//	client          practice-visma: native, no secret, authorization code + PKCE S256 (required)
//	service client  practice-visma-service, secret practice-secret: client credentials with tenant_id
//	redirect        http://127.0.0.1:PORT/callback, http://localhost:PORT/callback, any port
//	users           boekhouder@praktijk.example (API User), gast@praktijk.example (not), password praktijk
//	companies       Bakkerij De Halm B.V. and Halm Transport B.V.; see [DeHalm], [HalmTransport]
//
// # Sign-in
//
// /connect/authorize shows a login page (fields username and password, buttons login
// and cancel) and then a company page (radio buttons company, buttons allow, cancel
// and switch; the user in #user). A cookie keeps the user logged in: without prompt
// the login page is skipped and the user of that session is taken, whoever that is.
// prompt=select_account shows the account chooser instead (#chooser: button continue
// for that user, and the fields for another); prompt=login wants the password again;
// prompt=consent shows the company page. The company is not asked when the user has
// exactly one and has agreed before. login_hint fills in the user name, tenant_hint
// preselects a company, ui_locales is the language of the pages (nl, sv, fi, en).
// cancel leads back with error=access_denied, as does a user without any company. The
// callback carries code or error, state, and iss; response_mode is query,
// fragment or form_post. Unknown clients and addresses are not redirected to: the
// browser stays on an error page with status 400. prompt=none does the same.
//
// /connect/token takes authorization_code, refresh_token and client_credentials, the
// client by form or Basic header. Access tokens are signed (RS256), last an hour and
// are for one company; id_token has nonce, tenant_id, email and name by scope.
// Refresh tokens need offline_access and are one-time: a used one is invalid_grant
// and ends all tokens of that sign-on. A user without the role API User gets
// invalid_tenant. tenant_id may be sent and must then be the chosen company.
// /connect/revocation (RFC 7009: form values token and client_id) answers 200 for
// every token; a refresh token takes all refresh tokens of its sign-on with it, so
// that the next refresh is invalid_grant, while access tokens last until they lapse.
// /connect/userinfo and /connect/endsession do what their standards say; the latter
// ends the browser session. Introspection, device code and token exchange are not served.
//
// # API
//
// Paths are /v1/… and /v2/… as in openapi.json, also under the old prefix
// /API/controller/api. The company is that of the token; ipp-company-id and the other
// headers of the old host are ignored. Every request is held against the document:
// what does not fit is 400. As at .NET servers, paths, query parameters and members
// may be in any case, numbers and truth values may come as texts, members and
// parameters nobody knows are ignored; a slash at the end, gzip both ways and HEAD are
// taken. Every answer carries
// Ipp-Request-Id and X-RateLimit-Limit, -Remaining, -Reset and -Policy; beyond the
// limit of the hour it is 429 with Retry-After. 401 has no body; 403 means that the
// scope is missing (read for GET, create for a new batch, update for PUT, either of
// them for release and attachments). Reads of one thing carry an ETag, lists have it
// in timeStamp; If-Match is optional and answers 412 when somebody was there before.
//
//	GET  /v1/organization, /v1/branch, /v1/ledger, /v1/account (and one of each but ledger)
//	GET  /v1/dimension, /v1/dimension/SUBACCOUNT, …/{segment} (also PUT), …/{segment}/{value}
//	GET  /v1/subaccount, /v1/financialPeriod (and one of each)
//	GET  /v2/journaltransaction   periodId or lastModifiedDateTime is mandatory
//	POST /v2/journaltransaction   201, no body, Location, ETag
//	GET, PUT /v2/journaltransaction/{number}; POST …/action/release; POST …/module/GL/{number}[/{line}]/attachment
//	GET  /v1/background/{id}, …/content   for calls sent with erp-api-background: none
//
// Writes wrap scalars in {"value": …}, except operation and subaccount; null is read
// as "not set". A number that JSON allows is an amount if it has at most two decimals.
// A date without zone is taken as it is; one with a zone is brought to UTC first.
// Batches start on hold when they do not say; on hold they need not balance.
// Income and expense accounts need a value for every segment, balance sheet accounts
// get the "none" values for those left out. Control accounts refuse manual entry.
// Listings come in pages of at most 500 lines; a page may end inside a batch, and its
// rest comes with the next page under the same header. A refusal is 400 with
// {"message":"VismaId: … Error creating document. Error: …"}; codes 12027 and 12002
// come in the gateway's IPPException form.
//
// A batch on hold is released in two steps: PUT with hold false, which is refused
// ("Batch is out of balance, please review.") while it does not balance, then release.
// Release of a batch that is on hold or released already is refused with "Batch Status
// invalid for processing."; a released batch refuses PUT. The ledger must be an actual
// one and the branch an active one, of the batch and of each line: ledger 2 is a
// budget and branch 2 is closed, others cannot be found.
//
// A call with the header erp-api-background: none answers 202 with id and
// stateLocation once its form is right; the outcome shows as Started for a second and
// then as Finished or Failed, with statusCode, responseHeaders and contentLocation.
// Another company or user gets 403, an unknown id 404, all of them 410 after 24 hours.
//
// What the public pages leave open is decided here, and a client must not rely on it:
// 12027 has status 400; release posts at once and says "Completed" (the fault
// release_later posts a second later); a failed
// background call has status Failed with the status code of the call; period is "01"
// and its end date inclusive (the fault other_periods turns both); baseCurrency is a
// text, as in the document; lastModifiedDateTime is UTC without zone, compared
// inclusively. Not served are the document's writes of accounts and subaccounts,
// /v1/GeneralLedgerTransactions and the public id of a segment value.
//
// # Pages
//
// "/" shows the books of each company, "/journals" the same as JSON, and "/control"
// lists (GET) and sets (POST with the form values fault and times; -1 until switched
// off, 0 off; only=bookings for writes of batches alone) the ways to misbehave. What
// is booked and what is authorised is in the books file before the answer goes out.
//
//	slow               answers come late; what was asked for is done at once
//	late               what was asked for is done only after a while, even when the client has gone
//	error_before       500 to a booking; nothing is booked
//	error_after        500 to a booking; it is booked all the same
//	drop_before        the connection drops at a booking; nothing is booked
//	drop_after         the connection drops at a booking; it is booked all the same
//	html               a web page with status 200; nothing is done
//	cut                done, but the connection drops in the middle of the answer
//	throttle           429 with Retry-After in seconds
//	throttle_date      429 with Retry-After as an HTTP date
//	unauthorized       401 to one call
//	unavailable        503 in plain text
//	no_licence         12027, 400
//	wrong_company      12002, 400
//	forbidden          403 without a body
//	withdrawn          401, and the token of the call and its refresh tokens end for good
//	closed_period      the period of the next booking is closed
//	inactive_period    the period of the next booking is inactive
//	old_location       Location of a new batch in the path form of the old host
//	no_location        no Location with a new batch
//	empty_error        a booking is refused with an empty body, 400
//	text_error         a booking is refused in plain text, 400
//	collective_error   a booking is refused with "Inserting 'GL Batch' record raised at least one error."
//	access_rights      a booking is refused with "Please verify whether you have proper access rights"
//	too_large          413
//	split_pages        the next listing comes in pages of three lines
//	other_periods      periods in the other form: 202601 for 01, end date exclusive
//	release_later      release is answered at once, posted a second later
//	release_never      release is answered, never posted
//	release_refused    release is refused with "One or more documents could not be released."
//	background_failed  a background call fails inside with 500; nothing is done
//	background_stuck   a background call is done but shows as Started until it is gone
//	background_gone    the outcome of a background call is gone, 410
//	revoked            a refresh is invalid_grant
//	invalid_tenant     a token request is invalid_tenant: role API User missing
//	token_error        503 to a token request
//	token_lost         tokens are given out, but the connection drops before the answer
package visma
