#include "tools/strategy/file.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "agents/agent.h"

#define SYMBOL    "ry_strategy"
#define BUILD_IT  ": build it as docs/AGENTS.md says"
#define WHY_BYTES RY_STRATEGY_WHY_BYTES

/* The machine that this program was built for. */
static GElf_Half own_machine(void)
{
    GElf_Ehdr head = {.e_machine = EM_NONE};
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
    (void)gelf_getehdr(elf, &head);
    (void)elf_end(elf);
    close(fd);
    return head.e_machine;
}

enum found { FOUND, FOUND_NOT, FOUND_NO_TABLE };

/* The symbol as the library exports it. */
static enum found find_symbol(Elf *elf, GElf_Sym *symbol)
{
    GElf_Shdr head;
    enum found found = FOUND_NO_TABLE;
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section)) != NULL;) {
        if (gelf_getshdr(section, &head) == NULL || head.sh_type != SHT_DYNSYM ||
            head.sh_entsize == 0)
            continue;
        found = FOUND_NOT;
        Elf_Data *data = elf_getdata(section, NULL);
        int count = (int)(head.sh_size / head.sh_entsize);
        for (int i = 0; data != NULL && i < count && gelf_getsym(data, i, symbol) != NULL; i++) {
            const char *name = elf_strptr(elf, head.sh_link, symbol->st_name);
            if (name != NULL && strcmp(name, SYMBOL) == 0 && symbol->st_shndx != SHN_UNDEF)
                return FOUND;
        }
    }
    return found;
}

/* The first words of what the symbol names. */
static bool read_strategy(Elf *elf, const GElf_Sym *symbol, uint32_t words[2])
{
    GElf_Shdr head;
    Elf_Scn *section = elf_getscn(elf, symbol->st_shndx);
    Elf_Data *data = section == NULL ? NULL : elf_getdata(section, NULL);
    if (data == NULL || data->d_buf == NULL || gelf_getshdr(section, &head) == NULL ||
        symbol->st_value < head.sh_addr)
        return false;
    size_t offset = symbol->st_value - head.sh_addr, bytes = 2 * sizeof words[0];
    if (offset > data->d_size || data->d_size - offset < bytes)
        return false;
    memcpy(words, (const char *)data->d_buf + offset, bytes);
    return true;
}

static const char *check_strategy(Elf *elf, char why[WHY_BYTES])
{
    GElf_Ehdr head;
    GElf_Sym symbol;
    uint32_t words[2]; /* abi, bytes: where struct ry_strategy begins */
    if (elf_kind(elf) != ELF_K_ELF || gelf_getehdr(elf, &head) == NULL || head.e_type != ET_DYN)
        return "is no shared library" BUILD_IT;
    if (gelf_getclass(elf) != ELFCLASS64 || head.e_machine != own_machine())
        return "was built for another kind of machine: build it here";
    enum found found = find_symbol(elf, &symbol);
    if (found == FOUND_NOT)
        return "exports no " SYMBOL ": RY_STRATEGY(...) is missing";
    if (found == FOUND_NO_TABLE || !read_strategy(elf, &symbol, words))
        return "is cut off or damaged" BUILD_IT;
    if (words[0] == RY_AGENT_ABI && words[1] == sizeof(struct ry_strategy))
        return NULL;
    if (words[0] != RY_AGENT_ABI)
        snprintf(why, WHY_BYTES,
                 "was compiled for version %u of agent.h, this is %u: build it again with this "
                 "royale's agent.h",
                 words[0], RY_AGENT_ABI);
    else
        snprintf(
            why, WHY_BYTES,
            "has a struct ry_strategy of %u bytes, version %u of agent.h has one of %zu: build "
            "it again with this royale's agent.h",
            words[1], RY_AGENT_ABI, sizeof(struct ry_strategy));
    return why;
}

/* Started as root, each agent gets a user of its own, who must be able to read the file. A list of
 * access rights may name that user; whether it does is seen at the start. */
static bool only_for_root(int fd, const struct stat *status)
{
    return geteuid() == 0 && (status->st_mode & S_IROTH) == 0 &&
           fgetxattr(fd, "system.posix_acl_access", NULL, 0) < 0;
}

const char *ry_strategy_file(const char *path, char why[WHY_BYTES])
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &status) != 0) {
        snprintf(why, WHY_BYTES, "cannot be read: %s", strerror(errno));
        if (fd >= 0)
            close(fd);
        return why;
    }
    const char *wrong;
    if (!S_ISREG(status.st_mode)) {
        wrong = S_ISDIR(status.st_mode) ? "is a folder; allowed: a file" : "is no file";
    } else if (only_for_root(fd, &status)) {
        wrong = "may not be read by agents, which run as users of their own: chmod o+r";
    } else {
        (void)elf_version(EV_CURRENT);
        Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
        wrong = elf == NULL ? "is no shared library" BUILD_IT : check_strategy(elf, why);
        (void)elf_end(elf);
    }
    close(fd);
    return wrong;
}
