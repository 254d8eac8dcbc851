#include "tuning/ethtool.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

union order {
    uint32_t command;
    struct ethtool_ringparam ring;
    struct ethtool_coalesce coalesce;
};

/* One word of a text: which field of the order it is. */
struct word {
    const char *name;
    size_t at;
};

static const struct word ring[] = {
    {"rx", offsetof(union order, ring.rx_pending)},
    {"tx", offsetof(union order, ring.tx_pending)},
    {NULL, 0},
};
static const struct word ring_max[] = {
    {"rx", offsetof(union order, ring.rx_max_pending)},
    {"tx", offsetof(union order, ring.tx_max_pending)},
    {NULL, 0},
};
static const struct word coalesce[] = {
    {"rx-usecs", offsetof(union order, coalesce.rx_coalesce_usecs)},
    {"rx-frames", offsetof(union order, coalesce.rx_max_coalesced_frames)},
    {"tx-usecs", offsetof(union order, coalesce.tx_coalesce_usecs)},
    {"tx-frames", offsetof(union order, coalesce.tx_max_coalesced_frames)},
    {"adaptive-rx", offsetof(union order, coalesce.use_adaptive_rx_coalesce)},
    {"adaptive-tx", offsetof(union order, coalesce.use_adaptive_tx_coalesce)},
    {NULL, 0},
};

/* One text: the kernel's commands (0: only read) and its words. */
static const struct subject {
    const char *what;
    uint32_t get, set;
    const struct word *word;
} subjects[] = {
    {"ring", ETHTOOL_GRINGPARAM, ETHTOOL_SRINGPARAM, ring},
    {"ring-max", ETHTOOL_GRINGPARAM, 0, ring_max},
    {"coalesce", ETHTOOL_GCOALESCE, ETHTOOL_SCOALESCE, coalesce},
};

static const struct subject *subject_named(const char *what)
{
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
        if (strcmp(subjects[i].what, what) == 0)
            return &subjects[i];
    return NULL;
}

static uint32_t *field(union order *order, const struct word *word)
{
    return (uint32_t *)(void *)((char *)order + word->at);
}

/* 0, or -errno. */
static int ask(const char *interface, union order *order)
{
    struct ifreq request = {.ifr_data = (void *)order};
    if (strlen(interface) >= sizeof request.ifr_name)
        return -ENODEV;
    strcpy(request.ifr_name, interface);
    int socket_of = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket_of < 0)
        return -errno;
    int result = ioctl(socket_of, SIOCETHTOOL, &request) == 0 ? 0 : -errno;
    close(socket_of);
    return result;
}

int ry_tuning_ethtool_get(const struct ry_tuning_host *host, const char *interface,
                          const char *what, char *text, size_t bytes)
{
    (void)host;
    const struct subject *subject = subject_named(what);
    if (subject == NULL)
        return -EINVAL;
    union order order = {.command = 0};
    order.command = subject->get;
    int result = ask(interface, &order);
    if (result != 0)
        return result;
    size_t used = 0;
    for (const struct word *word = subject->word; word->name != NULL && used < bytes; word++)
        used += (size_t)snprintf(text + used, bytes - used, "%s%s %u", used == 0 ? "" : " ",
                                 word->name, *field(&order, word));
    return used < bytes ? 0 : -EFBIG;
}

/* Puts "rx 512 tx 512" into the order. */
static int take(union order *order, const struct subject *subject, const char *text)
{
    char name[32], number[16], *end;
    int taken = 0;
    for (; sscanf(text, " %31s %15s%n", name, number, &taken) == 2; text += taken) {
        const struct word *word = subject->word;
        while (word->name != NULL && strcmp(word->name, name) != 0)
            word++;
        unsigned long value = strtoul(number, &end, 10);
        if (word->name == NULL || *end != 0 || value > UINT32_MAX)
            return -EINVAL;
        *field(order, word) = (uint32_t)value;
    }
    return text[strspn(text, " ")] == 0 ? 0 : -EINVAL;
}

/* Some drivers (ice) take no other times while they choose them themselves, also in the one call
 * that lets them choose: the times first, then the choice. */
static int set_in_two(const char *interface, union order order)
{
    uint32_t rx = order.coalesce.use_adaptive_rx_coalesce;
    uint32_t tx = order.coalesce.use_adaptive_tx_coalesce;
    order.coalesce.use_adaptive_rx_coalesce = order.coalesce.use_adaptive_tx_coalesce = 0;
    int result = ask(interface, &order);
    if (result != 0)
        return result;
    order.coalesce.use_adaptive_rx_coalesce = rx;
    order.coalesce.use_adaptive_tx_coalesce = tx;
    order.command = ETHTOOL_SCOALESCE;
    return ask(interface, &order);
}

int ry_tuning_ethtool_set(const struct ry_tuning_host *host, const char *interface,
                          const char *what, const char *text)
{
    (void)host;
    const struct subject *subject = subject_named(what);
    if (subject == NULL || subject->set == 0)
        return -EINVAL;
    union order order = {.command = 0};
    order.command = subject->get;
    int result = ask(interface, &order);
    if (result == 0)
        result = take(&order, subject, text);
    if (result != 0)
        return result;
    order.command = subject->set;
    result = ask(interface, &order);
    if (result == -EINVAL && subject->set == ETHTOOL_SCOALESCE &&
        (order.coalesce.use_adaptive_rx_coalesce != 0 ||
         order.coalesce.use_adaptive_tx_coalesce != 0))
        return set_in_two(interface, order);
    return result;
}
