/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/dataset_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "lake/write_parquet.h"

int file_write(void *context, const void *bytes, size_t size)
{
    FileWriter *writer = context;
    const char *at = bytes;
    while (size > 0) {
        ssize_t written = write(writer->descriptor, at, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            writer->problem = errno;
            return 0;
        }
        at += written;
        size -= (size_t)written;
    }
    return 1;
}

static bool file_open(const char *path, FileWriter *ret)
{
    *ret = (FileWriter){.descriptor = STDOUT_FILENO};
    if (path == NULL)
        return true;
    ret->descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (ret->descriptor < 0)
        complain("cannot write %s: %s", path, strerror(errno));
    return ret->descriptor >= 0;
}

int file_close(FileWriter *writer, const char *path)
{
    if (path != NULL && close(writer->descriptor) != 0 && writer->problem == 0)
        writer->problem = errno;
    if (writer->problem == 0 || (path == NULL && writer->problem == EPIPE))
        return STATUS_FINE;
    complain("cannot write %s: %s", path != NULL ? path : "the answer", strerror(writer->problem));
    return STATUS_ERROR;
}

int file_give(RegistryHome *home, FileGive give, const char *name, const char *path)
{
    FileWriter writer;
    if (!file_open(path, &writer))
        return STATUS_ERROR;
    odd_rc rc = give(home->registry, name, file_write, &writer);
    int status = file_close(&writer, path);
    if (rc == ODD_OK || rc == ODD_DONE)
        return status;
    if (path != NULL)
        unlink(path);
    return registry_home_failed(home, rc);
}

bool file_read(const char *path, Buffer *ret)
{
    char part[65536];
    ssize_t size = -1;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor >= 0)
        while ((size = read(descriptor, part, sizeof part)) > 0)
            buffer_add(ret, part, (size_t)size);
    if (size < 0)
        complain("cannot read %s: %s", path, strerror(errno));
    if (descriptor >= 0)
        close(descriptor);
    return size == 0;
}

static bool wants_parquet(const char *path)
{
    size_t size = path != NULL ? strlen(path) : 0;
    return size > 8 && strcmp(path + size - 8, ".parquet") == 0;
}

/* A letter for each column, as the manifest has it; false: told. */
static bool kinds_of(RegistryHome *home, const char *name, Buffer *ret)
{
    odd_rows *rows;
    odd_rc rc = odd_registry_query(home->registry, ODD_DATASET_COLUMNS, name, &rows);
    if (rc != ODD_OK) {
        registry_home_failed(home, rc);
        return false;
    }
    while (odd_next(rows) == ODD_ROW) {
        const char *kind = odd_text(rows, odd_column(rows, "kind"));
        buffer_puts(ret, strcmp(kind, "number") == 0 ? "n" : strcmp(kind, "time") == 0 ? "t" : "s");
    }
    odd_rows_close(rows);
    return true;
}

int dataset_export(const Options *options, RegistryHome *home, const char *name)
{
    const char *path = options->learn.to_file;
    char part[4096];
    if (!wants_parquet(path))
        return file_give(home, odd_dataset_csv, name, path);
    if (snprintf(part, sizeof part, "%s.csv.part", path) >= (int)sizeof part) {
        complain("the path %s is too long", path);
        return STATUS_ERROR;
    }
    Buffer kinds = {0};
    char problem[1024] = "";
    bool good =
        kinds_of(home, name, &kinds) && file_give(home, odd_dataset_csv, name, part) == STATUS_FINE;
    if (good && !write_parquet(home->settings.duckdb, part, buffer_text(&kinds), path, problem,
                               sizeof problem)) {
        complain("cannot write %s: %s", path, problem);
        good = false;
    }
    buffer_free(&kinds);
    unlink(part);
    return good ? STATUS_FINE : STATUS_ERROR;
}

int table_write(const RegistryHome *home, const Buffer *csv, const char *kinds, const char *path)
{
    FileWriter writer;
    char part[4096] = "", problem[1024] = "";
    if (path != NULL && snprintf(part, sizeof part, "%s.csv.part", path) >= (int)sizeof part) {
        complain("the path %s is too long", path);
        return STATUS_ERROR;
    }
    const char *to = path != NULL ? part : NULL;
    if (!file_open(to, &writer))
        return STATUS_ERROR;
    file_write(&writer, csv->text, csv->size);
    int status = file_close(&writer, to);
    if (path == NULL)
        return status;
    bool good = status == STATUS_FINE;
    if (good && !wants_parquet(path)) {
        good = rename(part, path) == 0;
        if (!good)
            complain("cannot write %s: %s", path, strerror(errno));
    } else if (good) {
        good = write_parquet(home->settings.duckdb, part, kinds, path, problem, sizeof problem);
        if (!good)
            complain("cannot write %s: %s", path, problem);
    }
    if (!good || wants_parquet(path))
        unlink(part);
    return good ? STATUS_FINE : STATUS_ERROR;
}
