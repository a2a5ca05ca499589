# A clean root file system in which a package is tried; smoke.sh and service.sh read
# this. It needs the rights of root, because only root may make such a system.
# After clean_root the words in $inside run a program in it.

work=$(mktemp -d)
root=$work/root
inside="chroot $root env -i PATH=/usr/bin:/usr/sbin:/bin:/sbin DEBIAN_FRONTEND=noninteractive"

step() { printf '== %s\n' "$*"; }

# well runs what has much to tell, and tells it if it fails.
well() { "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }; }

# clean_root makes it, with packages of the distribution that are named.
clean_root() {
	step "a clean root file system"
	well debootstrap --variant=minbase --include="$1" "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$root"
	# Packages come from where this computer takes them.
	rm -f "$root/etc/apt/sources.list"
	cp -r /etc/apt/. "$root/etc/apt/"
	cp -L /etc/resolv.conf "$root/etc/resolv.conf"
	mount --bind /proc "$root/proc"
	mount -t tmpfs shm "$root/dev/shm"
}

# install puts packages into it, of the distribution or files in it.
install() {
	$inside apt-get update -qq
	well $inside apt-get install -y -qq --no-install-recommends "$@"
}

# release gives back what clean_root mounted.
release() { for at in proc dev/shm; do umount "$root/$at" 2>/dev/null || true; done; }
