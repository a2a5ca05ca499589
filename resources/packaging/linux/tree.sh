#!/bin/sh
# Lays the program for Linux and what its desktop wants to know about it below
# the folder that is named, as they lie below /usr or below ~/.local. The
# Makefile sets VERSION and RELEASE_TAGS.
set -eu

root=$1
here=resources/packaging/linux
id=nl.loonbrug.app

install -d "$root/bin"
go build -trimpath -buildvcs=false -tags "$RELEASE_TAGS" \
	-ldflags "-s -w -X main.version=$VERSION" -o "$root/bin/loonbrug" ./cmd/loonbrug
chmod 755 "$root/bin/loonbrug"

install -D -m 644 "$here/$id.desktop" "$root/share/applications/$id.desktop"
install -D -m 644 "$here/$id.metainfo.xml" "$root/share/metainfo/$id.metainfo.xml"
install -D -m 644 resources/icons/loonbrug.svg "$root/share/icons/hicolor/scalable/apps/$id.svg"
for size in 16 24 32 48 64 128 256 512; do
	folder=$root/share/icons/hicolor/${size}x$size/apps
	install -d "$folder"
	convert resources/icons/loonbrug.png -resize "${size}x$size" -strip \
		-define png:exclude-chunks=date,time "$folder/$id.png"
done
install -d "$root/share/doc/loonbrug"
cp resources/licences/licences.txt "$root/share/doc/loonbrug/copyright"
