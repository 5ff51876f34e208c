/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/page.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/answer.h"
#include "cli/complain.h"
#include "cli/render.h"

#define HEAD_BYTES 512 /* Enough for the mark, which stands in the first lines. */

static bool is_among(const Inputs *inputs, const struct stat *found)
{
    for (size_t i = 0; i < inputs->count; i++)
        if (inputs->items[i].device == found->st_dev && inputs->items[i].inode == found->st_ino)
            return true;
    return false;
}

/* What cannot be looked at is taken for something that is dear. */
static bool is_page_of_ours(const char *path)
{
    char head[HEAD_BYTES + 1] = {0};
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    ssize_t size = read(descriptor, head, HEAD_BYTES);
    close(descriptor);
    return size > 0 && strncmp(head, PAGE_DOCTYPE, strlen(PAGE_DOCTYPE)) == 0 &&
           strstr(head, PAGE_MARK) != NULL;
}

bool page_allowed(const char *path, const Inputs *good, const Inputs *inputs)
{
    struct stat found;
    if (stat(path, &found) != 0 || !S_ISREG(found.st_mode))
        return true;
    if (is_among(good, &found) || is_among(inputs, &found)) {
        complain("--html %s would overwrite an input; name another file for the page, for example "
                 "--html odd.html",
                 path);
        return false;
    }
    if (found.st_size == 0 || is_page_of_ours(path))
        return true;
    complain("--html %s would overwrite a file that is no page of oddball's; put the name of the "
             "page behind --html, for example --html odd.html %s, or remove that file first",
             path, path);
    return false;
}

bool page_open(const char *path, Out *ret)
{
    *ret = (Out){.descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)};
    if (ret->descriptor < 0)
        complain("cannot write the page %s: %s", path, strerror(errno));
    return ret->descriptor >= 0;
}

bool page_close(const char *path, Out *out)
{
    bool good = out_close(out);
    if (close(out->descriptor) != 0 && good) {
        out->problem = errno;
        good = false;
    }
    if (!good)
        answer_complain(out, path);
    return good;
}

bool page_write(const char *path, const Report *report)
{
    Out out;
    if (!page_open(path, &out))
        return false;
    render_html(&out.text, report);
    return page_close(path, &out);
}
