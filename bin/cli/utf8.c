/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/utf8.h"

#include <assert.h>

typedef struct {
    int32_t first, last;
} Span;

/* Marks that join the character before them: the common scripts. */
static const Span joining[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a}, {0x064b, 0x065f},
    {0x06d6, 0x06dc}, {0x0900, 0x0902}, {0x093c, 0x093c}, {0x0941, 0x0948}, {0x094d, 0x094d},
    {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
    {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xe0100, 0xe01ef},
};

static const Span wide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a},   {0x23e9, 0x23ec},
    {0x25fd, 0x25fe},   {0x2614, 0x2615},   {0x26aa, 0x26ab},   {0x2705, 0x2705},
    {0x2728, 0x2728},   {0x274c, 0x274c},   {0x2753, 0x2755},   {0x2795, 0x2797},
    {0x2e80, 0x303e},   {0x3041, 0x33ff},   {0x3400, 0x4dbf},   {0x4e00, 0x9fff},
    {0xa000, 0xa4cf},   {0xa960, 0xa97f},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},
    {0xfe10, 0xfe19},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
    {0x16fe0, 0x18aff}, {0x1b000, 0x1b2ff}, {0x1f004, 0x1f004}, {0x1f0cf, 0x1f0cf},
    {0x1f18e, 0x1f18e}, {0x1f191, 0x1f19a}, {0x1f1e6, 0x1f320}, {0x1f32d, 0x1f64f},
    {0x1f680, 0x1f6fc}, {0x1f7e0, 0x1f7eb}, {0x1f90c, 0x1f9ff}, {0x1fa70, 0x1faff},
    {0x20000, 0x3fffd},
};

static int span_holds(const Span *spans, size_t count, int32_t character)
{
    for (size_t i = 0; i < count; i++)
        if (character >= spans[i].first && character <= spans[i].last)
            return 1;
    return 0;
}

int utf8_width(int32_t character)
{
    if (character < 0x300)
        return 1;
    if (span_holds(joining, sizeof joining / sizeof joining[0], character))
        return 0;
    return span_holds(wide, sizeof wide / sizeof wide[0], character) ? 2 : 1;
}

int32_t utf8_decode(const char *bytes, size_t size, size_t *ret_size)
{
    assert(size > 0);
    const unsigned char *p = (const unsigned char *)bytes;
    *ret_size = 1;
    if (p[0] < 0x80)
        return p[0];

    size_t length = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || length > size)
        return UTF8_INVALID;
    int32_t character = p[0] & (0x7f >> length);
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return UTF8_INVALID;
        character = character << 6 | (p[i] & 0x3f);
    }
    static const int32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (character < smallest[length] || character > 0x10ffff)
        return UTF8_INVALID;
    if (character >= 0xd800 && character <= 0xdfff)
        return UTF8_INVALID;
    *ret_size = length;
    return character;
}
