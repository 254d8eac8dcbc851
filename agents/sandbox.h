/*
 * The sandbox of an agent's process: what a strategy must not be able to do, as far as the kernel
 * can be asked without more than plain system calls.
 *
 * In two steps around what the host itself still needs; no line of the strategy runs before both
 * are done:
 *   ry_host_sandbox_drop   no new privileges, the user that the supervisor has for it if started as
 *                          root, death with the supervisor, no core dump, no ptrace by others
 *   ry_host_sandbox_lock   closes descriptors, sets the resource limits
 *
 * Not here: system calls are not filtered, the file system and the network are not hidden. The log
 * says which is which.
 */
#ifndef RY_AGENTS_SANDBOX_H
#define RY_AGENTS_SANDBOX_H

#include <stddef.h>
#include <stdint.h>

#define RY_HOST_SANDBOX_STRATEGY_BYTES                                                             \
    ((size_t)1 << 30)                                  /* address space beyond what the host has */
#define RY_HOST_SANDBOX_FILE_BYTES  ((size_t)64 << 20) /* of each file that it writes */
#define RY_HOST_SANDBOX_DESCRIPTORS 16u
#define RY_HOST_SANDBOX_TEXT_BYTES  256

/* What is not in force, for people: "no filter of system calls, no wall around files and network".
 * royale(1) lists all, under ISOLATION. */
struct ry_host_sandbox {
    char missing[RY_HOST_SANDBOX_TEXT_BYTES];
};

/* `user`: to become, as root; 0: there is none for it alone, it becomes nobody. 0, or -1 if the
 * process must not go on: the supervisor died meanwhile. */
int ry_host_sandbox_drop(struct ry_host_sandbox *sandbox, uint32_t user);

/* Leaves 0 .. last_fd and `keep_fd` open. */
void ry_host_sandbox_lock(struct ry_host_sandbox *sandbox, int last_fd, int keep_fd);

#endif
