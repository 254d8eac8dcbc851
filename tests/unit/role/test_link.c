/*
 * Links: what the table promises is what both sides get, and what is anything else is refused with
 * its reason and the descriptor left to the caller.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/role/link.h"
#include "shm/records/links.h"
#include "tests/support/test.h"

static char why[RY_ROLE_LINK_WHY_BYTES];

/* A name that a row's pattern stands for. */
static void name_of(const struct ry_role_link_row *row, char name[RY_REGION_NAME_BYTES])
{
    if (strncmp(row->name, "ROLE", 4) == 0) {
        snprintf(name, RY_REGION_NAME_BYTES, "feed3%s", row->name + 4);
        return;
    }
    snprintf(name, RY_REGION_NAME_BYTES, "%s", row->name);
    char *star = strchr(name, '*');
    if (star != NULL)
        *star = '7';
}

/* Joins what `made` made, by a descriptor of its own. */
static int join(struct ry_role_link *joined, const struct ry_region *region, const char *name)
{
    int fd = fcntl(region->fd, F_DUPFD_CLOEXEC, 0);
    ck_assert_int_ge(fd, 0);
    int result = ry_role_link_join(joined, fd, name, why);
    if (result != 0) {
        ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC); /* still the caller's */
        ck_assert(!ry_role_link_there(joined));
        close(fd);
    }
    return result;
}

START_TEST(every_row_is_made_and_joined)
{
    const struct ry_role_link_row *row = &ry_role_links[_i];
    struct ry_role_link made, joined;
    char name[RY_REGION_NAME_BYTES];
    name_of(row, name);
    ck_assert_msg(ry_role_link_make(&made, name, why) == 0, "%s: %s", name, why);
    ck_assert_msg(join(&joined, &made.region, name) == 0, "%s: %s", name, why);
    ck_assert_ptr_eq(made.row, row);
    ck_assert_ptr_eq(joined.row, row);
    ck_assert_ptr_null(joined.own_head);
    ck_assert((row->head_bytes > 0) == (made.own_head != NULL));
    ck_assert((row->head_bytes > 0) == (joined.head != NULL));
    if (row->head_bytes > 0) {
        static const unsigned char zero[1 << 21];
        ck_assert_uint_le(row->head_bytes, sizeof zero);
        ck_assert_int_eq(memcmp(joined.head, zero, row->head_bytes), 0);
        memset(made.own_head, 0xa5, row->head_bytes); /* to its last byte, and not into the ring */
        ck_assert_int_eq(memcmp(joined.head, made.own_head, row->head_bytes), 0);
        ck_assert_int_eq(mprotect(joined.region.base, joined.region.bytes, PROT_READ | PROT_WRITE),
                         -1);
    }
    if (row->slots > 0) {
        uint64_t sent[RY_RING_PAYLOAD / 8] = {1, 2, 3, 4, 5, 6, 7},
                                        got[RY_RING_RECORD_BYTES_MAX / 8];
        ck_assert_uint_eq(made.writer.mask, row->slots - 1);
        ry_ring_write(&made.writer, sent, 1);
        ck_assert_int_eq(ry_ring_read(&joined.reader, got), 1);
        ck_assert_int_eq(memcmp(sent, got, sizeof sent), 0);
    }
    int fd = made.region.fd;
    ry_role_link_leave(&joined);
    ry_role_link_leave(&joined); /* nothing more to leave */
    ry_role_link_leave(&made);
    ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
}
END_TEST

START_TEST(a_head_before_a_ring_leaves_it_aligned)
{
    for (unsigned i = 0; i < ry_role_links_count; i++) {
        const struct ry_role_link_row *row = &ry_role_links[i];
        ck_assert_msg(row->slots == 0 || row->head_bytes % RY_CACHE_LINE == 0, "%s", row->name);
        ck_assert_msg(row->slots + row->head_bytes > 0, "%s holds nothing", row->name);
        for (unsigned k = 0; k < i; k++)
            ck_assert_msg(row->layout != ry_role_links[k].layout, "%s", row->name);
    }
}
END_TEST

START_TEST(what_is_no_link)
{
    static const char *const names[] = {
        "exec.secrets", "exec.inputs0", "exec.inputs.",
        "feed.events",  "feedx.events", "feed07.events",
        ".base",        "base",         "",
        "exec.link",    "exec.link-1",  "a.name.that.is.longer.than.any.region.may.be.base",
    };
    struct ry_role_link link;
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        ck_assert_msg(ry_role_link_row(names[i]) == NULL, "%s", names[i]);
        ck_assert_int_eq(ry_role_link_make(&link, names[i], why), -1);
        ck_assert_str_eq(why, "there is no such link");
        ck_assert_int_eq(ry_role_link_join(&link, 0, names[i], why), -1);
        ck_assert_str_eq(why, "there is no such link");
    }
    ck_assert_ptr_eq(ry_role_link_row("feed*.events"), ry_role_link_row("feed3.events"));
    ck_assert_ptr_eq(ry_role_link_row("exec.link#"), ry_role_link_row("exec.link63"));
    ck_assert_ptr_eq(ry_role_link_row("ROLE.base"), ry_role_link_row("agent12.base"));
}
END_TEST

START_TEST(patterns)
{
    static const struct {
        const char *pattern, *name;
        unsigned own, limit;
        bool is;
    } cases[] = {
        {"exec.link#", "exec.link12", 12, 64, true},
        {"exec.link#", "exec.link12", 1, 64, false},
        {"exec.link#", "exec.link1", 12, 64, false},
        {"exec.link#", "exec.link012", 12, 64, false},
        {"exec.link*", "exec.link63", 0, 64, true},
        {"exec.link*", "exec.link64", 0, 64, false},
        {"exec.link*", "exec.link", 0, 64, false},
        {"feed*.base", "feed0.base", 0, 4, true},
        {"feed*.base", "feed0.based", 0, 4, false},
        {"feed*.base", "feed0", 0, 4, false},
        {"feed*.base", "feed00000000000.base", 0, ~0u, false},
        {"feed*.base", "feed4294967296.base", 0, ~0u, false},
        {"ROLE.base", "whoever.base", 0, 0, true},
        {"ROLE.base", "whoever.watch", 0, 0, false},
        {"ROLE.base", "a.b.base", 0, 0, false},
        {"ROLE.base", ".base", 0, 0, false},
        {"exec.inputs", "exec.inputs", 0, 0, true},
        {"exec.inputs", "exec.input", 0, 0, false},
        {"exec.inputs", "", 0, 0, false},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_msg(ry_role_link_is(cases[i].pattern, cases[i].name, cases[i].own,
                                      cases[i].limit) == cases[i].is,
                      "%s, %s", cases[i].pattern, cases[i].name);
}
END_TEST

/* A region as somebody could make it by hand, its body filled with `fill`. */
static struct ry_region by_hand(const char *name, uint64_t layout, size_t bytes)
{
    struct ry_region region;
    ck_assert_int_eq(ry_region_create(&region, name, layout, 1, bytes), RY_REGION_OK);
    return region;
}

static void refused(struct ry_region *region, const char *as, const char *reason)
{
    struct ry_role_link joined;
    ry_region_publish(region);
    ck_assert_int_eq(join(&joined, region, as), -1);
    ck_assert_msg(strstr(why, reason) != NULL, "said: %s", why);
    ry_region_leave(region);
}

START_TEST(another_layout_or_name)
{
    const struct ry_role_link_row *row = ry_role_link_row("journal.positions");
    struct ry_region region = by_hand("journal.positions", row->layout + 1, row->head_bytes);
    refused(&region, "journal.positions", "not the region that was wanted");
    region = by_hand("journal.position", row->layout, row->head_bytes);
    refused(&region, "journal.positions", "not the region that was wanted");
    const struct ry_role_link_row *events = ry_role_link_row("feed0.events");
    region = by_hand("feed1.events", events->layout, ry_ring_footprint(events->slots));
    refused(&region, "feed0.events", "not the region that was wanted");
}
END_TEST

START_TEST(a_region_that_is_too_small)
{
    const struct ry_role_link_row *row = ry_role_link_row("journal.positions");
    struct ry_region region = by_hand("journal.positions", row->layout, row->head_bytes - 1);
    refused(&region, "journal.positions", "it is too small");
    row = ry_role_link_row("exec.link3");
    size_t whole = row->head_bytes + ry_ring_footprint(row->slots);
    struct ry_ring_writer ring;
    region = by_hand("exec.link3", row->layout, whole - 1);
    refused(&region, "exec.link3", "it is too small");
    /* A whole ring, but a smaller one: its owner would lap a reader that trusts the table. */
    region = by_hand("exec.link3", row->layout, whole);
    ry_ring_create(&ring, (char *)ry_region_body(&region) + row->head_bytes, row->slots / 2);
    refused(&region, "exec.link3", "it does not hold the ring that it should");
}
END_TEST

START_TEST(a_ring_that_is_damaged)
{
    const struct ry_role_link_row *row = ry_role_link_row("agent9.commands");
    size_t whole = row->head_bytes + ry_ring_footprint(row->slots);
    for (unsigned i = 0; i < 3; i++) {
        struct ry_region region = by_hand("agent9.commands", row->layout, whole);
        void *ring = (char *)ry_region_body(&region) + row->head_bytes;
        struct ry_ring_header *header = ring;
        header->magic = i == 0 ? 0 : RY_RING_MAGIC; /* 0: none was made */
        header->slots = i == 1 ? row->slots + 1 : row->slots << 1;
        refused(&region, "agent9.commands", "it does not hold the ring that it should");
    }
}
END_TEST

/* A pipe, a plain file, a memfd without seals: nothing of it is mapped. */
START_TEST(what_is_no_region)
{
    struct ry_region region = {.fd = memfd_create("exec.inputs", MFD_CLOEXEC)};
    struct ry_role_link joined;
    ck_assert_int_eq(ftruncate(region.fd, 1 << 20), 0);
    ck_assert_int_eq(join(&joined, &region, "exec.inputs"), -1);
    ck_assert_msg(strstr(why, "seals are missing") != NULL, "said: %s", why);
    close(region.fd);
    region.fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    ck_assert_int_eq(join(&joined, &region, "exec.inputs"), -1);
    close(region.fd);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("link");
    TCase *t = tcase_create("link");
    tcase_add_loop_test(t, every_row_is_made_and_joined, 0, (int)ry_role_links_count);
    tcase_add_test(t, a_head_before_a_ring_leaves_it_aligned);
    tcase_add_test(t, what_is_no_link);
    tcase_add_test(t, patterns);
    tcase_add_test(t, another_layout_or_name);
    tcase_add_test(t, a_region_that_is_too_small);
    tcase_add_test(t, a_ring_that_is_damaged);
    tcase_add_test(t, what_is_no_region);
    tcase_set_timeout(t, 60);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
