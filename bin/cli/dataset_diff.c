/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/dataset_diff.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/dataset_file.h"
#include "cli/diff_model.h"

#define PATH_SIZE 64

/* The rows in a file of their own, which is gone with the command. */
static bool lay_out(RegistryHome *home, const char *name, char path[PATH_SIZE])
{
    snprintf(path, PATH_SIZE, "/tmp/oddball-dataset-XXXXXX");
    FileWriter writer = {.descriptor = mkstemp(path)};
    if (writer.descriptor < 0) {
        complain("cannot write %s: %s", path, strerror(errno));
        path[0] = '\0';
        return false;
    }
    odd_rc rc = odd_dataset_csv(home->registry, name, file_write, &writer);
    if (file_close(&writer, path) != STATUS_FINE)
        return false;
    if (rc != ODD_OK)
        registry_home_failed(home, rc);
    return rc == ODD_OK;
}

int dataset_diff(const Options *options, RegistryHome *home, const char *before, const char *after)
{
    char first[PATH_SIZE] = "", second[PATH_SIZE] = "";
    int status = STATUS_ERROR;
    if (lay_out(home, before, first) && lay_out(home, after, second))
        status = diff_model(options, first, second);
    if (first[0] != '\0')
        unlink(first);
    if (second[0] != '\0')
        unlink(second);
    return status;
}
