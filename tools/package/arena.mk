# The machine as a library for programs of others: one header, a static and a shared library. Included by Makefile.
#
# Both are the same one object, in which only the names that the header declares are left: no name of the machine's inside
# meets one of a program's. Without sanitizers: who links it may have none.
ARENA_HEADER := $(BUILD)/include/royale/arena.h
ARENA_ABI := $(shell sed -n 's/^\#define RY_ARENA_ABI \([0-9]*\)u$$/\1/p' core/arena/library.h)
ARENA_SO := libroyale-arena.so.$(ARENA_ABI)
ARENA := $(BUILD)/library/libroyale-arena.a $(BUILD)/library/$(ARENA_SO)
ARENA_TOOL := tools/package/arena_header.py
ARENA_SOURCES := $(call sources,core/arena) shm/records/codes.c
ARENA_OBJECTS := $(patsubst %.c,$(BUILD)/library/%.o,$(ARENA_SOURCES))

programs: $(ARENA_HEADER) $(ARENA)
$(ARENA_HEADER): $(ARENA_TOOL) $(wildcard core/arena/*.h core/arena/*.def shm/*.h shm/records/*.h shm/records/*.def)
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)python3 -B $< core/arena/library.h > $@

$(BUILD)/library/%.o: %.c Makefile $(FLAGS)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(HOUSE_CFLAGS) $(CFLAGS) -fPIC -fno-semantic-interposition -c $< -o $@
$(BUILD)/library/objects: FORCE
	$(call stamp,$(ARENA_SOURCES))
$(BUILD)/library/royale-arena.o: $(ARENA_OBJECTS) $(BUILD)/library/objects $(ARENA_HEADER)
	$(call say,LINK)
	$(Q)$(LD) -r -o $@.all $(ARENA_OBJECTS)
	$(Q)python3 -B $(ARENA_TOOL) core/arena/library.h --names $@.all > $@.names
	$(Q)objcopy --keep-global-symbols=$@.names $@.all $@
$(BUILD)/library/libroyale-arena.a: $(BUILD)/library/royale-arena.o
	@rm -f $@
	$(call say,AR)
	$(Q)ar rcsD $@ $<
$(BUILD)/library/$(ARENA_SO): $(BUILD)/library/royale-arena.o
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS) -shared -Wl,-soname,$(ARENA_SO) -Wl,-z,defs -Wl,--as-needed -o $@ $<
