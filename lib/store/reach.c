/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reach.h"

#include "base/bytes.h"
#include "base/hash.h"

#define TAIL_SIZE 16
#define TAIL_SEED 0x7461696cULL

static const char name[] = "reach";

void reach_open(Reach *reach, const Folder *folder)
{
    reach->descriptor = folder_open_place(folder, name);
}

uint64_t reach_read(const Folder *folder)
{
    char bytes[TAIL_SIZE];
    if (folder_get(folder, name, bytes, sizeof bytes) != sizeof bytes)
        return 0;
    return bytes_get_u64(bytes + 8) == hash_bytes(bytes, 8, TAIL_SEED) ? bytes_get_u64(bytes) : 0;
}

void reach_write(Reach *reach, uint64_t number)
{
    char bytes[TAIL_SIZE];
    if (reach->descriptor < 0)
        return;
    bytes_put_u64(bytes, number);
    bytes_put_u64(bytes + 8, hash_bytes(bytes, 8, TAIL_SEED));
    if (folder_write_place(reach->descriptor, (Str){.text = bytes, .size = sizeof bytes}))
        return;
    reach_close(reach); /* It is a help, not a promise. */
}

void reach_close(Reach *reach)
{
    folder_close_place(reach->descriptor);
    reach->descriptor = -1;
}
