#include "core/role/door.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/role/message.h"
#include "shm/printable.h"

#define CONTROL_BYTES CMSG_SPACE(RY_ROLE_DOOR_REGIONS_MAX * sizeof(int))

void ry_role_door_address(int directory, struct sockaddr_un *address)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/" RY_ROLE_DOOR_NAME,
             directory);
}

/* A connected socket, that waits with a bounded patience or (SOCK_NONBLOCK) not at all; -1 with the
 * reason. */
static int knock(const char *directory, int flags, char why[RY_ROLE_DOOR_WHY_BYTES])
{
    struct sockaddr_un address;
    const struct timeval patience = {.tv_sec = RY_ROLE_DOOR_SECONDS};
    int inside = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0);
    if (inside >= 0 && fd >= 0) {
        ry_role_door_address(inside, &address);
        if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
            setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0 &&
            connect(fd, (const struct sockaddr *)&address, sizeof address) == 0) {
            close(inside);
            return fd;
        }
    }
    int error = errno;
    bool nobody = inside >= 0 && (error == ENOENT || error == ECONNREFUSED);
    snprintf(why, RY_ROLE_DOOR_WHY_BYTES, "%s",
             nobody                           ? RY_ROLE_DOOR_NOBODY
             : inside >= 0 && error == EAGAIN ? RY_ROLE_DOOR_SILENT
                                              : strerror(error));
    if (inside >= 0)
        close(inside);
    if (fd >= 0)
        close(fd);
    return -1;
}

/* NULL, or why the packet cannot be used. */
static const char *judge(const struct ry_role_door_packet *packet, const struct msghdr *header,
                         ssize_t bytes, unsigned descriptors)
{
    bool whole = bytes == (ssize_t)sizeof *packet &&
                 (header->msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0 &&
                 packet->magic == RY_ROLE_DOOR_MAGIC && packet->regions == descriptors;
    if (!whole)
        return "what listens there is no supervisor of this version, or gave up";
    return packet->regions == 0 ? packet->why : NULL;
}

/* 1: there is nothing yet. */
static int receive(int fd, struct ry_role_door *door, char why[RY_ROLE_DOOR_WHY_BYTES])
{
    struct ry_role_door_packet packet;
    union {
        struct cmsghdr align;
        char bytes[CONTROL_BYTES];
    } control;
    struct iovec part = {.iov_base = &packet, .iov_len = sizeof packet};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control.bytes,
                            .msg_controllen = sizeof control.bytes};
    ssize_t bytes = recvmsg(fd, &header, MSG_CMSG_CLOEXEC);
    if (bytes < 0) {
        if (errno == EAGAIN)
            return 1;
        snprintf(why, RY_ROLE_DOOR_WHY_BYTES, "no answer: %s", strerror(errno));
        return -1;
    }
    const unsigned came = ry_role_message_descriptors(&header, door->fd, RY_ROLE_DOOR_REGIONS_MAX);
    door->regions = came < RY_ROLE_DOOR_REGIONS_MAX ? came : RY_ROLE_DOOR_REGIONS_MAX;
    packet.why[sizeof packet.why - 1] = '\0';
    ry_make_printable(packet.why, strlen(packet.why), '?');
    const char *wrong = judge(&packet, &header, bytes, came);
    if (wrong != NULL) {
        snprintf(why, RY_ROLE_DOOR_WHY_BYTES, "%s", wrong);
        ry_role_door_leave(door);
        return -1;
    }
    for (unsigned i = 0; i < door->regions; i++) {
        memcpy(door->name[i], packet.name[i], sizeof door->name[i]);
        door->name[i][sizeof door->name[i] - 1] = '\0';
        ry_make_printable(door->name[i], strlen(door->name[i]), '?');
    }
    return 0;
}

int ry_role_door_enter(struct ry_role_door *door, const char *directory,
                       char why[RY_ROLE_DOOR_WHY_BYTES])
{
    *door = (struct ry_role_door){.regions = 0};
    int fd = knock(directory, 0, why);
    if (fd < 0)
        return -1;
    int result = receive(fd, door, why);
    close(fd);
    if (result != 1)
        return result;
    snprintf(why, RY_ROLE_DOOR_WHY_BYTES, RY_ROLE_DOOR_SILENT);
    return -1;
}

int ry_role_door_knock(const char *directory, char why[RY_ROLE_DOOR_WHY_BYTES])
{
    return knock(directory, SOCK_NONBLOCK, why);
}

int ry_role_door_answer(struct ry_role_door *door, int knocked, char why[RY_ROLE_DOOR_WHY_BYTES])
{
    *door = (struct ry_role_door){.regions = 0};
    int result = receive(knocked, door, why);
    if (result != 1)
        close(knocked);
    return result;
}

int ry_role_door_join(struct ry_role_door *door, struct ry_role_link *link, const char *name,
                      char why[RY_ROLE_DOOR_WHY_BYTES])
{
    char reason[RY_ROLE_LINK_WHY_BYTES] = "not handed out";
    for (unsigned i = 0; i < door->regions; i++) {
        if (door->fd[i] < 0 || strcmp(door->name[i], name) != 0)
            continue;
        if (ry_role_link_join(link, door->fd[i], name, reason) != 0)
            break;
        door->fd[i] = -1;
        return 0;
    }
    *link = (struct ry_role_link){.region.fd = -1};
    snprintf(why, RY_ROLE_DOOR_WHY_BYTES, "cannot map %.32s: %s", name, reason);
    return -1;
}

void ry_role_door_leave(struct ry_role_door *door)
{
    for (unsigned i = 0; i < door->regions; i++)
        if (door->fd[i] >= 0)
            close(door->fd[i]);
    door->regions = 0;
}
