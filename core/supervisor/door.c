#include "core/supervisor/door.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "core/role/secret.h"
#include "core/supervisor/state.h"

#define WAITING_MAX   16   /* clients that the kernel lets wait */
#define CLOSING_US    5000 /* what a close may take */
#define GROUPS_MAX    1024 /* of a peer, that are looked at */
#define ANCESTORS_MAX 64
#define STAT_BYTES    512

_Static_assert(
    2 * RY_SUPERVISOR_MEMBERS_MAX + 2 <= RY_ROLE_DOOR_REGIONS_MAX,
    "a packet has room for each process's watch and spans, the inputs and the journal's positions");

/* ---- closing --------------------------------------------------------------------------------- */

static void interrupt(int number)
{
    (void)number;
}

/* Closes a socket that others could send to. Descriptors that nobody took out of it are closed with
 * it, and the last one of a TCP connection that lingers (SO_LINGER) keeps whoever closes it as long
 * as its owner has chosen. A signal ends that wait, and all others of the same close; the timer
 * comes again, in case that it comes before the wait. */
static void close_at_once(int fd)
{
    const struct itimerval again = {.it_interval = {.tv_usec = CLOSING_US},
                                    .it_value = {.tv_usec = CLOSING_US}},
                           never = {.it_value = {0}};
    struct sigaction action = {.sa_handler = interrupt}, before;
    struct itimerval timer;
    (void)sigaction(SIGALRM, &action, &before);
    (void)setitimer(ITIMER_REAL, &again, &timer);
    close(fd);
    (void)setitimer(ITIMER_REAL, &never, NULL);
    (void)sigaction(SIGALRM, &before, NULL);
    (void)setitimer(ITIMER_REAL, &timer, NULL);
}

/* ---- the socket ------------------------------------------------------------------------------ */

static int cannot(char why[RY_ROLE_DOOR_WHY_BYTES], const char *what)
{
    snprintf(why, RY_ROLE_DOOR_WHY_BYTES, "%s: %s", what, strerror(errno));
    return RY_SUPERVISOR_DOOR_NONE;
}

/* Nobody but owner and group ever gets to see it. */
static int bind_closed(int listener, const struct sockaddr_un *address)
{
    mode_t before = umask(S_IXUSR | S_IXGRP | S_IRWXO);
    int result = bind(listener, (const struct sockaddr *)address, sizeof *address);
    int error = errno;
    umask(before);
    errno = error;
    return result;
}

/* Somebody's socket is there: is it a dead supervisor's? Then it goes. */
static int replace(struct ry_supervisor_door *door, const struct sockaddr_un *address,
                   char why[RY_ROLE_DOOR_WHY_BYTES])
{
    struct stat status;
    int probe = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (probe < 0)
        return cannot(why, "no socket");
    int connected = connect(probe, (const struct sockaddr *)address, sizeof *address);
    int error = errno;
    close(probe);
    errno = error;
    if (connected == 0 || error == EAGAIN) {
        snprintf(why, RY_ROLE_DOOR_WHY_BYTES,
                 "another battle runs in this directory (its " RY_ROLE_DOOR_NAME " answers)");
        return RY_SUPERVISOR_DOOR_TAKEN;
    }
    if (error != ECONNREFUSED)
        return cannot(why, "another's " RY_ROLE_DOOR_NAME);
    if (fstatat(door->directory, RY_ROLE_DOOR_NAME, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISSOCK(status.st_mode)) {
        snprintf(why, RY_ROLE_DOOR_WHY_BYTES, RY_ROLE_DOOR_NAME " is there and is no socket");
        return RY_SUPERVISOR_DOOR_NONE;
    }
    if (unlinkat(door->directory, RY_ROLE_DOOR_NAME, 0) != 0 ||
        bind_closed(door->listener, address) != 0)
        return cannot(why, "a dead battle's " RY_ROLE_DOOR_NAME);
    return RY_SUPERVISOR_DOOR_OPEN;
}

static int make(struct ry_supervisor_door *door, const char *directory,
                char why[RY_ROLE_DOOR_WHY_BYTES])
{
    struct sockaddr_un address;
    struct stat status;
    door->directory = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (door->directory < 0)
        return cannot(why, "the directory");
    door->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (door->listener < 0)
        return cannot(why, "no socket");
    ry_role_door_address(door->directory, &address);
    if (bind_closed(door->listener, &address) != 0) {
        if (errno != EADDRINUSE)
            return cannot(why, RY_ROLE_DOOR_NAME);
        int result = replace(door, &address, why);
        if (result != RY_SUPERVISOR_DOOR_OPEN)
            return result;
    }
    if (fstatat(door->directory, RY_ROLE_DOOR_NAME, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return cannot(why, RY_ROLE_DOOR_NAME);
    door->device = status.st_dev;
    door->inode = status.st_ino;
    door->owner = status.st_uid;
    door->group = status.st_gid;
    return listen(door->listener, WAITING_MAX) == 0 ? RY_SUPERVISOR_DOOR_OPEN
                                                    : cannot(why, RY_ROLE_DOOR_NAME);
}

enum ry_supervisor_door_result ry_supervisor_door_open(struct ry_supervisor_door *door,
                                                       const char *directory,
                                                       char why[RY_ROLE_DOOR_WHY_BYTES])
{
    *door = (struct ry_supervisor_door){.listener = -1, .directory = -1};
    int result = make(door, directory, why);
    if (result != RY_SUPERVISOR_DOOR_OPEN)
        ry_supervisor_door_close(door);
    return (enum ry_supervisor_door_result)result;
}

void ry_supervisor_door_close(struct ry_supervisor_door *door)
{
    struct stat status;
    if (door->inode != 0 &&
        fstatat(door->directory, RY_ROLE_DOOR_NAME, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        status.st_dev == door->device && status.st_ino == door->inode)
        (void)unlinkat(door->directory, RY_ROLE_DOOR_NAME, 0);
    if (door->listener >= 0)
        close_at_once(door->listener);
    if (door->directory >= 0)
        close(door->directory);
    *door = (struct ry_supervisor_door){.listener = -1, .directory = -1};
}

/* ---- who is let in --------------------------------------------------------------------------- */

static bool is_agents_user(uid_t uid)
{
    return uid == RY_ROLE_STRANGER_UID_NOBODY ||
           (uid >= RY_ROLE_STRANGER_UID_FIRST &&
            uid - RY_ROLE_STRANGER_UID_FIRST < RY_ROLE_STRANGER_UID_RANGES * RY_AGENTS_MAX);
}

static bool in_group(int client, const struct ucred *peer, gid_t group)
{
    gid_t groups[GROUPS_MAX];
    socklen_t bytes = sizeof groups;
    if (peer->gid == group)
        return true;
    if (getsockopt(client, SOL_SOCKET, SO_PEERGROUPS, groups, &bytes) != 0)
        return false;
    for (size_t i = 0; i < bytes / sizeof groups[0]; i++)
        if (groups[i] == group)
            return true;
    return false;
}

/* Its parent's number as /proc has it; -1: it cannot be seen. */
static pid_t parent_of(pid_t pid)
{
    char path[32], text[STAT_BYTES];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    ssize_t bytes = read(fd, text, sizeof text - 1);
    close(fd);
    if (bytes <= 0)
        return -1;
    text[bytes] = '\0';
    /* "7 (a name) of any kind) S 6 ...": the last parenthesis ends the name. */
    const char *after = strrchr(text, ')');
    int parent;
    return after != NULL && sscanf(after, ") %*c %d", &parent) == 1 ? (pid_t)parent : -1;
}

/* True if the supervisor started it, or somebody whom the supervisor started did; and if that
 * cannot be told. An ancestor that cannot be seen has another user, and is nobody's whom the
 * supervisor started. */
static bool is_of_the_battle(pid_t pid)
{
    pid_t parent = pid > 0 ? parent_of(pid) : -1;
    if (parent < 0)
        return true;
    for (unsigned i = 0; i < ANCESTORS_MAX && parent > 0; i++) {
        if (parent == getpid())
            return true;
        parent = parent_of(parent);
    }
    return parent > 0;
}

/* True if the peer gets the regions; false with the reason. */
static bool is_let_in(const struct ry_supervisor_door *door, int client,
                      char why[RY_ROLE_DOOR_WHY_BYTES])
{
    struct ucred peer;
    socklen_t bytes = sizeof peer;
    if (getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &bytes) != 0) {
        snprintf(why, RY_ROLE_DOOR_WHY_BYTES, "the kernel does not say who asks");
    } else if (is_agents_user(peer.uid)) {
        snprintf(why, RY_ROLE_DOOR_WHY_BYTES, "user %u is an agent's", peer.uid);
    } else if (peer.uid != 0 && peer.uid != door->owner && !in_group(client, &peer, door->group)) {
        snprintf(why, RY_ROLE_DOOR_WHY_BYTES,
                 "user %u is neither the owner (%u) nor in the group (%u)", peer.uid, door->owner,
                 door->group);
    } else if (is_of_the_battle(peer.pid)) {
        snprintf(why, RY_ROLE_DOOR_WHY_BYTES, "process %d belongs to the battle, or is gone",
                 (int)peer.pid);
    } else {
        return true;
    }
    return false;
}

/* ---- answers --------------------------------------------------------------------------------- */

struct answer {
    struct ry_role_door_packet packet;
    int fd[RY_ROLE_DOOR_REGIONS_MAX];
};

/* Adds a descriptor that cannot even be asked to write; the seals would refuse that too. */
static bool add_region(struct answer *answer, const struct ry_supervisor_offered *offered)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", offered->fd);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    memcpy(answer->packet.name[answer->packet.regions], offered->name, sizeof offered->name);
    answer->fd[answer->packet.regions++] = fd;
    return true;
}

static void close_regions(struct answer *answer)
{
    for (unsigned i = 0; i < answer->packet.regions; i++)
        close(answer->fd[i]);
    answer->packet.regions = 0;
}

static void add_regions(const struct ry_supervisor *s, struct answer *answer)
{
    for (unsigned i = 0; i < s->result->count; i++) {
        const struct ry_supervisor_member *role = &s->result->role[i];
        for (unsigned k = 0; k < role->offered_count; k++) {
            const struct ry_supervisor_offered *offered = &role->offered[k];
            if (!ry_supervisor_topology_wants(&ry_supervisor_observers, 0, offered->name))
                continue;
            if (!add_region(answer, offered)) {
                snprintf(answer->packet.why, sizeof answer->packet.why, "cannot open %s: %s",
                         offered->name, strerror(errno));
                close_regions(answer);
                return;
            }
        }
    }
}

static void send_answer(int client, const struct answer *answer)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof answer->fd)];
    } control = {.bytes = {0}};
    struct ry_role_door_packet copy = answer->packet;
    struct iovec part = {.iov_base = &copy, .iov_len = sizeof copy};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    size_t bytes = answer->packet.regions * sizeof answer->fd[0];
    if (bytes > 0) {
        header.msg_control = control.bytes;
        header.msg_controllen = CMSG_SPACE(bytes);
        struct cmsghdr *beside = CMSG_FIRSTHDR(&header);
        beside->cmsg_level = SOL_SOCKET;
        beside->cmsg_type = SCM_RIGHTS;
        beside->cmsg_len = CMSG_LEN(bytes);
        memcpy(CMSG_DATA(beside), answer->fd, bytes);
    }
    /* A client that is gone, or has no room for one packet, does without. */
    (void)sendmsg(client, &header, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void answer_client(struct ry_supervisor *s, int client)
{
    struct answer answer = {.packet = {.magic = RY_ROLE_DOOR_MAGIC}};
    char *why = answer.packet.why;
    if (!is_let_in(&s->door, client, why)) {
        if (!s->door.refused) {
            char line[RY_ROLE_DOOR_WHY_BYTES + 64];
            s->door.refused = true;
            snprintf(line, sizeof line, "refused an observer: %s; others will not be told", why);
            ry_supervisor_show(s, line);
        }
    } else if (s->phase != RY_SUPERVISOR_RUNNING) {
        snprintf(why, RY_ROLE_DOOR_WHY_BYTES, "the battle has not begun");
    } else {
        add_regions(s, &answer);
    }
    send_answer(client, &answer);
    close_regions(&answer);
}

void ry_supervisor_answer_door(struct ry_supervisor *s)
{
    while (s->door.listener >= 0 && s->door.left > 0) {
        int client = accept4(s->door.listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (client < 0 && errno == EAGAIN)
            return;
        s->door.left--;
        if (client >= 0) {
            answer_client(s, client);
            close_at_once(client);
        }
    }
}
