# shellcheck shell=bash
# What the tests of the image share: the image, made once, and containers of it. Sourced, after tests/e2e/support.bash.

# shellcheck source=tests/e2e/support.bash
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/support.bash"

# Storage of this run alone.
podman=(podman --root "$IMAGE_WORK/store" --runroot "$IMAGE_WORK/run" --storage-driver vfs --cgroup-manager cgroupfs
    --events-backend none)
image=localhost/royale:test

# with_podman WORD ...: crun refuses the controllers of cgroups 1 beside a hierarchy of version 2: it is not shown that.
with_podman() {
    if [ "$(id -u)" = 0 ] && [ -e /sys/fs/cgroup/unified/cgroup.procs ]; then
        # shellcheck disable=SC2016 # "$@" is the inner shell's
        exec unshare -m bash -c 'umount -l /sys/fs/cgroup/unified && exec "$@"' - "${podman[@]}" "$@"
    fi
    exec "${podman[@]}" "$@"
}

# contained WORD ...: a container as Kubernetes' standard `restricted` has it, without a network; options, then the image's
# arguments behind --.
contained() {
    local options=()
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    with_podman run --rm --network none --cgroups disabled --read-only --cap-drop all --security-opt no-new-privileges \
        --user 10001:10001 --ulimit nofile=1024:1024 --ulimit nproc=4096:4096 "${options[@]}" "$image" "$@"
}

# make_image FOLDER: as make image does it.
make_image() {
    IMAGE_TAG=royale:test "$tree/tools/package/image/build" "$IMAGE_DEB" "$1"
}

# have_image: the image in the store, made by who asks first. Fails, and says why, where no container runs.
have_image() {
    [ -z "$IMAGE_WHY" ] || { echo "$IMAGE_WHY"; return 1; }
    if [ ! -e "$IMAGE_WORK/image/royale.oci.tar" ]; then
        make_image "$IMAGE_WORK/image" >made 2>&1 || { echo "the image cannot be made: $(tail -n 1 made)"; return 1; }
        (with_podman load -q -i "$IMAGE_WORK/image/royale.oci.tar") >loaded 2>&1 || { echo "podman: $(tail -n 1 loaded)"; return 1; }
    fi
    (contained -- version) >ran 2>&1 || { echo "podman runs no container here: $(tail -n 1 ran)"; return 1; }
}

# shared FOLDER ...: folders that a container's user may write to.
shared() {
    mkdir -p "$@" && chmod 1777 "$@"
}

# skipped NAME WHY: as skip, and the runner says it.
skipped() {
    skip "$1" "$2"
    echo "# skipped: $1: $2"
}
