#!/bin/sh
# Installs Loonbrug for this user below ~/.local, or takes it away again:
#
#   sh install.sh            installs, or replaces an older version
#   sh install.sh remove     takes the program away and leaves the data
set -eu

cd "$(dirname "$0")"
base=${XDG_DATA_HOME:-$HOME/.local/share}
bin=$HOME/.local/bin
id=nl.loonbrug.app

refresh() {
	if command -v update-desktop-database >/dev/null 2>&1; then update-desktop-database -q "$base/applications" || true; fi
	if command -v gtk-update-icon-cache >/dev/null 2>&1; then gtk-update-icon-cache -q -t "$base/icons/hicolor" || true; fi
}

case ${1:-install} in
install)
	mkdir -p "$bin"
	# A running program cannot be written over, but its name can be given away.
	cp bin/loonbrug "$bin/.loonbrug.new"
	mv -f "$bin/.loonbrug.new" "$bin/loonbrug"
	(cd share && find . -type f) | while read -r file; do
		mkdir -p "$base/$(dirname "$file")"
		cp "share/$file" "$base/$file"
	done
	# The desktop may not look for programs in ~/.local/bin.
	sed -i "s|^Exec=loonbrug|Exec=\"$bin/loonbrug\"|" "$base/applications/$id.desktop"
	refresh
	echo "Loonbrug is installed: $bin/loonbrug"
	;;
remove)
	(cd share && find . -type f) | while read -r file; do rm -f "$base/$file"; done
	rm -f "$bin/loonbrug"
	rmdir "$base/doc/loonbrug" 2>/dev/null || true
	refresh
	echo "Loonbrug is removed; its data is still in $base/loonbrug"
	;;
*)
	echo "use: sh install.sh [remove]" >&2
	exit 2
	;;
esac
