#!/bin/sh
# Tries the sender of the Debian package that is named as a service, in a clean root
# file system that is booted with systemd and has a PostgreSQL of its own: set up as
# README.md says, killed, without its database, ended. It runs as root.
set -eu

deb=$(realpath "$1")
. "$(dirname "$0")/root.sh"
booted=

finish() {
	[ -z "$booted" ] || { kill "$booted" && wait "$booted"; } 2>/dev/null || true
	release
	rm -rf --one-file-system "$work"
}
trap finish EXIT

clean_root systemd,systemd-sysv,dbus,ca-certificates,curl
step "installing"
cp "$deb" "$root/tmp/loonbrug.deb"
install postgresql /tmp/loonbrug.deb
release # what boots has its own

step "booting"
systemd-nspawn --quiet --directory="$root" --boot --register=no --keep-unit --private-network --console=pipe </dev/null >"$work/boot" 2>&1 &
booted=$!
within() {
	nsenter --all --target "$(pgrep -P $booted)" env -i PATH=/usr/bin:/usr/sbin:/bin:/sbin HOME=/root LANG=C.UTF-8 "$@"
}
# until waits for what is to come true in two minutes.
until_true() {
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ "$tries" -lt 240 ] || { echo "in vain: $*"; within journalctl --no-pager --lines=50; exit 1; }
		sleep 0.5
	done
}
# answers tells what the sender says of itself.
answers() { [ "$(within curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:9464/$1")" = "$2" ]; }
until_true within systemctl is-active postgresql@15-main

step "setting up"
within sh -eu <<'END'
su postgres -c "psql -qc \"CREATE USER office PASSWORD 'smoke-44'\" -c 'CREATE DATABASE loon OWNER office'"
umask 077
mkdir -p /etc/loonbrug
echo 'postgres://office:smoke-44@127.0.0.1/loon' >/etc/loonbrug/database
echo 'a passphrase for tests' >/etc/loonbrug/passphrase
LOONBRUG_PASSPHRASE='a passphrase for tests' loonbrug --data-dir /root/office shared join --address-file /etc/loonbrug/database
systemctl enable --quiet --now loonbrug-sender
END
answers readyz 200 # or systemd would have waited
within curl -s http://127.0.0.1:9464/metrics | grep '^loonbrug_sender_up 1$'

step "killed"
within systemctl kill --signal=KILL loonbrug-sender
until_true within sh -c 'systemctl show --property=NRestarts loonbrug-sender | grep -q =1'
until_true answers readyz 200

step "without its database"
within systemctl stop postgresql@15-main
until_true answers readyz 503
answers livez 200
within systemctl start postgresql@15-main
until_true answers readyz 200

step "ending"
within systemctl stop loonbrug-sender
[ "$(within systemctl show --property=Result --value loonbrug-sender)" = success ]
! within journalctl --no-pager | grep -F smoke-44 || { echo "the password is in the journal"; exit 1; }
! within journalctl --no-pager --unit=loonbrug-sender | grep -F 'a passphrase for tests' || exit 1
echo "All of it works."
