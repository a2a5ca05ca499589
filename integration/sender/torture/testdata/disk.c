/*
 * A disk that can be watched and broken, preloaded under a process that uses
 * SQLite. Only files of the database are touched: *.db and *.db-wal.
 *
 * DISK_DURABLE=1: every time such a file is flushed, what it holds then is
 * copied to <file>.durable. Those copies are what the power leaves behind when it
 * fails: nothing that was written and not flushed is in them.
 *
 * DISK_CALL=write|sync|truncate, DISK_NTH=n, DISK_TIMES=k, DISK_ERROR=errno: from
 * the n-th such call on, k of them fail, and the first of them makes the file
 * DISK_FAILED.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long calls;

static int ends(const char *s, const char *end) {
	size_t n = strlen(s), m = strlen(end);
	return n >= m && strcmp(s + n - m, end) == 0;
}

/* path tells whether the descriptor is a file of the database, and which. */
static int path(int fd, char *to, size_t size) {
	char link[64];
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, to, size - 1);
	if (n <= 0) return 0;
	to[n] = 0;
	return ends(to, ".db") || ends(to, ".db-wal");
}

/* fails counts a call and tells whether it is to fail. */
static int fails(const char *call) {
	const char *which = getenv("DISK_CALL");
	if (!which || strcmp(which, call) != 0) return 0;
	long nth = atol(getenv("DISK_NTH")), times = atol(getenv("DISK_TIMES"));
	pthread_mutex_lock(&lock);
	long n = ++calls;
	pthread_mutex_unlock(&lock);
	if (n < nth || n >= nth + times) return 0;
	if (n == nth) close(open(getenv("DISK_FAILED"), O_CREAT | O_WRONLY, 0600));
	errno = atoi(getenv("DISK_ERROR"));
	return 1;
}

/* keep copies what a file holds to <file>.durable, all or nothing. */
static void keep(int fd, const char *file) {
	static ssize_t (*read_at)(int, void *, size_t, off_t);
	static ssize_t (*put)(int, const void *, size_t);
	char part[4200], to[4200], block[65536];
	off_t at = 0;
	ssize_t n;
	if (!read_at) read_at = dlsym(RTLD_NEXT, "pread64");
	if (!put) put = dlsym(RTLD_NEXT, "write");
	pthread_mutex_lock(&lock);
	snprintf(part, sizeof part, "%s.part", file);
	snprintf(to, sizeof to, "%s.durable", file);
	int copy = open(part, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	while ((n = read_at(fd, block, sizeof block, at)) > 0) {
		if (put(copy, block, n) != n) abort();
		at += n;
	}
	close(copy);
	if (rename(part, to) != 0) abort();
	pthread_mutex_unlock(&lock);
}

static int flushed(int fd, const char *name) {
	char file[4096];
	int (*real)(int) = dlsym(RTLD_NEXT, name);
	int ours = path(fd, file, sizeof file);
	if (ours && fails("sync")) return -1;
	int r = real(fd);
	if (r == 0 && ours && getenv("DISK_DURABLE")) keep(fd, file);
	return r;
}

int fsync(int fd) { return flushed(fd, "fsync"); }
int fdatasync(int fd) { return flushed(fd, "fdatasync"); }

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at) {
	static ssize_t (*real)(int, const void *, size_t, off64_t);
	char file[4096];
	if (!real) real = dlsym(RTLD_NEXT, "pwrite64");
	if (path(fd, file, sizeof file) && fails("write")) return -1;
	return real(fd, p, n, at);
}

ssize_t write(int fd, const void *p, size_t n) {
	static ssize_t (*real)(int, const void *, size_t);
	char file[4096];
	if (!real) real = dlsym(RTLD_NEXT, "write");
	if (path(fd, file, sizeof file) && fails("write")) return -1;
	return real(fd, p, n);
}

int ftruncate64(int fd, off64_t n) {
	static int (*real)(int, off64_t);
	char file[4096];
	if (!real) real = dlsym(RTLD_NEXT, "ftruncate64");
	if (path(fd, file, sizeof file) && fails("truncate")) return -1;
	return real(fd, n);
}

int ftruncate(int fd, off_t n) { return ftruncate64(fd, n); }
