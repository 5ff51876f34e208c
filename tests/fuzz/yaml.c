/* SPDX-License-Identifier: Apache-2.0
 *
 * yaml.c - any bytes as a file of settings: entries whose places are said once, or a sentence. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "settings/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char        problem[256] = "";
    YamlEntries entries;
    bool good =
        yaml_entries_read("a.yaml", (const char *)bytes, size, &entries, problem, sizeof problem);
    assert(good == (problem[0] == '\0'));
    assert(good || entries.count == 0);
    assert(entries.count <= YAML_ENTRIES_MAX);
    for (size_t i = 0; i < entries.count; i++) {
        const YamlEntry *entry = &entries.entries[i];
        assert(strlen(entry->key) < YAML_KEY_MAX);
        assert((entry->kind == YAML_VALUE) == (entry->value != NULL));
        assert(entry->line >= 1);
        assert(entry->item >= -1);
    }
    yaml_entries_free(&entries);
    return 0;
}
