#!/bin/sh
# Packs the program as the tar.xz that is named, with a script that installs it
# for one user, without an administrator.
set -eu

out=$1
name=loonbrug-$VERSION
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sh resources/packaging/linux/tree.sh "$work/$name"
install -m 755 resources/packaging/linux/install.sh "$work/$name/install.sh"
chmod -R u=rwX,go=rX "$work/$name"

mkdir -p "$(dirname "$out")"
tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --format=gnu \
	-C "$work" -cf - "$name" | xz -9 --threads=1 >"$out"
