#!/bin/sh
# Packs the program as the Debian package that is named. It depends on the
# libraries that the program is linked with, as this system has them, and on those
# that the window's library opens by name.
set -eu

out=$PWD/$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
sh resources/packaging/linux/tree.sh "$root/usr"

install -D -m 644 resources/packaging/linux/loonbrug-sender.service "$root/usr/lib/systemd/system/loonbrug-sender.service"

# dpkg-shlibdeps wants to stand in a source package.
mkdir "$work/debian"
printf 'Source: loonbrug\n\nPackage: loonbrug\nArchitecture: any\n' >"$work/debian/control"
depends=$(cd "$work" && dpkg-shlibdeps -O root/usr/bin/loonbrug 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
[ -n "$depends" ] || { echo "deb: no dependencies found" >&2; exit 1; }
opened="libgl1, libx11-6, libxcursor1, libxext6, libxi6, libxinerama1, libxrandr2, libxrender1, libxxf86vm1"
opened="$opened, libwayland-client0, libwayland-cursor0, libwayland-egl1, libxkbcommon0"

mkdir "$root/DEBIAN"
cat >"$root/DEBIAN/control" <<EOF
Package: loonbrug
Version: $VERSION
Architecture: $(dpkg --print-architecture)
Maintainer: Loonbrug <loonbrug@localhost>
Installed-Size: $(du -sk --apparent-size "$root/usr" | cut -f1)
Depends: $depends, $opened, ca-certificates, xdg-utils
Recommends: gnome-keyring | kwalletmanager | keepassxc, libdecor-0-plugin-1-gtk
Section: misc
Priority: optional
Description: books payroll journals in the office's accounting system
 Loonbrug takes the journal entries that a payroll run produces and books them
 in CASH, Visma.net or Procountor, each in its own period, and proves what
 became of every one of them.
EOF
(cd "$root" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
chmod -R u=rwX,go=rX "$root"
# Who builds, when, and on how many cores must not show.
mkdir -p "$(dirname "$out")"
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Zxz --threads-max=1 --build "$root" "$out" >&2
