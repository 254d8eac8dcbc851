#include "tools/doctor/bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/doctor/text.h"

void ry_doctor_bundle_open(struct ry_doctor_bundle *bundle)
{
    *bundle = (struct ry_doctor_bundle){.count = 0};
    bundle->file = calloc(RY_DOCTOR_FILES_MAX, sizeof *bundle->file);
    bundle->left = calloc(RY_DOCTOR_FILES_MAX, sizeof *bundle->left);
    if (bundle->file == NULL || bundle->left == NULL)
        abort(); /* no memory */
}

void ry_doctor_bundle_close(struct ry_doctor_bundle *bundle)
{
    for (unsigned i = 0; i < bundle->count; i++)
        free(bundle->file[i].text);
    free(bundle->file);
    free(bundle->left);
    ry_doctor_scrub_close(&bundle->scrub);
    *bundle = (struct ry_doctor_bundle){.count = 0};
}

void ry_doctor_bundle_out(struct ry_doctor_bundle *bundle, const char *what, const char *why)
{
    if (bundle->left_count == RY_DOCTOR_FILES_MAX) {
        bundle->more++;
        return;
    }
    struct ry_doctor_left *left = &bundle->left[bundle->left_count++];
    snprintf(left->what, sizeof left->what, "%s", what);
    snprintf(left->why, sizeof left->why, "%s", why);
}

/* ---- adding ---------------------------------------------------------------------------------- */

/* A name may be anybody's, of a file in the battle's folder: a secret in it is gone too. */
static void name_file(struct ry_doctor_bundle *bundle, struct ry_doctor_file *file,
                      const char *name, const char *about)
{
    size_t bytes = strlen(name);
    unsigned gone;
    char *plain = ry_doctor_scrub(&bundle->scrub, name, &bytes, &gone);
    snprintf(file->name, sizeof file->name, "%s", plain);
    snprintf(file->about, sizeof file->about, "%s", about);
    file->gone += gone;
    free(plain);
}

/* Its first and last part, if it is too long: at ends of lines, so that no secret loses the name
 * that it is known by. */
static void cut(struct ry_doctor_text *text, size_t *cut_bytes)
{
    const size_t half = RY_DOCTOR_FILE_BYTES / 2;
    *cut_bytes = 0;
    if (text->bytes <= RY_DOCTOR_FILE_BYTES)
        return;
    const char *first = memrchr(text->at, '\n', half);
    const char *last = memchr(text->at + text->bytes - half, '\n', half);
    size_t head = first != NULL ? (size_t)(first - text->at) + 1 : 0;
    size_t tail = last != NULL ? (size_t)(text->at + text->bytes - last) - 1 : 0;
    *cut_bytes = text->bytes - head - tail;
    struct ry_doctor_text whole = {.at = NULL};
    ry_doctor_text_put(&whole, text->at, head);
    ry_doctor_text_print(&whole, "[%zu bytes are left out here]\n", *cut_bytes);
    ry_doctor_text_put(&whole, text->at + text->bytes - tail, tail);
    free(text->at);
    *text = whole;
}

/* Scrubbed first, cut then: what is cut off may be the beginning of a secret. */
void ry_doctor_bundle_text(struct ry_doctor_bundle *bundle, const char *name, const char *about,
                           const char *text, size_t bytes)
{
    struct ry_doctor_file file = {.text = NULL};
    size_t kept = bytes;
    struct ry_doctor_text scrubbed = {.at = NULL};
    scrubbed.at = ry_doctor_scrub(&bundle->scrub, text, &kept, &file.gone);
    scrubbed.bytes = kept;
    scrubbed.room = kept + 1;
    cut(&scrubbed, &file.cut);
    name_file(bundle, &file, name, about);
    if (bundle->count == RY_DOCTOR_FILES_MAX ||
        bundle->bytes + scrubbed.bytes > RY_DOCTOR_ALL_BYTES) {
        ry_doctor_bundle_out(bundle, file.name, "no room: the bundle has become too large");
        free(scrubbed.at);
        return;
    }
    file.text = scrubbed.at;
    file.bytes = scrubbed.bytes;
    bundle->bytes += file.bytes;
    bundle->file[bundle->count++] = file;
}

#define READ_BYTES (4 * RY_DOCTOR_FILE_BYTES) /* of each end of a file: more than is kept of it */

/* To the next line: what a line begins with may say that its end is a secret. */
static int seek_line(FILE *file, off_t at)
{
    if (fseeko(file, at, SEEK_SET) != 0)
        return -1;
    for (int c; (c = getc(file)) != EOF && c != '\n';)
        continue;
    return 0;
}

static void read_part(FILE *file, struct ry_doctor_text *text, size_t bytes)
{
    char part[65536];
    for (size_t got = 1; got > 0 && bytes > 0; bytes -= got) {
        got = fread(part, 1, bytes < sizeof part ? bytes : sizeof part, file);
        ry_doctor_text_put(text, part, got);
    }
}

/* Both ends of a large file. A file of /proc says that it has no bytes: it is read to its end, or
 * up to as much. 0, or an errno. */
static int read_ends(FILE *file, struct ry_doctor_text *text, size_t *cut_bytes)
{
    struct stat status;
    *cut_bytes = 0;
    if (fstat(fileno(file), &status) != 0)
        return errno;
    if (!S_ISREG(status.st_mode))
        return ENOTSUP;
    off_t tail = status.st_size - (off_t)READ_BYTES;
    errno = 0;
    read_part(file, text, READ_BYTES);
    if (tail <= (off_t)READ_BYTES) {
        read_part(file, text, READ_BYTES);
    } else if (seek_line(file, tail) == 0) {
        *cut_bytes = (size_t)(ftello(file) - (off_t)READ_BYTES);
        ry_doctor_text_put(text, "\n", 1);
        read_part(file, text, READ_BYTES);
    }
    return ferror(file) != 0 ? errno : 0;
}

void ry_doctor_bundle_file(struct ry_doctor_bundle *bundle, const char *name, const char *about,
                           const char *path)
{
    struct ry_doctor_text text = {.at = NULL};
    size_t skipped = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
    int why = file != NULL ? read_ends(file, &text, &skipped) : errno;
    if (why == 0) {
        unsigned before = bundle->count;
        ry_doctor_text_put(&text, "", 0);
        ry_doctor_bundle_text(bundle, name, about, text.at, text.bytes);
        if (bundle->count > before)
            bundle->file[before].cut += skipped;
    } else {
        ry_doctor_bundle_out(bundle, name, strerror(why));
    }
    free(text.at);
    if (file != NULL)
        fclose(file);
}

/* ---- the listing ----------------------------------------------------------------------------- */

static void print_file(FILE *out, const struct ry_doctor_file *file)
{
    fprintf(out, "  %8zu  %-28s %s", file->bytes, file->name, file->about);
    if (file->cut > 0)
        fprintf(out, "; %zu bytes in its middle left out", file->cut);
    if (file->gone > 0)
        fprintf(out, "; %u secret%s taken out", file->gone, file->gone == 1 ? "" : "s");
    fputc('\n', out);
}

void ry_doctor_bundle_print(FILE *out, const struct ry_doctor_bundle *bundle)
{
    unsigned gone = 0;
    fputs("inside (bytes, file, what it is):\n", out);
    for (unsigned i = 0; i < bundle->count; i++) {
        print_file(out, &bundle->file[i]);
        gone += bundle->file[i].gone;
    }
    fputs("left out:\n", out);
    for (unsigned i = 0; i < bundle->left_count; i++)
        fprintf(out, "            %-28s %s\n", bundle->left[i].what, bundle->left[i].why);
    if (bundle->more > 0)
        fprintf(out, "            and %u more\n", bundle->more);
    fprintf(out, "%u secret%s taken out, each reads ***\n", gone, gone == 1 ? "" : "s");
    if (bundle->scrub.more > 0)
        fprintf(out,
                "warning: %u secrets by value had no room and were looked for by name and form "
                "alone\n",
                bundle->scrub.more);
}
