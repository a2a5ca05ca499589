# Everything a person or a machine does with this repository starts here.
# "make run" and "make test" are all a newcomer needs; both install what is missing.

TAGS := migrated_fynedo
GO   := go
BIN  := bin/loonbrug
TIME := 30s
DUCKDB := 1.5.6-r.1

SEEDS := 10000
KILLS := 500

# What is released. The packaging scripts read these.
VERSION := $(shell sed -n 's/^Version = "\(.*\)"/\1/p' FyneApp.toml)
BUILD := $(shell sed -n 's/^Build = //p' FyneApp.toml)
RELEASE_TAGS := $(TAGS),no_animations,no_emoji
SOURCE_DATE_EPOCH := $(shell git log -1 --format=%ct 2>/dev/null || echo 1767225600)
PACKAGING := resources/packaging
INSTALLER := dist/loonbrug-$(VERSION)-setup.exe
DEB := dist/loonbrug_$(VERSION)_$(shell dpkg --print-architecture 2>/dev/null).deb
TAR := dist/loonbrug-$(VERSION)-linux.tar.xz

.PHONY: run test test-postgres check same race torture bench smoke smoke-network pictures fuzz build setup setup-test clean
.PHONY: licences windows installer deb macos smoke-windows smoke-deb smoke-service

run: build
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname -s)" = Darwin ]; then \
		$(BIN) --practice-if-new; \
	else \
		echo "No display found, so no window can open: running the practice office without one."; \
		$(BIN) practice --headless; \
	fi

build: setup
	$(GO) build -trimpath -tags $(TAGS) -ldflags '-X main.version=$(VERSION)' -o $(BIN) ./cmd/loonbrug

# Everything that must pass, the real window under Xvfb included.
test: setup-test
	$(GO) test -tags $(TAGS) -timeout 30m ./...
	$(GO) test -tags $(TAGS) -timeout 30m ./data/settings ./data/store ./integration/office -engine postgres
	$(MAKE) --no-print-directory smoke

# All tests of what a database is under, on a PostgreSQL server that they start, and
# the commands and windows on it too.
test-postgres: setup-test
	$(GO) test -tags $(TAGS) -timeout 60m ./data/settings ./data/store ./integration/office ./integration/sender ./integration/sender/torture -engine postgres
	$(GO) test -tags $(TAGS),smoke -count=1 -timeout 60m -skip '^TestWine' ./cmd/loonbrug -engine postgres

# The real window under Xvfb, clicked through; screenshots go to screenshots/.
smoke: setup-test
	$(GO) test -tags $(TAGS),smoke -count=1 -run '^TestWindow' -timeout 15m ./cmd/loonbrug

# The same with the database on a computer of its own: network namespaces, whose
# cables are pulled out. It needs the rights of root.
smoke-network: setup-test
	$(GO) test -tags $(TAGS),smoke,network -count=1 -v -p 1 -run '^TestNetwork' -timeout 60m ./cmd/loonbrug ./integration/sender/torture -args -kills 50

# The pictures of the guide and of README.md, taken anew by the window tests.
# The window stands in the corner of a larger display, and is 1180 by 760.
pictures: smoke
	@for p in accounts:accounts administrations:administrations export:export 4-mapping:mapping 5-receipt-CASH:receipt problem:problem overview:overview; do \
		convert screenshots/$${p%:*}.png -crop 1180x760+0+0 +repage resources/guide/$${p#*:}.png || exit 1; \
	done

# Form and rules. The screens must build without cgo. The first time builds
# golangci-lint, which takes minutes.
check: setup
	@test -z "$$($(GO) tool gofumpt -l cmd data integration resources ui)" || { $(GO) tool gofumpt -d cmd data integration resources ui; exit 1; }
	$(GO) vet -tags $(TAGS) ./...
	$(GO) vet -tags $(TAGS),smoke,network ./cmd/... ./integration/sender/...
	CGO_ENABLED=0 $(GO) vet -tags $(TAGS) ./ui/...
	$(GO) tool staticcheck -tags $(TAGS) ./...
	$(GO) tool -modfile=$(PACKAGING)/lint.mod golangci-lint run
	$(GO) test -tags $(TAGS) -run '^TestRules' ./cmd/loonbrug

# Two builds from scratch, which must give the same bytes; prints their hashes.
same: setup
	@mkdir -p bin
	$(GO) build -a -trimpath -tags $(TAGS) -ldflags "-X main.version=$(VERSION)" -o bin/same-1 ./cmd/loonbrug
	$(GO) build -a -trimpath -tags $(TAGS) -ldflags "-X main.version=$(VERSION)" -o bin/same-2 ./cmd/loonbrug
	@sha256sum bin/same-1 bin/same-2
	@cmp bin/same-1 bin/same-2 && rm bin/same-1 bin/same-2

# The licences of all that is built in, from the module cache; a test says when it
# has to be done again.
licences: setup
	@RELEASE_TAGS=$(RELEASE_TAGS) sh $(PACKAGING)/licences.sh resources/licences/licences.txt

race: setup-test
	$(GO) test -race -tags $(TAGS) -timeout 40m ./...

# The proof of the sender: every schedule of one sending, SEEDS simulated lives,
# KILLS real processes killed, failing power and disks, restored backups, and all
# mutants. It takes an hour or more and ends with a table of figures.
# make torture SEED=7 repeats one life and tells its story.
torture: setup-test
ifdef SEED
	$(GO) test -tags $(TAGS) -count=1 -v -run '^TestSeeds$$' ./integration/sender/torture -seed $(SEED)
else
	@mkdir -p bin && rm -f bin/torture.txt
	@failed=0; \
	$(GO) test -tags $(TAGS) -count=1 -timeout 24h ./integration/sender/torture \
		-whole -seeds $(SEEDS) -kills $(KILLS) -figures $(CURDIR)/bin/torture.txt || failed=1; \
	$(GO) test -tags $(TAGS) -count=1 -timeout 24h ./integration/sender -engine postgres || failed=1; \
	$(GO) test -tags $(TAGS) -count=1 -timeout 24h -run '^Test(Schedules|Drafts|Seeds|Clock|TwoPeople|Duplicate|Restore|Orphan|Wire|Kills)' \
		./integration/sender/torture -engine postgres -seeds $$(($(SEEDS) / 20)) -kills $$(($(KILLS) / 5)) -figures $(CURDIR)/bin/torture.txt || failed=1; \
	$(GO) test -tags $(TAGS) -count=1 -timeout 24h -run '^TestKills$$' ./cmd/loonbrug \
		-kills $$(($(KILLS) / 10)) -figures $(CURDIR)/bin/torture.txt || failed=1; \
	echo; cat bin/torture.txt; exit $$failed
endif

# Speed as ratios in one run, beside the programs it is compared with; one that
# cannot be had is "not measured".
bench: setup-test
	-@sh resources/packaging/setup.sh bench
	-@npm install --silent --no-audit --no-fund --no-save --prefix bin/bench @duckdb/node-api@$(DUCKDB)
	$(GO) test -tags $(TAGS),bench -count=1 -v -p 1 -run '^TestBench' -timeout 60m ./data/store ./integration/sender ./cmd/loonbrug
	$(GO) test -tags $(TAGS),bench,smoke -count=1 -v -run '^TestBench_Window' -timeout 30m ./cmd/loonbrug
	$(GO) test -run '^$$' -bench . -benchtime 1s -tags $(TAGS) ./integration/payrollfile ./data/store ./ui/widgets

# Every fuzz target for TIME each: make fuzz TIME=10m
fuzz: setup
	@for p in $$(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
		for f in $$(grep -h '^func Fuzz' $$p/*_test.go | sed 's/func \(Fuzz[A-Za-z0-9_]*\).*/\1/'); do \
			echo "$$p $$f"; $(GO) test -tags $(TAGS) -run '^$$' -fuzz "^$$f$$" -fuzztime $(TIME) $$p || exit 1; \
		done; \
	done

windows installer deb macos smoke-windows smoke-deb smoke-service: export VERSION := $(VERSION)
windows installer deb macos smoke-windows smoke-deb smoke-service: export BUILD := $(BUILD)
windows installer deb macos smoke-windows smoke-deb smoke-service: export RELEASE_TAGS := $(RELEASE_TAGS)
windows installer deb macos smoke-windows smoke-deb smoke-service: export SOURCE_DATE_EPOCH := $(SOURCE_DATE_EPOCH)

# The program for Windows, cross-built; signed when SIGN_P12 names a certificate.
windows:
	@sh $(PACKAGING)/setup.sh windows
	@sh $(PACKAGING)/twice.sh windows/build.sh dist/loonbrug.exe
	@sh $(PACKAGING)/windows/sign.sh dist/loonbrug.exe

# The installer for Windows, signed likewise.
installer: windows
	@sh $(PACKAGING)/twice.sh windows/installer.sh $(INSTALLER)
	@sh $(PACKAGING)/windows/sign.sh $(INSTALLER)

# The packages for Linux: one for Debian and Ubuntu, one that a user installs.
deb:
	@sh $(PACKAGING)/setup.sh build deb
	@sh $(PACKAGING)/twice.sh linux/deb.sh $(DEB)
	@sh $(PACKAGING)/twice.sh linux/tar.sh $(TAR)

# The app bundle for macOS; on a Mac.
macos:
	@sh $(PACKAGING)/setup.sh build
	@sh $(PACKAGING)/macos/build.sh dist/loonbrug-$(VERSION)-macos.zip

# The Windows program under Wine: headless, in a window, installed and removed.
smoke-windows: installer
	@sh $(PACKAGING)/setup.sh test wine
	LOONBRUG_INSTALLER=$(CURDIR)/$(INSTALLER) $(GO) test -tags $(TAGS),smoke,wine -count=1 -run '^TestWine' -timeout 60m ./cmd/loonbrug

# The Debian package in a clean root file system: installed, started, removed.
smoke-deb: deb
	@sh $(PACKAGING)/setup.sh test clean-root
	@sh $(PACKAGING)/linux/smoke.sh $(DEB) $(TAR)

# The sender of the package as a service, in a clean root file system with systemd.
smoke-service: deb
	@sh $(PACKAGING)/setup.sh clean-root
	@sh $(PACKAGING)/linux/service.sh $(DEB)

setup:
	@sh resources/packaging/setup.sh build

setup-test:
	@sh resources/packaging/setup.sh build test

clean:
	rm -rf bin dist screenshots
