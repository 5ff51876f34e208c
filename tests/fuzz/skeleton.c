/* SPDX-License-Identifier: Apache-2.0 */
#include "event/skeleton.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void inside(Str text, Str all)
{
    assert(text.size == 0 || (text.text >= all.text && text.size <= all.size &&
                              text.text <= all.text + (all.size - text.size)));
}

/* What is read lies inside the bytes, and goes on to their end or to where they are torn. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    Str all = {.text = (const char *)bytes, .size = size};
    SkeletonReader reader = {.bytes = all};
    Bone bone;
    EventRead read;
    while ((read = skeleton_next(&reader, &bone)) == EVENT_READ) {
        inside(bone.event.source, all);
        inside(bone.event.text, all);
        inside(bone.event.series, all);
        inside(bone.event.samples, all);
        inside(bone.finer, all);
        assert(bone.event.kind > 0 && bone.event.kind < EVENT_KIND_COUNT);
        for (size_t i = 0; i < bone.event.sample_count; i++)
            event_sample(&bone.event, i);
    }
    assert(read == EVENT_TORN || reader.at == size);
    return 0;
}
