#include "tools/web/outlet.h"

#include <sys/eventfd.h>
#include <unistd.h>

int ry_web_outlet_open(struct ry_web_outlet *outlet)
{
    *outlet = (struct ry_web_outlet){.ready = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    outlet->last = &outlet->first;
    (void)pthread_mutex_init(&outlet->lock, NULL);
    return outlet->ready < 0 ? -1 : 0;
}

void ry_web_outlet_close(struct ry_web_outlet *outlet)
{
    struct ry_web_frame *frame;
    while ((frame = ry_web_outlet_take(outlet)) != NULL)
        ry_web_frame_drop(frame);
    (void)pthread_mutex_destroy(&outlet->lock);
    close(outlet->ready);
}

void ry_web_outlet_put(struct ry_web_outlet *outlet, struct ry_web_frame *frame)
{
    frame->next = NULL;
    pthread_mutex_lock(&outlet->lock);
    *outlet->last = frame;
    outlet->last = &frame->next;
    pthread_mutex_unlock(&outlet->lock);
    (void)eventfd_write(outlet->ready, 1);
}

unsigned ry_web_outlet_readers(struct ry_web_outlet *outlet, bool *wanted)
{
    pthread_mutex_lock(&outlet->lock);
    const unsigned readers = outlet->readers;
    *wanted = outlet->wanted;
    outlet->wanted = false;
    pthread_mutex_unlock(&outlet->lock);
    return readers;
}

static struct ry_web_frame *unlink_first(struct ry_web_outlet *outlet)
{
    pthread_mutex_lock(&outlet->lock);
    struct ry_web_frame *frame = outlet->first;
    if (frame != NULL && (outlet->first = frame->next) == NULL)
        outlet->last = &outlet->first;
    pthread_mutex_unlock(&outlet->lock);
    return frame;
}

struct ry_web_frame *ry_web_outlet_take(struct ry_web_outlet *outlet)
{
    eventfd_t told;
    struct ry_web_frame *frame = unlink_first(outlet);
    if (frame != NULL)
        return frame;
    /* One that is put between the two makes it readable again, or is taken here. */
    (void)eventfd_read(outlet->ready, &told);
    return unlink_first(outlet);
}

void ry_web_outlet_ask(struct ry_web_outlet *outlet, unsigned readers, bool wanted)
{
    pthread_mutex_lock(&outlet->lock);
    outlet->readers = readers;
    outlet->wanted |= wanted;
    pthread_mutex_unlock(&outlet->lock);
}
