# Packages of Debian: tools/package/deb.sh. Included by the Makefile.
SUITE ?= $(shell . /etc/os-release && echo $$VERSION_CODENAME)
.PHONY: deb deps-deb test-deb
deps-deb:
	@tools/deps.sh install deb

deb: deps deps-deb
	@$(MAKE) --no-print-directory page
	@tools/package/deb.sh $(BUILD) $(SUITE)

# For both releases: what lintian says of them, their bytes twice, their bill, what they do to a host.
test-deb:
	@$(MAKE) --no-print-directory deb SUITE=bookworm
	@$(MAKE) --no-print-directory deb SUITE=trixie
	@tests/package/run $(BUILD)
