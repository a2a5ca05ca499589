// Package cash is a practice stand-in of CASH (CASHWeb), served on loopback: a
// set of books that takes journal entries over the REST API 4.0 as public
// clients of the real system do, and misbehaves on request. It was written from
// what is publicly known of CASH and shares no code with the program's client,
// so that both cannot share one mistake. It is no product of CASH Software and
// never talks to one.
//
// [New] opens the books, [Server.Handler] serves them, [Server.Faults] switches
// bad days on, [Server.Journals] shows what was booked.
//
// # Pointing a client at it
//
// The base address is http://127.0.0.1:PORT/api/4.0 where the real one is
// https://www.cashweb.nl/api/4.0. The header Authorization holds the API key
// alone; a scheme such as Bearer is refused. The keys of the practice office:
//
//	practice-cash-key       linked, all rights
//	practice-cash-reader    linked, may read; its imports stay Pending for ever
//	practice-cash-unlinked  a user without link: every call answers 403, 1002 Unauthorized Access
//
// Missing or wrong keys answer 401. Other headers are not asked for. Paths may
// end in a slash; gzip both ways, HEAD and HTTP/1.0 are taken. Administrations: halm (Bakkerij De Halm B.V.), trns (Halm
// Transport B.V.) and arch (Archief 2019, read only). Every error is an object
// with "error" and "message"; message is a text, except for imports. Texts that
// are not known from the real system are Dutch and start with [praktijk].
//
// # Calls
//
//	GET  /administrations
//	     {"Dir":{"Name":..,"Relnm":"100200","Adms":{"Adm":[{"Code":"halm","Name":..,"ReadOnly":"N"}]}}}
//	GET  /get/index/{record}?admin=halm[&params=a|b]
//	     0201 ledger accounts, 0901 daybooks, 0911 cost centres, 0101 relations,
//	     0301 mutations (params from|to, each YYPP), 8504 next document number (params YY|daybook)
//	     {"R0201":[{"F0201":"4000",..}]}; every value is a text
//	POST /import
//	     {"admin":"halm","format":0,"content":{"cash":[{"R301":[{"F0901":"SAL",..}]},..]}}
//	GET  /transaction/{id}
//	     {"status":"Pending"}, {"status":"Success"}, or the object of a refused import
//
// A record may lack its leading zero (301T) and may have the suffix T. Mutations
// come as R0301 with dates DD-MM-YYYY, amounts with a comma, and numbers filled
// up with zeros: document, relation and invoice to six digits. Fields without a
// value are left out. 8504 answers {"R8504":{"Z0303":"000102"}} and reserves
// nothing.
//
// An import answers 201 with the body null when it is booked, 202 with
// {"status":"Pending","transaction":ID} when it waits, 400 when it is refused:
//
//	{"error":"Error import","message":{"errors":{"error":[
//	  {"message":"Ongeldige waarde 0201=9999","line":2,"source":"0301|0201=9999|..|"}]}}}
//
// Lines count from 1, one for each element of cash. Nothing of a refused import
// is booked.
//
// # Rules of the import
//
// The record is R301 or R0301, one for each element of "cash". Of several rows
// in one record's list only the last is kept, without a word: CASH was seen to
// do so. Field names may lack the leading zero. Needed are F0901 (daybook),
// F0302 (date YYMMDD), F0303 (document, at most six digits), F0201 (ledger
// account) and F0307 (amount, positive is debit). Known too are F0301 and F0310
// (period YYPP, 12 periods), F0306 (text, 25), F0911 (cost centre, 3), F0101 and
// F0309 (relation and invoice, six digits, both needed on a sub-ledger account),
// F0305, F0701 and F0711 (reference, 13); other fields are kept as they come.
// Capitals are made of what is in capitals at CASH. Daybook, ledger account,
// cost centre and relation must exist. A text with the sign | is refused.
//
// An amount with a comma is in euros; digits alone are cents; a point, a plus or
// a thousands separator is refused. Without F0301 the period is that of the date.
// A document that is in the daybook and book year already is refused. A
// document that does not balance is booked: CASH was seen to do so. The months
// of January to June 2025 are closed.
//
// More than 100 requests of one key within a minute answer 429 with Retry-After
// (see [Options]).
//
// # Pages, proofs and bad days
//
// GET / shows the books, GET /journals gives the bookings as JSON. GET /control
// lists the bad days; POST /control with the form values fault and times
// switches one on for that many requests (-1 until switched off, 0 off), and
// with only=bookings for imports alone. They hold for REST and SOAP, the shapes of
// rows and of Dir for REST:
//
//	slow                   answers come late; what was asked for is done at once
//	error_before           500 to an import (SOAP: a fault); nothing is booked
//	error_after            500 to an import; it is booked all the same
//	drop_before            the connection drops at an import; nothing is booked
//	drop_after             the connection drops at an import; it is booked all the same
//	html                   a web page with status 200; nothing is done
//	cut                    done, but the connection drops in the middle of the answer
//	throttle               429 with Retry-After in seconds
//	throttle_date          429 with Retry-After as an HTTP date
//	unauthorized           401 to one call (the key was replaced)
//	pending                imports answer 202 and are booked after some questions about them
//	pending_forever        imports answer 202 and are never booked
//	rights_granted         the reader's waiting imports are booked when asked about
//	per_line               good lines are booked, errors come for the others
//	strict                 documents that do not balance are refused
//	closed_period          the import's periods count as closed
//	blocked                ledger account 4999 and cost centre 900 are refused
//	cost_centre_demanded   ledger accounts from 4000 on need a cost centre
//	refuse_duplicate_text  a known document is refused in the plain words "Ongeldige waarde 0303=.."
//	dir_list               administrations: Dir comes as a list
//	rows_object            rows come as an object with the keys "0", "1", ..
//	rows_bare              rows come as a bare list
//	rows_empty             there are no rows
//	code_2                 SOAP: code 2, login error
//	code_3                 SOAP: code 3, file handling error
//	code_4                 SOAP: code 4, token not issued
//	code_5                 SOAP: code 5, token invalid
//	code_6                 SOAP: code 6, token corrupted
//	code_7                 SOAP: code 7, service not recognised
//	code_800               SOAP: an export answers code 800, export failed
//	code_900               SOAP: an import answers code 900, import failed
//	code_901               SOAP: an import answers code 901, import transaction failure
//	code_902               SOAP: getTransaction answers code 902, no such transaction
//	code_903               SOAP: an import answers code 903, empty administration
//	code_1002              any call answers 1002 Unauthorized Access (REST with 403)
//
// # SOAP 3.0
//
// GET /?api/3.0/wsdl gives the WSDL, POST /?api/3.0 takes RPC style calls of
// export, import, listAdministrations and getTransaction; names of operations and
// parts may be in any case, and the parts in any order. The namespace
// (urn:praktijk:cash:3.0), the SOAPAction (the namespace, # and the operation; not
// asked for) and the last two names are the practice office's own: those of the real
// system are not published, so a call in another namespace is taken too. The element
// of the operation holds, without a namespace, token, relatie, email and pass, then
// export or import, administration and formaat (0), or for getTransaction id. Every
// call carries relatie 100200, an e-mail address and the
// password "praktijk"; the token stays empty:
//
//	api@praktijk.example    linked, all rights
//	lezer@praktijk.example  linked, may read; its imports stay pending for ever
//	los@praktijk.example    a user without link: code 1002
//
// The part administration is {admCode, admMap}: halm 1012, trns 1013, arch 1099.
// The part export is a command with its parameters, as in 301T|2601|2603; import
// is an XML document as text: <CASH><R0301><F0901>SAL</F0901>..</R0301>..</CASH>.
//
// Answers have the part response {code, message}: 1 Success, 2 wrong login, 3 no
// readable document, 800 export failed, 900 import failed, 902 no such
// transaction, 903 no such administration, 1002 not linked. exportResult is text:
// "Content-type: text/xml " and an XML document with the root cash. transaction
// has status 1 (waits), 2 (booked) or 3 (failed, with the errors as an XML
// document in err); response is Success all the same. creation
// is local time, lastUpdate is 0000-00-00 00:00:00. An answer is named after its call
// with Response behind; its parts have no namespace, and the one with the result has
// no value when the code is not 1. What is no call answers 500 with the SOAP 1.1 fault
// SOAP-ENV:Client, a failure here 500 with SOAP-ENV:Server, too many calls 429.
package cash
