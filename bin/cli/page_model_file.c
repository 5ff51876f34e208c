/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/page_model_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/answer.h"
#include "cli/complain.h"
#include "cli/page.h"
#include "cli/page_model.h"

bool page_model_allowed(const char *path, const char *reference, const char *current)
{
    Inputs good = {0}, inputs = {0};
    Notes notes = {0};
    inputs_find(&reference, 1, &good, &notes);
    inputs_find(&current, 1, &inputs, &notes);
    bool may = page_allowed(path, &good, &inputs);
    notes_free(&notes);
    inputs_free(&good);
    inputs_free(&inputs);
    return may;
}

bool page_model_write(const char *path, odd_model *model, size_t findings, const char *reference,
                      const char *current)
{
    Out out = {.descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)};
    if (out.descriptor < 0) {
        complain("cannot write the page %s: %s", path, strerror(errno));
        return false;
    }
    page_model(&out.text, model, findings, reference, current);
    bool good = out_close(&out);
    if (close(out.descriptor) != 0 && good) {
        out.problem = errno;
        good = false;
    }
    if (!good)
        answer_complain(&out, path);
    return good;
}
