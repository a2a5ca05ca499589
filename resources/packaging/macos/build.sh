#!/bin/sh
# Builds the universal app bundle for macOS and packs it as the zip that is
# named. It needs a Mac with the command line tools: neither Apple's compiler nor
# its frameworks can be had elsewhere. The Makefile sets VERSION, BUILD and
# RELEASE_TAGS; SIGN_IDENTITY names a Developer ID, without which the bundle is
# signed for this Mac only and others must allow it once under Privacy & Security.
set -eu

out=$PWD/$1
if [ "$(uname -s)" != Darwin ]; then
	echo "The app bundle for macOS can only be built on a Mac; run make macos there." >&2
	exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
app=$work/Loonbrug.app/Contents
mkdir -p "$app/MacOS" "$app/Resources" "$work/loonbrug.iconset"

export MACOSX_DEPLOYMENT_TARGET=12.0
for arch in amd64 arm64; do
	clang="clang -arch $(echo $arch | sed s/amd64/x86_64/)"
	CGO_ENABLED=1 GOOS=darwin GOARCH=$arch CC=$clang go build -trimpath -buildvcs=false -tags "$RELEASE_TAGS" \
		-ldflags "-s -w -X main.version=$VERSION" -o "$work/loonbrug-$arch" ./cmd/loonbrug
done
lipo -create -output "$app/MacOS/loonbrug" "$work/loonbrug-amd64" "$work/loonbrug-arm64"

for size in 16 32 128 256 512; do
	sips -z $size $size resources/icons/loonbrug.png --out "$work/loonbrug.iconset/icon_${size}x$size.png" >/dev/null
done
for size in 16 32 128 256; do
	double=$((size * 2))
	sips -z $double $double resources/icons/loonbrug.png --out "$work/loonbrug.iconset/icon_${size}x$size@2x.png" >/dev/null
done
iconutil -c icns -o "$app/Resources/loonbrug.icns" "$work/loonbrug.iconset"
cp resources/licences/licences.txt "$app/Resources/licences.txt"
sed -e "s/@VERSION@/$VERSION/" -e "s/@BUILD@/$BUILD/" resources/packaging/macos/Info.plist >"$app/Info.plist"
plutil -lint -s "$app/Info.plist"

if [ -n "${SIGN_IDENTITY:-}" ]; then
	codesign --force --options runtime --timestamp --sign "$SIGN_IDENTITY" "$work/Loonbrug.app"
else
	codesign --force --sign - "$work/Loonbrug.app"
fi
codesign --verify --strict "$work/Loonbrug.app"
mkdir -p "$(dirname "$out")"
rm -f "$out"
ditto -c -k --keepParent "$work/Loonbrug.app" "$out"
echo "$out"
