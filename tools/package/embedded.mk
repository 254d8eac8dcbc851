# A battle as a library for programs of others (docs/EMBEDDED.md): a header beside royale/agent.h, and a shared library,
# which is also where the strategies that it loads find what agent.h declares. Included by Makefile, behind arena.mk,
# whose rule makes its objects: without sanitizers, as who links it may have none.
EMBEDDED_HEADER := $(BUILD)/include/royale/embedded.h
EMBEDDED_ABI := $(shell sed -n 's/^\#define RY_EMBEDDED_ABI \([0-9]*\)u$$/\1/p' tools/embedded/embedded.h)
EMBEDDED_SO := libroyale.so.$(EMBEDDED_ABI)
EMBEDDED := $(BUILD)/library/$(EMBEDDED_SO)
EMBEDDED_FOLDERS := tools/embedded tools/one tools/view tools/text feeds feeds/market feeds/line feeds/wire feeds/port feeds/counters agents \
	core/results core/follow core/exec core/arena core/journal core/supervisor core/battle core/role shm/records shm
EMBEDDED_PKGS := libxxhash liburing libisal libpcap zlib libzstd libsodium yaml-0.1 jansson
# Left out: what is a program's own, or a device's.
EMBEDDED_SOURCES := $(filter-out feeds/port/dpdk.c,$(foreach f,$(EMBEDDED_FOLDERS),$(call sources,$(f))))
EMBEDDED_OBJECTS := $(patsubst %.c,$(BUILD)/library/%.o,$(EMBEDDED_SOURCES))
EMBEDDED_NAMES := $(BUILD)/library/embedded.names

programs: $(EMBEDDED_HEADER) $(EMBEDDED)
$(EMBEDDED_HEADER): tools/embedded/embedded.h
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)sed 's|^#include "agents/agent.h"|#include <royale/agent.h>|' $< > $@

# What it exports: the functions of both headers.
$(EMBEDDED_NAMES): tools/embedded/embedded.h agents/api.list tools/package/embedded.mk
	@mkdir -p $(@D)
	$(Q){ echo '{ global:'; sed -n 's/^  \(ry_.*;\)/\1/p' agents/api.list; \
		sed 's|/\*.*\*/||' $< | grep -vE '^(static| \*|/\*)' | grep -oE '\bry_embedded_[a-z]+\(' | sort -u | tr '(' ';'; echo 'local: *; };'; } > $@
$(BUILD)/library/embedded.objects: FORCE
	$(call stamp,$(EMBEDDED_SOURCES))
$(BUILD)/library/embedded.a: $(EMBEDDED_OBJECTS) $(BUILD)/library/embedded.objects
	@rm -f $@
	$(call say,AR)
	$(Q)ar rcsD $@ $(EMBEDDED_OBJECTS)
$(EMBEDDED): $(BUILD)/library/embedded.a $(EMBEDDED_NAMES)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS) -pthread -shared -Wl,-soname,$(EMBEDDED_SO) -Wl,-z,defs -Wl,--as-needed -Wl,--version-script=$(EMBEDDED_NAMES) \
		$(shell sed -n 's/^  \(ry_.*\);/-Wl,-u,\1/p' agents/api.list) $(patsubst %,-Wl$(,)-u$(,)ry_embedded_%,open step finish) -o $@ $< $(call pkg_libs,$(EMBEDDED_PKGS)) -lm
	$(Q)ln -sf $(EMBEDDED_SO) $(BUILD)/library/libroyale.so
