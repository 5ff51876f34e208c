/* SPDX-License-Identifier: Apache-2.0 */
#include "base/glob.h"

#define NO_STAR ((size_t)-1)

bool glob_means(Str glob, Str text)
{
    size_t at = 0, star = NO_STAR, star_text = 0;
    for (size_t i = 0; i < text.size;) {
        if (at < glob.size && glob.text[at] == '*') {
            star = at++;
            star_text = i;
        } else if (at < glob.size && (glob.text[at] == '?' || glob.text[at] == text.text[i])) {
            at++;
            i++;
        } else if (star != NO_STAR) {
            at = star + 1;
            i = ++star_text;
        } else {
            return false;
        }
    }
    while (at < glob.size && glob.text[at] == '*')
        at++;
    return at == glob.size;
}
