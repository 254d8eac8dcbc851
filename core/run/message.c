#include "core/run/message.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union control {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int))];
};

int ry_message_send(int socket, const struct ry_message *message, int fd)
{
    struct ry_message copy = *message;
    struct iovec part = {.iov_base = &copy, .iov_len = sizeof copy};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    union control control = {.bytes = {0}};
    if (fd >= 0) {
        header.msg_control = control.bytes;
        header.msg_controllen = sizeof control.bytes;
        struct cmsghdr *beside = CMSG_FIRSTHDR(&header);
        beside->cmsg_level = SOL_SOCKET;
        beside->cmsg_type = SCM_RIGHTS;
        beside->cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(beside), &fd, sizeof fd);
    }
    ssize_t sent;
    do {
        sent = sendmsg(socket, &header, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)sizeof copy ? 0 : -1;
}

static int descriptor_beside(struct msghdr *header)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
            c->cmsg_len == CMSG_LEN(sizeof(int))) {
            int fd;
            memcpy(&fd, CMSG_DATA(c), sizeof fd);
            return fd;
        }
    }
    return -1;
}

enum ry_message_result ry_message_receive(int socket, struct ry_message *message, int *fd)
{
    struct iovec part = {.iov_base = message, .iov_len = sizeof *message};
    union control control;
    struct msghdr header = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof control.bytes,
    };
    *fd = -1;
    ssize_t got;
    do {
        got = recvmsg(socket, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
        /* The other side closed with words of ours unread: said once, before what it sent itself.
         */
    } while (got < 0 && errno == ECONNRESET);
    if (got < 0) {
        return errno == EAGAIN || errno == EINTR ? RY_MESSAGE_NONE : RY_MESSAGE_CLOSED;
    }
    if (got == 0) {
        return RY_MESSAGE_CLOSED;
    }
    *fd = descriptor_beside(&header);
    if (got != (ssize_t)sizeof *message || (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
        if (*fd >= 0) {
            close(*fd);
            *fd = -1;
        }
        return RY_MESSAGE_BAD;
    }
    message->name[sizeof message->name - 1] = '\0';
    message->text[sizeof message->text - 1] = '\0';
    return RY_MESSAGE_GOT;
}
