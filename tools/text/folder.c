#include "tools/text/folder.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

bool ry_text_folder_is_empty(const char *path)
{
    DIR *opened = opendir(path);
    if (opened == NULL)
        return false;
    bool empty = true;
    for (struct dirent *entry; (entry = readdir(opened)) != NULL;)
        empty &= strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    (void)closedir(opened);
    return empty;
}

int ry_text_folder_put(const char *path, const char *text, size_t bytes)
{
    FILE *file = fopen(path, "wxe");
    if (file == NULL)
        return -1;
    const bool written = fwrite(text, 1, bytes, file) == bytes;
    return fclose(file) == 0 && written ? 0 : -1;
}
