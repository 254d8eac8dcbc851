# The container image of the package of Debian: tools/package/image/build. Included by the Makefile.
.PHONY: image deps-image test-image
deps-image:
	@tools/deps.sh install image

# Of the newest package of SUITE.
image: deps-image deb
	@IMAGE_SUITE=$(SUITE) tools/package/image/build "$$(ls -t $(BUILD)/deb/$(SUITE)/royale_*.deb | head -n 1)" $(BUILD)/image

# In containers; Compose's file and Kubernetes' manifests by their checkers.
test-image: deps deps-image deb
	@$(MAKE) --no-print-directory programs
	@tests/image/run $(BUILD)
