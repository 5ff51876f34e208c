all: build/build.ninja
	@ninja -C build
build/build.ninja:
	@meson setup build
