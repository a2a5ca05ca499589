#!/bin/sh
# Tries the Debian package and the tar.xz that are named in a clean root file
# system: installed, started without and with a window, removed. It runs as root. The
# screenshot goes to screenshots/.
set -eu

deb=$(realpath "$1")
tar=$(realpath "$2")
mkdir -p screenshots
shot=$PWD/screenshots/deb-window.png
display=
. "$(dirname "$0")/root.sh"

finish() {
	[ -z "$display" ] || kill "$display" 2>/dev/null || true
	release
	rm -rf --one-file-system "$work"
}
trap finish EXIT

clean_root ca-certificates
$inside useradd -m office
office="$inside HOME=/home/office LANG=nl_NL.UTF-8 LOONBRUG_PASSPHRASE=smoke setpriv --reuid=office --regid=office --clear-groups"

step "installing"
cp "$deb" "$root/tmp/loonbrug.deb"
install /tmp/loonbrug.deb
$inside dpkg -L loonbrug | sed -n 's/^/  /p' | grep -v '/$' | tail -n 20

step "working without a display"
$office loonbrug --version
$office loonbrug practice --headless
[ "$($office loonbrug practice --headless --json | grep -c '"state": "booked"')" -eq 9 ]

step "working in a window"
mkfifo "$work/number"
Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$work/number" 2>/dev/null &
display=$!
read -r number <"$work/number"
$office env DISPLAY=":$number" FYNE_THEME=light FYNE_SCALE=1 loonbrug practice >"$work/window" 2>&1 &
window=$!
# A page with logos, tables and text has many colours, an opening one few.
tries=0
until [ "$(DISPLAY=:$number import -window root "$shot" && identify -format %k "$shot")" -gt 1000 ]; do
	kill -0 "$window" 2>/dev/null || { cat "$work/window"; exit 1; }
	tries=$((tries + 1))
	[ "$tries" -lt 120 ] || { echo "no window was drawn"; exit 1; }
	sleep 1
done
echo "  $shot"
kill "$window"
wait "$window"

step "removing"
$inside dpkg -L loonbrug | sort >"$work/files"
well $inside apt-get purge -y -qq loonbrug
while read -r file; do
	[ ! -f "$root$file" ] || { echo "left behind: $file"; exit 1; }
done <"$work/files"
[ -d "$root/home/office/.local/share/loonbrug" ] || { echo "the data is gone"; exit 1; }

step "installing for one user"
cp "$tar" "$root/tmp/loonbrug.tar.xz"
install xz-utils
$office sh -c 'cd && tar -xJf /tmp/loonbrug.tar.xz && sh loonbrug-*/install.sh && ~/.local/bin/loonbrug --version && sh loonbrug-*/install.sh remove'
[ ! -e "$root/home/office/.local/bin/loonbrug" ]
echo "All of it works."
