/* SPDX-License-Identifier: Apache-2.0 */
#include "event/protobuf.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Fields stand one behind the other, in the message and nowhere else. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    ProtoReader reader = {.bytes = {.text = (const char *)bytes, .size = size}};
    ProtoField  field;
    size_t      last = 0;
    while (proto_next(&reader, &field)) {
        assert(reader.at > last && reader.at <= size);
        assert(proto_number(&field) > 0);
        if (proto_type(&field) == PROTO_BYTES)
            assert(field.bytes.text + field.bytes.size == reader.bytes.text + reader.at);
        last = reader.at;
    }
    assert(reader.problem != NULL ? reader.at == last : reader.at == size);
    return 0;
}
