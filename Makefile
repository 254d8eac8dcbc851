# royale: one build folder, one rule for each kind of file, the same for every program.
#
#   make            the programs, in $(BUILD)/bin
#   make demo       make a day of market data and run it, from a file and through DPDK
#   make test       every test; ends with a line that counts them
#   make help       the rest

BUILD ?= build
ifeq ($(origin CC),default)
CC := gcc
endif
# Yours to set; what the house cannot do without is in the HOUSE variables below, before them.
CFLAGS ?= -O3 -g
LDFLAGS ?=
FUZZ_SECONDS ?= 60
# V=1 shows whole commands.
ifeq ($(V),)
Q := @
say = @printf '  %-4s %s\n' $(1) $@
endif

# Warnings of both compilers, then those that one of them has: a group is taken if the compiler knows it.
WARN_BOTH := -Wall -Wextra -Werror -Wshadow -Wconversion -Wmissing-prototypes -Wmissing-declarations \
	-Wstrict-prototypes -Wold-style-definition -Wnested-externs -Wredundant-decls -Wundef -Wunused-macros \
	-Wvla -Walloca -Wcast-qual -Wcast-align -Wwrite-strings -Wpointer-arith -Wformat=2 -Wnull-dereference \
	-Wdouble-promotion -Wswitch-enum -Wimplicit-fallthrough -Wdate-time
WARN_GCC := -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wjump-misses-init -Wtrampolines \
	-Wcast-align=strict
WARN_CLANG := -Wcomma -Wconditional-uninitialized -Wunreachable-code -Wmissing-variable-declarations \
	-Wextra-semi-stmt
known = $(if $(shell $(CC) -Werror $(1) -fsyntax-only -x c /dev/null 2>&1),,$(1))
WARN := $(WARN_BOTH) $(call known,$(WARN_GCC)) $(call known,$(WARN_CLANG))
# No contraction and no -march: the machine decides alike on every CPU.
HOUSE_CFLAGS := -std=gnu11 $(WARN) -ffp-contract=off -fno-strict-aliasing -fstack-protector-strong \
	-D_GNU_SOURCE -MMD -MP -I.
HOUSE_LDFLAGS := -pthread -Wl,--as-needed
# Of `make asan` and its like, to compiler and linker.
SAN ?=
COMPILE = $(CC) $(HOUSE_CFLAGS) $(call own_cflags,$(1)) $(SAN) $(CFLAGS)
LINK = $(CC) $(HOUSE_LDFLAGS) $(SAN) $(LDFLAGS)

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all demo test long-test bench asan tsan fuzz deps deps-check clean help

all: deps-check
	@$(MAKE) --no-print-directory programs
.PHONY: programs

# ---- what is built from what -------------------------------------------------------------------------
# Every folder is an archive; a file NAME_main.c holds main() and stays out of it.
# What tunes a machine, and what shows it.
TUNING := $(wildcard tuning tuning/stages tuning/probe)
TUNING_TOOLS := $(wildcard tools/plan tools/tune tools/proof tools/doctor)
FOLDERS := shm shm/records $(TUNING) core/role core/battle core/supervisor core/arena core/exec core/journal core/follow core/results \
	feeds feeds/counters feeds/port feeds/wire feeds/line feeds/market agents \
	tools/cli tools/text tools/place tools/counters tools/strategy tools/http tools/trace tools/generate tools/view tools/watch tools/picture tools/top tools/kafka tools/export \
	tools/one tools/fast tools/embedded tools/why tools/explain tools/keys tools/film tools/past tools/library tools/queue tools/api tools/page tools/writes tools/web \
	$(TUNING_TOOLS) tests/model tests/time tests/support
PROGRAMS := royale royale-feed royale-exec royale-journal royale-agent royale-fast royale-view royale-export royale-top royale-web royale-trace royale-explain
STRATEGIES := $(sort $(notdir $(wildcard agents/strategies/*)))

# What a follower is made of, whatever it shows.
FOLLOWER := core/results core/follow core/journal core/arena core/role shm/records shm

royale_MAIN := tools/cli/royale_main.c
royale_FOLDERS := tools/cli $(TUNING_TOOLS) tools/queue tools/picture tools/library tools/keys tools/strategy tools/counters tools/generate tools/view tools/watch tools/why tools/explain tools/export tools/place tools/text core/supervisor core/battle $(TUNING) core/exec feeds feeds/market feeds/wire feeds/port feeds/counters agents $(FOLLOWER)
royale_PKGS := libsystemd yaml-0.1 hwloc libpcap libisal libxxhash libsodium jansson libelf zlib libzstd
royale-feed_MAIN := feeds/feed_main.c
royale-feed_FOLDERS := feeds feeds/market feeds/line feeds/wire feeds/port feeds/counters core/battle core/role shm/records shm
royale-feed_PKGS := libdpdk libpcap zlib libzstd
royale-feed_LDFLAGS = $(DPDK_PORT)
royale-exec_MAIN := core/exec/exec_main.c
royale-exec_FOLDERS := core/exec core/arena core/role shm/records shm
royale-exec_PKGS := libxxhash
royale-journal_MAIN := core/journal/journal_main.c
royale-journal_FOLDERS := core/journal core/role shm/records shm
royale-journal_PKGS := liburing libisal
royale-view_MAIN := tools/view/view_main.c
royale-view_FOLDERS := tools/view tools/text $(FOLLOWER)
royale-view_PKGS := jansson libisal libxxhash libzstd
royale-top_MAIN := tools/top/top_main.c
royale-top_FOLDERS := tools/top tools/picture tools/watch tools/counters tools/text tools/export tools/view agents core/exec feeds/counters core/battle $(FOLLOWER)
royale-top_PKGS := ncursesw yaml-0.1 jansson libisal libxxhash libzstd
royale-export_MAIN := tools/export/export_main.c
royale-export_FOLDERS := tools/export tools/kafka tools/text core/battle $(FOLLOWER)
royale-export_PKGS := rdkafka libprotobuf-c jansson libisal libxxhash libzstd
royale-explain_MAIN := tools/explain/explain_main.c
royale-explain_FOLDERS := tools/explain tools/why tools/http tools/text core/battle $(FOLLOWER)
royale-explain_PKGS := libcurl yaml-0.1 jansson libisal libxxhash libzstd
royale-web_MAIN := tools/web/web_main.c
royale-web_FOLDERS := tools/web tools/api tools/writes tools/page tools/keys tools/past tools/film tools/library tools/picture tools/why tools/explain tools/watch tools/counters tools/strategy tools/place tools/text tools/export tools/view agents core/exec \
	feeds/counters core/supervisor core/battle $(TUNING) $(FOLLOWER)
royale-web_PKGS := libmicrohttpd wslay nettle libsodium libelf hwloc zlib yaml-0.1 jansson libisal libxxhash libzstd
royale-trace_MAIN := tools/trace/trace_main.c
royale-trace_FOLDERS := tools/trace tools/http tools/text $(FOLLOWER)
royale-trace_PKGS := libcurl jansson libisal libxxhash libzstd
royale-agent_MAIN := agents/agent_main.c
royale-agent_FOLDERS := agents core/role shm/records shm
royale-agent_LDFLAGS = $(AGENT_EXPORTS)

, := ,
royale-fast_MAIN := tools/fast/fast_main.c
royale-fast_FOLDERS := tools/fast tools/one feeds feeds/market feeds/line feeds/wire feeds/port feeds/counters agents core/exec core/arena core/journal core/supervisor core/battle core/role \
	shm/records shm
royale-fast_PKGS := libxxhash liburing libisal libpcap zlib libzstd libsodium
royale-fast_LDFLAGS = $(AGENT_EXPORTS) $(patsubst %,-Wl$(,)-u$(,)% -Wl$(,)--export-dynamic-symbol=%,exit _exit _Exit quick_exit)

# For programs that poll devices: feeds/frames.c leaves it out otherwise.
DPDK_PORT := -Wl,-u,ry_port_dpdk_open

# What strategies find in the program that loads them: all of agents/agent.h, also what the program itself never calls.
AGENT_EXPORTS := -Wl,--dynamic-list=agents/api.list $(shell sed -n 's/^  \(ry_.*\);/-Wl,-u,\1/p' agents/api.list)

# Tests and benchmarks may use every folder.
TEST_PKGS := check libsystemd libcurl libmicrohttpd wslay nettle libelf yaml-0.1 hwloc libpcap libisal libxxhash libsodium liburing zlib libzstd jansson libdpdk rdkafka libprotobuf-c ncursesw

pkg_cflags = $(shell pkg-config --cflags $(1) 2>/dev/null | sed 's/-I/-isystem /g')
# Libraries that come without a pkg-config file are linked by name.
BARE_LIBS := wslay
pkg_libs = $(shell pkg-config --libs $(filter-out $(BARE_LIBS),$(1)) 2>/dev/null) $(patsubst %,-l%,$(filter $(BARE_LIBS),$(1)))

# Sorted, because make lists a folder in the order of the user's language, and so it would be linked.
in_folder = $(sort $(wildcard $(1)/*.c))
sources = $(filter-out %_main.c,$(call in_folder,$(1)))
objects = $(patsubst %.c,$(BUILD)/%.o,$(1))
archive = $(BUILD)/lib/$(subst /,-,$(1)).a
archives = $(foreach f,$(1),$(call archive,$(f)))

DPDK_CFLAGS := $(call pkg_cflags,libdpdk)
STRATEGY_CFLAGS := -fPIC -fvisibility=hidden -I$(BUILD)/include
# Sources that see protoc-c's structs.
PROTOBUF := tools/kafka/protobuf.c tools/kafka/decode.c tests/unit/kafka/test_kafka_protobuf.c
# What one source needs beyond the flags of all.
own_cflags = $(if $(filter $(PROTOBUF),$(1)),-isystem $(BUILD)/gen) \
	$(if $(filter $(TOLD),$(1)),-isystem $(BUILD)/gen) \
	$(if $(filter feeds/port/dpdk.c,$(1)),$(DPDK_CFLAGS)) \
	$(if $(filter agents/strategies/% tests/bench/strategies/%,$(1)),$(STRATEGY_CFLAGS))

# A stamp is written anew only if what it says has changed: another compiler or flag rebuilds everything, a
# source that came or went its folder's archive.
.PHONY: FORCE
define stamp
@mkdir -p $(@D)
@printf '%s\n' '$(1)' | cmp -s - $@ || printf '%s\n' '$(1)' > $@
endef
FLAGS := $(BUILD)/flags
FLAGS_SAY := $(call COMPILE) $(HOUSE_LDFLAGS) $(LDFLAGS)
$(FLAGS): FORCE
	$(call stamp,$(FLAGS_SAY))

$(BUILD)/%.o: %.c Makefile $(FLAGS)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(call COMPILE,$<) -c $< -o $@

define folder_rule
$(call archive,$(1)).list: FORCE
	$$(call stamp,$(call sources,$(1)))
$(call archive,$(1)): $(call objects,$(call sources,$(1))) $(call archive,$(1)).list
	@rm -f $$@
	$$(call say,AR)
	$$(Q)ar rcsD $$@ $$(filter %.o,$$^)
endef
$(foreach f,$(FOLDERS),$(eval $(call folder_rule,$(f))))

define program_rule
programs: $(BUILD)/bin/$(1)
$(BUILD)/bin/$(1): $(call objects,$($(1)_MAIN)) $(call archives,$($(1)_FOLDERS))
	@mkdir -p $$(@D)
	$$(call say,LINK)
	$$(Q)$$(LINK) $$($(1)_LDFLAGS) -o $$@ $$(filter %.o,$$^) -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group $$(call pkg_libs,$($(1)_PKGS)) -lm
endef
$(foreach p,$(PROGRAMS),$(if $(wildcard $($(p)_MAIN)),$(eval $(call program_rule,$(p)))))

# Rows in Protocol Buffers: a .proto printed from core/results/rows.def, and protoc-c's code for it, not ours to
# style.
GEN := $(BUILD)/gen
ROW_PROTO := tools/text/row_proto_main.c
$(GEN)/row_proto: $(call objects,$(ROW_PROTO)) $(call archives,tools/text core/results)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(LINK) -o $@ $^
$(GEN)/royale.proto: $(GEN)/row_proto
	$(call say,GEN)
	$(Q)$< > $@
$(GEN)/royale.pb-c.c $(GEN)/royale.pb-c.h &: $(GEN)/royale.proto
	$(call say,GEN)
	$(Q)protoc-c --c_out=$(GEN) --proto_path=$(GEN) $<
$(GEN)/royale.pb-c.o: $(GEN)/royale.pb-c.c
	$(call say,CC)
	$(Q)$(CC) -std=gnu11 -w $(SAN) $(CFLAGS) -c $< -o $@
$(call archive,tools/kafka): $(GEN)/royale.pb-c.o
$(call objects,$(PROTOBUF)): $(GEN)/royale.pb-c.h

# The same for those who read rows, in three languages.
SCHEMAS := $(addprefix $(BUILD)/schemas/royale.,proto schema.json clickhouse.sql)
OPENAPI := $(BUILD)/schemas/royale.openapi.json
$(BUILD)/schemas/royale.proto: ROWS := --proto
$(BUILD)/schemas/royale.schema.json: ROWS := --schema
$(BUILD)/schemas/royale.clickhouse.sql: ROWS := --clickhouse
programs: $(SCHEMAS)
$(SCHEMAS): $(BUILD)/bin/royale
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)$< rows $(ROWS) > $@
programs: $(OPENAPI)
$(OPENAPI): $(BUILD)/bin/royale-web
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)$< --openapi > $@

# The page of royale-web: made anew when one of its sources has changed. `programs` does without where there is no
# npm, or nobody who answers it, and says so.
PAGE := $(BUILD)/share/royale/page
PAGE_SOURCES := tools/page.sh $(shell find tools/web/page -name node_modules -prune -o -name dist -prune -o -type f -print)
.PHONY: page check-page
programs: $(BUILD)/page.tried
page: $(BUILD)/page.built
$(BUILD)/page.built $(BUILD)/page.tried: $(PAGE_SOURCES)
	@mkdir -p $(PAGE)
	@$(if $(V),,printf '  %-4s %s\n' NPM $(PAGE))
	$(Q)tools/page.sh $(if $(filter %.built,$@),build,try) $(abspath $(PAGE))
	$(Q)[ ! -e $(PAGE)/index.html ] || touch $(BUILD)/page.built $(BUILD)/page.tried

check-page:
	@tools/page.sh check

# A strategy: a folder, a library, made from the header as an author has it.
$(BUILD)/include/royale/agent.h: agents/agent.h
	@mkdir -p $(@D)
	$(Q)cp $< $@

define strategy_rule
programs: $(BUILD)/lib/royale/$(1).so
$(call objects,$(call in_folder,agents/strategies/$(1))): $(BUILD)/include/royale/agent.h
$(BUILD)/lib/royale/$(1).so: $(call objects,$(call in_folder,agents/strategies/$(1)))
	@mkdir -p $$(@D)
	$$(call say,LINK)
	$$(Q)$$(LINK) -shared -o $$@ $$^
endef
$(foreach s,$(STRATEGIES),$(eval $(call strategy_rule,$(s))))

$(BUILD)/tests/unit/agents/%: TEST_LDFLAGS += $(AGENT_EXPORTS)
$(BUILD)/tests/unit/feeds/%: TEST_LDFLAGS += $(DPDK_PORT)
tests: $(patsubst %,$(BUILD)/lib/royale/%.so,$(STRATEGIES))

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(call archives,$(FOLDERS))
	$(call say,LINK)
	$(Q)$(LINK) $(TEST_LDFLAGS) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(call pkg_libs,$(TEST_PKGS)) -lm

UNIT := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/*/test_*.c))

# Strategies meet a host that writes down what they issue, in no archive: it stands in for agents/host.c.
STUB_HOST := $(BUILD)/tests/support/stub/strategy_rig.o
STUBBED := $(filter $(addprefix $(BUILD)/tests/unit/agents/,test_strategy_% test_agent_api test_agent_interest test_agent_log test_agent_mistakes),$(UNIT))
$(STUBBED): $(STUB_HOST)

# The Kafka sink meets librdkafka's mock cluster with transactions, likewise: it stands in for functions of the library.
$(filter $(BUILD)/tests/unit/kafka/test_sink%,$(UNIT)): $(patsubst %,$(BUILD)/tests/support/stub/mock_%.o,rig rows)
# And whatever is of librdkafka has threads that the thread sanitizer knows.
$(filter $(BUILD)/tests/unit/kafka/%,$(UNIT)): $(BUILD)/tests/support/stub/mock_threads.o
BENCH := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/bench_*.c))
HELPERS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/e2e/*.c))

# ---- packages ------------------------------------------------------------------------------------------
deps:
	@tools/deps.sh install

deps-suites:
	@tools/deps.sh install suites

deps-kafka:
	@tools/deps.sh install kafka

deps-llm:
	@tools/deps.sh install llm

deps-web:
	@tools/deps.sh install web

deps-guest:
	@tools/deps.sh install guest
deps-ansible:
	@tools/deps.sh install ansible

deps-check:
	@tools/deps.sh check

# ---- trying it -----------------------------------------------------------------------------------------
demo: deps
	@$(MAKE) --no-print-directory programs
	@tools/demo.sh $(BUILD)

# README's sample output, from a real run.
.PHONY: readme
readme: deps
	@$(MAKE) --no-print-directory programs
	@tools/readme.sh $(BUILD)

test: deps
	@$(MAKE) --no-print-directory programs tests
	@tests/run $(BUILD)

.PHONY: tests
tests: $(UNIT) $(HELPERS)

# The same in clean roots of Debian's releases, thrown away afterwards.
SUITES ?= bookworm trixie
.PHONY: test-suites deps-suites
test-suites: deps-suites
	@tests/suites/run $(BUILD) $(SUITES)

# With a real Kafka, which is fetched; the soak takes about an hour.
.PHONY: test-kafka soak-kafka deps-kafka
test-kafka: deps deps-kafka
	@$(MAKE) --no-print-directory programs
	@tests/kafka/run $(BUILD)

soak-kafka: deps deps-kafka
	@$(MAKE) --no-print-directory programs
	@ROYALE_LONG=1 KAFKA_CHAOS=1000 KAFKA_ROWS=10 tests/kafka/run $(BUILD) chaos outage

# The page in a browser; `screenshots` leaves pictures of what it sees in $(BUILD)/screenshots.
.PHONY: test-web screenshots deps-web
test-web: deps deps-web
	@$(MAKE) --no-print-directory programs
	@$(MAKE) --no-print-directory page
	@tests/web/run $(BUILD)

screenshots: deps deps-web
	@$(MAKE) --no-print-directory programs
	@$(MAKE) --no-print-directory page
	@WEB_SCREENSHOTS=$(BUILD)/screenshots tests/web/run $(BUILD)

# In a guest: what needs a kernel of its own, and another start.
.PHONY: test-guest deps-guest
test-guest: deps deps-guest
	@$(MAKE) --no-print-directory programs
	@tests/guest/run $(BUILD)

# On hosts of Debian 12 and 13, each a systemd of its own, what the Ansible collection makes of them.
.PHONY: test-ansible deps-ansible
test-ansible: deps deps-ansible
	@$(MAKE) --no-print-directory programs
	@tests/ansible/run $(BUILD)

# With a small language model, which is fetched, and a server, which is built.
.PHONY: test-llm deps-llm
test-llm: deps deps-llm
	@$(MAKE) --no-print-directory programs tests
	@tests/llm/run $(BUILD)

long-test: deps
	@$(MAKE) --no-print-directory programs tests
	@ROYALE_LONG=1 tests/run $(BUILD)

bench: deps
	@$(MAKE) --no-print-directory programs $(BENCH) $(BENCH_STRATEGIES)
	@tests/bench/run $(BUILD)

# The last `make bench` beside an earlier one of this machine: a copy of its BUILD/bench.tsv.
.PHONY: bench-compare
bench-compare:
	@if [ -z "$(FILE)" ]; then echo 'make bench-compare FILE=EARLIER.tsv: a copy of an earlier BUILD/bench.tsv' >&2; exit 2; fi
	@tests/bench/compare.py '$(FILE)' $(BUILD)/bench.tsv

# What a battle takes of a machine, as docs/OPERATIONS.md has it: cores, memory, disk.
.PHONY: bench-capacity
bench-capacity: deps
	@$(MAKE) --no-print-directory programs
	@tests/bench/capacity.py $(BUILD)

# Built as an author builds them, with the house's warnings.
BENCH_STRATEGIES := $(patsubst %.c,$(BUILD)/%.so,$(wildcard tests/bench/strategies/*.c))
$(BUILD)/tests/bench/strategies/%.so: tests/bench/strategies/%.c $(BUILD)/include/royale/agent.h $(FLAGS)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(call COMPILE,$<) $(HOUSE_LDFLAGS) $(LDFLAGS) -shared -o $@ $<

# The unit tests under the sanitizers; programs too, so that the end-to-end tests run them. Signals of a fault stay the
# program's: who handles them, and what a test sends, is looked at.
asan: deps
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan CC=clang CFLAGS='-O1 -g -fno-omit-frame-pointer' \
		SAN='-fsanitize=address,undefined -fno-sanitize-recover=all' programs tests
	@ASAN_OPTIONS=handle_segv=0:handle_sigbus=0:handle_sigfpe=0 tests/run $(BUILD)/asan

# The unit tests: what has threads or shares memory is there.
tsan: deps
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/tsan CC=clang CFLAGS='-O1 -g' SAN='-fsanitize=thread' tests
	@tests/run $(BUILD)/tsan test_

# ---- fuzzing: one target a decoder, from seeds that tests/fuzz/seeds makes -------------------------------
FUZZ_BUILD := $(BUILD)/fuzz
FUZZ := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
fuzz: deps
	@$(MAKE) --no-print-directory BUILD=$(FUZZ_BUILD) CC=clang CFLAGS='-O1 -g' \
		SAN='-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all' fuzzers
	@tests/fuzz/run $(FUZZ_BUILD) $(FUZZ_SECONDS)

.PHONY: fuzzers
fuzzers: $(patsubst %,$(BUILD)/tests/fuzz/%,$(FUZZ)) $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/seeds.c))
$(BUILD)/tests/fuzz/fuzz_%: TEST_LDFLAGS += -fsanitize=fuzzer

# ---- looking at the code ---------------------------------------------------------------------------------
.PHONY: style coverage
style: deps
	@python3 -B tests/style/style.py .

# gcov counts the lines that the unit tests run; a line a folder.
COVERAGE := $(BUILD)/coverage
coverage: deps
	@$(MAKE) --no-print-directory BUILD=$(COVERAGE) CFLAGS='-O1 -g' SAN=--coverage tests
	@find $(COVERAGE) -name '*.gcda' -delete
	@tests/run $(COVERAGE) test_
	@python3 -B tests/style/coverage.py $(COVERAGE)

# How each source is compiled, for editors and analysers: $(BUILD)/compile_commands.json.
SOURCES := $(sort $(foreach f,$(FOLDERS) tests/support/stub agents/strategies/* tests/unit/* tests/e2e tests/fuzz tests/bench \
	tests/bench/strategies,$(wildcard $(f)/*.c)))
comma := ,
define newline


endef
json = $(subst ",\",$(subst \,\\,$(1)))
command = {"directory": "$(CURDIR)", "file": "$(1)", "output": "$(call objects,$(1))", \
	"command": "$(call json,$(call COMPILE,$(1)) -c $(1) -o $(call objects,$(1)))"}
.PHONY: compile_commands.json
compile_commands.json: $(BUILD)/compile_commands.json
$(BUILD)/compile_commands.json: FORCE
	@mkdir -p $(@D)
	$(file >$@,[$(foreach s,$(SOURCES),$(if $(filter-out $(firstword $(SOURCES)),$(s)),$(comma)$(newline))$(call command,$(s)))])
	@echo $@

# ---- the rest ------------------------------------------------------------------------------------------
include tools/package/arena.mk
include tools/package/embedded.mk
include tools/package/install.mk

include tools/package/deb.mk
include tools/package/image.mk

clean:
	rm -rf $(BUILD) tools/web/page/node_modules tests/web/node_modules

help:
	@sed -n 's/^#   //p' Makefile
	@echo 'make programs tests  what tests/run needs: tests/run build exec/ runs one room, tests/run build e2e_view one test'
	@echo 'make readme     the sample output in README.md, from a real run'
	@echo 'make long-test  the same, with the ten-million-input comparison and the soaks'
	@echo 'make test-suites  build and test in clean roots of Debian 12 and 13; SUITES="bookworm trixie"'
	@echo 'make test-kafka  with a real Kafka, which is fetched; make soak-kafka: 1,000 kills and pauses, 10 million rows'
	@echo 'make test-llm   with a real small language model, which is fetched; its server is built (cmake)'
	@echo 'make test-ansible  the Ansible collection, on hosts of Debian 12 and 13 that are made from packages of Debian'
	@echo 'make test-guest  tuning and its undoing in a QEMU guest, whose root is made from packages of Debian'
	@echo 'make page       the page of royale-web, by npm; make check-page: its types and tests'
	@echo 'make test-web   the page in Chromium; make screenshots leaves pictures in BUILD/screenshots'
	@echo 'make bench      speeds, each beside a baseline of the same run'
	@echo 'make bench-compare FILE=EARLIER.tsv  the last run beside an earlier one of this machine, row by row'
	@echo 'make bench-capacity  cores, memory and disk of a battle, by agents and by how often they order'
	@echo 'make asan tsan  the tests under the sanitizers (clang)'
	@echo 'make style      the rules of the house over the tree: tests/style; each breach with its remedy'
	@echo 'make coverage   the lines that the unit tests run, a line a folder (gcov)'
	@echo 'make compile_commands.json   how each source is compiled, in BUILD, for editors'
	@echo 'make fuzz       each fuzz target for FUZZ_SECONDS (60)'
	@echo 'make deps       install what is missing from the packages of Debian'
	@echo 'make sbom       the software bill of materials: BUILD/share/royale/sbom.cdx.json, CycloneDX'
	@echo 'make install    prefix=/usr/local DESTDIR= bindir libexecdir libdir ..: all names of GNU; make uninstall'
	@echo 'make deb        packages of Debian, in BUILD/deb/SUITE; SUITE=bookworm|trixie; make test-deb'
	@echo 'make image      a container image of it, in BUILD/image; make test-image: in containers, Compose, Kubernetes'
	@echo 'make clean'
	@echo 'BUILD=build CC=gcc|clang CFLAGS="-O3 -g" LDFLAGS='

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
