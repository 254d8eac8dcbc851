/*
 * A library copied for each agent of one process: the copies share no variable, whatever the
 * library says of its symbols; a file that is no library is copied as it is, and touched nowhere
 * else.
 */
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/copy.h"
#include "tests/support/test.h"

#define COPIES 64

static char folder[] = "/tmp/royale-copy-XXXXXX";

static int file_of(const char *name, const void *bytes, size_t count)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    const int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, count), (ssize_t)count);
    return fd;
}

/* A library with a variable of each kind of binding, and a function that counts them all up. */
static int library(void)
{
    static const char source[] =
        "static int own; int shared; __attribute__((weak)) int weak; int unique;\n"
        "__asm__(\".type unique, @gnu_unique_object\");\n"
        "int count(void);\n"
        "int count(void) { ++own; ++shared; ++weak; ++unique;\n"
        "    return own == shared && own == weak && own == unique ? own : -1; }\n";
    char command[3 * PATH_MAX];
    close(file_of("lib.c", source, sizeof source - 1));
    snprintf(command, sizeof command, "gcc -shared -fPIC -O1 -o %s/lib.so %s/lib.c", folder,
             folder);
    ck_assert_int_eq(system(command), 0);
    snprintf(command, sizeof command, "%s/lib.so", folder);
    const int fd = open(command, O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    return fd;
}

static int (*load(int fd))(void)
{
    char name[32];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    void *loaded = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    ck_assert_msg(loaded != NULL, "%s", dlerror());
    union {
        void *found;
        int (*call)(void);
    } count = {.found = dlsym(loaded, "count")};
    ck_assert_ptr_nonnull(count.found);
    return count.call;
}

START_TEST(copies_share_no_variable)
{
    char why[RY_HOST_LOAD_WHY_BYTES];
    const int fd = library();
    int (*count[COPIES])(void);
    for (int i = 0; i < COPIES; i++) {
        const int copy = ry_host_copy(fd, "lib.so", why);
        ck_assert_msg(copy >= 0, "%s", why);
        count[i] = load(copy);
    }
    for (int i = 0; i < COPIES; i++)
        for (int calls = 1; calls <= i + 1; calls++)
            ck_assert_int_eq(count[i](), calls);
}
END_TEST

static void stays(const void *bytes, size_t count)
{
    char why[RY_HOST_LOAD_WHY_BYTES], read_back[4096];
    const int fd = file_of("any", bytes, count), copy = ry_host_copy(fd, "any", why);
    ck_assert_msg(copy >= 0, "%s", why);
    ck_assert_int_eq(pread(copy, read_back, sizeof read_back, 0), (ssize_t)count);
    ck_assert_mem_eq(read_back, bytes, count);
    close(copy);
    close(fd);
}

/* Tables that lie outside of the file, or are cut by its end. */
START_TEST(what_is_no_library_stays_as_it_is)
{
    union {
        Elf64_Ehdr head;
        uint8_t byte[2048];
    } file = {.byte = {0}};
    stays("no library", 10);
    memcpy(file.head.e_ident, ELFMAG, SELFMAG);
    file.head.e_shentsize = sizeof(Elf64_Shdr);
    file.head.e_shnum = 3;
    file.head.e_shoff = UINT64_MAX - 8;
    stays(&file, sizeof file);
    file.head.e_shoff = sizeof file - sizeof(Elf64_Shdr);
    stays(&file, sizeof file);
    Elf64_Shdr section = {.sh_type = SHT_DYNSYM,
                          .sh_entsize = sizeof(Elf64_Sym),
                          .sh_offset = sizeof file - 8,
                          .sh_size = 4096};
    file.head.e_shnum = 1;
    file.head.e_shoff = 512;
    memcpy(file.byte + 512, &section, sizeof section);
    memset(file.byte + 1024, 0xff, 1024);
    stays(&file, sizeof file);
}
END_TEST

START_TEST(an_empty_file_is_refused)
{
    char why[RY_HOST_LOAD_WHY_BYTES] = "";
    const int fd = file_of("empty", "", 0);
    ck_assert_int_lt(ry_host_copy(fd, "empty", why), 0);
    ck_assert_msg(strstr(why, "empty") != NULL, "%s", why);
    close(fd);
}
END_TEST

static void setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void)
{
    char command[PATH_MAX];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    (void)!system(command);
}

static Suite *make_suite(void)
{
    Suite *s = suite_create("copy");
    TCase *t = tcase_create("copy");
    tcase_add_unchecked_fixture(t, setup, teardown);
    tcase_add_test(t, copies_share_no_variable);
    tcase_add_test(t, what_is_no_library_stays_as_it_is);
    tcase_add_test(t, an_empty_file_is_refused);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(make_suite)
