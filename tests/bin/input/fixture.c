/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

void text_add(Text *text, const void *bytes, size_t size)
{
    if (text->size + size + 1 > text->capacity) {
        text->capacity = (text->size + size + 1) * 2;
        text->bytes = realloc(text->bytes, text->capacity);
        assert_non_null(text->bytes);
    }
    if (size > 0)
        memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
    text->bytes[text->size] = '\0';
}

void text_free(Text *text)
{
    free(text->bytes);
    *text = (Text){0};
}

uint64_t random_next(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

uint64_t random_below(uint64_t *seed, uint64_t limit)
{
    return random_next(seed) % limit;
}

typedef struct {
    Tap         tap;
    const char *bytes;
    size_t      size, at, piece_max;
    uint64_t    seed;
} MemoryTap;

static size_t memory_read(Tap *tap, char *to, size_t size)
{
    MemoryTap *memory = (MemoryTap *)tap;
    size_t     part = 1 + random_below(&memory->seed, memory->piece_max);
    if (part > size)
        part = size;
    if (part > memory->size - memory->at)
        part = memory->size - memory->at;
    if (part > 0)
        memcpy(to, memory->bytes + memory->at, part);
    memory->at += part;
    return part;
}

static void memory_close(Tap *tap)
{
    free(tap);
}

Tap *memory_tap(const void *bytes, size_t size, uint64_t seed, size_t piece_max)
{
    MemoryTap *memory = calloc(1, sizeof *memory);
    assert_non_null(memory);
    *memory = (MemoryTap){.tap = {.read = memory_read, .close = memory_close},
                          .bytes = bytes,
                          .size = size,
                          .piece_max = piece_max,
                          .seed = seed};
    return &memory->tap;
}

TapSetting setting_of(Notes *notes)
{
    return (TapSetting){.name = "it", .notes = notes};
}

void folder_make(char *ret_path)
{
    snprintf(ret_path, PATH_SIZE, "/tmp/oddball-test-XXXXXX");
    assert_non_null(mkdtemp(ret_path));
    assert_int_equal(chmod(ret_path, 0755), 0);
}

static int remove_one(const char *path, const struct stat *found, int kind, struct FTW *place)
{
    (void)found, (void)kind, (void)place; /* nftw asks for them. */
    return remove(path);
}

void folder_remove(const char *path)
{
    assert_int_equal(nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

char *path_in(const char *folder, const char *name, char *ret_path)
{
    assert_in_range(snprintf(ret_path, PATH_SIZE, "%s/%s", folder, name), 1, PATH_SIZE - 1);
    return ret_path;
}

void file_write(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

void gzip_of(const void *bytes, size_t size, Text *ret)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t         room = deflateBound(&z, size);
    unsigned char *packed = malloc(room);
    assert_non_null(packed);
    z.next_in = (Bytef *)bytes;
    z.avail_in = (uInt)size;
    z.next_out = packed;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    text_add(ret, packed, z.total_out);
    deflateEnd(&z);
    free(packed);
}

void gunzip_file(const char *path, Text *ret)
{
    char   piece[65536];
    int    size;
    gzFile file = gzopen(path, "rb");
    assert_non_null(file);
    while ((size = gzread(file, piece, sizeof piece)) > 0)
        text_add(ret, piece, (size_t)size);
    assert_int_equal(gzclose(file), Z_OK);
}

void zstd_of(const void *bytes, size_t size, int window_log, Text *ret)
{
    ZSTD_CCtx *z = ZSTD_createCCtx();
    assert_non_null(z);
    ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
    if (window_log != 0) {
        ZSTD_CCtx_setParameter(z, ZSTD_c_enableLongDistanceMatching, 1);
        ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, window_log);
        ZSTD_CCtx_setParameter(z, ZSTD_c_contentSizeFlag, 0);
    }
    size_t room = ZSTD_compressBound(size);
    char  *packed = malloc(room);
    assert_non_null(packed);
    /* Streamed, so that the frame keeps its window and does not name its size. */
    ZSTD_inBuffer  in = {bytes, size / 2, 0};
    ZSTD_outBuffer out = {packed, room, 0};
    assert_false(ZSTD_isError(ZSTD_compressStream2(z, &out, &in, ZSTD_e_continue)));
    in.size = size;
    assert_int_equal(ZSTD_compressStream2(z, &out, &in, ZSTD_e_end), 0);
    text_add(ret, packed, out.pos);
    ZSTD_freeCCtx(z);
    free(packed);
}

StreamCounts stream_read_all(Stream *stream, Notes *notes, Text *ret)
{
    Block    block = {0};
    uint64_t row = 1;
    while (stream_next(stream, &block)) {
        assert_int_equal(block.row, row);
        row += block.row_count;
        text_add(ret, block.bytes, block.size);
    }
    StreamCounts counts = stream_counts(stream);
    notes_move(notes, stream_notes(stream));
    stream_close(stream);
    block_free(&block);
    text_add(ret, "", 0);
    return counts;
}

Stream *file_open(const char *path, const StreamOptions *options, Notes *notes, Inputs *ret_inputs)
{
    Stream *stream = NULL;
    assert_true(inputs_find(&path, 1, ret_inputs, notes));
    assert_int_equal(ret_inputs->count, 1);
    assert_true(stream_open(&ret_inputs->items[0], options, notes, &stream));
    return stream;
}

StreamCounts file_read(const char *path, Notes *notes, Text *ret)
{
    Inputs       inputs;
    Stream      *stream = file_open(path, &(StreamOptions){0}, notes, &inputs);
    StreamCounts counts = stream_read_all(stream, notes, ret);
    inputs_free(&inputs);
    return counts;
}

static bool tells(const char *sentence, const char *words)
{
    while (*words != '\0') {
        char   word[PATH_SIZE] = {0};
        size_t size = strcspn(words, "|");
        assert_in_range(size, 1, sizeof word - 1);
        memcpy(word, words, size);
        sentence = strstr(sentence, word);
        if (sentence == NULL)
            return false;
        sentence += size;
        words += size + (words[size] == '|');
    }
    return true;
}

bool notes_tell(const Notes *notes, const char *words)
{
    for (size_t i = 0; i < notes->count; i++)
        if (tells(notes->sentences[i], words))
            return true;
    notes_show(notes);
    return false;
}

void notes_show(const Notes *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        print_message("note: %s\n", notes->sentences[i]);
}
