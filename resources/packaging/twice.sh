#!/bin/sh
# Builds a file twice, the second time from a copy of the sources in another
# folder, and prints its size and whether both came out alike. Neither finds an
# older file to keep: both are linked and packed anew, only compiled packages are
# taken from Go's cache.
#
#   twice.sh SCRIPT FILE    SCRIPT is below resources/packaging and takes FILE
set -eu

script=resources/packaging/$1
file=$2
mkdir -p dist
rm -f "$file"
sh "$script" "$file"

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
tar -cf - --exclude=./.git --exclude=./bin --exclude=./screenshots --exclude="./$file" . | tar -xf - -C "$copy"
(cd "$copy" && sh "$OLDPWD/$script" "$file")

hash() { sha256sum "$1" | cut -d' ' -f1; }
size=$(stat -c %s "$file")
printf '%s  %d bytes (%d.%d MB)\n' "$file" "$size" $((size / 1000000)) $((size / 100000 % 10))
printf '  first build   %s\n  second build  %s\n' "$(hash "$file")" "$(hash "$copy/$file")"
if cmp -s "$file" "$copy/$file"; then
	echo "  alike"
elif [ -n "${SIGN_TIMESTAMP:-}" ]; then
	echo "  not alike, as both carry a time stamp"
else
	echo "  NOT ALIKE" >&2
	exit 1
fi
