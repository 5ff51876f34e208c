/* SPDX-License-Identifier: Apache-2.0
 *
 * shard_models_save.c - models in production of a shard as bytes, and back. */
#include "engine/served.h"
#include "engine/shard.h"

void shard_models_save(const Shard *shard, ImageOut *out)
{
    image_put_array(out, shard->served, 0, shard->served_capacity, sizeof *shard->served);
    image_put_array(out, shard->beside, 0, shard->beside_capacity, sizeof *shard->beside);
    uint64_t counts[5] = {shard->served_count, shard->models_dropped, shard->models_refused,
                          shard->beside_count, shard->rows_unkept};
    image_put(out, counts, sizeof counts);
    for (size_t i = 0; i < shard->served_count; i++)
        served_save(&shard->served[i], out);
    for (size_t i = 0; i < shard->beside_count; i++)
        served_save(&shard->beside[i], out);
}

/* So many of the image; *count grows with each. */
static odd_rc load_all(Shard *shard, Served *all, size_t *count, uint64_t wanted, ImageIn *in)
{
    while (*count < wanted) {
        odd_rc rc = served_load(&all[*count], &shard->served_mem, in);
        if (rc != ODD_OK)
            return rc;
        (*count)++;
    }
    return ODD_OK;
}

odd_rc shard_models_load(Shard *shard, ImageIn *in)
{
    size_t none;
    uint64_t counts[5] = {0};
    shard->served = image_get_array(in, &shard->served_mem, &none, &shard->served_capacity,
                                    sizeof *shard->served);
    shard->beside = image_get_array(in, &shard->served_mem, &none, &shard->beside_capacity,
                                    sizeof *shard->beside);
    image_get(in, counts, sizeof counts);
    shard->models_dropped = counts[1];
    shard->models_refused = counts[2];
    shard->rows_unkept = counts[4];
    if (in->failed || counts[0] > shard->served_capacity || counts[3] > shard->beside_capacity)
        return ODD_CORRUPT;
    odd_rc rc = load_all(shard, shard->served, &shard->served_count, counts[0], in);
    return rc == ODD_OK ? load_all(shard, shard->beside, &shard->beside_count, counts[3], in) : rc;
}
