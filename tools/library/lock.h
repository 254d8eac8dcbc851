/*
 * Who runs battles in a folder, by a lock of the folder itself (flock): each `royale run` shares it
 * while its battle runs, so does royale-web while it starts one; whoever wants to know that nobody
 * does asks for it alone. The kernel lets go of it however a process ends.
 */
#ifndef RY_TOOLS_LIBRARY_LOCK_H
#define RY_TOOLS_LIBRARY_LOCK_H

/* A descriptor that shares the lock until it is closed; -1 with errno. Waits for a moment for one
 * who asks, at most. */
int ry_library_lock_share(const char *directory);

/* 1: nobody shares it; 0: somebody does; -1 with errno. */
int ry_library_lock_free(const char *directory);

#endif
