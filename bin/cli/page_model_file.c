/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/page_model_file.h"

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
    Out out;
    if (!page_open(path, &out))
        return false;
    page_model(&out.text, model, findings, reference, current);
    return page_close(path, &out);
}
