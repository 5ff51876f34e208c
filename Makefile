# SPDX-License-Identifier: Apache-2.0
#
# make            builds build/oddball
# make run        installs what building needs, builds, and scans the logs of this machine
# make test       installs what testing needs, builds, and runs all tests; `make test ONLY=unit`
# make bench      prints the tables of bench/ and refreshes bench/results/
# make asan       the tests under clang's AddressSanitizer and UndefinedBehaviorSanitizer
# make fuzz       each fuzz target for FUZZ_SECONDS; a crash becomes a file of its corpus
# make soak       hours of faults: the server killed KILLS times under load, floods and full disks,
#                 then each fuzz target for FUZZ_SECONDS
# make lint       formatting, clang-tidy, cppcheck;  make format  mends the first
# make bless      rewrites the golden outputs; read the difference before you commit it
# make install    PREFIX=/usr/local DESTDIR=
# make deps       installs what is missing, by apt-get and npm

PREFIX ?= /usr/local
FUZZ_SECONDS ?= 30
KILLS ?= 200
ONLY ?=

JOURNAL := $(if $(wildcard $(addsuffix /log/journal/*/*.journal,/var /run)),journal:)
MESON_SETUP := meson setup --prefix=$(PREFIX)
SANITIZE := -Dbuildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false

BUILDS := build-asan build-native build-fuzz
# Only the program is run, beside that of gcc; build-asan has all files through clang.
TARGET_build-native := oddball

.PHONY: all build $(BUILDS)
.PHONY: deps run test bench asan fuzz soak lint format bless install clean

all: build
build $(BUILDS): %: %/build.ninja
	@ninja -C $@ $(TARGET_$@)

build/build.ninja:
	@tools/deps --check build
	@$(MESON_SETUP) build
build-asan/build.ninja:
	@CC=clang $(MESON_SETUP) $(@D) $(SANITIZE)
build-native/build.ninja:
	@$(MESON_SETUP) $(@D) -Dc_args=-march=native
build-fuzz/build.ninja:
	@CC=clang $(MESON_SETUP) $(@D) $(SANITIZE) -Dfuzzing=true

deps:
	@tools/deps test
run:
	@tools/deps build
	@$(MAKE) --no-print-directory build
	build/oddball scan /var/log $(JOURNAL) || [ $$? -eq 1 ]
test: deps
	@tests/run.py $(ONLY)
bench: build
	@for table in bench/*.py; do python3 $$table build/oddball || exit 1; done
asan: deps
	@tests/run.py sanitizers ASan
fuzz: deps build-fuzz
	@tests/fuzz/run.py build-fuzz $(FUZZ_SECONDS)
soak: deps build
	@python3 tests/serve/kill.py build/oddball $(KILLS)
	@python3 tests/serve/limits.py build/oddball build/bench/load
	@$(MAKE) --no-print-directory fuzz
lint: deps build
	@tests/house/form.py
	@python3 tests/web/form.py
	@tests/house/lint.py build --deep
format:
	@tests/house/form.py --write
	@python3 tests/web/form.py --write
bless: build
	@tests/golden/run.py build/oddball --bless
# A build that was set up for another prefix is set up again: the .pc file names it.
install: build
	@grep -qx 'prefix=$(PREFIX)' build/meson-private/oddball.pc || \
	    { $(MESON_SETUP) --reconfigure build && ninja -C build; }
	@meson install -C build --no-rebuild $(if $(DESTDIR),--destdir=$(DESTDIR))
clean:
	@rm -rf build build-*
