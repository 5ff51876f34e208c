/* SPDX-License-Identifier: Apache-2.0 */
#include "input/sniff.h"

#include <stdint.h>
#include <string.h>

#define CONTROL_SHARE 20

typedef struct {
    const char *bytes;
    size_t      size, from;
    Look        look;
} Magic;

#define MAGIC(literal, offset, look)               \
    {                                              \
        literal, sizeof(literal) - 1, offset, look \
    }

static const Magic magics[] = {
    MAGIC("\x1f\x8b\x08", 0, LOOK_GZIP),
    MAGIC("\x28\xb5\x2f\xfd", 0, LOOK_ZSTD),
    MAGIC("\xfd"
          "7zXZ\0",
          0, LOOK_PACKED),
    MAGIC("BZh", 0, LOOK_PACKED),
    MAGIC("\x04\x22\x4d\x18", 0, LOOK_PACKED),
    MAGIC("PK\x03\x04", 0, LOOK_PACKED),
    MAGIC("7z\xbc\xaf\x27\x1c", 0, LOOK_PACKED),
    MAGIC("ustar", 257, LOOK_PACKED),
    MAGIC("LPKSHHRH", 0, LOOK_JOURNAL),
    MAGIC("PAR1\x15", 0, LOOK_PARQUET), /* Its first page's header follows. */
    MAGIC("SQLite format 3\0", 0, LOOK_BINARY),
    MAGIC("\x7f"
          "ELF",
          0, LOOK_BINARY),
    MAGIC("\x89PNG", 0, LOOK_BINARY),
    MAGIC("\xff\xd8\xff", 0, LOOK_BINARY),
    MAGIC("GIF8", 0, LOOK_BINARY),
    MAGIC("%PDF-", 0, LOOK_BINARY),
    MAGIC("\xff\xfe\0\0", 0, LOOK_BINARY), /* UTF-32; must stand before UTF-16. */
    MAGIC("\xef\xbb\xbf", 0, LOOK_UTF8_BOM),
    MAGIC("\xff\xfe", 0, LOOK_UTF16_LE),
    MAGIC("\xfe\xff", 0, LOOK_UTF16_BE),
};

/* "BZh" may begin a word, so the block size 1..9 and the block's mark must follow. */
static bool is_bzip2(const char *bytes, size_t size)
{
    return size >= 10 && bytes[3] >= '1' && bytes[3] <= '9' && memcmp(bytes + 4, "1AY&SY", 6) == 0;
}

static bool is_zstd_skippable(const char *bytes, size_t size)
{
    return size >= 4 && ((unsigned char)bytes[0] & 0xf0) == 0x50 &&
           memcmp(bytes + 1, "\x2a\x4d\x18", 3) == 0;
}

static bool is_control(unsigned char c)
{
    return c == 0x7f || (c < 0x20 && !(c >= '\b' && c <= '\r') && c != 0x1b);
}

static Look look_of_bytes(const char *bytes, size_t size)
{
    size_t control_count = 0, nul_count = 0;
    for (size_t i = 0; i < size; i++) {
        control_count += is_control((unsigned char)bytes[i]);
        nul_count += bytes[i] == '\0';
    }
    if (size > 0 && nul_count == size)
        return LOOK_HOLE;
    return control_count * CONTROL_SHARE > size ? LOOK_BINARY : LOOK_TEXT;
}

Look sniff(const char *bytes, size_t size)
{
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
        const Magic *magic = &magics[i];
        if (size < magic->from + magic->size ||
            memcmp(bytes + magic->from, magic->bytes, magic->size) != 0)
            continue;
        if (memcmp(magic->bytes, "BZh", 3) == 0 && !is_bzip2(bytes, size))
            continue;
        return magic->look;
    }
    if (is_zstd_skippable(bytes, size))
        return LOOK_ZSTD;
    return look_of_bytes(bytes, size);
}

bool look_is_text(Look look)
{
    return look <= LOOK_UTF16_BE;
}

bool look_is_compressed(Look look)
{
    return look == LOOK_GZIP || look == LOOK_ZSTD;
}
