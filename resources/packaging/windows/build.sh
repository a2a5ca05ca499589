#!/bin/sh
# Builds the Windows program into the file that is named, with its icon, version
# and manifest. The Makefile sets VERSION, BUILD and RELEASE_TAGS.
set -eu

out=$1
here=resources/packaging/windows
numbers="$(printf '%s' "$VERSION" | sed 's/[^0-9.].*//').$BUILD"
resource=cmd/loonbrug/loonbrug_windows_amd64.syso

work=$(mktemp -d)
trap 'rm -rf "$work" "$resource"' EXIT
{
	printf '#define VERSION_TEXT "%s"\n' "$VERSION"
	printf '#define VERSION_NUMBERS %s\n' "$(printf '%s' "$numbers" | tr . ,)"
} >"$work/version.h"
sed "s/@NUMBERS@/$numbers/" "$here/loonbrug.manifest" >"$work/loonbrug.manifest"
sh "$here/pictures.sh" "$work"
x86_64-w64-mingw32-windres -I "$work" -O coff -i "$here/loonbrug.rc" -o "$resource"

mkdir -p "$(dirname "$out")"
GOOS=windows GOARCH=amd64 CGO_ENABLED=1 CC=x86_64-w64-mingw32-gcc \
	go build -trimpath -buildvcs=false -tags "$RELEASE_TAGS" \
	-ldflags "-s -w -H=windowsgui -X main.version=$VERSION" -o "$out" ./cmd/loonbrug
