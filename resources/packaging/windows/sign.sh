#!/bin/sh
# Signs Windows programs (Authenticode, SHA-256) in place, when there is a
# certificate to sign with; otherwise it leaves them as they are.
#
#   SIGN_P12        the certificate with its key, as PKCS #12
#   SIGN_PASSWORD   a file with the password of it
#   SIGN_TIMESTAMP  the address of a time-stamp server (RFC 3161); without it the
#                   signature ends with the certificate
set -eu

[ -n "${SIGN_P12:-}" ] || exit 0
for file in "$@"; do
	set -- -pkcs12 "$SIGN_P12" -h sha256 -n Loonbrug
	[ -z "${SIGN_PASSWORD:-}" ] || set -- "$@" -readpass "$SIGN_PASSWORD"
	if [ -n "${SIGN_TIMESTAMP:-}" ]; then
		set -- "$@" -ts "$SIGN_TIMESTAMP"
	else
		set -- "$@" -time "$SOURCE_DATE_EPOCH"
	fi
	osslsigncode sign "$@" -in "$file" -out "$file.signed" >&2
	mv "$file.signed" "$file"
done
