#include "agents/copy.h"

#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(const char *path, const char *what, char why[RY_HOST_LOAD_WHY_BYTES])
{
    snprintf(why, RY_HOST_LOAD_WHY_BYTES, "cannot copy strategy %.200s: %s: %s", path, what,
             strerror(errno));
    return -1;
}

/* The file is no agent's yet, but it is no friend's either: nothing outside of it is touched. */
static bool lies_in(size_t bytes, uint64_t offset, uint64_t size)
{
    return offset <= bytes && size <= bytes - offset;
}

static void make_ordinary(uint8_t *file, size_t bytes, const Elf64_Shdr *section)
{
    if (section->sh_type != SHT_DYNSYM || section->sh_entsize != sizeof(Elf64_Sym) ||
        !lies_in(bytes, section->sh_offset, section->sh_size))
        return;
    for (uint64_t at = 0; at + sizeof(Elf64_Sym) <= section->sh_size; at += sizeof(Elf64_Sym)) {
        Elf64_Sym symbol;
        memcpy(&symbol, file + section->sh_offset + at, sizeof symbol);
        if (ELF64_ST_BIND(symbol.st_info) != STB_GNU_UNIQUE)
            continue;
        symbol.st_info = ELF64_ST_INFO(STB_GLOBAL, ELF64_ST_TYPE(symbol.st_info));
        memcpy(file + section->sh_offset + at, &symbol, sizeof symbol);
    }
}

/* Of a library without a table of sections (which nothing needs that runs it) they stay unique. */
static void make_all_ordinary(uint8_t *file, size_t bytes)
{
    Elf64_Ehdr head;
    if (bytes < sizeof head)
        return;
    memcpy(&head, file, sizeof head);
    if (memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_shentsize != sizeof(Elf64_Shdr) ||
        !lies_in(bytes, head.e_shoff, (uint64_t)head.e_shnum * sizeof(Elf64_Shdr)))
        return;
    for (unsigned i = 0; i < head.e_shnum; i++) {
        Elf64_Shdr section;
        memcpy(&section, file + head.e_shoff + i * sizeof section, sizeof section);
        make_ordinary(file, bytes, &section);
    }
}

static int fill(int from, uint8_t *file, size_t bytes)
{
    for (size_t done = 0; done < bytes;) {
        const ssize_t n = pread(from, file + done, bytes - done, (off_t)done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n == 0 ? EIO : errno; /* it has become shorter */
            return -1;
        }
        done += (size_t)n;
    }
    make_all_ordinary(file, bytes);
    return 0;
}

int ry_host_copy(int fd, const char *path, char why[RY_HOST_LOAD_WHY_BYTES])
{
    struct stat status;
    if (fstat(fd, &status) != 0 || status.st_size <= 0)
        return fail(path, "it is empty", why);
    const size_t bytes = (size_t)status.st_size;
    const int copy = memfd_create("royale-strategy", MFD_CLOEXEC);
    if (copy < 0)
        return fail(path, "memfd_create", why);
    uint8_t *file = MAP_FAILED;
    int result = ftruncate(copy, status.st_size);
    if (result == 0)
        file = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, copy, 0);
    result = file == MAP_FAILED ? -1 : fill(fd, file, bytes);
    if (result != 0)
        (void)fail(path, "copying", why);
    if (file != MAP_FAILED)
        munmap(file, bytes);
    if (result == 0)
        return copy;
    close(copy);
    return -1;
}
