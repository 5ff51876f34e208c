/* SPDX-License-Identifier: Apache-2.0
 *
 * sniff.h - what bytes are, told by the bytes themselves and never by a file's name.
 *
 * ALGORITHM  Magic numbers first (zlib RFC 1952, zstd RFC 8878, systemd JOURNAL_FILE_FORMAT ...);
 *            then: binary is what has more than one control byte in CONTROL_SHARE, which compressed
 *            data (one in ten) and wtmp (mostly NUL) exceed and torn text does not.
 */
#ifndef INPUT_SNIFF_H
#define INPUT_SNIFF_H
#include <stdbool.h>
#include <stddef.h>

#define SNIFF_BYTES 4096 /* Enough to tell. */

typedef enum {
    LOOK_TEXT = 0, /* Also the empty file. */
    LOOK_UTF8_BOM,
    LOOK_UTF16_LE,
    LOOK_UTF16_BE,
    LOOK_GZIP,
    LOOK_ZSTD,
    LOOK_PACKED,  /* xz, bzip2, lz4, zip, tar, 7z: must be unpacked first. */
    LOOK_PARQUET,
    LOOK_JOURNAL, /* A file of the systemd journal. */
    LOOK_HOLE,    /* NUL and nothing else: a database, or a log truncated under its writer. */
    LOOK_BINARY
} Look;

Look sniff(const char *bytes, size_t size);
bool look_is_text(Look look);
bool look_is_compressed(Look look); /* By what we read ourselves. */

#endif
