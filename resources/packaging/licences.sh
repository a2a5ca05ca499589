#!/bin/sh
# Writes the licences of all that is built into the program, on every system that
# it is made for, as its packages and its own page must carry them.
set -eu

out=$1
modules=$(for system in linux windows darwin; do
	GOOS=$system GOARCH=amd64 CGO_ENABLED=1 go list -e -deps -tags "$RELEASE_TAGS" \
		-f '{{with .Module}}{{if .Version}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' ./cmd/loonbrug
done | LC_ALL=C sort -u)

{
	printf 'Go\n\n'
	cat "$(go env GOROOT)/LICENSE"
	printf '%s\n' "$modules" | while read -r path version folder; do
		printf '\n%s\n%s %s\n\n' ------------------------------------------------------------------------ "$path" "$version"
		files=$(find "$folder" -type f \( -iname 'licen[cs]e*' -o -iname 'copying*' \) ! -name '*.go' | LC_ALL=C sort)
		[ -n "$files" ] || { echo "licences: $path has none" >&2; exit 1; }
		printf '%s\n' "$files" | while read -r file; do tr -d '\r' <"$file"; echo; done
	done
} >"$out.new"
mv "$out.new" "$out"
