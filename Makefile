# shunt: unmodified build tools, a private mirror. `make help` lists the targets.
VERSION := 0.1.0
PREFIX  ?= /usr/local
DESTDIR ?=
BUILD   ?= build
CC      ?= gcc
CLANG   ?= clang

PACKAGES := libcurl openssl libxml-2.0 jansson
WARNINGS := -Wall -Wextra -Werror -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wformat=2 \
            -Wundef -Wvla -Wpointer-arith -Wwrite-strings
COMMON   := -std=gnu17 -Iinclude -DSHUNT_VERSION='"$(VERSION)"' $(WARNINGS)
CFLAGS   ?= -O2 -g
HARDEN   := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
CMD_CFLAGS  = $(COMMON) $(CFLAGS) $(HARDEN) $(shell pkg-config --cflags $(PACKAGES))
CMD_LDFLAGS = -pie -Wl,-z,now -Wl,-z,relro $(shell pkg-config --libs $(PACKAGES))

# --- the command: everything but its main() is also what the unit tests link ---------------------
CORE_SOURCES := $(wildcard shim/common/*.c shim/keys/*.c shim/trust/*.c shim/ecosystems/*.c \
                           shim/broker/*.c) $(filter-out shim/cli/main.c,$(wildcard shim/cli/*.c))
CORE_OBJECTS := $(CORE_SOURCES:%.c=$(BUILD)/obj/%.o)
MAIN_OBJECT  := $(BUILD)/obj/shim/cli/main.o

.PHONY: all help demo test units probes e2e clients test-live lint sanitize fuzz bench install uninstall clean
all: $(BUILD)/shunt $(BUILD)/libshunt.so

help:
	@echo 'make              build $(BUILD)/libshunt.so and $(BUILD)/shunt'
	@echo 'make demo         three unmodified builds through a mirror, without an outside network'
	@echo 'make test         units, probes and end-to-end builds'
	@echo 'make units, probes, e2e    each of them alone'
	@echo 'make clients      fetch more versions of the clients, which the end-to-end builds then use'
	@echo 'make test-live    real projects through a caching mirror of the public registries'
	@echo 'make lint         compilers, clang-format, clang-tidy, shellcheck, house rules'
	@echo 'make sanitize     units with the address and undefined behaviour sanitizers'
	@echo 'make fuzz         each fuzz target for FUZZ_SECONDS ($(FUZZ_SECONDS))'
	@echo 'make bench        what the library costs, beside others, in one run'
	@echo 'make install      to DESTDIR and PREFIX ($(PREFIX)); make uninstall removes it'
	@echo 'make clean        remove $(BUILD)'

# One short line per step; V=1 shows the commands.
ifeq ($(V),)
Q := @
SAY = @printf '%-8s %s\n'
else
SAY = @:
endif

$(BUILD)/shunt: $(MAIN_OBJECT) $(BUILD)/core.a
	$(SAY) LINK $@
	$(Q)$(CC) -o $@ $^ $(CMD_LDFLAGS)

$(BUILD)/core.a: $(CORE_OBJECTS)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c
	$(SAY) CC $<
	@mkdir -p $(@D)
	$(Q)$(CC) $(CMD_CFLAGS) -MMD -MP -c -o $@ $<

# --- the library: freestanding, by the recipe in shim/DESIGN.md ----------------------------------
PRELOAD_SOURCES := $(wildcard shim/preload/*.c)
PRELOAD_OBJECTS := $(PRELOAD_SOURCES:%.c=$(BUILD)/obj/%.o) $(BUILD)/obj/shim/preload/stubs.o
MACHINE := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
PRELOAD_ARCH_x86_64  := -march=x86-64 -fcf-protection=full
PRELOAD_ARCH_aarch64 := -march=armv8-a -mno-outline-atomics -mbranch-protection=standard
PRELOAD_LINK_aarch64 := -Wl,-z,max-page-size=65536
PRELOAD_CFLAGS := $(COMMON) -O2 -g -fPIC -fvisibility=hidden -ffreestanding -fno-builtin \
    -fno-stack-protector -U_FORTIFY_SOURCE -fno-plt -fno-asynchronous-unwind-tables \
    -fno-exceptions -mgeneral-regs-only $(PRELOAD_ARCH_$(MACHINE)) \
    $(if $(findstring clang,$(CC)),,-fno-tree-loop-distribute-patterns)
PRELOAD_LDFLAGS = -shared -nostdlib -nostartfiles -Wl,-soname,$(@F) -Wl,-z,now \
    -Wl,-z,norelro -Wl,-z,noseparate-code -Wl,-z,noexecstack -Wl,-Bsymbolic \
    -Wl,--hash-style=both -Wl,--build-id=sha1 $(PRELOAD_LINK_$(MACHINE))
PRELOAD_SCRIPT := shim/preload/library.ld

$(BUILD)/obj/shim/preload/%.o: shim/preload/%.c
	$(SAY) CC $<
	@mkdir -p $(@D)
	$(Q)$(CC) $(PRELOAD_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/obj/shim/preload/stubs.o: shim/preload/stubs.S shim/preload/hooks.def
	$(SAY) AS $<
	@mkdir -p $(@D)
	$(Q)$(CC) $(PRELOAD_ARCH_$(MACHINE)) -c -o $@ $<

$(BUILD)/libshunt.so: $(PRELOAD_OBJECTS) $(PRELOAD_SCRIPT)
	$(SAY) LINK $@
	$(Q)$(CC) $(PRELOAD_LDFLAGS) -Wl,-T,$(PRELOAD_SCRIPT) -o $@ $(PRELOAD_OBJECTS)

# --- unit tests: one cmocka program per module ----------------------------------------------------
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/*_test.c))

$(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o $(BUILD)/core.a
	$(SAY) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $^ $(CMD_LDFLAGS) $(UNIT_LDFLAGS) -lcmocka

# --- probes: one small program per hook family, for glibc and for musl ----------------------------
PROBES := $(patsubst tests/probe/%.c,%,$(wildcard tests/probe/*.c))
PROBE_PROGRAMS := $(PROBES:%=$(BUILD)/probe/%) $(PROBES:%=$(BUILD)/probe/%-musl)

$(BUILD)/probe/%: tests/probe/%.c tests/probe/probe.h
	$(SAY) CC $@
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu17 -Wall -Wextra -O1 -g -pthread -o $@ $<

$(BUILD)/probe/%-musl: tests/probe/%.c tests/probe/probe.h
	$(SAY) CC $@
	@mkdir -p $(@D)
	$(Q)musl-gcc -std=gnu17 -Wall -Wextra -O1 -g -pthread -o $@ $<

probes: all $(PROBE_PROGRAMS)
	tests/probe/run.sh $(abspath $(BUILD))

# --- benchmarks: print ratios of one run, pass or fail nothing --------------------------------------
$(BUILD)/bench/preload: tests/bench/preload.c
	$(SAY) CC $@
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu17 -Wall -Wextra -Werror -O2 -o $@ $<

$(BUILD)/bench/empty.so: tests/bench/empty.c
	$(SAY) CC $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(PRELOAD_CFLAGS) $(PRELOAD_LDFLAGS) -o $@ $<

bench: bootstrap-bench all $(BUILD)/bench/preload $(BUILD)/bench/empty.so
	tests/bench/bench.sh $(abspath $(BUILD))

units: $(UNIT_TESTS)
	@for t in $(UNIT_TESTS); do $$t || exit 1; done

# --- what a newcomer runs: sets up all it needs, then builds and tests -------------------------------
bootstrap-%:
	@scripts/bootstrap.sh build $*

demo: bootstrap-test
	@echo 'building shunt'
	@out=$$($(MAKE) --no-print-directory all 2>&1) || { echo "$$out"; exit 1; }
	@BUILD=$(abspath $(BUILD)) scripts/demo.sh

test: bootstrap-test
	@$(MAKE) --no-print-directory all
	@$(MAKE) --no-print-directory units probes e2e

e2e: all
	BUILD=$(abspath $(BUILD)) tests/e2e/all.sh

clients: bootstrap-test
	scripts/clients.sh $(abspath $(BUILD))/clients

test-live: bootstrap-test
	@$(MAKE) --no-print-directory all
	BUILD=$(abspath $(BUILD)) tests/live/all.sh

# --- checks -------------------------------------------------------------------------------------------
lint: bootstrap-lint
	scripts/lint.sh

SANITIZE := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
sanitize: bootstrap-lint
	$(MAKE) BUILD=$(BUILD)/sanitize CC=$(CLANG) CFLAGS='$(SANITIZE)' HARDEN=-fPIE \
	    UNIT_LDFLAGS='-fsanitize=address,undefined' units

FUZZ_SECONDS ?= 60
FUZZ_TARGETS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*_fuzz.c))
FUZZ_CFLAGS  := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
fuzz: bootstrap-lint
	$(MAKE) BUILD=$(BUILD)/fuzz CC=$(CLANG) CFLAGS='$(FUZZ_CFLAGS)' HARDEN=-fPIE fuzz-programs
	scripts/fuzz.sh $(abspath $(BUILD))/fuzz $(FUZZ_SECONDS)

fuzz-programs: $(FUZZ_TARGETS:%=$(BUILD)/fuzz/%)
$(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(BUILD)/core.a
	$(SAY) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) -fsanitize=fuzzer,address,undefined -o $@ $^ $(CMD_LDFLAGS)

# --- installing ---------------------------------------------------------------------------------------
INSTALLED := bin/shunt lib/libshunt.so share/man/man1/shunt.1 \
    share/bash-completion/completions/shunt share/zsh/site-functions/_shunt
install: all
	install -D -m 755 $(BUILD)/shunt $(DESTDIR)$(PREFIX)/bin/shunt
	install -D -m 755 $(BUILD)/libshunt.so $(DESTDIR)$(PREFIX)/lib/libshunt.so
	install -D -m 644 shim/cli/shunt.1 $(DESTDIR)$(PREFIX)/share/man/man1/shunt.1
	install -D -m 644 shim/cli/completion.bash \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions/shunt
	install -D -m 644 shim/cli/completion.zsh $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_shunt

uninstall:
	rm -f $(INSTALLED:%=$(DESTDIR)$(PREFIX)/%)

clean:
	rm -rf $(BUILD)

.SECONDARY:
-include $(wildcard $(BUILD)/obj/*/*/*.d)
