#include "core/follow/mark.h"

#include <assert.h>
#include <sys/mman.h>

int ry_follow_mark_take(struct ry_follow_store *store, struct ry_follow_mark *mark,
                        const struct ry_follow *follow, const struct ry_follow_mark *before)
{
    *mark = (struct ry_follow_mark){.place = ry_journal_place(&follow->reader),
                                    .inputs = follow->inputs,
                                    .memory_bytes = follow->memory_bytes};
    assert(follow->memory == NULL || follow->memory == follow->arena);
    if (ry_follow_pages_take(store, &mark->machine, follow->memory, follow->memory_bytes, true,
                             before == NULL ? NULL : &before->machine) != 0)
        return -1;
    if (ry_follow_pages_take(store, &mark->price_scale, follow->price_scale,
                             sizeof follow->price_scale, false,
                             before == NULL ? NULL : &before->price_scale) != 0) {
        ry_follow_pages_drop(store, &mark->machine);
        return -1;
    }
    return 0;
}

/* Memory for the mark's machine. */
static int make_room(struct ry_follow *follow, size_t bytes)
{
    void *memory = NULL;
    if (bytes == follow->memory_bytes)
        return 0;
    if (bytes > 0)
        memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return -1;
    if (follow->memory != NULL)
        munmap(follow->memory, follow->memory_bytes);
    follow->memory = memory;
    follow->memory_bytes = bytes;
    return 0;
}

int ry_follow_mark_return(const struct ry_follow_store *store, const struct ry_follow_mark *mark,
                          struct ry_follow *follow)
{
    if (make_room(follow, mark->memory_bytes) != 0)
        return -1;
    follow->arena = follow->memory;
    ry_follow_pages_return(store, &mark->machine, follow->memory, follow->memory_bytes, true);
    ry_follow_pages_return(store, &mark->price_scale, follow->price_scale,
                           sizeof follow->price_scale, false);
    ry_journal_return(&follow->reader, &mark->place);
    follow->inputs = mark->inputs;
    follow->in_ring = follow->holds = false;
    follow->text[0] = 0;
    follow->status = RY_FOLLOW_MORE;
    return 0;
}

void ry_follow_mark_drop(struct ry_follow_store *store, struct ry_follow_mark *mark)
{
    ry_follow_pages_drop(store, &mark->machine);
    ry_follow_pages_drop(store, &mark->price_scale);
}
