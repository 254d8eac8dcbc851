/*
 * libpcap reads from a stream of the C library whose bytes come from feeds/port/file.c, so that it
 * never sees an archive. When that stream fails, the file knows why.
 */
#include "feeds/port/pcap.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define STREAM_BYTES (64u << 10)

struct port_pcap {
    struct ry_port_file *file;
    FILE *stream; /* until the capture has it */
    pcap_t *capture;
    bool file_failed;
    enum ry_port_frames_result last; /* FRAME as long as frames come */
    char path[512];
    char why[RY_PORT_ERROR_BYTES];
};

/* ---- bytes for libpcap ----------------------------------------------------------------------- */

static ssize_t read_file(void *cookie, char *to, size_t room)
{
    struct port_pcap *port = cookie;
    const uint8_t *bytes;
    size_t have;
    bool whole;
    if (ry_port_file_look(port->file, 1, &bytes, &have, &whole) != 0) {
        port->file_failed = true;
        errno = EIO;
        return -1;
    }
    const size_t n = have < room ? have : room;
    memcpy(to, bytes, n);
    ry_port_file_consume(port->file, n);
    return (ssize_t)n;
}

/* What went wrong in the file, or else in what libpcap made of it. */
static void note_why(struct port_pcap *port, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void note_why(struct port_pcap *port, const char *format, ...)
{
    va_list arguments;
    if (port->file_failed) {
        snprintf(port->why, sizeof port->why, "%s", ry_port_file_error(port->file));
        return;
    }
    const int n = snprintf(port->why, sizeof port->why, "%s: ", port->path);
    va_start(arguments, format);
    vsnprintf(port->why + n, sizeof port->why - (size_t)n, format, arguments);
    va_end(arguments);
}

/* ---- opening --------------------------------------------------------------------------------- */

static void close_port(void *context)
{
    struct port_pcap *port = context;
    if (port->capture != NULL)
        pcap_close(port->capture); /* and its stream */
    else if (port->stream != NULL)
        fclose(port->stream);
    ry_port_file_close(port->file);
    free(port);
}

static int fail(struct port_pcap *port, char error[RY_PORT_ERROR_BYTES])
{
    snprintf(error, RY_PORT_ERROR_BYTES, "%s", port->why);
    close_port(port);
    return -1;
}

static bool is_regular(const char *path)
{
    struct stat status;
    return stat(path, &status) != 0 || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode);
}

static int start_capture(struct port_pcap *port)
{
    char said[PCAP_ERRBUF_SIZE];
    port->stream = fopencookie(port, "r", (cookie_io_functions_t){.read = read_file});
    if (port->stream == NULL) {
        note_why(port, "no memory");
        return -1;
    }
    setvbuf(port->stream, NULL, _IOFBF, STREAM_BYTES);
    port->capture =
        pcap_fopen_offline_with_tstamp_precision(port->stream, PCAP_TSTAMP_PRECISION_NANO, said);
    if (port->capture != NULL)
        return 0;
    note_why(port, "is no capture of packets, neither pcap nor pcapng: %s", said);
    return -1;
}

static struct port_pcap *open_capture(const char *path, char error[RY_PORT_ERROR_BYTES])
{
    struct port_pcap *port = calloc(1, sizeof *port);
    if (port == NULL) {
        snprintf(error, RY_PORT_ERROR_BYTES, "%s: no memory", path);
        return NULL;
    }
    port->last = RY_PORT_FRAMES_FRAME;
    snprintf(port->path, sizeof port->path, "%s", path);
    if (!is_regular(path))
        note_why(port, "a capture must be a regular file");
    else if ((port->file = ry_port_file_open(path, port->why)) != NULL && start_capture(port) == 0)
        return port;
    (void)fail(port, error);
    return NULL;
}

/* False: frames that nobody here reads; says what they are. */
static bool find_link(struct port_pcap *port, enum ry_port_link *link)
{
    const int type = pcap_datalink(port->capture);
    switch (type) {
    case DLT_EN10MB: *link = RY_PORT_LINK_ETHERNET; return true;
    case DLT_LINUX_SLL: *link = RY_PORT_LINK_COOKED; return true;
    case DLT_LINUX_SLL2: *link = RY_PORT_LINK_COOKED2; return true;
    case DLT_RAW:
    case DLT_IPV4: *link = RY_PORT_LINK_IP; return true;
    default: break;
    }
    note_why(port,
             "its packets are of the kind \"%s\"; royale reads Ethernet, Linux cooked captures and "
             "bare IP",
             pcap_datalink_val_to_description_or_dlt(type));
    return false;
}

/* ---- frames ---------------------------------------------------------------------------------- */

static enum ry_port_frames_result next_frame(void *context, const uint8_t **frame, size_t *length)
{
    struct port_pcap *port = context;
    struct pcap_pkthdr *head;
    if (port->last != RY_PORT_FRAMES_FRAME)
        return port->last;
    const int result = pcap_next_ex(port->capture, &head, frame);
    if (result == 1) {
        *length = head->caplen;
        return RY_PORT_FRAMES_FRAME;
    }
    port->last = result == PCAP_ERROR_BREAK ? RY_PORT_FRAMES_ENDED : RY_PORT_FRAMES_BROKEN;
    if (port->last == RY_PORT_FRAMES_BROKEN)
        note_why(port, "%s", pcap_geterr(port->capture));
    return port->last;
}

static const char *why(void *context)
{
    const struct port_pcap *port = context;
    return port->why;
}

int ry_port_pcap_open(struct ry_port_frames *frames, const char *path,
                      char error[RY_PORT_ERROR_BYTES])
{
    enum ry_port_link link;
    struct port_pcap *port = open_capture(path, error);
    if (port == NULL)
        return -1;
    if (!find_link(port, &link))
        return fail(port, error);
    *frames = (struct ry_port_frames){
        .link = link, .next = next_frame, .why = why, .close = close_port, .context = port};
    return 0;
}

int ry_port_pcap_look(const char *path, bool plain, enum ry_port_link *link,
                      char error[RY_PORT_ERROR_BYTES])
{
    struct port_pcap *port = open_capture(path, error);
    if (port == NULL)
        return -1;
    const enum ry_port_file_kind kind = ry_port_file_kind(port->file);
    if (plain && kind != RY_PORT_FILE_PLAIN) {
        note_why(port, "is a %s, which DPDK does not play; `port: pcap` reads it",
                 ry_port_file_kind_name(kind));
        return fail(port, error);
    }
    if (!find_link(port, link))
        return fail(port, error);
    close_port(port);
    return 0;
}
