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
// and cancel; continue when somebody is logged in already and prompt=select_account
// asks) and then a company page (radio buttons company, buttons allow, cancel and
// switch). A cookie keeps the user logged in: without prompt=login or select_account
// the login page is skipped and the user of that session is taken, whoever that is.
// The company is not asked when the user has exactly one and has agreed before.
// tenant_hint preselects a company, ui_locales the language of the pages (nl, sv, fi,
// en). The callback carries code or error, state, and iss; response_mode is query,
// fragment or form_post. Unknown clients and addresses are not redirected to: the
// browser stays on an error page with status 400. prompt=none does the same.
//
// /connect/token takes authorization_code, refresh_token and client_credentials, the
// client by form or Basic header. Access tokens are signed (RS256), last an hour and
// are for one company; id_token has nonce, tenant_id, email and name by scope.
// Refresh tokens need offline_access and are one-time: a used one is invalid_grant
// and ends all tokens of that sign-on. A user without the role API User gets
// invalid_tenant. tenant_id may be sent and must then be the chosen company.
// /connect/revocation, /connect/userinfo and /connect/endsession do what their
// standards say. Introspection, device code and token exchange are not served.
//
// # API
//
// Paths are /v1/… and /v2/… as in openapi.json, also under the old prefix
// /API/controller/api. The company is that of the token. Every request is held
// against the document: what does not fit is 400. Every answer carries
// Ipp-Request-Id and X-RateLimit-Limit, -Remaining, -Reset and -Policy; beyond the
// limit of the hour it is 429 with Retry-After. 401 has no body; 403 means that the
// scope is missing (read for GET, create for a new batch, update for PUT, either of
// them for release and attachments).
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
// What the public pages leave open is decided here, and a client must not rely on it:
// 12027 has status 400; release posts at once and says "Completed"; a failed
// background call has status Failed with the status code of the call; period is "01"
// and its end date inclusive (the fault other_periods turns both); baseCurrency is a
// text, as in the document; lastModifiedDateTime is UTC without zone, compared
// inclusively. Not served are the document's writes of accounts and subaccounts,
// /v1/GeneralLedgerTransactions and the public id of a segment value.
//
// # Pages
//
// "/" shows the books of each company, "/journals" the same as JSON, and "/control"
// lists (GET) and sets (POST fault, times) the ways to misbehave. What is booked and
// what is authorised is in the books file before the answer goes out.
package visma
