/* SPDX-License-Identifier: Apache-2.0 */
#include "event/utf8.h"

#include <stdint.h>
#include <string.h>

typedef struct {
    unsigned char lead_first, lead_last; /* Leading bytes of this form.    */
    unsigned char next_first, next_last; /* What the second byte may be.   */
    unsigned char size;                  /* Bytes in all; the rest 80..BF. */
} Form;

static const Form forms[] = {
    {0x00, 0x7f, 0x00, 0x00, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
    {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
    {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

static const Form *form_of(unsigned char lead)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (lead >= forms[i].lead_first && lead <= forms[i].lead_last)
            return &forms[i];
    return NULL;
}

size_t utf8_size(Str text)
{
    const unsigned char *p = (const unsigned char *)text.text;
    const Form *form = text.size > 0 ? form_of(p[0]) : NULL;
    if (form == NULL || form->size > text.size)
        return 0;
    for (size_t i = 1; i < form->size; i++) {
        unsigned char first = i == 1 ? form->next_first : 0x80;
        unsigned char last = i == 1 ? form->next_last : 0xbf;
        if (p[i] < first || p[i] > last)
            return 0;
    }
    return form->size;
}

/* Most text is ASCII: eight bytes at a time. */
static size_t skip_ascii(Str text, size_t at)
{
    uint64_t word;
    for (; at + sizeof word <= text.size; at += sizeof word) {
        memcpy(&word, text.text + at, sizeof word);
        if ((word & 0x8080808080808080ULL) != 0)
            break;
    }
    return at;
}

bool utf8_is_valid(Str text)
{
    for (size_t at = skip_ascii(text, 0); at < text.size;) {
        bool is_ascii = (unsigned char)text.text[at] < 0x80;
        size_t size = is_ascii ? 1 : utf8_size(str_part(text, at, text.size));
        if (size == 0)
            return false;
        at += size;
    }
    return true;
}

Str utf8_shown(Str text, char *room)
{
    static const char digits[] = "0123456789abcdef";
    size_t size = 0;
    if (utf8_is_valid(text))
        return text;
    for (size_t at = 0; at < text.size;) {
        size_t whole = utf8_size(str_part(text, at, text.size));
        unsigned char byte = (unsigned char)text.text[at];
        const char escaped[] = {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
        memcpy(room + size, whole > 0 ? text.text + at : escaped, whole > 0 ? whole : 4);
        size += whole > 0 ? whole : 4;
        at += whole > 0 ? whole : 1;
    }
    return (Str){.text = room, .size = size};
}
