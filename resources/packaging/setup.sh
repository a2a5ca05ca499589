#!/bin/sh
# Installs what is missing, on Debian and Ubuntu; elsewhere it says what to
# install. It does nothing, and asks for no rights, when everything is there.
#
#   build, test, bench   for building, for the tests, for comparing speed
#   windows, deb         for packing for Windows and for Debian
#   wine, clean-root     for trying those packages
set -eu

say() { printf '%s\n' "$*" >&2; }

go_is_new_enough() {
	command -v go >/dev/null 2>&1 || return 1
	version=$(go env GOVERSION 2>/dev/null || go version | cut -d' ' -f3)
	minor=$(printf '%s' "$version" | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
	[ -n "$minor" ] && [ "$minor" -ge 21 ]
}

if ! go_is_new_enough; then
	say "Go 1.21 or newer is needed (it fetches the exact version by itself)."
	say "Install it from https://go.dev/dl/ or with your system's packages, and run make again."
	exit 1
fi

packages=""
need() { packages="$packages $1"; }
has_package() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q '^install ok installed$'; }

for what in "$@"; do
	wanted="" tools="" # packages, and tools (with their packages) that may have come by other means
	case $what in
	build) wanted="gcc libc6-dev pkg-config libgl1-mesa-dev xorg-dev libwayland-dev libxkbcommon-dev" ;;
	test) wanted="xvfb xdotool imagemagick x11-utils poppler-utils dbus postgresql" tools="chromium:chromium openssl:openssl" ;;
	bench) tools="ledger:ledger hledger:hledger node:nodejs npm:npm" ;;
	windows) wanted="gcc-mingw-w64-x86-64 nsis osslsigncode imagemagick" ;;
	deb) wanted="dpkg-dev xz-utils imagemagick" ;;
	wine) wanted="wine wine64 openssl" ;;
	clean-root) wanted="debootstrap desktop-file-utils appstream systemd-container" ;;
	*) say "setup: unknown part $what"; exit 2 ;;
	esac
	if command -v apt-get >/dev/null 2>&1; then
		for p in $wanted; do has_package "$p" || need "$p"; done
		for t in $tools; do command -v "${t%:*}" >/dev/null 2>&1 || need "${t#*:}"; done
		continue
	fi
	case $what in
	windows | deb | wine | clean-root)
		say "This part of packaging is only prepared for Debian and Ubuntu. It needs: $wanted"
		exit 1
		;;
	esac
	case $(uname -s) in
	Darwin)
		if ! xcode-select -p >/dev/null 2>&1; then
			say "The C compiler is missing. Install it with: xcode-select --install"
			exit 1
		fi
		;;
	*)
		if ! command -v cc >/dev/null 2>&1 || ! pkg-config --exists gl x11 xcursor xrandr xinerama xi xxf86vm wayland-client xkbcommon 2>/dev/null; then
			say "Please install a C compiler, pkg-config and the development files of OpenGL, X11 (Xcursor, Xrandr,"
			say "Xinerama, Xi, Xxf86vm), Wayland and xkbcommon with your system's packages. On Debian they are called:"
			say "  gcc libc6-dev pkg-config libgl1-mesa-dev xorg-dev libwayland-dev libxkbcommon-dev"
			exit 1
		fi
		;;
	esac
	if [ "$what" = test ]; then
		for tool in Xvfb xdotool import xwininfo pdftotext dbus-daemon chromium initdb; do
			command -v "$tool" >/dev/null 2>&1 || {
				say "The tests need $tool, which is missing. They use Xvfb, xdotool, ImageMagick, xwininfo, pdftotext, dbus-daemon, Chromium and PostgreSQL."
				exit 1
			}
		done
	fi
done

[ -n "$packages" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null 2>&1; then
		say "These packages are missing and can only be installed by an administrator:"
		say "  apt-get install$packages"
		exit 1
	fi
	as_root="sudo"
fi
say "Installing what is missing:$packages"
$as_root apt-get update -qq >&2
# shellcheck disable=SC2086 # a list of packages is meant
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >&2
