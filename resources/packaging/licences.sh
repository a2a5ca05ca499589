#!/bin/sh
# Prints the licences of all that is built into the program, as its packages
# must carry them. GOOS and GOARCH say for which system.
set -eu

modules=$(CGO_ENABLED=1 go list -deps -tags "$RELEASE_TAGS" \
	-f '{{with .Module}}{{if .Version}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' ./cmd/loonbrug)

printf 'Go\n\n'
cat "$(go env GOROOT)/LICENSE"
printf '%s\n' "$modules" | LC_ALL=C sort -u | while read -r path version folder; do
	printf '\n%s\n%s %s\n\n' ------------------------------------------------------------------------ "$path" "$version"
	files=$(find "$folder" -type f \( -iname 'licen[cs]e*' -o -iname 'copying*' \) ! -name '*.go' | LC_ALL=C sort)
	[ -n "$files" ] || { echo "licences: $path has none" >&2; exit 1; }
	printf '%s\n' "$files" | while read -r file; do tr -d '\r' <"$file"; done
done
