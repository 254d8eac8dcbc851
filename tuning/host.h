/*
 * The machine that is tuned: its files, under a root. The root is "" for this machine and a folder
 * in tests, where /sys, /proc, /etc and the cgroup tree are made of plain files; whatever is not a
 * file (an ioctl of a network card, irqbalance's socket, a mount) goes through `calls`, which tests
 * replace by ones that keep their state in files of that folder.
 *
 * Paths are the machine's own ("/sys/kernel/mm/transparent_hugepage/enabled"): the root is put
 * before them here and nowhere else. Nobody but tuning/engine.c writes.
 */
#ifndef RY_TUNING_HOST_H
#define RY_TUNING_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define RY_TUNING_PATH_BYTES 512
#define RY_TUNING_TEXT_BYTES 8192 /* the longest content of one file that is read whole */

struct ry_tuning_host;

/* What is no file, and what the kernel does when a file of its own is written. Each returns 0, or
 * -errno; one that is NULL is not to be had on this host (-ENOSYS). Called by the functions of
 * the same names below. */
struct ry_tuning_calls {
    /* Writes `text` at once into a file that is there; makes a folder; removes an empty one (or a
     * cgroup). NULL: as for any file. */
    int (*write)(const struct ry_tuning_host *host, const char *path, const char *text);
    int (*make_folder)(const struct ry_tuning_host *host, const char *path);
    int (*remove_folder)(const struct ry_tuning_host *host, const char *path);
    /* Ring sizes and coalescing of a network card, as text: "rx 512 tx 512", "rx-usecs 8
     * tx-usecs 8 adaptive-rx 0 adaptive-tx 0" (ethtool's ioctl). `what`: "ring", "coalesce". */
    int (*nic_get)(const struct ry_tuning_host *host, const char *interface, const char *what,
                   char *text, size_t bytes);
    int (*nic_set)(const struct ry_tuning_host *host, const char *interface, const char *what,
                   const char *text);
    /* irqbalance by its own socket: `ask` ("setup", "settings cpus 2,3"), its answer. -ENOENT: it
     * does not run. */
    int (*irqbalance)(const struct ry_tuning_host *host, const char *ask, char *text, size_t bytes);
    /* A driver's module, by its name. */
    int (*load_module)(const struct ry_tuning_host *host, const char *module);
    int (*mount)(const struct ry_tuning_host *host, const char *type, const char *path,
                 const char *options);
    int (*unmount)(const struct ry_tuning_host *host, const char *path);
};

struct ry_tuning_host {
    char root[RY_TUNING_PATH_BYTES]; /* "": this machine */
    const struct ry_tuning_calls *calls;
    void *context; /* of the calls */
    /* Called in front of and behind each effect of the engine: tests end the process there. NULL:
     * nobody wants to know. */
    void (*step)(const struct ry_tuning_host *host);
};

/* This machine (root "", with its calls: tuning/calls.c), or a folder that is like one, without any
 * call. */
void ry_tuning_host_open(struct ry_tuning_host *host, const char *root);

/* The path with the root before it. False: too long. */
bool ry_tuning_host_path(const struct ry_tuning_host *host, const char *path,
                         char full[2 * RY_TUNING_PATH_BYTES]);

/* Reads a whole file; the bytes read, with a 0 behind them, or -errno (-EFBIG: longer). */
ssize_t ry_tuning_host_read(const struct ry_tuning_host *host, const char *path, char *text,
                            size_t bytes);
/* Likewise without the newline at the end; false: it cannot be read. */
bool ry_tuning_host_line(const struct ry_tuning_host *host, const char *path, char *text,
                         size_t bytes);
bool ry_tuning_host_number(const struct ry_tuning_host *host, const char *path, long long *number);
bool ry_tuning_host_exists(const struct ry_tuning_host *host, const char *path);
/* Where a link leads, its last part ("vfio-pci"). */
bool ry_tuning_host_link(const struct ry_tuning_host *host, const char *path, char *name,
                         size_t bytes);
/* Calls `each` with the names in a folder, sorted (numbers by value); true: all were told. */
bool ry_tuning_host_list(const struct ry_tuning_host *host, const char *path,
                         void (*each)(void *context, const char *name), void *context);
/* The paths that a pattern of glob(7) names, sorted likewise. */
bool ry_tuning_host_glob(const struct ry_tuning_host *host, const char *pattern,
                         void (*each)(void *context, const char *path), void *context);

struct ry_tuning_mounted {
    const char *at, *type, *options;
};

/* What is mounted, in the order of /proc/self/mounts: of two at one path the later lies on top. 0,
 * or -errno: the table cannot be read. */
int ry_tuning_host_mounts(const struct ry_tuning_host *host,
                          void (*each)(void *context, const struct ry_tuning_mounted *mounted),
                          void *context);

/* Takes the newline at a text's end away. */
void ry_tuning_host_chop(char *text);

/* The calls, -ENOSYS where the host has none. */
int ry_tuning_host_nic_get(const struct ry_tuning_host *host, const char *interface,
                           const char *what, char *text, size_t bytes);
int ry_tuning_host_irqbalance(const struct ry_tuning_host *host, const char *ask, char *text,
                              size_t bytes);

#endif
