#include "core/role/message.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shm/printable.h"

union control {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int))];
};

int ry_role_message_send(int socket, const struct ry_role_message *message, int fd)
{
    struct ry_role_message copy = *message;
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

/* Padding makes room for more descriptors than were asked for, and the kernel uses it. */
unsigned ry_role_message_descriptors(struct msghdr *header, int *fd, unsigned max)
{
    unsigned count = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        size_t here = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < here; i++) {
            int got;
            memcpy(&got, CMSG_DATA(c) + i * sizeof got, sizeof got);
            if (count < max)
                fd[count] = got;
            else
                close(got);
            count++;
        }
    }
    return count;
}

enum ry_role_message_result ry_role_message_receive(int socket, struct ry_role_message *message,
                                                    int *fd)
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
    if (got < 0)
        return errno == EAGAIN || errno == EINTR ? RY_ROLE_MESSAGE_NONE : RY_ROLE_MESSAGE_CLOSED;
    if (got == 0)
        return RY_ROLE_MESSAGE_CLOSED;
    unsigned descriptors = ry_role_message_descriptors(&header, fd, 1);
    if (descriptors > 1 || got != (ssize_t)sizeof *message ||
        (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
        if (*fd >= 0) {
            close(*fd);
            *fd = -1;
        }
        return RY_ROLE_MESSAGE_BAD;
    }
    message->name[sizeof message->name - 1] = '\0';
    message->text[sizeof message->text - 1] = '\0';
    ry_make_printable(message->name, strlen(message->name), '?');
    ry_make_printable(message->text, strlen(message->text), '?');
    return RY_ROLE_MESSAGE_GOT;
}
