/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tail.h"

#include "base/bytes.h"
#include "base/hash.h"

#define TAIL_SIZE 16
#define TAIL_SEED 0x7461696cULL

static const char name[] = "tail";

void tail_open(Tail *tail, const Folder *folder)
{
    tail->descriptor = folder_open_place(folder, name);
}

uint64_t tail_read(const Folder *folder)
{
    char bytes[TAIL_SIZE];
    if (folder_get(folder, name, bytes, sizeof bytes) != sizeof bytes)
        return 0;
    return bytes_get_u64(bytes + 8) == hash_bytes(bytes, 8, TAIL_SEED) ? bytes_get_u64(bytes) : 0;
}

void tail_write(Tail *tail, uint64_t number)
{
    char bytes[TAIL_SIZE];
    if (tail->descriptor < 0)
        return;
    bytes_put_u64(bytes, number);
    bytes_put_u64(bytes + 8, hash_bytes(bytes, 8, TAIL_SEED));
    if (folder_write_place(tail->descriptor, (Str){.text = bytes, .size = sizeof bytes}))
        return;
    tail_close(tail); /* It is a help, not a promise. */
}

void tail_close(Tail *tail)
{
    folder_close_place(tail->descriptor);
    tail->descriptor = -1;
}
