#include "tests/support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shm/region.h"

#define LAYOUT    UINT64_C(0x1234)
#define NOBODY    65534
#define ALL_SEALS (F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

static struct ry_region make(const char *name, size_t bytes)
{
    struct ry_region region;
    ck_assert_int_eq(ry_region_create(&region, name, LAYOUT, 3, bytes), RY_REGION_OK);
    return region;
}

START_TEST(created_joined_and_left)
{
    struct ry_region writer = make("feed0.events", 5000);
    ck_assert(writer.writer);
    ck_assert_uint_eq((uintptr_t)ry_region_body(&writer) % RY_ISOLATION, 0);
    unsigned char *body = ry_region_body(&writer);
    for (size_t i = 0; i < 5000; i++)
        ck_assert_uint_eq(body[i], 0);
    memcpy(body, "hello", 6);

    struct ry_region reader;
    int fd = dup(writer.fd);
    ck_assert_int_eq(ry_region_join(&reader, fd, "feed0.events", LAYOUT), RY_REGION_FOREIGN);
    ry_region_publish(&writer);
    ck_assert_int_eq(ry_region_join(&reader, fd, "feed0.events", LAYOUT), RY_REGION_OK);
    ck_assert_uint_eq(ry_region_body_bytes(&reader), 5000);
    ck_assert_uint_eq(ry_region_epoch(&reader), 3);
    ck_assert(!reader.writer);
    ck_assert_str_eq(ry_region_body(&reader), "hello");
    body[0] = 'j'; /* the writer's map goes on after sealing */
    ck_assert_str_eq(ry_region_body(&reader), "jello");

    ck_assert_int_ne(fcntl(writer.fd, F_GETFD) & FD_CLOEXEC, 0);
    int writer_fd = writer.fd;
    ry_region_leave(&writer);
    ck_assert_ptr_null(writer.base);
    ck_assert_int_eq(fcntl(writer_fd, F_GETFD), -1);
    ck_assert_str_eq(ry_region_body(&reader), "jello"); /* lives as long as its readers */
    ry_region_leave(&reader);
    ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
}
END_TEST

/* Tries every way to write and returns the ones that worked, one bit each. */
static int ways_to_write(int fd, size_t bytes)
{
    int worked = 0;
    char path[64];
    if (mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) != MAP_FAILED)
        worked |= 1;
    void *map = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED || mprotect(map, bytes, PROT_READ | PROT_WRITE) == 0)
        worked |= 2;
    if (pwrite(fd, "x", 1, 0) >= 0)
        worked |= 4;
    if (ftruncate(fd, 0) == 0 || ftruncate(fd, (off_t)bytes * 2) == 0)
        worked |= 8;
    if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (off_t)bytes) == 0)
        worked |= 16;
    if (fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) == 0)
        worked |= 32;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int again = open(path, O_RDWR);
    if (again >= 0) {
        if (mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, again, 0) != MAP_FAILED)
            worked |= 64;
        if (pwrite(again, "x", 1, 0) >= 0)
            worked |= 128;
    }
    return worked;
}

static int ways_to_write_in_child(int fd, size_t bytes, bool as_nobody)
{
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        if (as_nobody && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
            _exit(255);
        _exit(ways_to_write(fd, bytes));
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

START_TEST(nobody_else_can_write)
{
    struct ry_region region = make("sealed", 10000);
    ck_assert_int_eq(fcntl(region.fd, F_GET_SEALS), ALL_SEALS);
    ck_assert_int_eq(ways_to_write_in_child(region.fd, region.bytes, false), 0);
    ry_region_leave(&region);
}
END_TEST

START_TEST(another_user_cannot_write)
{
    if (geteuid() != 0) {
        ry_test_skip("becoming nobody needs root");
        return;
    }
    struct ry_region region = make("sealed", 10000);
    ck_assert_int_eq(ways_to_write_in_child(region.fd, region.bytes, true), 0);
    ry_region_leave(&region);
}
END_TEST

START_TEST(the_ways_work_without_seals)
{
    int fd = memfd_create("open", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    ck_assert_int_eq(ftruncate(fd, 4096), 0);
    int worked = ways_to_write_in_child(fd, 4096, false);
    ck_assert_int_eq(worked & 31, 31); /* the probe itself can see */
    close(fd);
}
END_TEST

START_TEST(joiner_cannot_write)
{
    struct ry_region writer = make("joined", 100), reader;
    ry_region_publish(&writer);
    ck_assert_int_eq(ry_region_join(&reader, dup(writer.fd), "joined", LAYOUT), RY_REGION_OK);
    ck_assert_int_eq(mprotect(reader.base, reader.bytes, PROT_READ | PROT_WRITE), -1);
    ry_region_leave(&reader);
    ry_region_leave(&writer);
}
END_TEST

/* A memfd with a right header in it, spoilt by the caller, sealed with `seals`; `whole`: all pages
 * are there. */
static int forge(const struct ry_region_header *header, off_t bytes, int seals, bool whole)
{
    int fd = memfd_create("forged", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq((int)pwrite(fd, header, sizeof *header, 0), (int)sizeof *header);
    ck_assert_int_eq(ftruncate(fd, bytes), 0);
    if (whole && bytes > 0)
        ck_assert_int_eq(fallocate(fd, 0, 0, bytes), 0);
    ck_assert_int_eq(fcntl(fd, F_ADD_SEALS, seals), 0);
    return fd;
}

static struct ry_region_header right_header(void)
{
    struct ry_region_header header = {
        .magic = RY_REGION_MAGIC,
        .abi = RY_REGION_ABI,
        .bytes = 8192,
        .body_bytes = 8000,
        .layout = LAYOUT,
        .name = "forged",
    };
    return header;
}

static int join_forged(struct ry_region_header header, off_t bytes, int seals)
{
    struct ry_region region;
    int fd = forge(&header, bytes, seals, true);
    int result = ry_region_join(&region, fd, "forged", LAYOUT);
    if (result == RY_REGION_OK) {
        ry_region_leave(&region);
    } else {
        ck_assert_ptr_null(region.base);
        ck_assert_int_eq(close(fd), 0); /* still the caller's */
    }
    return result;
}

START_TEST(foreign_regions_are_refused)
{
    struct ry_region_header header;
    ck_assert_int_eq(join_forged(right_header(), 8192, ALL_SEALS), RY_REGION_OK);

    static const int missing[] = {F_SEAL_FUTURE_WRITE, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_SEAL};
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(join_forged(right_header(), 8192, ALL_SEALS & ~missing[i]),
                         RY_REGION_UNSEALED);

    ck_assert_int_eq(join_forged(right_header(), 4096, ALL_SEALS), RY_REGION_FOREIGN);
    ck_assert_int_eq(join_forged(right_header(), 12288, ALL_SEALS), RY_REGION_FOREIGN);
    ck_assert_int_eq(join_forged(right_header(), sizeof header, ALL_SEALS), RY_REGION_FOREIGN);
    ck_assert_int_eq(join_forged(right_header(), 16, ALL_SEALS), RY_REGION_FOREIGN);
    ck_assert_int_eq(join_forged(right_header(), 0, ALL_SEALS), RY_REGION_FOREIGN);

#define SPOILT(statement)                                                                          \
    header = right_header();                                                                       \
    statement;                                                                                     \
    ck_assert_int_eq(join_forged(header, 8192, ALL_SEALS), RY_REGION_FOREIGN)
    SPOILT(header.magic = 0);
    SPOILT(header.magic = RY_REGION_MAGIC + 1);
    SPOILT(header.abi++);
    SPOILT(header.layout++);
    SPOILT(header.bytes++);
    SPOILT(header.body_bytes = 0);
    SPOILT(header.body_bytes = 8192 - RY_ISOLATION + 1);
    SPOILT(header.body_bytes = UINT64_MAX);
    SPOILT(header.name[0] = 'F');
    SPOILT(memset(header.name, 'f', sizeof header.name));
    SPOILT(header.name[31] = 'x'); /* after the NUL */
}
END_TEST

/* Whoever joins must not be made to pay for pages that the other side never had. */
START_TEST(what_is_not_there_is_not_mapped)
{
    static const off_t sizes[] = {8192, (off_t)64 << 20, (off_t)RY_REGION_BYTES_MAX,
                                  (off_t)1 << 40};
    struct ry_region_header header = right_header();
    header.bytes = (uint64_t)sizes[_i];
    header.body_bytes = header.bytes - sizeof header;
    int fd = forge(&header, sizes[_i], ALL_SEALS, false);
    struct stat before, after;
    struct ry_region region;
    ck_assert_int_eq(fstat(fd, &before), 0);
    ck_assert_int_eq(ry_region_join(&region, fd, "forged", LAYOUT), RY_REGION_FOREIGN);
    ck_assert_int_eq(fstat(fd, &after), 0);
    ck_assert_int_eq(after.st_blocks, before.st_blocks);
    close(fd);
}
END_TEST

START_TEST(the_greatest_region)
{
    struct ry_region region, reader;
    ck_assert_int_eq(ry_region_create(&region, "x", LAYOUT, 0, RY_REGION_BYTES_MAX + 1),
                     RY_REGION_SYSTEM);
    ck_assert_int_eq(errno, EINVAL);
    region = make("x", RY_REGION_BYTES_MAX);
    ry_region_publish(&region);
    ck_assert_int_eq(ry_region_join(&reader, dup(region.fd), "x", LAYOUT), RY_REGION_OK);
    ry_region_leave(&reader);
    ry_region_leave(&region);
    struct ry_region_header header = right_header();
    off_t bytes = (off_t)RY_REGION_BYTES_MAX + 2 * (off_t)RY_REGION_HUGE_BYTES;
    header.bytes = (uint64_t)bytes;
    header.body_bytes = header.bytes - sizeof header;
    ck_assert_int_eq(join_forged(header, bytes, ALL_SEALS), RY_REGION_FOREIGN);
}
END_TEST

START_TEST(what_is_no_memfd_is_refused)
{
    struct ry_region region;
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(ry_region_join(&region, ends[0], "x", LAYOUT), RY_REGION_UNSEALED);
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    ck_assert_int_eq(ry_region_join(&region, null, "x", LAYOUT), RY_REGION_UNSEALED);
    ck_assert_int_eq(ry_region_join(&region, -1, "x", LAYOUT), RY_REGION_SYSTEM);
    ck_assert_int_eq(errno, EBADF);
    struct ry_region real = make("x", 1);
    ry_region_publish(&real);
    char name[100];
    memset(name, 'x', sizeof name);
    name[99] = '\0';
    ck_assert_int_eq(ry_region_join(&region, real.fd, name, LAYOUT), RY_REGION_FOREIGN);
    ry_region_leave(&real);
}
END_TEST

START_TEST(sizes_that_cannot_be)
{
    struct ry_region region;
    ck_assert_int_eq(ry_region_create(&region, "x", LAYOUT, 0, 0), RY_REGION_SYSTEM);
    ck_assert_int_eq(ry_region_create(&region, "x", LAYOUT, 0, SIZE_MAX), RY_REGION_SYSTEM);
    ck_assert_ptr_null(region.base);
    ry_region_leave(&region); /* harmless */
    for (int error = 0; error >= -3; error--)
        ck_assert_str_ne(ry_region_strerror(error), "");
}
END_TEST

START_TEST(huge_pages_when_there_are_any)
{
    struct ry_region writer = make("huge", 3 * RY_REGION_HUGE_BYTES), reader;
    ry_region_publish(&writer);
    ck_assert_int_eq(ry_region_join(&reader, dup(writer.fd), "huge", LAYOUT), RY_REGION_OK);
    ck_assert_int_eq(reader.huge, writer.huge);
    ck_assert_int_eq(ways_to_write_in_child(writer.fd, writer.bytes, false), 0);
    if (writer.huge)
        ck_assert_uint_eq(writer.bytes, 4 * RY_REGION_HUGE_BYTES);
    else
        ry_test_skip("no huge pages are free: normal ones were tested");
    ry_region_leave(&reader);
    ry_region_leave(&writer);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("shm_region");
    TCase *t = tcase_create("region");
    tcase_add_test(t, created_joined_and_left);
    tcase_add_test(t, nobody_else_can_write);
    tcase_add_test(t, another_user_cannot_write);
    tcase_add_test(t, the_ways_work_without_seals);
    tcase_add_test(t, joiner_cannot_write);
    tcase_add_test(t, foreign_regions_are_refused);
    tcase_add_loop_test(t, what_is_not_there_is_not_mapped, 0, 4);
    tcase_add_test(t, the_greatest_region);
    tcase_add_test(t, what_is_no_memfd_is_refused);
    tcase_add_test(t, sizes_that_cannot_be);
    tcase_add_test(t, huge_pages_when_there_are_any);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
