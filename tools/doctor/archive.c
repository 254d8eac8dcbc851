/* Of tools/doctor/bundle.h: the archive, by tar(1) from a folder that is removed again. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/doctor/bundle.h"
#include "tools/doctor/command.h"
#include "tools/text/whole.h"

#define TAR_SECONDS 60
#define CONTENTS    "CONTENTS.txt"

/* Makes the folders on the way to `name` below the folder `root`. */
static bool make_folders(int root, const char *name)
{
    char path[RY_DOCTOR_NAME_BYTES];
    snprintf(path, sizeof path, "%s", name);
    for (char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdirat(root, path, 0700) != 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return true;
}

static bool put_file(int root, const char *name, const char *text, size_t bytes)
{
    if (!make_folders(root, name))
        return false;
    int fd = openat(root, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (file == NULL) {
        int why = errno;
        if (fd >= 0)
            close(fd);
        errno = why;
        return false;
    }
    bool written = fwrite(text, 1, bytes, file) == bytes;
    return fclose(file) == 0 && written;
}

static bool put_contents(int root, const struct ry_doctor_bundle *bundle)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *memory = open_memstream(&text, &bytes);
    if (memory == NULL)
        abort(); /* no memory */
    ry_doctor_bundle_print(memory, bundle);
    if (fclose(memory) != 0)
        abort(); /* no memory */
    bool put = put_file(root, CONTENTS, text, bytes);
    free(text);
    return put;
}

static bool put_all(const char *folder, const struct ry_doctor_bundle *bundle)
{
    int root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool put = root >= 0 && put_contents(root, bundle);
    for (unsigned i = 0; put && i < bundle->count; i++)
        put = put_file(root, bundle->file[i].name, bundle->file[i].text, bundle->file[i].bytes);
    int why = errno;
    if (root >= 0)
        close(root);
    errno = why;
    return put;
}

/* Nothing in it depends on who packs it, where or when. */
static int pack(const char *folder, struct ry_doctor_text *said)
{
    const char *const argv[] = {"tar",
                                "--create",
                                "--gzip",
                                "--sort=name",
                                "--owner=0",
                                "--group=0",
                                "--numeric-owner",
                                "--mtime=@0",
                                "--mode=u=rwX,go=",
                                "--format=gnu",
                                "--directory",
                                folder,
                                RY_DOCTOR_FOLDER,
                                NULL};
    return ry_doctor_command(argv, false, TAR_SECONDS, said);
}

static void remove_all(const char *folder)
{
    const char *const argv[] = {"rm", "-r", "-f", "--", folder, NULL};
    struct ry_doctor_text said = {.at = NULL};
    (void)ry_doctor_command(argv, true, TAR_SECONDS, &said);
    free(said.at);
}

static int keep(const char *path, const struct ry_doctor_text *archive,
                char error[RY_DOCTOR_ERROR_BYTES])
{
    char folder[PATH_MAX], name[PATH_MAX];
    struct ry_text_whole whole;
    snprintf(folder, sizeof folder, "%s", path);
    snprintf(name, sizeof name, "%s", path);
    if (ry_text_whole_open(&whole, dirname(folder), basename(name), 0) == 0) {
        (void)fchmod(fileno(whole.file), 0600);
        (void)fwrite(archive->at, 1, archive->bytes, whole.file);
        if (ry_text_whole_keep(&whole) == 0)
            return 0;
    }
    snprintf(error, RY_DOCTOR_ERROR_BYTES, "%.500s", whole.error);
    return -1;
}

int ry_doctor_bundle_write(struct ry_doctor_bundle *bundle, const char *path,
                           char error[RY_DOCTOR_ERROR_BYTES])
{
    const char *above = getenv("TMPDIR");
    char folder[PATH_MAX], inner[PATH_MAX + 32];
    struct ry_doctor_text archive = {.at = NULL};
    int result = -1;
    snprintf(folder, sizeof folder, "%.4000s/royale-doctor-XXXXXX",
             above != NULL && above[0] == '/' ? above : "/tmp");
    if (mkdtemp(folder) == NULL) {
        snprintf(error, RY_DOCTOR_ERROR_BYTES, "cannot make %.300s: %s; set TMPDIR", folder,
                 strerror(errno));
        return -1;
    }
    snprintf(inner, sizeof inner, "%s/%s", folder, RY_DOCTOR_FOLDER);
    if (mkdir(inner, 0700) != 0 || !put_all(inner, bundle))
        snprintf(error, RY_DOCTOR_ERROR_BYTES, "cannot write below %.300s: %s", folder,
                 strerror(errno));
    else if (pack(folder, &archive) != 0 || archive.bytes == 0)
        snprintf(error, RY_DOCTOR_ERROR_BYTES, "tar(1) failed%s%.300s",
                 archive.bytes > 0 ? ": " : "", archive.bytes > 0 ? archive.at : "");
    else
        result = keep(path, &archive, error);
    remove_all(folder);
    free(archive.at);
    return result;
}
