/*
 * One setting of the machine: what stands there, what should, and how one becomes the other. A
 * stage (tuning/stage.h) is a function that lists its settings; everything else (check, plan, diff,
 * apply, verify, revert, their texts and JSON) is made of that list by one engine.
 *
 * Example: {kind FILE, path /sys/kernel/mm/transparent_hugepage/defrag, form CHOICE, now
 * "always defer [madvise] never", want "never"} is missing; apply saves "madvise", writes "never";
 * revert writes "madvise", after which the file reads as it did, byte for byte.
 */
#ifndef RY_TUNING_SETTING_H
#define RY_TUNING_SETTING_H

#include <stdbool.h>
#include <stddef.h>

#include "tuning/host.h"

#define RY_TUNING_VALUE_BYTES    4096
#define RY_TUNING_SENTENCE_BYTES 512

enum ry_tuning_kind {
    RY_TUNING_FILE = 1,  /* a value that is read and written at a path of /proc, /sys, cgroups */
    RY_TUNING_OWN_FILE,  /* a whole file of ours in /etc (limits.d, ..), `want` with its newlines */
    RY_TUNING_DIRECTORY, /* a folder that has to be there (a cgroup, a mount point): "folder" */
    RY_TUNING_MOUNT,     /* a file system at a path: its type and, with commas, those options that
                            matter, as /proc/mounts says them: "hugetlbfs pagesize=1024M" */
    RY_TUNING_DRIVER,    /* which driver a PCI device has; path is /sys/bus/pci/devices/X, `want`
                            the driver's name, which becomes its driver_override too; `now` both:
                            "ice", "vfio-pci vfio-pci", "-": none */
    RY_TUNING_NIC,       /* path "ens1f0 ring": ethtool's, as calls->nic_get says it */
    RY_TUNING_IRQBALANCE, /* its banned CPUs as a list, by its socket; path "irqbalance" */
    RY_TUNING_FACT,       /* nothing that apply could change: reported, or up to the user */
};

/* How what a file says becomes what is written into it to get the same again. */
enum ry_tuning_form {
    RY_TUNING_PLAIN = 0, /* as it reads */
    RY_TUNING_CHOICE,    /* "always [madvise] never": the word in brackets */
    RY_TUNING_NUMBER,    /* numbers are compared by value */
    RY_TUNING_AT_LEAST,  /* likewise; more than is wanted is as good */
    RY_TUNING_LIST,      /* a list of CPUs, compared as a set */
    RY_TUNING_PART,      /* a list of CPUs; a part of it, but not none, is as good */
    RY_TUNING_MASK,      /* a mask of CPUs, compared as a set */
    RY_TUNING_FIRST,     /* the first word counts ("4 4 1 7"), but not with "invalid" behind it
                            ("isolated invalid (Cpu list in cpuset.cpus not exclusive)") */
    RY_TUNING_WORD, /* one word of several ("cpu io memory"); want "+cpuset": it is among them */
};

enum ry_tuning_state {
    RY_TUNING_OK = 0,   /* as it should be */
    RY_TUNING_MISSING,  /* not as it should be: apply can set it */
    RY_TUNING_YOURS,    /* not as it should be, and yours to set (kernel line, firmware) */
    RY_TUNING_CANNOT,   /* this machine has no such thing, or does not let it be set; `why` */
    RY_TUNING_REPORTED, /* a fact without right or wrong */
};

struct ry_tuning_setting {
    enum ry_tuning_kind kind;
    enum ry_tuning_form form;
    enum ry_tuning_state state; /* the engine's word, for FACT and CANNOT the stage's */
    bool quiet;                 /* one of many alike (an IRQ): shown singly only with --all */
    bool gone_with_boot;        /* not kept by sysctl.d or tmpfiles.d: apply again after a reboot */
    char path[RY_TUNING_PATH_BYTES];
    char now[RY_TUNING_VALUE_BYTES];    /* as read, without the last newline */
    char want[RY_TUNING_VALUE_BYTES];   /* what apply writes */
    char why[RY_TUNING_SENTENCE_BYTES]; /* CANNOT, FACT, YOURS: the reason or the remedy */
};

/* Their words, in the journal of changes, texts and JSON: "own-file", "at-least", "missing". The
 * other way: 0 if there is none of that name (forms: PLAIN). */
const char *ry_tuning_kind_name(enum ry_tuning_kind kind);
const char *ry_tuning_form_name(enum ry_tuning_form form);
const char *ry_tuning_state_name(enum ry_tuning_state state);
enum ry_tuning_kind ry_tuning_kind_named(const char *name);
enum ry_tuning_form ry_tuning_form_named(const char *name);

#endif
