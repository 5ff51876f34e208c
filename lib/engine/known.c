/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/known.h"

#include "base/ascii.h"
#include "engine/served.h"

void known_open(Known *known, Mem *mem)
{
    *known = (Known){.names = {.mem = mem, .count_max = KNOWN_MAX}};
}

void known_close(Known *known)
{
    names_close(&known->names);
}

static void add(Known *known, const Who *who)
{
    bool is_new;
    for (size_t i = 0; i < who->count; i++)
        names_add(&known->names, str_of(who->names[i].text), &is_new);
}

void known_learn(Known *known, const Shard *shard)
{
    size_t *source = &known->sources[shard->number], *target = &known->targets[shard->number];
    size_t *model = &known->models[shard->number];
    for (; *source < shard->sources.count; (*source)++) {
        Who who = who_of(names_text(&shard->sources, (uint32_t)*source), STR(""));
        add(known, &who);
    }
    for (; *target < shard->target_names.count; (*target)++) {
        const Target *of = &shard->targets[*target];
        Str name = names_text(&shard->metric_source_names, of->source);
        Who who = who_of(name, shard_target_series(shard, of));
        add(known, &who);
    }
    for (; *model < shard->served_count; (*model)++) {
        Who who = who_of_model(served_model(&shard->served[*model]), STR(""));
        add(known, &who);
    }
}

static bool has(const Mentions *mentions, Str name)
{
    for (size_t i = 0; i < mentions->count; i++)
        if (str_equal(str_of(mentions->names[i]), name))
            return true;
    return false;
}

static void mention(const Known *known, const Who *own, Str word, Mentions *mentions)
{
    char lower[WHO_NAME_SIZE];
    if (word.size < WHO_NAMED_BYTES_LEAST || word.size >= sizeof lower ||
        mentions->count == MENTIONS_MAX)
        return;
    for (size_t i = 0; i < word.size; i++)
        lower[i] = ascii_lower(word.text[i]);
    Str name = {.text = lower, .size = word.size};
    if (names_find(&known->names, name) == NAME_NONE || has(mentions, name))
        return;
    for (size_t i = 0; i < own->count; i++)
        if (str_equal(str_of(own->names[i].text), name))
            return;
    memcpy(mentions->names[mentions->count], lower, word.size);
    mentions->names[mentions->count++][word.size] = '\0';
}

/* "orders-db.shop.internal", and "orders-db" as well. */
static void mention_host(const Known *known, const Who *own, Str word, Mentions *mentions)
{
    while (word.size > 0 && word.text[word.size - 1] == '.')
        word.size--;
    mention(known, own, word, mentions);
    const char *dot = word.size > 0 ? memchr(word.text, '.', word.size) : NULL;
    if (dot != NULL)
        mention(known, own, str_part(word, 0, (size_t)(dot - word.text)), mentions);
}

void known_mentions(const Known *known, const Who *own, Str text, Mentions *mentions)
{
    Str word;
    for (size_t at = 0; who_next_word(text, &at, &word);)
        mention_host(known, own, word, mentions);
}
