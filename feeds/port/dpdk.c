/*
 * How the EAL is kept from leaving things behind. It makes RUNTIME/dpdk/PREFIX at start (RUNTIME is
 * $RUNTIME_DIRECTORY, or /var/run for root, or $XDG_RUNTIME_DIR, or /tmp) and never removes it.
 * With --no-shconf and --no-telemetry nothing is put there, and a directory that cannot be made is
 * no error; so RUNTIME_DIRECTORY is set to a place where none can be made. A kill -9 at any moment
 * leaves nothing then. Huge pages come as anonymous memory (--in-memory), never as files of
 * hugetlbfs.
 */
#include "feeds/port/dpdk.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_log.h>
#include <rte_mbuf.h>
#include <rte_version.h>

#include "feeds/port/pcap.h"

#define NOWHERE         "/dev/null" /* as RUNTIME_DIRECTORY: no directory can be made below a device */
#define MEMORY_MIB      RY_DPDK_MIB
#define MBUFS           8191 /* one less than a power of two is what a mempool stores best */
#define MBUF_CACHE      256
#define RX_DESCRIPTORS  4096
#define BURST           32
#define FRAME_BYTES_MAX 65536
#define ARGUMENTS_MAX   24
#define ARGUMENT_BYTES  600

struct ry_port_dpdk {
    struct ry_log_sink log;
    FILE *stream; /* DPDK's log, as long as DPDK is up */
    bool capture; /* rx_burst returns 0 at the end of the file only */
    int capture_fd;
    bool eal; /* to be cleaned up */
    bool started;
    uint16_t port;
    struct rte_mempool *pool;
    uint16_t at, count; /* of the burst */
    struct rte_mbuf *burst[BURST];
    char (*argument)[ARGUMENT_BYTES];
    int arguments;
    enum ry_port_link link;
    char *error;
    const char *name;               /* of file or device, in the battle */
    uint8_t whole[FRAME_BYTES_MAX]; /* a frame of several segments in one piece */
};

static int fail(struct ry_port_dpdk *port, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static int fail(struct ry_port_dpdk *port, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(port->error, RY_PORT_ERROR_BYTES, format, arguments);
    va_end(arguments);
    return -1;
}

static void say(struct ry_port_dpdk *port, enum ry_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void say(struct ry_port_dpdk *port, enum ry_log_level level, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (port->log.line != NULL)
        port->log.line(port->log.context, level, text);
}

/* ---- what DPDK says goes to our log ---------------------------------------------------------- */

/* The one error that is meant: see the head of this file. */
static bool is_meant(const char *line, size_t length)
{
    return memmem(line, length, "'" NOWHERE "/dpdk'", sizeof NOWHERE + 6) != NULL;
}

static ssize_t write_log(void *cookie, const char *text, size_t length)
{
    struct ry_port_dpdk *port = cookie;
    const char *end = text + length;
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline != NULL ? newline : end;
        if (stop > text && !is_meant(text, (size_t)(stop - text)))
            say(port, RY_LOG_ERROR, "DPDK: %.*s", (int)(stop - text), text);
        text = stop + 1;
    }
    return (ssize_t)length;
}

static int take_log(struct ry_port_dpdk *port)
{
    port->stream = fopencookie(port, "w", (cookie_io_functions_t){.write = write_log});
    if (port->stream == NULL)
        return fail(port, "cannot make a stream for DPDK's log");
    setvbuf(port->stream, NULL, _IOLBF, 0);
    rte_openlog_stream(port->stream);
    rte_log_set_global_level(RTE_LOG_ERR);
    return 0;
}

/* ---- the EAL --------------------------------------------------------------------------------- */

static void argue(struct ry_port_dpdk *port, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void argue(struct ry_port_dpdk *port, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(port->argument[port->arguments++], ARGUMENT_BYTES, format, arguments);
    va_end(arguments);
}

static long number_in(const char *path)
{
    FILE *file = fopen(path, "r");
    long value = 0;
    if (file == NULL)
        return 0;
    if (fscanf(file, "%ld", &value) != 1)
        value = 0;
    fclose(file);
    return value;
}

static bool huge_pages_free(void)
{
    const long small = number_in("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages");
    const long large = number_in("/sys/kernel/mm/hugepages/hugepages-1048576kB/free_hugepages");
    return small >= MEMORY_MIB / 2 || large >= 1;
}

static void argue_memory(struct ry_port_dpdk *port)
{
    const bool huge = huge_pages_free();
    say(port, RY_LOG_INFO, "DPDK %s: %d MiB %s", strchr(rte_version(), ' ') + 1, MEMORY_MIB,
        huge ? "of huge pages" : "of ordinary pages: no huge pages are free");
    argue(port, huge ? "--in-memory" : "--no-huge");
    argue(port, "-m");
    argue(port, "%d", MEMORY_MIB);
}

/* One lcore on the CPUs that this process was given: the EAL would move it to others. */
static int argue_cpus(struct ry_port_dpdk *port)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return fail(port, "cannot ask for the CPUs of this process: %s", strerror(errno));
    char list[ARGUMENT_BYTES];
    int n = snprintf(list, sizeof list, "0@(");
    for (int cpu = 0; cpu < CPU_SETSIZE && n < (int)sizeof list - 8; cpu++)
        if (CPU_ISSET((size_t)cpu, &set))
            n += snprintf(list + n, sizeof list - (size_t)n, "%s%d", list[n - 1] == '(' ? "" : ",",
                          cpu);
    argue(port, "--lcores");
    argue(port, "%s)", list);
    return 0;
}

/* [domain:]bus:device.function, in hexadecimal digits. */
static bool is_pci_address(const char *device)
{
    return strchr(device, ':') != NULL && strchr(device, '.') != NULL &&
           strspn(device, "0123456789abcdefABCDEF:.") == strlen(device);
}

/* By descriptor: a path may hold what DPDK takes for the next parameter, and here errors have
 * names. */
static int open_capture(struct ry_port_dpdk *port)
{
    /* The driver takes whatever the frames are, and says nothing. */
    if (ry_port_pcap_look(port->name, true, &port->link, port->error) != 0)
        return -1;
    port->capture_fd = open(port->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (port->capture_fd < 0)
        return fail(port, "%s: cannot open: %s", port->name, strerror(errno));
    return 0;
}

static int argue_device(struct ry_port_dpdk *port, const struct ry_port_dpdk_source *source)
{
    if (source->path[0] != '\0') {
        if (open_capture(port) != 0)
            return -1;
        port->capture = true;
        argue(port, "--no-pci");
        argue(port, "--vdev=net_pcap0,rx_pcap=/proc/self/fd/%d", port->capture_fd);
    } else if (is_pci_address(source->device)) {
        argue(port, "-a");
        argue(port, "%s", source->device);
    } else {
        argue(port, "--no-pci");
        argue(port, "--vdev=%s", source->device);
    }
    return 0;
}

static int start_eal(struct ry_port_dpdk *port, const struct ry_port_dpdk_source *source)
{
    char *vector[ARGUMENTS_MAX + 1] = {0};
    port->argument = calloc(ARGUMENTS_MAX, sizeof *port->argument);
    if (port->argument == NULL)
        return fail(port, "no memory");
    argue(port, "royale-feed");
    argue_memory(port);
    if (argue_cpus(port) != 0 || argue_device(port, source) != 0)
        return -1;
    argue(port, "--no-shconf");
    argue(port, "--no-telemetry");
    argue(port, "--file-prefix=royale-%ld-feed%u", (long)getpid(), source->feed);
    for (int i = 0; i < port->arguments; i++)
        vector[i] = port->argument[i];
    if (setenv("RUNTIME_DIRECTORY", NOWHERE, 1) != 0)
        return fail(port, "cannot set the environment: %s", strerror(errno));
    if (rte_eal_init(port->arguments, vector) < 0)
        return fail(port, "DPDK does not start: %s", rte_strerror(rte_errno));
    port->eal = true;
    return 0;
}

/* ---- the device ------------------------------------------------------------------------------ */

static int find_device(struct ry_port_dpdk *port)
{
    unsigned count = 0;
    for (uint16_t id = 0; id < RTE_MAX_ETHPORTS; id++)
        if (rte_eth_dev_is_valid_port(id) && count++ == 0)
            port->port = id;
    if (count != 1)
        return fail(port, "%s: DPDK finds %u devices there, one is needed", port->name, count);
    return 0;
}

static int start_device(struct ry_port_dpdk *port)
{
    const struct rte_eth_conf conf = {0};
    uint16_t receive = RX_DESCRIPTORS, transmit = 0;
    const int socket = rte_eth_dev_socket_id(port->port);
    port->pool =
        rte_pktmbuf_pool_create("feed", MBUFS, MBUF_CACHE, 0, RTE_MBUF_DEFAULT_BUF_SIZE, socket);
    if (port->pool == NULL)
        return fail(port, "no memory for %d packets: %s", MBUFS, rte_strerror(rte_errno));
    int error = rte_eth_dev_configure(port->port, 1, 0, &conf);
    if (error == 0)
        error = rte_eth_dev_adjust_nb_rx_tx_desc(port->port, &receive, &transmit);
    if (error == 0)
        error = rte_eth_rx_queue_setup(port->port, 0, receive, (unsigned)socket, NULL, port->pool);
    if (error == 0)
        error = rte_eth_dev_start(port->port);
    if (error != 0)
        return fail(port, "the device does not start: %s", rte_strerror(-error));
    port->started = true;
    /* Multicast needs one of the two; vdevs have neither and hand out everything. */
    if (rte_eth_promiscuous_enable(port->port) != 0 &&
        rte_eth_allmulticast_enable(port->port) != 0 && !port->capture)
        say(port, RY_LOG_WARN, "%s: the device can be set neither promiscuous nor to all multicast",
            port->name);
    return 0;
}

static void free_burst(struct ry_port_dpdk *port)
{
    while (port->count > 0)
        rte_pktmbuf_free(port->burst[--port->count]);
    port->at = 0;
}

/* Every device that the EAL found is closed, whether it was started or not: each holds descriptors
 * and memory from its probe on. */
static void close_devices(struct ry_port_dpdk *port)
{
    free_burst(port);
    if (port->started)
        (void)rte_eth_dev_stop(port->port);
    for (uint16_t id = 0; id < RTE_MAX_ETHPORTS; id++)
        if (rte_eth_dev_is_valid_port(id))
            (void)rte_eth_dev_close(id);
    rte_mempool_free(port->pool);
}

/* In whatever state the open was left. The EAL of a failed rte_eal_init takes no cleanup. */
static void close_port(void *context)
{
    struct ry_port_dpdk *port = context;
    if (port->eal) {
        close_devices(port);
        (void)rte_eal_cleanup();
    }
    if (port->capture_fd >= 0)
        close(port->capture_fd);
    if (port->stream != NULL) {
        rte_openlog_stream(NULL); /* what DPDK's own threads still say goes to standard error */
        fclose(port->stream);
    }
    free(port->argument);
    free(port);
}

/* ---- frames ---------------------------------------------------------------------------------- */

static enum ry_port_frames_result next_frame(void *context, const uint8_t **frame, size_t *length)
{
    struct ry_port_dpdk *port = context;
    if (port->at == port->count) {
        free_burst(port);
        port->count = rte_eth_rx_burst(port->port, 0, port->burst, BURST);
        if (port->count == 0)
            return port->capture ? RY_PORT_FRAMES_ENDED : RY_PORT_FRAMES_NONE;
    }
    const struct rte_mbuf *packet = port->burst[port->at++];
    const uint32_t bytes = rte_pktmbuf_pkt_len(packet) < FRAME_BYTES_MAX
                               ? rte_pktmbuf_pkt_len(packet)
                               : FRAME_BYTES_MAX;
    *frame = rte_pktmbuf_read(packet, 0, bytes, port->whole);
    *length = bytes;
    return RY_PORT_FRAMES_FRAME;
}

static void count_drops(void *context, struct ry_port_drops *drops)
{
    struct ry_port_dpdk *port = context;
    struct rte_eth_stats stats;
    *drops = (struct ry_port_drops){0};
    if (!port->started || rte_eth_stats_get(port->port, &stats) != 0)
        return;
    *drops = (struct ry_port_drops){
        .missed = stats.imissed, .errors = stats.ierrors, .no_memory = stats.rx_nombuf};
}

int ry_port_dpdk_open(struct ry_port_frames *frames, const struct ry_port_dpdk_source *source,
                      const struct ry_log_sink *log, char error[RY_PORT_ERROR_BYTES])
{
    struct ry_port_dpdk *port = calloc(1, sizeof *port);
    if (port == NULL) {
        snprintf(error, RY_PORT_ERROR_BYTES, "no memory");
        return -1;
    }
    port->log = *log;
    port->error = error;
    port->capture_fd = -1;
    port->name = source->path[0] != '\0' ? source->path : source->device;
    if (take_log(port) != 0 || start_eal(port, source) != 0 || find_device(port) != 0 ||
        start_device(port) != 0) {
        close_port(port);
        return -1;
    }
    port->error = NULL; /* was the caller's */
    *frames = (struct ry_port_frames){.link = port->link,
                                      .next = next_frame,
                                      .drops = count_drops,
                                      .close = close_port,
                                      .context = port};
    return 0;
}
