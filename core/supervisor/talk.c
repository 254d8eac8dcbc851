/*
 * What roles say to the supervisor, and the regions that go from one to another: offers come in
 * while roles open, each checked against the role's row; when all are open, each gets what its row
 * wants.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "core/supervisor/state.h"
#include "shm/clock.h"

#define STRANGER_MESSAGES_MAX 1024 /* taken at once */

void ry_supervisor_send_kind(struct ry_supervisor *s, struct ry_supervisor_member *role,
                             enum ry_role_message_kind kind)
{
    struct ry_role_message message = {.kind = (uint8_t)kind};
    ry_supervisor_send(s, role, &message, -1);
}

static void send_region(struct ry_supervisor *s, struct ry_supervisor_member *role,
                        const char *name, int fd, pid_t pid)
{
    struct ry_role_message message = {.kind = RY_ROLE_TELL_REGION, .number = pid};
    snprintf(message.name, sizeof message.name, "%s", name);
    if (ry_supervisor_topology_wants(role->row, role->index, name))
        ry_supervisor_send(s, role, &message, fd);
}

/* What the supervisor reads itself: base and watch of each role, and exec's positions. */
static struct ry_role_link *own_link(struct ry_supervisor *s, struct ry_supervisor_member *role,
                                     const char *name)
{
    if (strcmp(name, RY_SUPERVISOR_POSITIONS_NAME) == 0)
        return &s->positions;
    if (strcmp(name, RY_SUPERVISOR_PARTS_NAME) == 0)
        return &s->parts;
    if (ry_role_link_is("ROLE.base", name, 0, 0))
        return &role->base;
    return ry_role_link_is("ROLE.watch", name, 0, 0) ? &role->watch : NULL;
}

static void join_offer(struct ry_supervisor *s, struct ry_supervisor_member *role, const char *name,
                       int fd)
{
    struct ry_role_link *link = own_link(s, role, name);
    if (link == NULL)
        return;
    char why[RY_ROLE_LINK_WHY_BYTES];
    int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (own < 0)
        snprintf(why, sizeof why, "%s", strerror(errno));
    if (own < 0 || ry_role_link_join(link, own, name, why) != 0) {
        ry_supervisor_accuse(s, role, "offers a %s that cannot be used: %s", name, why);
        if (own >= 0)
            close(own);
    } else if (link == &role->watch) {
        ry_supervisor_role_log_join(&role->log, &link->reader);
    }
}

static bool offered_already(const struct ry_supervisor_member *role, const char *name)
{
    for (unsigned i = 0; i < role->offered_count; i++)
        if (strcmp(role->offered[i].name, name) == 0)
            return true;
    return false;
}

static void take_offer(struct ry_supervisor *s, struct ry_supervisor_member *role,
                       const struct ry_role_message *message, int fd)
{
    const bool opening = s->phase == RY_SUPERVISOR_OPENING || role->restarts > 0;
    if (fd < 0 || !opening || role->opened || role->offered_count == RY_SUPERVISOR_OFFERED_MAX ||
        !ry_supervisor_topology_offers(role->row, role->index, s->plan->battle, message->name)) {
        ry_supervisor_accuse(s, role, "offers %s, which the topology does not have", message->name);
        if (fd >= 0)
            close(fd);
        return;
    }
    if (offered_already(role, message->name)) {
        ry_supervisor_accuse(s, role, "offers %s, which it has offered already", message->name);
        close(fd);
        return;
    }
    struct ry_supervisor_offered *offered = &role->offered[role->offered_count++];
    memcpy(offered->name, message->name, sizeof offered->name);
    offered->fd = fd;
    join_offer(s, role, offered->name, fd);
}

void ry_supervisor_stop_rest(struct ry_supervisor *s)
{
    for (unsigned i = 0; i < s->result->count; i++) {
        struct ry_supervisor_member *role = &s->result->role[i];
        if (role->row->end == RY_SUPERVISOR_END_STOPPED && !role->done)
            ry_supervisor_ask_to_stop(s, role);
    }
}

static void take_done(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    role->done = true;
    if (role->row->end == RY_SUPERVISOR_END_LEADS) {
        s->exec_done = true;
        s->exec_done_ns = s->awake_ns;
        s->result->run_ns = ry_clock_ns() - s->go_ns;
        ry_supervisor_noise_ends(s);
        ry_supervisor_feed_not_missed(s);
        ry_supervisor_stop_rest(s);
    }
}

static void hand_out_to(struct ry_supervisor *s, struct ry_supervisor_member *to)
{
    const struct ry_supervisor_result *result = s->result;
    for (unsigned i = 0; i < result->count; i++) {
        const struct ry_supervisor_member *from = &result->role[i];
        for (unsigned k = 0; from != to && k < from->offered_count; k++)
            send_region(s, to, from->offered[k].name, from->offered[k].fd, from->pid);
    }
    send_region(s, to, RY_SUPERVISOR_CONTROL_NAME, s->control.region.fd, getpid());
    ry_supervisor_send_kind(s, to, RY_ROLE_TELL_JOIN);
}

/* The others have joined long ago; who wants what it makes gets it anew. */
static void hand_out_again(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    hand_out_to(s, role);
    for (unsigned i = 0; i < s->result->count; i++)
        for (unsigned k = 0; &s->result->role[i] != role && k < role->offered_count; k++)
            send_region(s, &s->result->role[i], role->offered[k].name, role->offered[k].fd,
                        role->pid);
}

static void take_opened(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    unsigned all = ry_supervisor_topology_offered(role->row, s->plan->battle);
    role->opened = true;
    role->own_user = ry_supervisor_users_is(role->child.pid, role->user);
    if (role->offered_count != all)
        ry_supervisor_accuse(s, role, "offers %u regions of %u", role->offered_count, all);
    else if (s->phase == RY_SUPERVISOR_RUNNING)
        hand_out_again(s, role);
}

static void take_joined(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    if (role->row->stranger)
        ry_supervisor_accuse(s, role, "joins and keeps its socket");
    else if (s->phase == RY_SUPERVISOR_RUNNING && !role->joined)
        ry_supervisor_send_kind(s, role, RY_ROLE_TELL_GO);
    role->joined = true;
}

static void take_failed(struct ry_supervisor_member *role,
                        const char text[RY_ROLE_MESSAGE_TEXT_BYTES])
{
    if (role->why[0] == '\0')
        memcpy(role->why, text, sizeof role->why);
}

static void take_message(struct ry_supervisor *s, struct ry_supervisor_member *role,
                         const struct ry_role_message *message, int fd)
{
    if (message->kind == RY_ROLE_TELL_OFFER) {
        take_offer(s, role, message, fd);
        return;
    }
    if (fd >= 0)
        close(fd);
    switch (message->kind) {
    case RY_ROLE_TELL_OPENED: take_opened(s, role); break;
    case RY_ROLE_TELL_JOINED: take_joined(s, role); break;
    case RY_ROLE_TELL_FAILED: take_failed(role, message->text); break;
    case RY_ROLE_TELL_DONE: take_done(s, role); break;
    default: ry_supervisor_accuse(s, role, "sends a message of unknown kind %u", message->kind);
    }
}

static void take_messages(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    /* A stranger that talks and talks does not keep the supervisor. */
    unsigned left = role->row->stranger ? STRANGER_MESSAGES_MAX : UINT_MAX;
    while (role->child.socket >= 0 && left-- > 0) {
        struct ry_role_message message;
        int fd;
        enum ry_role_message_result result =
            ry_role_message_receive(role->child.socket, &message, &fd);
        if (result == RY_ROLE_MESSAGE_NONE)
            return;
        if (result == RY_ROLE_MESSAGE_CLOSED) {
            close(role->child.socket);
            role->child.socket = -1;
        } else if (result == RY_ROLE_MESSAGE_GOT) {
            take_message(s, role, &message, fd);
        } else {
            ry_supervisor_accuse(s, role, "sends what is no message");
        }
    }
}

/* Each thing once, whatever stands there later. */
static void take_words(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    const struct ry_role_base *base = role->base.head;
    struct ry_role_testimony noted;
    if (!role->row->stranger || base == NULL || role->child.socket >= 0)
        return;
    ry_role_words_read(&base->words, &noted);
    const uint32_t fresh = noted.said & ~role->heard;
    role->heard |= fresh;
    if ((fresh & RY_ROLE_SAID_FAILED) != 0)
        take_failed(role, noted.text);
    if ((fresh & RY_ROLE_SAID_JOINED) != 0)
        role->joined = s->phase != RY_SUPERVISOR_OPENING;
    if ((fresh & RY_ROLE_SAID_DONE) != 0)
        take_done(s, role);
}

void ry_supervisor_listen(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    take_messages(s, role);
    take_words(s, role);
}

void ry_supervisor_hand_out(struct ry_supervisor *s)
{
    for (unsigned i = 0; i < s->result->count; i++)
        hand_out_to(s, &s->result->role[i]);
}

void ry_supervisor_forget(struct ry_supervisor_member *role)
{
    for (unsigned k = 0; k < role->offered_count; k++)
        close(role->offered[k].fd);
    role->offered_count = 0;
    ry_supervisor_role_log_close(&role->log);
    ry_role_link_leave(&role->base);
    ry_role_link_leave(&role->watch);
    if (role->child.socket >= 0)
        close(role->child.socket);
    role->child.socket = -1;
}
