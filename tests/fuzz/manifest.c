/* SPDX-License-Identifier: Apache-2.0 */
#include "store/manifest.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Lines of files, without the first and the last one of the list: what is read is in order, and its
 * names are those of the same files. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    Mem mem = {0};
    Manifest manifest = {.mem = &mem};
    Str all = {.text = (const char *)bytes, .size = size};
    if (manifest_lines(&manifest, all) == ODD_OK)
        for (size_t i = 0; i < manifest.count; i++) {
            char name[LAKE_FILE_NAME_MAX];
            LakeFile again;
            lake_file_name(&manifest.files[i], name);
            assert(lake_file_of_name(str_of(name), &again));
            assert(again.table == manifest.files[i].table && again.day == manifest.files[i].day);
            assert(again.from == manifest.files[i].from && again.to == manifest.files[i].to);
            assert(manifest_find(&manifest, &manifest.files[i]) == &manifest.files[i]);
        }
    manifest_close(&manifest);
    assert(mem.bytes == 0);
    return 0;
}
