# `make install` and `make uninstall`: what of a build lies where, by the names of the GNU coding standards. Included by
# Makefile.
#
#   make install prefix=/usr                      below one folder; PREFIX says the same
#   make install prefix=/usr libexecdir=/usr/lib  each folder for itself; say it to `make` too, or programs are linked anew
#   make install DESTDIR=/tmp/root                into a root that is to be packed
#
# bin has what people start: royale, and those of its programs that documents call. royale starts the others from
# libexec/royale; tools/place finds them, wherever the whole was moved to.
PREFIX ?= /usr/local
prefix ?= $(PREFIX)
exec_prefix ?= $(prefix)
bindir ?= $(exec_prefix)/bin
libexecdir ?= $(exec_prefix)/libexec
libdir ?= $(exec_prefix)/lib
includedir ?= $(prefix)/include
datarootdir ?= $(prefix)/share
datadir ?= $(datarootdir)
docdir ?= $(datarootdir)/doc/royale
mandir ?= $(datarootdir)/man
# The machine's own, whichever the prefix: programs name /etc/royale and /var/lib/royale, two installations share them.
sysconfdir ?= /etc
localstatedir ?= /var
ifneq ($(sysconfdir) $(localstatedir),/etc /var)
$(error sysconfdir=$(sysconfdir) localstatedir=$(localstatedir): settings lie in /etc/royale and state in /var/lib/royale, whichever the prefix)
endif
# Where systemd, bash and pkg-config look.
systemdsystemunitdir ?= $(prefix)/lib/systemd/system
sysusersdir ?= $(prefix)/lib/sysusers.d
tmpfilesdir ?= $(prefix)/lib/tmpfiles.d
bashcompletionsdir ?= $(datarootdir)/bash-completion/completions
pkgconfigdir ?= $(libdir)/pkgconfig

INSTALL ?= install
INSTALL_PROGRAM ?= $(INSTALL) -m 755
INSTALL_DATA ?= $(INSTALL) -m 644
TO = $(DESTDIR)

# Programs besides royale that documents tell people to call.
CALLED := royale-view royale-export
VERSION := $(shell sed -n 's/^\#define RY_VERSION "\(.*\)"$$/\1/p' tools/text/version.h)

# ---- what programs are told of it ----------------------------------------------------------------------
# Sources that include what is made here.
TOLD := tools/place/place.c tests/unit/place/test_place.c
LAYOUT := $(BUILD)/gen/layout.h
$(LAYOUT): FORCE
	@mkdir -p $(@D)
	@way() { realpath -ms --relative-to="$$1" "$$2"; }; { \
		printf '#define RY_LAYOUT_LIBEXEC "%s"\n' "$$(way $(bindir) $(libexecdir)/royale)"; \
		printf '#define RY_LAYOUT_LIB "%s"\n' "$$(way $(bindir) $(libdir)/royale)"; \
		printf '#define RY_LAYOUT_SHARE "%s"\n' "$$(way $(bindir) $(datadir)/royale)"; \
		printf '#define RY_LAYOUT_BIN "%s"\n' "$$(way $(libexecdir)/royale $(bindir))"; \
		printf '#define RY_LAYOUT_BIN_NAME "%s"\n' $(notdir $(bindir)); \
	} > $@.new; cmp -s $@.new $@ && rm $@.new || mv $@.new $@
$(call objects,$(TOLD)): $(LAYOUT)

# What royale is made of, for `royale version`; alone in a file of its own, so that a commit changes one program. A tree
# without a clone is told its commit by COMMIT or a file .commit.
COMMIT ?= $(shell tools/package/commit.sh)
ABOUT := $(BUILD)/gen/about
$(ABOUT).c: FORCE
	@mkdir -p $(@D)
	@CC='$(CC)' tools/package/about.sh '$(COMMIT)' '$(subst ','\'',$(HOUSE_CFLAGS) $(SAN) $(CFLAGS) $(HOUSE_LDFLAGS) $(LDFLAGS))' \
		$(sort $(foreach p,$(PROGRAMS),$($(p)_PKGS))) > $@.new; cmp -s $@.new $@ && rm $@.new || mv $@.new $@
$(ABOUT).o: $(ABOUT).c $(FLAGS)
	$(call say,CC)
	$(Q)$(COMPILE) -c $< -o $@
$(BUILD)/bin/royale: $(ABOUT).o

# The software bill of materials: CycloneDX, from what programs are linked with and what dpkg says of it.
BILL := $(BUILD)/share/royale/sbom.cdx.json
.PHONY: sbom
programs sbom: $(BILL)
$(BILL): tools/package/sbom.py $(patsubst %,$(BUILD)/bin/%,$(PROGRAMS)) $(patsubst %,$(BUILD)/lib/royale/%.so,$(STRATEGIES)) $(ARENA) $(EMBEDDED) $(wildcard $(PAGE)/index.html)
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)python3 -B $< $(BUILD) '$(VERSION)' '$(COMMIT)' tools/web/page/package-lock.json > $@

# Pages of the manual that royale writes.
MADE_PAGES := $(BUILD)/man/royale-battle.5 $(BUILD)/man/royale-counters.7
$(BUILD)/man/royale-battle.5: MAN := keys
$(BUILD)/man/royale-counters.7: MAN := counters
programs: $(MADE_PAGES)
$(MADE_PAGES): $(BUILD)/bin/royale
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)$< $(MAN) --man > $@

# A file of the tree for this installation: @bindir@ and the other names in it are written out.
DIRS := prefix bindir libexecdir libdir includedir datadir docdir
written_out = sed -e 's|@PREFIX@|$(prefix)|g; s|@VERSION@|$(VERSION)|g' $(foreach d,$(DIRS),-e 's|@$(d)@|$($(d))|g')
define install_written # FILE PATH
	$(INSTALL) -d $(dir $(TO)$(2))
	$(written_out) $(1) > $(TO)$(2)
	chmod 644 $(TO)$(2)

endef

# ---- install -------------------------------------------------------------------------------------------
PARTS := programs agent arena embedded docs schemas metrics page service completion
.PHONY: install install-strip uninstall $(addprefix install-,$(PARTS))
install: all
	@$(MAKE) --no-print-directory $(addprefix install-,$(PARTS))

install-strip:
	@$(MAKE) --no-print-directory INSTALL_PROGRAM='$(INSTALL_PROGRAM) -s' install

# The rest is of a build that is there, whichever the compiler: nothing is made.
install-programs:
	$(INSTALL) -d $(TO)$(bindir) $(TO)$(libexecdir)/royale
	$(INSTALL_PROGRAM) $(BUILD)/bin/royale $(TO)$(bindir)
	$(INSTALL_PROGRAM) $(patsubst %,$(BUILD)/bin/%,$(filter-out royale,$(PROGRAMS))) $(TO)$(libexecdir)/royale
	$(INSTALL) -m 755 tools/dev/kafka.sh $(TO)$(libexecdir)/royale
	for program in $(CALLED); do \
		ln -sfr $(TO)$(libexecdir)/royale/$$program $(TO)$(bindir)/$$program || exit 1; done
	$(INSTALL_DATA) -D $(BILL) $(TO)$(datadir)/royale/$(notdir $(BILL))

# What an author of strategies needs, and the strategies of the house.
install-agent:
	$(INSTALL) -d $(TO)$(includedir)/royale $(TO)$(libdir)/royale $(TO)$(docdir)/docs/examples
	$(INSTALL_DATA) agents/agent.h $(TO)$(includedir)/royale
	$(INSTALL_PROGRAM) $(patsubst %,$(BUILD)/lib/royale/%.so,$(STRATEGIES)) $(TO)$(libdir)/royale
	$(call install_written,agents/royale-agent.pc.in,$(pkgconfigdir)/royale-agent.pc)
	$(INSTALL_DATA) docs/AGENTS.md $(TO)$(docdir)/docs
	$(INSTALL_DATA) docs/examples/*.c $(TO)$(docdir)/docs/examples

# What a program needs that has the machine in it.
install-arena:
	$(INSTALL) -d $(TO)$(includedir)/royale $(TO)$(libdir)
	$(INSTALL_DATA) $(ARENA_HEADER) $(TO)$(includedir)/royale
	$(INSTALL_DATA) $(ARENA) $(TO)$(libdir)
	ln -sf $(ARENA_SO) $(TO)$(libdir)/libroyale-arena.so
	$(call install_written,core/arena/royale-arena.pc.in,$(pkgconfigdir)/royale-arena.pc)

# A battle inside of a program, beside install-agent's header.
install-embedded:
	$(INSTALL) -d $(TO)$(includedir)/royale $(TO)$(libdir)
	$(INSTALL_DATA) $(EMBEDDED_HEADER) $(TO)$(includedir)/royale
	$(INSTALL_DATA) $(EMBEDDED) $(TO)$(libdir)
	ln -sf $(EMBEDDED_SO) $(TO)$(libdir)/libroyale.so
	$(call install_written,tools/embedded/royale.pc.in,$(pkgconfigdir)/royale.pc)

install-docs:
	for page in docs/man/*.[1-8] $(MADE_PAGES); do \
		$(INSTALL) -d $(TO)$(mandir)/man$${page##*.} && \
		$(INSTALL_DATA) $$page $(TO)$(mandir)/man$${page##*.} || exit 1; done
	$(INSTALL) -d $(TO)$(docdir)/docs
	$(INSTALL_DATA) README.md LICENSE CHANGELOG.md CONTRIBUTING.md $(TO)$(docdir)
	$(INSTALL_DATA) docs/*.md $(TO)$(docdir)/docs
	for file in $$(find docs/examples -type f); do \
		$(INSTALL_DATA) -D $$file $(TO)$(docdir)/$$file || exit 1; done

install-schemas:
	$(INSTALL) -d $(TO)$(datadir)/royale/schemas
	$(INSTALL_DATA) $(SCHEMAS) $(OPENAPI) $(TO)$(datadir)/royale/schemas

# Of a build that has one.
install-page:
	[ ! -e $(PAGE)/index.html ] || (cd $(PAGE) && find . -type f -printf '%P\n') | while read -r file; do \
		$(INSTALL_DATA) -D $(PAGE)/$$file $(TO)$(datadir)/royale/page/$$file || exit 1; done

# For those who scrape royale-web.
install-metrics:
	$(INSTALL) -d $(TO)$(datadir)/royale/prometheus $(TO)$(datadir)/royale/grafana
	$(INSTALL_DATA) tools/web/prometheus/*.yml $(TO)$(datadir)/royale/prometheus
	$(INSTALL_DATA) tools/web/grafana/*.json $(TO)$(datadir)/royale/grafana

# For a machine that runs services: units, sysusers, tmpfiles, logrotate.
SERVICE := tools/package/systemd
UNITS := $(wildcard $(addprefix $(SERVICE)/*.,service timer slice))
install-service:
	$(foreach unit,$(UNITS),$(call install_written,$(unit),$(systemdsystemunitdir)/$(notdir $(unit))))
	$(call install_written,$(SERVICE)/royale.sysusers,$(sysusersdir)/royale.conf)
	$(call install_written,$(SERVICE)/royale.tmpfiles,$(tmpfilesdir)/royale.conf)
	$(call install_written,$(SERVICE)/royale.logrotate,$(datadir)/royale/logrotate/royale)

# Completion for bash: it asks royale itself.
install-completion:
	$(INSTALL_DATA) -D tools/package/royale.bash-completion $(TO)$(bashcompletionsdir)/royale
	for program in $(CALLED); do ln -sf royale $(TO)$(bashcompletionsdir)/$$program || exit 1; done

# ---- uninstall -----------------------------------------------------------------------------------------
# What an installation with the same names makes is taken away, and the folders of royale's own that are empty then.
# Settings, keys, journals, and folders that others use stay.
uninstall:
	@set -e; there='$(abspath $(TO))' all=$$(mktemp -d); trap 'rm -rf "$$all"' EXIT; \
	$(MAKE) --no-print-directory -s DESTDIR="$$all" $(addprefix install-,$(PARTS)); \
	cd "$$all"; \
	find . ! -type d -printf '%P\n' | while read -r file; do rm -f "$$there/$$file"; done; \
	find . -depth -type d -path '*/royale*' -printf '%P\n' | while read -r folder; do \
		[ ! -d "$$there/$$folder" ] || rmdir --ignore-fail-on-non-empty "$$there/$$folder"; done
