#include "tools/text/whole.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static int fail(struct ry_text_whole *whole, const char *what, int why)
{
    snprintf(whole->error, sizeof whole->error, "cannot %s %.400s: %s", what, whole->temporary,
             strerror(why));
    return -1;
}

int ry_text_whole_open(struct ry_text_whole *whole, const char *directory, const char *name,
                       size_t reserve)
{
    *whole = (struct ry_text_whole){.file = NULL};
    snprintf(whole->path, sizeof whole->path, "%.4000s/%.100s", directory, name);
    snprintf(whole->temporary, sizeof whole->temporary, "%.4000s/%.100s.tmp", directory, name);
    int fd = open(whole->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return fail(whole, "write", errno);
    int why = reserve == 0 ? 0 : posix_fallocate(fd, 0, (off_t)reserve);
    whole->file = why == 0 ? fdopen(fd, "w") : NULL;
    if (whole->file != NULL)
        return 0;
    why = why != 0 ? why : errno;
    close(fd);
    (void)unlink(whole->temporary);
    return fail(whole, "write", why);
}

/* The name is durable when its directory is. Some file systems cannot: then it is as it is. */
static void sync_directory(const char *path)
{
    char directory[RY_TEXT_WHOLE_PATH_BYTES];
    snprintf(directory, sizeof directory, "%s", path);
    *strrchr(directory, '/') = 0;
    int fd = open(directory[0] == 0 ? "/" : directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
}

int ry_text_whole_keep(struct ry_text_whole *whole)
{
    FILE *file = whole->file;
    int result = 0;
    whole->file = NULL;
    bool failed_before = ferror(file) != 0;
    errno = failed_before ? errno : 0;
    if (fflush(file) != 0 || failed_before || ftruncate(fileno(file), ftello(file)) != 0 ||
        fsync(fileno(file)) != 0)
        result = fail(whole, "write", errno != 0 ? errno : EIO);
    if (fclose(file) != 0 && result == 0)
        result = fail(whole, "write", errno);
    if (result == 0 && rename(whole->temporary, whole->path) != 0)
        result = fail(whole, "rename", errno);
    if (result == 0)
        sync_directory(whole->path);
    else
        (void)unlink(whole->temporary);
    return result;
}

void ry_text_whole_drop(struct ry_text_whole *whole)
{
    if (whole->file == NULL)
        return;
    (void)fclose(whole->file);
    whole->file = NULL;
    (void)unlink(whole->temporary);
}
