#!/bin/sh
# Packs the program that dist holds into the installer that is named. The
# Makefile sets VERSION, BUILD and RELEASE_TAGS; SOFTWARE_RENDERER may name
# Mesa's opengl32.dll for computers whose graphics card cannot draw the window.
set -eu

out=$1
here=resources/packaging/windows
numbers="$(printf '%s' "$VERSION" | sed 's/[^0-9.].*//').$BUILD"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sh "$here/pictures.sh" "$work"
cp resources/licences/licences.txt "$work/licences.txt"

set -- "-DVERSION=$VERSION" "-DNUMBERS=$numbers" "-DPROGRAM=$PWD/dist/loonbrug.exe" "-DLICENCES=$work/licences.txt" \
	"-DPICTURES=$work" "-DOUT=$PWD/$out"
[ -z "${SOFTWARE_RENDERER:-}" ] || set -- "$@" "-DSOFTWARE=$SOFTWARE_RENDERER"
[ -z "${SIGN_P12:-}" ] || set -- "$@" -DSIGN=1
# Files keep no times of their own, so that two builds are alike.
find "$work" dist/loonbrug.exe -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
makensis -V2 -WX -NOCD -INPUTCHARSET UTF8 "$@" "$here/installer.nsi" >&2
